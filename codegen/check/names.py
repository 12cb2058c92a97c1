"""Names that a spec may not use, each with who has taken it.

A name in a spec becomes a variable in the code of each backend and, through the docstrings, in what
people read. It has to mean the same in all of them.
"""

from __future__ import annotations

import keyword
import re

from ..backends import BACKENDS
from ..execution.modules import base_class
from ..spec.host import STAND_INS

IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")

_GENERATED = """
    math functools annotations
    Any Array Optimizer Schedule Monitor Callable ClassVar Params Rate
    params grads self step state_dict load_state_dict rule cls super opt xp dtype shape out len range
    format print sum any all zip map iter next type object str dict list tuple set property staticmethod
    classmethod isinstance getattr setattr sign where pi stages pipeline groups
    StageCall Group Hyper IntHyper Mapping Sequence Stage Where pipeline master_weights tied seed state hyper
"""


def reserved_by(name: str, *, local: bool = False) -> str | None:
    """Who has taken `name`, or None if a spec may use it.

    With `local`, it becomes the name of a variable, beside the functions that the host calls.
    """
    if name in (*keyword.kwlist, *keyword.softkwlist):
        return "Python"
    if taken := next(filter(None, (backend.reserved_by(name) for backend in BACKENDS.values())), None):
        return taken
    generated = {*_GENERATED.split(), *(base_class(backend, "Optimizer") for backend in BACKENDS)}
    return "the generated modules" if name in generated or (local and name in STAND_INS) else None
