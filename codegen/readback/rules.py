"""Read the rule of an optimizer back: its function, equation by equation, and its class."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import sympy

from codegen.derive import inlined, runnable
from codegen.files import shown_file
from codegen.load import Spec
from codegen.lower import lower
from codegen.printing import Text
from codegen.prove.base import has_arrays
from codegen.readback.arrays import STAGES, Cell, Log, execute_over_symbols, value_of
from codegen.readback.checks import check_domains, check_signature, check_starts, file_and_spec, results
from codegen.readback.execution import BrokenError, call, member
from codegen.result import PROVED, REFUTED, UNDECIDED, Line, Result
from codegen.spec import New, Optimizer, new
from codegen.tactics import POSITIVE, Facts, Verdict, decide
from codegen.tree import arrange, ranks


def readback(spec: Spec, backend: str, out: Path) -> Iterator[Result]:
    """Two results for a rule: its function computes the equations, its class passes everything on."""
    path = out / backend / f"{spec.family}.py"
    name = shown_file(path)
    statement = f"{spec.function} in {name} computes the equations of {spec.shown_path}"
    yield from results(spec, path, f"readback {backend}", statement, lambda: _function(spec, backend, path))
    statement = f"{spec.optimizer.name} in {name} has the hyperparameters and states of the spec"
    yield from results(spec, path, f"class {backend}", statement, lambda: _class(spec, backend, path))


def _function(spec: Spec, backend: str, path: Path) -> Result:
    optimizer = runnable(spec.optimizer)
    log = Log(optimizer.steps, _facts_within(optimizer))
    module = execute_over_symbols(path, backend, log)
    symbols = {name: sympy.Symbol(name, real=True) for name in ("w", "g", "t")}
    # the spec's own symbols: the same expression is then the same object
    symbols |= {s.name: s for step in optimizer.steps for s in step.value.free_symbols if s.name in symbols}
    symbols |= {s.name: s for s in optimizer.state}
    hypers = {h.name: h for h in spec.optimizer.hypers}
    states = [s.name for s in optimizer.array_state]
    per_step = [*(s.name for s in optimizer.scalar_state), "t"]
    cells = {name: Cell(name, symbols[name]) for name in ("w", "g", *states)}
    function = member(module, spec.function)
    check_signature(function, [*cells, *per_step], spec.optimizer)
    call(path, function, *cells.values(), *(symbols[name] for name in per_step), **hypers, stages=STAGES)
    results = {name: cell.value for name, cell in cells.items()}
    if optimizer.scalar_state:
        advance = member(module, f"{spec.key}_scalars")
        check_signature(advance, per_step, spec.optimizer)
        after = call(path, advance, *(symbols[name] for name in per_step), **hypers)
        results |= dict(zip(per_step[:-1], after, strict=True))
    methods = list(dict.fromkeys(log.found.values()))
    targets = [step.target for step in optimizer.steps if isinstance(step.target, New)]
    unlike = [target for target in targets if results[target.of.name] != target]
    for symbol in (target.of for target in unlike):
        verdict = _same_transition(optimizer, symbol, results[symbol.name], log)
        methods += [verdict.method] if verdict.method not in methods else []
        if verdict.status != PROVED:
            return _not_equal(spec, log, symbol, verdict)
    if wrong := _out_of_order(spec, log):
        return wrong
    lines = [Line(_line_of(spec, target.name), f"computed by the file ({m})") for target, m in log.found.items()]
    lines += [Line(_line_of(spec, t.name), f"in the file a part of {whole}") for t, whole in log.inside.items()]
    assumptions = ("real arithmetic", "wherever both are defined", "arrays do not overlap")
    method = f"execution over symbols, {', '.join(methods)}"
    return Result("", "", PROVED, "", method, assumptions, derivation=tuple(lines))


@cache
def _facts_within(rule: Optimizer) -> Facts:
    """The domains of the hyperparameters, and which scalars that a step computes are positive because of them."""
    facts = Facts.of(rule)
    scalars = replace(rule, steps=tuple(step for step in rule.steps if not has_arrays(step.value)))
    signs = {target.name: POSITIVE for target, value in inlined(scalars).items() if facts.positive(value)}
    return facts.also(**signs)


def _out_of_order(spec: Spec, log: Log) -> Result | None:
    """Whether equations are computed, or results committed, in another order than the spec's."""
    # what depends on scalars alone is computed before all arrays
    steps, alike = runnable(spec.optimizer).steps, {}  # arrays by name that are one number for all elements
    for step in steps:
        if not has_arrays(step.value.xreplace(alike)):
            alike[step.target] = sympy.Dummy(real=True)
    arrays = [step.target.name for step in steps if step.target not in alike]
    equations = [target.name for target in log.order]
    targets = [*(f"{state}_new" for state in spec.optimizer.array_state), "w_new"]
    commits = [f"{name}_new" for name in log.commits]
    for what, found, order in (("computed", equations, arrays), ("committed", commits, targets)):
        wanted = [name for name in order if name in found]
        # what one equation computes may also be a part of another: it is there more than once
        if not _subsequence(wanted, found):
            once = [name for name in dict.fromkeys(found) if name in wanted]
            first = next((b for a, b in zip(once, wanted, strict=True) if a != b), wanted[0])
            point = {"file": " ".join(once), "spec": " ".join(wanted), "equation": _line_of(spec, first)}
            reason = f"the file computes the right values, but they are {what} in another order than the spec's"
            return Result("", "", REFUTED, "", f"order: {what}", counterexample=point, reason=reason)
    return None


def _subsequence(wanted: list[str], found: list[str]) -> bool:
    """Whether `wanted` stands in `found` in this order, with anything between."""
    left = iter(found)
    return all(name in left for name in wanted)


def _same_transition(optimizer: Optimizer, symbol: sympy.Symbol, found: sympy.Expr, log: Log) -> Verdict:
    """Whether `found` is what the spec wants of `symbol`.

    Equations written into one another may be very large. So what the file has computed on the way stays a
    symbol at first, but for what only one side names; that proves, but refutes nothing, since those symbols
    depend on each other.
    """
    equations = {target: value for target, value in log.equations if target in log.found}
    left, right = log.spelled(found, log.found.keys()), inlined(optimizer, keep=frozenset(log.found))[new(symbol)]
    while True:
        if (verdict := decide(left, right, log.facts)).status == PROVED:
            return verdict
        parts = {s: equations[s] for s in left.free_symbols ^ right.free_symbols if s in equations}
        if not parts:
            break
        left, right = left.xreplace(parts), right.xreplace(parts)
    if _size_inlined(optimizer) > _TOO_LARGE:
        return Verdict(UNDECIDED, reason=verdict.reason or f"{symbol} depends on too much to be written out")
    whole = inlined(optimizer)
    return decide(log.spelled(found, frozenset()).xreplace(whole), whole[new(symbol)], log.facts)


_TOO_LARGE = 10_000  # operations; SymPy takes minutes to put such an expression together


def _size_inlined(optimizer: Optimizer) -> int:
    """How many operations the largest equation has once the others are written into it."""
    sizes: dict[sympy.Symbol, int] = {}
    for step in optimizer.steps:
        inner = sum(sizes.get(node, 0) for node in sympy.preorder_traversal(step.value) if node.is_Symbol)
        sizes[step.target] = int(sympy.count_ops(step.value)) + inner
    return max(sizes.values())


def _not_equal(spec: Spec, log: Log, array: sympy.Symbol, verdict: Verdict) -> Result:
    """What is said of a file that leaves something else in `array` than the spec asks for."""
    program = lower(spec.optimizer)  # what is taken in is not missing
    computed = {assign.target for assign in (*program.scalars, *program.arrays)} - {t.name for t in log.found}
    missing = (s.target.name for s in spec.optimizer.steps if s.target.name in computed and not s.value.is_Atom)
    equation = _line_of(spec, next(missing, f"{array}_new"))
    if verdict.point is None:
        reason = f"{verdict.reason}; the first equation not found in the file is {equation}"
        return Result("", "", verdict.status, "", reason=reason)
    found = {"array": str(array), **file_and_spec(verdict.point), "equation": equation}
    return Result("", "", verdict.status, "", verdict.method, counterexample=found)


def _line_of(spec: Spec, target: str) -> str:
    step = next(step for step in runnable(spec.optimizer).steps if step.target.name == target)
    equation = Text()(arrange(step.value, ranks(spec.optimizer)))
    return f"{spec.shown_path}:{step.location.line}: {step.target} = {equation}"


def _class(spec: Spec, backend: str, path: Path) -> Result:
    optimizer = spec.optimizer
    module = execute_over_symbols(path, backend, Log())
    cls = member(module, optimizer.name)
    hypers = {h.name: h for h in optimizer.hypers}
    states = tuple(s.name for s in optimizer.array_state)
    check_signature(cls.__init__, ["params"], optimizer)
    if cls._states != states:
        raise BrokenError(f"{optimizer.name} keeps {cls._states}; the spec keeps {states}")
    if cls._update is not member(module, spec.function):
        raise BrokenError(f"{optimizer.name} does not step with {spec.function}")
    given = {name: object() for name in (*hypers, "pipeline", "master_weights")}
    params = object()
    made = call(path, cls, params, **given)
    if made.params is not params or made.hyper != given:
        raise BrokenError(f"{optimizer.name}.__init__ does not pass its arguments on as they are")
    check_domains(path, cls, optimizer)
    initial = call(path, made._initial, Cell("w", sympy.Symbol("w", real=True)), hypers)
    if len(initial) != len(states):
        raise BrokenError(f"{optimizer.name} starts {len(initial)} states, the spec {len(states)}")
    found = {name: value_of(cell) for name, cell in zip(states, initial, strict=True)}
    if optimizer.scalar_state:
        scalars = call(path, made._initial_scalars, hypers)
        if list(scalars) != [s.name for s in optimizer.scalar_state]:
            raise BrokenError(f"{optimizer.name} keeps the scalars {' '.join(scalars)}")
        if cls._advance is not member(module, f"{spec.key}_scalars"):
            raise BrokenError(f"{optimizer.name} does not advance its scalars with {spec.key}_scalars")
        found |= scalars
    check_starts(found, optimizer, Facts.of(optimizer))
    return Result("", "", PROVED, "", "execution over symbols")
