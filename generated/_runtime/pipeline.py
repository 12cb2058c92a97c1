"""What surrounds a rule: stages that change the gradient before it, or the parameter before or after it.

The stages themselves are generated, for each array library a module `pipeline`. Here is what they
share: hyperparameters, state, the choice of parameters. A stage is written as

    ClipByGlobalNorm(max_norm=1.0)
    L2Decay(weight_decay=0.01, where=lambda path, w: w.ndim > 1)

and handed to an optimizer in a list; the stages run in the order of that list.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from .hyper import Hyper, Hyperparameters
from .number import whole

Where = Callable[[str, Any], bool]

#: What a reduction of nothing at all is.
STARTS = {"sum": 0.0, "max": -math.inf, "norm": 0.0, "overflow": 0.0}


class Stage(Hyperparameters):
    """Base class of the generated stages.

    `where(path, w)` says to which parameters the stage applies; `path` is as in the keys of a saved
    state. A stage may keep states and therefore belongs to one optimizer.
    """

    _what: ClassVar[str] = "stage"
    #: Names of the states that are kept for each element, and of the scalars that `_apply` takes.
    _states: ClassVar[tuple[str, ...]] = ()
    _names: ClassVar[tuple[str, ...]] = ()
    #: What `_reduce` returns: a name, how it is taken (sum, max, norm, overflow), and whether over all parameters.
    _reductions: ClassVar[tuple[tuple[str, str, bool], ...]] = ()
    #: Whether the stage changes the parameter before the rule, and whether it may end a step.
    _moves: ClassVar[bool] = False
    _halts: ClassVar[bool] = False
    #: Whether the stage works on the parameter after the step, even if the step ends early; whether it reads
    #: noise, and multiplies by the learning rate.
    _after: ClassVar[bool] = False
    _always: ClassVar[bool] = False
    _noisy: ClassVar[bool] = False
    _uses_lr: ClassVar[bool] = False
    #: Whether `t` counts the steps of each parameter by itself; whether the stage collects gradients, so that a
    #: parameter without one has one of zeros here; whether a state starts from the parameter.
    _own_t: ClassVar[bool] = False
    _gathers: ClassVar[bool] = False
    _starts_late: ClassVar[bool] = False
    #: Of a stage that takes a step in phases, each with a gradient elsewhere: the state in which a parameter is kept
    #: meanwhile, and the scalar state that is 0 between two steps.
    _home: ClassVar[str] = ""
    _phase: ClassVar[str] = ""
    #: Whether no run has changed the scalars so far.
    _untouched = True

    def __init__(self, *, where: Where | None = None, seed: int = 0, **hyper: Hyper) -> None:
        for name, value in hyper.items():
            setattr(self, name, value)
        if where is not None and not callable(where):
            raise TypeError(
                f"{self._rule}: where is {where!r}; it has to be a function of path and parameter, "
                "such as where=lambda path, w: w.ndim > 1"
            )
        self._where = where
        self._fixed: dict[str, float] = {"seed": to_seed(f"{self._rule}: seed", seed)} if self._noisy else {}
        self._owner: str | None = None
        self._paths: frozenset[str] = frozenset()
        self._scalars: dict[str, float] = {}
        self._state: dict[str, dict[str, Any]] = {}
        #: Of a stage that collects gradients: 1 for a parameter that has had one since the last step.
        self._given: dict[str, float] = {}
        #: The parameters whose states are still to start.
        self._late: frozenset[str] = frozenset()

    if not TYPE_CHECKING:  # which would take any name for known

        def __setattr__(self, name: str, value: Any) -> None:
            before = self.__dict__.get(name)
            super().__setattr__(name, value)
            if name in self._domains and self.__dict__.get("_scalars") and self._untouched:
                try:
                    self._scalars |= self._initial_scalars(self._hyper_at(1))  # they start from what is set now
                except BaseException:
                    super().__setattr__(name, before)
                    raise

        def __getattr__(self, name: str) -> Any:
            # found only if nothing else has the name: the scalars that the stage keeps, such as a loss scale
            scalars = self.__dict__.get("_scalars", {})
            if name in scalars:
                return scalars[name]
            return super().__getattr__(name)

    def __repr__(self) -> str:
        return f"{self._rule}({self._shown()})"

    def state(self, name: str) -> dict[str, Any]:
        """What the stage keeps under `name` for each parameter, by the parameter's path; not a copy."""
        return kept_under(name, self)

    @property
    def _away(self) -> bool:
        """Whether the parameters are where the next gradient is to be taken, and not where the rule steps from."""
        return bool(self._phase) and self._scalars[self._phase] > 0

    def _join(self, rule: str, params: Mapping[str, Any], *, has_lr: bool) -> None:
        """Become a part of the optimizer `rule`, whose parameters are `params`."""
        if self._owner is not None:
            raise ValueError(f"this {self._rule} belongs to another {self._owner}; make a new one")
        if self._uses_lr and not has_lr:
            raise TypeError(f"{self._rule} multiplies by lr, and {rule} has none; use a stage that does not")
        hyper = self._hyper_at(1)
        chosen = self._chosen(params)
        if not chosen:
            raise ValueError(f"{self._rule}: where chooses none of the parameters {', '.join(params)}")
        self._scalars = self._initial_scalars(hyper)
        self._take_in(chosen)
        self._owner = rule

    def _chosen(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Those of `params` to which the stage applies."""
        return {path: w for path, w in params.items() if self._where is None or self._chooses(path, w)}

    def _chooses(self, path: str, w: Any) -> bool:
        assert self._where is not None
        chosen = self._where(path, w)
        if getattr(chosen, "size", 1) != 1:
            raise TypeError(
                f"{self._rule}: where returns an array for {path or 'the parameter'}; it has to return one truth "
                "value, such as w.ndim > 1"
            )
        return bool(chosen)

    def _take_in(self, chosen: Mapping[str, Any]) -> None:
        """Make the states of parameters that have not taken a step."""
        self._state |= {path: dict(zip(self._states, self._initial(w), strict=True)) for path, w in chosen.items()}
        self._given |= dict.fromkeys(chosen if self._gathers else (), 0.0)
        self._paths = frozenset(self._state)
        self._late |= frozenset(chosen if self._starts_late else ())

    def _leave(self) -> None:
        """Belong to no optimizer: the one that was being made could not be."""
        self._owner, self._narrow = None, False
        self._paths, self._late = frozenset(), frozenset()
        self._scalars, self._state, self._given = {}, {}, {}

    def _seed(self, number: int, path: str) -> tuple[int, ...]:
        """The seed of the noise for one parameter in one step: no two are the same.

        A parameter has its noise by its path, wherever it stands among the others.
        """
        told = f"{self._fixed['seed']} {number} {int(self._scalars['draws'])} {path}"
        digest = hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=32).digest()
        return tuple(int.from_bytes(digest[k : k + 4], "little") for k in range(0, 32, 4))

    # What a generated stage provides.

    def _initial(self, w: Any) -> tuple[Any, ...]:
        """The states of one parameter before the first step."""
        return ()

    def _initial_scalars(self, hyper: Mapping[str, float]) -> dict[str, float]:
        """The states that are kept once for all parameters, before the first step."""
        return {}

    def _factors(self, *_: Any, **known: Any) -> tuple[Any, ...]:
        """The scalars of one step, in the order of `_names`."""
        return ()

    def _advance(self, *_: Any, **known: Any) -> tuple[tuple[float, ...], bool]:
        """The scalar states after this step, and whether the step ends here."""
        raise NotImplementedError


def kept_under(name: str, owner: Any) -> dict[str, Any]:
    """The state `name` of an optimizer or of a stage, by the path of the parameter."""
    if name not in owner._states:
        known = f"it keeps {', '.join(owner._states)}" if owner._states else "it keeps none"
        raise KeyError(f"{owner._rule} has no state {name}; {known}")
    return {path: state[name] for path, state in owner._state.items()}


def to_seed(what: str, seed: Any) -> int:
    """A seed, which a saved state keeps to the last digit."""
    remedy = "an integer from 0 to 2**64 - 1; for noise that differs from run to run pass secrets.randbits(64)"
    number = whole(what, seed, remedy, 0)
    if number >= 1 << 64:
        raise ValueError(f"{what} = {seed!r} is not allowed; it needs {remedy}")
    return number


@dataclass(frozen=True)
class StageCall:
    """A stage on its way through one array in one step: its scalars, its states, its noise."""

    stage: Any
    scalars: tuple[Any, ...]
    states: tuple[Any, ...]
    noise: Any
