"""What all claims have in common."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any, ClassVar

import sympy
from sympy.core.relational import Relational

from ..spec.domain import POSITIVE_INTEGER
from ..spec.rules import AnyRule, Optimizer
from ..spec.symbols import PARAMETER, STEP

Finding = tuple[str, str]  # fact, remedy


@dataclass(frozen=True)
class Claim:
    """Base of all claims. `applies_to` is the kind of rule that it may be said of."""

    applies_to: ClassVar[type] = Optimizer
    #: Whether it is about what a step does to `w`.
    of_steps: ClassVar[bool] = False

    @property
    def label(self) -> str:
        """The name under which results are listed."""
        raise NotImplementedError

    def expressions(self) -> tuple[sympy.Expr, ...]:
        """What the claim says in the symbols of its own rule."""
        return ()

    def conditions(self) -> tuple[sympy.Basic, ...]:
        """Those of the expressions that are comparisons."""
        return ()

    def extra_symbols(self) -> frozenset[str]:
        """The names of symbols that the claim brings itself."""
        return frozenset()

    def problems(self, optimizer: Any) -> Iterator[Finding]:
        """What makes the claim meaningless for `optimizer`, or another kind of rule, where `applies_to` names that."""
        known = {*optimizer.given, *(s.name for s in optimizer.state), *(h.name for h in optimizer.hypers)}
        known |= {step.target.name for step in optimizer.steps} | self.extra_symbols()
        if self.of_steps:
            yield from still(self, optimizer)
        yield from floats(self, self.expressions())
        for expr in self.expressions():
            if expr.has(sympy.I, sympy.nan, sympy.zoo):
                yield f"{self.label}: {expr} is no real number", "claim something of real numbers"
            if not isinstance(expr, sympy.Expr) and expr not in self.conditions():
                yield f"{self.label}: {expr} is a comparison, where a value is meant", "say it of a value"
            for symbol in sorted(expr.free_symbols, key=str):
                if symbol.name not in known:
                    yield f"{self.label}: the rule has no {symbol}", f"it has {' '.join(sorted(known))}"
        for condition in self.conditions():
            if not isinstance(condition, Relational):
                fact = f"{self.label}: the condition is {condition}, whatever the values are"
                yield fact, "drop it, or give a comparison that holds for some"


#: What an argument has to be that is annotated so, and what is said of one that is not.
_SYMBOL = (sympy.Symbol, "no symbol", "write a symbol of the spec, without quotes")
_MEANT: Mapping[str, tuple[Any, str, str]] = {
    **dict.fromkeys(("sympy.Symbol", "Hyper", "Scalar", "Array"), _SYMBOL),
    **dict.fromkeys(("sympy.Expr", "sympy.Basic"), (sympy.Basic, "no expression", "write it in symbols of the spec")),
    **dict.fromkeys(("Optimizer", "Stage", "Layer", "Monitor"), (AnyRule, "no rule", "write the name of its variable")),
}


def of_another_kind(claim: Claim) -> Iterator[Finding]:
    """The arguments of a claim that are no symbols, expressions or rules, where it takes them for such."""
    for argument in fields(claim):
        value, annotation = getattr(claim, argument.name), str(argument.type)
        is_several = annotation.startswith(("Mapping[", "tuple["))
        name = re.split(r"[\[,\] ]", annotation)[is_several]
        kind, fact, remedy = _MEANT.get(name, (object, "", ""))
        given = value if is_several and isinstance(value, Iterable) else (value,)
        for one in given if value is not None or "None" not in annotation else ():
            if not isinstance(one, kind):
                label = getattr(claim, "name", type(claim).__name__.lower())
                yield f"{label}: its {argument.name} is {one!r}, which is {fact}", remedy


def floats(claim: Claim, expressions: Iterable[sympy.Basic]) -> Iterator[Finding]:
    """The `expressions` with numbers that are rounded."""
    for expr in expressions:
        if expr.atoms(sympy.Float):
            yield f"{claim.label}: {expr} has a float in it", "write it with Rational and hyperparameters"


def unknown(claim: Claim, expressions: Iterable[sympy.Basic], known: Collection[str], what: str) -> Iterator[Finding]:
    """The symbols of `expressions` that are not among the `known` names of the `what` (a schedule, ...)."""
    for symbol in sorted({s for e in expressions for s in e.free_symbols}, key=str):
        if symbol.name not in known:
            yield f"{claim.label}: the {what} has no {symbol}", f"it has {' '.join(sorted(known))}"


def still(claim: Claim, rule: Optimizer) -> Iterator[Finding]:
    """Whether no step of `rule` gives `w` a new value, as most stages do not."""
    if not any(step.target.name == f"{PARAMETER}_new" for step in rule.steps):
        yield f"{claim.label}: {rule.name} never changes w", "say it of a rule that does"


def unsaid(claim: Claim, other: str, names: Collection[str]) -> Iterator[Finding]:
    """The `names` of the `other` rule that a map from this one leaves out."""
    for name in sorted(names):
        yield f"{claim.label}: it does not say what {other}'s {name} is", f"add {name}=... to the map"


def outside(claim: Claim, at: Mapping[sympy.Symbol, sympy.Expr], rule: AnyRule) -> Iterator[Finding]:
    """The values in `at` that a hyperparameter, or the number of a step, cannot have."""
    domains = {hyper.name: hyper.allowed for hyper in rule.hypers}
    for symbol, value in at.items():
        allowed = POSITIVE_INTEGER if symbol.name == STEP else domains.get(symbol.name)
        if allowed is not None and not (value.is_Rational and Fraction(value) in allowed):
            yield f"{claim.label}: {value} is not in the domain of {symbol}", allowed.condition(symbol.name)


def no_state(claim: Claim, symbol: sympy.Symbol, optimizer: Optimizer) -> Iterator[Finding]:
    """Whether `symbol` is neither a state nor the weights."""
    if symbol not in optimizer.state and symbol.name != "w":
        states = " ".join(sorted(s.name for s in optimizer.state))
        yield f"{claim.label}: {symbol} is not a state", f"the states are w {states}".rstrip()


def sympified(mapping: Mapping[Any, object] | None) -> dict[Any, sympy.Expr]:
    """`mapping`, or an empty one, with expressions for numbers and texts."""
    return {key: sympy.sympify(value) for key, value in (mapping or {}).items()}


def taken(claim: Claim, extra_symbols: Iterable[str], rule: Optimizer) -> Iterator[Finding]:
    """Hyperparameters and states with a name by which the claim itself means something else."""
    for name in sorted({s.name for s in (*rule.hypers, *rule.state)} & set(extra_symbols)):
        yield f"{claim.label}: {name} is a name of the rule's own here", "give the rule's another name"
