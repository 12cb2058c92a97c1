"""What is asked of a spec before anything else: that it is made of the right things, and none of them too large.

Everything after this may recurse, print and multiply out: nesting is bounded, so are numbers, names, texts and
what proofs would have to go through. Each limit is far beyond any rule in the literature.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sympy

DEPTH = 40  # of an expression: parentheses of Python nest 200 deep, and every level may add several
PARTS = 2_000  # of one expression
WHOLE = 100_000  # of all steps put into each other
TERMS = 20_000  # of an expression that is multiplied out
EXPONENT = 64
BITS = 1000  # of a whole number: a double ends at 2**1024
LITERAL = 2**63  # what an integer in the code of a kernel has to stay below
NAME = 64
TEXT = 1000
STEPS = 200

_DECIMAL = re.compile(
    r"[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][+-]?\d{1,3})?|[+-]?\d{1,40}/0*[1-9]\d{0,39}", re.ASCII
)

Fault = tuple[str, str]  # the fact and the remedy


def of_text(what: str, text: Any, *, lines: bool = False) -> Iterator[Fault]:
    """Text that ends up in a docstring or comment. It cannot leave it, nor look like something else there."""
    if not isinstance(text, str):
        yield f"its {what} is {_brief(text)}, which is no text", "write it in quotes"
        return
    bare = re.sub(r"[\n\t]", "", text) if lines else text
    if not bare.isprintable():
        character = next(c for c in bare if not c.isprintable())
        yield (
            f"its {what} has the invisible character {character!a} in it",
            "write it on one line, without control characters" if not lines else "leave control characters out",
        )
    elif ('"""' if lines else '"') in text or "\\" in text:
        yield f"its {what} has a backslash or a quote that would end it", "write it without them"
    if len(text) > TEXT * (20 if lines else 1):
        yield f"its {what} has {len(text)} characters", f"say it in at most {TEXT * (20 if lines else 1)}"


def of_default(text: Any, whole: bool) -> Iterator[Fault]:
    """A default is a decimal that a double can hold."""
    from fractions import Fraction

    if not isinstance(text, str) or not _DECIMAL.fullmatch(text):
        yield f"its default {_brief(text)} is not a decimal string", "write it in quotes: default='0.9'"
        return
    exact = Fraction(text)
    try:
        nearest = float(exact)
    except OverflowError:
        nearest = math.inf
    if math.isinf(nearest) or (exact and not nearest):
        yield f"its default {text} is {nearest} in double", "choose a number between 1e-300 and 1e300"
    elif whole and exact.denominator != 1:
        yield f"its default {text} is not a whole number", "write it without a fraction"


def of_expression(expr: Any) -> Iterator[Fault]:
    """An expression that can be walked over, printed and multiplied out."""
    if not isinstance(expr, sympy.Basic):
        yield f"{_brief(expr)} is no expression", "write it with the symbols of the spec"
        return
    parts, depth = 0, 0
    pending = [(expr, 1)]
    while pending:
        node, level = pending.pop()
        parts, depth = parts + 1, max(depth, level)
        if parts > PARTS or depth > DEPTH:
            fact = f"it has more than {PARTS} parts" if parts > PARTS else f"it is nested more than {DEPTH} deep"
            yield fact, "give a part of it a step of its own"
            return
        if isinstance(node, sympy.Rational) and max(abs(node.p), node.q).bit_length() > BITS:
            yield "a number in it is too long for a double", "make it smaller than 1e300, or a hyperparameter"
            return
        if isinstance(node, sympy.Symbol) and len(node.name) > NAME:
            yield f"the name {node.name[:20]}... has {len(node.name)} characters", f"use at most {NAME}"
            return
        if isinstance(node, sympy.Pow) and node.exp.is_Integer and abs(node.exp) > EXPONENT:
            yield (
                f"the exponent {_brief(node.exp)} is beyond {EXPONENT}",
                "make it a hyperparameter, or use exp and log",
            )
            return
        pending += [(child, level + 1) for child in node.args]
    if (terms := _terms(expr)) > TERMS:
        yield f"multiplied out it has {_brief(terms)} terms", "give a factor of it a step of its own"


def _terms(expr: sympy.Basic) -> int:
    """How many terms `expr` may have once it is multiplied out."""
    if isinstance(expr, sympy.Add):
        return sum(map(_terms, expr.args))
    if isinstance(expr, sympy.Mul):
        return math.prod(map(_terms, expr.args))
    if isinstance(expr, sympy.Pow) and expr.exp.is_Integer:
        return math.comb(_terms(expr.base) + abs(int(expr.exp)) - 1, abs(int(expr.exp)))
    return max((_terms(part) for part in expr.args), default=1)


def of_whole(values: Iterable[tuple[sympy.Symbol, sympy.Expr]]) -> Iterator[Fault]:
    """The steps, put into each other as proofs do it, stay of a size that can be handled."""
    sizes: dict[str, int] = {}
    for target, value in values:
        sizes[target.name] = _size(value, sizes)
        if sizes[target.name] > WHOLE:
            yield (
                f"with the earlier steps put into it, {target} has more than {WHOLE} parts",
                "let it depend on fewer of them, or keep what is computed in a state",
            )
            return


def _size(expr: sympy.Basic, sizes: Mapping[str, int]) -> int:
    if isinstance(expr, sympy.Symbol):
        return sizes.get(expr.name, 1)
    return 1 + sum(_size(part, sizes) for part in expr.args)


def _brief(value: Any) -> str:
    """`value` in a few characters. Python refuses to print a number of more than 4,300 digits."""
    if isinstance(value, int | sympy.Integer) and int(value).bit_length() > 100:
        return f"of {int(int(value).bit_length() * math.log10(2)) + 1} digits"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}..."
