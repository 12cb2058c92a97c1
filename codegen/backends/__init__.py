"""The array libraries. A backend is a folder beside this file; its name is also that of its folder in `generated/`.

`BACKENDS` finds the folders, and imports each when it is first asked for. A folder is a package with the members of
`InPlace`, of which three are modules, one for each kind of entry: `rules`, `stages`, `layers`; their functions write to
the arrays that they are given. Or it has those of `Functional`, whose module `rules` has functions that return what is
new; it has no layers, and may have the members of `Staged`. If its rules are transformations of gradients, it has
stages as rules by themselves. `Backend` is what all have.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    import ast

    import sympy

    from ..execution.cells import Log
    from ..execution.language import Dialect
    from ..execution.shapes import Member
    from ..expr.printing import Text
    from ..load import AnySpec, LayerSpec, Spec
    from ..lower.layers import Function
    from ..lower.program import Assign, Program
    from .compiled import Call

#: The backend that runs wherever the code is generated: what is asked of one backend only is asked of this one.
REFERENCE = "numpy"


@dataclass(frozen=True)
class RuleLines:
    """What a backend prints of a rule: what stands before its function, and the last statement in that."""

    before: list[str]
    last: list[str]


@dataclass(frozen=True)
class StageLines:
    """What a backend prints of a stage: attributes and methods of its class, an empty line before each method."""

    attributes: list[str]
    methods: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class LayerLines:
    """What a backend prints of a function of a layer: kernels and decorators before it, the statements in it."""

    body: list[str]
    kernels: list[list[str]] = field(default_factory=list)
    decorators: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class EntryLines:
    """What users call of a rule in a functional backend, around its class.

    `exported` are the names that users import, `doc` is the docstring of the class, and `before`, `members` and `after`
    are the lines before the class, in it, and after it.
    """

    exported: list[str]
    doc: list[str]
    before: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class StandIns:
    """What read-back gives to a file in place of the array library, and of what `_arrays.py` or `_channels.py` has."""

    library: Any
    helpers: Mapping[str, Any]


@dataclass(frozen=True)
class Run:
    """A way to run the functions of a file over NumPy arrays, whose results are compared with the reference.

    `load` gives the functions of a file by name: they write to the NumPy arrays they are given, or return new ones.
    One that is `interpreted` takes long, and is run for fewer steps; one that is `beside` the reference backend is
    compared with that, too. If `missing` gives a reason, it is not run.
    """

    claim: str
    text: str
    load: Callable[[Spec | LayerSpec, Path], Mapping[str, Callable[..., Any]]]
    dtypes: tuple[str, ...] = ("float64", "float32")
    interpreted: bool = False
    beside: bool = False
    missing: Callable[[], str] = lambda: ""


@dataclass(frozen=True)
class Summed:
    """What read-back finds of a sum: how it is taken (sum, norm), and of what."""

    how: str
    of: sympy.Expr


class Rules(Protocol):
    """How a backend has the rules of optimizers."""

    @property
    def packs_sums(self) -> bool:
        """Whether arrays that each have sums of their own take a step in a row."""

    @property
    def goes_ahead(self) -> bool:
        """Whether states that need no sum may take their new values while sums are taken (see `lower.ahead`)."""

    def lines(self, program: Program, function: str) -> RuleLines:
        """The printed rule, whose function has this name."""

    def sum_lines(self, program: Program, arrays: Sequence[str], function: str) -> RuleLines:
        """The printed sums of a rule over `arrays`, whose function has this name."""

    def spelling(self, program: Program, *, kept: bool) -> Text:
        """How scalars are spelled that are formed of sums: in a step, or in what gives the numbers that are kept.

        In a step, each may be one for each of several arrays.
        """

    def met(self, value: str) -> str:
        """How one of these is spelled that elements meet."""

    def own_statement(self, node: ast.stmt, taken: set[str]) -> None:
        """Raises OutsideError unless `node` may stand before the function of a rule. `taken` are names that are."""

    def last_statement(self, node: ast.stmt, function: str, taken: Collection[str]) -> None:
        """Raises OutsideError unless `node` may be the last statement of the function of a rule."""

    def over_symbols(self, log: Log) -> StandIns:
        """Stand-ins for arrays of one element, a `Cell`, which tell `log` what is computed and written."""

    def over_terms(self) -> StandIns:
        """Stand-ins for arrays of several elements, a `Row`, in tiles if the library has tiles."""

    def sums_over_symbols(self) -> Mapping[str, Any]:
        """Stand-ins for what `_arrays.py` gives to the functions that sum up: they give `Summed`."""


class Stages(Protocol):
    """How a backend has the stages of pipelines."""

    @property
    def copied(self) -> str:
        """How a copy of the array `w` is spelled."""

    @property
    def numbers(self) -> Dialect:
        """What the scalars of a step may be made of."""

    def lines(self, program: Program) -> StageLines:
        """The printed stage."""

    def spelling(self, program: Program, *, kept: bool) -> Text:
        """How scalars are spelled that are formed of sums: in a step, or in what gives the numbers that are kept."""

    def members(self, taken: Collection[str]) -> tuple[Mapping[str, Member], Mapping[str, Member]]:
        """What its class has beside what all have, each with what checks it: what it must have, and what it may."""

    def over_symbols(self) -> StandIns:
        """Stand-ins for functions of arrays: they work on a `Cell`. Those of scalars are the same for all."""

    def reductions(
        self, made: Any, w: sympy.Expr, g: sympy.Expr, hows: Sequence[str]
    ) -> Iterable[tuple[str, sympy.Expr, Any]]:
        """What the stage `made` of a file sums up: how, of what, from where (None: from what changes nothing)."""

    def elements(
        self, made: Any, values: Mapping[str, sympy.Expr], noise: Sequence[str], factors: Sequence[sympy.Expr]
    ) -> Mapping[str, sympy.Expr]:
        """What the stage `made` of a file leaves in each array, of which `values` were there before."""

    def over_terms(self) -> StandIns:
        """Stand-ins for functions of arrays: they make terms."""

    def terms(self, made: Any, values: Mapping[str, Any], written: int, factors: Sequence[Any]) -> Mapping[str, Any]:
        """What the stage `made` of a file leaves, as terms, in the first `written` arrays of one element."""


class Layers(Protocol):
    """How a backend has layers."""

    @property
    def decorators(self) -> Sequence[str]:
        """What stands before each function of a layer."""

    def lines(self, function: Function) -> LayerLines:
        """The printed function."""

    def own_statement(self, node: ast.stmt, taken: set[str]) -> None:
        """Raises OutsideError unless `node` may stand before a function."""

    def value(self, node: ast.expr) -> None:
        """Raises OutsideError unless a function may compute `node`."""

    def over_symbols(self, average: Callable[[Any, Any], sympy.Expr]) -> StandIns:
        """Stand-ins for arrays that are SymPy expressions; `average` takes values and the axis of the channels."""


class Functions(Protocol):
    """How a functional backend has the rules of optimizers: pure functions, and a class that says what there is.

    Of a rule `adam` there are `adam_scalars`, the numbers that all elements of a step share, formed of what is kept in
    numbers, the sums, the step number and hyperparameters; `adam_elements`, which takes w, the states, g, the inputs
    and those numbers, and returns w and the states after the step; with sums `adam_summands`, what is summed up over
    the elements, and `adam_sums`; with numbers that are kept `adam_shared` and `adam_per_array`, those after the step.
    """

    @property
    def elements(self) -> Text:
        """How the values of whole arrays are spelled."""

    @property
    def moves(self) -> bool:
        """Whether the function of the elements gives what is to be added to w, where w after the step is such a sum."""

    @property
    def copied(self) -> str:
        """How a copy of the array `w` is spelled."""

    @property
    def imports(self) -> Mapping[str, str]:
        """What a file may import beside what all have: from where, and which names as a pattern."""

    @property
    def values(self) -> Dialect:
        """What values of whole arrays may be made of."""

    @property
    def numbers(self) -> Dialect:
        """What the scalars of a step may be made of."""

    def scalar_lines(self, program: Program, scalars: Iterable[Assign]) -> list[str]:
        """The statements that form these scalars of a step."""

    def entry(self, spec: Spec) -> EntryLines:
        """What users call, around the class of a rule."""

    def members(self) -> Mapping[str, Member]:
        """What the class of a rule has beside what all have, each with what checks it."""

    @property
    def optional(self) -> Collection[str]:
        """Which of these it may be without."""

    def own_statement(self, node: ast.stmt, taken: set[str]) -> None:
        """Raises OutsideError unless `node`, a function or a class, may stand beside those that all have."""

    def made(self, spec: Spec, module: Mapping[str, Any], path: Path) -> Any:
        """The class of a rule as it is made, once it is clear that what users call hands all on as it is.

        Raises BrokenError if it does not.
        """

    def over_symbols(self) -> StandIns:
        """Stand-ins for what makes arrays, and for what `_arrays.py` has, but for `summed`."""


class Backend(Protocol):
    """An array library. Each folder beside this file is one."""

    @property
    def in_place(self) -> bool:
        """Whether its functions write to the arrays that they are given: it is one of `InPlace`, or of `Functional`."""

    @property
    def name(self) -> str:
        """The name of the folder."""

    @property
    def label(self) -> str:
        """The library as people write it."""

    @property
    def library(self) -> str:
        """The module of the arrays."""

    @property
    def alias(self) -> str:
        """The name under which generated files import that."""

    @property
    def helpers(self) -> Sequence[str]:
        """What `_arrays.py` gives to the functions of rules."""

    @property
    def sum_helpers(self) -> Sequence[str]:
        """What it gives to them beside that, if they sum up over arrays."""

    @property
    def runtime(self) -> Path:
        """The folder in which `_arrays.py` and `_channels.py` stand."""

    @property
    def runs(self) -> Sequence[Run]:
        """How numbers are computed; for the first nothing has to be installed but what the project needs itself."""

    def reserved_by(self, name: str) -> str | None:
        """Who has taken a name, so that no spec may use it; None if nobody has."""

    def compile_checks(self, specs: Sequence[AnySpec], out: Path) -> list[Call]:
        """What is compiled beside what runs, as calls that any process can make. The specs are from one folder."""


class Staged(Backend, Protocol):
    """One whose stages are classes, for the pipelines of its optimizers."""

    @property
    def extends(self) -> str:
        """The backend that has the same arrays, if there is one: its stages and layers are reexported."""

    @property
    def stages(self) -> Stages:
        """A module."""


class InPlace(Staged, Protocol):
    """One whose functions write to arrays."""

    @property
    def rules(self) -> Rules:
        """A module."""

    @property
    def layers(self) -> Layers:
        """A module."""


class Functional(Backend, Protocol):
    """One whose functions return arrays."""

    @property
    def transforms(self) -> bool:
        """Whether its rules are transformations of gradients, as stages then are, too."""

    @property
    def rules(self) -> Functions:
        """A module."""


def names() -> list[str]:
    """The names of the backends: the reference first, then by name. Nothing is imported for it."""
    return list(_names(tuple(__path__)))


@cache  # each name in each spec is asked for in all of them
def _names(folders: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted((found.name for found in pkgutil.iter_modules(folders) if found.ispkg), key=_place))


def _place(name: str) -> tuple[bool, str]:
    return name != REFERENCE, name


class _Backends(Mapping[str, Backend]):
    """The backends by name, each imported when it is asked for."""

    def __getitem__(self, name: str) -> Backend:
        try:
            found = importlib.import_module(f"{__name__}.{name}")
        except ModuleNotFoundError as error:
            if error.name != f"{__name__}.{name}":
                raise
            raise KeyError(name) from None
        return _checked(found)

    def __iter__(self) -> Iterator[str]:
        return iter(names())

    def __len__(self) -> int:
        return len(names())


BACKENDS = _Backends()


def in_place_backend(name: str) -> InPlace:
    """The backend of this name, whose functions write to arrays: layers are asked of no others."""
    found = BACKENDS[name]
    if not found.in_place:
        raise TypeError(f"{name} has functions that return what is new")
    return cast("InPlace", found)


def functional_backend(name: str) -> Functional:
    """The backend of this name, whose functions return arrays."""
    found = BACKENDS[name]
    if found.in_place:
        raise TypeError(f"the functions of {name} write to arrays")
    return cast("Functional", found)


def is_staged(name: str) -> bool:
    """Whether the stages of a backend are classes, for pipelines."""
    return hasattr(BACKENDS[name], "stages")


def staged_backend(name: str) -> Staged:
    """The backend of this name, whose stages are classes."""
    if not is_staged(name):
        raise TypeError(f"{name} has no pipelines")
    return cast("Staged", BACKENDS[name])


def those_with_stages(chosen: Iterable[str], *, alone: bool = True) -> list[str]:
    """Those of the `chosen` backends that have stages: as classes or, unless those are not meant, as rules `alone`."""
    return [name for name in chosen if is_staged(name) or (alone and functional_backend(name).transforms)]


def those_in_place(chosen: Iterable[str] | None = None) -> list[str]:
    """Those of the `chosen` backends, or of all, that have layers as well."""
    return [name for name in (names() if chosen is None else chosen) if BACKENDS[name].in_place]


_PARTS_IN_PLACE: list[tuple[str, type]] = [("", InPlace), ("rules", Rules), ("layers", Layers)]
_PARTS_FUNCTIONAL: list[tuple[str, type]] = [("", Functional), ("rules", Functions)]
_PARTS_STAGED: list[tuple[str, type]] = [("", Staged), ("stages", Stages)]


@cache
def _checked(module: ModuleType) -> Backend:
    """The module, of which all members are there. Raises ImportError with those that it lacks."""
    in_place = getattr(module, "in_place", True)
    staged = _PARTS_STAGED if in_place or hasattr(module, "stages") else []
    for part, protocol in [("", Backend), *(_PARTS_IN_PLACE if in_place else _PARTS_FUNCTIONAL), *staged]:
        having = getattr(module, part) if part else module
        if missing := [name for name in vars(protocol) if not name.startswith("_") and not hasattr(having, name)]:
            raise ImportError(
                f"{having.__file__} lacks {', '.join(missing)}; "
                f"what it has to be is said at {protocol.__name__} in {__file__}"
            )
    return cast("Backend", module)
