"""What proofs are made of: lines that are checked, searches for a trace that refutes, spelling."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import singledispatch

import sympy

from ..algebra import reference
from ..algebra.assumptions import Assumptions
from ..algebra.points import candidates, samples
from ..algebra.tactics import decide
from ..claims.base import Claim
from ..expr.printing import Text
from ..expr.tree import arrange, ranks
from ..result import PROVED, REFUTED, UNDECIDED, Line, Outcome, Result
from ..spec.domain import Domain
from ..spec.rules import AnyRule, Optimizer
from ..spec.symbols import Array, New
from ..statement import Statement

T = sympy.Symbol("t", real=True)
ZERO, ONE = sympy.Integer(0), sympy.Integer(1)

#: Gradients tried in search of a counterexample, the simplest first.
_GRADIENTS = ((1, 0, 0), (1, 1, 1), (1, -1, 2), (2, -1, 3), (Fraction(1, 2), 3, -2))


@dataclass
class Proof:
    """The lines of a proof so far. Once a line fails, `failed` holds its verdict, and `open` what it says."""

    assumptions: Assumptions
    lines: list[Line] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    failed: Outcome | None = None
    open: str = ""

    def equal(self, left: sympy.Expr, right: sympy.Expr, text: str, because: str) -> bool:
        """Add the line `text`, which says that `left = right`."""
        verdict = decide(left, right, self.assumptions)
        self.lines.append(Line(text, f"{because} ({verdict.method or verdict.status})"))
        if verdict.status != PROVED and self.failed is None:
            self.failed, self.open = verdict, text
        if verdict.status == PROVED and verdict.method not in (*self.methods, "identical"):
            self.methods.append(verdict.method)
        return verdict.status == PROVED

    def given(self, text: str, because: str) -> None:
        self.lines.append(Line(text, because))

    def result(
        self,
        claim: str,
        statement: Statement,
        kind: str,
        search: Callable[[], dict[str, str] | None],
    ) -> Result:
        """Proved if every line was; refuted if `search` finds a trace; else undecided."""
        if sympy.false in statement.conditions:
            said = replace(statement, conditions=())
            return Outcome(UNDECIDED, reason="no run has a value at every step").of(claim, said)
        if self.failed is None:
            method = ", ".join(filter(None, (kind, *self.methods)))
            return Outcome(PROVED, method, derivation=tuple(self.lines)).of(claim, statement)
        if trace := search():
            return Outcome(REFUTED, "simulation", counterexample=trace).of(claim, statement)
        reason = self.failed.reason or f"{self.open} fails at {dict(self.failed.counterexample or {})}"
        return Outcome(UNDECIDED, kind, reason=f"no trace refutes it, but {reason}").of(claim, statement)


@singledispatch
def prove_claim(claim: Claim, rule: AnyRule) -> Iterator[Result]:
    raise NotImplementedError(f"no proof is known for {type(claim).__name__}")


def key_named(mapping: Mapping[sympy.Symbol, sympy.Expr], name: str) -> sympy.Symbol:
    """The symbol among the keys that has this name."""
    return next(symbol for symbol in mapping if symbol.name == name)


def substitute(expr: sympy.Expr, values: Mapping[str, sympy.Expr]) -> sympy.Expr:
    """`expr` with symbols replaced by name."""
    return expr.xreplace({s: values[s.name] for s in expr.free_symbols if s.name in values})


def denominators(values: Iterable[sympy.Basic]) -> list[sympy.Expr]:
    """Everything by which `values` divide."""
    powers = (p for value in values for p in value.atoms(sympy.Pow) if p.exp.could_extract_minus_sign())
    return sorted({p.base for p in powers}, key=sympy.default_sort_key)


def nonzero_denominators(values: Iterable[sympy.Basic], assumptions: Assumptions) -> tuple[str, ...]:
    """What must not vanish for the expressions to have a value."""
    return tuple(f"{Text()(arrange(d, {}))} != 0" for d in denominators(values) if not assumptions.nonzero(d))


def search(
    rule: Optimizer, find_counterexample: Callable[[Mapping[str, Fraction], tuple], dict[str, str] | None]
) -> dict[str, str] | None:
    """The first trace among simple hyperparameters and gradients in which `find_counterexample` finds something.

    It is asked with the reference in exact numbers: a tie is one, and what an enclosure cannot tell is not found.
    """
    assumptions = Assumptions.of(rule)
    names = [hyper.name for hyper in rule.hypers]
    settings = [
        {name: candidates(assumptions.domains.get(name, Domain()))[0] for name in names},
        *samples(names, assumptions),
    ]
    for gradients in _GRADIENTS:
        for hyper in settings[:12]:
            try:
                with reference.exactly():
                    if found := find_counterexample(hyper, gradients):
                        return found
            except (ArithmeticError, ValueError, KeyError):  # KeyError: a name that the run has no value for
                continue
    return None


def setting(hyper: Mapping[str, Fraction], gradients: tuple, t: int) -> dict[str, str]:
    """What a counterexample says of the run that it belongs to."""
    return {
        "t": str(t),
        "gradients": ", ".join(str(g) for g in gradients[:t]),
        **{name: str(value) for name, value in hyper.items()},
    }


def symbol_in(expr: sympy.Expr, name: str) -> sympy.Symbol:
    """The symbol of this name in `expr`; a new one if it is not there."""
    return next((s for s in expr.free_symbols if s.name == name), sympy.Symbol(name, real=True))


def has_arrays(expr: sympy.Expr) -> bool:
    """Whether `expr` depends on the element."""
    return any(isinstance(s.of if isinstance(s, New) else s, Array) for s in expr.free_symbols)


class Formatter:
    """Expressions in the spelling and order of the rule."""

    def __init__(self, rule: AnyRule) -> None:
        self.rank = ranks(rule)

    def __call__(self, expr: sympy.Expr) -> str:
        return Text()(arrange(expr, self.rank))

    def product(self, factor: sympy.Expr, text: str) -> str:
        if factor == 1:
            return text
        return f"{Text().inside(arrange(factor, self.rank), 2)} * {text}"


def domains_of(rule: AnyRule, *expressions: sympy.Expr) -> tuple[str, ...]:
    """The domains of the hyperparameters that `expressions` use."""
    used = {s.name for e in expressions for s in e.free_symbols}
    found = (h for h in rule.hypers if h.name in used)
    return tuple(h.condition for h in found)
