"""backends: a folder is one, and nothing else speaks of it; a folder that lacks something says what."""

from __future__ import annotations

import importlib
import re
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from cli import main
from stepsmith import numpy as optimizers
from stepsmith.codegen import backends
from stepsmith.codegen.backends import BACKENDS, REFERENCE
from stepsmith.codegen.execution.imports import package
from stepsmith.codegen.load import GENERATED, ROOT
from stepsmith.codegen.numeric.rules import numeric
from stepsmith.codegen.readback import readback
from tests import emulated_cupy
from tests.conftest import refused, spec_of, spoil

#: As a word, or as a part of an identifier.
NAME = re.compile(rf"(?<![A-Za-z])(?i:{'|'.join(backends.names())})(?![a-z])")


@pytest.fixture
def known(monkeypatch):
    """Folders in which backends are looked for as well."""

    def also(folder: Path) -> None:
        monkeypatch.setattr(backends, "__path__", [*backends.__path__, str(folder)])

    yield also
    for name in [name for name in sys.modules if re.match(rf"{backends.__name__}\.stub\b", name)]:
        del sys.modules[name]


@pytest.mark.fast
def test_no_name_of_a_backend_stands_outside():
    """That NumPy is imported as a tool of this project's own says nothing of the backend.

    Neither does the name of a library that has presets.
    """
    kept = ROOT / "codegen" / "backends", ROOT / "codegen" / "report" / "libraries.py"
    files = [path for path in (ROOT / "codegen").rglob("*.py") if not any(map(path.is_relative_to, kept))]
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in (*files, ROOT / "cli.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if NAME.search(line) and line.strip() != "import numpy as np"
    ]
    assert len(files) > 50
    assert not found


@pytest.mark.fast
def test_the_reference_comes_first_and_the_others_by_name():
    assert list(BACKENDS) == [REFERENCE, *sorted(set(BACKENDS) - {REFERENCE})]
    assert len(BACKENDS) == len(list(BACKENDS)) >= 3
    assert all(backend.name == name for name, backend in BACKENDS.items())


STUB = Path(__file__).parent / "stub"


@pytest.mark.fast
@pytest.mark.parametrize(
    ("file", "old", "new", "lacks"),
    [
        ("__init__.py", "runs = ", "runs_ = ", "lacks runs; what it has to be is said at Backend"),
        ("rules.py", "def over_terms(", "def over_terms_(", "lacks over_terms; what it has to be is said at Rules"),
    ],
)
def test_what_a_backend_lacks_is_named(known, tmp_path, file, old, new, lacks):
    shutil.copytree(STUB, tmp_path / "stub")
    spoil(tmp_path / "stub" / file, old, new)
    known(tmp_path)
    with pytest.raises(ImportError, match=rf"stub/{file} {lacks}"):
        BACKENDS["stub"]


@pytest.mark.fast
def test_a_name_of_no_backend_is_none():
    assert "stub" not in BACKENDS
    with pytest.raises(KeyError):
        BACKENDS["stub"]


@pytest.fixture
def generated(known, tmp_path, capsys):
    """The code of Adam and of the stages for the stub, of which nothing else has ever heard."""
    known(STUB.parent)
    assert main(["generate", "adam", "pipeline", "--backend", "stub", "--out", str(tmp_path / "optim")]) == 0
    return tmp_path / "optim"


def test_a_folder_is_enough_for_a_backend(generated):
    made = importlib.import_module(f"{package(generated)}.stub")
    random = np.random.default_rng(0)
    ours, theirs = (np.linspace(-1, 1, 7, dtype=np.float32) for _ in range(2))
    one, other = made.Adam(ours), optimizers.Adam(theirs)
    for _ in range(20):
        gradients = random.standard_normal(7).astype(np.float32)
        one.step(gradients)
        other.step(gradients)
    np.testing.assert_allclose(ours, theirs, rtol=1e-5)
    assert made.ClipByNorm.__module__.endswith(".numpy.pipeline")
    found = [*readback(spec_of("adam"), "stub", generated), *numeric(spec_of("adam"), generated, ["stub"])]
    assert [(result.claim, result.status) for result in found] == [
        ("readback stub", "proved"),
        ("class stub", "proved"),
        ("float64 stub", "tested"),
        ("float32 stub", "tested"),
    ]


def test_stages_of_a_backend_that_extends_another_are_those(generated):
    (result,) = readback(spec_of("clip_by_norm"), "stub", generated)
    assert (result.claim, result.status) == ("class stub", "proved")


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        ("m_new = beta1 * m", "m_new = beta2 * m", "refuted"),
        ("    return (w_new, m_new, v_new)", "    return (w_new, v_new, m_new)", "refuted"),
        ("each(_adam_update, (w, m, v), g,", "each(_adam_update, (w, v, m), g,", "refuted"),
        ("    m_new = beta1 * m", "    print(m)\n    m_new = beta1 * m", "undecided"),
        ("each(_adam_update, (w, m, v), g,", "each(_adamw_update, (w, m, v), g,", "undecided"),
    ],
)
def test_a_file_of_a_new_backend_that_lies_is_found_out(generated, old, new, status):
    spoil(generated / "stub" / "adam.py", old, new)
    first, _ = readback(spec_of("adam"), "stub", generated)
    assert first.status == status
    assert refused(first)


@pytest.mark.fast
def test_what_a_device_is_given_comes_back():
    """The functions of a file over a device's arrays: in place for a rule, as new arrays for a layer."""
    run, on_device = BACKENDS["cupy"].runs
    rule, layer = spec_of("sgd"), spec_of("batch_norm_torch")
    random = np.random.default_rng(0)
    w, g = random.standard_normal((2, 5)).astype(np.float32)
    with emulated_cupy.installed():
        found, wanted = w.copy(), w.copy()
        for array, way in ((found, on_device), (wanted, run)):
            way.load(rule, GENERATED)["sgd_update"](array, g, 1, lr=0.1)
        np.testing.assert_array_equal(found, wanted)
        assert (found != w).all()
        x, ones = random.standard_normal((4, 2, 3)).astype(np.float32), np.ones(2, np.float32)
        (one, *_), (other, *_) = (
            way.load(layer, GENERATED)["batch_norm_torch_forward"](x, ones, ones, ones, ones, axis=1)
            for way in (on_device, run)
        )
    assert type(one) is np.ndarray
    np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
