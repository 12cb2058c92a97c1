"""Masks of optax: which parameters a transformation is for.

A mask is True or False, a tree of them, a prefix of the parameters' tree, or a function that makes one of
these from the tree of parameters. A function of a path and a parameter, like the `where` of a stage, is
taken as well: it is told by the number of its arguments, and where one or two will do, it is optax's.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from ._options import Group, join, leaves


class Chosen:
    """The `where` of a stage: the parameters at some paths. It can be pickled, whatever the mask was."""

    def __init__(self, paths: frozenset[str]) -> None:
        self.paths = paths

    def __call__(self, path: str, w: Any) -> bool:
        return path in self.paths

    def __repr__(self) -> str:
        return f"<{', '.join(sorted(self.paths))}>"


class Mask:
    """A mask whose parameters are not known yet, in the place of the `where` of a stage."""

    def __init__(self, title: str, mask: Any) -> None:
        self.title, self.mask = title, mask

    def __call__(self, path: str, w: Any) -> bool:
        raise TypeError(
            f"{self.title}: what the mask chooses is known to the presets of optax alone, which take the stage as "
            "pipeline=[...]; elsewhere, give a stage such as L2Decay a where=lambda path, w: ..."
        )

    def of(self, params: Any) -> Chosen:
        return chosen(self.title, self.mask, params)


def chosen(title: str, mask: Any, params: Any) -> Chosen:
    """The parameters that `mask` chooses, which are those of the tree `params`."""
    if isinstance(params, list | tuple) and any(isinstance(entry, Group) for entry in params):
        params = [entry._params if isinstance(entry, Group) else entry for entry in params]
    if callable(mask):
        takes = _takes(mask)
        if takes == 2:
            return Chosen(frozenset(path for path, w in leaves(params) if _truth(title, path, mask(path, w))))
        if takes != 1:
            raise TypeError(f"{title}: a function takes the tree of parameters; {mask!r} does not")
        mask = mask(params)
    return Chosen(frozenset(path for path, true in _spread(title, mask, params, "") if true))


def _takes(function: Any) -> int:
    """1 if `function` takes one argument, 2 if it takes two, 0 for none of both."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # what is not written in Python may have none
        return 1
    for number in (1, 2):
        try:
            signature.bind(*[None] * number)
        except TypeError:
            continue
        return number
    return 0


def _spread(title: str, mask: Any, tree: Any, path: str) -> Iterator[tuple[str, bool]]:
    """Each parameter of `tree`, with what the leaf of `mask` says that is there or above."""
    below, ours = _children(mask), _children(tree)
    if below is None:
        for each, _ in leaves(tree, path):
            yield each, _truth(title, path, mask)
        return
    where = f" at {path}" if path else ""
    if ours is None:
        raise ValueError(f"{title}: there is a parameter{where}, where the mask has {', '.join(below) or 'nothing'}")
    for key in ours:
        if key not in below:
            raise ValueError(f"{title}: the mask has nothing for {join(path, key)}; give it True or False")
    for key in below:
        if key not in ours:
            known = ", ".join(join(path, name) for name in ours) or "nothing there"
            raise ValueError(f"{title}: the mask has {join(path, key)}, which is no parameter; there are {known}")
    for key, value in below.items():
        yield from _spread(title, value, ours[key], join(path, key))


def _children(tree: Any) -> dict[str, Any] | None:
    if isinstance(tree, Mapping):
        return {str(key): value for key, value in tree.items()}
    return {str(k): value for k, value in enumerate(tree)} if isinstance(tree, list | tuple) else None


def _truth(title: str, path: str, leaf: Any) -> bool:
    if isinstance(leaf, bool | int) or (getattr(leaf, "size", None) == 1 and hasattr(leaf, "dtype")):
        return bool(leaf)
    at = f" at {path}" if path else ""
    raise TypeError(f"{title}: the mask has {leaf!r}{at}; it needs True or False")
