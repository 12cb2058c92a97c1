"""Layers on small batches in exact numbers. Gradients are those of dual numbers, carried through the forward pass."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import sympy
from sympy.core.relational import Relational

from ..algebra import exact
from ..spec import functions
from ..spec.enclosure import UndecidableError, UndefinedError, sign
from ..spec.row import Function
from ..spec.rules import Layer, Step
from ..spec.symbolic import average, outermost
from ..spec.symbols import new
from ..statement import Runs, Statement
from ..statement.layers import MeanOfBatches, OnBatch, RunningMean, SameLayer
from . import Found, outcomes
from .adversary import hypers
from .run import outside_of

#: Batches, each with the gradient of the loss by its output.
_BATCHES = tuple(
    tuple(tuple(map(Fraction, values)) for values in pair)
    for pair in (
        ((0, 1), (1, 0)), ((1, 3), (1, 2)), ((0, 1, 5), (1, 0, -1)), ((-1, 2, 4), (2, -1, 3)), ((-2, -1), (1, 1)),
        ((2,), (1,)), ((-3,), (2,)), ((1, 1), (1, -2)), ((-3, -4, 0, 5), (1, 2, -1, 0)),
    )
)  # fmt: skip
_PER_CHANNEL = tuple(Fraction(n) for n in ("2", "3", "-1", "1/2", "0", "-2"))
_TIMES = 3  # batches in a row, of a running average
_COUNTED = 5  # and of a plain mean
_TRIED = 11

Rows = Sequence[Mapping[str, Any]]


def values(expr: sympy.Basic, rows: Rows) -> list[Any]:
    """`expr` at each element of a batch."""
    means = {node: sympy.Symbol(f"({node})") for node in outermost(expr, average)}
    found = {symbol.name: _mean(values(node.args[0], rows)) for node, symbol in means.items()}
    compute = exact.function(expr.xreplace(means))
    return [compute({**row, **found}) for row in rows]


def _mean(parts: Sequence[Any]) -> Any:
    return sum(parts, Fraction(0)) * Fraction(1, len(parts))


def run(steps: Iterable[Step], rows: Rows) -> list[dict[str, Any]]:
    """The rows with the value of every step."""
    found = [dict(row) for row in rows]
    for step in steps:
        for row, value in zip(found, values(step.value, found), strict=True):
            row[step.target.name] = value
    return found


def _rows(layer: Layer, hyper: Mapping[str, Any], number: int) -> list[dict[str, Any]]:
    """A batch, with numbers for all that the layer reads."""
    x, dy = _BATCHES[number % len(_BATCHES)]
    own = dict(zip((s.name for s in (*layer.parameters, *layer.state)), itertools.cycle(_PER_CHANNEL)))
    shift = number // 2 % len(_PER_CHANNEL)
    own = {name: _PER_CHANNEL[(k + shift) % len(_PER_CHANNEL)] for k, name in enumerate(own)}
    common = {**hyper, **own, "m": Fraction(len(x))}
    return [{**common, layer.input.name: a, f"d{layer.output.name}": b} for a, b in zip(x, dy, strict=True)]


def _batches(runs: Runs) -> Iterator[tuple[int, Mapping[str, Any], list[dict[str, Any]]]]:
    for number, hyper in enumerate(itertools.islice(itertools.cycle(list(hypers(runs))), _TRIED)):
        yield number, hyper(1), _rows(runs.layer, hyper(1), number)


def _assumed(statement: Statement, rows: Rows) -> bool:
    return all(all(values(condition, rows)) for condition in statement.conditions)


def _told(rows: Rows, layer: Layer, hyper: Mapping[str, Any], left: Sequence[Any], right: Sequence[Any]) -> Found:
    own = {s.name: exact.shown(rows[0][s.name]) for s in (*layer.parameters, *layer.state)}
    lists = {name: _listed([row[name] for row in rows]) for name in (layer.input.name, f"d{layer.output.name}")}
    shown = {name: exact.shown(value) for name, value in hyper.items()}
    return {**lists, **shown, **own, "left": _listed(left), "right": _listed(right)}


def _listed(numbers: Sequence[Any]) -> str:
    return ", ".join(map(exact.shown, numbers))


def unlike(layer: Layer, first: sympy.Expr, second: sympy.Expr) -> Found | None:
    """A batch for which two expressions, in what is there before the steps, differ."""
    for _, hyper, batch in _batches(Runs(layer)):
        try:
            left, right = values(first, batch), values(second, batch)
            if any(exact.differ(a, b) for a, b in zip(left, right, strict=True)):
                return _told(batch, layer, hyper, left, right)
        except (UndefinedError, UndecidableError):
            continue
    return None


@outcomes.register
def _(relation: OnBatch, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    layer = statement.runs.layer
    wanted = [s for s in (layer.input, *layer.parameters) if f"d{s.name}" in {r.name for r in relation.symbols()}]
    for _, hyper, given in _batches(statement.runs):
        try:
            # what parameters are fixed at follows from the batch, whatever they are
            free = run(layer.steps, given)
            fixed = {s.name: values(value, free)[0] for s, value in relation.fixed.items()}
            batch = [{**row, **fixed} for row in given]
            rows = run(layer.steps, batch) if fixed else free
            if not _assumed(statement, rows):
                continue
            for symbol in wanted:
                rows = [{**r, f"d{symbol.name}": v} for r, v in zip(rows, _gradient(layer, batch, symbol), strict=True)]
            left, right = values(relation.left, rows), values(relation.right, rows)
            differs = any(exact.differ(a, b) for a, b in zip(left, right, strict=True))
        except (UndefinedError, UndecidableError):
            continue
        yield 1, _told(rows, layer, hyper, left, right) if differs else None


@outcomes.register
def _(relation: RunningMean, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    layer, name = statement.runs.layer, relation.state.name
    for number, hyper, batch in _batches(statement.runs):
        state, past = {s.name: batch[0][s.name] for s in layer.state}, []
        start = state[name]
        for t in range(1, _TIMES + 1):
            rows = [{**row, **state} for row in _rows(layer, hyper, number + t - 1)]
            try:
                rows = run(layer.steps, rows)
                if not _assumed(statement, rows):
                    break
                decay = values(relation.decay, rows)[0]
                past.append(values(relation.of, rows)[0])
                total = sum((decay ** (t - i) * of for i, of in enumerate(past, start=1)), Fraction(0))
                claimed, found = decay**t * start + (1 - decay) * total, rows[0][new(relation.state).name]
                differs = exact.differ(found, claimed)
            except (UndefinedError, UndecidableError):
                break
            yield 1, _told(rows, layer, hyper, [found], [claimed]) | {"t": str(t)} if differs else None
            state = {s.name: rows[0][new(s).name] for s in layer.state}


@outcomes.register
def _(relation: MeanOfBatches, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    layer, name, count = statement.runs.layer, relation.state.name, relation.count.name
    for number, hyper, batch in _batches(statement.runs):
        # the mean may start anywhere, the count starts as declared
        state, past = {s.name: batch[0][s.name] for s in layer.state}, []
        state[count] = exact.number(layer.state[relation.count])
        for t in range(1, _COUNTED + 1):
            rows = [{**row, **state} for row in _rows(layer, hyper, number + t - 1)]
            try:
                rows = run(layer.steps, rows)
                if not _assumed(statement, [{**row, "t": Fraction(t)} for row in rows]):
                    break
                past.append(values(relation.of, rows)[0])
                claimed, found = (_mean(past), Fraction(t)), tuple(rows[0][f"{n}_new"] for n in (name, count))
                differs = any(exact.differ(a, b) for a, b in zip(found, claimed, strict=True))
            except (UndefinedError, UndecidableError):
                break
            yield 1, _told(rows, layer, hyper, found, claimed) | {"t": str(t)} if differs else None
            state = {s.name: rows[0][new(s).name] for s in layer.state}


@outcomes.register
def _(relation: SameLayer, statement: Statement) -> Iterator[tuple[int, Found | None]]:
    layer, other = statement.runs.layer, relation.other
    own = layer.steps if relation.training else layer.inference
    theirs = other.steps if relation.training else other.inference
    for _, hyper, batch in _batches(statement.runs):
        try:
            mine = run(own, batch)
            if not _assumed(statement, mine):
                continue
            mapped = {h.name: values(relation.hyper.get(h.name, h), batch)[0] for h in other.hypers}
            if outside := outside_of(other, mapped):
                yield 1, {**{n: exact.shown(v) for n, v in hyper.items()}, "outside": outside}
                continue
            rows = [{**row, **mapped} for row in batch]
            for step in theirs:
                given = relation.given.get(step.target.name)
                found = values(step.value, rows) if given is None else values(given, mine)
                rows = [{**row, step.target.name: v} for row, v in zip(rows, found, strict=True)]
            left, right = ([row[relation.target.name] for row in side] for side in (mine, rows))
            differs = any(exact.differ(a, b) for a, b in zip(left, right, strict=True))
        except (UndefinedError, UndecidableError):
            continue
        yield 1, _told(batch, layer, hyper, left, right) if differs else None


# Dual numbers: a value and its derivative.

Dual = tuple[Any, Any]


def _gradient(layer: Layer, batch: Rows, symbol: sympy.Symbol) -> list[Any]:
    """The derivative of sum(dy * y) by `symbol` at each element; by a parameter, the same for all."""
    upstream = [row[f"d{layer.output.name}"] for row in batch]
    if symbol != layer.input:
        return [_loss(layer, batch, symbol, None, upstream)] * len(batch)
    return [_loss(layer, batch, symbol, k, upstream) for k in range(len(batch))]


def _loss(layer: Layer, batch: Rows, symbol: sympy.Symbol, element: int | None, upstream: Sequence[Any]) -> Any:
    def moves(name: str, k: int) -> Fraction:
        return Fraction(name == symbol.name and element in (None, k))

    rows = [{n: (v, moves(n, k)) for n, v in row.items()} for k, row in enumerate(batch)]
    for step in layer.steps:
        for row, value in zip(rows, _duals(step.value, rows), strict=True):
            row[step.target.name] = value
    return sum((dy * row[layer.output.name][1] for dy, row in zip(upstream, rows, strict=True)), Fraction(0))


def _duals(expr: sympy.Basic, rows: Sequence[Mapping[str, Dual]]) -> list[Dual]:
    means = {node: sympy.Symbol(f"({node})") for node in outermost(expr, average)}
    found = {}
    for node, symbol in means.items():
        parts = _duals(node.args[0], rows)
        found[symbol.name] = (_mean([v for v, _ in parts]), _mean([d for _, d in parts]))
    outer = expr.xreplace(means)
    return [_dual(outer, {**row, **found}) for row in rows]


def _dual(expr: sympy.Basic, row: Mapping[str, Dual]) -> Dual:
    match expr:
        case sympy.Symbol():
            return row[expr.name]
        case sympy.Add():
            parts = [_dual(a, row) for a in expr.args]
            return sum((v for v, _ in parts), Fraction(0)), sum((d for _, d in parts), Fraction(0))
        case sympy.Mul():
            value, slope = Fraction(1), Fraction(0)
            for v, d in (_dual(a, row) for a in expr.args):
                value, slope = value * v, value * d + slope * v
            return value, slope
        case sympy.Pow(base=base, exp=exponent) if exponent.is_Rational:
            value, slope = _dual(base, row)
            return _power(value, exponent), _power(value, exponent - 1) * exact.number(exponent) * slope
        case sympy.Abs() | sympy.sign():
            value, slope = _dual(expr.args[0], row)
            side = _side(value)
            return (side * value, side * slope) if isinstance(expr, sympy.Abs) else (Fraction(side), Fraction(0))
        case sympy.Max() | sympy.Min():
            return _extreme(expr, row)
        case sympy.Piecewise():
            return next(_dual(value, row) for value, condition in expr.args if _holds(condition, row))
    known = functions.find(expr)
    if isinstance(known, Function) and known.slope is not None:
        value, slope = _dual(expr.args[0], row)
        found = known.exact(value)
        return found, known.slope(value, found) * slope
    if expr.free_symbols:
        raise UndecidableError(f"the derivative of {expr}")
    return exact.number(expr), Fraction(0)


def _power(value: Any, exponent: sympy.Expr) -> Any:
    return exact.evaluate(sympy.Symbol("u") ** exponent, {"u": value})


def _side(difference: Any) -> int:
    """The sign of something at whose zero there is a kink."""
    if (found := sign(difference)) == 0:
        raise UndecidableError("a derivative at a kink")
    return found


def _extreme(expr: sympy.Basic, row: Mapping[str, Dual]) -> Dual:
    best, *others = (_dual(a, row) for a in expr.args)
    for other in others:
        larger = _side(other[0] - best[0]) > 0
        best = other if larger == isinstance(expr, sympy.Max) else best
    return best


def _holds(condition: sympy.Basic, row: Mapping[str, Dual]) -> bool:
    if isinstance(condition, Relational):
        _side(_dual(condition.lhs - condition.rhs, row)[0])
    return bool(exact.evaluate(condition, {name: value for name, (value, _) in row.items()}))
