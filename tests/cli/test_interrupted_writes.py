"""generate, killed at any moment, twice at once, or with nowhere to write: every file is whole, old or new."""

import errno
import json
import os
import resource
import signal
import subprocess
import sys

import pytest

from stepsmith.codegen import files
from stepsmith.codegen.load import ROOT, UsageError
from stepsmith.codegen.render import render
from tests.conftest import cli, rules, started, thorough

SPEC = '''"""A rule."""

from stepsmith.codegen.spec import (Optimizer, Step, arrays, hyper, new)

w, g = arrays("w g")
lr = hyper("lr", default="0.1", domain=">= 0", doc="{doc}")

RULE = Optimizer(name="Rule", source="a test", state={{}}, steps=(Step(new(w), w - lr * g),))
'''


def litter(out):
    return [path for path in out.rglob(".*") if path.is_file()]


#: Starts `cli.py generate` again and again, forked so that a start is cheap, and kills it at a random moment.
#: What stands on disk after each kill goes to stdout: the names of the versions that each file may be of.
KILLER = """
import itertools, json, os, random, signal, sys, time
from pathlib import Path
from cli import main

out, folder, kills = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
versions, rng, found, seen = {}, random.Random(0), [], set()

def generate(name):
    sys.modules.pop("_user_spec_long", None)
    (folder / "long.py").write_text((folder / name).read_text())
    assert main(["generate", str(folder / "long.py"), "--out", str(out)]) == 0

report, sys.stdout = sys.stdout, open(os.devnull, "w")
for name in ("old.txt", "new.txt"):
    start = time.perf_counter()
    generate(name)
    once = time.perf_counter() - start
    versions[name] = {str(path): path.read_bytes() for path in out.rglob("*.py")}
# on a machine that is busy, it takes more of them until both versions were left
for number in range(20 * kills):
    if number >= kills and len(seen) == 2:
        break
    child = os.fork()
    if child == 0:
        for version in itertools.count(number):
            generate(("old.txt", "new.txt")[version % 2])
    time.sleep(rng.uniform(0, 4 * once))
    os.kill(child, rng.choice((signal.SIGKILL, signal.SIGTERM)))
    os.waitpid(child, 0)
    files = {str(path): path.read_bytes() for path in out.rglob("*.py")}
    assert files.keys() == versions["old.txt"].keys()
    each = {path: [name for name, texts in versions.items() if texts[path] == text] for path, text in files.items()}
    half = sum(path.name.endswith(".half") for path in out.rglob(".*"))
    found.append({"torn": [path for path, names in each.items() if not names], "half": half,
                  "is": sorted({names[0] for names in each.values() if len(names) == 1})})
    seen.update(found[-1]["is"])
generate("old.txt")
print(json.dumps(found), file=report)
"""


@pytest.mark.parametrize("kills", [15, *thorough([100])])
def test_kills_leave_no_torn_file(tmp_path, kills):
    out = tmp_path / "out"
    for name, doc in (("old", "the old one"), ("new", "the new one " * 5)):
        (tmp_path / f"{name}.txt").write_text(SPEC.format(doc=doc))
    command = [sys.executable, "-B", "-c", KILLER, str(out), str(tmp_path), str(kills)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found = json.loads(run.stdout)
    assert len(found) >= kills
    assert [kill["torn"] for kill in found if kill["torn"]] == []
    assert {version for kill in found for version in kill["is"]} == {"old.txt", "new.txt"}
    assert not litter(out), "what the killed ones left half-written is gone after the next run"
    assert cli("generate", str(tmp_path / "long.py"), "--check", "--out", str(out)).returncode == 0


def test_half_written_files_are_ignored_and_removed(tmp_path):
    out = tmp_path / "out"
    cli("generate", "sgd", "--out", str(out))
    half = out / "numpy" / ".sgd.py.abcd1234.half"
    half.write_text("class SGD")
    mine = out / "numpy" / ".mine"
    mine.write_text("kept")
    assert cli("generate", "sgd", "--check", "--out", str(out)).returncode == 0
    assert half.exists(), "--check writes nothing, and removes nothing"
    assert cli("generate", "sgd", "--out", str(out)).returncode == 0
    assert not half.exists()
    assert mine.exists()


def test_two_at_once_do_not_mix(tmp_path):
    out = tmp_path / "out"
    families = ["sgd", "momentum"]
    commands = [[sys.executable, "cli.py", "generate", name, "--out", str(out)] for name in families]
    running = [subprocess.Popen(c, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for c in commands]
    for process in running:
        _, errors = process.communicate()
        assert process.returncode == 0, errors
    # each index names what the others have written as well
    assert cli("generate", *families, "--check", "--out", str(out)).returncode == 0
    assert not litter(out)


def test_a_second_run_waits_for_the_first(tmp_path):
    out = tmp_path / "out"
    with files.alone(out):
        command = [sys.executable, "cli.py", "generate", "sgd", "--out", str(out)]
        second = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(timeout=3)
        assert list(out.iterdir()) == []
    assert second.wait(timeout=60) == 0
    assert (out / "numpy" / "sgd.py").is_file()


def test_a_full_target_is_a_clear_error(tmp_path):
    """A limit on the size of files does what a full disk does, also to root: writing fails half way."""
    out = tmp_path / "out"

    def small_files():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000))

    command = [sys.executable, "-B", "cli.py", "generate", "adam", "--out", str(out)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, preexec_fn=small_files, check=False)
    assert run.returncode == 2
    assert "cannot be written: File too large" in run.stderr
    assert "--out DIR" in run.stderr
    assert "Traceback" not in run.stderr
    assert not litter(out)
    for path in out.rglob("*.py"):
        compile(path.read_text(), str(path), "exec")
    assert cli("generate", "adam", "--out", str(out)).returncode == 0


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EDQUOT])
@pytest.mark.parametrize("call", ["mkstemp", "replace"])
def test_each_error_of_the_system_names_the_file(tmp_path, monkeypatch, code, call):
    def fails(*arguments, **options):
        raise OSError(code, os.strerror(code))  # without a file name, as write(2) fails

    monkeypatch.setattr(files.tempfile if call == "mkstemp" else files.Path, call, fails)
    texts = render(rules("sgd").values(), ["numpy"], tmp_path)
    with pytest.raises(UsageError, match=rf"__init__\.py: cannot be written: {os.strerror(code)}"):
        files.write(files.changes(texts))
    assert not litter(tmp_path)


@pytest.mark.fast
def test_a_folder_that_is_read_only_is_a_clear_error(tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere; the test above stands for it")
    (tmp_path / "out").mkdir(mode=0o555)
    run = started("generate", "sgd", "--out", str(tmp_path / "out"))
    assert run.returncode == 2
    assert "Permission denied" in run.stderr
