"""Render specs to files.

    render(specs, backends, out) -> {path: text}

Each kind of entry has a module here, and a template; `files` compares the texts with what is on disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from ..backends import BACKENDS
from ..load import GENERATED, AnySpec, LayerSpec, MonitorSpec, ScheduleSpec, Spec, StageSpec, catalog
from . import layers, monitors, rules, schedules, stages
from .environment import TEMPLATES, verbatim
from .index import ROOT_INDEX, index

#: What renders the specs of one file: once for each backend, or, as numbers need no array library, once for all.
_FOR_EACH: dict[type, Callable[..., str]] = {
    Spec: rules.module,
    StageSpec: stages.module,
    LayerSpec: layers.module,
}
_FOR_ALL: dict[type, Callable[..., str]] = {ScheduleSpec: schedules.module, MonitorSpec: monitors.module}
_AROUND_RULES = (
    *(
        f"_{part}.py"
        for part in ("checks", "group", "hyper", "library", "optimizer", "parts", "pipeline", "saved", "tree")
    ),
    "auto.py",
)
_AROUND_LAYERS = ("_layer.py",)
_AROUND_MONITORS = ("_monitor.py", "_tree.py", "keeping.py", "ordering.py")


def render(specs: Iterable[AnySpec], backends: Iterable[str], out: Path) -> dict[Path, str]:
    """The files for `specs` under `out`, with the indexes and the shared modules that they need.

    Optimizers, stages and layers get a module for each backend; schedules and monitors, which are numbers,
    get one for all.
    """
    families: dict[type, dict[str, list[Any]]] = {kind: {} for kind in (*_FOR_ALL, *_FOR_EACH)}
    for spec in specs:
        families[type(spec)].setdefault(spec.family, []).append(spec)
    of_rules, of_layers = {**families[Spec], **families[StageSpec]}, families[LayerSpec]
    files = {} if out == GENERATED else {out / "__init__.py": ROOT_INDEX}
    for kind, module in _FOR_ALL.items():
        files |= {out / f"{family}.py": module(members) for family, members in families[kind].items()}
    shared = [*(_AROUND_MONITORS if families[MonitorSpec] else ())]
    shared += [*(_AROUND_RULES if of_rules else ()), *(_AROUND_LAYERS if of_layers else ())]
    files |= {out / name: verbatim(TEMPLATES / name) for name in shared}
    if not of_rules and not of_layers:
        return files
    # the presets name rules of every family, so they go where every family goes
    whole = of_rules and set(of_rules) >= {e.family for e in catalog() if e.kind in ("optimizer", "stage")}
    presets = sorted(path.name for path in (TEMPLATES / "presets").glob("*.py")) if whole else []
    for name in _with_those_extended(backends):
        backend, folder = BACKENDS[name], out / name
        shared = [*(["_arrays.py"] if of_rules else ())]
        shared += ["_channels.py"] if of_layers and not backend.extends else []
        modules = {
            family: module(members, backend)
            for kind, module in _FOR_EACH.items()
            for family, members in families[kind].items()
        }
        files |= {folder / file: verbatim(backend.runtime / file) for file in shared}
        files |= {folder / f"{family}.py": text for family, text in modules.items()}
        files[folder / "__init__.py"] = index(folder, backend, modules)
        files |= {folder / "presets" / file: verbatim(TEMPLATES / "presets" / file) for file in presets}
    return files


def _with_those_extended(backends: Iterable[str]) -> list[str]:
    """The backends with those that they extend."""
    asked = list(backends)
    wanted = {*asked, *(BACKENDS[name].extends for name in asked)}
    return [name for name in BACKENDS if name in wanted]
