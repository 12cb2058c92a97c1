"""Derivations as a person writes them on a board: chains of equalities, from the claims of a rule."""

from __future__ import annotations

import sympy

from ..algebra.assumptions import Assumptions
from ..analysis.derive import settled, transition
from ..analysis.proof import ONE, ZERO, T, key_named, nonzero_denominators, symbol_in
from ..claims.base import Claim
from ..claims.moves import FirstStep
from ..claims.states import Series, Unbiased
from ..prove.bias import moment_of
from ..spec.rules import Optimizer
from ..spec.symbols import New
from .terms import At, Context, Derivation, Equality, Expectation, I, Summation, Unevaluated, dated, made, plain
from .typesetting import TextPrinter

_UNROLLED = 2  # how often a recurrence is written out before it is summed up


def derivations(rule: Optimizer) -> list[Derivation]:
    """A lecture on every average whose series or whose bias correction is claimed, and on the first step."""
    found: list[Derivation] = []
    covered: set[str] = set()
    for claim in sorted(rule.claims, key=lambda c: not isinstance(c, Unbiased)):
        chain = _derivation(claim, rule) if claim.label not in covered else None
        if chain is not None:
            found.append(chain)
            covered.update(chain.covers)
    return found


def _derivation(claim: Claim, rule: Optimizer) -> Derivation | None:
    assumptions = Assumptions.of(rule)
    match claim:
        case Unbiased():
            moment = moment_of(claim, rule)
            if isinstance(moment, str) or settled(rule, moment.level) is None:
                return None
            series = moment.series(rule)
            if series is None or series[0] == 1:  # no series that converges
                return None
            decay, weight = series
            context = Context(rule, moment.state, decay, weight, claim.of, claim.estimate, assumptions)
            title = f"{claim.estimate} is an unbiased estimate of {TextPrinter(context)(Expectation(context.now(T)))}"
            sections = (*_unrolled(context), *_corrected(context))
            covers = (claim.label, f"residual {claim.estimate}", f"ema {context.name}", f"series {context.name}")
            return Derivation(title, sections, context, (*_held(context), *_unlike_one(context)), covers)
        case Series():
            decay, weight = (settled(rule, part) for part in (claim.decay, claim.weight))
            if decay is None or weight is None:
                return None
            context = Context(rule, claim.state, decay, weight, claim.of, None, assumptions)
            title = f"{claim.state} is a sum over the past"
            return Derivation(title, _unrolled(context), context, _held(context), (claim.label,))
        case FirstStep():
            context = Context(rule, assumptions=assumptions)
            nonzero = nonzero_denominators([claim.by], assumptions)
            return Derivation("The first step", (("", _first(claim, rule)),), context, nonzero, (claim.label,))
    return None


def _held(context: Context) -> tuple[str, ...]:
    """The hyperparameters that are written without an index, whichever step they belong to."""
    used = (context.decay * context.weight).free_symbols | context.of.free_symbols
    return tuple(f"{h} constant" for h in context.rule.hypers if h in used)


def _unlike_one(context: Context) -> tuple[str, ...]:
    """What the formula for the geometric series divides by."""
    return () if context.assumptions.nonzero(1 - context.decay) else (f"{context.decay} != 1",)


def _unrolled(context: Context) -> tuple[tuple[str, tuple[Equality, ...]], ...]:
    """From the recurrence to the sum over all past inputs."""
    state, d, c = plain(context.name), context.decay, context.weight
    left = At(state, T)
    lines = [Equality(left, context.before(T), "update", "the update")]
    for depth in range(1, _UNROLLED + 1):
        past = sum((d**k * context.now(T - k) for k in range(depth + 1)), ZERO)
        text = f"{context.name}[t-{depth}] put in" + (", and so on" if depth == _UNROLLED else "")
        lines.append(
            Equality(left, d ** (depth + 1) * At(state, T - depth - 1) + c * Unevaluated(past), "unroll", text)
        )
    closed = d**T * At(state, ZERO) + c * Summation(d ** (T - I) * context.now(I))
    lines.append(Equality(left, closed, "induction", "for every t, by induction"))
    if context.estimate is not None:
        start = next(v for s, v in context.rule.state.items() if s.name == context.name)
        lines.append(Equality(left, closed.xreplace({At(state, ZERO): start}), "start", f"{context.name}[0] = {start}"))
    return (("The recurrence, unrolled", tuple(lines)),)


def _corrected(context: Context) -> tuple[tuple[str, tuple[Equality, ...]], ...]:
    """The expectation of the state and of the estimate: for stationary gradients, and what is left for others."""
    d, c = context.decay, context.weight
    left, then, now = Expectation(context.state_at(T)), Expectation(context.now(I)), Expectation(context.now(T))
    estimate = Expectation(dated(context.estimate, context.rule, T))
    start = next(v for s, v in context.rule.state.items() if s.name == context.name)
    kept = d**T * start
    factor = sympy.cancel(c * (1 - d**T) / (1 - d))
    scale = _scale(context)
    powers = Summation(d ** (T - I))
    drift = c * Summation(d ** (T - I) * Unevaluated(then - now))

    linear = Equality(left, kept + c * Summation(d ** (T - I) * then), "expectation", "expectations are linear")
    series = (Equality(powers, (1 - d**T) / (1 - d), "sum", "for every t, by induction"),)
    stationary = (
        linear,
        Equality(left, kept + now * c * powers, "stationary", f"stationary: {_means(context)}, whatever i"),
        Equality(left, kept + now * c * Unevaluated((1 - d**T) / (1 - d)), "geometric series", "the geometric series"),
        Equality(left, kept + now * factor, "algebra", "this is the bias"),
    )
    corrected = (
        Equality(estimate, made(context, left), "estimate", f"what {context.estimate} is"),
        Equality(estimate, made(context, Unevaluated(kept + now * factor)), "expected, stationary", "from above"),
        Equality(estimate, now, "algebra", "the factors cancel"),
    )
    others = (
        linear,
        Equality(
            left,
            kept + c * Summation(d ** (T - I) * Unevaluated(now + Unevaluated(then - now))),
            "algebra",
            f"{TextPrinter(context)(now)} added and taken away",
        ),
        Equality(left, kept + now * c * powers + drift, "algebra", "the sum taken apart"),
        Equality(left, kept + now * factor + drift, "geometric series", "the geometric series, as before"),
    )
    residual = (
        Equality(estimate, made(context, left), "estimate", f"what {context.estimate} is"),
        Equality(estimate, made(context, Unevaluated(kept + now * factor + drift)), "expected", "from above"),
        Equality(estimate, now + scale * drift, "algebra", "what is left is a weighted mean of the drift"),
    )
    return (
        ("The geometric series", series),
        ("Stationary gradients", stationary),
        ("Corrected", corrected),
        ("Gradients that are not stationary", others),
        ("Corrected", residual),
    )


def _scale(context: Context) -> sympy.Expr:
    whole = sympy.Dummy(real=True)
    return sympy.diff(made(context, whole), whole)


def _means(context: Context) -> str:
    spell = TextPrinter(context)
    return f"{spell(Expectation(context.now(I)))} = {spell(Expectation(context.now(T)))}"


def _first(claim: FirstStep, rule: Optimizer) -> tuple[Equality, ...]:
    """The last step at t = 1, with one step after the other put in, from the last to the first."""
    w = key_named(transition(rule), "w")
    last = next(step for step in reversed(rule.steps) if isinstance(step.target, New) and step.target.of == w)
    left = last.target - w
    lines = [Equality(left, last.value - w, "steps", "the last equation")]
    for step in reversed(rule.steps[: rule.steps.index(last)]):
        before = lines[-1].right
        if step.target not in before.free_symbols:
            continue
        lines.append(Equality(left, before.xreplace({step.target: step.value}), "steps", f"{step.target} put in"))
    before = lines[-1].right
    start = {**dict(rule.state), symbol_in(before, "t"): ONE}
    names = ", ".join([*(f"{s} = {v}" for s, v in rule.state.items() if s in before.free_symbols)])
    if (begun := before.xreplace(start)) != before:
        text = f"t = 1{', ' if names else ''}{names}"
        lines.append(Equality(left, begun, "first step", text))
    if lines[-1].right != claim.by:
        lines.append(Equality(left, claim.by, "first step", "brought to its simplest form"))
    return tuple(lines)
