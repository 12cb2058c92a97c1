"""A second reading of the torch optimizers: the graph of a step as torch traces it, with the runtime's part in it.

The functions of elements are read back as they stand; here they are traced together with what calls them, and each
operation of the graph is taken for what torch says that it computes.
"""

import inspect
import operator
from functools import partial

import pytest
import sympy

from stepsmith.codegen.execution.cells import Log
from stepsmith.codegen.execution.choices import compare, select
from stepsmith.codegen.load import GENERATED, catalog
from stepsmith.codegen.readback.rules import _over_symbols
from stepsmith.codegen.spec.symbolic import maximum, minimum
from tests.conftest import spec_of
from tests.sample import by_kind

pytest.importorskip("torch", reason="torch is not installed; pip install 'stepsmith[torch]'")

import torch
from torch.fx.experimental.proxy_tensor import make_fx

import stepsmith.torch as ours
from stepsmith.torch import _engines

RULES = [entry for entry in catalog() if entry.kind == "optimizer"]
BY_KEY = {entry.key: entry for entry in RULES}

_COMPARISONS = {"gt": ">", "ge": ">=", "lt": "<", "le": "<=", "eq": "==", "ne": "!="}
#: What the operations of a graph compute; no element is NaN.
OPERATIONS = {
    "add": operator.add,
    "sub": operator.sub,
    "rsub": lambda a, b: b - a,
    "mul": operator.mul,
    "div": operator.truediv,
    "reciprocal": lambda a: 1 / a,
    "neg": operator.neg,
    "pow": sympy.Pow,
    "sqrt": sympy.sqrt,
    "exp": sympy.exp,
    "log": sympy.log,
    "log1p": lambda a: sympy.log(1 + a),
    "tanh": sympy.tanh,
    "cos": sympy.cos,
    "floor": sympy.floor,
    "abs": sympy.Abs,
    "absolute": sympy.Abs,
    "sign": sympy.sign,
    "maximum": maximum,
    "minimum": minimum,
    "isnan": lambda a: sympy.false,
    "where": lambda test, a, b: b if test is sympy.false else select(test, a, b),
    "full": lambda size, value: value,
    "scalar_tensor": lambda value: value,
    "_to_copy": lambda a: a,
    "clone": lambda a: a,
    "detach": lambda a: a,
    "copy_": lambda a, b: b,
    "unbind": lambda a: a,
    "getitem": operator.getitem,
    **{name: partial(compare, sign) for name, sign in _COMPARISONS.items()},
}


def traced(cls, arrays, numbers):
    """The graph of a step of tensors, of which the last is the gradient, and of so many numbers."""

    def step(written, read, scalars):
        _engines._apply(cls._elements, written, read, scalars)
        return written

    tensors = [torch.rand(3, dtype=torch.float64) + 0.5 for _ in arrays]
    states = 1 + len(cls._states)
    scalars = torch.rand(numbers, dtype=torch.float64) + 0.5
    return make_fx(step)(tensors[:states], tensors[states:], scalars).graph


def computed(graph, symbols):
    """What a graph leaves in what it is given, over symbols."""
    values, found, given = {}, {}, iter(symbols)
    for node in graph.nodes:
        if node.op == "placeholder":
            values[node] = found[node] = next(given)
        elif node.op == "call_function":
            name = node.target.__name__.partition(".")[0]
            operands = [exactly(values, one) for one in node.args]
            values[node] = OPERATIONS[name](*operands)
            if name == "copy_":
                found[node.args[0]] = values[node.args[0]] = values[node]
    return list(found.values())


def exactly(values, operand):
    if isinstance(operand, torch.fx.Node):
        return values[operand]
    return sympy.nsimplify(operand, rational=True) if isinstance(operand, float) else operand


@pytest.mark.parametrize("key", by_kind(RULES, together=1))
def test_the_graph_of_a_step_computes_what_is_read_back(key):
    entry, spec = BY_KEY[key], spec_of(key)
    cls = getattr(ours, entry.name)
    module = _over_symbols(GENERATED / "torch" / f"{entry.family}.py", "torch", Log())
    elements = module[f"{key}_elements"]
    names = list(inspect.signature(elements).parameters)
    at = 2 + len(cls._states) + len(cls._inputs)
    symbols = [sympy.Symbol(name, real=True) for name in names]
    written = ["w", *(state.name for state in spec.optimizer.runnable.array_state)]
    assert names[: len(written)] == written
    found = computed(traced(cls, names[:at], len(names) - at), [*symbols[:at], symbols[at:]])
    for name, one, other in zip(written, found, elements(*symbols), strict=False):
        assert one == other or sympy.simplify(one - other) == 0, name


def test_a_graph_that_computes_something_else_is_seen():
    """A state that is written before another one reads it."""
    a, b = sympy.symbols("a b")
    graph = make_fx(lambda x, y: (x.copy_(y), y.copy_(x + 1)))(torch.ones(3), torch.ones(3)).graph
    assert computed(graph, [a, b]) == [b, b + 1]
