"""Read the rule of an optimizer back: its function, equation by equation, and its class."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import sympy

from ..algebra.assumptions import Assumptions
from ..analysis.proof import Formatter
from ..analysis.sums import named, opened
from ..backends import BACKENDS, functional_backend, in_place_backend
from ..backends.functional import ELEMENTS, PER_ARRAY, SCALARS, SHARED, elements
from ..execution.cells import STAGES, Cell, Log, value_of
from ..execution.modules import MATHEMATICS, BrokenError, call, execute, member, symbolic_functions
from ..execution.terms import Term
from ..files import shown_file
from ..load import Spec
from ..lower.ahead import ahead
from ..lower.program import lower
from ..result import PROVED, REFUTED, Line, Outcome, Result
from ..spec.rules import Optimizer, settings
from ..spec.symbols import Flag, New
from ..statement.emitted import Emitted
from ..words import plural
from . import lanes
from .checks import check_attributes, check_domains, check_fresh, check_signature, check_starts, file_and_spec, results
from .emitted import emitted
from .sums import check_sums, over_scalars
from .values import Values

#: The symbol of a name.
Given = Callable[[str], sympy.Symbol]

#: How a class says with what its numbers start, and what advances them.
_NUMBERS = {
    "scalars": ("_initial_scalars", "_advance"),
    SHARED: ("_initial_scalars", "_advance"),
    PER_ARRAY: ("_initial_own", "_advance_own"),
}


def readback(spec: Spec, backend: str, out: Path) -> Iterator[Result]:
    """Two results for a rule: its function computes the equations, its class passes everything on."""
    spec = spec.runnable
    path = out / backend / f"{spec.family}.py"
    name = shown_file(path)
    function = spec.function if BACKENDS[backend].in_place else f"{spec.key}_{ELEMENTS}"
    statement = f"{function} in {name} computes the equations of {spec.shown_path}"
    yield from results(spec, path, f"readback {backend}", statement, lambda: _function(spec, backend, path))
    statement = f"{spec.optimizer.name} in {name} has the hyperparameters and states of the spec"
    yield from results(spec, path, f"class {backend}", statement, lambda: _class(spec, backend, path))


def _function(spec: Spec, backend: str, path: Path) -> Outcome:
    values = _values(spec.optimizer)
    log = Log(values)
    module = _over_symbols(path, backend, log)
    in_place = BACKENDS[backend].in_place
    sums = named(spec.optimizer.runnable)
    signals = [signal.name for signal in spec.optimizer.signals]
    hypers = {name: values.given(name) for name in (*signals, *(h.name for h in settings(spec.optimizer)))}
    if in_place:
        results = _written(spec, module, path, values.given, hypers)
    else:
        returned = _returned(spec, module, path, values.given, hypers, _moves(spec, backend))
        results = {name: log.fold(value) for name, value in returned.items()}
    for name, kept, given in _advancing(spec, in_place):
        advance = member(module, f"{spec.key}_{name}")
        check_signature(advance, given, spec.optimizer, signals)
        after = call(path, advance, *map(values.given, given), **hypers)
        results |= dict(zip(kept, map(log.fold, after), strict=True))
    methods = list(dict.fromkeys(log.found.values()))
    if wrong := _wrong(spec, log, values, results, methods):
        return wrong
    if early := _ahead(spec, backend):
        after_sums = Log(values)
        stepped = {state: values.named[f"{state}_new"] for state in early}
        found = _written(spec, _over_symbols(path, backend, after_sums), path, values.given, hypers, stepped)
        if wrong := _wrong(spec, after_sums, values, found, methods):
            return replace(wrong, reason=f"told that {', '.join(early)} went ahead: {wrong.reason}")
    if wrong := _out_of_order(spec, log, values):
        return wrong
    code = computed(spec, backend, path)
    if sums:
        around: dict[str, Any] = {"stages": STAGES} if in_place else {}
        check_sums(spec, _over_symbols(path, backend, Log()), path, around)
        if early:
            check_sums(spec, _over_symbols(path, backend, Log()), path, {**around, "ahead": True}, early)
    lines = [Line(_line_of(spec, target.name), f"computed by the file ({m})") for target, m in log.found.items()]
    lines += [Line(_line_of(spec, t.name), f"in the file a part of {whole}") for t, whole in log.inside.items()]
    assumptions = ["real arithmetic", "wherever both are defined", "arrays do not overlap"]
    assumptions += ["sums are those over whole arrays"] if sums else []
    method = f"execution over symbols, {', '.join(methods)}"
    return Outcome(PROVED, method, derivation=tuple(lines), assumptions=tuple(assumptions), emitted=code)


def computed(spec: Spec, backend: str, path: Path) -> Emitted:
    """What a file computes of each element. Raises BrokenError if it does not compute the same of each."""
    in_place = BACKENDS[backend].in_place
    alone = lanes.check(spec, backend, path)
    if not in_place and _moves(spec, backend):
        alone["w"] = Term("add", Term("w"), alone["w"])
    advancing = {name: (kept, given) for name, kept, given in _advancing(spec, in_place)}
    return emitted(spec, backend, path, alone, advancing)


def _moves(spec: Spec, backend: str) -> bool:
    """Whether a functional file gives what is to be added to w."""
    return elements(lower(spec.optimizer), functional_backend(backend).rules.moves).moves


def _ahead(spec: Spec, backend: str) -> tuple[str, ...]:
    """The states that go ahead of the step in the files of a backend."""
    goes = BACKENDS[backend].in_place and in_place_backend(backend).rules.goes_ahead
    found = ahead(lower(spec.optimizer)) if goes else None
    return tuple(found.states) if found else ()


def _wrong(spec: Spec, log: Log, values: Values, results: Mapping[str, Any], methods: list[str]) -> Outcome | None:
    """What is said if `results` are not those of the spec; else `methods` get what shows that they are."""
    for target in (step.target for step in opened(spec.optimizer.runnable).steps if isinstance(step.target, New)):
        if target.of.name not in results:
            continue
        found, wanted = results[target.of.name], values.named[target.name]
        if found == wanted:
            continue
        verdict = values.decide(found, wanted)
        methods += [verdict.method] if verdict.method not in methods else []
        if verdict.status != PROVED:
            return _not_equal(spec, log, target.of, verdict)
    return None


def _written(
    spec: Spec,
    module: Mapping[str, Any],
    path: Path,
    given: Given,
    hypers: Mapping[str, sympy.Expr],
    stepped: Mapping[str, sympy.Expr] = MappingProxyType({}),
) -> dict[str, Any]:
    """What the function of a rule leaves in the arrays that it writes to.

    It may be told that some states have `stepped` before it, of which these are the values.
    """
    # what only sums read is given to the function, too
    names = ("w", *arrays_read(spec.optimizer), *(s.name for s in spec.optimizer.array_state))
    cells = {name: Cell(name, stepped.get(name, given(name))) for name in names}
    per_step = [*(s.name for s in spec.optimizer.scalar_state), *named(spec.optimizer.runnable), "t"]
    function = member(module, spec.function)
    check_signature(function, [*cells, *per_step], spec.optimizer, [s.name for s in spec.optimizer.signals])
    told = {"ahead": True} if stepped else {}
    call(path, function, *cells.values(), *map(given, per_step), **hypers, stages=STAGES, **told)
    return {name: cell.value for name, cell in cells.items()}


def _returned(
    spec: Spec, module: Mapping[str, Any], path: Path, given: Given, hypers: Mapping[str, sympy.Expr], moves: bool
) -> dict[str, Any]:
    """What the function of the elements returns, of the numbers that the function of the scalars gives.

    If it `moves` w, it returns what is to be added to that.
    """
    rule = spec.optimizer
    per_step = [*(s.name for s in rule.scalar_state), *named(rule.runnable), "t"]
    scalars, stepped = (member(module, f"{spec.key}_{name}") for name in (SCALARS, ELEMENTS))
    check_signature(scalars, per_step, rule, [s.name for s in rule.signals])
    numbers = call(path, scalars, *map(given, per_step), **hypers)
    written = ["w", *(state.name for state in rule.array_state)]
    arrays = [*written, *arrays_read(rule)]
    parameters = list(inspect.signature(stepped).parameters)
    if parameters[: len(arrays)] != arrays or len(parameters) != len(arrays) + len(numbers):
        raise BrokenError(f"{stepped.__qualname__} takes {' '.join(parameters)}; after {' '.join(arrays)} come numbers")
    found = call(path, stepped, *map(given, arrays), *numbers)
    if len(found) != len(written):
        raise BrokenError(f"{stepped.__qualname__} gives {len(found)} arrays; the spec has {' '.join(written)}")
    first, *others = found
    return dict(zip(written, (given("w") + first if moves else first, *others), strict=True))


def _advancing(spec: Spec, in_place: bool) -> Iterator[tuple[str, list[str], list[str]]]:
    """The functions that step states that are numbers: what each is called after, what it gives, what it is given."""
    rule, sums = spec.optimizer.runnable, named(spec.optimizer.runnable)
    shared, own = ([state.name for state in states] for states in (rule.shared_state, rule.own_state))
    if shared:
        yield (
            "scalars" if in_place else SHARED,
            shared,
            [*shared, *(name for name, one in sums.items() if one.overall), "t"],
        )
    if own:
        yield PER_ARRAY, own, [*shared, *own, *sums, "t"]


def arrays_read(rule: Optimizer) -> list[str]:
    """The arrays that a step is given, and only reads."""
    return ["g", *(array.name for array in rule.inputs)]


def _over_symbols(path: Path, backend: str, log: Log) -> dict[str, Any]:
    """The names of a module of rules whose arrays are symbols. `log` is told what it does."""
    entry, functions = BACKENDS[backend], symbolic_functions()
    if entry.in_place:
        rules = in_place_backend(backend).rules
        given = rules.over_symbols(log)
        helpers = {**given.helpers, **rules.sums_over_symbols()}
    else:
        given = functional_backend(backend).rules.over_symbols()
        helpers = dict(given.helpers)
    library = over_scalars(given.library, log)
    if values := log.values:
        functions |= {"_bind": log.fold, "_choose": values.choice, "_compare": values.compare, "abs": values.absolute}
        functions |= {"max": values.maximum, "min": values.minimum}
    return execute(path, entry.library, library, helpers, MATHEMATICS, functions, symbolic=True)


@lru_cache(maxsize=16)
def _values(rule: Optimizer) -> Values:
    """The values of a rule: what was proved of them for one file is proved for those of the other backends."""
    return Values(opened(rule.runnable))


def _out_of_order(spec: Spec, log: Log, values: Values) -> Outcome | None:
    """Whether equations are computed, or results committed, in another order than the spec's."""
    # what depends on scalars alone is computed before all arrays
    given = {
        values.given(s) for s in ("w", *arrays_read(spec.optimizer), *(s.name for s in spec.optimizer.array_state))
    }
    arrays = [target.name for target in values.targets if values.below(target) & given]
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
            return Outcome(REFUTED, f"order: {what}", counterexample=point, reason=reason)
    return None


def _subsequence(wanted: list[str], found: list[str]) -> bool:
    """Whether `wanted` stands in `found` in this order, with anything between."""
    left = iter(found)
    return all(name in left for name in wanted)


def _not_equal(spec: Spec, log: Log, array: sympy.Symbol, verdict: Outcome) -> Outcome:
    """What is said of a file that leaves something else in `array` than the spec asks for."""
    program = lower(spec.optimizer)  # what is taken in is not missing
    assigned = (*program.scalars_for(program.kernel_scalars), *program.arrays)
    computed = {assign.target for assign in assigned} - {t.name for t in log.found}
    missing = (s.target.name for s in spec.optimizer.steps if s.target.name in computed and not s.value.is_Atom)
    equation = _line_of(spec, next(missing, f"{array}_new"))
    if verdict.counterexample is None:
        reason = f"{verdict.reason}; the first equation not found in the file is {equation}"
        return replace(verdict, reason=reason)
    found = {"array": str(array), **file_and_spec(verdict.counterexample), "equation": equation}
    return replace(verdict, counterexample=found)


def _line_of(spec: Spec, target: str) -> str:
    line, equation = _equations(spec.optimizer)[target]
    return f"{spec.shown_path}:{line}: {equation}"


@lru_cache(maxsize=16)
def _equations(rule: Optimizer) -> dict[str, tuple[int, str]]:
    """The line and the text of each equation, by its target."""
    steps, spell = rule.runnable.steps, Formatter(rule)
    return {step.target.name: (step.location.line, f"{step.target} = {spell(step.value)}") for step in steps}


def _class(spec: Spec, backend: str, path: Path) -> Outcome:
    optimizer, in_place = spec.optimizer, BACKENDS[backend].in_place
    module = _over_symbols(path, backend, Log())
    cls = member(module, optimizer.name)
    hypers = {h.name: h for h in settings(optimizer)}
    states = tuple(s.name for s in optimizer.array_state)
    if cls._states != states:
        raise BrokenError(f"{optimizer.name} keeps {cls._states}; the spec keeps {states}")
    with_functions = {"_update": "update"} if in_place else {"_scalars": SCALARS, "_elements": ELEMENTS}
    for attribute, function in with_functions.items():
        if getattr(cls, attribute) is not member(module, f"{spec.key}_{function}"):
            raise BrokenError(f"{optimizer.name} does not step with {spec.key}_{function}")
    made = _made(spec, cls, path) if in_place else functional_backend(backend).rules.made(spec, module, path)
    given_by_name: dict[str, tuple[sympy.Symbol, ...]] = {"_inputs": optimizer.inputs, "_optional": optimizer.optional}
    given_by_name["_signals"] = tuple(signal for signal in optimizer.signals if not isinstance(signal, Flag))
    wanted: dict[str, Any] = {name: tuple(one.name for one in found) for name, found in given_by_name.items()}
    wanted |= {
        "_per_array": tuple(state.name for state in optimizer.own_state),
        "_own_t": optimizer.own_t,
        "_starts_late": optimizer.starts_late,
    }
    sums = tuple((name, one.how, one.overall) for name, one in named(optimizer.runnable).items())
    program = lower(optimizer)
    fed = tuple(c.target for c in program.scalar_commits if c.value in program.reduced_in_time)
    check_attributes(cls, optimizer.name, {**wanted, "_reductions": sums, "_fed_by_sums": fed})
    check_attributes(cls, optimizer.name, {"_ahead": bool(_ahead(spec, backend))})
    if sums and cls._sums is not member(module, f"{spec.key}_sums"):
        raise BrokenError(f"{optimizer.name} does not take its sums with {spec.key}_sums")
    check_domains(path, cls, optimizer)
    w = Cell("w", sympy.Symbol("w", real=True))
    initial = call(path, made._initial, w, hypers)
    if len(initial) != len(states):
        raise BrokenError(f"{optimizer.name} starts {plural(len(initial), 'state')}, the spec {len(states)}")
    check_fresh(states, initial, w)
    found = {name: value_of(cell) for name, cell in zip(states, initial, strict=True)}
    for name, kept, _ in _advancing(spec, in_place):
        initially, advancing = _NUMBERS[name]
        scalars = call(path, getattr(made, initially), hypers)
        if list(scalars) != kept:
            raise BrokenError(f"{optimizer.name} keeps the numbers {' '.join(scalars)}; the spec {' '.join(kept)}")
        if getattr(cls, advancing) is not member(module, f"{spec.key}_{name}"):
            raise BrokenError(f"{optimizer.name} does not advance {' '.join(kept)} with {spec.key}_{name}")
        found |= scalars
    check_starts(found, optimizer, Assumptions.of(optimizer))
    return Outcome(PROVED, "execution over symbols")


def _made(spec: Spec, cls: Any, path: Path) -> Any:
    """The class as it is made, once it is clear that it hands its arguments on."""
    rule = spec.optimizer
    check_signature(cls.__init__, ["params"], rule)
    given = {name: object() for name in (*(h.name for h in settings(rule)), "pipeline", "master_weights", "tied")}
    params = object()
    made = call(path, cls, params, **given)
    if made.params is not params or made.hyper != given:
        raise BrokenError(f"{rule.name}.__init__ does not pass its arguments on as they are")
    return made
