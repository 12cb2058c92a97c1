"""Where code may be generated to: a folder that hides no library and holds nobody else's files."""

import errno
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from stepsmith.codegen.cli import destination
from stepsmith.codegen.load import ROOT, UsageError
from tests.conftest import SPECS, cli

SPEC = '''"""A file of a user."""
from stepsmith.codegen.spec import *
w, g = arrays("w g")
lr = hyper("lr", default="0.1", domain=">= 0")
SGD = Optimizer(name="{name}", source="a test", state={{}}, steps=(Step(new(w), w - lr * g),))
'''


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """A folder of a user, who works in it."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def generate(out, *names):
    return cli("generate", *(names or ("sgd",)), "--backend", "numpy", "--out", str(out), cwd=Path.cwd())


def a_script(out: Path) -> None:
    (out / "train.py").write_text("import numpy\n")


def a_package(out: Path) -> None:
    (out / "__init__.py").write_text('"""Mine."""\n')


def a_folder_of_that_name(out: Path) -> None:
    (out / "numpy").mkdir()
    (out / "numpy" / "notes.txt").write_text("mine\n")


def a_project(out: Path) -> None:
    (out / "pyproject.toml").write_text("")


def a_helper_of_the_runtime(out: Path) -> None:
    (out / "_runtime").mkdir()
    (out / "_runtime" / "tree.py").write_text("mine = 1\n")


def packages(out: Path) -> None:
    (out / "mine").mkdir()
    (out / "mine" / "__init__.py").write_text("")


REFUSED = [
    (".", None, "would find the numpy/ in it in place of the library numpy", "optim"),
    ("there", a_project, "would find the numpy/ in it in place of the library numpy", "there/optim"),
    ("there", packages, "would find the numpy/ in it in place of the library numpy", "there/optim"),
    ("there", a_script, "train.py in it was not generated", "there/optim"),
    ("there", a_package, "__init__.py in it was not generated", "there/optim"),
    ("there", a_folder_of_that_name, "numpy/ in it was not generated", "there/optim"),
    ("there", a_helper_of_the_runtime, "_runtime/ in it was not generated", "there/optim"),
    ("stepsmith", None, "would be imported in place of the library stepsmith", "optim"),
    ("numpy", None, "would be imported in place of the library numpy", "optim"),
    ("json", None, "would be imported in place of the library json", "optim"),
    ("my-optim", None, "'my-optim' cannot be the name of a package", "optim"),
    ("class", None, "'class' cannot be the name of a package", "optim"),
    ("lib/site-packages/optim", None, "belongs to the installer of packages", "optim"),
]


@pytest.mark.parametrize(("given", "prepare", "fact", "better"), REFUSED)
def test_a_folder_that_is_not_fit_is_refused_and_the_one_that_is_named_works(here, given, prepare, fact, better):
    out = here / given
    if prepare:
        out.mkdir()
        prepare(out)
    before = sorted(here.rglob("*"))
    run = generate(given)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith(f"--out {given}: ")
    assert fact in run.stderr
    assert sorted(here.rglob("*")) == before
    (remedy,) = re.findall(r"--out (\S+)$", run.stderr.strip())
    assert remedy == better
    assert generate(remedy).returncode == 0
    # whoever followed it has the library beside the code, also where Python is started in that folder
    name = remedy.rpartition("/")[2]
    code = f"import numpy, {name}.numpy; {name}.numpy.SGD(numpy.ones(3)).step(numpy.ones(3))"
    at = (here / remedy).parent
    subprocess.run([sys.executable, "-c", code], cwd=at, check=True, env={**os.environ, "PYTHONPATH": ""})


@pytest.mark.parametrize(
    ("given", "fact", "better"),
    [
        ("notes", "notes is no folder", "optim"),
        ("notes/deeper", "notes is no folder", "optim"),
        ("train", "train.py beside it would no longer be imported", "train/optim"),
        ("circle", "", "optim"),  # the words are those of the system, or of this project
        ("x" * 300, os.strerror(errno.ENAMETOOLONG), "optim"),
    ],
)
def test_what_is_in_the_way_is_said_and_what_is_not_works(here, given, fact, better):
    (here / "notes").write_text("mine")
    (here / "train.py").write_text("")
    (here / "circle").symlink_to("circle")
    for command in (["generate", "sgd"], ["generate", "sgd", "--check"]):
        run = cli(*command, "--backend", "numpy", "--out", given, cwd=here)
        assert run.returncode == 2
        assert run.stderr.startswith(f"--out {given}: {fact}")
        assert run.stderr.endswith(f"; choose another folder: --out {better}\n")
    assert generate(better).returncode == 0


def test_verify_says_where_no_generated_code_is(here):
    (here / "notes").write_text("mine")
    end = "; name the one that generate wrote, or write it: python cli.py generate --out optim\n"
    for given, fact in [
        ("notes", "notes is no folder"),
        (".", "no generated code is in it"),
        ("optim", "there is no such folder"),
    ]:
        run = cli("verify", "sgd", "--backend", "numpy", "--out", given, cwd=here)
        assert (run.returncode, run.stdout, run.stderr) == (2, "", f"--out {given}: {fact}{end}")
    assert list(here.iterdir()) == [here / "notes"]


@pytest.mark.parametrize(
    ("command", "option"), [(["export", "sgd", "--coq"], "--coq"), (["verify", "sgd", "--certify", "--kept"], "--kept")]
)
@pytest.mark.parametrize("given", ["notes", "notes/deeper"])
def test_no_theorem_goes_where_a_file_is(here, command, option, given):
    (here / "notes").write_text("mine")
    run = cli(*command, given, cwd=here)
    said = f"{option} {given}: notes is no folder; choose another folder\n"
    assert (run.returncode, run.stdout, run.stderr) == (2, "", said)
    assert list(here.iterdir()) == [here / "notes"]


def test_the_folder_around_the_one_that_is_worked_in_is_refused(here):
    run = generate("..")
    assert run.returncode == 2
    assert "Python imports from this folder" in run.stderr
    assert list(here.parent.iterdir()) == [here]


@pytest.mark.fast
def test_a_folder_from_which_is_imported_is_refused_wherever_it_is(here, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path / "library"))
    assert f"choose another folder: --out {tmp_path}/library/optim\n" in generate(tmp_path / "library").stderr
    (here / "pyproject.toml").write_text("")
    assert "choose another folder: --out src/optim\n" in generate("src").stderr


def test_a_package_inside_a_package_and_a_folder_of_before_are_fit(here):
    a_package(here)
    (here / "optim").mkdir()
    (here / "optim" / "__init__.py").write_text("")
    assert generate("optim").returncode == 0
    assert generate("optim", "momentum").returncode == 0
    (here / "optim" / "numpy" / "by_hand.py").write_text('__all__ = ["Mine"]\n')
    assert generate("optim").returncode == 0
    assert '"Mine": "by_hand"' in (here / "optim" / "numpy" / "__init__.py").read_text()


@pytest.mark.fast
def test_a_file_of_another_spec_is_not_overwritten(here):
    assert generate("optim", "sgd").returncode == 0
    (here / "sgd.py").write_text(SPEC.format(name="Mine"))
    (here / "optim" / "numpy" / "sgd.py").touch()
    run = generate("optim", "sgd.py")
    assert run.returncode == 2
    assert run.stderr == (
        "sgd.py: optim/numpy/sgd.py, into which it is generated, is from specs/sgd.py\n"
        "    rename the spec's file, or choose another folder with --out, "
        "or delete that file if it is not needed any more\n"
    )
    (here / "optim" / "numpy" / "sgd.py").write_text("by hand = 1\n")
    assert "optim/numpy/sgd.py, into which it is generated, is foreign" in generate("optim").stderr
    (here / "optim" / "numpy" / "sgd.py").unlink()
    assert generate("optim", "sgd.py").returncode == 0


@pytest.mark.parametrize(
    ("name", "fact", "better"),
    [
        ("my-rule", "'my-rule' cannot be the name of a module", "my_rule.py"),
        ("class", "'class' cannot be the name of a module", "rules_class.py"),
        ("2nd", "'2nd' cannot be the name of a module", "rules_2nd.py"),
        ("_mine", "'_mine' cannot be the name of a module", "mine.py"),
        ("für", "'für' cannot be the name of a module", "f_r.py"),
        ("numpy", "numpy is a module already", "numpy_rules.py"),
        ("random", "random is a module already", "random_rules.py"),
        ("auto", "auto is a module already", "auto_rules.py"),
    ],
)
def test_a_spec_whose_code_could_not_be_imported_is_refused_by_its_name(here, name, fact, better):
    (here / f"{name}.py").write_text(SPEC.format(name="Mine"))
    run = generate("optim", f"{name}.py")
    assert run.returncode == 2
    assert run.stderr.startswith(f"{name}.py: {fact}")
    assert run.stderr.endswith(f"    rename the file: {better}, for example\n")
    (here / f"{name}.py").rename(here / better)
    assert generate("optim", better).returncode == 0


@pytest.mark.fast
def test_a_file_that_is_none_does_not_suggest_itself(here):
    (here / "rule.py").mkdir()
    (here / "rules.py").symlink_to("rules.py")
    assert cli("show", "rule.py", cwd=here).stderr == "rule.py: it is a folder\n"
    assert cli("show", "rules.py", cwd=here).stderr == "rules.py: there is no such file\n"
    (here / "rules_2.py").write_bytes(b"\0")
    run = cli("show", "rules_2.py", cwd=here)
    assert run.returncode == 2
    assert run.stderr.endswith("    mend that file; nothing in it was read\n")


@pytest.mark.fast
def test_an_installed_stepsmith_writes_where_it_is_told_to_and_nowhere_else(here, monkeypatch):
    monkeypatch.setattr(destination, "IN_CHECKOUT", False)
    for more in ([], ["--check"]):
        run = cli("generate", "sgd", *more, cwd=here)
        assert run.returncode == 2
        assert run.stderr == "Stepsmith is installed here; say where the code goes: --out optim\n"
    assert generate("optim").returncode == 0
    with pytest.raises(UsageError, match="choose another folder"):
        destination.destination(str(ROOT), writes=True)


def test_what_mends_a_file_is_named_as_it_is_typed(here):
    (here / "mine.py").write_text(SPEC.format(name="Mine"))
    assert generate("optim", "mine.py").returncode == 0
    (here / "optim" / "numpy" / "mine.py").unlink()
    from stepsmith.codegen.load import load, select
    from stepsmith.codegen.readback import readback

    (result,) = [r for r in readback(*load(select(["mine.py"])), "numpy", here / "optim") if r.claim.startswith("read")]
    assert result.reason == (
        "optim/numpy/mine.py is not there; python cli.py generate mine.py --out optim writes the file anew"
    )
    assert str(SPECS) not in result.reason
