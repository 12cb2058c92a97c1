"""Rows of hyperparameters at the ends of their domains, of gradients that are no numbers, and of late steps."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
from sympy import sympify

from stepsmith import numpy as plain
from stepsmith.codegen.spec.domain import Domain
from stepsmith.codegen.spec.rules import settings
from tests.conftest import spec_of

STEPS = 4
SHAPES = ((2, 3), (5,), ())
#: After how many steps a row begins. The last step that JAX counts as an int32 is number 2**31 - 1.
BEGINS = (0, 0, 0, 1, 7, 1000, 2**24, 2**31 - 2 - STEPS)
KINDS = ("noise", "noise", "noise", "zeros", "some zero", "large", "small", "one inf", "one -inf", "one NaN")
LARGE = {"float64": 1e100, "float32": 1e15, "float16": 1e4, "bfloat16": 1e15}
SMALL = {"float64": 1e-100, "float32": 1e-15, "float16": 1e-4, "bfloat16": 1e-15}
#: By how much numbers may differ in proportion, and the distance from 1 of the next number.
ROUNDED = {"float64": 6e-14, "float32": 8e-6, "float16": 2e-3, "bfloat16": 1.6e-2}
UNIT = {"float64": 2.0**-52, "float32": 2.0**-23, "float16": 2.0**-10, "bfloat16": 2.0**-7}


@dataclass(frozen=True)
class Row:
    """One trial of a rule: hyperparameters of odd and of even steps, kinds of gradients, the step it begins after."""

    key: str
    number: int
    dtype: str
    hyper: Mapping[str, tuple[float, float]]
    kinds: tuple[str, ...]
    begin: int

    def at(self, k: int) -> dict[str, float]:
        """The hyperparameters of the k-th step of this row, from 0."""
        return {name: pair[k % 2] for name, pair in self.hyper.items()}

    def given(self) -> dict[str, Any]:
        """Numbers, and functions of the number of the step where they change."""

        def changing(odd: float, even: float) -> Any:
            return lambda t: odd if (t - self.begin) % 2 else even

        return {name: odd if odd == even else changing(odd, even) for name, (odd, even) in self.hyper.items()}

    def gradients(self, k: int) -> list[np.ndarray]:
        """Those of the k-th step."""
        return [_gradient(self.kinds[k], shape, self.dtype, 100 * k + n) for n, shape in enumerate(SHAPES)]

    def beside(self, k: int) -> dict[str, Any]:
        """Inputs and signals of a step, all of them."""
        cls = getattr(plain, spec_of(self.key).optimizer.name)
        inputs = {
            name: [
                as_dtype(abs(_gradient("noise", shape, self.dtype, 1000 * k + n)), self.dtype)
                for n, shape in enumerate(SHAPES)
            ]
            for name in cls._inputs
        }
        return inputs | dict.fromkeys(cls._signals, 0.5 + k)


def as_dtype(x: Any, dtype: str) -> np.ndarray:
    if dtype == "bfloat16":
        import ml_dtypes

        return np.asarray(x, ml_dtypes.bfloat16)
    return np.asarray(x, dtype)


def parameters(dtype: str) -> list[np.ndarray]:
    return [_gradient("noise", shape, dtype, 7 + n) for n, shape in enumerate(SHAPES)]


def _gradient(kind: str, shape: tuple[int, ...], dtype: str, seed: int) -> np.ndarray:
    g = np.asarray(np.random.default_rng(seed).standard_normal(shape))
    first = (0,) * len(shape)
    if kind == "zeros":
        g = g * 0
    elif kind == "large":
        g = g * LARGE[dtype]
    elif kind == "small":
        g = g * SMALL[dtype]
    elif kind != "noise":
        g[first] = {"some zero": 0.0, "one inf": np.inf, "one -inf": -np.inf, "one NaN": np.nan}[kind]
    return as_dtype(g, dtype)


@cache
def row(key: str, number: int, dtype: str) -> Row:
    dice = random.Random(f"{key} {number} {dtype}")
    hyper, rule = {}, spec_of(key).optimizer
    starts = {name.name for start in rule.state.values() for name in sympify(start).free_symbols}
    for one in settings(rule):
        usual, found = float(one.value), _values(one.allowed, float(one.value))
        extreme = dice.choice(found) if dice.random() < 0.5 else usual
        hyper[one.name] = (extreme, usual if dice.random() < 0.2 and one.name not in starts else extreme)
    kinds = tuple(dice.choice(KINDS) for _ in range(STEPS))
    return Row(key, number, dtype, hyper, kinds, dice.choice(BEGINS))


def _values(domain: Domain, usual: float) -> Sequence[float]:
    """Numbers of a domain: its ends, what is next to them, what is small or large."""
    if domain.integer:
        found = [float(domain.low or 0) + n for n in (0, 1, 2)] + [usual + 5]
    elif domain.high is None:
        low = float(domain.low or 0)
        found = [low, low + 1e-12, low + 1e-6, low + 1e6, low + 1e12]
    else:
        low, high = float(domain.low or 0), float(domain.high)
        found = [low, high, low + (high - low) * 1e-6, high - (high - low) * 1e-6]
    return [value for value in found if Fraction(value) in domain] or [usual]


def of_numpy(row: Row, shaken: float = 0.0) -> list[list[np.ndarray]]:
    """What NumPy's optimizer leaves after each step, as doubles: the parameters, then each state.

    What a step is given, and what is kept, is `shaken` by so much, in proportion. ValueError if a number is refused.
    """
    rule = spec_of(row.key).optimizer
    random = np.random.default_rng(row.number)

    def near(arrays: list[np.ndarray]) -> list[np.ndarray]:
        return [as_dtype(x * random.choice([1 - shaken, 1 + shaken], x.shape), str(x.dtype)) for x in arrays]

    def kept() -> list[np.ndarray]:
        return [*params, *(one for state in rule.array_state for one in opt.state(state.name).values())]

    with np.errstate(all="ignore"):
        params = near(parameters(row.dtype))
        opt = getattr(plain, rule.name)(params, **row.given())
        if row.begin:
            opt.load_state_dict({**opt.state_dict(), f"{rule.name}.t": np.asarray(row.begin)})
        found = []
        for k in range(STEPS):
            if shaken:
                for one, moved in zip(kept(), near(kept()), strict=True):
                    one[...] = moved
            opt.step(near(row.gradients(k)), **row.beside(k))
            found.append([np.array(one, np.float64) for one in kept()])
    return found


Steps = Sequence[Sequence[np.ndarray]]


def differences(row: Row, found: Steps, wanted: Steps, shaken: Steps, *, added: bool = False) -> list[str]:
    """Where what came of a row is not what NumPy has, by more than if what it is given were rounded.

    With `added`, a step is what is added to the parameters: of one that is infinite it cannot say what it becomes.
    Where rounding alone makes more of a number than the number itself, nothing can be said from then on.
    """
    left = [np.ones(shape, bool) for shape in SHAPES]
    starts = parameters(row.dtype)
    largest = [float(np.abs(starts[n]).max()) if n < len(starts) else 0.0 for n in range(len(wanted[0]))]
    told = []
    for k, step in enumerate(zip(found, wanted, shaken, strict=True)):
        for n, (a, b, c) in enumerate(zip(*step, strict=True)):
            known = left[n % len(SHAPES)] & (np.isfinite(b) == np.isfinite(c))
            finite = known & np.isfinite(b)
            largest[n] = max(largest[n], np.max(np.abs(b[finite]), initial=0))
            moved = np.max(np.abs(c[finite] - b[finite]), initial=0)
            if moved > largest[n]:
                return told
            with np.errstate(all="ignore"):
                close = np.abs(a - b) <= 100 * moved + ROUNDED[row.dtype] * largest[n] + np.finfo(np.float32).tiny
            if not (np.array_equal(a[known & ~finite], b[known & ~finite], equal_nan=True) and close[finite].all()):
                told.append(f"{row}: step {k}, array {n}: {a.tolist()} and not {b.tolist()}")
        if added:
            left = [there & np.isfinite(w) for there, w in zip(left, step[1], strict=False)]
    return told
