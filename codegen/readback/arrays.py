"""Stand-ins for the array libraries: arrays hold one SymPy expression, ufuncs work on it, a kernel is parsed."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import sympy
from sympy.logic.boolalg import Boolean

from codegen import reference
from codegen.kernel import SYMBOLIC, Body, Run, maximum, minimum
from codegen.readback.execution import MATHEMATICS, BrokenError, Library, execute, kernel_parameters, symbolic_functions
from codegen.result import PROVED
from codegen.spec import New, Step
from codegen.tactics import Facts, decide, differ, points


@dataclass
class Cell:
    """An array of one element, which is a SymPy expression."""

    name: str
    value: Any
    writable: bool = True
    mask: bool = False  # whether it holds truth values, not numbers

    def copy(self) -> Cell:
        return Cell("initial", self.value)


@dataclass
class Log:
    """What happens while a module runs over symbols: which equations it has computed, which results it has
    then copied to where they belong.

    A value that is proved equal to the right-hand side of an equation is replaced by the equation's
    symbol. So each equation is compared on its own, and what is missing can be named.
    """

    steps: tuple[Step, ...] = ()
    facts: Facts = field(default_factory=Facts)
    found: dict[sympy.Symbol, str] = field(default_factory=dict)
    inside: dict[sympy.Symbol, sympy.Symbol] = field(default_factory=dict)  # what is only part of another equation
    order: list[sympy.Symbol] = field(default_factory=list)
    commits: list[str] = field(default_factory=list)
    locals: dict[sympy.Symbol, sympy.Expr] = field(default_factory=dict)

    @cached_property
    def equations(self) -> list[tuple[sympy.Symbol, sympy.Expr]]:
        """The steps that compute something, without those that only give a value another name."""
        aliases: dict[sympy.Symbol, sympy.Expr] = {}
        computed = []
        for step in self.steps:
            value = step.value.xreplace(aliases)
            if value.is_Atom:
                aliases[step.target] = value
            else:
                computed.append((step.target, value))
        return computed

    @cached_property
    def at(self) -> dict[str, Any]:
        """A point within `facts`: a number for every symbol, and for every equation what it makes of them, or None."""
        equations = dict(self.equations)
        names = {s.name for expected in equations.values() for s in expected.free_symbols if s not in equations}
        values: dict[str, Any] = {}
        for point in points(sorted(names), self.facts):
            values = {name: reference.number(value) for name, value in point.items()}
            for target, expected in equations.items():
                values[target.name] = _number(expected, values)
            if None not in values.values():
                break
        return values

    def fold(self, value: Any) -> Any:
        """The symbol of the equation that `value` is proved to compute, else `value`.

        Most values are parts of equations: at a point they differ from the whole.
        """
        if not isinstance(value, sympy.Expr) or value.is_Atom:
            return value
        alike = []
        number = _number(value, self.at)
        for target, expected in self.equations:
            wanted = self.at[target.name]
            if number is not None and wanted is not None and differ(number, wanted):
                continue
            if target in self.found and target in self.spelled(value, self.found.keys()).free_symbols:
                continue  # |f| is f where f is positive, but it is not what computes f
            if (pair := self.matched(value, expected)) is not None:
                alike.append((target, *pair))
        # the same text first: that cos(2 * pi * t) is sign(t) for whole t is proved, too
        for target, whole, equation in sorted(alike, key=lambda one: one[1] != one[2]):
            expected = dict(self.equations)[target]
            if whole != equation and self.found.keys() & value.free_symbols - expected.free_symbols:
                continue  # what is made of other equations is this one only if it reads so
            verdict = decide(whole, equation, self.facts)
            if verdict.status == PROVED:
                taken = expected.free_symbols - equation.free_symbols
                self.inside |= {s: target for s in taken if s not in self.found and s not in self.inside}
                self.found.setdefault(target, verdict.method)
                self.order.append(target)
                return target
        return value

    def matched(self, value: sympy.Expr, expected: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr] | None:
        """Both in the same symbols, or None if they cannot be.

        A file may take one equation into another, and what one computes may be part of another: what only one
        side names is written out. At first for the symbols alone, since the expressions may be large.
        """
        equations = {t: v for t, v in self.equations if t in self.found or not isinstance(t, New)}
        known = {**equations, **self.locals}
        place = {target: number for number, target in enumerate(equations)}
        rounds: list[Set[sympy.Basic]] = []
        left, right = value.free_symbols, expected.free_symbols
        # locals first, then the last equation first: it may have in it what the other side names
        while odd := (left & self.locals.keys()) or {*sorted((left ^ right) & place.keys(), key=place.get)[-1:]}:
            rounds.append(odd)
            left, right = ((side - odd).union(*(known[s].free_symbols for s in odd & side)) for side in (left, right))
        if {s.name for s in left} != {s.name for s in right}:
            return None
        for odd in rounds:
            parts = {s: known[s] for s in odd}
            value, expected = value.xreplace(parts), expected.xreplace(parts)
        return value, expected

    def settle(self, value: Any) -> Any:
        """As `fold`; but a choice is bound, because SymPy makes what no tactic takes apart of one in a comparison."""
        return self.bind(value) if isinstance(value, sympy.Expr) and value.has(sympy.Piecewise) else self.fold(value)

    def bind(self, value: Any) -> Any:
        """As `fold`, for a local variable of a kernel. It is known by a symbol until it is part of an equation:

        SymPy moves terms from one side of a comparison to the other.
        """
        value = self.fold(value)
        if not self.equations or not isinstance(value, sympy.Expr) or value.is_Atom:
            return value
        local = sympy.Dummy(real=True, nonnegative=value.is_nonnegative or None)
        self.locals[local], self.at[local.name] = value, _number(value, self.at)
        return local

    @property
    def known(self) -> dict[sympy.Symbol, sympy.Expr]:
        """What the symbols of locals, and of equations that were found, stand for."""
        return {**{target: value for target, value in self.equations if target in self.found}, **self.locals}

    def spelled(self, value: sympy.Expr, symbols: Set[sympy.Basic]) -> sympy.Expr:
        """`value` with those symbols of locals and equations that are not in `symbols` replaced by what they are.

        What one equation computes may be part of another.
        """
        known = self.known
        while parts := {s: known[s] for s in value.free_symbols if s in known and s not in symbols}:
            value = value.xreplace(parts)
        return value


def _number(expr: sympy.Expr, values: Mapping[str, Any]) -> Any:
    """`expr` at a point; None if it has no value there."""
    try:
        return reference.evaluate(expr, values)
    except (ZeroDivisionError, ValueError, OverflowError, TypeError, KeyError):
        return None


def value_of(operand: Any) -> Any:
    """What an operand is, as an expression."""
    return operand.value if isinstance(operand, Cell) else sympy.sympify(operand)


UFUNCS: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "power": sympy.Pow,
    "negative": lambda a: -a,
    "square": lambda a: a**2,
    "sqrt": sympy.sqrt,
    "absolute": sympy.Abs,
    "sign": sympy.sign,
    "exp": sympy.exp,
    "log": sympy.log,
    "maximum": maximum,
    "minimum": minimum,
    "less": sympy.Lt,
    "less_equal": sympy.Le,
    "greater": sympy.Gt,
    "greater_equal": sympy.Ge,
    "equal": sympy.Eq,
    "not_equal": sympy.Ne,
}


def spare(scratch: int, masks: int) -> list[Cell]:
    """Buffers of which nothing is known: for numbers, then for truth values."""
    values = [sympy.Symbol(f"uninitialised_{k}", real=True) for k in range(scratch + masks)]
    return [Cell(f"scratch {k}", value, mask=k >= scratch) for k, value in enumerate(values)]


def _ufunc(function: Callable[..., Any], log: Log) -> Callable[..., Cell]:
    def call(*operands: Any, out: Cell) -> Cell:
        return _store(out, function(*map(value_of, operands)), log, computed=True)

    return call


def _store(out: Any, value: Any, log: Log, computed: bool = False) -> Cell:
    """Write `value` to `out`. That is a commit if a result is copied to where it belongs, not if it is `computed`."""
    if not isinstance(out, Cell) or not out.writable:
        raise BrokenError(f"it writes to {getattr(out, 'name', out)}, which is only to be read")
    if isinstance(value, Boolean) != out.mask and not isinstance(value, sympy.Symbol):  # SymPy's symbols are both
        kinds = ("a truth value", "numbers") if not out.mask else ("a number", "truth values")
        raise BrokenError(f"it writes {kinds[0]} to {out.name}, which is for {kinds[1]}")
    if not computed and isinstance(value, New) and value.of.name == out.name:
        log.commits.append(out.name)
    out.value = log.settle(value)
    return out


def numpy_stand_ins(log: Log) -> tuple[Any, dict[str, Any]]:
    def copyto(out: Cell, source: Any, where: Any = None) -> None:
        value = value_of(source)
        if where is not None:
            value = sympy.Piecewise((value, value_of(where)), (out.value, True))
        _store(out, value, log, computed=not isinstance(source, Cell))

    def tiles(written: tuple, read: tuple, *, scratch: int = 0, masks: int = 0, stages: Any = ()) -> Iterator[tuple]:
        _check_stages(stages)
        for cell in read:
            cell.writable = False
        yield (*written, *read, *spare(scratch, masks))

    ufuncs = {name: _ufunc(function, log) for name, function in UFUNCS.items()}
    return Library(copyto=copyto, **ufuncs, **CONSTRUCTORS), {"tiles": tiles}


def _cupy_stand_ins(log: Log) -> tuple[Any, dict[str, Any]]:
    class Kernel:
        def __init__(self, in_params: str, out_params: str, operation: str, name: str) -> None:
            self.inputs, self.outputs = kernel_parameters(in_params), kernel_parameters(out_params)
            self.body, self.name = Body.parse(operation), name

        def run(self, inputs: list[Any], outputs: list[Cell]) -> Run:
            if len(inputs) != len(self.inputs) or len(outputs) != len(self.outputs):
                raise BrokenError(f"the kernel {self.name} is launched with another number of arguments than it has")
            for cell, parameter in zip(outputs, self.outputs, strict=True):
                if not isinstance(cell, Cell) or not cell.writable:
                    raise BrokenError(f"{parameter} is not an array that may be written")
            before = {p: cell.value for p, cell in zip(self.outputs, outputs, strict=True)}
            given = dict(zip(self.inputs, map(value_of, inputs), strict=True))
            run = self.body.run(given, before, SYMBOLIC, log.bind)
            home = dict(zip(self.outputs, outputs, strict=True))
            for name in run.commits:
                _store(home[name], run.outputs[name], log)
            return run

    def launch(kernel: Kernel, read: tuple, scalars: tuple, written: tuple, stages: Any = ()) -> None:
        _check_stages(stages)
        for cell in read:
            cell.writable = False
        kernel.run([*read, *scalars], list(written))

    return Library(ElementwiseKernel=Kernel, **CONSTRUCTORS), {"launch": launch}


@dataclass(frozen=True)
class _Index:
    """The number of any element."""


class _Column:
    """An array in a loop over its elements, each of them alone: what stands at the index is the cell."""

    size = _Index()
    dtype = types.SimpleNamespace(type=sympy.sympify)

    def __init__(self, cell: Cell, log: Log) -> None:
        self.cell, self.log = cell, log

    def __getitem__(self, index: Any) -> Any:
        self._at(index)
        return self.cell.value

    def __setitem__(self, index: Any, value: Any) -> None:
        self._at(index)
        _store(self.cell, sympy.sympify(value), self.log)

    def _at(self, index: Any) -> None:
        if not isinstance(index, _Index):
            raise BrokenError(f"{self.cell.name} is read or written at {index}, which is not the element of the loop")


def _numba_stand_ins(log: Log) -> tuple[Any, dict[str, Any]]:
    def prange(size: Any) -> tuple[_Index, ...]:
        if not isinstance(size, _Index):
            raise BrokenError(f"a loop runs over {size}, not over the elements")
        return (size,)

    def sweep(loop: Callable[..., None], written: tuple, g: Cell, scalars: tuple, stages: Any = ()) -> None:
        _check_stages(stages)
        g.writable = False
        loop(*(_Column(cell, log) for cell in (*written, g)), *map(value_of, scalars))

    ufuncs = {name: lambda *operands, f=f: f(*map(value_of, operands)) for name, f in UFUNCS.items()}
    helpers = {"loop": lambda function: function, "prange": prange, "sweep": sweep}
    return Library(**ufuncs, **CONSTRUCTORS), helpers


#: What stands for the stages while a rule is read back: it has to come through as it is.
STAGES = object()


def _check_stages(stages: Any) -> None:
    if stages is not STAGES:
        raise BrokenError("it does not pass its stages on")


CONSTRUCTORS: dict[str, Callable[..., Cell]] = {
    "zeros_like": lambda w: Cell("initial", sympy.Integer(0)),
    "full_like": lambda w, value: Cell("initial", sympy.sympify(value)),
}

_STAND_INS = {"numpy": numpy_stand_ins, "cupy": _cupy_stand_ins, "numba": _numba_stand_ins}


def execute_over_symbols(path: Path, backend: str, log: Log) -> dict[str, Any]:
    """The names of a module of rules whose arrays are symbols. `log` is told what it does."""
    library, helpers = _STAND_INS[backend](log)
    return execute(path, backend, library, helpers, MATHEMATICS, symbolic_functions(log.settle), symbolic=True)
