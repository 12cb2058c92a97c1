"""The command line: what it prints, where, and with which status."""

import contextlib
import json
import os
import pty
import re
import signal
import subprocess
import sys
import tomllib
from dataclasses import replace
from io import StringIO
from types import SimpleNamespace

import pytest

from stepsmith.codegen import files
from stepsmith.codegen.backends import BACKENDS
from stepsmith.codegen.cli.options import parsed
from stepsmith.codegen.load import ROOT, catalog, load, program, select
from stepsmith.codegen.report.results import Brief, Terminal, result_lines, results_json, row, summary_line
from stepsmith.codegen.report.sources import Decided, lines
from stepsmith.codegen.result import Outcome, Result
from stepsmith.codegen.verify import verify
from stepsmith.codegen.words import plural
from tests.conftest import SPECS, cli, started


def test_help_and_list_do_not_import_sympy():
    for command in (["--help"], ["--version"], ["list"], ["list", "--json"], ["verfy"], ["verify", "--jsn"]):
        code = f"import sys\nfrom cli import main\ntry: main({command})\nexcept SystemExit: pass\n"
        code += "print('sympy' in sys.modules)"
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


def test_what_is_listed_without_importing_is_what_the_specs_say():
    listed = {(entry.family, entry.key): (entry.name, entry.source, entry.summary) for entry in catalog()}
    rules = {(spec.path.stem, spec.key): spec.rule for spec in load(select([]))}
    assert listed == {at: (rule.name, rule.source, rule.summary) for at, rule in rules.items()}


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
    "certified",
    "about",
    "latex",
    "runs",
}
STATUSES = {"proved", "refuted", "undecided", "tested", "skipped", "contradicted"}


def test_verify_json_has_the_schema_and_what_is_promised():
    """Of rules of every kind; that all of all rules holds is asked where each part is tested."""
    names = "adam momentum_buffer heavy_ball momentum_ema sgd cosine early_stopping l2_decay batch_norm_keras"
    run = started("verify", *names.split(), "--backend", "numpy,cupy", "--json")
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


def test_verify_ends_with_a_count_and_strict_fails_on_what_was_skipped():
    run = started("verify", "SGD", "-v", "--backend", "numpy,cupy", "--strict")
    lines = run.stdout.splitlines()
    assert any(line.startswith("  proved    series w") for line in lines)
    assert any("by induction; assumes lr >= 0" in line for line in lines)
    assert lines[-1].split()[1] == "proved,"
    assert run.returncode == ("skipped" in lines[-1])
    assert "skipped" not in lines[-1] or "pip install" in run.stdout or "no CUDA device" in run.stdout
    assert "\x1b" not in run.stdout


def found(spec: str, status: str, claim: str = "ema m", reason: str = "", seconds: float = 0.0) -> Result:
    return Outcome(status, reason=reason).of(claim, "m is an average", spec, seconds=seconds)


def brief(*results: Result) -> list[str]:
    """What `verify` prints of these results without -v."""
    out = StringIO()
    shown = Brief(Terminal(out, StringIO()), ["adam", "momentum_ema"])
    for result in results:
        shown.result(result)
    shown.end()
    return out.getvalue().splitlines()


def test_verify_prints_a_line_for_the_files_and_for_each_rule_and_groups_what_was_skipped():
    assert brief(
        found("files", "proved", "in sync generated/a.py"),
        found("files", "proved", "in sync generated/b.py"),
        *(found("adam", status) for status in ("proved", "proved", "tested")),
        found("adam", "skipped", reason="no GPU"),
        found("momentum_ema", "proved"),
        *(found("momentum_ema", "skipped", reason=reason) for reason in ("no GPU", "no compiler")),
    ) == [
        "files         2 in sync",
        "adam          2 proved, 1 tested, 1 skipped",
        "momentum_ema  1 proved, 2 skipped",
        "2 skipped: no GPU",
        "1 skipped: no compiler",
    ]


def test_verify_prints_in_full_what_was_found():
    lines = brief(
        found("files", "proved", "in sync generated/a.py"),
        found("files", "refuted", "in sync generated/b.py", "it differs"),
        *(found("adam", status, reason="look here") for status in ("proved", "undecided", "contradicted")),
        found("momentum_ema", "proved"),
        found("adam", "refuted", "cupy compiled"),  # compilers answer when all rules are done
    )
    assert lines[:2] == ["files         1 in sync, 1 refuted", "  refuted   in sync generated/b.py"]
    assert "adam          1 proved, 1 undecided, 1 contradicted" in lines
    assert [line for line in lines if line.startswith("  ") and line[2] != " "][1:] == [
        "  undecided ema m",
        "  contradicted ema m",
        "  of adam:",
        "  refuted   cupy compiled",
    ]
    assert sum("look here" in line for line in lines) == 2
    assert "compiled      1 refuted" in lines


def test_what_is_printed_does_not_depend_on_how_long_it_took():
    assert result_lines(found("adam", "proved", seconds=70.0)) == result_lines(found("adam", "proved"))
    assert json.loads(results_json([found("adam", "proved", seconds=70.0)]))["results"][0]["seconds"] == 70


def test_the_width_is_that_of_the_terminal_and_without_one_always_the_same(monkeypatch):
    long = replace(found("adam", "proved"), statement="x " * 200)
    monkeypatch.setenv("COLUMNS", "60")
    assert max(map(len, result_lines(long))) in range(95, 101)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert max(map(len, result_lines(long))) in range(55, 61)
    assert all(len(line) <= 60 for line in row("adam  adam  ", "a source " * 20).splitlines())


def test_numbers_are_told_in_the_right_grammar():
    assert [plural(count, "rule") for count in (0, 1, 2)] == ["0 rules", "1 rule", "2 rules"]
    one = replace(found("adam", "proved"), runs=1)
    assert summary_line([one]) == "1 proved; 1 replayed, in 1 run"


@pytest.mark.parametrize("name", ["adamw", "AdamW", "ADAMW"])
def test_a_rule_goes_by_its_key_and_its_class_in_any_case(name):
    assert select([name]) == select(["adamw"])
    assert len({key for _, key in select([name, "AdamWEpsHat", "adamw_eps_hat"])}) == 2


def test_no_name_stands_for_two_rules():
    entries = catalog()
    keys, classes = [e.key for e in entries], [e.name.lower() for e in entries]
    assert len({*keys}) == len(keys)
    assert len({*classes}) == len(classes)
    for entry in entries:
        assert keys.count(entry.name.lower()) == (entry.key == entry.name.lower())


def test_version():
    run = cli("--version")
    assert run.returncode == 0
    assert run.stdout == f"stepsmith {tomllib.loads((ROOT / 'pyproject.toml').read_text())['project']['version']}\n"


@pytest.mark.fast
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["verify", "adm"], "adm: no rule or family has this name; did you mean adam"),
        (["show", "momentumm"], "did you mean momentum"),
        (["show", "ADAMWW"], "did you mean adamw"),
        (["generate", "zzz"], "python cli.py list shows all"),
        (["verify", "nowhere.py"], "nowhere.py: there is no such file"),
        (["generate", str(SPECS / "everything.py")], "goes: --out optim"),
        (["verify", "--backend", "numpyy"], "--backend numpyy: there is no backend numpyy; did you mean numpy"),
        (["verify", "--backend", "numpy,fortran"], "there is no backend fortran; there are numpy, cupy"),
        (["verify", "--backend", "numpy,"], "there is no backend ''; there are numpy, cupy"),
        (["verify", "--backend", "numpy", "cupy"], "cupy is a backend and no rule; write --backend cupy"),
        (["verify", "--backend"], "expected one argument"),
        (["generate", "--check", "--diff"], "not allowed with"),
        (["verfy"], "verfy: there is no such command; did you mean verify?"),
        (["prove"], "there are list, show, generate, verify, export, report and compare"),
        (["verify", "--strct", "adam"], "--strct: there is no such option of verify; did you mean --strict?"),
        (["show", "--latx"], "--latx: there is no such option of show; did you mean --latex?"),
        (["verify", "-q"], "-q: there is no such option of verify; there are --help, "),
        (["--strict", "verify"], "--strict: it belongs to a command; write it behind that"),
        (["--versio"], "--versio: there is no such option; did you mean --version?"),
        (["compare", "sgd", "adam", "--seconds", "-1"], "'-1' is no time; write a number above 0"),
        (["generate", "sgd", "--out", ""], "--out is empty; name a folder: --out optim"),
        (["verify", "sgd", "--out="], "--out is empty; name a folder: --out optim"),
        (["verify", "sgd", "--backend", "numpy", "cupy"], "cupy is a backend and no rule; write --backend cupy"),
        (["verify", "--backend", "numpy cupy"], "there is no backend numpy cupy; write --backend numpy,cupy"),
        (["verify", "--backend", " "], "--backend ' ': there is no backend ''; there are numpy, cupy"),
        (["-v"], "as in python cli.py verify -v"),
        (["help"], "help: there is no such command; did you mean --help?"),
        (["show", "sgd,adam"], "'sgd,adam': no rule or family has this name; write sgd adam"),
        (["show", "sgd", "adm", "momentumm"], "or padam?\nmomentumm: no rule or family has this name; did you"),
        (["show", ""], "'': no rule or family has this name; "),
        (["show", "elsewhere/adam.py"], "elsewhere/adam.py: there is no such file; did you mean adam"),
        (["show", "tests/specs/musem.py"], "there is no such file; did you mean museum.py"),
        (["show", "tests/specs/museum.py/"], "museum.py/: no rule or family has this name"),
        (["list", "adam"], "usage: python cli.py list "),
        ([], "required: COMMAND"),
    ],
)
def test_misuse_exits_with_two_and_says_why(arguments, message):
    run = cli(*arguments)
    assert run.returncode == 2
    assert message in run.stderr
    assert run.stdout == ""


def test_a_backend_may_be_named_twice_or_with_commas_and_takes_no_name_with_it():
    runs = dict.fromkeys(("list", "show", "generate", "verify", "export", "report", "compare"), lambda options: 0)
    for text in ("--backend numpy --backend cupy adam", "--backend numpy,cupy adam", "adam --backend=NumPy,cupy"):
        options = parsed(["verify", *text.split()], runs)
        assert (options.names, options.backend) == (["adam"], ["numpy", "cupy"])


@pytest.mark.parametrize(
    ("called", "text"),
    [
        ("cli.py", "python cli.py"),
        ("../there/cli.py", "python ../there/cli.py"),
        ("/usr/bin/stepsmith", "stepsmith"),
        ("/usr/bin/pytest", "python cli.py"),
    ],
)
def test_messages_name_the_program_that_was_called(called, text, monkeypatch):
    monkeypatch.setattr("sys.argv", [called])
    assert program() == text
    assert cli("show", "zzz").stderr == f"zzz: no rule or family has this name; {text} list shows all\n"
    assert cli("verify", "--help").stdout.startswith(f"usage: {text} verify ")


def test_messages_name_the_module_that_was_run(monkeypatch):
    monkeypatch.setattr("sys.argv", ["/lib/stepsmith/__main__.py"])
    monkeypatch.setattr("__main__.__spec__", SimpleNamespace(name="stepsmith.__main__"))
    assert program() == "python -m stepsmith"


def interrupted(*results: Result):
    """Stands in for what does the work: it is interrupted after some results."""

    def work(*arguments, **options):
        started = next(a for a in arguments if getattr(a, "__name__", "") == "started")
        for result in results:
            started(getattr(result, "spec", ""), "something")
            yield result
        started("lion", "ema v")
        raise KeyboardInterrupt

    return work


def test_verify_says_how_far_it_got(monkeypatch):
    results = [found("files", "proved", "in sync a"), found("sgd", "proved"), found("lion", "tested")]
    monkeypatch.setattr("stepsmith.codegen.verify.verify", interrupted(*results))
    run = cli("verify", "sgd", "lion", "heavy_ball")
    assert (run.returncode, run.stderr) == (130, "interrupted after 1 of 3 rules\n")
    assert run.stdout.splitlines()[-1] == "2 proved, 1 tested"
    run = cli("verify", "lion", "--json")
    assert run.returncode == 130
    assert json.loads(run.stdout)["error"] == "interrupted after 0 of 1 rule"
    assert len(json.loads(run.stdout)["results"]) == 3


def test_list_compare_and_generate_say_how_far_they_got(monkeypatch, tmp_path):
    (first, *_) = lines("003")
    monkeypatch.setattr("stepsmith.codegen.report.sources.decided", interrupted(Decided(first, "proved")))
    run = cli("list", "--source", "003")
    assert (run.returncode, run.stderr) == (130, f"interrupted after 1 of {len(lines('003'))} lines: 1 proved\n")
    monkeypatch.setattr("stepsmith.codegen.compare.rules.compare", lambda *arguments: [*interrupted()(*arguments)])
    run = cli("compare", "sgd", "adam")
    assert (run.returncode, run.stderr) == (130, "interrupted after 0 of 1 comparison, at lion: ema v\n")
    written = files.write

    def write(found):
        if found[0].path.name == "sgd.py":
            raise KeyboardInterrupt
        written(found)

    monkeypatch.setattr("stepsmith.codegen.files.write", write)
    run = cli("generate", "sgd", "--backend", "numpy", "--out", str(tmp_path / "optim"))
    there = len(list((tmp_path / "optim").rglob("*.py")))
    assert run.returncode == 130
    assert run.stderr.startswith(f"interrupted after {there} of ")
    assert run.stderr.endswith(" files; each file is as it was or new as a whole\n")


@pytest.fixture
def interruptible():
    """Interrupts are heard, here and in processes that are started, also where this run was told to ignore them."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_a_whole_run_ends_at_once_and_leaves_nobody_behind():
    names = ["sgd", "heavy_ball", "momentum_ema", "adam", "adagrad", "lion"]
    command = [sys.executable, "cli.py", "verify", *names]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, start_new_session=True, **pipes) as process:
        assert process.stdout.readline()  # the files are compared, and others have begun to prove
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does it
        _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert re.fullmatch(r"interrupted after \d of 6 rules", told.splitlines()[-1])
    assert "Traceback" not in told
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("names", [["sgd"], ["sgd", "heavy_ball", "lion", "adagrad"]], ids=["here", "in a pool"])
def test_an_interrupt_that_is_swallowed_on_the_way_ends_the_run_all_the_same(names, monkeypatch):
    """As by the import of a library, which takes whatever is raised in it for a reason to go without something."""

    def swallowing(*_):
        with contextlib.suppress(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
        return []

    monkeypatch.setattr(BACKENDS["numpy"], "compile_checks", swallowing)
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        list(verify(load(select(names)), ("numpy",), None))
    assert signal.getsignal(signal.SIGINT) == before


def test_json_is_printed_on_failure_too():
    found = json.loads(cli("verify", str(SPECS / "eight_mistakes.py"), "--json").stdout)
    assert found["results"] == []
    assert len(found["problems"]) >= 8
    assert set(found["problems"][0]) == {"place", "fact", "remedy"}
    for arguments in (["adm"], ["--strct"], ["--backend", "numpi"], ["--out", ""]):
        assert json.loads(cli("verify", *arguments, "--json").stdout)["error"]


@pytest.mark.fast
def test_a_folder_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    run = cli("generate", "sgd", "--out", str(tmp_path / "file"))
    assert run.returncode == 2
    assert "file is no folder; choose another folder: --out " in run.stderr


def test_progress_and_colour_only_on_a_terminal():
    parent, child = pty.openpty()
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    command = [sys.executable, "cli.py", "verify", "sgd", "-v", "--backend", "numpy"]
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


@pytest.mark.fast
def test_each_folder_is_a_package_that_is_installed():
    """What is not listed is left out of a wheel, or put into it with a warning."""
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    tops = {"generated": "stepsmith", "codegen": "stepsmith.codegen", "specs": "stepsmith.specs"}
    found = {
        ".".join((tops[top], *path.parent.relative_to(ROOT / top).parts))
        for top in tops
        for path in (ROOT / top).rglob("*")
        if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in path.relative_to(ROOT).parts)
    }
    assert found == {*listed}
