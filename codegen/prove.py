"""Prove the claims of a spec.

Statements about every t are proved by induction: a base case at t = 0, and a step from t to t + 1 in
which the sum over the past is one opaque symbol. Each case is a residual that `codegen.tactics`
reduces to zero. A claim that fails is run on simple numbers, so that `refuted` comes with a trace.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import singledispatch

import sympy

from codegen import reference
from codegen.claims import Claim, Equals, FixedPoint, Identity, Series, Unbiased
from codegen.derive import by_name, inlined, recurrence, transition
from codegen.domain import Domain
from codegen.load import Spec
from codegen.printing import Text
from codegen.result import PROVED, REFUTED, UNDECIDED, Line, Result
from codegen.spec import Array, Hyper, New, Optimizer, Scalar
from codegen.tactics import NON_NEGATIVE, Facts, Verdict, candidates, decide, differ, points, shown
from codegen.tree import arrange, ranks

_t = sympy.Symbol("t", real=True)
_ZERO, _ONE = sympy.Integer(0), sympy.Integer(1)

#: Gradients tried in search of a counterexample, the simplest first.
_GRADIENTS = ((1, 0, 0), (1, 1, 1), (1, -1, 2), (2, -1, 3), (Fraction(1, 2), 3, -2))


def prove(spec: Spec, started: Callable[[str], None] = lambda claim: None) -> Iterator[Result]:
    """The results of all claims of `spec`, in their order. `started` is told of each claim before it."""
    for claim in spec.optimizer.claims:
        started(claim.label)
        start = time.perf_counter()
        for result in _prove(claim, spec.optimizer):
            now = time.perf_counter()
            yield replace(result, spec=spec.key, seconds=now - start)
            start = now


@dataclass
class _Proof:
    """The lines of a proof so far. Once a line fails, `failed` holds its verdict."""

    facts: Facts
    lines: list[Line] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    failed: Verdict | None = None

    def equal(self, left: sympy.Expr, right: sympy.Expr, text: str, because: str) -> bool:
        """Add the line `text`, which says that `left = right`."""
        verdict = decide(left, right, self.facts)
        self.lines.append(Line(text, f"{because} ({verdict.method or verdict.status})"))
        if verdict.status != PROVED:
            self.failed = self.failed or verdict
        elif verdict.method not in self.methods and verdict.method != "identical":
            self.methods.append(verdict.method)
        return verdict.status == PROVED

    def given(self, text: str, because: str) -> None:
        self.lines.append(Line(text, because))

    def result(
        self,
        claim: str,
        statement: str,
        kind: str,
        assumptions: tuple[str, ...],
        search: Callable[[], dict[str, str] | None],
    ) -> Result:
        """Proved if every line was; refuted if `search` finds a trace; else undecided."""
        if self.failed is None:
            method = ", ".join(filter(None, (kind, *self.methods)))
            return Result("", claim, PROVED, statement, method, assumptions, derivation=tuple(self.lines))
        if trace := search():
            return Result("", claim, REFUTED, statement, "simulation", assumptions, counterexample=trace)
        reason = self.failed.reason or f"{self.lines[-1].text} fails at {dict(self.failed.point or {})}"
        return Result("", claim, UNDECIDED, statement, kind, assumptions, reason=f"no trace refutes it, but {reason}")


@singledispatch
def _prove(claim: Claim, rule: Optimizer) -> Iterator[Result]:
    raise NotImplementedError(f"no proof is known for {type(claim).__name__}")


# Geometric series.


@_prove.register
def _(claim: Series, rule: Optimizer) -> Iterator[Result]:
    facts = Facts.of(rule).also(age=NON_NEGATIVE)
    s, d, c, x = claim.state.name, claim.decay, claim.weight, _input(claim, rule)
    spell = _speller(rule)
    closed = f"{_power(spell(d), 't')}{s}[0] {_weighted(spell(c), d, spell, _indexed(claim.of, rule, 'i'))}"
    statement = f"{s}[t] = {closed}"
    constant = tuple(f"{name} constant" for name in sorted(n.name for n in d.free_symbols | c.free_symbols))
    assumptions = (*constant, *_domains(rule, d, c, claim.of))

    proof = _Proof(facts)
    start, past = sympy.Symbol(f"{s}_0", real=True), sympy.Symbol("S", real=True)
    new = by_name(transition(rule))[s]
    old = _symbol(new, s)
    if old in x.free_symbols or _arrays(d) or _arrays(c) or _t in d.free_symbols | c.free_symbols:
        reason = f"{s} is no geometric series of {spell(claim.of)}: decay and weight have to be constants"
        yield Result("", claim.label, UNDECIDED, statement, reason=reason)
        return
    proof.given(f"let S[t] = sum({_factor(spell(d))}{_indexed(claim.of, rule, 'i')}, i=1..t)", "definition")
    age = sympy.Symbol("age", real=True)  # t - i
    proof.equal(
        d ** (age + 1),
        d * d**age,
        f"S[t+1] = {_times(spell(d))}S[t] + {_indexed(claim.of, rule, 't+1')}",
        f"each past term gains a factor {spell(d)}, and the term i = t+1 has {spell(d)}**0 = 1",
    )
    proof.equal(d**0 * start + c * 0, start, f"t = 0: {s}[0] = {s}[0]", "base case: the sum is empty")
    after = _t + 1
    proof.equal(
        new.xreplace({old: d**_t * start + c * past, _t: after}),
        d**after * start + c * (d * past + x.xreplace({_t: after})),
        f"t -> t+1: {spell(new)} with {s} = {s}[t] is {s}[t+1]",
        "induction step",
    )
    yield proof.result(claim.label, statement, "induction", assumptions, lambda: _series_trace(claim, rule))
    if claim.name == "ema" and proof.failed is None:
        yield _weights(claim, rule, facts, assumptions)


def _weights(claim: Series, rule: Optimizer, facts: Facts, assumptions: tuple[str, ...]) -> Result:
    """The weights of an average sum to `1 - decay**t`."""
    d, c, spell = claim.decay, claim.weight, _speller(rule)
    proof = _Proof(facts)
    proof.given(f"W[t] = sum({_factor(spell(d))}({spell(c)}), i=1..t)", "definition")
    proof.equal(c * 0, 1 - d**0, "t = 0: W[0] = 0 = 1 - 1", "base case")
    proof.equal(
        d * (1 - d**_t) + c,
        1 - d ** (_t + 1),
        f"t -> t+1: {spell(d)} * W[t] + {spell(c)} = 1 - {spell(d)}**(t+1)",
        "induction step",
    )
    statement = f"the weights of {claim.state}[t] sum to 1 - {spell(d)}**t"
    return proof.result(f"weights {claim.state}", statement, "induction", assumptions, lambda: None)


def _input(claim: Series, rule: Optimizer) -> sympy.Expr:
    """What is summed, in terms of what is there before the step."""
    return claim.of.xreplace(inlined(rule))


def _series_trace(claim: Series, rule: Optimizer) -> dict[str, str] | None:
    """Simple numbers for which the state is not the claimed sum."""

    def disagree(hyper: Mapping[str, Fraction], gradients: tuple) -> dict[str, str] | None:
        # from 1, so that a wrong factor of the initial state shows, too
        state = {symbol.name: Fraction(1) for symbol in rule.state}
        trace = reference.run(rule, gradients, lambda t: hyper, w=1, state=state)
        total = reference.number(0)
        for values in trace:
            decay = reference.evaluate(claim.decay, values)
            total = decay * total + reference.evaluate(claim.of, _before(values, trace, rule))
            claimed = decay ** values["t"] + reference.evaluate(claim.weight, values) * total
            if differ(values[claim.state.name], claimed):
                return {
                    **_setting(hyper, gradients, values["t"]),
                    f"{claim.state}[0]": "1",
                    f"{claim.state}[{values['t']}]": shown(values[claim.state.name]),
                    "claimed": shown(claimed),
                }
        return None

    return _search(rule, disagree)


def _before(values: Mapping, trace: list[dict], rule: Optimizer) -> dict:
    """The values of a step with the states as they were before it."""
    t = values["t"]
    names = [*(s.name for s in rule.state), "w"]
    old = {name: trace[t - 2][name] for name in names} if t > 1 else dict.fromkeys(names, reference.number(1))
    return {**values, **old}


# Bias correction.


@_prove.register
def _(claim: Unbiased, rule: Optimizer) -> Iterator[Result]:
    facts = Facts.of(rule)
    spell = _speller(rule)
    of = _indexed(claim.of, rule, "t")
    estimate = f"{claim.estimate}[t]"
    statement = f"E[{estimate}] = E[{of}]"
    found = _moment(claim, rule)
    if isinstance(found, str):
        trace = _bias_trace(claim, rule)
        yield Result("", claim.label, REFUTED if trace else UNDECIDED, statement, counterexample=trace, reason=found)
        return
    moment, scale, rest, decay, weight, initial = found
    mean, past = sympy.Symbol("mean", real=True), sympy.Symbol("S", real=True)
    total = (1 - decay**_t) / (1 - decay)
    d, m = spell(decay), moment.name
    stationary = (
        f"g[1], g[2], ... identically distributed, so that E[{_indexed(claim.of, rule, 'i')}] does not depend on i"
    )
    assumptions = (f"{d} constant", *_domains(rule, decay), "t >= 1")

    proof = _Proof(facts)
    proof.given(f"{m}[t] = {d} * {m}[t-1] + {spell.product(weight, of)}", "the recurrence of the spec")
    past_terms = f"sum({_factor(d)}{_indexed(claim.of, rule, 'i')}, i=1..t)"
    powers = f"sum({d}**(t-i), i=1..t)"
    proof.given(f"{m}[t] = {d}**t * {m}[0] + {spell.product(weight, past_terms)}", "unrolled; the claim on the series")
    proof.given(f"E[{m}[t]] = {spell.product(weight, f'mean * {powers}')}", f"{m}[0] = {spell(initial)}; {stationary}")
    proof.equal(
        decay * total + 1,
        total.xreplace({_t: _t + 1}),
        f"{powers} = (1 - {d}**t) / (1 - {d})",
        "geometric series, by induction",
    )
    factor = sympy.cancel(weight * total)
    expected = decay**_t * initial + weight * mean * total
    proof.equal(
        expected,
        decay**_t * initial + mean * factor,
        f"E[{m}[t]] = {spell.product(factor, 'mean')}" + (f" + {d}**t * {spell(initial)}" if initial != 0 else ""),
        "the factor follows from the recurrence",
    )
    proof.equal(scale * expected + rest, mean, f"E[{estimate}] = mean", f"{claim.estimate} divides by that factor")
    result = proof.result(
        claim.label,
        statement,
        "expectation, geometric series",
        (stationary, *assumptions),
        lambda: _bias_trace(claim, rule),
    )
    yield result
    if result.status != PROVED:
        return

    now = sympy.Symbol("mean_t", real=True)
    proof = _Proof(facts)
    inside = _indexed(claim.of, rule, "i")
    deviations = f"sum({_factor(d)}(E[{inside}] - E[{of}]), i=1..t)"
    residual = f"{spell.product(weight, deviations)} / ({spell(factor)})"
    proof.given(f"let S = sum({_factor(d)}E[{inside}], i=1..t)", "definition")
    proof.equal(
        scale * (decay**_t * initial + weight * past) + rest - now,
        scale * weight * (past - now * total),
        f"E[{estimate}] - E[{of}] = {residual}",
        "linearity, and the geometric series",
    )
    yield proof.result(
        f"residual {claim.estimate}",
        f"E[{estimate}] - E[{of}] = {residual}",
        "expectation, geometric series",
        ("any gradients", *assumptions),
        lambda: None,
    )


def _moment(claim: Unbiased, rule: Optimizer):
    """The state that the estimate is made of, and how: `scale * state_t + rest`. Or why there is none."""
    states = frozenset(step.target for step in rule.steps if isinstance(step.target, New))
    value = inlined(rule, keep=states).get(claim.estimate, claim.estimate)
    used = [s for s in value.free_symbols if s in states]
    if len(used) != 1:
        return f"{claim.estimate} is not made of one state alone"
    moment = used[0].of
    scale = sympy.cancel(sympy.diff(value, used[0]))
    rest = value.xreplace({used[0]: _ZERO})
    found = recurrence(rule, moment)
    if found is None or _arrays(scale) or _arrays(rest) or _arrays(found.factor):
        return f"{claim.estimate} is not linear in {moment}, or {moment} is no linear recurrence"
    weight = sympy.cancel(found.input / claim.of.xreplace(inlined(rule)))
    if _arrays(weight) or _t in weight.free_symbols:
        return f"{moment} does not average {claim.of}"
    initial = next(v for s, v in rule.state.items() if s.name == moment.name)
    return moment, scale, rest, found.factor, weight, initial


def _bias_trace(claim: Unbiased, rule: Optimizer) -> dict[str, str] | None:
    """A constant gradient is a stationary one: the estimate has to be exact then."""

    def disagree(hyper: Mapping[str, Fraction], gradients: tuple) -> dict[str, str] | None:
        constant = (gradients[0],) * 3
        for values in reference.run(rule, constant, lambda t: hyper):
            expected = reference.evaluate(claim.of, values)
            if differ(values[claim.estimate.name], expected):
                t = values["t"]
                return {
                    **_setting(hyper, constant, t),
                    f"{claim.estimate}[{t}]": shown(values[claim.estimate.name]),
                    "expected": shown(expected),
                }
        return None

    return _search(rule, disagree)


# Two rules that are one.


@_prove.register
def _(claim: Equals, rule: Optimizer) -> Iterator[Result]:
    facts, other = Facts.of(rule), claim.other
    fixed = dict(claim.at)
    hyper, state = _maps(claim, rule)
    statement = _equivalence(claim, rule, hyper, state)
    given = tuple(f"{name} constant" for name in map(str, claim.constant))
    nonzero = _denominators([*hyper.values(), *state.values()], facts)
    assumptions = (*given, *nonzero, *_domains(rule, *hyper.values(), *state.values()), "t >= 1")

    proof = _Proof(facts)
    _simulate(proof, rule, other, hyper, state, fixed, frozenset(claim.constant))
    result = proof.result(
        claim.label,
        statement,
        "induction",
        assumptions,
        lambda: _difference(claim, rule, hyper, vary=not claim.constant),
    )
    yield result
    if result.status == PROVED and claim.constant:
        yield _necessity(claim, rule, hyper)


def _maps(claim: Equals, rule: Optimizer) -> tuple[dict[str, sympy.Expr], dict[str, sympy.Expr]]:
    """The whole maps of hyperparameters and states, with what goes by the same name filled in."""
    own = {s.name: s for s in (*rule.hypers, *rule.state)}
    fixed = dict(claim.at)
    hyper = {h.name: claim.hyper.get(h.name, own.get(h.name, h)).xreplace(fixed) for h in claim.other.hypers}
    state = {s.name: claim.state.get(s.name, own.get(s.name, s)).xreplace(fixed) for s in claim.other.state}
    return hyper, state


def _simulate(
    proof: _Proof,
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
    proof.facts = facts
    spell = _speller(rule)
    start = {s: v.xreplace(fixed) for s, v in rule.state.items()}
    for symbol, value in other.state.items():
        expected = _substitute(value, hyper)
        proof.equal(
            state[symbol.name].xreplace(start),
            expected,
            f"t = 0: {symbol}[0] = {spell(state[symbol.name])}",
            "base case",
        )
    own = {s: v.xreplace(fixed) for s, v in transition(rule).items()}
    theirs = by_name(transition(other))
    mapped = {name: value.xreplace(before) for name, value in state.items()}
    new_own = {s.name: v for s, v in own.items()}
    for name in [*state, "w"]:
        stepped = _substitute(theirs[name], {**hyper, **mapped})
        target = state.get(name, _symbol(own[_symbol_of(own, "w")], "w") if name == "w" else None)
        expected = new_own["w"] if name == "w" else target.xreplace({s: new_own[s.name] for s in own})
        text = f"t -> t+1: {other.name}'s {name} is {'w' if name == 'w' else spell(state[name])} after the step, too"
        proof.equal(stepped, expected, text, "induction step")


def _symbol_of(mapping: Mapping[sympy.Symbol, sympy.Expr], name: str) -> sympy.Symbol:
    return next(symbol for symbol in mapping if symbol.name == name)


def _substitute(expr: sympy.Expr, values: Mapping[str, sympy.Expr]) -> sympy.Expr:
    """`expr` with symbols replaced by name."""
    return expr.xreplace({s: values[s.name] for s in expr.free_symbols if s.name in values})


def _equivalence(claim: Equals, rule: Optimizer, hyper: Mapping, state: Mapping) -> str:
    spell = _speller(rule)
    at = ", ".join(f"{h}={spell(value)}" for h, value in claim.at.items())
    arguments = ", ".join(f"{name}={spell(value)}" for name, value in hyper.items())
    states = ", ".join(f"{name} = {spell(value)}" for name, value in state.items())
    left, right = f"{rule.name}{f' at {at}' if at else ''}", f"{claim.other.name}({arguments})"
    return f"{left} = {right} with {states}" if states else f"{left} = {right}"


def _necessity(claim: Equals, rule: Optimizer, hyper: Mapping[str, sympy.Expr]) -> Result:
    """Without the condition the two rules part."""
    names = ", ".join(map(str, claim.constant))
    trace = _difference(claim, rule, hyper, vary=True)
    label = f"{claim.label}: needs constant {names}"
    if trace is None:
        return Result(
            "",
            label,
            UNDECIDED,
            f"if {names} changes, the two differ",
            reason="no trace was found in which they differ",
        )
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
            values = {s.name: _substitute(e, {**values, **used}) for s, e in transition(optimizer).items()}
        weights.append(values["w"])
    gap = sympy.factor(sympy.expand(weights[0] - weights[1]))
    return _speller(rule)(gap) if gap.count_ops() < 20 else ""


def _difference(claim: Equals, rule: Optimizer, hyper: Mapping[str, sympy.Expr], vary: bool) -> dict[str, str] | None:
    """Numbers for which the two rules give different `w`, at the smallest t.

    With `vary`, the learning rate (or what has to be constant) changes from step to step.
    """
    varied = {h.name for h in claim.constant or rule.hypers if claim.constant or h.name == "lr"} if vary else set()

    def disagree(values: Mapping[str, Fraction], gradients: tuple) -> dict[str, str] | None:
        values = {**values, **{h.name: _rational(v) for h, v in claim.at.items()}}

        def own(t: int) -> dict[str, Fraction]:
            return {n: v / t if n in varied else v for n, v in values.items()}

        def theirs(t: int) -> dict:
            here = {n: reference.number(v) for n, v in own(t).items()}
            return {name: reference.evaluate(expr, here) for name, expr in hyper.items()}

        first = reference.run(rule, gradients, own)
        second = reference.run(claim.other, gradients, theirs)
        for a, b in zip(first, second, strict=True):
            if differ(a["w"], b["w"]):
                t = a["t"]
                setting = _setting(values, gradients, t)
                setting |= {n: ", ".join(str(own(s)[n]) for s in range(1, t + 1)) for n in varied}
                return {
                    **setting,
                    f"w[{t}] of {rule.name}": shown(a["w"]),
                    f"w[{t}] of {claim.other.name}": shown(b["w"]),
                }
        return None

    return _search(rule, disagree)


def _rational(value: sympy.Expr) -> Fraction:
    return Fraction(int(value.p), int(value.q)) if value.is_Rational else Fraction(str(value))


# Statements about one step.


@_prove.register
def _(claim: Identity, rule: Optimizer) -> Iterator[Result]:
    facts, spell = Facts.of(rule), _speller(rule)
    values = inlined(rule)
    left, right = claim.left.xreplace(values), claim.right.xreplace(values)
    verdict = decide(left, right, facts)
    yield Result(
        "",
        claim.label,
        verdict.status,
        f"{spell(claim.left)} = {spell(claim.right)}",
        verdict.method,
        _domains(rule, left, right),
        counterexample=verdict.point,
        reason=verdict.reason,
    )


@_prove.register
def _(claim: FixedPoint, rule: Optimizer) -> Iterator[Result]:
    facts = Facts.of(rule)
    g = {s: _ZERO for v in transition(rule).values() for s in v.free_symbols if s.name == "g"}
    stepped = {s: v.xreplace(g) for s, v in transition(rule).items()}
    still = {s for s, v in rule.state.items() if v == 0}
    while moving := {s for s in still if decide(_at_zero(stepped[s], still), _ZERO, facts).status != PROVED}:
        still -= moving
    proof = _Proof(facts)
    spell = _speller(rule)
    for state in sorted(still, key=str):
        text = f"t -> t+1: {state} = 0 and g = 0 give {state}_new = 0"
        proof.equal(_at_zero(stepped[state], still), _ZERO, text, "induction step, from the initial value 0")
    w = _symbol_of(stepped, "w")
    w_after = _at_zero(stepped[w], still)
    proof.equal(w_after, w, "w_new = w", "with these states and g = 0")
    values = [_at_zero(v.xreplace(g), still) for v in _all_denominators(stepped.values())]
    nonzero = tuple(f"{spell(v)} != 0" for v in dict.fromkeys(map(sympy.cancel, values)) if not facts.nonzero(v))

    def disagree(hyper: Mapping[str, Fraction], gradients: tuple) -> dict[str, str] | None:
        for values in reference.run(rule, (0, 0, 0), lambda t: hyper, w=1):
            if differ(values["w"], reference.number(1)):
                return {**_setting(hyper, (0, 0, 0), values["t"]), "w[0]": "1", f"w[{values['t']}]": shown(values["w"])}
        return None

    statement = "if every gradient is zero, w[t] = w[0]"
    yield proof.result(claim.label, statement, "induction", (*nonzero, "t >= 1"), lambda: _search(rule, disagree))


def _at_zero(expr: sympy.Expr, still: set[sympy.Symbol]) -> sympy.Expr:
    return expr.xreplace(dict.fromkeys(still, _ZERO))


def _all_denominators(values) -> list[sympy.Expr]:
    powers = (p for value in values for p in value.atoms(sympy.Pow) if p.exp.could_extract_minus_sign())
    return sorted({p.base for p in powers}, key=sympy.default_sort_key)


def _denominators(values, facts: Facts) -> tuple[str, ...]:
    """What must not vanish for the expressions to have a value."""
    return tuple(f"{Text()(arrange(d, {}))} != 0" for d in _all_denominators(values) if not facts.nonzero(d))


# Searching and spelling.


def _search(rule: Optimizer, disagree: Callable[[Mapping[str, Fraction], tuple], dict[str, str] | None]):
    """The first trace among simple hyperparameters and gradients in which `disagree` finds something."""
    facts = Facts.of(rule)
    names = [hyper.name for hyper in rule.hypers]
    settings = [{name: candidates(facts.domains.get(name, Domain()))[0] for name in names}, *points(names, facts)]
    for gradients in _GRADIENTS:
        for hyper in settings[:12]:
            try:
                if found := disagree(hyper, gradients):
                    return found
            except (ZeroDivisionError, ValueError, OverflowError):
                continue
    return None


def _setting(hyper: Mapping[str, Fraction], gradients: tuple, t: int) -> dict[str, str]:
    return {
        "t": str(t),
        "gradients": ", ".join(str(g) for g in gradients[:t]),
        **{name: str(value) for name, value in hyper.items()},
    }


def _symbol(expr: sympy.Expr, name: str) -> sympy.Symbol:
    return next((s for s in expr.free_symbols if s.name == name), sympy.Symbol(name, real=True))


def _arrays(expr: sympy.Expr) -> bool:
    return any(isinstance(s.of if isinstance(s, New) else s, Array) for s in expr.free_symbols)


class _Speller:
    """Expressions in the spelling and order of the rule."""

    def __init__(self, rule: Optimizer) -> None:
        self.rank = ranks(rule)

    def __call__(self, expr: sympy.Expr) -> str:
        return Text()(arrange(expr, self.rank))

    def product(self, factor: sympy.Expr, text: str) -> str:
        if factor == 1:
            return text
        return f"{Text().inside(arrange(factor, self.rank), 2)} * {text}"


def _speller(rule: Optimizer) -> _Speller:
    return _Speller(rule)


class _Dated(Text):
    """Every name with a time index."""

    def __init__(self, index: str) -> None:
        self.index = index

    def name(self, name: str) -> str:
        return f"{name}[{self.index}]"


def _indexed(expr: sympy.Expr, rule: Optimizer, index: str) -> str:
    printer = _Dated(index)
    return printer.inside(arrange(expr, ranks(rule)), 2)


def _power(base: str, exponent: str) -> str:
    return "" if base == "1" else f"{base}**{exponent} * "


def _factor(decay: str) -> str:
    return "" if decay == "1" else f"{decay}**(t-i) * "


def _times(factor: str) -> str:
    return "" if factor == "1" else f"{factor} * "


def _weighted(weight: str, decay: sympy.Expr, spell: _Speller, of: str) -> str:
    total = f"sum({_factor(spell(decay))}{of}, i=1..t)"
    if weight == "1":
        return f"+ {total}"
    if weight == "-1":
        return f"- {total}"
    return f"+ ({weight}) * {total}"


def _domains(rule: Optimizer, *expressions: sympy.Expr) -> tuple[str, ...]:
    """The domains of the hyperparameters that `expressions` use."""
    from codegen import domain

    used = {s.name for e in expressions for s in e.free_symbols}
    found = (h for h in rule.hypers if h.name in used)
    return tuple(domain.parse(str(h.domain)).condition(h.name) for h in found)
