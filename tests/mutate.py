"""Mutants of specs and of generated files, made mechanically, in an order that never changes.

A mutant of a spec has one place of one expression changed, or one line; a mutant of a file one token, or
one line, or its structure: see `restructure`. No mutant is made for a rule or for a proof: the same changes are tried
everywhere.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import sympy
from sympy.core.relational import Relational

from stepsmith.codegen.backends import BACKENDS, those_in_place, those_with_stages
from stepsmith.codegen.load import AnySpec, LayerSpec, MonitorSpec, ScheduleSpec, Spec, StageSpec
from stepsmith.codegen.spec.functions import TABLE, kinds, numeric
from stepsmith.codegen.spec.rules import Step
from stepsmith.codegen.spec.symbolic import array_sum, global_sum
from stepsmith.codegen.spec.symbols import STEP, Array, Hyper, New, Scalar
from tests.structural_mutants import edits

ZERO, ONE, HALF = sympy.Integer(0), sympy.Integer(1), sympy.Rational(1, 2)


@dataclass(frozen=True)
class SpecMutant:
    """A spec with one change; `text` says where and which."""

    kind: str
    text: str
    spec: AnySpec


#: Stands for a backend where one file serves all.
SHARED = ""


@dataclass(frozen=True)
class FileMutant:
    """A generated file with one change in what belongs to one rule: from line `number` on, other lines.

    They take the place of so many that are `gone`. If `structural`, what the file computes may be the same, but not
    what it is made of.
    """

    kind: str
    text: str
    backend: str
    family: str
    number: int
    gone: int
    lines: tuple[str, ...]
    structural: bool = False

    def content(self, original: str) -> str:
        """The text of the file with the change."""
        lines = original.splitlines(keepends=True)
        return "".join((*lines[: self.number], *self.lines, *lines[self.number + self.gone :]))


# Expressions.


@dataclass(frozen=True)
class Around:
    """What a change may use of the rule around an expression."""

    hypers: tuple[Hyper, ...]
    known: frozenset[sympy.Symbol]  # the values after the step that are there already


Change = Callable[[sympy.Basic, Around], Iterator[sympy.Basic]]


def _sign(node: sympy.Basic, around: Around) -> Iterator[sympy.Basic]:
    if isinstance(node, sympy.Add):
        for place, term in enumerate(node.args):
            yield node.func(*node.args[:place], -term, *node.args[place + 1 :])


def _term(node: sympy.Basic, around: Around) -> Iterator[sympy.Basic]:
    if isinstance(node, sympy.Add):
        yield from (node.func(*(node.args[:k] + node.args[k + 1 :])) for k in range(len(node.args)))


def _factor(node: sympy.Basic, around: Around) -> Iterator[sympy.Basic]:
    if isinstance(node, sympy.Mul):
        yield from (node.func(*(node.args[:k] + node.args[k + 1 :])) for k, a in enumerate(node.args) if a != -1)


def _hyper(node: sympy.Basic, around: Around) -> Iterator[sympy.Basic]:
    """One hyperparameter for another of the same domain, as beta1 for beta2."""
    if isinstance(node, Hyper):
        yield from (other for other in around.hypers if other != node and other.domain == node.domain)


def _time(node: sympy.Basic, around: Around) -> Iterator[sympy.Basic]:
    if isinstance(node, Scalar) and node.name == STEP:
        yield node + 1
        yield node - 1


def _old_or_new(node: sympy.Basic, around: Around) -> Iterator[sympy.Basic]:
    if isinstance(node, New):
        yield node.of
    else:
        yield from (s for s in sorted(around.known, key=str) if isinstance(s, New) and s.of == node)


def _epsilon(node: sympy.Basic, around: Around) -> Iterator[sympy.Basic]:
    """Into the root that it stands beside, out of the root that it stands in."""
    match node:
        case sympy.Add():
            for eps in (a for a in node.args if isinstance(a, Hyper) and a.name.startswith("eps")):
                rest = node - eps
                roots = [a for a in sympy.preorder_traversal(rest) if isinstance(a, sympy.Pow) and abs(a.exp) == HALF]
                yield from (rest.xreplace({root: (root.base + eps) ** root.exp}) for root in roots)
        case sympy.Pow(base=sympy.Add() as base, exp=exponent) if abs(exponent) == HALF:
            for eps in (a for a in base.args if isinstance(a, Hyper) and a.name.startswith("eps")):
                yield (sympy.sqrt(base - eps) + eps) ** sympy.sign(exponent)


def _power(node: sympy.Basic, around: Around) -> Iterator[sympy.Basic]:
    if isinstance(node, sympy.Pow) and node.exp.is_Rational:
        others = {-ONE: (ONE, -2), HALF: (ONE, 2), -HALF: (-ONE, HALF)}.get(node.exp, (node.exp - 1, node.exp + 1))
        yield from (node.base**exponent for exponent in others)


def _extreme(node: sympy.Basic, around: Around) -> Iterator[sympy.Basic]:
    if isinstance(node, sympy.Max | sympy.Min):
        yield from node.args
        yield (sympy.Min if isinstance(node, sympy.Max) else sympy.Max)(*node.args)


def _function(node: sympy.Basic, around: Around) -> Iterator[sympy.Basic]:
    if isinstance(node, kinds(lambda row: row.arity == 1)):
        yield node.args[0]


def _choice(node: sympy.Basic, around: Around) -> Iterator[sympy.Basic]:
    if isinstance(node, sympy.Piecewise) and len(node.args) == 2:
        (then, condition), (otherwise, _) = node.args
        yield sympy.Piecewise((otherwise, condition), (then, True))
        yield then
        yield otherwise
    if isinstance(node, Relational):
        strict = {"<": sympy.Le, "<=": sympy.Lt, ">": sympy.Ge, ">=": sympy.Gt}.get(node.rel_op)
        if strict:
            yield strict(*node.args)
        yield node.negated


def _constant(node: sympy.Basic, around: Around) -> Iterator[sympy.Basic]:
    if node.is_Rational and node not in (ZERO, -ONE):
        yield node + 1
    if node is sympy.pi:
        yield 2 * node


def _sum(node: sympy.Basic, around: Around) -> Iterator[sympy.Basic]:
    """One array for all, or all for one; a norm for its square; the sum of what is no square; over the weights."""
    match node:
        case array_sum() | global_sum():
            (inner,) = node.args
            yield (global_sum if isinstance(node, array_sum) else array_sum)(inner)
            yield sympy.sqrt(node)
            yield from map(node.func, _swapped(inner))
        case sympy.Pow(base=array_sum() | global_sum() as inner, exp=exponent) if exponent == HALF:
            yield inner


def _swapped(inner: sympy.Expr) -> Iterator[sympy.Expr]:
    """What is summed up, with the weights for the gradient, or the other way round."""
    w, g = (next((s for s in inner.free_symbols if s.name == name), None) for name in ("w", "g"))
    if w is not None:
        yield inner.xreplace({w: Array("g")})
    if g is not None:
        yield inner.xreplace({g: Array("w")})


#: What is changed in an expression, by the name under which it is counted.
CHANGES: Mapping[str, Change] = {
    "sign": _sign,
    "term dropped": _term,
    "factor dropped": _factor,
    "other hyperparameter": _hyper,
    "t shifted": _time,
    "old for new": _old_or_new,
    "epsilon moved": _epsilon,
    "power": _power,
    "maximum dropped": _extreme,
    "function dropped": _function,
    "choice": _choice,
    "sum": _sum,
    "constant": _constant,
}


def _children(node: sympy.Basic) -> tuple[sympy.Basic, ...]:
    return node.args if not isinstance(node, sympy.Pow) or not node.exp.is_Rational else (node.base,)


def changed(expr: sympy.Basic, around: Around) -> Iterator[tuple[str, sympy.Basic]]:
    """Every change at every place of `expr`, with its kind."""
    for kind, change in CHANGES.items():
        for found in change(expr, around):
            yield kind, sympy.sympify(found)
    for place, child in enumerate(_children(expr)):
        for kind, found in changed(child, around):
            try:
                yield kind, expr.func(*(*expr.args[:place], found, *expr.args[place + 1 :]))
            except (TypeError, ValueError):  # a condition where SymPy wants a number, and the like
                continue


# Specs.


@dataclass(frozen=True)
class Parts:
    """The parts of a rule that are changed: blocks of steps, numbers to start from, single expressions."""

    steps: Mapping[str, tuple[Step, ...]]
    state: Mapping[str, Mapping]
    values: Mapping[str, sympy.Expr]

    @classmethod
    def of(cls, spec: AnySpec) -> Parts:
        rule = spec.rule
        names = {
            Spec: (("steps",), ("state",), ()),
            StageSpec: (("steps",), ("state",), ("halts",) if getattr(rule, "halts", None) is not None else ()),
            ScheduleSpec: ((), (), ("value",)),
            MonitorSpec: (("steps",), ("state",), ("value",)),
            LayerSpec: (("steps", "inference"), ("state", "parameters"), ()),
        }[type(spec)]
        return cls(*({name: getattr(rule, name) for name in group} for group in names))


_FIELD = {Spec: "optimizer", StageSpec: "stage", ScheduleSpec: "schedule", MonitorSpec: "monitor", LayerSpec: "layer"}


def with_part(spec: AnySpec, name: str, part) -> AnySpec:
    """`spec` with another part; every location stays what it was."""
    rule = replace(spec.rule, **{name: part})
    object.__setattr__(rule, "location", spec.rule.location)
    return replace(spec, **{_FIELD[type(spec)]: rule})


def _step(step: Step, target: sympy.Symbol, value: sympy.Basic) -> Step:
    made = Step(target, value, step.note)
    object.__setattr__(made, "location", step.location)
    return made


def spec_mutants(spec: AnySpec) -> list[SpecMutant]:
    """All mutants of a rule, none of them twice, none of them written as the rule itself."""
    found: dict[tuple, SpecMutant] = {}
    for kind, text, name, part in _spec_changes(spec):
        written = tuple((s.target, s.value) for s in part) if isinstance(part, tuple) else part
        written = tuple(part.items()) if isinstance(part, Mapping) else written
        original = getattr(spec.rule, name)
        if isinstance(part, tuple) and written == tuple((s.target, s.value) for s in original):
            continue
        found.setdefault((name, written), SpecMutant(kind, f"{spec.key}: {text}", with_part(spec, name, part)))
    return list(found.values())


def _spec_changes(spec: AnySpec) -> Iterator[tuple[str, str, str, object]]:
    parts, hypers = Parts.of(spec), tuple(spec.rule.hypers)
    for name, steps in parts.steps.items():
        yield from _in_steps(name, steps, hypers)
    for name, state in parts.state.items():
        for symbol, value in state.items():
            for other in dict.fromkeys((ZERO, ONE, value + 1)):
                if other != value and other.is_finite:
                    yield "initial value", f"{symbol} starts at {other}", name, {**state, symbol: other}
    for name, value in parts.values.items():
        for kind, other in changed(value, Around(hypers, frozenset())):
            if other != value and _is_number(other, boolean=isinstance(value, Relational)):
                yield kind, f"{name} = {other}", name, other


def _in_steps(
    name: str, steps: tuple[Step, ...], hypers: tuple[Hyper, ...]
) -> Iterator[tuple[str, str, str, tuple[Step, ...]]]:
    known: set[sympy.Symbol] = set()
    for k, step in enumerate(steps):
        before, after = steps[:k], steps[k + 1 :]
        for kind, value in changed(step.value, Around(hypers, frozenset(known))):
            if value != step.value and _is_number(value):
                text = f"{step.target} = {value}"
                yield kind, text, name, (*before, _step(step, step.target, value), *after)
        if isinstance(step.target, New) and step.value != step.target.of:
            text = f"{step.target} = {step.target.of}"
            yield "update dropped", text, name, (*before, _step(step, step.target, step.target.of), *after)
        known.add(step.target)
    for k, (first, second) in enumerate(itertools.pairwise(steps)):
        rest = steps[:k], steps[k + 2 :]
        text = f"{second.target} before {first.target}"
        # what came first and now comes second is not there yet: the old value is read in its place
        old = {first.target: first.target.of} if isinstance(first.target, New) else {}
        moved = _step(second, second.target, second.value.xreplace(old))
        if first.target not in moved.value.free_symbols:
            yield "steps reordered", text, name, (*rest[0], moved, first, *rest[1])
        if isinstance(first.target, New) == isinstance(second.target, New):
            crossed = _step(first, second.target, first.value), _step(second, first.target, second.value)
            if not {first.target, second.target} & (first.value.free_symbols | second.value.free_symbols):
                text = f"{first.target} and {second.target} exchanged"
                yield "targets exchanged", text, name, (*rest[0], *crossed, *rest[1])


def _is_number(value: sympy.Basic, boolean: bool = False) -> bool:
    """Whether a change has left something that a spec can say."""
    if boolean:
        return isinstance(value, Relational)
    return isinstance(value, sympy.Expr) and not value.has(sympy.nan, sympy.zoo, sympy.oo, sympy.I)


# Files.

_TOKEN = re.compile(r"(?:self\.)?[A-Za-z_]\w*|\d+(?:\.\d+)?(?:e-?\d+)?|\*\*|[<>=!]=|\|\||[-+*/<>]")
_OPERATORS = {"+": "-", "-": "+", "*": "/", "/": "*", "**": "*", "<": ">=", ">": "<=", "<=": ">", ">=": "<"}
_OPERATORS |= {"==": "!=", "!=": "=="}


def _exchanged() -> dict[str, str]:
    """Each function of the table in each spelling, and in that spelling the one that takes its place."""
    found = {}
    for row, column in itertools.product(numeric(), ("c", "python", "ufunc")):
        spellings = [getattr(one, column) for one in (row, TABLE[row.mutant])]
        names = [spelling.callee.removeprefix("math.") for spelling in spellings if spelling and spelling.callee]
        if len(names) == 2:
            found[names[0]] = names[1]
    return found


_FUNCTIONS = {
    **_exchanged(),
    "add": "subtract",
    "subtract": "add",
    "multiply": "divide",
    "divide": "multiply",
    "square": "sqrt",
    "sqrt": "square",
    "fabs": "sqrt",
    "negative": "square",
    "power": "multiply",
    "pow": "fabs",
    "less": "greater_equal",
    "less_equal": "less",
    "greater": "less",
    "greater_equal": "greater",
    "equal": "not_equal",
    "not_equal": "equal",
    "zeros_like": "ones_like",
    "full_like": "zeros_like",
}
_COMMENT = re.compile(r"\s*(#|//).*$")
_CALL = re.compile(r"\((\w+), (\w+)(?=[,)])")
_NAME = re.compile(r"(?:self\.)?[A-Za-z_]\w*")
_HINT = re.compile(r"\s+\w+: [^=,]+\s*$")  # an attribute that is only given a type


def backends_of(spec: AnySpec) -> tuple[str, ...]:
    """The backends that have a file with the rule; `SHARED` if one file serves all."""
    if isinstance(spec, ScheduleSpec | MonitorSpec):
        return (SHARED,)
    if isinstance(spec, StageSpec):
        return tuple(those_with_stages(BACKENDS, alone=spec.transformation is not None))
    return tuple(BACKENDS if isinstance(spec, Spec) else those_in_place())


def file_mutants(spec: AnySpec, backend: str, text: str) -> list[FileMutant]:
    """All mutants of what stands for one rule in the text of a generated file. Some are no code at all."""
    lines = text.splitlines(keepends=True)
    nodes = _nodes_of(spec, text)
    numbers = _lines_of(spec, text)
    pool = _pool(spec, [lines[n] for n in numbers])
    single = ((kind, number, len(other), other) for kind, number, other in _file_changes(lines, numbers, pool))
    found: dict[tuple, FileMutant] = {}
    for structural, changes in ((False, single), (True, edits(spec, nodes, lines))):
        for kind, number, gone, other in changes:
            if list(other) == lines[number : number + gone]:
                continue
            shown = " ".join(line.strip() for line in other) or f"without {lines[number].strip()}"
            where = f"{spec.key}, {backend and f'{backend}/'}{spec.family}.py:{number + 1}"
            mutant = FileMutant(kind, f"{where}: {shown}", backend, spec.family, number, gone, other, structural)
            found.setdefault((number, gone, other), mutant)
    return list(found.values())


def _nodes_of(spec: AnySpec, text: str) -> list[ast.stmt]:
    """The statements that belong to a rule: its functions, its kernels, its class."""
    own, found = _own(spec), []
    for node in ast.parse(text).body:
        name = node.targets[0].id if isinstance(node, ast.Assign) else getattr(node, "name", "")  # type: ignore[attr-defined]
        if own.fullmatch(name) and not isinstance(node, ast.Import | ast.ImportFrom):
            found.append(node)
    return found


def _own(spec: AnySpec) -> re.Pattern:
    """The names of what belongs to a rule."""
    functions = ("update", "scalars", "elements", "summands", "sums", "shared", "per_array")
    if isinstance(spec, LayerSpec):  # each with its kernels
        functions = ("forward", "inference", "backward")
    return re.compile(rf"_?{spec.key}_({'|'.join(functions)})(_\w+)?|{spec.rule.name}(State)?|{spec.key}")


def _lines_of(spec: AnySpec, text: str) -> list[int]:
    """The lines, from 0, that belong to a rule: its functions, its kernels, its class; no prose."""
    own, found = _own(spec), list[int]()
    for node in ast.parse(text).body:
        if isinstance(node, ast.ImportFrom) and node.level > 1:  # what is taken over from another backend
            found += [alias.lineno - 1 for alias in node.names if own.fullmatch(alias.name)]
    for node in _nodes_of(spec, text):
        prose = {
            line
            for inner in ast.walk(node)
            if isinstance(inner, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(inner) is not None
            for line in range(inner.body[0].lineno, inner.body[0].end_lineno + 1)
        }
        found += [line - 1 for line in range(node.lineno, node.end_lineno + 1) if line not in prose]
    return found


def _pool(spec: AnySpec, lines: Sequence[str]) -> list[str]:
    """The names of values in these lines, in the order in which they stand there."""
    rule = spec.rule
    values = {"w", "g", "t", *(h.name for h in rule.hypers), *(s.name for s in getattr(rule, "state", ()))}
    values |= {step.target.name for step in (*getattr(rule, "steps", ()), *getattr(rule, "inference", ()))}
    values |= {s.name for s in getattr(rule, "parameters", ())} | {"x", "dy", "metric"}
    values |= {f"self.{name}" for name in values}
    code = [_COMMENT.sub("", line) for line in lines]
    values |= {name for line in code for name in re.findall(r"^ {4}(\w+),$", line)}  # what is imported
    values |= {m[1] for line in code if (m := re.match(r"\s+(?:const T )?([a-z]\w*) = ", line)) and m[1] != "tile"}
    values |= {name for line in code if line.strip().endswith("= tile") for name in re.findall(r"\w+", line)[:-1]}
    return list(dict.fromkeys(name for line in code for name in _NAME.findall(line) if name in values))


def _file_changes(
    lines: Sequence[str], numbers: Sequence[int], pool: Sequence[str]
) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """Kind, first line, and the lines that take the place of as many."""
    for position, number in enumerate(numbers):
        line = lines[number]
        code = _COMMENT.sub("", line)
        if not code.strip() or _HINT.match(code) or code.strip().startswith(("def ", "class ", '"""', ")")):
            continue
        for match in _TOKEN.finditer(code.rstrip("\n")):
            for kind, other in _token_changes(match, code, pool, position):
                yield kind, number, (line[: match.start()] + other + line[match.end() :],)
        for match in _CALL.finditer(code):
            exchanged = f"({match[2]}, {match[1]}"
            yield "operands exchanged", number, (line[: match.start()] + exchanged + line[match.end() :],)
        indent = line[: len(line) - len(line.lstrip())]
        yield "line dropped", number, (f"{indent}pass\n" if code.rstrip().endswith(":") else "\n",)
        if number + 1 in numbers and lines[number + 1].startswith(indent) and lines[number + 1].strip():
            yield "lines reordered", number, (lines[number + 1], line)


def _token_changes(match: re.Match, code: str, pool: Sequence[str], position: int) -> Iterator[tuple[str, str]]:
    token, before = match[0], code[: match.start()]
    attribute = before.endswith(".")
    if token in _OPERATORS and not (token == "*" and code.strip() == "*,") and not before.endswith("-"):
        yield "operator", _OPERATORS[token]
    elif token in _FUNCTIONS and (attribute or code[match.end() :].startswith("(")):
        yield "function", _FUNCTIONS[token]
    elif token in pool and not attribute:
        own = token.startswith("self.")
        others = [name for name in pool if name != token and name.startswith("self.") == own]
        kind = "output" if before.endswith("out=") else "operand"
        if others:
            yield kind, others[(position + match.start()) % len(others)]  # another one from place to place
    elif token[0].isdigit():
        yield "constant", f"{token}0" if "e" in token else f"{token}1" if "." in token else str(int(token) + 1)
