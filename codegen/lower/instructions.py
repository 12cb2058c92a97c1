"""Turn the array part of a program into in-place passes over whole arrays, for libraries of ufuncs.

    Program.arrays -> instructions with one result each -> passes that say which buffer they write

A buffer is the parameter, a state, or scratch. A new value of a state is written straight over the
old one as soon as nothing reads the old one any more; otherwise it waits in scratch for the commit.
Scratch is reused as soon as its value is dead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..expr.tree import Call, Name, Negative, Node, Number, Power, Product, Sum, Where, names
from ..spec.functions import TABLE
from .program import Program

_COMPARISONS = {
    "<": "less",
    "<=": "less_equal",
    ">": "greater",
    ">=": "greater_equal",
    "==": "equal",
    "!=": "not_equal",
}


@dataclass(frozen=True)
class Instruction:
    """One call: `ufunc(*inputs, out=out)`, its result bound to `name` if anything reads it by name.

    `select` copies `inputs[1]` over `out` where the mask or comparison `inputs[0]` holds; `copy` copies; `alias`
    only binds a name.
    """

    ufunc: str
    inputs: tuple[str, ...]
    out: str
    name: str | None = None


@dataclass(frozen=True)
class Block:
    """The passes that compute one equation, `target = ...`."""

    target: str
    instructions: tuple[Instruction, ...]


@dataclass(frozen=True)
class Plan:
    """All passes of a step; `scratch` and `masks` are the names of the buffers they need."""

    groups: tuple[Block, ...]
    commits: tuple[Instruction, ...]
    scratch: tuple[str, ...]
    masks: tuple[str, ...]


@dataclass
class _Value:
    """The result of an instruction, or what an array holds at the start of the step."""

    buffer: str | None = None
    name: str | None = None
    last_use: int = -1
    mask: bool = False


@dataclass
class _Operation:
    ufunc: str
    operands: tuple[_Value | str, ...]
    result: _Value
    equation: int


@dataclass
class Flattener:
    """Expressions to instructions, operands from left to right."""

    values: dict[str, _Value | str]
    operations: list[_Operation] = field(default_factory=list)
    equation: int = 0

    def operand(self, node: Node) -> _Value | str:
        match node:
            case Name(name, array):
                return self.values[name] if array else name
            case Number(value):
                return str(value)
            case Negative(of):
                return self._emit("negative", self.operand(of))
            case Sum(((sign, first), *rest)):
                total = self.operand(first) if sign > 0 else self._emit("negative", self.operand(first))
                for sign, term in rest:
                    total = self._emit("add" if sign > 0 else "subtract", total, self.operand(term))
                return total
            case Product(above, below):
                product = self._multiply([self.operand(factor) for factor in above])
                return (
                    self._emit("divide", product, self._multiply([self.operand(f) for f in below]))
                    if below
                    else product
                )
            case Power(base, exponent):
                return self._power(self.operand(base), exponent)
            case Call(function, arguments):
                return self._emit(TABLE[function].spelled("ufunc").callee, *map(self.operand, arguments))
            case Where(comparison, left, right, then, otherwise):
                sides = self.operand(left), self.operand(right)
                if all(isinstance(side, str) for side in sides):
                    mask: _Value | str = f"{sides[0]} {comparison} {sides[1]}"  # one for all elements
                else:
                    mask = self._emit(_COMPARISONS[comparison], *sides, mask=True)
                return self._emit("select", mask, self.operand(then), self.operand(otherwise))
        raise AssertionError(node)

    def copy(self, operand: _Value | str) -> _Value:
        return self._emit("copy", operand)

    def _multiply(self, factors: Sequence[_Value | str]) -> _Value | str:
        product, *rest = factors
        for factor in rest:
            product = self._emit("multiply", product, factor)
        return product

    def _power(self, base: _Value | str, exponent: Node) -> _Value:
        if exponent == Number(2):
            return self._emit("square", base)
        if exponent == Number(3):
            return self._emit("multiply", self._emit("square", base), base)
        return self._emit("power", base, self.operand(exponent))

    def _emit(self, ufunc: str, *operands: _Value | str, mask: bool = False) -> _Value:
        for operand in operands:
            if isinstance(operand, _Value):
                operand.last_use = len(self.operations)
        result = _Value(mask=mask)
        self.operations.append(_Operation(ufunc, operands, result, self.equation))
        return result


class _Allocator:
    """Gives each result a buffer."""

    def __init__(self, olds: dict[str, _Value], finals: dict[str, _Value | str]) -> None:
        self.home = {id(value): name for name, value in finals.items() if isinstance(value, _Value)}
        self.holds: dict[str, _Value | None] = dict(olds)
        self.made: dict[bool, list[str]] = {False: [], True: []}

    def place(self, operation: _Operation, index: int, preferred: str | None) -> str:
        """The buffer for the result of `operation`: its home, the equation's state, or scratch."""
        result = operation.result
        inputs = [value for value in operation.operands if isinstance(value, _Value)]
        kept: tuple[_Value | str, ...] = ()
        if operation.ufunc == "select":  # `then` is read after `out` has been written, so it cannot be `out`
            kept = operation.operands[1:2]
        elif operation.ufunc == "sign":  # in place it takes ten times as long: it branches at each element
            kept = operation.operands
        candidates: list[str | None] = []
        if not result.mask:
            candidates = [self.home.get(id(result)), preferred]
        candidates += [v.buffer for v in inputs if v.mask == result.mask and v.buffer in self.made[result.mask]]
        candidates += self.made[result.mask]
        for name in candidates:
            if name is not None and self._free(name, index) and not any(self.holds.get(name) is v for v in kept):
                break
        else:
            name = f"{'mask' if result.mask else 's'}{len(self.made[result.mask])}"
            self.made[result.mask].append(name)
        self.holds[name] = result
        result.buffer = name
        return name

    def _free(self, name: str, index: int) -> bool:
        """Whether what `name` holds is read for the last time by instruction `index`, or was before."""
        value = self.holds.get(name)
        return value is None or (value.last_use <= index and id(value) not in self.home)


def schedule(program: Program) -> Plan:
    """The passes that carry out the array part of `program`."""
    targets = [commit.target for commit in program.commits]
    given = {name.name for assign in program.arrays for name in names(assign.value) if name.array}
    given -= {assign.target for assign in program.arrays}
    olds = {name: _Value(buffer=name) for name in dict.fromkeys([*targets, *sorted(given)])}
    flattener = Flattener({**olds})
    states = {commit.value: commit.target for commit in program.commits}
    bound: list[_Value | str] = []
    for number, assign in enumerate(program.arrays):
        flattener.equation, first = number, len(flattener.operations)
        value = flattener.operand(assign.value)
        elsewhere = assign.target in states and value is not olds[states[assign.target]]
        if elsewhere and len(flattener.operations) == first:
            # the new value is one that stands elsewhere already: the state gets a copy of its own now,
            # because by the time of the commit the other may have been overwritten
            value = flattener.copy(value)
        bound.append(value)
        flattener.values[assign.target] = value
    finals = {commit.target: flattener.values[commit.value] for commit in program.commits}
    end = len(flattener.operations)
    allocator = _Allocator(olds, finals)
    for name in olds.keys() - set(targets):
        allocator.holds[name] = _Value(last_use=end)  # nobody may write to what is only read

    groups: list[Block] = []
    index = 0
    for number, (assign, value) in enumerate(zip(program.arrays, bound, strict=True)):
        instructions: list[Instruction] = []
        while index < end and flattener.operations[index].equation == number:
            operation = flattener.operations[index]
            named = assign.target if operation.result is value else None
            out = allocator.place(operation, index, states.get(assign.target))
            instructions += _instructions(operation, out, named)
            operation.result.name = named
            index += 1
        if not instructions:
            instructions.append(Instruction("alias", (_text(value),), "", assign.target))
        groups.append(Block(assign.target, tuple(instructions)))
    commits = tuple(
        Instruction("copy", (_text(value),), target)
        for target, value in finals.items()
        if isinstance(value, _Value) and value.buffer != target
    )
    groups = _without_unread_names(groups, commits)
    return Plan(tuple(groups), commits, tuple(allocator.made[False]), tuple(allocator.made[True]))


def _text(operand: _Value | str) -> str:
    if isinstance(operand, str):
        return operand
    name = operand.name or operand.buffer
    assert name is not None  # every value was placed before it is read
    return name


def _instructions(operation: _Operation, out: str, name: str | None) -> list[Instruction]:
    inputs = tuple(map(_text, operation.operands))
    if operation.ufunc not in ("select", "copy"):
        return [Instruction(operation.ufunc, inputs, out, name)]
    *choice, base = inputs
    source = operation.operands[-1]
    instructions = [] if isinstance(source, _Value) and source.buffer == out else [Instruction("copy", (base,), out)]
    instructions += [Instruction("select", tuple(choice), out)] if choice else []
    return [*instructions, Instruction("alias", (out,), "", name)] if name else instructions


def _without_unread_names(groups: list[Block], commits: tuple[Instruction, ...]) -> list[Block]:
    """Drop the names that nothing reads, and the passes that do nothing else than bind them."""
    read = {text for group in groups for p in group.instructions for text in p.inputs}
    read |= {text for p in commits for text in p.inputs}
    kept = []
    for group in groups:
        instructions = (
            Instruction(p.ufunc, p.inputs, p.out, p.name if p.name in read else None) for p in group.instructions
        )
        kept.append(Block(group.target, tuple(p for p in instructions if p.ufunc != "alias" or p.name)))
    return kept
