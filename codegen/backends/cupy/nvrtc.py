"""Compile what CuPy would compile, without a GPU: NVRTC needs none.

The source is CuPy's own, put together by the functions that it calls when a kernel is launched for the
first time, for arrays of one dtype that are contiguous in memory. So is the set of headers. What a
GPU would make of the compiled kernel is not said here.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

#: Turing, Ampere and Hopper, for both types.
TARGETS = tuple((dtype, f"sm_{number}") for dtype in ("float32", "float64") for number in (75, 80, 90))

_ARRAY, _INDEXER, _SCALAR = 1, 2, 3  # the kinds of a kernel's arguments, as CuPy numbers them


@dataclass(frozen=True)
class Compiled:
    """What the assembler says of one kernel. Sizes are in bytes."""

    registers: int
    spilled: int


@cache
def missing() -> str | None:
    """Why nothing can be compiled here, or None."""
    try:
        nvrtc = importlib.import_module("cupy_backends.cuda.libs.nvrtc")
        importlib.import_module("cupy._core._kernel")
        nvrtc.getVersion()
    except ImportError:
        return "CuPy is not installed; pip install 'stepsmith[cuda12]' or 'stepsmith[cuda13]'"
    except Exception as error:
        return f"NVRTC cannot be loaded ({type(error).__name__}); pip install nvidia-cuda-nvrtc-cu12"
    return None


def source(kernel: Any, dtype: str, scalars: Iterable[str] = ()) -> str:
    """The text of `kernel`, an ElementwiseKernel or a ReductionKernel, for arrays of `dtype`.

    `scalars` are the names of the parameters that are numbers, not arrays.
    """
    core = importlib.import_module("cupy._core._kernel")
    elementwise = hasattr(kernel, "operation")
    # a reduction counts in 32 bits if all arrays can be counted so
    index = () if elementwise else (("IndexT", np.int32),)
    types = core._TypeMap((("T", np.dtype(dtype).type), *index))
    given = set(scalars)
    parameters = kernel.params if elementwise else kernel._params
    infos = tuple(_argument(core, parameter, dtype, given) for parameter in parameters)
    if elementwise:
        return core._get_elementwise_kernel_code(
            infos, types, parameters, kernel.operation, kernel.name, kernel.preamble
        )
    reduction = importlib.import_module("cupy._core._reduction")
    return reduction._ReductionKernel_get_cached_function_code(
        kernel.nin, kernel.nout, parameters, infos, types, kernel.name, 512, kernel.reduce_type,
        kernel.identity, kernel.map_expr, kernel.reduce_expr, kernel.post_map_expr, kernel.preamble, (),
    )  # fmt: skip


def _argument(core: Any, parameter: Any, dtype: str, scalars: set[str]) -> Any:
    """An argument as CuPy sees it: its kind, class, dtype, dimensions, whether it is contiguous, 32-bit indices."""
    carray = importlib.import_module("cupy._core._carray")
    if parameter.name in ("_ind", "_in_ind", "_out_ind"):
        return core._ArgInfo(_INDEXER, carray.Indexer, None, 1, True, True)
    kind = np.dtype(dtype) if parameter.ctype == "T" else parameter.dtype
    if parameter.name in scalars or parameter.name == "_block_stride":
        scalar = importlib.import_module("cupy._core._scalar").CScalar
        return core._ArgInfo(_SCALAR, scalar, kind, 0, True, True)
    array = importlib.import_module("cupy._core.core").ndarray
    return core._ArgInfo(_ARRAY, array, kind, 1, True, True)


def compiled(sources: Sequence[str], architecture: str) -> Mapping[str, Compiled]:
    """What becomes of the kernels in `sources`, by name. Raises RuntimeError with the compiler's words."""
    nvrtc = importlib.import_module("cupy_backends.cuda.libs.nvrtc")
    core = importlib.import_module("cupy._core.core")
    headers = "".join(f"#include <{header}>\n" for header in core._cupy_header_list)
    program = nvrtc.createProgram(headers + "\n".join(sources), "kernels.cu", (), ())
    try:
        options = (*core.assemble_cupy_compiler_options(()), f"-arch={architecture}", "--ptxas-options=-v")
        nvrtc.compileProgram(program, options)
    except nvrtc.NVRTCError:
        raise RuntimeError(nvrtc.getProgramLog(program)) from None
    else:
        return _told(nvrtc.getProgramLog(program))
    finally:
        nvrtc.destroyProgram(program)


def _told(log: str) -> dict[str, Compiled]:
    """The assembler's figures by kernel."""
    found: dict[str, Compiled] = {}
    for part in log.split("Compiling entry function '")[1:]:
        name = part.partition("'")[0]
        registers = re.search(r"Used (\d+) registers", part)
        spills = re.findall(r"(\d+) bytes spill (?:stores|loads)", part)
        if registers:
            found[name] = Compiled(int(registers[1]), sum(map(int, spills)))
    return found
