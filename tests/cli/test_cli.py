"""The command line: what it prints, where, and with which status."""

import json
import os
import pty
import subprocess
import sys

import pytest

from stepsmith.codegen.load import ROOT
from tests.conftest import SPECS, cli, started


def test_help_and_list_do_not_import_sympy():
    for command in (["--help"], ["list"], ["list", "--json"]):
        code = f"import sys, cli\ntry: cli.main({command})\nexcept SystemExit: pass\nprint('sympy' in sys.modules)"
        run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
        assert run.stdout.splitlines()[-1] == "False"


def test_list():
    run = started("list")
    assert run.returncode == 0
    assert any(line.startswith("adam ") and "arXiv:1412.6980" in line for line in run.stdout.splitlines())
    listed = json.loads(cli("list", "--json").stdout)
    assert listed["schema"] == 1
    (adam,) = [entry for entry in listed["rules"] if entry["key"] == "adam"]
    assert {"family": "adam", "name": "Adam"}.items() <= adam.items()


def test_show():
    text = cli("show", "adam").stdout
    assert "m_new  = beta1 * m + (1 - beta1) * g           first moment" in text
    assert r"\begin{align*}" in cli("show", "adam", "--latex").stdout
    derivation = cli("show", "adam", "--derivation").stdout
    assert "sum(beta1**(t-i), i=1..t) = (1 - beta1**t) / (1 - beta1)" in derivation
    assert "heavy_ball" not in text


KEYS = {
    "spec",
    "claim",
    "status",
    "statement",
    "method",
    "assumptions",
    "counterexample",
    "reason",
    "seconds",
    "about",
    "runs",
}
STATUSES = {"proved", "refuted", "undecided", "tested", "skipped", "contradicted"}


def test_verify_json_has_the_schema_and_what_is_promised():
    """Of rules of every kind; that all of all rules holds is asked where each part is tested."""
    run = started(
        "verify", "adam", "momentum", "sgd", "cosine", "early_stopping", "l2_decay", "batch_norm_keras", "--json"
    )
    assert run.returncode == 0
    assert run.stderr == ""
    found = json.loads(run.stdout)
    assert found["schema"] == 1
    assert set(found["summary"]) == STATUSES
    assert sum(found["summary"].values()) == len(found["results"])
    assert all(set(result) == KEYS for result in found["results"])
    proved = {(r["spec"], r["claim"]) for r in found["results"] if r["status"] == "proved"}
    assert proved >= {
        ("adam", "ema m"),
        ("adam", "ema v"),
        ("adam", "unbiased m_hat"),
        ("adam", "unbiased v_hat"),
        ("heavy_ball", "equals MomentumBuffer"),
        ("momentum_ema", "equals MomentumBuffer"),
        ("momentum_ema", "equals HeavyBall"),
    }
    for rule in ("adam", "sgd", "heavy_ball", "momentum_buffer", "momentum_ema"):
        assert proved >= {(rule, "readback numpy"), (rule, "readback cupy")}


def test_verify_lists_every_claim_and_ends_with_a_count_and_strict_fails_on_what_was_skipped():
    run = started("verify", "sgd")
    assert run.returncode == 0
    lines = run.stdout.splitlines()
    assert any(line.startswith("  proved    series w") for line in lines)
    assert any("by induction; assumes lr >= 0" in line for line in lines)
    assert lines[-1].split()[1] == "proved,"
    assert "skipped" not in lines[-1] or "pip install" in run.stdout or "no CUDA device" in run.stdout
    assert "\x1b" not in run.stdout
    assert started("verify", "sgd", "--strict").returncode == ("skipped" in lines[-1])


@pytest.mark.fast
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["verify", "adm"], "adm: no rule or family has this name; did you mean adam"),
        (["show", "momentumm"], "did you mean momentum"),
        (["generate", "zzz"], "python cli.py list shows all"),
        (["verify", "nowhere.py"], "nowhere.py: there is no such file"),
        (["generate", str(SPECS / "everything.py")], "--out DIR"),
        (["verify", "--backend", "jax"], "invalid choice: 'jax'"),
        (["generate", "--check", "--diff"], "not allowed with"),
        (["prove"], "invalid choice: 'prove'"),
        ([], "required"),
    ],
)
def test_misuse_exits_with_two_and_says_why(arguments, message):
    run = cli(*arguments)
    assert run.returncode == 2
    assert message in run.stderr
    assert run.stdout == ""


def test_json_is_printed_on_failure_too():
    found = json.loads(cli("verify", str(SPECS / "eight_mistakes.py"), "--json").stdout)
    assert found["results"] == []
    assert len(found["problems"]) >= 8
    assert set(found["problems"][0]) == {"place", "fact", "remedy"}
    assert "did you mean" in json.loads(cli("verify", "adm", "--json").stdout)["error"]


@pytest.mark.fast
def test_a_folder_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    run = cli("generate", "sgd", "--out", str(tmp_path / "file"))
    assert run.returncode == 2
    assert "cannot be written: " in run.stderr
    assert "--out DIR" in run.stderr


def test_progress_and_colour_only_on_a_terminal():
    parent, child = pty.openpty()
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    command = [sys.executable, "cli.py", "verify", "sgd"]
    with subprocess.Popen(command, cwd=ROOT, stdout=child, stderr=child, env=environment) as process:
        os.close(child)
        seen = b""
        try:
            while chunk := os.read(parent, 65536):
                seen += chunk
        except OSError:  # the terminal is gone when the process is
            pass
    os.close(parent)
    assert process.returncode == 0
    assert b"\x1b[32mproved" in seen
    assert b"sgd: readback numpy ..." in seen
