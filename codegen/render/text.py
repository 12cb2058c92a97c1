"""What docstrings and signatures say of a rule: equations and hyperparameters in columns, domains, defaults."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence

from ..expr.printing import Text, noted
from ..expr.tree import Node, arrange, ranks
from ..lower.host import Host, domains_of
from ..lower.layers import Function
from ..lower.program import Assign, Program
from ..spec.rules import AnyRule, Optimizer, settings
from ..spec.symbols import Flag, Hyper, Input, Supplied

_LONGEST_ALIGNED = 64


def table(rows: Sequence[tuple[str, ...]], indent: str = "    ") -> list[str]:
    """Rows in aligned columns."""
    if not rows:
        return []
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [indent + "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows]


def columns(steps: Iterable[tuple[str, Node, str]]) -> list[str]:
    """Targets, values and notes in columns; only short values stand in them."""
    spell = Text()
    rows = [(target, f"= {spell(value)}", note) for target, value, note in steps]
    short = [len(value) for _, value, _ in rows if len(value) <= _LONGEST_ALIGNED]
    return table([(target, value.ljust(max(short, default=0)) + "  " + note) for target, value, note in rows])


def equations(program: Program | Function) -> list[str]:
    """The steps as people read them: target, `= value`, note. Only short equations stand in columns."""
    return columns([(e.target, e.value, e.note) for e in program.equations])


def host(program: Program) -> Host:
    """The spelling of the scalars of `program` on the host."""
    return Host(program.known, program.scalars, program.supplied)


def scalar_lines(
    program: Program, scalars: Iterable[Assign], spell: Text | None = None, library: Collection[str] = ()
) -> list[str]:
    """The statements that run once a step, for the host, but those of the names in `library` as `spell` has them."""
    plain, computed = host(program), set(library)
    spells = ((one, spell if spell and one.target in computed else plain) for one in scalars)
    return [f"{one.target} = {spelled(one.value)}{noted(one.note)}" for one, spelled in spells]


def pulled_out(program: Program) -> list[str]:
    """What is computed in place of equations of the spec, and what of it once for all elements."""
    changed = [assign for assign in program.arrays if assign.changed]
    if not changed:
        return []
    rows = [(a.target, f"= {Text()(a.value)}") for a in (*program.pulled_out, *changed)]
    return ["", "What is computed comes to the same with fewer operations for each element:", "", *table(rows)]


def hyper_table(rule: AnyRule) -> list[str]:
    """Name, domain and meaning of each hyperparameter."""
    return table([(hyper.name, hyper.condition, hyper.doc) for hyper in settings(rule)])


def supplied_rows(rule: Optimizer) -> list[tuple[str, str, str]]:
    """Name, kind and meaning of what each step is given beside the gradient."""
    rows = []
    for one in (h for h in rule.hypers if isinstance(h, Supplied) and not isinstance(h, Flag)):
        kind = "arrays, nested as the gradients" if isinstance(one, Input) else "a number"
        rows.append((one.name, f"{kind}{', or left out' if one in rule.optional else ''}", one.doc))
    return rows


def state_table(rule: Optimizer) -> list[str]:
    """What each state is before the first step."""
    kinds = dict.fromkeys(rule.own_state, ", a number for each array")
    rows = [(s, f"= {Text()(arrange(v, {}))} before the first step{kinds.get(s, '')}") for s, v in rule.state.items()]
    return table([(s.name, text) for s, text in rows])


def paragraph(lines: list[str]) -> list[str]:
    """`lines`, if there are any, with an empty line before them."""
    return ["", *lines] if lines else []


def where_w_is(optimizer: Optimizer) -> list[str]:
    """What `w` is in a rule whose gradient is taken elsewhere than at its own w."""
    optimizer = optimizer.declared
    if optimizer.gradient_at is None:
        return []
    point = Text()(arrange(optimizer.gradient_at, ranks(optimizer)))
    lines = [f"w is the point at which the gradient is taken, {point} in the paper's variables."]
    if optimizer.own_w is not None:
        lines += [f"The paper's w is the state {optimizer.own_w}: after training, that is to be used."]
    return lines


def domains(rule: AnyRule) -> list[str]:
    """The entries of a class's `_domains`: what a hyperparameter may be, as text and as a test."""
    return [f'"{h}": ("{h.condition}", lambda {h}: {h.allowed.test(h.name)}),' for h in settings(rule)]


def number_type(hyper: Hyper) -> str:
    """The type of a hyperparameter that is a number."""
    return "int" if hyper.allowed.integer else "float"


def hyper_type(hyper: Hyper) -> str:
    """The type of a hyperparameter that is a number or a callable of the step number."""
    return "IntHyper" if hyper.allowed.integer else "Hyper"


def keywords(rule: AnyRule, type_of: Callable[[Hyper], str] = number_type) -> list[str]:
    """The hyperparameters as parameters."""
    return [f"{h}: {type_of(h)} = {default(h)}," for h in settings(rule)]


def declared(rule: AnyRule, type_of: Callable[[Hyper], str] = number_type) -> list[str]:
    """The hyperparameters as attributes, for type checkers."""
    return [f"{h}: {type_of(h)}" for h in settings(rule)]


def default(hyper: Hyper) -> str:
    """The default as Python reads it: in the digits of the spec, if those are a number to Python, too."""
    text = str(hyper.default)
    if hyper.allowed.integer:
        return str(hyper.value)
    return text if re.search("[.eE]", text) and "/" not in text else repr(float(hyper.value))


class OfHypers(Host):
    """Hyperparameters are attributes; all other names are local."""

    def __init__(self, rule: AnyRule) -> None:
        super().__init__(domains_of(rule))
        self.hypers = {hyper.name for hyper in settings(rule)}

    def name(self, name: str) -> str:
        return f"self.{name}" if name in self.hypers else name
