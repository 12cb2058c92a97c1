"""Stand-ins for the array libraries: arrays hold one SymPy expression, ufuncs work on it, a kernel is parsed."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import sympy
from sympy.logic.boolalg import Boolean

from ..spec.language import New
from .execution import MATHEMATICS, BrokenError, Library, execute, kernel_parameters, symbolic_functions
from .kernel import SYMBOLIC, Algebra, Body, Run, maximum, minimum
from .values import Values


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
    symbol. So each equation is compared on its own, and what is missing can be named. Without `values` nothing is.
    """

    values: Values | None = None
    found: dict[sympy.Symbol, str] = field(default_factory=dict)
    inside: dict[sympy.Symbol, sympy.Symbol] = field(default_factory=dict)  # what is only part of another equation
    order: list[sympy.Symbol] = field(default_factory=list)
    commits: list[str] = field(default_factory=list)

    def fold(self, value: Any) -> Any:
        """`value` over the symbols of `values`, or the symbol of the equation that it is proved to compute."""
        values = self.values
        if values is None or not isinstance(value, sympy.Expr):
            return value
        given, value = value, values.flat(value)
        if value in values.targets and not given.is_Symbol:
            return self._computed(value, "identical")
        if value.is_number or (value.is_Symbol and (value in values.targets or value not in values.meaning)):
            return value
        alike = [(t, values.meaning[t]) for t in values.targets if not values.apart(value, t)]
        # the same text first: that cos(2 * pi * t) is 1 for whole t is proved, too
        for target, expected in sorted(alike, key=lambda one: one[1] != value):
            if target in self.found and target in values.below(value):
                continue  # |f| is f where f is positive, but it is not what computes f
            if (same := values.same(value, expected)) is None:
                continue
            if same.method != "identical" and self.found.keys() & values.below(value) - values.below(target):
                continue  # made of equations that this one has nothing to do with
            taken = same.written & values.targets.keys()
            self.inside |= {s: target for s in taken if s not in self.found and s not in self.inside}
            return self._computed(target, same.method)
        return value

    def _computed(self, target: sympy.Symbol, method: str) -> sympy.Symbol:
        self.found.setdefault(target, method)
        self.order.append(target)
        return target

    @property
    def algebra(self) -> Algebra:
        """How kernels compute over the symbols of `values`."""
        return SYMBOLIC if self.values is None else over(self.values)


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


_COMPARISONS = {
    "less": "<",
    "less_equal": "<=",
    "greater": ">",
    "greater_equal": ">=",
    "equal": "==",
    "not_equal": "!=",
}


def ufuncs(values: Values | None) -> Mapping[str, Callable[..., Any]]:
    """The functions of arrays, over the symbols of `values` if there are any."""
    if values is None:
        return UFUNCS
    own = {"absolute": values.absolute, "sign": values.sign}
    own |= {"maximum": values.maximum, "minimum": values.minimum}
    own |= {name: partial(values.compare, relation) for name, relation in _COMPARISONS.items()}
    return {**UFUNCS, **own}


def over(values: Values) -> Algebra:
    """The algebra of kernels over the symbols of `values`."""
    functions = {**SYMBOLIC.functions, "fabs": values.absolute}
    return replace(SYMBOLIC, functions=functions, select=values.choice, compare=values.compare)


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
    if not computed and log.values is not None and value in log.values.targets:
        target = log.values.targets[value].target
        if isinstance(target, New) and target.of.name == out.name:
            log.commits.append(out.name)
    out.value = log.fold(value)
    return out


def numpy_stand_ins(log: Log) -> tuple[Any, dict[str, Any]]:
    def copyto(out: Cell, source: Any, where: Any = None) -> None:
        value = value_of(source)
        if where is not None:
            value = log.algebra.select(value_of(where), value, out.value)
        _store(out, value, log, computed=not isinstance(source, Cell))

    def tiles(written: tuple, read: tuple, *, scratch: int = 0, masks: int = 0, stages: Any = ()) -> Iterator[tuple]:
        _check_stages(stages)
        for cell in read:
            cell.writable = False
        yield (*written, *read, *spare(scratch, masks))

    in_place = {name: _ufunc(function, log) for name, function in ufuncs(log.values).items()}
    return Library(copyto=copyto, **in_place, **CONSTRUCTORS), {"tiles": tiles}


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
            run = self.body.run(given, before, log.algebra, log.fold)
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

    functions = {name: lambda *operands, f=f: f(*map(value_of, operands)) for name, f in ufuncs(log.values).items()}
    helpers = {"loop": lambda function: function, "prange": prange, "sweep": sweep}
    return Library(**functions, **CONSTRUCTORS), helpers


#: What stands for the stages while a rule is read back: it has to come through as it is.
STAGES = object()


def _check_stages(stages: Any) -> None:
    if stages is not STAGES:
        raise BrokenError("it does not pass its stages on")


CONSTRUCTORS: dict[str, Callable[..., Cell]] = {
    "zeros_like": lambda w: Cell("initial", sympy.Integer(0)),
    "full_like": lambda w, value: Cell("initial", value_of(value)),
}

_STAND_INS = {"numpy": numpy_stand_ins, "cupy": _cupy_stand_ins, "numba": _numba_stand_ins}


def execute_over_symbols(path: Path, backend: str, log: Log) -> dict[str, Any]:
    """The names of a module of rules whose arrays are symbols. `log` is told what it does."""
    library, helpers = _STAND_INS[backend](log)
    functions = symbolic_functions()
    if values := log.values:
        functions |= {"_bind": log.fold, "_choose": values.choice, "_compare": values.compare, "abs": values.absolute}
        functions |= {"max": values.maximum, "min": values.minimum}
    return execute(path, backend, library, helpers, MATHEMATICS, functions, symbolic=True)
