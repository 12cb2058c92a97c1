"""CuPy arrays: what the optimizers accept, and where they run."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import cupy as cp
import numpy as np

from .._optimizer import Bound, Group, Hyper, Optimizer, Schedule, Stage

__all__ = ["Array", "Bound", "CupyOptimizer", "Group", "Hyper", "Schedule", "Stage", "launch"]

Array = cp.ndarray

#: What is computed in which dtype. bfloat16 is that of ml_dtypes, from CuPy 14 on.
_COMPUTED = {"float16": np.float32, "bfloat16": np.float32, "float32": np.float32, "float64": np.float64}
_CHOICE = "use float16, bfloat16, float32 or float64"
_HALF = ("float16", "bfloat16")


def launch(
    kernel: Any,
    read: Sequence[Array],
    scalars: Sequence[float],
    written: Sequence[Array],
    stages: Sequence[Bound] = (),
) -> None:
    """Run `kernel` over arrays of one shape, on the device that holds them.

    The launch is queued on the current stream; nothing here waits for the device. With `stages`, the
    kernel that runs is `kernel` with the bodies of the stages before and after its own: one launch.
    Parameters and gradients of float16 and bfloat16 are widened to float32 in the kernel, and rounded when
    they are written.
    """
    _check(written, read)
    storage = written[0].dtype.name
    with written[0].device:
        if not stages and storage not in _HALF:
            kernel(*read, *scalars, *written)
            return
        fused = _fused(kernel, tuple(type(one.stage) for one in stages), storage)
        noise, factors, states = _operands(stages)
        fused(*read, *scalars, *noise, *factors, *written, *states)


def _check(written: Sequence[Array], read: Sequence[Array]) -> None:
    """The parameter and the gradients have one shape and dtype, the states that in which the step is computed."""
    first, *states = written
    if first.dtype.name not in _COMPUTED:
        raise TypeError(f"{first.dtype} arrays cannot be stepped; {_CHOICE}")
    dtype = np.dtype(_COMPUTED[first.dtype.name])
    for array, wanted in [*((s, dtype) for s in states), *((g, first.dtype) for g in read)]:
        if array.shape != first.shape or array.dtype != wanted:
            raise ValueError(
                "all arrays of a step need one shape and one dtype (states of half precision: float32); "
                f"found {first.shape} {first.dtype} and {array.shape} {array.dtype}"
            )


def _operands(stages: Sequence[Bound]) -> tuple[list[Array], list[Any], list[Array]]:
    """Noise, scalars and states of all stages, in the order of the kernels' parameters."""
    noise = [one.noise for one in stages if one.noise is not None]
    return noise, [s for one in stages for s in one.scalars], [a for one in stages for a in one.states]


def _parameters(stages: Sequence[type[Stage]]) -> tuple[list[str], list[str]]:
    """What stages add to the parameters of a kernel: what they read, and their states.

    Scalars are double, numbers or arrays without dimensions: a norm stays on the device.
    """
    noise = [f"T stage{k}_noise" for k, stage in enumerate(stages) if stage._noisy]
    factors = [f"float64 stage{k}_{name}" for k, stage in enumerate(stages) for name in stage._names]
    return noise + factors, [f"T stage{k}_{name}" for k, stage in enumerate(stages) for name in stage._states]


def _blocks(stages: Sequence[type[Stage]], *, after: bool, keep: bool = True, only_always: bool = False) -> list[str]:
    """The bodies of stages, each in a block with its own scalars and states. Without `keep`, states stay."""
    lines: list[str] = []
    for k, stage in enumerate(stages):
        if stage._after is not after or (only_always and not stage._always):
            continue
        lines += [f"{{  // {stage.__name__}"]
        lines += [f"    const T {name} = stage{k}_{name};" for name in stage._names]
        lines += [f"    const T noise = stage{k}_noise;"] if stage._noisy else []
        lines += [f"    T {name} = stage{k}_{name};" for name in stage._states]
        lines += [f"    {line}" for line in stage._body]
        lines += [f"    stage{k}_{name} = {name};" for name in stage._states] if keep else []
        lines += ["}"]
    return lines


def _typed(parameters: Sequence[str], storage: str) -> str:
    """The parameters of a kernel as text: those of type T are float32 if parameter and gradient are half of that."""
    if storage not in _HALF:
        return ", ".join(parameters)
    stored = ("g_array", "w_array")
    split = (parameter.split() for parameter in parameters)
    return ", ".join(
        f"{kind if kind != 'T' else storage if name in stored else 'float32'} {name}" for kind, name in split
    )


def _preamble(storage: str) -> str:
    return "typedef float T;\n" if storage in _HALF else ""


@cache
def _fused(kernel: Any, stages: tuple[type[Stage], ...], storage: str) -> Any:
    """`kernel`, whose parameters begin with g and w, with the stages before and after its own body."""
    read, states = _parameters(stages)
    own = [line.strip() for line in kernel.operation.strip().splitlines()]
    body = [
        "T g = g_array;",
        "T w = w_array;",
        *_blocks(stages, after=False),
        *own,
        *_blocks(stages, after=True),
        "w_array = w;",
    ]
    return cp.ElementwiseKernel(
        in_params=_typed([*_renamed(kernel.in_params), *read], storage),
        out_params=_typed([*_renamed(kernel.out_params), *states], storage),
        operation="\n".join(body),
        name="_".join([kernel.name, *(stage.__name__ for stage in stages)]),
        preamble=_preamble(storage),
    )


def _renamed(parameters: Any) -> list[str]:
    """The parameters of a kernel, the first one under the name that a fused kernel gives it."""
    first, *rest = (parameter.name for parameter in parameters)
    return [f"T {name}" for name in (f"{first}_array", *rest)]


@cache
def _keeping(stages: tuple[type[Stage], ...], storage: str) -> Any:
    """The kernel of a step that ends early: what stages before the rule do to w and g is dropped."""
    read, states = _parameters(stages)
    always = _blocks(stages, after=True, only_always=True)
    body = ["T g = g_array;", "T w = w_array;", *_blocks(stages, after=False)]
    return cp.ElementwiseKernel(
        in_params=_typed(["T g_array", *read], storage),
        out_params=_typed(["T w_array", *states], storage),
        operation="\n".join([*body, "w = w_array;", *always, "w_array = w;"] if always else body),
        name="_".join(["keep", *(stage.__name__ for stage in stages)]),
        preamble=_preamble(storage),
    )


@cache
def _reducing(stage: type[Stage], number: int, before: tuple[type[Stage], ...], storage: str) -> Any:
    """The reduction that gives `stage` its number `number`, after the stages `before` it."""
    name, how, _ = stage._reductions[number]
    read, states = _parameters(before)
    given = ["T g_array", "T w_array", *read, *states]
    formal = ", ".join(p.replace("float64", "const double").replace("T ", "const T ", 1) for p in given)
    body = [
        "T g = g_array;",
        "T w = w_array;",
        *_blocks(before, after=False, keep=False),
        f"return {stage._maps[number]};",
    ]
    function = "_".join([stage.__name__, name, *(s.__name__ for s in before)])
    lines = "\n".join(f"    {line}" for line in body)
    return cp.ReductionKernel(
        in_params=_typed(given, storage),
        out_params="float64 total",
        map_expr=f"{function}_of<T>({', '.join(p.split()[1] for p in given)})",
        reduce_expr="a + b" if how == "sum" else "a > b || a != a ? a : b",
        post_map_expr="total = a",
        identity="0",
        name=function,
        preamble=f"{_preamble(storage)}template <typename T> __device__ double {function}_of({formal}) {{\n{lines}\n}}",
    )


class _Extent:
    """The layout of an array without its memory, for NumPy's solver of overlaps."""

    def __init__(self, array: Array) -> None:
        self.__array_interface__ = {
            "shape": array.shape,
            "strides": array.strides,
            "typestr": array.dtype.str,
            "data": (array.data.ptr, True),
            "version": 3,
        }


class CupyOptimizer(Optimizer):
    """An optimizer of CuPy arrays of any shape and strides: float16, bfloat16, float32 or float64."""

    def _refusal(self, array: Any, *, written: bool) -> str | None:
        if not isinstance(array, cp.ndarray):
            return f"is a {type(array).__name__}; make it an array with cp.asarray"
        if array.dtype.name not in _COMPUTED:
            return f"has dtype {array.dtype}; {_CHOICE}"
        return None

    def _wide(self, array: Array) -> Array:
        return array.astype(_COMPUTED[array.dtype.name], copy=False)

    def _computed(self, array: Array) -> Any:
        return np.dtype(_COMPUTED[array.dtype.name])

    def _round_into(self, arrays: Sequence[Array], wide: Sequence[Array]) -> None:
        for array, values in zip(arrays, wide, strict=True):
            with array.device:
                array[...] = values

    def _overlap(self, a: Array, b: Array) -> bool:
        return a.device == b.device and np.shares_memory(np.asarray(_Extent(a)), np.asarray(_Extent(b)))

    def _extent(self, array: Array) -> tuple[int, int]:
        return np.lib.array_utils.byte_bounds(_Extent(array))

    def _saved(self, value: Any) -> np.ndarray:
        return cp.asnumpy(value) if isinstance(value, cp.ndarray) else np.array(value)

    def _overwrite(self, array: Array, saved: Any) -> None:
        with array.device:
            array[...] = cp.asarray(saved)

    def _reduce(self, stage: Stage, w: Array, g: Array, before: Sequence[Bound]) -> tuple[Any, ...]:
        noise, factors, states = _operands(before)
        kinds = tuple(type(one.stage) for one in before)
        with g.device:
            return tuple(
                _reducing(type(stage), number, kinds, w.dtype.name)(g, w, *noise, *factors, *states)
                for number in range(len(stage._reductions))
            )

    def _apart(self, g: Array, w: Array) -> str | None:
        if g.device != w.device:
            return f"is on {g.device}, its parameter on {w.device}; copy it there"
        return None

    def _combine(self, how: str, parts: Sequence[Array]) -> Array:
        if any(part.device != parts[0].device for part in parts):
            raise ValueError(f"{self._rule}: a norm over gradients on several devices cannot be taken; use one device")
        with parts[0].device:
            together = cp.stack([cp.asarray(part) for part in parts])
            return together.max() if how == "max" else together.sum()

    def _keep(self, w: Array, g: Array, stages: Sequence[Bound]) -> None:
        noise, factors, states = _operands(stages)
        with g.device:
            _keeping(tuple(type(one.stage) for one in stages), w.dtype.name)(g, *noise, *factors, w, *states)

    def _noise(self, w: Array, seed: tuple[int, ...]) -> Array:
        with w.device:
            generator = cp.random.Generator(cp.random.Philox4x3210(_one_number(seed)))
            return generator.standard_normal(w.shape, dtype=_COMPUTED[w.dtype.name])


def _one_number(seed: tuple[int, ...]) -> int:
    """CuPy's bit generators take one number as their seed; NumPy knows how to mix several."""
    return int(np.random.SeedSequence(seed).generate_state(1, np.uint64)[0] >> np.uint64(1))
