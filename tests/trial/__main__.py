"""The prover on trial: `python -m tests.trial [COUNT] [SEED]`.

Random small specs, each with a claim that is true by construction and with one that a mutation makes false. Every
verdict is held against the construction and against the replay in exact numbers, and so are all facts of each rule.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from stepsmith.codegen.analysis.proof import prove_claim
from stepsmith.codegen.claims.base import Claim
from stepsmith.codegen.claims.rules import Fails
from stepsmith.codegen.load import Spec
from stepsmith.codegen.properties import properties
from stepsmith.codegen.prove.opened import of_rule_with_sums
from stepsmith.codegen.replay import checked
from stepsmith.codegen.result import CONTRADICTED, PROVED, REFUTED, TESTED, UNDECIDED, Result
from stepsmith.codegen.spec.rules import AnyRule, Optimizer, Stage
from tests import trial
from tests.trial.kit import MAKERS, Case, Dice

for _module in iter_modules(trial.__path__):  # each enters the kinds that it makes
    if not _module.name.startswith(("_", "test_")):
        import_module(f"{trial.__name__}.{_module.name}")

SEED = 20161106
COLUMNS = (
    "proved-true",
    "proved-FALSE",
    "refuted-false",
    "refuted-TRUE",
    "undecided",
    "refused",
    "contradicted",
    "fault",
)


@dataclass(frozen=True)
class Verdict:
    """What became of a case. `column` is one of `COLUMNS`, `told` what to print of a wrong one."""

    kind: str
    twist: str
    column: str
    told: str = ""


def results_of(claim: Claim, rule: AnyRule) -> list[Result]:
    """What is said of a claim, held against the replay."""
    if isinstance(rule, Optimizer) and not isinstance(rule, Stage) and rule.reductions:
        return list(of_rule_with_sums(claim, rule))
    return [checked(result) for result in prove_claim(claim, rule)]


def judged(case: Case) -> Iterator[Verdict]:
    """The verdict on the claim of a case."""
    (claim,) = case.rule.claims
    if any((claim.claim if isinstance(claim, Fails) else claim).problems(case.rule)):
        wrong = case.true and not isinstance(claim, Fails)  # what fails may be no claim of the rule at all
        yield Verdict(case.kind, case.twist, "fault" if wrong else "refused", describe(case) if wrong else "")
        return
    try:
        results = results_of(claim, case.rule)
    except Exception:
        yield Verdict(case.kind, case.twist, "fault", f"{describe(case)}\n{traceback.format_exc(limit=-3)}")
        return
    statuses = {result.status for result in results}
    told = "\n".join([describe(case), *map(line, results)])
    if any("an inner fault" in result.reason for result in results):
        column = "fault"
    elif CONTRADICTED in statuses:
        column = "contradicted"
    elif REFUTED in statuses:
        column = "refuted-TRUE" if case.true else "refuted-false"
    elif statuses == {PROVED}:
        enough = case.true or (case.needs and any(case.needs in text for text in results[0].assumed))
        column = "proved-true" if enough else "proved-FALSE"
    else:
        column = "undecided"
    wanted = ("proved-true", "refuted-false") if case.true else ("proved-true", "refuted-false", "undecided")
    yield Verdict(case.kind, case.twist, column, "" if column in wanted else told)


def properties_of(case: Case) -> Iterator[Verdict]:
    """The facts of the rule of a case: there is no construction to hold them against, but the replay."""
    if not isinstance(case.rule, Optimizer) or isinstance(case.rule, Stage):
        return
    for result in properties(Spec("rule", "trial", Path("trial.py"), "", case.rule)):
        if result.status == TESTED:
            continue
        names = {PROVED: "proved-true", REFUTED: "refuted-false", UNDECIDED: "undecided"}
        column = "fault" if "an inner fault" in result.reason else names.get(result.status, "contradicted")
        told = f"{describe(case)}\n{line(result)}" if column in ("contradicted", "fault") else ""
        yield Verdict("facts", result.claim.split()[0], column, told)


def describe(case: Case) -> str:
    """The spec of a case, as text."""
    rule = case.rule
    steps = "; ".join(f"{step.target} = {step.value}" for step in getattr(rule, "steps", ())) or str(rule.value)
    state = {str(s): str(v) for s, v in getattr(rule, "state", {}).items()}
    return f"[{case.kind}: {case.twist or 'true'}] {state} {steps}"


def line(result: Result) -> str:
    """A result, as one line."""
    assumed = f" | {', '.join(result.assumed)}" if result.assumed else ""
    shown = f" | {dict(result.counterexample)}" if result.counterexample else ""
    return f"    {result.status} {result.claim}: {result.text} [{result.method}]{assumed}{shown} {result.reason}"


def tried(task: tuple[int, int, bool, tuple[str, ...]]) -> list[Verdict]:
    """Both cases of one pair, and `with_facts` those of its rules."""
    number, seed, with_facts, names = task
    dice = Dice(f"{seed}:{number}")
    pair = MAKERS[names[number % len(names)]](dice)
    found = []
    for case in (pair.true, pair.false):
        found += judged(case)
        if with_facts:
            found += properties_of(case)
    return found


def table(verdicts: list[Verdict]) -> list[str]:
    """The verdicts by kind."""
    counted = Counter((v.kind, v.column) for v in verdicts)
    kinds = sorted({v.kind for v in verdicts})
    width = max(len(k) for k in (*kinds, "all"))
    rows = [f"{'':{width}}  " + "  ".join(COLUMNS)]
    for name in (*kinds, "all"):
        cells = [sum(n for (k, c), n in counted.items() if c == column and name in (k, "all")) for column in COLUMNS]
        rows.append(
            f"{name:{width}}  " + "  ".join(f"{cell:>{len(c)}}" for cell, c in zip(cells, COLUMNS, strict=True))
        )
    return rows


def trial(count: int, seed: int, processes: int = 1, kinds: Sequence[str] = ()) -> list[Verdict]:
    """The verdicts on `count` pairs, of some kinds or of all; the facts of every eighth are looked at as well."""
    names = tuple(sorted(kinds or MAKERS))
    tasks = [(number, seed, number % 8 == 0, names) for number in range(count)]
    if processes == 1:
        return [verdict for task in tasks for verdict in tried(task)]
    with ProcessPoolExecutor(processes) as pool:
        return [verdict for found in pool.map(tried, tasks, chunksize=16) for verdict in found]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.trial", description="The prover on trial.")
    parser.add_argument("count", nargs="?", type=int, default=500, help="how many pairs (500)")
    parser.add_argument("seed", nargs="?", type=int, default=SEED, help=f"of all choices ({SEED})")
    parser.add_argument("--undecided", action="store_true", help="print what is true and undecided, too")
    parser.add_argument("--kind", action="append", choices=sorted(MAKERS), help="only pairs of this kind")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="how many work side by side")
    options = parser.parse_args()
    verdicts = trial(options.count, options.seed, options.processes, options.kind or ())
    wrong = [v for v in verdicts if v.told and v.column != "undecided"]
    for verdict in verdicts:
        if verdict.told and (verdict.column != "undecided" or options.undecided):
            print(f"{verdict.column}: {verdict.told}")
    print("\n".join(table(verdicts)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
