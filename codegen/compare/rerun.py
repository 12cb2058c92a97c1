"""Run generated code on one weight: what a trace of numbers says has to come out of the files, too."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from ..backends import REFERENCE
from ..execution.imports import package
from ..files import changes, write
from ..load import GENERATED, SPECS, AnySpec
from ..render import render
from .compose import Named


def written(sides: Iterable[Named], folder: Path) -> tuple[str, str]:
    """The name under which the code of all sides is imported, and where it stands.

    The project's own rules are those of `generated/`; others, and new ones, are generated into `folder`.
    """
    specs: list[AnySpec] = []
    for side in sides:
        parts: tuple[AnySpec, ...] = (side.spec, *side.stages)
        specs += [spec for spec in parts if spec not in specs]
    if all(_stands(spec) for spec in specs):
        return package(GENERATED), f"generated/{REFERENCE}"
    write(changes(render(specs, (REFERENCE,), folder)))
    return package(folder), "code generated for this"


def _stands(spec: AnySpec) -> bool:
    """Whether `generated/` has the code of a spec."""
    path = GENERATED / REFERENCE / f"{spec.family}.py"
    return spec.path.parent == SPECS and path.exists() and f"class {spec.rule.name}(" in path.read_text()


def rerun(
    imported: str,
    side: Named,
    hyper: Mapping[str, Fraction | Callable[[int], float]],
    gradients: Sequence[Any],
    start: Any = 0,
    ahead: int = 0,
) -> list[float]:
    """The weight after each step of the generated optimizer in float64, with its stages as a pipeline.

    A hyperparameter is a number or a callable of t, in the names of the composed rule. The first t is `ahead` of 1.
    """
    of = {h.name for h in side.spec.optimizer.hypers}
    values = {name: value if callable(value) else float(value) for name, value in hyper.items()}
    stages = []
    for stage in side.stages:
        make = getattr(importlib.import_module(f"{imported}.{REFERENCE}.pipeline"), stage.stage.name)
        stages.append(make(**{h.name: values[h.name] for h in stage.stage.hypers}))
    make = getattr(importlib.import_module(f"{imported}.{REFERENCE}"), side.spec.optimizer.name)
    w = np.array([float(start)])
    options = {"pipeline": stages} if stages else {}
    optimizer = make(w, **{name: value for name, value in values.items() if name in of}, **options)
    if ahead:
        saved = optimizer.state_dict()
        (counter,) = (key for key in saved if key.endswith(".t") and key.count(".") == 1)
        optimizer.load_state_dict({**saved, counter: saved[counter] + ahead})
    found = []
    for gradient in gradients:
        optimizer.step(np.array([float(gradient)]))
        found.append(float(w[0]))
    return found
