"""The index of a folder: what can be imported from it, each module loaded on first use."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from ..backends import Backend
from ..files import MARK, is_orphan, modules_on_disk
from ..load import GENERATED
from .environment import LONGEST, export_key, fill, import_key

#: The index of the folder that holds those of the backends.
ROOT_INDEX = f'''# {MARK}specs/ by Stepsmith; do not edit
"""Generated optimizers. Each folder is for one array library and is loaded on its own; schedules serve all."""
'''


def index(folder: Path, backend: Backend, modules: Mapping[str, str], *, grouped: bool) -> str:
    """The index of a backend's folder: the modules of this run and those that are there already.

    `grouped`: this run writes optimizers, whose parameters may be in groups.
    """
    exported = {family: _exports(text) for family, text in modules.items()}
    for path, text in modules_on_disk(folder):
        if path.stem not in exported and not is_orphan(path, text):
            exported[path.stem] = _exports(text)
    pairs = [(name, module) for module, names in exported.items() for name in names]
    grouped = backend.in_place and (grouped or (folder / "_arrays.py").is_file())
    pairs += [("Group", "_arrays")] if grouped else []
    pairs.sort(key=lambda pair: export_key(pair[0]))
    return fill(
        "package.py.jinja",
        header=f"{MARK}specs/ by Stepsmith; do not edit",
        doc=f"Optimizers for {backend.label} arrays. A module is loaded when one of its names is first used.",
        imports=[
            line
            for name, module in sorted(pairs, key=lambda pair: (pair[1], import_key(pair[0])))
            for line in _import_lines(name, module)
        ],
        modules=pairs,
        like_modules=any(name in exported for name, _ in pairs),
    )


def bound_presets(names: Iterable[str], backend: str) -> dict[str, str]:
    """The package `presets` of a backend: where its modules are, and for type checkers what each of them has."""
    head = f"# {MARK}stepsmith/_presets/ for {backend}; do not edit\n"
    public = [name for name in names if not name.startswith("_")]
    files = {"__init__.py": fill("presets.py.jinja", head=head, names=public)} if public else {}
    for name in public:
        body = ast.parse((GENERATED / "_presets" / f"{name}.py").read_text(encoding="utf-8")).body
        lines = (_import_lines(offered, f".._presets.{name}") for offered in sorted(_offered(body), key=import_key))
        files[f"{name}.pyi"] = head + "".join(f"{line}\n" for each in lines for line in each)
    return files


def _offered(body: Sequence[ast.stmt]) -> set[str]:
    """What a module of presets offers: its functions and classes, and what it imports under its own name for that."""
    defined = {node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    imported = (alias for node in body if isinstance(node, ast.ImportFrom) for alias in node.names)
    return {n for n in defined if not n.startswith("_")} | {one.name for one in imported if one.asname == one.name}


def beside(out: Path, names: Iterable[str], families: Collection[str]) -> list[tuple[Path, tuple[str, ...]]]:
    """The modules of other `families` under `out`, for the backends of these `names`, each with what it offers.

    Those of the project's own specs are left out in its own folder: what they offer is what the specs say.
    """
    found = []
    for name in names:
        for path, text in modules_on_disk(out / name):
            own = out == GENERATED and text.startswith(f"# {MARK}specs/")
            if path.stem not in families and not own and not is_orphan(path, text):
                found.append((path, _exports(text)))
    return found


def _import_lines(name: str, module: str) -> list[str]:
    """The import of a name, broken where linters want it to be."""
    line = f"from .{module} import {name} as {name}"
    return [line] if len(line) <= LONGEST else [f"from .{module} import (", f"    {name} as {name},", ")"]


@lru_cache(1024)  # most modules are there already, and stay what they are
def _exports(text: str) -> tuple[str, ...]:
    """What `__all__` of a module lists; nothing, if the text is not Python."""
    try:
        body = ast.parse(text).body
    except SyntaxError:
        return ()
    for statement in body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__":
            return tuple(ast.literal_eval(statement.value))
    return ()
