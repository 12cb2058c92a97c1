"""The templates, and what every file has: a header, a docstring, `__all__`.

Everything that decides is in Python; the templates place lines that are already printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import jinja2

from ..backends import Staged, staged_backend
from ..expr.printing import tuple_text
from ..files import MARK, shown_file
from ..load import GENERATED, SPECS, AnySpec, Declared, LayerSpec, StageSpec
from ..lower.host import called_in

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
#: The longest line that formatters leave as it is: 88 characters, less an indentation of four.
LONGEST = 84


@cache
def environment(*, markup: bool = False) -> jinja2.Environment:
    """The templates, which place lines as they are; those of `markup` escape whatever is no markup."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=not markup,
        autoescape=markup,
    )


def fill(template: str, **lines: object) -> str:
    """The text of a file: `template` with the `lines` that it places."""
    text = environment().get_template(template).render(**lines)
    return re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)  # an empty line has no indentation


def copied(path: Path) -> str:
    """The text of a module that is written by hand, for another folder than that in which it stands."""
    shown = (
        f"stepsmith/{path.relative_to(GENERATED).as_posix()}" if path.is_relative_to(GENERATED) else shown_file(path)
    )
    return f"# {MARK}{shown}; do not edit\n{path.read_text(encoding='utf-8')}"


def header(spec: Declared) -> str:
    """The first line of a file: where it comes from, and how it is made again."""
    inside = spec.path.parent == SPECS
    remedy = f"python cli.py generate {spec.family}" if inside else f"stepsmith generate {spec.shown_path} --out DIR"
    return f"{MARK}{spec.shown_path}; regenerate with: {remedy}"


def module_doc(specs: Sequence[AnySpec]) -> str:
    """The docstring of a module, which is that of the spec's file."""
    doc = specs[0].doc or f"{specs[0].family}: {', '.join(spec.rule.name for spec in specs)}"
    return f"{doc}\n" if "\n" in doc else doc


def reexport(specs: Sequence[StageSpec | LayerSpec], backend: Staged, exported: Iterable[str]) -> str:
    """The module of stages or layers in a backend that has those of another."""
    names = sorted(exported, key=export_key)
    return fill(
        "reexport.py.jinja",
        header=header(specs[0]),
        source=staged_backend(backend.extends),
        family=specs[0].family,
        imports=sorted(names, key=import_key),
        exported=names,
    )


def runtime_import(folder: str, text: str) -> list[str]:
    """The import of what is called in `text` of `_runtime/scalars.py`, which lies in this folder."""
    called = called_in(text)
    return [f"from {folder}_runtime.scalars import {', '.join(called)}"] if called else []


def quoted(names: Iterable[str]) -> str:
    """The names as a Python tuple of strings."""
    return tuple_text([f'"{name}"' for name in names])


def export_key(name: str) -> tuple[bool, bool, str]:
    """The order in which linters want `__all__`: CONSTANTS, Classes, functions."""
    return (not name.isupper(), name[0].islower(), name)


def import_key(name: str) -> tuple[bool, bool, str]:
    """The order in which linters want imports: that of `__all__`, but without regard to case."""
    constant, function, _ = export_key(name)
    return (constant, function, name.lower())
