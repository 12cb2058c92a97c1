"""What is checked of an optimizer, and of a stage as well: that its equations make up a step."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

import sympy

from ..analysis.derive import inlined
from ..load import Problem, Spec, StageSpec
from ..spec.rules import Optimizer, Stage, Step, settings
from ..spec.symbolic import Reduction
from ..spec.symbols import PARAMETER, Array, Flag, Hyper, Location, New, PerArray, Scalar, Supplied, given
from .clashes import place_of
from .common import kind_of_hyper, of_hypers, of_names, of_rule
from .expressions import by_name, is_array, of_expression
from .stages import of_reductions, of_stage, of_sums, of_sums_of_arrays


def of_steps(spec: Spec | StageSpec) -> Iterator[Problem]:
    optimizer = spec.optimizer
    yield from of_rule(spec)
    if not optimizer.steps:
        place = place_of(optimizer.location, optimizer.name or spec.key)
        yield Problem(place, "it has no steps", f"add Step(new({optimizer.writes[-1]}), ...) at least")
    yield from of_names(_mentions(spec), optimizer.given)
    yield from of_hypers(spec)
    for number, step in enumerate(optimizer.steps, start=1):
        place = place_of(step.location, f"step {number} ({step.target})")
        value = step.value
        if value.has(Reduction):
            if isinstance(optimizer, Stage):
                yield from of_reductions(value, place)
            else:
                yield from of_sums(value, place, inlined(optimizer))
            value = value.xreplace({r: Scalar("a_sum") for r in value.atoms(Reduction)})
        yield from of_expression(value, place, "array" if is_array(step.target) else "scalar")
    for symbol, value in optimizer.state.items():
        kind = "initial" if isinstance(symbol, Array) else "initial scalar"
        yield from of_expression(value, place_of(optimizer.location, f"initial value of {symbol}"), kind)
    if optimizer.gradient_at is not None:
        yield from of_expression(optimizer.gradient_at, place_of(optimizer.location, "gradient_at"), "array")
        yield from _of_point(optimizer, optimizer.gradient_at)
    yield from _of_flow(spec)
    yield from _of_optional(optimizer)
    if isinstance(optimizer, Stage):
        yield from of_stage(optimizer)
    elif optimizer.reductions or optimizer.own_state:
        yield from of_sums_of_arrays(optimizer)


def _mentions(spec: Spec | StageSpec) -> Iterator[tuple[sympy.Symbol, Location, str]]:
    """Every symbol of the spec once for each place where it stands."""
    optimizer = spec.optimizer
    for symbol in optimizer.state:
        yield symbol, optimizer.location, "state"
    for number, step in enumerate(optimizer.steps, start=1):
        what = f"step {number} ({step.target})"
        for symbol in dict.fromkeys((step.target, *by_name(step.value.free_symbols))):
            yield symbol, step.location, what
    for symbol in by_name(getattr(getattr(optimizer, "halts", None), "free_symbols", ())):
        yield symbol, optimizer.location, "halts"
    for symbol, value in optimizer.state.items():
        for inner in by_name(value.free_symbols):
            yield inner, optimizer.location, f"initial value of {symbol}"


def _of_point(optimizer: Optimizer, point: sympy.Expr) -> Iterator[Problem]:
    """The point at which the gradient is taken has to be a change of variables: a multiple of w plus something."""
    place = place_of(optimizer.location, "gradient_at")
    w = next((s for s in point.free_symbols if s.name == PARAMETER), None)
    factor = sympy.Integer(0) if w is None else sympy.diff(point, w)
    outside = by_name(s for s in factor.free_symbols if not isinstance(s, Hyper) or isinstance(s, Supplied))
    if factor == 0 or outside:
        whose = f", which depends on {outside[0]}" if outside else ""
        remedy = "write gradient_at=w + ..., or a factor of hyperparameters in front of w"
        yield Problem(place, f"{point} is not a multiple of w plus something{whose}", remedy)
    known = {PARAMETER, *(s.name for s in optimizer.state), *(h.name for h in settings(optimizer))}
    for symbol in by_name(s for s in point.free_symbols if s.name not in known):
        yield Problem(place, f"{symbol} is not known before the gradient is taken", "use w, state, hyperparameters")
    if w is None or (optimizer.own_w is None and w not in _starts_from(optimizer)):
        return
    # what starts from w starts from the parameter that is handed over, which is the point
    start = point.xreplace(dict(optimizer.state))
    if sympy.expand(start - w) != 0:
        fact = f"before the first step, the gradient is taken at {start}, where that should be w"
        yield Problem(place, fact, "let states start so that it is w there, as with state={x: w}")


def _starts_from(optimizer: Optimizer) -> set[sympy.Symbol]:
    """What states are formed of before the first step."""
    return {symbol for value in optimizer.state.values() for symbol in value.free_symbols}


def _of_optional(optimizer: Optimizer) -> Iterator[Problem]:
    """What a step may be without is read where it is given, and nowhere else."""
    names = {supplied.name for supplied in optimizer.optional}

    def read(expr: sympy.Basic, there: frozenset[str]) -> set[str]:
        if isinstance(expr, sympy.Piecewise):
            found: set[str] = set()
            for value, condition in expr.args:
                flags = condition.atoms(Flag) if isinstance(condition, sympy.Eq) else set()
                inside = {flag.of.name for flag in flags if condition == given(flag.of)}
                found |= read(value, there | inside) | read(condition, there)
            return found
        own = {expr.name} & names - there if isinstance(expr, Supplied) else set()
        return own.union(*(read(part, there) for part in expr.args))

    for number, step in enumerate(optimizer.steps, start=1):
        for name in sorted(read(step.value, frozenset())):
            place = place_of(step.location, f"step {number} ({step.target})")
            fact = f"it reads {name} where a step may be without it"
            yield Problem(place, fact, f"write where(given({name}), ..., ...) around it, in each step that reads it")


def _of_flow(spec: Spec | StageSpec) -> Iterator[Problem]:
    """Each name assigned once, defined before use, and used."""
    optimizer = spec.optimizer
    given = {*optimizer.given, *(s.name for s in optimizer.state)}
    known = given | {h.name for h in optimizer.hypers}
    assigned: dict[str, Step] = {}
    later = {step.target.name for step in optimizer.steps}
    for number, step in enumerate(optimizer.steps, start=1):
        place = place_of(step.location, f"step {number} ({step.target})")
        for symbol in by_name(step.value.free_symbols):
            if isinstance(symbol, Hyper) or symbol.name in given or symbol.name in assigned:
                continue
            fact = f"it reads {symbol}, which no earlier step defines"
            if symbol.name in later:
                remedy = (
                    "move the step that defines it up" if symbol != step.target else "a step cannot read its own result"
                )
            else:
                names = sorted(known | set(assigned))
                close = difflib.get_close_matches(symbol.name, names, n=1)
                remedy = f"defined so far: {' '.join(names)}" + (f"; did you mean {close[0]}?" if close else "")
            yield Problem(place, fact, remedy)
        target = step.target
        if target.name in assigned:
            yield Problem(place, f"{target} is assigned a second time", "give the second value a name of its own")
        elif isinstance(target, Hyper):
            fact = f"{target} is {kind_of_hyper(target)} and cannot be assigned"
            yield Problem(place, fact, "give the result a name of its own")
        elif target.name in given:
            remedy = (
                f"write new({target}) for its new value"
                if target.name in optimizer.writes or target in optimizer.state
                else "choose another name"
            )
            yield Problem(place, f"{target} is given and cannot be assigned", remedy)
        elif isinstance(target, New) and target.of.name not in {*optimizer.writes, *(s.name for s in optimizer.state)}:
            yield Problem(
                place,
                f"{target.of} is not a state",
                f"add it to state={{{target.of}: 0}}, or write Step({target.of}, ...)",
            )
        elif isinstance(target, PerArray) and target not in optimizer.state:
            remedy = f"write Step(new({target}), ...) and state={{{target}: 0}}, or declare it with scalars('{target}')"
            yield Problem(place, f"{target} is a number that is kept for each array, and is not a state", remedy)
        assigned.setdefault(target.name, step)
    yield from _of_use(spec, assigned)


def _of_use(spec: Spec | StageSpec, assigned: dict[str, Step]) -> Iterator[Problem]:
    optimizer = spec.optimizer
    place = place_of(optimizer.location, optimizer.name)
    read = {s.name for step in optimizer.steps for s in step.value.free_symbols}
    read |= {s.name for s in getattr(getattr(optimizer, "halts", None), "free_symbols", ())}
    for symbol in optimizer.state:
        if not isinstance(symbol, Array | Scalar):
            yield Problem(place, f"{symbol} cannot be a state", f"declare it with arrays('{symbol}') or scalars(...)")
            continue
        if f"{symbol}_new" not in assigned:
            yield Problem(
                place, f"the state {symbol} is never updated", f"add Step(new({symbol}), ...), or drop the state"
            )
        if symbol.name not in read:
            yield Problem(
                place,
                f"the old value of the state {symbol} is never read",
                f"use {symbol} in a step, or drop the state",
            )
    updated = {f"{name}_new" for name in optimizer.writes} & assigned.keys()
    if optimizer.steps and not updated and isinstance(optimizer, Stage):
        if optimizer.halts is None and not optimizer.after:
            yield Problem(place, "neither g nor w is ever updated", "add Step(new(g), ...)")
    elif optimizer.steps and not updated:
        yield Problem(place, "the parameter w is never updated", "add Step(new(w), w - ...)")
    for name, step in assigned.items():
        if not isinstance(step.target, New) and name not in read:
            yield Problem(
                place_of(step.location, f"step ({name})"),
                f"{name} is computed and never read",
                "use it in a later step, or drop it",
            )
