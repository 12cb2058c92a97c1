"""Two processes of gloo take the steps of one: FSDP2, ZeRO, tensors that are spread beside others, checkpoints."""

import importlib.util
import os
import tempfile
from pathlib import Path

import pytest

import cli  # noqa: F401 - in the processes that are started, it binds `stepsmith` to this checkout

pytest.importorskip("torch", reason="torch is not installed; pip install 'stepsmith[torch]'")

import torch
import torch.distributed as dist

import stepsmith.torch as ours
from stepsmith.torch import presets

WORLD = 2
#: Rules of elements, which take the same bits; and rules with sums over arrays and over all of them.
ELEMENTWISE = ("Adam", "NAdam", "RpropClamped", "ScheduleFreeAdamW")
WITH_SUMS = ("LAMB", "DoG", "AdaGC", "Adai", "Prodigy")
ENGINES = ["eager", "numpy", *(["numba"] if importlib.util.find_spec("numba") else [])]


def model():
    torch.manual_seed(3)
    return torch.nn.Sequential(torch.nn.Linear(20, 31), torch.nn.Tanh(), torch.nn.Linear(31, 1)).double()


def differentiate(params, k):
    """Gradients that are those of one process, each part of a tensor having its own."""
    from torch.distributed.tensor import DTensor, distribute_tensor

    generator = torch.Generator().manual_seed(1000 + k)
    for w in params:
        g = torch.randn(w.shape, generator=generator, dtype=torch.float64)
        w.grad = distribute_tensor(g, w.device_mesh, w.placements) if isinstance(w, DTensor) else g


def train(opt, params, steps):
    for k in steps:
        differentiate(params, k)
        opt.step()


def whole(params):
    from torch.distributed.tensor import DTensor

    return [w.detach().full_tensor() if isinstance(w, DTensor) else w.detach().clone() for w in params]


def same(ones, others):
    return all(torch.equal(one, other) for one, other in zip(ones, others, strict=True))


def sharded():
    """Rows and biases over two processes: of the last layer, one of them has nothing."""
    from torch.distributed.fsdp import fully_shard

    found = model()
    fully_shard(found[0])
    fully_shard(found)
    return found


def fsdp():
    for engine in ENGINES:
        for name in (*ELEMENTWISE, *WITH_SUMS):
            one, many = list(model().parameters()), list(sharded().parameters())
            for params in (one, many):
                train(getattr(ours, name)(params, engine=engine), params, range(6))
            if name in ELEMENTWISE:
                assert same(whole(many), whole(one)), (engine, name)
            for w, v in zip(whole(many), whole(one), strict=True):
                assert torch.allclose(w, v, rtol=1e-12, atol=1e-14), (engine, name)


def mixed():
    """torch's for-each refuses a tensor that is spread beside one that is not."""
    from torch.distributed.tensor import Shard, distribute_tensor, init_device_mesh

    mesh = init_device_mesh("cpu", (WORLD,))
    torch.manual_seed(0)
    plain = [torch.randn(8, 3, dtype=torch.float64), torch.randn(5, dtype=torch.float64)]
    many = [torch.nn.Parameter(distribute_tensor(plain[0], mesh, [Shard(1)])), torch.nn.Parameter(plain[1].clone())]
    one = [torch.nn.Parameter(w.clone()) for w in plain]
    for params in (one, many):
        train(ours.Adam(params), params, range(4))
    assert same(whole(many), whole(one))


def zero():
    from torch.distributed.optim import ZeroRedundancyOptimizer

    one, many = list(model().parameters()), list(model().parameters())
    opt = ours.NAdam(one, lr=1e-2)
    spread = ZeroRedundancyOptimizer(many, optimizer_class=ours.NAdam, lr=1e-2)
    train(opt, one, range(5))
    train(spread, many, range(5))
    assert same(many, one)
    spread.consolidate_state_dict(to=0)
    if dist.get_rank() == 0:
        again = [torch.nn.Parameter(w.detach().clone()) for w in many]
        alone = ours.NAdam(again, lr=1.0)
        alone.load_state_dict(spread.state_dict())
        train(alone, again, range(5, 8))
        train(opt, one, range(5, 8))
        assert same(again, one)


def save(folder):
    import torch.distributed.checkpoint as dcp
    from torch.distributed.checkpoint.state_dict import get_state_dict, set_state_dict

    for cls in (ours.Adam, ours.DoG, presets.Adam):
        saved = sharded()
        opt = cls(saved.parameters(), lr=1e-2)
        train(opt, list(saved.parameters()), range(4))
        weights, states = get_state_dict(saved, opt)
        path = folder / cls.__module__ / cls.__name__
        dcp.save({"model": weights, "optim": states}, checkpoint_id=path)
        train(opt, list(saved.parameters()), range(4, 8))
        after = whole(saved.parameters())
        loaded = sharded()
        again = cls(loaded.parameters(), lr=1.0)
        weights, states = get_state_dict(loaded, again)
        found = {"model": weights, "optim": states}
        dcp.load(found, checkpoint_id=path)
        set_state_dict(loaded, again, model_state_dict=found["model"], optim_state_dict=found["optim"])
        train(again, list(loaded.parameters()), range(4, 8))
        assert same(whole(loaded.parameters()), after), cls
        if dist.get_rank() == 0:
            torch.save(after, path / "after.pt")


def process(rank, folder):
    os.environ.update(MASTER_ADDR="localhost", RANK=str(rank), WORLD_SIZE=str(WORLD))
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{folder}/store", rank=rank, world_size=WORLD)
    fsdp()
    mixed()
    zero()
    save(Path(folder))
    dist.destroy_process_group()


@pytest.mark.skipif(not dist.is_available(), reason="this torch has no torch.distributed")
@pytest.mark.filterwarnings("ignore:torch.distributed is disabled")
def test_two_processes_take_the_steps_of_one():
    import torch.distributed.checkpoint as dcp
    from torch.distributed.checkpoint.state_dict import get_state_dict, set_state_dict

    with tempfile.TemporaryDirectory() as folder:
        torch.multiprocessing.spawn(process, (folder,), nprocs=WORLD)
        for cls in (ours.Adam, ours.DoG, presets.Adam):  # what two have saved goes on in one
            path = Path(folder) / cls.__module__ / cls.__name__
            alone = model()
            opt = cls(alone.parameters(), lr=1.0)
            weights, states = get_state_dict(alone, opt)
            found = {"model": weights, "optim": states}
            dcp.load(found, checkpoint_id=path, no_dist=True)
            set_state_dict(alone, opt, model_state_dict=found["model"], optim_state_dict=found["optim"])
            train(opt, list(alone.parameters()), range(4, 8))
            after = torch.load(path / "after.pt")
            for w, v in zip(alone.parameters(), after, strict=True):
                assert torch.allclose(w.detach(), v, rtol=1e-12)
