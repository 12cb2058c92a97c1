"""Rules as notebooks show them: equations as LaTeX; as HTML with hyperparameters, states, and what a step costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape

from ..expr.printing import Latex, Text
from ..expr.tree import Node, arrange, ranks
from ..lower.layers import lower as lower_layer
from ..render.text import default, supplied_rows, where_w_is
from ..spec.rules import AnyRule, Layer, Monitor, Optimizer, Schedule, settings

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
    spell = Latex(states, steps)
    lines = [line for _, part in parts(rule) for line in part]
    return [f"{'a_t' if target == 'a[t]' else spell.name(target)} &= {spell(value)}" for target, value, _ in lines]


def as_latex(rule: AnyRule) -> str | None:
    """The equations as one formula; None if the rule is one that `check` has something to say of."""

    def formula() -> str:
        text = " \\\\\n".join(latex_rows(rule))
        return f"$\\displaystyle \\begin{{aligned}}\n{text}\n\\end{{aligned}}$"

    return _or_none(formula)


def as_html(rule: AnyRule) -> str | None:
    """Equations, hyperparameters, states and bytes for each element; None as of `as_latex`."""

    def tables() -> str:
        head = f"<b>{escape(rule.name)}</b>: {escape(rule.summary)}<br>{escape(rule.source)}"
        return f"<div>{head}{''.join(_table(title, rows) for title, rows in _tables(rule))}</div>"

    return _or_none(tables)


def _or_none(make: Callable[[], str]) -> str | None:
    try:
        return make()
    except Exception:  # of an unchecked rule, which may be anything: a notebook then shows its repr
        return None


def _tables(rule: AnyRule) -> Iterator[tuple[str, Sequence[tuple[str, ...]]]]:
    spell = Text()
    for title, lines in parts(rule):
        yield title, [(target, f"= {spell(value)}", note) for target, value, note in lines]
    if isinstance(rule, Optimizer):
        yield "", [(line,) for line in where_w_is(rule)]
    yield "hyperparameters, with default and domain", [(h.name, default(h), h.condition, h.doc) for h in settings(rule)]
    if isinstance(rule, Optimizer):
        yield "given in each step beside the gradient", supplied_rows(rule)
    if not isinstance(rule, Schedule):
        starts = {**getattr(rule, "parameters", {}), **getattr(rule, "runnable", rule).state}
        texts = [(s.name, f"= {v if v.is_infinite else spell(arrange(v, {}))}") for s, v in starts.items()]
        yield f"before the first {'report' if isinstance(rule, Monitor) else 'step'}", texts
    if isinstance(rule, Optimizer):
        from ..properties.cost import counted

        cost = counted(rule)
        words = {"kept in states": len(cost.state), "read and written in a step": cost.words}
        yield (
            "for each element",
            [(what, f"{4 * count} bytes in float32, {8 * count} in float64") for what, count in words.items()],
        )


def _table(title: str, rows: Sequence[tuple[str, ...]]) -> str:
    """The rows in columns, their texts as they are; nothing if there are none."""
    text = "".join(f"<tr>{''.join(f'<td {_CELL}>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    head = f"<div>{escape(title)}:</div>" if title else ""
    return f"{head}<table {_AT_LEFT}>{text}</table>" if text else ""


# Notebooks center tables and align numbers at the right; colours are theirs, so that dark ones stay dark.
_AT_LEFT = 'style="margin: 0 auto 0.5em 0; font-family: monospace"'
_CELL = 'style="text-align: left; vertical-align: top; white-space: pre-wrap"'
