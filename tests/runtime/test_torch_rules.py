"""Each rule as a torch optimizer takes the steps of the one for NumPy, on each engine."""

import numpy as np
import pytest

from stepsmith.codegen.load import catalog
from tests.sample import by_kind

pytest.importorskip("torch", reason="torch is not installed; pip install 'stepsmith[torch]'")

import torch

import stepsmith.torch as ours
from stepsmith import numpy as plain

RULES = [entry for entry in catalog() if entry.kind == "optimizer"]
SHAPES = ((5, 7), (3,), (40, 9), ())
STEPS = 12
#: Of float64 in proportion to the largest element. What loses digits by cancellation differs by more.
CLOSE = {"FTRLKeras": 2e-13}


def arrays(seed, scale=1.0):
    random = np.random.default_rng(seed)
    return [np.asarray(random.standard_normal(shape) * scale) for shape in SHAPES]


def gradients(k):
    """Those of step k; the second parameter misses two steps."""
    found = arrays(100 + k, 10.0 if k % 2 else 0.01)
    return [None if n == 1 and k in (4, 7) else g for n, g in enumerate(found)]


def given(cls, k):
    """Inputs and signals of step k; what may be left out is there in every third step."""
    found = {name: [np.asarray(abs(one)) for one in arrays(1000 + k)] for name in cls._inputs}
    found |= dict.fromkeys(cls._signals, 2.0 / (k + 1) + 0.5)
    return {name: value for name, value in found.items() if name not in cls._optional or k % 3 == 0}


def train_numpy(name):
    cls, params = getattr(plain, name), arrays(0)
    opt = cls(params)
    for k in range(STEPS):
        opt.step(gradients(k), **given(cls, k))
    return params


def train_torch(name, engine):
    cls, params = getattr(ours, name), [torch.nn.Parameter(torch.as_tensor(one)) for one in arrays(0)]
    opt = cls(params, engine=engine)
    for k in range(STEPS):
        for w, g in zip(params, gradients(k), strict=True):
            w.grad = None if g is None else torch.as_tensor(g)
        beside = given(cls, k)
        opt.step(**{n: list(map(torch.as_tensor, one)) if n in cls._inputs else one for n, one in beside.items()})
    return [w.detach().numpy() for w in params]


def check(name, engine):
    found, wanted = train_torch(name, engine), train_numpy(name)
    for one, other in zip(found, wanted, strict=True):
        assert np.abs(one - other).max() <= CLOSE.get(name, 8.3e-15) * max(np.abs(other).max(), 1e-30)


@pytest.mark.parametrize("name", by_kind(RULES, "name"))
def test_a_rule_is_that_of_numpy(name):
    """Eagerly, with the functions of its own file; and over the memory of tensors, with those of NumPy's."""
    check(name, "eager")
    check(name, "numpy")


@pytest.mark.parametrize("name", by_kind(RULES, "name", together=1))
def test_a_rule_is_that_of_numpy_with_loops(name):
    pytest.importorskip("numba", reason="Numba is not installed; pip install 'stepsmith[numba]'")
    check(name, "numba")


@pytest.mark.thorough
@pytest.mark.filterwarnings("ignore")  # of what torch's own compiler does
@pytest.mark.parametrize("name", by_kind(RULES, "name"))
def test_a_compiled_rule_is_that_of_numpy(name):
    check(name, "compiled")


@pytest.mark.filterwarnings("ignore")
def test_compiled_states_that_are_handed_on_are_those_before_the_step():
    """AdaShift keeps the last ten gradients, each in the place of the one before it."""
    check("AdaShift", "compiled")


def test_every_rule_is_there():
    there = {name for name in ours.__all__ if isinstance(getattr(ours, name), type)}
    optimizers = {name for name in there if issubclass(getattr(ours, name), torch.optim.Optimizer)}
    assert optimizers - {"TorchOptimizer"} == {entry.name for entry in RULES}
