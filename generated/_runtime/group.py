"""Parameters with hyperparameters of their own."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from .given import settled
from .hyper import Hyper, Hyperparameters


class Group(Hyperparameters):
    """Parameters with hyperparameters of their own.

    `Adam([Group(weights, lr=1e-3), Group(biases, lr=1e-2)], beta1=0.8)`: what a group does not name is
    that of the optimizer. The gradients are then a list, too. `opt.groups[0].lr = 1e-4` changes it later.
    Of an array that stands in two groups, with tied='sum', those of the first count.
    """

    def __init__(self, params: Any, **hyper: Hyper) -> None:
        self._params = settled(params)
        self._optimizer: Hyperparameters | None = None
        self._own = dict(hyper)

    def _check_free(self) -> None:
        if self._optimizer is not None:
            raise ValueError(f"this group belongs to another {self._optimizer._rule}; make a new one")

    def _join(self, optimizer: Hyperparameters) -> None:
        self._check_free()
        for name, value in self._own.items():
            optimizer._check_name(name)
            if not callable(value):
                self._own[name] = optimizer._check_hyper(name, value)
        self._optimizer = optimizer

    def _leave(self) -> None:
        """Belong to no optimizer: the one that was being made could not be."""
        self._optimizer, self._narrow = None, False

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if self._optimizer is None and name not in self._own:
            raise AttributeError(f"this group has no {name} of its own, and belongs to no optimizer yet")
        return self._own[name] if name in self._own else getattr(self._optimizer, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            object.__setattr__(self, name, value)
            return
        if self._optimizer is not None and not self._optimizer._grouped:
            setattr(self._optimizer, name, value)  # all parameters are in this group
            return
        if self._optimizer is not None:
            self._optimizer._check_name(name)
            value = value if callable(value) else self._optimizer._check_hyper(name, value)
        before = dict(self._own)
        self._own[name] = value
        if self._optimizer is not None and self._optimizer._extreme:
            try:
                self._optimizer._try_next()
            except BaseException:
                self._own = before
                raise

    def _handed(self) -> Iterable[Any]:
        return (self._params,)

    def __deepcopy__(self, memo: dict[int, Any]) -> Group:
        """A copy belongs to the copy of the optimizer, if that is what is copied; else to none yet."""
        copy = Group(deepcopy(self._params, memo), **deepcopy(self._own, memo))
        copy._optimizer = memo.get(id(self._optimizer))
        return copy

    def hyper(self) -> dict[str, float]:
        """The hyperparameters of the next step as numbers. The group has to be one of an optimizer."""
        if self._optimizer is None:
            raise RuntimeError("this group belongs to no optimizer yet, whose hyperparameters its own would go with")
        return dict(self._hyper_at(self._optimizer._t + 1))

    def _compute_in_float32(self) -> None:
        assert self._optimizer is not None  # groups whose parameters are known belong to an optimizer
        for name, value in self._own.items():
            if not callable(value):
                self._optimizer._check_float32(name, value)

    def _hyper_at(self, t: int) -> dict[str, float]:
        assert self._optimizer is not None  # groups that take a step belong to an optimizer
        if not self._own:
            return self._optimizer._hyper_at(t)
        check = self._optimizer._check_hyper
        own = {n: check(n, value(t), fixed=False) if callable(value) else value for n, value in self._own.items()}
        return {**self._optimizer._hyper_at(t), **own}
