"""What may follow from what in a derivation: each line is checked against the one before."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy

from ..algebra.tactics import decide
from ..analysis.derive import inlined
from ..analysis.proof import ONE, ZERO, T, symbol_in
from ..result import PROVED, UNDECIDED, Outcome
from ..spec.domain import FROM_ONE, NON_NEGATIVE
from .terms import At, Context, Derivation, Equality, Expectation, I, Summation, Unevaluated, dated, made, plain


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
    base = _same(start, At(plain(context.name), ZERO), context)
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
    return _same(_right(before).xreplace({At(plain(context.name), ZERO): value}), line.right, context)


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
    return _same(Expectation(made(context, context.state_at(T))), line.right, context)


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
