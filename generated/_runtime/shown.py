"""How an optimizer is shown: in one line, as HTML, as LaTeX."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from .formulas import equations, latex

__all__ = ["as_html", "as_latex", "as_line"]


def as_line(opt: Any) -> str:
    """Rule, hyperparameters, pipeline, groups, numbers of parameters and elements, steps."""
    inside = [f"{name}={_short(getattr(opt, name))}" for name in opt._domains]
    if opt.pipeline:
        inside.append(f"pipeline=[{', '.join(map(_short, opt.pipeline))}]")
    arrays = opt._checks.parameters(opt._params)
    parts = [_count(len(arrays), "array"), _count(sum(array.size for array in arrays), "element")]
    if opt._grouped:
        own = "; ".join(", ".join(f"{k}={_short(v)}" for k, v in group._own.items()) or "-" for group in opt.groups)
        parts.insert(0, f"{_count(len(opt.groups), 'group')} ({_cut(own)})")
    return f"<{opt._rule}({', '.join(inside)}) of {', '.join(parts)}, after {_count(opt.t, 'step')}>"


def as_latex(opt: Any) -> str | None:
    """The equations of the rule; None where docstrings have been stripped."""
    text = latex(opt._update, opt._states)
    return f"$\\displaystyle {text}$" if text else None


def as_html(opt: Any) -> str:
    """The equations of the rule, the hyperparameters, what stands around it, and the bytes of parameters and states."""
    arrays = opt._checks.parameters(opt._params)
    slots = opt._array_slots()
    kept: dict[str, int] = {}
    for key, array in slots.items():
        name = next((n for n in (*opt._states, "master") if key == n or key.startswith(f"{n}.")), "pipeline")
        kept[name] = kept.get(name, 0) + array.nbytes
    rows = [("parameters", _count(len(arrays), "array"), _bytes(sum(array.nbytes for array in arrays)))]
    rows += [(name, "state", _bytes(size)) for name, size in kept.items()]
    rows += [(name, "a number for each array", _bytes(8 * len(opt._own_numbers))) for name in opt._per_array]
    hyper = [(name, _short(getattr(opt, name)), opt._domains[name][0]) for name in opt._domains]
    for number, group in enumerate(opt.groups if opt._grouped else ()):
        hyper += [(f"{name} of group {number}", _short(value), "") for name, value in group._own.items()]
    hyper += [("pipeline", _short(stage), f"stage {number}") for number, stage in enumerate(opt.pipeline)]
    lines = [(name, f"= {expression}", note) for name, expression, note in equations(opt._update)]
    title = f"<b>{escape(opt._rule)}</b>, after {_count(opt.t, 'step')}"
    tables = (_table(lines, code=True), _table(hyper), _table(rows))
    return f"<div>{title}{''.join(tables)}</div>"


def _table(rows: Iterable[Sequence[str]], *, code: bool = False) -> str:
    kind = "code" if code else "span"
    text = "".join(
        f"<tr>{''.join(f'<td {_CELL}><{kind}>{escape(cell)}</{kind}></td>' for cell in row)}</tr>" for row in rows
    )
    return f"<table {_AT_LEFT}>{text}</table>" if text else ""


# Notebooks center tables and align numbers at the right; colours are theirs, so that dark ones stay dark.
_AT_LEFT = 'style="margin: 0 auto 0.5em 0"'
_CELL = 'style="text-align: left; vertical-align: top; white-space: pre-wrap"'


def _short(value: Any) -> str:
    """A value as it is written; a function by its name."""
    if callable(value) and hasattr(value, "__qualname__"):
        return str(value.__qualname__)
    return _cut(repr(value))


def _cut(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:77]}..."


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _bytes(size: int) -> str:
    return f"{size:,} bytes"
