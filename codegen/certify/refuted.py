"""What does not hold in all runs: the theorem that it does is refuted by one run, in exact numbers.

The run is one of which all numbers are fractions, also what is under a root. Coq is told each of them, finds by the
step that it is so, and that what was said of all runs is false of this one.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import sympy

from ..algebra import exact
from ..replay import _assumed, breaks
from ..replay.adversary import Setting, hypers, settings
from ..replay.run import BeyondError, Run, compiled, outside_of, run_rule
from ..spec.domain import Domain
from ..spec.enclosure import UndecidableError, UndefinedError
from ..spec.symbols import GRADIENT
from ..statement import Holds, Not, Runs, SameRun, Start, Statement
from ..statement.terms import expected
from . import theorem_of
from .cases import Case
from .printing import Step
from .runs import NOW, Course, literal
from .theorem import Hypothesis, InexpressibleError, Theorem, comment

_GRADIENTS = tuple(tuple(Fraction(g) for g in pattern.split()) for pattern in ("1 0 1", "1 1/2 0", "2 -1 1", "0 1 -1"))
_STEPS = (1, 2, 3)
_SHARES = (Fraction(1, 2), Fraction(3, 4), Fraction(0), Fraction(8, 9))
_SIZES = (Fraction(1), Fraction(3), Fraction(1, 4), Fraction(8))
_Hypers = Callable[[int], Mapping[str, Fraction]]


@dataclass(frozen=True)
class _Broken:
    """A run, or two side by side, that break a relation in the step `t`."""

    setting: Setting
    t: int
    runs: tuple[Run, ...]


@theorem_of.register
def _(relation: Not, case: Case) -> Theorem:
    said = relation.of
    if not isinstance(said, SameRun | Holds):
        raise InexpressibleError(f"refutations of the kind {type(said).__name__}")
    statement = replace(case.statement, relation=said)
    runs = _breaking(said, statement) if isinstance(said, SameRun) else _falsifying(said, statement)
    broken = next(runs, None)
    if broken is None:
        raise InexpressibleError("a run whose numbers are not all fractions")
    inner = _InNumbers(case.name, statement, broken, case.statement)
    return inner.refuted(theorem_of(said, inner) if isinstance(said, SameRun) else inner.said_of_all(said))


def _falsifying(relation: Holds, statement: Statement) -> Iterator[_Broken]:
    """Runs in which a relation is false, those with few steps first."""
    if relation.left.has(expected) or relation.right.has(expected):
        raise InexpressibleError("refutations of what is expected")
    runs, left, right = statement.runs, compiled(relation.left), compiled(relation.right)
    where = exact.function(relation.where) if relation.where is not None else None
    names = frozenset(s.name for s in relation.symbols().union(*(c.free_symbols for c in statement.conditions)))
    for t, setting in itertools.product(_STEPS, _settings(runs)):
        if t > len(setting.gradients):
            continue
        try:
            run = run_rule(runs.optimizer, replace(setting, gradients=setting.gradients[:t]), runs, names)
            if t not in run.rows or not _usable(run, statement) or (where is not None and not where(run.rows[t])):
                continue
            if breaks(left([run], {"t": t}), right([run], {"t": t}), relation.sign):
                yield _Broken(setting, t, (run,))
        except (BeyondError, UndecidableError, UndefinedError, KeyError):
            continue


def _settings(runs: Runs) -> Iterator[Setting]:
    """The runs with which statements are run again, and some in which roots are fractions."""
    given = [*settings(runs)]
    yield from given
    for hyper, setting in itertools.product(_hypers(runs), given[:6]):
        yield replace(setting, hyper=hyper)


def _breaking(relation: SameRun, statement: Statement) -> Iterator[_Broken]:
    rule = statement.runs.optimizer
    maps = {name: exact.function(value) for name, value in relation.hyper.items()}
    for (hyper, gradients), t in itertools.product(itertools.product(_hypers(statement.runs), _GRADIENTS), _STEPS):
        setting = Setting(hyper, gradients[:t])

        def theirs(t: int, hyper: _Hypers = hyper) -> Mapping[str, Any]:
            given = {**hyper(t), "t": Fraction(t)}
            return {name: value(given) for name, value in maps.items()}

        try:
            one = run_rule(rule, setting, statement.runs)
            if not _usable(one, statement) or any(outside_of(relation.other, theirs(k)) for k in one.steps):
                continue
            two = run_rule(relation.other, replace(setting, hyper=theirs), Runs(relation.other))
        except (UndecidableError, UndefinedError, KeyError):
            continue
        if t in one.rows and t in two.rows and _fractions(two) and one.rows[t]["w_new"] != two.rows[t]["w_new"]:
            yield _Broken(setting, t, (one, two))


def _usable(run: Run, statement: Statement) -> bool:
    return _fractions(run) and all(_assumed(statement, run.rows[t]) for t in run.steps)


def _fractions(run: Run) -> bool:
    return all(isinstance(value, Fraction | int) for t in run.steps for value in run.rows[t].values())


def _hypers(runs: Runs) -> Iterator[_Hypers]:
    """Hyperparameters of runs: some with which statements are run again, and some whose roots are fractions."""
    yield from itertools.islice(hypers(runs), 3)
    (first, *_) = hypers(runs)

    def beside(share: Fraction, size: Fraction, alone: str = "") -> _Hypers:
        """With this share in place of all numbers up to 1, and this size in place of all others, or `alone` of one."""

        def found(t: int) -> Mapping[str, Fraction]:
            values = dict(first(t))
            for name in values.keys() - runs.fixed.keys():
                domain = runs.domain_of(name) or Domain()
                value = share if domain.high == 1 else size if alone in ("", name) else Fraction(0)
                values[name] = value if value in domain and name != "lr" else values[name]
            return values

        return found

    yield from (beside(share, size) for share, size in itertools.product(_SHARES, _SIZES))
    yield from (beside(share, size, n) for n in first(1) for share, size in itertools.product(_SHARES[:2], _SIZES[1:]))


class _InNumbers(Case):
    """A statement whose witness is the run that breaks it."""

    def __init__(self, name: str, statement: Statement, broken: _Broken, about: Statement) -> None:
        super().__init__(name, statement)
        self.broken, self.about = broken, about
        #: How the run shows that what was said is false, if not by the equation of the step alone.
        self.end: list[str] = [f"false_in false {broken.t}%nat"]
        began, anywhere = broken.runs[0].rows[0], statement.runs.start is Start.ANY
        free = [name for name, value in self.course.kept.items() if value is None or anywhere]
        self.course.begins = {name: literal(Fraction(began[f"{name}_new"])) for name in free}

    def _values(self, conditions: Sequence[sympy.Basic]) -> dict[str, Fraction]:
        return {n: self._sequence(n)[0] for n in self._given}

    def _sequence(self, name: str) -> list[Fraction]:
        """The values of what is given in the steps up to the one that breaks."""
        broken = self.broken
        if name == GRADIENT:
            return list(broken.setting.gradients[: broken.t])
        try:
            return [Fraction(broken.setting.hyper(t)[name]) for t in range(1, broken.t + 1)]
        except KeyError as error:
            raise InexpressibleError(f"{name}, of which the run says nothing,") from error

    def _chosen(self, values: dict[str, Fraction]) -> list[str]:
        found = []
        for variable in self._variables(values):
            name = next((n for n in values if self.course.sequence(n) == variable.name), None)
            if name is None:
                continue
            numbers, kind = self._sequence(name), "nat" if variable.type.endswith("nat") else "R"
            if not variable.type.startswith("nat ->") or len(set(numbers)) == 1:
                of = " (t : nat)" if variable.type.startswith("nat ->") else ""
                found.append(f"Definition {variable.name}{of} : {kind} := {literal(numbers[0])}.")
                continue
            cases = "".join(f" | {t}%nat => {literal(v)}" for t, v in enumerate(numbers[:-1], start=1))
            value = f"match t with{cases} | _ => {literal(numbers[-1])} end"
            found.append(f"Definition {variable.name} (t : nat) : {kind} := {value}.")
        return found

    def refuted(self, positive: Theorem) -> Theorem:
        """That not all runs are as `positive` has it."""
        about = self.about.text
        return _Refuted(**{**vars(positive), "about": about}, values=(*self._told(),), end=tuple(self.end))

    def said_of_all(self, relation: Holds) -> Theorem:
        """That the relation holds in all runs, which is to be refuted."""
        course, sides, sign = self.course, (relation.left, relation.right), relation.sign
        left, right = (course.said(side, self.now) for side in sides)
        goal, told, shown = f"{left} {sign} {right}", "false", "idtac"
        if relation.where is not None:
            goal = f"{course.print.comparison(course.known(relation.where), NOW)} -> {goal}"
            shown = "specialize (found ltac:(simpl; lra))"
        if self.now == NOW:
            goal, told = f"forall t, {goal}", f"false {self.broken.t - 1}%nat"
        theorem = self.theorem(goal, "idtac", *sides)
        run, t = self.broken.runs[0], self.broken.t
        texts = [course.said(side, Step("", t)) for side in sides]
        computed = [k for k, side in enumerate(sides) if not side.is_number]
        self.end = [f"assert (found := {told})", shown, f"change ({texts[0]} {sign} {texts[1]}) in found"]
        for k in computed:
            value = literal(Fraction(compiled(sides[k])([run], {"t": t})))
            known = "".join(f"try root_of ({literal(r)}); " for r in _roots(course.known(sides[k]), run.rows[t]))
            how = f"cbn [past_sum past_max product Nat.sub pow]; {self._open}put_told; {known}told"
            self.end.append(f"assert (side_{k} : {texts[k]} = {value}) by ({how})")
        self.end.append(f"rewrite {', '.join(f'side_{k}' for k in computed)} in found; lra")
        return theorem

    def _names(self) -> tuple[str, ...]:
        return tuple(self.course.sequence(n) for n in self._given)

    def _with_names(self, hypothesis: Hypothesis) -> Hypothesis:
        """What changes from step to step is looked at in each of them."""
        if hypothesis.proof != "meets":
            return hypothesis
        opened = f"cbv beta iota zeta delta [{' '.join(self._names())}]" if self._names() else "idtac"
        return replace(hypothesis, proof=f"intros; {opened}; each_step; meets")

    def _told(self) -> Iterator[str]:
        """Sentences, each of which says what a step computes, from those before it."""
        courses = list(zip((self.course, *self.others), self.broken.runs, strict=True))
        for course, run in courses:
            for name in (n for n in course.kept if n in course.used):
                own, began = course.sequence(name), literal(Fraction(run.rows[0][f"{name}_new"]))
                yield f"assert ({own} 0%nat = {began}) by (first [reflexivity | rewrite {own}_start; {self._open}told])"
        for t in range(1, self.broken.t + 1):
            for course, run in courses:
                row = run.rows[t]
                for target, value in course.steps.items():
                    if course.named(target) in course.used:
                        roots = _roots(course.known(value), row)
                        yield self._sentence(course, course.named(target), t, Fraction(row[target]), roots)
                for name in (n for n in course.kept if n in course.used and f"{n}_new" not in course.steps):
                    yield self._sentence(course, name, t, Fraction(row[f"{name}_new"]), [])

    @property
    def _open(self) -> str:
        return f"unfold {', '.join(self._names())}; " if self._names() else ""

    def _sentence(self, course: Course, name: str, t: int, value: Fraction, roots: Sequence[Fraction]) -> str:
        own = course.sequence(name)
        known = "".join(f"try root_of ({literal(r)}); " for r in roots)
        return f"assert ({own} {t}%nat = {literal(value)}) by (rewrite {own}_step; {self._open}put_told; {known}told)"


def _roots(value: sympy.Expr, row: Mapping[str, Any]) -> list[Fraction]:
    """What the roots in `value` are, where they are fractions."""
    found: dict[Fraction, None] = {}
    for power in sorted(value.atoms(sympy.Pow), key=lambda one: (sympy.count_ops(one), sympy.default_sort_key(one))):
        if power.exp in (sympy.Rational(1, 2), sympy.Rational(-1, 2)):
            try:
                root = exact.evaluate(sympy.sqrt(power.base), row)
            except (UndefinedError, UndecidableError, KeyError):
                continue
            if isinstance(root, Fraction):
                found.setdefault(root)
    return list(found)


@dataclass(frozen=True)
class _Refuted(Theorem):
    """Not what the theorem says: in the run that `runs` defines it is false, as `end` shows."""

    values: tuple[str, ...] = ()
    end: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The run, that what is said does not hold of all runs, and how it fails of this one."""
        names = [name for names in self._groups().values() for name in names]
        steps = [h for h in self.hypotheses if h.name.endswith(("_step", "_start"))]
        proof = [
            "intro said",
            *(f"assert ({h.name} : {h.text}) by ({h.proof})" for h in steps),
            *self.values,
            f"assert (false := said {' '.join([*names, *(f'ltac:({h.proof})' for h in self.hypotheses)])})",
            *self.end,
        ]
        hypotheses = [f"    ({h.name} : {h.text})" for h in self.hypotheses]
        return "\n".join(
            [
                f"(* {comment(self.about)} *)",
                f"Module {self.witness}.",
                *self.runs,
                f"Theorem refuted : ~ (forall {self._binders()}",
                *hypotheses[:-1],
                f"{hypotheses[-1]},",
                f"  {self.goal}).",
                "Proof.",
                *(f"  {line}." for line in proof),
                "Qed.",
                f"End {self.witness}.",
                f"Definition {self.name} := {self.witness}.refuted.",
                "",
            ]
        )
