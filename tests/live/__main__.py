"""Compare the presets with a library that is installed; see the package."""

from __future__ import annotations

import argparse
import importlib.util
import sys
from collections import Counter
from importlib import import_module

from . import ALLOWED

#: What is imported for each.
_LIBRARIES = {"torch": "torch", "optax": "optax", "keras": "keras", "collection": "pytorch_optimizer"}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.live", description=__doc__)
    parser.add_argument("library", choices=_LIBRARIES)
    parser.add_argument("draws", type=int, nargs="?", default=1000)
    parser.add_argument("--seed", type=int, default=0, help="number of the first draw")
    chosen = parser.parse_args()
    if importlib.util.find_spec(_LIBRARIES[chosen.library]) is None:
        print(f"{_LIBRARIES[chosen.library]} is not installed: nothing is compared")
        return 0
    trial = import_module(f".{chosen.library}", __package__).trial
    wrong, worst, refused = 0, 0.0, Counter[str]()
    for seed in range(chosen.seed, chosen.seed + chosen.draws):
        found = trial(seed)
        if found.refused is not None:
            refused[found.refused] += 1
        elif found.difference <= ALLOWED:  # not if it is NaN
            worst = max(worst, found.difference)
        else:
            wrong += 1
            print(f"draw {seed}: {found.difference:.3g} apart: {found.drawn}")
    for reason, times in refused.most_common():
        print(f"refused {times} times: {reason}")
    compared = chosen.draws - wrong - refused.total()
    print(f"{compared} of {chosen.draws} draws agree, at most {worst:.2g} apart")
    print(f"{wrong} differ, {refused.total()} refused")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
