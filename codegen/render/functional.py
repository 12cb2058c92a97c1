"""The module of the rules in one file for a functional backend: pure functions, and what users call."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..backends import Functional
from ..backends.functional import (
    ELEMENTS,
    PER_ARRAY,
    SCALARS,
    SHARED,
    SUMMANDS,
    SUMS,
    elements,
    library_import,
)
from ..execution.modules import base_class
from ..expr.printing import noted, tuple_text
from ..load import Spec
from ..lower.host import called_in
from ..lower.program import Assign, Program, lower
from ..spec.symbols import PARAMETER
from .environment import LONGEST, export_key, fill, header, import_key, module_doc, quoted
from .rules import advances, arrays_doc, initial, own_attributes, start_attributes, step_doc, sum_attributes, sums_doc
from .text import domains, equations, keywords, pulled_out


def module(specs: list[Spec], backend: Functional) -> str:
    """The text of the file for one backend."""
    first, specs = specs[0], [spec.runnable for spec in specs]
    rules = [_rule(spec, backend) for spec in specs]
    base = base_class(backend.name, "Optimizer")
    body = fill("functional.py.jinja", header="", doc="", imports=[], exported=[], rules=rules, base=base)
    code = re.sub(r'"""(?s:.*?)"""|#.*', "", body)
    exported = {name for rule in rules for name in rule["exported"]}
    return fill(
        "functional.py.jinja",
        header=header(first),
        doc=_doc(specs),
        imports=_imports(code, backend),
        exported=sorted(exported, key=export_key),
        rules=rules,
        base=base,
    )


def _doc(specs: list[Spec]) -> str:
    """The docstring of a module. What that of stages says after its first paragraph, it says of pipelines."""
    doc = module_doc(specs)
    return doc.partition("\n\n")[0] if specs[0].stage else doc


def _imports(text: str, backend: Functional) -> list[str]:
    """What a module with this `text`, without prose, imports."""
    found = ["from __future__ import annotations", ""]
    found += ["import math"] if "math." in text else []
    found += [f"from collections.abc import {', '.join(_read(text, 'Mapping|Sequence'))}"]
    own = {where.removeprefix("from "): names for where, names in backend.rules.imports.items()}
    typing = _read(text, "Any|ClassVar", own.pop("typing", "Any"))
    found += [f"from typing import {', '.join(typing)}", ""]
    found += [library_import(backend), ""] if f"{backend.alias}." in text else []
    for where, pattern in own.items():
        if there := _read(text, pattern):
            found += [f"from {where} import {', '.join(there)}", ""]
    helpers = {name for name in ("Array", *backend.helpers, *backend.sum_helpers) if re.search(rf"\b{name}\b", text)}
    if of_host := [name for name in called_in(text) if name not in helpers]:
        found += [f"from .._runtime.scalars import {', '.join(of_host)}"]
    names = sorted({*helpers, base_class(backend.name, "Optimizer")}, key=import_key)
    line = f"from ._arrays import {', '.join(names)}"
    return found + (
        [line] if len(line) <= LONGEST + 4 else ["from ._arrays import (", *(f"    {n}," for n in names), ")"]
    )


def _read(text: str, *names: str) -> list[str]:
    """Which of these names, with bars between them, a text has."""
    return sorted(set(re.findall(rf"\b(?:{'|'.join(names)})\b", text)), key=import_key)


def _rule(spec: Spec, backend: Functional) -> dict[str, Any]:
    """What the template says about one rule."""
    optimizer, program = spec.optimizer, lower(spec.optimizer)
    entry = backend.rules.entry(spec)
    functions = list(_functions(spec, program, backend))
    kept = _kept(spec, program, backend)
    functions += [{**one, "name": one["function"], "of": "float", "doc": [f'"""{one["doc"]}"""']} for one in kept]
    attributes = start_attributes(optimizer) + own_attributes(optimizer) + sum_attributes(program)
    attributes += [f"_scalars = staticmethod({spec.key}_{SCALARS})", f"_elements = staticmethod({spec.key}_{ELEMENTS})"]
    attributes += [f"{one['attribute']} = staticmethod({one['function']})" for one in kept]
    attributes += [f"_sums = staticmethod({spec.key}_{SUMS})"] if program.reductions else []
    return {
        "name": optimizer.name,
        "exported": [*entry.exported, *(one["name"] for one in functions)],
        "functions": functions,
        "entry": entry,
        "class_doc": entry.doc,
        "states": quoted([state.name for state in optimizer.array_state]),
        "domains": domains(optimizer),
        "attributes": attributes,
        "initial": initial(optimizer, backend.alias, backend.rules.copied),
        "kept": kept,
    }


def _functions(spec: Spec, program: Program, backend: Functional) -> Iterable[Mapping[str, object]]:
    """Scalars and elements of a rule, and what it sums up."""
    optimizer, lines = spec.optimizer, backend.rules.scalar_lines
    alike, each = list(program.kernel_scalars), elements(program, backend.rules.moves)
    numbers = _numbers(spec)
    per_step = [*(f"{state}: float," for state in optimizer.scalar_state)]
    sums = [f"{one.target}: float," for one in program.reductions]
    yield {
        "name": f"{spec.key}_{SCALARS}",
        "parameters": [*per_step, *sums, "t: int,", *numbers],
        "of": "float",
        "doc": [
            f'"""What all elements share in a step of {optimizer.name}: the last arguments of `{spec.key}_{ELEMENTS}`.',
            "",
            *step_doc(spec, program, f"what `{spec.key}_{SUMS}` gives"),
            '"""',
        ],
        "lines": lines(program, program.scalars_for(alike)),
        "result": tuple_text(alike),
    }
    yield {
        "name": f"{spec.key}_{ELEMENTS}",
        "parameters": _typed([*program.written, *program.read], alike),
        "of": "Array",
        "doc": _elements_doc(spec, program, each.moves),
        "lines": [f"{a.target} = {backend.rules.elements(a.value)}{noted(a.note)}" for a in each.arrays],
        "result": tuple_text(each.returned),
    }
    if not program.reductions:
        return
    read = [PARAMETER, *program.read, *(s.name for s in optimizer.array_state if s.name in program.summed_arrays)]
    hows = tuple_text([f'"{one.how}"' for one in program.reductions])
    yield {
        "name": f"{spec.key}_{SUMMANDS}",
        "parameters": _typed(read, program.summed_scalars),
        "of": "Array",
        "doc": [f'"""What a step of {optimizer.name} sums up, for each element."""'],
        "lines": [f"{one.target} = {backend.rules.elements(one.value)}" for one in program.reductions],
        "result": tuple_text([one.target for one in program.reductions]),
    }
    states = [state.name for state in optimizer.array_state]
    given = f"summed({spec.key}_{SUMMANDS}, {tuple_text(read)}, {tuple_text(program.summed_scalars)}, {hows})"
    yield {
        "name": f"{spec.key}_{SUMS}",
        "parameters": [*_typed(["w", *program.read, *states], ()), *per_step, "t: int,", *numbers],
        "of": "float",
        "doc": sums_doc(spec, program, f"The results are arguments of `{spec.key}_{SCALARS}`, before the step number."),
        "lines": lines(program, program.scalars_for(program.summed_scalars)),
        "result": given,
    }


def _kept(spec: Spec, program: Program, backend: Functional) -> list[dict[str, object]]:
    """The functions that step what is kept in numbers."""

    def lines(scalars: Iterable[Assign]) -> list[str]:
        return backend.rules.scalar_lines(program, scalars)

    return advances(spec, program, _numbers(spec), lines, (SHARED, PER_ARRAY))


def _numbers(spec: Spec) -> list[str]:
    """Signals and hyperparameters as parameters, given by name."""
    numbers = [*(f"{signal}: float," for signal in spec.optimizer.signals), *keywords(spec.optimizer)]
    return ["*,", *numbers] if numbers else []


def _typed(arrays: Iterable[str], scalars: Iterable[str]) -> list[str]:
    return [*(f"{name}: Array," for name in arrays), *(f"{name}: float," for name in scalars)]


def _elements_doc(spec: Spec, program: Program, moves: bool) -> list[str]:
    first, *others = program.written
    returned = f"{', '.join(program.written)} after it"
    if moves:
        returned = " and ".join([f"what is added to {first}", *([f"{', '.join(others)} after it"] if others else [])])
    if spec.stage:
        returned = returned.replace(f"what is added to {first}", "what is handed on")
    return [
        f'"""A step of {spec.optimizer.name} for each element; returns {returned}.',
        "",
        *equations(program),
        *pulled_out(program),
        "",
        *arrays_doc(spec, program),
        '"""',
    ]
