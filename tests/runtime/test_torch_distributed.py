"""The torch optimizers on two processes, which take the steps of one: what they check is in `tests/sharded.py`."""

import json
import os
import subprocess
import sys

import pytest

pytest.importorskip("torch", reason="torch is not installed; pip install 'stepsmith[torch]'")

import torch.distributed as dist

from stepsmith.codegen.load import ROOT


@pytest.mark.thorough
@pytest.mark.skipif(not dist.is_available(), reason="this torch has no torch.distributed")
@pytest.mark.filterwarnings("ignore:torch.distributed is disabled")
def test_two_processes_take_the_steps_of_one(tmp_path):
    """One test, so that they are started once."""
    import torch.distributed.checkpoint as dcp

    from tests import sharded

    for rule in sharded.SAVED:
        net = sharded.model()
        opt = rule(sharded.groups(net), lr=0.01)
        sharded.train(net, opt, range(3))
        dcp.save(sharded.saved_part(net, opt), checkpoint_id=sharded.path_of(tmp_path, "one", rule), no_dist=True)

    command = [sys.executable, "-m", "tests.sharded"]
    alone = {**os.environ, "OMP_NUM_THREADS": "1"}
    processes = [subprocess.Popen([*command, str(rank), str(tmp_path)], cwd=ROOT, env=alone) for rank in range(2)]
    assert [process.wait(timeout=300) for process in processes] == [0, 0]
    for rank in range(2):
        told = json.loads((tmp_path / f"{rank}.json").read_text())
        assert told["passed"].keys() == sharded.CHECKS.keys(), told["failed"]

    for rule in sharded.SAVED:
        one, again = sharded.model(), sharded.model()
        sharded.train(one, rule(sharded.groups(one), lr=0.01), range(6))
        opt = rule(sharded.groups(again), lr=1.0)
        sharded.loaded_into(again, opt, sharded.path_of(tmp_path, "two", rule), no_dist=True)
        assert opt.t == 3
        sharded.train(again, opt, range(3, 6))
        assert sharded.close(again, one, 1e-12 if rule._reductions else 0), rule
