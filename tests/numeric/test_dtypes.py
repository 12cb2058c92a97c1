"""Half, single and double precision: every rule, each step against what it would be with 50 digits."""

import importlib

import ml_dtypes
import numpy as np
import pytest

from stepsmith import numpy
from stepsmith.codegen.algebra import reference
from stepsmith.codegen.execution.imports import package
from stepsmith.codegen.load import GENERATED
from stepsmith.codegen.numeric.rounding import step_bounds
from stepsmith.numpy import SGD, Accumulate, Adam, AdamW, ClipByGlobalNorm, GaussianNoise, L2Decay, WeightEMA
from tests import emulated_cupy
from tests.conftest import STEPPED, rules, thorough

DTYPES = {"float16": np.float16, "bfloat16": ml_dtypes.bfloat16, "float32": np.float32, "float64": np.float64}
COMPUTED = {"float16": "float32", "bfloat16": "float32", "float32": "float32", "float64": "float64"}
STEPS, ELEMENTS = 10, 2
#: Those whose elements go each for itself; of sums over arrays test_reductions is.
ELEMENTWISE = [entry for entry in STEPPED if not getattr(numpy, entry.name)._reductions]
NAMES = [entry.key for entry in ELEMENTWISE]
FIRST = list({entry.family: entry.key for entry in reversed(ELEMENTWISE)}.values())  # of each family


def course(spec, function, module, dtype: str):
    """What is there before each step, the gradients, and what each step leaves, as doubles."""
    optimizer = spec.optimizer.runnable
    random = np.random.default_rng(1)
    hyper = {h.name: float(h.value) for h in optimizer.hypers}
    start = random.standard_normal(ELEMENTS).astype(DTYPES[dtype])
    values = {name: reference.number(value) for name, value in hyper.items()}
    arrays = {"w": module.asarray(start.copy())}
    for state in optimizer.array_state:
        first = [float(reference.evaluate(optimizer.state[state], {**values, "w": reference.number(w)})) for w in start]
        arrays[state.name] = module.asarray(np.array(first, COMPUTED[dtype]))
    scalars = {s.name: float(reference.evaluate(optimizer.state[s], values)) for s in optimizer.scalar_state}
    inputs = {one.name: module.asarray(np.full(ELEMENTS, hyper[one.name], DTYPES[dtype])) for one in optimizer.inputs}
    numbers = {name: value for name, value in hyper.items() if name not in inputs}
    before, gradients, after = [], [], []
    for t in range(1, STEPS + 1):
        g = (random.standard_normal(ELEMENTS) * (0.1 if t % 2 else 3)).astype(DTYPES[dtype])
        kept = {name: np.array(a, np.float64) for name, a in arrays.items()}
        before.append(kept | {name: np.full(ELEMENTS, value) for name, value in scalars.items()})
        gradients.append(np.array(g, np.float64))
        w, *states = arrays.values()
        function(w, module.asarray(g), *inputs.values(), *states, *scalars.values(), t, **numbers)
        after.append({name: np.array(a, np.float64) for name, a in arrays.items()})
    return hyper, before, np.array(gradients), after


def worst(spec, function, module, dtype: str) -> tuple[float, float]:
    """The worst error of a step in units in the last place of its result, and the bound there. Fails above it."""
    hyper, before, gradients, after = course(spec, function, module, dtype)
    given = {name: np.array([values[name] for values in before]) for name in before[0]}
    optimizer = spec.optimizer
    inputs = {one.name: np.full((STEPS, ELEMENTS), hyper[one.name]) for one in optimizer.inputs}
    allowed = step_bounds(optimizer, [COMPUTED[dtype]], gradients, hyper, given, inputs)
    found = (0.0, 0.0)
    for step in range(STEPS):
        for element in range(ELEMENTS):
            state = {name: values[element] for name, values in before[step].items() if name != "w"}
            start = [before[step]["w"][element]]
            ((exact,),) = reference.run_elements(
                optimizer.runnable, [[gradients[step, element]]], lambda t: hyper, start, state, step + 1
            )
            for name, values in after[step].items():
                error = float(abs(reference.number(float(values[element])) - exact[name]))
                bound = float(allowed[name][step, 0, element])
                storage = dtype if name == "w" else COMPUTED[dtype]
                unit = spacing(storage, abs(float(exact[name])) + bound)
                if storage != COMPUTED[dtype]:
                    bound += unit / 2  # rounded once more, when it is stored
                assert error <= bound, (spec.key, dtype, name, step + 1, error, bound)
                found = max(found, (error / unit, bound / unit))
    return found


def spacing(dtype: str, value: float) -> float:
    info = ml_dtypes.finfo(DTYPES[dtype])
    smallest = float(info.smallest_normal) * float(info.eps)
    return max(float(info.eps) * 2.0 ** np.floor(np.log2(value)) if value else 0.0, smallest)


@pytest.mark.parametrize("keys", [FIRST, *thorough([sorted(set(NAMES) - set(FIRST))])], ids=["first", "others"])
def test_each_step_is_within_its_bound(shown, keys):
    """Rule x dtype x backend: the worst error of a step in ulp, and the derived bound there."""
    specs, table = rules(), {}
    with emulated_cupy.installed() as module:
        cupy = importlib.import_module(f"{package(GENERATED)}.cupy")
        for key in keys:
            for backend, library, arrays in (("numpy", numpy, np), ("cupy", cupy, module)):
                for dtype in DTYPES:
                    table[key, backend, dtype] = worst(specs[key], getattr(library, specs[key].function), arrays, dtype)
    columns = [(backend, dtype) for backend in ("numpy", "cupy") for dtype in DTYPES]
    assert len(table) == len(keys) * len(columns)
    title = "worst error of a step / its bound, in units in the last place of the result (CuPy: its kernels emulated)"
    lines = [title, f"{'':28}" + "".join(f"{f'{backend} {dtype}':>17}" for backend, dtype in columns)]
    for key in keys:
        cells = (table[key, *column] for column in columns)
        lines.append(f"{key:28}" + "".join(f"{f'{error:.2f} / {bound:.1f}':>17}" for error, bound in cells))
    shown("\n".join(lines))


@pytest.mark.fast
@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_halves_are_computed_in_float32(dtype):
    kind = DTYPES[dtype]
    w, wide = np.linspace(-1, 1, 9).astype(kind), np.linspace(-1, 1, 9).astype(kind).astype(np.float32)
    g = np.linspace(0.1, 1, 9).astype(kind)
    opt, other = Adam(w, lr=0.1), Adam(wide, lr=0.1)
    opt.step(g)
    other.step(g.astype(np.float32))
    np.testing.assert_array_equal(w, wide.astype(kind))
    saved = opt.state_dict()
    assert saved["Adam.m"].dtype == np.float32
    np.testing.assert_array_equal(saved["Adam.m"], other.state_dict()["Adam.m"])


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_master_weights_keep_what_rounding_takes_away(dtype):
    kind = DTYPES[dtype]
    w, kept, exact = np.ones(4, kind), np.ones(4, kind), np.ones(4, np.float32)
    plain, master = SGD(w, lr=1e-4), SGD(kept, lr=1e-4, master_weights=True)
    wide = SGD(exact, lr=1e-4)
    for _ in range(300):
        plain.step(np.ones(4, kind))
        master.step(np.ones(4, kind))
        wide.step(np.ones(4, np.float32))
    assert (w == 1).all()  # each step was rounded away
    np.testing.assert_array_equal(kept, exact.astype(kind))
    again = SGD(np.ones(4, kind), lr=1.0, master_weights=True)
    again.load_state_dict(master.state_dict())
    np.testing.assert_array_equal(again.state_dict()["SGD.master"], exact)


def test_stages_work_on_halves():
    for kind in (np.float16, ml_dtypes.bfloat16):
        for library in ("numpy", "cupy"):
            with emulated_cupy.installed() as module:
                backend = importlib.import_module(f"{package(GENERATED)}.{library}")
                arrays = module if library == "cupy" else np
                w = arrays.asarray(np.linspace(-1, 1, 5).astype(kind))
                wide = np.linspace(-1, 1, 5).astype(kind).astype(np.float32)
                names = ("Accumulate", "ClipByGlobalNorm", "L2Decay", "WeightEMA")
                chain = [getattr(backend, name)(**({"every": 2} if name == "Accumulate" else {})) for name in names]
                opt = backend.Adam(w, lr=0.1, pipeline=chain)
                other = Adam(wide, lr=0.1, pipeline=[Accumulate(every=2), ClipByGlobalNorm(), L2Decay(), WeightEMA()])
                for factor in (1, 3):
                    g = (np.linspace(1, 2, 5) * factor).astype(kind)
                    opt.step(arrays.asarray(g))
                    other.step(g.astype(np.float32))
                np.testing.assert_array_equal(np.asarray(w), wide.astype(kind))
                assert chain[-1].state("average")[""].dtype == np.float32
    w = np.zeros(5, np.float16)
    SGD(w, pipeline=[GaussianNoise(eta=1.0)]).step(np.zeros(5, np.float16))
    assert w.any()


@pytest.mark.fast
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"eps": 1e-50}, "eps = 1e-50 is 0.0 in float32, .* a value that works is 1.1754943508222875e-38"),
        ({"beta2": 1 - 1e-9}, "beta2 = 0.999999999 is 1.0 in float32, .* the largest value that works is 0.99999994"),
        ({"lr": 1e39}, "lr = 1e\\+39 is inf in float32, .* float32 holds numbers up to 3.4028234663852886e\\+38"),
    ],
)
def test_numbers_that_float32_has_no_place_for_are_named(options, message):
    for kind in (np.float16, ml_dtypes.bfloat16, np.float32):
        with pytest.raises(ValueError, match=message):
            Adam(np.ones(2, kind), **options)
    opt = Adam(np.ones(2, np.float32))
    ((name, value),) = options.items()
    with pytest.raises(ValueError, match=message):
        setattr(opt, name, value)
    Adam(np.ones(2), **options)  # in double they are what they are


@pytest.mark.fast
def test_a_number_of_a_stage_has_to_fit_too():
    with pytest.raises(ValueError, match=r"L2Decay: weight_decay = 1e-60 is 0.0 in float32"):
        AdamW(np.ones(2, np.float32), pipeline=[L2Decay(weight_decay=1e-60)])


@pytest.mark.fast
def test_a_schedule_may_fade_away():
    w = np.ones(2, np.float32)
    opt = SGD(w, lr=lambda t: 10.0**-t)
    for _ in range(60):
        opt.step(np.ones(2, np.float32))
    np.testing.assert_allclose(w, 1 - 1 / 9, rtol=1e-6)


@pytest.mark.parametrize("kind", [np.complex64, np.complex128, np.int32, np.bool_, np.longdouble, object])
def test_other_dtypes_are_refused(kind):
    with pytest.raises(TypeError, match=r"has dtype .*; use float16, bfloat16, float32 or float64"):
        SGD(np.ones(2, kind))
