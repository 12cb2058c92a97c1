"""Names that two rules would share: decided by where their code lands."""

import json
from types import SimpleNamespace

import pytest

from stepsmith.codegen.check import check, clashes
from stepsmith.codegen.cli import main
from stepsmith.codegen.load import Entry, SpecError, load, select

HEAD = '''"""A file of a user."""
from stepsmith.codegen.spec import *
w, g = arrays("w g")
lr = hyper("lr", default="0.1", domain=">= 0", doc="learning rate")
'''
STEP = "Step(new(w), w - lr * g)"


def optimizer(variable: str, name: str) -> str:
    return f'{HEAD}{variable} = Optimizer(name="{name}", source="a test", state={{}}, steps=({STEP},))\n'


def stage(variable: str, name: str) -> str:
    head = HEAD.rpartition("lr = ")[0]
    return f'{head}{variable} = Stage(name="{name}", source="a test", steps=(Step(new(g), -g),))\n'


@pytest.fixture
def folder(tmp_path, monkeypatch, capsys):
    """Write files of a user by name, and run commands beside them, for NumPy, in this process."""
    monkeypatch.chdir(tmp_path)

    def run(command, *names, out="optim", **files):
        for name, text in files.items():
            (tmp_path / f"{name}.py").write_text(text)
        more = [f"--out={out}"] if out else []
        status = main([command, *names, "--backend=numpy", *more])
        return SimpleNamespace(returncode=status, **capsys.readouterr()._asdict())

    return run


def test_a_name_that_is_taken_in_the_folder_is_a_problem_also_if_one_file_is_given(folder):
    assert folder("generate", "one.py", one=optimizer("A", "Mine")).returncode == 0
    for command in ("generate", "verify"):
        run = folder(command, "two.py", two=optimizer("B", "Mine"))
        assert run.returncode == 2
        assert run.err == (
            "two.py:5: Mine: optim/numpy/one.py already offers Mine\n"
            "    give one of the two another name, or delete optim/numpy/one.py if it is of no use any more\n"
        )
    # a stage is imported from where optimizers are, and so is the function of a rule
    assert "one.py already offers Mine\n" in folder("generate", "two.py", two=stage("B", "Mine")).err
    assert "one.py already offers a_update\n" in folder("generate", "two.py", two=optimizer("A", "Other")).err
    assert folder("generate", "two.py", two=optimizer("B", "Other")).returncode == 0
    assert folder("generate", "one.py").returncode == 0
    assert folder("generate", "two.py", "one.py").returncode == 0


@pytest.mark.fast
def test_whoever_follows_the_remedy_is_through(folder, tmp_path):
    folder("generate", "one.py", one=optimizer("A", "Mine"))
    (tmp_path / "optim" / "numpy" / "one.py").unlink()
    assert folder("generate", "two.py", two=optimizer("B", "Mine")).returncode == 0
    text = (tmp_path / "optim" / "numpy" / "__init__.py").read_text()
    assert '"Mine": "two"' in text
    assert '"one"' not in text


def test_a_users_own_file_may_have_a_name_of_the_projects(folder):
    """They meet only where one folder holds the code of both."""
    mine = optimizer("ADAM", "Adam")
    assert folder("generate", "mine.py", mine=mine).returncode == 0
    assert folder("verify", "mine.py", out=None).returncode == 0
    assert folder("verify", "mine.py", "signum", out=None).returncode == 0
    run = folder("generate", "adam")
    assert run.returncode == 2
    assert "Adam: optim/numpy/mine.py already offers Adam\n" in run.err
    assert "Adam: optim/numpy/mine.py already offers adam_update\n" in run.err
    run = folder("generate", "adam", "mine.py", out="both")
    assert run.returncode == 2
    assert "Adam: specs/adam.py already has a rule named Adam\n    give one of the two another name" in run.err


@pytest.mark.fast
def test_a_project_rule_is_looked_for_in_all_families(monkeypatch):
    """Also in those that nobody has asked for."""
    (adam,) = load(select(["adam_uncorrected"]))
    check([adam])
    path = adam.path.parent / "another.py"

    def catalog_with(kind, key, name):
        entry = Entry(kind, key, "another", path, name, "a test", "")
        monkeypatch.setattr(clashes, "catalog", lambda: [entry])

    for kind in ("optimizer", "stage", "layer"):
        catalog_with(kind, "other", "AdamUncorrected")
        with pytest.raises(SpecError, match=r"AdamUncorrected: .*another.py already has a rule named AdamUncorrected"):
            check([adam])
    catalog_with("optimizer", "adam_uncorrected", "Other")
    with pytest.raises(SpecError, match="already has a rule whose function is adam_uncorrected_update"):
        check([adam])
    for kind in ("schedule", "monitor"):  # they are imported from elsewhere
        catalog_with(kind, "adam_uncorrected", "AdamUncorrected")
        check([adam])


@pytest.mark.fast
def test_kinds_that_are_imported_from_one_place_share_their_names(folder):
    files = {"one": optimizer("A", "Mine"), "two": stage("B", "Mine")}
    run = folder("verify", "one.py", "two.py", out=None, **files)
    assert run.returncode == 2
    assert "two.py:4: Mine: one.py already has a rule named Mine" in run.err


@pytest.mark.fast
@pytest.mark.parametrize("name", ["master_weights", "pipeline", "power", "seed", "state"])
def test_names_of_what_every_class_has_are_reserved(folder, name):
    text = optimizer("A", "Mine").replace("w - lr", f'w - hyper("{name}", default="1", domain="> 0") * lr')
    run = folder("verify", "one.py", out=None, one=text)
    assert run.returncode == 2
    assert f"the name {name} belongs to the generated modules" in run.err


def test_the_file_of_a_user_is_shown_under_a_path_that_stays(folder):
    runs = [folder("verify", "one.py", "--json", out=None, one=optimizer("A", "Mine")) for _ in range(2)]
    first, second = (
        [{k: v for k, v in r.items() if k != "seconds"} for r in json.loads(run.out)["results"]] for run in runs
    )
    assert first == second
    assert "a_update in generated/numpy/one.py (not written) computes the equations of one.py" in {
        r["statement"] for r in first
    }
