"""What follows from the equations: the transition of a step, and the linear recurrences in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import sympy

from ..spec.rules import Optimizer
from ..spec.symbols import PARAMETER, STEP, Hyper, New

Expressions = Mapping[sympy.Symbol, sympy.Expr]


@lru_cache(1024)
def inlined(optimizer: Optimizer, keep: frozenset[sympy.Symbol] = frozenset()) -> Expressions:
    """The value of every step in terms of what is there before it: old state, `w`, `g`, `t`, hyperparameters.

    The targets in `keep` are left standing as symbols.
    """
    values: dict[sympy.Symbol, sympy.Expr] = {}
    for step in optimizer.steps:
        known = {target: value for target, value in values.items() if target not in keep}
        values[step.target] = step.value.xreplace(known)
    return MappingProxyType(values)


def transition(optimizer: Optimizer) -> Expressions:
    """The new value of `w` and of each state, in terms of the old ones."""
    values = inlined(optimizer)
    return {target.of: value for target, value in values.items() if isinstance(target, New)}


@lru_cache(1024)
def needed(rule: Optimizer, names: frozenset[str]) -> frozenset[str]:
    """The targets of the steps on which `names` depend, through any number of steps of a run."""
    values = {step.target.name: step.value for step in rule.steps}
    kept, found, pending = {PARAMETER, *(s.name for s in rule.state)}, set(), [*names]
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += [s.name for s in values[name].free_symbols] if name in values else []
            pending += [f"{name}_new"] if name in kept else []
    return frozenset(found & values.keys())


@dataclass(frozen=True)
class Recurrence:
    """`s_t = factor * s_(t-1) + input`, where neither depends on s."""

    factor: sympy.Expr
    input: sympy.Expr


def recurrence(optimizer: Optimizer, state: sympy.Symbol) -> Recurrence | None:
    """The linear recurrence that `state` obeys in itself, or None if it obeys none."""
    value = {s.name: v for s, v in transition(optimizer).items()}[state.name]
    old = next((s for s in value.free_symbols if s.name == state.name), state)
    factor = sympy.cancel(sympy.diff(value, old))
    if old in factor.free_symbols:
        return None
    return Recurrence(factor, value.xreplace({old: sympy.Integer(0)}))


def settled(optimizer: Optimizer, expr: sympy.Expr) -> sympy.Expr | None:
    """`expr` over hyperparameters alone, or None if it has anything in it that changes from step to step by itself.

    The step number, states, weights and gradients do, and so does what is computed from them. Only the role of a
    symbol counts, never whether it is equal to one made elsewhere.
    """
    value = expr.xreplace(inlined(optimizer))
    return value if all(isinstance(s, Hyper) for s in value.free_symbols) else None


def at_step(expr: sympy.Expr, step: sympy.Expr) -> sympy.Expr:
    """`expr` at the step number `step`."""
    return expr.xreplace({s: step for s in expr.free_symbols if s.name == STEP})


def by_name(mapping: Mapping[sympy.Symbol, sympy.Expr]) -> dict[str, sympy.Expr]:
    return {symbol.name: value for symbol, value in mapping.items()}
