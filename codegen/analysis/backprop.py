"""The calculus of layers: averages over a batch, and the backward pass that follows from the forward one.

    steps of training --reverse mode--> dL/dx, dL/dgamma, ... --simplified--> what is generated

An average is opaque: all that is used of it is that it is linear and that the average of what does not
depend on the element is that itself. So everything here holds for every size of the batch.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sympy
from sympy.core.relational import Relational

from ..algebra import reference
from ..algebra.assumptions import Assumptions
from ..algebra.tactics import decide
from ..result import PROVED, Outcome
from ..spec.functions import kinds
from ..spec.rules import Layer, Step
from ..spec.symbolic import average, outermost
from ..spec.symbols import Array, Channel, New, scalars
from .derive import Expressions, inlined

M = scalars("m")
ZERO, ONE = sympy.Integer(0), sympy.Integer(1)


@dataclass(frozen=True)
class Steps:
    """A part of a layer, as far as `derive.inlined` reads it."""

    steps: tuple[Step, ...]


def per_element(symbol: sympy.Symbol) -> bool:
    symbol = symbol.of if isinstance(symbol, New) else symbol
    return isinstance(symbol, Array) and not isinstance(symbol, Channel)


def varies(expr: sympy.Basic) -> bool:
    """Whether `expr` depends on the element, which inside an average is no longer free."""
    if expr.is_Symbol:
        return per_element(expr)
    return not isinstance(expr, average) and any(map(varies, expr.args))


def gradient_symbol(symbol: Array) -> Array:
    """The gradient of the loss by `symbol`: `dx` for `x`."""
    return type(symbol)(f"d{symbol.name}")


# Equality.


def normal(expr: sympy.Expr) -> sympy.Expr:
    """`expr` with every average multiplied out, factors that do not depend on the element in front of it."""
    if not expr.has(average):
        return expr
    if not isinstance(expr, average):
        return expr.func(*map(normal, expr.args))
    still: dict[sympy.Expr, sympy.Dummy] = {}  # what stays as it is while the rest is multiplied out
    inside = sympy.expand(_frozen(normal(expr.args[0]), still))
    back = {dummy: value for value, dummy in still.items()}
    terms = []
    for term in sympy.Add.make_args(inside):
        moving = [factor for factor in sympy.Mul.make_args(term) if varies(factor)]
        factors = [factor for factor in sympy.Mul.make_args(term) if not varies(factor)]
        terms.append(
            sympy.Mul(*factors).xreplace(back) * (average(sympy.Mul(*moving).xreplace(back)) if moving else ONE)
        )
    return sympy.Add(*terms)


def _frozen(expr: sympy.Expr, still: dict[sympy.Expr, sympy.Dummy]) -> sympy.Expr:
    if isinstance(expr, sympy.Piecewise):  # its branches are pairs, which no symbol can stand for
        return sympy.Piecewise(*((_frozen(v, still), c) for v, c in expr.args))
    if not varies(expr):
        return expr if expr.is_Atom else still.setdefault(expr, sympy.Dummy(real=True))
    return expr.func(*(_frozen(argument, still) for argument in expr.args)) if expr.args else expr


def equal(left: sympy.Expr, right: sympy.Expr, assumptions: Assumptions) -> Outcome:
    """Whether `left = right` for all batches. A verdict that refutes is none: averages are not free numbers."""
    one, two = opaque(left, right)
    return decide(one, two, assumptions)


def opaque(*expressions: sympy.Expr) -> list[sympy.Expr]:
    """The normal forms of `expressions` with a symbol for each average."""
    expressions = tuple(map(normal, expressions))
    found = sorted({node for expr in expressions for node in expr.atoms(average)}, key=sympy.default_sort_key)
    symbols = {node: sympy.Symbol(f"average_{k}", real=True) for k, node in enumerate(found)}
    return [expr.xreplace(symbols) for expr in expressions]


# The backward pass.


def adjoints(layer: Layer) -> Expressions:
    """The derivative of the loss by each value of the forward pass, last first, each in terms of those before it.

    The adjoint of a value per element is the derivative by that element; that of a value per channel is a
    sum over the elements that read it, which is m times an average. An average hands 1/m of its adjoint
    to each element. Steps that lead only to the running statistics have no adjoint.
    """
    steps, named = _flat(layer.steps)
    gains: dict[sympy.Symbol, sympy.Expr] = {layer.output: ZERO}
    found: dict[sympy.Symbol, sympy.Expr] = {}
    for target, value in reversed(steps):
        if target not in gains:
            continue
        upstream = gradient_symbol(target)
        if target != layer.output:
            found[upstream] = gains[target]
        of_average = isinstance(value, average)
        inner = value.args[0] if of_average else value
        for symbol in sorted((s for s in inner.free_symbols if isinstance(s, Array)), key=lambda s: s.name):
            slope = derivative(inner, symbol)
            if of_average:
                gain = upstream * slope / M if per_element(symbol) else upstream * average(slope)
            elif per_element(target) and not per_element(symbol):
                gain = M * average(upstream * slope)
            else:
                gain = upstream * slope
            gains[symbol] = gains.get(symbol, ZERO) + gain
    found |= {gradient_symbol(s): gains.get(s, ZERO) for s in (layer.input, *layer.parameters)}
    return {symbol: _substituted(expr, named) for symbol, expr in found.items()}


def derivative(expr: sympy.Expr, symbol: sympy.Symbol) -> sympy.Expr:
    """The derivative, in the functions of a spec, wherever there is one: `kinks` says where there is none."""
    found = sympy.diff(expr, symbol).replace(sympy.DiracDelta, lambda *_: ZERO)
    return found.replace(sympy.Heaviside, lambda inner, *_: sympy.Piecewise((ONE, inner > 0), (ZERO, True)))


def kinks(layer: Layer) -> list[sympy.Basic]:
    """What has to hold for the output to have a derivative: that no magnitude is taken of 0, that no two are a tie."""
    moving = {layer.input, *layer.parameters}
    found: dict[sympy.Basic, None] = {}
    for step in layer.steps:
        for left, right in _turns(step.value):
            if (left - right).free_symbols & moving:
                found.setdefault(sympy.Ne(right, left) if left == 0 else sympy.Ne(left, right))
        if step.value.free_symbols & moving:
            moving.add(step.target)
    return [condition for condition in found if condition != sympy.true]


def _turns(expr: sympy.Expr) -> Iterator[tuple[sympy.Expr, sympy.Expr]]:
    """The pairs at whose tie something in `expr` may turn."""
    for node in sorted(expr.atoms(*kinds(lambda row: row.kinks), Relational), key=sympy.default_sort_key):
        if len(node.args) == 1:
            yield node.args[0], ZERO
        else:
            yield from itertools.combinations(node.args, 2)


def reverse(layer: Layer) -> Expressions:
    """The gradient of the loss by the input and by each parameter, in the values of the forward pass and `dy`."""
    found: dict[sympy.Symbol, sympy.Expr] = {}
    for symbol, expr in adjoints(layer).items():
        found[symbol] = expr.xreplace(found)
    return {d: found[d] for d in map(gradient_symbol, (layer.input, *layer.parameters))}


def _flat(steps: Iterable[Step]) -> tuple[list[tuple[sympy.Symbol, sympy.Expr]], Expressions]:
    """The steps with each average inside an expression as a step of its own, and what the new names stand for."""
    flat: list[tuple[sympy.Symbol, sympy.Expr]] = []
    named: dict[sympy.Symbol, sympy.Expr] = {}

    def name(expr: sympy.Expr, whole: bool = False) -> sympy.Expr:
        expr = expr.func(*map(name, expr.args)) if expr.args else expr
        if whole or not isinstance(expr, average):
            return expr
        symbol = Channel(f"_average_{len(named)}")
        flat.append((symbol, expr))
        named[symbol] = expr
        return symbol

    for step in steps:
        value = name(step.value, whole=True)
        flat.append((step.target, value))
    return flat, named


def _substituted(expr: sympy.Expr, values: Expressions) -> sympy.Expr:
    while found := expr.free_symbols & set(values):
        expr = expr.xreplace({symbol: values[symbol] for symbol in found})
    return expr


def backward(layer: Layer) -> Expressions:
    """`reverse`, simplified: written in what the forward pass has normalised, without averages that vanish.

    That it is equal to `reverse` is a claim of every layer, which `prove.layers` decides.
    """
    assumptions, values = Assumptions.of(layer), inlined(layer)
    found = {symbol: normal(expr) for symbol, expr in reverse(layer).items()}
    for step in layer.steps:
        x = layer.input
        if not per_element(step.target) or x not in step.value.free_symbols or step.value.has(average):
            continue
        slope = derivative(step.value, x)
        if varies(slope) or step.target == layer.output:
            continue
        # the input, solved for in the step that normalises it
        start = step.value.xreplace({x: ZERO})
        found = {s: normal(e.xreplace({x: (step.target - start) / slope})) for s, e in found.items()}
    averages = sorted({a for e in found.values() for a in e.atoms(average)}, key=sympy.default_sort_key)
    vanish = {a: ZERO for a in averages if equal(a.xreplace(values), ZERO, assumptions).status == PROVED}
    return {symbol: _collected(expr.xreplace(vanish)) for symbol, expr in found.items()}


def _collected(expr: sympy.Expr) -> sympy.Expr:
    """`expr` multiplied out and with its common factors in front; what a root is taken of stays whole."""
    powers = {p.base for p in expr.atoms(sympy.Pow) if p.base.is_Add and not varies(p.base)}
    whole = {base: sympy.Dummy(positive=True) for base in sorted(powers, key=sympy.default_sort_key)}
    back = {dummy: base for base, dummy in whole.items()}
    return sympy.factor_terms(sympy.expand(expr.xreplace(whole))).xreplace(back)


def smallest_batch(layer: Layer) -> int:
    """The smallest number of elements to a channel for which no step divides by zero."""
    powers = [p for step in layer.steps for p in step.value.atoms(sympy.Pow) if p.exp.could_extract_minus_sign()]
    bases = [p.base for p in powers if p.base.free_symbols == {M}]
    return next(k for k in range(1, 100) if all(base.xreplace({M: sympy.Integer(k)}) != 0 for base in bases))


# Numbers, with 50 digits, that share nothing with the above.


def run(steps: Iterable[Step], values: Mapping[str, Any]) -> dict[str, Any]:
    """Every value of the steps on one channel: lists for values per element, numbers for the others."""
    values = dict(values)
    for step in steps:
        values[step.target.name] = on_batch(step.value, values, per_element(step.target))
    return values


def on_batch(expr: sympy.Expr, values: Mapping[str, Any], elementwise: bool) -> Any:
    """`expr` with `values` by name; a list, if it is a value per element."""
    size = next(len(value) for value in values.values() if isinstance(value, list))
    means: dict[sympy.Expr, sympy.Symbol] = {}
    numbers = {}
    for node in dict.fromkeys(outermost(expr, average)):
        means[node] = sympy.Symbol(f"_mean_{len(means)}")
        numbers[means[node].name] = sum(on_batch(node.args[0], values, True)) / size
    outer = expr.xreplace(means)
    values = {**values, **numbers, "m": reference.number(size)}
    rows = [{n: v[k] if isinstance(v, list) else v for n, v in values.items()} for k in range(size)]
    found = [reference.evaluate(outer, row) for row in (rows if elementwise else rows[:1])]
    return found if elementwise else found[0]
