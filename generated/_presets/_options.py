"""Options that the presets of several libraries have: what stands around a rule, and what is not supported."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from .. import numpy as rules
    from .._runtime.hyper import Hyper
    from .._runtime.pipeline import Stage, Where
else:
    # this runs once for each backend, as a part of its package `presets`: the rules are those of the package around it
    rules = import_module("..", __package__)
    Hyper = import_module("..._runtime.hyper", __package__).Hyper
    Stage, Where = (getattr(import_module("..._runtime.pipeline", __package__), name) for name in ("Stage", "Where"))

__all__ = ["Hyper", "Stage", "Where", "masked", "preset", "refuse", "rules"]

_Preset = TypeVar("_Preset", bound=Callable[..., Any])

_OF_A_HYPERPARAMETER = re.compile(r"(\w+): (\w+) (?:=|is) ")  # how an error about one begins
_RATES = ("lr", "learning_rate", "alpha")  # numbers or callables
_BOOLS = ("bool", "bool_")


def preset(library: str, names: Mapping[str, str]) -> Callable[[_Preset], _Preset]:
    """A decorator of the presets of a library: errors name the argument that the user wrote.

    `names` gives the library's names of hyperparameters, by their names here, or by "Rule.name" where that is
    only so in one rule. True and False are refused where a number is expected.
    """

    def decorate(function: _Preset) -> _Preset:
        parameters = inspect.signature(function).parameters
        title = f"{library}.{function.__name__}"

        @functools.wraps(function)
        def named(*args: Any, **kwargs: Any) -> Any:
            for name, value in (*zip(parameters, args, strict=False), *kwargs.items()):
                if name in parameters:
                    _check_number(f"{title}: {name}", value, parameters[name])
            try:
                return function(*args, **kwargs)
            except (TypeError, ValueError) as error:
                found = _OF_A_HYPERPARAMETER.match(str(error))
                if found is None:
                    raise
                rule, name = found.groups()
                theirs = names.get(f"{rule}.{name}", names.get(name, name))
                if theirs.partition("[")[0] not in parameters:
                    raise
                told = re.sub(rf"\b{name}\b", theirs, str(error)[len(rule) :])
                raise type(error)(f"{title}{told}") from None

        return named  # type: ignore[return-value]

    return decorate


def _check_number(what: str, value: Any, parameter: inspect.Parameter) -> None:
    """Refuse what float() would take for a number without being one."""
    kind = str(parameter.annotation)
    if kind == "tuple[float, float]":
        inside = [(f"{what}[{place}]", each) for place, each in enumerate(value)] if hasattr(value, "__len__") else []
        if len(inside) != 2:
            raise ValueError(f"{what} = {value!r} is not allowed; it needs two numbers")
    elif kind.startswith(("float", "int")) or parameter.name in _RATES:
        inside = [(what, value)]
    else:
        return
    for name, each in inside:
        if (isinstance(each, str) and "str" not in kind) or type(each).__name__ in _BOOLS:
            raise TypeError(f"{name} is {each!r}; it has to be a number")


def refuse(preset: str, remedy: str = "there is no rule for it here", /, **options: Any) -> None:
    """Raise NotImplementedError if any of `options` asks for something.

    None, False and 0 are what a library does without the option.
    """
    for name, value in options.items():
        if value is not None and value is not False and value != 0:
            raise NotImplementedError(f"{preset}: {name}={value!r} is not supported; {remedy}")


def masked(mask: Any) -> Where | None:
    """A `where` from a mask, which is None, a `where`, or has the structure of the parameters and holds bools."""
    if mask is None or callable(mask):
        where: Where | None = mask
        return where
    chosen = dict(_leaves(mask, ()))
    return lambda path, w: bool(chosen[tuple(path.split("."))]) if path else bool(chosen[()])


def _leaves(tree: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from _leaves(value, (*path, *str(key).split(".")))
    elif isinstance(tree, Sequence) and not isinstance(tree, str):
        for index, value in enumerate(tree):
            yield from _leaves(value, (*path, str(index)))
    else:
        yield path, tree
