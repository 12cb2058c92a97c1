"""The checks of parameters and gradients, which come before a step writes anything.

What was found in order is not checked again as long as it looks the same: a step with many small
parameters costs little more than a look at the type, the dtype, the shape and the flags of each array.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import is_
from typing import Any

from .given import settled, whole
from .library import Library
from .tree import Structure, leaves, replace

#: What to do about an array that is given twice; the presets, which have no such option, say it in other words.
TIED = "to step it once with the sum of both gradients, pass tied='sum'"


class Checks:
    """The checks of one optimizer, whose arrays are those of `library`."""

    def __init__(self, library: Library, tree: Any, tied: str | None = None) -> None:
        self._library = library
        if reason := whole(tree, "parameters", library._rule):
            raise TypeError(f"{library._rule}: {reason}")
        arrays = self._acceptable(tree)
        if not arrays:
            raise ValueError(f"{library._rule}: there are no parameters; pass an array, a list or a dict of arrays")
        for path, array in self._flat(tree, "parameter").items():
            if array is not arrays[path]:  # those of an archive on disk, for instance: what is written to them is lost
                raise TypeError(
                    f"{called('parameter', path)} is another array each time it is looked up; pass dict(parameters)"
                )
        #: For each path at which there is an array of another path: that one.
        self._ties = self._tied(arrays) if tied is not None else {}
        self._every = tuple(arrays)
        arrays = {path: array for path, array in arrays.items() if path not in self._ties}
        self.paths = tuple(arrays)
        self._made_as = {
            path: (array.shape, library._computed(array), library._place(array)) for path, array in arrays.items()
        }
        self._structure = Structure(tree)
        self._hold(list(arrays.values()))

    @property
    def held(self) -> list[Any]:
        """The parameters in the order of `paths`, as they were found last."""
        return self._held

    def _hold(self, arrays: list[Any]) -> None:
        """Remember `arrays` as parameters that are in order, once it is clear that they do not overlap."""
        self._check_overlap(self._named("parameter", arrays))
        owners = self._library._owners(arrays)
        self._owners = None if owners is None else frozenset(map(id, owners))
        self._held, self._signature = arrays, self._library._signature(arrays)
        #: Whether a quick look at the last gradients has shown that none is missing.
        self.complete = False
        #: The signature of the last gradients that were in order, and whether it shows that they own their memory.
        self._accepted, self._own = None, False

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_signature": None}  # in a copy all is checked anew: its arrays are other objects

    def parameters(self, tree: Any) -> list[Any]:
        """The parameters in the order of `paths`. They may be replaced by others of the same shape."""
        found = self._structure.leaves(tree)
        if found is not None and self._ties:
            found = self._untied(found)
        held = found is not None and all(map(is_, found, self._held))
        if found is None or not held or self._signature is None or self._library._signature(found) != self._signature:
            arrays = self._acceptable(tree)
            self._check_unchanged(arrays)
            for path, first in self._ties.items():
                if self._tied({first: arrays[first], path: arrays[path]}) != {path: first}:
                    rule = self._library._rule
                    raise ValueError(
                        f"the parameters {first} and {path} were one array when {rule} was made; "
                        "replace both by one array, or make a new one"
                    )
            self._hold([arrays[path] for path in self.paths])
        return self._held

    def gradients(self, tree: Any) -> list[Any]:
        """The gradients in the order of `paths`; None where a parameter is to be left alone.

        The parameters have been checked before.
        """
        self.complete = False
        if self._ties:
            return self._summed(tree)
        found = self._structure.leaves(tree)
        signature = None if found is None else self._signature_of(found)
        if found is None or signature is None or signature != self._accepted:
            found = self._fitting(settled(tree), dict(zip(self.paths, self._held, strict=True)))
            self._accepted, self._own = signature, signature is not None and self._library._own(signature)
        if not self._owned_by_others(found):
            self._check_overlap([*self._named("parameter", self._held), *self._named("gradient", found)])
        return found

    def inputs(self, name: str, tree: Any, gradients: Sequence[Any]) -> list[Any]:
        """The arrays of the input `name` in the order of `paths`: as gradients, one for each of those.

        Parameters and gradients have been checked before. A parameter without a gradient needs none.
        """
        held = dict(zip(self.paths, self._held, strict=True))
        every = {path: held[self._ties.get(path, path)] for path in self._every}
        found = dict(zip(every, self._fitting(settled(tree), every, name), strict=True))
        for path, first in self._ties.items():
            if found[path] is not None and found[path] is not found[first]:
                raise ValueError(
                    f"the parameters {first} and {path} are one array, which has one {name}; pass None for {path}"
                )
        arrays = [found[path] for path in self.paths]
        for path, g, array in zip(self.paths, gradients, arrays, strict=True):
            if g is not None and array is None:
                raise ValueError(
                    f"{called('parameter', path)} has a gradient, and no {name}; pass both, or None for both"
                )
        if not self._owned_by_others(arrays, of_gradients=False):
            self._check_overlap([*self._named("parameter", self._held), *self._named(name, arrays)])
        return arrays

    def _tied(self, arrays: Mapping[str, Any]) -> dict[str, str]:
        """The paths of arrays that are one with that of an earlier path, which is given."""
        firsts: dict[Any, str] = {}
        ties: dict[str, str] = {}
        for path, array in arrays.items():
            known = self._library._extent(array), array.shape, array.strides, array.dtype
            if array.size and firsts.setdefault(known, path) != path:
                ties[path] = firsts[known]
        return ties

    def _untied(self, found: list[Any]) -> list[Any] | None:
        """The leaves `found` without those that are the array of another path; None if they are not any more."""
        every = dict(zip(self._every, found, strict=True))
        if any(every[path] is not every[first] for path, first in self._ties.items()):
            return None
        return [every[path] for path in self.paths]

    def tie_again(self, tree: Any) -> None:
        """In a copy, what were two views of one memory are two arrays: the first takes the place of the other."""
        for path, first in self._ties.items():
            arrays = dict(leaves(tree))
            if self._tied({first: arrays[first], path: arrays[path]}) != {path: first}:
                replace(tree, path, arrays[first])

    def _summed(self, tree: Any) -> list[Any]:
        """The gradients of parameters some of which are one array: of such, the sum of those that there are."""
        held = dict(zip(self.paths, self._held, strict=True))
        fitting = self._fitting(settled(tree), {path: held[self._ties.get(path, path)] for path in self._every})
        found = {path: [g] if g is not None else [] for path, g in zip(self._every, fitting, strict=True)}
        named = [(called("gradient", path), g, False) for path, each in found.items() for g in each]
        self._check_overlap([*self._named("parameter", self._held), *named])
        for path, first in self._ties.items():
            found[first] += found[path]
        sums = (found[path] for path in self.paths)
        return [self._library._added(each) if each[1:] else each[0] if each else None for each in sums]

    def _signature_of(self, gradients: list[Any]) -> Any:
        """The signature of `gradients`, with the parameter in place of one that is None."""
        signature = self._library._signature(gradients)
        self.complete = signature is not None
        if signature is None and any(g is None for g in gradients):
            there = [w if g is None else g for g, w in zip(gradients, self._held, strict=True)]
            signature = self._library._signature(there)
        return signature

    def _owned_by_others(self, gradients: list[Any], *, of_gradients: bool = True) -> bool:
        """Whether no object that owns the memory of a parameter owns that of one of `gradients`, as far as is known."""
        if self._owners is None:
            return False
        owners = (
            gradients if self._own and of_gradients else self._library._owners([g for g in gradients if g is not None])
        )
        return owners is not None and self._owners.isdisjoint(map(id, owners))

    def _acceptable(self, tree: Any) -> dict[str, Any]:
        arrays = self._flat(tree, "parameter")
        for path, array in arrays.items():
            if reason := self._library._refusal(array, written=True):
                raise TypeError(f"{called('parameter', path)} {reason}")
        return arrays

    def _check_unchanged(self, arrays: Mapping[str, Any]) -> None:
        """Parameters may be replaced by others of the same shape, but not added or taken away."""
        rule = self._library._rule
        for path in arrays.keys() ^ set(self._every):
            verb = "added" if path in arrays else "taken away"
            raise ValueError(f"{called('parameter', path)} was {verb} after {rule} was made; make a new one")
        for path, array in arrays.items():
            shape, dtype, place = self._made_as[self._ties.get(path, path)]
            if array.shape != shape or self._library._computed(array) != dtype:
                raise ValueError(
                    f"{called('parameter', path)} now has shape {array.shape} and dtype {array.dtype}, "
                    f"its states have {shape} and {dtype}; make a new {rule}"
                )
            if (now := self._library._place(array)) != place:
                raise ValueError(
                    f"{called('parameter', path)} is now on {now}, its states on {place}; copy it there, "
                    f"or make a new {rule}"
                )

    def _fitting(self, tree: Any, params: Mapping[str, Any], what: str = "gradient") -> list[Any]:
        """Gradients, or what else is given as they are, in the order of `params`."""
        given = self._flat(tree, what)
        if given and given.keys().isdisjoint(params):
            self._refuse_nesting(given, params, what)
        for path in params:
            if path not in given:
                raise ValueError(f"{called('parameter', path)} has no {what}; pass None to leave it alone")
        for path in given:
            if path not in params:
                raise ValueError(f"{called(what, path)} belongs to no parameter; there are {_listed(params)}")
        short = "g" if what == "gradient" else what
        for path, g in given.items():
            if g is None:
                continue
            w = params[path]
            if reason := self._library._refusal(g, written=False):
                raise TypeError(f"{called(what, path)} {reason}")
            here, there = self._library._place(g), self._library._place(w)
            if here != there:
                raise ValueError(f"{called(what, path)} is on {here}, its parameter on {there}; copy it there")
            if g.shape != w.shape:
                raise ValueError(
                    f"{called(what, path)} has shape {g.shape}, its parameter {w.shape}; reshape it, "
                    "or take the sum over what was broadcast"
                )
            if g.dtype != w.dtype:
                raise TypeError(
                    f"{called(what, path)} is {g.dtype}, its parameter {w.dtype}; use {short}.astype({str(w.dtype)!r})"
                )
        return [given[path] for path in params]

    def _refuse_nesting(self, given: Mapping[str, Any], params: Mapping[str, Any], what: str) -> None:
        """Say why gradients, or what is given as they are, of which none belongs to a parameter cannot be taken."""
        if "" in given and (reason := self._library._refusal(given[""], written=False)):
            raise TypeError(f"the {what} {reason}")
        several = "gradients" if what == "gradient" else f"arrays of {what}"
        raise ValueError(
            f"{self._library._rule}: the {several} are {_listed(given)}, the parameters {_listed(params)}; "
            f"nest the {several} as the parameters are"
        )

    def _named(self, what: str, arrays: Sequence[Any]) -> list[tuple[str, Any, bool]]:
        """What `_check_overlap` takes: parameters are written, gradients are read."""
        return [
            (called(what, path), array, what == "parameter")
            for path, array in zip(self.paths, arrays, strict=True)
            if array is not None
        ]

    def _check_overlap(self, arrays: Sequence[tuple[str, Any, bool]]) -> None:
        """Refuse an array that is written (the flag) and shares memory with another."""
        extent = self._library._extent
        spans = sorted((*extent(array), number) for number, (_, array, _) in enumerate(arrays) if array.size)
        for position, (_, end, number) in enumerate(spans):
            name, array, written = arrays[number]
            for start, _, other_number in spans[position + 1 :]:
                if start >= end:
                    break
                other_name, other, other_written = arrays[other_number]
                if (written or other_written) and self._library._overlap(array, other):
                    remedy = "pass a copy of one of them"
                    if written and other_written and len(self._tied({"a": array, "b": other})) == 1:
                        remedy = f"{TIED}; else {remedy}"
                    raise ValueError(f"{other_name} and {name} share memory; {remedy}")

    def _flat(self, tree: Any, what: str) -> dict[str, Any]:
        flat: dict[str, Any] = {}
        for path, leaf in leaves(tree):
            if path in flat:
                raise ValueError(f"{self._library._rule}: two {what}s have the path {path}; rename one of the keys")
            flat[path] = leaf
        return flat


def called(what: str, path: str) -> str:
    return f"the {what} {path}" if path else f"the {what}"


def _listed(paths: Mapping[str, Any]) -> str:
    return ", ".join(path or "a single array" for path in paths)
