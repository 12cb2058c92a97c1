"""What a check says: five words, never mixed, and a sixth for what two of them cannot both say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .statement import Statement
    from .statement.emitted import Emitted

PROVED, REFUTED, UNDECIDED, TESTED, SKIPPED, CONTRADICTED = STATUSES = (
    "proved",
    "refuted",
    "undecided",
    "tested",
    "skipped",
    "contradicted",
)


@dataclass(frozen=True)
class Line:
    """A line of a derivation and what justifies it."""

    text: str
    because: str


@dataclass(frozen=True)
class Printed:
    """A statement that is words: about files and numbers, or one that has been handed to another process."""

    text: str
    assumptions: tuple[str, ...] = ()
    latex: str = ""
    parts: Mapping[str, Any] | None = None

    def as_json(self) -> Mapping[str, Any] | None:
        """The parts of the statement that it was printed from."""
        return self.parts


#: What becomes of a proved statement where another program checks it.
CERTIFIED, INEXPRESSIBLE, NOT_CLOSED = CERTIFICATES = ("certified", "not expressible", "Coq does not close")


@dataclass(frozen=True)
class Certificate:
    """What Coq's kernel says of a proved statement, one of CERTIFICATES; `reason` says why it is not certified."""

    status: str
    reason: str = ""
    theorem: str = ""


@dataclass(frozen=True)
class Outcome:
    """What a check found, before it is said of which statement. `status` is one of STATUSES.

    proved: a residual was reduced to exact zero by the tactic named in `method`, for all runs of the statement.
    refuted: `counterexample` shows it. undecided: `reason` says how far it got. tested: numbers agreed
    within a bound. skipped: `reason` says why, and what to install. contradicted: it was proved or refuted, and a run
    in exact numbers says otherwise; then the prover is wrong.
    """

    status: str
    method: str = ""
    counterexample: Mapping[str, str] | None = None
    reason: str = ""
    assumptions: tuple[str, ...] = ()
    derivation: tuple[Line, ...] = ()
    emitted: Emitted | None = None  # what a file computes, where that is proved to be what the spec says

    def of(self, claim: str, statement: Statement | Printed | str, spec: str = "", *, seconds: float = 0.0) -> Result:
        """The outcome of a `claim`; who knows the name of the spec and the time that it took adds them."""
        return Result(**vars(self), claim=claim, statement=statement, spec=spec, seconds=seconds)


@dataclass(frozen=True, kw_only=True)
class Result(Outcome):
    """The outcome of a statement."""

    claim: str
    statement: Statement | Printed | str
    spec: str = ""
    seconds: float = 0.0
    runs: int = 0  # over which the statement was run again in exact numbers
    certificate: Certificate | None = None  # of another program, where that was asked

    @property
    def text(self) -> str:
        """What the result says, in the spelling of specs."""
        return self.statement if isinstance(self.statement, str) else self.statement.text

    @property
    def assumed(self) -> tuple[str, ...]:
        """What the runs that it is about have in common."""
        return self.assumptions if isinstance(self.statement, str) else self.statement.assumptions

    @property
    def latex(self) -> str:
        """What the result says, for a paper."""
        from .expr.prose import Prose  # which needs SymPy, and a list of rules does not

        told = "" if isinstance(self.statement, str) else self.statement.latex
        return told or Prose(()).read(self.text)

    @property
    def about(self) -> Mapping[str, Any] | None:
        """The parts of the statement, as what JSON has; of a statement about files there are none."""
        return None if isinstance(self.statement, str) else self.statement.as_json()

    def printed(self) -> Result:
        """The same in words alone, which can be handed to another process."""
        return replace(
            self, statement=Printed(self.text, self.assumed, self.latex, self.about), assumptions=(), emitted=None
        )
