"""Two rules that are one: a map of state and hyperparameters that every step preserves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import sympy
from sympy.core.relational import Relational

from codegen import reference
from codegen.claims.base import Claim
from codegen.claims.rules import Equals
from codegen.derive import by_name, runnable, transition
from codegen.invariants import invariants
from codegen.prove.base import (
    ZERO,
    Proof,
    Speller,
    T,
    domains_of,
    has_arrays,
    nonzero_denominators,
    prove_claim,
    search,
    setting,
    substitute,
)
from codegen.result import PROVED, UNDECIDED, Result
from codegen.spec import Array, Hyper, Optimizer, Scalar
from codegen.tactics import Facts, differ, shown


@prove_claim.register
def _(claim: Equals, rule: Optimizer) -> Iterator[Result]:
    rule, claim = runnable(rule), replace(claim, other=runnable(claim.other))
    facts, other = Facts.of(rule), claim.other
    fixed = dict(claim.at)
    hyper, state = _maps(claim, rule)
    statement = _equivalence(claim, rule, hyper, state)
    given = tuple(f"{name} constant" for name in map(str, claim.constant))
    nonzero = nonzero_denominators([*hyper.values(), *state.values()], facts)
    assumptions = (*given, *nonzero, *domains_of(rule, *hyper.values(), *state.values()), "t >= 1")

    proof = Proof(facts)
    _simulate(proof, rule, other, hyper, state, fixed, frozenset(claim.constant))
    result = proof.result(
        claim.label,
        statement,
        "induction",
        assumptions,
        lambda: _difference(
            claim, rule, hyper, () if claim.constant else tuple(h for h in rule.hypers if h.name == "lr")
        ),
    )
    yield result
    if result.status == PROVED and claim.constant:
        yield _necessity(claim, rule, hyper)


def simulation(claim: Equals, rule: Optimizer) -> Proof:
    """The induction by which `claim` is proved, as far as it goes; both rules can be run by a training loop."""
    proof = Proof(Facts.of(rule))
    hyper, state = _maps(claim, rule)
    _simulate(proof, rule, claim.other, hyper, state, dict(claim.at), frozenset(claim.constant))
    return proof


def _maps(claim: Equals, rule: Optimizer) -> tuple[dict[str, sympy.Expr], dict[str, sympy.Expr]]:
    """The whole maps of hyperparameters and states, with what goes by the same name filled in."""
    own = {s.name: s for s in (*rule.hypers, *rule.state)}
    fixed = dict(claim.at)
    hyper = {h.name: claim.hyper.get(h.name, own.get(h.name, h)).xreplace(fixed) for h in claim.other.hypers}
    state = {s.name: claim.state.get(s.name, own.get(s.name, s)).xreplace(fixed) for s in claim.other.state}
    return hyper, state


def _simulate(
    proof: Proof,
    rule: Optimizer,
    other: Optimizer,
    hyper: Mapping[str, sympy.Expr],
    state: Mapping[str, sympy.Expr],
    fixed: Mapping[sympy.Symbol, sympy.Expr],
    constant: frozenset[Hyper],
) -> None:
    """By induction: the map takes initial state to initial state, and a step of one to a step of the other.

    The states before step t+1 belong to the hyperparameters of step t, which are other symbols unless
    they are constant.
    """
    before = {h: h if h in constant else sympy.Symbol(f"{h}_before", real=True) for h in rule.hypers}
    facts = proof.facts.also(**{str(b): proof.facts.domains[h.name] for h, b in before.items()})
    if decided_by_states(rule, other):
        held = invariants(rule)
        facts = held.facts(facts)
        proof.given(", ".join(f"{name} >= 0" for name in held.nonnegative), "by induction, whatever the gradients are")
    proof.facts = facts
    spell = Speller(rule)
    start = {s: v.xreplace(fixed) for s, v in rule.state.items()}
    for symbol, value in other.state.items():
        expected = substitute(value, hyper)
        at_zero = substitute(state[symbol.name].xreplace(start), {"t": ZERO})
        proof.equal(at_zero, expected, f"t = 0: {symbol}[0] = {spell(state[symbol.name])}", "base case")
    own = {s: v.xreplace(fixed) for s, v in transition(rule).items()}
    theirs = by_name(transition(other))
    mapped = {name: substitute(value.xreplace(before), {"t": T - 1}) for name, value in state.items()}
    new_own = {s.name: v for s, v in own.items()}
    for name in [*state, "w"]:
        stepped = substitute(theirs[name], {**hyper, **mapped})
        expected = new_own["w"] if name == "w" else state[name].xreplace(own)
        text = f"t -> t+1: {other.name}'s {name} is {'w' if name == 'w' else spell(state[name])} after the step, too"
        proof.equal(stepped, expected, text, "induction step")


def decided_by_states(*rules: Optimizer) -> bool:
    """Whether a comparison of states decides what a step does, so that it may matter what states can be."""
    choices = (c for rule in rules for step in rule.steps for c in step.value.atoms(Relational))
    return any(has_arrays(c) for c in choices)


def _equivalence(claim: Equals, rule: Optimizer, hyper: Mapping, state: Mapping) -> str:
    spell = Speller(rule)
    at = ", ".join(f"{h}={spell(value)}" for h, value in claim.at.items())
    arguments = ", ".join(f"{name}={spell(value)}" for name, value in hyper.items())
    states = ", ".join(f"{name} = {spell(value)}" for name, value in state.items())
    left, right = f"{rule.name}{f' at {at}' if at else ''}", f"{claim.other.name}({arguments})"
    return f"{left} = {right} with {states}" if states else f"{left} = {right}"


def _necessity(claim: Equals, rule: Optimizer, hyper: Mapping[str, sympy.Expr]) -> Result:
    """Without the condition the two rules part, whichever of the hyperparameters changes."""
    names = ", ".join(map(str, claim.constant))
    traces = {h: _difference(claim, rule, hyper, (h,)) for h in claim.constant}
    label = f"{claim.label}: needs constant {names}"
    if None in traces.values():
        missing = ", ".join(str(h) for h, trace in traces.items() if trace is None)
        return Result(
            "",
            label,
            UNDECIDED,
            f"if {names} changes, the two differ",
            reason=f"no trace was found in which they differ because of {missing}",
        )
    trace = traces[claim.constant[0]]
    gap = _gap(claim, rule, hyper)
    statement = f"if {names} changes from step to step, the two differ" + (f": at t = 2 by {gap}" if gap else "")
    return Result("", label, PROVED, statement, "a trace", counterexample=trace)


def _gap(claim: Equals, rule: Optimizer, hyper: Mapping[str, sympy.Expr]) -> str:
    """This rule's `w` less the other's after two steps with other hyperparameters in each, as a formula."""
    weights = []
    for optimizer, through in ((rule, {}), (claim.other, hyper)):
        values: dict[str, sympy.Expr] = {s.name: v for s, v in optimizer.state.items()}
        values["w"] = sympy.Symbol("w", real=True)
        for t in (1, 2):
            dated = {h: Scalar(f"{h}[{t}]") if h in claim.constant else h for h in rule.hypers}
            used = {h.name: through.get(h.name, h).xreplace(dated) for h in optimizer.hypers}
            used |= {"g": Array(f"g[{t}]"), "t": sympy.Integer(t)}
            values = {s.name: substitute(e, {**values, **used}) for s, e in transition(optimizer).items()}
        weights.append(values["w"])
    gap = sympy.factor(sympy.expand(weights[0] - weights[1]))
    return Speller(rule)(gap) if gap.count_ops() < 20 else ""


def _difference(
    claim: Equals, rule: Optimizer, hyper: Mapping[str, sympy.Expr], vary: tuple[Hyper, ...]
) -> dict[str, str] | None:
    """Numbers for which the two rules give different `w`, at the smallest t; `vary` changes from step to step."""
    varied = [h.name for h in vary]

    def disagree(values: Mapping[str, Fraction], gradients: tuple) -> dict[str, str] | None:
        values = {**values, **{h.name: _rational(v) for h, v in claim.at.items()}}

        def own(t: int) -> dict[str, Fraction]:
            return {n: v / t if n in varied else v for n, v in values.items()}

        def theirs(t: int) -> dict:
            here = {n: reference.number(v) for n, v in own(t).items()} | {"t": t}
            return {name: reference.evaluate(expr, here) for name, expr in hyper.items()}

        first = reference.run(rule, gradients, own)
        second = reference.run(claim.other, gradients, theirs)
        for a, b in zip(first, second, strict=True):
            if differ(a["w"], b["w"]):
                t = a["t"]
                found = setting(values, gradients, t)
                found |= {n: ", ".join(str(own(s)[n]) for s in range(1, t + 1)) for n in varied}
                return {
                    **found,
                    f"w[{t}] of {rule.name}": shown(a["w"]),
                    f"w[{t}] of {claim.other.name}": shown(b["w"]),
                }
        return None

    return search(rule, disagree)


def _rational(value: sympy.Expr) -> Fraction:
    return Fraction(int(value.p), int(value.q)) if value.is_Rational else Fraction(str(value))


# A gradient that is taken elsewhere.


@dataclass(frozen=True)
class ChangeOfVariables(Claim):
    """A rule whose gradient is taken at x = w + d is, in the variable x, the rule that is generated."""

    @property
    def label(self) -> str:
        return "change of variables"


@prove_claim.register
def _(claim: ChangeOfVariables, rule: Optimizer) -> Iterator[Result]:
    spell, point = Speller(rule), rule.gradient_at
    derived, own = by_name(transition(runnable(rule))), transition(rule)
    x = spell(point)
    proof = Proof(Facts.of(rule))
    for state in rule.state:
        stepped = substitute(derived[state.name], {"w": point})
        proof.equal(stepped, own[state], f"with x = {x}, {state}_new is that of the rule", "one step")
    after = point.xreplace(own)
    proof.equal(substitute(derived["w"], {"w": point}), after, f"x_new = {x} with the new values", "one step")
    statement = f"the code is this rule in the variable x = {x}, where its gradient is taken"
    constant = tuple(f"{name} constant" for name in sorted(h.name for h in rule.hypers if h in point.free_symbols))
    yield proof.result(claim.label, statement, "substitution", constant, lambda: None)
