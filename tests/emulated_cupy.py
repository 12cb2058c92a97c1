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

    def __call__(self, *arguments):
        if len(arguments) == len(self.names) - len(self.outputs):
            return self.allocated(*arguments)
        assert len(arguments) == len(self.names)
        given = dict(zip(self.names, arguments, strict=True))
        kind = given["w"].dtype.type
        inputs = {n: np.asarray(v) if isinstance(v, np.ndarray) else kind(v) for n, v in given.items()}
        outputs = {n: np.array(inputs.pop(n)) for n in self.outputs}
        with np.errstate(all="ignore"):
            run = self.body.run(inputs, outputs, NUMERIC)
        for name in self.outputs:
            given[name][...] = run.outputs[name]
        return None

    def allocated(self, *arguments):
        """The outputs as new arrays, of the shape to which the arguments broadcast."""
        kind = next(a.dtype.type for a in arguments if isinstance(a, np.ndarray))
        inputs = {
            n: np.asarray(a) if isinstance(a, np.ndarray) else kind(a)
            for n, a in zip(self.names, arguments, strict=False)
        }
        with np.errstate(all="ignore"):
            found = self.body.run(inputs, dict.fromkeys(self.outputs), NUMERIC).outputs
        values = tuple(asarray(found[name]) for name in self.outputs)
        return values if len(values) > 1 else values[0]


class ReductionKernel:
    def __init__(self, *, in_params: str, out_params: str, map_expr: str, reduce_type: str, **rest: str) -> None:
        assert rest["reduce_expr"] == "a + b"
        assert rest["post_map_expr"].endswith(" = a / elements")
        assert in_params.endswith(", float64 elements")
        self.map = ElementwiseKernel(
            in_params.removesuffix(", float64 elements"), "T mapped", f"mapped = {map_expr};", rest["name"]
        )
        self.type = reduce_type

    def __call__(self, *arguments, axis, keepdims):
        *arguments, elements = arguments
        mapped = self.map(*arguments)
        assert elements == mapped.size // mapped.mean(axis=axis).size
        return mapped.mean(axis=axis, keepdims=keepdims, dtype=self.type).astype(mapped.dtype)


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
        "full": lambda shape, value, dtype: asarray(np.full(shape, value, dtype)),
        "ElementwiseKernel": ElementwiseKernel,
        "ReductionKernel": ReductionKernel,
    }.items():
        setattr(module, name, value)
    with mock.patch.dict(sys.modules, {"cupy": module}):
        yield module
