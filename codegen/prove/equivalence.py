"""Two rules that are one: a map of state and hyperparameters that every step preserves."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import ClassVar

import sympy
from sympy.core.relational import Relational

from ..algebra import exact
from ..algebra.assumptions import Assumptions
from ..algebra.tactics import decide
from ..analysis import apart, defined
from ..analysis.derive import by_name, inlined, transition
from ..analysis.inside import leads_inside
from ..analysis.invariants import invariants
from ..analysis.premises import Premises
from ..analysis.proof import (
    ONE,
    ZERO,
    Formatter,
    Proof,
    T,
    denominators,
    has_arrays,
    prove_claim,
    substitute,
    symbol_in,
)
from ..claims.base import Claim
from ..claims.equivalence import Equals
from ..result import PROVED, REFUTED, UNDECIDED, Outcome, Result
from ..spec.domain import FROM_ONE
from ..spec.rules import Optimizer
from ..spec.symbols import GRADIENT, PARAMETER, STEP, Array, Hyper, Scalar
from ..statement import Not, Said, SameRun

Expressions = Mapping[str, sympy.Expr]
Hypers = Callable[[int], Mapping[str, exact.Number]]  # the hyperparameters of a step

_LATER = replace(FROM_ONE, low=Fraction(2))  # the steps after the first


@dataclass(frozen=True)
class Mapped:
    """A claim with nothing left out. Both rules are such as a training loop runs; names are those of `other`."""

    claim: Equals
    declared: Optimizer
    rule: Optimizer
    other: Optimizer
    hyper: Expressions
    state: Expressions

    @classmethod
    def of(cls, claim: Equals, rule: Optimizer) -> Mapped:
        declared, rule, other = rule, rule.runnable, claim.other.runnable
        if declared.own_w is not None:  # where a map says w, it is the rule's own
            kept = {s: declared.own_w for v in claim.state.values() for s in v.free_symbols if s.name == "w"}
            claim = replace(claim, state={name: value.xreplace(kept) for name, value in claim.state.items()})
        own = {s.name: s for s in (*rule.hypers, *rule.state)}
        fixed = {h.name: value for h, value in claim.at.items()}
        hyper = {h.name: substitute(claim.hyper.get(h.name, own.get(h.name, h)), fixed) for h in other.hypers}
        state = {s.name: substitute(claim.state.get(s.name, own.get(s.name, s)), fixed) for s in other.state}
        return cls(claim, declared, rule, other, hyper, state)

    @cached_property
    def fixed(self) -> Expressions:
        """The hyperparameters of the rule that are numbers."""
        return {h.name: value for h, value in self.claim.at.items()}

    @property
    def constant(self) -> frozenset[str]:
        return frozenset(h.name for h in self.claim.constant)

    @property
    def relation(self) -> SameRun:
        return SameRun(self.other, self.hyper, self.state)


@prove_claim.register
def _(claim: Equals, rule: Optimizer) -> Iterator[Result]:
    claim, rule, told = _told(claim, rule)
    found = Mapped.of(claim, rule)
    assumed = Premises(found.rule, at=claim.at)
    for words in told:
        assumed.noted(words)
    outside = enter(found, assumed)
    if outside is not None:
        statement = assumed.statement(found.relation)
        outcome = Outcome(REFUTED, "a map that leaves the domain of the other", outside)
        yield outcome.of(claim.label, statement)
        return
    proof = Proof(assumed.assumptions)
    simulate(proof, found, assumed)
    vary = [h for h in found.rule.hypers if h.name not in found.constant]
    statement = assumed.statement(found.relation)
    if sympy.false in statement.conditions:
        reason = "one of the two has a value in no run, so that there is nothing to be equal to"
        yield Outcome(UNDECIDED, "induction", reason=reason).of(claim.label, statement)
        return
    result = proof.result(claim.label, statement, "induction", lambda: trace(found, assumed, apart.variations(vary)))
    yield result
    if result.status == PROVED and claim.constant:
        yield _necessity(found, assumed)


def _told(claim: Equals, rule: Optimizer) -> tuple[Equals, Optimizer, list[str]]:
    """A claim and a rule without the inputs of which the claim says what the gradient makes of them; and what it says.

    That rule takes exactly those steps of `rule` in which its inputs are that.
    """
    told = {h: v for h, v in claim.at.items() if any(not isinstance(s, Hyper) for s in v.free_symbols)}
    if not told:
        return claim, rule, []
    steps = tuple(replace(step, value=step.value.xreplace(told)) for step in rule.steps)
    spell = Formatter(rule)
    return (
        replace(claim, at={h: v for h, v in claim.at.items() if h not in told}),
        replace(rule, steps=steps, claims=()),
        [f"{h} = {spell(v)} in every step" for h, v in told.items()],
    )


def enter(found: Mapped, assumed: Premises) -> dict[str, str] | None:
    """Hyperparameters with which the maps leave a domain; None if it is noted in `assumed` why there are none."""
    claim = found.claim
    for condition in claim.where:
        assumed.holds(condition)
    own = {h.name: h for h in found.rule.hypers}
    entered = [(name, value, own[name], found.rule) for name, value in found.fixed.items() if name in own]
    entered += [(h.name, found.hyper[h.name], h, found.other) for h in found.other.hypers]
    for name, value, hyper, of in entered:
        allowed = Assumptions.of(of).domains[hyper.name]
        outside = leads_inside(value, allowed, assumed, claim.where)
        if outside is not None:
            return {
                **_run_through(outside.point, found, assumed),
                f"{name} of {of.name}": outside.shown,
                f"{name} has to be": str(hyper.domain),
            }
    return None


def _run_through(point: Mapping[str, Fraction], found: Mapped, assumed: Premises) -> dict[str, str]:
    """A run that comes by the hyperparameters of `point`, in the step that it names."""
    names = [h.name for h in found.rule.hypers if h.name not in {*found.fixed, *point}]
    t = int(point.get(STEP, 1))
    values = {**next(apart.settings(names, assumed.assumptions), {}), **point}
    values.pop(STEP, None)
    return {"t": str(t), "gradients": ", ".join("1" * t), "w[0]": "0", **{n: str(v) for n, v in values.items()}}


# The induction.


def simulate(proof: Proof, found: Mapped, assumed: Premises) -> None:
    """By induction: the map takes initial state to initial state, and a step of one to a step of the other.

    The states before step t+1 belong to the hyperparameters of step t, which are other symbols unless they are
    constant. A map that has no value at t = 0 is followed from the first step on.
    """
    _turn(found, assumed)
    assumed.nonzero(*denominators(found.state.values()))
    used = {s.name for value in found.state.values() for s in value.free_symbols}
    before = {h.name: assumed.before(h, h.name in found.constant) for h in found.rule.hypers if h.name in used}
    assumptions = assumed.assumptions
    if decided_by_states(found.rule, found.other):
        held = invariants(found.rule)
        assumptions = held.assumptions(assumptions)
        if held.nonnegative:
            signs = ", ".join(f"{name} >= 0" for name in held.nonnegative)
            proof.given(signs, "by induction, whatever the gradients are")
    proof.assumptions = assumptions
    start = {s.name: substitute(v, found.fixed) for s, v in found.rule.state.items()}
    resting = _resting(proof, found, assumed, start)
    if _has_values_at_start(found.state, start):
        _begin(proof, found, start)
    else:
        _first(proof, found, start)
        proof.assumptions = proof.assumptions.also(t=_LATER)
    mapped = {name: substitute(substitute(value, before), {STEP: T - 1}) for name, value in found.state.items()}
    mapped = {name: substitute(value, resting) for name, value in mapped.items()}
    _step(proof, found, mapped, "t -> t+1", "induction step", resting)
    if proof.failed is None:
        _have_values(found, mapped, assumed)


def _resting(proof: Proof, found: Mapped, assumed: Premises, start: Expressions) -> Expressions:
    """The states that no step changes from what they start at, such as a step length that is multiplied by 1."""
    spell, resting = Formatter(found.rule), {}
    for state, stepped in transition(found.rule).items():
        first = start.get(state.name)
        if first is None or not {s.name for s in first.free_symbols} <= found.constant:
            continue
        after = substitute(substitute(stepped, found.fixed), {state.name: first})
        if decide(after, first, proof.assumptions).status == PROVED:
            assumed.constant(first)
            proof.given(f"{state} = {spell(first)}", "by induction: it starts there, and no step changes it")
            resting[state.name] = first
    return resting


def _have_values(found: Mapped, mapped: Expressions, assumed: Premises) -> None:
    """Both rules have a value in every step: where this one has none, there is no run that the other could have."""
    assumed.defined()
    numbers = {name: value for name, value in found.hyper.items() if value.is_number}
    own = {_over_states(c, found.rule, found.fixed) for c in assumed.statement(found.relation).conditions}
    for condition in defined.conditions(found.other, at=numbers):
        inner = _over_states(condition, found.other, {**found.hyper, **mapped})
        if inner in own:
            continue
        if not isinstance(inner, sympy.Ne):
            assumed.holds(inner)
            continue
        for factor in sympy.Mul.make_args(sympy.factor_terms(inner.lhs - inner.rhs)):
            # what is zero only where another factor is need not be said
            base = factor.base if factor.is_Pow and factor.exp.is_positive else factor
            if sympy.Ne(base, 0) not in own:
                assumed.nonzero(base)


def _over_states(condition: sympy.Basic, rule: Optimizer, values: Expressions) -> sympy.Basic:
    """A condition in terms of what there is before the step, with `values` by name."""
    inner = condition.xreplace(inlined(rule))
    return inner.xreplace({s: values[s.name] for s in inner.free_symbols if s.name in values})


def _turn(found: Mapped, assumed: Premises) -> None:
    """The variable in which a training loop runs a rule whose gradient is taken elsewhere is that one only while its
    hyperparameters are constant."""
    for rule, hyper in ((found.claim.other, found.hyper), (found.declared, {})):
        if rule.gradient_at is None:
            continue
        spell = Formatter(rule)
        assumed.noted(f"w of {rule.name} means {spell(rule.gradient_at)}")
        for h in rule.hypers:
            if h in rule.gradient_at.free_symbols:
                assumed.constant(hyper.get(h.name, h))


def _begin(proof: Proof, found: Mapped, start: Expressions) -> None:
    """The states before the first step."""
    spell = Formatter(found.rule)
    first = {name: substitute(value, {STEP: ONE}) for name, value in found.hyper.items()}
    for symbol, value in found.other.state.items():
        ours = substitute(substitute(found.state[symbol.name], start), {STEP: ZERO})
        text = f"t = 0: {symbol}[0] = {spell(found.state[symbol.name])}"
        proof.equal(ours, substitute(value, first), text, "base case")


def _has_values_at_start(state: Expressions, start: Expressions) -> bool:
    """Whether the map divides by nothing that is zero before the first step."""
    below = (substitute(substitute(d, start), {STEP: ZERO}) for d in denominators(state.values()))
    return all(sympy.simplify(d) != 0 for d in below)


def _first(proof: Proof, found: Mapped, start: Expressions) -> None:
    """The first step, from the states before it of both."""
    first = {name: substitute(value, {STEP: ONE}) for name, value in found.hyper.items()}
    theirs = {s.name: substitute(v, first) for s, v in found.other.state.items()}
    _step(proof, found, theirs, "t = 1", "base case", {**start, STEP: ONE})


def _step(
    proof: Proof, found: Mapped, mapped: Expressions, when: str, because: str, now: Expressions | None = None
) -> None:
    """A step of the other from the states `mapped` is the map of a step of the rule; `now` is known of its past."""
    now, spell = now or {}, Formatter(found.rule)
    own = {name: substitute(v, found.fixed) for name, v in by_name(transition(found.rule)).items()}
    theirs = by_name(transition(found.other))
    for name in [*found.state, "w"]:
        stepped = substitute(substitute(theirs[name], {**found.hyper, **mapped}), now)
        expected = own["w"] if name == "w" else substitute(found.state[name], own)
        meaning = "w" if name == "w" else spell(found.state[name])
        text = f"{when}: {found.other.name}'s {name} is {meaning} after the step, too"
        proof.equal(stepped, substitute(expected, now), text, because)


def decided_by_states(*rules: Optimizer) -> bool:
    """Whether a comparison of states decides what a step does, so that it may matter what states can be."""
    choices = (c for rule in rules for step in rule.steps for c in step.value.atoms(Relational))
    return any(has_arrays(c) for c in choices)


# Runs in which two rules differ.


def trace(found: Mapped, assumed: Premises, vary: Iterable[tuple[str, ...]]) -> dict[str, str] | None:
    """Exact numbers for which the two rules give different `w`, at the smallest t.

    `vary` are the hyperparameters that change from step to step, each choice of them in turn.
    """
    rules, theirs = (found.rule, found.other), Assumptions.of(found.other)
    names = [h.name for h in found.rule.hypers if h.name not in found.fixed]
    choices = [tuple(n for n in varied if n in names) for varied in vary]
    for gradients in apart.GRADIENTS:
        for values, varied, w in itertools.product(
            apart.settings(names, assumed.assumptions), choices, apart.starts(*rules)
        ):
            own = apart.changing(values, varied, assumed.assumptions)

            def whole(t: int, own: Hypers = own) -> dict[str, exact.Number]:
                return {**own(t), **{n: exact.evaluate(v, own(t)) for n, v in found.fixed.items()}}

            def other(t: int, whole: Hypers = whole) -> dict[str, exact.Number]:
                return apart.mapped(found.hyper, whole(t), t, theirs)

            try:
                if not holding(assumed, [whole(t) for t in range(1, len(gradients) + 1)]):
                    continue
                parted = apart.parted(rules, gradients, (whole, other), w)
            except ArithmeticError:
                continue
            if parted is not None:
                t, first, second = parted
                shown = {name: apart.shown(value) for name, value in whole(1).items()}
                shown |= {n: ", ".join(apart.shown(whole(s)[n]) for s in range(1, t + 1)) for n in varied}
                return {
                    "t": str(t),
                    "gradients": ", ".join(map(str, gradients[:t])),
                    "w[0]": str(w),
                    **shown,
                    f"w[{t}] of {found.rule.name}": exact.shown(first),
                    f"w[{t}] of {found.other.name}": exact.shown(second),
                }
    return None


def holding(assumed: Premises, steps: list[dict[str, exact.Number]]) -> bool:
    """Whether what is assumed of the hyperparameters holds in each of the `steps`."""
    conditions = assumed.statement(Said("")).conditions
    known = {h.name for h in assumed.rule.hypers} | {STEP}
    about = [c for c in conditions if {s.name for s in c.free_symbols} <= known]
    return all(exact.evaluate(c, {**values, STEP: t}) for t, values in enumerate(steps, start=1) for c in about)


def _necessity(found: Mapped, assumed: Premises) -> Result:
    """Without the condition the two rules part, whichever of the hyperparameters changes."""
    claim, changing = found.claim, Premises(found.rule, at=found.claim.at)
    enter(found, changing)
    changing.nonzero(*denominators(found.state.values()))
    names = ", ".join(map(str, claim.constant))
    label = f"{claim.label}: needs constant {names}"
    traces = {h: trace(found, assumed, [(h.name,)]) for h in claim.constant}
    missing = ", ".join(str(h) for h, run in traces.items() if run is None)
    gap = "" if missing else _gap(found)
    because = f"if {names} changes from step to step, the two differ" + (f", at t = 2 by {gap}" if gap else "")
    statement = changing.statement(Not(found.relation, because))
    if missing:
        reason = f"no trace was found in which they differ because of {missing}"
        return Outcome(UNDECIDED, reason=reason).of(label, statement)
    return Outcome(PROVED, "a trace", counterexample=traces[claim.constant[0]]).of(label, statement)


def _gap(found: Mapped) -> str:
    """This rule's `w` less the other's after two steps with other hyperparameters in each, as a formula.

    None if it is long, or if they part later only.
    """
    own = {h.name: found.fixed.get(h.name, h) for h in found.rule.hypers}
    weights = []
    for optimizer, through in ((found.rule, own), (found.other, found.hyper)):
        values: dict[str, sympy.Expr] = {}
        for t in (1, 2):
            dated = {h: Scalar(f"{h}[{t}]") for h in found.claim.constant}
            used = {
                h.name: substitute(through[h.name].xreplace(dated), {STEP: sympy.Integer(t)}) for h in optimizer.hypers
            }
            if t == 1:
                values = {s.name: substitute(v, used) for s, v in optimizer.state.items()}
                values[PARAMETER] = sympy.Symbol(PARAMETER, real=True)
            used |= {GRADIENT: Array(f"g[{t}]"), STEP: sympy.Integer(t)}
            values = {s.name: substitute(e, {**values, **used}) for s, e in transition(optimizer).items()}
        weights.append(values[PARAMETER])
    gap = sympy.factor(sympy.expand(weights[0] - weights[1]))
    return Formatter(found.rule)(gap) if gap != 0 and gap.count_ops() < 20 else ""


# A gradient that is taken elsewhere.


@dataclass(frozen=True)
class ChangeOfVariables(Claim):
    """A rule whose gradient is taken at x = w + d is, in the variable x, the rule that is generated."""

    label: ClassVar[str] = "change of variables"


@prove_claim.register
def _(claim: ChangeOfVariables, rule: Optimizer) -> Iterator[Result]:
    spell, point = Formatter(rule), rule.gradient_at
    assert point is not None  # it is said of no other rule
    derived, own = by_name(transition(rule.runnable)), transition(rule)
    x = spell(point)
    assumed = Premises(rule)
    proof = Proof(assumed.assumptions)
    inside = {"w": point}
    if rule.own_w is not None:
        w = symbol_in(point, "w")
        inside[rule.own_w.name] = w
        moved = substitute(derived[rule.own_w.name], inside)
        proof.equal(moved, own[w], f"with x = {x}, {rule.own_w}_new is w_new of the rule", "one step")
    for state in rule.state:
        stepped = substitute(derived[state.name], inside)
        proof.equal(stepped, own[state], f"with x = {x}, {state}_new is that of the rule", "one step")
    after = point.xreplace(own)
    proof.equal(substitute(derived["w"], inside), after, f"x_new = {x} with the new values", "one step")
    assumed.constant(point)  # x is with the hyperparameters of the step to come, x_new with those of this one
    relation = Said(f"the code is this rule in the variable x = {x}, where its gradient is taken")
    yield proof.result(claim.label, assumed.statement(relation), "substitution", lambda: None)
