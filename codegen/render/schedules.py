"""The module of the schedules in one file."""

from __future__ import annotations

from ..expr.printing import Text
from ..expr.tree import arrange, ranks
from ..load import ScheduleSpec
from .environment import export_key, fill, header, module_doc, runtime_import
from .text import OfHypers, declared, domains, hyper_table, keywords, paragraph


def module(specs: list[ScheduleSpec]) -> str:
    """The text of the file."""
    schedules = [_schedule(spec) for spec in specs]
    values = "\n".join(str(schedule["value"]) for schedule in schedules)
    return fill(
        "schedules.py.jinja",
        scalars=runtime_import(".", values),
        header=header(specs[0]),
        doc=module_doc(specs),
        exported=sorted((spec.schedule.name for spec in specs), key=export_key),
        schedules=schedules,
    )


def _schedule(spec: ScheduleSpec) -> dict[str, object]:
    """What the template says about one schedule."""
    schedule = spec.schedule
    value = arrange(schedule.value, ranks(schedule))
    return {
        "name": schedule.name,
        "doc": [
            f'"""{schedule.name}: {schedule.summary or "see the equation"}.',
            "",
            f"    a[t] = {Text()(value)}",
            "",
            f"Source: {schedule.source}.",
            *paragraph(hyper_table(schedule)),
            '"""',
        ],
        "domains": domains(schedule),
        "declared": declared(schedule),
        "parameters": keywords(schedule),
        "arguments": [f"{hyper}={hyper}," for hyper in schedule.hypers],
        "value": OfHypers(schedule)(value),
    }
