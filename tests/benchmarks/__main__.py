"""The benchmark command."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

SIZES = (100_000, 1_000_000, 10_000_000)
MANY = "200 of 64 to 4,096"


def _parser() -> argparse.ArgumentParser:
    from tests.benchmarks.candidates import CANDIDATES, RULES

    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--out", type=Path, metavar="DIR", help="where the table and the picture go")
    parser.add_argument("--rules", nargs="+", choices=RULES, default=list(RULES))
    parser.add_argument("--sizes", nargs="+", type=int, default=[*SIZES, 0], help="elements; 0: many small arrays")
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--candidates", nargs="+", choices=CANDIDATES, default=list(CANDIDATES))
    parser.add_argument("--seconds", type=float, default=3.0, help="for each rule and size")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    return parser


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    if options.child:
        print(json.dumps(_run(options)))
        return 0
    from tests.benchmarks.report import markdown, picture

    runs = []
    for threads in options.threads:
        command = [sys.executable, "-m", "tests.benchmarks", "--child", "--threads", str(threads)]
        command += ["--seconds", str(options.seconds), "--rules", *options.rules, "--sizes", *map(str, options.sizes)]
        command += ["--candidates", *options.candidates]
        # a process of its own for each number of threads: the libraries count the cores once
        child = subprocess.run(command, stdout=subprocess.PIPE, check=True, env=os.environ)
        runs.append(json.loads(child.stdout))
    text = markdown(runs)
    print(text)
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / "results.md").write_text(text, encoding="utf-8")
        if not picture(runs, options.out / "results.png"):
            print("no picture: matplotlib is not installed", file=sys.stderr)
    return 0


def _run(options: argparse.Namespace) -> dict:
    from tests.benchmarks.candidates import RULES, make
    from tests.benchmarks.measure import copying, interleaved, machine, summary, words
    from tests.benchmarks.report import COPY

    cases = []
    for size in options.sizes or [0]:
        for name in options.rules:
            print(f"{options.threads[0]} threads, {size or MANY}, {name}", file=sys.stderr)
            sizes = [size] if size else np.random.default_rng(1).integers(64, 4097, 200).tolist()
            steps, missing = make(RULES[name], sizes, options.candidates)
            held, moved = words(name)
            copy = copying(sum(sizes) * held // 2)  # both arrays together are as large as all of the rule
            times = summary(interleaved({COPY: copy, **steps}, options.seconds))
            shown = f"{size:,}" if size else MANY
            found = {"rule": name, "size": shown, "moved over held": moved / held, "times": times, "missing": missing}
            cases.append(found)
    return {"threads": options.threads[0], "machine": machine(options.threads[0]), "cases": cases}


if __name__ == "__main__":
    if "--child" in sys.argv:
        from tests.benchmarks.measure import limit

        limit(int(sys.argv[sys.argv.index("--threads") + 1]))
    sys.exit(main())
