"""Write pages: which, by how many processes, and what is known from the last time."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from ...files import changes, write
from ...load import GENERATED, ROOT, AnySpec, UsageError, load
from ...verify import workers
from ..libraries import LIBRARIES
from ..libraries import of as of_library
from .content import Content, versions
from .template import fill

INDEX, TABLE = "index.html", "pages.json"
#: What is needed beside what Stepsmith itself needs, by the name under which it is imported, and where it is from.
NEEDED = ("pygments",)


@dataclass(frozen=True)
class Written:
    """What became of the pages: how many were written, how many were the same, and what broke on which."""

    written: int
    unchanged: int
    broken: tuple[str, ...]


def write_pages(
    specs: Sequence[AnySpec], out: Path, command: str, started: Callable[[str, str], None] = lambda spec, what: None
) -> Written:
    """The pages of checked `specs`, and the index of all that are in `out`. `started` is told how far it is.

    A page is kept by all that it is made from, in the user's cache, and taken from there where nothing of that changed.
    Raises UsageError where what colours code is not installed.
    """
    check_installed()
    linked = frozenset(spec.key for spec in specs)
    rows, files, broken = _rows(out), dict[Path, str](), list[str]()
    for key, (page, row) in _pages(specs, linked, command, started):
        files[out / f"{key}.html"] = page
        rows[key] = row
        broken += [f"{key}: {text}" for text in row["broken"]]
    files[out / INDEX] = _index(rows)
    files[out / TABLE] = json.dumps(rows, indent=1, sort_keys=True) + "\n"
    found = changes(files)
    write(found)
    return Written(len(found), len(files) - len(found), tuple(broken))


def check_installed() -> None:
    """Raise UsageError if something is missing that only pages need."""
    for name in NEEDED:
        try:
            metadata.version(name)
        except metadata.PackageNotFoundError:
            raise UsageError(f"pages need {name}, which is not installed; pip install 'stepsmith[report]'") from None


def _rows(out: Path) -> dict[str, Any]:
    """What the index knows of pages that were written before, as far as they are there."""
    try:
        known = json.loads((out / TABLE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {key: row for key, row in known.items() if (out / f"{key}.html").is_file()}


def _pages(
    specs: Sequence[AnySpec], linked: frozenset[str], command: str, started: Callable[[str, str], None]
) -> Iterator[tuple[str, tuple[str, dict[str, Any]]]]:
    """Each page with its row of the index, by key: those that are known, then the others as they are done."""
    kept = {spec.key: _kept(spec, linked, command) for spec in specs}
    left = []
    for spec in specs:
        if page := _known(kept[spec.key]):
            yield spec.key, page
        else:
            left.append(spec)
    if len(left) < 2:
        for spec in left:
            started(spec.key, "page")
            yield spec.key, _page(spec.path, spec.key, linked, command, kept[spec.key])
        return
    with workers(min(os.cpu_count() or 1, len(left))) as pool:
        doing = {pool.submit(_page, spec.path, spec.key, linked, command, kept[spec.key]): spec.key for spec in left}
        for done, future in enumerate(as_completed(doing)):
            started(doing[future], f"{done + 1} of {len(doing)} pages done")
            yield doing[future], future.result()


def _page(path: Path, key: str, linked: frozenset[str], command: str, kept: Path) -> tuple[str, dict[str, Any]]:
    """One page and its row of the index; what is whole is kept."""
    (spec,) = load([(path, key)])
    content = Content(spec, linked, command).whole()
    page = str(fill("rule", **content, code_style=_code_style()))
    row = {name: content[name] for name in ("name", "kind", "family", "summary", "source", "libraries", "broken")}
    row["badges"] = dict(content["badges"])
    if not content["broken"]:
        kept.parent.mkdir(parents=True, exist_ok=True)
        write(changes({kept: json.dumps([page, row])}))
    return page, row


def _code_style() -> str:
    from .code import style

    return style()


def _known(kept: Path) -> tuple[str, dict[str, Any]] | None:
    try:
        page, row = json.loads(kept.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return page, row


def _kept(spec: AnySpec, linked: frozenset[str], command: str) -> Path:
    """The file in which a page is kept, named by all that it is made from."""
    text = "\0".join([spec.key, spec.path.read_text(encoding="utf-8"), command, *sorted(linked), _sources()])
    cache_folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache_folder / "stepsmith" / "pages" / f"{hashlib.sha256(text.encode()).hexdigest()}.json"


@cache
def _sources() -> str:
    """A digest of the whole of Stepsmith, and of what else decides how pages look."""
    digest = hashlib.sha256()
    folders = (ROOT / "codegen", ROOT / "specs", GENERATED)
    paths = {path for folder in folders for path in folder.rglob("*") if path.suffix in (".py", ".jinja", ".toml")}
    for path in sorted(paths):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    told = [*versions(), *((name, metadata.version(name)) for name in NEEDED)]
    digest.update(repr(told).encode())
    return digest.hexdigest()


def _index(rows: dict[str, Any]) -> str:
    """The index: all pages, and which rule is which library's."""
    keys = {row["name"]: key for key, row in rows.items()}
    table = [
        {"name": theirs.name, "library": theirs.library, "rules": [(rule, keys[rule]) for rule in found]}
        for library in LIBRARIES
        for theirs in of_library(library)
        if (found := [rule for rule in theirs.rules if rule in keys])
    ]
    ordered = sorted(rows.items(), key=lambda item: (item[1]["family"], item[0]))
    return str(fill("index", rows=ordered, table=table, libraries=LIBRARIES))
