"""Lines over whole arrays, or tiles of them: ufuncs that write in place."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Sequence

from ...execution.language import NAME, NAMES, NUMBER, OPERAND, TUPLE, TYPED, OutsideError, apart, fresh
from ...execution.shapes import body_of, header
from ...lower.instructions import Instruction
from ...spec.functions import called

_TEST = rf"{OPERAND} (?:<|<=|>|>=|==|!=) {OPERAND}"
_PASS = re.compile(
    rf"(?:{NAME} = )?np\.(\w+)\({OPERAND}(?:, {OPERAND})*, out={NAME}\)"
    rf"|np\.(copyto)\({NAME}, {OPERAND}(?:, where=(?:{NAME}|{_TEST}))?\)"
    rf"|{NAME} = {NAME}"
)
_COMPARED = {"less", "less_equal", "greater", "greater_equal", "equal", "not_equal"}
_IN_PLACE = {"add", "subtract", "multiply", "divide", "power", "negative", "square", *_COMPARED}
_IN_PLACE |= {name for name, row in called("ufunc").items() if row.elements}
#: What `_arrays.py` has for the root of a sum of squares; for those of all parts of a tile, and for their sums.
NORM, NORMS, SUMS = "norm_of", "norms_of", "sums_of"
#: Where these parts begin, and a buffer of doubles.
AT, WIDE = "at", "wide"
#: What `_arrays.py` has for a number that meets arrays, and may be another one for each of those in a row.
SPREAD = "spread"
_REDUCED = re.compile(
    rf"{NAME} = (?:{NORM}\({NAME}, {NAME}\)|np\.(?:sum|max)\({NAME}(?:, initial=(?:{NUMBER}|-?np\.inf))?\)"
    rf"|(?:1 - )?np\.isfinite\({NAME}\)\.all\(\))"
)
_REDUCED_IN_PARTS = re.compile(rf"{NAME} = (?:{NORMS}\({NAME}, {WIDE}, {AT}\)|{SUMS}\({NAME}, {AT}\))")


def passes(body: Sequence[ast.stmt], outer: Collection[str], reduced: re.Pattern[str] | None = None) -> None:
    """Lines each of which runs over all elements, in place, or is one of those that reduce them to numbers."""
    for line in body:
        text = ast.unparse(line)
        found = _PASS.fullmatch(text)
        known = found and (found[1] or "copyto") in {*_IN_PLACE, "copyto"}
        if not known and not (reduced and reduced.fullmatch(text)) and text != "pass":
            raise OutsideError(line, "is not a line that runs over all elements of a tile")
    apart(body, outer)


_TILES = re.compile(rf"tiles\({TUPLE}, {TUPLE}(?:, scratch=\d+)?(?:, masks=\d+)?, stages=stages\)")


def tile_loop(node: ast.stmt, outer: Collection[str]) -> None:
    """The loop over the tiles of all arrays: the tiles get the names of their arrays, the passes run over them."""
    match node:
        case ast.For(target=ast.Name(id="tile"), iter=walk, body=[first, *body], orelse=[]) if _TILES.fullmatch(
            ast.unparse(walk)
        ) and re.fullmatch(rf"{NAMES}(?:,)? = tile", _bare(first)):
            assert isinstance(first, ast.Assign)
            own = [name.id for name in ast.walk(first.targets[0]) if isinstance(name, ast.Name)]
            fresh(first, own, set())
            passes(body, {*outer, *own, "tile"})
        case _:
            raise OutsideError(node, "is not the loop over the tiles of all arrays")


def _bare(node: ast.stmt) -> str:
    """An assignment to a tuple without its parentheses, which some versions of Python write."""
    return re.sub(r"^\((.*)\) = ", r"\1 = ", ast.unparse(node))


def reducing(node: ast.stmt, taken: Collection[str], decorators: Sequence[str] = (), *, in_parts: bool = False) -> None:
    """A function that goes over all elements of a tile, and returns numbers that they, or its parts, come to."""
    inner = header(node, f"{TYPED}, {AT}: Array" if in_parts else TYPED, "tuple[Any, ...]", taken, decorators)
    found = list(body_of(node))
    last = found.pop()
    if not re.fullmatch(rf"return {TUPLE}", ast.unparse(last)):
        raise OutsideError(last, "does not return what was summed up")
    passes(found, inner, _REDUCED_IN_PARTS if in_parts else _REDUCED)


def line_of(one: Instruction) -> str:
    """A pass as a statement."""
    match one:
        case Instruction("alias", (source,), _, name):
            return f"{name} = {source}"
        case Instruction("copy", (source,), out):
            return f"np.copyto({out}, {source})"
        case Instruction("select", (mask, source), out):
            return f"np.copyto({out}, {source}, where={mask})"
    call = f"np.{one.ufunc}({', '.join(one.inputs)}, out={one.out})"
    return f"{one.name} = {call}" if one.name else call
