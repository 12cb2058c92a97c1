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
import time
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import sympy

from codegen import domain, reference
from codegen.backends import BACKENDS
from codegen.derive import inlined, transition
from codegen.kernel import SYMBOLIC, Body, Run, UnreadableError
from codegen.load import Spec
from codegen.render import Change, shown_file
from codegen.result import PROVED, REFUTED, Line, Result
from codegen.spec import New
from codegen.tactics import Facts, decide, differ, points


class _BrokenError(Exception):
    """The file does not do what a generated file does: that refutes it."""


@dataclass
class _Cell:
    """An array of one element, which is a SymPy expression."""

    name: str
    value: Any
    writable: bool = True


@dataclass
class _Log:
    """What happened while a module ran: every value computed, and the order in which arrays were last written."""

    trace: list[Any] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)

    def wrote(self, name: str) -> None:
        self.writes = [other for other in self.writes if other != name] + [name]


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
        values = [_value(operand) for operand in operands]
        log.trace += values
        return _store(out, function(*values), log)

    return call


def _store(out: Any, value: Any, log: _Log) -> _Cell:
    if not isinstance(out, _Cell) or not out.writable:
        raise _BrokenError(f"it writes to {getattr(out, 'name', out)}, which is only to be read")
    out.value = value
    log.trace.append(value)
    log.wrote(out.name)
    return out


def _numpy_stand_ins(log: _Log) -> tuple[Any, Any]:
    def copyto(out: _Cell, source: Any, where: _Cell | None = None) -> None:
        value = _value(source)
        if where is not None:
            value = sympy.Piecewise((value, where.value), (out.value, True))
        _store(out, value, log)

    def tiles(written: tuple, read: tuple, *, scratch: int = 0, masks: int = 0) -> Iterator[tuple]:
        for cell in read:
            cell.writable = False
        spare = [_Cell(f"scratch {k}", sympy.Symbol(f"uninitialised_{k}", real=True)) for k in range(scratch + masks)]
        yield (*written, *read, *spare)

    ufuncs = {name: _ufunc(function, log) for name, function in _UFUNCS.items()}
    return _Library(copyto=copyto, **ufuncs, **_CONSTRUCTORS), tiles


def _cupy_stand_ins(log: _Log) -> tuple[Any, Any]:
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
            run = self.body.run(dict(zip(self.inputs, map(_value, inputs), strict=True)), before, SYMBOLIC)
            home = dict(zip(self.outputs, outputs, strict=True))
            log.trace += [_value(i) for i in inputs] + run.trace
            for name in run.commits:
                _store(home[name], run.outputs[name], log)
            return run

    def launch(kernel: Kernel, read: tuple, scalars: tuple, written: tuple) -> None:
        for cell in read:
            cell.writable = False
        kernel.run([*read, *scalars], list(written))

    return _Library(ElementwiseKernel=Kernel, **_CONSTRUCTORS), launch


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
_STAND_INS = {"numpy": _numpy_stand_ins, "cupy": _cupy_stand_ins}


class _Base:
    """Stands in for the optimizer's base class, and keeps what it is given."""

    def __init__(self, params: Any, **hyper: Any) -> None:
        self.params, self.hyper = params, hyper


class _Choices(ast.NodeTransformer):
    """`a if test else b` becomes a call, because a symbolic test is neither true nor false."""

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        call = ast.Call(ast.Name("_choose", ast.Load()), [node.test, node.body, node.orelse], [])
        return ast.copy_location(call, node)


def _execute_over_symbols(path: Path, backend: str, log: _Log) -> dict[str, Any]:
    library, helper = _STAND_INS[backend](log)
    mathematics = _Library(sqrt=sympy.sqrt, exp=sympy.exp, log=sympy.log)
    functions = {
        "max": sympy.Max,
        "min": sympy.Min,
        "_choose": lambda test, then, otherwise: sympy.Piecewise((then, test), (otherwise, True)),
    }
    return execute(path, backend, library, helper, mathematics, functions)


def execute(
    path: Path, backend: str, library: Any, helper: Any, mathematics: Any, functions: dict[str, Any]
) -> dict[str, Any]:
    """Run a generated module with stand-ins, and return its names.

    `library` stands in for the array library, `helper` for what `_arrays.py` gives to the functions,
    `mathematics` for `math`. `functions` are `max`, `min` and `_choose(test, then, otherwise)`, which
    takes the place of a conditional expression. A module that cannot be run is refuted: the exception
    says why.
    """
    entry = BACKENDS[backend]
    arrays = _Library(Array=Any, Hyper=Any, **{entry.base: _Base, entry.helper: helper})
    known = {backend: library, "math": mathematics, "_arrays": arrays}

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
        tree = ast.fix_missing_locations(_Choices().visit(ast.parse(path.read_text(encoding="utf-8"))))
        exec(compile(tree, str(path), "exec"), names)
    except FileNotFoundError:
        raise
    except Exception as error:
        raise _BrokenError(f"the module does not run: {_described(error, path)}") from error
    return names


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
    for claim, statement, check in (
        (f"readback {backend}", f"{spec.function} in {name} computes the equations of {spec.shown_path}", _function),
        (f"class {backend}", f"{spec.optimizer.name} in {name} has the hyperparameters and states of the spec", _class),
    ):
        start = time.perf_counter()
        try:
            result = check(spec, backend, path)
        except FileNotFoundError:
            reason = f"{name} is not there; write it with: python cli.py generate {spec.family}"
            result = Result("", "", "undecided", "", reason=reason)
        except (_BrokenError, UnreadableError) as error:
            result = Result("", "", REFUTED, "", "execution", counterexample={"file": name, "fact": str(error)})
        yield replace(result, spec=spec.key, claim=claim, statement=statement, seconds=time.perf_counter() - start)


def _function(spec: Spec, backend: str, path: Path) -> Result:
    optimizer = spec.optimizer
    log = _Log()
    module = _execute_over_symbols(path, backend, log)
    function = _member(module, spec.function)
    states = {s.name: s for s in optimizer.state}
    symbols = {name: sympy.Symbol(name, real=True) for name in ("w", "g", "t")}
    hypers = {h.name: h for h in optimizer.hypers}
    _check_signature(function, ["w", "g", *states, "t"], hypers)
    cells = {name: _Cell(name, symbols.get(name) or states[name]) for name in ("w", "g", *states)}
    try:
        function(*cells.values(), symbols["t"], **hypers)
    except Exception as error:
        raise _BrokenError(f"{spec.function} does not run: {_described(error, path)}") from error

    facts = Facts.of(optimizer)
    methods: list[str] = []
    lines: list[Line] = []
    for symbol, expected in transition(optimizer).items():
        verdict = decide(cells[symbol.name].value, expected, facts)
        lines.append(Line(f"{symbol} after the step is {symbol}_new of the spec", verdict.method or verdict.status))
        if verdict.status != PROVED:
            point = {
                ("file" if k == "left" else "spec" if k == "right" else k): v for k, v in (verdict.point or {}).items()
            }
            where = _first_missing(spec, log)
            return Result(
                "",
                "",
                verdict.status,
                "",
                verdict.method,
                counterexample={"array": str(symbol), **point, "equation": where} if point else None,
                reason=verdict.reason or f"first equation that nothing in the file computes: {where}",
            )
        methods += [verdict.method] if verdict.method not in methods else []
    order = [*states, "w"]
    written = [name for name in log.writes if name in order]
    if written != order:
        return Result(
            "",
            "",
            REFUTED,
            "",
            "order of commits",
            counterexample={
                "file": " ".join(written),
                "spec": " ".join(order),
                "equation": _line_of(spec, f"{next(a for a, b in zip(order, written, strict=False) if a != b)}_new"),
            },
            reason="the arrays are committed in another order than the spec's",
        )
    assumptions = ("real arithmetic", "wherever both are defined", "arrays do not overlap")
    return Result(
        "", "", PROVED, "", f"execution over symbols, {', '.join(methods)}", assumptions, derivation=tuple(lines)
    )


def _line_of(spec: Spec, target: str) -> str:
    step = next(step for step in spec.optimizer.steps if step.target.name == target)
    return f"{spec.shown_path}:{step.location.line}: {step.target} = {step.value}"


def _first_missing(spec: Spec, log: _Log) -> str:
    """The first equation of the spec whose value the file computed nowhere."""
    facts = Facts.of(spec.optimizer)
    values = inlined(spec.optimizer)
    names = sorted({s.name for v in values.values() for s in v.free_symbols})
    seen = [value for value in log.trace if isinstance(value, sympy.Expr)]
    for point in points(names, facts):
        numbers: dict[str, Any] = {name: reference.number(value) for name, value in point.items()}
        numbers |= {"t": int(point["t"])} if "t" in point else {}
        computed = [number for value in seen if (number := _number(value, numbers)) is not None]
        for target, value in values.items():
            expected = _number(value, numbers)
            if expected is not None and not any(not differ(expected, number) for number in computed):
                return _line_of(spec, target.name)
    return _line_of(spec, next(t.name for t in values if isinstance(t, New)))


def _number(expr: sympy.Expr, values: dict[str, Any]) -> Any:
    try:
        return reference.evaluate(expr, values)
    except (KeyError, ZeroDivisionError, ValueError, OverflowError):
        return None


def _member(module: dict[str, Any], name: str) -> Any:
    if name not in module:
        raise _BrokenError(f"it has no {name}")
    return module[name]


def _check_signature(function: Any, positional: list[str], hypers: dict[str, Any]) -> None:
    parameters = inspect.signature(function).parameters.values()
    names = [p.name for p in parameters if p.kind is not p.KEYWORD_ONLY and p.name != "self"]
    if names != positional:
        raise _BrokenError(f"{function.__qualname__} takes {' '.join(names)}; the spec wants {' '.join(positional)}")
    keywords = {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY}
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
    states = tuple(s.name for s in optimizer.state)
    _check_signature(cls.__init__, ["params"], hypers)
    if cls._states != states:
        raise _BrokenError(f"{optimizer.name} keeps {cls._states}; the spec keeps {states}")
    if cls._update is not _member(module, spec.function):
        raise _BrokenError(f"{optimizer.name} does not step with {spec.function}")
    given = {name: object() for name in hypers}
    params = object()
    made = cls(params, **given)
    if made.params is not params or made.hyper != given:
        raise _BrokenError(f"{optimizer.name}.__init__ does not pass its arguments on as they are")
    if list(cls._domains) != list(hypers):
        raise _BrokenError(f"{optimizer.name} checks {' '.join(cls._domains)}; the spec wants {' '.join(hypers)}")
    for name, hyper in hypers.items():
        _check_domain(name, domain.parse(str(hyper.domain)), *cls._domains[name])
    try:
        initial = made._initial(_Cell("w", sympy.Symbol("w")), hypers)
    except Exception as error:
        raise _BrokenError(f"the initial state cannot be made: {_described(error, path)}") from error
    if len(initial) != len(states):
        raise _BrokenError(f"{optimizer.name} starts {len(initial)} states, the spec {len(states)}")
    facts = Facts.of(optimizer)
    for (state, expected), cell in zip(optimizer.state.items(), initial, strict=True):
        verdict = decide(_value(cell), expected, facts)
        if verdict.status != PROVED:
            raise _BrokenError(f"{state} starts at {_value(cell)}; the spec says {expected}")
    return Result("", "", PROVED, "", "execution over symbols")


def _check_domain(name: str, allowed: domain.Domain, text: str, holds: Callable[[float], bool]) -> None:
    """The test of a hyperparameter agrees with its domain at both ends, beside them and far from them."""
    if text != allowed.condition(name):
        raise _BrokenError(f"the domain of {name} is given as {text!r}; the spec says {allowed.condition(name)!r}")
    ends = [end for end in (allowed.low, allowed.high) if end is not None] or [Fraction(0)]
    near = [end + Fraction(step) for end in ends for step in (-1000, -1, "-1/1024", 0, "1/1024", 1, 1000)]
    for value in near:
        if bool(holds(float(value))) != (value in allowed):
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
