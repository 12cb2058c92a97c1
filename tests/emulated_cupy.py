"""CuPy as far as the generated code uses it, on the CPU: kernels are carried out by the read-back's interpreter.

It says nothing about a GPU. It lets the host side of `generated.cupy` (classes, checks, state, the
order of kernel arguments) run on any machine.
"""

from __future__ import annotations

import contextlib
import sys
import types
from collections.abc import Iterator
from unittest import mock

import numpy as np

from codegen.kernel import NUMERIC, Body


class ndarray(np.ndarray):  # noqa: N801 - it stands for cupy.ndarray
    """A NumPy array with the attributes of a CuPy array."""

    device = contextlib.nullcontext()

    @property
    def data(self):
        return types.SimpleNamespace(ptr=self.__array_interface__["data"][0])


def asarray(value) -> ndarray:
    return np.asarray(value).view(ndarray)


class ElementwiseKernel:
    def __init__(self, in_params: str, out_params: str, operation: str, name: str) -> None:
        self.names = [p.split()[1] for p in (in_params + "," + out_params).split(",")]
        self.outputs = [p.split()[1] for p in out_params.split(",")]
        self.body, self.launches = Body.parse(operation), 0

    def __call__(self, *arguments) -> None:
        assert len(arguments) == len(self.names)
        given = dict(zip(self.names, arguments, strict=True))
        kind = given["w"].dtype.type
        inputs = {n: np.asarray(v) if isinstance(v, np.ndarray) else kind(v) for n, v in given.items()}
        outputs = {n: np.array(inputs.pop(n)) for n in self.outputs}
        with np.errstate(all="ignore"):
            run = self.body.run(inputs, outputs, NUMERIC)
        for name in self.outputs:
            given[name][...] = run.outputs[name]


@contextlib.contextmanager
def installed() -> Iterator[types.ModuleType]:
    """`import cupy` gives this module while the context lasts."""
    module = types.ModuleType("cupy")
    for name, value in {
        "ndarray": ndarray,
        "asarray": asarray,
        "asnumpy": np.array,
        "zeros_like": lambda array: asarray(np.zeros_like(array)),
        "full_like": lambda array, value: asarray(np.full_like(array, value)),
        "ElementwiseKernel": ElementwiseKernel,
    }.items():
        setattr(module, name, value)
    with mock.patch.dict(sys.modules, {"cupy": module}):
        yield module
