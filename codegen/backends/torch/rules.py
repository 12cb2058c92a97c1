"""Rules as functions of tensors, beside numbers that the host forms in double."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...execution.cells import UFUNCS
from ...execution.language import HOST, OutsideError, of_arrays
from ...execution.modules import BrokenError, call, member
from ...execution.shapes import HYPERS, PASSED, Member, handing_on
from ...expr.printing import Library, noted
from ...expr.tree import Node, Number, names
from ...load import Spec
from ...lower.host import Host
from ...lower.program import Assign, Program
from .. import EntryLines, StandIns
from ..functional import Declared
from ..functional import over_symbols as over_symbols_with

#: What `_arrays.py` has where functions of torch would not do, or those of Python.
FUNCTIONS = ("nan_max", "nan_min", "scalar_like", "sign_of")
#: Functions of the table, as they are called here: of two numbers on the host, and of tensors.
_HOST = {"maximum": "nan_max", "minimum": "nan_min"}
_OWN = {"sign": "sign_of"}
#: Functions that torch has of tensors alone.
_OF_TENSORS = ("maximum", "minimum")


class Elements(Library):
    """Values of whole tensors. A number that stands where torch takes tensors alone is made one, of their dtype."""

    def call(self, function: str, arguments: tuple[Node, ...]) -> tuple[str, int]:
        text, binds = super().call(function, arguments)
        if function in _OWN:
            return text.replace(f"{self.alias}.{function}(", f"{_OWN[function]}(", 1), binds
        if function in _OF_TENSORS:
            return f"{self.alias}.{function}({', '.join(map(self._tensor, arguments))})", binds
        return text, binds

    def where(self, comparison: str, left: Node, right: Node, then: Node, otherwise: Node) -> tuple[str, int]:
        text, binds = super().where(comparison, left, right, then, otherwise)
        if not (isinstance(then, Number) and isinstance(otherwise, Number)):
            return text, binds
        test, _, _ = text.removeprefix(f"{self.alias}.where(").rpartition(f", {self(then)}, {self(otherwise)})")
        # of two numbers torch makes what torch.get_default_dtype() says
        return f"{self.alias}.where({test}, {self._tensor(then)}, {self(otherwise)})", binds

    def _tensor(self, node: Node) -> str:
        return f"scalar_like({self(node)}, w)" if isinstance(node, Number) else self(node)


class OnHost(Host):
    """Numbers on the host, some of which are formed of sums, which may be NaN."""

    def call(self, function: str, arguments: tuple[Node, ...]) -> tuple[str, int]:
        text, binds = super().call(function, arguments)
        if function not in _HOST or _names(arguments).isdisjoint(self.free):
            return text, binds
        return f"{_HOST[function]}({', '.join(map(self, arguments))})", binds


def _names(nodes: Iterable[Node]) -> set[str]:
    return {name.name for node in nodes for name in names(node)}


#: See `Functions`.
elements, moves, copied = Elements("torch"), False, "w.clone()"
optional = ()
imports: Mapping[str, str] = {}
values = of_arrays("torch", "scalar_like", *_OWN.values())
numbers = replace(HOST, functions=HOST.functions | {*_HOST.values()})


def on_host(program: Program) -> Host:
    """The spelling of the numbers of a step, sums and signals among them."""
    return OnHost(program.known, program.scalars, program.supplied | program.reduced_in_time)


def scalar_lines(program: Program, scalars: Iterable[Assign]) -> list[str]:
    """See `Functions`."""
    spell = on_host(program)
    return [f"{one.target} = {spell(one.value)}{noted(one.note)}" for one in scalars]


def entry(spec: Spec) -> EntryLines:
    """See `Functions`: the class is what users call."""
    from ...render.text import hyper_table, hyper_type, keywords, supplied_rows, table, where_w_is
    from ...spec.rules import settings

    rule = spec.optimizer
    doc = [f'"""{rule.name}: {rule.summary or "see the equations"}.', "", f"Source: {rule.source}."]
    doc += [f"The equations are in `{spec.key}_elements`.", *where_w_is(rule)]
    doc += ["", "params are tensors, pairs of a name and a tensor, or dicts with groups of them, as in torch.optim:"]
    doc += ["float16, bfloat16, float32 or float64. pipeline are the stages around the rule, from the module pipeline,"]
    doc += ["in the order in which they run. engine says how a step runs, see `TorchOptimizer`."]
    if rule.own_t:
        doc += ["The step number counts the steps of each parameter by itself: those in which it has a gradient."]
    elif rule.reads_t:
        doc += ["The step number counts the steps of the optimizer, whether a parameter has a gradient in them or not."]
    if rows := supplied_rows(rule):
        rows = [
            (name, kind.replace("arrays, nested as the gradients", "tensors, one for each parameter"), note)
            for name, kind, note in rows
        ]
        given = ", ".join(f"{name}={name}" for name, _, _ in rows)
        doc += [f"A step is step({given}):", "", *table(rows), ""]
    if settings(rule):
        doc += ["Each hyperparameter is a number, or a callable of the step number t, from 1:", "", *hyper_table(rule)]
    hypers = "".join(f", {hyper}={hyper}" for hyper in settings(rule))
    init = ["", "def __init__(", "    self,", "    params: Any,", "    *,"]
    init += [f"    {line}" for line in keywords(rule, hyper_type)]
    init += ["    pipeline: Sequence[Stage] = (),", '    engine: str = "auto",', ") -> None:"]
    init += [f"    super().__init__(params, pipeline=pipeline, engine=engine{hypers})"]
    return EntryLines(exported=[rule.name], doc=[*doc, '"""'], members=init)


def members() -> Mapping[str, Member]:
    """See `Functions`."""
    given = rf"self, params: Any, \*{HYPERS}, pipeline: Sequence\[Stage\]=\(\), engine: str='auto'"
    return {"__init__": handing_on(given, f"params, pipeline=pipeline, engine=engine{PASSED}")}


def own_statement(node: ast.stmt, taken: set[str]) -> None:
    """See `Functions`: there are no others."""
    raise OutsideError(node, "has no place in a generated module")


def made(spec: Spec, module: Mapping[str, Any], path: Path) -> Any:
    """See `Functions`."""
    from ...readback.checks import check_signature
    from ...spec.rules import settings

    cls = member(module, spec.optimizer.name)
    check_signature(cls.__init__, ["params"], spec.optimizer)
    given: dict[str, Any] = {hyper.name: object() for hyper in settings(spec.optimizer)}
    params, around = object(), {"pipeline": object(), "engine": object()}
    found = call(path, cls, params, **around, **given)
    if found.given != (params,) or found.hyper != {**around, **given}:
        raise BrokenError(f"{cls.__name__} does not pass its arguments on as they are")
    return found


def over_symbols() -> StandIns:
    """See `Functions`."""
    return over_symbols_with({**stand_ins(), "TorchOptimizer": Declared})


def stand_ins() -> dict[str, Any]:
    """What stands for `FUNCTIONS` over symbols."""
    helpers = {name: UFUNCS[of] for of, name in {**_HOST, **_OWN}.items()}
    return {**helpers, "scalar_like": lambda value, w: value}
