"""The `scale_by_` transformations of optax: what a rule subtracts if its learning rate is 1, for `chain`.

chain(scale_by_adam(), add_decayed_weights(1e-4), scale_by_learning_rate(1e-3))
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ._optax_transformation import GradientTransformation


def _direction(title: str, rule: str, **options: Any) -> GradientTransformation:
    preset = getattr(import_module(".optax", __package__), rule)
    return GradientTransformation(f"optax.{title}", rule=preset, options=options, direction=True)


def scale_by_adam(
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    eps_root: float = 0.0,
    mu_dtype: Any = None,
    *,
    nesterov: bool = False,
) -> GradientTransformation:
    """optax.scale_by_adam."""
    options: dict[str, Any] = {"eps": eps, "eps_root": eps_root, "mu_dtype": mu_dtype, "nesterov": nesterov}
    return _direction("scale_by_adam", "adam", b1=b1, b2=b2, **options)


def scale_by_amsgrad(
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    eps_root: float = 0.0,
    mu_dtype: Any = None,
    bias_correction_mu: bool = True,
    bias_correction_nu: bool = True,
) -> GradientTransformation:
    """optax.scale_by_amsgrad."""
    corrections = {"bias_correction_mu": bias_correction_mu, "bias_correction_nu": bias_correction_nu}
    options: dict[str, Any] = {"eps": eps, "eps_root": eps_root, "mu_dtype": mu_dtype, **corrections}
    return _direction("scale_by_amsgrad", "amsgrad", b1=b1, b2=b2, **options)


def scale_by_adamax(b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8) -> GradientTransformation:
    """optax.scale_by_adamax."""
    return _direction("scale_by_adamax", "adamax", b1=b1, b2=b2, eps=eps)


def scale_by_belief(
    b1: float = 0.9, b2: float = 0.999, eps: float = 1e-16, eps_root: float = 1e-16, *, nesterov: bool = False
) -> GradientTransformation:
    """optax.scale_by_belief."""
    return _direction("scale_by_belief", "adabelief", b1=b1, b2=b2, eps=eps, eps_root=eps_root, nesterov=nesterov)


def scale_by_yogi(b1: float = 0.9, b2: float = 0.999, eps: float = 1e-3) -> GradientTransformation:
    """optax.scale_by_yogi, with the difference that yogi tells."""
    return _direction("scale_by_yogi", "yogi", b1=b1, b2=b2, eps=eps)


def scale_by_radam(
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    eps_root: float = 0.0,
    threshold: float = 5.0,
    *,
    nesterov: bool = False,
) -> GradientTransformation:
    """optax.scale_by_radam."""
    options: dict[str, Any] = {"eps": eps, "eps_root": eps_root, "threshold": threshold, "nesterov": nesterov}
    return _direction("scale_by_radam", "radam", b1=b1, b2=b2, **options)


def scale_by_lion(b1: float = 0.9, b2: float = 0.99, mu_dtype: Any = None) -> GradientTransformation:
    """optax.scale_by_lion."""
    return _direction("scale_by_lion", "lion", b1=b1, b2=b2, mu_dtype=mu_dtype, weight_decay=0.0)


def scale_by_rms(
    decay: float = 0.9,
    eps: float = 1e-8,
    initial_scale: float = 0.0,
    eps_in_sqrt: bool = True,
    bias_correction: bool = False,
) -> GradientTransformation:
    """optax.scale_by_rms."""
    options: dict[str, Any] = {"initial_scale": initial_scale, "eps_in_sqrt": eps_in_sqrt}
    return _direction("scale_by_rms", "rmsprop", decay=decay, eps=eps, bias_correction=bias_correction, **options)


def scale_by_stddev(
    decay: float = 0.9,
    eps: float = 1e-8,
    initial_scale: float = 0.0,
    eps_in_sqrt: bool = True,
    bias_correction: bool = False,
) -> GradientTransformation:
    """optax.scale_by_stddev."""
    options: dict[str, Any] = {"initial_scale": initial_scale, "eps_in_sqrt": eps_in_sqrt, "centered": True}
    return _direction("scale_by_stddev", "rmsprop", decay=decay, eps=eps, bias_correction=bias_correction, **options)


def scale_by_rss(initial_accumulator_value: float = 0.1, eps: float = 1e-7) -> GradientTransformation:
    """optax.scale_by_rss."""
    return _direction("scale_by_rss", "adagrad", initial_accumulator_value=initial_accumulator_value, eps=eps)


def scale_by_adadelta(rho: float = 0.9, eps: float = 1e-6) -> GradientTransformation:
    """optax.scale_by_adadelta."""
    return _direction("scale_by_adadelta", "adadelta", rho=rho, eps=eps)


def scale_by_sign() -> GradientTransformation:
    """optax.scale_by_sign."""
    return _direction("scale_by_sign", "sign_sgd")


def trace(decay: float, nesterov: bool = False, accumulator_dtype: Any = None) -> GradientTransformation:
    """optax.trace: momentum in front of the learning rate."""
    return _direction("trace", "sgd", momentum=decay, nesterov=nesterov, accumulator_dtype=accumulator_dtype)
