"""The generated code of one rule: what of a file belongs to it, highlighted."""

from __future__ import annotations

import ast
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from markupsafe import Markup

from ...backends import BACKENDS, names
from ...files import changes, write
from ...load import FLEETING, GENERATED, SPECS, AnySpec, MonitorSpec, ScheduleSpec, catalog
from ...render import render
from ...verify import whole_families


@contextmanager
def folder_of(spec: AnySpec) -> Iterator[Path]:
    """The folder that has the generated code of a spec; of a file outside the project it is written for this."""
    if spec.path.parent == SPECS:
        yield GENERATED
        return
    with tempfile.TemporaryDirectory(prefix=FLEETING) as temporary:
        out = Path(temporary)
        write(changes(render(whole_families([spec]), names(), out)))
        yield out


def _paths(spec: AnySpec, out: Path) -> list[tuple[str, Path]]:
    """What the code is for, and the file; what is numbers alone has one file for all."""
    if isinstance(spec, ScheduleSpec | MonitorSpec):
        return [("Python", out / f"{spec.family}.py")]
    return [(BACKENDS[name].label, out / name / f"{spec.family}.py") for name in names()]


def of_rule(spec: AnySpec, folder: Path) -> list[tuple[str, str]]:
    """For each backend its title and what its file has of the rule; of what has several rules, only this one's."""
    keys = {e.key for e in catalog(spec.path)}
    texts = [(title, path.read_text(encoding="utf-8")) for title, path in _paths(spec, folder) if path.is_file()]
    found = ((title, "\n".join(_parts(text, spec.key, keys))) for title, text in texts)
    return [(title, text) for title, text in found if text]


def _parts(text: str, key: str, keys: set[str]) -> list[str]:
    """The statements of a file whose names begin with that of the rule, and with no longer one of another."""
    lines, found, end = text.splitlines(), [], 0
    for node in ast.parse(text).body:
        start, end = end, node.end_lineno or 0
        name = _name(node).lower().replace("_", "")
        owners = [k for k in keys if name.startswith(k.replace("_", ""))]
        if owners and max(owners, key=len) == key:
            found.append("\n".join(lines[start:end]).strip("\n") + "\n")
    return found


def _name(node: ast.stmt) -> str:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
    return ""


def highlighted(text: str) -> Markup:
    """Python as markup whose classes `style` colours."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    return Markup(highlight(text, PythonLexer(), HtmlFormatter(nowrap=True)))


@cache
def style() -> Markup:
    """The colours of highlighted code, light and dark."""
    from pygments.formatters import HtmlFormatter

    light = HtmlFormatter(style="default").get_style_defs(".code")
    dark = HtmlFormatter(style="github-dark").get_style_defs(".code")
    return Markup(f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}")
