"""Read the C++ body of a kernel, and run it over whatever can be added and multiplied.

The body is parsed by pycparser into C's own syntax tree. `Body.run` carries it out over SymPy
expressions, which is what the read-back compares with the spec, or over NumPy arrays of the kernel's
type, which is what the numeric comparison does. It follows C where C differs from Python: the
division of two integers truncates, and a local variable is a copy.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import sympy
from pycparser import c_ast, c_parser

from ...execution.choices import compare, select
from ...execution.modules import BrokenError, UnreadableError, WrongError
from ...spec.functions import called
from ...spec.symbolic import COMPARISONS
from .reserved import reserved_by

TYPE = "T"
_PREFIX = f"typedef double {TYPE}; void body(void) {{\n"


@dataclass(frozen=True)
class Algebra:
    """The functions of one kind of value; the operators are Python's own."""

    functions: Mapping[str, Callable[..., Any]]
    select: Callable[[Any, Any, Any], Any]
    either: Callable[[Any, Any], Any]
    compare: Callable[[str, Any, Any], Any]
    literal: Callable[[int], Any]


SYMBOLIC = Algebra(
    functions={name: row.stand_in for name, row in called("c").items()} | {"pow": sympy.Pow},
    select=select,
    either=sympy.Or,
    compare=compare,
    literal=sympy.Integer,
)
NUMERIC = Algebra(
    functions={name: getattr(np, row.ufunc.callee) for name, row in called("c").items()} | {"pow": np.power},
    select=np.where,
    either=np.logical_or,
    compare=lambda symbol, left, right: COMPARISONS[symbol](left, right),
    literal=float,  # what is stored in a variable is no integer any more: half of it is no whole number
)

_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


@dataclass
class Body:
    """A parsed kernel body."""

    statements: list[Any]

    @classmethod
    @lru_cache(maxsize=256)
    def parse(cls, text: str) -> Body:
        """Raises `UnreadableError` with the line of the body and the reason."""
        bare = without_comments(text)
        try:
            tree = c_parser.CParser().parse(f"{_PREFIX}{bare}\n}}")
        except Exception as error:  # pycparser raises its own ParseError, which has moved between releases
            raise UnreadableError(f"the kernel body is not C: {_relocated(str(error))}") from None
        function = tree.ext[-1]
        if len(tree.ext) != 2 or not isinstance(function, c_ast.FuncDef):
            raise WrongError("the kernel body ends before its text does")
        return cls(function.body.block_items or [])

    def run(
        self,
        inputs: Mapping[str, Any],
        outputs: dict[str, Any],
        algebra: Algebra,
        fold: Callable[[Any], Any] = lambda value: value,
    ) -> Run:
        """Carry out the body. `outputs` are read and written as C++ references are; `inputs` only read.

        `fold` may replace the value of a variable by an equal one.
        """
        run = Run(dict(inputs), outputs, algebra, fold)
        for statement in self.statements:
            run.statement(statement)
        return run

    def returned(self, inputs: Mapping[str, Any], algebra: Algebra) -> Any:
        """What a body that is one `return` gives."""
        match self.statements:
            case [c_ast.Return(expr=expr)]:
                return Run(dict(inputs), {}, algebra, lambda value: value).value(expr)
        raise UnreadableError("the kernel body is more than one value")


#: What a compiler may replace before it looks for comments: a backslash joins lines, a trigraph is one character.
_TRAP = re.compile(r"\\|\?\?[=/'()!<>-]")
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)


def without_comments(text: str) -> str:
    """The text of a kernel as the compiler sees it: with a space for each comment, and the lines where they were.

    Before comments, a C++ compiler replaces trigraphs and joins lines. Where it would do so, nothing is read.
    """
    for number, line in enumerate(text.split("\n"), start=1):
        if trap := _TRAP.search(line):
            raise UnreadableError(f"kernel line {number}: {trap[0]} changes what comes after it, even in a comment")
        if not line.isprintable():
            raise UnreadableError(f"kernel line {number}: a character that cannot be seen may end a line or not")
    bare = _COMMENT.sub(lambda found: " " + "\n" * found[0].count("\n"), text)
    for number, line in enumerate(bare.split("\n"), start=1):
        if found := re.search(r"[#\"']|/\*|[^ -~]", line):
            raise UnreadableError(f"kernel line {number}: {found[0]} has no place in a kernel's body")
    return bare


def _relocated(message: str) -> str:
    """The parser's message with the line counted from the start of the body."""
    match = re.match(r".*?:(\d+):(\d+):?\s*(.*)", message)
    return f"line {int(match[1]) - 1}: {match[3]}" if match else message


@dataclass
class Run:
    """The values during and after a run; `commits` lists what was written, in order."""

    inputs: dict[str, Any]
    outputs: dict[str, Any]
    algebra: Algebra
    fold: Callable[[Any], Any]
    commits: list[str] = field(default_factory=list)
    #: The local variables of the blocks around a statement, the innermost last; and which may be written.
    scopes: list[dict[str, Any]] = field(default_factory=lambda: [{}])
    variables: list[set[str]] = field(default_factory=lambda: [set()])

    def statement(self, node: Any) -> None:
        match node:
            case c_ast.Compound(block_items=statements):
                self.scopes.append({})
                self.variables.append(set())
                for inner in statements or ():
                    self.statement(inner)
                self.scopes.pop()
                self.variables.pop()
            case c_ast.Decl(name=name, quals=quals, storage=[], funcspec=[], bitsize=None, init=init) if (
                init is not None and quals in ([], ["const"]) and _is_type(node.type)
            ):
                if taken := reserved_by(name):
                    raise UnreadableError(f"{_place(node)}: {name} is a name of {taken}")
                # an inner block may use a name again; the outermost may not take that of a parameter
                parameter = len(self.scopes) == 1 and (name in self.inputs or name in self.outputs)
                if parameter or name in self.scopes[-1]:
                    raise WrongError(f"{_place(node)}: {name} is declared a second time")
                self.scopes[-1][name] = self.fold(self._stored(self.value(init)))
                if not quals:
                    self.variables[-1].add(name)
            case c_ast.Assignment(op="=", lvalue=c_ast.ID(name=name), rvalue=rvalue):
                home = self._home(name)
                local = next((k for k, scope in enumerate(self.scopes) if scope is home), None)
                if home is not self.outputs and (local is None or name not in self.variables[local]):
                    raise WrongError(f"{_place(node)}: {name} is not an output and cannot be written")
                home[name] = self.fold(self._stored(self.value(rvalue)))
                if home is self.outputs:
                    self.commits.append(name)
            case _:
                raise UnreadableError(
                    f"{_place(node)}: only `const {TYPE} name = ...;` and `output = ...;` are understood"
                )

    def _home(self, name: str) -> dict[str, Any]:
        """Where the value of `name` is kept: the innermost block that has it, the outputs, the inputs."""
        return next((place for place in (*reversed(self.scopes), self.outputs) if name in place), self.inputs)

    def value(self, node: Any) -> Any:
        match node:
            case c_ast.ID(name=name):
                home = self._home(name)
                if name in home:
                    return home[name]
                raise WrongError(f"{_place(node)}: {name} is not known")
            case c_ast.Constant(type="int", value=text):
                return int(text, 0)
            case c_ast.UnaryOp(op="-", expr=inner):
                return -self.value(inner)
            case c_ast.BinaryOp(op="||", left=left, right=right):
                return self.algebra.either(self.value(left), self.value(right))
            case c_ast.BinaryOp(op=symbol, left=left, right=right):
                return self._binary(node, symbol, self.value(left), self.value(right))
            case c_ast.TernaryOp(cond=condition, iftrue=then, iffalse=otherwise):
                chosen = map(self._stored, (self.value(then), self.value(otherwise)))
                return self.algebra.select(self.value(condition), *chosen)
            case c_ast.Cast(to_type=to, expr=inner) if _is_type(to.type):
                return self._stored(self.value(inner))
            case c_ast.FuncCall(name=c_ast.ID(name=name), args=arguments) if name in self.algebra.functions:
                return self.algebra.functions[name](*map(self.value, arguments.exprs))
        raise UnreadableError(f"{_place(node)}: {type(node).__name__} is not understood here")

    def _binary(self, node: Any, symbol: str, left: Any, right: Any) -> Any:
        if symbol in COMPARISONS:
            return self.algebra.compare(symbol, left, right)
        if symbol not in _BINARY:
            raise UnreadableError(f"{_place(node)}: the operator {symbol} is not understood")
        if symbol == "/" and type(left) is int and type(right) is int:
            return int(left / right)
        return _BINARY[symbol](left, right)

    def _stored(self, value: Any) -> Any:
        """`value` as a variable of the kernel's type."""
        return self.algebra.literal(value) if type(value) is int else value


def _is_type(node: Any) -> bool:
    match node:
        case c_ast.TypeDecl(type=c_ast.IdentifierType(names=[name])):
            return name == TYPE
    return False


def _place(node: Any) -> str:
    return f"kernel line {node.coord.line - 1}" if node.coord else "kernel"


def kernel_parameters(text: str) -> list[str]:
    """The names in `T a, T b`, of the kernel's type, or double if they end in _double."""
    names = []
    for parameter in text.split(","):
        kind, _, name = parameter.strip().partition(" ")
        if kind != ("float64" if name.endswith("_double") else "T") or not name.isidentifier():
            raise UnreadableError(f"{parameter.strip()!r} is not a parameter of type T")
        names.append(name)
    if len(set(names)) != len(names):
        raise BrokenError("a kernel parameter is there twice")
    return names
