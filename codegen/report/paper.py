"""What is shown of a rule as LaTeX that goes into a paper: the algorithm, a table, facts, proofs, the source.

It takes what amsmath, amssymb and booktabs define, and an article's line at 10 pt; nothing stands out of that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..expr.printing import Latex, clashing
from ..expr.prose import Prose, about, escaped, typewriter
from ..expr.tree import arrange, ranks
from ..load import AnySpec, MonitorSpec, ScheduleSpec, Spec
from ..render.text import default, supplied_rows, where_w_is
from ..result import PROVED, Line, Outcome, Result
from ..spec.domain import Domain
from ..spec.rules import AnyRule, Layer, Optimizer, Schedule, settings
from ..spec.symbols import Hyper
from .fitting import LINE, lines, stacked, width
from .notebook import parts
from .stability import Block
from .terms import Derivation
from .typesetting import LatexPrinter

_PACKAGES = r"% \usepackage{amsmath, amssymb, booktabs}"
_RULE = r"\noindent\rule{\linewidth}{%spt}"
#: A fraction or a root of one in a fraction or a root, which cannot be read between other words.
_HIGH = re.compile(r"\\(frac|sqrt)\{[^{}]*(\{[^{}]*\}[^{}]*)*\\(frac|sqrt\{\\frac)")
#: What a line of a list holds.
_ITEM = LINE - 35.0


class _Start(Latex):
    """Values before the first step: `w` is w_0."""

    def name(self, name: str) -> str:
        return self.letter(name, "0" if name in self.states else "")


def _formula(latex: str) -> str:
    """A formula in running text; on lines of its own if it is a long or a high one."""
    if width(latex) <= _ITEM and not _HIGH.search(latex):
        return f"${latex}$"
    return rf"\[ {stacked(lines(latex, _ITEM))} \]"


def _read(prose: Prose, text: str, end: str = "") -> str:
    """A text, and what ends its sentence, which goes with a formula that has lines of its own."""
    return re.sub(r" \\\]([.,;:]+)", r"\1 \\]", prose.read(text, _formula) + end)


def row(left: str, right: str, note: str = "") -> str:
    """A row of an `align*`, over several lines if it is long; the note at the margin."""
    room = LINE - 5.0
    beside = room - width(left) - 13.3
    tag = rf" \tag*{{\small {note}}}" if note else ""
    if beside < room / 3:  # a long left side has a line of its own
        first, *more = lines(left, room)
        broken = [f"& {first}", *(rf"& \quad {{}} {line}" for line in more)]
        broken += [rf"& \quad {'=' if not n else '{}'} {line}" for n, line in enumerate(lines(right, room - 35.0))]
    else:
        first, *more = lines(right, beside)
        broken = [f"{left} &= {first}", *(rf"& \quad {{}} {line}" for line in more)]
    return " \\\\\n".join([*(rf"  {line}" for line in broken[:-1]), f"  {broken[-1]}{tag}"])


def aligned(rows: Iterable[str]) -> str:
    """Rows as an environment."""
    return "\n".join([r"\begin{align*}", " \\\\\n".join(rows), r"\end{align*}"])


def equations(spec: AnySpec) -> str:
    """The algorithm box, what it is given and where it starts, and the table of hyperparameters."""
    rule, prose = spec.rule, about(spec.rule)
    out = [f"% {rule.name}: {rule.source}", _PACKAGES, *(f"% {line}" for line in bibtex(rule.name, rule.source)), ""]
    out += [rf"\subsection*{{{escaped(rule.name)}}}", r"\allowdisplaybreaks"]
    out += [_RULE % "0.8", "", r"{\raggedright\noindent"]
    out += [rf"\textbf{{{escaped(rule.name)}}}: {_read(prose, rule.summary, '.')}", ""]
    out += [rf"\noindent Source: {_source(rule.source)}.\par}}", r"\vspace{-0.6\baselineskip}", _RULE % "0.4", ""]
    begun = _start(spec)
    out += (
        [r"{\raggedright\noindent " + rf"\textbf{{Before the first {_event(spec)}:}} {begun}.\par}}"] if begun else []
    )
    for title, found in parts(rule):
        out += [rf"\noindent\textbf{{{_capital(title)}:}}" if title else rf"\noindent\textbf{{{_when(spec)}}}"]
        spell = speller(rule)
        lefts = ["a_{t}" if target == "a[t]" else spell.name(target) for target, _, _ in found]
        rows = [row(left, spell(of), prose.read(note)) for left, (_, of, note) in zip(lefts, found, strict=True)]
        out += [aligned(rows)]
    if isinstance(rule, Optimizer):
        out += [rf"\noindent {_read(prose, line)}\\" for line in where_w_is(rule)]
    out += [_RULE % "0.8", ""]
    out += _table(settings(rule), rule)
    if isinstance(spec, Spec) and (given := supplied_rows(spec.optimizer)):
        said = "; ".join(
            f"${spell.letter(name)}$, {kind}{f': {_read(prose, doc)}' if doc else ''}" for name, kind, doc in given
        )
        out += ["", rf"\noindent Given in each step beside the gradient: {said}."]
    return "\n".join(out)


def speller(rule: AnyRule) -> Latex:
    """The spelling of the equations of a rule."""
    states = () if isinstance(rule, Schedule) else tuple(s.name for s in rule.state)
    steps = () if isinstance(rule, Schedule | Layer) else tuple(step.target.name for step in rule.steps)
    return Latex(states, steps, clashing(ranks(rule)))


def _event(spec: AnySpec) -> str:
    return "report" if isinstance(spec, MonitorSpec) else "step"


def _when(spec: AnySpec) -> str:
    if isinstance(spec, ScheduleSpec):
        return "At step $t = 1, 2, \\ldots$:"
    return f"In {_event(spec)} $t = 1, 2, \\ldots$:"


def _start(spec: AnySpec) -> str:
    """What the states are at first."""
    rule = spec.rule
    if isinstance(rule, Schedule):
        return ""
    kept = {**getattr(rule, "parameters", {}), **getattr(rule, "runnable", rule).state}
    spell = _Start(tuple(s.name for s in kept), (), clashing(ranks(rule)))
    rank = ranks(rule)
    return ", ".join(_formula(f"{spell.letter(s.name, '0')} = {spell(arrange(v, rank))}") for s, v in kept.items())


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _source(source: str) -> str:
    """A source, in which what is no word may be broken."""
    words = (typewriter(w) if re.search(r"[/_=]|\w[.:(]\w", w) else escaped(w) for w in source.split(" "))
    return " ".join(words)


def _table(hypers: Sequence[Hyper], rule: AnyRule) -> list[str]:
    """The hyperparameters: letter, name in code, default, domain, what they are."""
    if not hypers:
        return []
    prose, spell = about(rule), Latex((), (), clashing(ranks(rule)))
    cells = [(spell.letter(h.name), h.name, _default(prose, h), interval(h.allowed), h.doc) for h in hypers]
    wide = [
        max(width(symbol) for symbol, *_ in cells),
        max(5.3 * len(name) for _, name, *_ in cells),
        max([33.0, *(width(value) for _, _, value, *_ in cells)]),
        max([33.0, *(width(domain) for _, _, _, domain, _ in cells)]),
    ]
    rest = LINE - max(wide[0] + wide[1] + 12.0, 72.0) - wide[2] - wide[3] - 46.0
    symbols = rest >= 90.0 or any(r"\mathrm" not in symbol for symbol, *_ in cells)
    rest = max(rest if symbols else rest + wide[0], 60.0)
    out = [
        r"\noindent{\small",
        rf"\begin{{tabular}}{{@{{}}{'l' * (4 if symbols else 3)}p{{{rest:.0f}pt}}@{{}}}}",
        r"\toprule",
    ]
    out += [
        r"\multicolumn{2}{@{}l}{hyperparameter} & default & domain & \\"
        if symbols
        else r"hyperparameter & default & domain & \\"
    ]
    out += [r"\midrule"]
    for symbol, name, value, domain, doc in cells:
        first = f"${symbol}$ & " if symbols else ""
        said = r"\raggedright " + _read(prose, doc)
        out += [rf"{first}\texttt{{{escaped(name)}}} & ${value}$ & ${domain}$ & {said}\tabularnewline"]
    return [*out, r"\bottomrule", r"\end{tabular}}"]


def _default(prose: Prose, hyper: Hyper) -> str:
    text = default(hyper) if hyper.allowed.integer else str(hyper.default)
    if len(text) > 16:
        text = f"{hyper.value.numerator / hyper.value.denominator:.6g}".replace("e+", "e")
    found = prose.read(f"{text} + 0")  # as a part of a formula, whatever it is
    return found.removesuffix(" + 0$").removeprefix("$")


def interval(domain: Domain) -> str:
    """The numbers of a domain, as a set."""
    if (domain.low, domain.high) == (None, None):
        return r"\mathbb{Z}" if domain.integer else r"\mathbb{R}"
    if domain.integer and domain.high is None and domain.low is not None:
        least = int(domain.low) + (0 if domain.low_closed else 1)
        return rf"{least}, {least + 1}, \ldots"
    low = r"-\infty" if domain.low is None else _decimal(domain.low)
    high = r"\infty" if domain.high is None else _decimal(domain.high)
    text = f"{'[' if domain.low_closed else '('}{low}, {high}{']' if domain.high_closed else ')'}"
    return rf"{text} \cap \mathbb{{Z}}" if domain.integer else text


def _decimal(value: object) -> str:
    number = float(value)  # type: ignore[arg-type] # a fraction
    return str(int(number)) if number == int(number) else repr(number)


def facts(spec: AnySpec, results: Iterable[Result]) -> str:
    """Results as a list, each with how it is known."""
    prose = about(spec.rule)
    items = [item for result in results for item in _item(prose, result)]
    if not items:
        return "% facts: only those of optimizers and stages are derived"
    return "\n".join([r"\paragraph{Facts.}", *_list("itemize", items)])


def _list(kind: str, items: Iterable[str]) -> list[str]:
    return [r"{\raggedright\sloppy", rf"\begin{{{kind}}}", *items, rf"\end{{{kind}}}", r"\par}"]


def _item(prose: Prose, result: Result) -> Iterator[str]:
    yield rf"\item \textbf{{{result.status}}}, {prose.read(result.claim)}: {_read(prose, result.text, '.')}"
    if known := _how(prose, result):
        yield rf"  \emph{{{known}}}" if "\\[" not in known else f"  {known}"


def _how(prose: Prose, result: Result) -> str:
    """How a result is known, under which assumptions, and where it fails."""
    found = [f"By {prose.read(result.method)}."] if result.method else []
    if result.status == PROVED and result.assumed:
        found += [f"Assuming {', '.join(_read(prose, one) for one in result.assumed)}."]
    if result.reason:
        found += [_capital(_read(prose, result.reason, "."))]
    if result.counterexample:
        found += [f"For example: {', '.join(_read(prose, f'{k} = {v}') for k, v in result.counterexample.items())}."]
    return " ".join(found)


def chain(derivation: Derivation, verdicts: Sequence[Outcome]) -> str:
    """A derivation under its heading, the justification of each line at the margin."""
    prose, spell, judged = about(derivation.context.rule), LatexPrinter(derivation.context), iter(verdicts)
    given = f", for {' and '.join(prose.read(a) for a in derivation.assumptions)}" if derivation.assumptions else ""
    out = [rf"\paragraph{{{_capital(prose.read(derivation.title))}{given}.}}\hfill\par"]
    for title, found in derivation.sections:
        rows, left = [], None
        for line in found:
            begin = spell(line.left) if line.left != left else ""
            left = line.left
            because = prose.read(line.text)
            if next(judged).status != PROVED:
                because = rf"\textbf{{does not follow}}: {because}"
            rows.append(row(begin, spell(line.right), because))
        out += [rf"\noindent\emph{{{title}.}}" if title else "", aligned(rows)]
    return "\n".join(out)


def proof(spec: AnySpec, result: Result) -> str:
    """A result and the lines of its proof."""
    prose = about(spec.rule)
    how = (
        f" by {prose.read(result.method)}"
        if result.method
        else f": {_read(prose, result.reason)}"
        if result.reason
        else ""
    )
    out = [rf"\paragraph{{{_capital(prose.read(result.claim))}.}}", _capital(_read(prose, result.text, "."))]
    out += listed(prose, result.derivation)
    return "\n".join([*out, rf"\noindent\emph{{{_capital(result.status)}{how}.}}"])


def listed(prose: Prose, found: Iterable[Line]) -> list[str]:
    """Lines of a proof, each with its reason."""
    items = [rf"\item {_read(prose, line.text)} \quad [\emph{{{prose.read(line.because)}}}]" for line in found]
    return _list("enumerate", items) if items else []


def blocks(spec: AnySpec, found: Iterable[Block]) -> str:
    """What a rule does on a quadratic."""
    prose = about(spec.rule)
    out = []
    for block in found:
        out += [rf"\paragraph{{{_capital(prose.read(block.title))}.}}", *listed(prose, block.lines)]
        out += [r"{\raggedright\sloppy " + " ".join(_capital(_read(prose, end, ".")) for end in block.ends) + r"\par}"]
    return "\n".join(out)


def bibtex(name: str, source: str) -> list[str]:
    """An entry for the source of a rule, of what its text says."""
    found: Mapping[str, str] = {}
    if match := re.match(r"(?P<author>[^,:(]+(?:, [^,:(]+)*) \((?P<year>\d{4})\)", source):
        authors = re.sub(r" et al\.$", " and others", match["author"])
        found = {"author": re.sub(r", | & ", " and ", authors), "year": match["year"]}
    if match := re.search(r"arXiv:(\d{4}\.\d{4,5}(?:v\d+)?)", source):
        found = {**found, "eprint": match[1], "archivePrefix": "arXiv"}
    if match := re.search(r"doi:(\S+?)(?=[,;]?(?:\s|$))", source):
        found = {**found, "doi": match[1]}
    found = {**found, "note": escaped(source).replace("\\textasciitilde{}", "\\~{}")}
    return [f"@misc{{{name.lower()},", *(f"  {key} = {{{value}}}," for key, value in found.items()), "}"]
