"""Which rule is which library's: what the presets return, as their texts say, and a table of what has no presets."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..load import GENERATED, SPECS, catalog

#: The libraries that have presets, and the collection of optimizers that rules are compared with.
LIBRARIES = ("torch", "keras", "optax", "chainer", "collection")
TABLE = SPECS / "libraries.toml"


@dataclass(frozen=True)
class Theirs:
    """An optimizer of a library, by its name there, and the classes of the rules that it is, by its options."""

    library: str
    name: str
    rules: tuple[str, ...]


@cache
def of(library: str) -> tuple[Theirs, ...]:
    """The optimizers of a library that there are rules for, by name."""
    if library == "collection":
        found = [Theirs(library, name, tuple(rules)) for name, rules in table()["rules"].items()]
    else:
        folder = GENERATED / "_presets"
        files = [folder / f"{library}.py", *sorted(folder.glob(f"_{library}_*.py"))]
        trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files if path.exists()]
        classes = {name: rule for tree in trees for name, rule in _renamed(tree)}
        known = {entry.name for entry in catalog()}
        told = [one for tree in trees for one in _presets(tree.body, classes)]
        found = [Theirs(library, name, rules) for name, rules in told if known.issuperset(rules)]
    return tuple(sorted(found, key=lambda theirs: theirs.name.lower()))


@cache
def table() -> dict[str, dict[str, list[str]]]:
    """Of the collection, `rules` by name there, and names by the reason for which they are `refused`."""
    found: dict[str, dict[str, list[str]]] = tomllib.loads(Path(TABLE).read_text(encoding="utf-8"))["collection"]
    return found


def refused(words: str) -> str:
    """Why there is no rule for what somebody looks for, if the collection has it."""
    for reason, missing in table()["refused"].items():
        if words.lower() in missing:
            return f"; pytorch_optimizer has {words.lower()}, for which there is no rule: {reason}"
    return ""


@cache
def names(rule: str) -> tuple[str, ...]:
    """What the class of a rule is in the libraries, such as torch.Adam."""
    return tuple(f"{theirs.library}.{theirs.name}" for each in LIBRARIES for theirs in of(each) if rule in theirs.rules)


def _renamed(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Classes that are rules with another name, such as `class TorchSGD(TorchOptimizer, rules.SGD)`."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            for base in node.bases:
                if isinstance(base, ast.Attribute) and isinstance(base.value, ast.Name) and base.value.id == "rules":
                    yield node.name, base.attr


def _presets(body: list[ast.stmt], classes: dict[str, str], prefix: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """The functions that take parameters and return a rule, and those that put something around one."""
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from _presets(node.body, classes, f"{node.name}.")
        elif isinstance(node, ast.FunctionDef) and node.decorator_list and node.returns is not None:
            first = [argument.arg for argument in node.args.args[:1]]
            rules = tuple(dict.fromkeys(_returned(node.returns, classes)))
            if (first == ["params"] and rules) or first in (["inner_optimizer"], ["base_optimizer"], ["optimizer"]):
                yield prefix + node.name, rules


def _returned(annotation: ast.expr, classes: dict[str, str]) -> Iterator[str]:
    walked = [node for node in ast.walk(annotation) if isinstance(node, ast.expr)]
    for node in sorted(walked, key=lambda node: (node.lineno, node.col_offset)):
        if isinstance(node, ast.Name) and node.id in classes:
            yield classes[node.id]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("rules", "own"):
            yield node.attr
