"""CuPy as far as the generated code uses it, on the CPU: kernels are carried out by the read-back's interpreter.

It says nothing about a GPU. It lets the host side of `generated.cupy` (classes, checks, state, the
order of kernel arguments, the stages that are put together to one kernel) run on any machine.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import re
import sys
import types
from collections.abc import Iterator
from functools import cache
from unittest import mock

import numpy as np

from stepsmith.codegen.backends.cupy.body import NUMERIC, Body
from stepsmith.codegen.execution.imports import package
from stepsmith.codegen.load import GENERATED
from stepsmith.codegen.spec.functions import called
from stepsmith.numpy._sums import norm_of


class _Device(contextlib.nullcontext):
    """The only one: a copy of it is the same."""

    def __eq__(self, other) -> bool:
        return isinstance(other, _Device)

    def __hash__(self) -> int:
        return 0


class ndarray(np.ndarray):  # noqa: N801 - it stands for cupy.ndarray
    """A NumPy array with the attributes of a CuPy array."""

    device = _Device()

    @property
    def data(self):
        owner = self
        while isinstance(owner.base, np.ndarray):
            owner = owner.base
        return types.SimpleNamespace(ptr=self.__array_interface__["data"][0], mem=owner)

    def set(self, array, stream=None) -> None:
        assert stream in (None, "current")
        np.copyto(self, array)


def asarray(value, dtype=None) -> ndarray:
    return np.asarray(value, dtype).view(ndarray)


def _parameters(text: str) -> tuple:
    split = (parameter.rsplit(" ", 1) for parameter in text.split(","))
    return tuple(types.SimpleNamespace(ctype=kind.strip(), name=name, raw="raw" in kind) for kind, name in split)


_FIND = """ptrdiff_t which_array = first_array[i / 32];
while (i >= end_array[which_array]) ++which_array;
const ptrdiff_t at_array = which_array ? i - end_array[which_array - 1] : i;
"""
_FOUND = re.compile(
    r"(?:const )?(\w+)& ([gw])_array = "
    r"reinterpret_cast<(?:const )?\1\*>\(\2_address_array\[which_array\]\)\[at_array\];\n"
)


def _at(address: int, size: int, dtype: np.dtype) -> np.ndarray:
    """The elements at an address, as a kernel finds them."""
    return np.frombuffer((ctypes.c_char * (size * dtype.itemsize)).from_address(int(address)), dtype)


def _typed(parameter, value, kind: type):
    """A value as the kernel has it: an array as it is, or widened from half precision; a number in its type."""
    if isinstance(value, np.ndarray) and value.ndim:
        return np.asarray(value, np.float32) if value.dtype.itemsize < np.float32().itemsize else np.asarray(value)
    return (np.float64 if parameter.ctype == "float64" else kind)(value)


class _Algebra:
    """NUMERIC, whose variables are of the kernel's type: a double is rounded when it is bound to a name."""

    def __init__(self, kind: type) -> None:
        self.kind = kind

    def fold(self, value):
        if isinstance(value, np.float64) and self.kind is np.float32:
            return np.float32(value)
        return value


class _Unowned:
    """Memory of which another library knows the owner; none here."""


class ElementwiseKernel:
    def __init__(self, in_params: str, out_params: str, operation: str, name: str, preamble: str = "") -> None:
        assert re.fullmatch(r"\w+", name)
        self.preamble = preamble
        self.in_params, self.out_params = _parameters(in_params), _parameters(out_params)
        self.operation, self.name = operation, name
        self.scattered = {}
        if operation.startswith(_FIND):
            operation = operation.removeprefix(_FIND)
            self.scattered = {array: kind for kind, array in _FOUND.findall(operation)}
            operation = _FOUND.sub("", operation)
        self.body, self.launches = Body.parse(operation), 0

    def __call__(self, *arguments):
        parameters = self.in_params + self.out_params
        if len(arguments) == len(self.in_params):
            return self.allocated(*arguments)
        assert len(arguments) == len(parameters)
        if self.scattered:
            return self.over_scattered(dict(zip((p.name for p in parameters), arguments, strict=True)))
        kinds = [a.dtype.type for a in arguments if isinstance(a, np.ndarray)]
        kind = np.float32 if self.preamble else kinds[0]
        given = {p.name: _typed(p, a, kind) for p, a in zip(parameters, arguments, strict=True)}
        outputs = {p.name: np.array(given.pop(p.name)) for p in self.out_params}
        self.launches += 1
        with np.errstate(all="ignore"):
            run = self.body.run(given, outputs, NUMERIC, _Algebra(kind).fold)
        for parameter, array in zip(self.out_params, arguments[len(self.in_params) :], strict=True):
            array[...] = run.outputs[parameter.name]
        return None

    def over_scattered(self, given):
        """The elements are found by the tables."""
        first, ends = np.asarray(given.pop("first_array")), np.asarray(given.pop("end_array"))
        sizes = np.diff(ends, prepend=0)
        assert all(ends[k] > 32 * at and (k == 0 or ends[k - 1] <= 32 * at) for at, k in enumerate(first))
        storage = (given.pop("every_array") if "every_array" in given else given["joined"]).dtype
        assert all(kind == (storage.name if self.preamble else "T") for kind in self.scattered.values())
        found = {
            f"{name}_array": [
                _at(address, size, storage)
                for address, size in zip(given.pop(f"{name}_address_array"), sizes, strict=True)
            ]
            for name in self.scattered
        }
        kind = np.float32 if self.preamble else storage.type
        outputs = {p.name: given.pop(p.name) for p in self.out_params if not p.raw}
        inputs = {p.name: _typed(p, given[p.name], kind) for p in self.in_params if p.name in given}
        joined = {name: np.concatenate(arrays) for name, arrays in found.items()}
        wide = {name: a.astype(kind) if self.preamble else a for name, a in joined.items()}
        writes = {name: np.array(array) for name, array in outputs.items()}
        if "w_array" in wide:
            writes["w_array"] = wide.pop("w_array")
        self.launches += 1
        with np.errstate(all="ignore"):
            run = self.body.run({**inputs, **wide}, writes, NUMERIC, _Algebra(kind).fold)
            for name, array in outputs.items():
                array[...] = run.outputs[name]
            for place, end, size in zip(found.get("w_array", ()), ends, sizes, strict=False):
                place[...] = run.outputs["w_array"][end - size : end]

    def allocated(self, *arguments):
        """The outputs as new arrays, of the shape to which the arguments broadcast."""
        kind = next(a.dtype.type for a in arguments if isinstance(a, np.ndarray))
        inputs = {p.name: _typed(p, a, kind) for p, a in zip(self.in_params, arguments, strict=True)}
        names = [p.name for p in self.out_params]
        with np.errstate(all="ignore"):
            found = self.body.run(inputs, dict.fromkeys(names), NUMERIC).outputs
        values = tuple(asarray(found[name]) for name in names)
        return values if len(values) > 1 else values[0]


def ReductionKernel(**options):
    return (_OverAll if "preamble" in options else _OverAxes)(**options)


class _OverAxes:
    """Averages over some axes, with the number of elements as an argument."""

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


class _OverAll:
    """Sums, norms and maxima in double. What is reduced is the function in `preamble`, which `map_expr` calls.

    How squares of doubles are added up is not carried out: a norm of them is NumPy's of what the kernel maps.
    """

    def __init__(
        self, in_params, out_params, map_expr, reduce_expr, post_map_expr, identity, name, reduce_type, preamble
    ) -> None:
        self.in_params = _parameters(in_params)
        assert out_params == "float64 total"
        self.preamble = "typedef" in preamble
        head, text = preamble[preamble.index("template <typename T> __device__ ") :].split(" {\n", 1)
        kind, function, formal = re.fullmatch(r"template <typename T> __device__ (\w+) (\w+)\((.*)\)", head).groups()
        names = [p.name for p in self.in_params]
        assert kind == reduce_type
        assert [p.split()[-1] for p in formal.split(",")] == names
        assert map_expr == f"{function}<T>({', '.join(names)})"
        self.combine = {"a + b": np.sum, "a > b || a != a ? a : b": np.max}[reduce_expr]
        self.start = {"0": 0, "0.0": 0, "__longlong_as_double(0xfff0000000000000LL)": -np.inf}[identity]
        self.overflow = "isfinite" in text
        squared = re.search(r"return Squares\((.*)\);|const double x = (.*);\s*return x \* x;", text)
        assert post_map_expr == f"total = {'a' if squared is None else 'a.root()' if squared[1] else 'sqrt(a)'}"
        if squared:
            self.combine = lambda x, initial: norm_of(np.ravel(x), np.empty(x.size))
            text = text.replace(squared[0], f"return {squared[1] or squared[2]};")
        text = text.rsplit("}", 1)[0].replace("(double)", "(T)")
        self.body = Body.parse(re.sub(r"return isfinite\(\(T\)(\w+)\) \? 0 : 1;", r"return \1;", text))

    def __call__(self, *arguments) -> ndarray:
        kind = np.float32 if self.preamble else arguments[0].dtype.type
        given = {p.name: _typed(p, a, kind) for p, a in zip(self.in_params, arguments, strict=True)}
        with np.errstate(all="ignore"):
            *before, last = self.body.statements
            run = Body(before).run(given, {}, NUMERIC, _Algebra(kind).fold)
            run.inputs, *run.scopes = ({n: np.float64(v) for n, v in one.items()} for one in (run.inputs, *run.scopes))
            value = run.value(last.expr)
            value = np.broadcast_to(np.asarray(value, np.float64), arguments[0].shape)
            value = ~np.isfinite(value) if self.overflow else value
            return asarray(np.float64(self.combine(value, initial=self.start)))


class _Generator:
    def __init__(self, bits) -> None:
        self.numpy = np.random.Generator(bits)

    def standard_normal(self, size, dtype) -> ndarray:
        return asarray(self.numpy.standard_normal(size, dtype=np.dtype(dtype)))


@cache
def _module() -> types.ModuleType:
    module = types.ModuleType("cupy")
    for name, value in {
        "__version__": "emulated",
        "ndarray": ndarray,
        "asarray": asarray,
        "ascontiguousarray": lambda array: asarray(np.ascontiguousarray(array)),
        "broadcast_to": lambda array, shape: asarray(np.broadcast_to(array, shape)),
        "empty": lambda shape, dtype: asarray(np.empty(shape, dtype)),
        "cuda": types.SimpleNamespace(get_current_stream=lambda: "current", UnownedMemory=_Unowned),
        "asnumpy": np.array,
        "zeros_like": lambda array: asarray(np.zeros_like(array)),
        "full_like": lambda array, value: asarray(np.full_like(array, value)),
        "full": lambda shape, value, dtype: asarray(np.full(shape, value, dtype)),
        "stack": lambda arrays: asarray(np.stack(arrays)),
        "where": lambda test, *others: asarray(np.where(test.astype(bool), *others)),  # of numbers it makes no arrays
        **{name: getattr(np, name) for name in called("ufunc")},
        "random": types.SimpleNamespace(Generator=_Generator, Philox4x3210=np.random.Philox),
        "ElementwiseKernel": ElementwiseKernel,
        "ReductionKernel": ReductionKernel,
    }.items():
        setattr(module, name, value)
    return module


#: The modules of the project's own code that have been imported over this one, by name.
_imported: dict[str, types.ModuleType] = {}


@contextlib.contextmanager
def installed() -> Iterator[types.ModuleType]:
    """`import cupy` gives this module while the context lasts. As on a device, no arithmetic warns."""
    with mock.patch.dict(sys.modules, {"cupy": _module(), **_imported}), np.errstate(all="ignore"):
        yield _module()
        for root in list(_imported)[:1]:
            _imported.update({name: m for name, m in sys.modules.items() if name.startswith(f"{root}.")})


def generated() -> types.ModuleType:
    """`generated.cupy` over this module, while it is installed: imported once, so that its kernels are kept."""
    if not _imported:
        name = package(GENERATED)
        _imported[name] = sys.modules[name]
    return importlib.import_module(f"{next(iter(_imported))}.cupy")
