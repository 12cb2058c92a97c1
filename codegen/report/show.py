"""Show a rule: as text, with the derivations of its claims."""

from __future__ import annotations

from ..expr.printing import Text
from ..expr.tree import arrange, ranks
from ..faults import or_fault
from ..load import SPECS, AnySpec, LayerSpec, MonitorSpec, ScheduleSpec, Spec, StageSpec
from ..lower.layers import lower as lower_layer
from ..lower.program import lower
from ..prove import prove
from ..render.text import columns, default, equations, supplied_rows, table, where_w_is
from ..result import PROVED, Result
from ..spec.rules import Schedule, settings
from . import paper
from .derivations import derivations
from .laws import check_chain
from .results import result_lines
from .sources import places
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
            pages.append(paper.chain(chain, verdicts) if as_latex else text_of(chain, verdicts))
            if all(verdict.status == PROVED for verdict in verdicts):
                covered.update(chain.covers)
        return ""

    if broken := or_fault(spec.key, "derivation", on_a_board):
        pages.append(f"% {broken}" if as_latex else broken)
    for result in prove(spec):
        if result.claim in covered and result.status == PROVED:
            continue
        pages.append(paper.proof(spec, result) if as_latex else _proof(result))
    return "\n\n".join(pages)


def _proof(result: Result) -> str:
    """A result and the lines of its proof."""
    rows = [(line.text, f"[{line.because}]") for line in result.derivation]
    how = f" by {result.method}" if result.status == PROVED else f": {result.reason}" if result.reason else ""
    return "\n".join([f"{result.claim}: {result.text}", *table(rows), f"  {result.status}{how}"])
