"""What is said of two gradients in the same step: which has the larger value."""

from __future__ import annotations

from dataclasses import dataclass

import sympy

from .relations import Relation, spelling
from .runs import Runs


@dataclass(frozen=True)
class InOrder(Relation):
    """From one state, `value` never falls (or never `rises`) from one gradient to another of larger size."""

    value: sympy.Expr
    rises: bool

    def text(self, runs: Runs) -> str:
        never = "falls" if self.rises else "rises"
        return f"from the same state, {spelling(runs)(self.value)} never {never} as abs(g) grows"

    def symbols(self) -> set[sympy.Symbol]:
        return self.value.free_symbols
