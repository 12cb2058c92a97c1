"""What z3 says of everything that the tactics close while the claims of the specs are proved.

python -m tests.second_opinion [NAME ...]
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import z3

from stepsmith.codegen.algebra.obligations import Obligation, recording
from stepsmith.codegen.algebra.smt import InexpressibleError, has_whole, script
from stepsmith.codegen.load import load, select
from stepsmith.codegen.prove import prove

AGREES, CONTRADICTS, VACUOUS, UNKNOWN, INEXPRESSIBLE = "agrees", "CONTRADICTS", "VACUOUS", "unknown", "inexpressible"
_EFFORT = 3_000_000  # what z3 counts while it works: the same on every machine, unlike time


@dataclass(frozen=True)
class Opinion:
    """On one obligation; `reason` says why there is none."""

    rule: str
    obligation: Obligation
    answer: str
    reason: str = ""


def ask(text: str) -> str:
    """What z3 answers to a script: sat, unsat or unknown."""
    solver = z3.Solver()
    solver.set("rlimit", _EFFORT)
    solver.from_string(text)
    return str(solver.check())


def opinion(rule: str, obligation: Obligation) -> Opinion:
    """Whether z3 agrees. What follows only because its assumptions cannot hold is `VACUOUS`."""
    try:
        found = ask(script(obligation))
        if found == "sat" and has_whole(obligation):  # what refutes it may be no whole number
            found = ask(script(obligation, whole=True))
        if found == "unsat" and ask(script(obligation, negated=False)) == "unsat":
            return Opinion(rule, obligation, VACUOUS)
    except InexpressibleError as error:
        return Opinion(rule, obligation, INEXPRESSIBLE, str(error))
    return Opinion(rule, obligation, {"unsat": AGREES, "sat": CONTRADICTS, "unknown": UNKNOWN}[found])


def obligations(names: Sequence[str]) -> Iterator[tuple[str, Obligation]]:
    """What is closed for the rules in `names`, or for all, each once."""
    seen = set()
    for spec in load(select(names)):
        with recording() as found:
            for _ in prove(spec):
                pass
        for obligation in found:
            if obligation not in seen:
                seen.add(obligation)
                yield spec.key, obligation


def summary(opinions: Sequence[Opinion]) -> str:
    """How many obligations z3 agrees to, and what it was not asked."""
    counted = Counter(o.answer for o in opinions)
    reasons = Counter(o.reason for o in opinions if o.answer == INEXPRESSIBLE)
    lines = [f"{len(opinions)} obligations: " + ", ".join(f"{n} {answer}" for answer, n in counted.most_common())]
    lines += [f"  not expressed because of {reason}: {n}" for reason, n in reasons.most_common()]
    return "\n".join(lines)


def main() -> int:
    opinions = []
    for rule, obligation in obligations(sys.argv[1:]):
        opinions.append(opinion(rule, obligation))
        if opinions[-1].answer not in (AGREES, INEXPRESSIBLE):
            print(f"{opinions[-1].answer}: {rule}: {obligation.left} {obligation.relation} {obligation.right}")
    print(summary(opinions))
    return int(any(o.answer in (CONTRADICTS, VACUOUS) for o in opinions))


if __name__ == "__main__":
    sys.exit(main())
