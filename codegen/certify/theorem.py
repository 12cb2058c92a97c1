"""A theorem as text: what it ranges over, what it supposes, what it says, how Coq is led to it, what meets it."""

from __future__ import annotations

from dataclasses import dataclass


class InexpressibleError(Exception):
    """A statement, or a part of one, that the theorems here have no words for. The text says what it is."""


@dataclass(frozen=True)
class Hypothesis:
    """What a theorem supposes under a `name`. `proof` is the tactic that shows it of the values of the witness."""

    name: str
    text: str
    proof: str


@dataclass(frozen=True)
class Variable:
    """What a theorem ranges over, and its type. Its value in the witness goes by the same name."""

    name: str
    type: str


@dataclass(frozen=True)
class Theorem:
    """`goal` for all values of the variables that meet the hypotheses.

    The witness is the theorem applied to values for which Coq computes that they meet every hypothesis: where there are
    none, the theorem would be true of nothing. `runs` are the definitions of those values that are sequences.
    """

    name: str
    about: str
    variables: tuple[Variable, ...]
    hypotheses: tuple[Hypothesis, ...]
    goal: str
    script: str
    runs: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The theorem, its proof and its witness, as a file of Coq has them."""
        lines = [f"(* {comment(self.about)} *)", f"Theorem {self.name} :"]
        if self.variables or self.hypotheses:
            lines += [f"  forall {self._binders()}"]
            lines += [f"    ({h.name} : {h.text})" for h in self.hypotheses]
            lines[-1] += ","
        lines += [f"  {self.goal}.", "Proof.", f"  {self.script}.", "Qed."]
        groups = self._groups()
        arguments = [
            *(name for names in groups.values() for name in names),
            *(f"ltac:({h.proof})" for h in self.hypotheses),
        ]
        witness = [*self.runs, f"Definition met := {' '.join([self.name, *arguments])}."]
        return "\n".join([*lines, f"Module {self.witness}.", *witness, f"End {self.witness}.", ""])

    @property
    def witness(self) -> str:
        """The module in which the theorem is applied to numbers."""
        return f"{self.name}_witness"

    def _binders(self) -> str:
        return " ".join(f"({' '.join(names)} : {kind})" for kind, names in self._groups().items())

    def _groups(self) -> dict[str, list[str]]:
        """The variables, those of one type together."""
        groups: dict[str, list[str]] = {}
        for variable in self.variables:
            groups.setdefault(variable.type, []).append(variable.name)
        return groups


def comment(text: str) -> str:
    """Text that may stand in a comment: Coq reads quotes and nested comments there, too."""
    return text.replace("(*", "( *").replace("*)", "* )").replace('"', "'")
