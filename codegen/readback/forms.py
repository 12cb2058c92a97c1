"""The form of each kind of generated file: optimizers, stages and layers for an array library, schedules, monitors."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from pathlib import Path

from ..backends import BACKENDS, Layers, Rules, functional_backend, in_place_backend, staged_backend
from ..backends.functional import ELEMENTS, PER_ARRAY, SCALARS, SHARED, SUMMANDS, SUMS, library_import
from ..execution.language import (
    NAME,
    NAMES,
    NUMBER,
    OF_HYPER,
    OF_SELF,
    TUPLE,
    TYPED,
    Dialect,
    OutsideError,
    comparison,
    fresh,
    library,
    scalars,
    value,
)
from ..execution.modules import base_class
from ..execution.shapes import (
    HYPERS,
    KEYWORDS,
    PASSED,
    Member,
    Module,
    among,
    body_of,
    domains,
    handing_on,
    header,
    literal,
    parsed,
    plain_class,
    returned,
    returns_of,
    static,
    strings,
    values,
    without_doc,
)
from ..load import AnySpec, LayerSpec, MonitorSpec, ScheduleSpec, Spec, StageSpec
from ..spec.host import STAND_INS

_SCALARS = among(" ".join(STAND_INS))


def check(spec: AnySpec, path: Path) -> None:
    """Raises OutsideError if the file has anything in it that no generated file of its kind has."""
    backend = path.parent.name if isinstance(spec, Spec | StageSpec | LayerSpec) else ""
    kind: type = type(spec)
    _check(path.read_bytes(), kind, backend, spec.family)


@lru_cache(maxsize=64)
def _check(text: bytes, kind: type, backend: str, family: str) -> None:
    tree = parsed(text)
    if kind in (StageSpec, LayerSpec) and staged_backend(backend).extends:
        _reexport(tree, staged_backend(backend).extends, family)
    elif kind is Spec and not BACKENDS[backend].in_place:
        _functional_module(backend).check(tree)
    else:
        _MODULES[kind](backend).check(tree)


# Optimizers.


def _rule_module(backend: str) -> Module:
    entry, base = in_place_backend(backend), base_class(backend, "Optimizer")
    helpers = (*entry.helpers, *entry.sum_helpers)

    def function(node: ast.stmt, taken: set[str]) -> None:
        assert isinstance(node, ast.FunctionDef)
        if node.name.startswith("_"):
            entry.rules.own_statement(node, taken)
        elif node.name.endswith(("_scalars", "_per_array")):
            dialect, what = library(entry.alias), "the scalars of the next step"
            _numbers(node, rf"(?:{NAME}: float, )+t: int(?:, \*(?:, {NAME}: float)*{HYPERS})?", dialect, what, taken)
        elif node.name.endswith("_sums"):
            _sums(node, library(entry.alias), taken)
        else:
            _update(node, entry.rules, library(entry.alias), taken)

    return Module(
        imports={
            "import math": "",
            f"import {entry.library} as {entry.alias}": "",
            "from collections.abc": among("Mapping Sequence"),
            "from typing": among("Any ClassVar"),
            "from .._runtime.scalars": _SCALARS,
            "from ._arrays": among(" ".join(["Array StageCall Hyper IntHyper Stage", base, *helpers])),
        },
        function=function,
        cls=lambda node, taken: _rule_class(node, base, entry.alias),
        assign=entry.rules.own_statement,
    )


_UPDATE = (
    rf"w: Array, g: Array, (?:{NAME}: Array, )*(?:{NAME}: float, )*t: int, \*, (?:{NAME}: float, )*"
    rf"(?:{NAME}: (?:float|int)={NUMBER}, )*stages: Sequence\[StageCall\]=\(\)(?:, ahead: bool=False)?"
)


#: The states that a function of sums steps, if it goes ahead.
_AHEAD = rf"(?:, stepped={TUPLE}, ahead=ahead)?"
_HOWS = r"\((?:'\w+',|'\w+'(?:, '\w+')+)\)"


def _sums(node: ast.FunctionDef, dialect: Dialect, taken: set[str]) -> None:
    """The function of what a rule sums up: scalars of the step, then one statement that goes over the arrays."""
    inner = {*taken, *header(node, _UPDATE, "tuple[Any, ...]", taken)}
    *lines, last = body_of(node) or [node]
    scalars(lines, dialect, inner)
    pattern = rf"return summed\(_{node.name}, {TUPLE}, {TUPLE}, {_HOWS}(?:, \(\d+, \d+\))?, stages{_AHEAD}\)"
    if not re.fullmatch(pattern, ast.unparse(last)):
        raise OutsideError(last, f"is not the one sum over arrays of _{node.name}")


def _update(node: ast.FunctionDef, rules: Rules, dialect: Dialect, taken: set[str]) -> None:
    """The function of a rule: scalars of the step, then one statement that goes over the arrays."""
    inner = {*taken, *header(node, _UPDATE, "None", taken)}
    *lines, last = body_of(node) or [node]
    scalars(lines, dialect, inner)
    rules.last_statement(last, node.name, inner)


def _numbers(node: ast.stmt, parameters: str, dialect: Dialect, what: str, taken: Collection[str]) -> None:
    """A function of numbers in this dialect that returns `what`."""
    inner = {*taken, *header(node, parameters, "tuple[float, ...]", taken)}
    *lines, last = body_of(node) or [node]
    scalars(lines, dialect, inner)
    if not re.fullmatch(rf"return {TUPLE}", ast.unparse(last)):
        raise OutsideError(last, f"does not return {what}")


def _rule_class(node: ast.stmt, base: str, alias: str) -> None:
    around = r"pipeline: Sequence\[Stage\]=\(\), master_weights: bool=False, tied: str \| None=None"
    given = rf"self, params: Any(?:, \*)?{HYPERS}, {around}"
    passed = rf"params, pipeline={NAME}, master_weights={NAME}, tied={NAME}{PASSED}"
    members = {**_declared(alias), "_update": static, "__init__": handing_on(given, passed)}
    plain_class(node, base, members, _OPTIONAL, hints="Hyper|IntHyper")


#: What only some classes of rules have.
_OPTIONAL = (
    *("_advance", "_initial_scalars", "_own_t", "_starts_late", "_inputs", "_signals", "_optional", "_sums"),
    *("_reductions", "_fed_by_sums", "_ahead", "_per_array", "_advance_own", "_initial_own"),
)


def _declared(alias: str, copied: str = "w.copy()") -> dict[str, Member]:
    """What the class of a rule has in every backend; a copy of the array `w` is spelled so."""
    of_hyper = r"hyper: Mapping\[str, float\]"
    return {
        "_states": literal,
        "_own_t": literal,
        "_starts_late": literal,
        "_inputs": literal,
        "_signals": literal,
        "_optional": literal,
        "_domains": domains,
        "_advance": static,
        "_advance_own": static,
        "_per_array": literal,
        "_fed_by_sums": literal,
        "_ahead": literal,
        "_sums": static,
        "_reductions": literal,
        "_initial": _initial(rf"self, w: Array, {of_hyper}", alias, copied),
        "_initial_scalars": values(rf"self, {of_hyper}", "dict[str, float]", OF_HYPER),
        "_initial_own": values(rf"self, {of_hyper}", "dict[str, float]", OF_HYPER),
    }


# Optimizers as functions that return what is new.


def _functional_module(backend: str) -> Module:
    entry, base = functional_backend(backend), base_class(backend, "Optimizer")
    rules = entry.rules
    helpers = ["Array", base, *entry.helpers, *entry.sum_helpers]
    of_step = rf"(?:{NAME}: float, )*t: int(?:, \*(?:, {NAME}: float)*{HYPERS})?"
    with_arrays = rf"w: Array, g: Array, (?:{NAME}: Array, )*{of_step}"

    def function(node: ast.stmt, taken: set[str]) -> None:
        assert isinstance(node, ast.FunctionDef)
        kind = next((one for one in (SUMS, SUMMANDS, ELEMENTS, *_OF_NUMBERS) if node.name.endswith(f"_{one}")), "")
        if not kind:
            rules.own_statement(node, taken)
            return
        parameters = {SUMS: with_arrays, SUMMANDS: TYPED, ELEMENTS: TYPED}.get(kind, of_step)
        inner = {*taken, *header(node, parameters, f"tuple[{_returns(kind)}, ...]", taken)}
        *lines, last = body_of(node) or [node]
        scalars(lines, rules.values if kind in (SUMMANDS, ELEMENTS) else rules.numbers, inner)
        summed = rf"summed\({node.name.removesuffix(SUMS)}{SUMMANDS}, {TUPLE}, {TUPLE}, {_HOWS}\)"
        if not re.fullmatch(f"return {summed if kind == SUMS else TUPLE}", ast.unparse(last)):
            raise OutsideError(last, f"does not return what {node.name} is to return")

    def cls(node: ast.stmt, taken: set[str]) -> None:
        assert isinstance(node, ast.ClassDef)
        if [ast.unparse(one) for one in node.bases] != [base]:
            rules.own_statement(node, taken)
            return
        members = {**_declared(entry.alias, rules.copied), "_scalars": static, "_elements": static, **rules.members()}
        plain_class(node, base, members, {*_OPTIONAL, *rules.optional}, hints="Hyper|IntHyper")

    own = dict(rules.imports)
    return Module(
        imports={
            "import math": "",
            library_import(entry): "",
            "from collections.abc": among("Mapping Sequence"),
            "from typing": among(f"Any ClassVar {own.pop('from typing', '').replace('|', ' ')}"),
            "from .._runtime.scalars": _SCALARS,
            "from ._arrays": among(" ".join(helpers)),
            **{where: among(names.replace("|", " ")) for where, names in own.items()},
        },
        function=function,
        cls=cls,
    )


_OF_NUMBERS = (SCALARS, SHARED, PER_ARRAY)


def _returns(kind: str) -> str:
    return "Array" if kind in (SUMMANDS, ELEMENTS) else "float"


def _initial(parameters: str, alias: str, copied: str = "w.copy()") -> Member:
    """The states of one array before the first step. That none is the array itself shows when it is run."""

    def member(node: ast.stmt) -> None:
        found = returned(node, parameters, "tuple[Array, ...]")
        if not isinstance(found, ast.Tuple):
            raise OutsideError(found, "is not a tuple of states")
        for state in found.elts:
            match state:
                case ast.Call(args=[ast.Name(id="w"), start], keywords=[], func=function) if (
                    ast.unparse(function) == f"{alias}.full_like"
                ):
                    value(start, OF_HYPER)
                case _ if ast.unparse(state) not in (f"{alias}.zeros_like(w)", copied, "w"):
                    raise OutsideError(state, "is not how a state starts")

    return member


# Stages.


def _stage_module(backend: str) -> Module:
    entry = staged_backend(backend)
    helpers = entry.stages.over_symbols().helpers
    return Module(
        imports={
            "import math": "",
            library_import(entry): "",
            "from collections.abc": among("Mapping"),
            "from typing": among("Any ClassVar"),
            "from .._runtime.pipeline": "Where",
            "from .._runtime.scalars": _SCALARS,
            "from ._arrays": among(f"Array Hyper IntHyper Stage {' '.join(helpers)}"),
        },
        cls=lambda node, taken: _stage_class(node, backend, taken),
    )


def _stage_class(node: ast.stmt, backend: str, taken: Collection[str]) -> None:
    entry = staged_backend(backend)
    must, may = entry.stages.members(taken)
    given = rf"self(?:, \*)?{HYPERS}, where: Where \| None=None"
    seeded = rf"self(?:, \*)?{HYPERS}, seed: int={NUMBER}, where: Where \| None=None"
    literals = "_states _names _reductions _moves _halts _after _always _gathers _home _phase _noisy _uses_lr"
    literals += " _own_t _starts_late"
    members: dict[str, Member] = {
        **dict.fromkeys(literals.split(), literal),
        "_domains": domains,
        "__init__": handing_on(f"(?:{given}|{seeded})", rf"where={NAME}{PASSED}"),
        "_initial": _initial("self, w: Array", entry.alias, entry.stages.copied),
        "_initial_scalars": values(r"self, hyper: Mapping\[str, float\]", "dict[str, float]", OF_HYPER),
        "_factors": lambda line: _known(line, "tuple[Any, ...]", entry.stages.numbers, taken),
        "_advance": lambda line: _known(line, "tuple[tuple[float, ...], bool]", entry.stages.numbers, taken),
        **must,
        **may,
    }
    required = {"_states", "_names", "__init__", *must}
    plain_class(node, "Stage", members, members.keys() - required, hints="Hyper|IntHyper|float")


def _known(node: ast.stmt, returns: str, dialect: Dialect, taken: Collection[str]) -> None:
    """A method that is given all that is known by name, and computes scalars of the step."""
    inner = {*taken, *header(node, rf"self(?:, \*(?:, {NAME}: Any)+)?, \*\*_: Any", returns, taken)}
    *lines, last = body_of(node) or [node]
    scalars(lines, dialect, inner)
    match last:
        case ast.Return(value=ast.Tuple(elts=[ast.Tuple() as after, halts])) if "bool" in returns:
            match halts:
                case ast.Call(func=ast.Name(id="bool"), args=[test], keywords=[]):
                    comparison(test, dialect)
                case _ if ast.unparse(halts) != "False":
                    raise OutsideError(halts, "is not whether the step ends")
            if re.fullmatch(TUPLE, ast.unparse(after)):
                return
        case ast.Return(value=ast.Tuple() as found) if "bool" not in returns:
            if re.fullmatch(TUPLE, ast.unparse(found)):
                return
    raise OutsideError(last, "does not return the scalars of the step")


# Layers.


def _layer_module(backend: str) -> Module:
    entry, base = in_place_backend(backend), base_class(backend, "Layer")
    return Module(
        imports={
            "import math": "",
            f"import {entry.library} as {entry.alias}": "",
            "from typing": among("Any ClassVar"),
            "from .._runtime.scalars": _SCALARS,
            "from ._channels": among(f"Array {base} average count elementwise flat spread"),
        },
        function=lambda node, taken: _layer_function(node, entry.layers, taken),
        cls=lambda node, taken: _layer_class(node, base),
        assign=entry.layers.own_statement,
    )


_FLAT = rf"(?:{NAME}|\*flat\({NAMES}\))"
_GIVEN = rf"(?:(?:\(?{NAMES},?\)? = )?spread\({NAMES}\)|(?:{NAME} = )?count\({NAME}, axis, \d+\))"


def _layer_function(node: ast.stmt, layers: Layers, taken: set[str]) -> None:
    """A function of a layer: straight on from the batch to what it returns."""
    parameters = rf"(?:{NAME}: Array, )+\*, axis: int=-?\d+{HYPERS}"
    header(node, parameters, returns_of(node, "Array", "tuple[Array, ...]"), taken, layers.decorators)
    *lines, last = body_of(node) or [node]
    for line in lines:
        for target in getattr(line, "targets", ()):
            fresh(line, [n.id for n in ast.walk(target) if isinstance(n, ast.Name)], set(taken))
        if not re.fullmatch(_GIVEN, ast.unparse(line)):
            match line:
                case ast.Assign(targets=[ast.Name() | ast.Tuple()], value=found):
                    layers.value(found)
                case _:
                    raise OutsideError(line)
    if not re.fullmatch(rf"return \({_FLAT}(?:, {_FLAT})*,?\)", ast.unparse(last)):
        if not isinstance(last, ast.Return) or last.value is None:
            raise OutsideError(last, "does not return what the function computes")
        layers.value(last.value)


def _layer_class(node: ast.stmt, base: str) -> None:
    given = rf"self, channels: int(?:, \*)?, axis: int=-?\d+{HYPERS}, dtype: Any='float32'"
    literals = ["_parameters", "_states", "_saved", "_kept"]
    members: dict[str, Member] = {
        **dict.fromkeys(literals, literal),
        "_domains": domains,
        "__init__": handing_on(given, rf"{NAME}, {NAME}, {NAME}{PASSED}"),
        **dict.fromkeys(("_train", "_infer", "_derive"), _handed_on),
    }
    plain_class(node, base, members, (), hints="Array|float|int")


def _handed_on(node: ast.stmt) -> None:
    """A method that calls a function of the layer with what it keeps."""
    returns = returns_of(node, "Array", "tuple[Array, ...]")
    found = returned(node, rf"self(?:, {NAME}: Array)+", returns)
    one = rf"(?:self\.)?{NAME}"
    if not re.fullmatch(rf"{NAME}\({one}(?:, {one})*(?:, {NAME}=self\.{NAME})+\)", ast.unparse(found)):
        raise OutsideError(found, "does not hand on what the layer keeps")


# Schedules and monitors, which are numbers.


def _schedule_module(backend: str) -> Module:
    members: dict[str, Member] = {
        "_domains": domains,
        "__init__": handing_on(rf"self(?:, \*)?{HYPERS}", KEYWORDS),
        "_at": values("self, t: float", "float", OF_SELF),
    }
    return Module(
        imports={
            "import math": "",
            "from collections.abc": "Callable",
            "from typing": "TYPE_CHECKING, Any, ClassVar",
            "from ._runtime.hints": "Hinted, advice",
            "from ._runtime.number": "as_float, fits, step_number, to_number",
            "from ._runtime.scalars": _SCALARS,
        },
        cls=lambda node, taken: plain_class(node, "_Schedule", members, (), hints="float|int"),
        own={"_Schedule": "schedules.py.jinja"},
    )


def _monitor_module(backend: str) -> Module:
    return Module(
        imports={
            "import math": "",
            "from typing": "ClassVar",
            "from ._runtime.monitor": "Monitor",
            "from ._runtime.scalars": _SCALARS,
        },
        cls=_monitor_class,
    )


def _monitor_class(node: ast.stmt, taken: set[str]) -> None:
    states = rf"self(?:, {NAME}: float)*"
    heard = f"{states}, metric: float(?:, training: float)?, t: int"
    members: dict[str, Member] = {
        "_states": literal,
        "_flags": literal,
        "_hears": literal,
        "_domains": domains,
        "__init__": handing_on(rf"self(?:, \*{HYPERS})?", KEYWORDS),
        "_start": values("self", "tuple[float, ...]", OF_SELF),
        "_next": lambda line: _numbers(line, heard, OF_SELF, "the states after the report", taken),
        "_value": lambda line: _told(line, states),
    }
    plain_class(node, "Monitor", members, ("_flags", "_hears"), hints="float|int|bool")


def _told(node: ast.stmt, parameters: str) -> None:
    """What a monitor tells: a number, or whether a flag is set."""
    returns = returns_of(node, "bool", "float")
    found = returned(node, parameters, returns)
    if returns == "float":
        value(found, OF_SELF)
    elif not re.fullmatch(rf"bool\({NAME}\)", ast.unparse(found)):
        raise OutsideError(found, "is not whether a flag is set")


# What is that of another backend.


def _reexport(tree: ast.Module, source: str, family: str) -> None:
    match without_doc(tree.body):
        case [ast.ImportFrom(module=module, level=2), ast.Assign() as listed] if module == f"{source}.{family}":
            match listed:
                case ast.Assign(targets=[ast.Name(id="__all__")], value=ast.List(elts=texts)):
                    strings(texts)
                case _:
                    raise OutsideError(listed)
        case [first, *_]:
            raise OutsideError(first, f"and what is after it is not what a file has that reexports {source}.{family}")
        case _:
            raise OutsideError("", f"is all of a file that reexports {source}.{family}")


_MODULES: Mapping[type, Callable[[str], Module]] = {
    Spec: _rule_module,
    StageSpec: _stage_module,
    LayerSpec: _layer_module,
    ScheduleSpec: _schedule_module,
    MonitorSpec: _monitor_module,
}
