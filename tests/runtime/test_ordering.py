"""A curriculum: the order of the data from easy to hard, and what mini-batches are drawn from."""

import io
from collections import Counter

import numpy as np
import pytest

from stepsmith.curriculum import AdvanceOnMetric, ExponentialPacing
from stepsmith.ordering import EasyFirst
from stepsmith.pacing import LinearCompetence, SingleStepPacing, SqrtCompetence
from tests import emulated_cupy

pytestmark = pytest.mark.fast

RANDOM = np.random.default_rng(0)
SCORES = {
    "ties": RANDOM.integers(0, 4, 50),
    "floats": RANDOM.standard_normal(37).astype(np.float32),
    "infinite": np.array([np.inf, 1.0, -np.inf, 0.0, np.inf, -0.0]),
    "the same": np.zeros(9),
    "one": np.array([3.0]),
    "flags": np.array([True, False, True]),
    "descending": np.arange(20.0)[::-1],
}


@pytest.fixture(params=SCORES, ids=str)
def scores(request):
    return SCORES[request.param]


@pytest.fixture(params=["numpy", "emulated cupy"])
def make(request):
    return np.asarray if request.param == "numpy" else emulated_cupy.asarray


def test_the_order_is_a_sorted_permutation_that_keeps_ties(make, scores):
    data = EasyFirst(make(scores))
    order = data.order.tolist()
    assert sorted(order) == list(range(len(scores)))
    assert order == sorted(range(len(scores)), key=lambda k: scores[k])  # sorted() is stable


def test_parts_are_nested_and_the_whole_comes_at_one(make, scores):
    data, last = EasyFirst(make(scores)), 0
    for fraction in sorted([1e-300, 1e-9, 0.1, 0.29, 1 / 3, 0.5, 1 - 1e-9, 1.0, *RANDOM.random(40)]):
        part = data.easiest(fraction)
        assert part.tolist() == data.order.tolist()[: len(part)]
        assert len(part) >= max(last, 1)
        assert abs(len(part) - fraction * len(scores)) <= 0.5 or len(part) == 1
        last = len(part)
    assert last == len(scores)


def test_fractions_are_not_off_by_one():
    data = EasyFirst(np.arange(100))
    assert [len(data.easiest(k / 100)) for k in range(1, 101)] == list(range(1, 101))


@pytest.mark.parametrize(
    "pacing",
    [LinearCompetence(start=0.1, steps=30), SqrtCompetence(start=0.1, steps=30), SingleStepPacing(start=0.1, steps=9)],
)
def test_under_a_pacing_the_data_only_grow(pacing):
    data, seen = EasyFirst(RANDOM.standard_normal(200)), set()
    for t in range(1, 40):
        part = set(data.easiest(pacing(t)).tolist())
        assert part >= seen
        seen = part
    assert len(seen) == 200


def test_monitors_are_pacings_as_well():
    data = EasyFirst(np.arange(100)[::-1])
    steps, listens = ExponentialPacing(start=0.1, growth=2, period=1), AdvanceOnMetric(start=0.1, growth=2, goal=1)
    assert [len(data.easiest(steps.step())) for _ in range(4)] == [20, 40, 80, 100]
    assert [len(data.easiest(listens.step(loss))) for loss in (3, 1, 2, 0)] == [10, 20, 20, 40]
    assert data.easiest(0.03).tolist() == [99, 98, 97]


def test_batches_are_of_the_easiest_part_and_uniform(make):
    data = EasyFirst(make(np.arange(40)[::-1]))
    counted = Counter()
    for _ in range(2000):
        batch = data.batch(5, 0.25).tolist()
        assert len(set(batch)) == 5
        counted.update(batch)
    assert set(counted) == set(range(30, 40))
    assert all(abs(n - 1000) < 5 * 1000**0.5 for n in counted.values())
    assert sorted(data.batch(64, 0.1).tolist()) == [36, 37, 38, 39]


def test_a_restart_goes_on_with_the_next_batch():
    scores = RANDOM.standard_normal(60)
    whole, first, second = EasyFirst(scores, seed=3), EasyFirst(scores, seed=3), EasyFirst(scores)
    batches = [whole.batch(4, 0.5).tolist() for _ in range(10)]
    assert [first.batch(4, 0.5).tolist() for _ in range(6)] == batches[:6]
    file = io.BytesIO()
    np.savez(file, **first.state_dict())
    file.seek(0)
    second.load_state_dict(np.load(file))
    assert [second.batch(4, 0.5).tolist() for _ in range(4)] == batches[6:]
    assert EasyFirst(scores, seed=4).batch(4, 0.5).tolist() != batches[0]


@pytest.mark.parametrize(
    ("mistake", "error", "fact"),
    [
        (lambda: EasyFirst([1.0, 2.0]), TypeError, "scores is of type list; make it an array of one number"),
        (lambda: EasyFirst(np.array(["a"])), TypeError, "scores has dtype <U1; it has to have real numbers"),
        (lambda: EasyFirst(np.ones(2, complex)), TypeError, "dtype complex128; it has to have real numbers"),
        (lambda: EasyFirst(np.ones((2, 2))), ValueError, r"shape \(2, 2\); it has to have one number for each sample"),
        (lambda: EasyFirst(np.ones(0)), ValueError, r"shape \(0,\); it has to have one number for each sample"),
        (lambda: EasyFirst(np.array([1, np.nan, np.nan])), ValueError, r"scores\[1\] is NaN; give it a number, or inf"),
        (lambda: EasyFirst(np.ones(2), seed=-1), ValueError, "seed = -1 is not allowed; it needs an integer >= 0"),
        (lambda: EasyFirst(np.ones(2), seed=True), ValueError, "seed = True is not allowed"),
        (lambda: EasyFirst(np.ones(2)).easiest(0), ValueError, "fraction = 0 is not allowed; it needs 0 < fraction"),
        (lambda: EasyFirst(np.ones(2)).easiest(np.nan), ValueError, "fraction = nan is not allowed"),
        (lambda: EasyFirst(np.ones(2)).easiest("0.5"), ValueError, "fraction = '0.5' is not allowed"),
        (lambda: EasyFirst(np.ones(2)).easiest(None), ValueError, "fraction = None is not allowed"),
        (lambda: EasyFirst(np.ones(2)).easiest(True), ValueError, "fraction = True is not allowed"),
        (lambda: EasyFirst(np.ones(2)).easiest(np.ones(2)), ValueError, "fraction = array.* is not allowed"),
        (lambda: EasyFirst(np.ones(2), seed=np.True_), ValueError, "seed = .*True.* is not allowed"),
        (lambda: EasyFirst(np.ones(2)).batch(0, 1), ValueError, "size = 0 is not allowed; it needs an integer >= 1"),
        (lambda: EasyFirst(np.ones(2)).batch(1.5, 1), ValueError, "size = 1.5 is not allowed"),
        (
            lambda: EasyFirst(np.ones(2)).load_state_dict(EasyFirst(np.ones(3)).state_dict()),
            ValueError,
            "the saved state is of 3 samples, here there are 2",
        ),
        (lambda: EasyFirst(np.ones(2)).load_state_dict({"draws": 1}), ValueError, "has other names than EasyFirst"),
    ],
)
def test_what_is_refused(mistake, error, fact):
    with pytest.raises(error, match=fact):
        mistake()


def test_what_is_done_to_the_indices_is_not_done_to_the_order():
    data = EasyFirst(np.array([3.0, 1.0, 2.0]))
    data.easiest(1)[:] = 0
    assert data.easiest(1).tolist() == data.order.tolist() == [1, 2, 0]


def test_a_refused_batch_does_not_count():
    one, two = EasyFirst(np.arange(9)), EasyFirst(np.arange(9))
    with pytest.raises(ValueError, match="fraction"):
        one.batch(3, 2)
    assert one.batch(3, 1).tolist() == two.batch(3, 1).tolist()
