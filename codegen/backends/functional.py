"""What functional backends have in common: how their files run over symbols, over several elements, over numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy

from ..execution.cells import CONSTRUCTORS, Cell, value_of
from ..execution.modules import BrokenError, Library, base_class, execute
from ..execution.terms import Operations, named
from ..load import Spec
from ..spec.symbols import GRADIENT, PARAMETER
from . import StandIns, Summed

if TYPE_CHECKING:
    from ..load import LayerSpec
    from . import Functional

#: What the functions of a rule are called, after its name: those that all have, then those that some have.
SCALARS, ELEMENTS, SUMMANDS, SUMS, SHARED, PER_ARRAY = [
    "scalars",
    "elements",
    "summands",
    "sums",
    "shared",
    "per_array",
]


def library_import(backend: Functional) -> str:
    """The statement by which a file has the library."""
    return f"import {backend.library}" + ("" if backend.alias == backend.library else f" as {backend.alias}")


class Declared:
    """Stands in for the base class of rules, and keeps what it is given. What a class has to say is not here."""

    _states: tuple = ()
    _inputs: tuple = ()
    _signals: tuple = ()
    _optional: tuple = ()
    _per_array: tuple = ()
    _fed_by_sums: tuple = ()
    _scalars = _elements = _advance = _advance_own = _sums = None
    _reductions: tuple = ()
    _own_t = _starts_late = _ahead = False
    _domains: Mapping[str, Any] = {}

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


def in_place(spec: Spec, module: Mapping[str, Any]) -> Mapping[str, Callable[..., Any]]:
    """The functions of a rule in a functional file as one that writes to NumPy arrays; and that of its sums."""
    scalars, elements = (module[f"{spec.key}_{what}"] for what in (SCALARS, ELEMENTS))
    states = len(spec.optimizer.runnable.array_state)
    inputs = len(spec.optimizer.inputs)

    def update(w: Any, g: Any, *given: Any, **numbers: Any) -> None:
        read, kept, alike = given[:inputs], given[inputs : inputs + states], given[inputs + states :]
        real = w.dtype.type
        shared = (real(one) for one in scalars(*alike, **numbers))
        for array, value in zip((w, *kept), elements(w, *kept, g, *read, *shared), strict=True):
            array[...] = value

    found = {spec.function: update}
    if spec.optimizer.reductions:
        found[f"{spec.key}_{SUMS}"] = module[f"{spec.key}_{SUMS}"]
    return found


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
    return {name: _quiet(function) for name, function in in_place(spec, module).items()}


def _quiet(function: Callable[..., Any]) -> Callable[..., Any]:
    def run(*given: Any, **named: Any) -> Any:
        with np.errstate(all="ignore"):
            return function(*given, **named)

    return run


def _summed_up(
    summands: Callable[..., Sequence[Any]], arrays: Sequence[Any], scalars: Sequence[Any], hows: Sequence[str]
) -> tuple[float, ...]:
    found = summands(*(np.asarray(one, np.float64) for one in arrays), *scalars)
    wide = [np.broadcast_to(one, arrays[0].shape) for one in found]
    return tuple(
        float(np.linalg.norm(one) if how == "norm" else one.sum()) for how, one in zip(hows, wide, strict=True)
    )
