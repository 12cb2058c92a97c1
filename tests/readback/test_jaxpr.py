"""A second way to read JAX's rules back: what JAX traces of a whole step, runtime and all, over symbols.

The file is read back without JAX, by running its functions. Here the transformation itself is traced, and each
operation of the trace is carried out in SymPy; what comes out is held against the equations in the same way.
"""

import importlib
from functools import partial

import pytest
import sympy

from stepsmith.codegen.execution.cells import Log
from stepsmith.codegen.load import GENERATED, catalog
from stepsmith.codegen.readback.rules import _values, _wrong
from stepsmith.codegen.spec.rules import settings
from tests.conftest import spec_of
from tests.sample import by_kind

jax = pytest.importorskip("jax")
jnp = jax.numpy
LAST = 2**31 - 1


class Reader:
    """Operations of a trace over the symbols of a rule."""

    def __init__(self, values, log):
        self.values, self.log = values, log
        relations = {"gt": ">", "lt": "<", "ge": ">=", "le": "<=", "eq": "==", "ne": "!="}
        self.operations = {
            "add": lambda a, b: a + b,
            "sub": lambda a, b: a - b,
            "mul": lambda a, b: a * b,
            "div": lambda a, b: a / b,
            "neg": lambda a: -a,
            "square": lambda a: a**2,
            "pow": sympy.Pow,
            "sqrt": sympy.sqrt,
            "exp": self.power,
            "expm1": lambda a: self.power(a) - 1,
            "log": sympy.log,
            "tanh": sympy.tanh,
            "floor": sympy.floor,
            "cos": sympy.cos,
            "abs": values.absolute,
            "sign": values.sign,
            "max": values.maximum,
            "min": self.least,
            "select_n": self.select,
            **{name: partial(values.compare, relation) for name, relation in relations.items()},
            **dict.fromkeys(("convert_element_type", "copy", "broadcast_in_dim", "reshape", "squeeze"), lambda a: a),
        }

    def power(self, exponent):
        """exp(a * log(b)) is b**a."""
        factors = sympy.Mul.make_args(exponent)
        bases = [factor.args[0] for factor in factors if isinstance(factor, sympy.log)]
        if len(bases) != 1:
            return sympy.exp(exponent)
        return bases[0] ** sympy.Mul(*(f for f in factors if not isinstance(f, sympy.log)))

    def least(self, left, right):
        return left if right == LAST - 1 else self.values.minimum(left, right)  # the counter stops there

    def select(self, test, otherwise, then):
        same = sympy.expand(then - otherwise) == 0
        return then if same or test == sympy.true else self.values.choice(test, then, otherwise)

    def run(self, jaxpr, given):
        """What a trace gives of these arguments."""
        known = dict(zip(jaxpr.invars, given, strict=True))

        def read(atom):
            return self.number(atom.val) if hasattr(atom, "val") else known[atom]

        for eqn in jaxpr.eqns:
            operands, name = list(map(read, eqn.invars)), eqn.primitive.name
            inner = eqn.params.get("jaxpr", eqn.params.get("call_jaxpr"))
            if eqn.params.get("name") in ("remainder", "mod"):
                found = [sympy.Mod(*operands)]
            elif inner is not None:
                constants = list(map(self.number, getattr(inner, "consts", ())))
                found = self.run(getattr(inner, "jaxpr", inner), [*constants, *operands])
            elif name == "integer_pow":
                found = [operands[0] ** eqn.params["y"]]
            else:
                found = [self.operations[name](*operands)]
            known.update(zip(eqn.outvars, map(self.log.fold, found), strict=True))
        return [read(atom) for atom in jaxpr.outvars]

    @staticmethod
    def number(value):
        if str(getattr(value, "dtype", type(value).__name__)) == "bool":
            return sympy.true if value else sympy.false
        return sympy.nsimplify(float(value), rational=True)


def traced(spec):
    """The rule over symbols: what a step leaves in the parameter and in all that is kept."""
    rule = spec.optimizer
    values = _values(rule)
    log = Log(values)
    module = importlib.import_module(f"stepsmith.jax.{spec.family}")
    make, kept = getattr(module, spec.key), getattr(module, f"{rule.name}State")._fields[1:]
    hypers, given = [h.name for h in settings(rule)], [one.name for one in (*rule.inputs, *rule.signals)]

    def step(w, g, t, states, numbers, supplied):
        tx = make(**dict(zip(hypers, numbers, strict=True)))
        update, state = tx.update(g, type_of_state(t - 1, *states), w, **dict(zip(given, supplied, strict=True)))
        return update, state[0], state[1:]

    type_of_state = getattr(module, f"{rule.name}State")
    with jax.enable_x64(True):  # a number of the file in float32 would be another one
        one = jnp.zeros((), jnp.float64)
        t = jnp.ones((), jnp.int32)
        closed = jax.make_jaxpr(step)(one, one, t, [one] * len(kept), [one] * len(hypers), [one] * len(given))
    arguments = [values.given(name) for name in ("w", "g", "t", *kept, *hypers, *given)]
    assert not closed.consts
    update, counter, *after = Reader(values, log).run(closed.jaxpr, arguments)
    results = {"w": log.fold(values.given("w") + update), **dict(zip(kept, map(log.fold, after), strict=True))}
    return values, log, counter, results


def rules():
    """Without sums, which are read back by themselves; the length of RAdam's average is a series where it is short."""
    for entry in catalog():
        text = (GENERATED / "jax" / f"{entry.family}.py").read_text() if entry.kind == "optimizer" else "summed"
        if "summed" not in text and "average_length" not in text and "_optional" not in text:
            yield entry


@pytest.mark.parametrize("key", by_kind(rules(), together=1))
def test_a_traced_step_computes_the_equations(key):
    spec = spec_of(key).runnable
    values, log, counter, results = traced(spec)
    assert counter == values.given("t")
    assert _wrong(spec, log, values, results, []) is None


def test_a_trace_that_computes_something_else_is_told():
    spec = spec_of("adam").runnable
    values, log, _, results = traced(spec)
    assert _wrong(spec, log, values, results | {"m": results["v"]}, []) is not None
