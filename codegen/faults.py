"""Inner faults: what one statement breaks on is a result of its own, and takes nothing from the others."""

from __future__ import annotations

import re
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from typing import ParamSpec

from .load import ROOT, SpecError, UsageError, stable
from .result import UNDECIDED, Outcome, Result

_LONGEST = 300  # characters of what an exception says

Asked = ParamSpec("Asked")

_recorded: ContextVar[list[Result] | None] = ContextVar("recorded", default=None)


@contextmanager
def recorded() -> Iterator[list[Result]]:
    """Collects the faults that are met inside, also where only text is made of them."""
    found: list[Result] = []
    token = _recorded.set(found)
    try:
        yield found
    finally:
        _recorded.reset(token)


def described(error: Exception) -> str:
    """What happened and where, the same in every run: the last place in this package through which it came."""
    frames = traceback.extract_tb(error.__traceback__)
    package, here = ROOT / "codegen", Path(__file__)
    own = [f for f in frames if Path(f.filename).is_relative_to(package) and Path(f.filename) != here] or frames
    place = f" at {_shown(own[-1].filename)}:{own[-1].lineno}" if own else ""
    text = stable(re.sub(r" at 0x[0-9a-fA-F]+", "", " ".join(str(error).split())))
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
    return f"an inner fault: {type(error).__name__}{': ' if text else ''}{text}{place}"


def _shown(file: str) -> str:
    path = Path(file)
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name


def fault(spec: str, claim: str, error: Exception, statement: str = "") -> Result:
    """The result of a statement that could not be looked at to the end."""
    result = Outcome(UNDECIDED, reason=described(error)).of(claim, statement, spec)
    if (found := _recorded.get()) is not None:
        found.append(result)
    return result


def guarded(
    spec: str, claim: str, results: Callable[Asked, Iterable[Result]], *asked: Asked.args, **named: Asked.kwargs
) -> Iterator[Result]:
    """All `results` of a claim, asked for with what follows; if something breaks on the way, that is the last of them.

    A spec that is wrong, and a request that cannot be understood, are no faults.
    """
    start = time.perf_counter()
    try:
        for result in results(*asked, **named):
            yield result
            start = time.perf_counter()
    except (SpecError, UsageError):
        raise
    except Exception as error:
        yield replace(fault(spec, claim, error), seconds=time.perf_counter() - start)


def replayed(result: Result) -> Result:
    """`result` after its replay; if that breaks, it is undecided, and the results after it are not lost."""
    from .replay import checked

    try:
        return checked(result)
    except Exception as error:
        return replace(result, status=UNDECIDED, reason=described(error))


def or_fault(spec: str, what: str, make: Callable[[], str]) -> str:
    """The text that `make` makes; if that breaks, a line that says so in its place."""
    try:
        return make()
    except (SpecError, UsageError):
        raise
    except Exception as error:
        result = fault(spec, what, error)
        return f"{spec}, {what}: {result.status}: {result.reason}"
