"""Find specs and load them.

`catalog` reads names and sources from the text of the files, so that listing them does not import
SymPy. `load` imports the files and returns each rule in them with the place it
came from.
"""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from .timeouts import SPEC, SlowError, limited
from .words import did_you_mean

if TYPE_CHECKING:
    from .spec.rules import Layer, Monitor, Optimizer, Schedule, Stage

#: What paths are shown from: a checkout, or the package as it is installed, where `generated/` is the package itself.
ROOT = Path(__file__).resolve().parent.parent
IN_CHECKOUT = (ROOT / "generated" / "__init__.py").is_file()
GENERATED = ROOT / "generated" if IN_CHECKOUT else ROOT
SPECS = ROOT / "specs"
#: The libraries that are imported while specs are read, and what imports them.
IMPORTED = frozenset(["stepsmith", "sympy", "mpmath", "jinja2", "pycparser"])
#: What the name of a folder begins with whose files nobody is to see but this run.
FLEETING = "stepsmith-not-written-"


def program() -> str:
    """How the command line was called: what messages tell the reader to type begins with it."""
    called = Path(sys.argv[0])
    if called.name == "cli.py":
        return f"python {called}"
    if (main := getattr(sys.modules["__main__"], "__spec__", None)) and main.name.startswith("stepsmith"):
        return "python -m stepsmith"
    return "python cli.py" if IN_CHECKOUT and not called.stem.startswith("stepsmith") else "stepsmith"


@dataclass(frozen=True)
class Entry:
    """A rule as the text of its file shows it.

    `key` is its variable in lower case, `kind` that of its class.
    """

    kind: str
    key: str
    family: str
    path: Path
    name: str
    source: str
    summary: str


@dataclass(frozen=True)
class Declared:
    """A rule with the place it came from. `doc` is the docstring of its file, `beside` all that has a name there."""

    key: str
    family: str
    path: Path
    doc: str
    beside: Mapping[str, object] = field(default_factory=dict, compare=False, repr=False, kw_only=True)

    @property
    def shown_path(self) -> str:
        """The path as headers and messages give it: from the project's root, or the bare file name."""
        return shown(self.path)


@dataclass(frozen=True)
class Spec(Declared):
    """An optimizer with the place it came from. `stage` is the stage whose `transformation` it is, if it is one."""

    optimizer: Optimizer
    stage: Stage | None = None

    @property
    def rule(self) -> Optimizer:
        return self.optimizer

    @property
    def function(self) -> str:
        return f"{self.key}_update"

    @property
    def runnable(self) -> Spec:
        """The same of what is generated, which has a state more where the gradient is taken elsewhere than at `w`."""
        return self if self.optimizer.own_w is None else replace(self, optimizer=self.optimizer.runnable)


@dataclass(frozen=True)
class ScheduleSpec(Declared):
    """A schedule with the place it came from."""

    schedule: Schedule

    @property
    def rule(self) -> Schedule:
        return self.schedule


@dataclass(frozen=True)
class StageSpec(Declared):
    """A stage of a pipeline with the place it came from."""

    stage: Stage

    @property
    def rule(self) -> Stage:
        return self.stage

    @property
    def optimizer(self) -> Stage:
        """The stage as what it shares with optimizers: state, steps, claims."""
        return self.stage

    @property
    def given(self) -> frozenset[str]:
        """The names of all that its steps read."""
        return frozenset(s.name for step in self.stage.steps for s in step.value.free_symbols)

    @property
    def transformation(self) -> Spec | None:
        """The stage as a rule by itself, where rules are transformations of gradients; None if it is none."""
        from .spec.transformation import transformation

        rule = transformation(self.stage)
        return None if rule is None else Spec(self.key, self.family, self.path, self.doc, rule, self.stage)


@dataclass(frozen=True)
class LayerSpec(Declared):
    """A layer with the place it came from."""

    layer: Layer

    @property
    def rule(self) -> Layer:
        return self.layer


@dataclass(frozen=True)
class MonitorSpec(Declared):
    """A monitor with the place it came from."""

    monitor: Monitor

    @property
    def rule(self) -> Monitor:
        return self.monitor


AnySpec = Spec | ScheduleSpec | StageSpec | LayerSpec | MonitorSpec


@dataclass(frozen=True)
class Problem:
    """What is wrong with a spec: the place, the fact and the remedy."""

    place: str
    fact: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.fact}\n    {self.remedy}"


class SpecError(Exception):
    """A spec that nothing can be done with. Holds every problem it has."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class UsageError(Exception):
    """A request that cannot be understood."""


def shown(path: str | Path) -> str:
    return _shown(Path(path).absolute())


@cache  # every place of every spec is shown, and to resolve a path asks the file system for each of its parts
def _shown(path: Path) -> str:
    path = path.resolve()
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(SPECS) else path.name


def stable(text: str) -> str:
    """`text`, in which files that are written for this run alone are named as what they would be in `generated/`."""
    return re.sub(rf"[^\s'\"]*{FLEETING}\w+/", "generated/", text)


def is_file_name(name: str) -> bool:
    return name.endswith(".py")


def catalog(path: Path | None = None) -> list[Entry]:
    """The rules in `path`, or in every file of `specs/`, by family and order of declaration."""
    paths = [path] if path else sorted(p for p in SPECS.glob("*.py") if not p.name.startswith("_"))
    return [entry for p in paths for entry in _declared(p)]


def _declared(path: Path) -> tuple[Entry, ...]:
    return _entries(path, _text(path))


@cache
def _entries(path: Path, text: str) -> tuple[Entry, ...]:
    """The rules in a file with this text. Many commands ask more than once."""
    return tuple(_entries_of(path, text))


def _entries_of(path: Path, text: str) -> Iterator[Entry]:
    texts: dict[str, str] = {}
    for statement in ast.parse(text, filename=str(path)).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=variable)], value=ast.Constant() | ast.JoinedStr() as value):
                texts[variable] = _as_text(value, texts)
            case ast.Assign(
                targets=[ast.Name(id=variable)],
                value=ast.Call(
                    func=ast.Name(id="Optimizer" | "Schedule" | "Stage" | "Layer" | "Monitor" as kind),
                    keywords=keywords,
                ),
            ) if not variable.startswith("_"):
                given = {k.arg: _as_text(k.value, texts) for k in keywords}
                name, source, summary = (given.get(k, "") for k in ("name", "source", "summary"))
                yield Entry(kind.lower(), variable.lower(), path.stem, path, name, source, summary)


def _as_text(node: ast.expr, texts: Mapping[str, str]) -> str:
    """What a text in a file says, if it is plain, or put together of `texts`, which names stand for."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Name(id=name):
            return texts.get(name, "")
        case ast.FormattedValue(value=value):
            return _as_text(value, texts)
        case ast.JoinedStr(values=values):
            return "".join(_as_text(value, texts) for value in values)
    return ""


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None


def select(names: Sequence[str]) -> list[tuple[Path, str | None]]:
    """The files that `names` speak of, each with one rule in it or None for all.

    A name is a rule, by its key or its class, a family or a file; `adam/` is the family where `adam` is a rule. Except
    of files, it may be written in any case. Without names: every file in `specs/`.
    """
    entries = catalog()
    if not names:
        return [(path, None) for path in dict.fromkeys(entry.path for entry in entries)]
    chosen = [_selected(name, entries) for name in names]
    if unknown := [found for found in chosen if isinstance(found, str)]:
        raise UsageError("\n".join(dict.fromkeys(unknown)))
    found = [one for one in chosen if not isinstance(one, str)]
    whole = {path for path, rule in found if rule is None}
    return list(dict.fromkeys((path, rule) for path, rule in found if rule is None or path not in whole))


def _selected(name: str, entries: Sequence[Entry]) -> tuple[Path, str | None] | str:
    """What one name stands for; where that is nothing, what is to be said of it."""
    families = {entry.family.lower(): entry.path for entry in entries}
    known = [*(entry.key for entry in entries), *families]
    if is_file_name(name):
        path = Path(name)
        if path.is_file():
            return path.resolve(), None
        beside = [other.name for other in path.parent.glob("[!.]*.py") if other.is_file()]
        hint = did_you_mean(path.name, beside) or did_you_mean(path.stem, known, cutoff=0.8)
        return f"{name}: {'it is a folder' if path.is_dir() else 'there is no such file'}{hint and f'; {hint}'}"
    if entry := _rule(name, entries):
        return entry.path, entry.key
    if (family := name.lower().removesuffix("/")) in families:
        return families[family], None
    parts = re.split(r"[\s,]+", name.strip(" ,/"))
    if all(_rule(part, entries) or part.lower() in families for part in parts):
        return f"{name!r}: no rule or family has this name; write {' '.join(parts)}"
    hint = did_you_mean(name, known, cutoff=0.5) or f"{program()} list shows all"
    return f"{name if name.strip() else repr(name)}: no rule or family has this name; {hint}"


def _rule(name: str, entries: Sequence[Entry]) -> Entry | None:
    """The rule of this key or, if there is none, of this class, in any case."""
    wanted = name.lower()
    by_class = (entry for entry in entries if entry.name.lower() == wanted)
    return next((entry for entry in entries if entry.key == wanted), next(by_class, None))


def families_beside(names: Sequence[str]) -> Iterator[str]:
    """For each name that is that of a rule and of a family: a hint how to reach the family."""
    entries = catalog()
    for entry in (_rule(name, entries) for name in names):
        if entry and (count := sum(other.family == entry.key for other in entries)) > 1:
            yield f"{entry.key} is one rule; {entry.key}/ is the family of {count} in specs/{entry.key}.py"


def load(selected: Iterable[tuple[Path, str | None]]) -> list[AnySpec]:
    """Import the selected files and return their rules. A file that does not run is a `SpecError`."""
    problems: list[Problem] = []
    specs: list[AnySpec] = []
    for path, rule in selected:
        try:
            specs += [spec for spec in _import(path) if rule in (None, spec.key)]
        except SpecError as error:
            problems += error.problems
    if problems:
        raise SpecError(problems)
    return specs


def _import(path: Path) -> list[AnySpec]:
    from .spec.rules import Layer, Monitor, Optimizer, Schedule, Stage

    inside = path.parent == SPECS
    module_name = f"stepsmith.specs.{path.stem}" if inside else f"_user_spec_{path.stem}"
    kinds: dict[type, type[AnySpec]] = {
        Optimizer: Spec,
        Schedule: ScheduleSpec,
        Stage: StageSpec,
        Layer: LayerSpec,
        Monitor: MonitorSpec,
    }
    module = (inside and sys.modules.get(module_name)) or _run(path, module_name)
    specs = [
        kinds[type(value)](
            variable.lower(), path.stem, path, (module.__doc__ or "").strip(), value, beside=vars(module)
        )
        for variable, value in vars(module).items()
        if type(value) in kinds and Path(value.location.file).resolve() == path and not variable.startswith("_")
    ]
    if not specs:
        raise SpecError(
            [
                Problem(
                    shown(path),
                    "it declares no rule",
                    'assign one to a name at the top level: SGD = Optimizer(name="SGD", ...)',
                )
            ]
        )
    return specs


def _run(path: Path, module_name: str) -> ModuleType:
    _check_imports(path)
    module_spec = importlib.util.spec_from_file_location(module_name, path)
    assert module_spec is not None  # a .py file has one
    assert module_spec.loader is not None
    module = importlib.util.module_from_spec(module_spec)
    sys.modules[module_name] = module
    try:
        with limited(SPEC):
            module_spec.loader.exec_module(module)
    except (Exception, SystemExit, SlowError) as error:
        sys.modules.pop(module_name, None)
        lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
        line = error.lineno if isinstance(error, SyntaxError) else (lines[-1] if lines else None)
        place = f"{shown(path)}:{line}" if line else shown(path)
        fact = f"the file does not run: {type(error).__name__}: {getattr(error, 'msg', None) or error}"
        remedy = f"mend that {'line; nothing after it' if line else 'file; nothing in it'} was read"
        raise SpecError([Problem(place, fact, remedy)]) from error
    return module


#: What a spec has no need to import, as it stands inside the package: what to write in its place.
_INSIDE = re.compile(r"(codegen\.(spec|claims)|specs)(\.\w+)*")


def _check_imports(path: Path) -> None:
    """Refuse a spec that imports what is inside `stepsmith` by itself: a second copy of it, or another package."""
    try:
        tree = ast.parse(_text(path), filename=str(path))
    except (SyntaxError, ValueError):  # running it says so, with the line
        return
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level:
            found += [(node.lineno, name) for name in _imported(node.module or "", node.names)]
        elif isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
    problems = [
        Problem(
            f"{shown(path)}:{line}",
            f"it imports {name}, which belongs to the package stepsmith",
            f"write stepsmith.{name} in its place",
        )
        for line, name in sorted(found)
        if _INSIDE.fullmatch(name)
    ]
    if problems:
        raise SpecError(problems)


def _imported(module: str, names: Sequence[ast.alias]) -> list[str]:
    """What `from module import names` takes: the module if that stands inside, else what is taken from it."""
    return [module] if _INSIDE.fullmatch(module) else [f"{module}.{alias.name}" for alias in names]
