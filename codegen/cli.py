"""The command line: list, show, generate, verify, compare.

Results go to stdout, progress and errors to stderr. Exit status: 0 all that was asked holds; 1 a
finding; 2 a usage error or an invalid spec; 130 interrupted.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from . import backends
from .load import SpecError, UsageError, catalog, families_beside, is_file_name, load, select
from .timeouts import COMPARE

HOLDS, FINDING, MISUSE, INTERRUPTED = 0, 1, 2, 130
_NAMES = "a rule, a family (adam/ where adam is a rule, too) or FILE.py"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except SpecError as error:
        _print_error(options, "\n".join(map(str, error.problems)), error)
    except UsageError as error:
        _print_error(options, str(error), error)
    except BrokenPipeError:  # whoever reads has seen enough
        sys.stderr.close()
        return INTERRUPTED
    except OSError as error:
        _print_error(options, f"{error.filename}: {error.strerror}", error)
    except KeyboardInterrupt:
        return INTERRUPTED
    return MISUSE


def _print_error(options: argparse.Namespace, text: str, error: Exception) -> None:
    print(text, file=sys.stderr)
    if isinstance(error, SpecError) and len(error.problems) > 1:
        print(f"{len(error.problems)} problems", file=sys.stderr)
    if getattr(options, "json", False):
        from .report.results import results_json

        print(results_json([], getattr(error, "problems", ()), text))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="stepsmith",
        description="Declare an optimizer once, as equations. Get proofs, and code that is proved to compute it.",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run, text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
        command.set_defaults(run=run)
        return command

    command = add("list", _list, "list the rules, or what the lecture notes state and what the prover says of it")
    command.add_argument(
        "--source",
        metavar="NOTE",
        nargs="?",
        const="",
        help="prove each statement of a lecture note (000 to 004), or of all of them",
    )
    command.add_argument("--json", action="store_true", help="print one JSON object")

    command = add("show", _show, "show the equations of a rule")
    command.add_argument("names", metavar="NAME", nargs="+", help=_NAMES)
    command.add_argument("--latex", action="store_true", help="as LaTeX")
    command.add_argument("--derivation", action="store_true", help="with the proof of each claim, line by line")

    command.add_argument("--stability", action="store_true", help="with what it does on a quadratic, line by line")
    command.add_argument(
        "--facts", action="store_true", help="with what follows from the equations: bounds, units, ..."
    )
    command.add_argument("--json", action="store_true", help="print the facts as one JSON object")

    command = add("generate", _generate, "write the code of rules into generated/")
    _add_selection(command)
    mode = command.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="write nothing; fail if a file is not what would be written")
    mode.add_argument("--diff", action="store_true", help="as --check, and show how the files differ")

    command = add("verify", _verify, "prove the claims, read the generated files back, compare numbers")
    _add_selection(command)
    command.add_argument("--strict", action="store_true", help="fail if anything was skipped")

    command = add("compare", _compare, "say whether two rules are the same algorithm, and under which map")
    for side in ("A", "B"):
        command.add_argument(side, help="a rule or FILE.py, with stages around it: l2_decay+sgd")
    enough = "give up after this much of the processor's time (default: %(default)s)"
    command.add_argument("--seconds", type=float, default=COMPARE, help=enough)
    command.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _add_selection(command: argparse.ArgumentParser) -> None:
    command.add_argument("names", metavar="NAME", nargs="*", help=f"{_NAMES}; all of specs/ if none")
    known = backends.names()
    command.add_argument("--backend", metavar="NAME", nargs="+", choices=known, help=", ".join(known))
    command.add_argument("--out", metavar="DIR", type=Path, help="folder of the generated code (default: generated/)")
    command.add_argument("--json", action="store_true", help="print one JSON object")


def _backends(options: argparse.Namespace) -> tuple[str, ...]:
    return tuple(name for name in backends.names() if name in (options.backend or backends.names()))


def _list(options: argparse.Namespace) -> int:
    if options.source is not None:
        return _list_source(options)
    entries = catalog()
    if options.json:
        import json

        rows = [{f: getattr(e, f) for f in ("kind", "key", "family", "name", "source", "summary")} for e in entries]
        print(json.dumps({"schema": 1, "rules": rows}, indent=2, sort_keys=True))
        return HOLDS
    widths = [max(len(getattr(e, field)) for e in entries) for field in ("key", "family")]
    for e in entries:
        print(f"{e.key:{widths[0]}}  {e.family:{widths[1]}}  {e.source}")
    return HOLDS


def _list_source(options: argparse.Namespace) -> int:
    from .report.results import Terminal, line_of_source, sources_json
    from .report.sources import OPEN, decided, lines, sources

    titles = {source.key: source.title for source in sources()}
    terminal, found, last = Terminal(), [], ""
    for one in decided(lines(options.source or None), terminal.started):
        found.append(one)
        terminal.done()
        if not options.json:
            if one.line.source != last:
                last = one.line.source
                print(f"{last}    {titles[last]}")
            print("\n".join(line_of_source(one, terminal.colour)))
    print(sources_json(found) if options.json else _counted([one.status for one in found]))
    return FINDING if any(one.status == OPEN for one in found) else HOLDS


def _counted(statuses: Sequence[str]) -> str:
    return ", ".join(f"{statuses.count(status)} {status}" for status in dict.fromkeys(statuses))


def _checked(options: argparse.Namespace, backends: Sequence[str] = (), out: Path | None = None):
    """The specs that are asked for. Their code goes to `out`; without it, that of the project's own to generated/."""
    from .check.clashes import check_beside
    from .check.rules import check
    from .load import SPECS
    from .verify import whole_families

    specs = load(select(options.names))
    whole = whole_families(specs)
    check(whole, (lambda spec: out) if out else (lambda spec: spec.path.parent == SPECS))
    if out:
        from .render.index import beside

        check_beside(whole, beside(out, backends, {spec.family for spec in whole}))
    for hint in () if options.json else families_beside(options.names):
        print(hint, file=sys.stderr)
    return specs


def _show(options: argparse.Namespace) -> int:
    from .faults import recorded

    if options.json and not options.facts:
        raise UsageError("--json prints facts: say show NAME --facts --json")
    specs = _checked(options)
    with recorded() as faults:
        if options.json:
            from .report.results import results_json
            from .report.show import facts_of

            print(results_json([fact for spec in specs for fact in facts_of(spec)]))
        else:
            print("\n\n".join(page for spec in specs for page in _pages(spec, options)))
    return FINDING if faults else HOLDS


def _pages(spec, options: argparse.Namespace) -> Iterator[str]:
    """What is shown of a rule. Where a page breaks, it says so, and the others are shown all the same."""
    from .faults import or_fault
    from .report.show import derivation, facts_text, latex, text
    from .report.stability import stability

    yield or_fault(spec.key, "equations", lambda: latex(spec) if options.latex else text(spec))
    if options.derivation:
        yield or_fault(spec.key, "derivation", lambda: derivation(spec, options.latex))
    if options.stability:
        yield or_fault(spec.key, "stability", lambda: stability(spec))
    if options.facts:
        yield or_fault(spec.key, "facts", lambda: facts_text(spec))


def _generate(options: argparse.Namespace) -> int:
    from contextlib import nullcontext

    from .files import alone, changes, orphans, remove_half_written, shown_file, write
    from .load import GENERATED
    from .render import render
    from .report.results import Terminal
    from .verify import whole_families

    if options.out is None and any(is_file_name(name) for name in options.names):
        raise UsageError("say where the code of a file of your own goes: --out DIR")
    out = options.out.resolve() if options.out else GENERATED
    specs = _checked(options, _backends(options), out)
    terminal = Terminal()
    terminal.started("generate", f"{len(specs)} rules")
    whole = whole_families(specs)
    dry = options.check or options.diff
    with nullcontext() if dry else alone(out):
        files = render(whole, _backends(options), out)
        found = changes(files)
        lost = orphans(out, files) if not options.names else []
        if not dry:
            remove_half_written(files)
            write(found)
    terminal.done()
    if options.json:
        from .report.results import as_json

        rows = [
            {"file": shown_file(c.path), "status": c.kind if dry or c.kind == "orphan" else "written"}
            for c in found + lost
        ]
        print(as_json(files=rows, unchanged=len(files) - len(found)))
    else:
        for change in found + lost:
            print(_line(change, dry))
            if options.diff:
                print(change.diff(), end="")
        print(f"{len(found)} {'to write' if dry else 'written'}, {len(files) - len(found)} unchanged")
    return FINDING if dry and (found or lost) else HOLDS


def _line(change, dry: bool) -> str:
    from .files import shown_file

    name = shown_file(change.path)
    if change.kind == "orphan":
        return f"orphan   {name}    no spec is named {change.path.stem}; delete it"
    return f"{change.kind:8} {name}    mend with: generate, without --check" if dry else f"wrote    {name}"


def _verify(options: argparse.Namespace) -> int:
    from .report.results import Terminal, holds, results_json, summary_line
    from .verify import verify

    out = options.out.resolve() if options.out else None
    specs = _checked(options, _backends(options), out)
    headings = {spec.key: f"{spec.key}    {spec.rule.source}" for spec in specs}
    terminal = Terminal()
    results = []
    for result in verify(specs, _backends(options), out, terminal.started):
        results.append(result)
        if not options.json:
            terminal.result(result, headings.get(result.spec, result.spec))
    terminal.done()
    print(results_json(results) if options.json else summary_line(results))
    return HOLDS if holds(results, options.strict) else FINDING


def _compare(options: argparse.Namespace) -> int:
    from .check.rules import check
    from .compare.compose import named
    from .compare.rules import EQUIVALENT, Comparison, compare
    from .faults import fault
    from .report.results import Terminal, comparison_json, comparison_lines

    sides = [named(text) for text in (options.A, options.B)]
    check(list(dict.fromkeys(spec for side in sides for spec in (side.spec, *side.stages))))
    terminal = Terminal()
    try:
        found = compare(*sides, options.seconds, terminal.started)
    except (SpecError, UsageError):
        raise
    except Exception as error:
        statement = f"whether {sides[0].rule.name} and {sides[1].rule.name} are one algorithm"
        broken = fault(sides[0].text, "compare", error, statement)
        found = Comparison(sides[0].text, sides[1].text, broken.status, statement, results=(broken,))
    terminal.done()
    print(comparison_json(found) if options.json else "\n".join(comparison_lines(found, terminal.colour)))
    return HOLDS if found.verdict == EQUIVALENT else FINDING


if __name__ == "__main__":
    sys.exit(main())
