"""Show what a rule does on a quadratic: its characteristic polynomial, the conditions, the bound that they give.

Where it is known which hyperparameters are the best, they are shown with their proof.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..analysis.proof import ZERO, Formatter
from ..analysis.stability import Linear, NotLinearError, StabilityBound, UnsolvedError, linear, solve
from ..claims.dynamics import Stable, h
from ..load import AnySpec, Spec
from ..prove.best import best_lines
from ..prove.stability import assumed_of, lines
from ..render.text import table
from ..result import Line
from ..spec.rules import Optimizer
from ..statement.motion import Converges


@dataclass(frozen=True)
class Block:
    """A title, lines of a proof, and what they come to."""

    title: str
    lines: tuple[Line, ...] = ()
    ends: tuple[str, ...] = ()


def stability(spec: AnySpec) -> str:
    """Every line with what justifies it, computed whether or not the spec claims anything."""
    pages = []
    for block in blocks(spec):
        rows = [(line.text, f"[{line.because}]") for line in block.lines]
        if not rows:
            pages.append(": ".join((block.title, *block.ends)))
            continue
        pages.append("\n".join([f"{block.title}:", "", *table(rows), *(f"  {end}" for end in block.ends)]))
    return "\n\n".join(pages)


def blocks(spec: AnySpec) -> list[Block]:
    """What a rule does on a quadratic, and the best rates where they are known."""
    if not isinstance(spec, Spec):
        return [Block(spec.rule.name, ends=("stability is that of optimizers",))]
    rule = spec.optimizer
    title = f"{rule.name} on a quadratic of curvature h"
    spell = Formatter(rule)
    try:
        model = linear(rule)
    except NotLinearError as error:
        return [Block(title, ends=(f"no characteristic polynomial, because {error}",))]
    bound, reason = _bound(model, rule)
    if bound is None:
        end = f"the conditions are not solved: {reason}"
    elif bound.below is None:
        end = f"it converges for every {bound.hyper}"
    else:
        end = f"it converges exactly if {bound.hyper} < {spell(bound.below)}"
    statement = assumed_of(model, bound).statement(Converges(bound.hyper.name if bound else h.name, ZERO))
    assumes = f"assumes {', '.join(statement.assumptions)}"
    pages = [Block(title, tuple(lines(model, bound, spell)), (end, assumes))]
    found, best = best_lines(model, spell)
    if found:
        pages.append(Block(f"{rule.name} on quadratics of curvatures from h_min to h_max", tuple(found), (best,)))
    return pages


def _bound(model: Linear, rule: Optimizer) -> tuple[StabilityBound | None, str]:
    """The bound on what a claim names, else on the first hyperparameter for which there is one, else on h."""
    names = [claim.of for claim in rule.claims if isinstance(claim, Stable)]
    names = names or [*(x.name for x in model.rule.hypers), h.name]
    reason = ""
    for name in names:
        try:
            return solve(model, name), ""
        except UnsolvedError as error:
            reason = reason or str(error)
    return None, reason
