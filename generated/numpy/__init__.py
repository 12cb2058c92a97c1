# generated from specs/ by Stepsmith; do not edit
"""Optimizers for NumPy arrays. A module is loaded when one of its names is first used."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .adam import Adam as Adam
    from .adam import adam_update as adam_update
    from .momentum import HeavyBall as HeavyBall
    from .momentum import MomentumBuffer as MomentumBuffer
    from .momentum import MomentumEMA as MomentumEMA
    from .momentum import heavy_ball_update as heavy_ball_update
    from .momentum import momentum_buffer_update as momentum_buffer_update
    from .momentum import momentum_ema_update as momentum_ema_update
    from .sgd import SGD as SGD
    from .sgd import sgd_update as sgd_update

_MODULES = {
    "SGD": "sgd",
    "Adam": "adam",
    "HeavyBall": "momentum",
    "MomentumBuffer": "momentum",
    "MomentumEMA": "momentum",
    "adam_update": "adam",
    "heavy_ball_update": "momentum",
    "momentum_buffer_update": "momentum",
    "momentum_ema_update": "momentum",
    "sgd_update": "sgd",
}

__all__ = [
    "SGD",
    "Adam",
    "HeavyBall",
    "MomentumBuffer",
    "MomentumEMA",
    "adam_update",
    "heavy_ball_update",
    "momentum_buffer_update",
    "momentum_ema_update",
    "sgd_update",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__} has no {name}; it has {', '.join(__all__)}")
    value = getattr(import_module(f".{_MODULES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
