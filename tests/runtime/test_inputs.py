"""What a step is given beside the gradients: inputs and signals, on every path that gradients take."""

import importlib
import pickle
from contextlib import nullcontext

import numpy as np
import pytest

from stepsmith.codegen.backends import those_in_place
from stepsmith.codegen.check import check
from stepsmith.codegen.execution.imports import same_package
from stepsmith.codegen.load import load
from stepsmith.codegen.render import render
from stepsmith.numpy import (
    Accumulate,
    AdaHessian,
    Adam,
    AdamEpsHat,
    ClipByGlobalNorm,
    Group,
    L2Decay,
    Sophia,
    SparseAdam,
)
from stepsmith.numpy.presets import torch as presets
from tests import emulated_cupy

SHAPES = [(3,), (2, 2), (), (40000,), (5, 1)]
LOSS = """
from stepsmith.codegen.spec import *
w, g, h = arrays("w g h")
heard, share = scalars("heard share")
loss = signals("loss")
curvature = inputs("curvature")
lr = hyper("lr", default="0.1", domain=">= 0")
LOSSES = Optimizer(
    name="Losses", source="a test",
    state={h: 0, heard: 0},
    steps=(
        Step(new(heard), where(given(loss), heard + loss, heard)),
        Step(share, lr / new(heard)),
        Step(new(h), Max(h, curvature)),
        Step(new(w), w - share * g / (1 + new(h))),
    ),
)
"""


@pytest.fixture(params=["numpy", "numba", "cupy"])
def backend(request):
    with emulated_cupy.installed() if request.param == "cupy" else nullcontext() as library:
        if request.param == "cupy":
            yield emulated_cupy.generated(), library.asarray
        else:
            yield importlib.import_module(f"stepsmith.{request.param}"), np.array


def noise(step, kind, dtype):
    """Arrays of all shapes, the same for the same step and kind."""
    return [np.random.default_rng([step, kind, k]).standard_normal(s).astype(dtype) for k, s in enumerate(SHAPES)]


def sophia(params, steps, every):
    """Sophia by loops over whole arrays in float64."""
    kept = [(np.zeros_like(w), np.zeros_like(w)) for w in params]
    for step in range(steps):
        read = ([array.astype("f8") for array in noise(step, kind, "f4")] for kind in (1, 2))
        for w, (m, h), g, d in zip(params, kept, *read, strict=True):
            m[...] = 0.96 * m + (1 - 0.96) * g
            if step % every == 0:
                h[...] = 0.99 * h + (1 - 0.99) * d
            w[...] = w - 0.01 * 0.2 * w - 0.01 * np.clip(m / np.maximum(5 * h, 1e-3), -1, 1)
    return params


@pytest.mark.parametrize(
    ("dtype", "off", "options"),
    [
        ("float64", 1e-12, {}),
        ("float32", 1e-5, {}),
        ("float16", 2e-2, {}),
        ("float16", 4e-3, {"master_weights": True}),
    ],
)
def test_a_hessian_that_comes_every_third_step(backend, dtype, off, options):
    module, array = backend
    expected = sophia([w.astype("f8") for w in noise(0, 0, "f2")], 7, every=3)
    params = [array(w.astype(dtype)) for w in noise(0, 0, "f2")]
    opt = module.Sophia(params, lr=0.01, gamma=5.0, eps=1e-3, **options)
    for step in range(7):
        grads = [array(g) for g in noise(step, 1, "f4" if dtype != "float16" else "f2")]
        grads = [array(np.asarray(g).astype(dtype)) for g in grads]
        hessian = [array(d.astype(dtype)) for d in noise(step, 2, "f4")]
        opt.step(grads, **({"hessian": hessian} if step % 3 == 0 else {}))
    for found, wanted in zip(params, expected, strict=True):
        np.testing.assert_allclose(np.asarray(found, np.float64), wanted, atol=off)


def test_inputs_of_any_layout(backend):
    """Strides, several dimensions, large arrays among small ones, a mask of ones and zeros, a parameter left out."""
    module, array = backend
    results = []
    for order in (lambda a: a, lambda a: array(np.asarray(a).repeat(2, axis=-1))[..., ::2] if a.ndim else a):
        params = [array(w) for w in noise(0, 0, "f4")]
        opt = module.SparseAdam(params, lr=0.1)
        for step in range(4):
            grads = [order(array(g)) for g in noise(step, 1, "f4")]
            mask = [order(array((m > 0).astype("f4"))) for m in noise(step, 2, "f4")]
            if step == 2:
                grads[1] = mask[1] = None
            before = [np.array(w) for w in params]
            opt.step(grads, mask=mask)
            for w, old, g, m in zip(params, before, grads, mask, strict=True):
                moved = np.asarray(w) != old
                assert not moved.any() if g is None else (moved == (np.asarray(m) != 0)).all()
        results.append([np.asarray(w).tobytes() for w in params])
    assert results[0] == results[1]


def test_with_the_gradient_as_the_hessian_it_is_adam():
    one, other = ([w.copy() for w in noise(0, 0, "f8")] for _ in range(2))
    first, second = AdaHessian(one, lr=0.01, eps=1e-8), Adam(other, lr=0.01, eps=1e-8)
    for step in range(5):
        first.step(noise(step, 1, "f8"), hessian=noise(step, 1, "f8"))
        second.step(noise(step, 1, "f8"))
    for a, b in zip(one, other, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12)


def told(opt):
    arrays = (*opt._checks.held, *opt._array_slots().values())
    return [a.tobytes() for a in arrays], opt.t, opt._scalars


ONES = np.ones(3)
REFUSED = {
    "no Hessian": ({}, TypeError, r"AdaHessian: a step needs hessian, .*: step\(grads, hessian=hessian\)"),
    "None": ({"hessian": None}, TypeError, "a step needs hessian"),
    "another name": ({"hessian": {"a": ONES, "b": ONES}, "loss": 1.0}, TypeError, "takes no loss; it takes hessian"),
    "a number": ({"hessian": 1.0}, TypeError, "the hessian is of type float"),
    "too few": ({"hessian": {"a": ONES}}, ValueError, "the parameter b has no hessian"),
    "too many": ({"hessian": {"a": ONES, "b": ONES, "c": ONES}}, ValueError, "the hessian c belongs to no parameter"),
    "none of one": ({"hessian": {"a": ONES, "b": None}}, ValueError, "b has a gradient, and no hessian; pass both"),
    "shape": ({"hessian": {"a": ONES, "b": np.ones(4)}}, ValueError, r"the hessian b has shape \(4,\)"),
    "dtype": ({"hessian": {"a": ONES, "b": np.ones(3, "f4")}}, TypeError, r"use hessian.astype\('float64'\)"),
    "nesting": ({"hessian": [ONES, ONES]}, ValueError, "nest the arrays of hessian as the parameters are"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused_is_named_and_changes_nothing(what):
    given, kind, words = REFUSED[what]
    opt = AdaHessian({"a": np.ones(3), "b": np.ones(3)})
    grads = {"a": np.ones(3), "b": np.ones(3)}
    opt.step(grads, hessian=grads)
    before = told(opt)
    with pytest.raises(kind, match=words):
        opt.step(grads, **given)
    assert told(opt) == before


def test_an_input_may_be_the_gradient_and_not_the_parameter():
    w, g = np.ones(3), np.ones(3)
    opt = AdaHessian(w)
    opt.step(g, hessian=g)
    with pytest.raises(ValueError, match="the hessian and the parameter share memory; pass a copy"):
        opt.step(g, hessian=w)
    with pytest.raises(ValueError, match="share memory"):
        opt.step(g, hessian=w[:])
    assert opt.t == 1


def test_a_rule_without_inputs_says_so():
    opt = Adam(np.ones(3))
    with pytest.raises(TypeError, match=r"Adam: a step takes no h; it takes gradients alone: step\(grads\)"):
        opt.step(np.ones(3), h=np.ones(3))


def test_stages_change_the_gradient_and_no_input():
    one, other = np.arange(3.0), np.arange(3.0)
    clipped = SparseAdam(one, pipeline=[ClipByGlobalNorm(max_norm=0.5), L2Decay(weight_decay=0.1)])
    plain = SparseAdam(other)
    for step in range(3):
        g, mask = np.array([3.0, 4.0, 0.0]) * (step + 1), np.array([1.0, 0.0, 1.0])
        clipped.step(g, mask=mask)
        plain.step(g * (0.5 / np.linalg.norm(g)) + 0.1 * other, mask=mask)
    np.testing.assert_allclose(one, other, rtol=1e-14)


def test_of_gathered_gradients_the_inputs_of_the_last_call_count():
    one, other = {"a": np.ones(3), "b": np.ones(2)}, {"a": np.ones(3), "b": np.ones(2)}
    gathering, plain = AdaHessian(one, pipeline=[Accumulate(every=2)]), AdaHessian(other)
    first, last = {"a": np.full(3, 2.0), "b": np.full(2, 4.0)}, {"a": np.full(3, 6.0), "b": None}
    hessian = {"a": np.full(3, 5.0), "b": np.full(2, 7.0)}
    gathering.step(first, hessian={"a": np.full(3, 1e9), "b": np.full(2, 1e9)})
    before = told(gathering)
    with pytest.raises(ValueError, match="the parameter b takes a step with gradients that were gathered before"):
        gathering.step(last, hessian={**hessian, "b": None})
    assert told(gathering) == before
    gathering.step(last, hessian=hessian)
    plain.step({"a": np.full(3, 4.0), "b": np.full(2, 2.0)}, hessian=hessian)
    assert all(one[name].tobytes() == other[name].tobytes() for name in one)


def test_groups_and_ties():
    w, tied = np.ones(2), np.ones(3)
    opt = AdaHessian([Group({"w": w}, lr=0.1), Group([tied, tied], lr=0.2)], tied="sum")
    g = np.ones(3)
    opt.step([{"w": np.ones(2)}, [g, g]], hessian=[{"w": np.ones(2)}, [np.full(3, 2.0), None]])
    assert np.allclose(w, 0.9, atol=1e-4)
    assert np.allclose(tied, 1 - 0.2, atol=1e-4)  # the gradient 2 over the Hessian 2
    with pytest.raises(ValueError, match="are one array, which has one hessian; pass None"):
        opt.step([{"w": np.ones(2)}, [g, g]], hessian=[{"w": np.ones(2)}, [g, g.copy()]])
    assert opt.t == 1


def test_a_run_goes_on_from_what_was_saved_or_pickled():
    params = noise(0, 0, "f4")
    opt = Sophia(params)
    opt.step(noise(1, 1, "f4"), hessian=noise(1, 2, "f4"))
    copy = pickle.loads(pickle.dumps(opt))
    loaded = Sophia([w.copy() for w in params])
    loaded.load_state_dict(opt.state_dict())
    for one in (opt, copy, loaded):
        one.step(noise(2, 1, "f4"))
        one.step(noise(3, 1, "f4"), hessian=noise(3, 2, "f4"))
    for one in (copy, loaded):
        assert [w.tobytes() for w in one._checks.held] == [w.tobytes() for w in params]


@pytest.fixture(scope="module")
def losses(tmp_path_factory):
    """The classes, for each backend, of a rule that hears a loss and keeps the sum of those that it heard."""
    folder = tmp_path_factory.mktemp("losses")
    path = folder / "losses.py"
    path.write_text(f'"""A rule of a test."""\n{LOSS}')
    specs = load([(path.resolve(), None)])
    check(specs)
    out = folder / "out"
    for file, text in render(specs, ("numpy", "numba"), out).items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return [importlib.import_module(f"{same_package(out)}.{name}.losses").Losses for name in ("numpy", "numba")]


def test_a_loss_is_a_number_of_any_kind(losses):
    for cls in losses:
        results = set()
        for loss in (0.5, np.float32(0.5), np.array(0.5), np.float64(0.5)):
            w = np.ones(3)
            opt = cls(w)
            opt.step(np.ones(3), loss=loss, curvature=np.ones(3))
            opt.step(np.ones(3), curvature=np.zeros(3))
            results.add(w.tobytes())
        assert len(results) == 1
        np.testing.assert_allclose(w, 1 - 2 * 0.1 / 0.5 / 2)


def test_nan_and_zero_go_where_arithmetic_takes_them(losses):
    for cls in losses:
        for loss, expected in ((0.0, -np.inf), (np.inf, 1.0), (np.nan, np.nan)):
            w = np.ones(3)
            opt = cls(w)
            opt.step(np.ones(3), loss=loss, curvature=np.ones(3))
            assert np.array_equal(w, np.full(3, expected), equal_nan=True)
            assert opt.t == 1


def test_what_is_no_loss_is_refused(losses):
    for cls in losses:
        opt = cls(np.ones(3))
        for loss in ("1", True, np.ones(3), 1j, [1.0]):
            with pytest.raises(TypeError, match="Losses: loss is"):
                opt.step(np.ones(3), loss=loss, curvature=np.ones(3))
        assert opt.t == 0


def test_what_a_class_says(backend):
    module, _ = backend
    assert "A step is step(grads, hessian=hessian):" in module.Sophia.__doc__
    assert "arrays, nested as the gradients, or left out" in module.Sophia.__doc__
    assert set(those_in_place()) == {"numpy", "numba", "cupy"}


def test_sparse_adam_of_torch_counts_the_steps_of_each_parameter():
    one, other = ({"a": np.ones(3), "b": np.ones(2)} for _ in range(2))
    first = presets.SparseAdam(one, lr=0.1, betas=(0.8, 0.9), maximize=True)
    each = [SparseAdam(w, lr=0.1, beta1=0.8, beta2=0.9) for w in other.values()]
    mask = {"a": np.array([1.0, 0.0, 1.0]), "b": np.array([0.0, 1.0])}
    for step in range(4):
        grads = {"a": np.full(3, step + 1.0), "b": None if step % 2 else np.full(2, -2.0)}
        first.step(grads, mask=mask)
        for opt, name in zip(each, other, strict=True):
            if grads[name] is not None:
                opt.step(-grads[name], mask=mask[name])
    assert all(one[name].tobytes() == other[name].tobytes() for name in one)
    with pytest.raises(TypeError, match="SparseAdam: a step needs mask"):
        first.step(grads)


def test_a_mask_of_ones_is_adam_with_epsilon_outside():
    one, other = ([w.copy() for w in noise(0, 0, "f8")] for _ in range(2))
    first, second = SparseAdam(one, lr=0.01), AdamEpsHat(other, lr=0.01)
    for step in range(4):
        first.step(noise(step, 1, "f8"), mask=[np.ones(s) for s in SHAPES])
        second.step(noise(step, 1, "f8"))
    assert [w.tobytes() for w in one] == [w.tobytes() for w in other]
