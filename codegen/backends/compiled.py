"""What the compile checks of the backends say, put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..result import REFUTED, Result

Key = tuple[Path, str]  # of a spec: its file and its name there
Parts = dict[Key, list[Result]]
#: A check that can be made anywhere: a function and its arguments.
Call = tuple[Callable[..., Parts], tuple[Any, ...]]


def merged(found: Iterable[Parts]) -> Parts:
    """One result for each claim of a spec: the worst, or, if all are well, one that says all."""
    together: dict[Key, dict[str, list[Result]]] = {}
    for part in found:
        for key, results in part.items():
            for result in results:
                together.setdefault(key, {}).setdefault(result.claim, []).append(result)
    return {key: [_one(results) for results in claims.values()] for key, claims in together.items()}


def _one(results: Sequence[Result]) -> Result:
    wrong = [result for result in results if result.status == REFUTED]
    if wrong or len(results) == 1:
        return (wrong or results)[0]
    return replace(
        results[0],
        statement=f"{str(results[0].statement).rpartition(', for ')[0]}, for " + ", ".join(_target(r) for r in results),
        reason="; ".join(f"{_target(result)}: {result.reason}" for result in results),
        seconds=sum(result.seconds for result in results),
    )


def _target(result: Result) -> str:
    return str(result.statement).rpartition(", for ")[2]
