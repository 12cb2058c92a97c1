"""The module of the monitors in one file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy

from ..expr.printing import Python, Text, tuple_text
from ..expr.tree import arrange, ranks
from ..load import MonitorSpec
from ..spec.symbols import METRIC
from .environment import export_key, fill, header, module_doc, quoted, runtime_import
from .text import OfHypers, columns, declared, domains, hyper_table, keywords, paragraph, table


def module(specs: list[MonitorSpec]) -> str:
    """The text of the file."""
    monitors = [_monitor(spec) for spec in specs]
    printed = [line for monitor in monitors for line in (monitor["start"], monitor["value"], *monitor["lines"])]
    return fill(
        "monitors.py.jinja",
        header=header(specs[0]),
        doc=module_doc(specs),
        imports=["import math"] if any("math." in str(line) for line in printed) else [],
        scalars=runtime_import(".", "\n".join(map(str, printed))),
        exported=sorted((spec.monitor.name for spec in specs), key=export_key),
        monitors=monitors,
    )


def _monitor(spec: MonitorSpec) -> dict[str, Any]:
    """What the template says about one monitor."""
    monitor, rank = spec.monitor, ranks(spec.monitor)
    states = [state.name for state in monitor.state]
    spell = OfHypers(monitor)
    steps = [(step.target.name, arrange(step.value, rank), step.note) for step in monitor.steps]
    starts = [(state.name, f"= {_start(value, rank, Text())}") for state, value in monitor.state.items()]
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
            *paragraph(table(told)),
            "",
            f"Source: {monitor.source}.",
            *paragraph(hyper_table(monitor)),
            '"""',
        ],
        "domains": domains(monitor),
        "states": quoted(states),
        "flags": quoted(map(str, monitor.flags)) if monitor.flags else "",
        "annotations": declared(monitor) + [f"{s}: {'bool' if s in monitor.flags else 'float'}" for s in monitor.state],
        "hears": None if monitor.hears == (METRIC,) else quoted(monitor.hears) if monitor.hears else "()",
        "heard": [f"{name}: float," for name in monitor.hears or (METRIC,)],
        "parameters": keywords(monitor),
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
