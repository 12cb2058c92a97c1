"""The module of the rules in one file: a function and a class for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from ..analysis.sums import named
from ..backends import InPlace
from ..execution.modules import base_class
from ..expr.printing import Text, tuple_text
from ..expr.tree import arrange, ranks
from ..load import Spec
from ..lower.ahead import Ahead, ahead
from ..lower.host import Host
from ..lower.program import Assign, Program, lower
from ..spec.rules import Optimizer, settings
from ..spec.symbols import Flag, Scalar
from .environment import LONGEST, export_key, fill, header, module_doc, quoted, runtime_import
from .text import (
    declared,
    domains,
    equations,
    hyper_table,
    hyper_type,
    keywords,
    pulled_out,
    scalar_lines,
    state_table,
    supplied_rows,
    table,
    where_w_is,
)


def module(specs: list[Spec], backend: InPlace) -> str:
    """The text of the file for one backend whose functions write to arrays."""
    first, specs = specs[0], [spec.runnable for spec in specs]
    rules = [_rule(spec, backend) for spec in specs]
    parts = ("initial", "scalars", "before", "last", "advances", "sums")
    text = "\n".join("".join(str(rule[part]) for part in parts) for rule in rules)
    imports = ["from __future__ import annotations", ""]
    imports += ["import math"] if "math." in text else []
    imports += ["from collections.abc import Mapping, Sequence", "from typing import Any, ClassVar", ""]
    imports += [f"import {backend.library} as {backend.alias}", ""] if f"{backend.alias}." in text else []
    numbers = (f"{rule['initial']}{rule['scalars']}{rule['advances']}{rule['summed']}" for rule in rules)
    imports += runtime_import("..", "\n".join(numbers))
    base = base_class(backend.name, "Optimizer")
    types = {hyper_type(hyper) for spec in specs for hyper in settings(spec.optimizer)}
    names = ["Array", "Stage", "StageCall", base, *types, *backend.helpers]
    names += [name for name in backend.sum_helpers if re.search(rf"\b{name}\b", text)]
    names.sort(key=lambda name: (name.islower(), name))
    line = f"from ._arrays import {', '.join(names)}"
    imports += [line] if len(line) <= LONGEST + 4 else ["from ._arrays import (", *(f"    {n}," for n in names), ")"]
    return fill(
        "module.py.jinja",
        header=header(first),
        doc=module_doc(specs),
        imports=imports,
        exported=sorted((name for spec in specs for name in _exported(spec)), key=export_key),
        rules=rules,
        base=base,
    )


def _exported(spec: Spec) -> list[str]:
    rule = spec.optimizer
    kept = {"scalars": rule.shared_state, "per_array": rule.own_state, "sums": rule.reductions}
    return [rule.name, spec.function, *(f"{spec.key}_{what}" for what, there in kept.items() if there)]


def _rule(spec: Spec, backend: InPlace) -> dict[str, object]:
    """What the templates say about one rule."""
    optimizer = spec.optimizer
    program = lower(optimizer)
    printed = backend.rules.lines(program, spec.function)
    hypers, spell, spell_kept = settings(optimizer), None, None
    if optimizer.reductions:
        spell, spell_kept = (backend.rules.spelling(program, kept=kept) for kept in (False, True))
    wanted = program.scalars_for(program.kernel_scalars)

    def kept_lines(scalars: Iterable[Assign]) -> list[str]:
        return scalar_lines(program, scalars, spell_kept, program.reduced_in_time)

    states = [state.name for state in optimizer.array_state]
    numbers = [*(f"{signal}: float," for signal in optimizer.signals), *keywords(optimizer)]
    numbers = ["*,", *numbers] if numbers else []
    per_step = [*(f"{state}: float," for state in optimizer.scalar_state), "t: int,"]
    sums = [f"{one.target}: float," for one in program.reductions]
    arrays = [f"{name}: Array," for name in ("w", *program.read, *states)]
    early = ahead(program) if backend.rules.goes_ahead else None
    around = [*(numbers or ["*,"]), "stages: Sequence[StageCall] = (),", *(["ahead: bool = False,"] if early else [])]
    summing, use = None, f"The arguments are those of `{spec.function}`, whose next arguments the results are."
    if sums:
        read = ["w", *program.read, *(state for state in states if state in program.summed_arrays)]
        told = backend.rules.sum_lines(program, read, f"{spec.key}_sums")
        printed = replace(printed, before=[*printed.before, *_apart(printed.before), *told.before])
        summing = {
            "function": f"{spec.key}_sums",
            "parameters": [*arrays, *per_step, *around],
            "doc": sums_doc(spec, program, use, early),
            "lines": scalar_lines(program, program.scalars_for(program.summed_scalars), spell, program.reduced_in_time),
            "last": told.last,
        }
    parameters = [*arrays, *per_step[:-1], *sums, *per_step[-1:], *around]
    return {
        "name": optimizer.name,
        "function": spec.function,
        "states": quoted(states),
        "attributes": start_attributes(optimizer) + own_attributes(optimizer) + sum_attributes(program, early),
        "domains": domains(optimizer),
        "class_doc": _class_doc(spec),
        "declared": declared(optimizer, hyper_type),
        "class_parameters": keywords(optimizer, hyper_type),
        "class_arguments": [f"{hyper}={hyper}," for hyper in hypers],
        "initial": initial(optimizer, backend.alias),
        "parameters": parameters,
        "function_doc": _function_doc(spec, program, early),
        "scalars": _met(scalar_lines(program, wanted, spell, program.reduced_in_time), program, backend),
        "advances": advances(spec, program, numbers, kept_lines),
        "sums": summing,
        "summed": summing["lines"] if summing else [],
        "before": printed.before,
        "last": printed.last,
    }


def _met(lines: list[str], program: Program, backend: InPlace) -> list[str]:
    """The lines of scalars, those formed of sums that elements meet as the backend has them.

    What other lines read as well has a name of its own, with one number for each array.
    """
    found: list[str] = []
    waiting = list(lines)
    while waiting:
        line = waiting.pop(0)
        name, _, text = line.partition(" = ")
        value, mark, note = text.partition("  # ")
        if name not in program.reduced_in_time or name not in program.kernel_scalars:
            found.append(line)
            continue
        read = re.compile(rf"\b{name}\b")
        if backend.rules.met(name) != name and any(read.search(other) for other in waiting):
            of_array = f"{name}_of_array"
            found.append(f"{of_array} = {value}{mark}{note}")
            waiting = [_renamed(read, of_array, other) for other in waiting]
            value, mark, note = of_array, "", ""
        found.append(f"{name} = {backend.rules.met(value)}{mark}{note}")
    return found


def _renamed(read: re.Pattern[str], name: str, line: str) -> str:
    """A line that reads `name` in place of what `read` matches, but for what it says behind it."""
    text, mark, note = line.partition("  # ")
    return f"{read.sub(name, text)}{mark}{note}"


def _apart(before: list[str]) -> list[str]:
    """The empty lines after a function or a kernel."""
    return ["", ""] if before else []


def sum_attributes(program: Program, early: Ahead | None = None) -> list[str]:
    """What a class says of its sums: a name, how it is taken, whether over all arrays; and which numbers they feed.

    With `early`, also that states go ahead of the step.
    """
    listed = [f'("{one.target}", "{one.how}", {one.overall})' for one in program.reductions]
    found = [f"_reductions: ClassVar = {tuple_text(listed)}"] if listed else []
    fed = [commit.target for commit in program.scalar_commits if commit.value in program.reduced_in_time]
    found += [f"_fed_by_sums: ClassVar = {quoted(fed)}"] if fed else []
    return found + (["_ahead: ClassVar = True"] if early else [])


def sums_doc(spec: Spec, program: Program, use: str, early: Ahead | None = None) -> list[str]:
    """What a function says that sums up; `use` is what its arguments and results are to the others."""
    rule = spec.optimizer.runnable
    rows = [(name, f"= {Text()(arrange(one.value, ranks(rule)))}") for name, one in named(rule).items()]
    overall = any(one.overall for one in program.reductions)
    several = ["Those over all arrays are put together from what this gives for each of them."] if overall else []
    return [
        f'"""What a step of {spec.optimizer.name} sums up over one array, in double; nothing is written.',
        "",
        *table(rows),
        "",
        use,
        *several,
        *_ahead_doc(early, f"With ahead=True, {{states}} take{{s}} {{new}} here, and `{spec.function}` is told so."),
        '"""',
    ]


def advances(
    spec: Spec,
    program: Program,
    numbers: list[str],
    printed: Callable[[Iterable[Assign]], list[str]],
    names: tuple[str, str] = ("scalars", "per_array"),
) -> list[dict[str, object]]:
    """The functions that step the states that are numbers: those kept once for all arrays, and those for each.

    They are called after the rule and these `names`, in this order. `printed` are scalars as lines.
    """
    optimizer = spec.optimizer
    t, after = ["t: int,"], {commit.target: commit.value for commit in program.scalar_commits}
    sums = [(one.overall, f"{one.target}: float,") for one in program.reductions]
    shared = [f"{state}: float," for state in optimizer.shared_state]
    own = [f"{state}: float," for state in optimizer.own_state]
    kinds = {
        "scalars": (optimizer.shared_state, [*shared, *(one for overall, one in sums if overall)]),
        "per_array": (optimizer.own_state, [*shared, *own, *(one for _, one in sums)]),
    }
    docs = {
        "scalars": "The scalar state after step t, which all parameters share.",
        "per_array": "The numbers that are kept for this array after step t.",
    }
    found: list[dict[str, object]] = []
    for name, (kind, (states, parameters)) in zip(names, kinds.items(), strict=True):
        committed = [after[state.name] for state in states]
        lines = printed(program.scalars_for(committed))
        one: dict[str, object] = {
            "function": f"{spec.key}_{name}",
            "parameters": [*parameters, *t, *numbers],
            "doc": docs[kind],
            "lines": lines,
            "result": tuple_text(committed),
            "attribute": "_advance" if kind == "scalars" else "_advance_own",
            "initially": "_initial_scalars" if kind == "scalars" else "_initial_own",
            "initial": initial_scalars(optimizer, states),
        }
        found += [one] if states else []
    return found


def initial_scalars(rule: Optimizer, states: Iterable[Scalar]) -> str:
    rank = ranks(rule)
    spell = FromHyper.of(rule)
    starts = (f'"{s}": {spell(arrange(rule.state[s], rank))}' for s in states)
    return f"{{{', '.join(starts)}}}"


def own_attributes(rule: Optimizer) -> list[str]:
    """What a class says of the numbers that it keeps for each array: their names."""
    return [f"_per_array: ClassVar = {quoted([s.name for s in rule.own_state])}"] if rule.own_state else []


def start_attributes(rule: Optimizer) -> list[str]:
    """What a class says of the step number and of how its states start, where that is not the usual."""
    attributes = ["_own_t: ClassVar = True"] if rule.own_t else []
    return attributes + (["_starts_late: ClassVar = True"] if rule.starts_late else []) + supplied_attributes(rule)


def supplied_attributes(rule: Optimizer) -> list[str]:
    """What a class says of what a step is given: the names, of inputs and of signals, and which may be left out."""
    signals = [signal for signal in rule.signals if not isinstance(signal, Flag)]
    attributes = {"_inputs": rule.inputs, "_signals": signals, "_optional": rule.optional}
    return [f"{name}: ClassVar = {quoted([s.name for s in found])}" for name, found in attributes.items() if found]


def initial(rule: Optimizer, alias: str, copied: str = "w.copy()") -> str:
    """The states that are arrays before the first step, where a copy of `w` is spelled so."""
    rank = ranks(rule)
    values = []
    for state in rule.array_state:
        value = rule.state[state]
        if value == 0:
            values.append(f"{alias}.zeros_like(w)")
        elif value.is_Symbol and value.name == "w":
            values.append(copied)
        else:
            values.append(f"{alias}.full_like(w, {FromHyper.of(rule)(arrange(value, rank))})")
    return tuple_text(values)


class FromHyper(Host):
    """Names are looked up among the hyperparameters."""

    def name(self, name: str) -> str:
        return f'hyper["{name}"]'


def _function_doc(spec: Spec, program: Program, early: Ahead | None) -> list[str]:
    optimizer = spec.optimizer
    commits = [commit.target for commit in program.commits]
    lines = [f'"""One step of {optimizer.name} on one array, in place.', ""]
    lines += equations(program)
    lines += [
        "",
        f"Then {', '.join(commits)} take{'s' if len(commits) == 1 else ''} the new value{'s'[: len(commits) > 1]}.",
        *pulled_out(program),
    ]
    lines += ["", *arrays_doc(spec, program), *step_doc(spec, program, f"what `{spec.key}_sums` gives")]
    return [*lines, *_ahead_doc(early, "With ahead=True, {states} {have} {new} from there already."), '"""']


def arrays_doc(spec: Spec, program: Program) -> list[str]:
    """What the arrays are that the function of a rule is given."""
    optimizer = spec.optimizer
    arrays = ", ".join(["w", *(commit.target for commit in program.commits[:-1])])
    return [*_arrays_of(f"{arrays} and g", " and ".join(program.read), optimizer), *where_w_is(optimizer)]


def step_doc(spec: Spec, program: Program, sums: str) -> list[str]:
    """What the step number is, how states start, and what the sums are."""
    optimizer = spec.optimizer
    lines = [f"t is the number of the step{' of this parameter' * optimizer.own_t}, from 1."]
    lines = [f"{lines[0]} States:", "", *state_table(optimizer)] if optimizer.state else lines
    if program.reductions:
        lines += ["", f"{', '.join(one.target for one in program.reductions)}: {sums}."]
    return lines


def _ahead_doc(early: Ahead | None, text: str) -> list[str]:
    """What is said of the states that go ahead of the step."""
    if early is None:
        return []
    several = len(early.states) > 1
    words = {"s": "" if several else "s", "have": "have" if several else "has"}
    new = "their new values" if several else "its new value"
    return [text.format(states=" and ".join(early.states), new=new, **words)]


def _arrays_of(arrays: str, read: str, optimizer: Optimizer) -> list[str]:
    """What the arrays of the function of a rule are, and what the numbers are that each step is given."""
    lines = [
        f"{arrays} are arrays of one shape and dtype, float32 or float64, or, if the parameter is float16 or",
        f"bfloat16, with states in float32; {'g is' if read == 'g' else f'{read} are'} only read.",
    ]
    if optimizer.inputs:
        lines[0] = lines[0].replace(" and g are", f", {', '.join(['g', *map(str, optimizer.inputs)])} are")
    for flag in (signal for signal in optimizer.signals if isinstance(signal, Flag)):
        lines += [f"{flag} is 1.0, or 0.0 in a step without {flag.of}, which may then be any numbers."]
    return lines


def supplied_doc(optimizer: Optimizer) -> list[str]:
    """What a class says of what each step is given beside the gradients."""
    rows = supplied_rows(optimizer)
    call = ", ".join(["grads", *(f"{name}={name}" for name, _, _ in rows)])
    return [f"A step is step({call}):", "", *table(rows), ""] if rows else []


def _class_doc(spec: Spec) -> list[str]:
    optimizer = spec.optimizer
    lines = [f'"""{optimizer.name}: {optimizer.summary or "see the equations"}.', "", f"Source: {optimizer.source}."]
    lines += [f"The equations are in `{spec.function}`, which this class applies to every parameter."]
    lines += [
        "",
        "params is an array, a list or a nested dict of arrays, float16, bfloat16, float32 or float64, or a list",
        "of Groups. pipeline are the stages around the rule, from the module pipeline, in the order in which they",
        "run. master_weights keeps parameters of half precision in float32, too. With tied='sum', an array that is",
        "there twice is stepped once, with the sum of both gradients.",
    ]
    if optimizer.own_t:
        lines += ["The step number counts the steps of each parameter by itself: those in which it has a gradient."]
    elif optimizer.reads_t:
        lines += [
            "The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not."
        ]
    lines += supplied_doc(optimizer)
    if settings(optimizer):
        lines += [
            "Each hyperparameter is a number or a callable of the step number t, from 1:",
            "",
            *hyper_table(optimizer),
        ]
    return [*lines, '"""']
