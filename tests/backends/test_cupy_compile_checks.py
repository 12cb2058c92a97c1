"""The third rung: what CuPy would compile is compiled, and the bodies run; files that lie are found out."""

import ctypes
import importlib
import itertools
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest

from stepsmith.codegen.backends.compiled import merged
from stepsmith.codegen.backends.cupy import compiled, cpp, nvrtc
from stepsmith.codegen.execution.imports import package
from stepsmith.codegen.load import GENERATED, LayerSpec, Spec, StageSpec, load, select
from tests.conftest import OPTIMIZERS, spoil, step_of, thorough
from tests.numeric.test_dtypes import worst
from tests.sample import covering

needs_nvrtc = pytest.mark.skipif(nvrtc.missing() is not None, reason=nvrtc.missing() or "")
needs_compiler = pytest.mark.skipif(cpp.compiler() is None, reason="no C++ compiler")


def one(name: str):
    (path,) = {path for path, _ in select([name])}
    return ((path, name),)


@needs_nvrtc
@pytest.mark.parametrize(
    ("dtype", "architecture", "keys"),
    [
        (*nvrtc.TARGETS[0], covering(OPTIMIZERS)),
        *thorough((*target, covering(OPTIMIZERS)) for target in nvrtc.TARGETS[1:]),
        *thorough([(*nvrtc.TARGETS[1], None)]),  # all of them once, of which `verify` asks each for every target
    ],
)
def test_every_kernel_is_compiled(dtype, architecture, keys):
    specs = [spec for spec in load(select([])) if isinstance(spec, Spec | StageSpec | LayerSpec)]
    specs = [spec for spec in specs if keys is None or spec.key in keys]
    found = compiled.compile_for([(spec.path, spec.key) for spec in specs], GENERATED, dtype, architecture)
    assert len(found) == len(specs)
    for (result,) in found.values():
        assert result.status == "tested", result
        assert "nothing spilled" in result.reason


@needs_nvrtc
@pytest.mark.parametrize("storage", ["bfloat16", *thorough(["float16", "float32", "float64"])])
def test_all_stages_fit_into_one_kernel(storage):
    root = package(GENERATED)
    arrays, adam, pipeline = (importlib.import_module(f"{root}.cupy.{m}") for m in ("_arrays", "adam", "pipeline"))
    stages = tuple(getattr(pipeline, name) for name in pipeline.__all__)
    before = tuple(stage for stage in stages if not stage._after)
    fused = [arrays._fused(adam._adam_update, stages, storage, scattered) for scattered in (False, True)]
    ways = itertools.product((False, True), repeat=2)
    others = [arrays._keeping(stages, storage, scattered, moved) for scattered, moved in ways]
    others += [arrays._reducing(pipeline.ClipByNorm, 0, before, storage), arrays._joining()]
    dtype = "float64" if storage == "float64" else "float32"
    for kernel, numbers in [
        *((one, {"lr", "beta1", "beta2", "eps", "c1", "c2"}) for one in fused),
        *((other, set()) for other in others),
    ]:
        scalars = [p.name for p in kernel.in_params if p.ctype == "double" or p.name in numbers]
        (found,) = nvrtc.compiled([nvrtc.source(kernel, dtype, scalars)], "sm_80").values()
        assert found.spilled == 0


@needs_nvrtc
@needs_compiler
@pytest.mark.parametrize("name", ["adam", "sgd"])
@pytest.mark.parametrize("dtype", cpp.TYPES)
def test_a_kernel_over_scattered_arrays_finds_their_elements(name, dtype, tmp_path):
    """The text that CuPy would compile, between the lines of a loop for this machine."""
    root = package(GENERATED)
    arrays, module = (importlib.import_module(f"{root}.cupy.{m}") for m in ("_arrays", name))
    kernel = arrays._fused(getattr(module, f"_{name}_update"), (), dtype, True)
    scalars = [p.name for p in kernel.in_params if not p.raw and p.name != "every_array"]
    states = [p.name for p in kernel.out_params if not p.raw]
    head = (
        "size_t size, const int* first_array, const long long* end_array, const unsigned long long* g_address_array, "
    )
    head += ", ".join(["const unsigned long long* w_address_array", *(f"T* {s}_" for s in states)])
    head = ", ".join([head, *(f"double {s}_" for s in scalars)])
    text = ["#include <cmath>", "#include <cstddef>", "using namespace std;", f"typedef {cpp.TYPES[dtype]} T;"]
    text += [f'extern "C" void run({head}) {{', "for (ptrdiff_t i = 0; i < (ptrdiff_t)size; ++i) {"]
    text += [*(f"T& {s} = {s}_[i];" for s in states), *(f"const T {s} = {s}_;" for s in scalars)]
    (tmp_path / "kernel.cpp").write_text("\n".join([*text, kernel.operation, "} }"]))
    command = [cpp.compiler(), *cpp._OPTIONS, *cpp.APART, "kernel.cpp", "-o", "kernel.so"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    run = ctypes.CDLL(str(tmp_path / "kernel.so")).run

    rng = np.random.default_rng(0)
    sizes = [0, 1, 100, 0, 0, 31, 32, 33, 5, 0, 64, 1, 1, 1, 0]
    w, g = ([rng.standard_normal(size).astype(dtype) for size in sizes] for _ in range(2))
    kept = [np.abs(rng.standard_normal(sum(sizes))).astype(dtype) for _ in states]
    rows = [np.concatenate(one) for one in (w, g)]
    expected = [row.copy() for row in (rows[0], *kept)]
    update = getattr(importlib.import_module(f"{root}.numpy.{name}"), f"{name}_update")
    update(expected[0], rows[1], *expected[1:], 3, lr=0.1)

    ends = np.cumsum(sizes)
    first = np.searchsorted(ends, np.arange(0, ends[-1], arrays._STRIDE), side="right").astype(np.int32)
    values = {}
    launch = lambda kernel, read, given, written, stages: values.update(zip(scalars, given, strict=True))  # noqa: E731
    (spec,) = (s for s in load(select([name])) if s.key == name)
    cpp.function(spec, GENERATED, launch)(rows[0], rows[1], *kept, 3, lr=0.1)
    tables = [first, ends.astype(np.int64), *(np.array([a.ctypes.data for a in one], np.uint64) for one in (g, w))]
    pointers = [ctypes.c_void_p(array.ctypes.data) for array in (*tables, *kept)]
    run(ctypes.c_size_t(ends[-1]), *pointers, *(ctypes.c_double(values[s]) for s in scalars))
    assert np.concatenate(w).tobytes() == expected[0].tobytes()
    assert [a.tobytes() for a in kept] == [a.tobytes() for a in expected[1:]]


@needs_nvrtc
def test_a_body_that_cannot_be_compiled_is_refuted(copied):
    spoil(copied / "cupy" / "adam.py", "eps_sqrt_c2);", "c0);")
    found = compiled.compile_for((*one("adam"), *one("sgd")), copied, "float32", "sm_80")
    (adam,), (sgd,) = (found[key] for key in (*one("adam"), *one("sgd")))
    assert (adam.status, sgd.status) == ("refuted", "tested")
    assert 'identifier "c0" is undefined' in adam.counterexample["fact"]


@needs_compiler
def test_bodies_give_the_bits_of_numpy():
    specs = [spec for spec in load(select([])) if isinstance(spec, Spec)]
    found = compiled.run_on_host([(spec.path, spec.key) for spec in specs], GENERATED)
    assert len(found) == len(specs)
    for (result,) in found.values():
        assert result.status == "tested", result
    for spec in load(select(["adam", "sign", "rmsprop", "nesterov"])):
        assert [result.reason for result in found[spec.path, spec.key]] == ["bit for bit"]


@needs_compiler
@pytest.mark.parametrize(
    ("old", "new", "fact"),
    [
        ("w - A * m_new / (B);", "w - A / (B) * m_new;", "in NumPy"),  # equal but for rounding
        ("v = v_new;", "v = m_new;", "in NumPy"),
        ("eps_sqrt_c2);", "c0);", "c0"),
    ],
)
def test_a_body_that_computes_something_else_is_refuted(copied, old, new, fact):
    old, new = (
        text.replace("A", "lr_sqrt_c2_over_c1").replace("B", "sqrt(v_new) + eps_sqrt_c2") for text in (old, new)
    )
    spoil(copied / "cupy" / "adam.py", old, new)
    (result,) = compiled.run_on_host(one("adam"), copied)[one("adam")[0]]
    assert result.status == "refuted"
    assert fact in result.counterexample["fact"]


@pytest.mark.fast
def test_what_is_missing_is_said(monkeypatch):
    monkeypatch.setattr(nvrtc, "missing", lambda: "no NVRTC")
    monkeypatch.setattr(cpp, "compiler", lambda: None)
    found = merged(call(*arguments) for call, arguments in compiled.compile_checks(load(one("adam")), GENERATED))
    assert [(r.status, r.reason) for r in found[one("adam")[0]]] == [
        ("skipped", "no NVRTC"),
        ("skipped", "there is no C++ compiler; install one, or name it in CXX"),
    ]


def test_results_are_put_together():
    calls = compiled.compile_checks(load(one("sgd")), GENERATED)
    results = merged(call(*arguments) for call, arguments in calls)[one("sgd")[0]]
    assert [r.claim for r in results] == ["cupy compiled", "cupy body compiled"]
    if nvrtc.missing() is None:
        for dtype, architecture in nvrtc.TARGETS:
            assert f"{architecture} in {dtype}" in results[0].statement
            assert re.search(rf"{architecture} in {dtype}: \d+ registers, nothing spilled", results[0].reason)


@needs_compiler
@pytest.mark.thorough
def test_contracted_operations_stay_within_the_bound(tmp_path):
    """A GPU computes a * b + c with one rounding; so does this machine, if it can."""
    if "fma" not in Path("/proc/cpuinfo").read_text().split():
        pytest.skip("this processor has no fused multiply-add")
    specs = [spec for spec in load(select([])) if isinstance(spec, Spec)]
    library = cpp.build([cpp.kernel(spec, GENERATED) for spec in specs], tmp_path, cpp.CONTRACTED)
    apart = 0
    for spec in specs:
        step = cpp.step(spec, GENERATED, library)
        for dtype in () if spec.optimizer.reductions else cpp.TYPES:
            worst(spec, step, np, dtype)  # fails where an error is above its bound
        first, second = (
            compiled.run_over_arrays(spec, s, "float32") for s in (step, step_of(spec, "numpy", GENERATED))
        )
        apart += cpp.same_bits(first, second) is not None
    assert apart > len(specs) / 2  # it did contract
