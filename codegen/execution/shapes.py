"""What a generated file holds: imports from a fixed list, functions and classes each of a known form, nothing else.

Every statement of a file is held against this before anything of it is run: a line between two others, a method too
many, a decorator or a name that is bound twice may change what all others mean. `language` knows single lines.
Whether the right values are computed is not asked here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from .language import NAME, NUMBER, Dialect, OutsideError, domain_test, fresh, value

_TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
_BUILTINS = {"max", "min", "abs", "bool", "super", "staticmethod", "len", "range", "float"}
HYPERS = rf"(?:, {NAME}: (?:float|int|Hyper|IntHyper)={NUMBER})*"
#: What a class hands on by keyword, after other arguments.
PASSED = rf"(?:, {NAME}=(?:{NAME}|{NUMBER}))*"
_FUTURE = "from __future__ import annotations"


@lru_cache(maxsize=64)
def parsed(text: bytes) -> ast.Module:
    """The tree of a file, read as Python reads it: a comment at its top may say how. It is not to be changed."""
    return ast.parse(text)


def cuts(path: Path, cls: str, hyper: str) -> list[float]:
    """The numbers in the test of a hyperparameter: between two of them it does not change its mind."""
    return _cuts(path.read_bytes()).get((cls, hyper), [])


@lru_cache(maxsize=64)
def _cuts(text: bytes) -> dict[tuple[str, str], list[float]]:
    found: dict[tuple[str, str], list[float]] = {}
    for node in (node for node in parsed(text).body if isinstance(node, ast.ClassDef)):
        for hyper, test in _domains_of(node).items():
            nodes = (n for n in ast.walk(test) if isinstance(n, ast.Constant))
            numbers = [n.value for n in nodes if isinstance(n.value, int | float)]
            # the sign of a negative one is a node of its own
            found[node.name, hyper] = [sign * number for number in numbers for sign in (1, -1)]
    return found


def _domains_of(node: ast.ClassDef) -> dict[str, ast.expr]:
    for line in node.body:
        if isinstance(line, ast.AnnAssign) and ast.unparse(line.target) == "_domains":
            found = line.value if isinstance(line.value, ast.Dict) else ast.Dict([], [])
            pairs = zip(found.keys, found.values, strict=True)
            return {ast.literal_eval(key): test.elts[1] for key, test in pairs if key and isinstance(test, ast.Tuple)}
    return {}


# Parts that all kinds have.

Statement = Callable[[ast.stmt, set[str]], None]


def no_statement(node: ast.stmt, taken: Collection[str]) -> None:
    """No statement of its own has a place here."""
    raise OutsideError(node, "has no place in a generated module")


@dataclass(frozen=True)
class Module:
    """The form of a module: what it may import, and what is said of each other statement."""

    imports: Mapping[str, str]  # from which module, and which names as a pattern; or a whole import
    cls: Statement
    function: Statement = no_statement
    assign: Statement = no_statement
    own: Mapping[str, str] = field(default_factory=dict)  # classes that have to stand as they do in a template

    def check(self, tree: ast.Module) -> None:
        body = without_doc(tree.body)
        if not body or ast.unparse(body[0]) != _FUTURE:
            raise OutsideError(body[0] if body else "", f"stands where `{_FUTURE}` has to stand")
        taken = set(_BUILTINS)
        for node in body[1:]:
            match node:
                case ast.Import() | ast.ImportFrom():
                    fresh(node, self._imported(node), taken)
                case ast.Assign(targets=[ast.Name(id="__all__")], value=ast.List(elts=names)):
                    strings(names)
                case ast.Assign(targets=[ast.Name(id=name)]):
                    fresh(node, [name], taken)
                    self.assign(node, taken)
                case ast.FunctionDef(name=name):
                    fresh(node, [name], taken)
                    self.function(node, taken)
                case ast.ClassDef(name=name):
                    fresh(node, [name], taken)
                    if name in self.own:
                        as_it_stands(node, self.own[name])
                    else:
                        self.cls(node, taken)
                case _:
                    no_statement(node, taken)

    def _imported(self, node: ast.Import | ast.ImportFrom) -> list[str]:
        source, _, names = ast.unparse(node).partition(" import ")
        if not re.fullmatch(self.imports.get(source, "(?!)"), names):
            raise OutsideError(node, "is not what a generated file imports")
        return [alias.asname or alias.name for alias in node.names]


def launched(node: ast.stmt, pattern: str, what: str) -> None:
    """The statement is a call of this pattern."""
    if not re.fullmatch(pattern, ast.unparse(node)):
        raise OutsideError(node, f"is not the one {what}")


def without_doc(body: Sequence[ast.stmt]) -> Sequence[ast.stmt]:
    """Statements without the text that comes before them."""
    match body:
        case [ast.Expr(value=ast.Constant(value=str())), *rest]:
            return rest
    return body


def among(names: str) -> str:
    """A pattern of some of `names`, with commas between them."""
    each = f"(?:{'|'.join(names.split())})"
    return rf"{each}(?:, {each})*"


def strings(nodes: Sequence[ast.expr]) -> None:
    for node in nodes:
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            raise OutsideError(node, "is not a text as it stands")


def header(
    node: ast.stmt, parameters: str, returns: str | None, taken: Collection[str], decorators: Sequence[str] = ()
) -> list[str]:
    """The function has parameters of this pattern, which have names of their own; gives the names."""
    if not isinstance(node, ast.FunctionDef):
        raise OutsideError(node, "is no method")
    found, given = ast.unparse(node.args), node.returns and ast.unparse(node.returns)
    if [ast.unparse(one) for one in node.decorator_list] != list(decorators):
        what = f"it has {', '.join(decorators)}" if decorators else "it has none"
        raise OutsideError(node, f"is not decorated as it is when it is generated: {what}")
    if not re.fullmatch(parameters, found) or given != returns or getattr(node, "type_params", []):
        raise OutsideError(node, f"does not take and return what {node.name} takes and returns")
    names = [one.arg for one in (*node.args.args, *node.args.kwonlyargs)]
    fresh(node, names, set(taken))
    return names


def returns_of(node: ast.stmt, one: str, other: str) -> str:
    """Which of two types the function says that it returns; the second if it says neither."""
    said = getattr(node, "returns", None)
    return one if said is not None and ast.unparse(said) == one else other


def body_of(node: ast.stmt) -> Sequence[ast.stmt]:
    return without_doc(node.body) if isinstance(node, ast.FunctionDef) else []


def literal(node: ast.stmt) -> None:
    """An attribute that is written out: numbers, texts, tuples and dicts of such."""
    try:
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            ast.literal_eval(node.value)
            return
    except ValueError:
        pass
    raise OutsideError(node, "is not an attribute that is written out")


def domains(node: ast.stmt) -> None:
    """`{"name": ("condition", lambda name: test), ...}`"""
    match node:
        case ast.AnnAssign(value=ast.Dict(keys=keys, values=pairs)):
            for key, pair in zip(keys, pairs, strict=True):
                match key, pair:
                    case (
                        ast.Constant(value=str(name)),
                        ast.Tuple(elts=[ast.Constant(value=str()), ast.Lambda(args=taken, body=test)]),
                    ) if ast.unparse(taken) == name:
                        domain_test(test, name)
                    case _:
                        raise OutsideError(pair, "is not the domain of a hyperparameter")
        case _:
            raise OutsideError(node, "has no domains of hyperparameters")


def as_it_stands(node: ast.stmt, template: str) -> None:
    """The class is that of a template, to the letter."""
    assert isinstance(node, ast.ClassDef)
    (wanted,) = _written_out(template, node.name).body
    if ast.dump(node) != ast.dump(wanted):
        inner = zip(node.body, wanted.body if isinstance(wanted, ast.ClassDef) else (), strict=False)
        first = next((one for one, other in inner if ast.dump(one) != ast.dump(other)), node)
        raise OutsideError(first, f"is not what {node.name} has in every generated file")


@cache
def _written_out(template: str, name: str) -> ast.Module:
    text = (_TEMPLATES / template).read_text(encoding="utf-8")
    found = re.search(rf"^class {name}\b.*?(?=^\S)", text, re.MULTILINE | re.DOTALL)
    assert found is not None
    return ast.parse(found[0])


Member = Callable[[ast.stmt], None]


def plain_class(
    node: ast.stmt, base: str, members: Mapping[str, Member], optional: Collection[str], hints: str = ""
) -> None:
    """The class has this base, and each of these members once; `hints` is the type of attributes without a value."""
    assert isinstance(node, ast.ClassDef)
    head = [*map(ast.unparse, node.bases), *node.keywords, *node.decorator_list, *getattr(node, "type_params", [])]
    if head != [base]:
        raise OutsideError(node, f"is not a plain class on {base}")
    seen: set[str] = set()
    for line in without_doc(node.body):
        match line:
            case ast.AnnAssign(target=ast.Name(id=name), value=None) if name not in members and hints:
                if not re.fullmatch(hints, ast.unparse(line.annotation)):
                    raise OutsideError(line)
                continue
            case ast.AnnAssign(target=ast.Name(id=name), annotation=ast.Name(id="ClassVar")):
                pass
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.FunctionDef(name=name):
                pass
            case _:
                raise OutsideError(line, f"has no place in {node.name}")
        if name not in members:
            raise OutsideError(line, f"is a member that {node.name} has from {base}, or has not at all")
        fresh(line, [name], seen)
        members[name](line)
    if missing := members.keys() - seen - set(optional):
        raise OutsideError(node, f"lacks {', '.join(sorted(missing))}")


def static(node: ast.stmt) -> None:
    if not re.fullmatch(rf"{NAME} = staticmethod\({NAME}\)", ast.unparse(node)):
        raise OutsideError(node, "does not name the function of the rule")


def handing_on(parameters: str, passed: str) -> Member:
    """`__init__`, which only hands its arguments on, as `passed` has it. Whether each gets its own shows in a run."""

    def member(node: ast.stmt) -> None:
        header(node, parameters, "None", ())
        body = body_of(node)
        if len(body) != 1 or not re.fullmatch(rf"super\(\)\.__init__\({passed}\)", ast.unparse(body[0])):
            raise OutsideError(body[0], "does not hand the arguments on, and nothing else")

    return member


KEYWORDS = rf"(?:{NAME}=(?:{NAME}|{NUMBER})(?:, )?)*"


def returned(node: ast.stmt, parameters: str, returns: str) -> ast.expr:
    """What a method that is one `return` gives."""
    header(node, parameters, returns, ())
    match body_of(node):
        case [ast.Return(value=found)] if found is not None:
            return found
    raise OutsideError(node, "does more than return a value, or less")


def values(parameters: str, returns: str, dialect: Dialect) -> Member:
    """A method that returns a value, or a tuple or dict of values."""

    def member(node: ast.stmt) -> None:
        match returned(node, parameters, returns):
            case ast.Tuple(elts=found):
                pass
            case ast.Dict(keys=keys, values=found):
                strings([key for key in keys if key is not None])
                if None in keys:
                    raise OutsideError(node)
            case other:
                found = [other]
        for one in found:
            value(one, dialect)

    return member
