"""Stages, step by step, in small worlds: one array or several, with states as runs leave them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import singledispatch
from typing import Any

import sympy

from ..algebra import exact
from ..spec.enclosure import UndecidableError, UndefinedError
from ..spec.rules import Stage
from ..spec.symbols import GRADIENT, NOISE, PARAMETER, RATE, STEP
from ..statement import Relation, Runs, Statement
from ..statement.stages import InEitherOrder, NoiseMoments, ReturnsHome, RunTwice, Untouched
from . import Found, outcomes
from .adversary import hypers
from .worlds import World, unlike, worlds

_STEPS = 4  # of a run of a stage with states
_HYPERS = 3  # for each gradient
_MOMENTS = (1, 2, 3, 8, 100)
_RATES = (Fraction(1, 2), Fraction(1), Fraction(0), Fraction(3))


@dataclass(frozen=True)
class Player:
    """A stage in a run: `own` has its hyperparameters and states by name, at each element."""

    stage: Stage
    own: Mapping[str, Sequence[Any]]
    noise: int = 0  # which noise it hears


@dataclass(frozen=True)
class Passed:
    """The world after some stages, each with what it keeps, and whether one of them has ended the step."""

    world: World
    players: tuple[Player, ...]
    ended: bool = False

    def then(self, number: int) -> Passed:
        """After one more run of a player, if the step goes on."""
        if self.ended:
            return self
        player = self.players[number]
        inside = self.inside(number)
        known = inside.rows[0].keys()
        halts = inside(player.stage.halts) if player.stage.halts is not None else [False]
        if any(halts) != all(halts):
            raise UndecidableError("whether the step ends, which is not the same for all arrays")
        own = {name: inside(_symbol(f"{name}_new" if f"{name}_new" in known else name)) for name in player.own}
        written = [name for name in (GRADIENT, PARAMETER) if f"{name}_new" in known]
        after = self.world.also({name: inside(_symbol(f"{name}_new")) for name in written})
        players = list(self.players)
        players[number] = Player(player.stage, own, player.noise)
        return Passed(after, tuple(players), any(halts))

    def hears(self, number: int, noise: int) -> Passed:
        """The same, with another noise for a player."""
        players = list(self.players)
        players[number] = Player(players[number].stage, players[number].own, noise)
        return Passed(self.world, tuple(players), self.ended)

    def inside(self, number: int) -> World:
        """All values of the steps of a player."""
        player = self.players[number]
        found = self.world.also(player.own).also({NOISE: self.world(_symbol(f"{NOISE}_{player.noise}"))})
        for step in player.stage.steps:
            found = found.also({step.target.name: found(step.value)})
        return found


def _symbol(name: str) -> sympy.Symbol:
    return sympy.Symbol(name)


def _starting(stage: Stage, world: World, hyper: Mapping[str, Any], noise: int) -> Player:
    given = world.everywhere(hyper)
    own = {h.name: given(h) for h in stage.hypers if h.name in hyper}
    return Player(stage, own | {s.name: given(value) for s, value in stage.state.items()}, noise)


def _of_step(player: Player, world: World, hyper: Mapping[str, Any]) -> Player:
    """The player with the hyperparameters of this step."""
    size = len(world.rows)
    own = {**player.own, **{h.name: [hyper[h.name]] * size for h in player.stage.hypers if h.name in hyper}}
    return Player(player.stage, own, player.noise)


def _courses(runs: Runs, stages: tuple[Stage, ...]) -> Iterator[tuple[int, int, list[Any]]]:
    """Which gradients, which step to begin with, and the hyperparameters of each stage as functions of the step."""
    options = [list(hypers(runs)), *(list(hypers(Runs(stage))) for stage in stages[1:])]
    late = itertools.cycle(_MOMENTS)
    sums = any(stage.reductions for stage in stages)
    shapes = [k for k, world in enumerate(worlds((GRADIENT,))) if sums or len(world.rows) == 1]
    for number, shape in enumerate(shapes):
        for k in range(_HYPERS if any(stage.hypers for stage in stages) else 1):
            yield shape, next(late), [of[(number + k * len(shapes)) % len(of)] for of in options]


def _moments(
    runs: Runs, stages: tuple[Stage, ...], advance: Callable[[Passed], Passed], pins: Mapping[str, Fraction]
) -> Iterator[list[Passed]]:
    """What stands before the steps of many runs: for each run, as far as it has values.

    `advance` gives what is there after a step, from which states and ends are taken. `pins` are values of g, w, t, lr.
    """
    lasting = any(stage.state for stage in stages)
    noises = [f"{NOISE}_{k}" for k in range(len(stages) + 1)]
    names = (GRADIENT, PARAMETER, *noises, *sorted(set().union(*map(_brought, stages))))
    given = [list(worlds(names, step)) for step in range(_STEPS if lasting else 1)]
    for shape, late, picks in _courses(runs, stages):
        t, players = 1 if lasting else pins.get(STEP, late), None
        course = []
        try:
            for number, step in enumerate(given):
                rate = _RATES[(shape + number) % len(_RATES)]
                world = step[shape].everywhere({RATE: rate, **pins, STEP: Fraction(t)})
                now = [pick(number + 1) for pick in picks]
                players = players or [
                    _starting(s, world, h, k) for k, (s, h) in enumerate(zip(stages, now, strict=True))
                ]
                players = [_of_step(p, world, h) for p, h in zip(players, now, strict=True)]
                passed = Passed(world, tuple(players))
                course.append(passed)
                after = advance(passed)
                players, t = list(after.players), t + (not after.ended)
        except (UndefinedError, UndecidableError):
            pass
        yield course


def _brought(stage: Stage) -> set[str]:
    """What the stage reads that is none of its own, such as the update of any rule."""
    known = {
        *stage.given,
        *(s.name for s in (*stage.hypers, *stage.state)),
        *(step.target.name for step in stage.steps),
    }
    return {s.name for step in stage.steps for s in step.value.free_symbols} - known


def _assumed(statement: Statement, world: World) -> bool:
    """Whether all conditions hold at all elements."""
    return all(all(world(condition)) for condition in statement.conditions)


def _said(passed: Passed, of: str, left: Sequence[Any], right: Sequence[Any], place: int) -> Found:
    rows = passed.world.rows
    shown = passed.world.spelled([GRADIENT, PARAMETER])
    shown |= {STEP: exact.shown(rows[0][STEP]), RATE: exact.shown(rows[0][RATE])}
    shown |= {f"{p.stage.name}.{n}": exact.shown(v[place]) for p in passed.players for n, v in p.own.items()}
    return {"of": of, **shown, "left": exact.shown(left[place]), "right": exact.shown(right[place])}


@outcomes.register
def _(relation: Untouched, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    equations = relation.where.atoms(sympy.Eq) if relation.where is not None else ()
    pins = {e.lhs.name: Fraction(e.rhs) for e in equations if _pinned(e)}
    yield from _played(relation, statement, pins)


def _pinned(equation: sympy.Eq) -> bool:
    """Whether it says what something is that a run takes from outside."""
    free = equation.lhs.is_Symbol and equation.lhs.name in (GRADIENT, PARAMETER, STEP, RATE)
    return free and equation.rhs.is_Rational


@outcomes.register
def _(relation: RunTwice, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    yield from _played(relation, statement, {})


@outcomes.register
def _(relation: NoiseMoments, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    yield from _played(relation, statement, {})


def _played(
    relation: Relation, statement: Statement, pins: Mapping[str, Fraction]
) -> Iterator[tuple[int, Found | None]]:
    for course in _moments(statement.runs, (statement.runs.stage,), lambda passed: passed.then(0), pins):
        for passed in course:
            try:
                if _assumed(statement, passed.inside(0)):
                    yield 1, broken(relation, passed)
            except (UndefinedError, UndecidableError):
                continue


@singledispatch
def broken(relation: Relation, passed: Passed) -> Found | None:
    """What breaks the relation at this moment of a run."""
    raise NotImplementedError(type(relation).__name__)


@broken.register
def _(relation: Untouched, passed: Passed) -> Found | None:
    inside, after = passed.inside(0), passed.then(0)
    chosen = inside(relation.where) if relation.where is not None else [True] * len(inside.rows)
    if after.ended and any(chosen):
        return _said(passed, "the end of the step", [Fraction(1)], [Fraction(0)], 0)
    for name in relation.names:
        pairs = [
            (a, b) if here else (b, b)
            for a, b, here in zip(after.world(_symbol(name)), passed.world(_symbol(name)), chosen, strict=True)
        ]
        left, right = zip(*pairs, strict=True)
        if (place := unlike(left, right)) is not None:
            return _said(passed, name, left, right, place)
    return None


@broken.register
def _(relation: RunTwice, passed: Passed) -> Found | None:
    once = passed.then(0)
    twice = once.hears(0, 1).then(0)
    wanted = passed if relation.none else once
    return _different(passed, twice, wanted)


def _different(
    passed: Passed, first: Passed, second: Passed, by: Mapping[str, Sequence[Any]] | None = None
) -> Found | None:
    """What sets two outcomes apart: the end of the step, or g and w where it goes on."""
    if first.ended != second.ended:
        return _said(passed, "the end of the step", [Fraction(first.ended)], [Fraction(second.ended)], 0)
    if first.ended:  # the weights of a step that has ended are left to whoever takes it
        return None
    for name in (GRADIENT, PARAMETER):
        left, right = first.world(_symbol(name)), second.world(_symbol(name))
        if by and name in by:
            left, right = [a - b for a, b in zip(left, right, strict=True)], list(by[name])
        if (place := unlike(left, right)) is not None:
            return _said(passed, name, left, right, place)
    return None


@broken.register
def _(relation: NoiseMoments, passed: Passed) -> Found | None:
    """Noise of three values, which has the first five moments of the standard normal one."""
    root = exact.evaluate(sympy.sqrt(3), {})
    found = []
    for value in (root, Fraction(0), -root):
        heard = Passed(passed.world.everywhere({f"{NOISE}_0": value}), passed.players)
        found.append(heard.inside(0))
    if _degree(passed.players[0].stage, relation.value) > 2:
        return None
    shares = (Fraction(1, 6), Fraction(2, 3), Fraction(1, 6))
    values = [world(relation.value) for world in found]
    means = [sum(s * v for s, v in zip(shares, column, strict=True)) for column in zip(*values, strict=True)]
    squares = [sum(s * v * v for s, v in zip(shares, column, strict=True)) for column in zip(*values, strict=True)]
    spread = [q - m * m for q, m in zip(squares, means, strict=True)]
    for of, left, right in (("the mean", means, relation.mean), ("the variance", spread, relation.variance)):
        claimed = found[1](right)
        if (place := unlike(left, claimed)) is not None:
            return _said(passed, of, left, claimed, place)
    return None


def _degree(stage: Stage, value: sympy.Symbol) -> int:
    """The degree of a value in the noise; a large number if it is no polynomial in it."""
    known: dict[sympy.Symbol, sympy.Expr] = {}
    for step in stage.steps:
        known[step.target] = step.value.xreplace(known)
    expr = known.get(value, value)
    noise = next((s for s in expr.free_symbols if s.name == NOISE), None)
    if noise is None:
        return 0
    return int(sympy.degree(sympy.expand(expr), noise)) if expr.is_polynomial(noise) else 99


@outcomes.register
def _(relation: InEitherOrder, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    """Two runs side by side, one in each order; with a difference, single steps of the run in this order."""
    stages = (statement.runs.stage, relation.other)
    if stages[0].after != stages[1].after and not relation.difference:
        return  # the rule runs between them, whatever their order in the list
    one = _moments(statement.runs, stages, lambda passed: passed.then(0).then(1), {})
    two = _moments(statement.runs, stages, lambda passed: passed.then(1).then(0), {})
    for here, there in zip(one, two, strict=True):
        for mine, theirs in zip(here, there, strict=False):
            other = mine if relation.difference else theirs
            try:
                if not _assumed(statement, mine.inside(0)):
                    continue
                by = _claimed(relation, mine)
                yield 1, _different(mine, mine.then(0).then(1), other.then(1).then(0), by)
            except (UndefinedError, UndecidableError):
                continue


def _claimed(relation: InEitherOrder, passed: Passed) -> dict[str, Sequence[Any]]:
    """The difference that is claimed, in the names of both stages."""
    first, second = passed.players
    world = passed.world.also({relation.renamed.get(n, n): v for n, v in second.own.items()}).also(first.own)
    return {name: world(value) for name, value in relation.difference.items()}


@outcomes.register
def _(relation: ReturnsHome, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    """The parameter is another one in each call, as whoever calls may have it."""
    home, phase, w = relation.home.name, relation.phase.name, _symbol(PARAMETER)
    for course in _moments(statement.runs, (statement.runs.stage,), lambda passed: passed.then(0), {}):
        start: Sequence[Any] = ()
        for passed in course:
            try:
                if not _assumed(statement, passed.inside(0)):
                    break
                at_home = passed.players[0].own[phase][0] <= 0
                start = passed.world(w) if at_home or not start else start
                after = passed.then(0)
            except (UndefinedError, UndecidableError):
                break
            found = after.players[0].own[home] if after.ended else after.world(w)
            place = unlike(found, start)
            yield 1, None if place is None else _said(passed, home if after.ended else PARAMETER, found, start, place)
