"""What a file computes is what the spec says, for all real numbers: the operations of the file beside the equations.

Both are there value by value, each under a name with the equation that gives it. The proof goes through the file from
its first operation on, and puts the name of an equation in place of each value that is the same. Which ones are is
found out with numbers at a few points; that they are the same for all numbers, Coq is to see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from random import Random

from ..algebra.assumptions import Assumptions
from ..expr.tree import (
    Call,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Where,
    arrange,
    children,
    names,
    ranks,
)
from ..readback.points import Point, points_of
from ..replay.adversary import values_in
from ..spec.domain import Domain
from ..spec.symbols import STEP
from ..statement.emitted import Emitted
from .nodes import COMPARED, NEAR, Spelling, Values, agree, put_in, put_in_all, value_at
from .printing import Binding
from .runs import bounded, identifier, literal, ordinary
from .theorem import Hypothesis, InexpressibleError, Theorem, Variable

#: Points beside those of the read-back, and the numbers there for what may be any.
_MORE_POINTS = 40
_ORDINARY = (-90, -3, -2, -1, -1, 0, 0, 1, 2, 5, 70)
_LARGE = 1000
_SPEC, _FILE = "spec", "file"
_MOST_CHOICES = 200
_MOST_TRIES = 6


def agreement(emitted: Emitted | None) -> Theorem:
    """The theorem that the file leaves what the spec says; it has no name yet. Raises InexpressibleError."""
    if emitted is None:
        raise InexpressibleError("what is read back of layers and monitors")
    return _Agreement(emitted).theorem()


class _Agreement:
    """The values of a spec and of a file under names that Coq can have."""

    def __init__(self, emitted: Emitted) -> None:
        rule = self.rule = emitted.rule
        rank = ranks(rule)
        self.equations: dict[str, Node] = {s.target.name: arrange(s.value, rank) for s in rule.steps}
        self.domains = {**Assumptions.of(rule).domains}
        self.points = [*self._points(points_of(rule, Assumptions.of(rule)))]
        self.known: dict[str, Values] = {}
        for target, node in self.equations.items():
            self._know(target, node)
        needed = _needed(self.equations, emitted.left)
        self.equations = {target: node for target, node in self.equations.items() if target in needed}
        self.spell = Spelling(self.domains, self.equations)
        self.operations = self._read(emitted)
        self.given = self._given()

    # Which values are the same.

    def _points(self, generic: Sequence[Point]) -> Iterator[dict[str, float]]:
        """Numbers for all that is given: generic ones, and others at which choices go other ways."""
        for point in generic:
            yield {name: float(value) for name, value in point.given.items()}
        chance = Random(0)
        for number in range(_MORE_POINTS):
            values = {}
            for name in generic[0].given:
                allowed = self.domains.get(name, Domain())
                own = [v for v in values_in(allowed) if abs(v) < _LARGE]
                among = _ORDINARY if not allowed.integer and allowed == Domain() else [*own, ordinary(allowed)]
                values[name] = float(chance.choice([*among])) + (chance.random() if allowed == Domain() else 0)
            yield values | {STEP: (1.0, 2.0, 3.0, 9.0, 40.0)[number % 5]}
        lowest = {name: float(self.domains.get(name, Domain()).low or 0) for name in generic[0].given}
        yield from (lowest | {STEP: t} for t in (1.0, 3.0))

    def _know(self, name: str, node: Node) -> Values:
        """The values of `node` at all points, which from here on go by this name."""
        found = self.known[name] = self._at_points(node)
        for point, value in zip(self.points, found, strict=True):
            if value is not None:
                point[name] = value
        return found

    def _at_points(self, node: Node) -> Values:
        return tuple(value_at(node, point) for point in self.points)

    def _read(self, emitted: Emitted) -> dict[str, Node]:
        """The operations that have a name: those that are an equation's value, and those that are read more than once.

        `same` says of which equation.
        """
        self.same: dict[str, str] = {}
        own: dict[str, Node] = {}
        inlined: dict[str, Node] = {}
        uses: dict[str, int] = {}
        for node in (*emitted.operations.values(), *emitted.left.values()):
            for one in names(node):
                uses[one.name] = uses.get(one.name, 0) + 1
        wanted = {node.name: target for target, node in emitted.left.items() if isinstance(node, Name)}
        for operation, node in emitted.operations.items():
            written = put_in(node, inlined)
            values = self._know(operation, node)
            target = wanted.get(operation) or self._equation(values)
            if target is None and (uses.get(operation, 0) < 2 or _exponents_only(written)):
                inlined[operation] = written
                continue
            name = self._free(f"{target}_read" if target else f"read_{len(own) + 1}", own)
            own[name] = written
            self._know(name, Name(operation, node.array))
            inlined[operation] = Name(name, node.array)
            if target is not None:
                self.same[name] = target
        self.left = {target: put_in(node, inlined) for target, node in emitted.left.items()}
        return own

    def _free(self, name: str, taken: Mapping[str, Node]) -> str:
        stem, number = name, 1
        while name in taken or name in self.equations:
            number += 1
            name = f"{stem}_{number}"
        return name

    def _equation(self, values: Values) -> str | None:
        """The equation that has these values."""
        return next((t for t in self.equations if agree(self.known[t], values)), None)

    def _given(self) -> list[str]:
        """What both are given from outside."""
        used = [*self.equations.values(), *self.operations.values(), *self.left.values()]
        found = dict.fromkeys(one.name for node in used for one in names(node))
        return [name for name in found if name not in self.equations and name not in self.operations]

    # What is supposed.

    def theorem(self) -> Theorem:
        conditions = self._conditions()
        values = self._chosen(conditions)
        variables = [Variable(identifier(n), "nat") for n in self.given if self.spell.is_natural(n)]
        variables += [Variable(identifier(n), "R") for n in self.given if not self.spell.is_natural(n)]
        variables += [Variable(identifier(n), "R") for n in (*self.equations, *self.operations)]
        lines = {**self.equations, **self.operations}
        hypotheses = [*self._domains()]
        self.supposed = {one.name for one in hypotheses}
        hypotheses += [self._hypothesis(n, node) for n, node in self.equations.items()]
        hypotheses += [self._hypothesis(n, node) for n, node in self.operations.items()]
        numbers = ", ".join([*map(identifier, lines)][::-1])
        given = ", ".join(map(identifier, self.given))
        meets = f"unfold {f'{numbers}, ' if numbers else ''}{given}; at_numbers"
        for number, one in enumerate(conditions, start=1):
            of = self.spell(one.of, Binding.SUM)
            holds = [*map(self._guard, one.guards)]
            text = " -> ".join([*holds, f"{of} <> 0" if one.sign == "<>" else f"0 {one.sign} {of}"])
            hypotheses.append(Hypothesis(f"defined_{number}", text, meets))
        goal = " /\\ ".join(f"{self.spell(node)} = {identifier(target)}" for target, node in self.left.items())
        definitions = [
            f"Definition {identifier(n)} : {'nat' if self.spell.is_natural(n) else 'R'} := {literal(v)}."
            for n, v in values.items()
        ]
        definitions += [f"Definition {identifier(n)} : R := {self.spell(node)}." for n, node in lines.items()]
        return Theorem("", "", tuple(variables), tuple(hypotheses), goal, self._script(conditions), tuple(definitions))

    def _guard(self, one: _Guard) -> str:
        """That a choice is made, or not, as the reals decide it."""
        left, right = (self.spell(side, Binding.SUM) for side in (one.left, one.right))
        if one.comparison == "==":
            return f"{left} {'=' if one.holds else '<>'} {right}"
        test = f"{left} {one.comparison} {right}"
        return test if one.holds else f"~ {test}"

    def _hypothesis(self, name: str, node: Node) -> Hypothesis:
        return Hypothesis(f"{identifier(name)}_is", f"{identifier(name)} = {self.spell(node)}", "reflexivity")

    def _domains(self) -> Iterator[Hypothesis]:
        for name in self.given:
            if name == STEP:
                continue
            allowed, own = self.domains.get(name, Domain()), identifier(name)
            if self.spell.is_natural(name):
                allowed = replace(allowed, low=None) if allowed.low == 0 else allowed
            if text := bounded(own, allowed):
                text = f"({text})%nat" if self.spell.is_natural(name) else text
                yield Hypothesis(f"{own}_domain", text, f"unfold {own}; meets")

    def _conditions(self) -> list[_Condition]:
        """What must not vanish, or must not be negative, so that what is computed has a value."""
        found: list[tuple[_Condition, Values]] = []
        unnamed = {name: node for name, node in self.operations.items() if name not in self.same}
        named = [node for name, node in self.operations.items() if name in self.same]
        same = {name: Name(target, True) for name, target in self.same.items()}
        read = [put_in(put_in_all(node, unnamed), same) for node in (*named, *self.left.values())]
        for one in (one for node in (*self.equations.values(), *read) for one in self._asked(node, ())):
            values = self._at_points(one.of)
            target = self._equation(values)
            of = Name(target, one.of.array) if target else one.of
            alike = (o for o, v in found if o.sign == one.sign and {*o.guards} <= {*one.guards} and agree(v, values))
            if not self.spell.holds(one.sign, of) and not one.is_plain and next(alike, None) is None:
                found.append((replace(one, of=of), values))
        return [one for one, _ in found]

    def _asked(self, node: Node, guards: tuple[_Guard, ...]) -> Iterator[_Condition]:
        """What is divided by, what roots and logarithms are taken of, what has a real number as its exponent."""
        match node:
            case Where(comparison, left, right, then, otherwise):
                yield from (*self._asked(left, guards), *self._asked(right, guards))
                for holds, chosen in ((True, then), (False, otherwise)):
                    yield from self._asked(chosen, (*guards, _guard(comparison, left, right, holds)))
                return
            case Product(_, below):
                yield from (_Condition("<>", one, guards) for one in below if not isinstance(one, Number))
            case Call("sqrt", (one,)) | Power(one, Product((Number(1),), (Number(2),))):
                yield _Condition("<=", one, guards)
            case Call("log", (one,)):
                yield _Condition("<", one, guards)
            case Power(one, Negative()):
                yield _Condition("<>", one, guards)
            case Power(one, exponent) if self.spell.natural(exponent) is None:
                yield _Condition("<", one, guards)
        for child in children(node):
            yield from self._asked(child, guards)

    def _chosen(self, conditions: list[_Condition]) -> dict[str, Fraction]:
        """Numbers at which all of that holds."""
        given = [name for name in self.given if name != STEP]
        options = []
        for name in given:
            allowed = self.domains.get(name, Domain())
            options.append(list(dict.fromkeys([ordinary(allowed), *values_in(allowed)])))
        first = {n: o[0] for n, o in zip(given, options, strict=True)}
        if any(_is_involved(of) for one in conditions for of in (*one.nodes, *self._lines_below(one.nodes))):
            first |= {s.name: Fraction(0) for s in self.rule.state if s.name in first}
        tries = [first, *({**first, n: v} for n, o in zip(given, options, strict=True) for v in o[1:])]
        steps = (1, 2, 8) if STEP in self.given else (1,)
        for picked, t in product(tries[:_MOST_CHOICES], steps):
            values = {n: float(v) for n, v in picked.items()} | {STEP: float(t)}
            for name, node in (*self.equations.items(), *self.operations.items()):
                if (value := value_at(node, values)) is not None:
                    values[name] = value
            if all(_meets(one, values) for one in conditions):
                return {**picked, **({STEP: Fraction(t - 1)} if STEP in self.given else {})}
        raise InexpressibleError("conditions for which no numbers are found")

    # How Coq is led to it.

    def _script(self, conditions: Sequence[_Condition]) -> str:
        lines = ["intros"]
        signed: list[str] = []
        for target, node in self.equations.items():
            least, own = self.spell.least(node), identifier(target)
            if least and not isinstance(node, Name | Number):
                used = dict.fromkeys(identifier(one.name) for one in names(node))
                domains = [f"{name}_domain" for name in used if f"{name}_domain" in self.supposed]
                kept = " ".join([*used, *domains, *(f"{name}_sign" for name in used if name in signed)])
                shown = f"rewrite {own}_is; clear - {kept}; signs"
                lines.append(f"try (assert ({own}_sign : 0 {'<' if least == 2 else '<='} {own}) by ({shown}))")
                signed.append(own)
        replaced: dict[str, Node] = {}
        outputs = {node.name for node in self.left.values() if isinstance(node, Name)}
        for name, node in self.operations.items():
            own, written = identifier(name), put_in(node, replaced)
            if (same := self.same.get(name)) is None:
                lines.append(f"subst {own}")
                replaced[name] = written
                continue
            shown = self._opening(written, same, conditions)
            equal = f"assert (same : {own} = {identifier(same)})"
            put = f"{equal} by (rewrite {own}_is; {shown}); clear {own}_is; subst {own}"
            # it is written out if the points have misled
            lines.append(put if name in outputs else f"first [({put}) | subst {own}]")
            replaced[name] = Name(same, node.array)
        parts = []
        for target, node in self.left.items():
            written = put_in(node, replaced)
            is_target = written == Name(target, node.array)
            parts.append("reflexivity" if is_target else self._opening(written, target, conditions))
        lines.append(f"repeat apply conj; [{' | '.join(parts)}]" if len(parts) > 1 else parts[0])
        return ";\n  ".join(lines)

    def _opening(self, written: Node, target: str, conditions: Sequence[_Condition]) -> str:
        """Equations are written out, as few as there may be, and then as many as it takes.

        Conditions on what neither side has to do with are out of the way before.
        """
        left, right = written, self.equations[target]
        below = self._below([left, right]) | {target}
        away, kept = list[str](), list[str]()
        for number, one in enumerate(conditions, start=1):
            (kept if self._below(one.nodes) <= below else away).append(f"defined_{number}")
        place = {name: number for number, name in enumerate(self.equations)}
        steps, tries = [f"rewrite {identifier(target)}_is"], list[str]()
        if target in {one.name for one in names(written)}:
            tries.append("idtac")
        while True:
            mine, theirs = ({one.name for one in names(side)} & place.keys() for side in (left, right))
            if mine == theirs:
                tries.append("; ".join(steps))
            if not mine | theirs or len(tries) == _MOST_TRIES:
                break
            last = max((mine ^ theirs) or mine, key=place.__getitem__)
            left, right = (put_in(side, {last: self.equations[last]}) for side in (left, right))
            steps.append(f"rewrite ?{identifier(last)}_is")
        tries = tries or ["; ".join(steps)]
        # at last in the conditions, too, which are to be spelled as the sides are then
        opened = [f"try ({step} in {one})" for step in tries[0].split("; ")[1:] for one in kept]
        tries += ["; ".join([tries[0], *opened])] if opened else []
        found = f"first [{' | '.join(f'({one}; agrees)' for one in tries)}]"
        return f"clear {' '.join(away)}; {found}" if away else found

    def _lines_below(self, nodes: Iterable[Node]) -> Iterator[Node]:
        """What the names on which `nodes` depend stand for."""
        return (node for name, node in {**self.operations, **self.equations}.items() if name in self._below(nodes))

    def _below(self, nodes: Iterable[Node]) -> set[str]:
        """The names in `nodes`, and those on which they depend."""
        lines, found = {**self.operations, **self.equations}, set[str]()
        pending = [one.name for node in nodes for one in names(node)]
        while pending:
            if (name := pending.pop()) not in found:
                found.add(name)
                pending += [one.name for one in names(lines[name])] if name in lines else []
        return found


def _needed(equations: Mapping[str, Node], left: Mapping[str, Node]) -> set[str]:
    """The equations on which those of `left` depend."""
    found, pending = set[str](), [*left]
    while pending:
        name = pending.pop()
        if name in equations and name not in found:
            found.add(name)
            pending += [one.name for one in names(equations[name])]
    return found


@dataclass(frozen=True)
class _Guard:
    """That a choice is made, by `left comparison right`, which `holds` or not."""

    comparison: str
    left: Node
    right: Node
    holds: bool


@dataclass(frozen=True)
class _Condition:
    """That `of` does not vanish, is not negative or is positive, by its `sign`, where all `guards` hold."""

    sign: str
    of: Node
    guards: tuple[_Guard, ...]

    @property
    def nodes(self) -> list[Node]:
        return [self.of, *(side for one in self.guards for side in (one.left, one.right))]

    @property
    def is_plain(self) -> bool:
        """Whether a guard says just that."""
        signs = (">", "!=") if self.sign == "<>" else (">", ">=") if self.sign == "<=" else (">",)
        return any(
            one.holds and one.comparison in signs and one.right == Number(0) and one.left == self.of
            for one in self.guards
        )


def _guard(comparison: str, left: Node, right: Node, holds: bool) -> _Guard:
    """A guard. Whether a choice of two numbers is one of them is what that choice is made by."""
    if comparison == "!=":
        comparison, holds = "==", not holds
    match left, right:
        case Where(inner, a, b, Number(then), Number(otherwise)), Number(value) if then != otherwise:
            if comparison == "==" and value in (then, otherwise):
                return _guard(inner, a, b, holds == (value == then))
    return _Guard(comparison, left, right, holds)


def _is_involved(node: Node) -> bool:
    """Whether there is a power in it of which Coq cannot compute the value."""
    match node:
        case Power(_, Number() | Name("t") | Negative()):
            return _is_involved(node.base)
        case Power():
            return True
    return any(map(_is_involved, children(node)))


def _exponents_only(node: Node) -> bool:
    """Whether it is made of the step number and numbers alone, as exponents are."""
    found = [one.name for one in names(node)]
    return bool(found) and all(name == STEP for name in found)


def _meets(one: _Condition, values: Mapping[str, float]) -> bool:
    """Whether a condition holds at a point, by more than rounding may be."""
    for guard in one.guards:
        left, right = (value_at(side, values) for side in (guard.left, guard.right))
        if left is None or right is None:
            return False
        if COMPARED[guard.comparison](left, right) != guard.holds:
            return True
    if (value := value_at(one.of, values)) is None:
        return False
    return value > NEAR if one.sign == "<" else value >= 0 if one.sign == "<=" else abs(value) > NEAR
