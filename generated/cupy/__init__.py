# generated from specs/ by Stepsmith; do not edit
"""Optimizers for CuPy arrays. A module is loaded when one of its names is first used."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._arrays import Group as Group
    from .a2grad import A2GradExp as A2GradExp
    from .a2grad import A2GradInc as A2GradInc
    from .a2grad import A2GradUni as A2GradUni
    from .a2grad import a2grad_exp_per_array as a2grad_exp_per_array
    from .a2grad import a2grad_exp_sums as a2grad_exp_sums
    from .a2grad import a2grad_exp_update as a2grad_exp_update
    from .a2grad import a2grad_inc_per_array as a2grad_inc_per_array
    from .a2grad import a2grad_inc_sums as a2grad_inc_sums
    from .a2grad import a2grad_inc_update as a2grad_inc_update
    from .a2grad import a2grad_uni_per_array as a2grad_uni_per_array
    from .a2grad import a2grad_uni_sums as a2grad_uni_sums
    from .a2grad import a2grad_uni_update as a2grad_uni_update
    from .accsgd import AccSGD as AccSGD
    from .accsgd import accsgd_update as accsgd_update
    from .acprop import ACProp as ACProp
    from .acprop import acprop_update as acprop_update
    from .adabelief import AdaBelief as AdaBelief
    from .adabelief import AdaBeliefNesterov as AdaBeliefNesterov
    from .adabelief import adabelief_nesterov_update as adabelief_nesterov_update
    from .adabelief import adabelief_update as adabelief_update
    from .adabound import AdaBound as AdaBound
    from .adabound import AMSBound as AMSBound
    from .adabound import adabound_update as adabound_update
    from .adabound import amsbound_update as amsbound_update
    from .adadelta import Adadelta as Adadelta
    from .adadelta import AdadeltaUnitFirst as AdadeltaUnitFirst
    from .adadelta import AdadeltaUnitStart as AdadeltaUnitStart
    from .adadelta import adadelta_unit_first_update as adadelta_unit_first_update
    from .adadelta import adadelta_unit_start_update as adadelta_unit_start_update
    from .adadelta import adadelta_update as adadelta_update
    from .adagc import AdaGC as AdaGC
    from .adagc import adagc_per_array as adagc_per_array
    from .adagc import adagc_sums as adagc_sums
    from .adagc import adagc_update as adagc_update
    from .adagrad import Adagrad as Adagrad
    from .adagrad import AdagradDecay as AdagradDecay
    from .adagrad import AdagradEpsInside as AdagradEpsInside
    from .adagrad import AdagradGuarded as AdagradGuarded
    from .adagrad import AdagradRMS as AdagradRMS
    from .adagrad import adagrad_decay_update as adagrad_decay_update
    from .adagrad import adagrad_eps_inside_update as adagrad_eps_inside_update
    from .adagrad import adagrad_guarded_update as adagrad_guarded_update
    from .adagrad import adagrad_rms_update as adagrad_rms_update
    from .adagrad import adagrad_update as adagrad_update
    from .adahessian import AdaHessian as AdaHessian
    from .adahessian import adahessian_update as adahessian_update
    from .adai import Adai as Adai
    from .adai import adai_sums as adai_sums
    from .adai import adai_update as adai_update
    from .adam import Adam as Adam
    from .adam import AdamEpsHat as AdamEpsHat
    from .adam import AdamEpsInside as AdamEpsInside
    from .adam import AdamEpsRoot as AdamEpsRoot
    from .adam import AdamUncorrected as AdamUncorrected
    from .adam import AdamUncorrectedEpsInside as AdamUncorrectedEpsInside
    from .adam import adam_eps_hat_update as adam_eps_hat_update
    from .adam import adam_eps_inside_update as adam_eps_inside_update
    from .adam import adam_eps_root_update as adam_eps_root_update
    from .adam import (
        adam_uncorrected_eps_inside_update as adam_uncorrected_eps_inside_update,
    )
    from .adam import adam_uncorrected_update as adam_uncorrected_update
    from .adam import adam_update as adam_update
    from .adamax import Adamax as Adamax
    from .adamax import AdamaxEpsInside as AdamaxEpsInside
    from .adamax import adamax_eps_inside_update as adamax_eps_inside_update
    from .adamax import adamax_update as adamax_update
    from .adamc import AdamC as AdamC
    from .adamc import adamc_update as adamc_update
    from .adamg import AdamG as AdamG
    from .adamg import adamg_update as adamg_update
    from .adamod import AdaMod as AdaMod
    from .adamod import AdaModCorrected as AdaModCorrected
    from .adamod import adamod_corrected_update as adamod_corrected_update
    from .adamod import adamod_update as adamod_update
    from .adams import AdamS as AdamS
    from .adams import adams_sums as adams_sums
    from .adams import adams_update as adams_update
    from .adamw import AdamaxW as AdamaxW
    from .adamw import AdamW as AdamW
    from .adamw import AdamWAfter as AdamWAfter
    from .adamw import AdamWEpsHat as AdamWEpsHat
    from .adamw import AdamWUnscaled as AdamWUnscaled
    from .adamw import AdamWUnscaledEpsHat as AdamWUnscaledEpsHat
    from .adamw import AMSGradW as AMSGradW
    from .adamw import AMSGradWEpsHat as AMSGradWEpsHat
    from .adamw import NAdamW as NAdamW
    from .adamw import NAdamWSimple as NAdamWSimple
    from .adamw import RAdamW as RAdamW
    from .adamw import adamaxw_update as adamaxw_update
    from .adamw import adamw_after_update as adamw_after_update
    from .adamw import adamw_eps_hat_update as adamw_eps_hat_update
    from .adamw import adamw_unscaled_eps_hat_update as adamw_unscaled_eps_hat_update
    from .adamw import adamw_unscaled_update as adamw_unscaled_update
    from .adamw import adamw_update as adamw_update
    from .adamw import amsgradw_eps_hat_update as amsgradw_eps_hat_update
    from .adamw import amsgradw_update as amsgradw_update
    from .adamw import nadamw_scalars as nadamw_scalars
    from .adamw import nadamw_simple_update as nadamw_simple_update
    from .adamw import nadamw_update as nadamw_update
    from .adamw import radamw_update as radamw_update
    from .adan import Adan as Adan
    from .adan import AdanOptax as AdanOptax
    from .adan import AdanProximal as AdanProximal
    from .adan import adan_optax_update as adan_optax_update
    from .adan import adan_proximal_update as adan_proximal_update
    from .adan import adan_update as adan_update
    from .adanorm import AdaNorm as AdaNorm
    from .adanorm import adanorm_per_array as adanorm_per_array
    from .adanorm import adanorm_sums as adanorm_sums
    from .adanorm import adanorm_update as adanorm_update
    from .adashift import AdaShift as AdaShift
    from .adashift import adashift_update as adashift_update
    from .adasmooth import AdaSmooth as AdaSmooth
    from .adasmooth import adasmooth_update as adasmooth_update
    from .ademamix import AdEMAMix as AdEMAMix
    from .ademamix import AdEMAMixScheduled as AdEMAMixScheduled
    from .ademamix import SimplifiedAdEMAMix as SimplifiedAdEMAMix
    from .ademamix import ademamix_scheduled_update as ademamix_scheduled_update
    from .ademamix import ademamix_update as ademamix_update
    from .ademamix import simplified_ademamix_update as simplified_ademamix_update
    from .adopt import ADOPT as ADOPT
    from .adopt import ADOPTUnclipped as ADOPTUnclipped
    from .adopt import adopt_unclipped_update as adopt_unclipped_update
    from .adopt import adopt_update as adopt_update
    from .aggmo import AggMo as AggMo
    from .aggmo import aggmo_update as aggmo_update
    from .aida import Aida as Aida
    from .aida import aida_sums as aida_sums
    from .aida import aida_update as aida_update
    from .alig import AliG as AliG
    from .alig import alig_sums as alig_sums
    from .alig import alig_update as alig_update
    from .amos import Amos as Amos
    from .amos import amos_per_array as amos_per_array
    from .amos import amos_sums as amos_sums
    from .amos import amos_update as amos_update
    from .amsgrad import AMSGrad as AMSGrad
    from .amsgrad import AMSGradCorrected as AMSGradCorrected
    from .amsgrad import AMSGradEpsHat as AMSGradEpsHat
    from .amsgrad import AMSGradEpsRoot as AMSGradEpsRoot
    from .amsgrad import AMSGradFirstCorrected as AMSGradFirstCorrected
    from .amsgrad import AMSGradSecondCorrected as AMSGradSecondCorrected
    from .amsgrad import AMSGradUncorrected as AMSGradUncorrected
    from .amsgrad import amsgrad_corrected_update as amsgrad_corrected_update
    from .amsgrad import amsgrad_eps_hat_update as amsgrad_eps_hat_update
    from .amsgrad import amsgrad_eps_root_update as amsgrad_eps_root_update
    from .amsgrad import (
        amsgrad_first_corrected_update as amsgrad_first_corrected_update,
    )
    from .amsgrad import (
        amsgrad_second_corrected_update as amsgrad_second_corrected_update,
    )
    from .amsgrad import amsgrad_uncorrected_update as amsgrad_uncorrected_update
    from .amsgrad import amsgrad_update as amsgrad_update
    from .ano import Ano as Ano
    from .ano import Anolog as Anolog
    from .ano import ano_update as ano_update
    from .ano import anolog_update as anolog_update
    from .apollo import Apollo as Apollo
    from .apollo import apollo_sums as apollo_sums
    from .apollo import apollo_update as apollo_update
    from .asgd import ASGD as ASGD
    from .asgd import asgd_scalars as asgd_scalars
    from .asgd import asgd_update as asgd_update
    from .batchnorm import BatchNormChainer as BatchNormChainer
    from .batchnorm import BatchNormCumulative as BatchNormCumulative
    from .batchnorm import BatchNormKeras as BatchNormKeras
    from .batchnorm import BatchNormTorch as BatchNormTorch
    from .batchnorm import batch_norm_chainer_backward as batch_norm_chainer_backward
    from .batchnorm import batch_norm_chainer_forward as batch_norm_chainer_forward
    from .batchnorm import batch_norm_chainer_inference as batch_norm_chainer_inference
    from .batchnorm import (
        batch_norm_cumulative_backward as batch_norm_cumulative_backward,
    )
    from .batchnorm import (
        batch_norm_cumulative_forward as batch_norm_cumulative_forward,
    )
    from .batchnorm import (
        batch_norm_cumulative_inference as batch_norm_cumulative_inference,
    )
    from .batchnorm import batch_norm_keras_backward as batch_norm_keras_backward
    from .batchnorm import batch_norm_keras_forward as batch_norm_keras_forward
    from .batchnorm import batch_norm_keras_inference as batch_norm_keras_inference
    from .batchnorm import batch_norm_torch_backward as batch_norm_torch_backward
    from .batchnorm import batch_norm_torch_forward as batch_norm_torch_forward
    from .batchnorm import batch_norm_torch_inference as batch_norm_torch_inference
    from .bcos import BCOS as BCOS
    from .bcos import BCOSGradient as BCOSGradient
    from .bcos import BCOSMomentum as BCOSMomentum
    from .bcos import bcos_gradient_update as bcos_gradient_update
    from .bcos import bcos_momentum_update as bcos_momentum_update
    from .bcos import bcos_update as bcos_update
    from .cautious import AdamWCautiousDecay as AdamWCautiousDecay
    from .cautious import CautiousAdamWUnscaled as CautiousAdamWUnscaled
    from .cautious import CautiousLionUnscaled as CautiousLionUnscaled
    from .cautious import Grams as Grams
    from .cautious import cautious_adamw_update as cautious_adamw_update
    from .cautious import cautious_decay_update as cautious_decay_update
    from .cautious import cautious_lion_update as cautious_lion_update
    from .cautious import grams_update as grams_update
    from .cocob import COCOB as COCOB
    from .cocob import cocob_update as cocob_update
    from .dadaptation import DAdaptAdaGrad as DAdaptAdaGrad
    from .dadaptation import DAdaptAdamW as DAdaptAdamW
    from .dadaptation import DAdaptLion as DAdaptLion
    from .dadaptation import DAdaptSGD as DAdaptSGD
    from .dadaptation import dadapt_adagrad_scalars as dadapt_adagrad_scalars
    from .dadaptation import dadapt_adagrad_sums as dadapt_adagrad_sums
    from .dadaptation import dadapt_adagrad_update as dadapt_adagrad_update
    from .dadaptation import dadapt_adamw_scalars as dadapt_adamw_scalars
    from .dadaptation import dadapt_adamw_sums as dadapt_adamw_sums
    from .dadaptation import dadapt_adamw_update as dadapt_adamw_update
    from .dadaptation import dadapt_lion_scalars as dadapt_lion_scalars
    from .dadaptation import dadapt_lion_sums as dadapt_lion_sums
    from .dadaptation import dadapt_lion_update as dadapt_lion_update
    from .dadaptation import dadapt_sgd_scalars as dadapt_sgd_scalars
    from .dadaptation import dadapt_sgd_sums as dadapt_sgd_sums
    from .dadaptation import dadapt_sgd_update as dadapt_sgd_update
    from .diffgrad import DiffGrad as DiffGrad
    from .diffgrad import diffgrad_update as diffgrad_update
    from .dog import DoG as DoG
    from .dog import DoWG as DoWG
    from .dog import dog_scalars as dog_scalars
    from .dog import dog_sums as dog_sums
    from .dog import dog_update as dog_update
    from .dog import dowg_scalars as dowg_scalars
    from .dog import dowg_sums as dowg_sums
    from .dog import dowg_update as dowg_update
    from .dualadam import DualAdam as DualAdam
    from .dualadam import InvAdam as InvAdam
    from .dualadam import dualadam_update as dualadam_update
    from .dualadam import invadam_update as invadam_update
    from .exadam import EXAdam as EXAdam
    from .exadam import exadam_update as exadam_update
    from .focus import FOCUS as FOCUS
    from .focus import focus_update as focus_update
    from .fromage import Fromage as Fromage
    from .fromage import fromage_sums as fromage_sums
    from .fromage import fromage_update as fromage_update
    from .ftrl import FTRL as FTRL
    from .ftrl import FTRLKeras as FTRLKeras
    from .ftrl import ftrl_keras_update as ftrl_keras_update
    from .ftrl import ftrl_update as ftrl_update
    from .grokfast import GrokfastAdamW as GrokfastAdamW
    from .grokfast import grokfast_adamw_update as grokfast_adamw_update
    from .kate import KATE as KATE
    from .kate import kate_update as kate_update
    from .lamb import LAMB as LAMB
    from .lamb import LAMBUncorrected as LAMBUncorrected
    from .lamb import lamb_sums as lamb_sums
    from .lamb import lamb_uncorrected_sums as lamb_uncorrected_sums
    from .lamb import lamb_uncorrected_update as lamb_uncorrected_update
    from .lamb import lamb_update as lamb_update
    from .laprop import LaProp as LaProp
    from .laprop import laprop_update as laprop_update
    from .lars import LARS as LARS
    from .lars import LARSSumOfNorms as LARSSumOfNorms
    from .lars import lars_sum_of_norms_sums as lars_sum_of_norms_sums
    from .lars import lars_sum_of_norms_update as lars_sum_of_norms_update
    from .lars import lars_sums as lars_sums
    from .lars import lars_update as lars_update
    from .lookahead import LookaheadAdam as LookaheadAdam
    from .lookahead import LookaheadAdjusted as LookaheadAdjusted
    from .lookahead import LookaheadSGD as LookaheadSGD
    from .lookahead import lookahead_adam_update as lookahead_adam_update
    from .lookahead import lookahead_adjusted_update as lookahead_adjusted_update
    from .lookahead import lookahead_sgd_update as lookahead_sgd_update
    from .madgrad import MADGRAD as MADGRAD
    from .madgrad import MADGRADEpsInLr as MADGRADEpsInLr
    from .madgrad import madgrad_eps_in_lr_update as madgrad_eps_in_lr_update
    from .madgrad import madgrad_update as madgrad_update
    from .mars import MARSAdamW as MARSAdamW
    from .mars import MARSLion as MARSLion
    from .mars import mars_adamw_update as mars_adamw_update
    from .mars import mars_lion_update as mars_lion_update
    from .mechanic import MechanicAdamW as MechanicAdamW
    from .mechanic import MechanicSGD as MechanicSGD
    from .mechanic import mechanic_adamw_scalars as mechanic_adamw_scalars
    from .mechanic import mechanic_adamw_sums as mechanic_adamw_sums
    from .mechanic import mechanic_adamw_update as mechanic_adamw_update
    from .mechanic import mechanic_sgd_scalars as mechanic_sgd_scalars
    from .mechanic import mechanic_sgd_sums as mechanic_sgd_sums
    from .mechanic import mechanic_sgd_update as mechanic_sgd_update
    from .momentum import QHM as QHM
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
    from .momentum import qhm_update as qhm_update
    from .momo import MoMo as MoMo
    from .momo import MoMoAdam as MoMoAdam
    from .momo import MoMoAdamStar as MoMoAdamStar
    from .momo import MoMoStar as MoMoStar
    from .momo import momo_adam_scalars as momo_adam_scalars
    from .momo import momo_adam_star_scalars as momo_adam_star_scalars
    from .momo import momo_adam_star_sums as momo_adam_star_sums
    from .momo import momo_adam_star_update as momo_adam_star_update
    from .momo import momo_adam_sums as momo_adam_sums
    from .momo import momo_adam_update as momo_adam_update
    from .momo import momo_scalars as momo_scalars
    from .momo import momo_star_scalars as momo_star_scalars
    from .momo import momo_star_sums as momo_star_sums
    from .momo import momo_star_update as momo_star_update
    from .momo import momo_sums as momo_sums
    from .momo import momo_update as momo_update
    from .msvag import MSVAG as MSVAG
    from .msvag import MSVAGW as MSVAGW
    from .msvag import msvag_decay_update as msvag_decay_update
    from .msvag import msvag_update as msvag_update
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
    from .novograd import NovoGrad as NovoGrad
    from .novograd import NovoGradW as NovoGradW
    from .novograd import novograd_decoupled_per_array as novograd_decoupled_per_array
    from .novograd import novograd_decoupled_sums as novograd_decoupled_sums
    from .novograd import novograd_decoupled_update as novograd_decoupled_update
    from .novograd import novograd_per_array as novograd_per_array
    from .novograd import novograd_sums as novograd_sums
    from .novograd import novograd_update as novograd_update
    from .optimistic import OptimisticAdam as OptimisticAdam
    from .optimistic import OptimisticGD as OptimisticGD
    from .optimistic import OptimisticNAdam as OptimisticNAdam
    from .optimistic import optimistic_adam_update as optimistic_adam_update
    from .optimistic import optimistic_gd_update as optimistic_gd_update
    from .optimistic import optimistic_nadam_update as optimistic_nadam_update
    from .padam import Padam as Padam
    from .padam import PadamCorrected as PadamCorrected
    from .padam import padam_corrected_update as padam_corrected_update
    from .padam import padam_update as padam_update
    from .pid import PID as PID
    from .pid import pid_update as pid_update
    from .pipeline import Accumulate as Accumulate
    from .pipeline import AccumulateOptax as AccumulateOptax
    from .pipeline import AccumulateSumOptax as AccumulateSumOptax
    from .pipeline import ApplyIfFinite as ApplyIfFinite
    from .pipeline import ClipByGlobalMax as ClipByGlobalMax
    from .pipeline import ClipByGlobalNorm as ClipByGlobalNorm
    from .pipeline import ClipByGlobalNorm1 as ClipByGlobalNorm1
    from .pipeline import ClipByGlobalNormKeras as ClipByGlobalNormKeras
    from .pipeline import ClipByNorm as ClipByNorm
    from .pipeline import ClipByValue as ClipByValue
    from .pipeline import ClipGradMax as ClipGradMax
    from .pipeline import ClipGradNorm as ClipGradNorm
    from .pipeline import ClipGradNorm1 as ClipGradNorm1
    from .pipeline import DecoupledDecay as DecoupledDecay
    from .pipeline import DecoupledDecayAfter as DecoupledDecayAfter
    from .pipeline import DynamicLossScale as DynamicLossScale
    from .pipeline import GaussianNoise as GaussianNoise
    from .pipeline import GaussianNoiseFromOne as GaussianNoiseFromOne
    from .pipeline import L2Decay as L2Decay
    from .pipeline import LossScale as LossScale
    from .pipeline import Maximize as Maximize
    from .pipeline import Normalize as Normalize
    from .pipeline import UnscaledDecay as UnscaledDecay
    from .pipeline import WeightEMA as WeightEMA
    from .pipeline import WeightEMADebiased as WeightEMADebiased
    from .pipeline import WeightEMAKeras as WeightEMAKeras
    from .pipeline import WeightEMAKerasOverwriting as WeightEMAKerasOverwriting
    from .pipeline import WeightMean as WeightMean
    from .pnm import PNM as PNM
    from .pnm import AdaPNM as AdaPNM
    from .pnm import adapnm_update as adapnm_update
    from .pnm import pnm_update as pnm_update
    from .polyak import PolyakSGD as PolyakSGD
    from .polyak import PolyakSGDPlus as PolyakSGDPlus
    from .polyak import PolyakSGDPlusScaled as PolyakSGDPlusScaled
    from .polyak import PolyakSGDScaled as PolyakSGDScaled
    from .polyak import polyak_sgd_plus_scaled_sums as polyak_sgd_plus_scaled_sums
    from .polyak import polyak_sgd_plus_scaled_update as polyak_sgd_plus_scaled_update
    from .polyak import polyak_sgd_plus_sums as polyak_sgd_plus_sums
    from .polyak import polyak_sgd_plus_update as polyak_sgd_plus_update
    from .polyak import polyak_sgd_scaled_sums as polyak_sgd_scaled_sums
    from .polyak import polyak_sgd_scaled_update as polyak_sgd_scaled_update
    from .polyak import polyak_sgd_sums as polyak_sgd_sums
    from .polyak import polyak_sgd_update as polyak_sgd_update
    from .prodigy import Prodigy as Prodigy
    from .prodigy import prodigy_scalars as prodigy_scalars
    from .prodigy import prodigy_sums as prodigy_sums
    from .prodigy import prodigy_update as prodigy_update
    from .qhadam import QHAdam as QHAdam
    from .qhadam import qhadam_update as qhadam_update
    from .radam import RAdam as RAdam
    from .radam import RAdamEpsHat as RAdamEpsHat
    from .radam import RAdamNesterov as RAdamNesterov
    from .radam import RAdamThreshold as RAdamThreshold
    from .radam import radam_eps_hat_update as radam_eps_hat_update
    from .radam import radam_nesterov_update as radam_nesterov_update
    from .radam import radam_threshold_update as radam_threshold_update
    from .radam import radam_update as radam_update
    from .ranger import Ranger as Ranger
    from .ranger import ranger_update as ranger_update
    from .rmsprop import RMSprop as RMSprop
    from .rmsprop import RMSpropCentered as RMSpropCentered
    from .rmsprop import RMSpropCenteredEpsInside as RMSpropCenteredEpsInside
    from .rmsprop import RMSpropCenteredMomentum as RMSpropCenteredMomentum
    from .rmsprop import RMSpropCenteredNesterov as RMSpropCenteredNesterov
    from .rmsprop import RMSpropCorrected as RMSpropCorrected
    from .rmsprop import RMSpropEpsInside as RMSpropEpsInside
    from .rmsprop import RMSpropGraves as RMSpropGraves
    from .rmsprop import RMSpropMomentum as RMSpropMomentum
    from .rmsprop import RMSpropMomentumEpsInside as RMSpropMomentumEpsInside
    from .rmsprop import RMSpropMomentumLrInside as RMSpropMomentumLrInside
    from .rmsprop import RMSpropNesterov as RMSpropNesterov
    from .rmsprop import RMSpropWarm as RMSpropWarm
    from .rmsprop import (
        rmsprop_centered_eps_inside_update as rmsprop_centered_eps_inside_update,
    )
    from .rmsprop import (
        rmsprop_centered_momentum_update as rmsprop_centered_momentum_update,
    )
    from .rmsprop import (
        rmsprop_centered_nesterov_update as rmsprop_centered_nesterov_update,
    )
    from .rmsprop import rmsprop_centered_update as rmsprop_centered_update
    from .rmsprop import rmsprop_corrected_update as rmsprop_corrected_update
    from .rmsprop import rmsprop_eps_inside_update as rmsprop_eps_inside_update
    from .rmsprop import rmsprop_graves_update as rmsprop_graves_update
    from .rmsprop import (
        rmsprop_momentum_eps_inside_update as rmsprop_momentum_eps_inside_update,
    )
    from .rmsprop import (
        rmsprop_momentum_lr_inside_update as rmsprop_momentum_lr_inside_update,
    )
    from .rmsprop import rmsprop_momentum_update as rmsprop_momentum_update
    from .rmsprop import rmsprop_nesterov_update as rmsprop_nesterov_update
    from .rmsprop import rmsprop_update as rmsprop_update
    from .rmsprop import rmsprop_warm_update as rmsprop_warm_update
    from .sam import ASAM as ASAM
    from .sam import SAM as SAM
    from .sam import USAM as USAM
    from .sam import Extragradient as Extragradient
    from .sam import SAMByArray as SAMByArray
    from .schedule_free import ScheduleFreeAdamW as ScheduleFreeAdamW
    from .schedule_free import ScheduleFreeAdamWKeras as ScheduleFreeAdamWKeras
    from .schedule_free import ScheduleFreeAdamWOptax as ScheduleFreeAdamWOptax
    from .schedule_free import ScheduleFreeAdamWPrinted as ScheduleFreeAdamWPrinted
    from .schedule_free import ScheduleFreeAdamWTwoRates as ScheduleFreeAdamWTwoRates
    from .schedule_free import ScheduleFreeRAdam as ScheduleFreeRAdam
    from .schedule_free import ScheduleFreeSGD as ScheduleFreeSGD
    from .schedule_free import ScheduleFreeSGDMean as ScheduleFreeSGDMean
    from .schedule_free import ScheduleFreeSGDOptax as ScheduleFreeSGDOptax
    from .schedule_free import ScheduleFreeSGDTwoRates as ScheduleFreeSGDTwoRates
    from .schedule_free import ScheduleFreeSGDWeighted as ScheduleFreeSGDWeighted
    from .schedule_free import (
        schedule_free_adamw_keras_update as schedule_free_adamw_keras_update,
    )
    from .schedule_free import (
        schedule_free_adamw_optax_scalars as schedule_free_adamw_optax_scalars,
    )
    from .schedule_free import (
        schedule_free_adamw_optax_update as schedule_free_adamw_optax_update,
    )
    from .schedule_free import (
        schedule_free_adamw_printed_scalars as schedule_free_adamw_printed_scalars,
    )
    from .schedule_free import (
        schedule_free_adamw_printed_update as schedule_free_adamw_printed_update,
    )
    from .schedule_free import (
        schedule_free_adamw_scalars as schedule_free_adamw_scalars,
    )
    from .schedule_free import (
        schedule_free_adamw_two_rates_scalars as schedule_free_adamw_two_rates_scalars,
    )
    from .schedule_free import (
        schedule_free_adamw_two_rates_update as schedule_free_adamw_two_rates_update,
    )
    from .schedule_free import schedule_free_adamw_update as schedule_free_adamw_update
    from .schedule_free import (
        schedule_free_radam_scalars as schedule_free_radam_scalars,
    )
    from .schedule_free import schedule_free_radam_update as schedule_free_radam_update
    from .schedule_free import (
        schedule_free_sgd_mean_update as schedule_free_sgd_mean_update,
    )
    from .schedule_free import (
        schedule_free_sgd_optax_scalars as schedule_free_sgd_optax_scalars,
    )
    from .schedule_free import (
        schedule_free_sgd_optax_update as schedule_free_sgd_optax_update,
    )
    from .schedule_free import (
        schedule_free_sgd_two_rates_scalars as schedule_free_sgd_two_rates_scalars,
    )
    from .schedule_free import (
        schedule_free_sgd_two_rates_update as schedule_free_sgd_two_rates_update,
    )
    from .schedule_free import schedule_free_sgd_update as schedule_free_sgd_update
    from .schedule_free import (
        schedule_free_sgd_weighted_scalars as schedule_free_sgd_weighted_scalars,
    )
    from .schedule_free import (
        schedule_free_sgd_weighted_update as schedule_free_sgd_weighted_update,
    )
    from .sgd import SGD as SGD
    from .sgd import sgd_update as sgd_update
    from .sgdsai import SGDSaI as SGDSaI
    from .sgdsai import sgdsai_per_array as sgdsai_per_array
    from .sgdsai import sgdsai_sums as sgdsai_sums
    from .sgdsai import sgdsai_update as sgdsai_update
    from .sgdw import SGDW as SGDW
    from .sgdw import SGDWBuffer as SGDWBuffer
    from .sgdw import SGDWNesterov as SGDWNesterov
    from .sgdw import sgdw_buffer_update as sgdw_buffer_update
    from .sgdw import sgdw_nesterov_update as sgdw_nesterov_update
    from .sgdw import sgdw_update as sgdw_update
    from .sign import Lion as Lion
    from .sign import Rprop as Rprop
    from .sign import RpropClamped as RpropClamped
    from .sign import SignSGD as SignSGD
    from .sign import Signum as Signum
    from .sign import lion_update as lion_update
    from .sign import rprop_clamped_update as rprop_clamped_update
    from .sign import rprop_update as rprop_update
    from .sign import sign_sgd_update as sign_sgd_update
    from .sign import signum_update as signum_update
    from .smorms3 import SMORMS3 as SMORMS3
    from .smorms3 import smorms3_update as smorms3_update
    from .sophia import Sophia as Sophia
    from .sophia import SophiaDelayed as SophiaDelayed
    from .sophia import sophia_delayed_update as sophia_delayed_update
    from .sophia import sophia_update as sophia_update
    from .sparse import SparseAdam as SparseAdam
    from .sparse import sparse_adam_update as sparse_adam_update
    from .srmm import SRMM as SRMM
    from .srmm import srmm_update as srmm_update
    from .stableadamw import StableAdamW as StableAdamW
    from .stableadamw import stable_adamw_sums as stable_adamw_sums
    from .stableadamw import stable_adamw_update as stable_adamw_update
    from .tam import TAM as TAM
    from .tam import AdaTAM as AdaTAM
    from .tam import adatam_sums as adatam_sums
    from .tam import adatam_update as adatam_update
    from .tam import tam_sums as tam_sums
    from .tam import tam_update as tam_update
    from .tiger import Tiger as Tiger
    from .tiger import tiger_update as tiger_update
    from .vsgd import VSGD as VSGD
    from .vsgd import vsgd_update as vsgd_update
    from .yogi import Yogi as Yogi
    from .yogi import YogiUncorrected as YogiUncorrected
    from .yogi import yogi_uncorrected_update as yogi_uncorrected_update
    from .yogi import yogi_update as yogi_update

_MODULES = {
    "ADOPT": "adopt",
    "ASAM": "sam",
    "ASGD": "asgd",
    "BCOS": "bcos",
    "COCOB": "cocob",
    "FOCUS": "focus",
    "FTRL": "ftrl",
    "KATE": "kate",
    "LAMB": "lamb",
    "LARS": "lars",
    "MADGRAD": "madgrad",
    "MSVAG": "msvag",
    "MSVAGW": "msvag",
    "PID": "pid",
    "PNM": "pnm",
    "QHM": "momentum",
    "SAM": "sam",
    "SGD": "sgd",
    "SGDW": "sgdw",
    "SMORMS3": "smorms3",
    "SRMM": "srmm",
    "TAM": "tam",
    "USAM": "sam",
    "VSGD": "vsgd",
    "A2GradExp": "a2grad",
    "A2GradInc": "a2grad",
    "A2GradUni": "a2grad",
    "ACProp": "acprop",
    "ADOPTUnclipped": "adopt",
    "AMSBound": "adabound",
    "AMSGrad": "amsgrad",
    "AMSGradCorrected": "amsgrad",
    "AMSGradEpsHat": "amsgrad",
    "AMSGradEpsRoot": "amsgrad",
    "AMSGradFirstCorrected": "amsgrad",
    "AMSGradSecondCorrected": "amsgrad",
    "AMSGradUncorrected": "amsgrad",
    "AMSGradW": "adamw",
    "AMSGradWEpsHat": "adamw",
    "AccSGD": "accsgd",
    "Accumulate": "pipeline",
    "AccumulateOptax": "pipeline",
    "AccumulateSumOptax": "pipeline",
    "AdEMAMix": "ademamix",
    "AdEMAMixScheduled": "ademamix",
    "AdaBelief": "adabelief",
    "AdaBeliefNesterov": "adabelief",
    "AdaBound": "adabound",
    "AdaGC": "adagc",
    "AdaHessian": "adahessian",
    "AdaMod": "adamod",
    "AdaModCorrected": "adamod",
    "AdaNorm": "adanorm",
    "AdaPNM": "pnm",
    "AdaShift": "adashift",
    "AdaSmooth": "adasmooth",
    "AdaTAM": "tam",
    "Adadelta": "adadelta",
    "AdadeltaUnitFirst": "adadelta",
    "AdadeltaUnitStart": "adadelta",
    "Adagrad": "adagrad",
    "AdagradDecay": "adagrad",
    "AdagradEpsInside": "adagrad",
    "AdagradGuarded": "adagrad",
    "AdagradRMS": "adagrad",
    "Adai": "adai",
    "Adam": "adam",
    "AdamC": "adamc",
    "AdamEpsHat": "adam",
    "AdamEpsInside": "adam",
    "AdamEpsRoot": "adam",
    "AdamG": "adamg",
    "AdamS": "adams",
    "AdamUncorrected": "adam",
    "AdamUncorrectedEpsInside": "adam",
    "AdamW": "adamw",
    "AdamWAfter": "adamw",
    "AdamWCautiousDecay": "cautious",
    "AdamWEpsHat": "adamw",
    "AdamWUnscaled": "adamw",
    "AdamWUnscaledEpsHat": "adamw",
    "Adamax": "adamax",
    "AdamaxEpsInside": "adamax",
    "AdamaxW": "adamw",
    "Adan": "adan",
    "AdanOptax": "adan",
    "AdanProximal": "adan",
    "AggMo": "aggmo",
    "Aida": "aida",
    "AliG": "alig",
    "Amos": "amos",
    "Ano": "ano",
    "Anolog": "ano",
    "Apollo": "apollo",
    "ApplyIfFinite": "pipeline",
    "BCOSGradient": "bcos",
    "BCOSMomentum": "bcos",
    "BatchNormChainer": "batchnorm",
    "BatchNormCumulative": "batchnorm",
    "BatchNormKeras": "batchnorm",
    "BatchNormTorch": "batchnorm",
    "CautiousAdamWUnscaled": "cautious",
    "CautiousLionUnscaled": "cautious",
    "ClipByGlobalMax": "pipeline",
    "ClipByGlobalNorm": "pipeline",
    "ClipByGlobalNorm1": "pipeline",
    "ClipByGlobalNormKeras": "pipeline",
    "ClipByNorm": "pipeline",
    "ClipByValue": "pipeline",
    "ClipGradMax": "pipeline",
    "ClipGradNorm": "pipeline",
    "ClipGradNorm1": "pipeline",
    "DAdaptAdaGrad": "dadaptation",
    "DAdaptAdamW": "dadaptation",
    "DAdaptLion": "dadaptation",
    "DAdaptSGD": "dadaptation",
    "DampedBall": "momentum",
    "DecoupledDecay": "pipeline",
    "DecoupledDecayAfter": "pipeline",
    "DiffGrad": "diffgrad",
    "DoG": "dog",
    "DoWG": "dog",
    "DualAdam": "dualadam",
    "DynamicLossScale": "pipeline",
    "EXAdam": "exadam",
    "Extragradient": "sam",
    "FTRLKeras": "ftrl",
    "Fromage": "fromage",
    "GaussianNoise": "pipeline",
    "GaussianNoiseFromOne": "pipeline",
    "Grams": "cautious",
    "GrokfastAdamW": "grokfast",
    "Group": "_arrays",
    "HeavyBall": "momentum",
    "InvAdam": "dualadam",
    "L2Decay": "pipeline",
    "LAMBUncorrected": "lamb",
    "LARSSumOfNorms": "lars",
    "LaProp": "laprop",
    "Lion": "sign",
    "LookaheadAdam": "lookahead",
    "LookaheadAdjusted": "lookahead",
    "LookaheadSGD": "lookahead",
    "LossScale": "pipeline",
    "MADGRADEpsInLr": "madgrad",
    "MARSAdamW": "mars",
    "MARSLion": "mars",
    "Maximize": "pipeline",
    "MechanicAdamW": "mechanic",
    "MechanicSGD": "mechanic",
    "MoMo": "momo",
    "MoMoAdam": "momo",
    "MoMoAdamStar": "momo",
    "MoMoStar": "momo",
    "MomentumBuffer": "momentum",
    "MomentumDampened": "momentum",
    "MomentumEMA": "momentum",
    "NAdam": "nadam",
    "NAdamKeras": "nadam",
    "NAdamSimple": "nadam",
    "NAdamW": "adamw",
    "NAdamWSimple": "adamw",
    "Nesterov": "nesterov",
    "NesterovLookahead": "nesterov",
    "NesterovVelocity": "nesterov",
    "Normalize": "pipeline",
    "NovoGrad": "novograd",
    "NovoGradW": "novograd",
    "OptimisticAdam": "optimistic",
    "OptimisticGD": "optimistic",
    "OptimisticNAdam": "optimistic",
    "Padam": "padam",
    "PadamCorrected": "padam",
    "PolyakSGD": "polyak",
    "PolyakSGDPlus": "polyak",
    "PolyakSGDPlusScaled": "polyak",
    "PolyakSGDScaled": "polyak",
    "Prodigy": "prodigy",
    "QHAdam": "qhadam",
    "RAdam": "radam",
    "RAdamEpsHat": "radam",
    "RAdamNesterov": "radam",
    "RAdamThreshold": "radam",
    "RAdamW": "adamw",
    "RMSprop": "rmsprop",
    "RMSpropCentered": "rmsprop",
    "RMSpropCenteredEpsInside": "rmsprop",
    "RMSpropCenteredMomentum": "rmsprop",
    "RMSpropCenteredNesterov": "rmsprop",
    "RMSpropCorrected": "rmsprop",
    "RMSpropEpsInside": "rmsprop",
    "RMSpropGraves": "rmsprop",
    "RMSpropMomentum": "rmsprop",
    "RMSpropMomentumEpsInside": "rmsprop",
    "RMSpropMomentumLrInside": "rmsprop",
    "RMSpropNesterov": "rmsprop",
    "RMSpropWarm": "rmsprop",
    "Ranger": "ranger",
    "Rprop": "sign",
    "RpropClamped": "sign",
    "SAMByArray": "sam",
    "SGDSaI": "sgdsai",
    "SGDWBuffer": "sgdw",
    "SGDWNesterov": "sgdw",
    "ScheduleFreeAdamW": "schedule_free",
    "ScheduleFreeAdamWKeras": "schedule_free",
    "ScheduleFreeAdamWOptax": "schedule_free",
    "ScheduleFreeAdamWPrinted": "schedule_free",
    "ScheduleFreeAdamWTwoRates": "schedule_free",
    "ScheduleFreeRAdam": "schedule_free",
    "ScheduleFreeSGD": "schedule_free",
    "ScheduleFreeSGDMean": "schedule_free",
    "ScheduleFreeSGDOptax": "schedule_free",
    "ScheduleFreeSGDTwoRates": "schedule_free",
    "ScheduleFreeSGDWeighted": "schedule_free",
    "SignSGD": "sign",
    "Signum": "sign",
    "SimplifiedAdEMAMix": "ademamix",
    "Sophia": "sophia",
    "SophiaDelayed": "sophia",
    "SparseAdam": "sparse",
    "StableAdamW": "stableadamw",
    "Tiger": "tiger",
    "UnscaledDecay": "pipeline",
    "WeightEMA": "pipeline",
    "WeightEMADebiased": "pipeline",
    "WeightEMAKeras": "pipeline",
    "WeightEMAKerasOverwriting": "pipeline",
    "WeightMean": "pipeline",
    "Yogi": "yogi",
    "YogiUncorrected": "yogi",
    "a2grad_exp_per_array": "a2grad",
    "a2grad_exp_sums": "a2grad",
    "a2grad_exp_update": "a2grad",
    "a2grad_inc_per_array": "a2grad",
    "a2grad_inc_sums": "a2grad",
    "a2grad_inc_update": "a2grad",
    "a2grad_uni_per_array": "a2grad",
    "a2grad_uni_sums": "a2grad",
    "a2grad_uni_update": "a2grad",
    "accsgd_update": "accsgd",
    "acprop_update": "acprop",
    "adabelief_nesterov_update": "adabelief",
    "adabelief_update": "adabelief",
    "adabound_update": "adabound",
    "adadelta_unit_first_update": "adadelta",
    "adadelta_unit_start_update": "adadelta",
    "adadelta_update": "adadelta",
    "adagc_per_array": "adagc",
    "adagc_sums": "adagc",
    "adagc_update": "adagc",
    "adagrad_decay_update": "adagrad",
    "adagrad_eps_inside_update": "adagrad",
    "adagrad_guarded_update": "adagrad",
    "adagrad_rms_update": "adagrad",
    "adagrad_update": "adagrad",
    "adahessian_update": "adahessian",
    "adai_sums": "adai",
    "adai_update": "adai",
    "adam_eps_hat_update": "adam",
    "adam_eps_inside_update": "adam",
    "adam_eps_root_update": "adam",
    "adam_uncorrected_eps_inside_update": "adam",
    "adam_uncorrected_update": "adam",
    "adam_update": "adam",
    "adamax_eps_inside_update": "adamax",
    "adamax_update": "adamax",
    "adamaxw_update": "adamw",
    "adamc_update": "adamc",
    "adamg_update": "adamg",
    "adamod_corrected_update": "adamod",
    "adamod_update": "adamod",
    "adams_sums": "adams",
    "adams_update": "adams",
    "adamw_after_update": "adamw",
    "adamw_eps_hat_update": "adamw",
    "adamw_unscaled_eps_hat_update": "adamw",
    "adamw_unscaled_update": "adamw",
    "adamw_update": "adamw",
    "adan_optax_update": "adan",
    "adan_proximal_update": "adan",
    "adan_update": "adan",
    "adanorm_per_array": "adanorm",
    "adanorm_sums": "adanorm",
    "adanorm_update": "adanorm",
    "adapnm_update": "pnm",
    "adashift_update": "adashift",
    "adasmooth_update": "adasmooth",
    "adatam_sums": "tam",
    "adatam_update": "tam",
    "ademamix_scheduled_update": "ademamix",
    "ademamix_update": "ademamix",
    "adopt_unclipped_update": "adopt",
    "adopt_update": "adopt",
    "aggmo_update": "aggmo",
    "aida_sums": "aida",
    "aida_update": "aida",
    "alig_sums": "alig",
    "alig_update": "alig",
    "amos_per_array": "amos",
    "amos_sums": "amos",
    "amos_update": "amos",
    "amsbound_update": "adabound",
    "amsgrad_corrected_update": "amsgrad",
    "amsgrad_eps_hat_update": "amsgrad",
    "amsgrad_eps_root_update": "amsgrad",
    "amsgrad_first_corrected_update": "amsgrad",
    "amsgrad_second_corrected_update": "amsgrad",
    "amsgrad_uncorrected_update": "amsgrad",
    "amsgrad_update": "amsgrad",
    "amsgradw_eps_hat_update": "adamw",
    "amsgradw_update": "adamw",
    "ano_update": "ano",
    "anolog_update": "ano",
    "apollo_sums": "apollo",
    "apollo_update": "apollo",
    "asgd_scalars": "asgd",
    "asgd_update": "asgd",
    "batch_norm_chainer_backward": "batchnorm",
    "batch_norm_chainer_forward": "batchnorm",
    "batch_norm_chainer_inference": "batchnorm",
    "batch_norm_cumulative_backward": "batchnorm",
    "batch_norm_cumulative_forward": "batchnorm",
    "batch_norm_cumulative_inference": "batchnorm",
    "batch_norm_keras_backward": "batchnorm",
    "batch_norm_keras_forward": "batchnorm",
    "batch_norm_keras_inference": "batchnorm",
    "batch_norm_torch_backward": "batchnorm",
    "batch_norm_torch_forward": "batchnorm",
    "batch_norm_torch_inference": "batchnorm",
    "bcos_gradient_update": "bcos",
    "bcos_momentum_update": "bcos",
    "bcos_update": "bcos",
    "cautious_adamw_update": "cautious",
    "cautious_decay_update": "cautious",
    "cautious_lion_update": "cautious",
    "cocob_update": "cocob",
    "dadapt_adagrad_scalars": "dadaptation",
    "dadapt_adagrad_sums": "dadaptation",
    "dadapt_adagrad_update": "dadaptation",
    "dadapt_adamw_scalars": "dadaptation",
    "dadapt_adamw_sums": "dadaptation",
    "dadapt_adamw_update": "dadaptation",
    "dadapt_lion_scalars": "dadaptation",
    "dadapt_lion_sums": "dadaptation",
    "dadapt_lion_update": "dadaptation",
    "dadapt_sgd_scalars": "dadaptation",
    "dadapt_sgd_sums": "dadaptation",
    "dadapt_sgd_update": "dadaptation",
    "damped_ball_update": "momentum",
    "diffgrad_update": "diffgrad",
    "dog_scalars": "dog",
    "dog_sums": "dog",
    "dog_update": "dog",
    "dowg_scalars": "dog",
    "dowg_sums": "dog",
    "dowg_update": "dog",
    "dualadam_update": "dualadam",
    "exadam_update": "exadam",
    "focus_update": "focus",
    "fromage_sums": "fromage",
    "fromage_update": "fromage",
    "ftrl_keras_update": "ftrl",
    "ftrl_update": "ftrl",
    "grams_update": "cautious",
    "grokfast_adamw_update": "grokfast",
    "heavy_ball_update": "momentum",
    "invadam_update": "dualadam",
    "kate_update": "kate",
    "lamb_sums": "lamb",
    "lamb_uncorrected_sums": "lamb",
    "lamb_uncorrected_update": "lamb",
    "lamb_update": "lamb",
    "laprop_update": "laprop",
    "lars_sum_of_norms_sums": "lars",
    "lars_sum_of_norms_update": "lars",
    "lars_sums": "lars",
    "lars_update": "lars",
    "lion_update": "sign",
    "lookahead_adam_update": "lookahead",
    "lookahead_adjusted_update": "lookahead",
    "lookahead_sgd_update": "lookahead",
    "madgrad_eps_in_lr_update": "madgrad",
    "madgrad_update": "madgrad",
    "mars_adamw_update": "mars",
    "mars_lion_update": "mars",
    "mechanic_adamw_scalars": "mechanic",
    "mechanic_adamw_sums": "mechanic",
    "mechanic_adamw_update": "mechanic",
    "mechanic_sgd_scalars": "mechanic",
    "mechanic_sgd_sums": "mechanic",
    "mechanic_sgd_update": "mechanic",
    "momentum_buffer_update": "momentum",
    "momentum_dampened_update": "momentum",
    "momentum_ema_update": "momentum",
    "momo_adam_scalars": "momo",
    "momo_adam_star_scalars": "momo",
    "momo_adam_star_sums": "momo",
    "momo_adam_star_update": "momo",
    "momo_adam_sums": "momo",
    "momo_adam_update": "momo",
    "momo_scalars": "momo",
    "momo_star_scalars": "momo",
    "momo_star_sums": "momo",
    "momo_star_update": "momo",
    "momo_sums": "momo",
    "momo_update": "momo",
    "msvag_decay_update": "msvag",
    "msvag_update": "msvag",
    "nadam_keras_scalars": "nadam",
    "nadam_keras_update": "nadam",
    "nadam_scalars": "nadam",
    "nadam_simple_update": "nadam",
    "nadam_update": "nadam",
    "nadamw_scalars": "adamw",
    "nadamw_simple_update": "adamw",
    "nadamw_update": "adamw",
    "nesterov_lookahead_update": "nesterov",
    "nesterov_update": "nesterov",
    "nesterov_velocity_update": "nesterov",
    "novograd_decoupled_per_array": "novograd",
    "novograd_decoupled_sums": "novograd",
    "novograd_decoupled_update": "novograd",
    "novograd_per_array": "novograd",
    "novograd_sums": "novograd",
    "novograd_update": "novograd",
    "optimistic_adam_update": "optimistic",
    "optimistic_gd_update": "optimistic",
    "optimistic_nadam_update": "optimistic",
    "padam_corrected_update": "padam",
    "padam_update": "padam",
    "pid_update": "pid",
    "pnm_update": "pnm",
    "polyak_sgd_plus_scaled_sums": "polyak",
    "polyak_sgd_plus_scaled_update": "polyak",
    "polyak_sgd_plus_sums": "polyak",
    "polyak_sgd_plus_update": "polyak",
    "polyak_sgd_scaled_sums": "polyak",
    "polyak_sgd_scaled_update": "polyak",
    "polyak_sgd_sums": "polyak",
    "polyak_sgd_update": "polyak",
    "prodigy_scalars": "prodigy",
    "prodigy_sums": "prodigy",
    "prodigy_update": "prodigy",
    "qhadam_update": "qhadam",
    "qhm_update": "momentum",
    "radam_eps_hat_update": "radam",
    "radam_nesterov_update": "radam",
    "radam_threshold_update": "radam",
    "radam_update": "radam",
    "radamw_update": "adamw",
    "ranger_update": "ranger",
    "rmsprop_centered_eps_inside_update": "rmsprop",
    "rmsprop_centered_momentum_update": "rmsprop",
    "rmsprop_centered_nesterov_update": "rmsprop",
    "rmsprop_centered_update": "rmsprop",
    "rmsprop_corrected_update": "rmsprop",
    "rmsprop_eps_inside_update": "rmsprop",
    "rmsprop_graves_update": "rmsprop",
    "rmsprop_momentum_eps_inside_update": "rmsprop",
    "rmsprop_momentum_lr_inside_update": "rmsprop",
    "rmsprop_momentum_update": "rmsprop",
    "rmsprop_nesterov_update": "rmsprop",
    "rmsprop_update": "rmsprop",
    "rmsprop_warm_update": "rmsprop",
    "rprop_clamped_update": "sign",
    "rprop_update": "sign",
    "schedule_free_adamw_keras_update": "schedule_free",
    "schedule_free_adamw_optax_scalars": "schedule_free",
    "schedule_free_adamw_optax_update": "schedule_free",
    "schedule_free_adamw_printed_scalars": "schedule_free",
    "schedule_free_adamw_printed_update": "schedule_free",
    "schedule_free_adamw_scalars": "schedule_free",
    "schedule_free_adamw_two_rates_scalars": "schedule_free",
    "schedule_free_adamw_two_rates_update": "schedule_free",
    "schedule_free_adamw_update": "schedule_free",
    "schedule_free_radam_scalars": "schedule_free",
    "schedule_free_radam_update": "schedule_free",
    "schedule_free_sgd_mean_update": "schedule_free",
    "schedule_free_sgd_optax_scalars": "schedule_free",
    "schedule_free_sgd_optax_update": "schedule_free",
    "schedule_free_sgd_two_rates_scalars": "schedule_free",
    "schedule_free_sgd_two_rates_update": "schedule_free",
    "schedule_free_sgd_update": "schedule_free",
    "schedule_free_sgd_weighted_scalars": "schedule_free",
    "schedule_free_sgd_weighted_update": "schedule_free",
    "sgd_update": "sgd",
    "sgdsai_per_array": "sgdsai",
    "sgdsai_sums": "sgdsai",
    "sgdsai_update": "sgdsai",
    "sgdw_buffer_update": "sgdw",
    "sgdw_nesterov_update": "sgdw",
    "sgdw_update": "sgdw",
    "sign_sgd_update": "sign",
    "signum_update": "sign",
    "simplified_ademamix_update": "ademamix",
    "smorms3_update": "smorms3",
    "sophia_delayed_update": "sophia",
    "sophia_update": "sophia",
    "sparse_adam_update": "sparse",
    "srmm_update": "srmm",
    "stable_adamw_sums": "stableadamw",
    "stable_adamw_update": "stableadamw",
    "tam_sums": "tam",
    "tam_update": "tam",
    "tiger_update": "tiger",
    "vsgd_update": "vsgd",
    "yogi_uncorrected_update": "yogi",
    "yogi_update": "yogi",
}

__all__ = [
    "ADOPT",
    "ASAM",
    "ASGD",
    "BCOS",
    "COCOB",
    "FOCUS",
    "FTRL",
    "KATE",
    "LAMB",
    "LARS",
    "MADGRAD",
    "MSVAG",
    "MSVAGW",
    "PID",
    "PNM",
    "QHM",
    "SAM",
    "SGD",
    "SGDW",
    "SMORMS3",
    "SRMM",
    "TAM",
    "USAM",
    "VSGD",
    "A2GradExp",
    "A2GradInc",
    "A2GradUni",
    "ACProp",
    "ADOPTUnclipped",
    "AMSBound",
    "AMSGrad",
    "AMSGradCorrected",
    "AMSGradEpsHat",
    "AMSGradEpsRoot",
    "AMSGradFirstCorrected",
    "AMSGradSecondCorrected",
    "AMSGradUncorrected",
    "AMSGradW",
    "AMSGradWEpsHat",
    "AccSGD",
    "Accumulate",
    "AccumulateOptax",
    "AccumulateSumOptax",
    "AdEMAMix",
    "AdEMAMixScheduled",
    "AdaBelief",
    "AdaBeliefNesterov",
    "AdaBound",
    "AdaGC",
    "AdaHessian",
    "AdaMod",
    "AdaModCorrected",
    "AdaNorm",
    "AdaPNM",
    "AdaShift",
    "AdaSmooth",
    "AdaTAM",
    "Adadelta",
    "AdadeltaUnitFirst",
    "AdadeltaUnitStart",
    "Adagrad",
    "AdagradDecay",
    "AdagradEpsInside",
    "AdagradGuarded",
    "AdagradRMS",
    "Adai",
    "Adam",
    "AdamC",
    "AdamEpsHat",
    "AdamEpsInside",
    "AdamEpsRoot",
    "AdamG",
    "AdamS",
    "AdamUncorrected",
    "AdamUncorrectedEpsInside",
    "AdamW",
    "AdamWAfter",
    "AdamWCautiousDecay",
    "AdamWEpsHat",
    "AdamWUnscaled",
    "AdamWUnscaledEpsHat",
    "Adamax",
    "AdamaxEpsInside",
    "AdamaxW",
    "Adan",
    "AdanOptax",
    "AdanProximal",
    "AggMo",
    "Aida",
    "AliG",
    "Amos",
    "Ano",
    "Anolog",
    "Apollo",
    "ApplyIfFinite",
    "BCOSGradient",
    "BCOSMomentum",
    "BatchNormChainer",
    "BatchNormCumulative",
    "BatchNormKeras",
    "BatchNormTorch",
    "CautiousAdamWUnscaled",
    "CautiousLionUnscaled",
    "ClipByGlobalMax",
    "ClipByGlobalNorm",
    "ClipByGlobalNorm1",
    "ClipByGlobalNormKeras",
    "ClipByNorm",
    "ClipByValue",
    "ClipGradMax",
    "ClipGradNorm",
    "ClipGradNorm1",
    "DAdaptAdaGrad",
    "DAdaptAdamW",
    "DAdaptLion",
    "DAdaptSGD",
    "DampedBall",
    "DecoupledDecay",
    "DecoupledDecayAfter",
    "DiffGrad",
    "DoG",
    "DoWG",
    "DualAdam",
    "DynamicLossScale",
    "EXAdam",
    "Extragradient",
    "FTRLKeras",
    "Fromage",
    "GaussianNoise",
    "GaussianNoiseFromOne",
    "Grams",
    "GrokfastAdamW",
    "Group",
    "HeavyBall",
    "InvAdam",
    "L2Decay",
    "LAMBUncorrected",
    "LARSSumOfNorms",
    "LaProp",
    "Lion",
    "LookaheadAdam",
    "LookaheadAdjusted",
    "LookaheadSGD",
    "LossScale",
    "MADGRADEpsInLr",
    "MARSAdamW",
    "MARSLion",
    "Maximize",
    "MechanicAdamW",
    "MechanicSGD",
    "MoMo",
    "MoMoAdam",
    "MoMoAdamStar",
    "MoMoStar",
    "MomentumBuffer",
    "MomentumDampened",
    "MomentumEMA",
    "NAdam",
    "NAdamKeras",
    "NAdamSimple",
    "NAdamW",
    "NAdamWSimple",
    "Nesterov",
    "NesterovLookahead",
    "NesterovVelocity",
    "Normalize",
    "NovoGrad",
    "NovoGradW",
    "OptimisticAdam",
    "OptimisticGD",
    "OptimisticNAdam",
    "Padam",
    "PadamCorrected",
    "PolyakSGD",
    "PolyakSGDPlus",
    "PolyakSGDPlusScaled",
    "PolyakSGDScaled",
    "Prodigy",
    "QHAdam",
    "RAdam",
    "RAdamEpsHat",
    "RAdamNesterov",
    "RAdamThreshold",
    "RAdamW",
    "RMSprop",
    "RMSpropCentered",
    "RMSpropCenteredEpsInside",
    "RMSpropCenteredMomentum",
    "RMSpropCenteredNesterov",
    "RMSpropCorrected",
    "RMSpropEpsInside",
    "RMSpropGraves",
    "RMSpropMomentum",
    "RMSpropMomentumEpsInside",
    "RMSpropMomentumLrInside",
    "RMSpropNesterov",
    "RMSpropWarm",
    "Ranger",
    "Rprop",
    "RpropClamped",
    "SAMByArray",
    "SGDSaI",
    "SGDWBuffer",
    "SGDWNesterov",
    "ScheduleFreeAdamW",
    "ScheduleFreeAdamWKeras",
    "ScheduleFreeAdamWOptax",
    "ScheduleFreeAdamWPrinted",
    "ScheduleFreeAdamWTwoRates",
    "ScheduleFreeRAdam",
    "ScheduleFreeSGD",
    "ScheduleFreeSGDMean",
    "ScheduleFreeSGDOptax",
    "ScheduleFreeSGDTwoRates",
    "ScheduleFreeSGDWeighted",
    "SignSGD",
    "Signum",
    "SimplifiedAdEMAMix",
    "Sophia",
    "SophiaDelayed",
    "SparseAdam",
    "StableAdamW",
    "Tiger",
    "UnscaledDecay",
    "WeightEMA",
    "WeightEMADebiased",
    "WeightEMAKeras",
    "WeightEMAKerasOverwriting",
    "WeightMean",
    "Yogi",
    "YogiUncorrected",
    "a2grad_exp_per_array",
    "a2grad_exp_sums",
    "a2grad_exp_update",
    "a2grad_inc_per_array",
    "a2grad_inc_sums",
    "a2grad_inc_update",
    "a2grad_uni_per_array",
    "a2grad_uni_sums",
    "a2grad_uni_update",
    "accsgd_update",
    "acprop_update",
    "adabelief_nesterov_update",
    "adabelief_update",
    "adabound_update",
    "adadelta_unit_first_update",
    "adadelta_unit_start_update",
    "adadelta_update",
    "adagc_per_array",
    "adagc_sums",
    "adagc_update",
    "adagrad_decay_update",
    "adagrad_eps_inside_update",
    "adagrad_guarded_update",
    "adagrad_rms_update",
    "adagrad_update",
    "adahessian_update",
    "adai_sums",
    "adai_update",
    "adam_eps_hat_update",
    "adam_eps_inside_update",
    "adam_eps_root_update",
    "adam_uncorrected_eps_inside_update",
    "adam_uncorrected_update",
    "adam_update",
    "adamax_eps_inside_update",
    "adamax_update",
    "adamaxw_update",
    "adamc_update",
    "adamg_update",
    "adamod_corrected_update",
    "adamod_update",
    "adams_sums",
    "adams_update",
    "adamw_after_update",
    "adamw_eps_hat_update",
    "adamw_unscaled_eps_hat_update",
    "adamw_unscaled_update",
    "adamw_update",
    "adan_optax_update",
    "adan_proximal_update",
    "adan_update",
    "adanorm_per_array",
    "adanorm_sums",
    "adanorm_update",
    "adapnm_update",
    "adashift_update",
    "adasmooth_update",
    "adatam_sums",
    "adatam_update",
    "ademamix_scheduled_update",
    "ademamix_update",
    "adopt_unclipped_update",
    "adopt_update",
    "aggmo_update",
    "aida_sums",
    "aida_update",
    "alig_sums",
    "alig_update",
    "amos_per_array",
    "amos_sums",
    "amos_update",
    "amsbound_update",
    "amsgrad_corrected_update",
    "amsgrad_eps_hat_update",
    "amsgrad_eps_root_update",
    "amsgrad_first_corrected_update",
    "amsgrad_second_corrected_update",
    "amsgrad_uncorrected_update",
    "amsgrad_update",
    "amsgradw_eps_hat_update",
    "amsgradw_update",
    "ano_update",
    "anolog_update",
    "apollo_sums",
    "apollo_update",
    "asgd_scalars",
    "asgd_update",
    "batch_norm_chainer_backward",
    "batch_norm_chainer_forward",
    "batch_norm_chainer_inference",
    "batch_norm_cumulative_backward",
    "batch_norm_cumulative_forward",
    "batch_norm_cumulative_inference",
    "batch_norm_keras_backward",
    "batch_norm_keras_forward",
    "batch_norm_keras_inference",
    "batch_norm_torch_backward",
    "batch_norm_torch_forward",
    "batch_norm_torch_inference",
    "bcos_gradient_update",
    "bcos_momentum_update",
    "bcos_update",
    "cautious_adamw_update",
    "cautious_decay_update",
    "cautious_lion_update",
    "cocob_update",
    "dadapt_adagrad_scalars",
    "dadapt_adagrad_sums",
    "dadapt_adagrad_update",
    "dadapt_adamw_scalars",
    "dadapt_adamw_sums",
    "dadapt_adamw_update",
    "dadapt_lion_scalars",
    "dadapt_lion_sums",
    "dadapt_lion_update",
    "dadapt_sgd_scalars",
    "dadapt_sgd_sums",
    "dadapt_sgd_update",
    "damped_ball_update",
    "diffgrad_update",
    "dog_scalars",
    "dog_sums",
    "dog_update",
    "dowg_scalars",
    "dowg_sums",
    "dowg_update",
    "dualadam_update",
    "exadam_update",
    "focus_update",
    "fromage_sums",
    "fromage_update",
    "ftrl_keras_update",
    "ftrl_update",
    "grams_update",
    "grokfast_adamw_update",
    "heavy_ball_update",
    "invadam_update",
    "kate_update",
    "lamb_sums",
    "lamb_uncorrected_sums",
    "lamb_uncorrected_update",
    "lamb_update",
    "laprop_update",
    "lars_sum_of_norms_sums",
    "lars_sum_of_norms_update",
    "lars_sums",
    "lars_update",
    "lion_update",
    "lookahead_adam_update",
    "lookahead_adjusted_update",
    "lookahead_sgd_update",
    "madgrad_eps_in_lr_update",
    "madgrad_update",
    "mars_adamw_update",
    "mars_lion_update",
    "mechanic_adamw_scalars",
    "mechanic_adamw_sums",
    "mechanic_adamw_update",
    "mechanic_sgd_scalars",
    "mechanic_sgd_sums",
    "mechanic_sgd_update",
    "momentum_buffer_update",
    "momentum_dampened_update",
    "momentum_ema_update",
    "momo_adam_scalars",
    "momo_adam_star_scalars",
    "momo_adam_star_sums",
    "momo_adam_star_update",
    "momo_adam_sums",
    "momo_adam_update",
    "momo_scalars",
    "momo_star_scalars",
    "momo_star_sums",
    "momo_star_update",
    "momo_sums",
    "momo_update",
    "msvag_decay_update",
    "msvag_update",
    "nadam_keras_scalars",
    "nadam_keras_update",
    "nadam_scalars",
    "nadam_simple_update",
    "nadam_update",
    "nadamw_scalars",
    "nadamw_simple_update",
    "nadamw_update",
    "nesterov_lookahead_update",
    "nesterov_update",
    "nesterov_velocity_update",
    "novograd_decoupled_per_array",
    "novograd_decoupled_sums",
    "novograd_decoupled_update",
    "novograd_per_array",
    "novograd_sums",
    "novograd_update",
    "optimistic_adam_update",
    "optimistic_gd_update",
    "optimistic_nadam_update",
    "padam_corrected_update",
    "padam_update",
    "pid_update",
    "pnm_update",
    "polyak_sgd_plus_scaled_sums",
    "polyak_sgd_plus_scaled_update",
    "polyak_sgd_plus_sums",
    "polyak_sgd_plus_update",
    "polyak_sgd_scaled_sums",
    "polyak_sgd_scaled_update",
    "polyak_sgd_sums",
    "polyak_sgd_update",
    "prodigy_scalars",
    "prodigy_sums",
    "prodigy_update",
    "qhadam_update",
    "qhm_update",
    "radam_eps_hat_update",
    "radam_nesterov_update",
    "radam_threshold_update",
    "radam_update",
    "radamw_update",
    "ranger_update",
    "rmsprop_centered_eps_inside_update",
    "rmsprop_centered_momentum_update",
    "rmsprop_centered_nesterov_update",
    "rmsprop_centered_update",
    "rmsprop_corrected_update",
    "rmsprop_eps_inside_update",
    "rmsprop_graves_update",
    "rmsprop_momentum_eps_inside_update",
    "rmsprop_momentum_lr_inside_update",
    "rmsprop_momentum_update",
    "rmsprop_nesterov_update",
    "rmsprop_update",
    "rmsprop_warm_update",
    "rprop_clamped_update",
    "rprop_update",
    "schedule_free_adamw_keras_update",
    "schedule_free_adamw_optax_scalars",
    "schedule_free_adamw_optax_update",
    "schedule_free_adamw_printed_scalars",
    "schedule_free_adamw_printed_update",
    "schedule_free_adamw_scalars",
    "schedule_free_adamw_two_rates_scalars",
    "schedule_free_adamw_two_rates_update",
    "schedule_free_adamw_update",
    "schedule_free_radam_scalars",
    "schedule_free_radam_update",
    "schedule_free_sgd_mean_update",
    "schedule_free_sgd_optax_scalars",
    "schedule_free_sgd_optax_update",
    "schedule_free_sgd_two_rates_scalars",
    "schedule_free_sgd_two_rates_update",
    "schedule_free_sgd_update",
    "schedule_free_sgd_weighted_scalars",
    "schedule_free_sgd_weighted_update",
    "sgd_update",
    "sgdsai_per_array",
    "sgdsai_sums",
    "sgdsai_update",
    "sgdw_buffer_update",
    "sgdw_nesterov_update",
    "sgdw_update",
    "sign_sgd_update",
    "signum_update",
    "simplified_ademamix_update",
    "smorms3_update",
    "sophia_delayed_update",
    "sophia_update",
    "sparse_adam_update",
    "srmm_update",
    "stable_adamw_sums",
    "stable_adamw_update",
    "tam_sums",
    "tam_update",
    "tiger_update",
    "vsgd_update",
    "yogi_uncorrected_update",
    "yogi_update",
]


if not TYPE_CHECKING:  # which would take any name for known

    def __getattr__(name: str) -> Any:
        from .._runtime.hints import missing, submodule

        if name in _MODULES.values():
            return submodule(__name__, name)
        if name not in _MODULES:
            raise missing(__name__, name, __all__)
        value = getattr(submodule(__name__, _MODULES[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
