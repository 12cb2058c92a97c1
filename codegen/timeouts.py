"""How long things may take, in seconds of the processor: what is found does not depend on what else runs."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: Running the file of a spec, or checking a spec.
SPEC = 5
#: Comparing two rules.
COMPARE = 60
#: Proving one claim. The slowest of those that are decided takes a tenth of it.
CLAIM = 60
#: Putting one statement into the words of a theorem.
CERTIFY = 20
_LEAST = 0.01


class SlowError(BaseException):
    """It took more computing than is allowed. No `Exception`: what others catch on the way must not swallow it."""


@contextmanager
def limited(seconds: float) -> Iterator[Callable[[], None]]:
    """Raise `SlowError` after so many seconds of computing.

    In the main thread of a system with alarms that is at once, elsewhere when the function that is given is called.
    Limits nest: the outer one goes on after the inner one.
    """
    begin = time.process_time()

    def ring(*_: object) -> None:
        raise SlowError(f"it was still running after {seconds} s")

    def tick() -> None:
        if time.process_time() - begin > seconds:
            ring()

    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield tick
        return
    before = signal.signal(signal.SIGPROF, ring)
    outer, _ = signal.setitimer(signal.ITIMER_PROF, max(seconds, _LEAST))
    try:
        yield tick
    finally:
        signal.setitimer(signal.ITIMER_PROF, max(outer - (time.process_time() - begin), _LEAST) if outer else 0)
        signal.signal(signal.SIGPROF, before)
