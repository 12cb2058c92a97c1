"""Check a spec before anything else is done with it: every problem at once, each with its remedy."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import replace
from inspect import isfunction
from typing import Any

import sympy
from sympy.core.relational import Relational

from .. import timeouts
from ..load import AnySpec, LayerSpec, MonitorSpec, Problem, ScheduleSpec, Spec, SpecError, StageSpec, shown
from ..spec import domain, functions
from ..spec.language import (
    GRADIENT,
    METRIC,
    NOISE,
    PARAMETER,
    RATE,
    STEP,
    TRAINING,
    Array,
    Channel,
    Hyper,
    Layer,
    Location,
    New,
    Optimizer,
    Scalar,
    Stage,
    Step,
    average,
    global_overflow,
)
from ..spec.symbolic import Reduction
from . import limits
from .clashes import KIND_NAMES, clashes, clashes_in_the_project, place_of
from .fields import of_fields, unused
from .names import IDENTIFIER, reserved_by

_FOR_SCALARS = functions.kinds(lambda row: not row.elements)


def _listed(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}"


_ALLOWED = (
    f"+ - * / **, {_listed([*(row.spec for row in functions.numeric() if row.elements), 'where'])}; "
    f"for scalars also {_listed(row.spec for row in functions.numeric() if not row.elements)}"
)


def check(specs: Iterable[AnySpec], folder: Callable[[AnySpec], Hashable] = lambda spec: None) -> None:
    """Raise `SpecError` with all problems of all `specs`, if there are any.

    `folder` says where the code of a spec goes: what goes to one folder shares the names of that.
    """
    specs = list(specs)
    problems: list[Problem] = []
    for spec in specs:
        try:
            with timeouts.limited(timeouts.SPEC):
                # what is no expression, or too large, nothing else can be said of
                problems += list(_unfit(spec)) or list(_KINDS[type(spec)](spec))
        except timeouts.SlowError:
            place = place_of(spec.rule.location, spec.key)
            fact = f"checking it takes more than {timeouts.SPEC} s"
            problems.append(Problem(place, fact, "give the large expressions in it names, one step each"))
    if not problems:  # of rules that are not what they should be, it cannot be asked what they use
        problems += _of_unused(specs)
    problems += clashes(specs, folder)
    problems += clashes_in_the_project(specs)
    if problems:
        raise SpecError(list(dict.fromkeys(problems)))


def _of_unused(specs: Iterable[AnySpec]) -> Iterator[Problem]:
    """A hyperparameter that is declared and used by no rule of its file."""
    for spec in {spec.path: spec for spec in specs}.values():
        for hyper in unused(spec.beside, spec.rule.location.file):
            place = place_of(hyper.location, f"hyperparameter {hyper}")
            yield Problem(place, f"no rule in {spec.path.name} uses it", "use it in a step, or drop it")


def _unfit(spec: AnySpec) -> Iterator[Problem]:
    """What keeps a spec from being looked at any further."""
    rule = spec.rule
    here = place_of(rule.location, spec.key)
    yield from (Problem(here, *fault) for what in ("name", "source", "summary")
                for fault in limits.of_text(what, getattr(rule, what)))  # fmt: skip
    yield from (Problem(shown(spec.path), *fault) for fault in limits.of_text("docstring", spec.doc, lines=True))
    if isinstance(rule.name, str) and len(rule.name) > limits.NAME:
        yield Problem(here, f"its name has {len(rule.name)} characters", f"use at most {limits.NAME}")
    if misfits := [Problem(here, *fault) for fault in of_fields(rule)]:
        yield from misfits
        return
    steps = (*getattr(rule, "steps", ()), *getattr(rule, "inference", ()))
    if len(steps) > limits.STEPS:
        yield Problem(here, f"it has {len(steps)} steps", f"make do with {limits.STEPS}")
    values = [(here, rule.value)] if hasattr(rule, "value") else []
    single = (getattr(rule, name, None) for name in ("gradient_at", "halts"))
    values += [(here, value) for value in single if value is not None]
    for kept in (getattr(rule, "state", {}), getattr(rule, "parameters", {})):
        values += [(here, expr) for pair in kept.items() for expr in pair]
    sound = True
    for number, step in enumerate(steps, start=1):
        if not isinstance(step, Step) or not isinstance(step.target, sympy.Symbol):
            sound = False
            yield Problem(
                here, f"step {number} is not a step with a symbol as its target", "write Step(new(w), w - ...)"
            )
            continue
        place = place_of(step.location, f"step {number}")
        yield from (Problem(place, *fault) for fault in limits.of_text("note", step.note))
        values += [(place, step.target), (place, step.value)]
    faults = [Problem(place, *fault) for place, value in values for fault in limits.of_expression(value)]
    yield from faults
    if faults or not sound:
        return
    for part in (getattr(rule, "steps", ()), getattr(rule, "inference", ())):
        pairs = [(step.target, step.value) for step in part]
        yield from (Problem(here, *fault) for fault in limits.of_whole(pairs))
    for hyper in rule.hypers:
        place = place_of(hyper.location, f"hyperparameter {hyper.name:.60}")
        yield from (Problem(place, *fault) for fault in limits.of_text("doc", hyper.doc))
        text = hyper.domain
        if text is not None and not (isinstance(text, str) and text.isascii() and len(text) <= limits.NAME):
            yield Problem(place, "its domain cannot be read", domain.REMEDY)
        if hyper.default is not None:
            whole = isinstance(text, str) and text.startswith("integer ")
            yield from (Problem(place, *fault) for fault in limits.of_default(hyper.default, whole))


def _problems(spec: Spec | StageSpec) -> Iterator[Problem]:
    optimizer = spec.optimizer
    yield from _of_rule(spec)
    if not optimizer.steps:
        place = place_of(optimizer.location, optimizer.name or spec.key)
        yield Problem(place, "it has no steps", f"add Step(new({optimizer.writes[-1]}), ...) at least")
    yield from _of_names(_mentions(spec), optimizer.given)
    yield from _of_hypers(spec)
    for number, step in enumerate(optimizer.steps, start=1):
        place = place_of(step.location, f"step {number} ({step.target})")
        value = step.value
        if isinstance(optimizer, Stage):
            yield from _of_reductions(value, place)
            value = value.xreplace({r: Scalar("a_sum") for r in value.atoms(Reduction)})
        yield from _of_expression(value, place, "array" if _is_array(step.target) else "scalar")
    for symbol, value in optimizer.state.items():
        kind = "initial" if isinstance(symbol, Array) else "initial scalar"
        yield from _of_expression(value, place_of(optimizer.location, f"initial value of {symbol}"), kind)
    if optimizer.gradient_at is not None:
        yield from _of_expression(optimizer.gradient_at, place_of(optimizer.location, "gradient_at"), "array")
        yield from _of_point(optimizer, optimizer.gradient_at)
    yield from _of_flow(spec)
    if isinstance(optimizer, Stage):
        yield from _of_stage(optimizer)
    yield from _of_claims(spec)


def _of_reductions(value: sympy.Basic, place: str) -> Iterator[Problem]:
    """A sum over a gradient is taken before anything else: it knows g, w and numbers only."""
    for reduction in sorted(value.atoms(Reduction), key=str):
        (inner,) = reduction.args
        if nested := sorted(inner.atoms(Reduction), key=str):
            remedy = "if it is a factor, multiply by it outside; what else depends on it cannot be summed up here"
            yield Problem(place, f"{reduction} reads {nested[0]}, which is taken at the same time", remedy)
            continue
        for symbol in _sorted(s for s in inner.free_symbols if s.name not in (PARAMETER, GRADIENT)):
            remedy = "sums are over g and w alone; if it is a factor, multiply by it outside"
            yield Problem(place, f"{reduction} reads {symbol}", remedy)
        if isinstance(reduction, global_overflow) and not inner.is_Symbol:
            yield Problem(place, f"{reduction} is asked of an expression", "write global_overflow(g)")
        yield from _of_expression(inner, place, "array")


def _of_stage(stage: Stage) -> Iterator[Problem]:
    place = place_of(stage.location, stage.name)
    targets = {step.target.of.name for step in stage.steps if isinstance(step.target, New)}
    if stage.after and GRADIENT in targets:
        yield Problem(place, "it changes g after the rule has read it", "leave after=True out, or change w")
    if stage.after and (stage.reductions or stage.halts is not None):
        yield Problem(place, "it sums over gradients, or halts, after the rule", "leave after=True out")
    if stage.always and not stage.after:
        yield Problem(place, "what is done before the rule cannot go on after the step has ended", "add after=True")
    if stage.noisy and "draws" not in {s.name for s in stage.state}:
        remedy = "keep the scalar state draws, which every run increases by one"
        yield Problem(place, "nothing tells its noise of one step from that of the next", remedy)
    if stage.halts is not None:
        yield from _of_halts(stage, place)
    yield from _of_kept_scalars(stage)


def _of_halts(stage: Stage, place: str) -> Iterator[Problem]:
    """What ends a step is a comparison of scalars that the whole step has in common."""
    if not isinstance(stage.halts, Relational):
        yield Problem(place, f"halts={stage.halts} is no comparison", "write halts=new(count) > 0, for example")
        return
    if not stage.scalar_state:
        yield Problem(place, "it halts without a scalar state to tell it when", "add one to state={...}")
    at = place_of(stage.location, "halts")
    yield from _of_reductions(stage.halts, at)
    known = {*stage.given, *(s.name for s in (*stage.state, *stage.hypers)), *(s.target.name for s in stage.steps)}
    for symbol in _sorted(s for s in stage.halts.free_symbols if s.name not in known):
        yield Problem(at, f"it reads {symbol}, which no step defines", f"there are {' '.join(sorted(known))}")
    for side in stage.halts.args:
        reduced = {r: Scalar("a_sum") for r in side.atoms(Reduction)}
        yield from _of_expression(side.xreplace(reduced), at, "scalar")


def _of_kept_scalars(stage: Stage) -> Iterator[Problem]:
    """What is kept once for all arrays, and what ends a step, is not computed from what differs between arrays."""
    differs: dict[str, str] = {}

    def cause(value: sympy.Basic) -> str:
        own = sorted(str(r) for r in value.atoms(Reduction) if not r.overall)
        own += [RATE] if any(s.name == RATE and isinstance(s, Scalar) for s in value.free_symbols) else []
        own += [differs[s.name] for s in _sorted(value.free_symbols) if s.name in differs]
        return own[0] if own else ""

    for number, step in enumerate(stage.steps, start=1):
        if isinstance(step.target, New) and not _is_array(step.target):
            place = place_of(step.location, f"step {number} ({step.target})")
            kept = f"{step.target.of} is kept once for all arrays"
            instead = f", or keep an array: {step.target.of} = arrays('{step.target.of}')"
            yield from _of_one_for_all(cause(step.value), kept, instead, place)
        if not _is_array(step.target) and (found := cause(step.value)):
            differs[step.target.name] = found
    if isinstance(stage.halts, Relational):
        ends = "a step ends for all arrays at once"
        yield from _of_one_for_all(cause(stage.halts), ends, "", place_of(stage.location, "halts"))


def _of_one_for_all(cause: str, fact: str, instead: str, place: str) -> Iterator[Problem]:
    if cause == RATE:
        remedy = f"make it a hyperparameter of the stage, under a name of its own{instead}"
        yield Problem(place, f"{fact}, but lr, on which that depends, may differ from group to group", remedy)
    elif cause:
        overall = cause.replace("array_", "global_", 1)
        fact += f", but {cause}, on which that depends, differs from array to array"
        yield Problem(place, fact, f"write {overall}{instead}")


def _problems_of_schedule(spec: ScheduleSpec) -> Iterator[Problem]:
    schedule = spec.schedule
    place = place_of(schedule.location, schedule.name or spec.key)
    yield from _of_rule(spec)
    yield from _of_names([(symbol, schedule.location, "value") for symbol in _sorted(schedule.value.free_symbols)])
    yield from _of_hypers(spec)
    yield from _of_expression(schedule.value, place, "scalar")
    for symbol in _sorted(s for s in schedule.value.free_symbols if isinstance(s, Scalar) and s.name != STEP):
        yield Problem(place, f"{symbol} is not known", "a schedule is made of t and hyperparameters")
    yield from _of_claims(spec)


#: What the code of layers uses, beside what `names` reserves.
_OF_LAYERS = frozenset(
    ["a", "average", "axis", "b", "channels", "count", "elements", "elementwise", "flat", "spread", "training"]
)


def _problems_of_layer(spec: LayerSpec) -> Iterator[Problem]:
    layer = spec.layer
    place = place_of(layer.location, layer.name or spec.key)
    yield from _of_rule(spec)
    yield from _of_hypers(spec)
    own = [layer.input, layer.output, *layer.parameters, *layer.state]
    yield from _of_names([(symbol, layer.location, layer.name) for symbol in own])
    steps = (*layer.steps, *layer.inference)
    yield from _of_names([(s, p.location, f"step ({p.target})") for p in steps for s in _sorted(_symbols(p))])
    taken = _OF_LAYERS | {f"d{symbol}" for symbol in (layer.input, layer.output, *layer.parameters)}
    everything = {*own, *layer.hypers, *(step.target for step in steps)}
    for symbol in (s for s in _sorted(everything) if s.name in taken):
        yield Problem(place, f"the name {symbol} belongs to the code of layers", "call it something else")
    for symbol in (*layer.parameters, *layer.state):
        if not isinstance(symbol, Channel):
            yield Problem(place, f"{symbol} is kept for each channel", f"declare it with channels('{symbol}')")
    for symbol, value in (*layer.parameters.items(), *layer.state.items()):
        if not value.is_Rational:
            yield Problem(place, f"{symbol} starts from {value}", "start from a whole number or a Rational")
    for training, part in ((True, layer.steps), (False, layer.inference)):
        yield from _of_layer_steps(layer, part, training)
    yield from _of_claims(spec)


def _of_layer_steps(layer: Layer, steps: tuple[Step, ...], training: bool) -> Iterator[Problem]:
    """Every value is known, reductions are where they belong, what has to be computed is."""
    part = "training" if training else "inference"
    known = {layer.input, *layer.parameters, *layer.state, *layer.hypers, *([Scalar("m")] if training else [])}
    for number, step in enumerate(steps, start=1):
        place = place_of(step.location, f"{part}, step {number} ({step.target})")
        for symbol in _sorted(step.value.free_symbols - known):
            yield Problem(place, f"it reads {symbol}, which no earlier step defines", "define it before, in this part")
        if step.target in known:
            yield Problem(place, f"{step.target} is assigned a second time", "give the second value a name of its own")
        if isinstance(step.target, New) and (not training or step.target.of not in layer.state):
            yield Problem(place, f"{step.target.of} is not a state that is updated here", "list it in state={...}")
        if not isinstance(step.target.of if isinstance(step.target, New) else step.target, Array | Scalar):
            yield Problem(place, f"{step.target} cannot be assigned", "declare it with arrays(), channels(), scalars()")
        if not training and step.value.has(average):
            yield Problem(place, "inference takes no average over the batch", "use the running statistics")
        yield from _of_averages(step, place)
        known.add(step.target)
    results = [layer.output, *(New(f"{s}_new", of=s) for s in layer.state if training)]
    for symbol in (s for s in results if s not in known):
        place = place_of(layer.location, layer.name)
        yield Problem(place, f"{part} does not compute {symbol}", f"add a step with the target {symbol}")


def _of_averages(step: Step, place: str) -> Iterator[Problem]:
    from ..analysis.backprop import per_element, varies

    target = step.target.of if isinstance(step.target, New) else step.target
    if not per_element(target) and varies(step.value):
        yield Problem(place, f"{target} has no value per element, but {step.value} has", "take its average(...)")
    outer = step.value
    while found := [node for node in outer.atoms(average) if not node.args[0].has(average)]:
        for node in sorted(found, key=sympy.default_sort_key):
            yield from _of_expression(node.args[0], place, "array")
            if not varies(node.args[0]):
                yield Problem(place, f"{node.args[0]} is the same for all elements", "average what varies over them")
        outer = outer.xreplace({node: Channel(f"average_{k}") for k, node in enumerate(found)})
    yield from _of_expression(outer, place, "scalar" if isinstance(target, Scalar) else "array")


def _symbols(step: Step) -> set[sympy.Symbol]:
    return {step.target, *step.value.free_symbols}


def _problems_of_monitor(spec: MonitorSpec) -> Iterator[Problem]:
    monitor = spec.monitor
    place = place_of(monitor.location, monitor.name or spec.key)
    yield from _of_rule(spec)
    mentions = [(symbol, monitor.location, "state") for symbol in monitor.state]
    for number, step in enumerate(monitor.steps, start=1):
        what = f"step {number} ({step.target})"
        symbols = dict.fromkeys((step.target, *_sorted(step.value.free_symbols)))
        mentions += [(symbol, step.location, what) for symbol in symbols]
    inner = (*monitor.state.values(), monitor.value)
    mentions += [(s, monitor.location, "initial value or value") for e in inner for s in _sorted(e.free_symbols)]
    yield from _of_names(mentions)
    yield from _of_hypers(spec)
    for symbol, value in monitor.state.items():
        if not value.is_infinite:
            yield from _of_expression(value, place_of(monitor.location, f"initial value of {symbol}"), "initial scalar")
    yield from _of_expression(monitor.value, place, "scalar")
    kept = {s.name for s in (*monitor.state, *monitor.hypers)}
    for symbol in _sorted(s for s in monitor.value.free_symbols if s.name not in kept):
        yield Problem(place, f"its value reads {symbol}, which is not kept", f"it keeps {' '.join(sorted(kept))}")
    for symbol in _sorted(s for s in monitor.flags if s not in monitor.state):
        yield Problem(place, f"the flag {symbol} is not a state", f"add it to state={{{symbol}: 0}}")
    known = {METRIC, TRAINING, STEP, *kept}
    if TRAINING in kept:
        yield Problem(place, f"{TRAINING} is what is reported of the training data", "give the state another name")
    elif TRAINING in monitor.hears and METRIC not in {s.name for p in monitor.steps for s in p.value.free_symbols}:
        yield Problem(place, f"it hears {TRAINING} and no {METRIC}", f"a monitor of one metric reads {METRIC}")
    assigned: set[str] = set()
    for number, step in enumerate(monitor.steps, start=1):
        at = place_of(step.location, f"step {number} ({step.target})")
        yield from _of_expression(step.value, at, "scalar")
        for symbol in _sorted(s for s in step.value.free_symbols if s.name not in known):
            fact = f"it reads {symbol}, which no earlier step defines"
            yield Problem(at, fact, f"defined so far: {' '.join(sorted(known))}")
        for node in sorted(step.value.atoms(sympy.Max, sympy.Min), key=str):
            if {METRIC, TRAINING} & {s.name for s in node.free_symbols}:
                fact = f"{node} of a metric that is NaN would depend on the order of its arguments"
                yield Problem(at, fact, "write it with where()")
        if step.target.name in known | assigned:
            yield Problem(at, f"{step.target} is given or assigned already", "give the result a name of its own")
        elif isinstance(step.target, New) and step.target.of not in monitor.state:
            yield Problem(at, f"{step.target.of} is not a state", f"add it to state={{{step.target.of}: 0}}")
        elif not isinstance(step.target, New | Scalar):
            yield Problem(at, f"{step.target} is not a scalar", f"declare it with scalars('{step.target}')")
        known |= {step.target.name}
        assigned |= {step.target.name}
    for symbol in monitor.state:
        if f"{symbol}_new" not in assigned:
            yield Problem(place, f"the state {symbol} is never updated", f"add Step(new({symbol}), ...), or drop it")
    read = {s.name for step in monitor.steps for s in step.value.free_symbols}
    for name in sorted(n for n in assigned - read if not n.endswith("_new")):
        yield Problem(place, f"{name} is computed and never read", "use it in a later step, or drop it")
    yield from _of_claims(spec)


_KINDS: dict[type, Callable[[Any], Iterator[Problem]]] = {
    Spec: _problems,
    StageSpec: _problems,
    ScheduleSpec: _problems_of_schedule,
    LayerSpec: _problems_of_layer,
    MonitorSpec: _problems_of_monitor,
}


def _of_rule(spec: AnySpec) -> Iterator[Problem]:
    rule = spec.rule
    place = place_of(rule.location, rule.name or spec.key)
    if not IDENTIFIER.fullmatch(rule.name) or reserved_by(rule.name):
        yield Problem(place, f"{rule.name!r} cannot be the name of a class", "use letters and digits: name='MyRule'")
    if not rule.source.strip():
        yield Problem(place, "it has no source", "say where the formulas come from: source='...'")


def _of_names(mentions: Iterable[tuple[sympy.Symbol, Location, str]], given: tuple[str, ...] = ()) -> Iterator[Problem]:
    first: dict[str, sympy.Symbol] = {}
    for symbol, location, what in mentions:
        name = symbol.name
        place = place_of(location, what)
        if isinstance(symbol, New):
            if not isinstance(symbol.of, Array | Scalar):
                yield Problem(place, f"new({symbol.of}) is not the new value of a state", "new() takes a state, or w")
            continue
        if owner := reserved_by(name):
            better = f"{name.strip('_')}_"
            yield Problem(place, f"the name {name} belongs to {owner}", f"call it something else, {better} for example")
        elif not IDENTIFIER.fullmatch(name):
            yield Problem(place, f"{name!r} is not a name", "use letters, digits and _, a letter first")
        elif not isinstance(symbol, Array | Scalar | Hyper):
            yield Problem(
                place,
                f"{name} is a bare SymPy symbol, so nobody knows what it is",
                "make it with arrays(), scalars() or hyper()",
            )
        elif first.setdefault(name, symbol) != symbol:
            yield Problem(place, f"the name {name} stands for two different things", "rename one of them")
        elif name.endswith("_new"):
            yield Problem(
                place,
                f"{name} looks like the new value of a state",
                f"write new({name.removesuffix('_new')}), or rename it",
            )
        elif name in (PARAMETER, GRADIENT) and not isinstance(symbol, Array):
            yield Problem(place, f"{name} is not an array", f"declare it with arrays({name!r})")
        elif name == STEP and not isinstance(symbol, Scalar):
            yield Problem(place, "t is the step number", "declare it with scalars('t')")
        elif RATE in given and name == RATE and not isinstance(symbol, Scalar):
            yield Problem(place, "lr is the learning rate of the rule", "declare it with scalars('lr')")
        elif NOISE in given and name == NOISE and not isinstance(symbol, Array):
            yield Problem(place, "noise is a number per element", "declare it with arrays('noise')")


def _mentions(spec: Spec | StageSpec) -> Iterator[tuple[sympy.Symbol, Location, str]]:
    """Every symbol of the spec once for each place where it stands."""
    optimizer = spec.optimizer
    for symbol in optimizer.state:
        yield symbol, optimizer.location, "state"
    for number, step in enumerate(optimizer.steps, start=1):
        what = f"step {number} ({step.target})"
        for symbol in dict.fromkeys((step.target, *_sorted(step.value.free_symbols))):
            yield symbol, step.location, what
    for symbol in _sorted(getattr(getattr(optimizer, "halts", None), "free_symbols", ())):
        yield symbol, optimizer.location, "halts"
    for symbol, value in optimizer.state.items():
        for inner in _sorted(value.free_symbols):
            yield inner, optimizer.location, f"initial value of {symbol}"


def _sorted(symbols: Iterable[sympy.Symbol]) -> list[sympy.Symbol]:
    return sorted(symbols, key=lambda s: s.name)


def _of_hypers(spec: AnySpec) -> Iterator[Problem]:
    for hyper in spec.rule.hypers:
        place = place_of(hyper.location, f"hyperparameter {hyper}")
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


def _is_array(symbol: sympy.Symbol) -> bool:
    return isinstance(symbol.of if isinstance(symbol, New) else symbol, Array)


def _of_expression(expr: sympy.Basic, place: str, kind: str) -> Iterator[Problem]:
    """What an expression may not contain; `kind` is array, scalar or initial."""
    if not isinstance(expr, sympy.Expr) or expr.is_Matrix:
        yield Problem(
            place,
            f"{expr} is not an elementwise expression",
            "write what happens to one element, with scalars and arrays",
        )
        return
    # a minus sign belongs to the term, not to the number that was written
    for number in sorted({abs(number) for number in expr.atoms(sympy.Float)}, key=str):
        exact = sympy.Rational(str(number)).limit_denominator(10**6)
        yield Problem(
            place,
            f"the float {_short(number)} has rounding in it, which no proof survives",
            f"make it a hyperparameter, or write Rational({exact.p}, {exact.q})",
        )
    long = (n for n in expr.atoms(sympy.Rational) if kind == "array" and max(abs(n.p), n.q) >= limits.LITERAL)
    for number in sorted(long, key=str):
        fact = f"the number {number} is too long for an integer of the code that runs for each element"
        yield Problem(place, fact, "give it a step of its own, with a scalar target; in a sum, multiply by it outside")
    for atom in expr.atoms(sympy.nan, sympy.zoo, sympy.oo, -sympy.oo, sympy.I):
        yield Problem(place, f"{atom} is not a real number", "write the rule for real, finite numbers")
    irrational = expr.atoms(sympy.NumberSymbol) - ({sympy.pi} if kind == "scalar" else set())
    for atom in sorted(irrational, key=str):
        yield Problem(place, f"{atom} is not rational", "give it a name: hyper(...) with a decimal default")
    for node in sympy.preorder_traversal(expr):
        if isinstance(node, sympy.logic.boolalg.BooleanFunction):
            yield Problem(
                place,
                f"{node} is a comparison with a choice in it",
                "give the inner where(...), Max or Min a step of its own",
            )
            break
        if not _understood(node):
            yield Problem(
                place,
                f"{node} is not elementwise, or is a function without a counterpart in every backend",
                f"use {_ALLOWED}",
            )
            break
    yield from _of_division(expr, place)
    if kind == "scalar":
        for symbol in _sorted(s for s in expr.free_symbols if _is_array(s)):
            yield Problem(
                place,
                f"a scalar cannot be computed from the array {symbol}",
                "declare the target with arrays(), or leave the array out",
            )
    elif kind.startswith("initial"):
        allowed = {PARAMETER} if kind == "initial" else set()
        for symbol in _sorted(s for s in expr.free_symbols if not isinstance(s, Hyper) and s.name not in allowed):
            remedy = "start from numbers, hyperparameters or, for an array, w"
            yield Problem(place, f"{symbol} is not known before the first step", remedy)
    if kind != "scalar" and (found := sorted({str(node) for node in expr.atoms(*_FOR_SCALARS)})):
        yield Problem(place, f"{found[0]} is for scalars", "give it a step of its own, with a scalar target")


def _of_division(expr: sympy.Expr, place: str) -> Iterator[Problem]:
    """No denominator may vanish at an end of a hyperparameter's domain that belongs to it, unless where() guards it."""
    if isinstance(expr, sympy.Piecewise):
        return
    if isinstance(expr, sympy.Pow) and expr.exp.could_extract_minus_sign():
        for factor in sympy.Mul.make_args(sympy.factor_terms(expr.base)):
            for hyper, end in _closed_ends(factor):
                if factor.xreplace({hyper: end}) == 0:
                    fact = f"it divides by {factor}, which is zero at {hyper} = {end}"
                    yield Problem(place, fact, f"take {end} out of its domain {hyper.domain}, or do not divide")
    for part in expr.args:
        if isinstance(part, sympy.Expr):
            yield from _of_division(part, place)


def _closed_ends(factor: sympy.Expr) -> Iterator[tuple[Hyper, sympy.Rational]]:
    """The ends of the domain of the hyperparameter that `factor` is made of, if there is only one."""
    if len(factor.free_symbols) != 1:
        return
    (hyper,) = factor.free_symbols
    try:
        allowed = hyper.allowed
    except (AttributeError, ValueError):
        return
    for end, closed in ((allowed.low, allowed.low_closed), (allowed.high, allowed.high_closed)):
        if end is not None and closed:
            yield hyper, sympy.Rational(end)


def _of_point(optimizer: Optimizer, point: sympy.Expr) -> Iterator[Problem]:
    """The point at which the gradient is taken has to be a change of variables: w plus something."""
    place = place_of(optimizer.location, "gradient_at")
    w = next((s for s in point.free_symbols if s.name == PARAMETER), None)
    if w is None or sympy.expand(sympy.diff(point, w) - 1) != 0:
        yield Problem(place, f"{point} is not w plus something", "write gradient_at=w + ...")
    known = {PARAMETER, *(s.name for s in optimizer.state), *(h.name for h in optimizer.hypers)}
    for symbol in _sorted(s for s in point.free_symbols if s.name not in known):
        yield Problem(place, f"{symbol} is not known before the gradient is taken", "use w, state, hyperparameters")


def _understood(node: sympy.Basic) -> bool:
    if isinstance(node, sympy.Symbol | sympy.Number | sympy.NumberSymbol | sympy.Add | sympy.Mul | sympy.Pow):
        return True
    if isinstance(node, sympy.Piecewise):
        return len(node.args) == 2 and node.args[1][1] == sympy.true
    if isinstance(
        node, sympy.functions.elementary.piecewise.ExprCondPair | Relational | sympy.logic.boolalg.BooleanTrue
    ):
        return True
    # exp(1) is the number E, atoms such as I have been named above
    return isinstance(node, (*functions.kinds(), type(sympy.I), type(sympy.nan), type(sympy.zoo)))


def _short(number: sympy.Float) -> str:
    return repr(float(number))


def _of_flow(spec: Spec | StageSpec) -> Iterator[Problem]:
    """Each name assigned once, defined before use, and used."""
    optimizer = spec.optimizer
    given = {*optimizer.given, *(s.name for s in optimizer.state)}
    known = given | {h.name for h in optimizer.hypers}
    assigned: dict[str, Step] = {}
    later = {step.target.name for step in optimizer.steps}
    for number, step in enumerate(optimizer.steps, start=1):
        place = place_of(step.location, f"step {number} ({step.target})")
        for symbol in _sorted(step.value.free_symbols):
            if isinstance(symbol, Hyper) or symbol.name in given or symbol.name in assigned:
                continue
            fact = f"it reads {symbol}, which no earlier step defines"
            if symbol.name in later:
                remedy = (
                    "move the step that defines it up" if symbol != step.target else "a step cannot read its own result"
                )
            else:
                names = sorted(known | set(assigned))
                close = difflib.get_close_matches(symbol.name, names, n=1)
                remedy = f"defined so far: {' '.join(names)}" + (f"; did you mean {close[0]}?" if close else "")
            yield Problem(place, fact, remedy)
        target = step.target
        if target.name in assigned:
            yield Problem(place, f"{target} is assigned a second time", "give the second value a name of its own")
        elif isinstance(target, Hyper):
            yield Problem(
                place, f"{target} is a hyperparameter and cannot be assigned", "give the result a name of its own"
            )
        elif target.name in given:
            remedy = (
                f"write new({target}) for its new value"
                if target.name in optimizer.writes or target in optimizer.state
                else "choose another name"
            )
            yield Problem(place, f"{target} is given and cannot be assigned", remedy)
        elif isinstance(target, New) and target.of.name not in {*optimizer.writes, *(s.name for s in optimizer.state)}:
            yield Problem(
                place,
                f"{target.of} is not a state",
                f"add it to state={{{target.of}: 0}}, or write Step({target.of}, ...)",
            )
        assigned.setdefault(target.name, step)
    yield from _of_use(spec, assigned)


def _of_use(spec: Spec | StageSpec, assigned: dict[str, Step]) -> Iterator[Problem]:
    optimizer = spec.optimizer
    place = place_of(optimizer.location, optimizer.name)
    read = {s.name for step in optimizer.steps for s in step.value.free_symbols}
    read |= {s.name for s in getattr(getattr(optimizer, "halts", None), "free_symbols", ())}
    for symbol in optimizer.state:
        if not isinstance(symbol, Array | Scalar):
            yield Problem(place, f"{symbol} cannot be a state", f"declare it with arrays('{symbol}') or scalars(...)")
            continue
        if f"{symbol}_new" not in assigned:
            yield Problem(
                place, f"the state {symbol} is never updated", f"add Step(new({symbol}), ...), or drop the state"
            )
        if symbol.name not in read:
            yield Problem(
                place,
                f"the old value of the state {symbol} is never read",
                f"use {symbol} in a step, or drop the state",
            )
    updated = {f"{name}_new" for name in optimizer.writes} & assigned.keys()
    if optimizer.steps and not updated and isinstance(optimizer, Stage):
        if optimizer.halts is None and not optimizer.after:
            yield Problem(place, "neither g nor w is ever updated", "add Step(new(g), ...)")
    elif optimizer.steps and not updated:
        yield Problem(place, "the parameter w is never updated", "add Step(new(w), w - ...)")
    for name, step in assigned.items():
        if not isinstance(step.target, New) and name not in read:
            yield Problem(
                place_of(step.location, f"step ({name})"),
                f"{name} is computed and never read",
                "use it in a later step, or drop it",
            )


def _of_claims(spec: AnySpec) -> Iterator[Problem]:
    for claim in spec.rule.claims:
        yield from _of_claim(claim, spec)


def _of_claim(claim: object, spec: AnySpec) -> Iterator[Problem]:
    from ..claims.base import Claim
    from ..claims.rules import Fails, Slip

    place = place_of(spec.rule.location, "claims")
    denied = claim.claim if isinstance(claim, Fails) else claim
    if not isinstance(claim, Claim) or not isinstance(denied, Claim):
        name, remedy = repr(denied), "use what stepsmith.codegen.claims offers: ema, unbiased, ..."
        if isfunction(denied):
            name, remedy = denied.__name__, f"call it: {denied.__name__}(...)"
        yield Problem(place, f"{name} is not a claim", remedy)
        return
    if isinstance(claim, Fails) and isinstance(denied, Slip):
        yield Problem(place, "it denies what is said of a slip", "write slip(rule, fails(claim, because=...))")
        return
    if isinstance(claim, Slip) and type(claim.rule) is not Optimizer:
        name = getattr(claim.rule, "name", repr(claim.rule))
        yield Problem(place, f"slip: {name} is not an optimizer", "give an optimizer as the source prints it")
        return
    if not (isinstance(spec, Spec) if isinstance(claim, Slip) else isinstance(spec.rule, denied.applies_to)):
        yield Problem(place, f"{claim.label} is not said of {KIND_NAMES[type(spec)]}", "drop it")
        return
    yield from (Problem(place, fact, remedy) for fact, remedy in claim.problems(spec.rule))
    for node in (n for expr in denied.expressions() for n in sympy.preorder_traversal(expr)):
        of_sympy = isinstance(node, sympy.Function) and type(node).__module__.startswith("sympy.")
        if of_sympy and not isinstance(node, (sympy.Piecewise, *functions.kinds())):
            fact = f"{denied.label}: nothing can be proved of {node}, a function that no rule may have"
            yield Problem(place, fact, f"use {_ALLOWED}")
            break
    if isinstance(claim, Slip) and isinstance(spec, Spec):
        printed = replace(spec, optimizer=claim.rule)
        yield from list(_unfit(printed)) or list(_problems(printed))
        yield from _of_claim(claim.claim, printed)
