"""Equations as docstrings have them, in LaTeX: `m` is m_{t-1}, `m_new` is m_t."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Collection, Iterator
from typing import Any

__all__ = ["equations", "latex"]

_LINE = re.compile(r"    (\w+) += (.+)")
_GREEK = re.compile("alpha|beta|gamma|delta|epsilon|eta|theta|kappa|lambda|mu|nu|rho|sigma|tau|phi|psi|omega")
_NAMES = {"lr": r"\eta", "eps": r"\varepsilon", "momentum": r"\mu", "weight_decay": r"\lambda"}
_SIGNS = {ast.Lt: "<", ast.LtE: r"\le", ast.Gt: ">", ast.GtE: r"\ge", ast.Eq: "=", ast.NotEq: r"\ne"}
_SUM, _PRODUCT, _POWER, _ATOM = range(4)


def equations(function: Any) -> Iterator[tuple[str, str, str]]:
    """The name, the expression and the note of each of the equations in the docstring of an update function."""
    found = False
    for line in inspect.getdoc(function).split("\n") if inspect.getdoc(function) else ():  # type: ignore[union-attr]
        match = _LINE.fullmatch(line)
        if match:
            found = True
            expression, *note = re.split(r"  +", match[2].rstrip(), maxsplit=1)
            yield match[1], expression, note[0] if note else ""
        elif found:
            return


def latex(function: Any, states: Collection[str]) -> str:
    """The equations in the docstring of an update function as an `aligned` environment; "" if there are none."""
    lines = list(equations(function))
    targets = {name for name, *_ in lines}
    kept = {name.removesuffix("_new") for name in targets if name.endswith("_new")}
    spell = _Speller({*states, *kept, "w"}, targets | {"g"})
    rows = [f"{spell.name(name)} &= {spell.text(expression)}" for name, expression, _ in lines]
    return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}" if rows else ""


class _Speller:
    def __init__(self, states: Collection[str], steps: Collection[str]) -> None:
        self.states, self.steps = states, steps

    def text(self, expression: str) -> str:
        try:
            return self.spell(ast.parse(expression, mode="eval").body)[0]
        except (SyntaxError, NotImplementedError):  # as it is written
            return _verbatim(expression)

    def name(self, name: str) -> str:
        state = name.removesuffix("_new")
        if state in self.states:
            return _letter(state, "t" if state != name else "t-1")
        return _letter(name, "t" if name in self.steps else "")

    def spell(self, node: ast.expr) -> tuple[str, int]:
        """The text of `node` and how tightly it binds."""
        match node:
            case ast.Name(id=name):
                return self.name(name), _ATOM
            case ast.Constant(value=value):
                return str(value), _ATOM
            case ast.UnaryOp(op=ast.USub(), operand=of):
                return f"-{self.inside(of, _PRODUCT)}", _SUM
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
                sign = "+" if isinstance(op, ast.Add) else "-"
                return f"{self.inside(left, _SUM)} {sign} {self.inside(right, _PRODUCT)}", _SUM
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                return rf"{self.inside(left, _PRODUCT)} \, {self.inside(right, _PRODUCT)}", _PRODUCT
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return rf"\frac{{{self.spell(left)[0]}}}{{{self.spell(right)[0]}}}", _ATOM
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                base = self.inside(left, _ATOM)
                base = rf"\left({base}\right)" if base.startswith(r"\frac") else base
                return f"{{{base}}}^{{{self.spell(right)[0]}}}", _POWER
            case ast.Call(func=ast.Name(id=function), args=arguments):
                return self.call(function, arguments)
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _SIGNS:
                return f"{self.spell(left)[0]} {_SIGNS[type(op)]} {self.spell(right)[0]}", _SUM
        raise NotImplementedError(ast.dump(node))

    def call(self, function: str, arguments: list[ast.expr]) -> tuple[str, int]:
        inside = [self.spell(one)[0] for one in arguments]
        match function, inside:
            case "sqrt", [of]:
                return rf"\sqrt{{{of}}}", _ATOM
            case "abs", [of]:
                return rf"\left|{of}\right|", _ATOM
            case "where", [test, then, otherwise]:
                cases = rf"{then} & {test} \\ {otherwise} & \text{{otherwise}}"
                return rf"\begin{{cases}} {cases} \end{{cases}}", _ATOM
        name = (
            rf"\{function}" if function in ("exp", "log", "max", "min") else rf"\operatorname{{{_escaped(function)}}}"
        )
        return rf"{name}\left({', '.join(inside)}\right)", _ATOM

    def inside(self, node: ast.expr, binding: int) -> str:
        text, own = self.spell(node)
        return text if own >= binding else rf"\left({text}\right)"


def _letter(name: str, index: str) -> str:
    """The name as a letter with its digits and its time index below it: `c1` is c_{1,t}."""
    stem = name.rstrip("0123456789")
    below = ",".join(filter(None, (name.removeprefix(stem), index)))
    return f"{_stem(stem)}_{{{below}}}" if below else _stem(stem)


def _stem(name: str) -> str:
    if name in _NAMES:
        return _NAMES[name]
    for accent in ("hat", "bar"):
        if name.endswith(f"_{accent}"):
            return rf"\{accent}{{{_stem(name.removesuffix(f'_{accent}'))}}}"
    if _GREEK.fullmatch(name):
        return rf"\{name}"
    return name if len(name) == 1 else rf"\mathrm{{{_escaped(name)}}}"


def _verbatim(text: str) -> str:
    return rf"\texttt{{{_escaped(text)}}}"


def _escaped(text: str) -> str:
    return re.sub(r"([_#%&{}^])", r"\\\1", text)
