"""Compile the bodies of kernels with a C++ compiler, and run them over arrays without a GPU.

The body is the text that CuPy puts into its loop. Here the loop is a plain one. Unless it is asked for, the
compiler may not contract a product and a sum to one operation, so that NumPy's bits come out.
"""

from __future__ import annotations

import ctypes
import math
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ...execution.modules import execute
from ...load import Spec
from .body import kernel_parameters
from .numbers import scalar_library

TYPES = {"float32": "float", "float64": "double"}
_OPTIONS = ("-std=c++17", "-O2", "-shared", "-fPIC")
#: What makes the compiler round each operation by itself; and what makes it do as a GPU does.
APART, CONTRACTED = ("-ffp-contract=off",), ("-ffp-contract=fast", "-mfma")


@dataclass(frozen=True)
class Kernel:
    """A kernel as the generated module declares it."""

    in_params: str
    out_params: str
    operation: str
    name: str
    arrays: int = 1  # how many of those that it reads are arrays, the first ones


@cache
def compiler() -> str | None:
    """The C++ compiler of this machine: that of $CXX, or the first of the usual names."""
    return next(filter(None, map(shutil.which, filter(None, (os.environ.get("CXX"), "c++", "g++", "clang++")))), None)


def function(spec: Spec, out: Path, launch: Callable[..., None]) -> Callable[..., None]:
    """The CuPy function of `spec` as it stands on disk, with `launch` in place of the launch of its kernel."""
    library = scalar_library(Kernel)
    path = out / "cupy" / f"{spec.family}.py"
    helpers = {"launch": launch, "Sums": lambda **_: None, "summed": None}
    names = execute(path, "cupy", library, helpers, math, {"max": max, "min": min}, symbolic=False)
    return names[spec.function]


def kernel(spec: Spec, out: Path) -> Kernel:
    """The kernel of `spec` as it stands on disk."""
    found = function(spec, out, lambda *_: None).__globals__[f"_{spec.function}"]
    return replace(found, arrays=1 + len(spec.optimizer.inputs))


def build(kernels: Iterable[Kernel], folder: Path, rounding: Sequence[str] = APART) -> Path:
    """A shared library with each kernel in float32 and float64. Raises RuntimeError with the compiler's words."""
    text = ["#include <cmath>", "#include <cstddef>", "using namespace std;"]
    text += [_source(one, dtype) for one in kernels for dtype in TYPES]
    source, library = folder / "kernels.cpp", folder / "kernels.so"
    source.write_text("\n".join(text), encoding="utf-8")
    assert compiler() is not None  # the caller has asked
    command = [str(compiler()), *_OPTIONS, *rounding, str(source), "-o", str(library)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        raise RuntimeError(run.stderr[:2000])
    return library


def _source(one: Kernel, dtype: str) -> str:
    """A kernel as a function over arrays: the number of elements, what it reads, what it writes."""
    given = kernel_parameters(one.in_params)
    read, scalars = given[: one.arrays], given[one.arrays :]
    written = kernel_parameters(one.out_params)
    arrays = [f"const T* {name}_" for name in read]
    parameters = ["size_t size", *arrays, *(f"T {s}" for s in scalars), *(f"T* {w}_" for w in written)]
    bound = [*(f"const T {name} = {name}_[at];" for name in read), *(f"T& {name} = {name}_[at];" for name in written)]
    return "\n".join(
        [
            f"namespace {one.name}_in_{dtype} {{",
            f"typedef {TYPES[dtype]} T;",
            f'extern "C" void {one.name}_{dtype}({", ".join(parameters)}) {{',
            "for (size_t at = 0; at < size; ++at) {",
            *bound,
            one.operation,
            "} } }",
        ]
    )


def step(spec: Spec, out: Path, library: Path) -> Callable[..., None]:
    """The CuPy function of `spec` with its kernel run by the compiled loop, over contiguous NumPy arrays."""
    loaded = ctypes.CDLL(str(library))

    def launch(one: Kernel, read: Sequence, scalars: Sequence, written: Sequence, stages: Any) -> None:
        dtype = written[0].dtype
        number = ctypes.c_float if dtype == np.float32 else ctypes.c_double
        run = getattr(loaded, f"{one.name}_{dtype}")
        pointers = [ctypes.c_void_p(array.ctypes.data) for array in (*read, *written)]
        run(
            ctypes.c_size_t(written[0].size),
            *pointers[: len(read)],
            *(number(dtype.type(scalar)) for scalar in scalars),
            *pointers[len(read) :],
        )

    return function(spec, out, launch)


def same_bits(found: Mapping[str, np.ndarray], wanted: Mapping[str, np.ndarray]) -> str | None:
    """The first array whose bits differ, or None; a NaN is a NaN."""
    for name, array in found.items():
        other = wanted[name]
        differ = ~((array == other) | (np.isnan(array) & np.isnan(other)))
        if differ.any():
            at = int(np.argmax(differ))
            return f"{name}[{at}] is {array.ravel()[at]!r}, in NumPy {other.ravel()[at]!r}"
    return None
