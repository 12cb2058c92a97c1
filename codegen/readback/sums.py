"""Read back what a rule sums up: over one element, and that all elements of all arrays of the step are in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import sympy

from ..algebra.assumptions import Assumptions
from ..algebra.tactics import decide
from ..analysis.derive import inlined
from ..analysis.paths import UnclearError
from ..analysis.sums import named, summands
from ..backends import Summed
from ..execution.cells import UFUNCS, Cell, Log, ufuncs, value_of
from ..execution.modules import BrokenError, Library, call, member
from ..load import Spec
from ..result import PROVED, UNDECIDED
from ..spec.symbols import Input, New
from .checks import check_signature


def check_sums(
    spec: Spec, module: Mapping[str, Any], path: Path, around: Mapping[str, Any], early: Collection[str] = ()
) -> None:
    """Raises BrokenError if the sums of a file are not those of the spec. `around` is what else they are given.

    Told to go ahead with the states `early`, it has to leave their new values.
    """
    rule = spec.optimizer.runnable
    assumptions = Assumptions.of(rule)
    states, per_step = [s.name for s in rule.array_state], [*(s.name for s in rule.scalar_state), "t"]
    function = member(module, f"{spec.key}_sums")
    arrays = ["w", "g", *(array.name for array in rule.inputs), *states]
    check_signature(function, [*arrays, *per_step], spec.optimizer, [s.name for s in rule.signals])
    cells = [Cell(name, assumptions.symbol(name), writable=name in early) for name in arrays]
    scalars = [assumptions.symbol(name) for name in per_step]
    hypers = {h.name: assumptions.symbol(h.name) for h in rule.hypers if not isinstance(h, Input)}
    found = call(path, function, *cells, *scalars, **hypers, **around)
    wanted, of = named(rule), summands(rule)
    if not isinstance(found, tuple) or len(found) != len(wanted):
        raise BrokenError(f"{spec.key}_sums gives {found}; the spec has {', '.join(wanted)}")
    formed = {step.target: step.value for step in rule.steps}
    for one, (name, reduced) in zip(found, wanted.items(), strict=True):
        inner = _written_out(of[name], formed)
        if not isinstance(one, Summed) or one.how != reduced.how:
            raise BrokenError(f"{spec.key}_sums gives {one} for {name}; the spec {reduced.value}")
        squares = one.how == "norm"  # whatever the sign of what it is the norm of
        verdict = decide(one.of**2, inner**2, assumptions) if squares else decide(one.of, inner, assumptions)
        if verdict.status == UNDECIDED:
            raise UnclearError(f"{spec.key}_sums takes the {one.how} of {one.of} for {name}; {verdict.reason}")
        if verdict.status != PROVED:
            raise BrokenError(f"{spec.key}_sums takes the {one.how} of {one.of} for {name}; the spec {reduced.value}")
    after = {target.of.name: value for target, value in inlined(rule).items() if isinstance(target, New)}
    for cell in (cell for cell in cells if cell.name in early):
        verdict = decide(cell.value, after[cell.name], assumptions)
        if verdict.status == UNDECIDED:
            raise UnclearError(f"{spec.key}_sums leaves {cell.value} in {cell.name}; {verdict.reason}")
        if verdict.status != PROVED:
            raise BrokenError(f"{spec.key}_sums leaves {cell.value} in {cell.name}; the spec {after[cell.name]}")


def _written_out(expr: sympy.Expr, formed: Mapping[sympy.Symbol, sympy.Expr]) -> sympy.Expr:
    """`expr` with the scalars that the steps form written out."""
    while inner := {s: formed[s] for s in expr.free_symbols if s in formed}:
        expr = expr.xreplace(inner)
    return expr


def over_scalars(library: Any, log: Log) -> Any:
    """`library`, whose functions over arrays are also those of scalars, which are formed of sums."""
    values = log.values
    known = ufuncs(values)

    def either(name: str) -> Any:
        arrays = getattr(library, name, None) if name in vars(library) else None

        def run(*operands: Any, out: Any = None, **keywords: Any) -> Any:
            if out is None and not any(isinstance(one, Cell) for one in operands):
                return known[name](*map(value_of, operands))
            if arrays is None:
                raise UnclearError(f"it uses {name} over arrays")
            return arrays(*operands, **({} if out is None else {"out": out}), **keywords)

        return run

    def where(test: Any, then: Any, otherwise: Any) -> Any:
        return log.select(test, then, otherwise)

    functions = {"where": where, "float64": sympy.sympify, **{name: either(name) for name in UFUNCS}}
    return Library(**{**vars(library), **functions})
