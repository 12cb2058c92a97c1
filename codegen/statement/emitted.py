"""What a file computes in a step, operation by operation, beside the equations that it is to compute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..expr.tree import Node
from ..spec.rules import Optimizer


@dataclass(frozen=True)
class Emitted:
    """What a file leaves of an element and of the numbers of a step is what `rule` has there, in real arithmetic.

    A schedule is a rule of one step. Of a stage, whether the step ends is 1 or 0.

    `operations` are those of the file, each with a name for its value, in terms of names before it and of what the
    rule is given. `left` says what they leave, by the names of the equations (`w_new`). In `rule` sums over arrays
    are symbols.
    """

    rule: Optimizer = field(repr=False)
    operations: Mapping[str, Node] = field(hash=False)
    left: Mapping[str, Node] = field(hash=False)
