"""Rules as functions that JAX traces: of numbers, which may be traced as well, and of whole arrays."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sympy import Mod

from ...execution.language import NAME, OutsideError, fresh, of_arrays
from ...execution.modules import BrokenError, call, member
from ...execution.shapes import HYPERS, KEYWORDS, Member, body_of, header, literal, without_doc
from ...expr.printing import Library, noted
from ...expr.tree import Node, Number, Power, Sum
from ...load import Spec
from ...lower.host import Host
from ...lower.program import Assign, Program, lower
from ...spec.host import STAND_INS, TOTAL
from ...spec.rules import Optimizer
from ...spec.symbols import PARAMETER
from ...spec.transformation import surrounds
from .. import EntryLines, StandIns
from ..functional import Declared
from ..functional import elements as elements_of
from ..functional import over_symbols as over_symbols_with

#: See `Functions`.
elements, moves, copied = Library("jnp"), True, "w.copy()"
optional = ("_reads_w", "_moves", "_any_t", "_shifts", "_ends")
imports: Mapping[str, str] = {"from typing": "NamedTuple"}
values = of_arrays("jnp")
numbers = of_arrays("jnp", *(name for name in STAND_INS if name not in TOTAL))


class Traced(Host, Library):
    """Numbers of a step, each of which may be traced: functions and choices are those of JAX."""

    alias, there = "jnp", None

    def spell(self, node: Node) -> tuple[str, int]:
        match node:
            # `one_minus_power` of JAX is for exponents from 0
            case Sum(((1, Number(1)), (-1, Power(_, exponent)))) if not self._range(exponent).nonnegative:
                return Library.spell(self, node)
        return super().spell(node)

    def call(self, function: str, arguments: tuple[Node, ...]) -> tuple[str, int]:
        return Library.call(self, function, arguments)


def scalar_lines(program: Program, scalars: Iterable[Assign]) -> list[str]:
    """See `Functions`."""
    spell = Traced(program.known, program.scalars, program.supplied)
    return [f"{one.target} = {spell(one.value)}{noted(one.note)}" for one in scalars]


def _fields(rule: Optimizer) -> list[str]:
    """What is kept, in this order: the number of the step, arrays, numbers for all arrays, numbers for each."""
    return ["t", *(state.name for state in (*rule.array_state, *rule.scalar_state))]


def entry(spec: Spec) -> EntryLines:
    """See `Functions`: the state as a named tuple, and the function that gives the transformation."""
    from ...render.text import hyper_table, hyper_type, keywords, supplied_rows, table, where_w_is

    rule, state = spec.optimizer, f"{spec.optimizer.name}State"
    shared = {one.name for one in rule.shared_state}
    before = [f"class {state}(NamedTuple):"]
    before += [
        f'    """What {rule.name} keeps: the number of steps, and states that are nested as the parameters."""',
        "",
    ]
    before += [f"    {name}: {'Array' if name in ('t', *shared) else 'Any'}" for name in _fields(rule)]
    parameters = keywords(rule, hyper_type)
    doc = [f'"""{rule.name}: {rule.summary or "see the equations"}.', "", f"Source: {rule.source}."]
    doc += [f"The equations are in `{spec.key}_elements`.", *where_w_is(rule)]
    around = surrounds(spec.stage)
    if around:
        doc += [f"It is put around the rule, and what is in a chain with it: {spec.key}(rule, ...)."]
        if spec.stage and spec.stage.halts is not None:
            doc += ["An update may be one that ends early: then what it surrounds waits."]
        if spec.stage and spec.stage.home is not None:
            doc += [
                "Each update leaves the parameters where the next gradient is taken. Since updates are added, there"
            ]
            doc += ["is no way back from where a parameter is not finite."]
    elif spec.stage:
        chained = f"rule, {spec.key}(...)" if spec.stage.after else f"{spec.key}(...), rule"
        doc += [f"It stands {'after' if spec.stage.after else 'before'} the rule: optax.chain({chained})."]
    if rows := supplied_rows(rule):
        given = ", ".join(f"{name}={name}" for name, _, _ in rows)
        doc += ["", f"A step is update(grads, state, params, {given}):", "", *table(rows)]
    if parameters:
        doc += ["", "Each hyperparameter is a number, traced or not, or a function of the steps taken so far, from 0:"]
        doc += ["", *hyper_table(rule)]
    passed = ", ".join(f"{line.partition(':')[0]}={line.partition(':')[0]}" for line in parameters)
    taken = ["tx: GradientTransformation,"] if around else []
    taken += ["*,", *parameters] if parameters else []
    after = [f"def {spec.key}(" + ("" if taken else ") -> GradientTransformation:")]
    after += [*(f"    {line}" for line in taken), ") -> GradientTransformation:"] if taken else []
    made = "around(tx)" if around else "transformation()"
    after += [f"    {line}" for line in [*doc, '"""']] + [f"    return {rule.name}({passed}).{made}"]
    return EntryLines(
        exported=[spec.key, state],
        doc=[f'"""What `{spec.key}` is made of."""'],
        before=before,
        members=[
            f"_State = {state}",
            *(f"{name}: ClassVar = {holds}" for name, holds in _kind(spec).items() if holds != _KIND[name]),
        ],
        after=after,
    )


#: What a class has if it does not say so itself.
_KIND = {"_reads_w": True, "_moves": True, "_any_t": True, "_shifts": False, "_ends": False}


def _kind(spec: Spec) -> dict[str, bool]:
    """What a class says of its rule.

    Whether a step has to be given the parameters, and whether it gives what is added to them, or what they are; whether
    the number of a step may be rounded, of which something else is left when it is divided; of a stage around a rule,
    whether it moves the parameters before that, and whether it may end a step.
    """
    program, stage = lower(spec.optimizer), spec.stage
    any_t = not any(step.value.has(Mod) for step in spec.optimizer.steps)
    each = elements_of(program, moves)
    reads = each.reads_w or not each.moves or PARAMETER in program.summed_arrays
    around = {"_shifts": stage is not None and stage.moves, "_ends": stage is not None and stage.halts is not None}
    return {"_reads_w": reads, "_moves": each.moves, "_any_t": any_t, **around}


def members() -> Mapping[str, Member]:
    """See `Functions`."""

    def state(node: ast.stmt) -> None:
        if not re.fullmatch(rf"_State = {NAME}State", ast.unparse(node)):
            raise OutsideError(node, "does not name what is kept")

    return {"_State": state, **dict.fromkeys(_KIND, literal)}


def own_statement(node: ast.stmt, taken: set[str]) -> None:
    """See `Functions`: the named tuple of what is kept, or the function that gives the transformation."""
    match node:
        case ast.ClassDef(bases=[ast.Name(id="NamedTuple")], keywords=[], decorator_list=[], body=body):
            seen: set[str] = set()
            for line in without_doc(body):
                match line:
                    case ast.AnnAssign(target=ast.Name(id=name), value=None) if ast.unparse(line.annotation) in (
                        "Array",
                        "Any",
                    ):
                        fresh(line, [name], seen)
                    case _:
                        raise OutsideError(line, "is no field of what is kept")
        case ast.FunctionDef():
            # loss_scale(loss_scale=...) reads the hyperparameter, and not itself
            tx = "tx: GradientTransformation"
            given = rf"(?:{tx}(?:, \*{HYPERS})?|(?:\*{HYPERS})?)"
            header(node, given, "GradientTransformation", taken - {node.name})
            (last,) = body_of(node) if len(body_of(node)) == 1 else (node,)
            made = r"(?:transformation\(\)|around\(tx\))"
            if not re.fullmatch(rf"return {NAME}\({KEYWORDS}\)\.{made}", ast.unparse(last)):
                raise OutsideError(last, "does not return the transformation of a rule")
        case _:
            raise OutsideError(node, "has no place in a generated module")


class _Transformed(Declared):
    """Stands in for the base class; its transformation is what it was made with, and what it is put around."""

    _State: Any = None
    _reads_w = _moves = _any_t = True
    _shifts = _ends = False
    inner: Any = None

    def transformation(self) -> _Transformed:
        return self

    def around(self, tx: Any) -> _Transformed:
        self.inner = tx
        return self


def made(spec: Spec, module: Mapping[str, Any], path: Path) -> Any:
    """See `Functions`."""
    from ...readback.checks import check_attributes, check_signature
    from ...spec.rules import settings

    rule, cls = spec.optimizer, member(module, spec.optimizer.name)
    state, give = member(module, f"{rule.name}State"), member(module, spec.key)
    if cls._State is not state or list(state._fields) != _fields(rule):
        raise BrokenError(f"{rule.name} keeps {' '.join(cls._State._fields)}; the spec {' '.join(_fields(rule))}")
    check_attributes(cls, rule.name, _kind(spec))
    inner = [object()] if surrounds(spec.stage) else []
    check_signature(give, ["tx"] * len(inner), rule)
    given = {hyper.name: object() for hyper in settings(rule)}
    found = call(path, give, *inner, **given)
    if type(found) is not cls or found.given or found.hyper != given or found.inner is not (*inner, None)[0]:
        raise BrokenError(f"{spec.key} does not pass its arguments on as they are")
    return found


def over_symbols() -> StandIns:
    """See `Functions`."""
    helpers = {"GradientTransformation": Any, "JaxOptimizer": _Transformed, **STAND_INS}
    return over_symbols_with(helpers)
