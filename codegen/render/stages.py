"""The module of the stages in one file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..backends import Staged
from ..backends.functional import library_import
from ..expr.printing import Text, tuple_text
from ..expr.tree import Where, arrange, names, ranks
from ..load import StageSpec
from ..lower.program import Assign, Program, lower
from ..spec.row import Binding
from ..spec.symbols import RATE
from .environment import LONGEST, export_key, fill, header, module_doc, quoted, reexport, runtime_import
from .rules import initial, initial_scalars, start_attributes
from .text import (
    declared,
    domains,
    equations,
    host,
    hyper_table,
    hyper_type,
    keywords,
    paragraph,
    scalar_lines,
    state_table,
)


def module(specs: list[StageSpec], backend: Staged) -> str:
    """The text of the file for one backend. What the docstring says after its first paragraph is said of passes."""
    if backend.extends:
        return reexport(specs, backend, (spec.stage.name for spec in specs))
    stages = [_stage(spec, backend) for spec in specs]
    lines = [line for stage in stages for line in (*stage["factors"], *stage["advance"], *stage["methods"])]
    text = "\n".join([*lines, *(str(stage["initial"]) for stage in stages)])
    scalars = [line for stage in stages for line in (*stage["factors"], *stage["advance"], stage["initial_scalars"])]
    uses_library = f"{backend.alias}." in text
    imports = ["from __future__ import annotations", ""]
    imports += ["import math"] if "math." in text else []
    imports += ["from collections.abc import Mapping", "from typing import Any, ClassVar", ""]
    imports += [library_import(backend), ""] if uses_library else []
    types = {hyper_type(hyper) for spec in specs for hyper in spec.stage.hypers}
    imports += ["from .._runtime.pipeline import Where", *runtime_import("..", "\n".join(scalars))]
    helpers = [name for name in backend.stages.over_symbols().helpers if f"{name}(" in text]
    imports += [f"from ._arrays import {', '.join([*sorted(['Array', 'Stage', *types]), *helpers])}"]
    return fill(
        "pipeline.py.jinja",
        header=header(specs[0]),
        doc=module_doc(specs) if backend.in_place else module_doc(specs).partition("\n\n")[0],
        imports=imports,
        exported=sorted((spec.stage.name for spec in specs), key=export_key),
        stages=stages,
    )


def _stage(spec: StageSpec, backend: Staged) -> dict[str, Any]:
    """What the templates say about one stage."""
    stage, program = spec.stage, lower(spec.stage)
    committed = [commit.value for commit in program.scalar_commits]
    halts = program.halts
    wanted = [*committed, *(name.name for name in names(halts) if halts)] if halts else committed
    advance = program.scalars_for(wanted)
    spell, spell_kept = (backend.stages.spelling(program, kept=kept) for kept in (False, True))
    halting = f"bool({_decided(halts, spell_kept, program)})" if halts else "False"
    attributes = [f"_states: ClassVar = {quoted(map(str, stage.array_state))}"]
    attributes += [f"_names: ClassVar = {quoted(program.kernel_scalars)}"]
    reductions = [f'("{r.target}", "{r.how}", {r.overall})' for r in program.reductions]
    attributes += [f"_reductions: ClassVar = {tuple_text(reductions)}"] if reductions else []
    attributes += ["_moves: ClassVar = True"] if stage.moves else []
    attributes += ["_halts: ClassVar = True"] if halts else []
    attributes += ["_after: ClassVar = True"] if stage.after else []
    attributes += ["_always: ClassVar = True"] if stage.always else []
    attributes += ["_noisy: ClassVar = True"] if stage.noisy else []
    attributes += ["_uses_lr: ClassVar = True"] if RATE in spec.given else []
    attributes += ["_gathers: ClassVar = True"] if stage.gathers else []
    attributes += [f'_home: ClassVar = "{stage.home}"', f'_phase: ClassVar = "{stage.phase}"'] if stage.home else []
    attributes += start_attributes(stage)
    printed = backend.stages.lines(program)
    factors = program.scalars_for(program.kernel_scalars)
    seed = ["seed: int = 0,"] if stage.noisy else []
    return {
        "name": stage.name,
        "doc": _stage_doc(spec, program),
        "domains": domains(stage),
        "attributes": attributes + printed.attributes,
        "declared": [*declared(stage, hyper_type), *(f"{state}: float" for state in stage.scalar_state)],
        "class_parameters": keywords(stage, hyper_type) + seed,
        "class_arguments": ["where=where", *(f"{h}={h}" for h in stage.hypers), *["seed=seed"] * len(seed)],
        "initial": initial(stage, backend.alias, backend.stages.copied) if stage.array_state else "",
        "initial_scalars": initial_scalars(stage, stage.scalar_state) if stage.scalar_state else "",
        "names": tuple_text(list(program.kernel_scalars)) if program.kernel_scalars else "",
        "factors_head": _head("_factors", _taken(factors, program.kernel_scalars), "tuple[Any, ...]"),
        "advance": scalar_lines(program, advance, spell_kept, program.reduced),
        "advance_head": _head("_advance", _taken(advance, wanted), "tuple[tuple[float, ...], bool]"),
        "advanced": f"{tuple_text(committed)}, {halting}",
        "factors": scalar_lines(program, factors, spell, program.reduced),
        "methods": printed.methods,
    }


def _decided(halts: Where, spell: Text, program: Program) -> str:
    """The comparison that ends a step, each side in the spelling of what it is made of."""
    left, right = (
        printer.inside(side, Binding.SUM)
        for side in (halts.left, halts.right)
        for printer in [spell if any(name.name in program.reduced for name in names(side)) else host(program)]
    )
    return f"{left} {halts.comparison} {right}"


def _head(method: str, names: Iterable[str], result: str) -> list[str]:
    """The first line of a method that takes `names` among other keywords; several lines if it is long."""
    wanted = [f"{name}: Any" for name in names]
    parameters = ["self", *(["*", *wanted] if wanted else []), "**_: Any"]
    line = f"def {method}({', '.join(parameters)}) -> {result}:"
    if len(line) <= LONGEST:
        return [line]
    return [
        f"def {method}(",
        *(f"    {parameter}," for parameter in parameters[:-1]),
        "    **_: Any,",
        f") -> {result}:",
    ]


def _taken(assigns: Sequence[Assign], wanted: Iterable[str]) -> list[str]:
    """The names that have to be given to compute `wanted`."""
    made = {assign.target for assign in assigns}
    read = dict.fromkeys([*(name.name for assign in assigns for name in names(assign.value)), *wanted])
    return [name for name in read if name not in made]


def _stage_doc(spec: StageSpec, program: Program) -> list[str]:
    stage = spec.stage
    lines = [f'"""{stage.name}: {stage.summary or "see the equations"}.', "", *equations(program)]
    if program.halts and (halts := stage.halts) is not None:
        rank = ranks(stage)
        spell = Text()
        left, right = (spell(arrange(side, rank)) for side in halts.args)
        lines += ["", f"The step ends here where {left} {halts.rel_op} {right}."]
        if any(name.name in program.reduced for name in names(program.halts)):
            lines[-1] += " The host has to know: on a GPU it waits."
    place = "after" if stage.after else "before"
    always = ", even if the step ends early, also for parameters without a gradient" if stage.always else ""
    lines += ["", f"Runs {place} the rule{always}. Source: {stage.source}."]
    if stage.own_t:
        lines += ["t counts the steps of each parameter by itself: those in which it has a gradient."]
    elif stage.reads_t:
        early = ", or, where it ends early, would be" if stage.always else ""
        lines += [f"t is the number of the optimizer's step that is taken{early}."]
    if stage.gathers:
        lines += [
            "A parameter without a gradient has one of zeros here, and takes the step if it had one since the last."
        ]
    if stage.home:
        lines += [
            f"While {stage.phase} > 0, the parameter is kept in {stage.home}; step takes the next gradient where it is"
            " now. A parameter",
            "without a gradient has one of zeros here, and takes the step if it has one in the last call.",
        ]
    lines += ["", "States:", "", *state_table(stage)] if stage.state else []
    lines += paragraph(hyper_table(stage))
    if stage.noisy:
        lines += ["", "The noise depends on seed, on the parameter and on how often the stage has run; it is drawn"]
        lines += ["into an array of its own."]
    return [*lines, '"""']
