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
GPU_SIZES = (10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000)
#: How many small arrays there are.
MANY, GPU_MANY = 200, 1000


def _parser() -> argparse.ArgumentParser:
    from tests.benchmarks.candidates import RULES

    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--gpu", action="store_true", help="measure CuPy on a GPU instead of NumPy and Numba")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where the table and the picture go")
    parser.add_argument("--rules", nargs="+", choices=RULES, default=list(RULES))
    parser.add_argument("--sizes", nargs="+", type=int, help="elements; 0: many small arrays")
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--candidates", nargs="+", metavar="NAME", default=[], help="as in the table; all if not given")
    parser.add_argument("--seconds", type=float, default=3.0, help="for each rule and size")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    return parser


def main(arguments: list[str] | None = None) -> int:
    from tests.benchmarks import candidates, gpu

    parser = _parser()
    options = parser.parse_args(arguments)
    known = gpu.CANDIDATES if options.gpu else candidates.CANDIDATES
    for name in options.candidates:
        if name not in known:
            parser.error(f"{name} is no candidate; there are {'; '.join(known)}")
    if options.child:
        print(json.dumps(_on_threads(options)))
        return 0
    from stepsmith.codegen.backends.cupy.numbers import without_gpu
    from tests.benchmarks.report import GPU, HOST, markdown, picture

    if options.gpu and (reason := without_gpu()):
        print(f"nothing was measured: {reason}", file=sys.stderr)
        return 1
    runs = [_on_gpu(options, dtype) for dtype in gpu.DTYPES] if options.gpu else _in_processes(options)
    text = markdown(runs, GPU if options.gpu else HOST)
    print(text)
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        name = "results-gpu" if options.gpu else "results"
        (options.out / f"{name}.md").write_text(text, encoding="utf-8")
        if not picture(runs, options.out / f"{name}.png"):
            print("no picture: matplotlib is not installed", file=sys.stderr)
    return 0


def _in_processes(options: argparse.Namespace) -> list[dict]:
    """The runs, each in a process of its own: the libraries count the cores once."""
    runs = []
    for threads in options.threads:
        command = [sys.executable, "-m", "tests.benchmarks", "--child", "--threads", str(threads)]
        command += ["--seconds", str(options.seconds), "--rules", *options.rules]
        command += ["--sizes", *map(str, options.sizes)] if options.sizes else []
        command += ["--candidates", *options.candidates] if options.candidates else []
        child = subprocess.run(command, stdout=subprocess.PIPE, check=True, env=os.environ)
        runs.append(json.loads(child.stdout))
    return runs


def _on_threads(options: argparse.Namespace) -> dict:
    from tests.benchmarks.candidates import RULES, make
    from tests.benchmarks.measure import copying, machine, traffic

    (threads,) = options.threads
    title = "One thread" if threads == 1 else f"{threads} threads"
    cases = []
    for size, name, sizes in _cases(options, SIZES, MANY):
        print(f"{title}, {size}, {name}", file=sys.stderr)
        held, moved = (number * sum(sizes) for number in traffic(name))
        steps, missing = make(RULES[name], sizes, options.candidates)
        steps = {"copy": copying(held // 8), **steps}  # floats
        cases.append(_case(options, name, size, held, moved, steps, missing))
    return {"title": title, "machine": machine(threads), "cases": cases}


def _on_gpu(options: argparse.Namespace, dtype: str) -> dict:
    from tests.benchmarks import gpu
    from tests.benchmarks.candidates import RULES
    from tests.benchmarks.measure import libraries, traffic

    cases = []
    for size, name, sizes in _cases(options, GPU_SIZES, GPU_MANY):
        print(f"{dtype}, {size}, {name}", file=sys.stderr)
        held, moved = (number * sum(sizes) for number in traffic(name, np.dtype(dtype).itemsize))
        try:
            steps, missing = gpu.make(RULES[name], sizes, dtype, held // 2, options.candidates)
        except MemoryError as error:
            steps, missing = {}, {"all": str(error)}
        cases.append(_case(options, name, size, held, moved, steps, missing, gpu.timed))
        del steps
        gpu.free()
    return {"title": dtype, "machine": f"{gpu.device()}; {libraries('cupy', 'torch')}", "cases": cases}


def _cases(options: argparse.Namespace, usual: tuple[int, ...], many: int):
    """Each size as text, with each rule and the sizes of the arrays."""
    for size in options.sizes or [*usual, 0]:
        shown = f"{size:,}" if size else f"{many:,} of 64 to 4,096"
        for name in options.rules:
            yield shown, name, [size] if size else np.random.default_rng(1).integers(64, 4097, many).tolist()


def _case(options, rule: str, size: str, held: int, moved: int, steps: dict, missing: dict, *timed) -> dict:
    from tests.benchmarks.measure import interleaved, summary

    times = summary(interleaved(steps, options.seconds, *timed)) if steps else {}
    return {"rule": rule, "size": size, "held": held, "moved": moved, "times": times, "missing": missing}


if __name__ == "__main__":
    if "--child" in sys.argv:
        from tests.benchmarks.measure import limit

        limit(int(sys.argv[sys.argv.index("--threads") + 1]))
    sys.exit(main())
