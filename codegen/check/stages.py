"""What is checked of a stage beside what is checked of every rule with steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sympy
from sympy.core.relational import Relational

from ..claims.stages import Returns
from ..load import Problem
from ..spec import global_overflow
from ..spec.rules import Optimizer, Stage
from ..spec.symbolic import Reduction
from ..spec.symbols import GRADIENT, PARAMETER, RATE, New, PerArray, Scalar
from .clashes import place_of
from .expressions import by_name, is_array, of_expression


def of_reductions(value: sympy.Basic, place: str) -> Iterator[Problem]:
    """A sum over a gradient is taken before anything else: it knows g, w and numbers only."""
    for reduction in sorted(value.atoms(Reduction), key=str):
        (inner,) = reduction.args
        if nested := sorted(inner.atoms(Reduction), key=str):
            remedy = "if it is a factor, multiply by it outside; what else depends on it cannot be summed up here"
            yield Problem(place, f"{reduction} reads {nested[0]}, which is taken at the same time", remedy)
            continue
        for symbol in by_name(s for s in inner.free_symbols if s.name not in (PARAMETER, GRADIENT)):
            remedy = "sums are over g and w alone; if it is a factor, multiply by it outside"
            yield Problem(place, f"{reduction} reads {symbol}", remedy)
        if isinstance(reduction, global_overflow) and not inner.is_Symbol:
            yield Problem(place, f"{reduction} is asked of an expression", "write global_overflow(g)")
        yield from of_expression(inner, place, "array")


def of_sums(value: sympy.Basic, place: str, earlier: Mapping[sympy.Symbol, sympy.Expr]) -> Iterator[Problem]:
    """A sum in a rule is over anything that has a value for each element, and in which there is no other sum."""
    for reduction in sorted(value.atoms(Reduction), key=str):
        (inner,) = reduction.args
        if nested := sorted(inner.xreplace(earlier).atoms(Reduction), key=str):
            remedy = "if it is a factor, multiply by it outside; what else depends on it cannot be summed up here"
            yield Problem(place, f"{reduction} reads {nested[0]}, which is taken at the same time", remedy)
            continue
        if isinstance(reduction, global_overflow):
            yield Problem(place, f"{reduction} ends the step of a stage", "put a stage before the rule that halts")
        elif reduction.how != "sum":
            yield Problem(place, f"{reduction} is for stages", "of rules there are sums and norms, and means of these")
        elif not inner.is_Number and not any(map(is_array, inner.xreplace(earlier).free_symbols)):
            count = "global_size" if reduction.overall else "size"
            remedy = f"multiply by how many there are: ({inner}) * {count}"
            yield Problem(place, f"{reduction} sums up what is the same for all elements", remedy)
        yield from of_expression(inner, place, "array")


def of_sums_of_arrays(rule: Optimizer) -> Iterator[Problem]:
    """What sums may not be joined with: what is kept once for all arrays is not computed from what differs."""
    yield from _of_kept_scalars(rule)
    place = place_of(rule.location, rule.name)
    if rule.own_t and rule.shared_state and rule.reductions:
        kept = ", ".join(map(str, rule.shared_state))
        remedy = f"leave own_t=True out, or keep a number for each array: {kept} = per_array('{kept}')"
        yield Problem(place, f"t counts for each parameter, and {kept} is kept beside sums over arrays", remedy)


def of_stage(stage: Stage) -> Iterator[Problem]:
    place = place_of(stage.location, stage.name)
    targets = {step.target.of.name for step in stage.steps if isinstance(step.target, New)}
    if stage.after and GRADIENT in targets:
        yield Problem(place, "it changes g after the rule has read it", "leave after=True out, or change w")
    if stage.after and (stage.reductions or stage.halts is not None):
        yield Problem(place, "it sums over gradients, or halts, after the rule", "leave after=True out")
    if stage.own_state:
        kept = ", ".join(map(str, stage.own_state))
        remedy = f"keep it once for all arrays, {kept} = scalars('{kept}'), or in a rule"
        yield Problem(place, f"{kept} is a number for each array, which rules keep, and stages do not", remedy)
    if stage.always and not stage.after:
        yield Problem(place, "what is done before the rule cannot go on after the step has ended", "add after=True")
    if stage.own_t and stage.scalar_state:
        kept = ", ".join(map(str, stage.scalar_state))
        remedy = f"leave own_t=True out, or keep {kept} for each element"
        yield Problem(place, f"t counts for each parameter, and {kept} is kept once for all", remedy)
    if stage.gathers and (stage.halts is None or not stage.array_state):
        remedy = "leave gathers=True out, or keep a sum of gradients, and give halts="
        yield Problem(place, "it gathers gradients, but keeps none, or never waits for more of them", remedy)
    if stage.noisy and "draws" not in {s.name for s in stage.state}:
        remedy = "keep the scalar state draws, which every run increases by one"
        yield Problem(place, "nothing tells its noise of one step from that of the next", remedy)
    if stage.halts is not None:
        yield from _of_halts(stage, place)
    if stage.home is not None:
        yield from _of_home(stage, place)
    yield from _of_kept_scalars(stage)


def _of_halts(stage: Stage, place: str) -> Iterator[Problem]:
    """What ends a step is a comparison of scalars that the whole step has in common."""
    if not isinstance(stage.halts, Relational):
        yield Problem(place, f"halts={stage.halts} is no comparison", "write halts=new(count) > 0, for example")
        return
    if not stage.scalar_state:
        yield Problem(place, "it halts without a scalar state to tell it when", "add one to state={...}")
    at = place_of(stage.location, "halts")
    yield from of_reductions(stage.halts, at)
    known = {*stage.given, *(s.name for s in (*stage.state, *stage.hypers)), *(s.target.name for s in stage.steps)}
    for symbol in by_name(s for s in stage.halts.free_symbols if s.name not in known):
        yield Problem(at, f"it reads {symbol}, which no step defines", f"there are {' '.join(sorted(known))}")
    for side in stage.halts.args:
        reduced = {r: Scalar("a_sum") for r in side.atoms(Reduction)}
        yield from of_expression(side.xreplace(reduced), at, "scalar")


def _of_home(stage: Stage, place: str) -> Iterator[Problem]:
    """Where the parameter waits while gradients are taken elsewhere, and what tells that it does."""
    home = stage.home
    if home not in stage.array_state:
        yield Problem(place, f"its home {home} is no state for each element", f"add it to state={{{home}: 0}}")
    elif stage.state[home].free_symbols:
        fact = f"its home {home} starts from {stage.state[home]}, which nothing reads"
        yield Problem(place, fact, f"write {home}: 0")
    if not stage.moves:
        remedy = "add Step(new(w), ...), and leave after=True out; or leave home=... out"
        yield Problem(place, "it has a home, but moves no parameter before the rule", remedy)
    if stage.gathers:
        remedy = "leave gathers=True out, and put a stage that gathers before it in the pipeline"
        yield Problem(place, "it gathers gradients, and has a home", remedy)
    if stage.phase is None:
        remedy = "write halts=new(phase) > 0, with a scalar state phase that is 0 between two steps"
        yield Problem(place, f"it has a home, and halts={stage.halts}", remedy)
    elif not any(isinstance(claim, Returns) for claim in stage.claims):
        yield Problem(place, "it has a home, and does not claim that it returns there", "add returns() to claims=(...)")
    elif stage.state[stage.phase] != 0:
        fact = f"{stage.phase} is {stage.state[stage.phase]} before the first step, where the parameter is at home"
        yield Problem(place, fact, f"write {stage.phase}: 0")


def _of_kept_scalars(stage: Optimizer) -> Iterator[Problem]:
    """What is kept once for all arrays, and what ends a step, is not computed from what differs between arrays."""
    differs: dict[str, str] = {}

    def cause(value: sympy.Basic) -> str:
        own = sorted(str(r) for r in value.atoms(Reduction) if not r.overall)
        own += [str(_kept(s)) for s in by_name(value.free_symbols) if isinstance(_kept(s), PerArray)]
        own += [RATE] if any(s.name == RATE and isinstance(s, Scalar) for s in value.free_symbols) else []
        own += [differs[s.name] for s in by_name(value.free_symbols) if s.name in differs]
        return own[0] if own else ""

    for number, step in enumerate(stage.steps, start=1):
        if isinstance(step.target, New) and isinstance(step.target.of, PerArray):
            differs[step.target.name] = str(step.target.of)
        elif isinstance(step.target, New) and not is_array(step.target):
            place = place_of(step.location, f"step {number} ({step.target})")
            kept = f"{step.target.of} is kept once for all arrays"
            kind = "an array" if isinstance(stage, Stage) else "a number for each array"
            written = "arrays" if isinstance(stage, Stage) else "per_array"
            instead = f"keep {kind}: {step.target.of} = {written}('{step.target.of}')"
            yield from _of_one_for_all(cause(step.value), kept, instead, place)
        if not is_array(step.target) and (found := cause(step.value)):
            differs[step.target.name] = found
    if isinstance(stage, Stage) and isinstance(stage.halts, Relational):
        ends = "a step ends for all arrays at once"
        yield from _of_one_for_all(cause(stage.halts), ends, "", place_of(stage.location, "halts"))


def _of_one_for_all(cause: str, fact: str, instead: str, place: str) -> Iterator[Problem]:
    if cause == RATE:
        remedy = f"make it a hyperparameter of the stage, under a name of its own{instead and ', or '}{instead}"
        yield Problem(place, f"{fact}, but lr, on which that depends, may differ from group to group", remedy)
    elif cause:
        overall = f"write {cause.replace('array_', 'global_', 1)}" if cause.startswith("array_") else ""
        fact += f", but {cause}, on which that depends, differs from array to array"
        yield Problem(place, fact, ", or ".join(filter(None, (overall, instead))))


def _kept(symbol: sympy.Symbol) -> sympy.Symbol:
    return symbol.of if isinstance(symbol, New) else symbol
