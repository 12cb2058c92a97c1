"""Kernels run over numbers: their bodies carried out over NumPy arrays, and the kernels themselves on a GPU."""

from __future__ import annotations

import importlib
import math
import types
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

import numpy as np

from ...execution.imports import package
from ...execution.modules import LayerBase, Library, execute, run_module
from ...load import LayerSpec, Spec
from ...spec.functions import called
from .. import Run
from .body import NUMERIC, Body, kernel_parameters
from .layers import kernels

Functions = Mapping[str, Callable[..., Any]]


def bodies(spec: Spec | LayerSpec, out: Path) -> Functions:
    """The functions of a file with the bodies of its kernels carried out over NumPy arrays."""
    path = out / "cupy" / f"{spec.family}.py"
    return _layer_bodies(path) if isinstance(spec, LayerSpec) else _rule_bodies(path)


def _rule_bodies(path: Path) -> Functions:
    class Kernel:
        def __init__(self, in_params: str, out_params: str, operation: str, name: str) -> None:
            self.inputs, self.outputs = kernel_parameters(in_params), kernel_parameters(out_params)
            self.body = Body.parse(operation)

    def launch(kernel: Kernel, read: tuple, scalars: tuple, written: tuple, stages: tuple) -> None:
        kind = written[0].dtype.type
        inputs = dict(zip(kernel.inputs, [*read, *map(kind, scalars)], strict=True))
        outputs = dict(zip(kernel.outputs, (array.copy() for array in written), strict=True))
        with np.errstate(all="ignore"):
            run = kernel.body.run(inputs, outputs, NUMERIC)
        for name, array in zip(kernel.outputs, written, strict=True):
            array[...] = run.outputs[name]

    class Sums:
        def __init__(self, arrays: str, scalars: str, maps: tuple[str, ...], name: str) -> None:
            self.names = [one for one in f"{arrays}, {scalars}".split(", ") if one]
            self.bodies = [Body.parse(f"return {text.replace('(double)', '(T)')};") for text in maps]

    def summed(sums: Sums, arrays: tuple, scalars: tuple, hows: tuple, stages: tuple) -> tuple:
        given = [*(array.astype(np.float64) for array in arrays), *map(np.float64, scalars)]
        with np.errstate(all="ignore"):
            parts = [body.returned(dict(zip(sums.names, given, strict=True)), NUMERIC) for body in sums.bodies]
            wide = [np.broadcast_to(part, arrays[0].shape) for part in parts]
            return tuple(
                np.sqrt(np.sum(part**2)) if how == "norm" else np.sum(part)
                for how, part in zip(hows, wide, strict=True)
            )

    helpers = {"launch": launch, "Sums": Sums, "summed": summed}
    return execute(path, "cupy", scalar_library(Kernel), helpers, math, {"max": max, "min": min}, symbolic=False)


def scalar_library(kernel: Any) -> Any:
    """What stands for CuPy where kernels are objects of the class `kernel`, and scalars numbers."""
    functions = {row: getattr(np, row) for row in called("ufunc")}
    return types.SimpleNamespace(ElementwiseKernel=kernel, where=np.where, **functions)


def _layer_bodies(path: Path) -> Functions:
    def number(value: Any) -> Any:
        return value if isinstance(value, np.ndarray) else np.float32(value)

    def shaped(x: np.ndarray, axis: int, *channels: np.ndarray) -> tuple:
        return tuple(np.expand_dims(c, tuple(k for k in range(x.ndim) if k != axis % x.ndim)) for c in channels)

    def averaged(kernel: Any, *arrays: np.ndarray, axis: int) -> np.ndarray:
        others = tuple(k for k in range(arrays[0].ndim) if k != axis % arrays[0].ndim)
        mapped = kernel.map(*arrays)
        return mapped.mean(axis=others, dtype=np.float64, keepdims=True).astype(mapped.dtype)

    elementwise, reduction = kernels(NUMERIC, number)
    helpers = types.SimpleNamespace(
        Array=Any,
        CupyLayer=LayerBase,
        spread=shaped,
        flat=lambda *channels: tuple(c.reshape(-1) for c in channels),
        count=lambda x, axis, least: x.size // x.shape[axis],
        average=averaged,
        elementwise=lambda kernel, *arguments: kernel(*arguments),
    )
    library = Library(ElementwiseKernel=elementwise, ReductionKernel=reduction)
    return run_module(path, {"cupy": library, "_channels": helpers}, {"max": max, "min": min}, symbolic=False)


def on_device(spec: Spec | LayerSpec, out: Path) -> Functions:
    """The functions of a file on the GPU, over NumPy arrays that are copied there and back."""
    import cupy

    def over_numpy(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def run(*arguments: Any, **keywords: Any) -> Any:
            there = [cupy.asarray(one) if isinstance(one, np.ndarray) else one for one in arguments]
            found = function(*there, **keywords)
            for array, result in zip(arguments, there, strict=True):
                if isinstance(array, np.ndarray):
                    array[...] = cupy.asnumpy(result)
            if isinstance(found, tuple):
                return tuple(map(cupy.asnumpy, found))
            return None if found is None else cupy.asnumpy(found)

        return run

    module = importlib.import_module(f"{package(out)}.cupy.{spec.family}")
    functions = {name: one for name, one in vars(module).items() if isinstance(one, types.FunctionType)}
    return {name: over_numpy(function) for name, function in functions.items()}


def without_gpu() -> str:
    """Why CuPy cannot run here, and what to install; nothing if it can."""
    try:
        import cupy
    except ImportError:
        return "CuPy is not installed; pip install 'stepsmith[cuda12]' or 'stepsmith[cuda13]'"
    try:
        cupy.cuda.runtime.getDeviceCount()
    except cupy.cuda.runtime.CUDARuntimeError as error:
        return f"no CUDA device can be used: {error}"
    return ""


runs: Sequence[Run] = (
    Run(
        "cupy body",
        "the bodies of the CuPy kernels evaluated in {dtype}",
        bodies,
        dtypes=("float32",),
        interpreted=True,
        beside=True,
    ),
    Run("cupy", "CuPy in {dtype}", on_device, missing=without_gpu),
)
