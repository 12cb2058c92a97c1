"""Lower an optimizer to a program: what is computed once per step, what per element, what is written.

Whatever depends on scalars alone is computed once per step on the host, in double, and rounded once
when it meets an array. `1 - 0.999` formed in float32 is off by 1.3e-5; formed here it is not. Array
expressions are rewritten to have more that depends on scalars alone, if that saves operations (`factor_scalars`).
Every right-hand side reads the old state; the commits come last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

import sympy

from ..analysis.sums import named, summands
from ..expr.tree import (
    Call,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Sum,
    Where,
    arrange,
    children,
    names,
    ranks,
    with_children,
)
from ..spec.domain import FROM_ONE, Domain
from ..spec.rules import Optimizer, Stage
from ..spec.symbols import GRADIENT, PARAMETER, STEP, Location, New
from .factor import factor_scalars
from .ranges import ranges

_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_LONGEST_NAME = 40
_COMPARISON_WORDS = {"<": "below", "<=": "at_most", ">": "above", ">=": "at_least", "==": "is", "!=": "is_not"}


@dataclass(frozen=True)
class Equation:
    """A step of the spec as people read it."""

    target: str
    value: Node
    note: str
    location: Location


@dataclass(frozen=True)
class Assign:
    """`target = value`, where no part of `value` depends on scalars alone unless it is a single name.

    `inlined` are the targets of the equations that stand in `value` in place of their names; `changed`, that
    factors were pulled out of the equation of the spec.
    """

    target: str
    value: Node
    note: str = ""
    inlined: tuple[str, ...] = ()
    changed: bool = False


@dataclass(frozen=True)
class Commit:
    """The new value `value` is written over the old one in `target`."""

    target: str
    value: str


@dataclass(frozen=True)
class Reduce:
    """`target` is what `how` says of `value` over an array, or over all arrays (`overall`).

    It is the sum, the maximum (max), the root of the sum of squares (norm), or 1 if anything is not finite and else 0
    (overflow).
    """

    target: str
    how: str
    overall: bool
    value: Node


@dataclass(frozen=True)
class Program:
    """A rule or a stage in the form in which backends print it.

    `reductions` run over whole arrays, before anything is written; `scalars` once a step; `arrays` for each
    element; `commits` write the results, `scalar_commits` those that are kept once for all parameters.
    `halts` is the comparison that ends a step early, with 1 where it holds. `inputs` are arrays, and `signals`
    numbers, that a step is given beside the gradient.
    """

    equations: tuple[Equation, ...]
    reductions: tuple[Reduce, ...]
    scalars: tuple[Assign, ...]
    arrays: tuple[Assign, ...]
    commits: tuple[Commit, ...]
    scalar_commits: tuple[Commit, ...]
    halts: Where | None
    inputs: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    known: Mapping[str, Domain] = field(default_factory=dict, compare=False)  # where scalars lie

    @cached_property
    def kernel_scalars(self) -> tuple[str, ...]:
        """The scalars that the arrays read, in the order in which they first do."""
        used = (name for assign in self.arrays for name in names(assign.value) if not name.array)
        return tuple(dict.fromkeys(name.name for name in used))

    @cached_property
    def read(self) -> list[str]:
        """The arrays that a step only reads: the gradient, then the inputs."""
        return [GRADIENT, *self.inputs]

    @cached_property
    def written(self) -> list[str]:
        """The arrays that a step writes: the parameter, then the states in the order of the spec."""
        return [PARAMETER, *(commit.target for commit in self.commits if commit.target != PARAMETER)]

    @cached_property
    def pulled_out(self) -> tuple[Assign, ...]:
        """The scalars that are in no equation of the spec, and that the `changed` assignments read."""
        declared = {equation.target for equation in self.equations}
        read = [name.name for assign in self.arrays if assign.changed for name in names(assign.value)]
        return tuple(s for s in self.scalars if s.target in read and s.target not in declared)

    def scalars_for(self, wanted: Iterable[str]) -> tuple[Assign, ...]:
        """The scalars that have to be computed to know those that are `wanted`."""
        needed = set(wanted)
        for assign in reversed(self.scalars):
            if assign.target in needed:
                needed |= {name.name for name in names(assign.value)}
        return tuple(assign for assign in self.scalars if assign.target in needed)

    @cached_property
    def summed_scalars(self) -> tuple[str, ...]:
        """The scalars that the reductions read, in the order in which they first do."""
        used = (name for one in self.reductions for name in names(one.value) if not name.array)
        return tuple(dict.fromkeys(name.name for name in used))

    @cached_property
    def summed_arrays(self) -> frozenset[str]:
        """The arrays that the reductions read."""
        return frozenset(name.name for one in self.reductions for name in names(one.value) if name.array)

    @cached_property
    def reduced(self) -> frozenset[str]:
        """The scalars that depend on reductions, and the reductions themselves."""
        return self._formed_of({reduction.target for reduction in self.reductions})

    @cached_property
    def reduced_in_time(self) -> frozenset[str]:
        """The same with what depends on reductions of steps before, through what is kept once for all parameters."""
        found = self.reduced
        while kept := {c.target for c in self.scalar_commits if c.value in found} - found:
            found = self._formed_of({*found, *kept})
        return found

    @cached_property
    def supplied(self) -> frozenset[str]:
        """The scalars that depend on signals, and the signals themselves."""
        return self._formed_of(set(self.signals))

    def _formed_of(self, found: set[str]) -> frozenset[str]:
        for assign in self.scalars:
            if any(name.name in found for name in names(assign.value)):
                found.add(assign.target)
        return frozenset(found)


@lru_cache(maxsize=256)
def lower(optimizer: Optimizer) -> Program:
    """The program of a checked optimizer or stage."""
    optimizer = optimizer.runnable
    rank = ranks(optimizer)
    reductions = _reductions(optimizer, rank)
    rank = rank | {reduction.target: len(rank) for reduction in reductions.values()}
    equations = tuple(
        Equation(step.target.name, arrange(step.value, rank), step.note, step.location) for step in optimizer.steps
    )
    scalars: list[Assign] = []
    elementwise: dict[str, Node] = {}
    commits: dict[str, Commit] = {}
    for step, equation in zip(optimizer.steps, equations, strict=True):
        value = _with_names(equation.value, reductions)
        if _is_array_step(step.target):
            elementwise[equation.target] = value
        else:
            scalars.append(Assign(equation.target, value, equation.note))
        if isinstance(step.target, New):
            commits[step.target.of.name] = Commit(step.target.of.name, equation.target)
    domains = {h.name: h.allowed for h in optimizer.hypers} | {STEP: FROM_ONE}
    known = ranges(domains, ((assign.target, assign.value) for assign in scalars))
    hoister, notes = Hoister(taken=rank), {equation.target: equation.note for equation in equations}
    arrays = [
        Assign(found.target, hoister.hoist(found.value), notes[found.target], found.inlined, found.changed)
        for found in factor_scalars(elementwise, {commit.value for commit in commits.values()}, known)
    ]
    order = [*(state.name for state in optimizer.array_state), GRADIENT, PARAMETER]
    reduced = tuple(reductions.values())
    if not isinstance(optimizer, Stage):  # whose sums know no scalars
        reduced = tuple(replace(one, value=hoister.hoist(one.value)) for one in reduced)
    return Program(
        equations=equations,
        reductions=reduced,
        scalars=(*scalars, *hoister.hoisted),
        arrays=tuple(arrays),
        commits=tuple(commits[name] for name in order if name in commits),
        scalar_commits=tuple(commits[state.name] for state in optimizer.scalar_state),
        halts=_halts(optimizer, rank, reductions),
        inputs=tuple(array.name for array in optimizer.inputs),
        signals=tuple(signal.name for signal in optimizer.signals),
        known=ranges(known, ((assign.target, assign.value) for assign in hoister.hoisted)),
    )


def _reductions(optimizer: Optimizer, rank: Mapping[str, int]) -> dict[Node, Reduce]:
    """The reductions of a rule or a stage, each with a name of its own."""
    of = summands(optimizer)
    return {
        arrange(one.value, rank): Reduce(name, one.how, one.overall, arrange(of[name], rank))
        for name, one in named(optimizer).items()
    }


def _with_names(node: Node, reductions: Mapping[Node, Reduce]) -> Node:
    """`node` with the names of the reductions in place of the reductions."""
    if node in reductions:
        return Name(reductions[node].target, array=False)
    return with_children(node, tuple(_with_names(child, reductions) for child in children(node)))


def _halts(optimizer: Optimizer, rank: Mapping[str, int], reductions: Mapping[Node, Reduce]) -> Where | None:
    if not isinstance(optimizer, Stage) or optimizer.halts is None:
        return None
    left, right = (_with_names(arrange(side, rank), reductions) for side in optimizer.halts.args)
    return Where(optimizer.halts.rel_op, left, right, Number(1), Number(0))


def _is_array_step(target: sympy.Symbol) -> bool:
    node = arrange(target, {})
    return isinstance(node, Name) and node.array


class Hoister:
    """Replaces the parts of array expressions that depend on scalars alone by names."""

    def __init__(self, taken: Iterable[str]) -> None:
        self.taken = set(taken)
        self.names: dict[Node, str] = {}

    @property
    def hoisted(self) -> tuple[Assign, ...]:
        return tuple(Assign(name, node) for node, name in self.names.items())

    def hoist(self, node: Node) -> Node:
        if isinstance(node, Name | Number):
            return node
        if not node.array:
            return self._lift(node)
        match node:
            case Sum(terms):
                return self._sum(terms)
            case Product(above, below):
                return self._product(above, below)
            case Where(comparison, left, right) if not left.array and not right.array:
                # which way a scalar comparison goes is settled in double, once, on the host
                flag = self._lift(Where(comparison, left, right, Number(1), Number(0)))
                return Where("!=", flag, Number(0), self.hoist(node.then), self.hoist(node.otherwise))
        return with_children(node, tuple(map(self.hoist, children(node))))

    def _sum(self, terms: tuple[tuple[int, Node], ...]) -> Node:
        alone = tuple(term for term in terms if not term[1].array)
        if len(alone) < 2:
            return Sum(tuple((sign, self.hoist(term)) for sign, term in terms))
        rest = tuple((sign, self.hoist(term)) for sign, term in terms if term.array)
        return Sum((*rest, (1, self._lift(Sum(alone)))))

    def _product(self, above: tuple[Node, ...], below: tuple[Node, ...]) -> Node:
        scalars_above, arrays_above = _split(above)
        scalars_below, arrays_below = _split(below)
        if len(scalars_above) + len(scalars_below) < 2:
            return Product(tuple(map(self.hoist, above)), tuple(map(self.hoist, below)))
        factor = self._lift(Product(scalars_above or (Number(1),), scalars_below))
        return Product((factor, *map(self.hoist, arrays_above)), tuple(map(self.hoist, arrays_below)))

    def _lift(self, node: Node) -> Name:
        if node not in self.names:
            stem = _name(node)
            stem = stem if len(stem) <= _LONGEST_NAME else "factor"
            name, number = stem, 2
            while name in self.taken:
                name, number = f"{stem}_{number}", number + 1
            self.taken.add(name)
            self.names[node] = name
        return Name(self.names[node], array=False)


def _split(factors: tuple[Node, ...]) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    scalars = tuple(f for f in factors if not f.array and f != Number(1))
    return scalars, tuple(f for f in factors if f.array)


def _name(node: Node) -> str:
    """What a person might call the value of a scalar expression."""
    match node:
        case Name(name):
            return name
        case Number(value):
            return _WORDS[value] if value < len(_WORDS) else f"c{value}"
        case Negative(of):
            return f"minus_{_name(of)}"
        case Sum(((first_sign, first), *rest)):
            text = _name(first) if first_sign > 0 else f"minus_{_name(first)}"
            return text + "".join(f"_{'plus' if sign > 0 else 'minus'}_{_name(term)}" for sign, term in rest)
        case Product(above, below):
            text = "_".join(map(_name, above))
            return text + "".join(f"_over_{_name(term)}" for term in below)
        case Power(base, exponent):
            return f"{_name(base)}_pow_{_name(exponent)}"
        case Call(function, arguments):
            return "_".join((function, *map(_name, arguments)))
        case Where(comparison, left, right):
            return f"{_name(left)}_{_COMPARISON_WORDS[comparison]}_{_name(right)}"
    raise AssertionError(node)
