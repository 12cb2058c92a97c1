"""Several elements at once: what a file is proved to do to one, it does to each, from that one's values alone.

The function of a rule is run over free terms: what an operation gives is made of its name and its operands, and two
values are one term only if they are computed alike from the same. It is run over arrays of several elements that
have nothing in common, in tiles of which the last is shorter, and then over each element alone. Each of them has to
come to the same term both times: then no element is left out, none is stepped twice, none sees another.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from ..analysis.paths import UnclearError
from ..load import Spec
from .execution import BrokenError, Library, call, execute, kernel_parameters, member
from .kernel import SYMBOLIC, Algebra, Body

ELEMENTS, TILE = 5, 2


class Term:
    """An operation and its operands; made alike, it is the same object."""

    __slots__ = ("_of",)
    _made: dict[tuple, Term] = {}  # noqa: RUF012 - all terms there are

    def __new__(cls, operation: str, *operands: Any) -> Term:
        of = operation, operands
        if of not in cls._made:
            made = cls._made[of] = super().__new__(cls)
            made._of = of
        return cls._made[of]

    def __bool__(self) -> bool:
        raise UnclearError(f"whether {self} holds is not known")

    def __repr__(self) -> str:
        operation, operands = self._of
        return f"{operation}({', '.join(map(repr, operands))})" if operands else operation


def _binary(name: str) -> tuple[Callable[[Any, Any], Term], Callable[[Any, Any], Term]]:
    return (lambda one, other: Term(name, one, other)), (lambda one, other: Term(name, other, one))


for _name in ("add", "sub", "mul", "truediv", "pow", "mod"):
    for _method, _function in zip((f"__{_name}__", f"__r{_name}__"), _binary(_name), strict=True):
        setattr(Term, _method, _function)
Term.__neg__ = lambda self: Term("neg", self)  # type: ignore[attr-defined]


class Row:
    """An array of terms, or a tile of one, which shares its memory."""

    dtype = types.SimpleNamespace(type=partial(Term, "real"))

    def __init__(self, values: list[Any], places: Sequence[int] | None = None) -> None:
        self.values, self.places = values, range(len(values)) if places is None else places

    @classmethod
    def of(cls, name: str, elements: Sequence[int]) -> Row:
        return cls([Term(f"{name}[{k}]") for k in elements])

    @property
    def size(self) -> int:
        return len(self.places)

    def tile(self, places: Sequence[int]) -> Row:
        return Row(self.values, [self.places[place] for place in places])

    def __getitem__(self, place: int) -> Any:
        return self.values[self.places[place]]

    def __setitem__(self, place: int, value: Any) -> None:
        self.values[self.places[place]] = value


def _each(operand: Any, place: int) -> Any:
    return operand[place] if isinstance(operand, Row) else operand


def _numpy() -> tuple[Any, dict[str, Any]]:
    def in_place(name: str) -> Callable[..., Row]:
        def run(*operands: Any, out: Row) -> Row:
            for place in range(out.size):
                out[place] = Term(name, *(_each(operand, place) for operand in operands))
            return out

        return run

    def copyto(out: Row, source: Any, where: Any = None) -> None:
        for place in range(out.size):
            value = _each(source, place)
            out[place] = value if where is None else Term("choose", _each(where, place), value, out[place])

    def tiles(written: tuple, read: tuple, *, scratch: int = 0, masks: int = 0, stages: Any = ()) -> Iterator[tuple]:
        size = written[0].size
        spare = [Row.of(f"scratch {k}", [-1] * TILE) for k in range(scratch + masks)]  # the same for all tiles
        for start in range(0, size, TILE):
            places = range(start, min(start + TILE, size))
            buffers = [buffer.tile(range(len(places))) for buffer in spare]
            yield (*(row.tile(places) for row in (*written, *read)), *buffers)

    return _Functions(in_place, copyto=copyto), {"tiles": tiles}


class _Functions(types.SimpleNamespace):
    """A library each of whose functions makes a term of what it is given."""

    def __init__(self, make: Callable[[str], Callable], **own: Any) -> None:
        super().__init__(**own)
        self._make = make

    def __getattr__(self, name: str) -> Callable:
        return self._make(name)


def _named(name: str) -> Callable[..., Term]:
    return partial(Term, name)


def _numba() -> tuple[Any, dict[str, Any]]:
    def sweep(loop: Callable[..., None], written: tuple, g: Row, scalars: tuple, stages: Any = ()) -> None:
        loop(*written, g, *scalars)

    return _Functions(_named), {"loop": lambda function: function, "prange": range, "sweep": sweep}


_TERMS = Algebra(
    functions={name: _named(name) for name in SYMBOLIC.functions},
    select=partial(Term, "choose"),
    either=partial(Term, "or"),
    compare=Term,
    literal=int,
)


def _cupy() -> tuple[Any, dict[str, Any]]:
    class Kernel:
        def __init__(self, in_params: str, out_params: str, operation: str, name: str) -> None:
            self.inputs, self.outputs = kernel_parameters(in_params), kernel_parameters(out_params)
            self.body = Body.parse(operation)

    def launch(kernel: Kernel, read: tuple, scalars: tuple, written: tuple, stages: Any = ()) -> None:
        for place in range(written[0].size):
            given = (_each(one, place) for one in (*read, *scalars))
            before = dict(zip(kernel.outputs, (row[place] for row in written), strict=True))
            found = kernel.body.run(dict(zip(kernel.inputs, given, strict=True)), before, _TERMS).outputs
            for name, row in zip(kernel.outputs, written, strict=True):
                row[place] = found[name]

    return Library(ElementwiseKernel=Kernel), {"launch": launch}


_STAND_INS = {"numpy": _numpy, "cupy": _cupy, "numba": _numba}
_FUNCTIONS = {
    "max": partial(Term, "max"),
    "min": partial(Term, "min"),
    "abs": partial(Term, "abs"),
    "_choose": partial(Term, "choose"),
    "_compare": Term,
    "_integer": int,
    "_bind": lambda value: value,
}


def _same(one: Any, other: Any) -> bool:
    """Whether two values are one term, or one number, as a state is that is set to a constant."""
    return one is other or (type(one) is type(other) and not isinstance(one, Term) and one == other)


def check(spec: Spec, backend: str, path: Path) -> None:
    """Raises BrokenError if the function of a rule does not do to each element what it does to one alone."""
    Term._made.clear()
    optimizer = spec.optimizer.runnable
    library, helpers = _STAND_INS[backend]()
    mathematics = _Functions(_named, pi=Term("pi"))
    module = execute(path, backend, library, helpers, mathematics, _FUNCTIONS, symbolic=True)
    function = member(module, spec.function)
    names = ("w", "g", *(s.name for s in optimizer.array_state))
    scalars = [Term(name) for name in (*(s.name for s in optimizer.scalar_state), "t")]
    hypers = {h.name: Term(h.name) for h in optimizer.hypers}

    def run(elements: Sequence[int]) -> dict[str, Row]:
        rows = {name: Row.of(name, elements) for name in names}
        call(path, function, *rows.values(), *scalars, **hypers)
        return rows

    together = run(range(ELEMENTS))
    for k in range(ELEMENTS):
        alone = run([k])
        for name in names:
            if not _same(together[name][k], alone[name][0]):
                raise BrokenError(
                    f"{spec.function} leaves something else in element {k} of {name} when there are {ELEMENTS} "
                    "elements than when it is alone"
                )
