"""Execute a generated module with stand-ins for what it imports, or as it is."""

from __future__ import annotations

import ast
import builtins
import math
import types
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import sympy

from ..analysis.paths import UnclearError
from ..load import GENERATED
from ..spec.functions import called
from ..spec.host import STAND_INS
from .choices import compare, select


class BrokenError(Exception):
    """The file does not do what a generated file does: that refutes it."""


class UnreadableError(Exception):
    """A text in the file is not one that can be read. Says where and why."""


class WrongError(UnreadableError):
    """The text is no code at all: what it speaks of is not there, or it writes to what it may only read."""


class Library(types.SimpleNamespace):
    """A stand-in for a module. What it lacks, a generated file has no business to use: nothing is known of it."""

    def __getattr__(self, name: str) -> Any:
        raise UnclearError(f"it uses {name}, which is not part of generated code")


class Base:
    """Stands in for the optimizer's base class, and keeps what it is given. What a class has to say is not here."""

    _states: tuple = ()
    _inputs: tuple = ()
    _signals: tuple = ()
    _optional: tuple = ()
    _per_array: tuple = ()
    _fed_by_sums: tuple = ()
    _update = _advance = _advance_own = _sums = None
    _reductions: tuple = ()
    _own_t = _starts_late = _ahead = False
    _domains: Mapping[str, Any] = types.MappingProxyType({})

    def __init__(self, params: Any, **hyper: Any) -> None:
        self.params, self.hyper = params, hyper


class LayerBase:
    """Stands in for the base class of layers, and keeps what it is given."""

    def __init__(self, channels: Any, axis: Any, dtype: Any, **hyper: Any) -> None:
        self.given = {"channels": channels, "axis": axis, "dtype": dtype, **hyper}


class Hinted:
    """Stands in for the base class that says what to write; none of it is a matter of what a rule computes."""

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


#: Stands in for `_runtime/hints.py`.
HINTS = Library(Hinted=Hinted, advice=lambda *_: "")

_SYMBOLS = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


class _Symbolic(ast.NodeTransformer):
    """Python that runs over symbols: no rounding in `2 / 3`, no truth of a comparison.

    `a if test else b` becomes `_choose(test, a, b)`, `a == b` `_compare("==", a, b)` (SymPy's own says whether they
    look alike) and so do other comparisons, an integer in arithmetic `_integer(n)`, and what is assigned to a name
    goes through `_bind(value)`.
    """

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.targets[0], ast.Name):
            node.value = ast.copy_location(ast.Call(ast.Name("_bind", ast.Load()), [node.value], []), node.value)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        node.left, node.right = map(self._exact, (node.left, node.right))
        return node

    def _exact(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Constant) and type(node.value) is int:
            return ast.copy_location(ast.Call(ast.Name("_integer", ast.Load()), [node], []), node)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        symbol = _SYMBOLS.get(type(node.ops[0]))
        if symbol is None or len(node.ops) > 1:
            return node
        arguments = [ast.Constant(symbol), node.left, *node.comparators]
        return ast.copy_location(ast.Call(ast.Name("_compare", ast.Load()), arguments, []), node)

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        call = ast.Call(ast.Name("_choose", ast.Load()), [node.test, node.body, node.orelse], [])
        return ast.copy_location(call, node)


_HOST = {name: row.stand_in for name, row in called("python").items()}
MATHEMATICS = Library(
    pi=sympy.pi, **{name.removeprefix("math."): f for name, f in _HOST.items() if name.startswith("math.")}
)


def symbolic_functions() -> dict[str, Any]:
    """What a module over symbols calls. What it assigns to a name goes through `_bind`."""
    return {
        **{name: function for name, function in _HOST.items() if "." not in name},
        "_choose": select,
        "_compare": compare,
        "_integer": sympy.Integer,
        "_bind": lambda value: value,
        "float": lambda value: value,
    }


def execute(
    path: Path,
    name: str,
    library: Any,
    helpers: Mapping[str, Any],
    mathematics: Any,
    functions: Mapping[str, Any],
    symbolic: bool,
) -> dict[str, Any]:
    """Run a generated module with stand-ins, and return its names.

    `library` stands in for the array library of this `name`, `helpers` for what `_arrays.py` gives to the functions,
    `mathematics` for `math`. `functions` are `max` and `min` and, if `symbolic`, those that `_Symbolic` calls.
    A module that cannot be run is refuted: the exception says why.
    """
    base = base_class(path.parent.name, "Optimizer")
    hints = dict.fromkeys(("Array", "StageCall", "Hyper", "IntHyper"), Any)
    arrays = Library(**{**hints, "Stage": Base, base: Base, **helpers})
    *package, last = name.split(".")
    found = Library(**{last: library}) if package else library  # which is bound by way of its package
    known = {name: found, "math": mathematics, "_arrays": arrays}
    return run_module(path, known, functions, symbolic)


def base_class(backend: str, kind: str) -> str:
    """The class that all of a `kind`, Optimizer or Layer, have as their base in the folder of a backend."""
    return f"{backend.capitalize()}{kind}"


def run_module(path: Path, known: Mapping[str, Any], functions: Mapping[str, Any], symbolic: bool) -> dict[str, Any]:
    """Run a generated module to which only the modules `known` can be imported, and return its names."""

    def load(name: str, *rest: Any) -> Any:
        if name in known:
            return known[name]
        if name == "_runtime.scalars":
            return _scalars(known["math"])
        if name in ("__future__", "collections.abc", "typing"):
            return builtins.__import__(name, *rest)
        raise BrokenError(f"it imports {name}, which is not part of generated code")

    safe = {
        name: getattr(builtins, name) for name in ("super", "staticmethod", "__build_class__", "abs", "len", "float")
    }
    names: dict[str, Any] = {
        "__name__": "generated",
        "__builtins__": {**safe, **functions, "__import__": load},
    }
    try:
        exec(_compiled(path.read_bytes(), str(path), symbolic), names)
    except FileNotFoundError:
        raise
    except Exception as error:
        raise _fault("the module", error, path) from error
    return names


def _scalars(mathematics: Any) -> Any:
    """What stands in for `_runtime/scalars.py` where this stands in for `math`: itself beside the real one."""
    if mathematics is math:
        return runtime("scalars")
    return Library(**{**vars(mathematics), **STAND_INS}) if isinstance(mathematics, Library) else mathematics


@cache
def runtime(name: str) -> Library:
    """A module of `_runtime` as it is."""
    path = GENERATED / "_runtime" / f"{name}.py"
    return Library(**run_module(path, {"math": math}, vars(builtins), symbolic=False))


@cache
def _compiled(text: bytes, path: str, symbolic: bool) -> types.CodeType:
    tree = ast.parse(text)
    return compile(ast.fix_missing_locations(_Symbolic().visit(tree)) if symbolic else tree, path, "exec")


def call(path: Path, function: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
    """Call what a generated file defines. Whatever it raises, the file is broken."""
    try:
        return function(*arguments, **keywords)
    except Exception as error:
        raise _fault(getattr(function, "__qualname__", "a function"), error, path) from error


def _fault(what: str, error: Exception, path: Path) -> Exception:
    """What is said of a file that cannot be carried out. That is its own fault, unless symbols leave a test open."""
    text = f"{what} does not run: {_described(error, path)}"
    if isinstance(error, UnreadableError | UnclearError):
        return type(error)(text)
    open_over_symbols = isinstance(error, RecursionError) or "truth value of Relational" in str(error)
    return UnclearError(text) if open_over_symbols else BrokenError(text)


def _described(error: Exception, path: Path) -> str:
    frame, line = error.__traceback__, getattr(error, "lineno", None)
    while frame is not None:
        if frame.tb_frame.f_code.co_filename == str(path):
            line = frame.tb_lineno
        frame = frame.tb_next
    place = f" (line {line})" if line else ""
    kind = "" if isinstance(error, BrokenError | UnreadableError | UnclearError) else f"{type(error).__name__}: "
    return f"{kind}{error}{place}"


def member(module: Mapping[str, Any], name: str) -> Any:
    """What a module has under a name."""
    if name not in module:
        raise BrokenError(f"it has no {name}")
    return module[name]
