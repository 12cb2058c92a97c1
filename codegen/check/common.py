"""What is checked of every kind of rule: its name and source, the names in it, its hyperparameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import sympy

from ..load import AnySpec, Problem, Spec
from ..spec import domain
from ..spec.symbols import (
    GRADIENT,
    NOISE,
    PARAMETER,
    RATE,
    STEP,
    Array,
    Hyper,
    Input,
    Location,
    New,
    Scalar,
    Signal,
    Supplied,
)
from .clashes import place_of
from .names import IDENTIFIER, reserved_by


def of_rule(spec: AnySpec) -> Iterator[Problem]:
    rule = spec.rule
    place = place_of(rule.location, rule.name or spec.key)
    if taken := reserved_by(rule.name):
        better = f"{rule.name.strip('_')}Rule"
        yield Problem(place, f"the name {rule.name} belongs to {taken}", f"call it something else: {better}")
    elif not IDENTIFIER.fullmatch(rule.name):
        yield Problem(place, f"{rule.name!r} cannot be the name of a class", "use letters and digits: name='MyRule'")
    if not IDENTIFIER.fullmatch(spec.key):
        yield Problem(place, f"{spec.key!r} cannot be the name of a function", "use letters and digits: MY_RULE = ...")
    if not rule.source.strip():
        yield Problem(place, "it has no source", "say where the formulas come from: source='...'")


def of_names(mentions: Iterable[tuple[sympy.Symbol, Location, str]], given: tuple[str, ...] = ()) -> Iterator[Problem]:
    first: dict[str, sympy.Symbol] = {}
    for symbol, location, what in mentions:
        name = symbol.name
        place = place_of(location, what)
        if isinstance(symbol, New):
            if not isinstance(symbol.of, Array | Scalar):
                yield Problem(place, f"new({symbol.of}) is not the new value of a state", "new() takes a state, or w")
            continue
        if owner := reserved_by(name, local=bool(given)):
            better = f"{name.strip('_')}_"
            yield Problem(place, f"the name {name} belongs to {owner}", f"call it something else, {better} for example")
        elif not IDENTIFIER.fullmatch(name):
            yield Problem(place, f"{name!r} is not a name", "use letters, digits and _, a letter first")
        elif not isinstance(symbol, Array | Scalar | Hyper):
            yield Problem(
                place,
                f"{name} is a bare SymPy symbol, so nobody knows what it is",
                "make it with arrays(), scalars(), per_array() or hyper()",
            )
        elif first.setdefault(name, symbol) != symbol:
            yield Problem(place, f"the name {name} stands for two different things", "rename one of them")
        elif name.endswith("_new"):
            yield Problem(
                place,
                f"{name} looks like the new value of a state",
                f"write new({name.removesuffix('_new')}), or rename it",
            )
        elif isinstance(symbol, Supplied) and name in given:
            yield Problem(place, f"{name} is given in every step already", "give the input or signal another name")
        elif name in (PARAMETER, GRADIENT) and not isinstance(symbol, Array):
            yield Problem(place, f"{name} is not an array", f"declare it with arrays({name!r})")
        elif name == STEP and not isinstance(symbol, Scalar):
            yield Problem(place, "t is the step number", "declare it with scalars('t')")
        elif RATE in given and name == RATE and not isinstance(symbol, Scalar):
            yield Problem(place, "lr is the learning rate of the rule", "declare it with scalars('lr')")
        elif NOISE in given and name == NOISE and not isinstance(symbol, Array):
            yield Problem(place, "noise is a number per element", "declare it with arrays('noise')")


def kind_of_hyper(hyper: Hyper) -> str:
    """What a message calls a hyperparameter, or what else is as free as one."""
    return "an input" if isinstance(hyper, Input) else "a signal" if isinstance(hyper, Signal) else "a hyperparameter"


def of_hypers(spec: AnySpec) -> Iterator[Problem]:
    for hyper in spec.rule.hypers:
        place = place_of(hyper.location, f"{kind_of_hyper(hyper).split()[1]} {hyper}")
        if isinstance(hyper, Supplied) and not isinstance(spec, Spec):
            remedy = "give it to the rule, declare a hyperparameter, or keep a state"
            yield Problem(place, f"{spec.rule.name} is no rule, and no step gives it anything", remedy)
            continue
        default = allowed = None
        if hyper.default is None:
            yield Problem(place, "it has no default", f"hyper('{hyper}', default='0.9', ...)")
        else:
            default = hyper.value
        if hyper.domain is None:
            yield Problem(place, "it has no domain", f"hyper('{hyper}', ..., domain='>= 0'); {domain.REMEDY}")
        else:
            try:
                allowed = hyper.allowed
            except ValueError as error:
                yield Problem(place, f"its domain {hyper.domain!r} cannot be read", str(error))
        if default is not None and allowed is not None and default not in allowed:
            yield Problem(
                place,
                f"its default {hyper.default} is outside its domain {hyper.domain}",
                "change one of the two",
            )
