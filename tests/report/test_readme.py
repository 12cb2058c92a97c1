"""The README tells the truth: what it quotes is there, what it shows runs."""

import re
import subprocess
import sys

import pytest

from stepsmith.codegen.load import ROOT
from tests.conftest import SPECS, cli, rules, started

README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, re.DOTALL)


def block(containing: str) -> str:
    (found,) = [text for _, text in BLOCKS if containing in text]
    return found


@pytest.mark.fast
def test_the_two_commands_stand_as_ci_runs_them():
    verify = "python3 -m venv .venv && .venv/bin/pip install -e . && .venv/bin/python cli.py verify"
    tests = 'python3 -m venv .venv && .venv/bin/pip install -e ".[test]" && .venv/bin/python -m pytest'
    assert f"```\n{verify}\n```" in README
    assert f"```\n{tests}\n```" in README
    assert tests in (ROOT / ".ci" / "run").read_text().splitlines()


@pytest.mark.fast
def test_the_spec_is_that_of_adam():
    text = block("# specs/adam.py").replace("# specs/adam.py\n", "")
    spec = (ROOT / "specs" / "adam.py").read_text()
    for line in text.splitlines():
        if line.strip().startswith(("Step(", "name=", "source=", "state=")):
            assert line in spec


@pytest.mark.fast
def test_the_generated_code_is_what_stands_in_the_files():
    assert block("for tile in tiles") in (ROOT / "generated" / "numpy" / "adam.py").read_text()
    assert block("const T m_new") in (ROOT / "generated" / "cupy" / "adam.py").read_text()
    assert block("for i in prange") in (ROOT / "generated" / "numba" / "adam.py").read_text()


def test_the_output_of_verify_is_quoted():
    output = started("verify", "adam", "-v").stdout
    for part in re.split(r"(?=^  proved)", block("readback cupy"), flags=re.MULTILINE):
        assert part in output


def test_the_derivation_is_quoted():
    assert block("Stationary gradients") in cli("show", "adam", "--derivation").stdout


def test_the_facts_are_quoted():
    output = cli("show", "adam", "--facts").stdout
    for part in re.split(r"(?=^  proved)", block("step bound attained"), flags=re.MULTILINE):
        assert part in output


def test_the_theorem_is_quoted():
    from stepsmith.codegen.certify import exported
    from stepsmith.codegen.load import load, select
    from stepsmith.codegen.prove import prove

    (spec,) = load(select(["adam"]))
    theorems = exported("adam", list(prove(spec))).theorems.values()
    assert block("adam_unbiased_v_hat") in next(t.text for t in theorems if t.name == "adam_unbiased_v_hat")


@pytest.mark.fast
def test_the_users_rule_is_the_one_that_is_tested():
    assert (
        block("The sign of a momentum.").split('"""', 2)[2]
        == (SPECS / "sign_momentum.py").read_text().split('"""', 2)[2]
    )


def test_every_family_and_rule_of_the_table_exists():
    """A new one need not be there: `python cli.py list` has all."""
    known = {spec.optimizer.name for spec in rules().values()}
    table = README.split("| family | rules |")[1].split("\n\n")[0]
    assert set(re.findall(r"`([A-Z]\w+)`", table)) <= known
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) <= {spec.family for spec in rules().values()}


def test_stages_are_shown_as_they_are():
    from stepsmith.codegen.load import catalog

    table = README.split("| stages | |")[1].split("\n\n")[0]
    assert set(re.findall(r"`([A-Z]\w+)`", table)) == {e.name for e in catalog() if e.kind == "stage"}
    code = "import cli, numpy as np\nparams = {k: np.ones((2, 2)) for k in ('body', 'head')}\ngrads = params\n"
    code += "grads = {k: v.copy() for k, v in params.items()}\n" + block("average = WeightEMA")
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)


def test_the_training_program_runs():
    code = "import cli\n" + block("from stepsmith.numpy import Adam\n\nrandom")
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert float(run.stdout.split("%")[0]) >= 95


def _accuracy(code: str, cwd) -> float:
    """What a program that is shown prints at its end."""
    code = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nimport cli\n{code}"
    run = subprocess.run([sys.executable, "-c", code], cwd=cwd, capture_output=True, text=True, check=True)
    return float(run.stdout.split("%")[0])


def test_a_model_of_torch_is_trained_and_resumed_to_the_same_bits(tmp_path):
    pytest.importorskip("torch")
    code = block("torch.optim.lr_scheduler.CosineAnnealingLR")
    before, *_ = code.split("\ntrain(range(15))\n")
    again = """
found = [p.detach().clone() for p in model.parameters()]
half = torch.load("half.pt", weights_only=True)
"""
    again += before.split("y = torch.tensor")[1].partition("\n")[2]
    again += """
for name, part in (("model", model), ("opt", opt), ("schedule", schedule)):
    part.load_state_dict(half[name])
train(range(15, 30))
assert all(torch.equal(one, p) for one, p in zip(found, model.parameters(), strict=True))
assert not torch.equal(found[0], half["model"]["0.weight"])
"""
    assert _accuracy(code + again, tmp_path) >= 95


def test_what_runs_on_several_processes_runs_on_one():
    pytest.importorskip("torch")
    code = "import cli\n" + block("fully_shard(model")
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)


def test_a_model_of_jax_is_trained_and_resumed_to_the_same_bits(tmp_path):
    pytest.importorskip("optax")
    code = block("from stepsmith.jax import")
    again = """
saved = pickle.loads(Path("half.pkl").read_bytes())
resumed = train(*saved, range(15, 30))
assert all(map(jnp.array_equal, jax.tree.leaves(resumed), jax.tree.leaves((params, state))))
assert not jnp.array_equal(params["W1"], saved[0]["W1"])
"""
    assert _accuracy(code + again, tmp_path) >= 95


def test_the_presets_that_are_shown_can_be_made():
    code = "import cli, numpy as np\nparams = np.ones(3)\n" + block("from stepsmith.numpy.presets")
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
