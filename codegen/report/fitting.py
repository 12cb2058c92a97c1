"""Formulas of LaTeX in lines that are not too long: how wide one is, and where it may be broken.

Only what `expr.printing` writes is understood. Widths are those of Computer Modern at 10 pt, to a tenth or so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: What a line of an article in one column holds, in points.
LINE = 345.0

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}]|\s+|[^\s\\{}]")
_FLAT = {"frac": 2, "sqrt": 1, "text": 1, "mathrm": 1, "operatorname": 1, "overline": 1, "hat": 1, "bar": 1, "tilde": 1}
_RELATIONS = frozenset({"=", "<", ">", r"\le", r"\ge", r"\ne", r"\to"})
_SIGNS = frozenset({"+", "-", r"\bmod"})
_WIDTHS = {r"\,": 1.7, r"\cdot": 7.2, r"\quad": 10.0, ",": 4.5, "(": 3.9, ")": 3.9, "'": 3.0, "|": 2.8, "i": 3.5}
_WIDTHS |= {
    r"\sum": 15.0,
    r"\prod": 14.0,
    r"\dots": 14.0,
    r"\infty": 10.0,
    r"\ldots": 13.0,
    "t": 3.7,
    "w": 7.2,
    "m": 8.8,
}
_WORDS = {r"\max": 19.5, r"\min": 18.0, r"\log": 13.0, r"\exp": 16.0, r"\cos": 14.5, r"\tanh": 22.0, r"\bmod": 26.0}
_SCRIPT = 0.75


@dataclass(frozen=True)
class _Item:
    """A token, a group, a command with its arguments, an environment or what stands in brackets that grow."""

    head: str
    inner: tuple[tuple[_Item, ...], ...] = ()
    tail: str = ""

    def __str__(self) -> str:
        if self.inner and self.head.startswith((r"\begin", r"\left")):
            return f"{self.head}{_joined(self.inner[0])}{self.tail}"
        return self.head + "".join(f"{{{_joined(part)}}}" for part in self.inner)

    @property
    def width(self) -> float:
        match self.head:
            case r"\frac":
                return max(map(width_of, self.inner)) + 2.4
            case r"\sqrt":
                return width_of(self.inner[0]) + 8.5
            case r"\text" | r"\mathrm" | r"\operatorname":
                return 4.9 * len(_joined(self.inner[0]).replace(r"\,", "").replace("\\", ""))
            case r"\begin{cases}":
                cells = [list(map(width_of, row)) for row in _cells(self.inner[0])]
                return 8.5 + 10.0 + sum(max(column) for column in zip(*cells, strict=False))
            case r"\begin{aligned}":
                return max(sum(map(width_of, row)) for row in _cells(self.inner[0]))
        if self.inner and self.head.startswith(r"\left"):
            return width_of(self.inner[0]) + 11.0
        if self.inner:
            return sum(map(width_of, self.inner))
        return _token_width(self.head)


def _token_width(token: str) -> float:
    if token in _RELATIONS:
        return 13.3
    if token in ("+", "-"):
        return 12.2
    known = _WIDTHS.get(token) or _WORDS.get(token)
    if known:
        return known
    return 0.0 if token.isspace() or token == "&" else 6.0 if token.startswith("\\") else 5.2


def width_of(items: tuple[_Item, ...]) -> float:
    """How wide items are side by side; what stands below and above a letter takes one place."""
    total, scripts = 0.0, dict[str, float]()
    at = 0
    while at < len(items):
        item = items[at]
        if item.head in ("^", "_") and at + 1 < len(items):
            scripts[item.head] = items[at + 1].width * _SCRIPT
            at += 2
            continue
        total += max(scripts.values(), default=0.0) + item.width
        scripts = {}
        at += 1
    return total + max(scripts.values(), default=0.0)


def width(formula: str) -> float:
    """About how wide a formula is, in points."""
    return width_of(_read(formula))


def _joined(items: tuple[_Item, ...]) -> str:
    return "".join(map(str, items))


def _cells(items: tuple[_Item, ...]) -> list[list[tuple[_Item, ...]]]:
    """The rows of an environment, each with what stands between its signs of alignment."""
    rows: list[list[tuple[_Item, ...]]] = [[()]]
    for item in items:
        if item.head == r"\\":
            rows.append([()])
        elif item.head == "&":
            rows[-1].append(())
        else:
            rows[-1][-1] += (item,)
    return rows


def _read(formula: str) -> tuple[_Item, ...]:
    tokens = _TOKEN.findall(formula)
    items, rest = _items(tokens, 0, "")
    assert rest == len(tokens), formula
    return items


def _items(tokens: list[str], at: int, closing: str) -> tuple[tuple[_Item, ...], int]:
    found: list[_Item] = []
    while at < len(tokens) and tokens[at] != closing:
        item, at = _item(tokens, at)
        found.append(item)
    return tuple(found), at


def _item(tokens: list[str], at: int) -> tuple[_Item, int]:
    token = tokens[at]
    if token == "{":
        inner, end = _items(tokens, at + 1, "}")
        return _Item("", (inner,)), end + 1
    if token == r"\left":
        inner, end = _items(tokens, at + 2, r"\right")
        return _Item(_delimiter(token, tokens[at + 1]), (inner,), _delimiter(r"\right", tokens[end + 1])), end + 2
    if token == r"\begin":
        name = tokens[at : tokens.index("}", at) + 1]
        inner, end = _items(tokens, at + len(name), r"\end")
        return _Item("".join(name), (inner,), "".join([r"\end", *name[1:]])), end + len(name)
    count = _FLAT.get(token.removeprefix("\\"), 0) if token.startswith("\\") else 0
    parts, end = [], at + 1
    for _ in range(count):
        inner, end = _items(tokens, end + 1, "}")
        parts.append(inner)
        end += 1
    return _Item(token, tuple(parts)), end


def _delimiter(side: str, sign: str) -> str:
    return f"{side}{sign}"


def lines(formula: str, room: float = LINE, indent: float = 20.0) -> list[str]:
    """The formula in lines of at most `room` points; all but the first are to be set `indent` points further in."""
    if width(formula) <= room:
        return [formula]
    found: list[str] = []
    current: tuple[_Item, ...] = ()
    for piece in _pieces(_read(formula), room - indent):
        if current and width_of(current + piece) > room - (indent if found else 0.0):
            found.append(_joined(current).strip())
            current = ()
        current += piece
    return [*found, _joined(current).strip()]


def _pieces(items: tuple[_Item, ...], room: float, depth: int = 0) -> Iterator[tuple[_Item, ...]]:
    """Parts between which a line may end, as narrow as need be."""
    for part in _split(items, _RELATIONS | _SIGNS, depth):
        if width_of(part) <= room:
            yield part
            continue
        factors = list(_split(part, frozenset({r"\,", r"\cdot"}), depth))
        # at the beginning of a line a factor needs a sign
        for factor in ((_Item(r"\cdot"), *one[1:]) if one[0].head == r"\," else one for one in factors):
            if width_of(factor) <= room:
                yield factor
            elif depth < 4 and len(list(_split(factor, _RELATIONS | _SIGNS, depth + 1))) > 1:
                yield from _pieces(factor, room, depth + 1)
            else:
                yield _narrowed(factor, room)


def _split(items: tuple[_Item, ...], before: frozenset[str], depth: int) -> Iterator[tuple[_Item, ...]]:
    """The items, parted before certain signs that stand in no more than `depth` plain parentheses."""
    level, current = 0, list[_Item]()
    for item in items:
        level += (item.head == "(") - (item.head == ")")
        if item.head in before and level <= depth and any(not one.head.isspace() for one in current):
            yield tuple(current)
            current = []
        current.append(item)
    if current:
        yield tuple(current)


def _narrowed(items: tuple[_Item, ...], room: float) -> tuple[_Item, ...]:
    """Items without a place to break: the widest of what they contain is broken inside."""
    at = max(range(len(items)), key=lambda n: items[n].width)
    widest = items[at]
    if not widest.inner or widest.head in (r"\text", r"\mathrm", r"\operatorname"):
        return items
    left = max(room - (width_of(items) - widest.width) - 12.0, 60.0)
    parts = [part if width_of(part) <= left else _stacked(part, left, widest.head) for part in widest.inner]
    return (*items[:at], _Item(widest.head, tuple(parts), widest.tail), *items[at + 1 :])


def _stacked(part: tuple[_Item, ...], room: float, head: str) -> tuple[_Item, ...]:
    if head == r"\begin{cases}":
        rows = []
        for value, test in _cells(part):
            broken = lines(_joined(value).strip(), max(room - width_of(test) - 10.0, room / 2))
            tests = lines(_joined(test).strip(), max(room - width_of(value) - 10.0, room / 2 - 10.0))
            rows.append(f"{stacked(broken)} & {stacked(tests)}")
        return _read(" " + r" \\ ".join(rows) + " ")
    return _read(stacked(lines(_joined(part), room)))


def stacked(found: list[str]) -> str:
    """Lines below one another, as a part of a formula."""
    if len(found) == 1:
        return found[0]
    return r"\begin{aligned} & " + r" \\ & \quad {} ".join(found) + r" \end{aligned}"
