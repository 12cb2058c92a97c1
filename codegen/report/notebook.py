"""Rules as notebooks show them: equations as LaTeX; as HTML the top of their pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..expr.printing import Latex, clashing
from ..expr.tree import Node, arrange, ranks
from ..lower.layers import lower as lower_layer
from ..spec.rules import AnyRule, Layer, Monitor, Schedule

#: A line of an algorithm: the name of what is computed, the expression, the note.
Line = tuple[str, Node, str]


def parts(rule: AnyRule) -> Iterator[tuple[str, list[Line]]]:
    """The equations in the order in which they are computed, a layer's in three parts, with titles."""
    if isinstance(rule, Layer):
        titles = ("training", "inference", "backward, derived from training")
        for title, function in zip(titles, lower_layer(rule, rule.name.lower()).all, strict=True):
            yield title, [(e.target, e.value, e.note) for e in function.equations]
        return
    rank = ranks(rule)
    if isinstance(rule, Schedule):
        yield "", [("a[t]", arrange(rule.value, rank), "")]
        return
    told = [("value", arrange(rule.value, rank), "what it tells")] if isinstance(rule, Monitor) else []
    yield "", [*((step.target.name, arrange(step.value, rank), step.note) for step in rule.steps), *told]


def latex_rows(rule: AnyRule) -> list[str]:
    """The equations in LaTeX, aligned at the sign: `m` is m_{t-1}, `m_new` m_t; of a schedule a_t."""
    states = () if isinstance(rule, Schedule) else tuple(s.name for s in rule.state)
    steps = () if isinstance(rule, Schedule | Layer) else tuple(step.target.name for step in rule.steps)
    spell = Latex(states, steps, clashing(ranks(rule)))
    lines = [line for _, part in parts(rule) for line in part]
    return [f"{'a_t' if target == 'a[t]' else spell.name(target)} &= {spell(value)}" for target, value, _ in lines]


def as_latex(rule: AnyRule) -> str | None:
    """The equations as one formula; None if the rule is one that `check` has something to say of."""

    def formula() -> str:
        text = " \\\\\n".join(latex_rows(rule))
        return f"$\\displaystyle \\begin{{aligned}}\n{text}\n\\end{{aligned}}$"

    return _or_none(formula)


def as_html(rule: AnyRule) -> str | None:
    """The top of the page of a rule, its equations as MathML; None as of `as_latex`."""

    def tables() -> str:
        from .pages.content import top
        from .pages.template import fill

        return str(fill("notebook", **top(rule)))

    return _or_none(tables)


def _or_none(make: Callable[[], str]) -> str | None:
    try:
        return make()
    except Exception:  # of an unchecked rule, which may be anything: a notebook then shows its repr
        return None
