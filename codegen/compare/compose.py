"""A rule with stages around it, as one rule: `l2_decay+sgd` is SGD behind L2Decay.

Stages act on the gradient and the weights one after the other, in the order in which they are written, as
in a pipeline of the generated code. Of an equation in `w` and `g` what is there when it runs is meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import sympy

from ..load import AnySpec, Spec, StageSpec, UsageError, is_file_name, load, select
from ..spec.rules import Optimizer, Stage, Step
from ..spec.symbols import GRADIENT, PARAMETER, RATE, Array, New, Scalar, new
from ..words import all_of, plural


@dataclass(frozen=True, eq=False)
class Named:
    """What one side of a comparison means: a rule, the stages before and after it, and all of them as one rule."""

    text: str
    spec: Spec
    stages: tuple[StageSpec, ...]
    rule: Optimizer


def named(text: str) -> Named:
    """The rule that `text` names: a rule, a FILE.py with one rule, or one of them with stages, joined by `+`."""
    specs = [_one(part.strip(), text) for part in text.split("+")]
    found = [spec for spec in specs if isinstance(spec, Spec)]
    if len(found) != 1:
        fact = "no optimizer" if not found else "more than one optimizer"
        raise UsageError(f"{text}: there is {fact} in it; write one, and stages around it: l2_decay+sgd")
    stages = tuple(spec for spec in specs if isinstance(spec, StageSpec))
    return Named(text, found[0], stages, composed(found[0].optimizer, [spec.stage for spec in stages], text))


def _one(name: str, text: str) -> AnySpec:
    if not name:
        raise UsageError(f"{text or repr(text)}: a name is empty; write a rule, and stages around it: l2_decay+sgd")
    specs: Sequence[AnySpec] = load(select([name]))
    if len(specs) != 1:
        what, keys = plural(len(specs), "rule"), all_of(spec.key for spec in specs)
        if is_file_name(name):
            raise UsageError(f"{name}: {what} are in it, {keys}; put the one to be compared into a file of its own")
        raise UsageError(f"{name}: it is a family of {what}; name one of them: {keys}")
    if not isinstance(specs[0], Spec | StageSpec):
        raise UsageError(f"{name}: it is neither an optimizer nor a stage; only these are compared")
    return specs[0]


def composed(rule: Optimizer, stages: Sequence[Stage], name: str) -> Optimizer:
    """`rule` with `stages` around it as one rule without claims; `rule` itself, if there are none.

    A gradient that is taken elsewhere is the runnable rule's, as in the generated code.
    """
    if not stages:
        return rule
    rule = rule.runnable
    rates = [h for h in rule.hypers if h.name == RATE]
    now: dict[str, sympy.Expr] = {}  # what w and g are by then
    steps: list[Step] = []
    state: dict[sympy.Symbol, sympy.Expr] = {}
    taken: set[str] = set()
    for part in (*(s for s in stages if not s.after), rule, *(s for s in stages if s.after)):
        problem = _problem(part, rule)
        if problem:
            raise UsageError(f"{name}: {part.name} {problem}; it cannot be compared as a part of a rule")
        own = {s.target.name for s in part.steps if not _moves(s.target)} | {s.name for s in part.state}
        own |= {h.name for h in part.hypers}  # of two with one name each may have its own value
        if clash := sorted(own & taken):
            raise UsageError(f"{name}: two parts call something {clash[0]}; rename it in a spec of your own")
        taken |= own
        state |= part.state
        moved: dict[str, sympy.Expr] = {}
        for step in part.steps:
            # of what a stage has given a new value, both the old and the new one may be read
            read = {s: now[s.name] for s in step.value.free_symbols if s.name in now}
            read |= {s: moved[s.of.name] for s in step.value.free_symbols if isinstance(s, New) and s.of.name in moved}
            read |= {s: rates[0] for s in step.value.free_symbols if s.name == RATE and isinstance(s, Scalar) and rates}
            value = step.value.xreplace(read)
            if _moves(step.target):
                moved[step.target.of.name] = value
            else:
                steps.append(Step(step.target, value, step.note))
        now |= moved
    steps.append(Step(new(Array(PARAMETER)), now[PARAMETER], "all of it"))
    label = " + ".join(
        part.name for part in (*(s for s in stages if not s.after), rule, *(s for s in stages if s.after))
    )
    return replace(rule, name=label, state=state, steps=tuple(steps), claims=(), gradient_at=None)


def _moves(target: sympy.Symbol) -> bool:
    return isinstance(target, New) and target.of.name in (PARAMETER, GRADIENT)


def _problem(part: Optimizer, rule: Optimizer) -> str:
    """Why a stage is no matter of one element and one step."""
    if not isinstance(part, Stage):
        return ""
    if part.noisy:
        return "adds noise"
    if part.halts is not None:
        return "ends steps early"
    if part.reductions:
        return "looks at more than one element"
    if not any(_moves(step.target) for step in part.steps):
        return "changes neither the gradient nor the weights"
    read = {s.name for step in part.steps for s in step.value.free_symbols}
    if RATE in read and RATE not in {h.name for h in rule.hypers}:
        return "reads a learning rate that the rule does not have"
    return ""
