# generated from specs/ by Stepsmith; do not edit
"""Optimizers for NumPy arrays. A module is loaded when one of its names is first used."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .adadelta import Adadelta as Adadelta
    from .adadelta import AdadeltaUnitStart as AdadeltaUnitStart
    from .adadelta import adadelta_unit_start_update as adadelta_unit_start_update
    from .adadelta import adadelta_update as adadelta_update
    from .adagrad import Adagrad as Adagrad
    from .adagrad import AdagradDecay as AdagradDecay
    from .adagrad import AdagradEpsInside as AdagradEpsInside
    from .adagrad import AdagradRMS as AdagradRMS
    from .adagrad import adagrad_decay_update as adagrad_decay_update
    from .adagrad import adagrad_eps_inside_update as adagrad_eps_inside_update
    from .adagrad import adagrad_rms_update as adagrad_rms_update
    from .adagrad import adagrad_update as adagrad_update
    from .adam import Adam as Adam
    from .adam import AdamEpsHat as AdamEpsHat
    from .adam import AdamEpsInside as AdamEpsInside
    from .adam import AdamUncorrected as AdamUncorrected
    from .adam import adam_eps_hat_update as adam_eps_hat_update
    from .adam import adam_eps_inside_update as adam_eps_inside_update
    from .adam import adam_uncorrected_update as adam_uncorrected_update
    from .adam import adam_update as adam_update
    from .adamax import Adamax as Adamax
    from .adamax import AdamaxEpsInside as AdamaxEpsInside
    from .adamax import adamax_eps_inside_update as adamax_eps_inside_update
    from .adamax import adamax_update as adamax_update
    from .adamw import AdamW as AdamW
    from .adamw import AdamWAfter as AdamWAfter
    from .adamw import AdamWEpsHat as AdamWEpsHat
    from .adamw import AdamWUnscaled as AdamWUnscaled
    from .adamw import adamw_after_update as adamw_after_update
    from .adamw import adamw_eps_hat_update as adamw_eps_hat_update
    from .adamw import adamw_unscaled_update as adamw_unscaled_update
    from .adamw import adamw_update as adamw_update
    from .amsgrad import AMSGrad as AMSGrad
    from .amsgrad import AMSGradCorrected as AMSGradCorrected
    from .amsgrad import AMSGradEpsHat as AMSGradEpsHat
    from .amsgrad import AMSGradUncorrected as AMSGradUncorrected
    from .amsgrad import amsgrad_corrected_update as amsgrad_corrected_update
    from .amsgrad import amsgrad_eps_hat_update as amsgrad_eps_hat_update
    from .amsgrad import amsgrad_uncorrected_update as amsgrad_uncorrected_update
    from .amsgrad import amsgrad_update as amsgrad_update
    from .batchnorm import BatchNormChainer as BatchNormChainer
    from .batchnorm import BatchNormKeras as BatchNormKeras
    from .batchnorm import BatchNormTorch as BatchNormTorch
    from .batchnorm import batch_norm_chainer_backward as batch_norm_chainer_backward
    from .batchnorm import batch_norm_chainer_forward as batch_norm_chainer_forward
    from .batchnorm import batch_norm_chainer_inference as batch_norm_chainer_inference
    from .batchnorm import batch_norm_keras_backward as batch_norm_keras_backward
    from .batchnorm import batch_norm_keras_forward as batch_norm_keras_forward
    from .batchnorm import batch_norm_keras_inference as batch_norm_keras_inference
    from .batchnorm import batch_norm_torch_backward as batch_norm_torch_backward
    from .batchnorm import batch_norm_torch_forward as batch_norm_torch_forward
    from .batchnorm import batch_norm_torch_inference as batch_norm_torch_inference
    from .lookahead import LookaheadAdam as LookaheadAdam
    from .lookahead import LookaheadSGD as LookaheadSGD
    from .lookahead import lookahead_adam_update as lookahead_adam_update
    from .lookahead import lookahead_sgd_update as lookahead_sgd_update
    from .momentum import DampedBall as DampedBall
    from .momentum import HeavyBall as HeavyBall
    from .momentum import MomentumBuffer as MomentumBuffer
    from .momentum import MomentumDampened as MomentumDampened
    from .momentum import MomentumEMA as MomentumEMA
    from .momentum import damped_ball_update as damped_ball_update
    from .momentum import heavy_ball_update as heavy_ball_update
    from .momentum import momentum_buffer_update as momentum_buffer_update
    from .momentum import momentum_dampened_update as momentum_dampened_update
    from .momentum import momentum_ema_update as momentum_ema_update
    from .nadam import NAdam as NAdam
    from .nadam import NAdamKeras as NAdamKeras
    from .nadam import NAdamSimple as NAdamSimple
    from .nadam import nadam_keras_scalars as nadam_keras_scalars
    from .nadam import nadam_keras_update as nadam_keras_update
    from .nadam import nadam_scalars as nadam_scalars
    from .nadam import nadam_simple_update as nadam_simple_update
    from .nadam import nadam_update as nadam_update
    from .nesterov import Nesterov as Nesterov
    from .nesterov import NesterovLookahead as NesterovLookahead
    from .nesterov import NesterovVelocity as NesterovVelocity
    from .nesterov import nesterov_lookahead_update as nesterov_lookahead_update
    from .nesterov import nesterov_update as nesterov_update
    from .nesterov import nesterov_velocity_update as nesterov_velocity_update
    from .radam import RAdam as RAdam
    from .radam import RAdamEpsHat as RAdamEpsHat
    from .radam import radam_eps_hat_update as radam_eps_hat_update
    from .radam import radam_update as radam_update
    from .rmsprop import RMSprop as RMSprop
    from .rmsprop import RMSpropCentered as RMSpropCentered
    from .rmsprop import RMSpropCenteredEpsInside as RMSpropCenteredEpsInside
    from .rmsprop import RMSpropCenteredMomentum as RMSpropCenteredMomentum
    from .rmsprop import RMSpropEpsInside as RMSpropEpsInside
    from .rmsprop import RMSpropGraves as RMSpropGraves
    from .rmsprop import RMSpropMomentum as RMSpropMomentum
    from .rmsprop import RMSpropMomentumEpsInside as RMSpropMomentumEpsInside
    from .rmsprop import RMSpropMomentumLrInside as RMSpropMomentumLrInside
    from .rmsprop import RMSpropWarm as RMSpropWarm
    from .rmsprop import (
        rmsprop_centered_eps_inside_update as rmsprop_centered_eps_inside_update,
    )
    from .rmsprop import (
        rmsprop_centered_momentum_update as rmsprop_centered_momentum_update,
    )
    from .rmsprop import rmsprop_centered_update as rmsprop_centered_update
    from .rmsprop import rmsprop_eps_inside_update as rmsprop_eps_inside_update
    from .rmsprop import rmsprop_graves_update as rmsprop_graves_update
    from .rmsprop import (
        rmsprop_momentum_eps_inside_update as rmsprop_momentum_eps_inside_update,
    )
    from .rmsprop import (
        rmsprop_momentum_lr_inside_update as rmsprop_momentum_lr_inside_update,
    )
    from .rmsprop import rmsprop_momentum_update as rmsprop_momentum_update
    from .rmsprop import rmsprop_update as rmsprop_update
    from .rmsprop import rmsprop_warm_update as rmsprop_warm_update
    from .sgd import SGD as SGD
    from .sgd import sgd_update as sgd_update
    from .sign import Lion as Lion
    from .sign import Rprop as Rprop
    from .sign import RpropClamped as RpropClamped
    from .sign import SignSGD as SignSGD
    from .sign import lion_update as lion_update
    from .sign import rprop_clamped_update as rprop_clamped_update
    from .sign import rprop_update as rprop_update
    from .sign import sign_sgd_update as sign_sgd_update

_MODULES = {
    "SGD": "sgd",
    "AMSGrad": "amsgrad",
    "AMSGradCorrected": "amsgrad",
    "AMSGradEpsHat": "amsgrad",
    "AMSGradUncorrected": "amsgrad",
    "Adadelta": "adadelta",
    "AdadeltaUnitStart": "adadelta",
    "Adagrad": "adagrad",
    "AdagradDecay": "adagrad",
    "AdagradEpsInside": "adagrad",
    "AdagradRMS": "adagrad",
    "Adam": "adam",
    "AdamEpsHat": "adam",
    "AdamEpsInside": "adam",
    "AdamUncorrected": "adam",
    "AdamW": "adamw",
    "AdamWAfter": "adamw",
    "AdamWEpsHat": "adamw",
    "AdamWUnscaled": "adamw",
    "Adamax": "adamax",
    "AdamaxEpsInside": "adamax",
    "BatchNormChainer": "batchnorm",
    "BatchNormKeras": "batchnorm",
    "BatchNormTorch": "batchnorm",
    "DampedBall": "momentum",
    "HeavyBall": "momentum",
    "Lion": "sign",
    "LookaheadAdam": "lookahead",
    "LookaheadSGD": "lookahead",
    "MomentumBuffer": "momentum",
    "MomentumDampened": "momentum",
    "MomentumEMA": "momentum",
    "NAdam": "nadam",
    "NAdamKeras": "nadam",
    "NAdamSimple": "nadam",
    "Nesterov": "nesterov",
    "NesterovLookahead": "nesterov",
    "NesterovVelocity": "nesterov",
    "RAdam": "radam",
    "RAdamEpsHat": "radam",
    "RMSprop": "rmsprop",
    "RMSpropCentered": "rmsprop",
    "RMSpropCenteredEpsInside": "rmsprop",
    "RMSpropCenteredMomentum": "rmsprop",
    "RMSpropEpsInside": "rmsprop",
    "RMSpropGraves": "rmsprop",
    "RMSpropMomentum": "rmsprop",
    "RMSpropMomentumEpsInside": "rmsprop",
    "RMSpropMomentumLrInside": "rmsprop",
    "RMSpropWarm": "rmsprop",
    "Rprop": "sign",
    "RpropClamped": "sign",
    "SignSGD": "sign",
    "adadelta_unit_start_update": "adadelta",
    "adadelta_update": "adadelta",
    "adagrad_decay_update": "adagrad",
    "adagrad_eps_inside_update": "adagrad",
    "adagrad_rms_update": "adagrad",
    "adagrad_update": "adagrad",
    "adam_eps_hat_update": "adam",
    "adam_eps_inside_update": "adam",
    "adam_uncorrected_update": "adam",
    "adam_update": "adam",
    "adamax_eps_inside_update": "adamax",
    "adamax_update": "adamax",
    "adamw_after_update": "adamw",
    "adamw_eps_hat_update": "adamw",
    "adamw_unscaled_update": "adamw",
    "adamw_update": "adamw",
    "amsgrad_corrected_update": "amsgrad",
    "amsgrad_eps_hat_update": "amsgrad",
    "amsgrad_uncorrected_update": "amsgrad",
    "amsgrad_update": "amsgrad",
    "batch_norm_chainer_backward": "batchnorm",
    "batch_norm_chainer_forward": "batchnorm",
    "batch_norm_chainer_inference": "batchnorm",
    "batch_norm_keras_backward": "batchnorm",
    "batch_norm_keras_forward": "batchnorm",
    "batch_norm_keras_inference": "batchnorm",
    "batch_norm_torch_backward": "batchnorm",
    "batch_norm_torch_forward": "batchnorm",
    "batch_norm_torch_inference": "batchnorm",
    "damped_ball_update": "momentum",
    "heavy_ball_update": "momentum",
    "lion_update": "sign",
    "lookahead_adam_update": "lookahead",
    "lookahead_sgd_update": "lookahead",
    "momentum_buffer_update": "momentum",
    "momentum_dampened_update": "momentum",
    "momentum_ema_update": "momentum",
    "nadam_keras_scalars": "nadam",
    "nadam_keras_update": "nadam",
    "nadam_scalars": "nadam",
    "nadam_simple_update": "nadam",
    "nadam_update": "nadam",
    "nesterov_lookahead_update": "nesterov",
    "nesterov_update": "nesterov",
    "nesterov_velocity_update": "nesterov",
    "radam_eps_hat_update": "radam",
    "radam_update": "radam",
    "rmsprop_centered_eps_inside_update": "rmsprop",
    "rmsprop_centered_momentum_update": "rmsprop",
    "rmsprop_centered_update": "rmsprop",
    "rmsprop_eps_inside_update": "rmsprop",
    "rmsprop_graves_update": "rmsprop",
    "rmsprop_momentum_eps_inside_update": "rmsprop",
    "rmsprop_momentum_lr_inside_update": "rmsprop",
    "rmsprop_momentum_update": "rmsprop",
    "rmsprop_update": "rmsprop",
    "rmsprop_warm_update": "rmsprop",
    "rprop_clamped_update": "sign",
    "rprop_update": "sign",
    "sgd_update": "sgd",
    "sign_sgd_update": "sign",
}

__all__ = [
    "SGD",
    "AMSGrad",
    "AMSGradCorrected",
    "AMSGradEpsHat",
    "AMSGradUncorrected",
    "Adadelta",
    "AdadeltaUnitStart",
    "Adagrad",
    "AdagradDecay",
    "AdagradEpsInside",
    "AdagradRMS",
    "Adam",
    "AdamEpsHat",
    "AdamEpsInside",
    "AdamUncorrected",
    "AdamW",
    "AdamWAfter",
    "AdamWEpsHat",
    "AdamWUnscaled",
    "Adamax",
    "AdamaxEpsInside",
    "BatchNormChainer",
    "BatchNormKeras",
    "BatchNormTorch",
    "DampedBall",
    "HeavyBall",
    "Lion",
    "LookaheadAdam",
    "LookaheadSGD",
    "MomentumBuffer",
    "MomentumDampened",
    "MomentumEMA",
    "NAdam",
    "NAdamKeras",
    "NAdamSimple",
    "Nesterov",
    "NesterovLookahead",
    "NesterovVelocity",
    "RAdam",
    "RAdamEpsHat",
    "RMSprop",
    "RMSpropCentered",
    "RMSpropCenteredEpsInside",
    "RMSpropCenteredMomentum",
    "RMSpropEpsInside",
    "RMSpropGraves",
    "RMSpropMomentum",
    "RMSpropMomentumEpsInside",
    "RMSpropMomentumLrInside",
    "RMSpropWarm",
    "Rprop",
    "RpropClamped",
    "SignSGD",
    "adadelta_unit_start_update",
    "adadelta_update",
    "adagrad_decay_update",
    "adagrad_eps_inside_update",
    "adagrad_rms_update",
    "adagrad_update",
    "adam_eps_hat_update",
    "adam_eps_inside_update",
    "adam_uncorrected_update",
    "adam_update",
    "adamax_eps_inside_update",
    "adamax_update",
    "adamw_after_update",
    "adamw_eps_hat_update",
    "adamw_unscaled_update",
    "adamw_update",
    "amsgrad_corrected_update",
    "amsgrad_eps_hat_update",
    "amsgrad_uncorrected_update",
    "amsgrad_update",
    "batch_norm_chainer_backward",
    "batch_norm_chainer_forward",
    "batch_norm_chainer_inference",
    "batch_norm_keras_backward",
    "batch_norm_keras_forward",
    "batch_norm_keras_inference",
    "batch_norm_torch_backward",
    "batch_norm_torch_forward",
    "batch_norm_torch_inference",
    "damped_ball_update",
    "heavy_ball_update",
    "lion_update",
    "lookahead_adam_update",
    "lookahead_sgd_update",
    "momentum_buffer_update",
    "momentum_dampened_update",
    "momentum_ema_update",
    "nadam_keras_scalars",
    "nadam_keras_update",
    "nadam_scalars",
    "nadam_simple_update",
    "nadam_update",
    "nesterov_lookahead_update",
    "nesterov_update",
    "nesterov_velocity_update",
    "radam_eps_hat_update",
    "radam_update",
    "rmsprop_centered_eps_inside_update",
    "rmsprop_centered_momentum_update",
    "rmsprop_centered_update",
    "rmsprop_eps_inside_update",
    "rmsprop_graves_update",
    "rmsprop_momentum_eps_inside_update",
    "rmsprop_momentum_lr_inside_update",
    "rmsprop_momentum_update",
    "rmsprop_update",
    "rmsprop_warm_update",
    "rprop_clamped_update",
    "rprop_update",
    "sgd_update",
    "sign_sgd_update",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__} has no {name}; it has {', '.join(__all__)}")
    value = getattr(import_module(f".{_MODULES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
