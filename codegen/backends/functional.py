"""What functional backends have in common: how their files run over symbols, over several elements, over numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy

from ..execution.cells import CONSTRUCTORS, Cell, value_of
from ..execution.modules import Base, BrokenError, Library, base_class, execute
from ..execution.terms import Operations, named
from ..expr.tree import Name, Sum, names
from ..load import Spec
from ..lower.program import Assign, Program, lower
from ..spec.symbols import GRADIENT, PARAMETER
from . import StandIns, Summed, functional_backend

if TYPE_CHECKING:
    from ..load import LayerSpec
    from . import Backend

#: What the functions of a rule are called, after its name: those that all have, then those that some have.
SCALARS, ELEMENTS, SUMMANDS, SUMS, SHARED, PER_ARRAY = [
    "scalars",
    "elements",
    "summands",
    "sums",
    "shared",
    "per_array",
]


def library_import(backend: Backend) -> str:
    """The statement by which a file has the library."""
    return f"import {backend.library}" + ("" if backend.alias == backend.library else f" as {backend.alias}")


@dataclass(frozen=True)
class Elements:
    """What the function of the elements computes, and what it returns.

    `moves`: that is what is added to w, in place of w after the step. `reads_w`: any value is formed of w.
    """

    arrays: tuple[Assign, ...]
    returned: tuple[str, ...]
    moves: bool
    reads_w: bool


def elements(program: Program, moves: bool) -> Elements:
    """What is computed for each element of a rule.

    If it `moves` w, and w after the step is a sum in which w stands by itself, then the rest of the sum takes its
    place, with digits that w would take from it.
    """
    after = {commit.target: commit.value for commit in program.commits}
    arrays, returned = list(program.arrays), [after.get(name, name) for name in program.written]
    if moves:
        update = _UPDATE
        while any(update == assign.target for assign in (*program.scalars, *arrays)):
            update += "_"
        before, arrays = arrays, _moved(arrays, returned[0], update)
        moves = arrays != before
        returned[0] = update if moves else returned[0]
    read = {name.name for assign in arrays for name in names(assign.value)}
    return Elements(tuple(arrays), tuple(returned), moves, PARAMETER in read or PARAMETER in returned)


#: What is added to w.
_UPDATE = "w_update"


def _moved(arrays: Sequence[Assign], new: str, update: str) -> list[Assign]:
    """The assignments with one to `update`, and without that to the `new` w if nothing else reads it."""
    w, found = Name(PARAMETER, array=True), []
    for assign in arrays:
        terms = list(assign.value.terms) if assign.target == new and isinstance(assign.value, Sum) else []
        rest = [term for term in terms if term != (1, w)]
        if len(rest) != len(terms) - 1:
            found.append(assign)
            continue
        moved = Sum(tuple(rest)) if len(rest) > 1 or rest[0][0] < 0 else rest[0][1]
        found.append(Assign(update, moved, assign.note, assign.inlined, assign.changed))
        if any(Name(new, array=True) in names(other.value) for other in arrays):
            found.append(Assign(new, Sum(((1, w), (1, Name(update, array=True))))))
    return found


class Declared(Base):
    """Stands in for the base class of rules as `Base` does, and keeps all that it is given."""

    _scalars = _elements = None

    def __init__(self, *given: Any, **hyper: Any) -> None:
        self.given, self.hyper = given, hyper


def over_symbols(helpers: Mapping[str, Any], **library: Any) -> StandIns:
    """Stand-ins for what makes arrays, which are a `Cell`; `summed` gives what is summed up over one element."""
    return StandIns(Library(**CONSTRUCTORS, **library), {"summed": _summed, **helpers})


def _summed(
    summands: Callable[..., Sequence[Any]], arrays: Sequence[Cell], scalars: Sequence[Any], hows: Sequence[str]
) -> tuple[Summed, ...]:
    if [cell.name for cell in arrays[:1]] != [PARAMETER] or GRADIENT not in {cell.name for cell in arrays}:
        raise BrokenError(f"it sums up over {', '.join(cell.name for cell in arrays)}; w comes first, and g after it")
    found = summands(*(cell.value for cell in arrays), *map(value_of, scalars))
    if len(found) != len(hows):
        raise BrokenError(f"it sums up {len(found)} arrays, and says of {len(hows)} how")
    return tuple(Summed(how, sympy.sympify(one)) for how, one in zip(hows, found, strict=True))


def over_terms(helpers: Iterable[str]) -> StandIns:
    """Stand-ins for arrays of several elements, which are a `PerArray`; the `helpers` make terms as well."""
    return StandIns(Operations(named), {name: named(name) for name in ("summed", *helpers)})


def in_place(spec: Spec, module: Mapping[str, Any], moves: bool = False) -> Mapping[str, Callable[..., Any]]:
    """The functions of a rule in a functional file as one that writes to NumPy arrays, and those of numbers.

    They may give what is added to w in place of w after the step, if they can: it `moves`.
    """
    scalars, stepped = (module[f"{spec.key}_{what}"] for what in (SCALARS, ELEMENTS))
    moves = elements(lower(spec.optimizer), moves).moves
    states = len(spec.optimizer.runnable.array_state)
    inputs = len(spec.optimizer.inputs)

    def update(w: Any, g: Any, *given: Any, **numbers: Any) -> None:
        read, kept, alike = given[:inputs], given[inputs : inputs + states], given[inputs + states :]
        real = w.dtype.type
        shared = (real(one) for one in scalars(*alike, **numbers))
        first, *others = stepped(w, *kept, g, *read, *shared)
        # a state may be what another one was
        after = [np.array(value) for value in (w + first if moves else first, *others)]
        for array, value in zip((w, *kept), after, strict=True):
            array[...] = value

    found = {spec.function: update}
    if spec.optimizer.reductions:
        found[f"{spec.key}_{SUMS}"] = module[f"{spec.key}_{SUMS}"]
    kept = (f"{spec.key}_{what}" for what in (SHARED, PER_ARRAY))
    return found | {name: module[name] for name in kept if name in module}


def over_numpy(
    spec: Spec | LayerSpec, folder: Path, library: str, helpers: Mapping[str, Any]
) -> Mapping[str, Callable[..., Any]]:
    """The functions of a file, with NumPy in place of its library and `helpers` in place of what `_arrays.py` has."""
    assert isinstance(spec, Spec)  # there are no layers here
    base = base_class(folder.name, "Optimizer")
    given = {base: Declared, "summed": _summed_up, **helpers}
    with np.errstate(all="ignore"):
        path, functions = folder / f"{spec.family}.py", {"max": max, "min": min}
        module = execute(path, library, np, given, math, functions, symbolic=False)
    found = in_place(spec, module, functional_backend(folder.name).rules.moves)
    return {name: _quiet(function) for name, function in found.items()}


def _quiet(function: Callable[..., Any]) -> Callable[..., Any]:
    def run(*given: Any, **named: Any) -> Any:
        with np.errstate(all="ignore"):
            return function(*given, **named)

    return run


#: How numbers are taken over an array.
_TAKEN: Mapping[str, Callable[[Any], Any]] = {
    "sum": np.sum,
    "norm": np.linalg.norm,
    "max": lambda x: np.max(x, initial=-np.inf),
}


def _summed_up(
    summands: Callable[..., Sequence[Any]], arrays: Sequence[Any], scalars: Sequence[Any], hows: Sequence[str]
) -> tuple[float, ...]:
    found = summands(*(np.asarray(one, np.float64) for one in arrays), *scalars)
    wide = [np.broadcast_to(one, arrays[0].shape) for one in found]
    return tuple(float(_TAKEN[how](one)) for how, one in zip(hows, wide, strict=True))
