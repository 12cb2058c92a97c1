"""What a statement says of its runs: an equation or an inequality, that two rules make one run, what a change does.

Each relation is data. How it is spelled stands here; whether it holds in a run, `replay` finds out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import sympy

from ..spec.rules import Optimizer
from .runs import Runs
from .terms import Spelling, symbols_of


@dataclass(frozen=True)
class Relation:
    """Base of all relations."""

    #: Whether the text says itself what the hyperparameters are fixed at, and which gradients are meant.
    says_at: ClassVar[bool] = False
    says_gradients: ClassVar[bool] = False

    def text(self, runs: Runs) -> str:
        """The relation in the spelling of specs."""
        raise NotImplementedError

    def symbols(self) -> set[sympy.Symbol]:
        """The symbols of the rule that the relation speaks of."""
        return set()


def spelling(runs: Runs) -> Spelling:
    """The spelling of terms about `runs`."""
    return Spelling(runs.rule, runs.constant, tuple(name for name, _ in runs.at))


@dataclass(frozen=True)
class Holds(Relation):
    """`left sign right`, two terms, at every step of every run. `where` is a comparison that limits the steps."""

    left: sympy.Expr
    sign: str
    right: sympy.Expr
    where: sympy.Basic | None = None
    so: str = ""  # what that means, in words

    def text(self, runs: Runs) -> str:
        spell = spelling(runs)
        text = f"{spell(self.left)} {self.sign} {spell(self.right)}"
        if self.where is not None:
            left, right = (spell(side) for side in self.where.args)
            text += f" where {left} {self.where.rel_op} {right}"
        return text + (f", {self.so}" if self.so else "")

    def symbols(self) -> set[sympy.Symbol]:
        return (
            symbols_of(self.left)
            | symbols_of(self.right)
            | (symbols_of(self.where) if self.where is not None else set())
        )


@dataclass(frozen=True)
class All(Relation):
    """Several relations at once."""

    parts: tuple[Relation, ...]

    def text(self, runs: Runs) -> str:
        return ", ".join(part.text(runs) for part in self.parts)

    def symbols(self) -> set[sympy.Symbol]:
        return set().union(*(part.symbols() for part in self.parts))


@dataclass(frozen=True)
class SameRun(Relation):
    """With the same gradients from the same weights, `other` has the same `w` after every step.

    `hyper` and `state` give the hyperparameters and states of `other`, by name, in the symbols of the rule.
    """

    says_at: ClassVar[bool] = True

    other: Optimizer = field(repr=False)
    hyper: Mapping[str, sympy.Expr] = field(hash=False)
    state: Mapping[str, sympy.Expr] = field(hash=False)

    def text(self, runs: Runs) -> str:
        spell = spelling(runs)
        fixed = ", ".join(f"{name}={spell(value)}" for name, value in runs.at)
        arguments = ", ".join(f"{name}={spell(value)}" for name, value in self.hyper.items())
        states = ", ".join(f"{name} = {spell(value)}" for name, value in self.state.items())
        text = f"{runs.rule.name}{f' at {fixed}' if fixed else ''} = {self.other.name}({arguments})"
        return f"{text} with {states}" if states else text

    def symbols(self) -> set[sympy.Symbol]:
        return {s for value in (*self.hyper.values(), *self.state.values()) for s in value.free_symbols}


@dataclass(frozen=True)
class Under(Relation):
    """What a change of what goes in does to what comes out, over whole runs.

    With every name in `change` replaced by its term (the gradients `s * g`, the first weights `w + c`, ...), the names
    in `effect` take these terms in place of their values. `words` say it.
    """

    change: Mapping[str, sympy.Expr] = field(hash=False)
    effect: Mapping[str, sympy.Expr] = field(hash=False)
    words: str

    says_at: ClassVar[bool] = True

    def text(self, runs: Runs) -> str:
        return self.words


@dataclass(frozen=True)
class Tends(Relation):
    """Each term goes to its limit as t grows; a limit of oo says that it grows beyond all bounds."""

    says_at: ClassVar[bool] = True
    says_gradients: ClassVar[bool] = True

    limits: tuple[tuple[sympy.Expr, sympy.Expr], ...]

    def text(self, runs: Runs) -> str:
        spell = spelling(runs)
        given = [runs.gradients.value] if runs.gradients.value else []
        given += [f"{name} = {spell(value)}" for name, value in runs.at]
        ends = (limit if limit in (sympy.oo, -sympy.oo) else spell(limit) for _, limit in self.limits)
        told = ", ".join(f"{spell(term)} -> {end}" for (term, _), end in zip(self.limits, ends, strict=True))
        return f"if {', '.join(given)}: {told}" if given else told

    def symbols(self) -> set[sympy.Symbol]:
        return set().union(*(symbols_of(side) for pair in self.limits for side in pair))


@dataclass(frozen=True)
class Not(Relation):
    """A relation that does not hold in all runs, and what that means."""

    of: Relation
    because: str

    def text(self, runs: Runs) -> str:
        return f"{self.because}: it is false that {self.of.text(runs)}"

    def symbols(self) -> set[sympy.Symbol]:
        return self.of.symbols()


@dataclass(frozen=True)
class Said(Relation):
    """A statement about what is not a run: files, counts, names. There is nothing in it to run again."""

    words: str

    def text(self, runs: Runs) -> str:
        return self.words


@dataclass(frozen=True)
class Split(Relation):
    """However the elements are split, each part takes in its step the values that it takes beside the others.

    Each part is given the `sums` of all elements, and its own gradients and states.
    """

    sums: tuple[sympy.Expr, ...] = ()

    def text(self, runs: Runs) -> str:
        given = f", given {', '.join(map(spelling(runs), self.sums))} of the whole" if self.sums else ""
        return f"each part of the elements, stepped by itself{given}, comes to what it comes to beside the others"
