"""What is checked of every kind of entry: signatures, domains, starting values; and what becomes of a check."""

from __future__ import annotations

import inspect
import itertools
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import sympy

from ..algebra.assumptions import Assumptions
from ..algebra.tactics import decide
from ..analysis.paths import UnclearError
from ..backends import staged_backend
from ..execution import shapes
from ..execution.language import OutsideError
from ..execution.modules import BrokenError, UnreadableError, WrongError, call, member, run_module
from ..files import anew, shown_file
from ..load import AnySpec, stable
from ..result import PROVED, REFUTED, UNDECIDED, Outcome, Result
from ..spec import domain
from ..spec.rules import AnyRule, Monitor, Optimizer, settings
from . import forms

#: Keywords that generated functions and classes have beside the hyperparameters.
AROUND = ("stages", "ahead", "pipeline", "master_weights", "tied", "where", "seed", "axis", "dtype", "engine")

#: The method of a result that says no more than that a file is none of those that read-back knows.
OUTSIDE = "grammar"


def results(spec: AnySpec, path: Path, claim: str, statement: str, check: Callable[[], Outcome]) -> Iterator[Result]:
    """The result of a `check` of a file. What is not there is undecided; what is broken is refuted."""
    start = time.perf_counter()
    name = shown_file(path)
    try:
        forms.check(spec, path)  # nothing of a file is run that has more in it than a generated one
        outcome = check()
    except OutsideError as error:
        place = f"{name}:{error.line}" if error.line else name
        reason = f"{place}: {error}; {anew(spec, path)}"
        outcome = Outcome(UNDECIDED, OUTSIDE, reason=reason)
    except SyntaxError as error:
        fact = f"the module does not run: SyntaxError: {error.msg} (line {error.lineno})"
        outcome = Outcome(REFUTED, "execution", counterexample={"file": name, "fact": fact})
    except FileNotFoundError:
        reason = f"{name} is not there; {anew(spec, path)}"
        outcome = Outcome(UNDECIDED, reason=reason)
    except UnclearError as error:
        outcome = Outcome(UNDECIDED, reason=str(error))
    except (BrokenError, WrongError) as error:
        outcome = Outcome(REFUTED, "execution", counterexample={"file": name, "fact": str(error)})
    except UnreadableError as error:
        reason = f"{name}: {error}; {anew(spec, path)}"
        outcome = Outcome(UNDECIDED, OUTSIDE, reason=reason)
    except Exception as error:  # no fault of the file, as far as is known
        reason = stable(f"{name} could not be read back: {type(error).__name__}: {error}")
        outcome = Outcome(UNDECIDED, reason=reason)
    yield outcome.of(claim, statement, spec.key, seconds=time.perf_counter() - start)


class _Offered:
    """Stands in for a module, of which every name is known."""

    def __getattr__(self, name: str) -> Any:
        return (type(self), name)


def reexport(spec: AnySpec, backend: str, out: Path, names: Sequence[str]) -> Iterator[Result]:
    """The result for a backend that extends another: its file offers what the other has, each under its own name."""
    source = f"{staged_backend(backend).extends}.{spec.family}"
    path = out / backend / f"{spec.family}.py"

    def check() -> Outcome:
        module = run_module(path, {source: _Offered()}, {}, symbolic=False)
        for name in names:
            if member(module, name) != (_Offered, name):
                raise BrokenError(f"{name} is not that of {source}")
        return Outcome(PROVED, "execution")

    file = shown_file(path)
    yield from results(spec, path, f"class {backend}", f"{', '.join(names)} in {file} are those of {source}", check)


def check_signature(function: Any, positional: list[str], rule: AnyRule, signals: Sequence[str] = ()) -> None:
    """A function or class takes these arguments, and the hyperparameters by keyword, with the spec's defaults.

    Before those come `signals`, which have none.
    """
    hypers, parameters = {h.name: h for h in settings(rule)}, inspect.signature(function).parameters.values()
    names = [p.name for p in parameters if p.kind is not p.KEYWORD_ONLY and p.name != "self"]
    if names != positional:
        raise BrokenError(f"{function.__qualname__} takes {' '.join(names)}; the spec wants {' '.join(positional)}")
    keywords = {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY and p.name not in AROUND}
    for signal in signals:
        if keywords.pop(signal, None) is not inspect.Parameter.empty:
            raise BrokenError(f"{function.__qualname__} does not ask for {signal}, which every step is given")
    if list(keywords) != list(hypers):
        raise BrokenError(f"{function.__qualname__} has {' '.join(keywords)}; the spec wants {' '.join(hypers)}")
    defaults = defaults_of(rule)
    for name, default in keywords.items():
        if default != defaults[name]:
            raise BrokenError(f"the default of {name} is {default}; the spec says {hypers[name].default}")


def check_domains(path: Path, cls: Any, rule: AnyRule, accepts: Callable[[str, float], bool] | None = None) -> None:
    """The class has the domains of the spec. `accepts` is how it tests a value, if not with what it has beside them."""
    if list(cls._domains) != [hyper.name for hyper in settings(rule)]:
        wanted = " ".join(hyper.name for hyper in settings(rule))
        raise BrokenError(f"{rule.name} checks {' '.join(cls._domains)}; the spec wants {wanted}")
    for hyper in settings(rule):
        text, test = cls._domains[hyper.name]
        holds = partial(accepts, hyper.name) if accepts else test
        cuts = [Fraction(str(number)) for number in shapes.cuts(path, cls.__name__, hyper.name)]
        _check_domain(path, hyper.name, hyper.allowed, text, holds, cuts)


def check_refusals(path: Path, cls: Any, rule: AnyRule) -> None:
    """The class as it is takes what is in a domain, keeps it beside the defaults, and names what it refuses."""
    defaults = defaults_of(rule)
    call(path, cls)  # a rule without hyperparameters is not made below

    def accepts(name: str, value: float) -> bool:
        try:
            made = cls(**{name: value})
        except ValueError as error:
            if cls._domains[name][0] not in str(error):
                raise
            return False
        kept = {hyper: getattr(made, hyper) for hyper in defaults}
        if kept != {**defaults, name: value}:
            raise BrokenError(f"{rule.name}({name}={value}) keeps {kept}")
        return True

    check_domains(path, cls, rule, accepts)


def _check_domain(
    path: Path,
    name: str,
    allowed: domain.Domain,
    text: str,
    holds: Callable[[float], bool],
    cuts: Sequence[Fraction],
) -> None:
    """The test of a hyperparameter, which can change only at `cuts`, agrees with its domain everywhere.

    It is asked at all of them and at the ends of the domain, in between and beyond, of numbers whole and not.
    """
    if text != allowed.condition(name):
        raise BrokenError(f"the domain of {name} is given as {text!r}; the spec says {allowed.condition(name)!r}")
    ends = {end for end in (allowed.low, allowed.high) if end is not None} | set(cuts) or {Fraction(0)}
    near = [end + Fraction(step) for end in ends for step in (-1000, "-1/1024", 0, "1/1024", 1000)]
    for value in [*near, *_between(sorted(ends))]:
        if bool(call(path, holds, float(value))) != (value in allowed):
            raise BrokenError(f"{name} = {float(value)} is {'refused' if value in allowed else 'let through'}; {text}")


def _between(ends: Sequence[Fraction]) -> Iterator[Fraction]:
    """In each gap between two of `ends`, and beyond them, a number that is not whole, and one that is, if there is."""
    far = [ends[0] - 4, *ends, ends[-1] + 4]
    for low, high in itertools.pairwise(far):
        inside = [Fraction(float(low + Fraction(share) * (high - low))) for share in ("1/2", "1/3", "2/5")]  # doubles
        inside = [next((value for value in inside if value.denominator > 1), inside[0]), Fraction(math.floor(low) + 1)]
        yield from (value for value in inside if low < value < high)


def check_starts(found: Mapping[str, Any], rule: Optimizer | Monitor, assumptions: Assumptions) -> None:
    """Every state starts where the spec says."""
    for state, expected in rule.state.items():
        value = sympy.sympify(found[state.name])
        if value != expected and (expected.is_infinite or decide(value, expected, assumptions).status != PROVED):
            raise BrokenError(f"{state} starts at {value}; the spec says {expected}")


def check_fresh(states: Sequence[str], found: Sequence[Any], w: Any) -> None:
    """No state starts as the parameter itself, or as another state: to change one would change the other."""
    for place, (state, array) in enumerate(zip(states, found, strict=True)):
        if array is w:
            raise BrokenError(f"{state} starts as the parameter itself, not as a copy of it")
        for other, before in zip(states[:place], found[:place], strict=True):
            if array is before:
                raise BrokenError(f"{state} and {other} start as one array")


def check_attributes(cls: Any, name: str, wanted: Mapping[str, Any]) -> None:
    """The class has these attributes; a dict also in its order."""
    for attribute, value in wanted.items():
        if not hasattr(cls, attribute):
            raise BrokenError(f"{name} has no {attribute}; the spec says {value}")
        found = getattr(cls, attribute)
        if found != value or (isinstance(value, dict) and list(found) != list(value)):
            raise BrokenError(f"{name}.{attribute} is {found}; the spec says {value}")


def defaults_of(rule: AnyRule) -> dict[str, float]:
    """The defaults of the hyperparameters by name."""
    return {h.name: float(h.value) for h in settings(rule)}


def file_and_spec(point: Mapping[str, str]) -> dict[str, str]:
    """A counterexample to an equality, of which the left side is the file's and the right side the spec's."""
    names = {"left": "file", "right": "spec"}
    return {names.get(name, name): value for name, value in point.items()}
