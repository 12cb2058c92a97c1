"""render: the same bytes every time, written whole, and anything else is noticed."""

import random
import re
from pathlib import Path

import pytest

from stepsmith.codegen.backends import BACKENDS
from stepsmith.codegen.files import BY_HAND, MARK, changes, is_orphan
from stepsmith.codegen.load import GENERATED, catalog
from stepsmith.codegen.render import render
from stepsmith.codegen.verify import whole_families
from tests.conftest import SPECS, all_rules, cli, overwrite, rules, spoil

SUFFIXES = (".py", ".pyi")
SEED = "4294967295"


def test_generated_code_is_in_sync():
    run = cli("generate", "--diff")
    assert run.returncode == 0, run.stdout


@pytest.fixture(scope="module")
def rendered():
    """The text of each file, of the project's specs and of one with every operation, by its place under the folder."""
    out = Path("out")
    files = render([*all_rules().values(), *rules(str(SPECS / "everything.py")).values()], BACKENDS, out)
    return {path.relative_to(out): text for path, text in files.items()}


@pytest.mark.thorough
def test_the_bytes_do_not_depend_on_the_hash_seed(rendered, tmp_path):
    """That is the seed of another process; this one's is another in every run."""
    out = tmp_path / "out"
    names = [*sorted({entry.family for entry in catalog()}), str(SPECS / "everything.py")]
    assert cli("generate", *names, "--out", str(out), PYTHONHASHSEED=SEED).returncode == 0
    for path, text in rendered.items():
        assert (out / path).read_bytes() == text.encode()
    for path in GENERATED.glob("[a-z]*/[a-z]*.py"):
        assert (out / path.relative_to(GENERATED)).read_bytes() == path.read_bytes()


def _edits(copied):
    """Ten places in the generated modules, from the first file to the last, each with another character in it."""
    rng = random.Random(0)
    paths = sorted(p for b in BACKENDS for p in (copied / b).glob("*.py"))
    for number in range(10):
        path = paths[number * len(paths) // 10]
        text = path.read_text()
        position = rng.choice([m.start() for m in re.finditer(r"[^\s\"'\\]", text)])
        other = rng.choice([c for c in "+-*/0127abmvw" if c != text[position]])
        yield path, text, text[:position] + other + text[position + 1 :]


@pytest.mark.thorough
def test_ten_edits_are_caught_by_verify_and_by_check_and_mended(copied):
    for number, (path, good, bad) in enumerate(_edits(copied)):
        overwrite(path, bad)
        name = f"{path.parent.name}/{path.name}"
        # what is shared is written with every family; only once everything is looked at
        shared = "batchnorm" if path.stem == "_channels" else "sgd"
        names = [] if number == 0 else [shared if path.stem.startswith("_") else path.stem]
        check = cli("generate", *names, "--check", "--out", str(copied))
        assert check.returncode == 1
        assert any(line.startswith("stale") and name in line for line in check.stdout.splitlines())
        if number % 4 == 0:  # one rule is enough: files are generated whole
            rule = next((entry.key for entry in catalog() if entry.family == path.stem), shared)
            verify = cli("verify", rule, "--backend", path.parent.name, "--out", str(copied), "--json")
            assert verify.returncode == 1
            assert name in verify.stdout
        assert cli("generate", *names, "--out", str(copied)).returncode == 0
        assert path.read_text() == good


def test_unchanged_files_keep_their_time(copied):
    before = {path: path.stat().st_mtime_ns for path in copied.rglob("*.py*")}
    run = cli("generate", "adam", "batchnorm", "pipeline", "schedules", "--out", str(copied))
    assert re.fullmatch(r"0 written, \d\d+ unchanged\n", run.stdout)
    assert before == {path: path.stat().st_mtime_ns for path in copied.rglob("*.py*")}
    assert not list(copied.rglob(".*"))


def test_check_finds_missing_and_orphaned_files_and_writes_nothing(copied):
    (copied / "numpy" / "sgd.py").rename(copied / "numpy" / "adom.py")
    before = sorted(copied.rglob("*"))
    run = cli("generate", "--check", "--out", str(copied))
    assert run.returncode == 1
    assert re.search(r"^missing .*numpy/sgd.py", run.stdout, re.MULTILINE)
    assert re.search(r"^orphan .*numpy/adom.py    no spec is named adom; delete it", run.stdout, re.MULTILINE)
    assert sorted(copied.rglob("*")) == before


def test_diff_shows_how(copied):
    path = copied / "cupy" / "adam.py"
    spoil(path, "eps: float = 1e-8", "eps: float = 1e-7")
    run = cli("generate", "adam", "--diff", "--out", str(copied))
    assert "-    eps: float = 1e-7,\n+    eps: float = 1e-8,\n" in run.stdout


def test_one_backend_alone(tmp_path):
    assert cli("generate", "sgd", "--backend", "numpy", "--out", str(tmp_path / "o")).returncode == 0
    assert not (tmp_path / "o" / "cupy").exists()
    assert cli("verify", "sgd", "--backend", "numpy", "--out", str(tmp_path / "o")).returncode == 0


def test_a_users_module_is_indexed_beside_what_is_there(tmp_path):
    out = str(tmp_path / "o")
    cli("generate", "sgd", "--out", out)
    cli("generate", str(SPECS / "sign_momentum.py"), "--out", out)
    index = (tmp_path / "o" / "numpy" / "__init__.py").read_text()
    assert '"SGD": "sgd"' in index
    assert '"SignMomentum": "sign_momentum"' in index
    assert cli("generate", "--check", "sgd", "--out", out).returncode == 0


def test_a_folder_of_layers_alone_has_what_its_index_offers(tmp_path):
    assert cli("generate", "batchnorm", "--backend", "numpy", "--out", str(tmp_path / "o")).returncode == 0
    assert "_arrays" not in (tmp_path / "o" / "numpy" / "__init__.py").read_text()
    assert {path.name for path in (tmp_path / "o" / "_runtime").iterdir()} == {
        f"{name}.py" for name in ("__init__", "given", "habits", "hints", "layer", "number", "scalars")
    }


def test_families_are_generated_whole():
    one = rules("heavy_ball").values()
    assert changes(render(whole_families(list(one)), BACKENDS, GENERATED)) == []


@pytest.mark.fast
def test_no_date_no_version_no_path_in_the_files():
    for text in (path.read_text() for path in GENERATED.rglob("*") if path.suffix in SUFFIXES):
        assert str(GENERATED.parent) not in text
        assert not re.search(r"20[2-9]\d-\d\d", text)


def test_another_folder_gets_all_of_this_one_and_each_module_is_either_generated_or_copied():
    here = {path.relative_to(GENERATED): path.read_text() for path in GENERATED.rglob("*") if path.suffix in SUFFIXES}
    there = {path.relative_to("out"): t for path, t in render(all_rules().values(), BACKENDS, Path("out")).items()}
    assert here.keys() - {Path("__main__.py")} == there.keys()
    assert all(text.startswith(f"# {MARK}") for text in there.values())
    by_hand = {path for path in there if here[path] != there[path]} - {Path("__init__.py")}
    for path in by_hand:
        assert there[path] == f"# generated from stepsmith/{path.as_posix()}; do not edit\n{here[path]}"
    assert {path.parts[0] for path in by_hand if not path.name.startswith("_")} == {"_presets", "_runtime", *BY_HAND}


def test_a_module_that_is_written_by_hand_is_no_orphan_and_another_one_is():
    assert not is_orphan(GENERATED / "auto.py", "")
    assert is_orphan(GENERATED / "adom.py", "")
