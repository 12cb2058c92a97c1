"""What a step costs in torch and in JAX, against their own optimizers.

    python -m tests.benchmarks.training [--threads N] [--seconds S] [--rules Adam,AdamW] [--sizes 1000000,10000000]
                                        [--many 200] [--spread 40] [--libraries torch,jax]

Prints the median time of a step in float32 over one array of each size and over many small ones, in torch also over
some of those as DTensors, and what multiple of torch's fused step that is, or of optax's under jit with donated arrays.
Of JAX it also says how long a step takes to be compiled.
"""

from __future__ import annotations

import argparse
import importlib
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import Any

import numpy as np

from tests.benchmarks.measure import interleaved, limit, machine, summary

MANY, SPREAD, SEED = 200, 40, 1
ENGINES = ("numba", "numpy", "compiled", "eager")
#: Each rule, and what optax calls it.
OPTAX = {"Adam": "adam", "AdamW": "adamw"}
Step = Callable[[], object]


def arrays(sizes: Sequence[int], seed: int) -> list[np.ndarray]:
    random = np.random.default_rng(seed)
    return [random.standard_normal(size).astype(np.float32) for size in sizes]


def of_torch(
    name: str, sizes: Sequence[int], tensor: Callable[[np.ndarray], Any], *, compiled: bool
) -> dict[str, Step]:
    """A step of torch's own optimizers, also when that is compiled, and one on each engine; `tensor` makes tensors."""
    torch = importlib.import_module("torch")
    ours = importlib.import_module("stepsmith.torch.presets")

    def made(make: Callable[[list[Any]], Any]) -> Any:
        params = [torch.nn.Parameter(tensor(w)) for w in arrays(sizes, 0)]
        for w, g in zip(params, arrays(sizes, 1), strict=True):
            w.grad = tensor(g)
        return make(params).step

    own, its = getattr(ours, name), getattr(torch.optim, name)
    steps: dict[str, Step] = {
        "torch, fused": made(partial(its, fused=True)),
        "torch, for-each": made(partial(its, foreach=True)),
    }
    if compiled:  # it is told that the rate may change, as in training
        step = made(lambda params: its(params, lr=torch.tensor(1e-3), foreach=False))
        steps["torch, compiled"] = torch.compile(step)
    return steps | {engine: made(partial(own, engine=engine)) for engine in ENGINES}


@contextmanager
def _one_process() -> Iterator[Callable[[np.ndarray], Any]]:
    """What makes DTensors that are sharded over this process alone."""
    torch = importlib.import_module("torch")
    spread = importlib.import_module("torch.distributed.tensor")
    torch.distributed.init_process_group("gloo", store=torch.distributed.HashStore(), rank=0, world_size=1)
    try:
        mesh = torch.distributed.init_device_mesh("cpu", [1])
        yield lambda w: spread.distribute_tensor(torch.from_numpy(w), mesh, [spread.Shard(0)])
    finally:
        torch.distributed.destroy_process_group()


def of_jax(name: str, sizes: Sequence[int]) -> tuple[dict[str, Step], dict[str, float]]:
    """A step of optax and one of ours, under jit with donated arrays, and the seconds in which they are compiled."""
    jax, optax = importlib.import_module("jax"), importlib.import_module("optax")
    ours = importlib.import_module("stepsmith.jax.presets")
    steps, seconds = {}, {}
    for label, library in (("optax", optax), ("ours", ours)):
        transform = getattr(library, OPTAX[name])(1e-3)
        held = [[jax.numpy.asarray(w) for w in arrays(sizes, 0)]]
        held.append(transform.init(held[0]))
        grads = [jax.numpy.asarray(g) for g in arrays(sizes, 1)]

        def both(params: Any, state: Any, grads: Any, transform: Any = transform) -> tuple[Any, Any]:
            updates, state = transform.update(grads, state, params)
            return optax.apply_updates(params, updates), state

        start = time.perf_counter()
        compiled = jax.jit(both, donate_argnums=(0, 1)).lower(*held, grads).compile()
        seconds[label] = time.perf_counter() - start

        def step(held: list = held, grads: list = grads, compiled: Any = compiled) -> None:
            held[:] = compiled(*held, grads)
            jax.block_until_ready(held)

        steps[label] = step
    return steps, seconds


def shown(times: Mapping[str, list[float]], base: str) -> list[str]:
    """A line for each candidate: microseconds, and what multiple of the base that is."""
    found = summary(times)
    whole = found[base]["median"]
    return [f"  {name:<16} {one['median']:>10.0f} µs  {one['median'] / whole:.2f}" for name, one in found.items()]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.training", description=__doc__)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=5.0, help="for each rule and size")
    parser.add_argument("--rules", default="Adam,AdamW")
    parser.add_argument("--sizes", default="1000000,10000000", help="elements of one array")
    parser.add_argument("--many", type=int, default=MANY, help="how many small arrays, of 64 to 4,096 elements")
    parser.add_argument("--spread", type=int, default=SPREAD, help="how many small DTensors")
    parser.add_argument("--libraries", default="torch,jax")
    options = parser.parse_args(arguments)
    limit(options.threads)
    small = np.random.default_rng(SEED).integers(64, 4097, max(options.many, options.spread)).tolist()
    libraries = options.libraries.split(",")
    print(machine(options.threads))
    for name in options.rules.split(","):
        cases = [(f"one array of {int(size):,} elements", [int(size)]) for size in options.sizes.split(",") if size]
        if options.many:
            cases.append((f"{options.many} arrays of 64 to 4,096 elements", small[: options.many]))
        for what, sizes in cases:
            if "torch" in libraries:
                _print_torch(name, what, sizes, options)
            if "jax" in libraries:
                _print_jax(name, what, sizes, options)
        if options.spread and "torch" in libraries:
            what = f"{options.spread} DTensors of 64 to 4,096 elements"
            _print_torch(name, what, small[: options.spread], options, spread=True)


def _print_torch(
    name: str, what: str, sizes: Sequence[int], options: argparse.Namespace, *, spread: bool = False
) -> None:
    try:
        importlib.import_module("torch").set_num_threads(options.threads)
        print(f"{name}, torch, {what}")
        with _one_process() if spread else nullcontext(importlib.import_module("torch").from_numpy) as tensor:
            times = interleaved(of_torch(name, sizes, tensor, compiled=not spread), options.seconds)
        print("\n".join(shown(times, "torch, fused")), flush=True)
    except ImportError as error:
        print(f"{name}, torch: {error}")


def _print_jax(name: str, what: str, sizes: Sequence[int], options: argparse.Namespace) -> None:
    try:
        tries = [of_jax(name, sizes) for _ in range(3)]
        print(f"{name}, JAX, {what}")
        print("\n".join(shown(interleaved(tries[0][0], options.seconds), "optax")), flush=True)
        for label in tries[0][1]:
            print(f"  {label:<16} {statistics.median(seconds[label] for _, seconds in tries):>10.2f} s to compile")
    except ImportError as error:
        print(f"{name}, JAX: {error}")


if __name__ == "__main__":
    main()
