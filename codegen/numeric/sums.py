"""Sums over arrays against the reference with 50 digits, within what rounding may do to them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from ..algebra import reference
from ..analysis.sums import named
from ..lower.program import lower
from ..result import REFUTED, TESTED, UNDECIDED, Outcome
from ..spec.rules import Optimizer, Step
from .rounding import sum_bounds

SUM_STEPS = 30


class Run(Protocol):
    """The run of the reference, as far as it is needed here."""

    @property
    def gradients(self) -> np.ndarray:
        """Steps x elements."""

    @property
    def hyper(self) -> Mapping[str, float]:
        """The hyperparameters."""

    @property
    def scalars(self) -> Sequence[Mapping[str, float]]:
        """The scalar states before each step, and the sums in it."""

    @property
    def signals(self) -> Mapping[str, np.ndarray]:
        """The signals of each step."""

    @property
    def inputs(self) -> Mapping[str, np.ndarray]:
        """The inputs of each step, steps x elements."""

    @property
    def arrays(self) -> Mapping[str, np.ndarray]:
        """`w` and the states before each step, steps x elements."""


def compare_sums(rule: Optimizer, summed: Callable[..., tuple[Any, ...]], run: Run, dtype: str, steps: int) -> Outcome:
    """The sums of some steps over the arrays that the reference has in them, rounded to `dtype`.

    Where a bound is infinite, as where the arrays are too large for their type, the comparison ends.
    """
    program, wanted = lower(rule), named(rule.runnable)
    formed = _read_by_sums(rule.runnable)
    worst, place, end = 0.0, 0, ""
    for t in np.linspace(1, len(run.gradients), steps).astype(int).tolist():
        arrays = {name: value[t - 1].astype(dtype) for name, value in run.arrays.items()}
        g = run.gradients[t - 1].astype(dtype)
        kept = {s.name: run.scalars[t - 1][s.name] for s in rule.scalar_state}
        w, *states = arrays.values()
        inputs = {name: values[t - 1].astype(dtype) for name, values in run.inputs.items()}
        signals = {name: float(values[t - 1]) for name, values in run.signals.items()}
        found = summed(w, g, *inputs.values(), *states, *kept.values(), t, **signals, **run.hyper)
        given = {**run.hyper, **signals, **kept, "t": t}
        columns = {**arrays, **inputs, "g": g}
        allowed = sum_bounds(program, {name: float(v) for name, v in given.items()}, columns, dtype)
        if not all(map(math.isfinite, allowed.values())):
            if t == 1:
                return Outcome(UNDECIDED, reason="the bound on the rounding errors of the first sums is infinite")
            end = f"; from t = {t} on a bound is infinite"
            break
        precise = {name: reference.number(value) for name, value in given.items()} | {"t": t}
        rows = [
            {**precise, **{name: reference.number(float(column[k])) for name, column in columns.items()}}
            for k in range(len(w))
        ]
        for row in rows:  # step by step, as it is written: what SymPy makes of the whole may be of complex numbers
            for step in formed:
                row[step.target.name] = reference.evaluate(step.value, row)
        for value, (name, one) in zip(found, wanted.items(), strict=True):
            parts = [reference.evaluate(one.of, row) for row in rows]
            exact = sum(parts)
            if one.how == "norm":
                exact = reference.root(sum(part * part for part in parts))
            error = abs(float(reference.number(float(value)) - exact))
            if not error <= allowed[name]:
                point = {"sum": name, "t": str(t), "file": repr(float(value)), "exact": f"{float(exact):.17g}"}
                return Outcome(REFUTED, counterexample={**point, "allowed": f"{allowed[name]:.3g}"})
            share = error / float(np.spacing(abs(float(exact)))) if exact else 0.0
            worst, place = (share, t) if share > worst else (worst, place)
    return Outcome(TESTED, "running error bound", reason=f"worst {worst:.2f} ulp at t = {place}{end}")


def _read_by_sums(rule: Optimizer) -> list[Step]:
    """The steps on which what is summed up depends, in their order."""
    values = {step.target: step.value for step in rule.steps}
    found: set[Any] = set()
    pending = {s for one in rule.reductions for s in one.of.free_symbols}
    while pending := {s for s in pending if s in values} - found:
        found |= pending
        pending = {s for target in pending for s in values[target].free_symbols}
    return [step for step in rule.steps if step.target in found]
