"""Rules with sums over arrays, over several arrays and groups, against what is written out by hand."""

import numpy as np
import pytest

from stepsmith.numba import LAMB as CompiledLAMB  # noqa: N811
from stepsmith.numba import lamb_sums, lamb_update
from stepsmith.numpy import LAMB, LARS, DoG, Group, pipeline

SHAPES = ((3, 4), (7,), (0,), (2, 2, 2))


def arrays(seed=0, dtype=np.float64):
    return [np.random.default_rng([seed, k]).standard_normal(shape).astype(dtype) for k, shape in enumerate(SHAPES)]


def dog(ws, gradients, lr, first=1e-6, eps=1e-8):
    """DoG written out; a gradient may be missing."""
    starts, far, total = [w.copy() for w in ws], 0.0, 0.0
    for t, gs in enumerate(gradients):
        there = [k for k, g in enumerate(gs) if g is not None]
        length = lambda parts: np.sqrt(sum(float(np.sum(part**2)) for part in parts))  # noqa: E731
        far = max(
            far, length([ws[k] - starts[k] for k in there]), 0 if t else first * (1 + length([ws[k] for k in there]))
        )
        total += length([gs[k] for k in there]) ** 2
        for k in there:
            ws[k] = ws[k] - lr[k] * far / np.sqrt(total + eps) * gs[k]
    return ws


def test_sums_over_all_arrays_run_across_groups_over_those_with_a_gradient():
    ws = arrays()
    gradients = [arrays(t + 1) for t in range(6)]
    for gs in gradients[2:4]:
        gs[1] = None
    wanted = dog([w.copy() for w in ws], gradients, [0.5, 0.5, 2, 2])
    opt = DoG([Group(ws[:2]), Group(ws[2:], lr=2.0)], lr=0.5)
    for gs in gradients:
        opt.step([gs[:2], gs[2:]])
    assert all(np.allclose(w, one, rtol=1e-13, atol=0) for w, one in zip(ws, wanted, strict=True))


def test_what_sums_feed_is_saved_and_restored():
    one, other = arrays(), arrays()
    first, second = DoG(one), DoG(other)
    for t in range(3):
        first.step(arrays(t + 1))
    for w, saved in zip(other, one, strict=True):
        w[...] = saved
    second.load_state_dict(first.state_dict())
    for opt in (first, second):
        opt.step(arrays(9))
    assert all(map(np.array_equal, one, other))


@pytest.mark.parametrize("cls", [LAMB, CompiledLAMB])
@pytest.mark.parametrize("size", [1e-170, 1.0, 1e170])
def test_a_norm_neither_overflows_nor_vanishes_where_its_value_does_not(cls, size):
    """The step is as long as the learning rate times the norm, which is as large as the weights are."""
    w = size * np.array([3.0, 4.0, 12.0])
    before = w.copy()
    cls(w, lr=0.1, weight_decay=0.0).step(np.ones(3))
    assert np.allclose((before - w) / size, 0.1 * 13 / np.sqrt(3), rtol=1e-6)


def test_sums_are_over_what_the_stages_before_leave():
    one, other = arrays(), arrays()
    clipped = LARS(one, pipeline=[pipeline.ClipByNorm(max_norm=0.1)])
    plain = LARS(other)
    for t in range(3):
        gs = arrays(t + 1)
        clipped.step(gs)
        plain.step([g * min(1, 0.1 / max(np.linalg.norm(g), 1e-300)) for g in gs])
    assert all(np.allclose(a, b, rtol=1e-12) for a, b in zip(one, other, strict=True))


def test_after_an_error_all_is_as_it_was():
    ws = arrays()
    opt = DoG(ws)
    opt.step(arrays(1))
    before, saved = [w.copy() for w in ws], opt.state_dict()
    with pytest.raises((TypeError, ValueError)):
        opt.step([*arrays(2)[:-1], np.ones(5)])
    assert all(map(np.array_equal, ws, before))
    assert opt.t == 1
    assert all(np.array_equal(value, saved[key]) for key, value in opt.state_dict().items())


def test_nothing_is_warned_of_where_a_norm_is_zero():
    ws = [np.zeros(3), np.ones(2)]
    with np.errstate(all="raise"):
        LAMB(ws, weight_decay=0.0).step([np.ones(3), np.zeros(2)])
    assert np.isfinite(ws[0]).all()
    assert np.array_equal(ws[1], np.ones(2))


def stepped(cls, dtype, size, *, strided=False, stages=(), small=False):
    """The weights after some steps over arrays of any size, and their states."""
    random = np.random.default_rng(3)
    shapes = [(3, 4), (7,), (0,), (2, 50)] if small else [(300, 500), (40000,), (3, 4), (0,)]
    ws = [(size * random.standard_normal(shape)).astype(dtype) for shape in shapes]
    ws = [np.asfortranarray(np.repeat(w, 2, axis=0))[::2] for w in ws] if strided else ws
    opt = cls(ws, lr=0.1, pipeline=stages)
    for _ in range(4):
        opt.step([(size * random.standard_normal(w.shape)).astype(dtype) for w in ws])
    return [*ws, *opt.state("m").values(), *opt.state("v").values()]


@pytest.mark.parametrize("small", [False, True])
@pytest.mark.parametrize("around", ["nothing", "stages", "strides"])
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_states_that_go_ahead_of_the_step_come_to_the_same(dtype, around, small):
    """In NumPy they are formed in the step, in Numba where the sums are taken."""
    given = {"small": small, "strided": around == "strides"}
    tolerance = {"float16": 1e-3, "float32": 1e-6, "float64": 1e-14}[dtype]
    found = []
    for cls in (LAMB, CompiledLAMB):
        stages = [pipeline.ClipByGlobalNorm(max_norm=1.0), pipeline.DecoupledDecay(weight_decay=0.1)]
        found.append(stepped(cls, dtype, 1.0, stages=stages if around == "stages" else (), **given))
    for one, other in zip(*found, strict=True):
        assert np.allclose(one, other, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("small", [False, True])
@pytest.mark.parametrize("size", [1e-170, 1e150])
def test_norms_that_are_taken_again_find_states_that_have_gone_ahead(size, small):
    for one, other in zip(
        stepped(LAMB, "float64", size, small=small), stepped(CompiledLAMB, "float64", size, small=small), strict=True
    ):
        assert np.allclose(one / size, other / size, rtol=1e-11, atol=1e-13)


def test_sums_write_states_only_if_they_are_to_go_ahead():
    w, g, m, v = (np.random.default_rng(k).random(5) for k in range(4))
    before = m.copy(), v.copy()
    sums = lamb_sums(w, g, m, v, 3)
    assert np.array_equal(m, before[0])
    assert np.array_equal(v, before[1])
    assert np.allclose(lamb_sums(w, g, m, v, 3, ahead=True), sums, rtol=1e-15)
    assert np.allclose(m, 0.9 * before[0] + 0.1 * g, rtol=1e-15)
    whole, rest = (w.copy(), *map(np.copy, before)), (w.copy(), m, v)
    lamb_update(whole[0], g, *whole[1:], *sums, 3)
    lamb_update(rest[0], g, *rest[1:], *sums, 3, ahead=True)
    for one, other in zip(whole, rest, strict=True):
        assert np.allclose(one, other, rtol=1e-15)
