"""A rule on a quadratic in exact numbers: the matrix of its step, what `w` sees of it, whether that contracts.

The matrix is what the rule itself makes of each state alone, in one step with the gradient h * w.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from ..spec.enclosure import Enclosure, sign
from ..spec.rules import Optimizer
from ..spec.symbols import New
from . import exact

Number = Any  # a fraction or an enclosure
Matrix = list[list[Number]]


class CurvedError(Exception):
    """A step is not a multiple of the states, so that there is no matrix."""


def frozen_rule(rule: Optimizer, frozen: Sequence[str]) -> Optimizer:
    """The rule in which states keep the value that they have."""
    keep = {s.target: s.target.of for s in rule.steps if isinstance(s.target, New) and s.target.of.name in frozen}
    steps = [s if s.target in keep else replace(s, value=s.value.xreplace(keep)) for s in rule.steps]
    return replace(rule, steps=tuple(steps))


def matrix(rule: Optimizer, values: Mapping[str, Number], variables: Sequence[str]) -> Matrix:
    """What a step multiplies the vector of `variables` by; `values` has hyperparameters, h, and the other states."""
    states = {s.name: values.get(s.name, 0) for s in rule.state}

    def step(start: Mapping[str, int]) -> list[Number]:
        kept = {**states, **{name: start.get(name, 0) for name in variables if name != "w"}}
        gradient = [lambda row: row["h"] * row["w"]]
        (after,) = exact.run(rule, gradient, lambda t: values, start.get("w", 0), kept)
        return [after[name] for name in variables]

    if any(exact.differ(part, Fraction(0)) for part in step({})):
        raise CurvedError("a step from zero does not stay there")
    columns = [step({name: 1}) for name in variables]
    doubled = [step({name: -2}) for name in variables]
    for once, twice in zip(columns, doubled, strict=True):
        if any(exact.differ(-2 * a, b) for a, b in zip(once, twice, strict=True)):
            raise CurvedError("a step is not linear")
    return [list(row) for row in zip(*columns, strict=True)]


def visible(rows: Matrix) -> list[Number]:
    """The coefficients, from the highest power, which is 1, of the polynomial whose roots are all that `w` sees.

    It is of the least degree for which the first row of q(matrix) is zero. Raises UndecidableError where that cannot be
    told of enclosures.
    """
    size = len(rows)
    current = [Fraction(int(k == 0)) for k in range(size)]
    # each row with the powers of the matrix that it is made of, in echelon form
    basis: list[tuple[int, list[Number], list[Number]]] = []
    for power in range(size + 1):
        row, made = list(current), [Fraction(int(k == power)) for k in range(size + 1)]
        for pivot, other, parts in basis:
            factor = row[pivot]
            row = [a - factor * b for a, b in zip(row, other, strict=True)]
            row[pivot] = Fraction(0)
            made = [a - factor * b for a, b in zip(made, parts, strict=True)]
        if len(basis) == size or (place := _pivot(row)) is None:
            return made[power::-1]
        scale = _inverse(row[place])
        basis.append((place, [scale * a for a in row], [scale * a for a in made]))
        current = [
            sum((a * b for a, b in zip(current, column, strict=True)), Fraction(0))
            for column in zip(*rows, strict=True)
        ]
    raise AssertionError("a row beyond the size depends on the others")


def _inverse(value: Number) -> Number:
    return value.inverse() if isinstance(value, Enclosure) else 1 / value


def _pivot(row: Sequence[Number]) -> int | None:
    return next((k for k, value in enumerate(row) if sign(value) != 0), None)


def contracts(coefficients: Sequence[Number], radius: Number = Fraction(1)) -> bool:
    """Whether all roots of the polynomial are inside the circle of this radius, after Schur, Cohn and Jury."""
    degree = len(coefficients) - 1
    p = [c * radius ** (degree - k) for k, c in enumerate(coefficients)]
    while len(p) > 1:
        lead, last = p[0], p[-1]
        if not abs(last) < abs(lead):
            return False
        p = [lead * a - last * b for a, b in zip(p, reversed(p), strict=True)][:-1]
    return True
