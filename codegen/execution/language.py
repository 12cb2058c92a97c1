"""The language of generated files, statement by statement. `shapes` says where which of them may stand.

It is small: values of numbers, lines that bind one name each, and loops whose rounds have nothing from each other.
What is not in it is not looked into, since it may do anything; so a statement is known by its kind, and a kind
that is not known is none. A statement is compared as `ast.unparse` writes it, in which there are no two spellings.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from ..spec.functions import called
from ..spec.host import STAND_INS

NAME = r"[^\W\d]\w*"
NAMES = rf"{NAME}(?:, {NAME})*"
#: Parameters that are arrays, then some that are numbers.
TYPED = rf"{NAME}: Array(?:, {NAME}: Array)*(?:, {NAME}: float)*"
NUMBER = r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?"
#: A tuple of names, that of one with its comma.
TUPLE = rf"\((?:{NAME},|{NAME}(?:, {NAME})+)?\)"
OPERAND = rf"(?:{NAME}|{NUMBER})"
_TEST = rf"{OPERAND} (?:<|<=|>|>=|==|!=) {OPERAND}"

COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)
_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.Mod)


class OutsideError(Exception):
    """A file has something in it that no generated file has there. Nothing is said of what it does."""

    def __init__(self, node: ast.AST | str, fact: str = "is not what a generated file has there") -> None:
        self.line: int | None = getattr(node, "lineno", None)
        lines = (node if isinstance(node, str) else ast.unparse(node).strip()).splitlines()
        shown = next((line for line in lines if not line.startswith("@")), "")
        super().__init__(f"`{shown}` {fact}")


@dataclass(frozen=True)
class Dialect:
    """What a value may be made of: functions, those among them that choose by a comparison, other atoms as text.

    `decides`: which of two values it is may be settled by Python, which has to know whether a comparison holds.
    """

    functions: frozenset[str]
    choices: frozenset[str] = frozenset()
    atoms: str = r"math\.pi"
    decides: bool = True


_HOST = frozenset(called("python")) | frozenset(STAND_INS)
UFUNCS = frozenset(called("ufunc"))

#: Scalars on the host; with hyperparameters that are looked up, or are attributes.
HOST = Dialect(_HOST)
OF_HYPER = Dialect(_HOST, atoms=rf"math\.pi|hyper\['{NAME}'\]")
OF_SELF = Dialect(_HOST, atoms=rf"math\.(?:pi|inf)|self\.{NAME}")


@cache
def library(alias: str) -> Dialect:
    """Scalars that an array library computes, and values of arrays as a whole."""
    functions = frozenset(f"{alias}.{name}" for name in UFUNCS)
    return Dialect(_HOST | functions | {"spread"}, frozenset({f"{alias}.where"}), atoms=rf"math\.pi|{alias}\.pi")


@cache
def of_arrays(alias: str, *beside: str) -> Dialect:
    """Values that an array library computes, whose elements Python does not know; `beside` are other functions."""
    functions = frozenset(f"{alias}.{name}" for name in UFUNCS)
    return Dialect(functions | {*beside}, frozenset({f"{alias}.where"}), decides=False)


def value(node: ast.expr, dialect: Dialect) -> None:
    """`node` is a number that is computed from names and numbers."""
    match node:
        case ast.Name():
            return
        case ast.Constant(value=number) if type(number) in (int, float):
            return
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            value(operand, dialect)
        case ast.BinOp(left=left, op=op, right=right) if isinstance(op, _OPERATORS):
            value(left, dialect)
            value(right, dialect)
        case ast.IfExp(test=test, body=then, orelse=otherwise) if dialect.decides:
            comparison(test, dialect)
            value(then, dialect)
            value(otherwise, dialect)
        case ast.Call(func=function, args=arguments, keywords=[]) if ast.unparse(function) in dialect.functions:
            for argument in arguments:
                value(argument, dialect)
        case ast.Call(func=function, args=[test, *others], keywords=[]) if ast.unparse(function) in dialect.choices:
            comparison(test, dialect)
            for other in others:
                value(other, dialect)
        case ast.Attribute() | ast.Subscript() if re.fullmatch(dialect.atoms, ast.unparse(node)):
            return
        case _:
            raise OutsideError(node, "is not a value that is computed from numbers")


def comparison(node: ast.expr, dialect: Dialect) -> None:
    """`node` compares two numbers, which symbols can tell or leave open."""
    match node:
        case ast.Compare(left=left, ops=[op], comparators=[right]) if isinstance(op, COMPARISONS):
            value(left, dialect)
            value(right, dialect)
        case _:
            raise OutsideError(node, "is not the comparison of two numbers")


def bound(node: ast.stmt, dialect: Dialect) -> str:
    """The name that a line `name = value` binds."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=given):
            value(given, dialect)
            return name
    raise OutsideError(node)


def fresh(node: ast.stmt, names: Iterable[str], taken: set[str]) -> None:
    """None of `names` is one of those that are `taken`; now they are."""
    for name in names:
        if name in taken:
            raise OutsideError(node, f"binds {name}, which is something else already")
        taken.add(name)


def scalars(body: Sequence[ast.stmt], dialect: Dialect, taken: set[str]) -> None:
    """Lines each of which binds a name of its own to a number."""
    for line in body:
        fresh(line, [bound(line, dialect)], taken)


def names_in(node: ast.AST) -> set[str]:
    """The names that `node` reads."""
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def apart(body: Sequence[ast.stmt], outer: Collection[str]) -> None:
    """The rounds of a loop with this body have nothing from each other: one is proved, so all are.

    None binds a name of the `outer` ones, and none reads a name before it has bound it.
    """
    binds = [{t.id for t in getattr(line, "targets", ()) if isinstance(t, ast.Name)} for line in body]
    pending = set().union(*binds)
    for line, own in zip(body, binds, strict=True):
        if left := own & set(outer):
            raise OutsideError(line, f"changes {min(left)} for the rounds of the loop after it")
        if left := names_in(line) & pending:
            raise OutsideError(line, f"reads {min(left)} of the round before it")
        pending -= own


# Domains.


def domain_test(node: ast.expr, name: str) -> None:
    """A test of `name`: it lies on one side of numbers, and may have to be whole.

    So it can only change its mind at the numbers that stand in it.
    """
    match node:
        case ast.Constant(value=True):
            return
        case ast.BoolOp(op=ast.And(), values=tests):
            for test in tests:
                domain_test(test, name)
        case ast.Compare() if ast.unparse(node) == f"{name} % 1 == 0":
            return
        case ast.Compare(left=left, ops=ops, comparators=others) if all(isinstance(op, COMPARISONS) for op in ops):
            for side in (left, *others):
                if not re.fullmatch(rf"{name}|{NUMBER}", ast.unparse(side)):
                    raise OutsideError(side, f"is neither {name} nor a number")
        case _:
            raise OutsideError(node, f"is not a test of the domain of {name}")
