"""Closed forms: what a state that obeys a linear recurrence is made of, for all t and any initial value.

`s[t] = a[t] * s[t-1] + x[t]` is solved by `s[t] = a[1] .. a[t] * s[0] + sum(a[i+1] .. a[t] * x[i], i=1..t)`.
Where the products have a closed form it is found, and proved by induction. From it follow the weights of past
inputs, their sum, the half-life, the bias, and the rule that is free of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import sympy

from ..algebra.assumptions import Assumptions
from ..algebra.shorten import shorten
from ..algebra.tactics import decide
from ..claims.states import unbiased
from ..result import PROVED, Result
from ..spec.domain import FROM_ONE, NATURAL, Domain
from ..spec.rules import Optimizer, Stage, Step
from ..spec.symbols import GRADIENT, STEP, Array, Hyper, New, Scalar, new
from ..statement import (
    Gradients,
    Holds,
    I,
    J,
    Start,
    T,
    after,
    at,
    expected,
    later_product,
    past_sum,
    product,
    spelling,
)
from ..statement.series import HalfLife, Weights
from ..statement.terms import Spelling
from .demands import demands
from .derive import inlined, needed
from .premises import Premises
from .proof import ONE, ZERO, Proof, denominators, has_arrays

_LATER = sympy.Symbol("n", integer=True, positive=True)


def held(assumed: Premises, *values: sympy.Expr) -> tuple[sympy.Expr, ...]:
    """`values` as the past has them: they are those of the present step only if no hyperparameter in them changes."""
    assumed.constant(*values)
    return values


def unclocked(assumed: Premises, *values: sympy.Expr) -> str:
    """Why the step number does not count the runs of a stage, if one of `values` depends on it.

    Where a stage ends the step, `t` does not count it; a stage that is always run runs then, too.
    """
    rule = assumed.runs.optimizer
    if not isinstance(rule, Stage):
        return ""
    timed = any(s.name == STEP for value in values for s in value.free_symbols)
    if rule.halts is not None and not timed:
        assumed.noted(f"{STEP} counts the runs of the stage")
    if rule.always and timed:
        assumed.noted("no stage ends a step")
    return f"the stage ends steps, so that {STEP} does not count its runs" if rule.halts is not None and timed else ""


def start_of(rule: Optimizer, *values: sympy.Expr) -> Start:
    """From which starts `values` have a value: from every one, if nothing that they depend on asks for more."""
    names = needed(rule, frozenset(s.name for value in values for s in value.free_symbols))
    asked = [d.value for step in rule.steps if step.target.name in names for d in demands(step.value)]
    fixed = all(isinstance(s, Hyper) or s.name == STEP for value in asked for s in value.free_symbols)
    return Start.ANY if fixed else Start.DECLARED


@dataclass(frozen=True)
class ClosedForm:
    """`state[t] = start * state[0] + sum(past * input[i], i=1..t)`.

    `factor` and `input` are those of the recurrence, over `t`, old states and what the steps compute. `past` is
    the product of the factors after step i up to step t, `start` that of all of them, for t >= 1; None where it
    has no simpler form. `terms` gives the coefficient of each array (or of 1) in the input.
    """

    state: sympy.Symbol
    factor: sympy.Expr
    input: sympy.Expr
    past: sympy.Expr | None
    start: sympy.Expr | None
    terms: tuple[tuple[sympy.Expr, sympy.Expr], ...]

    @property
    def ratio(self) -> sympy.Expr | None:
        """The factor of every step after the first, if it is one number."""
        return _at(self.factor, _LATER + 1) if self._settled(self.factor) else None

    def sum_of_weights(self, coefficient: sympy.Expr) -> sympy.Expr | None:
        """The sum of `coefficient * past` over i = 1..t, if it has a closed form, for t >= 1."""
        rest = ONE - self.factor
        share = sympy.cancel(coefficient / rest) if rest != 0 else sympy.nan
        if self.start is not None and not share.has(sympy.nan, sympy.zoo) and not _varies(share):
            return share * (1 - self.start)
        if self.ratio is None or not self._settled(coefficient):
            return None
        later, first = _at(coefficient, _LATER + 1), _at(coefficient, ONE)
        if self.ratio == 1:
            return first + (T - 1) * later if first != later else later * T
        share = later / (1 - self.ratio)
        return share + (first - share) * self.ratio ** (T - 1)

    def _settled(self, expr: sympy.Expr) -> bool:
        return not _varies(_at(expr, _LATER + 1)) and _LATER not in _at(expr, _LATER + 1).free_symbols


def _varies(expr: sympy.Expr) -> bool:
    """Whether `expr` may change from step to step."""
    return any(not isinstance(s, Hyper) and s != _LATER for s in expr.free_symbols)


def _at(expr: sympy.Expr, t: sympy.Expr) -> sympy.Expr:
    return expr.xreplace({s: t for s in expr.free_symbols if s.name == "t"})


def _own(rule: Optimizer, state: sympy.Symbol) -> sympy.Expr:
    """The new value of `state` over old states and arrays that steps compute; scalars are put in."""
    # what is computed from a scalar state stays as it is called, or the product would say nothing
    keep = frozenset(step.target for step in rule.steps if isinstance(step.target, Array | New))
    return inlined(rule, keep)[new(state)]


def closed_form(rule: Optimizer, state: sympy.Symbol) -> ClosedForm | None:
    """The closed form of `state`, or None if it obeys no linear recurrence in itself."""
    value = _own(rule, state)
    factor = sympy.diff(value, state)
    if state in factor.free_symbols:
        factor = sympy.cancel(factor)
        if state in factor.free_symbols:
            return None
    fed = value.xreplace({state: ZERO})
    past = start = None
    if factor != 0 and not has_arrays(factor) and not any(isinstance(s, New) for s in factor.free_symbols):
        first, later = _at(factor, ONE), _at(factor, _LATER + 1)
        if _LATER not in later.free_symbols and not _varies(later):
            past = later ** (T - I)
            start = later**T if first == later else first * later ** (T - 1)
        elif (found := _telescoped(factor)) is not None:
            past, start = found, first * _past_of(found, ONE)
    return ClosedForm(state, factor, fed, past, start, _terms(fed))


def _past_of(past: sympy.Expr, i: sympy.Expr) -> sympy.Expr:
    return past.xreplace({I: i})


def _telescoped(factor: sympy.Expr) -> sympy.Expr | None:
    """The product of `factor` over the steps i+1 to t, where it telescopes. It is proved where it is used."""
    if not factor.is_rational_function(T) or factor.free_symbols != {T}:
        return None
    j, i, t = sympy.symbols("j i t", integer=True, positive=True)
    product = sympy.gammasimp(sympy.product(factor.xreplace({T: j}), (j, i + 1, t)))
    return product.xreplace({i: I, t: T}) if product.is_rational_function(i, t) else None


def _terms(fed: sympy.Expr) -> tuple[tuple[sympy.Expr, sympy.Expr], ...]:
    found: dict[sympy.Expr, sympy.Expr] = {}
    for term in sympy.Add.make_args(fed):
        scalar, array = term.as_independent(*(s for s in term.free_symbols if has_arrays(s)), as_Add=False)
        found[array] = found.get(array, ZERO) + scalar
    return tuple((array, c) for array, c in found.items() if c != 0)


def closed_forms(rule: Optimizer) -> Iterator[Result]:
    """What is known of each state that is linear in itself: the solution, the weights, half-life and bias."""
    for state in rule.state:
        if (found := closed_form(rule, state)) is not None and not _unclocked(Premises(rule), found):
            solved = _solution(rule, found)
            yield solved
            if solved.status == PROVED:
                yield from _consequences(rule, found)


#: Symbols of the proofs, by names that no spec can have: start, past, product, expectation; how many steps later.
START, PAST, PRODUCT, MEAN, LATER = (sympy.Symbol(x, real=True) for x in ("s[0]", "S[t]", "P[t]", "E[x]", "t - i"))


def _unclocked(assumed: Premises, found: ClosedForm) -> str:
    return unclocked(assumed, found.factor, found.input)


def _solution(rule: Optimizer, found: ClosedForm) -> Result:
    assumed, name = Premises(rule, start=start_of(rule, new(found.state))), found.state.name
    assumed.defined(new(found.state))
    _unclocked(assumed, found)
    proof = Proof(assumed.assumptions.also(**{I.name: FROM_ONE, LATER.name: NATURAL}))
    after_next, following = _at(found.factor, T + 1), _own(rule, found.state)
    if found.factor == 0:
        proof.equal(following, found.input, f"{name}[t] does not depend on {name}[t-1]", "the spec")
        value = Holds(after(found.state), "=", at(found.input, T))
        return proof.result(f"closed form {name}", assumed.statement(value), "substitution", _none)
    if found.past is None or found.start is None:
        start = PRODUCT
        spell = spelling(assumed.runs)
        a, whole = spell(at(found.factor, J)), spell(product(at(found.factor, J)))
        proof.given(f"let P = {whole}; P[t+1] = a[t+1] * P[t], where a[j] = {a}", "definition")
    else:
        start, _ = held(assumed, found.start, found.past)  # a power of the factor has that of every step
        _gains(proof, found.factor, found.past, found.start, spelling(assumed.runs))
    proof.equal(
        _at(following, T + 1).xreplace({found.state: start * START + PAST}),
        after_next * (start * START + PAST) + _at(found.input, T + 1),
        f"t -> t+1: with {name} = {name}[t] the spec gives {name}[t+1]",
        "induction step; the past is one symbol",
    )
    solved = Holds(after(found.state), "=", _solved(found, assumed))
    return proof.result(f"closed form {name}", assumed.statement(solved), "induction", _none)


def _gains(proof: Proof, factor: sympy.Expr, past: sympy.Expr, start: sympy.Expr, spell: Spelling) -> None:
    """With every step the products of the factors gain one more, by induction."""
    later = {T: I + LATER}  # t >= i
    gaining, whole = spell(past, 2), spell(start, 2)
    proof.equal(_past_of(past, T), ONE, "i = t: the product is empty", "base case")
    proof.equal(
        past.xreplace({T: I + LATER + 1}),
        _at(factor, I + LATER + 1) * past.xreplace(later),
        f"t -> t+1: {gaining} gains the factor of step t+1",
        "induction step",
    )
    proof.equal(start.xreplace({T: ONE}), _at(factor, ONE), f"t = 1: {whole} is the first factor", "base case")
    proof.equal(
        start.xreplace({T: LATER + 2}),
        _at(factor, LATER + 2) * start.xreplace({T: LATER + 1}),
        f"t -> t+1: so does {whole}",
        "induction step",
    )


def _solved(found: ClosedForm, assumed: Premises) -> sympy.Expr:
    """The state after t steps. In front of the sum stands what has been assumed to be constant already."""
    whole, past = found.start, found.past
    if past is None:
        whole, past = product(at(found.factor, J)), later_product(at(found.factor, J))
    front, inside = ONE, found.input
    if len(found.terms) == 1:
        ((array, coefficient),) = found.terms
        sign, size = coefficient.as_coeff_Mul()
        if not _varies(coefficient) and {s.name for s in size.free_symbols} <= set(assumed.runs.constant):
            front, inside = coefficient, array
        elif sign < 0:
            front, inside = -ONE, -coefficient * array
    total = front * past_sum(past * at(inside, I)) if found.terms else ZERO
    return whole * after(found.state, ZERO) + total


def _none() -> None:
    """No trace is searched for: what is said here was derived, so that only a tactic can fail."""


def _consequences(rule: Optimizer, found: ClosedForm) -> Iterator[Result]:
    """What follows from a closed form: the weights of each input, the expectation, the half-life."""
    if found.past is not None:
        totals = [(array, c, found.sum_of_weights(c)) for array, c in found.terms]
        summed = True
        for array, coefficient, total in totals:
            result = None if total is None else _weights(rule, found, (array, coefficient, total))
            summed = summed and result is not None and result.status == PROVED
            if result is not None and has_arrays(array):
                yield result
        if summed and any(has_arrays(array) for array, _, _ in totals):
            yield _bias(rule, found, [(array, total) for array, _, total in totals])
    yield from _half_life(rule, found)


def _weights(rule: Optimizer, found: ClosedForm, term: tuple[sympy.Expr, sympy.Expr, sympy.Expr]) -> Result:
    """The weights of one input of a state, and what they sum to."""
    array, coefficient, total = term
    assumed, name = Premises(rule, start=start_of(rule, new(found.state))), found.state.name
    # the past has the coefficient, and the factors, of the present step
    total, past, coefficient = held(assumed, total, found.past, coefficient)
    weight = sympy.powsimp(_at(coefficient, I) * past)
    assumed.defined(new(found.state))
    assumed.nonzero(*denominators([total]))
    _unclocked(assumed, found)
    proof = Proof(assumed.assumptions.also(**{LATER.name: NATURAL}))
    proof.equal(total.xreplace({T: ONE}), _at(coefficient, ONE), "t = 1: one weight", "base case")
    proof.equal(
        total.xreplace({T: LATER + 2}),
        _at(found.factor, LATER + 2) * total.xreplace({T: LATER + 1}) + _at(coefficient, LATER + 2),
        "t -> t+1: past weights gain a factor, and one is new",
        "induction step",
    )
    statement = assumed.statement(Weights(found.state, weight, shorten(total), at(array, I)))
    return proof.result(f"weights {name}", statement, "induction", _none)


def _bias(rule: Optimizer, found: ClosedForm, totals: list[tuple[sympy.Expr, sympy.Expr]]) -> Result:
    """The expectation of a state, if those of all its inputs do not change from step to step."""
    assumed, state = Premises(rule), found.state
    initial, *_ = held(assumed, rule.state[state], found.start, *(total for _, total in totals))
    assumed.defined(new(state))
    assumed.nonzero(*denominators([total for _, total in totals]))
    _unclocked(assumed, found)
    proof = Proof(assumed.assumptions)
    begun = initial.xreplace({s: after(s, ZERO) for s in initial.free_symbols if has_arrays(s)})
    offset = found.start * begun + sum((total for array, total in totals if not has_arrays(array)), ZERO)
    expectation = ZERO
    for array, total in totals:
        if not has_arrays(array):
            continue
        gradient = all(isinstance(s, Hyper) or s.name == GRADIENT for s in array.free_symbols)
        if gradient:
            held(assumed, array)
            assumed.gradients(Gradients.STATIONARY)
        else:
            assumed.holds(sympy.Eq(expected(at(array, I)), expected(at(array, T)), evaluate=False))
        proof.equal(total * MEAN, MEAN * total, "E of a sum is the sum of the E", "linearity")
        expectation += shorten(total) * expected(at(array, T))
    statement = assumed.statement(Holds(expected(after(state)), "=", expectation + shorten(offset)))
    return proof.result(f"bias {state}", statement, "expectation, geometric series", _none)


def _half_life(rule: Optimizer, found: ClosedForm) -> Iterator[Result]:
    """After how many steps the weight of a past term has halved, where every step takes the same share of it."""
    if found.ratio is None or found.past is None or not found.terms or not _may_be_a_share(rule, found.ratio):
        return
    assumed = Premises(rule, start=start_of(rule, new(found.state)))
    assumed.defined(new(found.state))
    (ratio,) = held(assumed, found.ratio)
    _unclocked(assumed, found)
    if isinstance(ratio, Hyper):
        assumed.domain(ratio.name, Domain(low=Fraction(0), high=Fraction(1)))
    else:
        assumed.holds(sympy.Gt(ratio, ZERO))
        assumed.holds(sympy.Lt(ratio, ONE))
    share = sympy.Symbol("a", positive=True)
    proof = Proof(Assumptions())
    half = -sympy.log(2) / sympy.log(share)
    proof.equal(share**half, sympy.Rational(1, 2), "a**(-log(2) / log(a)) = 1/2", "laws of powers")
    statement = assumed.statement(HalfLife(found.state, ratio, found.past))
    yield proof.result(f"half-life {found.state}", statement, "laws of powers", _none)


def _may_be_a_share(rule: Optimizer, ratio: sympy.Expr) -> bool:
    """Whether `ratio` lies between 0 and 1 for some values of the hyperparameters, as far as its kind tells."""
    if isinstance(ratio, Hyper):
        values = Assumptions.of(rule).domains[ratio.name]
        return (
            not values.integer and (values.low is None or values.low < 1) and (values.high is None or values.high > 0)
        )
    return not ratio.is_number or bool(0 < ratio < 1)


# The rule without the bias.


def corrected(rule: Optimizer) -> Optimizer:
    """The rule in which every average stands for its bias-corrected value, as a new rule.

    An average is a state whose weights sum to `1 - start`: it lacks what has decayed of the weight of its initial
    value. The steps that read it read `(s - start * s[0]) / (1 - start)` instead, of which `unbiased` is claimed.
    Raises ValueError if no step reads an average that is not corrected already.
    """
    steps = list(rule.steps)
    claims = []
    for state in rule.array_state:
        found = closed_form(rule, state)
        if found is None or found.start in (None, ZERO) or len(found.terms) != 1:
            continue
        ((array, coefficient),) = found.terms
        if has_arrays(rule.state[state]):  # the weights as they were at the start are not there any more
            continue
        total = found.sum_of_weights(coefficient)
        if total is None or decide(total, 1 - found.start, Assumptions.of(rule)).status != PROVED or found.start == 1:
            continue
        reads = [k for k, step in enumerate(steps) if new(state) in step.value.free_symbols]
        if not reads or _timed(rule, state):
            continue
        taken = {s.name for step in steps for s in (step.target, *step.value.free_symbols)} | {
            s.name for s in rule.state
        }
        hat = Array(_free(f"{state}_hat", taken))
        bias = Scalar(_free(f"c_{state}", taken))
        for k in reads:
            steps[k] = _with(steps[k], steps[k].value.xreplace({new(state): hat}))
        place = next(k for k, step in enumerate(steps) if step.target == new(state)) + 1
        above = new(state) - found.start * rule.state[state]
        steps[place:place] = [Step(bias, total, f"bias of {state}"), Step(hat, above / bias, f"{state}, corrected")]
        claims.append(unbiased(hat, of=array))
    if not claims:
        raise ValueError(f"{rule.name}: it has no average that a step reads uncorrected; nothing is to be corrected")
    return replace(
        rule,
        name=f"{rule.name}BiasCorrected",
        source=f"derived from {rule.name}",
        summary=f"{rule.summary}, free of bias",
        steps=tuple(steps),
        claims=tuple(claims),
    )


def _timed(rule: Optimizer, state: sympy.Symbol) -> bool:
    """Whether the step number or a scalar state is in what is made of the new value of `state`.

    Then a correction may be in it already, in whatever place, and a second one would be wrong.
    """
    below = {new(state)}
    for step in rule.steps:
        if step.value.free_symbols & below and step.target != new(state):
            below.add(step.target)
    values = inlined(rule, frozenset(below))
    parts = [s for t in below - {new(state)} for s in values[t].free_symbols]
    return any(isinstance(s.of if isinstance(s, New) else s, Scalar) for s in parts)


def _free(name: str, taken: set[str]) -> str:
    return name if name not in taken else _free(f"{name}_1", taken)


def _with(step: Step, value: sympy.Expr) -> Step:
    changed = replace(step, value=value)
    object.__setattr__(changed, "location", step.location)
    return changed


def default_values(rule: Optimizer) -> dict[str, sympy.Rational]:
    """The defaults of the hyperparameters, exact."""
    return {h.name: sympy.Rational(h.value) for h in rule.hypers}
