"""Whether two rules are one algorithm: a map that is found and proved, or a trace in which they part.

Two rules are equivalent if every run of one is a run of the other: under a map of hyperparameters and states,
possibly with t counted from another number, and under conditions that are named. They are different if it is proved
that for some hyperparameters of each no constant ones of the other give the same weights. What is neither is undecided.
"""

from __future__ import annotations

import itertools
import math
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import sympy

from ..algebra import exact
from ..algebra.assumptions import Assumptions
from ..algebra.points import candidates as numbers_in
from ..analysis import apart
from ..analysis.inside import comparisons, contains, is_end
from ..analysis.premises import Premises
from ..analysis.proof import Formatter, Proof, prove_claim
from ..analysis.traces import always
from ..claims.equivalence import Equals
from ..load import FLEETING, UsageError
from ..prove.equivalence import Mapped, enter, holding, simulate
from ..replay import checked
from ..result import PROVED, REFUTED, SKIPPED, TESTED, UNDECIDED, Outcome, Result
from ..spec.rules import Optimizer
from ..spec.symbols import STEP, Hyper
from ..statement import Said, Statement
from ..timeouts import COMPARE, SlowError, limited
from .compose import Named
from .inequivalence import RUNS, Excluded, exclude, simple
from .reparametrization import Candidate, candidate_maps
from .rerun import rerun, written
from .step_ratio import bound

EQUIVALENT, DIFFERENT = "equivalent", "different"  # the third is UNDECIDED

_SHIFTS = (1, -1)
_REPLAYED = (1, 2, -1, 3, -2, 1)  # gradients
_AGREES = 1e-9


@dataclass(frozen=True)
class Comparison:
    """What is known of two rules.

    `conditions` are those under which they are equivalent; `trace` is the smallest run in which they part, if they do
    (of equivalent rules: where a condition does not hold); `results` are all statements with their proofs.
    """

    left: str
    right: str
    verdict: str
    statement: str
    conditions: tuple[str, ...] = ()
    trace: Mapping[str, str] | None = None
    results: tuple[Result, ...] = ()
    seconds: float = 0.0

    def rows(self) -> dict[str, Any]:
        """What `--json` prints of it."""
        return {
            "left": self.left,
            "right": self.right,
            "verdict": self.verdict,
            "statement": self.statement,
            "conditions": list(self.conditions),
            "trace": dict(self.trace) if self.trace else None,
        }


@dataclass(frozen=True)
class _Found:
    """A proved map: `claim` said of `rule`. `shift` is what other's t is ahead; `fixed` what is a number in it."""

    rule: Optimizer
    claim: Equals
    sides: tuple[Named, Named]
    shift: int
    fixed: tuple[tuple[str, str, sympy.Expr], ...]

    @property
    def timed(self) -> tuple[str, ...]:
        """The hyperparameters of the other that change with t."""
        return tuple(n for n, v in self.claim.hyper.items() if STEP in {s.name for s in v.free_symbols})

    @property
    def rank(self) -> tuple:
        """The fewer conditions, the better."""
        plain = sum(not v.is_Symbol for v in (*self.claim.hyper.values(), *self.claim.state.values()))
        return (len(self.fixed), len(self.timed), self.shift != 0, len(self.claim.constant), plain)


def compare(
    left: Named, right: Named, seconds: float = COMPARE, started: Callable[[str, str], None] = lambda rule, what: None
) -> Comparison:
    """What the two rules are to each other, in about `seconds` of the processor; `started` is told what is tried."""
    for one in (left, right):
        if one.rule.reductions:
            raise UsageError(f"{one.text} sums up over arrays, and such rules are not compared; name another rule")
    begin = time.process_time()

    def remaining(share: float) -> float:
        return max(0.5, share * (seconds - (time.process_time() - begin)))

    name = f"{left.text}, {right.text}"
    found: list[_Found] = []
    for shift in (0, *_SHIFTS):
        for one, other in ((left, right), (right, left)):
            if shift and found and (shift < 0 or not any(f.timed for f in found)):
                continue
            started(name, f"maps from {one.text} to {other.text}" + (f", t + {shift}" if shift else ""))
            with suppress(SlowError), limited(remaining(0.1 if shift else 0.3)) as tick:
                found += itertools.islice(_maps(one, other, shift, tick), 1)
    if not found:
        declared = (map_ for one, other in ((left, right), (right, left)) for map_ in _declared(one, other))
        found += itertools.islice(declared, 1)
    with tempfile.TemporaryDirectory(prefix=FLEETING) as folder:
        if found:
            started(name, "the condition")
            best = min(found, key=lambda f: f.rank)
            result = _equivalent(best, len(found) == 1, remaining, Path(folder))
        else:
            result = _different(left, right, remaining, started, Path(folder))
    return replace(result, left=left.text, right=right.text, seconds=time.process_time() - begin)


# Equivalent.


def _maps(one: Named, other: Named, shift: int, tick: Callable[[], None]) -> Iterator[_Found]:
    """The maps from one rule to the other that are proved."""
    rule, target = one.rule.runnable, _shifted(other.rule.runnable, shift)
    if shift and STEP not in {s.name for step in target.steps for s in step.value.free_symbols}:
        return
    for candidate in candidate_maps(rule, target, tick):
        declared = target if shift else other.rule
        if not candidate.unmatched:
            said_of, claim = one.rule, Equals(declared, dict(candidate.hyper), dict(candidate.state), {}, ())
        elif (inverted := _inverted(rule, target, candidate)) is not None:
            said_of, claim = declared, replace(inverted, other=one.rule)
        else:
            continue
        numbers = tuple((other.rule.name, n, v) for n, v in candidate.hyper.items() if v.is_number)
        for constant in _constants(claim):
            tick()
            attempt = _within(replace(claim, constant=constant), said_of)
            if attempt is not None and _is_proved(attempt, said_of):
                sides = (other, one) if candidate.unmatched else (one, other)
                yield _Found(said_of, attempt, sides, shift, numbers)
                break


def _declared(one: Named, other: Named) -> Iterator[_Found]:
    """The maps that one of two rules claims itself, and that are proved: in them a state may stay what it was.

    Every hyperparameter of the other is one of this rule's, so that it has no runs but these.
    """
    for claim in one.rule.claims:
        if not isinstance(claim, Equals) or claim.other != other.rule:
            continue
        free = {h.name: h for h in one.rule.hypers if h not in claim.at}
        reached = [claim.hyper.get(h.name, free.get(h.name)) for h in other.rule.hypers]
        if {*reached} <= {*free.values()} and len({*reached}) == len(reached) and _is_proved(claim, one.rule):
            numbers = tuple((one.rule.name, h.name, v) for h, v in claim.at.items())
            yield _Found(one.rule, claim, (one, other), 0, numbers)


def _is_proved(claim: Equals, rule: Optimizer) -> bool:
    """Whether the induction goes through, of more runs than those at the ends of domains."""
    found = Mapped.of(claim, rule)
    assumed = Premises(found.rule, at=claim.at)
    if enter(found, assumed) is not None:
        return False
    proof = Proof(assumed.assumptions)
    simulate(proof, found, assumed)
    names = [h.name for h in found.rule.hypers if h.name not in found.fixed]
    return proof.failed is None and any(
        _is_run(found, assumed, values)
        for values in apart.settings(names, assumed.assumptions)
        if all(values.values()) and not any(is_end(assumed.assumptions.domains[n], v) for n, v in values.items())
    )


def _is_run(found: Mapped, assumed: Premises, values: Mapping[str, Fraction]) -> bool:
    """Whether all that is assumed of hyperparameters holds of these, which are not zero, in the first steps."""
    try:
        whole = {**values, **{n: exact.evaluate(v, values) for n, v in found.fixed.items()}}
        for t in (1, 2, 3):
            apart.mapped(found.hyper, whole, t, Assumptions.of(found.other))
        return holding(assumed, [whole] * 3)
    except ArithmeticError:
        return False


def _shifted(rule: Optimizer, shift: int) -> Optimizer:
    if not shift:
        return rule
    t = [s for step in rule.steps for s in step.value.free_symbols if s.name == STEP]
    later = {s: s + shift for s in t}
    steps = tuple(replace(step, value=step.value.xreplace(later)) for step in rule.steps)
    return replace(rule, steps=steps, claims=())


def _within(claim: Equals, rule: Optimizer) -> Equals | None:
    """The claim of those hyperparameters with which the map stays inside the domains; None if there is none such."""
    theirs = {h.name: Assumptions.of(claim.other).domains[h.name] for h in claim.other.hypers}
    for _ in range(len(theirs) + 1):
        found = Mapped.of(claim, rule)
        outside = enter(found, Premises(found.rule, at=claim.at))
        if outside is None:
            return claim
        left = next((n for n in theirs if f"{n} has to be" in outside), None)
        where = [] if left is None else [c for c, _ in comparisons(found.hyper[left], theirs[left])]
        if not where or any(c in claim.where for c in where) or STEP in {s.name for s in where[0].free_symbols}:
            return None
        claim = replace(claim, where=(*claim.where, *where))
    return None


def _inverted(rule: Optimizer, other: Optimizer, candidate: Candidate) -> Equals | None:
    """`other` has states that do not matter once some of its hyperparameters are numbers: with them it is `rule`."""
    theirs = {h.name: h for h in other.hypers}
    fixed = {theirs[name]: value for name, value in candidate.hyper.items() if value.is_number}
    back: dict[sympy.Symbol, sympy.Expr] = {}
    for name, value in candidate.hyper.items():
        if isinstance(value, Hyper):
            back.setdefault(value, theirs[name])
        elif not value.is_number:
            return None
    if set(back) != set(rule.hypers):
        return None
    states = {s.name: s for s in other.state}
    state = {}
    for name, value in candidate.state.items():
        (old,) = [s for s in value.free_symbols if s in rule.state]
        state[old.name] = states[name] / (value / old).xreplace(back)
    return Equals(rule, {h.name: v for h, v in back.items()}, state, fixed, ())


def _constants(claim: Equals) -> Iterator[tuple[Hyper, ...]]:
    """Sets of hyperparameters to hold constant, the smallest first: those in the map of states can matter."""
    used = {h for v in claim.state.values() for h in v.free_symbols if isinstance(h, Hyper)}
    ordered = sorted(used, key=lambda h: h.name)
    for size in range(len(ordered) + 1):
        yield from itertools.combinations(ordered, size)


def _equivalent(found: _Found, one_way: bool, remaining: Callable[[float], float], folder: Path) -> Comparison:
    """The results of a map. If there is but this `one_way`, the other rule may be more than this one."""
    rule, claim, (one, other) = found.rule, found.claim, found.sides
    results = [replace(checked(r), spec=one.text) for r in prove_claim(claim, rule)]
    statement = results[0].statement
    assert isinstance(statement, Statement)
    conditions = [f"{name} constant" for name in statement.runs.constant]
    target = Formatter(claim.other)
    conditions += [f"{name} of {of} is {target(value)}" for of, name, value in found.fixed]
    conditions += [f"{name} of {claim.other.name} changes with t as the map says" for name in found.timed]
    if found.shift:
        conditions.append(f"t of {claim.other.name} is {abs(found.shift)} {'ahead' if found.shift > 0 else 'behind'}")
    conditions += [text for text in _conditions(statement) if text not in conditions]
    if one_way and not found.fixed and len(claim.other.hypers) > len(rule.hypers):
        conditions.append(f"the hyperparameters of {claim.other.name} are such as the map gives")
    trace = next((r.counterexample for r in results if r.counterexample), None)
    if found.timed:
        results.append(_no_constants(found, remaining))
    if found.fixed:
        results.append(_needs_numbers(found, remaining))
    results.append(_same_code(found, folder))
    if trace is None and conditions:
        trace, replayed = _trace(one, other, folder)
        results += [replayed] if replayed else []
    return Comparison("", "", EQUIVALENT, results[0].text, tuple(conditions), trace, tuple(results))


def _conditions(statement: Statement) -> list[str]:
    """What is assumed beside the domains, from which nobody can stray."""
    declared = {h.condition for h in statement.runs.rule.hypers}
    return [text for text in statement.assumptions if text not in (*declared, "t >= 1")]


def _no_constants(found: _Found, remaining: Callable[[float], float]) -> Result:
    """That the hyperparameters of the other have to change with t."""
    one, other = found.sides
    timed = " and ".join(found.timed)
    statement = f"no constant hyperparameters of {other.rule.name} do; {timed} has to change with t"
    return _exclusion(one, other, "needs t", statement, remaining(0.8))


def _needs_numbers(found: _Found, remaining: Callable[[float], float]) -> Result:
    """That the rule in which hyperparameters are fixed is more than the other."""
    general = found.sides[0] if found.claim.at else found.sides[1]
    special = found.sides[1] if found.claim.at else found.sides[0]
    names = " and ".join(name for _, name, _ in found.fixed)
    statement = f"with other {names}, no constant hyperparameters of {special.rule.name} make it {general.rule.name}"
    found_ = _exclusion(general, special, f"needs {names}", statement, remaining(0.8))
    if found_.counterexample is None or not isinstance(found_.statement, Statement):
        return found_
    others = " and ".join(f"{name} = {found_.counterexample[name]}" for _, name, _ in found.fixed)
    said = Said(statement.replace(f"other {names}", others))
    return replace(found_, statement=replace(found_.statement, relation=said))


def _exclusion(one: Named, other: Named, label: str, words: str, seconds: float) -> Result:
    statement = Premises(one.rule.runnable).statement(Said(words))
    proof: Excluded | None = None
    over = True
    with suppress(SlowError), limited(seconds) as tick:
        proof = exclude(one.rule.runnable, other.rule.runnable, tick)
        over = False
    if proof is None:
        reason = "the time was up" if over else "the equations of the runs that were tried have solutions"
        return Outcome(UNDECIDED, "elimination", reason=reason).of(label, statement, one.text)
    point = {n: str(v) for n, v in proof.setting.items()}
    point |= {"runs": "; ".join(f"{', '.join(map(str, g))}" + (f" from w = {w}" if w else "") for w, g in proof.runs)}
    return Outcome(PROVED, "elimination (Groebner basis)", counterexample=point).of(label, statement, one.text)


def _same_code(found: _Found, folder: Path) -> Result:
    """The generated code of both, run under the map."""
    one, other = found.sides
    statement = f"the generated code of both under the map, gradients {', '.join(map(str, _REPLAYED))}"
    if found.shift < 0:
        return Outcome(SKIPPED, reason="generated code counts t from 1").of("code", statement, one.text)
    mapped = Mapped.of(found.claim, found.rule)
    assumed = Premises(mapped.rule, at=found.claim.at)
    enter(mapped, assumed)
    imported, where = written((one, other), folder)
    names = [h.name for h in mapped.rule.hypers if h.name not in mapped.fixed]
    for point in apart.settings(names, assumed.assumptions):
        if not all(point.values()) or not _is_run(mapped, assumed, point):
            continue
        values = {**point, **{n: exact.evaluate(v, point) for n, v in mapped.fixed.items()}}

        def theirs(t: int, values: Mapping = values) -> dict[str, float]:
            found_ = apart.mapped(mapped.hyper, values, t, Assumptions.of(mapped.other))
            return {n: float(v) for n, v in found_.items()}

        def its(name: str, t: int, theirs: Callable[[int], dict[str, float]] = theirs) -> float:
            return theirs(t)[name]

        try:
            given: Mapping[str, Any] = {n: partial(its, n) for n in theirs(1)} if found.timed else theirs(1)
            first = rerun(imported, one, values, _REPLAYED, 1)
            second = rerun(imported, other, given, _REPLAYED, 1, found.shift)
        except (ArithmeticError, ValueError):
            continue
        if not all(map(math.isfinite, (*first, *second))):
            continue
        worst = max(abs(a - b) / max(1.0, abs(a)) for a, b in zip(first, second, strict=True))
        setting = {n: apart.shown(v) for n, v in values.items()}
        if worst > _AGREES:
            outcome = {**setting, one.rule.name: repr(first), other.rule.name: repr(second)}
            return Outcome(REFUTED, where, counterexample=outcome).of("code", statement, one.text)
        reason = f"{where}: apart by at most {worst:.1e} at " + ", ".join(f"{n} = {v}" for n, v in setting.items())
        return Outcome(TESTED, reason=reason).of("code", statement, one.text)
    return Outcome(SKIPPED, reason="no simple numbers lie in the domains of both").of("code", statement, one.text)


# Different.


def _different(
    left: Named,
    right: Named,
    remaining: Callable[[float], float],
    started: Callable[[str, str], None],
    folder: Path,
) -> Comparison:
    results = []
    for one, other, share in ((left, right, 0.5), (right, left, 0.9)):
        started(f"{left.text}, {right.text}", f"that no hyperparameters of {other.text} make it {one.text}")
        statement = f"no constant hyperparameters of {other.rule.name} make it {one.rule.name}"
        results.append(_exclusion(one, other, f"not {other.rule.name}", statement, remaining(share)))
    trace, replayed = _trace(left, right, folder)
    results += [replayed] if replayed else []
    ratio = None
    for one, other in ((left, right), (right, left)):
        with suppress(SlowError), limited(remaining(0.5)) as tick:
            ratio = ratio or bound(one.rule.runnable, other.rule.runnable, tick)
    if ratio is not None:
        results.append(Outcome(PROVED, ratio.method).of("ratio", ratio.statement, left.text))
    excluded = all(r.status == PROVED for r in results[:2])
    verdict = DIFFERENT if excluded and trace else UNDECIDED
    names = f"{left.rule.name} and {right.rule.name}"
    statement = f"{names}: no constant hyperparameters of the one make it the other"
    if verdict == UNDECIDED:
        said = "with these numbers they differ, but" if trace else "no run was found in which they differ, and"
        statement = f"{names}: {said} neither a map was found nor that there is none proved"
    return Comparison("", "", verdict, statement, (), trace, tuple(results))


def _trace(left: Named, right: Named, folder: Path) -> tuple[Mapping[str, str] | None, Result | None]:
    """The smallest run in which the two part, what is called alike being alike, and what the code makes of it."""
    rules = left.rule.runnable, right.rule.runnable
    for values, start, gradients in _simple_runs(*rules):
        try:
            found = apart.parted(rules, gradients, (always(values[0]), always(values[1])), start)
        except ArithmeticError:
            continue
        if found is None:
            continue
        t, *ends = found
        trace = {"t": str(t), "gradients": ", ".join(map(str, gradients[:t]))}
        trace |= {"w[0]": str(start)} if start else {}
        merged: dict[str, str] = {}
        for side, given in zip((left, right), values, strict=True):
            for name, value in given.items():
                if merged.setdefault(name, str(value)) != str(value):
                    merged[f"{name} of {side.rule.name}"] = str(value)
        trace |= merged
        labels = [f"w[{t}] of {side.rule.name}" for side in (left, right)]
        if labels[0] == labels[1]:
            labels[1] += f" ({right.text})"
        trace |= {label: exact.shown(end) for label, end in zip(labels, ends, strict=True)}
        return trace, _replayed(left, right, values, start, gradients[:t], [float(e) for e in ends], folder)
    return None, None


def _simple_runs(left: Optimizer, right: Optimizer) -> Iterator[tuple[tuple[dict, dict], int, tuple[int, ...]]]:
    """Runs in the order of their length, then of the simplicity of their numbers."""
    runs = [*RUNS, *((0, (1,) * t) for t in range(3, 11)), *((0, (1, *(0,) * t)) for t in range(3, 11))]
    for start, gradients in sorted(runs, key=lambda run: len(run[1])):
        for numbers in (_simplest, simple):
            values = _settings(left, right, numbers)
            if all(_allowed(rule, given) for rule, given in zip((left, right), values, strict=True)):
                yield values, start, gradients


def _allowed(rule: Optimizer, values: Mapping[str, Fraction]) -> bool:
    domains = Assumptions.of(rule).domains
    return all(contains(domains[name], value) for name, value in values.items())


def _simplest(rule: Optimizer, other: Optimizer) -> dict[str, Fraction]:
    domains = Assumptions.of(rule).domains
    return {h.name: numbers_in(domains[h.name])[0] for h in rule.hypers}


def _settings(left: Optimizer, right: Optimizer, numbers: Callable) -> tuple[dict, dict]:
    """Simple numbers for both; what goes by one name, or else has one domain, is the same."""
    first, second = numbers(left, right), numbers(right, left)
    domains = [Assumptions.of(rule).domains for rule in (left, right)]
    open_ = [n for n in first if n not in second]
    for name in second:
        alike = [n for n in open_ if domains[0][n] == domains[1][name]]
        if name in first:
            both = (v for v in (first[name], *numbers_in(domains[0][name])) if v in domains[1][name])
            if (common := next(both, None)) is not None:
                first[name] = second[name] = common
        elif alike:
            second[name] = first[alike[0]]
            open_.remove(alike[0])
    return first, second


def _replayed(
    left: Named,
    right: Named,
    values: tuple[Mapping[str, Fraction], Mapping[str, Fraction]],
    start: int,
    gradients: Sequence[int],
    ends: Sequence[float],
    folder: Path,
) -> Result:
    """Whether the generated code of both ends where the trace says."""
    imported, where = written((left, right), folder)
    statement = "the generated code of both ends at the same two weights"
    found = [rerun(imported, s, v, gradients, start)[-1] for s, v in zip((left, right), values, strict=True)]
    worst = max(abs(a - b) / max(1.0, abs(b)) for a, b in zip(found, ends, strict=True))
    if worst <= _AGREES:
        return Outcome(TESTED, reason=f"{where}: within {worst:.1e}").of("code", statement, left.text)
    outcome = {left.rule.name: repr(found[0]), right.rule.name: repr(found[1])}
    return Outcome(REFUTED, where, counterexample=outcome).of("code", statement, left.text)
