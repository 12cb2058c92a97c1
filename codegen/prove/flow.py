"""The differential equation that a rule follows as its steps become small, by expansion in the step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import sympy

from ..algebra import exact
from ..algebra.assumptions import Assumptions
from ..algebra.cases import nonnegative
from ..algebra.exact import UndecidableError, UndefinedError
from ..algebra.points import samples
from ..analysis.demands import demands
from ..analysis.derive import by_name, transition
from ..analysis.premises import Premises
from ..analysis.proof import ZERO, Formatter, Proof, denominators, prove_claim, substitute
from ..analysis.stability import positive
from ..claims.dynamics import Follows, h
from ..result import REFUTED, UNDECIDED, Outcome, Result
from ..spec.domain import POSITIVE, Domain
from ..spec.rules import Optimizer
from ..spec.symbols import Hyper
from ..statement import Gradients, Start
from ..statement.motion import SmallSteps
from .stability import AHEAD

_METHOD = "expansion"
_SMALL = (Fraction(1, 10**6), Fraction(1, 10**9))  # steps
_FACTORIAL = (1, 1, 2)


@prove_claim.register
def _(claim: Follows, rule: Optimizer) -> Iterator[Result]:
    """In x + dt x' + dt**2 / 2 x'' the derivatives are those of the equation, by the chain rule with g' = h w'."""
    ahead, rule = rule.gradient_at is not None, rule.runnable
    relation = SmallSteps(claim.equation, claim.dt, claim.hyper, claim.state, claim.order)
    assumed = _assumed(claim, rule)
    if ahead:
        assumed.noted(AHEAD)
    proof = Proof(_facts(claim, rule))

    def undecided(reason: str) -> Result:
        return Outcome(UNDECIDED, _METHOD, reason=reason).of(claim.label, assumed.statement(relation))

    try:
        after = _steps(claim, rule)
        _maps_stay_inside(claim, proof.assumptions, assumed)
        wrong = _expand(claim, rule, proof, after, assumed)
        wrong = wrong or _still_mapped(claim, rule, proof, after, assumed)
    except ValueError as error:
        yield undecided(str(error))
        return
    if wrong is not None and (found := _shown_wrong(claim, wrong, assumed, proof.assumptions)):
        statement = assumed.statement(relation)
        yield Outcome(REFUTED, "evaluation at a point", counterexample=found).of(claim.label, statement)
        return
    yield proof.result(claim.label, assumed.statement(relation), f"expansion in {claim.dt}", lambda: None)


@dataclass(frozen=True)
class _Wrong:
    """A line of the expansion that does not hold: what stands there, and what should."""

    text: str
    found: sympy.Expr
    wanted: sympy.Expr


def _assumed(claim: Follows, rule: Optimizer) -> Premises:
    """What the claim is about: small steps, with the domains of all that it brings and of what the steps read."""
    assumed = Premises(rule, gradients=Gradients.SMOOTH, start=Start.ANY)
    assumptions = _facts(claim, rule).domains
    values = [*claim.equation.values(), *claim.hyper.values(), *claim.state.values(), *transition(rule).values()]
    mapped = {x.name for x in claim.hyper}
    names = {s.name for s in sympy.Tuple(*values).free_symbols} & set(assumptions) - mapped - {"t"}
    for name in sorted(names | {claim.dt.name}):
        if assumptions[name] != Domain():
            assumed.domain(name, assumptions[name])
    slopes = [sympy.diff(value, s) for value in claim.state.values() for s in claim.equation]
    divisors = [*denominators((*claim.equation.values(), *claim.hyper.values(), *claim.state.values()))]
    for divisor in (*divisors, *slopes):
        _note_nonzero(divisor, _facts(claim, rule), assumed)
    _note_values(claim, rule, assumed)
    return assumed


def _note_values(claim: Follows, rule: Optimizer, assumed: Premises) -> None:
    """Note what the steps and the claim ask of hyperparameters alone, so that they have a value."""
    assumptions, own = _facts(claim, rule), [*claim.equation.values(), *claim.hyper.values(), *claim.state.values()]
    known = {x for x in rule.hypers if x not in claim.hyper}.union(
        *(value.free_symbols for value in claim.hyper.values())
    )
    for demand in (d for value in (*own, *(step.value for step in rule.steps)) for d in demands(value)):
        if not demand.value.free_symbols <= known:
            continue
        if demand.sign != ">=":
            _note_nonzero(demand.value, assumptions, assumed)
        if demand.sign != "!=" and not nonnegative(assumptions.assume(demand.value)):
            assumed.holds(sympy.Ge(demand.value, 0))


def _note_nonzero(value: sympy.Expr, assumptions: Assumptions, assumed: Premises) -> None:
    """Note that no factor of `value` is zero, where that is not known."""
    for factor in sympy.Mul.make_args(sympy.factor(value)) if value != 0 else ():
        base = factor.as_base_exp()[0]
        if not (assumptions.nonzero(base) or assumptions.nonzero(sympy.expand(-base))):
            assumed.holds(sympy.Ne(base, 0))


def _expand(
    claim: Follows, rule: Optimizer, proof: Proof, after: Mapping[sympy.Symbol, sympy.Expr], assumed: Premises
) -> _Wrong | None:
    """The lines of the expansion; the first that does not hold."""
    spell, wrong = Formatter(rule), None
    exact_: dict[sympy.Symbol, list[sympy.Expr]] = {s: [s, value] for s, value in claim.equation.items()}
    for symbol in exact_ if claim.order > 1 else ():
        exact_[symbol].append(_along(claim.equation[symbol], claim))
    for symbol, value in after.items():
        taylor = _expansion(value, claim.dt, claim.order, proof.assumptions, assumed, spell(symbol))
        for power, (here, derivative) in enumerate(zip(taylor, exact_[symbol], strict=True)):
            wanted, name = derivative / _FACTORIAL[power], spell(symbol)
            text = (
                f"{name}_new = ... + {claim.dt}**{power} * ({spell(wanted)}) + ..."
                if power
                else f"{name}_new -> {name}"
            )
            because = ("no step", "the derivative by dt at 0", "the second derivative by dt at 0, halved")[power]
            if not proof.equal(here, wanted, text, because):
                wrong = wrong or _Wrong(text, here, wanted)
    return wrong


def _still_mapped(
    claim: Follows, rule: Optimizer, proof: Proof, after: Mapping[sympy.Symbol, sympy.Expr], assumed: Premises
) -> _Wrong | None:
    """After the step, every state is what `state` says of the quantities then, but for terms of the same order."""
    own = _own(claim, rule)
    moved = {s: after[s] for s in claim.equation}
    wrong = None
    for source, value in claim.state.items():
        apart = own[source.name] - value.xreplace({s: moved[s] for s in value.free_symbols if s in moved})
        taylor = _expansion(apart, claim.dt, claim.order, proof.assumptions, assumed, source.name)
        for power, here in enumerate(taylor):
            text = f"{source}_new = {Formatter(rule)(value)} after the step, up to {claim.dt}**{power}"
            if here != 0 and not proof.equal(here, ZERO, text, "the map of states holds again"):
                wrong = wrong or _Wrong(text, here, ZERO)
    return wrong


def _expansion(
    value: sympy.Expr, dt: sympy.Symbol, order: int, assumptions: Assumptions, assumed: Premises, name: str
) -> list[sympy.Expr]:
    """The coefficients of dt**0 to dt**order. Raises ValueError where there are none, or more than these in between."""
    step, found = assumptions.symbol(dt.name), []
    taylor = sympy.cancel(assumptions.assume(value))
    _check_smooth(taylor, step, assumptions, assumed, name)
    for power in range(order + 1):
        here = sympy.cancel(taylor.xreplace({step: ZERO})) / _FACTORIAL[power]
        if here.has(sympy.nan, sympy.zoo, sympy.oo):
            raise ValueError(f"{name} has no expansion in {dt}")
        found.append(here)
        taylor = sympy.diff(taylor, step)
    return found


def _check_smooth(
    value: sympy.Expr, step: sympy.Symbol, assumptions: Assumptions, assumed: Premises, name: str
) -> None:
    """What depends on the step has all derivatives at 0, where no denominator vanishes and no root is of zero."""
    for node in sympy.preorder_traversal(value):
        if not isinstance(node, sympy.Expr) or step not in node.free_symbols:
            continue
        if node.is_Pow and not (node.exp.is_Integer and node.exp > 0):
            start = sympy.factor(sympy.cancel(node.base.xreplace({step: ZERO})))
            if step in node.exp.free_symbols or start == 0 or start.has(sympy.nan, sympy.zoo):
                raise ValueError(f"{name} has no expansion in {step}, because of {node}")
            if not node.exp.is_Integer and not nonnegative(start):
                raise ValueError(f"{name} has no expansion in {step}: the sign of {start} is not known")
            _note_nonzero(start, assumptions, assumed)
        elif not (node.is_Symbol or node.is_Add or node.is_Mul or node.is_Pow or isinstance(node, sympy.exp)):
            raise ValueError(f"{name} has no expansion in {step}: {node.func} need not be smooth")


def _maps_stay_inside(claim: Follows, assumptions: Assumptions, assumed: Premises) -> None:
    """Where a hyperparameter is mapped out of its domain, nothing is said; raises ValueError if it always is."""
    conditions = []
    for x, value in claim.hyper.items():
        allowed, settled = x.allowed, sympy.cancel(value)
        if allowed.integer:
            raise ValueError(f"{x} = {value} need not be a whole number")
        low, high = (None if end is None else sympy.Rational(end) for end in (allowed.low, allowed.high))
        if low is not None and not _known(settled - low, assumptions, allowed.low_closed):
            conditions.append(sympy.Ge(value, low) if allowed.low_closed else sympy.Gt(value, low))
        if high is not None and not _known(high - settled, assumptions, allowed.high_closed):
            conditions.append(sympy.Le(value, high) if allowed.high_closed else sympy.Lt(value, high))
    if any(c == sympy.false for c in conditions) or not any(_point_inside(claim, conditions, assumptions)):
        raise ValueError(f"{' and '.join(map(str, conditions))} is not known of any step")
    for condition in conditions:
        assumed.holds(condition)


def _known(value: sympy.Expr, assumptions: Assumptions, closed: bool) -> bool:
    """Whether `value` is known to be above zero, or, if the end is `closed`, at least zero."""
    settled = sympy.factor(sympy.cancel(assumptions.assume(value)))
    return nonnegative(settled) if closed else positive(settled, assumptions)


def _point_inside(claim: Follows, conditions: list[sympy.Basic], assumptions: Assumptions) -> Iterator[bool]:
    """Whether simple numbers and two small steps satisfy the conditions."""
    names = sorted({s.name for c in conditions for s in c.free_symbols} - {claim.dt.name})
    if not conditions:
        yield True
    for point in samples(names, assumptions):
        yield all(_holds(c, {**point, claim.dt.name: dt}) for c in conditions for dt in _SMALL)


def _holds(condition: sympy.Basic, values: Mapping[str, Fraction]) -> bool:
    try:
        return bool(exact.evaluate(condition, values))
    except (UndefinedError, UndecidableError, OverflowError, KeyError):
        return False


def _shown_wrong(claim: Follows, wrong: _Wrong, assumed: Premises, assumptions: Assumptions) -> dict[str, str] | None:
    """Numbers at which the line is certainly wrong, and at which small steps keep all that is assumed."""
    conditions = assumed.statement(SmallSteps(claim.equation, claim.dt, {}, {}, claim.order)).conditions
    parts = (wrong.found, wrong.wanted, *conditions)
    names = sorted({s.name for part in parts for s in part.free_symbols} - {claim.dt.name})
    for point in samples(names, assumptions):
        if not all(_holds(c, {**point, claim.dt.name: dt}) for c in conditions for dt in _SMALL):
            continue
        try:
            left, right = (exact.evaluate(side, point) for side in (wrong.found, wrong.wanted))
        except (UndefinedError, UndecidableError, OverflowError):
            continue
        if exact.differ(left, right):
            shown = {name: str(value) for name, value in point.items()}
            return {"of": wrong.text, **shown, "left": exact.shown(left), "right": exact.shown(right)}
    return None


def _facts(claim: Follows, rule: Optimizer) -> Assumptions:
    """What is known of the symbols of the rule and of those that the claim brings."""
    brought = {s for v in (*claim.equation.values(), *claim.hyper.values()) for s in v.free_symbols}
    domains = {s.name: s.allowed for s in brought if isinstance(s, Hyper)}
    known = {**Assumptions.of(rule).domains, **domains, claim.dt.name: POSITIVE}
    return Assumptions({n: d for n, d in known.items() if n not in {s.name for s in claim.equation}})


def _own(claim: Follows, rule: Optimizer) -> dict[str, sympy.Expr]:
    """The new values of `w` and of the states, in the quantities of the equation."""
    state = {s.name: value for s, value in claim.state.items()}
    before = {**{x.name: v for x, v in claim.hyper.items()}, **state}
    return {name: substitute(value, before) for name, value in by_name(transition(rule)).items()}


def _steps(claim: Follows, rule: Optimizer) -> dict[sympy.Symbol, sympy.Expr]:
    """What a step makes of the quantities of the equation. Raises ValueError where that cannot be told."""
    if claim.order > 1 and h.name in {s.name for s in (*rule.hypers, *rule.state)}:
        raise ValueError("it has an h of its own, which is not the curvature")
    state, own = {s.name: value for s, value in claim.state.items()}, _own(claim, rule)
    after: dict[sympy.Symbol, sympy.Expr] = {}
    for symbol in claim.equation:
        if symbol.name in own and symbol.name not in state:
            after[symbol] = own[symbol.name]
            continue
        source = next((n for n, value in state.items() if symbol in value.free_symbols), None)
        if source is None:
            raise ValueError(f"no state of the rule moves with {symbol}")
        slope = sympy.diff(state[source], symbol)
        rest = state[source].xreplace({symbol: ZERO})
        if {s.name for s in (slope + rest).free_symbols} & {s.name for s in claim.equation}:
            raise ValueError(f"{source} is not a multiple of {symbol}")
        after[symbol] = (own[source] - rest) / slope
    names = {s.name for value in after.values() for s in value.free_symbols}
    if "t" in names:
        raise ValueError("a step depends on its number")
    known = {s.name for s in (*claim.equation, *claim.state)}
    if left := sorted(names & {s.name for s in rule.state} - known):
        raise ValueError(f"it is not said how {' and '.join(left)} moves")
    return after


def _along(expr: sympy.Expr, claim: Follows) -> sympy.Expr:
    """The derivative of `expr` in time, along the equation."""
    velocity = next(v for s, v in claim.equation.items() if s.name == "w")
    total = sum(sympy.diff(expr, s) * v for s, v in claim.equation.items())
    g = [s for s in expr.free_symbols if s.name == "g"]
    return total + sum(sympy.diff(expr, s) * h * velocity for s in g)
