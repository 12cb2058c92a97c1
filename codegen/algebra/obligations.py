"""What was closed, recorded so that somebody else can check it again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import sympy


@dataclass(frozen=True)
class Obligation:
    """What a tactic has closed, over assumed symbols: `left relation right`, where the relation is = or >=."""

    left: sympy.Expr
    relation: str
    right: sympy.Expr


_recorded: ContextVar[list[Obligation] | None] = ContextVar("recorded", default=None)


@contextmanager
def recording() -> Iterator[list[Obligation]]:
    """Collects what is closed inside, so that somebody else can check it again."""
    found: list[Obligation] = []
    token = _recorded.set(found)
    try:
        yield found
    finally:
        _recorded.reset(token)


def record(left: sympy.Expr, relation: str, right: sympy.Expr) -> None:
    found = _recorded.get()
    if found is not None:
        found.append(Obligation(left, relation, right))
