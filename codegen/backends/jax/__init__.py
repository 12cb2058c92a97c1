"""JAX: a rule is pure functions of arrays, of which a gradient transformation is made as those of Optax are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...load import GENERATED, AnySpec
from ...spec.host import STAND_INS, TOTAL
from . import rules as rules
from .numbers import runs as runs

if TYPE_CHECKING:
    from pathlib import Path

    from .. import Functional
    from .. import jax as _this
    from ..compiled import Call

    _is_one: Functional = _this

name, label, library, alias = "jax", "JAX", "jax.numpy", "jnp"
in_place, transforms = False, True
#: What the host computes in doubles is traced here.
helpers = ("Hyper", "IntHyper", "GradientTransformation", *(one for one in STAND_INS if one not in TOTAL))
sum_helpers = ("summed",)
runtime = GENERATED / name


def reserved_by(name: str) -> str | None:
    """See `Backend`."""
    return "the generated modules" if name in (alias, "jax", "NamedTuple", *sum_helpers) else None


def compile_checks(specs: Sequence[AnySpec], out: Path) -> list[Call]:
    """There is nothing to compile."""
    return []
