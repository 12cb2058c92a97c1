"""The code of layers run on a small batch, against the reference with 50 digits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ..algebra import reference
from ..analysis.backprop import run
from ..backends import in_place_backend, those_in_place
from ..load import LayerSpec
from ..lower.layers import lower
from ..prove.layers import difference
from ..result import REFUTED, SKIPPED, TESTED, Outcome, Result
from ..spec.rules import Layer
from .rules import SEED, compared

#: How far a number may be from the exact one, in units in the last place of the largest of its array.
ULPS = 16


def numeric(spec: LayerSpec, out: Path, backends: Sequence[str]) -> Iterator[Result]:
    """The three functions on a small batch against the 50-digit reference."""
    for backend, claim, text, check in _checks(spec, out, backends):
        statement = f"{text} against the 50-digit reference, all within {ULPS} ulp, seed {SEED}"
        yield compared(spec, [out / backend / f"{spec.family}.py"], claim, statement, check)


def _checks(
    spec: LayerSpec, out: Path, backends: Sequence[str]
) -> Iterator[tuple[str, str, str, Callable[[], Outcome]]]:
    there = ((name, in_place_backend(name)) for name in those_in_place(backends))
    for name, way in ((name, way) for name, backend in there if not backend.extends for way in backend.runs):
        reason = way.missing()
        skipped = partial(Outcome, SKIPPED, reason=reason)
        for dtype in way.dtypes:
            check = partial(_against_reference, spec, partial(way.load, spec, out), dtype)
            yield name, f"{dtype} {way.claim}", way.text.format(dtype=dtype), skipped if reason else check


def _against_reference(spec: LayerSpec, load: Callable[[], Mapping], dtype: str) -> Outcome:
    """Every result of the three functions on 2 channels of 4 x 3 elements, which are neither centred nor scaled."""
    layer, found, module = spec.layer, lower(spec.layer, spec.key), load()
    random = np.random.default_rng(SEED)
    values = {s.name: random.uniform(0.5, 2, 2) for s in (*layer.parameters, *layer.state)}
    values |= {n: 1 + 2 * random.standard_normal((4, 2, 3)) for n in (layer.input.name, f"d{layer.output}")}
    values = {name: value.astype(dtype) for name, value in values.items()}
    hyper = {h.name: float(h.value) for h in layer.hypers}
    exact = [
        _exact(layer, {n: v[c] if v.ndim == 1 else v[:, c].ravel() for n, v in values.items()}, hyper) for c in (0, 1)
    ]
    worst, where = 0.0, ""
    for function, part in zip(found.all, ("training", "inference", "gradient"), strict=True):
        given = [values[name] for name in function.inputs]
        own = {h.name: hyper[h.name] for h in function.hypers}
        result = module[function.name](*given, axis=1, **own)
        result = result if isinstance(result, tuple) else (result,)
        for name, computed in zip(function.outputs, result, strict=True):
            array = np.asarray(computed)
            if array.dtype != dtype:
                raise TypeError(f"{name} has dtype {array.dtype}")
            values.setdefault(name, array)  # what training saves, the backward pass takes as it is
            columns = [array[c : c + 1] if array.ndim == 1 else array[:, c].ravel() for c in (0, 1)]
            pairs = [(v, e) for c in (0, 1) for v, e in zip(columns[c], exact[c][part][name], strict=True)]
            unit = float(np.spacing(max(np.abs(array).max(), np.finfo(dtype).tiny)))
            error = max(float(abs(reference.number(v) - e)) for v, e in pairs) / unit
            if not error <= ULPS:
                point = {"function": function.name, "value": name, "error": f"{error:.3g} ulp", "allowed": str(ULPS)}
                return Outcome(REFUTED, counterexample=point)
            if error >= worst:
                worst, where = error, name
    return Outcome(TESTED, "comparison", reason=f"worst {where} {worst:.2f} ulp of its largest value")


def _exact(layer: Layer, values: Mapping[str, Any], hyper: Mapping[str, float]) -> dict[str, dict[str, list]]:
    """The results on one channel with 50 digits; gradients from differences of the forward pass."""
    numbers = {n: [*map(reference.number, v)] if np.ndim(v) else reference.number(v) for n, v in values.items()}
    numbers |= {name: reference.number(value) for name, value in hyper.items()}
    with reference.more_digits():
        found = {"training": run(layer.steps, numbers), "inference": run(layer.inference, numbers)}
        wanted = (layer.input, *layer.parameters)
        found["gradient"] = {f"d{s}": difference(layer, numbers, s) for s in wanted}
    return {part: {n: v if isinstance(v, list) else [v] for n, v in group.items()} for part, group in found.items()}
