"""What a step costs: words of state, words read and written, operations on each element, passes over arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ..backends import in_place_backend, those_in_place
from ..expr.tree import names
from ..lower.ahead import ahead
from ..lower.instructions import schedule
from ..lower.program import lower
from ..result import PROVED, Outcome, Printed, Result
from ..spec.rules import Optimizer
from ..words import plural


@dataclass(frozen=True)
class Cost:
    """Per element of the parameter: what is kept, read and written, each a word; passes over arrays by their ufuncs.

    `summed` is what is read once more before, for sums over arrays. Where states go `ahead` of the step, written with
    the sums, `saved` fewer words are moved. `alone` are the states that are kept once for all parameters, `own` those
    that are a number for each array, `scratch` the tiles that those need.
    """

    state: tuple[str, ...]
    alone: tuple[str, ...]
    read: tuple[str, ...]
    written: tuple[str, ...]
    instructions: tuple[str, ...]
    scratch: int
    summed: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    ahead: tuple[str, ...] = ()
    saved: int = 0

    @property
    def operations(self) -> tuple[str, ...]:
        """What is computed: the passes but for those that only copy."""
        return tuple(name for name in self.instructions if name != "copy")

    @property
    def words(self) -> int:
        """How many words a step moves for each element, if nothing is read or written twice but for sums."""
        return len(self.read) + len(self.written) + len(self.summed)


def counted(rule: Optimizer) -> Cost:
    """Counted on the lowered program, of which the generated code is printed."""
    rule = rule.runnable
    program = lower(rule)
    plan = schedule(program)
    made = {assign.target for assign in program.arrays}
    read = {n.name for a in program.arrays for n in names(a.value) if n.array and n.name not in made}
    early = ahead(program)
    instructions = [p.ufunc for group in plan.groups for p in group.instructions if p.ufunc != "alias"]
    return Cost(
        state=tuple(s.name for s in rule.array_state),
        alone=tuple(s.name for s in rule.shared_state),
        own=tuple(s.name for s in rule.own_state),
        read=tuple(sorted(read)),
        written=tuple(sorted(commit.target for commit in program.commits)),
        instructions=(*instructions, *(p.ufunc for p in plan.commits)),
        scratch=len(plan.scratch) + len(plan.masks),
        summed=tuple(sorted(program.summed_arrays)),
        ahead=tuple(early.states) if early else (),
        saved=early.saved if early else 0,
    )


def cost(rule: Optimizer) -> Iterator[Result]:
    """The cost as facts."""
    found = counted(rule)
    kept = f" ({', '.join(found.state)})" if found.state else ""
    alone = f", and {len(found.alone)} for all parameters together" if found.alone else ""
    own = f", and {len(found.own)} for each array ({', '.join(found.own)})" if found.own else ""
    memory = Printed(f"{plural(len(found.state), 'word')} of state per parameter{kept}{own}{alone}")
    yield Outcome(PROVED, "count").of("memory", memory)
    statement = (
        f"for each element a step in one kernel reads {plural(len(found.read), 'word')} ({', '.join(found.read)}) and "
        f"writes {len(found.written)} ({', '.join(found.written)}); as operations over whole arrays it takes "
        f"{len(found.instructions)}"
    )
    if found.summed:
        statement += (
            f"; before that it reads {plural(len(found.summed), 'word')} ({', '.join(found.summed)}) for its sums"
        )
    if found.ahead:
        statement += f", and in {_going_ahead()} writes {', '.join(found.ahead)} there, so that it moves "
        statement += f"{plural(found.words - found.saved, 'word')} in all, not {found.words}"
    yield Outcome(PROVED, "count of the lowered program").of("traffic", Printed(statement))


def rows(rule: Optimizer) -> list[tuple[str, str]]:
    """The cost as a table of two columns."""
    found = counted(rule)
    alone = f", and {', '.join(found.alone)} once for all parameters" if found.alone else ""
    alone += f", and {', '.join(found.own)} once for each array" if found.own else ""
    scratch = f"{plural(found.scratch, 'tile')} of scratch"
    kinds = ", ".join(f"{count} {ufunc}" for ufunc, count in Counter(found.operations).most_common())
    return [
        ("state", f"{plural(len(found.state), 'word')} {_among(found.state)}{alone}".strip()),
        ("read", f"{plural(len(found.read), 'word')} {_among(found.read)}"),
        *([("for sums", f"{plural(len(found.summed), 'word')} {_among(found.summed)}")] if found.summed else []),
        ("written", f"{plural(len(found.written), 'word')} {_among(found.written)}"),
        ("moved", f"{4 * found.words} bytes in float32, {8 * found.words} in float64{_less(found)}"),
        ("operations", f"{len(found.operations)}: {kinds}" if kinds else "0"),
        ("passes", f"{len(found.instructions)} over whole arrays, with {scratch}; 1 in compiled code"),
    ]


def _less(found: Cost) -> str:
    """What is said of the bytes where states go ahead of the step."""
    words = found.words - found.saved
    return f"; in {_going_ahead()} {4 * words} and {8 * words}" if found.ahead else ""


def _going_ahead() -> str:
    """The backends in which they do."""
    those = map(in_place_backend, those_in_place())
    return ", ".join(backend.label for backend in those if backend.rules.goes_ahead)


def _among(names: tuple[str, ...]) -> str:
    return f"({', '.join(names)})" if names else ""
