"""The types of the generated code: mypy accepts all of it, and tells users what is there and what is not."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from stepsmith.codegen.load import ROOT

#: What a user writes. A line ends with what mypy reveals of it, or with the kind of error that it is.
SCRIPT = """
import numpy as np
from generated import auto
from generated.keeping import KeepBest
from generated.numpy import Adam, BatchNormTorch, ClipByGlobalNorm, LookaheadAdam, LossScale, presets
from generated.numpy import Adamm  # error: attr-defined
from generated.numpy.presets.keras import Adam as KerasAdam
from generated.plateau import ReduceOnPlateau
from generated.schedules import Constant, StepDecay
from generated.stopping import Best

w = np.ones(3)
opt = Adam(w, lr=1e-3, pipeline=[ClipByGlobalNorm(max_norm=1.0)])
reveal_type(opt.lr)  # float | (def (int) -> float)
opt.lr = lambda t: 1 / t
opt.lr = "fast"  # error: assignment
opt.rate = 0.1  # error: attr-defined
Adam(w, learning_rate=0.1)  # error: call-arg
reveal_type(opt.step(w))  # None
reveal_type(opt.state_dict())  # dict[str, Any]
reveal_type(opt.t)  # int
reveal_type(LookaheadAdam(w).k)  # int | (def (int) -> int)
reveal_type(LossScale().loss_scale)  # float | (def (int) -> float)
LossScale().scale  # error: attr-defined
reveal_type(auto.Adam(w, lr=1e-3).beta1)  # float | (def (int) -> float)
auto.Adam(w, rate=0.1)  # error: call-arg
auto.Adma(w)  # error: attr-defined
reveal_type(presets.torch.AdamW(w).weight_decay)  # float | (def (int) -> float)
presets.torch.AdamW(w, beta=0.9)  # error: call-arg
reveal_type(presets.optax.sign_sgd(w, 0.1))  # generated.numpy.sign.SignSGD
reveal_type(presets.optax.chain(presets.optax.adam(1e-3)).optimizer(w))  # generated._runtime.optimizer.Optimizer
presets.optax.adam(1e-3).init(w)
presets.optax.adam(w, 1e-3, beta1=0.9)  # error: call-overload
reveal_type(KerasAdam(w).eps)  # float | (def (int) -> float)
monitor = ReduceOnPlateau(patience=3)
reveal_type(monitor.patience)  # int
reveal_type(monitor.improved)  # bool
reveal_type(monitor.step(0.5))  # float | bool
monitor.tolerance  # error: attr-defined
monitor.patient = 3  # error: attr-defined
reveal_type(Constant(lr=0.1)(1))  # float
reveal_type(StepDecay().period)  # int
reveal_type(BatchNormTorch(3).eps)  # float
KeepBest(w, Best()).step(0.5)
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> dict[str, list[str]]:
    """What mypy says of each file: the script of a user, and all of `generated/`."""
    folder = tmp_path_factory.mktemp("types")
    (folder / "script.py").write_text(SCRIPT)
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(folder), "generated"]
    run = subprocess.run([*command, str(folder / "script.py")], cwd=ROOT, capture_output=True, text=True, check=False)
    found: dict[str, list[str]] = {}
    for line in run.stdout.splitlines():
        found.setdefault(Path(line.partition(":")[0]).name, []).append(line)
    return found


@pytest.mark.thorough
def test_all_generated_code_passes_the_strictest_checks(told):
    assert {name: lines for name, lines in told.items() if name != "script.py" and not name.startswith("Found ")} == {}


@pytest.mark.thorough
def test_a_user_is_told_what_is_there_and_what_is_not(told):
    found = {}
    for line in told["script.py"]:
        if match := re.search(r':(\d+): (?:note: Revealed type is "(.*)"|(error): .*\[([a-z-]+)\])$', line):
            number, revealed, error, kind = match.groups()
            found[int(number)] = revealed or f"{error}: {kind}"
    lines = enumerate(SCRIPT.splitlines(), start=1)
    assert found == {number: line.partition("  # ")[2] for number, line in lines if "  # " in line}
