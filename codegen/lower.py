"""Lower an optimizer to a program: what is computed once per step, what per element, what is written.

Whatever depends on scalars alone is computed once per step on the host, in double, and rounded once
when it meets an array. `1 - 0.999` formed in float32 is off by 1.3e-5; formed here it is not. Every
right-hand side reads the old state; the commits come last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from codegen.derive import runnable
from codegen.spec import Location, New, Optimizer
from codegen.tree import (
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
    has_array,
    names,
    ranks,
    with_children,
)

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
    """`target = value`, where no part of `value` depends on scalars alone unless it is a single name."""

    target: str
    value: Node
    note: str = ""


@dataclass(frozen=True)
class Commit:
    """The new value `value` is written over the old one in `target`."""

    target: str
    value: str


@dataclass(frozen=True)
class Program:
    """A rule in the form in which backends print it.

    `scalars` run on the host, once a step; `reductions` are sums over whole arrays (none yet: no rule
    needs one); `arrays` run for each element; `commits` write the results, `scalar_commits` those that
    are kept once for all parameters.
    """

    equations: tuple[Equation, ...]
    scalars: tuple[Assign, ...]
    reductions: tuple[Assign, ...]
    arrays: tuple[Assign, ...]
    commits: tuple[Commit, ...]
    scalar_commits: tuple[Commit, ...]

    @cached_property
    def kernel_scalars(self) -> tuple[str, ...]:
        """The scalars that the arrays read, in the order in which they first do."""
        used = (name for assign in self.arrays for name in names(assign.value) if not name.array)
        return tuple(dict.fromkeys(name.name for name in used))


def lower(optimizer: Optimizer) -> Program:
    """The program of a checked optimizer."""
    optimizer = runnable(optimizer)
    rank = ranks(optimizer)
    equations = tuple(
        Equation(step.target.name, arrange(step.value, rank), step.note, step.location) for step in optimizer.steps
    )
    hoister = _Hoister(taken=rank)
    scalars: list[Assign] = []
    arrays: list[Assign] = []
    commits: dict[str, Commit] = {}
    for step, equation in zip(optimizer.steps, equations, strict=True):
        if _is_array_step(step.target):
            arrays.append(Assign(equation.target, hoister.hoist(equation.value), equation.note))
        else:
            scalars.append(Assign(equation.target, equation.value, equation.note))
        if isinstance(step.target, New):
            commits[step.target.of.name] = Commit(step.target.of.name, equation.target)
    order = [*(state.name for state in optimizer.array_state), "w"]
    return Program(
        equations=equations,
        scalars=(*scalars, *hoister.hoisted),
        reductions=(),
        arrays=tuple(arrays),
        commits=tuple(commits[name] for name in order),
        scalar_commits=tuple(commits[state.name] for state in optimizer.scalar_state),
    )


def _is_array_step(target) -> bool:
    node = arrange(target, {})
    return isinstance(node, Name) and node.array


class _Hoister:
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
        if not has_array(node):
            return self._lift(node)
        match node:
            case Sum(terms):
                return self._sum(terms)
            case Product(above, below):
                return self._product(above, below)
            case Where(comparison, left, right) if not has_array(left) and not has_array(right):
                # which way a scalar comparison goes is settled in double, once, on the host
                flag = self._lift(Where(comparison, left, right, Number(1), Number(0)))
                return Where("!=", flag, Number(0), self.hoist(node.then), self.hoist(node.otherwise))
        return with_children(node, tuple(map(self.hoist, children(node))))

    def _sum(self, terms: tuple[tuple[int, Node], ...]) -> Node:
        alone = tuple(term for term in terms if not has_array(term[1]))
        if len(alone) < 2:
            return Sum(tuple((sign, self.hoist(term)) for sign, term in terms))
        rest = tuple((sign, self.hoist(term)) for sign, term in terms if has_array(term))
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
    scalars = tuple(f for f in factors if not has_array(f) and f != Number(1))
    return scalars, tuple(f for f in factors if has_array(f))


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
