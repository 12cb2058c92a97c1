"""Options that the presets of several libraries have: what stands around a rule, and what is not supported."""

from __future__ import annotations

import difflib
import functools
import inspect
import numbers
import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from .. import numpy as rules
    from .._runtime.checks import TIED
    from .._runtime.group import Group
    from .._runtime.hyper import Hyper
    from .._runtime.number import as_float, to_number, whole
    from .._runtime.optimizer import Optimizer
    from .._runtime.pipeline import Stage, Where
    from .._runtime.tree import join, leaves
else:
    # this runs once for each backend, as a part of its package `presets`: the rules are those of the package around it
    rules = import_module("..", __package__)
    TIED = import_module("..._runtime.checks", __package__).TIED
    Group = import_module("..._runtime.group", __package__).Group
    Hyper = import_module("..._runtime.hyper", __package__).Hyper
    _number = import_module("..._runtime.number", __package__)
    as_float, to_number, whole = _number.as_float, _number.to_number, _number.whole
    Optimizer = import_module("..._runtime.optimizer", __package__).Optimizer
    Stage, Where = (getattr(import_module("..._runtime.pipeline", __package__), name) for name in ("Stage", "Where"))
    join, leaves = (getattr(import_module("..._runtime.tree", __package__), name) for name in ("join", "leaves"))

__all__ = [
    "Group",
    "Hyper",
    "Optimizer",
    "Stage",
    "Where",
    "as_float",
    "as_they_come",
    "bound",
    "in_their_names",
    "is_own_schedule",
    "join",
    "joined",
    "leaves",
    "preset",
    "refuse",
    "rules",
    "speaking",
    "to_number",
    "whole",
]

_Preset = TypeVar("_Preset", bound=Callable[..., Any])

_OF_A_HYPERPARAMETER = re.compile(r"(\w+): (\w+) (?:=|is) ")  # how an error about one begins
_RATES = ("lr", "learning_rate", "alpha")  # numbers or callables
#: Names that libraries have for one thing.
_ALIKE = (
    ("lr", "learning_rate", "alpha", "step_size"),
    ("beta1", "beta_1", "b1", "betas"),
    ("beta2", "beta_2", "b2", "betas"),
    ("eps", "epsilon"),
    ("rho", "alpha", "decay"),
    ("momentum", "mu"),
    ("weight_decay", "weight_decay_rate", "wd"),
    ("clipnorm", "clip_norm", "max_norm"),
    ("clipvalue", "clip_value", "max_value"),
    ("initial_accumulator_value", "initial_accumulator"),
    ("gradient_accumulation_steps", "every", "accumulation_steps"),
    ("where", "mask"),
)


def preset(
    library: str,
    names: Mapping[str, str],
    *,
    options: Callable[..., Any] | None = None,
    gone: Mapping[str, str] | None = None,
) -> Callable[[_Preset], _Preset]:
    """A decorator of the presets of a library: errors name the argument that the user wrote.

    `names` gives the library's names of hyperparameters, by their names here, or by "Rule.name" where that is
    only so in one rule. True and False are refused where a number is expected. A preset with `**around` has the
    arguments of `options` there, which may be given by position, too. `gone` says what to do about arguments
    that the library does not have any more.
    """

    def decorate(function: _Preset) -> _Preset:
        signature = _filled(inspect.signature(function), options)
        parameters = signature.parameters
        title = f"{library}.{function.__qualname__}"

        @functools.wraps(function)
        def named(*args: Any, **kwargs: Any) -> Any:
            given = bound(title, signature, args, kwargs, gone).arguments
            given = {n: _as_number(f"{title}: {n}", value, parameters[n]) for n, value in given.items()}
            try:
                return function(**given)
            except (TypeError, ValueError) as error:
                told = in_their_names(str(error), names, parameters)
                if told is None:
                    raise
                raise type(error)(f"{title}{told}") from None

        named.__signature__ = signature  # type: ignore[attr-defined]
        return named  # type: ignore[return-value]

    return decorate


def _filled(signature: inspect.Signature, options: Callable[..., Any] | None) -> inspect.Signature:
    """The signature with the parameters of `options` in place of `**around`, but for those that it has already."""
    own = [p for p in signature.parameters.values() if p.kind is not p.VAR_KEYWORD]
    if options is None or len(own) == len(signature.parameters):
        return signature
    known = signature.parameters.keys()
    more = [p for name, p in inspect.signature(options).parameters.items() if name not in known]
    return signature.replace(parameters=[*own, *(p.replace(kind=p.POSITIONAL_OR_KEYWORD) for p in more)])


def in_their_names(error: str, names: Mapping[str, str], parameters: Container[str]) -> str | None:
    """What an error says about a hyperparameter, with the name that the library has for it; None if it is another.

    So is what it says about an array that is given twice, which a preset has no option for.
    """
    if TIED in error:
        return f": {error.replace(TIED, 'to step it once, give it once, and the sum of both gradients')}"
    found = _OF_A_HYPERPARAMETER.match(error)
    if found is None:
        return None
    rule, name = found.groups()
    theirs = names.get(f"{rule}.{name}", names.get(name, name))
    if theirs.partition("[")[0] not in parameters:
        return None
    return re.sub(rf"\b{name}\b", theirs, error[len(rule) :])


def bound(
    title: str,
    signature: inspect.Signature,
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    gone: Mapping[str, str] | None = None,
) -> inspect.BoundArguments:
    """The arguments of a call of `title`. Raises TypeError that says what is missing, or what to write instead."""
    _check_call(title, signature.parameters, args, kwargs, gone or {})
    try:
        return signature.bind(*args, **kwargs)
    except TypeError as error:
        raise TypeError(f"{title}: {error}") from None


def _check_call(
    title: str,
    parameters: Mapping[str, inspect.Parameter],
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    gone: Mapping[str, str],
) -> None:
    """Refuse names that there are not, and a call without the parameters, which most libraries get elsewhere."""
    for name in kwargs:
        if name not in parameters:
            known = [one for one in parameters if one != "params"]
            meant = [one for alike in _ALIKE if name in alike for one in known if one in alike]
            meant = meant if name == "betas" else meant[:1]
            close = " and ".join(meant or difflib.get_close_matches(name, known, n=1))
            hint = gone.get(name) or (f"did you mean {close}?" if close else f"there are {', '.join(known)}")
            raise TypeError(f"{title} got an unexpected keyword argument {name!r}; {hint}")
    if "params" not in parameters:
        return
    params = args[0] if args else kwargs.get("params")
    model = hasattr(params, "parameters") or getattr(params, "__name__", None) == "parameters"
    no_array = callable(params) and not hasattr(params, "shape") and not model
    if params is None or isinstance(params, int | float | str) or no_array:
        given = [*map(repr, args), *(f"{name}={value!r}" for name, value in kwargs.items() if name != "params")]
        what = f"{params!r} is in the place of the parameters" if args else "the parameters are missing"
        raise TypeError(f"{title}: {what}; they come first here: {title}({', '.join(['params', *given])})")


def _as_number(what: str, value: Any, parameter: inspect.Parameter) -> Any:
    """`value` as a number of Python, if one is expected, or two; what is no number for float() alone is refused."""
    kind = str(parameter.annotation)
    if kind == "tuple[float, float]":
        if getattr(value, "shape", None) == () or not hasattr(value, "__len__") or len(value) != 2:
            raise ValueError(f"{what} = {value!r} is not allowed; it needs two numbers")
        return tuple(_plain(f"{what}[{place}]", each, kind) for place, each in enumerate(value))
    return _plain(what, value, kind) if kind.startswith(("float", "int")) or parameter.name in _RATES else value


def _plain(what: str, value: Any, kind: str) -> Any:
    """`value` as a float or int, if it is a number in any sense; what is callable is left to the rule."""
    if (isinstance(value, str) and "str" in kind) or callable(value):
        return value
    numeric = hasattr(value, "dtype") or isinstance(value, numbers.Number | Decimal | str | bytes)
    return to_number(what, value) if numeric else value


def refuse(preset: str, remedy: str = "there is no rule for it here", /, **options: Any) -> None:
    """Raise NotImplementedError if any of `options` asks for something.

    None, False and 0 are what a library does without the option.
    """
    for name, value in options.items():
        if value is not None and value is not False and value != 0:
            raise NotImplementedError(f"{preset}: {name}={value!r} is not supported; {remedy}")


def speaking(name: str, added: type[Optimizer], module: str) -> type[Optimizer]:
    """The class of the rule `name` with what `added` adds, as one of `module`. It saves what the rule saves."""
    rule = getattr(rules, name)
    return type(name, (added, rule), {"__module__": module, "__doc__": rule.__doc__})


def joined(opt: Optimizer, stage: Stage) -> Stage:
    """`stage` as a part of `opt`, that is still to be put into its pipeline."""
    params = opt._checks.parameters(opt._params)
    wide = {path: opt._to_compute_dtype(w) for path, w in zip(opt._checks.paths, params, strict=True)}
    if any(w.dtype == "float32" for w in wide.values()):
        stage._compute_in_float32()
    stage._join(opt._rule, wide, has_lr="lr" in opt._domains)
    return stage


def is_own_schedule(schedule: Any) -> bool:
    """Whether a callable is one of the module `schedules`, which count steps from 1 and refuse 0."""
    return any(
        base.__name__ == "_Schedule" and base.__module__.endswith(".schedules") for base in type(schedule).__mro__
    )


def as_they_come(tree: Any, path: str = "") -> Iterator[str]:
    """The paths of the parameters in `tree`, those of a dict in its own order."""
    pairs = tree.items() if isinstance(tree, Mapping) else enumerate(tree) if isinstance(tree, list | tuple) else None
    if pairs is None:
        yield path
    for key, value in pairs or ():
        yield from as_they_come(value, join(path, str(key)))
