"""The arguments of the command line: what there is, and what is said of what there is not."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from .. import backends
from ..load import IN_CHECKOUT, ROOT, UsageError, program
from ..report.libraries import LIBRARIES
from ..timeouts import COMPARE
from ..words import did_you_mean, there_are

_NAMES = "a rule by its key or class, a family (adam/ where adam is a rule, too) or FILE.py"

Command = Callable[[argparse.Namespace], int]


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}\n{self.format_usage().rstrip()}")


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        print(f"stepsmith {version()}")
        raise SystemExit(0)


def version() -> str:
    """The version of Stepsmith: in a checkout what stands there, whatever else is installed."""
    if IN_CHECKOUT:
        import tomllib

        return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])
    from importlib import metadata

    return metadata.version("stepsmith")


def parsed(arguments: Sequence[str], runs: Mapping[str, Command]) -> argparse.Namespace:
    """The options of one command, with what `runs` it. Raises `UsageError` for what cannot be understood."""
    parser = _Parser(
        prog=program(),
        description="Declare an optimizer once, as equations. Get proofs, and code that is proved to compute it.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    adding = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)
    commands = {}
    for name, (text, fill) in _COMMANDS.items():
        commands[name] = adding.add_parser(name, help=text, description=text, allow_abbrev=False)
        commands[name].set_defaults(run=runs[name])
        fill(commands[name])
    if problem := _unknown(arguments, parser, commands):
        raise UsageError(problem)
    if arguments and arguments[0] in commands:  # by itself, it takes names before and after options alike
        return commands[arguments[0]].parse_intermixed_args(arguments[1:])
    return parser.parse_args(arguments)


def _unknown(
    arguments: Sequence[str], parser: argparse.ArgumentParser, commands: Mapping[str, argparse.ArgumentParser]
) -> str:
    """The command or the option that there is not, with what may have been meant."""
    command, *rest = arguments or [""]
    if command and not command.startswith("-") and command not in commands:
        hint = did_you_mean(command, [*commands, "--help", "--version"]) or there_are(commands)
        return f"{command}: there is no such command; {hint}"
    known = commands.get(command, parser)._option_string_actions
    given = [] if command not in commands else rest[: rest.index("--")] if "--" in rest else rest
    for argument in [command] if command.startswith("-") else given:
        option = argument.partition("=")[0]
        if re.match(r"-[^\d.]", option) and option not in known:
            takes = [name for name, other in commands.items() if option in other._option_string_actions]
            if command.startswith("-") and takes:
                return f"{option}: it belongs to a command; write it behind that, as in {program()} {takes[0]} {option}"
            hint = did_you_mean(option, known, 0.7) or there_are([name for name in known if name.startswith("--")])
            return f"{option}: there is no such option{f' of {command}' if given else ''}; {hint}"
    return ""


def _fill_list(command: argparse.ArgumentParser) -> None:
    note = "prove each statement of a lecture note (000 to 004), or of all of them"
    command.add_argument("--source", metavar="NOTE", nargs="?", const="", help=note)
    words = "only what has these words in its name, summary or source, or in what libraries call it"
    command.add_argument("--search", metavar="WORDS", help=words)
    command.add_argument("--of", metavar="LIBRARY", choices=LIBRARIES, help=f"what is which of {', '.join(LIBRARIES)}")
    command.add_argument("--json", action="store_true", help="print one JSON object")


def _fill_show(command: argparse.ArgumentParser) -> None:
    command.add_argument("names", metavar="NAME", nargs="+", help=_NAMES)
    for flag, text in (
        ("latex", "as LaTeX"),
        ("derivation", "with the proof of each claim, line by line"),
        ("stability", "with what it does on a quadratic, line by line"),
        ("facts", "with what follows from the equations: bounds, units, ..."),
        ("json", "print the facts as one JSON object"),
    ):
        command.add_argument(f"--{flag}", action="store_true", help=text)


def _fill_generate(command: argparse.ArgumentParser) -> None:
    _add_selection(command)
    mode = command.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="write nothing; fail if a file is not what would be written")
    mode.add_argument("--diff", action="store_true", help="as --check, and show how the files differ")


def _fill_verify(command: argparse.ArgumentParser) -> None:
    _add_selection(command)
    command.add_argument("-v", "--verbose", action="store_true", help="print every result, with its statement")
    command.add_argument("--strict", action="store_true", help="fail if anything was skipped")
    command.add_argument("--certify", action="store_true", help="have Coq's kernel check what is proved")
    _add_kept(command)


def _add_kept(command: argparse.ArgumentParser) -> None:
    text = "folder in which the answers of Coq are kept (default: stepsmith/coq in the user's cache)"
    command.add_argument("--kept", metavar="DIR", type=Path, help=text)


def _fill_export(command: argparse.ArgumentParser) -> None:
    command.add_argument("names", metavar="NAME", nargs="*", help=f"{_NAMES}; all of specs/ if none")
    command.add_argument(
        "--coq", metavar="DIR", type=Path, required=True, help="write theorems of Coq into this folder"
    )
    command.set_defaults(json=False)
    _add_kept(command)


def _fill_report(command: argparse.ArgumentParser) -> None:
    command.add_argument("names", metavar="NAME", nargs="*", help=f"{_NAMES}; all of specs/ if none")
    command.add_argument("--out", metavar="DIR", type=Path, required=True, help="write the pages into this folder")
    command.set_defaults(json=False)


def _fill_compare(command: argparse.ArgumentParser) -> None:
    for side in ("A", "B"):
        command.add_argument(side, help="a rule or FILE.py, with stages around it: l2_decay+sgd")
    limit = "give up after this much of the processor's time (default: %(default)g)"
    command.add_argument("--seconds", type=_seconds, default=float(COMPARE), help=limit)
    command.add_argument("--json", action="store_true", help="print one JSON object")


def _add_selection(command: argparse.ArgumentParser) -> None:
    command.add_argument("names", metavar="NAME", nargs="*", help=f"{_NAMES}; all of specs/ if none")
    libraries = f"{', '.join(backends.names())}, or several with commas between them; all if none"
    command.add_argument("--backend", metavar="NAME", action="extend", type=_backends, help=libraries)
    default = " (default: generated/)" if IN_CHECKOUT else ""
    command.add_argument("--out", metavar="DIR", help=f"folder of the generated code{default}")
    command.add_argument("--json", action="store_true", help="print one JSON object")


def _backends(text: str) -> list[str]:
    """The backends that an argument names."""
    names = [name.strip().lower() for name in text.split(",")]
    for name in names:
        if name not in backends.names():
            parts = name.split()
            hint = did_you_mean(name, backends.names()) or there_are(backends.names())
            if len(parts) > 1 and {*parts} <= {*backends.names()}:
                hint = f"write --backend {','.join(parts)}"
            given = text if text.strip() else repr(text)
            raise UsageError(f"--backend {given}: there is no backend {name or repr(name)}; {hint}")
    return names


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no time; write a number above 0, as in --seconds 60")
    return seconds


_COMMANDS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "list": ("list the rules, or what the lecture notes state and what the prover says of it", _fill_list),
    "show": ("show the equations of a rule", _fill_show),
    "generate": ("write the code of rules" + (" into generated/" if IN_CHECKOUT else ""), _fill_generate),
    "verify": ("prove the claims, read the generated files back, compare numbers", _fill_verify),
    "export": ("write what is proved of rules as theorems of another program", _fill_export),
    "report": ("write a page for every rule, to be opened in a browser", _fill_report),
    "compare": ("say whether two rules are the same algorithm, and under which map", _fill_compare),
}
