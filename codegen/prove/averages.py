"""Averages that a stage, or a rule, keeps: means with weights, and means over cycles of runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import sympy

from ..algebra import reference
from ..algebra.assumptions import Assumptions
from ..algebra.points import differ, shown
from ..analysis.closed import held, unclocked
from ..analysis.derive import at_step, inlined, settled
from ..analysis.premises import Premises
from ..analysis.proof import ONE, ZERO, Formatter, Proof, denominators, prove_claim, search, setting
from ..claims.stages import CycleMean, WeightedMean
from ..result import REFUTED, UNDECIDED, Outcome, Result
from ..spec.domain import FROM_ONE, NATURAL
from ..spec.rules import Optimizer, Stage
from ..spec.symbols import GRADIENT, STEP, Hyper, Scalar, new
from ..statement import All, Holds, I, T, after, at, past_sum, spelling
from ..statement.series import CycleOfMeans, WeightsAddUp
from .series import constant_or_itself, old_in, unsettled, without_sums

_LONGEST = 10  # runs of a cycle that is tried

# Means with weights.


@prove_claim.register
def _(claim: WeightedMean, rule: Optimizer) -> Iterator[Result]:
    assumed, s, total = Premises(rule), claim.state, claim.total.xreplace(inlined(rule))
    d, c = (constant_or_itself(rule, part) for part in (claim.decay, claim.weight))
    weights = c * d ** (T - I)
    mean = Holds(after(s), "=", past_sum(weights * at(claim.of, I)) / total)
    relation = All((mean, WeightsAddUp(weights, total)))
    whole = {target: without_sums(value) for target, value in inlined(rule).items()}
    update, fed = next(v for k, v in whole.items() if k.name == f"{s.name}_new"), claim.of.xreplace(whole)
    reason = unsettled(rule, decay=d, weight=c) or _timed_only(rule, total) or unclocked(assumed, update, fed, total)
    if reason:
        yield Outcome(UNDECIDED, reason=reason).of(claim.label, assumed.statement(relation))
        return
    d, c, _ = held(assumed, d, c, total)
    assumed.defined(new(s), claim.of)
    assumed.nonzero(total, *denominators([total]))
    proof = _mean_proof(rule, s, assumed, (d, c, total, update, fed))
    yield proof.result(claim.label, assumed.statement(relation), "induction", lambda: _mean_trace(claim, rule))


def _mean_proof(rule: Optimizer, s: sympy.Symbol, assumed: Premises, parts: tuple[sympy.Expr, ...]) -> Proof:
    """The total of the weights and total times mean obey the recurrence of the sums, from the first step on."""
    d, c, total, update, fed = parts
    old, spell, text = old_in(update, s), Formatter(rule), spelling(assumed.runs)
    start = rule.state.get(s, old) if old in update.free_symbols else ZERO
    (start,) = held(assumed, start)
    shrunk, decay = text(total), spell(d)
    first = {old: start}
    proof = Proof(assumed.assumptions)
    proof.equal(at_step(total, ONE), c, f"{shrunk} = {spell(c)} for t = 1", "base case: one weight")
    proof.equal(
        at_step(total, T + 1),
        d * total + c,
        f"t -> t+1: {shrunk} becomes {decay} times itself + {spell(c)}",
        "induction step of the weights: all past ones shrink, one is added",
    )
    proof.equal(
        at_step((total * update).xreplace(first), ONE),
        at_step((c * fed).xreplace(first), ONE),
        f"({shrunk}) * {s} = {spell.product(c, text(at(fed, ONE)))} for t = 1",
        f"base case: {s}[0] = {spell(start)}" if start != ZERO else "base case",
    )
    proof.equal(
        at_step(total * update, T + 1),
        d * total * old + c * at_step(fed, T + 1),
        f"t -> t+1: ({shrunk}) * {s} becomes {decay} times itself + {spell.product(c, text(fed))}",
        "induction step of the sum",
    )
    return proof


def _timed_only(rule: Optimizer, total: sympy.Expr) -> str:
    """Why the sum of the weights cannot be this, if it depends on more than t and hyperparameters."""
    if all(isinstance(s, Hyper) or s.name == STEP for s in total.free_symbols):
        return ""
    return f"the total {Formatter(rule)(total)} depends on more than t and hyperparameters"


def _mean_trace(claim: WeightedMean, rule: Optimizer) -> dict[str, str] | None:
    """Simple numbers for which the state is not the claimed mean, or the weights do not add up to the total.

    A stage is given the same weights at first, and then others in every run.
    """

    def find_counterexample(hyper: Mapping[str, Fraction], gradients: tuple, moves: bool) -> dict[str, str] | None:
        above = below = reference.number(0)
        seen = []
        for values, old in _runs(rule, hyper, gradients, moves=moves):
            decay, weight, total = (reference.evaluate(e, values) for e in (claim.decay, claim.weight, claim.total))
            above = decay * above + weight * reference.evaluate(claim.of, {**values, **old})
            below = decay * below + weight
            seen.append(shown(old["w"]))
            found = values[claim.state.name]
            if differ(below, total) or differ(found * total, above):
                told = setting(hyper, gradients, values[STEP])
                if moves:  # a run that the rule alone does not make
                    told = {"w": ", ".join(seen), "g": told.pop("gradients"), **told}
                mean = f"{shown(above)} / {shown(total)}, with weights that add up to {shown(below)}"
                return {**told, f"{claim.state}[{values[STEP]}]": shown(found), "claimed": mean}
        return None

    return search(rule, lambda hyper, gradients: find_counterexample(hyper, gradients, moves=False)) or (
        search(rule, lambda hyper, gradients: find_counterexample(hyper, gradients, moves=True))
        if isinstance(rule, Stage)
        else None
    )


def _runs(
    rule: Optimizer, hyper: Mapping[str, Fraction], gradients: tuple, count: int = 0, moves: bool = True
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every value of each run of a rule or a stage, and the states and the weights before it.

    Of a stage the weights are those that a rule might have given it, and `t` counts where it does not end the step.
    """
    state, w, t = None, Fraction(1), 1
    for number in range(count or len(gradients)):
        g = gradients[number % len(gradients)] + number // len(gradients)
        ((values,),) = reference.run_elements(rule, [[g]], lambda t: hyper, [w], state, t)
        if state is None:
            given = {name: reference.number(value) for name, value in hyper.items()} | {"w": reference.number(w)}
            state = {s.name: reference.evaluate(value, given) for s, value in rule.state.items()}
        yield values, {**state, "w": reference.number(w)}
        state = {s.name: values[s.name] for s in rule.state}
        halts = rule.halts if isinstance(rule, Stage) else None
        t += halts is None or not reference.evaluate(halts, values)
        w = Fraction(number * number - 3, 2) if isinstance(rule, Stage) and moves else values["w"]


# Means over cycles.


@prove_claim.register
def _(claim: CycleMean, rule: Stage) -> Iterator[Result]:
    assumed = Premises(rule)
    (over,) = held(assumed, constant_or_itself(rule, claim.over))
    relation = CycleOfMeans(over)
    if reason := _no_cycle(rule, claim, over, assumed.assumptions):
        trace = _cycle_trace(claim, rule) if settled(rule, over) is not None else None
        status = REFUTED if trace else UNDECIDED
        yield Outcome(status, counterexample=trace, reason=reason).of(claim.label, assumed.statement(relation))
        return
    proof = _cycle_proof(claim, rule, over, assumed)
    yield proof.result(claim.label, assumed.statement(relation), "induction", lambda: _cycle_trace(claim, rule))


def _no_cycle(rule: Stage, claim: CycleMean, over: sympy.Expr, assumptions: Assumptions) -> str:
    """Why there is no cycle of `over` runs to be looked for."""
    spell = Formatter(rule)
    length = assumptions.assume(over)
    if settled(rule, over) is None or not (length.is_integer and length.is_positive):
        return f"{spell(over)} is not known to be a whole number of at least 1 that does not change by itself"
    if rule.halts is None:
        return "the stage never ends a step"
    if not isinstance(claim.count, Scalar) or claim.count not in rule.state:
        return f"{claim.count} is no scalar state"
    if claim.state not in rule.state:
        return f"{claim.state} is no state of the stage"
    changed = {target.name for target in inlined(rule)}
    return "" if f"{GRADIENT}_new" in changed else "the stage leaves the gradient as it is"


def _cycle_proof(claim: CycleMean, rule: Stage, over: sympy.Expr, assumed: Premises) -> Proof:
    """`count` goes around from 0, the sum begins anew with it, and the step goes on where the count closes."""
    whole, spell = {target: without_sums(value) for target, value in inlined(rule).items()}, Formatter(rule)
    state, count = claim.state, claim.count
    k, (counted, summed) = spell(over), (whole[new(s)] for s in (count, state))
    g = next(target.of for target in whole if target.name == f"{GRADIENT}_new")
    begun, last = rule.state[count], over - 1
    within, inside = sympy.Symbol("position", integer=True, positive=True), sympy.Lt(count + 1, over)
    assert rule.halts is not None  # as `_no_cycle` says
    goes_on = sympy.Piecewise((ONE, rule.halts.xreplace(whole)), (ZERO, True))
    assumed.defined(new(count), new(state), new(g))
    proof = Proof(assumed.assumptions.also(**{within.name: FROM_ONE, count.name: NATURAL}))
    proof.equal(begun, ZERO, f"{count} = 0 before the first run", "the initial state")
    proof.equal(
        summed.xreplace({count: ZERO}), g, f"{state}_new = g where {count} = 0", "base case: the first gradient"
    )
    proof.equal(
        summed.xreplace({count: within}), state + g, f"{state}_new = {state} + g where {count} > 0",
        "induction step: the sum of one gradient more",
    )  # fmt: skip
    proof.equal(
        sympy.Piecewise((counted - count - 1, inside), (ZERO, True)), ZERO,
        f"{count}_new = {count} + 1 while that is below {k}", "induction step of the count",
    )  # fmt: skip
    proof.equal(counted.xreplace({count: last}), ZERO, f"{count}_new = 0 where {count} = {k} - 1", "the cycle closes")
    proof.equal(
        sympy.Piecewise((goes_on - 1, inside), (ZERO, True)), ZERO,
        f"the step ends where {count} + 1 is below {k}", "halts",
    )  # fmt: skip
    proof.equal(goes_on.xreplace({count: last}), ZERO, f"it goes on where {count} = {k} - 1", "halts")
    mean = summed / over
    proof.equal(whole[new(g)].xreplace({count: last}), mean.xreplace({count: last}), f"g_new = {state}_new / {k} there",
                "the mean")  # fmt: skip
    return proof


def _cycle_trace(claim: CycleMean, rule: Stage) -> dict[str, str] | None:
    """Simple numbers for which the stage ends another run, or lets something else through, than is claimed."""

    def find_counterexample(hyper: Mapping[str, Fraction], gradients: tuple) -> dict[str, str] | None:
        over = reference.evaluate(claim.over, {name: reference.number(value) for name, value in hyper.items()})
        if over != int(over) or not 1 <= over <= _LONGEST or rule.halts is None:
            return None
        length, seen = int(over), []
        for number, (values, _) in enumerate(_runs(rule, hyper, gradients, 2 * length + 1), start=1):
            seen.append(values[GRADIENT])
            ends, expected = bool(reference.evaluate(rule.halts, values)), number % length != 0
            mean = sum(seen[-length:]) / length
            if ends != expected or (not ends and differ(values[f"{GRADIENT}_new"], mean)):
                told = {"step ends": str(ends), "claimed": str(expected)}
                through = {"g_new": shown(values[f"{GRADIENT}_new"]), "claimed": shown(mean)}
                runs = {"run": str(number), "gradients": ", ".join(map(shown, seen))}
                return {**runs, **{n: str(v) for n, v in hyper.items()}, **(told if ends != expected else through)}
        return None

    return search(rule, find_counterexample)
