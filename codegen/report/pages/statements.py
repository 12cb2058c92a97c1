"""Statements and derivations as MathML, from the data that their texts come from."""

from __future__ import annotations

import re
from html import escape

import sympy
from markupsafe import Markup

from ...expr.tree import Node
from ...result import PROVED, Outcome, Result
from ...statement import All, Holds, Relation, Runs, SameRun, Statement, Tends
from ..mathml import MathML, MathSpelling, big, letter, math, of_rule, sign
from ..terms import At, Context, Derivation, Expectation, Summation
from ..typesetting import TextPrinter


def statement_of(result: Result) -> Markup:
    """What a result says: as mathematics where it is some, else its text."""
    statement = result.statement
    if isinstance(statement, Statement):
        found = _relation(statement.relation, statement.runs)
        if found:
            return Markup(found + _at(statement.relation, statement.runs))
    return Markup(f"<span class='said'>{_breakable(result.text)}</span>")


def _breakable(text: str) -> str:
    """A text in which lines may also break behind an operator or a dot."""
    return re.sub(r"([_./*(])", r"\1<wbr>", escape(text))


def _relation(relation: Relation, runs: Runs) -> str:
    """A relation as markup; nothing if it is one that only words say."""
    spell = MathSpelling(runs.rule, runs.constant, tuple(name for name, _ in runs.at))
    match relation:
        case Holds(left, sign_of, right, where, so):
            first, *more = spell.parts(right)
            text = math(f"{spell(left)}{sign(sign_of)}", first, *more)
            if where is not None:
                text += f" where {math(f'{spell(where.lhs)}{sign(where.rel_op)}{spell(where.rhs)}')}"
            return text + (f", {escape(so)}" if so else "")
        case All(parts):
            found = [_relation(part, runs) for part in parts]
            return ", ".join(found) if all(found) else ""
        case Tends(limits):
            told = ", ".join(math(f"{spell(term)}{sign('->')}", spell(end)) for term, end in limits)
            return f"if {escape(runs.gradients.value)}: {told}" if runs.gradients.value else told
        case SameRun():
            return _same_run(relation, runs, spell)
    return ""


def _same_run(relation: SameRun, runs: Runs, spell: MathSpelling) -> str:
    """Two rules that make one run: at which values, and under which map."""
    given = [math(f"{letter(name)}{sign('=')}{spell(value)}") for name, value in runs.at]
    mapped = [math(f"{letter(name)}{sign('=')}{spell(value)}") for name, value in relation.hyper.items()]
    states = [math(f"{letter(name)}{sign('=')}{spell(value)}") for name, value in relation.state.items()]
    text = f"{escape(runs.rule.name)}{f' at {_listed(given)}' if given else ''} is {escape(relation.other.name)}"
    text += f" with {_listed(mapped)}" if mapped else ""
    return text + (f"; its states are {_listed(states)}" if states else "")


def _listed(parts: list[str]) -> str:
    return ", ".join(parts)


def _at(relation: Relation, runs: Runs) -> str:
    if relation.says_at and not isinstance(relation, Tends):
        return ""
    spell = MathSpelling(runs.rule, runs.constant)
    given = [math(f"{letter(name)}{sign('=')}{spell(value)}") for name, value in runs.at]
    return f" if {_listed(given)}" if given else ""


class _Lines(TextPrinter, MathML):
    """The lines of a derivation as MathML."""

    def __init__(self, context: Context) -> None:
        TextPrinter.__init__(self, context)
        rule = context.rule
        MathML.__init__(self, tuple(s.name for s in rule.state), tuple(step.target.name for step in rule.steps))

    def special(self, node: sympy.Expr) -> str:
        match node:
            case At(args=(name, time)):
                return letter(name.name, f"<mrow>{self.inner(time)}</mrow>")
            case Expectation(args=(inner,)):
                return f"<mrow><mi>E</mi><mo>[</mo>{self.inner(inner)}<mo>]</mo></mrow>"
            case Summation(args=(inner,)):
                return f"<mrow>{big('∑', '<mi>i</mi><mo>=</mo><mn>1</mn>', '<mi>t</mi>')}{self.inner(inner)}</mrow>"
        return f"<mrow><mo>(</mo>{self.inner(node.args[0])}<mo>)</mo></mrow>"

    def name(self, name: str) -> str:
        return self.texts[name] if name in self.texts else MathML.name(self, name)

    def power(self, base: Node, exponent: Node) -> tuple[str, int]:
        return MathML.power(self, base, exponent)

    def lined(self, expr: sympy.Expr) -> str:
        """A side of a line, which may break between its terms."""
        return math(*MathML.terms(self, self._arranged(expr)))


def derivation(chain: Derivation, verdicts: list[Outcome]) -> dict:
    """A derivation as its template has it: title, what is assumed, sections of lines with their reasons."""
    spell, judged = _Lines(chain.context), iter(verdicts)
    sections = []
    for title, lines in chain.sections:
        rows, left = [], None
        for line in lines:
            verdict = next(judged)
            begin = spell.lined(line.left) if line.left != left else ""
            left = line.left
            how = verdict.method if verdict.status == PROVED else f"does not follow, {verdict.status}"
            rows.append(
                {
                    "left": Markup(begin),
                    "right": Markup(math(sign("=")) + spell.lined(line.right)),
                    "because": line.text,
                    "how": "" if how == "identical" else how,
                    "holds": verdict.status == PROVED,
                }
            )
        sections.append({"title": title, "lines": rows})
    return {"title": chain.title, "assumptions": list(chain.assumptions), "sections": sections}


def equations_of(rule: object, lines: list[tuple[str, Node, str]]) -> list[tuple[Markup, Markup, str]]:
    """The equations of a part of a rule: what is computed, what it becomes, the note."""
    spell = of_rule(rule)  # type: ignore[arg-type] # any kind of rule
    found = []
    for target, value, note in lines:
        left = letter("a", "<mi>t</mi>") if target == "a[t]" else spell.name(target)
        first, *more = spell.terms(value)
        found.append((Markup(math(left)), Markup(math(f"{sign('=')}{first}", *more)), note))
    return found


def value_of(value: sympy.Expr) -> Markup:
    """A number or a hyperparameter, as what a state begins with."""
    from ...expr.tree import arrange

    return Markup(math(MathML(dated=False)(arrange(value, {}))))
