"""CuPy arrays: what the optimizers accept, and where they run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any, TypeAlias

import cupy as cp
import numpy as np

from .._runtime.given import DTYPES, instead, of_dtype, plain
from .._runtime.optimizer import (
    Group,
    Hyper,
    IntHyper,
    Optimizer,
    Schedule,
    Stage,
    StageCall,
)
from .._runtime.strides import overlaps_itself

__all__ = [
    "Array",
    "CupyOptimizer",
    "Group",
    "Hyper",
    "IntHyper",
    "Schedule",
    "Stage",
    "StageCall",
    "Sums",
    "launch",
    "summed",
]

Array: TypeAlias = cp.ndarray

#: What is computed in which dtype. bfloat16 is that of ml_dtypes, from CuPy 14 on.
_COMPUTED = {"float16": np.float32, "bfloat16": np.float32, "float32": np.float32, "float64": np.float64}
_HALF = ("float16", "bfloat16")

#: Arrays of at most this many elements share a launch. Of a larger one, a launch takes less time than its elements.
#: This is an estimate: it has not been measured.
SMALL = 1 << 18


def launch(
    kernel: Any,
    read: Sequence[Array],
    scalars: Sequence[float],
    written: Sequence[Array],
    stages: Sequence[StageCall] = (),
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
        if not stages and storage not in _HALF and not isinstance(written[0], ArrayList):
            kernel(*read, *scalars, *written)
            return
        (g, *inputs), (w, *states) = read, written
        if storage in _HALF:
            inputs = [array.astype(np.float32, copy=False) for array in inputs]
        noise, factors, kept = _operands(stages)
        fused = _fused(kernel, tuple(type(one.stage) for one in stages), storage, isinstance(w, ArrayList))
        _run(fused, w, g, [*inputs, *scalars, *noise, *factors], [*states, *kept])


def _run(kernel: Any, w: Any, g: Any, more: Sequence[Any], states: Sequence[Array]) -> None:
    """Run a kernel that is put together here: w and g are arrays, or both are scattered."""
    if not isinstance(w, ArrayList):
        kernel(g, *more, w, *states)
        return
    kernel(*w.tables, g.addresses, w.every, *more, w.addresses, *states)
    g.held = []  # gradients are no longer needed once the launch is queued: CuPy gives memory away in that order


class ArrayList:
    """Small arrays that count as one, one after another, and stay where they are.

    A kernel finds their elements in three tables on the device: `addresses` of the arrays, and `tables`, which
    array the elements 0, 32, 64, ... belong to, and where each array ends.
    """

    def __init__(self, arrays: Sequence[Array]) -> None:
        self.dtype, self.device = arrays[0].dtype, arrays[0].device
        ends = np.cumsum([array.size for array in arrays])
        self.size = int(ends[-1])
        self.shape = (self.size,)
        of_element = np.searchsorted(ends, np.arange(0, self.size, _STRIDE), side="right")
        with self.device:
            self.tables = cp.asarray(of_element.astype(np.int32)), cp.asarray(ends.astype(np.int64))
            self.addresses = cp.asarray(np.zeros(len(arrays), np.uint64))
            #: From this, CuPy knows how many elements there are, and what T is: tables do not count.
            self.every = cp.broadcast_to(cp.asarray(np.zeros((), self.dtype)), self.shape)
        self.held: list[Array] = []
        self._known: list[int] = []

    def point_at(self, arrays: Sequence[Array]) -> None:
        """From now on, the elements are those of `arrays`, or of copies of those that have gaps."""
        self.held = [array if array.flags.c_contiguous else cp.ascontiguousarray(array) for array in arrays]
        addresses = [array.data.ptr for array in self.held]
        if addresses != self._known:
            # in the order of the stream, without a wait for it: so small a copy leaves the host's memory at once
            self.addresses.set(np.array(addresses, np.uint64), stream=cp.cuda.get_current_stream())
            self._known = addresses

    def joined(self) -> Array:
        """A copy of all elements as one array."""
        joined = cp.empty(self.size, self.dtype)
        _joining()(*self.tables, self.addresses, joined)
        return joined


#: How many elements share an entry in a table of `ArrayList`: those that a warp reads at once.
_STRIDE = 32


def _found(name: str, kind: str, const: str = "const ") -> str:
    """The line that gives an element of scattered arrays, of the type `kind`, the name `name`_array."""
    return (
        f"{const}{kind}& {name}_array = reinterpret_cast<{const}{kind}*>({name}_address_array[which_array])[at_array];"
    )


_TABLES = ["raw int32 first_array", "raw int64 end_array"]
_FIND = [
    f"ptrdiff_t which_array = first_array[i / {_STRIDE}];",
    "while (i >= end_array[which_array]) ++which_array;",
    "const ptrdiff_t at_array = which_array ? i - end_array[which_array - 1] : i;",
]


@cache
def _joining() -> Any:
    return cp.ElementwiseKernel(
        in_params=", ".join([*_TABLES, "raw uint64 g_address_array"]),
        out_params="T joined",
        operation="\n".join([*_FIND, _found("g", "T"), "joined = g_array;"]),
        name="join",
    )


def _check(written: Sequence[Array], read: Sequence[Array]) -> None:
    """The parameter and the gradients have one shape and dtype, the states that in which the step is computed."""
    first, *states = written
    if first.dtype.name not in _COMPUTED:
        raise TypeError(f"{first.dtype} arrays cannot be stepped; {DTYPES}")
    dtype = np.dtype(_COMPUTED[first.dtype.name])
    g, *inputs = read
    wanted = [*((s, (dtype,)) for s in states), (g, (first.dtype,)), *((h, (first.dtype, dtype)) for h in inputs)]
    for array, dtypes in wanted:
        if array.shape != first.shape or array.dtype not in dtypes:
            raise ValueError(
                "all arrays of a step need one shape and one dtype (states of half precision: float32); "
                f"found {first.shape} {first.dtype} and {array.shape} {array.dtype}"
            )


def _operands(stages: Sequence[StageCall]) -> tuple[list[Array], list[Any], list[Array]]:
    """Noise, scalars and states of all stages, in the order of the kernels' parameters."""
    noise = [one.noise for one in stages if one.noise is not None]
    return noise, [s for one in stages for s in one.scalars], [a for one in stages for a in one.states]


def _parameters(stages: Sequence[type[Any]]) -> tuple[list[str], list[str]]:
    """What stages add to the parameters of a kernel: what they read, and their states.

    Scalars are double, numbers or arrays without dimensions: a norm stays on the device.
    """
    noise = [f"T stage{k}_noise" for k, stage in enumerate(stages) if stage._noisy]
    factors = [f"float64 stage{k}_{name}" for k, stage in enumerate(stages) for name in stage._names]
    return noise + factors, [f"T stage{k}_{name}" for k, stage in enumerate(stages) for name in stage._states]


def _blocks(stages: Sequence[type[Any]], *, after: bool, keep: bool = True, only_always: bool = False) -> list[str]:
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
    stored = ("g_array", "w_array", "every_array")
    split = (parameter.rsplit(" ", 1) for parameter in parameters)
    return ", ".join(
        f"{kind if kind != 'T' else storage if name in stored else 'float32'} {name}" for kind, name in split
    )


def _preamble(storage: str) -> str:
    return "typedef float T;\n" if storage in _HALF else ""


def _kernel(
    name: str, read: Sequence[str], states: Sequence[str], body: Sequence[str], storage: str, scattered: bool
) -> Any:
    """A kernel over a parameter and its gradient, `w_array` and `g_array` in its body, and what else it reads."""
    first, last, find = ["T g_array"], ["T w_array"], []
    if scattered:
        first = [*_TABLES, "raw uint64 g_address_array", "T every_array"]
        last = ["raw uint64 w_address_array"]
        kind = storage if storage in _HALF else "T"
        find = [*_FIND, _found("g", kind), _found("w", kind, "")]
    return cp.ElementwiseKernel(
        in_params=_typed([*first, *read], storage),
        out_params=_typed([*last, *states], storage),
        operation="\n".join([*find, *body]),
        name="_".join([name, *(["scattered"] if scattered else [])]),
        preamble=_preamble(storage),
    )


@cache
def _fused(kernel: Any, stages: tuple[type[Any], ...], storage: str, scattered: bool) -> Any:
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
    name = "_".join([kernel.name, *(stage.__name__ for stage in stages)])
    # those that are formed of sums come in double
    scalars = [f"{'float64' if p.name.endswith('_double') else 'T'} {p.name}" for p in kernel.in_params[1:]]
    kept = [f"T {p.name}" for p in kernel.out_params[1:]]
    return _kernel(name, [*scalars, *read], [*kept, *states], body, storage, scattered)


@cache
def _keeping(stages: tuple[type[Any], ...], storage: str, scattered: bool, moved: bool) -> Any:
    """The kernel of a step that ends early: what stages before the rule do to w is dropped, unless it is moved."""
    read, states = _parameters(stages)
    always = _blocks(stages, after=True, only_always=True)
    body = ["T g = g_array;", "T w = w_array;", *_blocks(stages, after=False)]
    body += ["w = w_array;"] if always and not moved else []
    body += [*always, "w_array = w;"] if always or moved else []
    name = "_".join(["move" if moved else "keep", *(stage.__name__ for stage in stages)])
    return _kernel(name, read, states, body, storage, scattered)


_LARGER = "a > b || a != a ? a : b"
#: How two parts of a reduction become one, what that of nothing is, and what is made of the last one; the bits are
#: those of minus infinity.
_REDUCED = {
    "sum": ("a + b", "0", "a"),
    "max": (_LARGER, "__longlong_as_double(0xfff0000000000000LL)", "a"),
    "overflow": (_LARGER, "0", "a"),
    "norm": ("a + b", "0", "sqrt(a)"),
}

#: What adds up the squares of doubles: `sum` times 2**(1200 * level). Numbers whose squares may overflow, or vanish,
#: are scaled by a power of two first: with those, smaller ones do not count. NaN and infinity are large.
_SQUARES = """struct Squares {
    double sum;
    int level;
    __device__ Squares(double sum, int level) : sum(sum), level(level) {}
    __device__ explicit Squares(double x) {
        const int exponent = __double2hiint(x) >> 20 & 0x7ff;
        level = exponent < 1023 - 450 ? -1 : exponent > 1023 + 450 ? 1 : 0;
        const double scaled = level < 0 ? x * UP : level > 0 ? x * DOWN : x;
        sum = scaled * scaled;
    }
    __device__ double root() const {
        return level < 0 ? sqrt(sum) * DOWN : level > 0 ? sqrt(sum) * UP : sqrt(sum);
    }
};
__device__ inline Squares operator+(const Squares& a, const Squares& b) {
    if (a.level == b.level) return Squares(a.sum + b.sum, a.level);
    const Squares& high = a.level > b.level ? a : b;
    const Squares& low = a.level > b.level ? b : a;
    return Squares(high.sum + low.sum * DOWN * DOWN, high.level);
}
""".replace("UP", repr(2.0**600)).replace("DOWN", repr(2.0**-600))


@cache
def _reducing(stage: type[Any], number: int, before: tuple[type[Any], ...], storage: str) -> Any:
    """The reduction that gives `stage` its number `number`, after the stages `before` it."""
    name, how, _ = stage._reductions[number]
    read, states = _parameters(before)
    body = ["T g = g_array;", "T w = w_array;", *_blocks(before, after=False, keep=False)]
    function = "_".join([stage.__name__, name, *(s.__name__ for s in before)])
    return _reduction(function, how, ["T g_array", "T w_array", *read, *states], body, stage._maps[number], storage)


@dataclass(frozen=True)
class Sums:
    """What a rule sums up over arrays: for each sum, what an element adds to it, in double.

    `arrays` are the names of the parameter, its gradient and the states, `scalars` those of numbers, in double.
    """

    arrays: str
    scalars: str
    maps: tuple[str, ...]
    name: str


@cache
def _summing(sums: Sums, number: int, how: str, before: tuple[type[Any], ...], storage: str) -> Any:
    """The reduction that gives a rule its sum `number`, after the stages `before` it."""
    read, states = _parameters(before)
    body = ["T g = g_array;", "T w = w_array;", *_blocks(before, after=False, keep=False)]
    own = [f"T {name}" for name in sums.arrays.split(", ")[2:]]
    own += [f"float64 {name}" for name in sums.scalars.split(", ") if name]
    function = "_".join([sums.name, str(number), *(s.__name__ for s in before)])
    given = ["T g_array", "T w_array", *own, *read, *states]
    return _reduction(function, how, given, body, sums.maps[number], storage)


def summed(
    sums: Sums,
    arrays: Sequence[Array],
    scalars: Sequence[float],
    hows: Sequence[str],
    stages: Sequence[StageCall] = (),
) -> tuple[Array, ...]:
    """Sums over arrays of one shape, of which the first two are the parameter and its gradient.

    Each is an array of float64 without dimensions, on the device: nothing here waits for it. With `stages`, the
    first two arrays are as these leave them. Nothing is written.
    """
    w, g, *others = arrays
    stored, computed = w.dtype, np.dtype(_COMPUTED[w.dtype.name])
    read = [one for one in others if one.dtype == stored != computed]
    _check([w, *(one for one in others if not one.dtype == stored != computed)], [g, *read])
    noise, factors, kept = _operands(stages)
    kinds = tuple(type(one.stage) for one in stages)
    with g.device:
        states = [one.astype(computed, copy=False) for one in others]
        return tuple(
            _summing(sums, k, how, kinds, w.dtype.name)(g, w, *states, *scalars, *noise, *factors, *kept)
            for k, how in enumerate(hows)
        )


@cache
def _norm_of_norms() -> Any:
    """The reduction that gives the norm of norms, which are handed to it twice: CuPy's own way to run it has no CUB."""
    return _reduction("norm_of_norms", "norm", ["T g_array", "T w_array"], ["T g = g_array;"], "(double)g", "float64")


def _reduction(name: str, how: str, given: Sequence[str], body: Sequence[str], mapped: str, storage: str) -> Any:
    """The reduction of `mapped`, which is in double, over parameters of type T and scalars in `given`."""
    reduce_expr, start, end = _REDUCED[how]
    kind, before = "double", _preamble(storage)
    if how == "norm" and storage == "float64":
        # squares of float32 neither overflow nor vanish in double
        kind, start, end, before, mapped = "Squares", "0.0", "a.root()", _SQUARES, f"Squares({mapped})"
    elif how == "norm":
        body = [*body, f"const double x = {mapped};"]
        mapped = "x * x"
    formal = ", ".join(p.replace("float64", "const double").replace("T ", "const T ", 1) for p in given)
    lines = "\n".join(f"    {line}" for line in [*body, f"return {mapped};"])
    return cp.ReductionKernel(
        in_params=_typed(given, storage),
        out_params="float64 total",
        map_expr=f"{name}_of<T>({', '.join(p.split()[1] for p in given)})",
        reduce_expr=reduce_expr,
        post_map_expr=f"total = {end}",
        identity=start,
        name=name,
        reduce_type=kind,
        preamble=f"{before}template <typename T> __device__ {kind} {name}_of({formal}) {{\n{lines}\n}}",
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
            return instead(array, "cp.asarray", written=written)
        if array.dtype.name not in _COMPUTED:
            return of_dtype(array)
        if type(array) is not cp.ndarray:
            return plain(array, ".view(cp.ndarray)", written=written)
        if not array.dtype.isnative:
            return f"has dtype {array.dtype} in the byte order of another machine; {DTYPES} of this one"
        flags = array.flags
        straight = flags.c_contiguous or flags.f_contiguous
        if written and not straight and overlaps_itself(array.shape, array.strides, array.itemsize):
            return f"has elements that share memory, by its strides {array.strides}; pass a copy, w = w.copy()"
        return None

    def _to_compute_dtype(self, array: Array) -> Array:
        return array.astype(_COMPUTED[array.dtype.name], copy=False)

    #: What decides whether an array passes the checks.
    _fields = attrgetter("__class__", "dtype", "shape", "device")

    def _owners(self, arrays: Sequence[Array]) -> list[Any] | None:
        owners = [array.data.mem for array in arrays]
        return None if any(isinstance(one, cp.cuda.UnownedMemory) for one in owners) else owners

    def _computed(self, array: Array) -> Any:
        return np.dtype(_COMPUTED[array.dtype.name])

    def _round_into(self, arrays: Sequence[Array], wide: Any) -> None:
        if isinstance(wide, ArrayList):  # the kernel has written them, but for those of which it had copies
            wide = wide.held
        for array, values in zip(arrays, wide, strict=True):
            if array is not values:
                with array.device:
                    array[...] = values

    def _take_over(self, arrays: Sequence[Array], masters: Sequence[Array]) -> None:
        for array, master in zip(arrays, masters, strict=True):
            with array.device:
                master[...] = cp.where(master.astype(array.dtype) != array, array, master)

    def _zeros_like(self, array: Array) -> Array:
        with array.device:
            return cp.zeros_like(array)

    def _added(self, arrays: Sequence[Array]) -> Array:
        first, *others = arrays
        with first.device:
            total = first.astype(_COMPUTED[first.dtype.name])
            for array in others:
                total += array
            return total.astype(first.dtype, copy=False)

    def _overlap(self, a: Array, b: Array) -> bool:
        return a.device == b.device and np.shares_memory(np.asarray(_Extent(a)), np.asarray(_Extent(b)))

    def _extent(self, array: Array) -> tuple[int, int]:
        extent: Any = _Extent(array)
        return np.lib.array_utils.byte_bounds(extent)

    def _saved(self, value: Any) -> np.ndarray:
        return cp.asnumpy(value) if isinstance(value, cp.ndarray) else np.array(value)

    def _overwrite(self, array: Array, saved: Any) -> None:
        with array.device:
            array[...] = cp.asarray(saved)

    def _reduce(self, stage: Any, w: Array, g: Array, before: Sequence[StageCall]) -> tuple[Any, ...]:
        noise, factors, states = _operands(before)
        own: Any = type(stage)
        kinds = tuple(type(one.stage) for one in before)
        if not stage._reductions:
            return ()
        with g.device:
            if isinstance(w, ArrayList):
                w, g = w.joined(), g.joined()
            return tuple(
                _reducing(own, number, kinds, w.dtype.name)(g, w, *noise, *factors, *states)
                for number in range(len(stage._reductions))
            )

    def _kept_there(self, kept: Any, device: Any) -> Any:
        """Numbers that sums feed as they are after a step, on the device: so that those of the first step are, too."""
        found = dict(kept)
        for name in self._fed_by_sums:
            if name in found and not isinstance(found[name], cp.ndarray):
                with device:
                    found[name] = cp.asarray(found[name], np.float64)
        return found

    def _scalars_before(self, hyper: Any) -> Any:
        found = super()._scalars_before(hyper)
        return [self._kept_there(one, self._checks.held[0].device) for one in found] if self._fed_by_sums else found

    def _own_before(self, hyper: Any, buckets: Any) -> Any:
        found = list(super()._own_before(hyper, buckets))
        for bucket in buckets:
            for number in bucket.numbers:
                found[number] = self._kept_there(found[number], self._checks.held[number].device)
        return found

    def _fails(self, w: Any, t: int, hyper: Any, scalars: Any) -> bool:
        shared, own = (self._kept_there(one, w.device) for one in scalars)
        return super()._fails(w, t, hyper, (shared, own))

    def _place(self, array: Array) -> Any:
        return array.device

    def _combine(self, how: str, parts: Sequence[Array]) -> Array:
        if any(part.device != parts[0].device for part in parts):
            raise ValueError(f"{self._rule}: a norm over gradients on several devices cannot be taken; use one device")
        with parts[0].device:
            together = cp.stack([cp.asarray(part) for part in parts])
            if how == "norm":
                return _norm_of_norms()(together, together)
            return together.sum() if how == "sum" else together.max()

    def _keep(self, w: Array, g: Array, stages: Sequence[StageCall], *, moved: bool) -> None:
        noise, factors, states = _operands(stages)
        kinds = tuple(type(one.stage) for one in stages)
        with w.device:
            keeping = _keeping(kinds, w.dtype.name, isinstance(w, ArrayList), moved)
            _run(keeping, w, g, [*noise, *factors], states)

    def _noise(self, w: Array, seed: tuple[int, ...]) -> Array:
        with w.device:
            generator = cp.random.Generator(cp.random.Philox4x3210(_one_number(seed)))
            return generator.standard_normal(w.shape, dtype=_COMPUTED[w.dtype.name])

    _row = 1 << 24

    def _packable(self, array: Array, *, master: bool) -> Any:
        # a row of masters would have to be rounded into the parameters, one by one
        return (array.dtype.name, str(array.device)) if array.size <= SMALL and not master else None

    def _staging(self, arrays: Sequence[Array], spare: dict[Any, Any]) -> tuple[Any, Any, Any]:
        w, g = ArrayList(arrays), ArrayList(arrays)
        return w, g, w

    def _gather(self, arrays: Sequence[Array], row: Any) -> None:
        with row.device:
            if isinstance(row, ArrayList):
                row.point_at(arrays)
                return
            for array, place in zip(arrays, self._cut(row, arrays), strict=True):
                place[...] = array

    def _empty(self, size: int, like: Array) -> Array:
        with like.device:
            return cp.empty(size, like.dtype)


def _one_number(seed: tuple[int, ...]) -> int:
    """CuPy's bit generators take one number as their seed; NumPy knows how to mix several."""
    return int(np.random.SeedSequence(seed).generate_state(1, np.uint64)[0] >> np.uint64(1))
