"""What the tests share: the project's specs, specs written on the spot, a copy of the generated code."""

from __future__ import annotations

import ast
import compileall
import gc
import importlib
import os
import py_compile
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from stepsmith.codegen.backends import BACKENDS
from stepsmith.codegen.check import check
from stepsmith.codegen.cli import main
from stepsmith.codegen.files import MARK
from stepsmith.codegen.load import (
    GENERATED,
    ROOT,
    AnySpec,
    Entry,
    MonitorSpec,
    ScheduleSpec,
    Spec,
    catalog,
    load,
    select,
)
from stepsmith.codegen.render.environment import copied as for_another_folder
from stepsmith.codegen.render.index import ROOT_INDEX

SPECS = Path(__file__).parent / "specs"
#: As entries of the catalog: to load all of them takes seconds, which the fast tests do not have.
OPTIMIZERS = [entry for entry in catalog() if entry.kind == "optimizer"]


def beside(opt: Any, grads: Any) -> dict[str, Any]:
    """What a step of `opt` cannot do without beside the gradients: those again, and a loss of 1."""
    needed = dict.fromkeys(opt._inputs, grads) | dict.fromkeys(opt._signals, 1.0)
    return {name: value for name, value in needed.items() if name not in opt._optional}


def _needs_more(entry: Entry) -> bool:
    """Whether a step of a rule cannot do without what comes beside the gradients."""
    if not any(word in entry.path.read_text(encoding="utf-8") for word in ("inputs(", "signals(")):
        return False
    made = getattr(importlib.import_module("stepsmith.numpy"), entry.name)
    return not {*made._inputs, *made._signals} <= {*made._optional}


#: Those that a step with gradients alone is enough for. The others have tests of their own.
STEPPED = [entry for entry in OPTIMIZERS if not _needs_more(entry)]

#: They come first, so that no process is left alone with one of them at the end.
LONGEST = (
    "test_no_mutant_passes",
    "test_ten_edits",
    "test_every_kernel_is_compiled",
    "test_the_command_on_a_device",
    "test_no_file_of_another_structure",
    "test_verify_json_has",
    "test_the_tactics_and_z3_agree",
)


@pytest.hookimpl(optionalhook=True)  # there may be no xdist
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """No process but this one for the fast tests or for single files; a folder is worth all processors."""
    if config.option.markexpr == "fast" or not any(Path(argument).is_dir() for argument in config.args):
        return 0
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.name.startswith(LONGEST))


def pytest_configure(config: pytest.Config) -> None:
    """Compile what all processes import, once: each would do it again where no byte code may be written."""
    if sys.dont_write_bytecode and config.option.markexpr != "fast" and not hasattr(config, "workerinput"):
        checked = py_compile.PycInvalidationMode.CHECKED_HASH
        for folder in ("codegen", "generated", "specs"):
            compileall.compile_dir(ROOT / folder, quiet=2, invalidation_mode=checked)


def pytest_collection_finish() -> None:
    # tests write files of one name and one length within a second, and byte code would be taken for that of the other
    sys.dont_write_bytecode = True
    gc.freeze()  # what was imported stays, and need not be looked through each time


def rules(*names: str) -> dict:
    """The optimizers of the given names or files, checked, by key; all of the project's own without names."""
    return {key: spec for key, spec in _specs(names).items() if isinstance(spec, Spec)}


def step_of(spec: Spec, backend: str, out: Path) -> Callable[..., None]:
    """The function of a rule as its file has it, run over NumPy arrays: what of it is compiled is carried out."""
    run, *_ = BACKENDS[backend].runs
    return run.load(spec, out)[spec.function]


def schedules(*names: str) -> dict:
    """The schedules of the given names or files, as `rules`."""
    return {key: spec for key, spec in _specs(names).items() if isinstance(spec, ScheduleSpec)}


def monitors(*names: str) -> dict:
    """The monitors of the given names or files, as `rules`."""
    return {key: spec for key, spec in _specs(names).items() if isinstance(spec, MonitorSpec)}


def all_rules() -> dict:
    """Everything that the project declares, of every kind, as `rules`."""
    return _specs(())


def thorough(values: Iterable) -> list:
    """Parameters of a test that are among the thorough ones."""
    apart = (value if isinstance(value, tuple) else (value,) for value in values)
    return [pytest.param(*each, marks=pytest.mark.thorough) for each in apart]


@pytest.fixture
def spec(request):
    """What is declared under the key that is the parameter."""
    return spec_of(request.param)


@cache
def spec_of(key: str) -> AnySpec:
    """What the project, or a file of that name in `tests/specs/`, declares under a key, checked."""
    own = SPECS / f"{key}.py"
    return _specs((str(own) if own.exists() else key,))[key]


def _specs(names: Sequence[str]) -> dict:
    return {spec.key: spec for spec in (_checked(names) if names else _of_the_project())}


@cache
def _of_the_project() -> list:
    return _checked(())


def _checked(names: Sequence[str]) -> list:
    specs = load(select(names))
    check(specs)
    return specs


def cli(*arguments: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess:
    """What a command prints and returns, run in this process: `started` is for those that start others themselves."""
    if environment:
        return started(*arguments, cwd=cwd, **environment)
    with chdir(cwd), redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        try:
            status = main(arguments)
        except SystemExit as end:  # of what the parser refuses
            status = int(end.code or 0)
    return subprocess.CompletedProcess(arguments, status, out.getvalue(), err.getvalue())


def started(*arguments: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess:
    """Run the command line as a user does."""
    command = [sys.executable, str(ROOT / "cli.py"), *arguments]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, env={**os.environ, **environment}, check=False
    )


@pytest.fixture
def shown(record_property):
    """Show a text at the end of the run, whichever process the test runs in."""
    return lambda text: record_property("shown", text)


@pytest.fixture
def counted(record_property):
    """Show how many there were of something, all tests together, at the end of the run."""
    return lambda numbers: record_property("counted", numbers)


def pytest_terminal_summary(terminalreporter):
    reports = terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
    told = [property for report in reports if report.when == "call" for property in report.user_properties]
    for name, text in told:
        if name == "shown":
            terminalreporter.write_line(f"\n{text}")
    total = sum((Counter(numbers) for name, numbers in told if name == "counted"), Counter())
    if total:
        terminalreporter.write_line("\n" + ", ".join(f"{what}: {number}" for what, number in total.items()))


def with_what_it_uses(text: str) -> str:
    """The text of a spec, in which many specs' hyperparameters are declared, without those that it does not use."""
    lines = text.split("\n")
    read = {
        node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    for number, line in enumerate(lines):
        found = re.match(r"(\w+) = hyper\(.*\)$", line)
        if found and found[1] not in read:
            lines[number] = ""
    return "\n".join(lines)


@pytest.fixture
def declare(tmp_path):
    """Turn the text of a spec into a `Spec`. What every spec needs stands above it already."""
    head = '"""A spec of a test."""\n' + "\n".join(
        [
            "import sympy",
            "from sympy import Rational",
            "from stepsmith.codegen.claims import *",
            "from stepsmith.codegen.claims import ema, equals, fixed_point, identity, reduces_to, series, unbiased",
            "from stepsmith.codegen.spec import *",
            'w, g, m, v, m_hat, u = arrays("w g m v m_hat u")',
            't, c = scalars("t c")',
            'lr = hyper("lr", default="0.1", domain=">= 0")',
            'beta = hyper("beta", default="0.9", domain="[0, 1)")',
            'beta2 = hyper("beta2", default="0.99", domain="[0, 1)")',
        ]
    )

    def make(text: str, name: str = "written"):
        path = tmp_path / f"{name}.py"
        path.write_text(with_what_it_uses(f"{head}\n{text}\n"))
        return load([(path.resolve(), None)])[-1]

    return make


@pytest.fixture(scope="session")
def _copy(tmp_path_factory) -> tuple[Path, Callable[[], dict]]:
    """What `copied` links to, and what tells whether anything of it was written to."""
    own = shutil.ignore_patterns("__pycache__", "__main__.py", "py.typed")
    folder = Path(shutil.copytree(GENERATED, tmp_path_factory.mktemp("whole") / "copied", ignore=own))
    by_hand = (path for path in folder.rglob("*.py") if not path.read_text().startswith(f"# {MARK}"))
    for name in [path.relative_to(folder).as_posix() for path in by_hand]:
        (folder / name).write_text(for_another_folder(GENERATED / name))
    (folder / "__init__.py").write_text(ROOT_INDEX)
    files = [path for path in folder.rglob("*") if path.is_file()]
    return folder, lambda: {path: path.stat().st_mtime_ns for path in files}


@pytest.fixture
def copied(tmp_path, _copy) -> Iterator[Path]:
    """What `--out` would write: a copy of `generated/` without what is the project's own.

    A test may spoil it, by `spoil` and `overwrite`: its files are links, as to copy them all takes longer than most
    tests do.
    """
    folder, times = _copy
    before = times()
    yield Path(shutil.copytree(folder, tmp_path / "copied", copy_function=os.link))
    assert times() == before, "the files of `copied` are links to those of other tests; write them by `overwrite`"


def overwrite(path: Path, content: str | bytes) -> None:
    """Put another file in the place of one."""
    path.unlink()
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def refused(result) -> bool:
    """Whether a file is refuted with a counterexample, or has something in it that no generated file has."""
    if result.status == "undecided":
        return result.method == "grammar" and "writes the file anew" in result.reason
    return result.status == "refuted" and bool(result.counterexample)


def spoil(path: Path, old: str, new: str) -> None:
    """Replace the first `old` in a file, which has to be there."""
    text = path.read_text()
    assert old in text
    overwrite(path, text.replace(old, new, 1))
