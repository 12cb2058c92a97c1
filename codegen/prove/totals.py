"""What the learning rates of a schedule add up to.

A sum over all steps is parted where a maximum or minimum changes sides: the steps up to there by pairing the first
with the last, what follows as a series of a known value. Partial sums are shown by induction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import sympy

from ..algebra import exact
from ..algebra.assumptions import Assumptions
from ..algebra.cases import nonnegative
from ..algebra.tactics import decide
from ..analysis.premises import Premises
from ..analysis.proof import ONE, ZERO, Formatter, Proof, T, prove_claim, substitute
from ..claims.schedules import PartialSum, Sum, SumsTo
from ..replay import replay
from ..replay.adversary import hypers
from ..result import PROVED, REFUTED, UNDECIDED, Line, Outcome, Result
from ..spec.enclosure import UndecidableError, UndefinedError
from ..spec.rules import Schedule
from ..spec.symbols import STEP
from ..statement import Statement
from ..statement.schedules import Total, TotalUpTo
from .pacing import without_value
from .shape import Shape
from .tails import below_one, decide_series, eventually

_PARTS = 4  # how often a schedule is parted
_SHIFT = 64  # how late a p-series may begin
_PERIOD = "number of a period"  # a name that no hyperparameter has


@dataclass(frozen=True)
class Found:
    """What a sum is, and how that was found."""

    value: sympy.Expr
    lines: tuple[Line, ...] = ()
    tactics: tuple[str, ...] = ()

    def __add__(self, other: Found) -> Found:
        tactics = tuple(dict.fromkeys((*self.tactics, *other.tactics)))
        return Found(self.value + other.value, (*self.lines, *other.lines), tactics)


@prove_claim.register
def _(claim: SumsTo, schedule: Schedule) -> Iterator[Result]:
    assumed, value, missing = _entered(claim, schedule)
    statement = assumed.statement(Total(schedule.value, claim.value))
    assumptions = assumed.assumptions
    if missing:
        yield _searched(claim, statement, f"it is not known that {missing[0]} at every step")
        return
    t = assumptions.symbol(STEP)
    found = total(assumptions.assume(value), t, assumptions, Formatter(schedule))
    if found is None:
        tail, _ = eventually(assumptions.assume(value), t)
        series = decide_series(tail, t, assumptions, str)
        if series is not None and not series[1][0]:
            shown = {"tail": str(tail), "fact": f"it diverges: {series[1][1]}"}
            yield Outcome(REFUTED, series[0], counterexample=shown).of(claim.label, statement)
            return
        yield _searched(claim, statement, "no tactic finds the sum")
        return
    wanted = substitute(claim.value, {h.name: v for h, v in claim.at.items()})
    method = ", ".join(found.tactics)
    if decide(found.value, wanted, assumptions).status == PROVED:
        yield Outcome(PROVED, method, derivation=found.lines).of(claim.label, statement)
    elif point := _other(found.value, wanted, statement):
        yield Outcome(REFUTED, method, counterexample=point, derivation=found.lines).of(claim.label, statement)
    else:
        yield _searched(claim, statement, f"the sum is {found.value}, and no tactic shows that this is {wanted}")


@prove_claim.register
def _(claim: PartialSum, schedule: Schedule) -> Iterator[Result]:
    """By induction over t."""
    assumed, value, missing = _entered(claim, schedule)
    statement = assumed.statement(TotalUpTo(schedule.value, claim.value))
    if missing:
        yield _searched(claim, statement, f"it is not known that {missing[0]} at every step")
        return
    wanted = substitute(claim.value, {h.name: v for h, v in claim.at.items()})
    proof = Proof(assumed.assumptions)
    left, right = (substitute(e, {STEP: ONE}) for e in (wanted, value))
    proof.equal(left, right, "t = 1: the sum is a[1]", "base case")
    grown = substitute(wanted, {STEP: T + 1}) - wanted
    proof.equal(grown, substitute(value, {STEP: T + 1}), "t -> t+1: it grows by a[t+1]", "induction step")
    yield proof.result(claim.label, statement, "induction", lambda: replay(statement).broken)


def _entered(claim: Sum, schedule: Schedule) -> tuple[Premises, sympy.Expr, list[sympy.Basic]]:
    """What is assumed, the schedule at the hyperparameters of the claim, and what it needs to have a value."""
    assumed = Premises(schedule, at=claim.at)
    assumed.constant(schedule.value, claim.value)
    value = substitute(schedule.value, {h.name: v for h, v in claim.at.items()})
    wanted = substitute(claim.value, {h.name: v for h, v in claim.at.items()})
    return assumed, value, without_value(assumed, Shape(assumed.assumptions), value, wanted)


def _searched(claim: Sum, statement: Statement, reason: str) -> Result:
    if found := replay(statement).broken:
        return Outcome(REFUTED, "bounds of the sum", counterexample=found).of(claim.label, statement)
    return Outcome(UNDECIDED, reason=f"{reason}, and no bounds of it refute the claim").of(claim.label, statement)


def _other(value: sympy.Expr, wanted: sympy.Expr, statement: Statement) -> dict[str, str] | None:
    """Hyperparameters for which the sum certainly is another number."""
    for hyper in hypers(statement.runs):
        at = hyper(1)
        try:
            if not all(exact.evaluate(condition, at) for condition in statement.conditions):
                continue
            first, second = exact.evaluate(value, at), exact.evaluate(wanted, at)
            if exact.differ(first, second):
                shown = {name: exact.shown(number) for name, number in at.items()}
                return {**shown, "sum": exact.shown(first), "claimed": exact.shown(second)}
        except (UndecidableError, UndefinedError, KeyError):
            continue
    return None


# Sums over all steps.


def total(
    term: sympy.Expr, t: sympy.Symbol, assumptions: Assumptions, spell: Callable[[sympy.Expr], str]
) -> Found | None:
    """The sum of `term`, over assumed symbols, for t = 1, 2, 3, ..."""
    return _total(term, t, assumptions, spell, _PARTS)


def _total(term: sympy.Expr, t: sympy.Symbol, assumptions: Assumptions, spell: Callable, parts: int) -> Found | None:
    term = _sided(term, t, None)
    if sympy.expand(term) == 0:
        return Found(ZERO, (Line("all further terms are 0", "identical"),), ("finite sum",))
    for name, tactic in SUMS.items():
        if (value := tactic(term, t, assumptions)) is not None:
            return Found(value, (Line(f"sum({spell(term)}, t=1..oo) = {spell(value)}", name),), (name,))
    if parts:
        for last in _breaks(term, t):
            before = _paired(_sided(term, t, last), t, last, assumptions)
            after = before is not None and _total(term.xreplace({t: t + last}), t, assumptions, spell, parts - 1)
            if after:
                line = Line(
                    f"the first {spell(last)} terms sum to {spell(before)}", "the first with the last, and so on"
                )
                return Found(before, (line,), ("pairs",)) + after
    return None


def _breaks(term: sympy.Expr, t: sympy.Symbol) -> Iterator[sympy.Expr]:
    """The steps at which a maximum or minimum changes sides."""
    for node in sorted(term.atoms(sympy.Max, sympy.Min), key=sympy.default_sort_key):
        if len(node.args) == 2:
            difference = sympy.expand(node.args[0] - node.args[1])
            slope = sympy.diff(difference, t)
            if slope != 0 and t not in slope.free_symbols:
                at = sympy.expand(t - difference / slope)
                if at.is_integer and at.is_positive:
                    yield at


def _sided(term: sympy.Expr, t: sympy.Symbol, last: sympy.Expr | None) -> sympy.Expr:
    """`term` with the maxima and minima that are the same of their two for t = 1, ..., `last`, or for all t."""

    def side(node: sympy.Expr) -> sympy.Expr:
        if len(node.args) != 2 or not node.has(t):
            return node
        difference = sympy.expand(node.args[0] - node.args[1])
        for better, value in ((difference, node.args[0]), (sympy.expand(-difference), node.args[1])):
            if _nonnegative_all_along(better, t, last):  # the first is the larger one
                return value if isinstance(node, sympy.Max) else next(a for a in node.args if a != value)
        return node

    return term.replace(lambda node: isinstance(node, sympy.Max | sympy.Min), side)


def _nonnegative_all_along(value: sympy.Expr, t: sympy.Symbol, last: sympy.Expr | None) -> bool:
    """Whether something linear in t is at least zero for t = 1, ..., `last`, or for all t."""
    slope = sympy.diff(value, t)
    if t in slope.free_symbols:
        return False
    ends = [value.xreplace({t: ONE}), slope if last is None else value.xreplace({t: last})]
    return all(nonnegative(sympy.factor(end)) for end in ends)


def _paired(term: sympy.Expr, t: sympy.Symbol, last: sympy.Expr, assumptions: Assumptions) -> sympy.Expr | None:
    """The sum for t = 1, ..., `last`, if the k-th term and the k-th from the end always have one sum."""
    if term.has(sympy.Max, sympy.Min):
        return None
    for begin in (ONE, ZERO):  # what a formula says of step 0, which there is not, may be the partner of the last
        first, end, turned = (_cosines(term.xreplace({t: at})) for at in (begin, last, last + begin - t))
        if decide(_cosines(term) + turned, first + end, assumptions).status == PROVED:
            return sympy.expand((last + 1 - begin) * (first + end) / 2 - (1 - begin) * first)
    return None


def _cosines(expr: sympy.Expr) -> sympy.Expr:
    """`expr` with whole multiples of pi taken out of its cosines."""

    def turned(angle: sympy.Expr) -> sympy.Expr:
        halves, rest = sympy.expand(angle).as_independent(*angle.free_symbols, as_Add=True)
        turns = halves / sympy.pi
        return (-1) ** turns * sympy.cos(rest) if turns.is_Integer else sympy.cos(halves + rest)

    return expr.replace(sympy.cos, turned)


def _geometric(term: sympy.Expr, t: sympy.Symbol, assumptions: Assumptions) -> sympy.Expr | None:
    """Each term is the one before times a number below one."""
    if term.has(sympy.floor, sympy.Mod):
        return None
    ratio = sympy.cancel(
        sympy.powsimp(sympy.expand_power_exp(term.xreplace({t: t + 1})) / sympy.expand_power_exp(term))
    )
    ratio = sympy.powsimp(sympy.expand_power_exp(ratio))
    if t in ratio.free_symbols or not below_one(ratio, assumptions):
        return None
    first = term.xreplace({t: ONE})
    # two ways to say the same: a base that may be 0 has one of them
    shown = ((term, first * ratio ** (t - 1)), (term.xreplace({t: t + 1}), ratio * term))
    if not any(decide(left, right, assumptions).status == PROVED for left, right in shown):
        return None
    return first / (1 - ratio)


def _blocks(term: sympy.Expr, t: sympy.Symbol, assumptions: Assumptions) -> sympy.Expr | None:
    """A geometric series in the number of a period of steps, each of which has the same terms."""
    nodes = term.atoms(sympy.floor)
    if len(nodes) != 1:
        return None
    (node,) = nodes
    argument = sympy.expand(node.args[0])
    period = 1 / sympy.diff(argument, t)
    start = sympy.expand(t - argument * period)  # the step with which a period begins
    k = sympy.Symbol(_PERIOD, integer=True, positive=True)
    block = term.xreplace({node: k - 1})
    if not (period.is_integer and period.is_positive and start in (0, 1)) or t in block.free_symbols:
        return None
    series = _geometric(block, k, assumptions.also(**{_PERIOD: assumptions.domains[STEP]}))
    if series is None:
        return None
    return period * series - (1 - start) * block.xreplace({k: ONE})  # there is no step 0


def _p_series(term: sympy.Expr, t: sympy.Symbol, assumptions: Assumptions) -> sympy.Expr | None:
    """A number over an even power of t, or of one of the next steps: Riemann's zeta, a power of pi there."""
    factor, power = term.as_independent(t, as_Add=False)
    base, exponent = power.as_base_exp()
    shift = sympy.expand(base - t)
    if not (exponent.is_Integer and exponent <= -2 and exponent % 2 == 0 and shift.is_Integer and 0 <= shift <= _SHIFT):
        return None
    missing = sympy.Add(*(sympy.Integer(n) ** exponent for n in range(1, int(shift) + 1)))
    return factor * (sympy.zeta(-exponent) - missing)


def _by_parts(term: sympy.Expr, t: sympy.Symbol, assumptions: Assumptions) -> sympy.Expr | None:
    """Each summand of a sum has a sum of its own."""
    parts = sympy.Add.make_args(sympy.expand(term))
    tactics = (_geometric, _blocks, _p_series)
    sums = [next((s for tactic in tactics if (s := tactic(p, t, assumptions)) is not None), None) for p in parts]
    return sympy.Add(*sums) if len(parts) > 1 and None not in sums else None


SUMS: Mapping[str, Callable[[sympy.Expr, sympy.Symbol, Assumptions], sympy.Expr | None]] = {
    "geometric series": _geometric,
    "geometric series of periods": _blocks,
    "zeta function at an even number": _p_series,
    "sum of series": _by_parts,
}
