"""What norms cost: rules that read those of each array, against rules without.

    python -m tests.benchmarks.norms [--seconds S]

Prints the time of a step over many small arrays, and over one large array also beside optax under jit, where that is
installed, each as a multiple of that of the rule without.
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from tests.benchmarks.measure import interleaved, summary

#: Each rule, and the one that computes the same but for the norms.
PAIRS = {"LAMB": "AdamW", "LARS": "HeavyBall"}
MANY, LARGE = 200, 10_000_000


def moved(name: str) -> int:
    """How many arrays a step of a compiled loop reads and writes, those that are summed up once more."""
    from stepsmith.codegen.load import load, select
    from stepsmith.codegen.properties.cost import counted

    (spec,) = (found for found in load(select([])) if found.rule.name == name)
    cost = counted(spec.rule)
    return cost.words - cost.saved


def steps(sizes: list[int], rules: Mapping[str, str]) -> dict[str, Callable[[], object]]:
    """A step of each rule on each backend over arrays of float32 of these sizes."""
    rng = np.random.default_rng(0)
    start, grads = ([rng.standard_normal(size).astype(np.float32) for size in sizes] for _ in range(2))
    found: dict[str, Callable[[], object]] = {}
    for backend in ("numpy", "numba"):
        library = importlib.import_module(f"stepsmith.{backend}")
        for name in (name for pair in rules.items() for name in pair):
            found[f"{backend} {name}"] = partial(getattr(library, name)([w.copy() for w in start]).step, grads)
    return found


def optax_lamb(size: int) -> Callable[[], object]:
    """A step of optax.lamb under jit, which may overwrite what it is given."""
    jax, optax = importlib.import_module("jax"), importlib.import_module("optax")
    rng = np.random.default_rng(0)
    w, g = (jax.numpy.asarray(rng.standard_normal(size).astype(np.float32)) for _ in range(2))
    transform = optax.lamb(1e-3)
    held = [w, transform.init(w)]

    def both(w: object, state: object, g: object) -> tuple[object, object]:
        updates, state = transform.update(g, state, w)
        return optax.apply_updates(w, updates), state

    compiled = jax.jit(both, donate_argnums=(0, 1))

    def step() -> None:
        held[:] = compiled(*held, g)
        jax.block_until_ready(held)

    return step


def shown(times: Mapping[str, Mapping[str, float]], rules: Mapping[str, str]) -> list[str]:
    """A line for each rule: microseconds, and how many times those of the rule without norms that is."""
    without = {name: times[_beside(name, rules)] for name in times if name.split()[-1] in rules}
    return [
        f"{name:<18} {times[name]['median']:>10.0f} µs  {times[name]['median'] / other['median']:.2f}"
        for name, other in without.items()
    ]


def _beside(name: str, rules: Mapping[str, str]) -> str:
    backend, rule = name.split()
    return f"{'numba' if backend == 'optax' else backend} {rules[rule]}"


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.norms", description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0, help="for each size")
    parser.add_argument("--many", type=int, default=MANY, help="how many small arrays, of 64 to 4,096 elements")
    parser.add_argument("--large", type=int, default=LARGE, help="elements of the large array")
    options = parser.parse_args(arguments)
    small = np.random.default_rng(1).integers(64, 4097, options.many).tolist()
    print(f"{options.many} arrays of 64 to 4,096 elements")
    times = summary(interleaved(steps(small, PAIRS), options.seconds))
    print("\n".join(shown(times, PAIRS)))
    rules = {"LAMB": "Adam"}
    print(f"one array of {options.large:,} elements; LAMB moves {moved('LAMB')} arrays, Adam {moved('Adam')}")
    candidates = {name: step for name, step in steps([options.large], rules).items() if name.startswith("numba")}
    try:
        candidates["optax LAMB"] = optax_lamb(options.large)
    except ImportError:
        print("optax is not installed")
    times = summary(interleaved(candidates, options.seconds))
    print("\n".join(shown(times, rules)))


if __name__ == "__main__":
    main()
