"""States that need no sum: they may take their new values while the sums are taken, if a step moves less that way.

What is summed up is often formed of new states, as in LAMB, whose trust ratio is of the step that they give. Then the
arrays from which these are formed are read twice: for the sums, and in the step. A pass that writes the new states
while it sums up leaves the step to read them alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ..expr.tree import Name, Node, children, names, with_children
from ..spec.symbols import PARAMETER
from .program import Assign, Program, Reduce


@dataclass(frozen=True)
class Ahead:
    """The new values of states, by state, and the sums in terms of them. `saved` are the words that are not moved."""

    states: Mapping[str, Assign]
    reductions: tuple[Reduce, ...]
    saved: int


def ahead(program: Program) -> Ahead | None:
    """What of a rule with sums may go ahead of its step; None if nothing may, or if it saves nothing.

    All arrays have to be as they were until a sum over all of them is there, or a number that is kept of sums.
    """
    if any(one.overall for one in program.reductions):
        return None
    if any(commit.value in program.reduced_in_time for commit in program.scalar_commits):
        return None
    made = {assign.target: assign for assign in program.arrays}
    states = {
        commit.target: made[commit.value]
        for commit in program.commits
        if commit.target != PARAMETER and commit.value in made and _free(made[commit.value], program, made)
    }
    by_value = {assign.value: Name(assign.target, array=True) for assign in states.values()}
    reductions = tuple(replace(one, value=_replaced(one.value, by_value)) for one in program.reductions)
    summed = _arrays(one.value for one in reductions)
    states = {state: assign for state, assign in states.items() if assign.target in summed}
    taken = {assign.target for assign in states.values()}
    early = _arrays(assign.value for assign in states.values()) | (summed - taken)
    late = _arrays(assign.value for assign in program.arrays if assign.target not in taken) - made.keys()
    if not states or states.keys() & (summed | late):  # what has taken its new value has lost the old one
        return None
    before = len(program.summed_arrays) + len(_arrays(a.value for a in program.arrays) - made.keys())
    saved = before - len(early) - len(late | states.keys())  # what is written is the same
    return Ahead(states, reductions, saved) if saved > 0 else None


def _free(assign: Assign, program: Program, made: Mapping[str, Assign]) -> bool:
    """Whether a value is formed of no sum, and of arrays as they were, and is not just one of them."""
    read = {name.name for name in names(assign.value)}
    return not isinstance(assign.value, Name) and read.isdisjoint({*program.reduced, *made})


def _replaced(node: Node, by_value: Mapping[Node, Name]) -> Node:
    found = by_value.get(node)
    return found or with_children(node, tuple(_replaced(child, by_value) for child in children(node)))


def _arrays(nodes: Iterable[Node]) -> set[str]:
    return {name.name for node in nodes for name in names(node) if name.array}
