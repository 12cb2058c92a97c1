"""What a check says: five words, never mixed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PROVED, REFUTED, UNDECIDED, TESTED, SKIPPED = STATUSES = ("proved", "refuted", "undecided", "tested", "skipped")


@dataclass(frozen=True)
class Line:
    """A line of a derivation and what justifies it."""

    text: str
    because: str


@dataclass(frozen=True)
class Result:
    """`status` is one of STATUSES.

    proved: a residual was reduced to exact zero by the tactic named in `method`, within `assumptions`.
    refuted: `counterexample` shows it. undecided: `reason` says how far it got. tested: numbers agreed
    within a bound. skipped: `reason` says why, and what to install.
    """

    spec: str
    claim: str
    status: str
    statement: str
    method: str = ""
    assumptions: tuple[str, ...] = ()
    counterexample: Mapping[str, str] | None = None
    reason: str = ""
    seconds: float = 0.0
    derivation: tuple[Line, ...] = ()
