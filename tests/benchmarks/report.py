"""Measurements as a table in Markdown, and as a picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

COPY = "copy"

#: What stands above the measurements of each kind.
HOST = """Float32. Times are medians (least in parentheses) of repeats taken in turn, in one process for
each number of threads. *Ratios* are of medians: above 1, the candidate is faster than plain NumPy and
slower than torch fused. *The limit* is the time in which a copy (`np.copyto`) moves as many bytes as the
rule, by its spec, has to read and to write (`cli.py show`); GB/s are those bytes over the candidate's time. The two
arrays of the copy are together as large as parameter, gradient and states, so that caches hold as much of the one as
of the other."""
GPU = """Times are medians (least in parentheses) of repeats taken in turn in one process, between two events on the
default stream of the device, which waits where the host is slow to queue launches. *Ratios* are of medians: above 1,
the candidate is faster than plain CuPy and slower than torch fused. *The limit* is the time in which a copy from device
to device moves as many bytes as the rule, by its spec, has to read and to write; GB/s are those bytes over the
candidate's time. In float16 parameters and gradients have two bytes for each element and states four, torch's two."""


def markdown(runs: Sequence[Mapping[str, Any]], above: str) -> str:
    """All measurements: of each run a section, of each rule and size a row for each candidate."""
    lines = ["# Measurements", "", *above.splitlines(), ""]
    for run in runs:
        lines += [f"## {run['title']}", "", f"{run['machine']}.", ""]
        lines += [
            "| rule | size | candidate | time per step, µs | GB/s | plain / it | it / torch fused "
            "| the limit, µs | it / limit |"
        ]
        lines += ["|---|--:|---|--:|--:|--:|--:|--:|--:|"]
        for case in run["cases"]:
            lines += _rows(case)
        lines += ["", *(f"- {line}" for line in _missing(run["cases"])), ""]
    return "\n".join(lines)


def _rows(case: Mapping[str, Any]) -> Iterable[str]:
    times = case["times"]
    if not times:
        return
    copy = times[COPY]["median"]
    plain = next((found for name, found in times.items() if name.endswith("plain")), None)
    for name, found in times.items():
        median = found["median"]
        cells = [case["rule"], case["size"], name, f"{median:,.1f} ({found['least']:,.1f})"]
        # a copy moves each byte that it holds once
        cells += [f"{case['held' if name == COPY else 'moved'] / median / 1000:,.1f}"]
        if name == COPY:
            cells += ["", "", "", ""]
        else:
            cells += [_ratio(plain, median, inverse=True), _ratio(times.get("torch, fused"), median)]
            limit = case["moved"] / case["held"] * copy
            cells += [f"{limit:,.1f}", f"{median / limit:.2f}"]
        yield f"| {' | '.join(cells)} |"


def _ratio(other: Mapping[str, float] | None, median: float, *, inverse: bool = False) -> str:
    if other is None:
        return "–"
    return f"{other['median'] / median if inverse else median / other['median']:.2f}"


def _missing(cases: Sequence[Mapping[str, Any]]) -> list[str]:
    reasons: dict[str, list[str]] = {}
    for case in cases:
        for name, reason in case["missing"].items():
            where = reasons.setdefault(f"not measured: {name}, {reason}", [])
            where += [case["rule"]] if case["rule"] not in where else []
    return [f"{reason} ({', '.join(rules)})" for reason, rules in reasons.items()]


def picture(runs: Sequence[Mapping[str, Any]], path: Path) -> bool:
    """Bars over the rules, for each size and run; False if matplotlib is not installed."""
    try:
        import matplotlib as mpl

        mpl.use("Agg")
        from matplotlib import pyplot as plt
    except ImportError:
        return False
    sizes = list(dict.fromkeys(case["size"] for run in runs for case in run["cases"]))
    figure, axes = plt.subplots(
        len(sizes), len(runs), figsize=(7 * len(runs), 3 * len(sizes)), squeeze=False, layout="constrained"
    )
    for column, run in enumerate(runs):
        for row, size in enumerate(sizes):
            cases = [case for case in run["cases"] if case["size"] == size]
            axis = axes[row][column]
            candidates = list(dict.fromkeys(name for case in cases for name in case["times"] if name != COPY))
            for number, name in enumerate(candidates):
                places = [k for k, case in enumerate(cases) if name in case["times"]]
                heights = [cases[k]["times"][name]["median"] / 1000 for k in places]
                width = 0.9 / len(candidates)
                axis.bar([k - 0.45 + (number + 0.5) * width for k in places], heights, width, label=name)
            axis.set_xticks(range(len(cases)), [case["rule"] for case in cases])
            axis.set_title(f"{size} elements, {run['title'].lower()}")
            axis.set_ylabel("ms per step")
            axis.set_yscale("log")
    figure.legend(*axes[0][0].get_legend_handles_labels(), loc="outside upper center", ncols=4)
    figure.savefig(path, dpi=110)
    plt.close(figure)
    return True
