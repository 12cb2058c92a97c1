"""Bias correction: the factor derived from the recurrence, and the expectation of the estimate."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import sympy

from ..algebra import reference
from ..algebra.points import differ, shown
from ..algebra.shorten import shorten
from ..analysis.closed import held, unclocked
from ..analysis.derive import at_step, inlined, recurrence, settled
from ..analysis.premises import Premises
from ..analysis.proof import ONE, ZERO, Formatter, Proof, denominators, has_arrays, prove_claim, search, setting
from ..claims.states import Unbiased
from ..result import PROVED, REFUTED, UNDECIDED, Outcome, Result
from ..spec.rules import Optimizer
from ..spec.symbols import GRADIENT, Hyper, New, Supplied, new
from ..statement import Gradients, Holds, I, T, after, at, expected, past_sum, spelling
from .series import PAST, before, begun

#: Symbols of the proofs, by names that no spec can have: the expectation of what is averaged, whenever, and now.
MEAN, NOW = (sympy.Symbol(name, real=True) for name in ("E[x]", "E[x[t]]"))


@dataclass(frozen=True)
class Moment:
    """The state that an estimate is made of: `estimate = scale * state[t] + share * base + rest`.

    The state obeys `state[t] = factor * state[t-1] + weight * base + drift`, from `initial`, and what is to be
    estimated is `level * base + offset`. Only `base` depends on the gradient; the others may depend on t and on
    scalar states.
    """

    state: sympy.Symbol
    scale: sympy.Expr
    share: sympy.Expr
    rest: sympy.Expr
    factor: sympy.Expr
    weight: sympy.Expr
    drift: sympy.Expr
    initial: sympy.Expr
    base: sympy.Expr
    level: sympy.Expr
    offset: sympy.Expr

    def expectation(self, mean: sympy.Expr) -> sympy.Expr:
        """What E[state[t]] has to be for the estimate to be right, over the values of step t."""
        return tidy(((self.level - self.share) * mean + self.offset - self.rest) / self.scale)

    def series(self, rule: Optimizer) -> tuple[sympy.Expr, sympy.Expr] | None:
        """The decay and the weight of a geometric series of what is to be estimated, if the state is one."""
        if self.offset != 0 or self.drift != 0 or self.level == 0:
            return None
        found = [settled(rule, tidy(part)) for part in (self.factor, self.weight / self.level)]
        return None if None in found else (found[0], found[1])


@prove_claim.register
def _(claim: Unbiased, rule: Optimizer) -> Iterator[Result]:
    assumed = Premises(rule, gradients=Gradients.STATIONARY)
    relation = Holds(expected(_at_step(claim.estimate, rule)), "=", expected(at(claim.of, T)))
    found = moment_of(claim, rule)
    if not isinstance(found, str):
        found = unclocked(assumed, *inlined(rule).values()) or found
    if isinstance(found, str):
        trace = _bias_trace(claim, rule)
        status = REFUTED if trace else UNDECIDED
        yield Outcome(status, counterexample=trace, reason=found).of(claim.label, assumed.statement(relation))
        return
    proof = _expectation(claim, rule, found, assumed)
    series = found.series(rule)
    kind = f"expectation, {'geometric series' if series else 'induction'}"
    yield proof.result(claim.label, assumed.statement(relation), kind, lambda: _bias_trace(claim, rule))
    if proof.failed is None and series:
        residual = _residual(claim, rule, found, series)
        if residual.status == PROVED:
            yield residual


def _expectation(claim: Unbiased, rule: Optimizer, found: Moment, assumed: Premises) -> Proof:
    """E[state[t]] is what it has to be, by induction on t, with the hyperparameters of the past in the hypothesis."""
    whole, spell, m = inlined(rule), Formatter(rule), found.state
    claimed = found.expectation(MEAN)
    held(assumed, found.base, claimed)
    assumed.defined(claim.estimate, *_made(claim.estimate, rule), claim.of)
    open_ = [d for d in denominators([claimed]) if not is_constant(d) and not assumed.assumptions.nonzero(d)]
    assumed.nonzero(*(d for d in denominators([claimed]) if d not in open_))
    scalars = {s: value for s, value in rule.state.items() if s in rule.scalar_state}
    moved = {new(s): whole[new(s)] for s in scalars}
    used = set().union(*(e.xreplace(moved).free_symbols for e in (claimed, found.factor, found.weight, found.drift)))
    initial, *_ = held(assumed, found.initial, *(value for s, value in scalars.items() if s in used))

    def step(number: sympy.Expr, past: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr]:
        parts = [at_step(e.xreplace(moved), number) for e in (found.factor, found.weight, found.drift, claimed)]
        factor, weight, drift, wanted = parts
        return factor * past + weight * MEAN + drift, wanted

    proof = Proof(assumed.assumptions)
    text = spelling(assumed.runs)
    of = text(at(found.base, T))
    proof.equal(
        found.factor * m + found.weight * found.base + found.drift,
        whole[new(m)],
        f"{m}[t] = {spell.product(found.factor, f'{m}[t-1]')} + {_plus(spell, found.weight, of, found.drift)}",
        "the recurrence of the spec",
    )
    proof.given(
        f"{text(expected(at(found.base, I)))} = {MEAN}, whatever i", "the gradients are identically distributed"
    )
    left, right = (side.xreplace(scalars) for side in step(ONE, initial))
    proof.equal(left, right, f"E[{m}[1]] = {spell(right)}", f"{m}[0] = {spell(initial)}")
    # the scalar states after step t are those before step t+1; what they were before step t is long past
    past = claimed.xreplace({**{new(s): s for s in scalars}, **{s: sympy.Dummy(real=True) for s in scalars}})
    proof.equal(*step(T + 1, past), f"E[{m}[t]] = {spell(shorten(claimed))}", "by induction: expectations are linear")
    proof.equal(
        found.scale * claimed + found.share * MEAN + found.rest,
        found.level * MEAN + found.offset,
        f"E[{claim.estimate}[t]] = {spell(found.level * MEAN + found.offset)}",
        f"what {claim.estimate} is made of {m}[t]",
    )
    if open_:
        reason = f"{spell(open_[0])}, by which {m}[t] would have to be divided, may be zero"
        proof.failed = proof.failed or Outcome(UNDECIDED, reason=reason)
    return proof


def is_constant(expr: sympy.Expr) -> bool:
    """Whether `expr` is made of hyperparameters and numbers."""
    return all(isinstance(s, Hyper) for s in expr.free_symbols)


def _plus(spell: Formatter, weight: sympy.Expr, of: str, drift: sympy.Expr) -> str:
    return spell.product(weight, of) + (f" + {spell(drift)}" if drift != 0 else "")


def _residual(claim: Unbiased, rule: Optimizer, found: Moment, series: tuple[sympy.Expr, sympy.Expr]) -> Result:
    """What is left if the expectations change from step to step."""
    assumed = Premises(rule)
    d, c, initial = held(assumed, *series, found.initial)
    whole = inlined(rule)
    scale, share, rest = (part.xreplace(whole) for part in (found.scale, found.share / found.level, found.rest))
    total = T if d == 1 else (1 - d**T) / (1 - d)
    assumed.defined(claim.estimate, *_made(claim.estimate, rule), claim.of)
    assumed.nonzero(*denominators([total, share]))
    weight = shorten(scale * c)
    now, deviation = expected(at(claim.of, T)), expected(at(claim.of, I)) - expected(at(claim.of, T))
    powers, deviations = past_sum(d ** (T - I)), past_sum(d ** (T - I) * deviation)
    proof = Proof(assumed.assumptions)
    text = spelling(assumed.runs)
    proof.given(f"let S[t] = {text(past_sum(d ** (T - I) * expected(at(claim.of, I))))}", "definition")
    proof.equal(
        d * total + 1, at_step(total, T + 1), f"{text(powers)} = {text(total)}", "geometric series, by induction"
    )
    proof.equal(at_step(total, ZERO), ZERO, "at t = 0 both are 0", "base case")
    proof.equal(
        scale * (d**T * initial + c * PAST) + share * NOW + rest - NOW,
        scale * c * (PAST - NOW * total),
        f"{text(expected(_at_step(claim.estimate, rule)) - now)} = {text(weight * deviations)}",
        "linearity, and the geometric series",
    )
    statement = assumed.statement(Holds(expected(_at_step(claim.estimate, rule)) - now, "=", weight * deviations))
    return proof.result(f"residual {claim.estimate}", statement, "expectation, geometric series", lambda: None)


# What an estimate is made of.


def _at_step(estimate: sympy.Symbol, rule: Optimizer) -> sympy.Expr:
    """The value of the estimate in step t; of a state, that after it."""
    state = next((s for s in rule.state if s.name == estimate.name), None)
    return at(estimate, T) if state is None else after(state)


def _made(estimate: sympy.Symbol, rule: Optimizer) -> dict[sympy.Symbol, sympy.Expr]:
    """The estimate over the new values of states, by its symbol."""
    states = frozenset(step.target for step in rule.steps if isinstance(step.target, New))
    (target, _) = _at_step(estimate, rule).args
    return {target: target if target in states else inlined(rule, keep=states).get(target, target)}


def moment_of(claim: Unbiased, rule: Optimizer) -> Moment | str:
    """The one state that the estimate is made of, and how. Or why there is none."""
    ((_, value),) = _made(claim.estimate, rule).items()
    used = [s for s in value.free_symbols if isinstance(s, New) and has_arrays(s)]
    if len(used) != 1:
        return f"{claim.estimate} is not made of one state alone"
    (moment,) = used
    state = next((s for s in rule.state if s.name == moment.of.name), None)
    read = (value, claim.of.xreplace(inlined(rule)), inlined(rule).get(moment, ZERO))
    if given := sorted(s.name for s in set().union(*(e.free_symbols for e in read)) if isinstance(s, Supplied)):
        return f"{given[0]} is given in each step, and may depend on the gradient"
    parts = _stationary_part(claim.of.xreplace(inlined(rule)))
    if parts is None:
        return f"{claim.of} is more than a gradient, so that gradients of one distribution do not give it one"
    level, base, offset = parts
    scale = tidy(sympy.diff(value, moment))
    made = _linear(value.xreplace({moment: ZERO}), base)
    found = recurrence(rule, state) if state is not None else None
    fed = _linear(found.input, base) if found is not None else None
    if made is None or found is None or fed is None or scale == 0 or has_arrays(scale) or has_arrays(found.factor):
        what = f"{claim.estimate} is not linear in {moment.of} and {claim.of}"
        return f"{what}, or {moment.of} does not average {claim.of}"
    initial = rule.state[state]
    return Moment(state, scale, *made, found.factor, *fed, initial, base, level, offset)


def _stationary_part(of: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr, sympy.Expr] | None:
    """`of` as level * base + offset, where only `base` depends on the gradient, and on nothing that changes."""
    arrays = [s for s in of.free_symbols if has_arrays(s)]
    offset, varying = of.as_independent(*arrays, as_Add=True)
    level, base = sympy.factor_terms(varying).as_independent(*arrays, as_Add=False)
    if [s.name for s in arrays] != [GRADIENT] or not all(
        isinstance(s, Hyper) or s in arrays for s in base.free_symbols
    ):
        return None
    return level, base, offset


def _linear(expr: sympy.Expr, base: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr] | None:
    """`expr` as (a, b) with `a * base + b`, where neither depends on the element; None if it is nothing like that."""
    share = rest = ZERO
    for term in sympy.Add.make_args(sympy.expand(expr)):
        ratio = tidy(term / base)
        if not has_arrays(term):
            rest += term
        elif not has_arrays(ratio):
            share += ratio
        else:
            break
    else:
        return tidy(share), rest
    (g,) = (s for s in base.free_symbols if has_arrays(s))
    share = tidy(sympy.diff(expr, g) / sympy.diff(base, g))
    rest = tidy(expr - share * base)
    return None if has_arrays(share) or has_arrays(rest) else (share, rest)


def tidy(expr: sympy.Expr) -> sympy.Expr:
    return expr if expr.has(sympy.Piecewise) else sympy.cancel(expr)


# Runs that refute.


def _bias_trace(claim: Unbiased, rule: Optimizer) -> dict[str, str] | None:
    """A run of gradients that are all the same, in which the estimate is not exact; or the mean of such runs.

    Gradients that take one of two values by chance, each as likely as the other, are stationary as well.
    """
    found = search(rule, lambda hyper, gradients: _disagree(claim, rule, hyper, [(gradients[0],) * 3]))
    return found or search(
        rule,
        lambda hyper, gradients: _disagree(claim, rule, hyper, list(itertools.product(gradients[:2], repeat=2))),
    )


def _disagree(
    claim: Unbiased, rule: Optimizer, hyper: Mapping[str, Fraction], runs: list[tuple]
) -> dict[str, str] | None:
    """The first step in which the mean of the estimate over all `runs` is not that of what is to be estimated."""
    start, traces = None, [reference.run(rule, run, lambda t: hyper, w=1) for run in runs]
    name = claim.estimate.name
    for t, steps in enumerate(zip(*traces, strict=True), start=1):
        if start is None:
            start = begun(rule, steps[0])
        mean = sum(values[name] for values in steps) / len(steps)
        wanted = sum(
            reference.evaluate(claim.of, before(values, trace, start))
            for values, trace in zip(steps, traces, strict=True)
        ) / len(steps)
        if differ(mean, wanted):
            told = {f"{name}[{t}]" if len(runs) == 1 else f"E[{name}[{t}]]": shown(mean), "expected": shown(wanted)}
            return {**setting(hyper, runs[0], t), **_chance(runs), **told}
    return None


def _chance(runs: list[tuple]) -> dict[str, str]:
    if len(runs) == 1:
        return {}
    first, second = runs[1]
    return {"gradients": f"each {first} or {second}, by chance, one as likely as the other"}
