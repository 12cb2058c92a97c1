"""Closed forms: what a state that obeys a linear recurrence is made of, for all t and any initial value.

`s[t] = a[t] * s[t-1] + x[t]` is solved by `s[t] = a[1] .. a[t] * s[0] + sum(a[i+1] .. a[t] * x[i], i=1..t)`.
Where the products have a closed form it is found, and proved by induction. From it follow the weights of past
inputs, their sum, the half-life, the bias, and the rule that is free of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import mpmath
import sympy

from codegen import reference
from codegen.claims.rules import unbiased
from codegen.derive import inlined
from codegen.domain import Domain, exact
from codegen.neat import neat
from codegen.printing import Text
from codegen.prove.base import ONE, ZERO, Proof, Speller, domains_of, has_arrays
from codegen.result import PROVED, Result
from codegen.spec import Array, Hyper, New, Optimizer, Scalar, Step, new
from codegen.tactics import STEPS, Facts, decide
from codegen.tree import arrange, ranks

T = Scalar("t")
I = Scalar("i")  # noqa: E741 - the index of a past step
_LATER = sympy.Symbol("n", integer=True, positive=True)


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


class Dated(Text):
    """What changes from step to step with the step that it belongs to: `m` is m[i-1], `m_new` m[i]."""

    def __init__(self, rule: Optimizer, index: str) -> None:
        self.index = index
        self.old = {s.name for s in rule.state} | {"w"}
        self.new = {step.target.name: step.target for step in rule.steps}
        self.rank = ranks(rule)

    def name(self, name: str) -> str:
        if name in self.old:
            return f"{name}[{self.index}-1]"
        if name in self.new or name == "g":
            target = self.new.get(name)
            return f"{target.of.name if isinstance(target, New) else name}[{self.index}]"
        return self.index if name == "t" else name

    def text(self, expr: sympy.Expr, binding: int = 0) -> str:
        return self.inside(arrange(expr, self.rank), binding)


def closed_forms(rule: Optimizer) -> Iterator[Result]:
    """What is known of each state that is linear in itself: the solution, the weights, half-life and bias."""
    for state in rule.state:
        if (found := closed_form(rule, state)) is not None:
            solved = _solution(rule, found)
            yield solved
            if solved.status == PROVED:
                yield from _consequences(rule, found)


def _solution(rule: Optimizer, found: ClosedForm) -> Result:
    spell, dated = Speller(rule), Dated(rule, "i")
    name = found.state.name
    constant = tuple(f"{n} constant" for n in sorted({s.name for s in found.factor.free_symbols if s != T}))
    assumptions = (*(c for c in constant if found.past is not None), *domains_of(rule, found.factor), "t >= 1")
    proof = Proof(Facts.of(rule).also(i=STEPS, n=Domain(low=Fraction(0), low_closed=True, whole=True)))
    n, s0, total = (sympy.Symbol(x, real=True) for x in ("n", f"{name}_0", "S"))
    after, following = _at(found.factor, T + 1), _own(rule, found.state)
    if found.factor == 0:
        proof.equal(following, found.input, f"{name}[t] does not depend on {name}[t-1]", "the spec")
        return proof.result(
            f"closed form {name}", f"{name}[t] = {Dated(rule, 't').text(found.input)}", "substitution", (), _none
        )
    if found.past is None:
        product, start = sympy.symbols("P P_0", real=True)
        a = Dated(rule, "j").text(found.factor)
        past, whole = f"prod({a}, j=i+1..t)", f"prod({a}, j=1..t)"
        proof.given(f"let P = {whole}; P[t+1] = a[t+1] * P[t], where a[j] = {a}", "definition")
    else:
        product, start = found.past, found.start
        past, whole = _factor(product, spell), _factor(start, spell)
        proof.equal(_past_of(product, T), ONE, "i = t: the product is empty", "base case")
        at = {T: I + n}  # t >= i
        proof.equal(
            product.xreplace({T: I + n + 1}),
            _at(after, I + n) * product.xreplace(at),
            f"t -> t+1: {past} gains the factor of step t+1",
            "induction step",
        )
        proof.equal(
            start.xreplace({T: ONE}), _at(found.factor, ONE), f"t = 1: {whole} is the first factor", "base case"
        )
        proof.equal(start.xreplace({T: T + 1}), after * start, f"t -> t+1: so does {whole}", "induction step")
    before = {found.state: start * s0 + total}
    proof.equal(
        _at(following, T + 1).xreplace(before),
        after * (start * s0 + total) + _at(found.input, T + 1),
        f"t -> t+1: with {name} = {name}[t] the spec gives {name}[t+1]",
        "induction step; the past is one symbol",
    )
    statement = f"{name}[t] = {_closed_text(found, past, whole, spell, dated)}"
    return proof.result(f"closed form {name}", statement, "induction", assumptions, _none)


def _closed_text(found: ClosedForm, past: str, whole: str, spell: Speller, dated: Dated) -> str:
    name = found.state.name
    head = "" if whole == "0" else f"{name}[0]" if whole == "1" else f"{whole} * {name}[0]"
    if not found.terms:
        return head or "0"
    sign, front, inside = "+", "", dated.text(found.input, 2)
    if len(found.terms) == 1:
        ((array, coefficient),) = found.terms
        if not _varies(coefficient):
            inside = dated.text(array, 2)
            sign = "-" if coefficient.as_coeff_Mul()[0] < 0 else "+"
            front = spell.product(-coefficient if sign == "-" else coefficient, "")
    total = f"{front}sum({'' if past == '1' else past + ' * '}{inside}, i=1..t)"
    if not head:
        return total if sign == "+" else f"-{total}"
    return f"{head} {sign} {total}"


def _factor(expr: sympy.Expr, spell: Speller) -> str:
    """`expr` as a factor of a product."""
    return Text().inside(arrange(expr, spell.rank), 2)


def _none() -> None:
    """No trace is searched for: what is said here was derived, so that only a tactic can fail."""


def _consequences(rule: Optimizer, found: ClosedForm) -> Iterator[Result]:
    spell, dated = Speller(rule), Dated(rule, "i")
    facts = Facts.of(rule).also(n=Domain(low=Fraction(0), low_closed=True, whole=True))
    name = found.state.name
    initial = next(v for s, v in rule.state.items() if s.name == name)
    for array, coefficient in found.terms:
        if found.past in (None, 0) or not has_arrays(array):
            continue
        weight = sympy.powsimp(coefficient.xreplace({T: I}) * found.past)
        total = found.sum_of_weights(coefficient)
        if total is None:
            continue
        proof = Proof(facts)
        n = sympy.Symbol("n", real=True)  # t - 1
        proof.equal(total.xreplace({T: ONE}), _at(coefficient, ONE), "t = 1: one weight", "base case")
        proof.equal(
            total.xreplace({T: n + 2}),
            _at(found.factor, n + 2) * total.xreplace({T: n + 1}) + _at(coefficient, n + 2),
            "t -> t+1: past weights gain a factor, and one is new",
            "induction step",
        )
        x, tidy = dated.text(array, 2), neat(total)
        nonzero = () if facts.nonzero(1 - found.factor) or not _divides(total) else (f"{spell(found.factor)} != 1",)
        assumptions = (*domains_of(rule, found.factor, coefficient), *nonzero, "t >= 1")
        statement = f"the weight of {x} in {name}[t] is {spell(weight)}; the weights sum to {spell(tidy)}"
        result = proof.result(f"weights {name}", statement, "induction", assumptions, _none)
        yield result
        if result.status != PROVED:
            continue
        now = Dated(rule, "t").text(array, 2)
        offset = sum((found.sum_of_weights(c) or ZERO for a, c in found.terms if not has_arrays(a)), ZERO)
        offset += found.start * initial
        mean = sympy.Symbol("mean", real=True)
        proof = Proof(facts)
        proof.equal(total * mean, mean * total, "E of a sum is the sum of the E", "linearity")
        expected = f"E[{name}[t]] = {spell.product(tidy, f'E[{now}]')}"
        expected += "" if offset == 0 else f" + {spell(neat(offset))}"
        assumed = (f"E[{x}] does not depend on i", *assumptions)
        yield proof.result(f"bias {name}", expected, "expectation, geometric series", assumed, _none)
    yield from _half_life(rule, found)


def _divides(expr: sympy.Expr) -> bool:
    return sympy.fraction(sympy.together(expr))[1] != 1


def _half_life(rule: Optimizer, found: ClosedForm) -> Iterator[Result]:
    if found.ratio is None or not found.terms or found.ratio in (0, 1):
        return
    spell, facts = Speller(rule), Facts.of(rule)
    ratio = sympy.Symbol("a", positive=True)
    proof = Proof(facts)
    half = -sympy.log(2) / sympy.log(ratio)
    proof.equal(ratio**half, sympy.Rational(1, 2), "a**(-log(2) / log(a)) = 1/2", "laws of powers")
    defaults = {h.name: reference.number(str(h.default)) for h in rule.hypers}
    value = reference.evaluate(found.ratio, defaults)
    at = ""
    if 0 < value < 1:
        at = f", {mpmath.nstr(reference.evaluate(half, {'a': value}), 4)} at the default"
    text = spell(found.ratio)
    statement = f"the weight of a past term of {found.state}[t] halves every log(1/2) / log({text}) steps{at}"
    yield proof.result(f"half-life {found.state}", statement, "laws of powers", (f"0 < {text} < 1",), _none)


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
        total = found.sum_of_weights(coefficient)
        if total is None or decide(total, 1 - found.start, Facts.of(rule)).status != PROVED or found.start == 1:
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
    return {h.name: sympy.Rational(*exact(str(h.default)).as_integer_ratio()) for h in rule.hypers}
