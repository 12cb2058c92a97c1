"""What two processes check of the torch optimizers: python -m tests.sharded RANK FOLDER starts one of them.

Gradients are the same in both, so that their mean is that of one process, to the bit. Each process writes to FOLDER
which checks it has passed, with the seconds that they took, and in which it has failed.
"""

from __future__ import annotations

import inspect
import itertools
import json
import math
import os
import re
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.distributed as dist
import torch.distributed.checkpoint as dcp
from torch.distributed.checkpoint.state_dict import (
    StateDictOptions,
    get_optimizer_state_dict,
    get_state_dict,
    set_optimizer_state_dict,
    set_state_dict,
)

from stepsmith import torch as ours
from stepsmith.torch import LAMB, Adam, AdamW, DoG, Lion, MomentumBuffer, presets
from stepsmith.torch._arrays import Stage

ENGINES = ("numpy", "eager", *(["numba"] if find_spec("numba") else []))
#: The last layer has one row: the second process has nothing of it.
WIDTHS = (20, 31, 3, 1)


#: Those whose checkpoints go from one number of processes to another.
SAVED = (Adam, MomentumBuffer, DoG, presets.Adam)


def path_of(folder: Path, saved_by: str, rule: Any) -> Path:
    return folder / saved_by / rule.__module__ / rule.__name__


def model(dtype: torch.dtype = torch.float64) -> torch.nn.Sequential:
    torch.manual_seed(3)
    layers = [torch.nn.Linear(*pair) for pair in itertools.pairwise(WIDTHS)]
    return torch.nn.Sequential(layers[0], torch.nn.Tanh(), *layers[1:]).to(dtype)


def sharded(dtype: torch.dtype = torch.float64) -> torch.nn.Sequential:
    from torch.distributed.fsdp import fully_shard

    found = model(dtype)
    fully_shard(found[0])
    return fully_shard(found)


def train(net: torch.nn.Module, opt: Any, steps: Iterable[int]) -> None:
    dtype = next(net.parameters()).dtype
    for k in steps:
        torch.manual_seed(100 + k)
        opt.zero_grad()
        net(torch.randn(16, WIDTHS[0], dtype=dtype)).square().mean().backward()
        opt.step()


def whole(tensor: Any) -> torch.Tensor:
    return (tensor.full_tensor() if hasattr(tensor, "full_tensor") else tensor).detach().clone()


def wholes(found: Any) -> list[torch.Tensor]:
    return list(map(whole, found.parameters() if isinstance(found, torch.nn.Module) else found))


def same(found: Any, wanted: Any) -> bool:
    return all(torch.equal(one, other) for one, other in zip(wholes(found), wholes(wanted), strict=True))


def close(found: Any, wanted: Any, within: float) -> bool:
    pairs = zip(wholes(found), wholes(wanted), strict=True)
    return all(torch.allclose(one, other, rtol=within, atol=within, equal_nan=True) for one, other in pairs)


def groups(net: torch.nn.Sequential) -> list[dict[str, Any]]:
    return [{"params": [*net[0].parameters()], "lr": 0.003}, {"params": [*net[2:].parameters()]}]


def saved_part(net: torch.nn.Sequential, opt: Any) -> dict[str, Any]:
    values, state = get_state_dict(net, opt)
    return {"model": values, "optim": state}


def loaded_into(net: torch.nn.Sequential, opt: Any, path: Path, **how: Any) -> None:
    there = saved_part(net, opt)
    dcp.load(there, checkpoint_id=path, **how)
    set_state_dict(net, opt, model_state_dict=there["model"], optim_state_dict=there["optim"])


# What the processes check.


def check_fully_shard(folder: Path) -> None:
    rules = {
        Adam: {},
        AdamW: {"weight_decay": 0.1},
        MomentumBuffer: {},
        Lion: {},
        presets.AdamW: {},
        presets.RMSprop: {"weight_decay": 0.1, "momentum": 0.9},
    }
    for engine in ENGINES:
        for rule, given in rules.items():
            one, two = model(), sharded()
            opt = rule(two.parameters(), lr=0.01, engine=engine, **given)
            train(one, rule(one.parameters(), lr=0.01, engine=engine, **given), range(5))
            train(two, opt, range(5))
            assert same(two, one), (rule, engine)
            w = next(two.parameters())
            for name in opt._states:
                assert opt.state[w][name].placements == w.placements


def check_half_precision(folder: Path) -> None:
    for engine in ENGINES:
        one, two = model(torch.bfloat16), sharded(torch.bfloat16)
        opt = Adam(two.parameters(), lr=0.01, engine=engine)
        train(one, Adam(one.parameters(), lr=0.01, engine=engine), range(5))
        train(two, opt, range(5))
        assert same(two, one), engine
        assert {opt.state[w]["v"].dtype for w in two.parameters()} == {torch.float32}


def check_empty_shards(folder: Path) -> None:
    last = [*sharded().parameters()][-1]
    assert (last.to_local().numel() > 0) == (dist.get_rank() == 0)


def powers(rule: Any) -> bool:
    """Whether a rule takes powers of elements: in their last digit they may depend on which others are beside them."""
    code = inspect.getsource(rule._elements).rpartition('"""')[2]
    return bool(re.search(r"\*\*[a-z]|exp\(", code))


def check_every_rule(folder: Path) -> None:
    """Rules whose elements do not meet take the same steps, to the bit; those with sums up to the order of these."""
    from torch.distributed.tensor import Replicate, Shard, distribute_tensor, init_device_mesh

    mesh = init_device_mesh("cpu", (dist.get_world_size(),))
    placed = ((Shard(0), (5, 4)), (Shard(1), (3, 5)), (Replicate(), (4,)), (Shard(0), (1, 3)), (None, (6,)))

    def spread(tensors: list[torch.Tensor]) -> list[torch.Tensor]:
        return [
            tensor if placement is None else distribute_tensor(tensor, mesh, [placement])
            for (placement, _), tensor in zip(placed, tensors, strict=True)
        ]

    torch.manual_seed(0)
    values = [[torch.randn(shape, dtype=torch.float64) for _, shape in placed] for _ in range(3)]
    positive = [[tensor.abs() + 0.1 for tensor in tensors] for tensors in values]
    laid_out = [(values, positive), tuple([list(map(spread, tensors)) for tensors in (values, positive)])]
    rules = [rule for rule in (getattr(ours, name) for name in ours.__all__) if isinstance(rule, type)]
    rules = [rule for rule in rules if issubclass(rule, torch.optim.Optimizer)]
    assert len(rules) > 150
    for rule in rules:
        for engine in ("numpy", "eager") if rule._reductions else ("numpy",):
            outcomes = []
            for (start, *grads), (_, *inputs) in laid_out:
                params = [torch.nn.Parameter(w.clone()) for w in start]
                opt = rule(params, engine=engine)
                for g, h in zip(grads, inputs, strict=True):
                    for w, one in zip(params, g, strict=True):
                        w.grad = one
                    opt.step(**dict.fromkeys(rule._inputs, h), **dict.fromkeys(rule._signals, 0.7))
                outcomes.append(wholes([*params, *(opt.state[w][name] for w in params for name in rule._states)]))
            within = 1e-12 if rule._reductions else 1e-14 if powers(rule) else 0
            assert close(outcomes[1], outcomes[0], within), (rule, engine)


def check_sums(folder: Path) -> None:
    """A norm over shards is the norm, and all processes have the same."""
    for rule in (LAMB, DoG):
        for engine in ENGINES:
            one, two = model(), sharded()
            alone, opt = rule(one.parameters(), engine=engine), rule(two.parameters(), engine=engine)
            train(one, alone, range(5))
            train(two, opt, range(5))
            assert close(two, one, 1e-12), (rule, engine)
            if rule is DoG:
                told: list[Any] = [None] * dist.get_world_size()
                dist.all_gather_object(told, [opt.param_groups[0][name] for name in ("far", "total")])
                assert told[0] == told[1]
                assert math.isclose(told[0][1], alone.param_groups[0]["total"], rel_tol=1e-12)


def check_gradients_placed_otherwise(folder: Path) -> None:
    from torch.distributed.tensor import (
        DeviceMesh,
        DTensor,
        Partial,
        Replicate,
        Shard,
        distribute_tensor,
        init_device_mesh,
    )

    mesh = init_device_mesh("cpu", (2,))
    torch.manual_seed(0)
    value, g = torch.randn(6, 4, dtype=torch.float64), torch.randn(6, 4, dtype=torch.float64)
    one = torch.nn.Parameter(value.clone())
    one.grad = g
    Adam([one], lr=0.1).step()
    halves = DTensor.from_local(g / 2, mesh, [Partial()])
    for found in (distribute_tensor(g, mesh, [Replicate()]), distribute_tensor(g, mesh, [Shard(1)]), halves):
        w = torch.nn.Parameter(distribute_tensor(value, mesh, [Shard(0)]))
        w.grad = found
        Adam([w], lr=0.1).step()
        assert same([w], [one]), found.placements

    w = torch.nn.Parameter(distribute_tensor(value, mesh, [Shard(0)]))
    opt = Adam([w])
    w.grad = g
    with pytest.raises(TypeError, match=r"Adam: the gradient of a parameter .* a plain tensor"):
        opt.step()
    w.grad = distribute_tensor(g, w.device_mesh, w.placements)
    opt.step()
    w.grad = distribute_tensor(g, DeviceMesh("cpu", [1, 0]), [Shard(0)])
    with pytest.raises(ValueError, match="distribute_tensor it as the parameter is"):
        opt.step()
    one.grad = w.grad
    with pytest.raises(TypeError, match="full_tensor"):
        Adam([one]).step()
    with pytest.raises(ValueError, match="still to be added"):
        Adam([torch.nn.Parameter(halves)])


def check_parameters_that_were_replaced(folder: Path) -> None:
    from torch.distributed.fsdp import fully_shard

    one = model()
    train(one, Adam(one.parameters(), lr=0.01), range(3))

    two = model()
    opt = Adam(two.parameters(), lr=0.01)
    fully_shard(two)
    if hasattr(opt.param_groups[0]["params"][0], "_fsdp_orig_uid"):
        with pytest.raises(ValueError, match="make the optimizer after it"):
            train(two, opt, [0])
    opt.param_groups[0]["params"] = [*two.parameters()]
    assert len(get_optimizer_state_dict(two, opt)["state"]) == 6
    train(two, opt, range(3))
    assert same(two, one)

    two = model()
    opt = Adam(two.parameters(), lr=0.01)
    train(two, opt, range(2))
    fully_shard(two)
    opt.param_groups[0]["params"] = [*two.parameters()]
    with pytest.raises(ValueError, match="that have taken steps were replaced"):
        train(two, opt, [2])


def check_checkpoints(folder: Path) -> None:
    """From two processes to two, and from one to two; one goes on with what two have saved in the test itself."""
    for rule in SAVED:
        one, two = model(), sharded()
        alone, opt = rule(groups(one), lr=0.01), rule(groups(two), lr=0.01)
        train(one, alone, range(6))
        train(two, opt, range(3))
        dcp.save(saved_part(two, opt), checkpoint_id=path_of(folder, "two", rule))
        for saved_by in ("two", "one"):
            again = sharded()
            opt = rule(groups(again), lr=1.0)
            loaded_into(again, opt, path_of(folder, saved_by, rule))
            assert [group["lr"] for group in opt.param_groups] == [0.003, 0.01]
            assert opt.t == 3
            train(again, opt, range(3, 6))
            assert close(again, one, 1e-12 if rule._reductions else 0), (rule, saved_by)


def check_states_that_are_whole(folder: Path) -> None:
    """A state that one process has as plain tensors goes to shards and back."""
    one = model()
    alone = Adam(one.parameters(), lr=0.01)
    train(one, alone, range(3))
    two = sharded()
    opt = Adam(two.parameters(), lr=0.01)
    train(two, opt, range(3))
    options = StateDictOptions(full_state_dict=True)
    kept = get_optimizer_state_dict(two, opt, options=options)
    wanted = get_optimizer_state_dict(one, alone)
    for name, state in wanted["state"].items():
        assert same([kept["state"][name][one] for one in ("m", "v")], [state[one] for one in ("m", "v")])
    again = Adam(two.parameters(), lr=1.0)
    with pytest.raises(ValueError, match="set_optimizer_state_dict"):
        again.load_state_dict(alone.state_dict())
    set_optimizer_state_dict(two, again, kept, options=options)
    train(two, again, range(3, 6))
    train(one, alone, range(3, 6))
    assert same(two, one)


def check_zero(folder: Path) -> None:
    from torch.distributed.optim import ZeroRedundancyOptimizer
    from torch.nn.parallel import DistributedDataParallel

    for rule in (Adam, AdamW, LAMB, presets.Adam):
        one, two = model(), DistributedDataParallel(model())
        alone = rule(one.parameters(), lr=0.01)
        opt = ZeroRedundancyOptimizer(two.parameters(), optimizer_class=rule, lr=0.01)
        train(one, alone, range(4))
        train(two, opt, range(4))
        assert same(two, one), rule
        assert 0 < len(opt.optim.state) < 6
        opt.consolidate_state_dict(to=0)
        if dist.get_rank() == 0:
            again = model()
            again.load_state_dict(two.module.state_dict())
            other = rule(again.parameters(), lr=1.0)
            other.load_state_dict(opt.state_dict())
            train(one, alone, range(4, 6))
            train(again, other, range(4, 6))
            assert same(again, one), rule
        dist.barrier()
    with pytest.raises(NotImplementedError, match=r"DoG sums up over all parameters.*fully_shard"):
        ZeroRedundancyOptimizer(model().parameters(), optimizer_class=DoG)


def check_what_is_flattened(folder: Path) -> None:
    from torch.distributed.fsdp import FullyShardedDataParallel

    net = FullyShardedDataParallel(model(), device_id=torch.device("cpu"), use_orig_params=True)
    Adam(net.parameters())
    with pytest.raises(NotImplementedError, match=r"LAMB sums up over parameters; use .*fully_shard"):
        LAMB(net.parameters())


def check_stages(folder: Path) -> None:
    """Each stage does over shards, beside plain tensors, what it does over the whole, but for the order of sums."""
    from torch.distributed.tensor import Shard, distribute_tensor, init_device_mesh

    mesh = init_device_mesh("cpu", (2,))
    torch.manual_seed(0)
    shapes, placed = ((5, 4), (3, 5), (1, 3), (6,)), (0, 1, 0, None)
    start, *grads = [[torch.randn(shape, dtype=torch.float64) for shape in shapes] for _ in range(5)]
    stages = [stage for name in ours.__all__ if inspect.isclass(stage := getattr(ours, name))]
    stages = [stage for stage in stages if issubclass(stage, Stage)]
    assert len(stages) > 30

    def spread(tensors: list[torch.Tensor]) -> list[torch.Tensor]:
        return [
            one if at is None else distribute_tensor(one, mesh, [Shard(at)])
            for at, one in zip(placed, tensors, strict=True)
        ]

    for cls in stages:
        outcomes = []
        for lay in (list, spread):
            params, stage = [torch.nn.Parameter(w.clone()) for w in lay(start)], cls()
            opt = Adam(params, lr=0.1, engine="eager", pipeline=[stage])
            for k, g in enumerate(map(lay, grads)):
                for number, (w, one) in enumerate(zip(params, g, strict=True)):
                    w.grad = None if number == k else one
                opt.step()
            kept = [one for name in stage._states for one in stage.state(name).values()]
            if lay is spread:
                wanted = [w.placements for _ in stage._states for w in params[:3]]
                assert [one.placements for one in kept if hasattr(one, "placements")] == wanted
            outcomes.append(([*params, *kept], stage._scalars))
        assert close(outcomes[1][0], outcomes[0][0], 1e-12 if cls._reductions else 0), cls
        assert outcomes[1][1] == outcomes[0][1], cls


def check_a_norm_over_shards(folder: Path) -> None:
    """What is clipped together has the norm that it may have, and is what one process has of it."""
    from torch.distributed.optim import ZeroRedundancyOptimizer

    one, two = model(), sharded()
    alone, opt = (
        ours.SGD(net.parameters(), lr=1.0, pipeline=[ours.ClipByGlobalNorm(max_norm=0.01)]) for net in (one, two)
    )
    before = wholes(two)
    train(one, alone, [0])
    train(two, opt, [0])
    moved = [old - new for old, new in zip(before, wholes(two), strict=True)]
    assert math.isclose(math.hypot(*(float(w.norm()) for w in moved)), 0.01, rel_tol=1e-12)
    assert close(two, one, 1e-14)
    given = {"optimizer_class": ours.SGD, "pipeline": [ours.ClipByGlobalNorm()]}
    with pytest.raises(NotImplementedError, match=r"ClipByGlobalNorm sums up over all parameters.*fully_shard"):
        ZeroRedundancyOptimizer(model().parameters(), **given)


def check_what_stages_keep(folder: Path) -> None:
    """It is saved and loaded, flat or not, in the middle of what they gather."""
    for flat in (False, True):
        options = StateDictOptions(flatten_optimizer_state_dict=flat)

        def made(net: torch.nn.Module, lr: float) -> Any:
            stages = [ours.Accumulate(every=3), ours.ClipByNorm(max_norm=0.1), ours.WeightEMA(decay=0.9)]
            return Adam(net.parameters(), lr=lr, pipeline=stages)

        one, again = sharded(), sharded()
        opt, other = made(one, 0.01), made(again, 1.0)
        train(one, opt, range(5))
        train(again, other, range(2))
        part = {"model": one.state_dict(), "optim": get_optimizer_state_dict(one, opt, options=options)}
        path = folder / "stages" / str(flat)
        dcp.save(part, checkpoint_id=path)
        there = {"model": again.state_dict(), "optim": get_optimizer_state_dict(again, other, options=options)}
        dcp.load(there, checkpoint_id=path)
        again.load_state_dict(there["model"])
        set_optimizer_state_dict(again, other, there["optim"], options=options)
        assert (other.t, other.pipeline[0].count) == (1, 2)
        train(one, opt, range(5, 10))
        train(again, other, range(5, 10))
        assert same(again, one)
        averages = ([*net.pipeline[2].state("average").values()] for net in (other, opt))
        assert same(*averages)


CHECKS: dict[str, Callable[[Path], None]] = {
    name.removeprefix("check_"): function
    for name, function in globals().items()
    if name.startswith("check_") and inspect.isfunction(function)
}


def main(rank: int, folder: Path) -> None:
    torch.set_num_threads(1)
    store = dist.FileStore(str(folder / "store"), 2)
    dist.init_process_group("gloo", store=store, rank=rank, world_size=2, timeout=timedelta(seconds=60))
    passed, failed = {}, ""
    for name, function in CHECKS.items():
        start = time.perf_counter()
        try:
            function(folder)
        except Exception:  # the other process waits for this one, or will: neither goes on
            failed = f"in {name}: {traceback.format_exc()}"
            break
        passed[name] = time.perf_counter() - start
    (folder / f"{rank}.json").write_text(json.dumps({"passed": passed, "failed": failed}))
    if not failed:
        dist.barrier()
        dist.destroy_process_group()
    # What has been checked is written. Threads that libraries leave behind may abort an interpreter that is torn down.
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
