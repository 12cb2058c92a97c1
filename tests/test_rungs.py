"""The third rung: what CuPy would compile is compiled, and the bodies run; files that lie are found out."""

import importlib
from pathlib import Path

import numpy as np
import pytest

from codegen import host, nvrtc, rungs
from codegen.files import GENERATED
from codegen.load import Spec, load, select
from codegen.numeric import numpy_step, package
from tests.conftest import spoil
from tests.test_dtypes import worst

needs_nvrtc = pytest.mark.skipif(nvrtc.missing() is not None, reason=nvrtc.missing() or "")
needs_compiler = pytest.mark.skipif(host.compiler() is None, reason="no C++ compiler")


def one(name: str):
    (path,) = {path for path, _ in select([name])}
    return ((path, name),)


@needs_nvrtc
@pytest.mark.parametrize(("dtype", "architecture"), nvrtc.TARGETS)
def test_every_kernel_is_compiled(dtype, architecture):
    keys = tuple((s.path, s.key) for s in load(select(["adam", "sgd", "pipeline", "batchnorm"])))
    for (result,) in rungs.compile_for(keys, GENERATED, dtype, architecture).values():
        assert result.status == "tested", result
        assert "nothing spilled" in result.reason


@needs_nvrtc
@pytest.mark.parametrize("storage", ["float16", "bfloat16", "float32", "float64"])
def test_all_stages_fit_into_one_kernel(storage):
    root = package(GENERATED)
    arrays, adam, pipeline = (importlib.import_module(f"{root}.cupy.{m}") for m in ("_arrays", "adam", "pipeline"))
    stages = tuple(getattr(pipeline, name) for name in pipeline.__all__)
    before = tuple(stage for stage in stages if not stage._after)
    fused = arrays._fused(adam._adam_update, stages, storage)
    others = [arrays._keeping(stages, storage), arrays._reducing(pipeline.ClipByNorm, 0, before, storage)]
    dtype = "float64" if storage == "float64" else "float32"
    for kernel, numbers in [
        (fused, {"lr", "beta1", "beta2", "eps", "c1", "c2"}),
        *((other, set()) for other in others),
    ]:
        scalars = [p.name for p in kernel.in_params if p.ctype == "double" or p.name in numbers]
        (found,) = nvrtc.compiled([nvrtc.source(kernel, dtype, scalars)], "sm_80").values()
        assert found.spilled == 0


@needs_nvrtc
def test_a_body_that_cannot_be_compiled_is_refuted(copied):
    spoil(copied / "cupy" / "adam.py", "eps_sqrt_c2);", "c0);")
    found = rungs.compile_for((*one("adam"), *one("sgd")), copied, "float32", "sm_80")
    (adam,), (sgd,) = (found[key] for key in (*one("adam"), *one("sgd")))
    assert (adam.status, sgd.status) == ("refuted", "tested")
    assert 'identifier "c0" is undefined' in adam.counterexample["fact"]


@needs_compiler
def test_bodies_give_the_bits_of_numpy():
    keys = tuple((s.path, s.key) for s in load(select(["adam", "sign", "rmsprop", "nesterov"])))
    for (result,) in rungs.run_on_host(keys, GENERATED).values():
        assert (result.status, result.reason) == ("tested", "bit for bit"), result


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
    (result,) = rungs.run_on_host(one("adam"), copied)[one("adam")[0]]
    assert result.status == "refuted"
    assert fact in result.counterexample["fact"]


def test_what_is_missing_is_said(monkeypatch):
    monkeypatch.setattr(nvrtc, "missing", lambda: "no NVRTC")
    monkeypatch.setattr(host, "compiler", lambda: None)
    found = rungs.merged(call(*arguments) for call, arguments in rungs.parts(load(one("adam")), GENERATED))
    assert [(r.status, r.reason) for r in found[one("adam")[0]]] == [
        ("skipped", "no NVRTC"),
        ("skipped", "there is no C++ compiler; install one, or name it in CXX"),
    ]


def test_results_are_put_together():
    calls = rungs.parts(load(one("sgd")), GENERATED)
    results = rungs.merged(call(*arguments) for call, arguments in calls)[one("sgd")[0]]
    assert [r.claim for r in results] == ["cupy compiled", "cupy body compiled"]
    if nvrtc.missing() is None:
        assert all(architecture in results[0].statement for _, architecture in nvrtc.TARGETS)


@needs_compiler
def test_contracted_operations_stay_within_the_bound(tmp_path):
    """A GPU computes a * b + c with one rounding; so does this machine, if it can."""
    if "fma" not in Path("/proc/cpuinfo").read_text().split():
        pytest.skip("this processor has no fused multiply-add")
    specs = [spec for spec in load(select([])) if isinstance(spec, Spec)]
    library = host.build([host.kernel(spec, GENERATED) for spec in specs], tmp_path, host.CONTRACTED)
    apart = 0
    for spec in specs:
        step = host.step(spec, GENERATED, library)
        for dtype in host.TYPES:
            worst(spec, step, np, dtype)  # fails where an error is above its bound
        first, second = (rungs.run_over_arrays(spec, s, "float32") for s in (step, numpy_step(spec, GENERATED)))
        apart += host.same_bits(first, second) is not None
    assert apart > len(specs) / 2  # it did contract
