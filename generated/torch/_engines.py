"""How a step runs over tensors.

Every rule has a function of elements, which is pure: `eager` calls it, `compiled` has Inductor make one loop of it. On
the CPU, `numba` and `numpy` run what the packages beside this one have over the memory of the tensors: nothing is
copied, but what is not of the dtype in which it is computed.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch._utils import _flatten_dense_tensors

from ._parts import HALF, Bunch, Part, Row, computed, line_of

__all__ = ["ENGINES", "Host", "has_triton", "host_of", "run"]

#: Elements that are computed eagerly at once on the CPU: what is in between stays in the cache of a core, and takes no
#: memory from the system.
TILE = 16384

#: Elements to a row of small parameters on the CPU. What is brought there and what is computed of it stay in the cache
#: of a core; a call of what Inductor has compiled takes so long that rows are longer.
ROW, COMPILED_ROW = 65536, 524288

ENGINES = ("auto", "eager", "compiled", "numpy", "numba")


class Host:
    """The rule as the package `generated.numba` or `generated.numpy` has it, for tensors in the memory of the CPU."""

    def __init__(self, package: str, family: str, key: str) -> None:
        module, arrays = import_module(f"{package}.{family}"), import_module(f"{package}._arrays")
        self._update: Callable[..., None] = getattr(module, f"{key}_update")
        self._sums: Callable[..., Sequence[Any]] = getattr(module, f"{key}_sums", _none)
        #: The loop over elements, which the function of a rule with sums tells more than its scalars.
        self._loop = None if self._sums is not _none else getattr(module, f"_{key}_update", None)
        self._sweep = getattr(arrays, "sweep", None)
        self._numba = getattr(arrays, "numba", None)

    def sums(self, tensors: Sequence[Tensor], *numbers: float, **known: float) -> Sequence[Any]:
        """What a step sums up over tensors of one shape."""
        with self._threads(), _arrays_of((), tensors) as (_, arrays), _ieee(numbers) as given:
            return self._sums(*arrays, *given, **known)

    def step(self, bunch: Bunch) -> None:
        """Take the step of a bunch."""
        small, others = bunch.split()
        with self._threads():
            if small is not None and self._loop is not None and bunch.parts[0].w.dtype not in HALF:
                self._where_they_are(bunch, small)
            elif small is not None:
                _in_rows(small, ROW, lambda written, read: self._one(bunch, written, read))
            for part in others:
                self._alone(bunch, part)

    @contextmanager
    def _threads(self) -> Iterator[None]:
        """Loops run on as many threads as torch does."""
        numba = self._numba
        if numba is None or numba.config.NUMBA_NUM_THREADS == 1:
            yield
            return
        wanted = torch.get_num_threads()
        before = numba.get_num_threads()
        if torch.get_num_threads() != wanted:  # where both are on OpenMP, Numba's start has set those of torch, too
            torch.set_num_threads(wanted)
        numba.set_num_threads(min(wanted, numba.config.NUMBA_NUM_THREADS))
        try:
            yield
        finally:
            numba.set_num_threads(before)

    def _where_they_are(self, bunch: Bunch, small: Row) -> None:
        """Step small parameters where they are, each by itself, in one call."""
        read = [_lying_straight(column, small.dtype) for column in small.read()]
        addresses = [*small.addresses, *([*map(Tensor.data_ptr, column)] for column in read)]
        dtype = _DTYPES[small.dtype]
        self._loop.at(np.array(addresses), small.lengths, dtype, tuple(bunch.scalars))  # type: ignore[union-attr]

    def _alone(self, bunch: Bunch, part: Part) -> None:
        dtype = part.kind[2]
        arrays = None if self._loop is None or dtype in HALF else part.arrays()
        if arrays is None or not all(one.dtype is dtype and one.is_contiguous() for one in part.read):
            self._one(bunch, part.written, part.read)
            return
        g, *inputs = [line_of(one).numpy() for one in part.read]
        self._loop(arrays, g, tuple(bunch.scalars), beside=inputs)  # type: ignore[misc]

    def _one(self, bunch: Bunch, written: Sequence[Tensor], read: Sequence[Tensor]) -> None:
        with _arrays_of(written, read) as (arrays, (g, *inputs)):
            if self._loop is None:
                w, *states = arrays
                with _ieee(bunch.numbers) as given:
                    self._update(w, g, *inputs, *states, *given, **bunch.known)
            else:
                self._sweep(self._loop, arrays, g, tuple(bunch.scalars), (), tuple(inputs))  # type: ignore[misc]


@contextmanager
def _ieee(numbers: Sequence[float]) -> Iterator[list[Any]]:
    """Numbers of which some may be 0 and others are divided by: Python's would raise an error."""
    with np.errstate(all="ignore"):
        yield [np.float64(one) if isinstance(one, float) else one for one in numbers]


#: What is computed in loops, as NumPy has it.
_DTYPES = {torch.float32: np.dtype(np.float32), torch.float64: np.dtype(np.float64)}


def _lying_straight(tensors: Sequence[Tensor], dtype: torch.dtype) -> Sequence[Tensor]:
    """Tensors whose elements are in the memory of the CPU, one after another, as they are: these, or copies."""
    if (
        all(map(Tensor.is_contiguous, tensors))
        and {one.dtype for one in tensors} == {dtype}
        and all(one.is_cpu for one in tensors)
        and all(map(Tensor.data_ptr, tensors))  # a tensor of zeros may have no memory
    ):
        return tensors
    return [torch.empty(one.shape, dtype=dtype).copy_(one) for one in tensors]


def _none(*_: Any, **__: Any) -> Sequence[Any]:
    return ()


@contextmanager
def _arrays_of(written: Sequence[Tensor], read: Sequence[Tensor]) -> Iterator[tuple[list[Any], list[Any]]]:
    """Arrays over the memory of tensors of one shape; of half precision, copies that are rounded at the end."""
    real = computed((*written, *read)[0].dtype)
    wide = [one.detach().to(real) for one in written]
    beside = [one.detach().to(real) for one in read]
    straight = all(one.is_contiguous() for one in (*wide, *beside))
    arrays, others = (
        [one.view(-1).numpy() if straight else one.numpy() for one in tensors] for tensors in (wide, beside)
    )
    yield arrays, others
    for tensor, value in zip(written, wide, strict=True):
        if value.dtype != tensor.dtype:
            tensor.copy_(value)


@cache
def host_of(engine: str, package: str, family: str, key: str) -> Host | None:
    """What an engine of the CPU runs for a rule of `package`; None if what it needs is not there."""
    beside = f"{package.rpartition('.')[0]}.{engine}"
    return Host(beside, family, key) if find_spec(engine) and find_spec(beside) else None


@cache
def has_triton() -> bool:
    """Whether Inductor can compile for a GPU."""
    return find_spec("triton") is not None


def _apply(
    elements: Callable[..., Sequence[Tensor]], written: Sequence[Tensor], read: Sequence[Tensor], scalars: Tensor
) -> None:
    """One step of tensors of one shape: computed in one dtype, and rounded once, where it is written."""
    real = computed(written[0].dtype)
    given = [one.to(real) for one in (*written, *read)]
    new = elements(*given, *scalars.unbind())
    # what is handed on as it is may have been written over when its turn comes
    new = [value.clone() if any(value is one for one in written) else value for value in new]
    for tensor, value in zip(written, new, strict=True):
        tensor.copy_(value)


@cache
def _compiled(elements: Callable[..., Sequence[Tensor]]) -> Callable[..., None]:
    """`_apply` for one rule, as one loop over elements.

    Dynamo counts how often a code object is compiled again, so each rule has one of its own.
    """
    name = f"_apply_{elements.__name__}"
    inner = types.FunctionType(_apply.__code__.replace(co_name=name), _apply.__globals__, name)

    def apply(written: Sequence[Tensor], read: Sequence[Tensor], scalars: Tensor) -> None:
        inner(elements, written, read, scalars)

    apply.__code__ = apply.__code__.replace(co_name=name)
    return torch.compile(apply, dynamic=True, fullgraph=True)  # type: ignore[no-any-return]


@cache
def _handed_on(
    elements: Callable[..., Sequence[Tensor]], written: int, read: int, scalars: int
) -> tuple[tuple[int, int], ...]:
    """Which of the arrays that are written take the value that another one of them had: theirs, and its place.

    Inductor leaves out the copies between them, and writes what has been written over (torch 2.13).
    """
    given = [torch.ones(1) for _ in range(written + read)]
    new = elements(*given, *torch.ones(scalars).unbind())
    sources = {id(one): place for place, one in enumerate(given[:written])}
    found = ((target, sources.get(id(value), target)) for target, value in enumerate(new))
    return tuple((target, source) for target, source in found if source != target)


def run(engine: str, elements: Callable[..., Sequence[Tensor]], bunch: Bunch) -> None:
    """Take the step of a bunch with its function of elements, on any device."""
    w = bunch.parts[0].w
    # one tensor, so that all are brought to a device at once
    scalars = torch.tensor(list(bunch.scalars), dtype=computed(w.dtype), device=w.device)

    def one(written: Sequence[Tensor], read: Sequence[Tensor]) -> None:
        size = written[0].numel()
        if engine == "eager" and (w.device.type != "cpu" or size <= TILE):
            _apply(elements, written, read, scalars)
        elif engine == "eager":
            with _lines(written) as flat:
                lines = list(map(line_of, read))
                for start in range(0, size, TILE):
                    to, of = ([line[start : start + TILE] for line in some] for some in (flat, lines))
                    _apply(elements, to, of, scalars)
        elif size:
            handed = _handed_on(elements, len(written), len(read), len(bunch.scalars))
            with _lines(written) as flat:
                kept = {target: flat[source].clone() for target, source in handed}
                _compiled(elements)(flat, list(map(line_of, read)), scalars)
                for target, value in kept.items():
                    flat[target].copy_(value)

    small, others = bunch.split()
    if small is not None:
        if engine == "eager":
            _in_rows(small, ROW, lambda written, read: _apply(elements, written, read, scalars))
        else:
            _in_rows(small, COMPILED_ROW, one)
    for part in others:
        one(part.written, part.read)


@contextmanager
def _lines(written: Sequence[Tensor]) -> Iterator[list[Tensor]]:
    """Tensors in one dimension, so that one loop serves all shapes: views, or copies that are written back."""
    flat = [tensor.detach().reshape(-1) for tensor in written]
    yield flat
    for tensor, line in zip(written, flat, strict=True):
        if not tensor.is_contiguous():
            tensor.copy_(line.view(tensor.shape))


def _in_rows(small: Row, limit: int, step: Callable[[Sequence[Tensor], Sequence[Tensor]], None]) -> None:
    """Step many small parameters as one; on the CPU, in rows of at most `limit` elements."""
    if small.parts[0].w.device.type != "cpu":
        written = [torch.cat(column) for column in small.written]
        step(written, [_flatten_dense_tensors(list(column)) for column in small.read()])
        for column, row in zip(small.written, written, strict=True):
            torch._foreach_copy_(column, row.split(small.sizes))
        return
    for row in small.shorter(limit):
        read, at = row.read(), len(row.in_place)
        copies = row.copies(len(read))
        away = [
            (copy, column)
            for copy, column, whole in zip(copies[:at], row.written, row.in_place, strict=True)
            if whole is None
        ]
        for copy, column in away:
            copy.gather(column)
        for copy, column in zip(copies[at:], read, strict=True):
            copy.gather(list(map(line_of, column)))
        there = [*row.in_place, *[None] * len(read)]
        operands = [copy.row if whole is None else whole for copy, whole in zip(copies, there, strict=True)]
        step(operands[:at], operands[at:])
        for copy, column in away:
            copy.scatter(column)
