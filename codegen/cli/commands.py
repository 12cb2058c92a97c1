"""What each command does, and with which status it ends."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from .. import backends
from ..load import SpecError, UsageError, catalog, families_beside, is_file_name, load, select
from .options import parsed

if TYPE_CHECKING:
    from ..files import Change
    from ..load import AnySpec, Entry
    from ..result import Result

HOLDS, FINDING, MISUSE, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    json = "--json" in arguments
    try:
        options = parsed(arguments, _RUNS)
        return options.run(options)
    except SpecError as error:
        _print_error("\n".join(map(str, error.problems)), json, error)
    except UsageError as error:
        _print_error(str(error), json, error)
    except BrokenPipeError:  # whoever reads has seen enough
        sys.stderr.close()
        return INTERRUPTED
    except OSError as error:
        _print_error(f"{error.filename}: {error.strerror}", json, error)
    except KeyboardInterrupt as stop:
        _print_error(str(stop) or "interrupted", json, stop)
        return INTERRUPTED
    return MISUSE


def _print_error(text: str, json: bool, error: BaseException) -> None:
    problems = getattr(error, "problems", ())
    print(text, file=sys.stderr)
    if len(problems) > 1:
        print(f"{len(problems)} problems", file=sys.stderr)
    if json:
        from ..report.results import results_json

        print(results_json([], problems, text))


def _backends(options: argparse.Namespace) -> tuple[str, ...]:
    return tuple(name for name in backends.names() if name in (options.backend or backends.names()))


def _list(options: argparse.Namespace) -> int:
    from ..report.results import as_json, row

    if options.source is not None:
        return _list_source(options)
    if options.of is not None:
        return _list_library(options)
    entries = [e for e in catalog() if _matches(options.search, e)]
    if not entries:
        from ..report.libraries import refused

        fact = f"no rule has {options.search} in its name, summary or source, nor in what libraries call it"
        raise UsageError(f"{fact}{refused(options.search)}")
    if options.json:
        fields = ("kind", "key", "family", "name", "source", "summary")
        print(as_json(rules=[{field: getattr(e, field) for field in fields} for e in entries]))
        return HOLDS
    widths = [max(len(getattr(e, field)) for e in entries) for field in ("key", "family")]
    for e in entries:
        print(row(f"{e.key:{widths[0]}}  {e.family:{widths[1]}}  ", e.source))
    return HOLDS


def _matches(search: str | None, entry: Entry) -> bool:
    """Whether the words of a search are in what is said of a rule."""
    from ..report.libraries import names

    if not search:
        return True
    about = (entry.key, entry.family, entry.name, entry.summary, entry.source, *names(entry.name))
    text = " ".join(about).lower()
    return all(word in text for word in search.lower().split())


def _list_library(options: argparse.Namespace) -> int:
    """The optimizers of a library, each with the rules that it is by its options."""
    from ..report.libraries import of
    from ..report.results import as_json, row

    known = {entry.name: entry for entry in catalog()}
    found = [
        theirs
        for theirs in of(options.of)
        if (options.search or "").lower() in theirs.name.lower()
        or any(_matches(options.search, known[rule]) for rule in theirs.rules)
    ]
    if not found:
        raise UsageError(
            f"no optimizer of {options.of} that there is a rule for has {options.search} in what is said of it"
        )
    if options.json:
        print(as_json(optimizers=[{"library": t.library, "name": t.name, "rules": list(t.rules)} for t in found]))
        return HOLDS
    wide = max(len(theirs.name) for theirs in found)
    for theirs in found:
        print(row(f"{theirs.name:{wide}}  ", " ".join(theirs.rules) or "around any of the others"))
    return HOLDS


def _list_source(options: argparse.Namespace) -> int:
    from ..report.results import Terminal, line_of_source, sources_json
    from ..report.sources import OPEN, decided, lines, sources
    from ..words import plural

    titles = {source.key: source.title for source in sources()}
    chosen = lines(options.source or None)
    terminal, found, last = Terminal(), [], ""
    try:
        for one in decided(chosen, terminal.started):
            found.append(one)
            heading = [f"{one.line.source}    {titles[one.line.source]}"] if one.line.source != last else []
            last = one.line.source
            terminal.show([] if options.json else [*heading, *line_of_source(one, terminal.colour)])
    except KeyboardInterrupt:
        terminal.done()
        stopped = f"interrupted after {len(found)} of {plural(len(chosen), 'line')}"
        raise KeyboardInterrupt(": ".join(filter(None, [stopped, _counted(found)]))) from None
    print(sources_json(found) if options.json else _counted(found))
    return FINDING if any(one.status == OPEN for one in found) else HOLDS


def _counted(found: Sequence) -> str:
    statuses = [one.status for one in found]
    return ", ".join(f"{statuses.count(status)} {status}" for status in dict.fromkeys(statuses))


def _checked(options: argparse.Namespace, chosen: Sequence[str] = (), out: Path | None = None) -> list[AnySpec]:
    """The specs that are asked for. Their code goes to `out`; without it, that of the project's own to generated/."""
    from ..check import check
    from ..check.clashes import check_beside
    from ..check.file_names import check_file_names
    from ..load import SPECS
    from ..verify import whole_families

    for name in (name for name in options.names if name.lower() in backends.names()):
        raise UsageError(f"{name} is a backend and no rule; write --backend {name.lower()}")
    check_file_names(options.names)
    specs = load(select(options.names))
    whole = whole_families(specs)
    check(whole, (lambda spec: out) if out else (lambda spec: spec.path.parent == SPECS))
    if out:
        from ..render.index import beside

        check_beside(whole, beside(out, chosen, {spec.family for spec in whole}))
    for hint in () if options.json else families_beside(options.names):
        print(hint, file=sys.stderr)
    return specs


def _show(options: argparse.Namespace) -> int:
    from ..faults import recorded

    if options.json and not options.facts:
        raise UsageError("--json prints facts: say show NAME --facts --json")
    specs = _checked(options)
    with recorded() as faults:
        if options.json:
            from ..report.results import results_json
            from ..report.show import properties_of

            print(results_json([fact for spec in specs for fact in properties_of(spec)]))
        else:
            print("\n\n".join(page for spec in specs for page in _pages(spec, options)))
    return FINDING if faults else HOLDS


def _pages(spec: AnySpec, options: argparse.Namespace) -> Iterator[str]:
    """What is shown of a rule. Where a page breaks, it says so, and the others are shown all the same."""
    from ..faults import or_fault
    from ..report import paper
    from ..report.show import derivation, properties_of, properties_text, text
    from ..report.stability import blocks, stability

    as_latex = options.latex
    yield or_fault(spec.key, "equations", lambda: paper.equations(spec) if as_latex else text(spec))
    if options.derivation:
        yield or_fault(spec.key, "derivation", lambda: derivation(spec, as_latex))
    if options.stability:
        yield or_fault(spec.key, "stability", lambda: paper.blocks(spec, blocks(spec)) if as_latex else stability(spec))
    if options.facts:
        found = (lambda: paper.facts(spec, properties_of(spec))) if as_latex else (lambda: properties_text(spec))
        yield or_fault(spec.key, "facts", found)


def _generate(options: argparse.Namespace) -> int:
    from ..files import alone, changes, orphans, remove_half_written, write
    from ..load import GENERATED
    from ..render import render
    from ..report.results import Terminal
    from ..verify import whole_families
    from ..words import plural
    from .destination import check_overwritten, destination, fit

    if options.out is None and any(is_file_name(name) for name in options.names):
        raise UsageError(f"say where the code of a file of your own goes: --out {fit(Path.cwd())}")
    chosen = _backends(options)
    out = destination(options.out, writes=True) or GENERATED
    specs = _checked(options, chosen, out)
    terminal, done = Terminal(), 0
    terminal.started("generate", plural(len(specs), "rule"))
    whole = whole_families(specs)
    dry = options.check or options.diff
    found: list[Change] = []
    if out != GENERATED:
        check_overwritten(whole, chosen, out)
    try:
        with nullcontext() if dry else alone(out):
            files = render(whole, chosen, out)
            found = changes(files)
            lost = orphans(out, files) if not options.names else []
            if not dry:
                remove_half_written(files)
                for done, change in enumerate(found):  # noqa: B007 - the number is what an interruption tells
                    write([change])
    except KeyboardInterrupt:
        terminal.done()
        stopped = f"interrupted after {done} of {plural(len(found), 'file')}" if found else "interrupted"
        raise KeyboardInterrupt(f"{stopped}; each file is as it was or new as a whole") from None
    terminal.done()
    _print_changes(options, found + lost, len(found), len(files) - len(found))
    return FINDING if dry and (found or lost) else HOLDS


def _print_changes(options: argparse.Namespace, shown: Sequence[Change], changed: int, unchanged: int) -> None:
    from ..files import shown_file
    from ..report.results import as_json

    dry = options.check or options.diff
    if options.json:
        rows = [
            {"file": shown_file(c.path), "status": c.kind if dry or c.kind == "orphan" else "written"} for c in shown
        ]
        print(as_json(files=rows, unchanged=unchanged))
        return
    for change in shown:
        print(_line(change, dry))
        if options.diff:
            print(change.diff(), end="")
    print(f"{changed} {'to write' if dry else 'written'}, {unchanged} unchanged")


def _line(change: Change, dry: bool) -> str:
    from ..files import shown_file

    name = shown_file(change.path)
    if change.kind == "orphan":
        return f"orphan   {name}    no spec is named {change.path.stem}; delete it"
    return f"{change.kind:8} {name}    mend with: generate, without --check" if dry else f"wrote    {name}"


def _verify(options: argparse.Namespace) -> int:
    from ..report.certificates import certificates
    from ..report.results import Brief, Terminal, Whole, holds, results_json, summary_line
    from ..verify import verify
    from ..words import plural
    from .destination import destination

    out = destination(options.out, writes=False)
    specs = _checked(options, _backends(options), out)
    headings = {spec.key: f"{spec.key}    {spec.rule.source}" for spec in specs}
    terminal = Terminal()
    shown = Whole(terminal, headings) if options.verbose else Brief(terminal, headings)
    results: list[Result] = []
    done, order = 0, {spec.key: place for place, spec in enumerate(specs)}

    def started(spec: str, claim: str) -> None:
        nonlocal done
        done = order.get(spec, len(specs) if results else 0)  # what is of no rule comes first or last
        terminal.started(spec, claim)

    stopped = ""
    try:
        with closing(verify(specs, _backends(options), out, started, _kept(options))) as found:
            for result in found:
                results.append(result)
                if not options.json:
                    shown.result(result)
    except KeyboardInterrupt:
        stopped = f"interrupted after {done} of {plural(len(specs), 'rule')}"
    if not options.json:
        shown.end()
    terminal.done()
    if options.certify and not options.json:
        terminal.show(certificates(results, options.verbose))
    print(results_json(results, error=stopped) if options.json else summary_line(results))
    if stopped:
        print(stopped, file=sys.stderr)
        return INTERRUPTED
    return HOLDS if holds(results, options.strict) else FINDING


def _kept(options: argparse.Namespace) -> Path | None:
    """The folder in which the answers of Coq are kept, if it is asked."""
    if options.kept is not None and not options.certify:
        raise UsageError("--kept says where the answers of Coq are kept: say --certify, too")
    return _answers(options) if options.certify else None


def _answers(options: argparse.Namespace) -> Path:
    """The folder in which the answers of Coq are kept."""
    from ..certify.coq import kept_by_default
    from .destination import check_folder

    if options.kept is not None:
        check_folder("--kept", options.kept)
    return options.kept or kept_by_default()


def _export(options: argparse.Namespace) -> int:
    from ..certify.files import export
    from ..report.results import Terminal
    from ..words import plural
    from .destination import check_folder

    check_folder("--coq", options.coq)
    kept, specs = _answers(options), _checked(options)
    terminal = Terminal()
    written, left_out = export(specs, options.coq, kept, terminal.started)
    terminal.done()
    others = f"; without {plural(left_out, 'statement')}, see not_exported.txt there" if left_out else ""
    print(f"{plural(written, 'theorem')} in {options.coq}{others}")
    return HOLDS


def _report(options: argparse.Namespace) -> int:
    from ..report.pages import write_pages
    from ..report.results import Terminal
    from ..words import plural
    from .destination import check_folder

    check_folder("--out", options.out)
    specs, terminal = _checked(options), Terminal()
    names = " ".join([*options.names, "--out", str(options.out)])
    found = write_pages(specs, options.out, f"stepsmith report {names}", terminal.started)
    terminal.done()
    for text in found.broken:
        print(text, file=sys.stderr)
    print(
        f"{plural(len(specs), 'page')} in {options.out}: {plural(found.written, 'file')} written, "
        f"{found.unchanged} unchanged"
    )
    return FINDING if found.broken else HOLDS


def _compare(options: argparse.Namespace) -> int:
    from ..check import check
    from ..check.file_names import check_file_names
    from ..compare.compose import named
    from ..compare.rules import EQUIVALENT, Comparison, compare
    from ..faults import fault
    from ..report.results import Terminal, comparison_json, comparison_lines

    check_file_names(part.strip() for side in (options.A, options.B) for part in side.split("+"))
    left, right = named(options.A), named(options.B)
    specs: list[AnySpec] = [left.spec, *left.stages, right.spec, *right.stages]
    check(list(dict.fromkeys(specs)))
    terminal = Terminal()
    try:
        found = compare(left, right, options.seconds, terminal.started)
    except (SpecError, UsageError):
        raise
    except KeyboardInterrupt:
        terminal.done()
        raise KeyboardInterrupt(f"interrupted after 0 of 1 comparison, at {terminal.at}") from None
    except Exception as error:
        statement = f"whether {left.rule.name} and {right.rule.name} are one algorithm"
        broken = fault(left.text, "compare", error, statement)
        found = Comparison(left.text, right.text, broken.status, statement, results=(broken,))
    terminal.done()
    print(comparison_json(found) if options.json else "\n".join(comparison_lines(found, terminal.colour)))
    return HOLDS if found.verdict == EQUIVALENT else FINDING


_RUNS = {
    "list": _list,
    "show": _show,
    "generate": _generate,
    "verify": _verify,
    "export": _export,
    "report": _report,
    "compare": _compare,
}
