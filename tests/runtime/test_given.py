"""What people hand over in place of arrays: it is taken and right, or refused with advice that works when followed."""

import types
import warnings
from collections import OrderedDict, UserDict, deque, namedtuple
from types import MappingProxyType

import numpy as np
import pytest

from stepsmith import auto
from stepsmith import numpy as optimizers
from stepsmith.keeping import KeepBest
from stepsmith.numpy import SGD, Adam, BatchNormTorch, ClipByGlobalNorm, Group, WeightEMA
from stepsmith.ordering import EasyFirst
from stepsmith.stopping import Best
from tests.runtime.test_refusals import trial  # noqa: F401 - a fixture

pytestmark = pytest.mark.fast

as_strided, windows = np.lib.stride_tricks.as_strided, np.lib.stride_tricks.sliding_window_view


def matrix(values):
    return np.array(values).view(np.matrix)  # np.matrix(...) warns


def record():
    return np.array([(1.0, 2.0), (3.0, 4.0)], [("a", float), ("b", float)])


class Ours(np.ndarray):
    """A subclass as users write them, whose product is another one."""

    def __mul__(self, other):
        return self @ other


STEPPED = {
    "no dimensions": lambda: np.array(1.0),
    "no elements": lambda: np.ones((0, 2)),
    "reversed": lambda: np.ones((3, 4))[::-1, ::-2],
    "every other row": lambda: np.ones((6, 4))[::2],
    "axes that are interleaved": lambda: as_strided(np.ones(9), (2, 2), (24, 16)),
    "a field of a record": lambda: record()["b"],
    "an axis of length one and stride 0": lambda: as_strided(np.ones(3), (1, 3), (0, 8)),
    "another byte order": lambda: np.ones(3, ">f8"),
    "another byte order, narrow": lambda: np.ones(3, ">f2"),
}

#: What is refused as a parameter, the advice, and what comes of following it; whether it shares memory then.
ODD = {
    "a matrix": (lambda: matrix([[1.0, 2.0]]), "make it plain with np.asarray", np.asarray, True),
    "a subclass": (lambda: np.ones(2).view(Ours), "make it plain with np.asarray", np.asarray, True),
    "a recarray": (lambda: np.ones(2).view(np.recarray), "make it plain with np.asarray", np.asarray, True),
    "a mask": (lambda: np.ma.masked_array([1.0, 2.0], [0, 1]), "pass w.data", lambda w: w.data, True),
    "a record": (record, "pass its fields", lambda w: {name: w[name] for name in w.dtype.names}, True),
    "records": (
        lambda: record().view(np.recarray),
        "pass its fields",
        lambda w: {n: w[n] for n in w.dtype.names},
        True,
    ),
    "stride 0": (lambda: as_strided(np.ones(1), (3,), (0,)), r"w = w.copy\(\)", np.copy, False),
    "a window": (lambda: windows(np.ones(9), 4, writeable=True), r"w = w.copy\(\)", np.copy, False),
    "half an element apart": (lambda: as_strided(np.ones(4), (3,), (4,)), r"w = w.copy\(\)", np.copy, False),
    "interleaved": (lambda: as_strided(np.ones(9), (3, 2), (16, 32)), r"w = w.copy\(\)", np.copy, False),
    "read-only": (lambda: np.broadcast_to(np.ones(3), (2, 3)), "such as a copy", np.copy, False),
    "integers": (lambda: np.ones(2, int), "astype", lambda w: w.astype("float64"), False),
    "truth values": (lambda: np.ones(2, bool), "astype", lambda w: w.astype("float64"), False),
    "a long double": (lambda: np.ones(2, np.longdouble), "astype", lambda w: w.astype("float64"), False),
    "objects": (lambda: np.ones(2, object), "astype", lambda w: w.astype("float64"), False),
    "complex": (lambda: np.ones(2, complex), "pass .real and .imag", lambda w: [w.real, w.imag], True),
    "a number": (lambda: 1.0, "make it an array for a parameter", np.asarray, False),
    "a number of NumPy": (lambda: np.float32(1.0), "make it an array for a p", np.asarray, False),
    "numbers": (lambda: [1.0, 2.0], "one array of all", np.asarray, False),
    "pairs": (lambda: [("a", np.ones(2))], r"dict\(parameters\)", dict, True),
    "items": ({"a": np.ones(2)}.items, r"dict\(parameters\)", dict, True),
    "pairs that are zipped": (lambda: zip("ab", [np.ones(2), np.ones(1)], strict=True), "dict", None, False),
    "a generator in a dict": (
        lambda: {"a": (np.ones(2) for _ in range(2))},
        r"list\(...\)",
        lambda w: {"a": list(w["a"])},
        False,
    ),
    "a group": (lambda: Group(np.ones(2)), "list of their own", lambda w: [w], True),
    "a group in a dict": (lambda: {"a": Group(np.ones(2))}, "list of their own", lambda w: list(w.values()), True),
    "a group in a group": (lambda: [Group([Group(np.ones(2))])], "list of their own", None, True),
    "some groups": (lambda: [Group(np.ones(2)), np.ones(1)], "put all into groups", None, True),
    "dicts of torch": (
        lambda: [{"params": [np.ones(2)], "lr": 0.5}],
        r'\[Group\(group\["params"\], lr=0.5\)',
        lambda w: [Group(w[0]["params"], lr=0.5)],
        True,
    ),
    "a text": (lambda: "weights", "pass arrays", None, False),
    "None": (lambda: None, "pass an array", None, False),
    "a set": (lambda: {1, 2}, "make it a list", None, False),
    "a function": (lambda: np.ones, "call it", None, False),
    "an empty list": (list, "there are no parameters", None, False),
    "empty ones": (lambda: [[], {}], "there are no parameters", None, False),
    "an empty generator": (lambda: iter(()), "there are no parameters", None, False),
    "a gradient that is None": (lambda: [np.ones(2), None], "is None", None, False),
}


def stepped(opt, params):
    """One step of `SGD` with gradients of 1, in the structure of `params`."""

    def like(tree):
        if isinstance(tree, dict):
            return {key: like(value) for key, value in tree.items()}
        if isinstance(tree, list | tuple):
            return [like(value) for value in tree]
        return like(tree._params) if isinstance(tree, Group) else np.ones(tree.shape, tree.dtype)

    opt.step(like(params))


def leaves(tree):
    if isinstance(tree, dict | list | tuple):
        return [leaf for value in (tree.values() if isinstance(tree, dict) else tree) for leaf in leaves(value)]
    return leaves(tree._params) if isinstance(tree, Group) else [tree]


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.mark.parametrize("make", STEPPED.values(), ids=STEPPED)
def test_an_array_of_another_layout_or_byte_order_is_stepped(trial, make):  # noqa: F811
    array = make()
    for pipeline in ([], [trial.module.ClipByGlobalNorm(max_norm=100.0), trial.module.WeightEMA(decay=0.5)]):
        w = trial.there(array)
        if trial.name == "cupy" and not array.dtype.isnative:
            with pytest.raises(TypeError, match="byte order of another machine"):
                trial.module.SGD(w, lr=0.25)
            return
        before = np.array(w)
        opt = trial.module.SGD(w, lr=0.25, pipeline=pipeline)
        with np.errstate(
            divide="ignore" if trial.name == "cupy" else "warn"
        ):  # CuPy does not warn, what stands for it does
            opt.step(trial.there(np.ones(w.shape, w.dtype)))
        assert np.array_equal(np.asarray(w), before - 0.25)


def test_a_file_in_memory_is_stepped(tmp_path):
    w = np.memmap(tmp_path / "w", float, "w+", shape=(4,))
    opt = Adam(w, lr=0.5, pipeline=[WeightEMA(decay=0.5)])
    opt.step(np.memmap(tmp_path / "g", float, "w+", shape=(4,)) + 1)
    w.flush()
    assert np.allclose(np.fromfile(tmp_path / "w"), -0.5)
    assert {type(value) for value in opt.state_dict().values()} == {np.ndarray}


@pytest.mark.parametrize(("make", "advice", "follow", "shares"), ODD.values(), ids=ODD)
def test_what_cannot_be_stepped_is_refused_and_the_advice_works(make, advice, follow, shares):
    given = make()
    with pytest.raises((TypeError, ValueError), match=advice):
        SGD(given, lr=0.5)
    if follow is None:
        return
    again = make()
    followed = follow(again)
    before = [np.array(w) for w in leaves(followed)]
    stepped(SGD(followed, lr=0.5), followed)
    for w, old in zip(leaves(followed), before, strict=True):
        assert np.array_equal(w, old - 0.5)
        assert not shares or not isinstance(again, np.ndarray) or np.shares_memory(w, again)


@pytest.mark.parametrize("name", ["a mask", "a matrix", "a subclass", "integers", "complex", "objects", "numbers"])
def test_a_gradient_that_cannot_be_read_right_is_refused(trial, name):  # noqa: F811
    make, *_ = ODD[name]
    w = np.zeros(np.shape(make()))
    opt = trial.module.SGD(trial.there(w), lr=0.5)
    with pytest.raises((TypeError, ValueError)):
        opt.step(make())
    assert opt.t == 0
    assert not w.any()
    if name == "a mask":
        opt.step(trial.there(make().filled(0)))
        assert w.tolist() == [-0.5, 0]


def test_a_gradient_of_stride_0_is_only_read(trial):  # noqa: F811
    w = trial.ones(2, 3)
    trial.module.SGD(w, lr=0.5).step(trial.there(np.broadcast_to(np.arange(3.0), (2, 3))))
    assert np.asarray(w).tolist() == [[1, 0.5, 0]] * 2


TAKEN = {
    "a generator": lambda p: (w for w in p.values()),
    "values": lambda p: p.values(),
    "map": lambda p: map(np.asarray, p.values()),
    "an iterator": lambda p: iter(p.values()),
    "reversed": lambda p: reversed([p["b"], p["a"]]),
    "a deque": lambda p: deque(p.values()),
    "a tuple": lambda p: tuple(p.values()),
    "a named tuple": lambda p: namedtuple("Weights", p)(**p),
}
DICTS = {
    "another order": lambda g: dict(reversed(g.items())),
    "an OrderedDict": OrderedDict,
    "a view of a dict": MappingProxyType,
    "a UserDict": UserDict,
}


@pytest.mark.parametrize("module", [optimizers, auto], ids=["numpy", "auto"])
@pytest.mark.parametrize("take", TAKEN.values(), ids=TAKEN)
@pytest.mark.parametrize("give", [*TAKEN.values(), *DICTS.values()], ids=[*TAKEN, *DICTS])
def test_what_is_gone_through_is_taken_for_a_list(module, take, give):
    p, g = {"a": np.ones(2), "b": np.ones(3)}, {"a": np.full(2, 0.5), "b": np.full(3, 1.0)}
    opt = module.SGD(take(p), lr=1.0)
    if give in DICTS.values():
        with pytest.raises(ValueError, match="nest the gradients as the parameters are"):
            opt.step(give(g))
        opt = module.SGD(p, lr=1.0)
    for number in (1, 2):
        opt.step(give(g))
        assert (p["a"].tolist(), p["b"].tolist()) == ([1 - number / 2] * 2, [1.0 - number] * 3)


def test_groups_are_taken_from_generators_and_hold_them():
    arrays = [np.ones(2), np.ones(3)]
    opt = SGD((Group((w for w in [array]), lr=lr) for array, lr in zip(arrays, (0.5, 1.0), strict=True)))
    opt.step([[np.ones(2)], [np.ones(3)]])
    assert [w.tolist() for w in arrays] == [[0.5] * 2, [0.0] * 3]


def test_an_archive_that_is_read_anew_each_time_is_refused(tmp_path):
    np.savez(tmp_path / "w.npz", a=np.ones(2))
    with np.load(tmp_path / "w.npz") as archive:
        with pytest.raises(TypeError, match=r"another array each time it is looked up; pass dict\(parameters\)"):
            SGD(archive)
        params = dict(archive)
    SGD(params, lr=0.5).step({"a": np.ones(2)})
    assert params["a"].tolist() == [0.5, 0.5]


def test_keys_may_be_anything_and_their_order_decides_nothing():
    def run(keys):
        p = {key: np.full(3, float(n)) for n, key in enumerate(sorted(keys, key=str))}
        p = {key: p[key] for key in keys}
        opt = Adam(p, lr=0.1, pipeline=[ClipByGlobalNorm(max_norm=0.1)])
        for number in range(3):
            opt.step({key: np.sin(w + number) for key, w in p.items()})
        return {str(key): w.tobytes() for key, w in p.items()}, opt.state_dict()

    keys = [3, "b", (1, 2), 10, "a"]
    (p, saved), (q, again) = run(keys), run(keys[::-1])
    assert p == q
    assert list(saved) == list(again)
    assert all(np.array_equal(saved[key], again[key]) for key in saved)


@pytest.mark.parametrize("name", ["a mask", "pairs", "None", "a text", "an empty list", "numbers", "items"])
def test_what_cannot_be_kept_is_refused(name):
    make, *_ = ODD[name]
    with pytest.raises((TypeError, ValueError), match="KeepBest"):
        KeepBest(make(), Best())


def test_a_generator_is_kept():
    arrays = [np.zeros(2), np.zeros(3)]
    keep = KeepBest((w for w in arrays), Best())
    keep.step(1.0)
    for w in arrays:
        w[...] = 1
    keep.step(2.0)
    keep.restore_best()
    assert not any(w.any() for w in arrays)


@pytest.mark.parametrize("name", ["a mask", "a matrix", "a subclass", "numbers"])
def test_a_layer_refuses_what_has_other_arithmetic(name):
    make, *_ = ODD[name]
    layer = BatchNormTorch(2, dtype="float64")
    layer.forward(np.arange(4.0).reshape(2, 2))
    before = layer.state_dict()
    odd = np.ma.masked_array(np.ones((2, 2)), np.eye(2)) if name == "a mask" else make()
    odd = np.vstack([odd, odd]) if name in ("a matrix",) else odd
    for call in (layer.forward, layer.backward, lambda x: layer.forward(x, training=False)):
        with pytest.raises((TypeError, ValueError)):
            call(odd)
    with pytest.raises(ValueError, match="masked array"):
        layer.load_state_dict({**before, "gamma": np.ma.masked_array([1.0, 1.0], [0, 1])})
    assert all(np.array_equal(before[key], value) for key, value in layer.state_dict().items())


def test_scores_with_a_mask_are_refused():
    scores = np.ma.masked_array([3.0, 1.0, 2.0], [False, True, False])
    with pytest.raises(TypeError, match="masked comes last"):
        EasyFirst(scores)
    assert EasyFirst(scores.filled(np.inf)).order.tolist() == [2, 0, 1]


def library_array(package, **attributes):
    """An array as a library has it, of which none is needed here."""
    module = types.ModuleType(package)
    kind = type("Tensor", (), {"__module__": module.__name__, "shape": (2,), "dtype": "float32", **attributes})
    return kind()


@pytest.mark.parametrize(
    ("package", "parameter", "gradient"),
    [
        ("torch.nn.parameter", r"w.detach\(\).numpy\(\)", r"np.asarray\(g.detach\(\).cpu\(\)\)"),
        ("jaxlib._jax", r"w = numpy.array\(w\)", r"np.asarray\(g\)"),
        ("pandas.core.series", r"w.to_numpy\(copy=True\)", r"g.to_numpy\(\)"),
        ("tensorflow.python", r"w.numpy\(\).copy\(\)", r"np.asarray\(g\)"),
        ("scipy.sparse._csr", r"w.toarray\(\)", r"g.toarray\(\)"),
        ("cupy", "use the rules for CuPy", r"g.get\(\)"),
    ],
)
def test_an_array_of_another_library_is_told_what_to_write(package, parameter, gradient):
    odd = library_array(package, __setitem__=lambda *_: None, argsort=None)
    with pytest.raises(TypeError, match=parameter):
        SGD(odd)
    with pytest.raises(TypeError, match=gradient):
        SGD(np.ones(2)).step(odd)
    opt = Adam({"a": np.ones(2)})
    with pytest.raises(ValueError, match="was saved as an array g of"):
        opt.load_state_dict({**opt.state_dict(), "Adam.m.a": odd})
    if package != "cupy":
        with pytest.raises(TypeError, match="KeepBest: the parameter is an array of"):
            KeepBest(odd, Best())
        with pytest.raises(TypeError, match="EasyFirst: scores is an array of"):
            EasyFirst(odd)
