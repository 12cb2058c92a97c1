"""Render specs to files, and compare the files with what is on disk.

    render(specs, backends, out) -> {path: text}

Everything that decides is in Python; the templates place lines that are already printed.
"""

from __future__ import annotations

import ast
import difflib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jinja2
import sympy

from codegen import domain
from codegen.backends import BACKENDS, Backend, scalar_lines, tuple_text
from codegen.load import (
    ROOT,
    SPECS,
    AnySpec,
    Declared,
    LayerSpec,
    MonitorSpec,
    ScheduleSpec,
    Spec,
    StageSpec,
    UsageError,
    catalog,
)
from codegen.lower import Program, lower
from codegen.printing import Python, Text
from codegen.spec import RATE, STEP, Hyper, Monitor, Optimizer
from codegen.tree import Node, arrange, names, ranks

TEMPLATES = Path(__file__).resolve().parent / "templates"
GENERATED = ROOT / "generated"
MARK = "generated from "
_LONGEST_ALIGNED = 64
_LONGEST_IMPORT = 84


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )


def _fill(template: str, **lines: object) -> str:
    text = _environment().get_template(template).render(**lines)
    return re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)  # an empty line has no indentation


_SHARED = ("_hyper.py", "_optimizer.py", "_pipeline.py", "auto.py")


def render(specs: Iterable[AnySpec], backends: Iterable[str], out: Path) -> dict[Path, str]:
    """The files for `specs` under `out`, with the indexes and the shared modules that they need.

    Optimizers, stages and layers get a module for each backend; schedules and monitors, which are numbers,
    get one for all.
    """
    layers: dict[str, list[LayerSpec]] = {}
    families: dict[str, list[Spec | StageSpec]] = {}
    schedules: dict[str, list[ScheduleSpec]] = {}
    monitors: dict[str, list[MonitorSpec]] = {}
    for spec in specs:
        if isinstance(spec, LayerSpec):
            layers.setdefault(spec.family, []).append(spec)
        elif isinstance(spec, ScheduleSpec):
            schedules.setdefault(spec.family, []).append(spec)
        elif isinstance(spec, MonitorSpec):
            monitors.setdefault(spec.family, []).append(spec)
        else:
            families.setdefault(spec.family, []).append(spec)
    files = {out / "__init__.py": _ROOT_INDEX}
    files |= {out / f"{family}.py": _schedules(members) for family, members in schedules.items()}
    if monitors:
        files |= {out / name: _verbatim(name) for name in ("_monitor.py", "keeping.py")}
        files |= {out / f"{family}.py": _monitors(members) for family, members in monitors.items()}
    if not families and not layers:
        return files
    shared = [*(_SHARED if families else ()), *(["_layer.py"] if layers else ())]
    files |= {out / name: _verbatim(name) for name in shared}
    for name in _with_those_before(backends):
        backend = BACKENDS[name]
        folder = out / name
        shared = [*(["_arrays.py"] if families else ()), *(["_channels.py"] if layers and not backend.after else ())]
        files |= {folder / file: _verbatim(f"{name}/{file}") for file in shared}
        modules = {family: _MODULES[type(members[0])](members, backend) for family, members in families.items()}
        modules |= {family: _layers(members, backend) for family, members in layers.items()}
        files |= {folder / f"{family}.py": text for family, text in modules.items()}
        files[folder / "__init__.py"] = _index(folder, backend, modules)
        # the presets name rules of every family, so they go where every family goes
        if families and set(families) >= {entry.family for entry in catalog() if entry.kind in ("optimizer", "stage")}:
            texts = {path.name: _verbatim(f"presets/{path.name}") for path in (TEMPLATES / "presets").glob("*.py")}
            files |= {folder / "presets" / file: text for file, text in sorted(texts.items())}
    return files


def _with_those_before(backends: Iterable[str]) -> list[str]:
    """The backends with those that they build on."""
    asked = list(backends)
    wanted = {*asked, *(BACKENDS[name].after for name in asked)}
    return [name for name in BACKENDS if name in wanted]


_ROOT_INDEX = f'''# {MARK}specs/ by Stepsmith; do not edit
"""Generated optimizers. Each folder is for one array library and is loaded on its own; schedules serve all."""
'''


def _verbatim(name: str) -> str:
    return f"# {MARK}codegen/templates/{name}; do not edit\n{(TEMPLATES / name).read_text(encoding='utf-8')}"


def _module(specs: list[Spec], backend: Backend) -> str:
    first = specs[0]
    rules = [_rule(spec, backend) for spec in specs]
    uses_math = any("math." in line for rule in rules for line in rule["scalars"])  # type: ignore[attr-defined]
    imports = ["from __future__ import annotations", ""]
    imports += ["import math"] if uses_math else []
    imports += ["from collections.abc import Mapping, Sequence", "from typing import Any, ClassVar", ""]
    # an own library is always used, by the helpers' side of the template; the one of another backend may not be
    used = not backend.after or any(f"{backend.alias}." in f"{rule['initial']}{rule['body']}" for rule in rules)
    imports += [f"import {backend.library} as {backend.alias}", ""] if used else []
    names = sorted(["Array", "Bound", "Hyper", "Stage", backend.base, *backend.helpers], key=lambda n: (n.islower(), n))
    imports += [f"from ._arrays import {', '.join(names)}"]
    return _fill(
        "module.py.jinja",
        header=_header(first),
        doc=_doc(specs),
        imports=imports,
        exported=sorted((name for spec in specs for name in _exported(spec)), key=_export_key),
        rules=rules,
        backend=backend.name,
        base=backend.base,
    )


def _header(spec: Declared) -> str:
    inside = spec.path.parent == SPECS
    remedy = f"python cli.py generate {spec.family}" if inside else f"stepsmith generate {spec.shown_path} --out DIR"
    return f"{MARK}{spec.shown_path}; regenerate with: {remedy}"


def _doc(specs: Sequence[AnySpec]) -> str:
    """The docstring of a module, which is that of the spec's file."""
    doc = specs[0].doc or f"{specs[0].family}: {', '.join(spec.rule.name for spec in specs)}"
    return f"{doc}\n" if "\n" in doc else doc


def _taken_over(specs: Sequence[StageSpec | LayerSpec], backend: Backend, exported: Iterable[str]) -> str:
    """The module of stages or layers in a backend that has those of another."""
    names = sorted(exported, key=_export_key)
    return _fill(
        "taken_over.py.jinja",
        header=_header(specs[0]),
        source=BACKENDS[backend.after],
        family=specs[0].family,
        imports=sorted(names, key=_import_key),
        exported=names,
    )


def _layers(specs: list[LayerSpec], backend: Backend) -> str:
    from codegen.layer_code import exports, module

    if backend.after:
        return _taken_over(specs, backend, exports(specs))

    return _fill("layers.py.jinja", header=_header(specs[0]), doc=_doc(specs), **module(specs, backend))


def _schedules(specs: list[ScheduleSpec]) -> str:
    return _fill(
        "schedules.py.jinja",
        header=_header(specs[0]),
        doc=_doc(specs),
        exported=sorted((spec.schedule.name for spec in specs), key=_export_key),
        schedules=[_schedule(spec) for spec in specs],
    )


def _schedule(spec: ScheduleSpec) -> dict[str, object]:
    """What the template says about one schedule."""
    schedule = spec.schedule
    value, names = arrange(schedule.value, ranks(schedule)), [hyper.name for hyper in schedule.hypers]
    rows = [(hyper.name, condition(hyper), hyper.doc) for hyper in schedule.hypers]
    return {
        "name": schedule.name,
        "doc": [
            f'"""{schedule.name}: {schedule.summary or "see the equation"}.',
            "",
            f"    a[t] = {Text()(value)}",
            "",
            f"Source: {schedule.source}.",
            *(["", *table(rows)] if rows else []),
            '"""',
        ],
        "domains": _domains(schedule.hypers),
        "parameters": [f"{h}: {'int' if _domain(h).whole else 'float'} = {_default(h)}," for h in schedule.hypers],
        "arguments": [f"{name}={name}," for name in names],
        "value": _OfSelf()(value),
    }


class _OfSelf(Python):
    """Names, but for the step number, are attributes."""

    def name(self, name: str) -> str:
        return name if name == STEP else f"self.{name}"


def _monitors(specs: list[MonitorSpec]) -> str:
    monitors = [_monitor(spec) for spec in specs]
    printed = [line for monitor in monitors for line in (monitor["start"], monitor["value"], *monitor["lines"])]
    return _fill(
        "monitors.py.jinja",
        header=_header(specs[0]),
        doc=_doc(specs),
        imports=["import math"] if any("math." in str(line) for line in printed) else [],
        exported=sorted((spec.monitor.name for spec in specs), key=_export_key),
        monitors=monitors,
    )


def _monitor(spec: MonitorSpec) -> dict[str, object]:
    """What the template says about one monitor."""
    monitor, rank = spec.monitor, ranks(spec.monitor)
    states = [state.name for state in monitor.state]
    rows = [(hyper.name, condition(hyper), hyper.doc) for hyper in monitor.hypers]
    spell = _OfHypers(monitor)
    steps = [(step.target.name, arrange(step.value, rank), step.note) for step in monitor.steps]
    starts = [(name, f"= {_start(value, rank, Text())}") for name, value in _starts(monitor)]
    told = [("it tells", f"= {Text()(arrange(monitor.value, rank))}")] if not monitor.value.is_Symbol else []
    return {
        "name": monitor.name,
        "doc": [
            f'"""{monitor.name}: {monitor.summary or "see the equations"}.',
            "",
            *columns(steps),
            "",
            f"Then {', '.join(states)} take the new values. Before the first report:",
            "",
            *table(starts),
            *(["", *table(told)] if told else []),
            "",
            f"Source: {monitor.source}.",
            *(["", *table(rows)] if rows else []),
            '"""',
        ],
        "domains": _domains(monitor.hypers),
        "states": tuple_text([f'"{name}"' for name in states]),
        "flags": tuple_text([f'"{flag}"' for flag in monitor.flags]) if monitor.flags else "",
        "annotations": [f"{s}: {'bool' if s in monitor.flags else 'float'}" for s in monitor.state],
        "listens": monitor.listens,
        "parameters": [f"{h}: {'int' if _domain(h).whole else 'float'} = {_default(h)}," for h in monitor.hypers],
        "arguments": [f"{hyper}={hyper}," for hyper in monitor.hypers],
        "start": tuple_text([_start(value, rank, spell) for value in monitor.state.values()]),
        "given": [f"{name}: float," for name in states],
        "lines": [f"{name} = {spell(value)}" + (f"  # {note}" if note else "") for name, value, note in steps],
        "result": tuple_text([f"{name}_new" for name in states]),
        "value": f"bool({monitor.value})" if monitor.value in monitor.flags else spell(arrange(monitor.value, rank)),
        "told": "bool" if monitor.value in monitor.flags else "float",
    }


def _start(value: sympy.Expr, rank: Mapping[str, int], spell: Text) -> str:
    """An initial value, which may be infinite."""
    if value.is_infinite:
        sign = "" if value.is_extended_positive else "-"
        return f"{sign}math.inf" if isinstance(spell, Python) else f"{sign}inf"
    return spell(arrange(value, rank))


class _OfHypers(Python):
    """Hyperparameters are attributes; all other names are local."""

    def __init__(self, monitor: Monitor) -> None:
        self.hypers = {hyper.name for hyper in monitor.hypers}

    def name(self, name: str) -> str:
        return f"self.{name}" if name in self.hypers else name


def _domains(hypers: Iterable[Hyper]) -> list[str]:
    return [f'"{h}": ("{condition(h)}", lambda {h}: {_domain(h).test(h.name)}),' for h in hypers]


def _exported(spec: Spec) -> list[str]:
    scalars = [f"{spec.key}_scalars"] if spec.optimizer.scalar_state else []
    return [spec.optimizer.name, spec.function, *scalars]


def _rule(spec: Spec, backend: Backend) -> dict[str, object]:
    """What the templates say about one rule."""
    optimizer = spec.optimizer
    program = lower(optimizer)
    hypers = optimizer.hypers
    states = [state.name for state in optimizer.array_state]
    keywords = ["*,", *(f"{hyper}: float = {_default(hyper)}," for hyper in hypers)] if hypers else []
    per_step = [*(f"{state}: float," for state in optimizer.scalar_state), "t: int,"]
    parameters = [*(f"{name}: Array," for name in ("w", "g", *states)), *per_step, *(keywords or ["*,"])]
    parameters += ["stages: Sequence[Bound] = (),"]
    return {
        "name": optimizer.name,
        "function": spec.function,
        "states": _quoted(states),
        "domains": _domains(hypers),
        "class_doc": _class_doc(spec),
        "class_parameters": [f"{hyper}: Hyper = {_default(hyper)}," for hyper in hypers],
        "class_arguments": [f"{hyper}={hyper}," for hyper in hypers],
        "initial": _initial(optimizer, backend),
        "parameters": parameters,
        "function_doc": _function_doc(spec, program),
        "scalars": scalar_lines(program.scalars),
        "advance": _advance(spec, program, [*per_step, *keywords]),
        **backend.lines(program, spec.function),
    }


def _pipeline(specs: list[StageSpec], backend: Backend) -> str:
    """The module of the stages in one file."""
    if backend.after:
        return _taken_over(specs, backend, (spec.stage.name for spec in specs))
    stages = [_stage(spec, backend) for spec in specs]
    lines = [line for stage in stages for line in (*stage["factors"], *stage["advance"])]  # type: ignore[misc]
    text = "\n".join([*lines, *(str(stage["initial"]) for stage in stages)])
    body = "\n".join(line for stage in stages for line in (*stage["body"], *stage.get("reduce", ())))  # type: ignore[misc]
    uses_library = f"{backend.alias}." in text or (backend.name == "numpy" and "np." in body)
    imports = ["from __future__ import annotations", ""]
    imports += ["import math"] if "math." in text else []
    imports += ["from collections.abc import Mapping", "from typing import Any, ClassVar", ""]
    imports += [f"import {backend.name} as {backend.alias}", ""] if uses_library else []
    imports += ["from .._pipeline import Where", "from ._arrays import Array, Hyper, Stage"]
    return _fill(
        "pipeline.py.jinja",
        header=_header(specs[0]),
        doc=_doc(specs),
        imports=imports,
        exported=sorted((spec.stage.name for spec in specs), key=_export_key),
        stages=stages,
        backend=backend.name,
    )


def _stage(spec: StageSpec, backend: Backend) -> dict[str, object]:
    """What the templates say about one stage."""
    stage, program = spec.stage, lower(spec.stage)
    committed = [commit.value for commit in program.scalar_commits]
    halts = program.halts
    wanted = [*committed, *(name.name for name in names(halts) if halts)] if halts else committed
    advance = program.scalars_for(wanted)
    spell = Python()
    halting = f"bool({spell(halts.left)} {halts.comparison} {spell(halts.right)})" if halts else "False"
    combine = {"sum": "sum", "max": "max", "overflow": "max"}
    attributes = [f"_states: ClassVar = {_quoted(map(str, stage.array_state))}"]
    attributes += [f"_names: ClassVar = {_quoted(program.kernel_scalars)}"]
    reductions = [f'("{r.target}", "{combine[r.how]}", {r.overall})' for r in program.reductions]
    attributes += [f"_reductions: ClassVar = {tuple_text(reductions)}"] if reductions else []
    attributes += ["_after: ClassVar = True"] if stage.after else []
    attributes += ["_always: ClassVar = True"] if stage.always else []
    attributes += ["_noisy: ClassVar = True"] if stage.noisy else []
    attributes += ["_uses_lr: ClassVar = True"] if RATE in spec.given else []
    factors = program.scalars_for(program.kernel_scalars)
    seed = ["seed: int = 0,"] if stage.noisy else []
    return {
        "name": stage.name,
        "doc": _stage_doc(spec, program),
        "domains": _domains(stage.hypers),
        "attributes": attributes,
        "class_parameters": [f"{hyper}: Hyper = {_default(hyper)}," for hyper in stage.hypers] + seed,
        "class_arguments": ["where=where", *(f"{h}={h}" for h in stage.hypers), *["seed=seed"] * len(seed)],
        "initial": _initial(stage, backend) if stage.array_state else "",
        "initial_scalars": _initial_scalars(stage) if stage.scalar_state else "",
        "names": tuple_text(list(program.kernel_scalars)) if program.kernel_scalars else "",
        "factors_head": _head("_factors", _taken(factors, program.kernel_scalars), "tuple[Any, ...]"),
        "advance": scalar_lines(advance),
        "advance_head": _head("_advance", _taken(advance, wanted), "tuple[tuple[float, ...], bool]"),
        "advanced": f"{tuple_text(committed)}, {halting}",
        **backend.stage(program),
    }


def _quoted(names: Iterable[str]) -> str:
    return tuple_text([f'"{name}"' for name in names])


def _head(method: str, names: Iterable[str], result: str) -> list[str]:
    """The first line of a method that takes `names` among other keywords; several lines if it is long."""
    parameters = ["self", "*", *(f"{name}: Any" for name in names), "**_: Any"]
    line = f"def {method}({', '.join(parameters)}) -> {result}:"
    if len(line) <= _LONGEST_IMPORT:
        return [line]
    return [
        f"def {method}(",
        *(f"    {parameter}," for parameter in parameters[:-1]),
        "    **_: Any,",
        f") -> {result}:",
    ]


def _taken(assigns, wanted: Iterable[str]) -> list[str]:
    """The names that have to be given to compute `wanted`."""
    made = {assign.target for assign in assigns}
    read = dict.fromkeys([*(name.name for assign in assigns for name in names(assign.value)), *wanted])
    return [name for name in read if name not in made]


def _stage_doc(spec: StageSpec, program: Program) -> list[str]:
    stage = spec.stage
    rows = [(hyper.name, condition(hyper), hyper.doc) for hyper in stage.hypers]
    lines = [f'"""{stage.name}: {stage.summary or "see the equations"}.', "", *equations(program)]
    if program.halts:
        halts = stage.halts
        rank = ranks(stage)
        spell = Text()
        left, right = (spell(arrange(side, rank)) for side in halts.args)
        lines += ["", f"The step ends here where {left} {halts.rel_op} {right}."]
        if any(name.name in program.reduced for name in names(program.halts)):
            lines[-1] += " The host has to know: on a GPU it waits."
    place = f"{'after' if stage.after else 'before'} the rule{', even if the step ends early' if stage.always else ''}"
    lines += ["", f"Runs {place}. Source: {stage.source}."]
    states = [(name, f"= {Text()(arrange(value, {}))} before the first step") for name, value in _starts(stage)]
    lines += ["", "States:", "", *table(states)] if states else []
    lines += ["", *table(rows)] if rows else []
    if stage.noisy:
        lines += ["", "The noise depends on seed, on the parameter and on how often the stage has run; it is drawn"]
        lines += ["into an array of its own."]
    return [*lines, '"""']


def _default(hyper: Hyper) -> str:
    text = str(hyper.default)
    if _domain(hyper).whole:
        return str(int(domain.exact(text)))
    return text if re.search("[.eE]", text) and "/" not in text else repr(float(domain.exact(text)))


def condition(hyper: Hyper) -> str:
    """The domain of a hyperparameter as a comparison, such as `0 <= beta1 < 1`."""
    return _domain(hyper).condition(hyper.name)


def _domain(hyper: Hyper) -> domain.Domain:
    return domain.parse(str(hyper.domain))


def _advance(spec: Spec, program: Program, parameters: list[str]) -> dict[str, object] | None:
    """The function that steps the scalar state, if there is any."""
    optimizer = spec.optimizer
    if not optimizer.scalar_state:
        return None
    committed = [commit.value for commit in program.scalar_commits]
    return {
        "function": f"{spec.key}_scalars",
        "parameters": parameters,
        "lines": scalar_lines(program.scalars_for(committed)),
        "result": tuple_text(committed),
        "initial": _initial_scalars(optimizer),
    }


def _initial_scalars(rule: Optimizer) -> str:
    rank = ranks(rule)
    starts = (f'"{s}": {_FromHyper()(arrange(rule.state[s], rank))}' for s in rule.scalar_state)
    return f"{{{', '.join(starts)}}}"


def _initial(rule: Optimizer, backend: Backend) -> str:
    rank = ranks(rule)
    values = []
    for state in rule.array_state:
        value = rule.state[state]
        if value == 0:
            values.append(f"{backend.alias}.zeros_like(w)")
        elif value.is_Symbol and value.name == "w":
            values.append("w.copy()")
        else:
            values.append(f"{backend.alias}.full_like(w, {_FromHyper()(arrange(value, rank))})")
    return tuple_text(values)


class _FromHyper(Python):
    """Names are looked up among the hyperparameters."""

    def name(self, name: str) -> str:
        return f'hyper["{name}"]'


def table(rows: list[tuple[str, ...]], indent: str = "    ") -> list[str]:
    """Rows in aligned columns."""
    if not rows:
        return []
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [indent + "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows]


def equations(program: Program) -> list[str]:
    """The steps as people read them: target, `= value`, note. Only short equations stand in columns."""
    return columns([(e.target, e.value, e.note) for e in program.equations])


def columns(steps: Iterable[tuple[str, Node, str]]) -> list[str]:
    """Targets, values and notes in columns; only short values stand in them."""
    spell = Text()
    rows = [(target, f"= {spell(value)}", note) for target, value, note in steps]
    short = [len(value) for _, value, _ in rows if len(value) <= _LONGEST_ALIGNED]
    return table([(target, value.ljust(max(short, default=0)) + "  " + note) for target, value, note in rows])


def _function_doc(spec: Spec, program: Program) -> list[str]:
    optimizer = spec.optimizer
    commits = [commit.target for commit in program.commits]
    states = [(name, f"= {Text()(arrange(value, {}))} before the first step") for name, value in _starts(optimizer)]
    lines = [f'"""One step of {optimizer.name} on one array, in place.', ""]
    lines += equations(program)
    lines += [
        "",
        f"Then {', '.join(commits)} take{'s' if len(commits) == 1 else ''} the new value{'s'[: len(commits) > 1]}.",
    ]
    arrays = ", ".join(["w", *commits[:-1]])
    lines += [
        "",
        f"{arrays} and g are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or",
        "bfloat16, with states in float32; g is only read.",
        *where_w_is(optimizer),
        "t is the number of the step, from 1." + ("" if not states else " States:"),
    ]
    lines += ["", *table(states)] if states else []
    return [*lines, '"""']


def where_w_is(optimizer: Optimizer) -> list[str]:
    """What `w` is in a rule whose gradient is taken elsewhere than at its own w."""
    if optimizer.gradient_at is None:
        return []
    point = Text()(arrange(optimizer.gradient_at, ranks(optimizer)))
    return [f"w is the point at which the gradient is taken, {point} in the paper's variables."]


def _starts(optimizer) -> list[tuple[str, object]]:
    return [(state.name, value) for state, value in optimizer.state.items()]


def _class_doc(spec: Spec) -> list[str]:
    optimizer = spec.optimizer
    rows = [(hyper.name, condition(hyper), hyper.doc) for hyper in optimizer.hypers]
    lines = [f'"""{optimizer.name}: {optimizer.summary or "see the equations"}.', "", f"Source: {optimizer.source}."]
    lines += [f"The equations are in `{spec.function}`, which this class applies to every parameter."]
    lines += [
        "",
        "params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list",
    ]
    lines += [
        "of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they"
    ]
    lines += ["run. master_weights keeps parameters of half precision in float32, too."]
    if rows:
        lines += ["Each hyperparameter is a number or a callable of the step number t, from 1:", "", *table(rows)]
    return [*lines, '"""']


def _index(folder: Path, backend: Backend, modules: Mapping[str, str]) -> str:
    """The index of a backend's folder: the modules of this run and those that are there already."""
    exported = {family: _exports(text) for family, text in modules.items()}
    for path, text in _modules_on_disk(folder):
        if path.stem not in exported and not _is_orphan(path, text):
            exported[path.stem] = _exports(text)
    pairs = [(name, module) for module, names in exported.items() for name in names] + [("Group", "_arrays")]
    pairs.sort(key=lambda pair: _export_key(pair[0]))
    return _fill(
        "package.py.jinja",
        header=f"{MARK}specs/ by Stepsmith; do not edit",
        doc=f"Optimizers for {backend.label} arrays. A module is loaded when one of its names is first used.",
        imports=[
            line
            for name, module in sorted(pairs, key=lambda pair: (pair[1], _import_key(pair[0])))
            for line in _import_lines(name, module)
        ],
        modules=pairs,
    )


def _import_lines(name: str, module: str) -> list[str]:
    """The import of a name, broken where linters want it to be."""
    line = f"from .{module} import {name} as {name}"
    return [line] if len(line) <= _LONGEST_IMPORT else [f"from .{module} import (", f"    {name} as {name},", ")"]


def _export_key(name: str) -> tuple[bool, bool, str]:
    """The order in which linters want `__all__`: CONSTANTS, Classes, functions."""
    return (not name.isupper(), name[0].islower(), name)


def _import_key(name: str) -> tuple[bool, bool, str]:
    """The order in which linters want imports: that of `__all__`, but without regard to case."""
    *kind, name = _export_key(name)
    return (*kind, name.lower())


def _exports(text: str) -> list[str]:
    """What `__all__` of a module lists; nothing, if the text is not Python."""
    try:
        body = ast.parse(text).body
    except SyntaxError:
        return []
    for statement in body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__":
            return list(ast.literal_eval(statement.value))
    return []


_MODULES = {Spec: _module, StageSpec: _pipeline}


# Files on disk.


@dataclass(frozen=True)
class Change:
    """A file that is not what `render` says. `kind` is missing, stale or orphan."""

    kind: str
    path: Path
    old: str
    new: str

    def diff(self) -> str:
        name = shown_file(self.path)
        lines = difflib.unified_diff(
            self.old.splitlines(keepends=True),
            self.new.splitlines(keepends=True),
            f"{name} (on disk)",
            f"{name} (from the spec)",
        )
        return "".join(lines)


def shown_file(path: Path) -> str:
    """The path from the project's root or the working directory, whichever contains it."""
    for base in (ROOT, Path.cwd()):
        if path.is_relative_to(base):
            return path.relative_to(base).as_posix()
    return path.as_posix()


def changes(files: Mapping[Path, str]) -> list[Change]:
    """The files that are missing or differ."""
    found = []
    for path, text in sorted(files.items()):
        try:
            old = path.read_bytes().decode("utf-8", errors="replace")
        except FileNotFoundError:
            found.append(Change("missing", path, "", text))
            continue
        if old != text:
            found.append(Change("stale", path, old, text))
    return found


def orphans(out: Path, files: Mapping[Path, str]) -> list[Change]:
    """Modules under `out` that no spec accounts for."""
    on_disk = (found for folder in (out, *(out / name for name in BACKENDS)) for found in _modules_on_disk(folder))
    return [Change("orphan", path, text, "") for path, text in on_disk if path not in files and _is_orphan(path, text)]


def _modules_on_disk(folder: Path) -> list[tuple[Path, str]]:
    paths = sorted(path for path in folder.glob("*.py") if not path.name.startswith("_"))
    return [(path, path.read_text(encoding="utf-8", errors="replace")) for path in paths]


def _is_orphan(path: Path, text: str) -> bool:
    """Whether the spec of a module is gone. In the project's own folder, every module needs one."""
    spec = re.match(rf"# {MARK}specs/([A-Za-z0-9_]+\.py);", text)
    if spec:
        return not (SPECS / spec[1]).is_file() or path.stem != Path(spec[1]).stem
    return not text.startswith(f"# {MARK}") and path.is_relative_to(GENERATED)


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """Hold `out` while its files are compared and written, so that two runs at once do not mix: another waits."""
    with _telling(out):
        out.mkdir(parents=True, exist_ok=True)
        try:
            import fcntl
        except ImportError:  # a system without locks: every file is still written whole
            yield
            return
        handle = os.open(out, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def remove_half_written(files: Iterable[Path]) -> None:
    """Remove what a run that was killed has left in the folders of `files`, which must be held."""
    for folder in {path.parent for path in files}:
        for path in folder.glob(".*.py.*.half"):
            path.unlink(missing_ok=True)


def write(found: Iterable[Change]) -> None:
    """Write the changed files, each of them whole or not at all."""
    for change in found:
        if change.kind != "orphan":
            with _telling(change.path):
                _write_whole(change.path, change.new.encode("utf-8"))


def _write_whole(path: Path, text: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".half")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    """An error of the system names the file that was to be written, not the temporary one, or none."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(
            f"{path}: cannot be written: {reason}\n    every file is as it was or new as a whole; "
            "mend that or choose another folder with --out DIR, and run generate again"
        ) from error
