"""Numbers that are kept for each array, on every path that states take, beside the 50-digit reference."""

import importlib
import itertools
import pickle
from contextlib import nullcontext

import numpy as np
import pytest

from stepsmith.codegen.algebra import reference
from stepsmith.codegen.check import check
from stepsmith.codegen.execution.imports import same_package
from stepsmith.codegen.load import load
from stepsmith.codegen.render import render
from stepsmith.codegen.spec.rules import settings
from stepsmith.numpy import Group, NovoGrad, NovoGradW, pipeline
from tests import emulated_cupy
from tests.conftest import spec_of

SHAPES = ((3, 4), (7,), (), (2, 2, 2))
#: A number for each array beside one for all, with sums of both kinds and an input; it starts from a hyperparameter.
SOURCE = """
from stepsmith.codegen.spec import *
w, g, m = arrays("w g m")
t, most, whole, of_h = scalars("t most whole of_h")
v, seen = per_array("v seen")
h = inputs("h")
lr = hyper("lr", default="0.1", domain=">= 0")
first = hyper("first", default="0.5", domain="> 0")
beta = hyper("beta", default="0.9", domain="[0, 1)")
MIXED = Optimizer(
    name="Mixed", source="a test",
    state={v: first, m: 0, most: 0, seen: 0},
    steps=(
        Step(new(seen), seen + 1),
        Step(whole, global_norm(g)),
        Step(of_h, array_sum(where(given(h), h * g / v, 0))),
        Step(new(most), Max(most, whole)),
        Step(new(v), beta * v + (1 - beta) * (norm(g) + Abs(of_h)) / new(seen)),
        Step(new(m), beta * m + g / (new(v) + 1)),
        Step(new(w), w - lr * new(m) / (1 + new(most)) * where(given(h), 1 + h**2, 1)),
    ),
)
"""


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """The spec and the folder of generated code."""
    folder = tmp_path_factory.mktemp("mixed")
    path = folder / "mixed.py"
    path.write_text(f'"""A rule of a test."""\n{SOURCE}')
    specs = load([(path.resolve(), None)])
    check(specs)
    out = folder / "out"
    for file, text in render(specs, ("numpy", "numba"), out).items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return specs[0], out


def arrays(seed, scale=1.0):
    return [
        np.asarray(scale * np.random.default_rng([seed, k]).standard_normal(shape)) for k, shape in enumerate(SHAPES)
    ]


def by_reference(rule, starts, gradients, hyper, inputs=None):
    """The weights after all steps, array by array."""
    number = [k for k, w in enumerate(starts) for _ in range(w.size)]
    flat = [
        [np.concatenate([g.ravel() for g in gs]) for gs in steps] for steps in (gradients, *(inputs or {}).values())
    ]
    columns = [np.array(steps).T.tolist() for steps in flat]
    given = dict(zip(inputs or {}, columns[1:], strict=True))
    start = np.concatenate([w.ravel() for w in starts]).tolist()
    runs = reference.run_elements(rule, columns[0], lambda t: hyper, start, arrays=number, inputs=given)
    last = np.array([float(run[-1]["w"]) for run in runs])
    ends = np.cumsum([w.size for w in starts])
    return [part.reshape(w.shape) for part, w in zip(np.split(last, ends[:-1]), starts, strict=True)]


def hypers(rule, **others):
    return {h.name: float(h.value) for h in settings(rule)} | others


@pytest.mark.parametrize(
    ("library", "key"),
    [*itertools.product(["numpy", "numba"], ["novograd", "novograd_decoupled", "lamb", "dog"]), ("cupy", "novograd")],
)
def test_several_arrays_are_stepped_as_the_reference_does(library, key):
    rule = spec_of(key).optimizer
    more = {"weight_decay": 0.1} if any(h.name == "weight_decay" for h in rule.hypers) else {}
    gradients = [arrays(t + 1, 10.0 ** (t % 3)) for t in range(8)]
    wanted = by_reference(rule, arrays(0), gradients, hypers(rule, **more))
    with emulated_cupy.installed() if library == "cupy" else nullcontext() as cupy:
        module = emulated_cupy.generated() if library == "cupy" else importlib.import_module(f"stepsmith.{library}")
        to = cupy.asarray if library == "cupy" else np.array
        ws = list(map(to, arrays(0)))
        opt = getattr(module, rule.name)(ws, **more)
        for gs in gradients:
            opt.step(list(map(to, gs)))
        for w, one in zip(ws, wanted, strict=True):
            assert np.allclose(np.asarray(w), one, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("library", ["numpy", "numba"])
def test_numbers_of_both_kinds_with_sums_and_inputs(mixed, library):
    spec, out = mixed
    rule, cls = spec.optimizer, importlib.import_module(f"{same_package(out)}.{library}.mixed").Mixed
    gradients, inputs = [arrays(t + 1) for t in range(6)], [arrays(t + 50) for t in range(6)]
    wanted = by_reference(rule, arrays(0), gradients, hypers(rule) | {"h_given": 1.0}, {"h": inputs})
    ws = arrays(0)
    opt = cls(ws)
    for gs, hs in zip(gradients, inputs, strict=True):
        opt.step(gs, h=hs)
    assert all(np.allclose(w, one, rtol=1e-12, atol=1e-14) for w, one in zip(ws, wanted, strict=True))
    assert list(opt.state("v")) == ["0", "1", "2", "3"]
    assert opt.state("seen")["2"] == 6
    opt.step(arrays(9))  # the input may be left out
    half = [w.astype(np.float16) for w in arrays(0)]
    small = cls(half, lr=0.01)
    small.step([g.astype(np.float16) for g in gradients[0]], h=[h.astype(np.float16) for h in inputs[0]])
    assert all(np.isfinite(w).all() for w in half)


def test_a_number_is_that_of_the_steps_with_a_gradient(mixed):
    """A parameter without one keeps its own; it starts with its first step, from what is set then."""
    _, out = mixed
    cls = importlib.import_module(f"{same_package(out)}.numpy.mixed").Mixed
    opt = cls(arrays(0))
    for t in range(3):
        opt.step([None, *arrays(t + 1)[1:]])
    assert opt.state("seen") == {"0": 0, "1": 3, "2": 3, "3": 3}
    opt.first = 2.0
    assert opt.state("v")["0"] == 0.5
    gs = arrays(7)
    opt.step(gs)
    assert opt.state("v")["0"] == pytest.approx(0.9 * 2.0 + 0.1 * np.linalg.norm(gs[0]))


@pytest.mark.parametrize("cls", [NovoGrad, NovoGradW])
def test_a_first_step_is_the_first_of_that_parameter(cls):
    """The average of norms starts from the first norm, also of a parameter whose first gradient comes late."""
    late, alone = np.ones(3), np.ones(3)
    opt, other = cls([late, np.ones(2)], eps=1e-12), cls(alone, eps=1e-12)
    opt.step([None, np.ones(2)])
    opt.step([np.full(3, 5.0), np.ones(2)])
    other.step(np.full(3, 5.0))
    assert np.array_equal(late, alone)
    assert opt.state("v")["0"] == 75


def test_it_is_saved_copied_and_restored():
    one, other = arrays(0), arrays(0)
    first, second = NovoGrad(one), NovoGrad(other)
    for t in range(3):
        first.step(arrays(t + 1))
    for w, saved in zip(other, one, strict=True):
        w[...] = saved
    kept = first.state_dict()
    assert kept["NovoGrad.v.1"] == first.state("v")["1"]
    second.load_state_dict(kept)
    third = pickle.loads(pickle.dumps(second))
    for opt in (first, second, third):
        opt.step(arrays(9))
    assert all(map(np.array_equal, one, other))
    assert third.state("v") == first.state("v")
    with pytest.raises(ValueError, match=r"no v\.2"):
        second.load_state_dict({key: value for key, value in kept.items() if not key.endswith("v.2")})


def test_after_an_error_the_numbers_are_as_they_were(mixed):
    _, out = mixed
    opt = importlib.import_module(f"{same_package(out)}.numpy.mixed").Mixed(
        arrays(0), lr=lambda t: 0.1 if t < 3 else -1
    )
    for t in range(2):
        opt.step(arrays(t + 1))
    before = opt.state_dict()
    for grads, given in ((arrays(3), {}), ([*arrays(3)[:-1], np.ones(5)], {}), (arrays(3), {"h": [np.ones(1)] * 4})):
        with pytest.raises((TypeError, ValueError)):
            opt.step(grads, **given)
    assert all(np.array_equal(value, before[key]) for key, value in opt.state_dict().items())


def test_groups_stages_and_a_group_that_is_added():
    ws = arrays(0)
    opt = NovoGrad([Group(ws[:2]), Group(ws[2:], lr=0.5)], pipeline=[pipeline.ClipByNorm(max_norm=0.5)])
    opt.step([arrays(1)[:2], arrays(1)[2:]])
    assert max(opt.state("v").values()) == pytest.approx(0.25)
    opt.add_group([np.ones(4)])
    opt.step([arrays(2)[:2], arrays(2)[2:], [np.full(4, 0.1)]])
    assert opt.state("v")["2.0"] == pytest.approx(0.04)
    assert "a number for each array" in opt._repr_html_()
    assert "v_{t-1}" in opt._repr_latex_()
