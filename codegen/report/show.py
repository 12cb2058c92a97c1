"""Show a rule: as text, as LaTeX, with the derivations of its claims."""

from __future__ import annotations

import sympy

from ..expr.printing import Latex, Text
from ..expr.tree import arrange, ranks
from ..faults import or_fault
from ..load import SPECS, AnySpec, LayerSpec, MonitorSpec, ScheduleSpec, Spec, StageSpec
from ..lower.layers import lower as lower_layer
from ..lower.program import lower
from ..prove import prove
from ..render.text import columns, default, equations, supplied_rows, table, where_w_is
from ..result import PROVED, Result
from ..spec.rules import Layer, Monitor, Optimizer, Schedule, settings
from .derivations import derivations
from .laws import check_chain
from .notebook import latex_rows
from .results import result_lines
from .sources import places
from .typesetting import latex as latex_of
from .typesetting import text as text_of


def text(spec: AnySpec) -> str:
    """The algorithm box: equations, hyperparameters, states, and of a rule for arrays what a step costs."""
    rule = spec.rule
    lines = [f"{rule.name}: {rule.summary}", f"source: {rule.source}"]
    if spec.path.parent == SPECS and (found := places(spec.key)):
        lines.append(f"lectures: {', '.join(found)}")
    lines += [f"declared in {spec.shown_path}", ""]
    if isinstance(spec, ScheduleSpec):
        lines += [f"    a[t] = {Text()(arrange(spec.schedule.value, ranks(rule)))}"]
    elif isinstance(spec, LayerSpec):
        lines += _parts(spec)
    elif isinstance(spec, MonitorSpec):
        rank = ranks(rule)
        lines += columns((step.target.name, arrange(step.value, rank), step.note) for step in spec.monitor.steps)
        lines += ["", f"it tells {Text()(arrange(spec.monitor.value, rank))}"]
    else:
        lines += [*equations(lower(spec.optimizer)), *(f"    {line}" for line in where_w_is(spec.optimizer))]
    if own := settings(rule):
        rows = [(h.name, default(h) if h.allowed.integer else str(h.default), h.condition, h.doc) for h in own]
        lines += ["", "hyperparameters, with default and domain:", "", *table(rows)]
    if isinstance(spec, Spec) and (supplied := supplied_rows(spec.optimizer)):
        lines += ["", "given in each step beside the gradient:", "", *table(supplied)]
    if not isinstance(rule, Schedule) and rule.state:
        kept = {**getattr(rule, "parameters", {}), **getattr(rule, "runnable", rule).state}
        states = [(s.name, f"= {v}") for s, v in kept.items()]
        lines += ["", f"before the first {'report' if isinstance(spec, MonitorSpec) else 'step'}:", "", *table(states)]
    if isinstance(spec, Spec):
        from ..properties.cost import rows as costs

        lines += ["", "cost of a step for each element:", "", *table(costs(spec.optimizer))]
    return "\n".join(lines)


def _parts(spec: LayerSpec) -> list[str]:
    """The steps of training and of inference, and the backward pass that is derived."""
    found = lower_layer(spec.layer, spec.key)
    parts = zip(("training:", "inference:", "backward, derived from training:"), found.all, strict=True)
    lines = [line for title, function in parts for line in (title, "", *equations(function), "")]
    return lines[:-1]


def latex(spec: AnySpec) -> str:
    """The equations as an `align*` environment; `m` is m_{t-1}, `m_new` m_t."""
    rule = spec.rule
    heads = [f"% {rule.name}: {rule.source}{'; training, inference, backward' if isinstance(rule, Layer) else ''}"]
    if isinstance(rule, Optimizer | Monitor) and rule.state:
        spell, rank = Latex(tuple(s.name for s in rule.state), ()), ranks(rule)
        starts = [
            f"{spell.name(state.name).replace('t-1', '0')} = "
            + (sympy.latex(value) if value.is_infinite else spell(arrange(value, rank)))
            for state, value in rule.state.items()
        ]
        heads.append(f"% start: ${', '.join(starts)}$")
    rows = [f"  {row}" for row in latex_rows(rule)]
    return "\n".join([*heads, r"\begin{align*}", " \\\\\n".join(rows), r"\end{align*}"])


def properties_of(spec: AnySpec) -> list[Result]:
    """What follows from the equations of an optimizer or a stage without being claimed; of others nothing is asked."""
    from ..properties import properties

    return list(properties(spec)) if isinstance(spec, Spec | StageSpec) else []


def properties_text(spec: AnySpec) -> str:
    """The facts of a rule, each with how it is known."""
    lines = [line for result in properties_of(spec) for line in result_lines(result)]
    return "\n".join(["facts:", "", *lines]) if lines else "facts: only those of optimizers and stages are derived"


def derivation(spec: AnySpec, as_latex: bool = False) -> str:
    """Every claim derived: averages and the first step as on a board, the others by the lines of their proofs."""
    pages: list[str] = []
    covered: set[str] = set()

    def on_a_board() -> str:
        for chain in derivations(spec.rule) if isinstance(spec, Spec) else ():
            verdicts = check_chain(chain)
            pages.append(latex_of(chain, verdicts) if as_latex else text_of(chain, verdicts))
            if all(verdict.status == PROVED for verdict in verdicts):
                covered.update(chain.covers)
        return ""

    if broken := or_fault(spec.key, "derivation", on_a_board):
        pages.append(f"% {broken}" if as_latex else broken)
    for result in prove(spec):
        if result.claim in covered and result.status == PROVED:
            continue
        lines = [f"{result.claim}: {result.text}"]
        rows = [(line.text, f"[{line.because}]") for line in result.derivation]
        lines += table(rows)
        how = f" by {result.method}" if result.status == PROVED else f": {result.reason}" if result.reason else ""
        lines.append(f"  {result.status}{how}")
        pages.append("\n".join(f"% {line}" if as_latex else line for line in lines))
    return "\n\n".join(pages)
