"""Statements about monitors: for all reports, infinite ones and NaN among them, and all hyperparameters.

Every proof walks all ways through the steps (`analysis.paths`), from everything that the states can be; a way on which
the statement could fail has to contradict what is known (`algebra.inequalities`). What holds after every report is
proved by induction. A statement that is not proved is run in exact numbers (`replay.monitors`), which may refute
it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import sympy
from sympy.core.relational import Relational

from ..algebra.assumptions import Assumptions
from ..algebra.inequalities import constraint, impossible
from ..analysis.paths import (
    NAN,
    Done,
    Known,
    Machine,
    Path,
    Pending,
    UnclearError,
    all_heard,
    assumptions_of,
    is_special,
    situation,
)
from ..analysis.premises import Premises
from ..analysis.proof import prove_claim
from ..claims.monitors import Agrees, Always, Cycle, Invariant, MonitorClaim, OnNan, RunningMinimum, theirs
from ..replay import monitors
from ..result import PROVED, REFUTED, UNDECIDED, Line, Outcome, Result
from ..spec.domain import NATURAL, Domain
from ..spec.rules import Monitor
from ..spec.symbols import METRIC, STEP, TRAINING, new
from ..statement import Relation
from ..statement.reports import AfterNan, Agreement, AtReports, Course, LeastReport

Values = Mapping[str, sympy.Expr]

_METRIC, _T = sympy.Symbol(METRIC, real=True), sympy.Symbol(STEP, real=True)
_FOUND, _WANTED = (sympy.Symbol(name, real=True) for name in ("found_", "wanted_"))
_ZERO, _ONE = sympy.Integer(0), sympy.Integer(1)
_ON_EVERY_WAY = "on every way through the steps"


@dataclass
class _Argument:
    """A proof in lines: each says that something holds on every way through some steps."""

    machine: Machine
    fixed: Values
    lines: list[Line] = field(default_factory=list)
    failed: str = ""

    def holds(self, condition: sympy.Basic, given: Values, known: Known, text: str, because: str) -> None:
        """Add the line `text`, which says that `condition` holds wherever `known` does."""
        open_way = self.machine.failure(condition, given, known)
        self.note(text, because, None if open_way is None else _way(open_way))

    def holds_after(self, condition: sympy.Basic, given: Values, report: _Report, text: str, because: str) -> None:
        """As `holds`, after a report; what is assumed before it is made use of where it is needed."""
        try:
            if self.machine.failure(condition, given, report.path.known) is None:
                return self.note(text, because, None)
        except UnclearError:
            pass
        for known in report.ways():
            self.holds(condition, given, known, text, because)
        return None

    def same(self, found: sympy.Expr, wanted: sympy.Expr, given: Values, known: Known, text: str, because: str) -> None:
        """Add the line `text`, which says that the value `found` is what the expression `wanted` comes to."""
        for value, under in self.machine.values(wanted, given, known):
            if NAN in (found, value):
                self.note(text, because, None if found == value else _way(under))
            else:
                both = {_FOUND.name: found, _WANTED.name: value}
                self.holds(sympy.Eq(_FOUND, _WANTED), both, under, text, because)

    def note(self, text: str, because: str, gap: str | None) -> None:
        """Add the line `text`; a `gap` is where it may fail."""
        if gap is not None:
            self.failed = self.failed or f"{text} is open where {gap}"
        elif (line := Line(text, because)) not in self.lines:
            self.lines.append(line)


def _way(known: Known) -> str:
    return ", ".join(f"{c.expr} {c.sign} 0" for c in known) or "nothing is assumed"


def _decided(
    claim: MonitorClaim, rule: Monitor, relation: Relation, method: str, prove: Callable[[], _Argument]
) -> Iterator[Result]:
    """Proved if every line of the argument is; refuted if a run breaks the statement; else undecided."""
    assumed = Premises(rule, at=claim.at)
    assumed.constant(*(h.name for h in rule.hypers))
    assumed.noted("real arithmetic")
    for condition in claim.given:
        for part in sympy.And.make_args(condition):
            assumed.holds(part)
    statement = assumed.statement(relation)
    try:
        _check_meaning(claim, rule)
        argument = prove()
        failed = argument.failed
    except UnclearError as error:
        argument, failed = None, str(error)
    if argument and not failed:
        yield Outcome(PROVED, method, derivation=tuple(argument.lines)).of(claim.label, statement)
    elif not list(claim.problems(rule)) and (trace := monitors.search(statement)):
        yield Outcome(REFUTED, "a run in exact numbers", counterexample=trace).of(claim.label, statement)
    else:
        yield Outcome(UNDECIDED, method, reason=f"no run refutes it, but {failed}").of(claim.label, statement)


def _check_meaning(claim: MonitorClaim, rule: Monitor) -> None:
    """Raise UnclearError if the claim is not one about `rule`."""
    for fact, _ in claim.problems(rule):
        raise UnclearError(fact)


def _fixed(claim: MonitorClaim) -> dict[str, sympy.Expr]:
    return {h.name: value for h, value in claim.at.items()}


def _is_of_metric(condition: sympy.Basic) -> bool:
    return not {METRIC, TRAINING}.isdisjoint(s.name for s in condition.free_symbols)


def _openings(machine: Machine, fixed: Values, given: Iterable[sympy.Basic]) -> list[Known]:
    """What is known of the hyperparameters, in every way in which what is given of them can be."""
    found = list(machine.assuming(tuple(c for c in given if not _is_of_metric(c)), fixed, ()))
    if not found:
        raise UnclearError("what is given cannot be")
    return found


@dataclass(frozen=True)
class _Report:
    """A way through one report: what was heard, and what is assumed of the states before it and of the metrics."""

    heard: Values
    path: Path
    machine: Machine
    assumed: tuple[sympy.Basic, ...]
    before: Values

    def ways(self) -> Iterator[Known]:
        """What is known where all that is assumed holds."""
        yield from self.machine.assuming(self.assumed, self.before, self.path.known)


def _steps(
    argument: _Argument, rule: Monitor, claim: MonitorClaim, known: Known, invariants: Iterable[sympy.Basic] = ()
) -> Iterator[_Report]:
    """All ways through one report, from all that the states can be by then and where the `invariants` hold."""
    machine, fixed = argument.machine, argument.fixed
    assumed = (*invariants, *filter(_is_of_metric, claim.given))
    apart = isinstance(claim, OnNan | RunningMinimum) or any(map(_is_of_metric, (*claim.given, *claim.expressions())))
    pending = Pending(situation(rule, states) for states, _ in machine.starts(rule, fixed, known))
    for states in pending:
        before = {**fixed, **states}
        for heard, path in _paths(machine, rule, before, known, assumed, apart):
            report = _Report(heard, path, machine, assumed, {**before, **heard})
            after = situation(rule, _after(rule, path.values))
            if after not in pending.seen and any(True for _ in report.ways()):
                pending.add(after)
            yield report


def _paths(
    machine: Machine, rule: Monitor, before: Values, known: Known, assumed: tuple[sympy.Basic, ...], apart: bool
) -> Iterable[tuple[Values, Path]]:
    """What was heard and the way through it; where its steps have a value only if what is assumed holds, with that."""
    try:
        return machine.reports(rule, before, known, apart)
    except UnclearError:
        if not assumed:
            raise
    ways = [(heard, w) for heard in all_heard(rule) for w in machine.assuming(assumed, {**before, **heard}, known)]
    return [(heard, path) for heard, way in ways for path in machine.run(rule, before, heard, _T, way)]


def _after(rule: Monitor, values: Values) -> dict[str, sympy.Expr]:
    """The states after a report, under the names of the states."""
    return {s.name: values[new(s).name] for s in rule.state}


def _induction(
    argument: _Argument, conditions: tuple[sympy.Basic, ...], rule: Monitor, claim: MonitorClaim, known: Known
) -> None:
    """Each of `conditions` holds before the first report, and after a report if all of them did before it."""
    for states, under in argument.machine.starts(rule, argument.fixed, known):
        for condition in conditions:
            text = f"before the first report: {condition}"
            argument.holds(condition, {**argument.fixed, **states}, under, text, "base case")
    for report in _steps(argument, rule, claim, known, conditions):
        after = {**argument.fixed, **_after(rule, report.path.values)}
        for condition in conditions:
            text, because = f"after a report: {condition}", f"induction step, {_ON_EVERY_WAY}"
            argument.holds_after(condition, after, report, text, because)


def _each_opening(claim: MonitorClaim, rule: Monitor, prove: Callable[[_Argument, Known], None]) -> _Argument:
    """The argument that `prove` makes, from everything that may be known of the hyperparameters."""
    argument = _Argument(Machine.of(rule), _fixed(claim))
    for known in _openings(argument.machine, argument.fixed, claim.given):
        prove(argument, known)
    return argument


@prove_claim.register
def _(claim: Invariant, rule: Monitor) -> Iterator[Result]:
    def prove(argument: _Argument, known: Known) -> None:
        _induction(argument, (claim.condition,), rule, claim, known)

    relation, method = AtReports(claim.condition, kept=True), "induction, linear inequalities"
    yield from _decided(claim, rule, relation, method, lambda: _each_opening(claim, rule, prove))


@prove_claim.register
def _(claim: Always, rule: Monitor) -> Iterator[Result]:
    def prove(argument: _Argument, known: Known) -> None:
        if claim.knowing:
            _induction(argument, claim.knowing, rule, claim, known)
        for report in _steps(argument, rule, claim, known, claim.knowing):
            text = f"at every report: {claim.condition}"
            argument.holds_after(claim.condition, report.path.values, report, text, _ON_EVERY_WAY)

    relation = AtReports(claim.condition, kept=False)
    method = "induction, linear inequalities" if claim.knowing else "linear inequalities"
    yield from _decided(claim, rule, relation, method, lambda: _each_opening(claim, rule, prove))


@prove_claim.register
def _(claim: RunningMinimum, rule: Monitor) -> Iterator[Result]:
    state, s = claim.state, claim.state.name

    def prove(argument: _Argument, known: Known) -> None:
        for states, under in argument.machine.starts(rule, argument.fixed, known):
            argument.same(states[s], sympy.oo, {}, under, f"{s}[0] = oo, the least of nothing", "base case")
        for report in _steps(argument, rule, claim, known):
            path, number = report.path, report.heard[METRIC] != NAN
            text = f"{s}[t+1] = min({s}[t], metric[t+1])" if number else f"{s}[t+1] = {s}[t] if metric[t+1] is NaN"
            wanted = sympy.Min(state, _METRIC) if number else state
            found, because = path.values[new(state).name], f"induction step, {_ON_EVERY_WAY}"
            argument.same(found, wanted, path.values, path.known, text, because)

    method = "induction, linear inequalities"
    yield from _decided(claim, rule, LeastReport(state), method, lambda: _each_opening(claim, rule, prove))


@prove_claim.register
def _(claim: OnNan, rule: Monitor) -> Iterator[Result]:
    def prove(argument: _Argument, known: Known) -> None:
        for report in _steps(argument, rule, claim, known):
            path = report.path
            nans = [name for name, value in report.heard.items() if value == NAN]
            for s, value in claim.after.items() if nans else ():
                text = f"{', '.join(f'{name} = NaN' for name in nans)}: {s} becomes {value}"
                found = path.values[new(s).name]
                argument.same(found, value, path.values, path.known, text, "no comparison with NaN holds")

    yield from _decided(
        claim, rule, AfterNan(claim.after), "linear inequalities", lambda: _each_opening(claim, rule, prove)
    )


# What becomes of the states if every report is the same.


@prove_claim.register
def _(claim: Cycle, rule: Monitor) -> Iterator[Result]:
    relation = Course(claim.after, claim.length, claim.metric, claim.first, claim.training)

    def prove() -> _Argument:
        # the number of the report with which a cycle starts, where it is no multiple of a length
        begun = Domain(low=Fraction(claim.first), low_closed=True, integer=True)
        assumptions = assumptions_of(rule).also(j=NATURAL, k=NATURAL, begun_=begun)
        argument = _Argument(Machine(assumptions), _fixed(claim))
        for known in _openings(argument.machine, argument.fixed, claim.given):
            for length, under in argument.machine.values(claim.length, argument.fixed, known):
                for metric, so in argument.machine.values(claim.metric, argument.fixed, under):
                    told = claim.metric if claim.training is None else claim.training
                    for training, then in argument.machine.values(told, argument.fixed, so):
                        heard = {METRIC: metric, TRAINING: training}
                        _Walk(claim, rule, relation, argument, length, heard).prove(then)
        return argument

    yield from _decided(claim, rule, relation, "induction, linear inequalities", prove)


@dataclass
class _Walk:
    """The induction over j and k of a cycle, of this length and with this report."""

    claim: Cycle
    rule: Monitor
    relation: Course
    argument: _Argument
    length: sympy.Expr
    heard: Values

    j, k = sympy.Symbol("j", real=True), sympy.Symbol("k", real=True)

    def prove(self, known: Known) -> None:
        argument, assumptions, j, k = self.argument, self.argument.machine.assumptions, self.j, self.k
        short = constraint("<", self.length, _ONE)
        if any(map(is_special, (*self.heard.values(), self.length))):
            raise UnclearError(f"the report {self.heard[METRIC]} or the length {self.length} is not finite")
        if not (assumptions.assume(self.length).is_integer and impossible((*known, short), assumptions)):
            raise UnclearError(f"the length {self.length} of the cycle is not known to be a whole number from 1")
        for states, under in argument.machine.starts(self.rule, argument.fixed, known):
            if self.claim.first == 0:
                self.check(states, _ZERO, _ZERO, under, "before the first report", "base case")
            else:
                self.through(states, _ONE, under, _ZERO, _ZERO, "after the first report", "base case")
        begun = sympy.Symbol("begun_", real=True) if self.relation.grows else self.claim.first + k * self.length
        left = sympy.expand(self.length - 1 - j)
        cases = ((">=", sympy.expand(left - 1), j + 1, k, "j -> j+1"), ("==", left, _ZERO, k + 1, "k -> k+1, j = 0"))
        for relation, remaining, at_j, at_k, text in cases:
            within = (*known, constraint(relation, remaining, _ZERO))
            within = (*within, constraint(">=", j, _ZERO), constraint(">=", k, _ZERO))
            if impossible(within, assumptions):
                continue
            here = _ZERO if self.length == 1 else j
            for states, under in self.before(here, within):
                because = f"induction step, {_ON_EVERY_WAY}"
                self.through(states, begun + here + 1, under, at_j, at_k, text, because)

    def expected(self, at_j: sympy.Expr, at_k: sympy.Expr) -> dict[str, sympy.Expr]:
        """What the states should be at this place."""
        values = {"j": at_j, "k": at_k, **self.argument.fixed}
        return {
            s.name: sympy.expand_power_exp(e.xreplace({x: values[x.name] for x in e.free_symbols if x.name in values}))
            for s, e in self.claim.after.items()
        }

    def before(self, at_j: sympy.Expr, known: Known) -> Iterator[tuple[dict[str, sympy.Expr], Known]]:
        """The states before a report, in every case of what they should be."""
        options: list[tuple[dict[str, sympy.Expr], Known]] = [({}, known)]
        for s, wanted in self.expected(at_j, self.k).items():
            options = [
                ({**states, s: found}, then)
                for states, under in options
                for found, then in self.argument.machine.values(wanted, self.argument.fixed, under)
            ]
        yield from options

    def through(
        self,
        states: Values,
        t: sympy.Expr,
        known: Known,
        at_j: sympy.Expr,
        at_k: sympy.Expr,
        text: str,
        because: str,
    ) -> None:
        """A report, and what the states should be after it."""
        state = {**self.argument.fixed, **states}
        for path in self.argument.machine.run(self.rule, state, self.heard, sympy.expand(t), known):
            self.check(_after(self.rule, path.values), at_j, at_k, path.known, text, because)

    def check(self, states: Values, at_j: sympy.Expr, at_k: sympy.Expr, known: Known, text: str, because: str) -> None:
        assumptions, expected = self.argument.machine.assumptions, self.expected(at_j, at_k)
        for s, said in self.claim.after.items():
            found, wanted = (_assumed(assumptions, value) for value in (states[s.name], expected[s.name]))
            self.argument.same(found, wanted, self.argument.fixed, known, f"{text}: {s} = {said}", because)


def _assumed(assumptions: Assumptions, expr: sympy.Expr) -> sympy.Expr:
    """`expr` over assumed symbols, so that powers of positive numbers can be told apart."""
    return expr if is_special(expr) else assumptions.assume(expr)


# Two monitors that tell the same.


@prove_claim.register
def _(claim: Agrees, rule: Monitor) -> Iterator[Result]:
    other = claim.other

    def prove() -> _Argument:
        counted = assumptions_of(other).domains
        renamed = {theirs(s).name: counted[s.name] for s in other.state if s.name in counted}
        argument = _Argument(Machine(assumptions_of(rule).also(**renamed)), _fixed(claim))
        for known in _openings(argument.machine, argument.fixed, claim.given):
            for hypers, under in _their_hypers(claim, argument, known):
                _Pair(claim, rule, argument, hypers).prove(under)
        return argument

    relation = Agreement(other, claim.hyper, claim.metric, claim.relation)
    yield from _decided(claim, rule, relation, "induction over both, linear inequalities", prove)


def _their_hypers(claim: Agrees, argument: _Argument, known: Known) -> Iterator[tuple[dict, Known]]:
    """The other's hyperparameters, in every case, each shown to be inside its domain."""
    found: list[tuple[dict[str, sympy.Expr], Known]] = [({}, known)]
    for h in claim.other.hypers:
        mapped = claim.hyper.get(h.name, h)
        found = [
            ({**values, h.name: v}, then)
            for values, under in found
            for v, then in argument.machine.values(mapped, argument.fixed, under)
        ]
    for values, under in found:
        for h in claim.other.hypers:
            value, allowed = values[h.name], h.allowed
            text = f"{h.name} = {claim.hyper.get(h.name, h)} of {claim.other.name} is allowed"
            whole = not allowed.integer or argument.machine.assumptions.assume(value).is_integer
            if is_special(value) or not whole:
                argument.note(text, "its domain", _way(under))
            for condition in _bounds(allowed):
                argument.holds(condition, {_FOUND.name: value}, under, text, "its domain")
        yield values, under


def _bounds(allowed: Domain) -> list[Relational]:
    """The comparisons that say that a number lies inside."""
    found = []
    if allowed.low is not None:
        low = sympy.Rational(allowed.low)
        found.append(sympy.Ge(_FOUND, low) if allowed.low_closed else sympy.Gt(_FOUND, low))
    if allowed.high is not None:
        high = sympy.Rational(allowed.high)
        found.append(sympy.Le(_FOUND, high) if allowed.high_closed else sympy.Lt(_FOUND, high))
    return found


@dataclass
class _Pair:
    """The induction over two monitors, of which the other has these hyperparameters."""

    claim: Agrees
    rule: Monitor
    argument: _Argument
    hypers: Values

    def prove(self, known: Known) -> None:
        claim, machine, fixed = self.claim, self.argument.machine, self.argument.fixed
        pending = Pending()
        for mine, under in machine.starts(self.rule, fixed, known):
            for yours, then in machine.starts(claim.other, self.hypers, under):
                both = {**mine, **self.renamed(yours)}
                text = f"before the first report: {claim.relation}"
                self.argument.holds(claim.relation, {**fixed, **both}, then, text, "base case")
                pending.add(self.shape(both))
        for both in pending:
            for before in machine.assuming((claim.relation,), {**fixed, **both}, known):
                self.tell_the_same(both, before)
            conditions, done = (claim.relation, *filter(_is_of_metric, claim.given)), Done()
            for heard in all_heard(self.rule):
                for before in machine.assuming(conditions, {**fixed, **both, **heard}, known):
                    for after in self.through(both, heard, before, done):
                        pending.add(self.shape(after))

    def renamed(self, yours: Values) -> dict[str, sympy.Expr]:
        """The other's states under names of their own."""
        return {theirs(s).name: yours[s.name] for s in self.claim.other.state}

    def yours(self, both: Values) -> dict[str, sympy.Expr]:
        """The other's states under its names."""
        return {s.name: both[theirs(s).name] for s in self.claim.other.state}

    def shape(self, both: Values) -> dict[str, sympy.Expr]:
        symbols = {
            **{s.name: s for s in self.rule.state},
            **self.renamed({s.name: theirs(s) for s in self.claim.other.state}),
        }
        return {name: both[name] if is_special(both[name]) else symbol for name, symbol in symbols.items()}

    def tell_the_same(self, both: Values, known: Known) -> None:
        machine, given = self.argument.machine, {**self.argument.fixed, **both}
        for mine, under in machine.values(self.rule.value, given, known):
            told = {**self.hypers, **self.yours(both)}
            self.argument.same(mine, self.claim.other.value, told, under, "then both tell the same", "consequence")

    def through(self, both: Values, heard: Values, known: Known, done: Done) -> Iterator[dict[str, sympy.Expr]]:
        """The states of both after a report; the relation holds between them."""
        claim, machine, fixed = self.claim, self.argument.machine, self.argument.fixed
        text, because = f"after a report: {claim.relation}", "induction step, on every way through the steps of both"
        state = {**self.hypers, **self.yours(both)}
        for path in machine.run(self.rule, {**fixed, **both}, heard, _T, known):
            for metric, under in machine.values(claim.metric, {**fixed, **heard}, path.known):
                for twin in machine.run(claim.other, state, {**heard, METRIC: metric}, _T, under):
                    after = {**_after(self.rule, path.values), **self.renamed(_after(claim.other, twin.values))}
                    if done.adds(tuple(after.values()), twin.known):
                        self.argument.holds(claim.relation, {**fixed, **after}, twin.known, text, because)
                        yield after
