"""A run of a rule as Coq has it: sequences of real numbers that meet the equations of the steps.

`m t` is the state after step t, `m 0` its start, and `m_hat t` what step t computes. Hyperparameters are sequences
unless they are constant, and so are gradients and all that a step is given. What the theorem supposes of them, it
supposes by name: `beta1_domain`, `m_step`, `m_start`. Only the steps that the statement depends on are there.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import sympy

from ..analysis.derive import needed
from ..expr.tree import ranks
from ..replay.adversary import values_in
from ..spec.domain import Domain
from ..spec.rules import Optimizer
from ..spec.symbols import GRADIENT, NOISE, PARAMETER, RATE, STEP, Array, New
from ..statement import I, J, Runs, Start
from ..statement.terms import symbols_of
from .printing import Binding, Printer, Step, Text, applied
from .theorem import Hypothesis, InexpressibleError

_ATOM, _APPLIED = Binding.ATOM, Binding.APPLIED

#: Words of Coq, and names that its reals and our lemmas use.
_TAKEN = frozenset(
    [
        "as", "at", "cofix", "else", "end", "exists", "fix", "for", "forall", "fun", "if", "in", "let", "match",
        "mod", "return", "Set", "Prop", "Type", "then", "using", "where", "with", "R", "S", "O", "I", "E", "Rabs",
        "Rmax", "Rmin", "sqrt", "exp", "ln", "cos", "tanh", "sgn", "pow", "INR", "PI", "pred", "past_sum",
        "past_max", "product", "later_product", "e", "elements", "Element", "sum_over", "largest_of",
        # what scripts call things on their way
        "all", "edge", "far", "IH", "k", "kept", "less", "M", "mean", "near", "no", "now", "P", "rest", "room", "signs",
        "state", "z",
    ]
)  # fmt: skip
_MOST_CHOICES = 2000  # of numbers that are to meet conditions
#: The step before the one that is spoken of; that one is `S t`.
NOW = Step(STEP, 1)
FIRST = Step("", 1)


def identifier(name: str) -> str:
    """A name as one of Coq."""
    found = re.sub(r"\W", "_", name).strip("_") or "x"
    found = f"x{found}" if found[0].isdigit() else found
    return f"{found}_" if found in _TAKEN else found


def literal(value: Fraction | sympy.Rational) -> str:
    """A rational number, exactly."""
    value = Fraction(int(value.numerator), int(value.denominator))
    text = str(abs(value.numerator)) + (f" / {value.denominator}" if value.denominator != 1 else "")
    return f"- {text}" if value < 0 else text


def ordinary(allowed: Domain) -> Fraction:
    """A number inside a domain, at no end of it."""
    low, high = allowed.low, allowed.high
    if allowed.integer:
        least = Fraction(2) if low is None else low + 1
        return least if least in allowed else low or Fraction(0)
    if low is not None and high is not None:
        return (low + high) / 2
    return Fraction(1) if low is None and high is None else low + 1 if low is not None else (high or Fraction(0)) - 1


def bounded(own: str, allowed: Domain) -> str:
    """That what is spelled `own` lies in a domain, as a proposition; empty if that is every number."""
    low = "" if allowed.low is None else f"{literal(allowed.low)} {'<=' if allowed.low_closed else '<'} "
    high = "" if allowed.high is None else f" {'<=' if allowed.high_closed else '<'} {literal(allowed.high)}"
    return f"{low}{own}{high}" if low or high else ""


def meeting(
    domains: Mapping[str, Domain], conditions: Sequence[sympy.Basic], first: Mapping[str, Fraction] | None = None
) -> dict[str, Fraction]:
    """A number in each domain, so that conditions on them hold; those of `first` are preferred.

    Raises InexpressibleError if none are found.
    """
    values = {name: ordinary(allowed) for name, allowed in domains.items()} | {**(first or {})}
    names = sorted({s.name for c in conditions for s in c.free_symbols})
    options = [[values[name], *values_in(domains[name])] for name in names]
    for picked in itertools.islice(itertools.product(*options), _MOST_CHOICES):
        numbers = dict(zip(names, map(sympy.Rational, picked), strict=True))
        if all(c.xreplace({s: numbers[s.name] for s in c.free_symbols}) == sympy.true for c in conditions):
            return {**values, **dict(zip(names, picked, strict=True))}
    raise InexpressibleError("conditions for which no numbers are found")


class Course:
    """The runs of one rule, as far as something has been said of them.

    `prime` stands behind the names of what a second run has for itself: states, `w`, steps. Hyperparameters and
    gradients are those of `runs`, or made of them as `values` says.
    """

    def __init__(
        self, rule: Optimizer, runs: Runs, prime: str = "", values: Mapping[str, sympy.Expr] | None = None
    ) -> None:
        self.rule, self.runs, self.prime = rule, runs, prime
        self.fixed = {**runs.fixed, **(values or {})}
        self.steps = {step.target.name: step.value for step in rule.steps}
        self.kept = {PARAMETER: None, **{s.name: v for s, v in rule.state.items()}}
        self.hypers = {h.name: h for h in runs.rule.hypers}
        self.rank: Mapping[str, int] = ranks(rule)
        self.used: dict[str, None] = {}
        #: The steps whose equations are supposed.
        self.told: set[str] = set()
        #: What depends on the outcome, where there is chance.
        self.chance: frozenset[str] = frozenset()
        #: Where what starts beside another run starts in the witness.
        self.begins: dict[str, str] = {}
        self.indices: Mapping[sympy.Symbol, str] = {index: self._free(index.name) for index in (I, J)}
        self.print = Printer(self)

    def _free(self, name: str) -> str:
        taken = {*self.steps, *self.kept, *self.hypers, STEP}
        return name if name not in taken else self._free(f"{name}_")

    # Names.

    def known(self, expr: sympy.Basic) -> sympy.Basic:
        """`expr` with the hyperparameters that have a value at it."""
        return expr.xreplace({s: self.fixed[s.name] for s in expr.free_symbols if s.name in self.fixed})

    def said(self, term: sympy.Expr, step: Step = NOW, binding: Binding = Binding.CHOICE) -> str:
        """A term of the statement in a step, as a real number."""
        return self.print(self.known(term), step, binding)

    def sequence(self, name: str) -> str:
        """The name of a state, a step, a gradient or what changes from step to step."""
        own = name in self.steps or name in self.kept
        return identifier(name) + (self.prime if own else "")

    def is_constant(self, name: str) -> bool:
        """Whether it is one number for all steps."""
        if name in self.hypers:
            return name in self.runs.constant
        return name not in self.steps and name not in self.kept and name not in (GRADIENT, RATE, NOISE)

    def domain(self, name: str) -> Domain:
        found = dict(self.runs.domains).get(name)
        return found or (self.hypers[name].allowed if name in self.hypers else Domain())

    def is_natural(self, name: str) -> bool:
        """Whether it is a whole number that is not negative, as exponents and counts are."""
        return name in self.hypers and self.domain(name).integer and self.domain(name).nonnegative

    def dated(self, symbol: sympy.Symbol, step: Step) -> Text:
        """The value that the symbol has in the step."""
        text = self._raw(symbol, step)
        return applied("INR", text) if self.is_natural(symbol.name) else text

    def natural(self, symbol: sympy.Symbol, step: Step) -> str:
        """The same as a natural number. Raises InexpressibleError if it is none."""
        if not self.is_natural(symbol.name):
            raise InexpressibleError(f"{symbol}, which is no natural number,")
        return self._raw(symbol, step)[0]

    def _raw(self, symbol: sympy.Symbol, step: Step) -> Text:
        after = isinstance(symbol, New) or (symbol.name.endswith("_new") and symbol.name in self.steps)
        name = symbol.of.name if isinstance(symbol, New) else symbol.name.removesuffix("_new") if after else symbol.name
        if after and name not in self.kept:  # what a stage makes of the gradient
            name = f"{name}_new"
        self.used.setdefault(name)
        if name in self.kept:
            step = step if after else step.before
        elif self.is_constant(name):
            return identifier(name), _ATOM
        return applied(self.sequence(name), step.text, *([("o", _ATOM)] if name in self.chance else []))

    def takes_chance(self) -> None:
        """Gradients, and all arrays that are made of them, depend on an outcome `o`."""
        arrays = {self.named(s.target.name) for s in self.rule.steps if isinstance(_plain(s.target), Array)}
        self.chance = frozenset({*arrays, GRADIENT, *(s.name for s in self.rule.state if isinstance(s, Array))})

    def by_chance(self, name: str) -> bool:
        """Whether it depends on the outcome."""
        return name in self.chance

    def at_all(self, name: str) -> str:
        """What an equation about it is said of beside all steps."""
        return " o" if name in self.chance else ""

    # What is supposed.

    def targets(self, expressions: Iterable[sympy.Basic]) -> list[str]:
        """The steps on which `expressions` depend, in their order."""
        names = {f"{s.of.name}_new" if isinstance(s, New) else s.name for e in expressions for s in symbols_of(e)}
        reached = needed(self.rule, frozenset(names))
        return [name for name in self.steps if name in reached]

    def within(self, expressions: Iterable[sympy.Basic]) -> list[str]:
        """Those of them that `expressions` depend on in one step, given the states before it."""
        pending, found = [s for e in expressions for s in symbols_of(e)], set()
        while pending:
            symbol = pending.pop()
            name = f"{symbol.of.name}_new" if isinstance(symbol, New) else symbol.name
            if name in self.steps and name not in found:
                found.add(name)
                pending += self.known(self.steps[name]).free_symbols
        return [name for name in self.steps if name in found]

    def named(self, target: str) -> str:
        """The sequence whose value after a step that is."""
        name = target.removesuffix("_new")
        return name if name in self.kept else target

    def equation(self, target: str) -> Hypothesis:
        """The equation of a step, for all steps."""
        name, value = self.sequence(self.named(target)), self.said(self.steps[target])
        self.used.setdefault(self.named(target))
        self.told.add(target)
        o = self.at_all(self.named(target))
        return Hypothesis(f"{name}_step", f"forall t{o}, {name} (S t){o} = {value}", "intros; reflexivity")

    def supposed(self, expressions: Iterable[sympy.Basic], start: Start) -> list[Hypothesis]:
        """The equations of the steps on which `expressions` depend, and where what they keep starts."""
        equations = [self.equation(target) for target in self.targets(expressions)]
        found = []
        for name in [name for name in self.kept if name in self.used]:
            own, value = self.sequence(name), self.kept[name]
            if value is not None and start is Start.DECLARED:
                o = self.at_all(name)
                said = f"{f'forall{o}, ' if o else ''}{own} 0%nat{o} = {self.said(value, FIRST)}"
                found.append(Hypothesis(f"{own}_start", said, "intros; reflexivity" if o else "reflexivity"))
            if f"{name}_new" not in self.steps:
                equations.append(Hypothesis(f"{own}_step", f"forall t, {own} (S t) = {own} t", "intros; reflexivity"))
        return found + equations


def _plain(symbol: sympy.Symbol) -> sympy.Symbol:
    return symbol.of if isinstance(symbol, New) else symbol
