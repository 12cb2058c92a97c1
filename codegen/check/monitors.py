"""What is checked of a monitor."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ..load import MonitorSpec, Problem
from ..spec.symbols import METRIC, STEP, TRAINING, New, Scalar
from .clashes import place_of
from .common import of_hypers, of_names, of_rule
from .expressions import by_name, of_expression


def of_monitor(spec: MonitorSpec) -> Iterator[Problem]:
    monitor = spec.monitor
    place = place_of(monitor.location, monitor.name or spec.key)
    yield from of_rule(spec)
    mentions = [(symbol, monitor.location, "state") for symbol in monitor.state]
    for number, step in enumerate(monitor.steps, start=1):
        what = f"step {number} ({step.target})"
        symbols = dict.fromkeys((step.target, *by_name(step.value.free_symbols)))
        mentions += [(symbol, step.location, what) for symbol in symbols]
    inner = (*monitor.state.values(), monitor.value)
    mentions += [(s, monitor.location, "initial value or value") for e in inner for s in by_name(e.free_symbols)]
    yield from of_names(mentions)
    yield from of_hypers(spec)
    for symbol, value in monitor.state.items():
        if not value.is_infinite:
            yield from of_expression(value, place_of(monitor.location, f"initial value of {symbol}"), "initial scalar")
    yield from of_expression(monitor.value, place, "scalar")
    kept = {s.name for s in (*monitor.state, *monitor.hypers)}
    for symbol in by_name(s for s in monitor.value.free_symbols if s.name not in kept):
        yield Problem(place, f"its value reads {symbol}, which is not kept", f"it keeps {' '.join(sorted(kept))}")
    for symbol in by_name(s for s in monitor.flags if s not in monitor.state):
        yield Problem(place, f"the flag {symbol} is not a state", f"add it to state={{{symbol}: 0}}")
    known = {METRIC, TRAINING, STEP, *kept}
    if TRAINING in kept:
        yield Problem(place, f"{TRAINING} is what is reported of the training data", "give the state another name")
    elif TRAINING in monitor.hears and METRIC not in {s.name for p in monitor.steps for s in p.value.free_symbols}:
        yield Problem(place, f"it hears {TRAINING} and no {METRIC}", f"a monitor of one metric reads {METRIC}")
    assigned: set[str] = set()
    for number, step in enumerate(monitor.steps, start=1):
        at = place_of(step.location, f"step {number} ({step.target})")
        yield from of_expression(step.value, at, "scalar")
        for symbol in by_name(s for s in step.value.free_symbols if s.name not in known):
            fact = f"it reads {symbol}, which no earlier step defines"
            yield Problem(at, fact, f"defined so far: {' '.join(sorted(known))}")
        for node in sorted(step.value.atoms(sympy.Max, sympy.Min), key=str):
            if {METRIC, TRAINING} & {s.name for s in node.free_symbols}:
                fact = f"{node} of a metric that is NaN would depend on the order of its arguments"
                yield Problem(at, fact, "write it with where()")
        if step.target.name in known | assigned:
            yield Problem(at, f"{step.target} is given or assigned already", "give the result a name of its own")
        elif isinstance(step.target, New) and step.target.of not in monitor.state:
            yield Problem(at, f"{step.target.of} is not a state", f"add it to state={{{step.target.of}: 0}}")
        elif not isinstance(step.target, New | Scalar):
            yield Problem(at, f"{step.target} is not a scalar", f"declare it with scalars('{step.target}')")
        known |= {step.target.name}
        assigned |= {step.target.name}
    for symbol in monitor.state:
        if f"{symbol}_new" not in assigned:
            yield Problem(place, f"the state {symbol} is never updated", f"add Step(new({symbol}), ...), or drop it")
    read = {s.name for step in monitor.steps for s in step.value.free_symbols}
    for name in sorted(n for n in assigned - read if not n.endswith("_new")):
        yield Problem(place, f"{name} is computed and never read", "use it in a later step, or drop it")
