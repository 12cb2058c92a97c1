"""Statements about monitors: for every metric, every number of reports and all hyperparameters.

Every proof walks all ways through the steps (`codegen.machine`); a way on which the statement could
fail has to contradict what is known (`codegen.inequalities`). What holds after every report is proved
by induction. A statement that cannot be proved is run on simple metrics, and refuted by a trace.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import mpmath
import sympy
from sympy.core.relational import Relational

from codegen import domain, reference
from codegen.claims.monitors import Agrees, Always, Cycle, Invariant, MonitorClaim, OnNan, RunningMinimum, theirs
from codegen.inequalities import constraint, impossible
from codegen.machine import NAN, Known, Machine, UnclearError, facts_of, situations, starts
from codegen.prove.base import Speller, domains_of, prove_claim
from codegen.result import PROVED, REFUTED, UNDECIDED, Line, Result
from codegen.spec import METRIC, Monitor, new
from codegen.tactics import Facts, differ, points, shown

_METRIC = sympy.Symbol(METRIC, real=True)
_T = sympy.Symbol("t", real=True)
_COUNT = domain.parse("integer >= 0")

#: Metrics that are reported in search of a counterexample, the simplest first.
_METRICS: tuple[tuple[Fraction, ...], ...] = tuple(
    tuple(map(Fraction, itertools.islice(itertools.cycle(values), 12)))
    for values in (
        (1,),
        range(12, 0, -1),
        range(1, 13),
        ("1", "1/2"),
        (-1,),
        ("-4", "-3"),
        (4, 4, 3, 3, 3, 3, 2, 5, 5, 5, 5, 5),
        (0, -1, -1, -1, 2, -8, "-15/2", -7, 1, 1, 1, 1),
    )
)


@dataclass
class _Argument:
    """A proof in lines: each says that something holds on every way through some steps."""

    machine: Machine
    lines: list[Line] = field(default_factory=list)
    failed: str = ""

    def holds(self, condition: sympy.Basic, given: Mapping, known: Known, text: str, because: str) -> None:
        """Add the line `text`, which says that `condition` holds wherever `known` does."""
        open_way = self.machine.failure(condition, given, known)
        self._note(text, because, None if open_way is None else _way(open_way))

    def _note(self, text: str, because: str, gap: str | None) -> None:
        if gap is not None:
            self.failed = self.failed or f"{text} is open where {gap}"
        elif (line := Line(text, because)) not in self.lines:
            self.lines.append(line)


def _way(known: Known) -> str:
    return ", ".join(f"{c.expr} {c.sign} 0" for c in known) or "nothing is assumed"


def _decided(
    claim: MonitorClaim,
    rule: Monitor,
    statement: str,
    method: str,
    argue: Callable[[], _Argument],
    disagree: Callable[[Mapping, Sequence], dict[str, str] | None],
    *others: Monitor,
) -> Iterator[Result]:
    """Proved if every line of the argument is; refuted if a run disagrees; else undecided."""
    assumptions = (
        *(f"{h} = {v}" for h, v in claim.at.items()),
        *map(str, claim.given),
        *domains_of(rule, *(h for h in rule.hypers if h not in claim.at)),
        "hyperparameters constant",
        "real arithmetic",
    )
    try:
        argument = argue()
        failed = argument.failed
    except UnclearError as error:
        argument, failed = None, str(error)
    if argument and not failed:
        yield Result("", claim.label, PROVED, statement, method, assumptions, derivation=tuple(argument.lines))
    elif trace := _search(claim, rule, disagree):
        yield Result("", claim.label, REFUTED, statement, "simulation", assumptions, trace)
    else:
        yield Result(
            "", claim.label, UNDECIDED, statement, method, assumptions, reason=f"no run refutes it, but {failed}"
        )


def _at(claim: MonitorClaim, expr: sympy.Basic) -> sympy.Basic:
    return expr.subs(dict(claim.at)) if claim.at else expr


def _prepare(claim: MonitorClaim, rule: Monitor) -> tuple[Machine, dict[str, sympy.Expr], Known]:
    """The machine, the values of fixed hyperparameters, and what is given of the others."""
    machine = Machine(facts_of(rule))
    fixed = {h.name: v for h, v in claim.at.items()}
    known = _sole(machine.assuming(_of_hypers(claim), fixed, ()))
    return machine, fixed, known


def _of_hypers(claim: MonitorClaim) -> tuple[sympy.Basic, ...]:
    return tuple(c for c in claim.given if METRIC not in {s.name for s in c.free_symbols})


def _sole(ways: Iterator[Known]) -> Known:
    """What is given, if it can be in one way and in no other."""
    found = list(ways)
    if len(found) != 1:
        raise UnclearError(f"what is given can be in {len(found)} ways; claim each on its own")
    return found[0]


def _of_metric(claim: MonitorClaim) -> tuple[sympy.Basic, ...]:
    return tuple(c for c in claim.given if METRIC in {s.name for s in c.free_symbols})


def _steps(
    machine: Machine, rule: Monitor, claim: MonitorClaim, fixed: Mapping, known: Known, invariants: Sequence
) -> Iterator:
    """All ways through one report, from every situation in which the `invariants` hold."""
    for situation in situations(rule):
        state = {**fixed, **situation}
        conditions = (*invariants, *_of_metric(claim))
        for before in machine.assuming(conditions, {**state, METRIC: _METRIC}, known):
            for path in machine.run(rule, state, _METRIC, _T, before):
                yield situation, path


def _after(rule: Monitor, values: Mapping, fixed: Mapping) -> dict[str, sympy.Expr]:
    """The states after a report, under the names of the states."""
    return {**fixed, **{s.name: values[new(s).name] for s in rule.state}}


def _induction(
    argument: _Argument, conditions: Sequence, rule: Monitor, claim: MonitorClaim, fixed: Mapping, known: Known
) -> None:
    """Each of `conditions` holds before the first report, and after a report if all of them did before it."""
    for condition in conditions:
        text = f"before the first report: {condition}"
        argument.holds(condition, {**fixed, **starts(rule, fixed)}, known, text, "base case")
    for _, path in _steps(argument.machine, rule, claim, fixed, known, conditions):
        for condition in conditions:
            text = f"after a report: {condition}"
            after = _after(rule, path.values, fixed)
            argument.holds(condition, after, path.known, text, "induction step, on every way through the steps")


@prove_claim.register
def _(claim: Invariant, rule: Monitor) -> Iterator[Result]:
    def argue() -> _Argument:
        machine, fixed, known = _prepare(claim, rule)
        argument = _Argument(machine)
        _induction(argument, (claim.condition,), rule, claim, fixed, known)
        return argument

    def disagree(values: Mapping, number: int) -> bool:
        return _violated(claim.condition, _kept(rule, values))

    statement = f"{claim.condition} at all times{claim.where}"
    yield from _decided(claim, rule, statement, "induction, linear inequalities", argue, _first(disagree, rule, 0))


@prove_claim.register
def _(claim: Always, rule: Monitor) -> Iterator[Result]:
    def argue() -> _Argument:
        machine, fixed, known = _prepare(claim, rule)
        argument = _Argument(machine)
        if claim.knowing:
            _induction(argument, claim.knowing, rule, claim, fixed, known)
        for _, path in _steps(machine, rule, claim, fixed, known, claim.knowing):
            text = f"at every report: {claim.condition}"
            argument.holds(claim.condition, path.values, path.known, text, "on every way through the steps")
        return argument

    def disagree(values: Mapping, number: int) -> bool:
        return _violated(claim.condition, values)

    method = "induction, linear inequalities" if claim.knowing else "linear inequalities"
    statement = f"{claim.condition} at every report{claim.where}"
    yield from _decided(claim, rule, statement, method, argue, _first(disagree, rule, 1))


@prove_claim.register
def _(claim: RunningMinimum, rule: Monitor) -> Iterator[Result]:
    s = claim.state.name

    def argue() -> _Argument:
        machine, fixed, known = _prepare(claim, rule)
        argument = _Argument(machine)
        start = starts(rule, fixed)[s]
        argument.holds(sympy.Eq(start, sympy.oo), {}, known, f"{s}[0] = oo, the least of nothing", "base case")
        for _, path in _steps(machine, rule, claim, fixed, known, ()):
            condition = sympy.Eq(new(claim.state), sympy.Min(claim.state, _METRIC))
            text = f"{s}[t+1] = min({s}[t], metric[t+1])"
            argument.holds(condition, path.values, path.known, text, "induction step, on every way through the steps")
        return argument

    def disagree(hyper: Mapping, metrics: Sequence) -> dict[str, str] | None:
        trace = reference.run_monitor(rule, metrics, hyper)
        for number, values in enumerate(trace[1:], start=1):
            least = reference.number(min(metrics[:number]))
            if _differ(values[f"{s}_new"], least):
                return {**_told(rule, hyper, metrics, number, values), "least": shown(least)}
        return None

    statement = f"{s}[t] = min(metric[1], ..., metric[t]){claim.where}"
    yield from _decided(claim, rule, statement, "induction, linear inequalities", argue, disagree)


@prove_claim.register
def _(claim: Cycle, rule: Monitor) -> Iterator[Result]:
    j, k = sympy.Symbol("j", real=True), sympy.Symbol("k", real=True)
    grows = "k" in {s.name for s in claim.length.free_symbols}
    number = _report_number(claim, grows, Speller(rule)(claim.length))

    def expected(at_j: sympy.Expr, at_k: sympy.Expr) -> dict[str, sympy.Expr]:
        """What the states should be, over the symbols j and k."""
        values = {"j": at_j, "k": at_k}
        return {
            s.name: _at(claim, e).xreplace({x: values[x.name] for x in e.free_symbols if x.name in values})
            for s, e in claim.after.items()
        }

    def argue() -> _Argument:
        base = facts_of(rule).also(j=_COUNT, k=_COUNT)
        machine = Machine(base)
        fixed = {h.name: v for h, v in claim.at.items()}
        given = _sole(machine.assuming(claim.given, fixed, ()))
        argument = _Argument(machine)
        for length, known in machine.values(_at(claim, claim.length), fixed, given):
            walk(argument, machine, base, fixed, length, known)
        return argument

    def walk(
        argument: _Argument, machine: Machine, base: Facts, fixed: Mapping, length: sympy.Expr, known: Known
    ) -> None:
        start, whole = (_T if grows else claim.first + k * length), base.assume(length)
        short = constraint("<", length, sympy.Integer(1))
        if not (whole.is_integer and (whole.is_positive or impossible((*known, short), base))):
            raise UnclearError(f"the length {length} of the cycle is not known to be a whole number from 1")

        def check(states: Mapping, at_j: sympy.Expr, at_k: sympy.Expr, under: Known, text: str, because: str) -> None:
            for s, value in expected(at_j, at_k).items():
                wanted = sympy.expand_power_exp(_assume(base, value))
                found = {**fixed, "found_": _assume(base, states[s])}
                condition = sympy.Eq(sympy.Symbol("found_", real=True), wanted)
                argument.holds(condition, found, under, f"{text}: {s} = {value}", because)

        def through(
            before: Mapping, t: sympy.Expr, under: Known, at_j: sympy.Expr, at_k: sympy.Expr, text: str, because: str
        ) -> None:
            state = {**fixed, **starts(rule, fixed), **before}
            for path in machine.run(rule, state, claim.metric, sympy.expand(t), under):
                check(_after(rule, path.values, fixed), at_j, at_k, path.known, text, because)

        zero = sympy.Integer(0)
        if claim.first == 0:
            check(starts(rule, fixed), zero, zero, known, "before the first report", "base case")
        else:
            through({}, sympy.Integer(1), known, zero, zero, "after the first report", "base case")
        left = sympy.expand(length - 1 - j)
        cases = ((">=", sympy.expand(left - 1), j + 1, k, "j -> j+1"), ("==", left, zero, k + 1, "k -> k+1, j = 0"))
        for relation, remaining, at_j, at_k, text in cases:
            here = constraint(relation, remaining, zero)
            within = (*known, here, constraint(">=", j, zero), constraint(">=", k, zero))
            if impossible(within, machine.facts):
                continue
            start_j = zero if length == 1 else j
            options = [({}, within)]
            for s, value in expected(start_j, k).items():
                wanted = sympy.expand_power_exp(value)
                options = [
                    ({**state, s: found}, then)
                    for state, under in options
                    for found, then in machine.values(wanted, fixed, under)
                ]
            for state, under in options:
                because = "induction step, on every way through the steps"
                through(state, start + start_j + 1, under, at_j, at_k, text, because)

    def disagree(hyper: Mapping, metrics: Sequence) -> dict[str, str] | None:
        return _other_course(claim, rule, hyper, metrics)

    after = ", ".join(f"{s} = {e}" for s, e in claim.after.items())
    listens = f"on a flat metric {claim.metric}, " if rule.listens else ""
    statement = f"{listens}after report {number}: {after}{claim.where}"
    yield from _decided(claim, rule, statement, "induction, linear inequalities", argue, disagree)


def _report_number(claim: Cycle, grows: bool, length: str) -> str:
    """The number of a report, in j and k, as text."""
    parts = [str(claim.first)] if claim.first else []
    if grows:
        of_i = re.sub(r"\bk\b", "i", length)
        parts.append(f"sum({of_i}, i=0..k-1)")
    else:
        parts.append("k" if length == "1" else f"({length}) * k")
    return " + ".join(parts if length == "1" else [*parts, "j"])


def _other_course(claim: Cycle, rule: Monitor, hyper: Mapping, metrics: Sequence) -> dict[str, str] | None:
    """The first report of a flat metric after which the states are others than the claim says."""
    if len(set(metrics)) > 1:
        return None
    trace = reference.run_monitor(rule, metrics, hyper)
    exact = {name: reference.number(v) for name, v in hyper.items()}
    exact |= {s.name: reference.number(metrics[0]) for s in claim.metric.free_symbols}
    place = {"j": -1, "k": 0}
    for report, values in enumerate(trace):
        if report < claim.first:
            continue
        place["j"] += 1
        if place["j"] >= reference.evaluate(claim.length, {**exact, "k": reference.number(place["k"])}):
            place = {"j": 0, "k": place["k"] + 1}
        numbers = {**exact, **{name: reference.number(v) for name, v in place.items()}}
        for s, value in claim.after.items():
            claimed = reference.evaluate(value, numbers)
            if _differ(values[f"{s}_new"], claimed):
                told = _told(rule, hyper, metrics, report, values)
                return {**told, "state": str(s), "claimed": shown(claimed)}
    return None


def _assume(facts: Facts, expr: sympy.Expr) -> sympy.Expr:
    """`expr` over assumed symbols, so that powers of positive numbers can be told apart."""
    return expr if expr.is_infinite else facts.assume(expr)


@prove_claim.register
def _(claim: OnNan, rule: Monitor) -> Iterator[Result]:
    def argue() -> _Argument:
        machine, fixed, known = _prepare(claim, rule)
        argument = _Argument(machine)
        for situation in situations(rule):
            for path in machine.run(rule, {**fixed, **situation}, NAN, _T, known):
                for s, value in claim.after.items():
                    found = path.values[new(s).name]
                    condition = sympy.Eq(sympy.Symbol("found_", real=True), value)
                    given = {**path.values, "found_": found}
                    text = f"metric = NaN: {s} becomes {value}"
                    argument.holds(condition, given, path.known, text, "no comparison with NaN holds")
        return argument

    def disagree(hyper: Mapping, metrics: Sequence) -> dict[str, str] | None:
        nan = float("nan")
        heard = [m if number % 3 else nan for number, m in enumerate(metrics, start=1)]
        trace = reference.run_monitor(rule, heard, hyper)
        for number, values in enumerate(trace[1:], start=1):
            for s, value in claim.after.items() if number % 3 == 0 else ():
                claimed = reference.evaluate(value, values)
                if _differ(values[f"{s}_new"], claimed):
                    return {**_told(rule, hyper, heard, number, values), "state": str(s), "claimed": shown(claimed)}
        return None

    text = ", ".join(f"{s} becomes {e}" for s, e in claim.after.items())
    yield from _decided(claim, rule, f"after a report of NaN, {text}", "linear inequalities", argue, disagree)


@prove_claim.register
def _(claim: Agrees, rule: Monitor) -> Iterator[Result]:
    other = claim.other
    mapped = {h.name: claim.hyper.get(h.name, h) for h in other.hypers}

    def hyper_values(machine: Machine, fixed: Mapping, known: Known) -> Iterator[tuple[dict, Known]]:
        """The other's hyperparameters; where they are maxima, in every case."""
        found: list[tuple[dict, Known]] = [({}, known)]
        for name, value in mapped.items():
            found = [
                ({**values, name: v}, then)
                for values, under in found
                for v, then in machine.values(value, fixed, under)
            ]
        yield from found

    def argue() -> _Argument:
        _, fixed, _ = _prepare(claim, rule)
        counted = facts_of(other).domains
        renamed = {theirs(s).name: counted[s.name] for s in other.state if s.name in counted}
        machine = Machine(facts_of(rule).also(**renamed))
        argument = _Argument(machine)
        given = _sole(machine.assuming(_of_hypers(claim), fixed, ()))
        tells = sympy.Eq(rule.value, other.value.xreplace({s: theirs(s) for s in other.state}))
        after_report = f"after a report: {claim.relation}"
        for hypers, known in hyper_values(machine, fixed, given):
            begin = {theirs(s).name: v for s, v in zip(other.state, starts(other, hypers).values(), strict=True)}
            both = {**fixed, **starts(rule, fixed), **begin}
            argument.holds(claim.relation, both, known, f"before the first report: {claim.relation}", "base case")
            for mine, yours in itertools.product(situations(rule), situations(other)):
                both = {**fixed, **mine}
                both |= {theirs(s).name: theirs(s) if yours[s.name] == s else yours[s.name] for s in other.state}
                conditions = (claim.relation, *_of_metric(claim))
                for before in machine.assuming(conditions, {**both, METRIC: _METRIC}, known):
                    told = machine.failure(tells, {**hypers, **both}, before)
                    argument._note("then both tell the same", "consequence", None if told is None else _way(told))
                    for path in machine.run(rule, {**fixed, **mine}, _METRIC, _T, before):
                        state = {**hypers, **{s.name: both[theirs(s).name] for s in other.state}}
                        for twin in machine.run(other, state, claim.metric, _T, path.known):
                            after = _after(rule, path.values, fixed)
                            after |= {theirs(s).name: twin.values[new(s).name] for s in other.state}
                            because = "induction step, on every way through the steps of both"
                            argument.holds(claim.relation, after, twin.known, after_report, because)
        return argument

    def disagree(hyper: Mapping, metrics: Sequence) -> dict[str, str] | None:
        exact = {name: reference.number(v) for name, v in hyper.items()}
        hypers = {name: reference.evaluate(value, exact) for name, value in mapped.items()}
        heard = [reference.evaluate(claim.metric, {METRIC: reference.number(m)}) for m in metrics]
        mine, yours = reference.run_monitor(rule, metrics, hyper), reference.run_monitor(other, heard, hypers)
        for number, (a, b) in enumerate(zip(mine, yours, strict=True)):
            tells = reference.evaluate(rule.value, _kept(rule, a))
            says = reference.evaluate(other.value, {**hypers, **_kept(other, b)})
            if _differ(tells, says):
                told = _told(rule, hyper, metrics, number, a)
                return {**told, rule.name: shown(tells), other.name: shown(says)}
        return None

    pairs = ", ".join(f"{name}={value}" for name, value in claim.hyper.items())
    heard = "" if claim.metric == _METRIC else f" hearing {claim.metric}"
    statement = f"{rule.name} tells what {other.name}({pairs}){heard} tells{claim.where}; {claim.relation}"
    yield from _decided(claim, rule, statement, "induction over both, linear inequalities", argue, disagree)


# Runs that refute.


def runs(rule: Monitor) -> Iterator[tuple[dict[str, Fraction], tuple[Fraction, ...]]]:
    """Simple hyperparameters and metrics, on which runs are tried."""
    names = [h.name for h in rule.hypers]
    settings = list(points(names, Facts.of(rule))) if names else [{}]
    # nothing switched on, which simple numbers seldom leave so
    settings.append({h.name: Fraction(str(h.default)) for h in rule.hypers})
    for metrics, hyper in itertools.product(_METRICS, settings):
        yield hyper, metrics


def _search(
    claim: MonitorClaim, rule: Monitor, disagree: Callable[[Mapping, Sequence], dict[str, str] | None]
) -> dict[str, str] | None:
    """The first run among simple hyperparameters and metrics in which `disagree` finds something."""
    fixed = {h.name: Fraction(v.p, v.q) for h, v in claim.at.items()}
    for setting, metrics in runs(rule):
        hyper = {**setting, **fixed}
        values = {name: reference.number(v) for name, v in hyper.items()}
        # what a claim brings itself, such as the level of a flat metric, is that metric
        heard = {METRIC, *(s.name for c in claim.given for s in c.free_symbols)} - hyper.keys()
        reports = ({**values, **dict.fromkeys(heard, reference.number(m))} for m in metrics)
        if any(_violated(c, report) for report in reports for c in claim.given):
            continue
        try:
            if found := disagree(hyper, metrics):
                return found
        except (ZeroDivisionError, ValueError, OverflowError):
            continue
    return None


def _first(violated: Callable[[Mapping, int], bool], rule: Monitor, start: int):
    """The first report from `start` on of which `violated` is true, as what is said of it."""

    def disagree(hyper: Mapping, metrics: Sequence) -> dict[str, str] | None:
        trace = reference.run_monitor(rule, metrics, hyper)
        for number, values in enumerate(trace):
            if number >= start and violated(values, number):
                return _told(rule, hyper, metrics, number, values)
        return None

    return disagree


def _kept(rule: Monitor, values: Mapping) -> dict:
    """Hyperparameters and the states after a report, under the names of the states."""
    return {**values, **{s.name: values[f"{s.name}_new"] for s in rule.state}}


def _told(rule: Monitor, hyper: Mapping, metrics: Sequence, number: int, values: Mapping) -> dict[str, str]:
    return {
        "reports": ", ".join(map(str, metrics[:number])) or "none",
        **{name: str(value) for name, value in hyper.items()},
        **{s.name: shown(values[f"{s.name}_new"]) for s in rule.state},
    }


def _differ(first, second) -> bool:
    if abs(first) == reference.number("inf") or abs(second) == reference.number("inf"):
        return bool(first != second)
    return bool(mpmath.isnan(first) or mpmath.isnan(second)) or differ(first, second)


def _violated(condition: sympy.Basic, values: Mapping) -> bool:
    """Whether numbers are clearly outside a condition; noise of the last digits does not count."""
    match condition:
        case sympy.And():
            return any(_violated(part, values) for part in condition.args)
        case sympy.Or():
            return all(_violated(part, values) for part in condition.args)
        case Relational():
            left, right = (reference.evaluate(side, values) for side in (condition.lhs, condition.rhs))
            apart = _differ(left, right)
            strict = {"<": left > right, "<=": left > right, ">": left < right, ">=": left < right}
            at_equal = condition.rel_op in ("<", ">", "!=") and not apart
            if condition.rel_op in ("==", "!="):
                return apart if condition.rel_op == "==" else at_equal
            return at_equal or (apart and bool(strict[condition.rel_op]))
    return not reference.evaluate(condition, values)
