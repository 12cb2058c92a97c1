"""Read the files on disk back, and prove that they compute what the spec declares.

First every statement of it is held against what may stand there: the imports, functions and classes of a generated
file are few, a loop holds lines that bind one name each, and what is not known is undecided, never passed over. Then
the module is executed with stand-ins for what it imports: arrays hold one SymPy expression, ufuncs work on it, and a
kernel is parsed and carried out. What it has written to `w` and to the states at the end is compared with the
equations of the spec. That holds for every element: the function is run over several of them, in several tiles, and
has to do the same to each as to one alone. Nothing is taken from the renderer.

    forms      what a file of each kind holds
    lanes      several elements of free terms
    values     what a rule and a file compute, each value by name, and whether two are the same
    points     numbers that tell values apart
    checks     what is checked of every kind of entry
    sync       that a file is exactly what `generate` writes

What this leaves to tests: that `tiles` and `launch` visit every element once, that small arrays are brought
together and taken apart again (`_runtime/buckets.py`), and the checks in `_runtime/checks.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..backends import is_staged
from ..load import AnySpec, LayerSpec, MonitorSpec, ScheduleSpec, Spec, StageSpec
from ..result import Result
from . import layers, monitors, rules, schedules, stages


def readback(spec: AnySpec, backend: str, out: Path) -> Iterator[Result]:
    """What is proved of the file of `spec` under `out`. A schedule or a monitor has one for all backends."""
    match spec:
        case Spec():
            return rules.readback(spec, backend, out)
        case StageSpec() if not is_staged(backend):
            alone = spec.transformation
            return iter(()) if alone is None else rules.readback(alone, backend, out)
        case StageSpec():
            return stages.readback(spec, backend, out)
        case LayerSpec():
            return layers.readback(spec, backend, out)
        case ScheduleSpec():
            return schedules.readback(spec, out)
        case MonitorSpec():
            return monitors.readback(spec, out)
