"""Read the files on disk back, and prove that they compute what the spec declares.

A generated module is executed with stand-ins for its array library: arrays hold one SymPy expression,
ufuncs work on it, and a kernel is parsed and carried out. What it has written to `w` and to the
states at the end is compared with the transition of the spec. Nothing is taken from the renderer.

What this leaves to tests: that `tiles` and `launch` visit every element once, and the checks in
`_optimizer.py`. That a file is exactly what `generate` writes is a result of its own.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import math
import time
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import sympy

from codegen import domain, reference
from codegen.backends import BACKENDS
from codegen.derive import inlined, runnable, transition
from codegen.files import Change, shown_file
from codegen.kernel import SYMBOLIC, Body, Run, UnreadableError, select
from codegen.load import Declared, MonitorSpec, ScheduleSpec, Spec
from codegen.machine import NAN, Known, Machine, UnclearError, facts_of, situations
from codegen.printing import Text
from codegen.prove.base import domains_of, has_arrays
from codegen.prove.monitors import runs
from codegen.result import PROVED, REFUTED, Line, Result
from codegen.spec import METRIC, STEP, New, Scalar, Step, new
from codegen.tactics import Facts, Verdict, decide, shown
from codegen.tree import arrange, ranks


class _BrokenError(Exception):
    """The file does not do what a generated file does: that refutes it."""


@dataclass
class _Cell:
    """An array of one element, which is a SymPy expression."""

    name: str
    value: Any
    writable: bool = True

    def copy(self) -> _Cell:
        return _Cell("initial", self.value)


@dataclass
class _Log:
    """What happens while a module runs over symbols: which equations it has computed, which results it has
    then copied to where they belong.

    A value that is proved equal to the right-hand side of an equation is replaced by the equation's
    symbol. So each equation is compared on its own, and what is missing can be named.
    """

    steps: tuple[Step, ...] = ()
    facts: Facts = field(default_factory=Facts)
    found: dict[sympy.Symbol, str] = field(default_factory=dict)
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
            if value.is_Symbol:
                aliases[step.target] = value
            elif not value.is_Atom:
                computed.append((step.target, value))
        return computed

    def fold(self, value: Any) -> Any:
        if isinstance(value, sympy.Expr) and self.locals:
            value = value.xreplace(self.locals)
        if not isinstance(value, sympy.Expr) or value.is_Atom:
            return value
        names = {symbol.name for symbol in value.free_symbols}
        for target, expected in self.equations:
            if {symbol.name for symbol in expected.free_symbols} != names:
                continue
            verdict = decide(value, expected, self.facts)
            if verdict.status == PROVED:
                self.found.setdefault(target, verdict.method)
                self.order.append(target)
                return target
        return value

    def bind(self, value: Any) -> Any:
        """As `fold`, for a local variable of a kernel. It is known by a symbol until it is part of an equation:

        SymPy moves terms from one side of a comparison to the other, and turns one with a choice in it into
        a condition that no tactic takes apart again.
        """
        value = self.fold(value)
        if not isinstance(value, sympy.Expr) or value.is_Atom:
            return value
        local = sympy.Dummy(real=True, nonnegative=value.is_nonnegative or None)
        self.locals[local] = value
        return local


def _value(operand: Any) -> Any:
    return operand.value if isinstance(operand, _Cell) else sympy.sympify(operand)


class _Library(types.SimpleNamespace):
    """A stand-in for a module. What it lacks, a generated file has no business to use."""

    def __getattr__(self, name: str) -> Any:
        raise _BrokenError(f"it uses {name}, which is not part of generated code")


_UFUNCS: dict[str, Callable[..., Any]] = {
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
    "maximum": sympy.Max,
    "minimum": sympy.Min,
    "less": sympy.Lt,
    "less_equal": sympy.Le,
    "greater": sympy.Gt,
    "greater_equal": sympy.Ge,
    "equal": sympy.Eq,
    "not_equal": sympy.Ne,
}


def _ufunc(function: Callable[..., Any], log: _Log) -> Callable[..., _Cell]:
    def call(*operands: Any, out: _Cell) -> _Cell:
        return _store(out, function(*map(_value, operands)), log, computed=True)

    return call


def _store(out: Any, value: Any, log: _Log, computed: bool = False) -> _Cell:
    """Write `value` to `out`. That is a commit if a result is copied to where it belongs, not if it is `computed`."""
    if not isinstance(out, _Cell) or not out.writable:
        raise _BrokenError(f"it writes to {getattr(out, 'name', out)}, which is only to be read")
    if not computed and isinstance(value, New) and value.of.name == out.name:
        log.commits.append(out.name)
    out.value = log.fold(value)
    return out


def _numpy_stand_ins(log: _Log) -> tuple[Any, dict[str, Any]]:
    def copyto(out: _Cell, source: Any, where: _Cell | None = None) -> None:
        value = _value(source)
        if where is not None:
            value = sympy.Piecewise((value, where.value), (out.value, True))
        _store(out, value, log, computed=not isinstance(source, _Cell))

    def tiles(written: tuple, read: tuple, *, scratch: int = 0, masks: int = 0, stages: Any = ()) -> Iterator[tuple]:
        _check_stages(stages)
        for cell in read:
            cell.writable = False
        spare = [_Cell(f"scratch {k}", sympy.Symbol(f"uninitialised_{k}", real=True)) for k in range(scratch + masks)]
        yield (*written, *read, *spare)

    ufuncs = {name: _ufunc(function, log) for name, function in _UFUNCS.items()}
    return _Library(copyto=copyto, **ufuncs, **_CONSTRUCTORS), {"tiles": tiles}


def _cupy_stand_ins(log: _Log) -> tuple[Any, dict[str, Any]]:
    class Kernel:
        def __init__(self, in_params: str, out_params: str, operation: str, name: str) -> None:
            self.inputs, self.outputs = kernel_parameters(in_params), kernel_parameters(out_params)
            self.body, self.name = Body.parse(operation), name

        def run(self, inputs: list[Any], outputs: list[_Cell]) -> Run:
            if len(inputs) != len(self.inputs) or len(outputs) != len(self.outputs):
                raise _BrokenError(f"the kernel {self.name} is launched with another number of arguments than it has")
            for cell, parameter in zip(outputs, self.outputs, strict=True):
                if not isinstance(cell, _Cell) or not cell.writable:
                    raise _BrokenError(f"{parameter} is not an array that may be written")
            before = {p: cell.value for p, cell in zip(self.outputs, outputs, strict=True)}
            given = dict(zip(self.inputs, map(_value, inputs), strict=True))
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

    return _Library(ElementwiseKernel=Kernel, **_CONSTRUCTORS), {"launch": launch}


@dataclass(frozen=True)
class _Index:
    """The number of any element."""


class _Column:
    """An array in a loop over its elements, each of them alone: what stands at the index is the cell."""

    size = _Index()
    dtype = types.SimpleNamespace(type=sympy.sympify)

    def __init__(self, cell: _Cell, log: _Log) -> None:
        self.cell, self.log = cell, log

    def __getitem__(self, index: Any) -> Any:
        self._at(index)
        return self.cell.value

    def __setitem__(self, index: Any, value: Any) -> None:
        self._at(index)
        _store(self.cell, sympy.sympify(value), self.log)

    def _at(self, index: Any) -> None:
        if not isinstance(index, _Index):
            raise _BrokenError(f"{self.cell.name} is read or written at {index}, which is not the element of the loop")


def _numba_stand_ins(log: _Log) -> tuple[Any, dict[str, Any]]:
    def prange(size: Any) -> tuple[_Index, ...]:
        if not isinstance(size, _Index):
            raise _BrokenError(f"a loop runs over {size}, not over the elements")
        return (size,)

    def sweep(loop: Callable[..., None], written: tuple, g: _Cell, scalars: tuple, stages: Any = ()) -> None:
        _check_stages(stages)
        g.writable = False
        loop(*(_Column(cell, log) for cell in (*written, g)), *map(_value, scalars))

    ufuncs = {name: lambda *operands, f=f: f(*map(_value, operands)) for name, f in _UFUNCS.items()}
    helpers = {"loop": lambda function: function, "prange": prange, "sweep": sweep}
    return _Library(**ufuncs, **_CONSTRUCTORS), helpers


#: What stands for the stages while a rule is read back: it has to come through as it is.
_STAGES = object()


def _check_stages(stages: Any) -> None:
    if stages is not _STAGES:
        raise _BrokenError("it does not pass its stages on")


def kernel_parameters(text: str) -> list[str]:
    """The names in `T a, T b`, all of the kernel's type."""
    names = []
    for parameter in text.split(","):
        kind, _, name = parameter.strip().partition(" ")
        if kind != "T" or not name.isidentifier():
            raise _BrokenError(f"{parameter.strip()!r} is not a parameter of type T")
        names.append(name)
    if len(set(names)) != len(names):
        raise _BrokenError("a kernel parameter is there twice")
    return names


_CONSTRUCTORS: dict[str, Callable[..., _Cell]] = {
    "zeros_like": lambda w: _Cell("initial", sympy.Integer(0)),
    "full_like": lambda w, value: _Cell("initial", sympy.sympify(value)),
}
_STAND_INS = {"numpy": _numpy_stand_ins, "cupy": _cupy_stand_ins, "numba": _numba_stand_ins}


class _Base:
    """Stands in for the optimizer's base class, and keeps what it is given. What a class has to say is not here."""

    _states: tuple = ()
    _update = _advance = None
    _domains: Mapping[str, Any] = types.MappingProxyType({})

    def __init__(self, params: Any, **hyper: Any) -> None:
        self.params, self.hyper = params, hyper


class _Symbolic(ast.NodeTransformer):
    """Python that runs over symbols: no rounding in `2 / 3`, no truth of a comparison.

    `a if test else b` becomes `_choose(test, a, b)`, `a == b` `_equal(a, b)` (SymPy's own says whether they
    look alike), an integer in arithmetic `_integer(n)`, and what is assigned to a name goes through `_bind(value)`.
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
        name = {ast.Eq: "_equal", ast.NotEq: "_unequal"}.get(type(node.ops[0]))
        if name is None or len(node.ops) > 1:
            return node
        return ast.copy_location(ast.Call(ast.Name(name, ast.Load()), [node.left, *node.comparators], []), node)

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        call = ast.Call(ast.Name("_choose", ast.Load()), [node.test, node.body, node.orelse], [])
        return ast.copy_location(call, node)


_MATHEMATICS = _Library(sqrt=sympy.sqrt, exp=sympy.exp, log=sympy.log, floor=sympy.floor, cos=sympy.cos, pi=sympy.pi)


def _symbolic_functions(log: _Log) -> dict[str, Any]:
    return {
        "max": sympy.Max,
        "min": sympy.Min,
        "_choose": select,
        "_equal": sympy.Eq,
        "_unequal": sympy.Ne,
        "_integer": sympy.Integer,
        "_bind": log.fold,
    }


def _execute_over_symbols(path: Path, backend: str, log: _Log) -> dict[str, Any]:
    library, helpers = _STAND_INS[backend](log)
    return execute(path, backend, library, helpers, _MATHEMATICS, _symbolic_functions(log), symbolic=True)


def execute(
    path: Path,
    backend: str,
    library: Any,
    helpers: Mapping[str, Any],
    mathematics: Any,
    functions: Mapping[str, Any],
    symbolic: bool,
) -> dict[str, Any]:
    """Run a generated module with stand-ins, and return its names.

    `library` stands in for the array library, `helpers` for what `_arrays.py` gives to the functions,
    `mathematics` for `math`. `functions` are `max` and `min` and, if `symbolic`, those that `_Symbolic` calls.
    A module that cannot be run is refuted: the exception says why.
    """
    entry = BACKENDS[backend]
    arrays = _Library(Array=Any, Bound=Any, Hyper=Any, Stage=_Base, **{entry.base: _Base, **helpers})
    known = {entry.library: library, "math": mathematics, "_arrays": arrays}
    return _run(path, known, functions, symbolic)


def _run(path: Path, known: Mapping[str, Any], functions: Mapping[str, Any], symbolic: bool) -> dict[str, Any]:
    """Run a generated module to which only the modules `known` can be imported, and return its names."""

    def load(name: str, *rest: Any) -> Any:
        if name in known:
            return known[name]
        if name in ("__future__", "collections.abc", "typing"):
            return builtins.__import__(name, *rest)
        raise _BrokenError(f"it imports {name}, which is not part of generated code")

    safe = {name: getattr(builtins, name) for name in ("super", "staticmethod", "__build_class__", "abs", "len")}
    names: dict[str, Any] = {
        "__name__": "generated",
        "__builtins__": {**safe, **functions, "__import__": load},
    }
    try:
        exec(_compiled(path.read_text(encoding="utf-8"), str(path), symbolic), names)
    except FileNotFoundError:
        raise
    except Exception as error:
        raise _BrokenError(f"the module does not run: {_described(error, path)}") from error
    return names


@cache
def _compiled(text: str, path: str, symbolic: bool) -> types.CodeType:
    tree = ast.parse(text)
    return compile(ast.fix_missing_locations(_Symbolic().visit(tree)) if symbolic else tree, path, "exec")


def _call(path: Path, function: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
    """Call what a generated file defines. Whatever it raises, the file is broken."""
    try:
        return function(*arguments, **keywords)
    except Exception as error:
        name = getattr(function, "__qualname__", "a function")
        raise _BrokenError(f"{name} does not run: {_described(error, path)}") from error


def _described(error: Exception, path: Path) -> str:
    frame, line = error.__traceback__, getattr(error, "lineno", None)
    while frame is not None:
        if frame.tb_frame.f_code.co_filename == str(path):
            line = frame.tb_lineno
        frame = frame.tb_next
    place = f" (line {line})" if line else ""
    kind = "" if isinstance(error, _BrokenError | UnreadableError) else f"{type(error).__name__}: "
    return f"{kind}{error}{place}"


def readback(spec: Spec, backend: str, out: Path) -> Iterator[Result]:
    """Two results for a rule: its function computes the equations, its class passes everything on."""
    path = out / backend / f"{spec.family}.py"
    name = shown_file(path)
    statement = f"{spec.function} in {name} computes the equations of {spec.shown_path}"
    yield from _results(spec, path, f"readback {backend}", statement, lambda: _function(spec, backend, path))
    statement = f"{spec.optimizer.name} in {name} has the hyperparameters and states of the spec"
    yield from _results(spec, path, f"class {backend}", statement, lambda: _class(spec, backend, path))


def readback_schedule(spec: ScheduleSpec, out: Path) -> Iterator[Result]:
    """Two results for a schedule: its class computes the equation, it has the hyperparameters of the spec."""
    path = out / f"{spec.family}.py"
    name = shown_file(path)
    statement = f"{spec.schedule.name} in {name} computes the equation of {spec.shown_path}"
    yield from _results(spec, path, "readback", statement, lambda: _schedule_value(spec, path))
    statement = f"{spec.schedule.name} in {name} has the hyperparameters of the spec, and refuses what is outside"
    yield from _results(spec, path, "class", statement, lambda: _schedule_class(spec, path))


def readback_monitor(spec: MonitorSpec, out: Path) -> Iterator[Result]:
    """Three results for a monitor: its steps, what NaN does in them, the rest of its class."""
    path = out / f"{spec.family}.py"
    name, rule = shown_file(path), spec.monitor.name
    statement = f"{rule} in {name} computes the steps of {spec.shown_path}"
    yield from _results(
        spec, path, "readback", statement, lambda: _monitor_steps(spec, path, sympy.Symbol(METRIC, real=True))
    )
    if spec.monitor.listens:
        statement = f"{rule} in {name} does with a metric that is NaN what {spec.shown_path} does"
        yield from _results(spec, path, "readback NaN", statement, lambda: _monitor_steps(spec, path, NAN))
    statement = f"{rule} in {name} has the hyperparameters and states of the spec, and tells what it tells"
    yield from _results(spec, path, "class", statement, lambda: _monitor_class(spec, path))


def _results(spec: Declared, path: Path, claim: str, statement: str, check: Callable[[], Result]) -> Iterator[Result]:
    start = time.perf_counter()
    name = shown_file(path)
    try:
        result = check()
    except FileNotFoundError:
        reason = f"{name} is not there; write it with: python cli.py generate {spec.family}"
        result = Result("", "", "undecided", "", reason=reason)
    except UnclearError as error:
        result = Result("", "", "undecided", "", reason=str(error))
    except (_BrokenError, UnreadableError) as error:
        result = Result("", "", REFUTED, "", "execution", counterexample={"file": name, "fact": str(error)})
    yield replace(result, spec=spec.key, claim=claim, statement=statement, seconds=time.perf_counter() - start)


def _schedule_value(spec: ScheduleSpec, path: Path) -> Result:
    schedule = spec.schedule
    module = _run(path, {"math": _MATHEMATICS}, _symbolic_functions(_Log()), symbolic=True)
    cls = _member(module, schedule.name)
    over_symbols = cls.__new__(cls)
    vars(over_symbols).update({hyper.name: hyper for hyper in schedule.hypers})  # past the checks, which want numbers
    found = sympy.sympify(_call(path, over_symbols._at, sympy.Symbol("t", real=True)))
    verdict = decide(found, schedule.value, Facts.of(schedule))
    names = {"left": "file", "right": "spec"}
    point = verdict.point and {names.get(name, name): value for name, value in verdict.point.items()}
    method = f"execution over symbols, {verdict.method}"
    assumptions = ("real arithmetic", "wherever both are defined", *domains_of(schedule, schedule.value))
    return Result("", "", verdict.status, "", method, assumptions, point, verdict.reason)


def _schedule_class(spec: ScheduleSpec, path: Path) -> Result:
    """The class is run as it is: every hyperparameter is set to values at, beside and far from its bounds."""
    schedule = spec.schedule
    module = _run(path, {"math": math}, vars(builtins), symbolic=False)
    cls = _member(module, schedule.name)
    hypers = {h.name: h for h in schedule.hypers}
    _check_signature(cls.__init__, [], hypers)
    if list(cls._domains) != list(hypers):
        raise _BrokenError(f"{schedule.name} checks {' '.join(cls._domains)}; the spec wants {' '.join(hypers)}")
    defaults = {name: float(Fraction(str(hyper.default))) for name, hyper in hypers.items()}
    for name, hyper in hypers.items():

        def accepted(value: float, name: str = name) -> bool:
            try:
                made = cls(**{name: value})
            except ValueError as error:
                if cls._domains[name][0] not in str(error):
                    raise
                return False
            if vars(made) != {**defaults, name: value}:
                raise _BrokenError(f"{schedule.name}({name}={value}) keeps {vars(made)}")
            return True

        _check_domain(path, name, domain.parse(str(hyper.domain)), cls._domains[name][0], accepted)
    return Result("", "", PROVED, "", "execution")


class _Ways:
    """Goes through a file's choices: takes the branch that is known to hold, and, where both can, each in turn."""

    def __init__(self, machine: Machine, given: Mapping[str, sympy.Expr], known: Known) -> None:
        self.machine, self.given, self.start = machine, given, known
        self.pending: list[tuple[int, ...]] = [()]

    def each(self, run: Callable[[], Any]) -> Iterator[tuple[Any, Known]]:
        """What `run` returns on every way, and what the way assumes."""
        while self.pending:
            self.taken, self.known, self.place = self.pending.pop(), self.start, 0
            yield run(), self.known

    def pick(self, options: Iterator[tuple[Any, Known]]) -> Any:
        found = list(options)
        if len(found) > 1:
            if self.place == len(self.taken):
                self.pending += [(*self.taken, other) for other in range(1, len(found))]
                self.taken += (0,)
            self.place += 1
        value, self.known = found[self.taken[self.place - 1] if len(found) > 1 else 0]
        return value

    def choose(self, test: Any, then: Any, otherwise: Any) -> Any:
        return then if self.pick(self.machine.branches(sympy.sympify(test), self.given, self.known)) else otherwise

    def extreme(self, function: Any) -> Callable[..., Any]:
        """`max` or `min`."""

        def call(*arguments: Any) -> Any:
            first, *rest = map(sympy.sympify, arguments)
            for other in rest:
                test = sympy.Ge(first, other, evaluate=False)
                first = self.choose(test, *((first, other) if function is sympy.Max else (other, first)))
            return first

        return call


def _monitor_over_symbols(spec: MonitorSpec, path: Path, ways: _Ways | None = None) -> Any:
    """An instance of the monitor's class, of which the hyperparameters are symbols."""
    functions = _symbolic_functions(_Log()) | {"bool": lambda flag: flag}
    if ways:
        functions |= {"_choose": ways.choose, "max": ways.extreme(sympy.Max), "min": ways.extreme(sympy.Min)}
    mathematics = _Library(**vars(_MATHEMATICS), inf=sympy.oo)
    module = _run(path, {"math": mathematics, "_monitor": _Library(Monitor=_Base)}, functions, symbolic=True)
    cls = _member(module, spec.monitor.name)
    made = cls.__new__(cls)
    vars(made).update({hyper.name: hyper for hyper in spec.monitor.hypers})
    return made


def _monitor_steps(spec: MonitorSpec, path: Path, heard: sympy.Symbol) -> Result:
    """On every way through the spec's steps, from every situation, the file comes to the same states."""
    monitor, number = spec.monitor, 0
    metric, t = (sympy.Symbol(name, real=True) for name in (METRIC, STEP))
    machine = Machine(facts_of(monitor))
    for situation in situations(monitor):
        for way in machine.run(monitor, situation, heard, t, ()):
            number += 1
            given = {**situation, METRIC: heard}
            ways = _Ways(machine, given, way.known)
            made = _monitor_over_symbols(spec, path, ways)
            for results, known in ways.each(lambda made=made: _call(path, made._next, *monitor.state, metric, t)):
                if len(results) != len(monitor.state):
                    raise _BrokenError(f"{monitor.name}._next returns {len(results)} states, not {len(monitor.state)}")
                for state, value in zip(monitor.state, map(sympy.sympify, results), strict=True):
                    if not _same(machine, value, way.values[new(state).name], given, known):
                        return _other_state(spec, path, state, known, heard == NAN)
    method = f"execution over symbols, linear inequalities on {number} ways through the steps"
    return Result("", "", PROVED, "", method, ("real arithmetic", *domains_of(monitor, *monitor.hypers)))


def _same(machine: Machine, value: sympy.Expr, wanted: sympy.Expr, given: Mapping, known: Known) -> bool:
    for found, then in machine.values(value, given, known):
        if NAN in (found, wanted):
            if found != wanted:
                return False
            continue
        same = sympy.Eq(sympy.Symbol("found_", real=True), sympy.Symbol("wanted_", real=True), evaluate=False)
        if machine.failure(same, {"found_": found, "wanted_": wanted}, then) is not None:
            return False
    return True


def _other_state(spec: MonitorSpec, path: Path, state: Scalar, known: Known, nan: bool) -> Result:
    """What is said of a file that may leave something else in `state` than the spec asks for."""
    monitor = spec.monitor
    step = next(step for step in monitor.steps if step.target == new(state))
    equation = f"{spec.shown_path}:{step.location.line}: {step.target} = {Text()(arrange(step.value, ranks(monitor)))}"
    cls = _monitor_itself(spec, path)
    for hyper, simple in runs(monitor):
        metrics = [math.nan if nan and number % 3 == 0 else metric for number, metric in enumerate(simple)]
        made, trace = (
            cls(**{name: float(v) for name, v in hyper.items()}),
            reference.run_monitor(monitor, metrics, hyper),
        )
        for number, metric in enumerate(metrics, start=1):
            made.step(*([metric] if monitor.listens else []))
            exact = trace[number][f"{state}_new"]
            if not (made._kept[state.name] == exact or abs(made._kept[state.name] - exact) < 1e-9 * abs(exact)):
                point = {"reports": ", ".join(map(str, metrics[:number])), **{n: str(v) for n, v in hyper.items()}}
                point |= {f"file: {state}": str(made._kept[state.name]), f"spec: {state}": shown(exact)}
                return Result("", "", REFUTED, "", "simulation", counterexample={**point, "equation": equation})
    where = ", ".join(f"{c.expr} {c.sign} 0" for c in known) or "everywhere"
    return Result("", "", "undecided", "", reason=f"no run shows it, but {state} may differ where {where}; {equation}")


def _monitor_itself(spec: MonitorSpec, path: Path) -> Any:
    """The class as the file has it, on the base class beside it."""
    base = _run(path.parent / "_monitor.py", {"math": math}, vars(builtins), symbolic=False)
    module = _run(path, {"math": math, "_monitor": _Library(**base)}, vars(builtins), symbolic=False)
    return _member(module, spec.monitor.name)


def _monitor_class(spec: MonitorSpec, path: Path) -> Result:
    """States, flags, start and value over symbols; then the class is run as it is, at, beside and far from bounds."""
    monitor = spec.monitor
    made, facts = _monitor_over_symbols(spec, path), Facts.of(monitor)
    states, flags = tuple(s.name for s in monitor.state), tuple(s.name for s in monitor.flags)
    told = (type(made)._states, getattr(type(made), "_flags", ()), getattr(type(made), "_listens", True))
    if told != (states, flags, monitor.listens):
        raise _BrokenError(f"{monitor.name} declares {told}; the spec wants {(states, flags, monitor.listens)}")
    for state, value in zip(monitor.state, map(sympy.sympify, _call(path, made._start)), strict=True):
        expected = monitor.state[state]
        if value != expected and (expected.is_infinite or decide(value, expected, facts).status != PROVED):
            raise _BrokenError(f"{state} starts at {value}; the spec says {expected}")
    verdict = decide(sympy.sympify(_call(path, made._value, *monitor.state)), monitor.value, facts)
    if verdict.status != PROVED:
        raise _BrokenError(f"what {monitor.name} tells is not {monitor.value}: {dict(verdict.point or {})}")

    cls = _monitor_itself(spec, path)
    hypers = {h.name: h for h in monitor.hypers}
    _check_signature(cls.__init__, [], hypers)
    if list(cls._domains) != list(hypers):
        raise _BrokenError(f"{monitor.name} checks {' '.join(cls._domains)}; the spec wants {' '.join(hypers)}")
    for name, hyper in hypers.items():

        def accepted(value: float, name: str = name) -> bool:
            try:
                made = cls(**{name: value})
            except ValueError as error:
                if cls._domains[name][0] not in str(error):
                    raise
                return False
            if getattr(made, name) != value:
                raise _BrokenError(f"{monitor.name}({name}={value}) keeps {getattr(made, name)}")
            return True

        _check_domain(path, name, domain.parse(str(hyper.domain)), cls._domains[name][0], accepted)
    return Result("", "", PROVED, "", "execution")


def _function(spec: Spec, backend: str, path: Path) -> Result:
    optimizer = runnable(spec.optimizer)
    log = _Log(optimizer.steps, Facts.of(optimizer))
    module = _execute_over_symbols(path, backend, log)
    symbols = {name: sympy.Symbol(name, real=True) for name in ("w", "g", "t")}
    symbols |= {s.name: s for s in optimizer.state}
    hypers = {h.name: h for h in spec.optimizer.hypers}
    states = [s.name for s in optimizer.array_state]
    per_step = [*(s.name for s in optimizer.scalar_state), "t"]
    cells = {name: _Cell(name, symbols[name]) for name in ("w", "g", *states)}
    function = _member(module, spec.function)
    _check_signature(function, [*cells, *per_step], hypers)
    _call(path, function, *cells.values(), *(symbols[name] for name in per_step), **hypers, stages=_STAGES)
    results = {name: cell.value for name, cell in cells.items()}
    if optimizer.scalar_state:
        advance = _member(module, f"{spec.key}_scalars")
        _check_signature(advance, per_step, hypers)
        after = _call(path, advance, *(symbols[name] for name in per_step), **hypers)
        results |= dict(zip(per_step[:-1], after, strict=True))
    whole = inlined(optimizer)
    methods = list(dict.fromkeys(log.found.values()))
    for symbol, expected in transition(optimizer).items():
        found = results[symbol.name]
        if found == new(symbol):
            continue
        verdict = decide(_unfolded(found, whole), expected, log.facts)
        methods += [verdict.method] if verdict.method not in methods else []
        if verdict.status != PROVED:
            return _not_equal(spec, log, symbol, verdict)
    if wrong := _out_of_order(spec, log):
        return wrong
    lines = [Line(_line_of(spec, target.name), f"computed by the file ({m})") for target, m in log.found.items()]
    assumptions = ("real arithmetic", "wherever both are defined", "arrays do not overlap")
    method = f"execution over symbols, {', '.join(methods)}"
    return Result("", "", PROVED, "", method, assumptions, derivation=tuple(lines))


def _out_of_order(spec: Spec, log: _Log) -> Result | None:
    """Whether equations are computed, or results committed, in another order than the spec's."""
    # what depends on scalars alone is computed before all arrays
    arrays = [step.target.name for step in runnable(spec.optimizer).steps if has_arrays(step.value)]
    equations = [target.name for target in log.order]
    targets = [*(f"{state}_new" for state in spec.optimizer.array_state), "w_new"]
    commits = [f"{name}_new" for name in log.commits]
    for what, found, order in (("computed", equations, arrays), ("committed", commits, targets)):
        wanted = [name for name in order if name in found]
        # what one equation computes may also be a part of another: it is there more than once
        if not _subsequence(wanted, found):
            once = [name for name in dict.fromkeys(found) if name in wanted]
            first = next((b for a, b in zip(once, wanted, strict=True) if a != b), wanted[0])
            point = {"file": " ".join(once), "spec": " ".join(wanted), "equation": _line_of(spec, first)}
            reason = f"the file computes the right values, but they are {what} in another order than the spec's"
            return Result("", "", REFUTED, "", f"order: {what}", counterexample=point, reason=reason)
    return None


def _subsequence(wanted: list[str], found: list[str]) -> bool:
    """Whether `wanted` stands in `found` in this order, with anything between."""
    left = iter(found)
    return all(name in left for name in wanted)


def _unfolded(expr: sympy.Expr, whole: Mapping[sympy.Symbol, sympy.Expr]) -> sympy.Expr:
    """`expr` with the symbols of equations replaced by what they stand for."""
    return expr.xreplace({symbol: whole[symbol] for symbol in expr.free_symbols if symbol in whole})


def _not_equal(spec: Spec, log: _Log, array: sympy.Symbol, verdict: Verdict) -> Result:
    """What is said of a file that leaves something else in `array` than the spec asks for."""
    missing = (s.target.name for s in spec.optimizer.steps if s.target not in log.found and not s.value.is_Atom)
    equation = _line_of(spec, next(missing, f"{array}_new"))
    if verdict.point is None:
        reason = f"{verdict.reason}; the first equation not found in the file is {equation}"
        return Result("", "", verdict.status, "", reason=reason)
    names = {"left": "file", "right": "spec"}
    point = {names.get(name, name): value for name, value in verdict.point.items()}
    found = {"array": str(array), **point, "equation": equation}
    return Result("", "", verdict.status, "", verdict.method, counterexample=found)


def _line_of(spec: Spec, target: str) -> str:
    step = next(step for step in runnable(spec.optimizer).steps if step.target.name == target)
    equation = Text()(arrange(step.value, ranks(spec.optimizer)))
    return f"{spec.shown_path}:{step.location.line}: {step.target} = {equation}"


def _member(module: dict[str, Any], name: str) -> Any:
    if name not in module:
        raise _BrokenError(f"it has no {name}")
    return module[name]


#: Keywords that generated functions and classes have beside the hyperparameters.
_AROUND = ("stages", "pipeline", "master_weights", "where", "seed")


def _check_signature(function: Any, positional: list[str], hypers: dict[str, Any]) -> None:
    parameters = inspect.signature(function).parameters.values()
    names = [p.name for p in parameters if p.kind is not p.KEYWORD_ONLY and p.name != "self"]
    if names != positional:
        raise _BrokenError(f"{function.__qualname__} takes {' '.join(names)}; the spec wants {' '.join(positional)}")
    keywords = {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY and p.name not in _AROUND}
    if list(keywords) != list(hypers):
        raise _BrokenError(f"{function.__qualname__} has {' '.join(keywords)}; the spec wants {' '.join(hypers)}")
    for name, default in keywords.items():
        if default != float(Fraction(str(hypers[name].default))):
            raise _BrokenError(f"the default of {name} is {default}; the spec says {hypers[name].default}")


def _class(spec: Spec, backend: str, path: Path) -> Result:
    optimizer = spec.optimizer
    module = _execute_over_symbols(path, backend, _Log())
    cls = _member(module, optimizer.name)
    hypers = {h.name: h for h in optimizer.hypers}
    states = tuple(s.name for s in optimizer.array_state)
    _check_signature(cls.__init__, ["params"], hypers)
    if cls._states != states:
        raise _BrokenError(f"{optimizer.name} keeps {cls._states}; the spec keeps {states}")
    if cls._update is not _member(module, spec.function):
        raise _BrokenError(f"{optimizer.name} does not step with {spec.function}")
    given = {name: object() for name in (*hypers, "pipeline", "master_weights")}
    params = object()
    made = _call(path, cls, params, **given)
    if made.params is not params or made.hyper != given:
        raise _BrokenError(f"{optimizer.name}.__init__ does not pass its arguments on as they are")
    if list(cls._domains) != list(hypers):
        raise _BrokenError(f"{optimizer.name} checks {' '.join(cls._domains)}; the spec wants {' '.join(hypers)}")
    for name, hyper in hypers.items():
        _check_domain(path, name, domain.parse(str(hyper.domain)), *cls._domains[name])
    initial = _call(path, made._initial, _Cell("w", sympy.Symbol("w", real=True)), hypers)
    if len(initial) != len(states):
        raise _BrokenError(f"{optimizer.name} starts {len(initial)} states, the spec {len(states)}")
    found = {state: _value(cell) for state, cell in zip(optimizer.array_state, initial, strict=True)}
    if optimizer.scalar_state:
        scalars = _call(path, made._initial_scalars, hypers)
        if list(scalars) != [s.name for s in optimizer.scalar_state]:
            raise _BrokenError(f"{optimizer.name} keeps the scalars {' '.join(scalars)}")
        if cls._advance is not _member(module, f"{spec.key}_scalars"):
            raise _BrokenError(f"{optimizer.name} does not advance its scalars with {spec.key}_scalars")
        found |= {state: sympy.sympify(scalars[state.name]) for state in optimizer.scalar_state}
    facts = Facts.of(optimizer)
    for state, expected in optimizer.state.items():
        if decide(found[state], expected, facts).status != PROVED:
            raise _BrokenError(f"{state} starts at {found[state]}; the spec says {expected}")
    return Result("", "", PROVED, "", "execution over symbols")


def _check_domain(path: Path, name: str, allowed: domain.Domain, text: str, holds: Callable[[float], bool]) -> None:
    """The test of a hyperparameter agrees with its domain at both ends, beside them and far from them."""
    if text != allowed.condition(name):
        raise _BrokenError(f"the domain of {name} is given as {text!r}; the spec says {allowed.condition(name)!r}")
    ends = [end for end in (allowed.low, allowed.high) if end is not None] or [Fraction(0)]
    near = [end + Fraction(step) for end in ends for step in (-1000, -1, "-1/1024", 0, "1/1024", 1, 1000)]
    for value in near:
        if bool(_call(path, holds, float(value))) != (value in allowed):
            raise _BrokenError(f"{name} = {float(value)} is {'refused' if value in allowed else 'let through'}; {text}")


def in_sync(found: list[Change], files: list[Path], spec: str) -> Iterator[Result]:
    """For each file of `files`, whether it is on disk what `generate` writes."""
    changed = {change.path: change for change in found}
    for path in files:
        name = shown_file(path)
        statement = f"{name} is byte for byte what generate writes"
        change = changed.get(path)
        if change is None:
            yield Result(spec, f"in sync {name}", PROVED, statement, "comparison")
        elif change.kind == "missing":
            reason = f"{name} is not there; python cli.py generate writes it"
            yield Result(spec, f"in sync {name}", "undecided", statement, reason=reason)
        else:
            lines = [line for line in change.diff().splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
            shown = {"on disk" if line[0] == "-" else "from the spec": line[1:].strip() for line in reversed(lines)}
            yield Result(spec, f"in sync {name}", REFUTED, statement, "comparison", counterexample=shown)
