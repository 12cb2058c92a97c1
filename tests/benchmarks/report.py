"""Measurements as a table in Markdown, and as a picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

COPY = "copy"


def markdown(runs: Sequence[Mapping[str, Any]]) -> str:
    """All measurements: of each thread count a section, of each rule and size a row for each candidate."""
    lines = [
        "# Measurements",
        "",
        "Float32. Times are medians (least in parentheses) of repeats taken in turn, in one process for",
        "each number of threads. *Ratios* are of medians: above 1, the candidate is faster than plain NumPy and",
        "slower than torch fused. *The limit* is the time in which a copy (`np.copyto`) moves as many bytes as the",
        "rule, by its spec, has to read and to write (`cli.py show`). The two arrays of the copy are together as large",
        "as parameter, gradient and states, so that caches hold as much of the one as of the other.",
        "",
    ]
    for run in runs:
        lines += [f"## {_threads(run['threads'])}", "", f"{run['machine']}.", ""]
        lines += [
            "| rule | size | candidate | time per step, µs | plain NumPy / it | it / torch fused "
            "| the limit, µs | it / limit |"
        ]
        lines += ["|---|--:|---|--:|--:|--:|--:|--:|"]
        for case in run["cases"]:
            lines += _rows(case)
        lines += ["", *(f"- {line}" for line in _missing(run["cases"])), ""]
    return "\n".join(lines)


def _threads(number: int) -> str:
    return "One thread" if number == 1 else f"{number} threads"


def _rows(case: Mapping[str, Any]) -> Iterable[str]:
    times = case["times"]
    copy = times[COPY]["median"]
    for name, found in times.items():
        median = found["median"]
        cells = [case["rule"], case["size"], name, f"{median:,.1f} ({found['least']:,.1f})"]
        if name == COPY:
            cells += ["", "", "", ""]
        else:
            cells += [
                _ratio(times.get("NumPy, plain"), median, inverse=True),
                _ratio(times.get("torch, fused"), median),
            ]
            limit = case["moved over held"] * copy  # a copy moves each word that it holds once
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
    """Bars over the rules, for each size and number of threads; False if matplotlib is not installed."""
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
            axis.set_title(f"{size} elements, {_threads(run['threads']).lower()}")
            axis.set_ylabel("ms per step")
            axis.set_yscale("log")
    figure.legend(*axes[0][0].get_legend_handles_labels(), loc="outside upper center", ncols=4)
    figure.savefig(path, dpi=110)
    plt.close(figure)
    return True
