"""Statements as theorems of Coq, whose kernel checks them: what is proved here, another program certifies.

    case = Case("adam_ema_m", statement)
    theorem_of(statement.relation, case).text

A theorem ranges over whole runs: states are sequences, and the equations of the steps are what it supposes of them
(`runs`). `cases` puts a theorem together, with numbers that meet all that it supposes, `printing` spells terms,
`Stepsmith.v` has the lemmas and the tactics, `coq` runs Coq.

To add a kind of statement, write a function that makes a theorem of its relation, and register it with `theorem_of`,
in a module of its own or in that of its neighbours:

    @theorem_of.register
    def _(relation: Weights, case: Case) -> Theorem:
        return case.theorem(goal, script, relation.weight, relation.total)

What `case.theorem` is told to depend on are the terms that it speaks of: the equations of the steps behind them become
hypotheses. An equation or inequality (`Holds`) of a form of its own is added to `equations`. Lemmas go to
`Stepsmith.v`. A form that there are no words for raises InexpressibleError with what it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial, singledispatch
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from ..faults import described
from ..result import INEXPRESSIBLE, PROVED, SKIPPED, Certificate, Outcome, Result
from ..spec.rules import AnyRule, Optimizer
from ..statement import Relation, Statement
from ..timeouts import CERTIFY, SlowError, limited
from . import coq
from .cases import Case
from .emitted import agreement
from .sums import over_numbers
from .theorem import InexpressibleError, Theorem

#: The first word of what is proved of a file: it computes what the spec says.
READBACK = "readback"

__all__ = ["Case", "Exported", "InexpressibleError", "Theorem", "case_of", "certified", "exported", "theorem_of"]


@singledispatch
def theorem_of(relation: Relation, case: Any) -> Theorem:
    """The theorem that `relation` holds in all runs of `case`. Raises InexpressibleError with the reason."""
    raise InexpressibleError(f"statements of the kind {type(relation).__name__}")


@singledispatch
def case_of(rule: AnyRule, name: str, statement: Statement) -> Any:
    """What puts a theorem about runs of `rule` together. Raises InexpressibleError if nothing does."""
    raise InexpressibleError(f"statements about a {type(rule).__name__.lower()}")


@case_of.register
def _(rule: Optimizer, name: str, statement: Statement) -> Case:
    return Case(name, statement)


@dataclass(frozen=True)
class Exported:
    """What becomes of the results of a rule: theorems by the place of their result, and why others are none."""

    theorems: dict[int, Theorem]
    left_out: dict[int, str]

    @property
    def different(self) -> list[Theorem]:
        """Each theorem once: files for several libraries may compute the same in the same way."""
        return list({theorem.name: theorem for theorem in self.theorems.values()}.values())


def exported(key: str, results: Iterable[Result]) -> Exported:
    """What is proved of runs and of what files compute, each as a theorem. Other results are not counted."""
    theorems: dict[int, Theorem] = {}
    left_out: dict[int, str] = {}
    taken: set[str] = set()
    files: list[tuple[int, Result]] = []
    for place, result in enumerate(results):
        if result.status != PROVED:
            continue
        if result.claim.split()[0] == READBACK:
            files.append((place, result))
        elif isinstance(result.statement, Statement):
            found = _put(partial(_theorem, _named(f"{key} {result.claim}", taken), result.statement))
            if isinstance(found, Theorem):
                theorems[place] = found
            else:
                left_out[place] = found
    known: dict[Theorem, Theorem] = {}
    for place, result in files:
        alike = (p for p, other in files if p in theorems and other.emitted == result.emitted)
        if (first := next(alike, None)) is not None:
            theorems[place] = theorems[first]
            continue
        found = _put(partial(agreement, result.emitted))
        if isinstance(found, Theorem):
            if found not in known:
                known[found] = replace(found, name=_named(f"{key} {result.claim}", taken), about=result.text)
            theorems[place] = known[found]
        else:
            left_out[place] = found
    return Exported(theorems, left_out)


def certified(key: str, results: Iterable[Result], kept: Path) -> list[Result]:
    """The results of a rule, each proved statement with what Coq says of it. Answers are kept in the folder `kept`."""
    found = list(results)
    text = "what is proved of runs and of what files compute is checked by Coq's kernel"
    if coq.version() is None:
        reason = f"coqc is not there; install the package {coq.PACKAGE}"
        return [*found, Outcome(SKIPPED, reason=reason).of("certified", text, key)]
    export = exported(key, found)
    said = coq.checked(export.different, kept)
    for place, theorem in export.theorems.items():
        found[place] = replace(found[place], certificate=said[theorem.name])
    for place, reason in export.left_out.items():
        found[place] = replace(found[place], certificate=Certificate(INEXPRESSIBLE, reason))
    return found


def _put(made: Callable[[], Theorem]) -> Theorem | str:
    """A statement as a theorem, or why it is none. What breaks on the way takes no other statement along."""
    try:
        with limited(CERTIFY):
            return made()
    except InexpressibleError as error:
        return str(error)
    except SlowError:
        return f"a statement that is not put into words in {CERTIFY} s of the processor"
    except Exception as error:
        return described(error)


def _theorem(name: str, statement: Statement) -> Theorem:
    statement = over_numbers(statement)
    return theorem_of(statement.relation, case_of(statement.runs.rule, name, statement))


def _named(text: str, taken: set[str]) -> str:
    """A name of Coq that is not taken."""
    stem = re.sub(r"\W+", "_", text).strip("_")
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem}_{number}"
    taken.add(name)
    return name


for _module in iter_modules(__path__):  # each registers the kinds that it knows
    import_module(f"{__name__}.{_module.name}")
