"""What a step costs: words of state, array reads and writes, operations over arrays."""

from __future__ import annotations

from collections.abc import Iterator

from codegen.lower import lower
from codegen.passes import schedule
from codegen.result import PROVED, Result
from codegen.spec import Optimizer
from codegen.tree import names


def cost(rule: Optimizer) -> Iterator[Result]:
    """Counted on the lowered program, of which the generated code is printed."""
    program = lower(rule)
    states = [s.name for s in rule.array_state]
    kept = f" ({', '.join(states)})" if states else ""
    alone = f", and {len(rule.scalar_state)} for all parameters together" if rule.scalar_state else ""
    yield Result("", "memory", PROVED, f"{_words(len(states))} of state per parameter{kept}{alone}", "count")
    made = {assign.target for assign in program.arrays}
    read = dict.fromkeys(n.name for a in program.arrays for n in names(a.value) if n.array and n.name not in made)
    written = [commit.target for commit in program.commits]
    passes = [p for group in schedule(program).groups for p in group.passes if p.ufunc != "alias"]
    statement = (
        f"in one kernel a step reads {len(read)} ({', '.join(sorted(read))}) and writes {len(written)} "
        f"({', '.join(sorted(written))}) words per element; as operations over whole arrays it takes {len(passes)}"
    )
    yield Result("", "traffic", PROVED, statement, "count of the lowered program")


def _words(number: int) -> str:
    return f"{number} word" if number == 1 else f"{number} words"
