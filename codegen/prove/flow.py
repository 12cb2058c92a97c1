"""The differential equation that a rule follows as its steps become small, by expansion in the step."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from codegen import domain
from codegen.claims.dynamics import Follows, h
from codegen.derive import by_name, runnable, transition
from codegen.domain import Domain
from codegen.prove.base import ZERO, Proof, Speller, prove_claim, substitute
from codegen.result import REFUTED, UNDECIDED, Result
from codegen.spec import Hyper, Optimizer
from codegen.tactics import POSITIVE, Facts

_FACTORIAL = (1, 1, 2)


@prove_claim.register
def _(claim: Follows, rule: Optimizer) -> Iterator[Result]:
    """In x + dt x' + dt**2 / 2 x'' the derivatives are those of the equation, by the chain rule with g' = h w'."""
    rule = runnable(rule)
    spell, dt = Speller(rule), claim.dt
    facts = _facts(claim, rule)
    statement = _statement(claim, spell)
    assumptions = ["the gradient is smooth", f"{dt} > 0", *_domains(claim, rule)]
    try:
        after = _steps(claim, rule)
    except ValueError as error:
        yield Result("", claim.label, UNDECIDED, statement, "expansion", reason=str(error))
        return
    proof = Proof(facts)
    wrong = ""
    exact = {s: [s, value] for s, value in claim.equation.items()}
    for symbol in exact if claim.order > 1 else ():
        exact[symbol].append(_along(claim.equation[symbol], claim))
    for symbol, value in after.items():
        taylor = sympy.cancel(facts.assume(value))
        step = facts.symbol(dt.name)
        for power, expected in enumerate(exact[symbol]):
            here = sympy.cancel(taylor.xreplace({step: ZERO})) / _FACTORIAL[power]
            wanted = expected / _FACTORIAL[power]
            name = spell(symbol)
            text = f"{name}_new = ... + {dt}**{power} * ({spell(wanted)}) + ..." if power else f"{name}_new -> {name}"
            because = ("no step", "the derivative by dt at 0", "the second derivative by dt at 0, halved")[power]
            if here.has(sympy.nan, sympy.zoo, sympy.oo):
                reason = f"{name} has no expansion in {dt}"
                yield Result("", claim.label, UNDECIDED, statement, "expansion", reason=reason)
                return
            if not proof.equal(here, wanted, text, because):
                wrong = wrong or text
            taylor = sympy.diff(taylor, step)
    if proof.failed is not None and proof.failed.point is not None:
        found = {"of": wrong, **proof.failed.point}
        yield Result("", claim.label, REFUTED, statement, "evaluation at a point", counterexample=found)
        return
    yield proof.result(claim.label, statement, f"expansion in {dt}", tuple(assumptions), lambda: None)


def _facts(claim: Follows, rule: Optimizer) -> Facts:
    """What is known of the symbols of the rule and of those that the claim brings."""
    brought = {s for v in (*claim.equation.values(), *claim.hyper.values()) for s in v.free_symbols}
    domains = {s.name: domain.parse(str(s.domain)) for s in brought if isinstance(s, Hyper)}
    known = {**Facts.of(rule).domains, **domains, claim.dt.name: POSITIVE}
    return Facts({n: d for n, d in known.items() if n not in {s.name for s in claim.equation}})


def _domains(claim: Follows, rule: Optimizer) -> tuple[str, ...]:
    facts = _facts(claim, rule).domains
    values = sympy.Tuple(*claim.equation.values(), *claim.hyper.values())
    names = sorted({s.name for s in values.free_symbols} & set(facts) - {claim.dt.name, "t"})
    return tuple(facts[n].condition(n) for n in names if facts[n] != Domain())


def _steps(claim: Follows, rule: Optimizer) -> dict[sympy.Symbol, sympy.Expr]:
    """What a step makes of the quantities of the equation. Raises ValueError where that cannot be told."""
    state = {s.name: value for s, value in claim.state.items()}
    before = {**{x.name: v for x, v in claim.hyper.items()}, **state}
    own = {name: substitute(value, before) for name, value in by_name(transition(rule)).items()}
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
    dated = {s.name for value in after.values() for s in value.free_symbols} & {"t"}
    if dated:
        raise ValueError("a step depends on its number")
    return after


def _along(expr: sympy.Expr, claim: Follows) -> sympy.Expr:
    """The derivative of `expr` in time, along the equation."""
    velocity = next(v for s, v in claim.equation.items() if s.name == "w")
    total = sum(sympy.diff(expr, s) * v for s, v in claim.equation.items())
    g = [s for s in expr.free_symbols if s.name == "g"]
    return total + sum(sympy.diff(expr, s) * h * velocity for s in g)


def _statement(claim: Follows, spell: Speller) -> str:
    equations = ", ".join(f"d{s}/dt = {spell(value)}" for s, value in claim.equation.items())
    given = ", ".join(f"{s} = {spell(v)}" for s, v in (*claim.hyper.items(), *claim.state.items()))
    where = f" with {given}" if given else ""
    text = f"a step{where} is one of length {claim.dt} of {equations}, but for terms of {claim.dt}**{claim.order + 1}"
    w = next(s for s in claim.equation if s.name == "w")
    velocity = claim.equation[w]
    if velocity in claim.equation and velocity != w:
        rate = type(velocity)("w'")
        text += f"; that is w'' = {spell(claim.equation[velocity].xreplace({velocity: rate}))}"
    return text
