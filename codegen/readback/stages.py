"""Read a stage of a pipeline back: its class over symbols, the body of a kernel parsed.

What a stage sums up over a gradient is a symbol; that it is the sum of the right thing is compared by itself.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import sympy

from ..algebra.assumptions import Assumptions
from ..algebra.tactics import decide
from ..analysis.derive import inlined, transition
from ..analysis.paths import UnclearError
from ..analysis.sums import named as sums_of
from ..analysis.sums import opened, with_numbers
from ..backends import Staged, staged_backend
from ..execution.cells import UFUNCS, Cell, value_of
from ..execution.language import OutsideError
from ..execution.modules import (
    MATHEMATICS,
    BrokenError,
    Library,
    UnreadableError,
    call,
    member,
    run_module,
    symbolic_functions,
)
from ..execution.terms import Operations, Term, named
from ..files import shown_file
from ..load import StageSpec
from ..result import PROVED, Outcome, Result
from ..spec.rules import Optimizer, Stage, Step
from ..spec.symbolic import Reduction
from ..spec.symbols import GRADIENT, NOISE, PARAMETER, RATE, STEP, New, Scalar
from ..statement.emitted import Emitted
from ..words import plural
from .checks import (
    AROUND,
    check_attributes,
    check_domains,
    check_fresh,
    check_signature,
    check_starts,
    reexport,
    results,
)
from .emitted import of_terms
from .lanes import FUNCTIONS


class _Base:
    """Stands in for the base class of stages, and keeps what it is given."""

    _reductions: tuple = ()
    _moves = _halts = _after = _always = _gathers = _noisy = _uses_lr = _own_t = _starts_late = False
    _home = _phase = ""
    _domains: dict = {}  # noqa: RUF012 - nothing writes to it

    def __init__(self, where: Any = None, seed: Any = None, **hyper: Any) -> None:
        self.where, self.seed, self.hyper = where, seed, hyper


def readback(spec: StageSpec, backend: str, out: Path) -> Iterator[Result]:
    """Two results for a stage: it computes its equations, it has the hyperparameters and states of the spec.

    One for a backend that takes over the stages of another.
    """
    if staged_backend(backend).extends:
        yield from reexport(spec, backend, out, [spec.stage.name])
        return
    path = out / backend / f"{spec.family}.py"
    name = shown_file(path)
    statement = f"{spec.stage.name} in {name} computes the equations of {spec.shown_path}"
    yield from results(spec, path, f"readback {backend}", statement, _guarded(spec, backend, path, _Reading.equations))
    statement = f"{spec.stage.name} in {name} has the hyperparameters and states of the spec"
    yield from results(spec, path, f"class {backend}", statement, _guarded(spec, backend, path, _Reading.declarations))


def _guarded(spec: StageSpec, backend: str, path: Path, check: Callable[[_Reading], Outcome]) -> Callable[[], Outcome]:
    """`check` of the stage as it stands in the file. Whatever the file raises, it is broken."""

    def run() -> Outcome:
        try:
            return check(_Reading(spec, backend, path))
        except (FileNotFoundError, BrokenError, UnreadableError, UnclearError, OutsideError):
            raise
        except Exception as error:
            raise BrokenError(f"{spec.stage.name} does not run: {type(error).__name__}: {error}") from error

    return run


def computed(stage: Stage, backend: Staged, path: Path) -> Emitted | None:
    """What a file computes of an element and of numbers, and whether the step ends, which is 1 or 0.

    None if it writes to arrays that the stage leaves as they are.
    """
    given = backend.stages.over_terms()
    arrays = Library(Array=Any, Hyper=Any, IntHyper=Any, Stage=_Base, **given.helpers)
    known = {backend.library: given.library, "math": Operations(named, pi=Term("pi")), "_arrays": arrays}
    functions = {**FUNCTIONS, **{name: named(name) for name in ("max", "min", "float")}, "bool": lambda value: value}
    module = run_module(path, {**known, "_runtime.pipeline": Library(Where=Any)}, functions, symbolic=True)
    made = member(module, stage.name)(**{h.name: Term(h.name) for h in stage.hypers})
    numbers = {name: Term(name) for name in (*(s.name for s in (*stage.state, *stage.hypers)), STEP, RATE)}
    numbers |= {own: Term(name) for (own, _, _), name in zip(made._reductions, sums_of(stage), strict=True)}
    written = [PARAMETER, GRADIENT, *(s.name for s in stage.array_state)]
    values = {name: Term(name) for name in (*written, *([NOISE] if made._noisy else []))}
    factors = call(path, made._factors, **numbers) if made._names else ()
    left = dict(call(path, backend.stages.terms, made, values, len(written), factors))
    rule: Optimizer = opened(stage)
    if stage.scalar_state:
        after, ends = call(path, made._advance, **numbers)
        left |= dict(zip((s.name for s in stage.scalar_state), after, strict=True))
        if stage.halts is not None:
            halts = sympy.Piecewise((1, with_numbers(stage.halts, stage)), (0, True))
            rule = replace(rule, steps=(*rule.steps, Step(Scalar(_ENDS), halts)))
    steps = {step.target.of.name for step in rule.steps if isinstance(step.target, New)}
    if any(value is not Term(name) for name, value in left.items() if name not in steps):
        return None
    found = {f"{name}_new": value for name, value in left.items() if name in steps}
    if stage.halts is not None:
        found[_ENDS] = Term("choose", ends, 1, 0)
    return of_terms(rule, found)


_ENDS = "the_step_ends"


class _Reading:
    """One stage of one file, over symbols."""

    def __init__(self, spec: StageSpec, backend: str, path: Path) -> None:
        self.stage: Stage = spec.stage
        self.backend, self.path, self.name = staged_backend(backend), path, spec.stage.name
        known = {self.backend.library: _library(self.backend), "math": MATHEMATICS}
        helpers = self.backend.stages.over_symbols().helpers
        known |= {
            "_arrays": Library(Array=Any, Hyper=Any, IntHyper=Any, Stage=_Base, **helpers),
            "_runtime.pipeline": Library(Where=Any),
        }
        functions = {**symbolic_functions(), "bool": lambda value: value}
        self.cls = member(run_module(path, known, functions, symbolic=True), self.name)
        self.assumptions = Assumptions.of(self.stage)
        self.symbols = {s.name: s for s in (*self.stage.state, *self.stage.hypers)}
        self.symbols |= {name: sympy.Symbol(name, real=True) for name in (STEP, RATE)}
        self.methods: list[str] = []

    def equations(self) -> Outcome:
        stage, cls = self.stage, self.cls
        names = {p.name for p in inspect.signature(cls.__init__).parameters.values()} - {"self", "where", "seed"}
        made = cls(**{name: self.symbols[name] for name in names & self.symbols.keys()})
        known = {**self.symbols, **self._sums(made)}
        expected = transition(stage)
        factors = made._factors(**known) if cls._names else ()
        if len(factors) != len(cls._names):
            given = f"{plural(len(factors), 'scalar')} for {plural(len(cls._names), 'name')}"
            raise BrokenError(f"{self.name}._factors gives {given}")
        found = self._elements(made, [sympy.sympify(factor) for factor in factors])
        if stage.scalar_state:
            after, halts = made._advance(**known)
            found |= dict(zip((s.name for s in stage.scalar_state), after, strict=True))
            self._halts(halts, known)
        elif stage.halts is not None:
            raise BrokenError(f"{self.name} never halts")
        by_name = {symbol.name: value for symbol, value in expected.items()}
        for name, value in found.items():
            self._equal(name, value, by_name.get(name, sympy.Symbol(name, real=True)))
        method = ", ".join(["execution over symbols", *self.methods])
        assumptions = ("real arithmetic", "wherever both are defined", "arrays do not overlap")
        return Outcome(PROVED, method, assumptions=assumptions, emitted=computed(stage, self.backend, self.path))

    def _equal(self, name: str, found: Any, expected: sympy.Expr) -> None:
        found = sympy.sympify(found)
        sums = {r: sympy.Dummy(real=True) for r in (found - expected).atoms(Reduction)}
        verdict = decide(found.xreplace(sums), expected.xreplace(sums), self.assumptions)
        if verdict.status != PROVED:
            at = f" at {dict(verdict.counterexample)}" if verdict.counterexample else ""
            raise BrokenError(f"{self.name} leaves {found} in {name}; the spec says {expected}{at}")
        self.methods += [verdict.method] if verdict.method not in self.methods else []

    def _sums(self, made: Any) -> dict[str, sympy.Expr]:
        """The sums over the gradient by the names under which the stage knows them."""
        wanted = self.stage.reductions
        listed = made._reductions
        if [(how, overall) for _, how, overall in listed] != [(r.how, r.overall) for r in wanted]:
            raise BrokenError(f"{self.name} sums up {listed}; the spec {', '.join(str(r.value) for r in wanted)}")
        w, g = (sympy.Symbol(name, real=True) for name in (PARAMETER, GRADIENT))
        if not wanted:
            return {}
        parts = self.backend.stages.reductions(made, w, g, [r.how for r in wanted])
        for (how, inner, start), reduction in zip(parts, wanted, strict=True):
            if how != reduction.how or decide(inner, reduction.of, self.assumptions).status != PROVED:
                raise BrokenError(f"{self.name} takes the {how} of {inner}; the spec {reduction.value}")
            if how == "max":
                self._starts_below(inner, start)
            elif start:
                raise BrokenError(f"{self.name} starts a {how} of {inner} from {start}, not from 0")
        return {name: reduction.value for (name, _, _), reduction in zip(listed, wanted, strict=True)}

    def _starts_below(self, inner: sympy.Expr, start: Any) -> None:
        """What a maximum starts from is not above any element: otherwise it would be the maximum itself."""
        if start is None or start == -sympy.oo:
            return
        least = self.assumptions.assume(sympy.sympify(inner)) - sympy.sympify(start)
        if least.is_nonnegative:
            return
        for number in map(sympy.Rational, ("-2", "0", "1/2", "2")):
            if least.xreplace({s: number for s in least.free_symbols if s.name in (PARAMETER, GRADIENT)}).is_negative:
                fact = f"starts a maximum of {inner} from {start}; where g and w are {number} that is larger"
                raise BrokenError(f"{self.name} {fact}")
        raise UnclearError(f"{self.name} starts a maximum of {inner} from {start}, and nothing says that it is larger")

    def _elements(self, made: Any, factors: list[sympy.Expr]) -> dict[str, sympy.Expr]:
        """What the stage leaves in w, g and the states."""
        states = [s.name for s in self.stage.array_state]
        values = {name: sympy.Symbol(name, real=True) for name in (PARAMETER, GRADIENT, *states, NOISE)}
        noise = [NOISE] if made._noisy else []
        given = {name: value for name, value in values.items() if name != NOISE or noise}
        found = self.backend.stages.elements(made, given, noise, factors)
        return {name: found[name] for name in (PARAMETER, GRADIENT, *states)}

    def _halts(self, found: Any, known: dict[str, sympy.Expr]) -> None:
        wanted = self.stage.halts
        if wanted is None:
            if found is not False:
                raise BrokenError(f"{self.name} halts where {found}; the spec never does")
            return
        wanted = wanted.xreplace(inlined(self.stage))
        same = getattr(found, "rel_op", None) == wanted.rel_op
        if (
            not same
            or decide(_plain(found.lhs - found.rhs), _plain(wanted.lhs - wanted.rhs), self.assumptions).status != PROVED
        ):
            raise BrokenError(f"{self.name} halts where {found}; the spec where {wanted}")

    def declarations(self) -> Outcome:
        stage, cls = self.stage, self.cls
        hypers = {h.name: h for h in stage.hypers}
        check_signature(cls.__init__, [], stage)
        around = {"where": None, **({"seed": 0} if stage.noisy else {})}
        parameters = inspect.signature(cls.__init__).parameters
        defaults = {name: parameter.default for name, parameter in parameters.items() if name in AROUND}
        if defaults != around:
            raise BrokenError(f"{self.name} takes {defaults} beside its hyperparameters; it should be {around}")
        given, beside = ({name: object() for name in names} for names in (hypers, around))
        made = cls(**given, **beside)
        if made.hyper != given or {name: getattr(made, name) for name in around} != beside:
            raise BrokenError(f"{self.name}.__init__ does not pass its arguments on as they are")
        attributes = {
            "_states": tuple(s.name for s in stage.array_state),
            "_moves": stage.moves,
            "_halts": stage.halts is not None,
            "_after": stage.after,
            "_always": stage.always,
            "_gathers": stage.gathers,
            "_home": str(stage.home or ""),
            "_phase": str(stage.phase or ""),
            "_own_t": stage.own_t,
            "_starts_late": stage.starts_late,
            "_noisy": stage.noisy,
            "_uses_lr": any(s.name == RATE for step in stage.steps for s in step.value.free_symbols),
        }
        check_attributes(cls, self.name, attributes)
        check_domains(self.path, cls, stage)
        start: dict[str, Any] = {}
        if stage.array_state:
            w = Cell(PARAMETER, sympy.Symbol(PARAMETER, real=True))
            cells = made._initial(w)
            check_fresh([s.name for s in stage.array_state], cells, w)
            start |= dict(zip((s.name for s in stage.array_state), map(value_of, cells), strict=True))
        if stage.scalar_state:
            start |= made._initial_scalars(hypers)
        check_starts(start, stage, self.assumptions)
        return Outcome(PROVED, "execution over symbols")


def _library(backend: Staged) -> Any:
    """The array library over symbols: in place on cells, and on values."""
    arrays = backend.stages.over_symbols().library

    def either(name: str) -> Any:
        def call(*operands: Any, out: Any = None, **keywords: Any) -> Any:
            if out is None:
                return UFUNCS[name](*map(value_of, operands))
            return arrays[name](*operands, out=out, **keywords)

        return call

    choice = {"where": lambda test, then, otherwise: sympy.Piecewise((then, test), (otherwise, True))}
    return Library(**{**arrays, **choice, **{name: either(name) for name in UFUNCS}})


def _plain(expr: sympy.Expr) -> sympy.Expr:
    return expr.xreplace({r: sympy.Symbol(f"reduced_{r.how}", real=True) for r in expr.atoms(Reduction)})
