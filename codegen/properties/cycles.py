"""Runs under a constant gradient that repeat themselves for ever."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import sympy

from ..algebra import exact
from ..algebra.assumptions import Assumptions
from ..algebra.points import candidates, samples
from ..algebra.signs import BelowOne
from ..algebra.tactics import decide
from ..analysis.derive import transition
from ..analysis.proof import ZERO, substitute
from ..analysis.traces import always
from ..result import PROVED
from ..spec.domain import Domain
from ..spec.rules import Optimizer
from ..spec.symbols import Hyper

_LONG = 60


def find_cycle(rule: Optimizer) -> dict[str, str] | None:
    """A run with g = 1 in which something repeats itself, and changes on the way: it goes on like this for ever.

    What repeats is a state that depends on itself alone, or all states and the step. It comes back exactly, in
    fractions: what comes back to so many digits may be on its way to a limit.
    """
    assumptions = Assumptions.of(rule)
    names = [h.name for h in rule.hypers]
    found = {m for value in transition(rule).values() for m in value.atoms(sympy.Mod)}
    if not all(_turns(m) for m in found):
        return None
    first = {n: candidates(assumptions.domains.get(n, Domain()))[0] for n in names}
    shares = {
        n: Fraction(0) for n in names if isinstance(assumptions.symbol(n), BelowOne) and 0 in assumptions.domains[n]
    }
    settings = [first, *samples(names, assumptions)]
    groups: dict[frozenset[str], list[_Group]] = {}  # they differ with what is zero alone
    for setting in [*settings, *({**setting, **shares} for setting in settings if shares)]:
        hyper = {**setting, **{str(m.args[1]): Fraction(3) for m in found if str(m.args[1]) in setting}}
        if any(value not in assumptions.domains[name] for name, value in hyper.items()):
            continue
        moduli = sorted({int(m.args[1].xreplace({s: hyper[s.name] for s in m.args[1].free_symbols})) for m in found})
        try:
            trace = exact.run(rule, [1] * _LONG, always(hyper))
        except (exact.UndefinedError, exact.UndecidableError, ZeroDivisionError, ValueError, OverflowError):
            continue
        zero = frozenset(name for name, value in hyper.items() if value == 0)
        if zero not in groups:
            groups[zero] = list(_groups(rule, zero))
        for group in groups[zero]:
            if (repeated := _repeats(trace, group, moduli)) is not None:
                return {"g": "1", **{n: str(v) for n, v in hyper.items()}, **repeated}
    return None


def _turns(mod: sympy.Mod) -> bool:
    """Whether it is the remainder of the step number by a whole number: it comes back after so many steps."""
    count, modulus = mod.args
    offset = sympy.expand(count - next((s for s in count.free_symbols if s.name == "t"), ZERO))
    whole = modulus.is_Integer or (isinstance(modulus, Hyper) and modulus.allowed.integer)
    return bool(offset.is_Integer) and whole


@dataclass(frozen=True)
class _Group:
    """What may change for ever: `states`, of which those in `along` count from `w`, and what is watched."""

    states: tuple[str, ...]
    along: frozenset[str]
    watched: str


def _groups(rule: Optimizer, zero: Iterable[str]) -> Iterator[_Group]:
    """A state by itself; or all of them, if nothing depends on t but through its remainder.

    `zero` are the names of the hyperparameters that are 0.
    """
    gone = dict.fromkeys(zero, ZERO)  # an average that forgets at once does not depend on t
    own = {
        s.name: substitute(v.replace(sympy.Mod, lambda *_: sympy.Dummy(real=True)), gone).replace(
            _is_power_of_zero, lambda _: ZERO
        )
        for s, v in transition(rule).items()
    }
    moving = {"t", *own}
    for name, value in own.items():
        if name != "w" and {s.name for s in value.free_symbols} & moving == {name}:
            yield _Group((name,), frozenset(), name)
    if any("t" in {s.name for s in value.free_symbols} for value in own.values()):
        return
    states = tuple(name for name in own if name != "w")
    along = frozenset(s.name for s, v in rule.state.items() if v.is_Symbol and v.name == "w")
    if _moves_along(own, along, Assumptions.of(rule)):
        yield _Group(states, along, "w")
    else:
        yield _Group((*states, "w"), frozenset(), "w")


def _moves_along(own: Mapping[str, sympy.Expr], along: frozenset[str], assumptions: Assumptions) -> bool:
    """Whether a run from another weight is the same run, moved."""
    by = sympy.Dummy(real=True)
    for name, value in own.items():
        moved = value.xreplace({s: s + by for s in value.free_symbols if s.name in (*along, "w")})
        expected = value + by if name in (*along, "w") else value
        if decide(moved, expected, assumptions).status != PROVED:
            return False
    return True


def _is_power_of_zero(expr: sympy.Expr) -> bool:
    """Whether it is 0**t, with t from 1."""
    return expr.is_Pow and expr.base == 0 and expr.exp.is_Symbol and expr.exp.name == "t"


def _repeats(trace: list, group: _Group, moduli: list[int]) -> dict[str, str] | None:
    seen: dict[tuple, int] = {}
    for t, values in enumerate(trace, start=1):
        state = tuple(values[name] - (values["w"] if name in group.along else 0) for name in group.states)
        if not all(isinstance(value, Fraction) for value in state):
            return None
        key = (*state, *(t % m for m in moduli))
        if key in seen:
            last = range(seen[key], t)
            watched = group.watched
            changes = [trace[k][watched] - (trace[k - 1][watched] if watched == "w" else 0) for k in last]
            if not any(exact.differ(change, changes[0]) for change in changes):
                return None
            what = "steps" if watched == "w" else watched
            return {f"{what} from t = {seen[key] + 1}, over and over": ", ".join(map(exact.shown, changes))}
        seen[key] = t
    return None
