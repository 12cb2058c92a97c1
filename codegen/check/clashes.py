"""Rules that would be generated under one name, or into one file."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from pathlib import Path

from ..files import shown_file
from ..load import (
    SPECS,
    AnySpec,
    LayerSpec,
    MonitorSpec,
    Problem,
    ScheduleSpec,
    Spec,
    SpecError,
    StageSpec,
    catalog,
    shown,
)
from ..spec.symbols import Location

KIND_NAMES = {
    Spec: "an optimizer",
    StageSpec: "a stage",
    ScheduleSpec: "a schedule",
    LayerSpec: "a layer",
    MonitorSpec: "a monitor",
}


def place_of(location: Location, what: str) -> str:
    """Where something was written, and what it is."""
    return f"{shown(location.file)}:{location.line}: {what}"


def clashes_among(specs: list[AnySpec], folder: Callable[[AnySpec], Hashable]) -> Iterator[Problem]:
    """Two rules that would be generated under one name."""
    for index, spec in enumerate(specs):
        for earlier in specs[:index]:
            if spec.path == earlier.path and type(spec) is not type(earlier):
                kinds = f"{KIND_NAMES[type(earlier)]} and {KIND_NAMES[type(spec)]}"
                yield Problem(shown(spec.path), f"it declares {kinds}", "give each kind a file of its own")
            if folder(spec) != folder(earlier):
                continue
            if spec.family == earlier.family and spec.path != earlier.path:
                yield Problem(
                    shown(spec.path),
                    f"{earlier.path} is also called {spec.family}.py, and both would be generated into one file",
                    "rename one of the files",
                )
            elif _shelf(spec) == _shelf(earlier):
                yield from _same_name(spec, offers(spec), offers(earlier), earlier.shown_path)


def clashes_in_the_project(specs: list[AnySpec]) -> Iterator[Problem]:
    """A rule of the project that has the name of one in another of its files, which nobody has asked for."""
    inside = [spec for spec in specs if spec.path.parent == SPECS]
    paths = {spec.path for spec in inside}
    others = [entry for entry in catalog() if entry.path not in paths] if inside else []
    for spec in inside:
        for entry in others:
            if _shelf(spec) == _SHELVES.get(entry.kind, entry.kind):
                theirs = [entry.name, *([f"{entry.key}_update"] if entry.kind == "optimizer" else [])]
                yield from _same_name(spec, offers(spec), theirs, shown(entry.path))


def _same_name(spec: AnySpec, own: list[str], theirs: list[str], where: str) -> Iterator[Problem]:
    """What two rules offer under one name: a class, or the function that is named after the variable of a rule."""
    place = place_of(spec.rule.location, spec.rule.name)
    if own[0] == theirs[0]:
        yield Problem(place, f"{where} already has a rule named {own[0]}", "give one of the two another name")
    elif own[1:] and own[1:] == theirs[1:]:
        fact = f"{where} already has a rule whose function is {own[1]}"
        yield Problem(place, fact, "give one of the two variables to which they are assigned another name")


def offers(spec: AnySpec) -> list[str]:
    """The names under which the code of a rule is imported, that of its class first."""
    return [spec.rule.name, *([spec.function] if isinstance(spec, Spec) else [])]


#: What is imported from one place: of a backend all of these.
_SHELVES = {"optimizer": "backend", "stage": "backend", "layer": "backend"}


def _shelf(spec: AnySpec) -> str:
    """From where the code of a rule is imported; of schedules and monitors, each kind has names of its own."""
    kind = KIND_NAMES[type(spec)].split()[1]
    return _SHELVES.get(kind, kind)


def check_beside(specs: Iterable[AnySpec], modules: Iterable[tuple[Path, Sequence[str]]]) -> None:
    """Raise `SpecError` if `specs` are to be generated beside `modules` that offer the same names already."""
    problems = []
    for spec in specs:
        for path, names in modules:
            if isinstance(spec, Spec | StageSpec | LayerSpec) and path.stem != spec.family:
                for name in (name for name in offers(spec) if name in names):
                    place = place_of(spec.rule.location, spec.rule.name)
                    file = shown_file(path)
                    remedy = f"give one of the two another name, or delete {file} if it is of no use any more"
                    problems.append(Problem(place, f"{file} already offers {name}", remedy))
    if problems:
        raise SpecError(problems)
