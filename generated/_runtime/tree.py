"""The structure of parameters and gradients: dicts, lists and tuples, nested, of arrays.

An array is known by its path, such as `layer1.W`. The order of a dict's keys decides nothing: they are gone
through in the order of the alphabet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any


def leaves(tree: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """What is in `tree` and is none of its dicts, lists and tuples, by its path, in order."""
    if isinstance(tree, Mapping):
        for key in sorted(tree, key=str):
            yield from leaves(tree[key], join(path, str(key)))
    elif isinstance(tree, list | tuple):
        for index, value in enumerate(tree):
            yield from leaves(value, join(path, str(index)))
    else:
        yield path, tree


def join(first: str, second: str) -> str:
    """A path with what lies below it."""
    return f"{first}.{second}" if first and second else first or second


def replace(tree: Any, path: str, leaf: Any, below: str = "") -> None:
    """Put `leaf` at `path`. If it stands in a tuple, or in what cannot be written, nothing happens."""
    keyed = [(key, str(key)) for key in tree] if isinstance(tree, Mapping) else ()
    listed = [(index, str(index)) for index in range(len(tree))] if isinstance(tree, list | tuple) else ()
    for key, name in (*keyed, *listed):
        here = join(below, name)
        if here == path and isinstance(tree, MutableMapping | list):
            tree[key] = leaf
        else:
            replace(tree[key], path, leaf, here)


class Structure:
    """How a tree is nested, so that one that is nested in the same way is flattened without a look at every path."""

    def __init__(self, tree: Any) -> None:
        self._keys = sorted(tree, key=str) if isinstance(tree, Mapping) else None
        self._types: tuple[type, ...] = (dict,) if isinstance(tree, Mapping) else (list, tuple)
        values = tree if self._keys is None else [tree[key] for key in self._keys]
        self._below = [Structure(value) for value in values] if isinstance(values, list | tuple) else None
        self._flat = self._below is not None and all(one._below is None for one in self._below)

    def leaves(self, tree: Any) -> list[Any] | None:
        """The leaves of `tree`, in the order of the tree of which this is the structure.

        None if a quick look does not find them. Where a leaf is expected, anything may be found, a list as well.
        """
        if self._below is None:
            return [tree]
        found: list[Any] = []
        return found if self._collect(tree, found) else None

    def _collect(self, tree: Any, found: list[Any]) -> bool:
        if self._below is None:
            found.append(tree)
            return True
        if type(tree) not in self._types or len(tree) != len(self._below):
            return False
        try:
            values = tree if self._keys is None else [tree[key] for key in self._keys]
        except KeyError:
            return False
        if self._flat:
            found += values
            return True
        return all(one._collect(value, found) for one, value in zip(self._below, values, strict=True))
