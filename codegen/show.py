"""Show a rule: as text, as LaTeX, with the derivations of its claims."""

from __future__ import annotations

from codegen.load import Spec
from codegen.lower import lower
from codegen.printing import Latex
from codegen.prove import prove
from codegen.render import condition, equations, table
from codegen.result import PROVED
from codegen.tree import arrange, ranks


def text(spec: Spec) -> str:
    """The algorithm box: equations, hyperparameters, states, claims."""
    optimizer = spec.optimizer
    lines = [f"{optimizer.name}: {optimizer.summary}", f"source: {optimizer.source}"]
    lines += [f"declared in {spec.shown_path}", "", *equations(lower(optimizer))]
    if optimizer.hypers:
        rows = [(h.name, str(h.default), condition(h), h.doc) for h in optimizer.hypers]
        lines += ["", "hyperparameters, with default and domain:", "", *table(rows)]
    if optimizer.state:
        lines += ["", "before the first step:", "", *table([(s.name, f"= {v}") for s, v in optimizer.state.items()])]
    return "\n".join(lines)


def latex(spec: Spec) -> str:
    """The equations as an `align*` environment; `m` is m_{t-1}, `m_new` m_t."""
    optimizer = spec.optimizer
    steps = tuple(step.target.name for step in optimizer.steps)
    spell = Latex(tuple(s.name for s in optimizer.state), steps)
    rank = ranks(optimizer)
    rows = [rf"  {spell.name(step.target.name)} &= {spell(arrange(step.value, rank))}" for step in optimizer.steps]
    starts = [
        f"{spell.name(state.name).replace('t-1', '0')} = {spell(arrange(value, rank))}"
        for state, value in optimizer.state.items()
    ]
    head = [f"% {optimizer.name}: {optimizer.source}"]
    head += [f"% start: ${', '.join(starts)}$"] if starts else []
    return "\n".join([*head, r"\begin{align*}", " \\\\\n".join(rows), r"\end{align*}"])


def derivation(spec: Spec) -> str:
    """The proof of each claim: every line with what justifies it."""
    pages = []
    for result in prove(spec):
        lines = [f"{result.claim}: {result.statement}"]
        rows = [(line.text, f"[{line.because}]") for line in result.derivation]
        lines += table(rows)
        lines.append(f"  {result.status}" + (f" by {result.method}" if result.status == PROVED else ""))
        pages.append("\n".join(lines))
    return "\n\n".join(pages)
