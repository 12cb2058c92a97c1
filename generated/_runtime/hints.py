"""What is said when something is called as another library calls it: what to write here."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterable, Iterator
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

__all__ = ["Hinted", "advice", "missing", "no_attribute", "stages_in", "submodule"]


class Hinted:
    """A class of which a call with arguments that it does not take says which it takes."""

    #: What its objects are, as the table of attributes calls them.
    _what: ClassVar[str] = ""
    _domains: ClassVar[dict[str, Any]] = {}

    if not TYPE_CHECKING:  # which knows the arguments from `__init__`

        def __new__(cls, *args: Any, **kwargs: Any) -> Any:
            if args or kwargs:
                _check_call(cls, args, kwargs)
            return super().__new__(cls)

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_"):
                raise AttributeError(f"{type(self).__name__} has no {name}")
            raise no_attribute(self, name)


def _check_call(cls: type[Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Raise TypeError if `cls.__init__` does not take these arguments."""
    code = getattr(cls.__init__, "__code__", None)
    if code is None:
        return
    names = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
    positional = code.co_argcount - 1
    if not code.co_flags & _TAKES_ANY_KEYWORD:
        for name, value in kwargs.items():
            if name not in names:
                raise TypeError(f"{cls.__name__} takes no {name}; {advice(cls, name, value, names)}")
    if len(args) > positional and not code.co_flags & _TAKES_ANY_POSITION:
        first = args[positional]
        if getattr(first, "_what", "") == "optimizer":
            raise TypeError(f"{cls.__name__} takes no optimizer; it is given to one: lr={cls.__name__}(...)")
        keywords = [name for name in names[positional:] if name in cls._domains] or list(names[positional:])
        if not keywords and not code.co_flags & _TAKES_ANY_KEYWORD:
            return
        keywords = keywords or ["lr"]  # of a group, which takes those of any rule
        given = list(names[:positional])
        call = ", ".join([*given, f"{keywords[0]}={_shown(first)}"])
        others = f"; the others are {', '.join(keywords[1:])}" if keywords[1:] else ""
        raise TypeError(f"{cls.__name__} takes what it is set by as keywords: {cls.__name__}({call}){others}")


_TAKES_ANY_POSITION, _TAKES_ANY_KEYWORD = 0x04, 0x08


def advice(cls: type[Any], name: str, value: Any = ..., names: Iterable[str] = ()) -> str:
    """What to write for the option `name` of `cls`, which has no such hyperparameter."""
    from .habits import OPTIONS

    known = [*cls._domains, *(one for one in names if one not in cls._domains)]
    plain, shown = _plain(name), _shown(value)
    if plain == "betas" and "beta1" in known and "beta2" in known:
        first, second = value if isinstance(value, tuple | list) and len(value) == 2 else (..., ...)
        return f"write beta1={_shown(first)}, beta2={_shown(second)}"
    if own := _own_name(cls, plain, known):
        return f"write {own}" if value is ... else f"write {own}={shown}"
    other = list(dict.fromkeys(_elsewhere(cls, plain, shown)))
    if value is False or (value is None and other):
        return "leave it out"
    if other:
        return f"write {', or '.join(other)}"
    for options, answer in OPTIONS.items():
        if plain in options.split():
            return answer
    return _closest(name, known) or (f"there are {', '.join(known)}" if known else "there are none")


def _own_name(cls: type[Any], plain: str, known: Collection[str]) -> str:
    """The name in `known` of what is called `plain` elsewhere; nothing, if there is none."""
    from .habits import SYNONYMS

    for own in known:
        if plain in (_plain(own), _plain(own).removesuffix("s")):
            return own
    for key, words in SYNONYMS.items():
        own, _, meaning = key.partition(":")
        if own in known and plain in words.split() and (not meaning or meaning in _line_of(cls, own)):
            return own
    return ""


def _line_of(cls: type[Any], name: str) -> str:
    """What the docstring of `cls` says of a hyperparameter."""
    found = re.search(rf"^ +{name}  .*$", cls.__doc__ or "", re.MULTILINE)
    return found[0] if found else ""


def _elsewhere(cls: type[Any], plain: str, shown: str) -> Iterator[str]:
    """What to write for an option that is a class of its own here."""
    from .habits import ELSEWHERE

    there = _classes_beside(cls)
    if cls._what != "optimizer":
        return
    for options, rules, needed, text in ELSEWHERE:
        if needed == "DecoupledDecay" and "lr" not in cls._domains:  # by which it multiplies
            continue
        if plain in options.split() and re.match(rules, cls.__name__) and needed.format(rule=cls.__name__) in there:
            yield text.replace("{}", shown).replace("{rule}", cls.__name__)


def _classes_beside(cls: type[Any]) -> Collection[str]:
    """The names that the package of a generated class, or of one that it extends, offers."""
    for one in cls.__mro__:
        package = sys.modules.get(one.__module__.rpartition(".")[0])
        if hasattr(package, "_MODULES"):
            return package._MODULES  # type: ignore[union-attr, no-any-return]
    return ()


def stages_in(rule: str, pipeline: Any, stage: type[Any]) -> tuple[Any, ...]:
    """`pipeline` as a tuple of objects of the class `stage`. Raises TypeError if it is none."""
    if pipeline is None:
        return ()
    if isinstance(pipeline, stage):
        raise TypeError(f"{rule}: the pipeline is a stage; put it into a list: pipeline=[{pipeline!r}]")
    if (
        isinstance(pipeline, type)
        or callable(pipeline)
        or not hasattr(pipeline, "__iter__")
        or getattr(pipeline, "shape", None) == ()  # an array that nothing can be taken from
    ):
        raise TypeError(f"{rule}: the pipeline is {_called(pipeline)}; {_STAGES}")
    stages = tuple(pipeline)
    for one in stages:
        if not isinstance(one, stage):
            if isinstance(one, type) and issubclass(one, stage):
                raise TypeError(f"{rule}: {one.__name__} is a class, no stage of a pipeline; write {one.__name__}(...)")
            raise TypeError(f"{rule}: {_called(one)} is no stage of a pipeline; {_STAGES}")
    return stages


_STAGES = "it takes a list of stages from the module pipeline, such as [ClipByGlobalNorm(max_norm=1.0)]"


def _called(value: Any) -> str:
    return value.__name__ if isinstance(value, type) else repr(value)


def no_attribute(obj: Any, name: str) -> AttributeError:
    """The error that is raised when `name` is looked up on `obj` and nothing has that name."""
    from .habits import ATTRIBUTES

    cls, plain = type(obj), _plain(name)
    message = ""
    for names, answer in ATTRIBUTES.get(cls._what, {}).items():
        if plain in names.split():
            message = answer
    if plain == "betas" and "beta2" in cls._domains:
        message = "write beta1 and beta2"
    public = [one for one in dir(cls) if not one.startswith("_") and one not in cls._domains]
    known = [*cls._domains, *public]
    if not message:
        own = _own_name(cls, plain, known)
        message = f"write {own}" if own else _closest(name, known) or f"there are {', '.join(known)}"
    return AttributeError(f"{cls.__name__} has no {name}; {message}", name=name, obj=obj)


def missing(module: str, name: str, known: Collection[str], instead: str = "") -> Exception:
    """The error for a `name` that a package does not offer: an ImportError where it was to be imported from it.

    Python drops the text of an AttributeError there. The error says what to do `instead`, if that is known.
    """
    text = f"module {module} has no {name}; {instead or _class_called(module, name, known)}"
    from opcode import opmap

    frame = sys._getframe(2)  # where the name was looked up
    if frame.f_lasti >= 0 and frame.f_code.co_code[frame.f_lasti] == opmap["IMPORT_FROM"]:
        return ImportError(text, name=name)
    return AttributeError(text)


class _Submodule(ModuleType):
    """A module of rules, which is taken for the rule of its name when it is called."""

    def __call__(self, *_: Any, **__: Any) -> NoReturn:
        package, name = self.__name__.rsplit(".", 1)
        classes = [one for one in self.__all__ if one[0].isupper()]
        wanted = [one for one in classes if _plain(one) == _plain(name)] or classes
        remedy = f"write {wanted[0]}(...)" if len(wanted) == 1 else f"it has the classes {', '.join(wanted)}"
        raise TypeError(f"{name} is a module of {package}; {remedy}")


#: What to install for a library that is not there.
_EXTRAS = {
    "cupy": "'stepsmith[cuda12]' or 'stepsmith[cuda13]'",
    "jax": "'stepsmith[jax]'",
    "numba": "'stepsmith[numba]'",
    "torch": "'stepsmith[torch]'",
}


def submodule(package: str, name: str) -> ModuleType:
    """The module `name` of a package, which says when it is called what to call."""
    from importlib import import_module

    try:
        module = import_module(f".{name}", package)
    except ModuleNotFoundError as error:
        if error.name not in _EXTRAS:
            raise
        text = f"{package} needs {error.name}, which is not installed; pip install {_EXTRAS[error.name]}"
        raise ModuleNotFoundError(text, name=error.name) from None
    if hasattr(module, "__all__"):
        module.__class__ = _Submodule
    return module


def _class_called(module: str, name: str, known: Collection[str]) -> str:
    from .habits import CLASSES

    plain = _plain(name).removesuffix("optimizer")
    wanted = [plain, *(one for names, ours in CLASSES.items() if plain in names.split() for one in ours.split())]
    for place, offered in [(module, known), *_modules_beside(module.rpartition(".")[0])]:
        found = [one for want in wanted for one in offered if _plain(one) == _plain(want)]
        if found:
            where = "" if place == module else f" from {place}"
            return f"write {' or '.join(found)}{where}"
    few = len(known) <= 40  # nobody reads more
    return _closest(name, known) or (f"it has {', '.join(known)}" if few else f"{module}.__all__ names what it has")


def _modules_beside(root: str) -> Iterator[tuple[str, Collection[str]]]:
    """The modules that serve all array libraries, with what they offer."""
    from importlib import import_module
    from importlib.util import find_spec

    from .habits import MODULES

    for name in MODULES:
        if find_spec(f"{root}.{name}"):
            yield f"{root}.{name}", import_module(f"{root}.{name}").__all__


def _closest(name: str, known: Collection[str]) -> str:
    # only now: it takes a good part of the time of an import
    from difflib import get_close_matches

    close = get_close_matches(name, known, n=1, cutoff=0.6)
    return f"did you mean {close[0]}?" if close else ""


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _shown(value: Any) -> str:
    """A value as it may be written; dots for one that is long."""
    text = "..." if value is ... or value is None else repr(value)
    return text if len(text) <= 40 and not text.startswith("<") else "..."
