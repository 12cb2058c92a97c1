# generated from codegen/templates/presets/_options.py; do not edit
"""Options that the presets of several libraries have: what stands around a rule, and what is not supported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def refuse(preset: str, remedy: str = "there is no rule for it here", /, **options: Any) -> None:
    """Raise NotImplementedError if any of `options` asks for something.

    None, False and 0 are what a library does without the option.
    """
    for name, value in options.items():
        if value is not None and value is not False and value != 0:
            raise NotImplementedError(f"{preset}: {name}={value!r} is not supported; {remedy}")


def masked(mask: Any) -> Any:
    """A `where` from a mask, which is None, a `where`, or has the structure of the parameters and holds bools."""
    if mask is None or callable(mask):
        return mask
    chosen = dict(_leaves(mask, ()))
    return lambda path, w: bool(chosen[tuple(path.split("."))]) if path else bool(chosen[()])


def _leaves(tree: Any, path: tuple[str, ...]) -> Any:
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from _leaves(value, (*path, *str(key).split(".")))
    elif isinstance(tree, Sequence) and not isinstance(tree, str):
        for index, value in enumerate(tree):
            yield from _leaves(value, (*path, str(index)))
    else:
        yield path, tree
