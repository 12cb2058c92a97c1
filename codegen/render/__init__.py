"""Render specs to files.

    render(specs, backends, out) -> {path: text}

Each kind of entry has a module here, and a template; `files` compares the texts with what is on disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from ..backends import BACKENDS, functional_backend, in_place_backend, is_staged, staged_backend, those_in_place
from ..load import GENERATED, AnySpec, LayerSpec, MonitorSpec, ScheduleSpec, Spec, StageSpec, catalog
from . import functional, layers, monitors, rules, schedules, stages
from .environment import copied
from .index import ROOT_INDEX, bound_presets, index

#: What renders the specs of one file: once for each backend, or, as numbers need no array library, once for all.
_FOR_EACH: dict[type, Callable[..., str]] = {
    Spec: rules.module,
    StageSpec: stages.module,
    LayerSpec: layers.module,
}
_FOR_ALL: dict[type, Callable[..., str]] = {ScheduleSpec: schedules.module, MonitorSpec: monitors.module}
#: What is written by hand in `generated/`, as each kind needs it.
_RUNTIME = (
    "arranged buckets checks extremes formulas given group habits hints hyper library number optimizer passage "
    "phases pipeline saved scalars shown starting strides summing supplied tree"
)
_AROUND_RULES = (*(f"_runtime/{part}.py" for part in _RUNTIME.split()), "auto.py")
_AROUND_NUMBERS = tuple(f"_runtime/{part}.py" for part in ("habits", "hints", "number", "scalars"))
_AROUND_LAYERS = ("_runtime/given.py", "_runtime/layer.py", *_AROUND_NUMBERS)
_AROUND_MONITORS = (
    *(f"_runtime/{part}.py" for part in ("given", "monitor", "tree")),
    *_AROUND_NUMBERS,
    "keeping.py",
    "ordering.py",
)


def render(specs: Iterable[AnySpec], backends: Iterable[str], out: Path) -> dict[Path, str]:
    """The files for `specs` under `out`, with the indexes and, but for `generated/`, the modules that they share.

    Optimizers, stages and layers get a module for each backend; schedules and monitors, which are numbers,
    get one for all.
    """
    families: dict[type, dict[str, list[Any]]] = {kind: {} for kind in (*_FOR_ALL, *_FOR_EACH)}
    for spec in specs:
        families[type(spec)].setdefault(spec.family, []).append(spec)
    of_rules, of_layers = {**families[Spec], **families[StageSpec]}, families[LayerSpec]
    files: dict[Path, str] = {}
    for kind, module in _FOR_ALL.items():
        files |= {out / f"{family}.py": module(members) for family, members in families[kind].items()}
    around = [*(_AROUND_NUMBERS if families[ScheduleSpec] else ())]
    around += [*(_AROUND_MONITORS if families[MonitorSpec] else ())]
    around += [*(_AROUND_RULES if of_rules else ()), *(_AROUND_LAYERS if of_layers else ())]
    around += ["_runtime/__init__.py"] if around else []
    # the presets name rules of every family, so they go where every family goes
    whole = of_rules and set(of_rules) >= {e.family for e in catalog() if e.kind in ("optimizer", "stage")}
    presets = sorted(path.stem for path in (GENERATED / "_presets").glob("*.py")) if whole else []
    around += [f"_presets/{name}.py" for name in presets]
    by_hand = {out / name: GENERATED / name for name in around}
    for name in _with_those_extended(backends) if of_rules or of_layers else ():
        backend, folder = BACKENDS[name], out / name
        modules = _modules(name, families)
        if not backend.in_place and not modules:
            continue
        of_arrays = sorted({path.name for path in backend.runtime.glob("_*.py")} - {"__init__.py", "_channels.py"})
        shared = [*(of_arrays if of_rules else ())]
        shared += ["_channels.py"] if of_layers and backend.in_place and not in_place_backend(name).extends else []
        by_hand |= {folder / file: backend.runtime / file for file in shared}
        files |= {folder / f"{family}.py": text for family, text in modules.items()}
        files[folder / "__init__.py"] = index(folder, backend, modules, grouped=bool(of_rules))
        if presets and not backend.in_place:  # its presets are its own
            of_backend = (backend.runtime / "presets").glob("*.py")
            by_hand |= {folder / "presets" / path.name: path for path in of_backend}
        bound = bound_presets(presets if backend.in_place else (), name)
        files |= {folder / "presets" / file: text for file, text in bound.items()}
    if out == GENERATED:  # what is written by hand is edited there
        return files
    return files | {out / "__init__.py": ROOT_INDEX, **{path: copied(source) for path, source in by_hand.items()}}


def _modules(backend: str, families: Mapping[type, Mapping[str, list[Any]]]) -> dict[str, str]:
    """The text of each module of a backend."""
    if not BACKENDS[backend].in_place:
        made = functional_backend(backend)
        chained = families[StageSpec] if made.transforms else {}
        alone = {family: [one.transformation for one in members] for family, members in chained.items()}
        of_rules = {**families[Spec], **{family: [*filter(None, members)] for family, members in alone.items()}}
        found = {family: functional.module(members, made) for family, members in of_rules.items() if members}
        for family, of_stages in families[StageSpec].items() if is_staged(backend) else ():
            found[family] = stages.module(of_stages, staged_backend(backend))
        return found
    return {
        family: module(members, in_place_backend(backend))
        for kind, module in _FOR_EACH.items()
        for family, members in families[kind].items()
    }


def _with_those_extended(backends: Iterable[str]) -> list[str]:
    """The backends with those that they extend."""
    asked = list(backends)
    wanted = {*asked, *(in_place_backend(name).extends for name in those_in_place(asked))}
    return [name for name in BACKENDS if name in wanted]
