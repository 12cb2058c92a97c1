"""Derivations as a person writes them on a board: chains of equalities, each line checked against the one before.

A line is an expression, not a text; what is printed is spelled from it, so that it cannot say anything else than
what was checked. Four functions stand for what SymPy would work out at once: a value at a time, an expectation,
a sum over the past, and what is to be left as it is written.

    m[t-1]               At(m, t - 1)
    E[g[i]**2]           Mean(At(g, i)**2)
    sum(x, i=1..t)       Total(x)
    (E[g[i]] - E[g[t]])  Shown(...)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import sympy

from ..algebra.assumptions import Assumptions
from ..algebra.tactics import decide
from ..analysis.derive import inlined, settled, transition
from ..analysis.proof import ZERO, T, key_named, nonzero_denominators, symbol_in
from ..claims.base import Claim
from ..claims.moves import FirstStep
from ..claims.states import Series, Unbiased
from ..expr.printing import Latex, Text, letter
from ..expr.tree import Node, arrange, ranks
from ..prove.bias import moment_of
from ..render.text import table
from ..result import PROVED, UNDECIDED, Outcome
from ..spec.domain import FROM_ONE, NON_NEGATIVE
from ..spec.language import Array, Hyper, New, Optimizer

ONE = sympy.Integer(1)
I = sympy.Symbol("i", real=True)  # noqa: E741 - the index of the sums, as everybody writes it
_UNROLLED = 2  # how often a recurrence is written out before it is summed up


class At(sympy.Function):
    """The value of a name at a time; `m[t]` is that after step t."""

    nargs = 2
    is_real = True


class Expectation(sympy.Function):
    """An expectation over the gradients."""

    nargs = 1
    is_real = True


class Summation(sympy.Function):
    """The sum over i = 1..t."""

    nargs = 1
    is_real = True


class Unevaluated(sympy.Function):
    """Its argument, which SymPy would take apart."""

    nargs = 1
    is_real = True


@dataclass(frozen=True)
class Equality:
    """`left = right`, because `law`, applied to the line before, gives it. `text` says so to people."""

    left: sympy.Expr
    right: sympy.Expr
    law: str
    text: str


@dataclass(frozen=True)
class Derivation:
    """What is derived, and its lines in sections; a section starts afresh from an earlier line."""

    title: str
    sections: tuple[tuple[str, tuple[Equality, ...]], ...]
    context: Context
    assumptions: tuple[str, ...]
    covers: tuple[str, ...]  # the labels of the results that it derives


@dataclass(frozen=True)
class Context:
    """What the laws know: the rule, and which average the lecture is about."""

    rule: Optimizer
    state: sympy.Symbol | None = None
    decay: sympy.Expr = ONE
    weight: sympy.Expr = ONE
    of: sympy.Expr = ZERO
    estimate: sympy.Symbol | None = None
    assumptions: Assumptions = field(default_factory=Assumptions)

    def now(self, time: sympy.Expr) -> sympy.Expr:
        """What is averaged, at a time."""
        return dated(self.of, self.rule, time)

    def before(self, time: sympy.Expr) -> sympy.Expr:
        """The state at a time, from the one before: the spec's own update, nothing that a claim says."""
        update = next(v for s, v in inlined(self.rule, keep=frozenset(self.of.free_symbols)).items() if s == self.new)
        return dated(update, self.rule, time)

    @property
    def new(self) -> sympy.Symbol:
        return next(s.target for s in self.rule.steps if isinstance(s.target, New) and s.target.of.name == self.name)

    @property
    def name(self) -> str:
        return self.state.name if self.state is not None else ""

    def state_at(self, time: sympy.Expr) -> sympy.Expr:
        return dated(self.new, self.rule, time)


def dated(expr: sympy.Expr, rule: Optimizer, time: sympy.Expr) -> sympy.Expr:
    """`expr`, which is part of a step, at the step number `time`: old states are those of the step before."""
    kept = {s.name for s in rule.state} | {"w"}

    def at(symbol: sympy.Symbol) -> sympy.Expr:
        if isinstance(symbol, Hyper):
            return symbol
        if symbol.name == "t":
            return time
        if isinstance(symbol, New):
            return At(_plain(symbol.of.name), time)
        return At(_plain(symbol.name), time - 1 if symbol.name in kept else time)

    return expr.xreplace({symbol: at(symbol) for symbol in expr.free_symbols})


def _plain(name: str) -> sympy.Symbol:
    return sympy.Symbol(name, real=True)


# What may follow from what.


def check_chain(chain: Derivation) -> list[Outcome]:
    """For each line, whether it follows from the one before (or, as the first of a section, from an earlier one)."""
    verdicts: list[Outcome] = []
    for _, lines in chain.sections:
        before: Equality | None = None
        for line in lines:
            verdicts.append(LAWS[line.law](before, line, chain.context))
            before = line
    return verdicts


def _same(left: sympy.Expr, right: sympy.Expr, context: Context) -> Outcome:
    """Whether two expressions are equal by linearity of means and sums, and by algebra."""
    names: dict[sympy.Expr, sympy.Symbol] = {}
    one, two = (_named(_linear(side), names) for side in (left, right))
    return decide(one, two, context.assumptions.also(i=FROM_ONE))


def _named(expr: sympy.Expr, names: dict[sympy.Expr, sympy.Symbol]) -> sympy.Expr:
    """`expr` with a symbol for every mean, sum and dated value."""
    if isinstance(expr, At | Expectation | Summation):
        return names.setdefault(expr, sympy.Symbol(f"value_{len(names) + 1}", real=True))
    return expr.func(*(_named(a, names) for a in expr.args)) if expr.args else expr


def _linear(expr: sympy.Expr) -> sympy.Expr:
    """Means and sums taken through sums, and in front of them what does not depend on chance or on the index."""
    if not expr.args or isinstance(expr, At):
        return expr
    arguments = [_linear(argument) for argument in expr.args]
    match expr:
        case Unevaluated():
            return arguments[0]
        case Expectation():
            if isinstance(arguments[0], Summation):
                return _linear(Summation(Expectation(arguments[0].args[0])))
            return _spread(arguments[0], Expectation, lambda part: not _is_random(part))
        case Summation():
            return _spread(arguments[0], Summation, lambda part: I not in part.free_symbols)
    return expr.func(*arguments)


def _spread(inner: sympy.Expr, function: type, outside: Callable[[sympy.Expr], bool]) -> sympy.Expr:
    found = []
    for term in sympy.Add.make_args(sympy.expand(inner, power_exp=False)):
        factors = sympy.Mul.make_args(term)
        front = sympy.Mul(*(f for f in factors if outside(f)))
        rest = sympy.Mul(*(f for f in factors if not outside(f)))
        if function is Expectation and rest == 1:
            found.append(front)
        elif function is Expectation and isinstance(rest, Summation):
            found.append(front * _linear(Summation(Expectation(rest.args[0]))))
        else:
            found.append(front * function(rest))
    return sympy.Add(*found)


def _is_random(part: sympy.Expr) -> bool:
    """Whether it depends on the gradients. Where a state starts is given."""
    if isinstance(part, Expectation):
        return False
    return part.args[1] != 0 if isinstance(part, At) else any(map(_is_random, part.args))


def _right(before: Equality | None) -> sympy.Expr:
    assert before is not None  # no section begins with a law that asks for it
    return before.right


def _algebra(before: Equality | None, line: Equality, context: Context) -> Outcome:
    return _same(before.right if before else line.left, line.right, context)


def _update(before: Equality | None, line: Equality, context: Context) -> Outcome:
    return _same(context.before(T), line.right, context)


def _unroll(before: Equality | None, line: Equality, context: Context) -> Outcome:
    past = [a for a in _right(before).atoms(At) if a.args[0].name == context.name and a.args[1] != T]
    return _same(_right(before).xreplace({a: context.before(a.args[1]) for a in past}), line.right, context)


def _induction(before: Equality | None, line: Equality, context: Context) -> Outcome:
    """The closed form holds at t = 0, and what the update makes of it at t is what it says at t + 1."""
    start = line.right.xreplace({T: ZERO}).replace(Summation, lambda inner: ZERO)
    base = _same(start, At(_plain(context.name), ZERO), context)
    if base.status != PROVED:
        return base
    stepped = context.before(T + 1).xreplace({context.state_at(T): line.right})
    return _same(stepped, _one_later(line.right, context), context)


def _one_later(closed: sympy.Expr, context: Context) -> sympy.Expr:
    """`closed` at t + 1, each sum written as a factor times the sum at t, plus its last term."""
    sums = {total: sympy.Dummy(real=True) for total in closed.atoms(Summation)}
    later = closed.xreplace(sums).xreplace({T: T + 1})
    age = sympy.Symbol("age", real=True)  # t - i
    names: dict[sympy.Expr, sympy.Symbol] = {}
    for total, symbol in sums.items():
        (term,) = total.args
        moved = term.xreplace({T: T + 1})
        old, new = (_named(part.xreplace({I: T - age}), names) for part in (term, moved))
        # unless every term gains the factor, nothing follows
        gained = decide(new, context.decay * old, context.assumptions.also(age=NON_NEGATIVE)).status == PROVED
        factor = context.decay if gained else sympy.nan
        later = later.xreplace({symbol: factor * total + moved.xreplace({I: T + 1})})
    return later


def _start(before: Equality | None, line: Equality, context: Context) -> Outcome:
    value = next(v for s, v in context.rule.state.items() if s.name == context.name)
    return _same(_right(before).xreplace({At(_plain(context.name), ZERO): value}), line.right, context)


def _expectation(before: Equality | None, line: Equality, context: Context) -> Outcome:
    """The expectation of the state is that of what the state was shown to be."""
    if line.left != Expectation(context.state_at(T)):
        return Outcome(UNDECIDED, reason="the left side is not the expectation of the state")
    return _same(Expectation(_closed(context)), line.right, context)


def _closed(context: Context) -> sympy.Expr:
    """The state as a sum over the past, from its initial value."""
    value = next(v for s, v in context.rule.state.items() if s.name == context.name)
    d = context.decay
    return d**T * value + context.weight * Summation(d ** (T - I) * context.now(I))


def _stationary(before: Equality | None, line: Equality, context: Context) -> Outcome:
    means = {Expectation(context.now(I)): Expectation(context.now(T))}
    return _same(_linear(_right(before)).xreplace(means), line.right, context)


def _geometric(before: Equality | None, line: Equality, context: Context) -> Outcome:
    """sum(d**(t-i), i=1..t) = (1 - d**t) / (1 - d), by induction on t."""
    d = context.decay
    total = (1 - d**T) / (1 - d)
    step = decide(d * total + 1, total.xreplace({T: T + 1}), context.assumptions)
    if step.status != PROVED or total.xreplace({T: ZERO}) != 0:
        return step
    summed = {Summation(d ** (T - I)): total}
    return _same(_linear(_right(before)).xreplace(summed), _linear(line.right).xreplace(summed), context)


def _sum(before: Equality | None, line: Equality, context: Context) -> Outcome:
    """The formula for a sum holds at t = 0, where the sum is empty, and one more term makes of it that at t + 1."""
    base = _same(line.right.xreplace({T: ZERO}), ZERO, context)
    if base.status != PROVED:
        return base
    return _same(
        _one_later(line.left, context).xreplace({line.left: line.right}), line.right.xreplace({T: T + 1}), context
    )


def _estimate(before: Equality | None, line: Equality, context: Context) -> Outcome:
    """The estimate is what the steps make of the state."""
    if line.left != Expectation(dated(context.estimate, context.rule, T)):
        return Outcome(UNDECIDED, reason="the left side is not the expectation of the estimate")
    return _same(Expectation(_made(context, context.state_at(T))), line.right, context)


def _expected(before: Equality | None, line: Equality, context: Context) -> Outcome:
    """E of the state, by the section on it: what its sum gives for stationary or for any gradients."""
    d = context.decay
    total = {Summation(d ** (T - I)): (1 - d**T) / (1 - d)}
    mean = _linear(Expectation(_closed(context)))
    if line.law == "expected, stationary":
        mean = _linear(mean.xreplace({Expectation(context.now(I)): Expectation(context.now(T))}))
    known = mean.xreplace(total)
    value = _linear(_right(before)).xreplace({_linear(Expectation(context.state_at(T))): known})
    return _same(value, _linear(line.right).xreplace(total), context)


def _steps(before: Equality | None, line: Equality, context: Context) -> Outcome:
    """Both sides are the same once every step is put in."""
    whole = inlined(context.rule)
    left = before.right if before else line.left
    return decide(left.xreplace(whole), line.right.xreplace(whole), context.assumptions)


def _begin(before: Equality | None, line: Equality, context: Context) -> Outcome:
    """Both sides are the same at t = 1, from the initial state."""
    whole = inlined(context.rule)
    start = {**dict(context.rule.state), symbol_in(sum(whole.values(), ZERO), "t"): ONE}
    left, right = (side.xreplace(whole).xreplace(start) for side in (_right(before), line.right))
    return decide(left, right, context.assumptions)


#: What justifies a line: each law says what has to follow from the line before, and has it decided.
LAWS: Mapping[str, Callable[[Equality | None, Equality, Context], Outcome]] = {
    "algebra": _algebra,
    "update": _update,
    "unroll": _unroll,
    "induction": _induction,
    "start": _start,
    "expectation": _expectation,
    "stationary": _stationary,
    "sum": _sum,
    "geometric series": _geometric,
    "estimate": _estimate,
    "expected": _expected,
    "expected, stationary": _expected,
    "steps": _steps,
    "first step": _begin,
}


# What is written on the board.


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
    state, d, c = _plain(context.name), context.decay, context.weight
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
        Equality(estimate, _made(context, left), "estimate", f"what {context.estimate} is"),
        Equality(estimate, _made(context, Unevaluated(kept + now * factor)), "expected, stationary", "from above"),
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
        Equality(estimate, _made(context, left), "estimate", f"what {context.estimate} is"),
        Equality(estimate, _made(context, Unevaluated(kept + now * factor + drift)), "expected", "from above"),
        Equality(estimate, now + scale * drift, "algebra", "what is left is a weighted mean of the drift"),
    )
    return (
        ("The geometric series", series),
        ("Stationary gradients", stationary),
        ("Corrected", corrected),
        ("Gradients that are not stationary", others),
        ("Corrected", residual),
    )


def _made(context: Context, state: sympy.Expr) -> sympy.Expr:
    """The estimate, made of `state` in place of its state; in the spelling of the spec."""
    states = frozenset(step.target for step in context.rule.steps if isinstance(step.target, New))
    value = inlined(context.rule, keep=states).get(context.estimate, context.estimate)
    return dated(value, context.rule, T).xreplace({context.state_at(T): state})


def _scale(context: Context) -> sympy.Expr:
    whole = sympy.Dummy(real=True)
    return sympy.diff(_made(context, whole), whole)


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


# How it is spelled.


class TextPrinter(Text):
    """Lines as text."""

    def __init__(self, context: Context) -> None:
        self.rank = ranks(context.rule)
        self.texts: dict[str, str] = {}

    def __call__(self, expr: sympy.Expr | Node) -> str:
        return super().__call__(self._arranged(expr) if isinstance(expr, sympy.Basic) else expr)

    def _arranged(self, expr: sympy.Expr) -> Node:
        """`expr` as a tree, with a name for each value at a time, mean and sum."""
        found = sorted(set(_largest(expr)), key=self._order)
        names = {node: Array(f"{self._order(node)}") for node in found}
        self.texts |= {symbol.name: self.special(node) for node, symbol in names.items()}
        places = {symbol.name: len(self.rank) + place for place, symbol in enumerate(names.values())}
        return arrange(expr.xreplace(names), self.rank | places)

    def _order(self, node: sympy.Expr) -> tuple:
        """States before gradients, what is later first; means and sums after them."""
        if isinstance(node, At):
            age = sympy.expand(T - node.args[1])
            return (0, self.rank.get(node.args[0].name, 99), int(age) if age.is_Integer else 99, str(node))
        return (1 + (Expectation, Summation, Unevaluated).index(type(node)), 0, 0, str(node))

    def inner(self, expr: sympy.Expr) -> str:
        return type(self).__call__(self, expr)

    def special(self, node: sympy.Expr) -> str:
        match node:
            case At(args=(name, time)):
                return f"{name}[{self.inner(time).replace(' ', '')}]"
            case Expectation(args=(inner,)):
                return f"E[{self.inner(inner)}]"
            case Summation(args=(inner,)):
                return f"sum({self.inner(inner)}, i=1..t)"
        return f"({self.inner(node.args[0])})"

    def name(self, name: str) -> str:
        return self.texts.get(name, name)

    def power(self, base: Node, exponent: Node) -> tuple[str, int]:
        text, binding = super().power(base, exponent)
        left, _, right = text.rpartition(" ** ")
        return (f"{left}**{right.replace(' ', '')}", binding) if left else (text, binding)


def _largest(expr: sympy.Expr) -> Iterator[sympy.Expr]:
    if isinstance(expr, At | Expectation | Summation | Unevaluated):
        yield expr
        return
    for argument in expr.args:
        yield from _largest(argument)


class LatexPrinter(TextPrinter, Latex):
    """Lines as LaTeX."""

    def __init__(self, context: Context) -> None:
        TextPrinter.__init__(self, context)
        rule = context.rule
        Latex.__init__(self, tuple(s.name for s in rule.state), tuple(step.target.name for step in rule.steps))

    def special(self, node: sympy.Expr) -> str:
        match node:
            case At(args=(name, time)):
                return letter(name.name, self.inner(time).replace(" ", ""))
            case Expectation(args=(inner,)):
                return rf"\mathbb{{E}}\left[{self.inner(inner)}\right]"
            case Summation(args=(inner,)):
                return rf"\sum_{{i=1}}^{{t}} {self.inner(inner)}"
        return rf"\left({self.inner(node.args[0])}\right)"

    def name(self, name: str) -> str:
        return self.texts[name] if name in self.texts else Latex.name(self, name)

    def power(self, base: Node, exponent: Node) -> tuple[str, int]:
        return Latex.power(self, base, exponent)


def text(chain: Derivation, verdicts: list[Outcome]) -> str:
    """The lecture with the justification of each line, and whether the line follows."""
    spell, judged = TextPrinter(chain.context), iter(verdicts)
    given = f", if {' and '.join(chain.assumptions)}" if chain.assumptions else ""
    out = [f"{chain.title}{given}"]
    for title, lines in chain.sections:
        rows, left = [], None
        for line in lines:
            verdict = next(judged)
            begin = spell(line.left) if line.left != left else " " * len(spell(line.left))
            left = line.left
            how = verdict.method if verdict.status == PROVED else f"DOES NOT FOLLOW, {verdict.status}"
            rows.append((f"{begin} = {spell(line.right)}", f"[{line.text}{f' ({how})' if how != 'identical' else ''}]"))
        out += [*([f"  {title}"] if title else []), *table(rows)]
    return "\n".join(out)


def latex(chain: Derivation, verdicts: list[Outcome]) -> str:
    """The lecture as `align*` environments, the justifications in a column of their own."""
    spell, judged = LatexPrinter(chain.context), iter(verdicts)
    out = [f"% {chain.title}"]
    for title, lines in chain.sections:
        rows, left = [], None
        for line in lines:
            begin = spell(line.left) if line.left != left else ""
            left = line.left
            because = re.sub(r"([_#%&{}])", r"\\\1", line.text)
            if next(judged).status != PROVED:
                because = f"DOES NOT FOLLOW: {because}"
            rows.append(rf"  {begin} &= {spell(line.right)} && \text{{{because}}}")
        out += [*([f"% {title}"] if title else []), r"\begin{align*}", " \\\\\n".join(rows), r"\end{align*}"]
    return "\n".join(out)
