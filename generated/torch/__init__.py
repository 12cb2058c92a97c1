# generated from specs/ by Stepsmith; do not edit
"""Optimizers for torch arrays. A module is loaded when one of its names is first used."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .a2grad import A2GradExp as A2GradExp
    from .a2grad import A2GradInc as A2GradInc
    from .a2grad import A2GradUni as A2GradUni
    from .a2grad import a2grad_exp_elements as a2grad_exp_elements
    from .a2grad import a2grad_exp_per_array as a2grad_exp_per_array
    from .a2grad import a2grad_exp_scalars as a2grad_exp_scalars
    from .a2grad import a2grad_exp_summands as a2grad_exp_summands
    from .a2grad import a2grad_exp_sums as a2grad_exp_sums
    from .a2grad import a2grad_inc_elements as a2grad_inc_elements
    from .a2grad import a2grad_inc_per_array as a2grad_inc_per_array
    from .a2grad import a2grad_inc_scalars as a2grad_inc_scalars
    from .a2grad import a2grad_inc_summands as a2grad_inc_summands
    from .a2grad import a2grad_inc_sums as a2grad_inc_sums
    from .a2grad import a2grad_uni_elements as a2grad_uni_elements
    from .a2grad import a2grad_uni_per_array as a2grad_uni_per_array
    from .a2grad import a2grad_uni_scalars as a2grad_uni_scalars
    from .a2grad import a2grad_uni_summands as a2grad_uni_summands
    from .a2grad import a2grad_uni_sums as a2grad_uni_sums
    from .accsgd import AccSGD as AccSGD
    from .accsgd import accsgd_elements as accsgd_elements
    from .accsgd import accsgd_scalars as accsgd_scalars
    from .acprop import ACProp as ACProp
    from .acprop import acprop_elements as acprop_elements
    from .acprop import acprop_scalars as acprop_scalars
    from .adabelief import AdaBelief as AdaBelief
    from .adabelief import AdaBeliefNesterov as AdaBeliefNesterov
    from .adabelief import adabelief_elements as adabelief_elements
    from .adabelief import adabelief_nesterov_elements as adabelief_nesterov_elements
    from .adabelief import adabelief_nesterov_scalars as adabelief_nesterov_scalars
    from .adabelief import adabelief_scalars as adabelief_scalars
    from .adabound import AdaBound as AdaBound
    from .adabound import AMSBound as AMSBound
    from .adabound import adabound_elements as adabound_elements
    from .adabound import adabound_scalars as adabound_scalars
    from .adabound import amsbound_elements as amsbound_elements
    from .adabound import amsbound_scalars as amsbound_scalars
    from .adadelta import Adadelta as Adadelta
    from .adadelta import AdadeltaUnitFirst as AdadeltaUnitFirst
    from .adadelta import AdadeltaUnitStart as AdadeltaUnitStart
    from .adadelta import adadelta_elements as adadelta_elements
    from .adadelta import adadelta_scalars as adadelta_scalars
    from .adadelta import adadelta_unit_first_elements as adadelta_unit_first_elements
    from .adadelta import adadelta_unit_first_scalars as adadelta_unit_first_scalars
    from .adadelta import adadelta_unit_start_elements as adadelta_unit_start_elements
    from .adadelta import adadelta_unit_start_scalars as adadelta_unit_start_scalars
    from .adagc import AdaGC as AdaGC
    from .adagc import adagc_elements as adagc_elements
    from .adagc import adagc_per_array as adagc_per_array
    from .adagc import adagc_scalars as adagc_scalars
    from .adagc import adagc_summands as adagc_summands
    from .adagc import adagc_sums as adagc_sums
    from .adagrad import Adagrad as Adagrad
    from .adagrad import AdagradDecay as AdagradDecay
    from .adagrad import AdagradEpsInside as AdagradEpsInside
    from .adagrad import AdagradGuarded as AdagradGuarded
    from .adagrad import AdagradRMS as AdagradRMS
    from .adagrad import adagrad_decay_elements as adagrad_decay_elements
    from .adagrad import adagrad_decay_scalars as adagrad_decay_scalars
    from .adagrad import adagrad_elements as adagrad_elements
    from .adagrad import adagrad_eps_inside_elements as adagrad_eps_inside_elements
    from .adagrad import adagrad_eps_inside_scalars as adagrad_eps_inside_scalars
    from .adagrad import adagrad_guarded_elements as adagrad_guarded_elements
    from .adagrad import adagrad_guarded_scalars as adagrad_guarded_scalars
    from .adagrad import adagrad_rms_elements as adagrad_rms_elements
    from .adagrad import adagrad_rms_scalars as adagrad_rms_scalars
    from .adagrad import adagrad_scalars as adagrad_scalars
    from .adahessian import AdaHessian as AdaHessian
    from .adahessian import adahessian_elements as adahessian_elements
    from .adahessian import adahessian_scalars as adahessian_scalars
    from .adai import Adai as Adai
    from .adai import adai_elements as adai_elements
    from .adai import adai_scalars as adai_scalars
    from .adai import adai_summands as adai_summands
    from .adai import adai_sums as adai_sums
    from .adam import Adam as Adam
    from .adam import AdamEpsHat as AdamEpsHat
    from .adam import AdamEpsInside as AdamEpsInside
    from .adam import AdamEpsRoot as AdamEpsRoot
    from .adam import AdamUncorrected as AdamUncorrected
    from .adam import AdamUncorrectedEpsInside as AdamUncorrectedEpsInside
    from .adam import adam_elements as adam_elements
    from .adam import adam_eps_hat_elements as adam_eps_hat_elements
    from .adam import adam_eps_hat_scalars as adam_eps_hat_scalars
    from .adam import adam_eps_inside_elements as adam_eps_inside_elements
    from .adam import adam_eps_inside_scalars as adam_eps_inside_scalars
    from .adam import adam_eps_root_elements as adam_eps_root_elements
    from .adam import adam_eps_root_scalars as adam_eps_root_scalars
    from .adam import adam_scalars as adam_scalars
    from .adam import adam_uncorrected_elements as adam_uncorrected_elements
    from .adam import (
        adam_uncorrected_eps_inside_elements as adam_uncorrected_eps_inside_elements,
    )
    from .adam import (
        adam_uncorrected_eps_inside_scalars as adam_uncorrected_eps_inside_scalars,
    )
    from .adam import adam_uncorrected_scalars as adam_uncorrected_scalars
    from .adamax import Adamax as Adamax
    from .adamax import AdamaxEpsInside as AdamaxEpsInside
    from .adamax import adamax_elements as adamax_elements
    from .adamax import adamax_eps_inside_elements as adamax_eps_inside_elements
    from .adamax import adamax_eps_inside_scalars as adamax_eps_inside_scalars
    from .adamax import adamax_scalars as adamax_scalars
    from .adamc import AdamC as AdamC
    from .adamc import adamc_elements as adamc_elements
    from .adamc import adamc_scalars as adamc_scalars
    from .adamg import AdamG as AdamG
    from .adamg import adamg_elements as adamg_elements
    from .adamg import adamg_scalars as adamg_scalars
    from .adamod import AdaMod as AdaMod
    from .adamod import AdaModCorrected as AdaModCorrected
    from .adamod import adamod_corrected_elements as adamod_corrected_elements
    from .adamod import adamod_corrected_scalars as adamod_corrected_scalars
    from .adamod import adamod_elements as adamod_elements
    from .adamod import adamod_scalars as adamod_scalars
    from .adams import AdamS as AdamS
    from .adams import adams_elements as adams_elements
    from .adams import adams_scalars as adams_scalars
    from .adams import adams_summands as adams_summands
    from .adams import adams_sums as adams_sums
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
    from .adamw import adamaxw_elements as adamaxw_elements
    from .adamw import adamaxw_scalars as adamaxw_scalars
    from .adamw import adamw_after_elements as adamw_after_elements
    from .adamw import adamw_after_scalars as adamw_after_scalars
    from .adamw import adamw_elements as adamw_elements
    from .adamw import adamw_eps_hat_elements as adamw_eps_hat_elements
    from .adamw import adamw_eps_hat_scalars as adamw_eps_hat_scalars
    from .adamw import adamw_scalars as adamw_scalars
    from .adamw import adamw_unscaled_elements as adamw_unscaled_elements
    from .adamw import (
        adamw_unscaled_eps_hat_elements as adamw_unscaled_eps_hat_elements,
    )
    from .adamw import adamw_unscaled_eps_hat_scalars as adamw_unscaled_eps_hat_scalars
    from .adamw import adamw_unscaled_scalars as adamw_unscaled_scalars
    from .adamw import amsgradw_elements as amsgradw_elements
    from .adamw import amsgradw_eps_hat_elements as amsgradw_eps_hat_elements
    from .adamw import amsgradw_eps_hat_scalars as amsgradw_eps_hat_scalars
    from .adamw import amsgradw_scalars as amsgradw_scalars
    from .adamw import nadamw_elements as nadamw_elements
    from .adamw import nadamw_scalars as nadamw_scalars
    from .adamw import nadamw_shared as nadamw_shared
    from .adamw import nadamw_simple_elements as nadamw_simple_elements
    from .adamw import nadamw_simple_scalars as nadamw_simple_scalars
    from .adamw import radamw_elements as radamw_elements
    from .adamw import radamw_scalars as radamw_scalars
    from .adan import Adan as Adan
    from .adan import AdanOptax as AdanOptax
    from .adan import AdanProximal as AdanProximal
    from .adan import adan_elements as adan_elements
    from .adan import adan_optax_elements as adan_optax_elements
    from .adan import adan_optax_scalars as adan_optax_scalars
    from .adan import adan_proximal_elements as adan_proximal_elements
    from .adan import adan_proximal_scalars as adan_proximal_scalars
    from .adan import adan_scalars as adan_scalars
    from .adanorm import AdaNorm as AdaNorm
    from .adanorm import adanorm_elements as adanorm_elements
    from .adanorm import adanorm_per_array as adanorm_per_array
    from .adanorm import adanorm_scalars as adanorm_scalars
    from .adanorm import adanorm_summands as adanorm_summands
    from .adanorm import adanorm_sums as adanorm_sums
    from .adashift import AdaShift as AdaShift
    from .adashift import adashift_elements as adashift_elements
    from .adashift import adashift_scalars as adashift_scalars
    from .adasmooth import AdaSmooth as AdaSmooth
    from .adasmooth import adasmooth_elements as adasmooth_elements
    from .adasmooth import adasmooth_scalars as adasmooth_scalars
    from .ademamix import AdEMAMix as AdEMAMix
    from .ademamix import AdEMAMixScheduled as AdEMAMixScheduled
    from .ademamix import SimplifiedAdEMAMix as SimplifiedAdEMAMix
    from .ademamix import ademamix_elements as ademamix_elements
    from .ademamix import ademamix_scalars as ademamix_scalars
    from .ademamix import ademamix_scheduled_elements as ademamix_scheduled_elements
    from .ademamix import ademamix_scheduled_scalars as ademamix_scheduled_scalars
    from .ademamix import simplified_ademamix_elements as simplified_ademamix_elements
    from .ademamix import simplified_ademamix_scalars as simplified_ademamix_scalars
    from .adopt import ADOPT as ADOPT
    from .adopt import ADOPTUnclipped as ADOPTUnclipped
    from .adopt import adopt_elements as adopt_elements
    from .adopt import adopt_scalars as adopt_scalars
    from .adopt import adopt_unclipped_elements as adopt_unclipped_elements
    from .adopt import adopt_unclipped_scalars as adopt_unclipped_scalars
    from .aggmo import AggMo as AggMo
    from .aggmo import aggmo_elements as aggmo_elements
    from .aggmo import aggmo_scalars as aggmo_scalars
    from .aida import Aida as Aida
    from .aida import aida_elements as aida_elements
    from .aida import aida_scalars as aida_scalars
    from .aida import aida_summands as aida_summands
    from .aida import aida_sums as aida_sums
    from .alig import AliG as AliG
    from .alig import alig_elements as alig_elements
    from .alig import alig_scalars as alig_scalars
    from .alig import alig_summands as alig_summands
    from .alig import alig_sums as alig_sums
    from .amos import Amos as Amos
    from .amos import amos_elements as amos_elements
    from .amos import amos_per_array as amos_per_array
    from .amos import amos_scalars as amos_scalars
    from .amos import amos_summands as amos_summands
    from .amos import amos_sums as amos_sums
    from .amsgrad import AMSGrad as AMSGrad
    from .amsgrad import AMSGradCorrected as AMSGradCorrected
    from .amsgrad import AMSGradEpsHat as AMSGradEpsHat
    from .amsgrad import AMSGradEpsRoot as AMSGradEpsRoot
    from .amsgrad import AMSGradFirstCorrected as AMSGradFirstCorrected
    from .amsgrad import AMSGradSecondCorrected as AMSGradSecondCorrected
    from .amsgrad import AMSGradUncorrected as AMSGradUncorrected
    from .amsgrad import amsgrad_corrected_elements as amsgrad_corrected_elements
    from .amsgrad import amsgrad_corrected_scalars as amsgrad_corrected_scalars
    from .amsgrad import amsgrad_elements as amsgrad_elements
    from .amsgrad import amsgrad_eps_hat_elements as amsgrad_eps_hat_elements
    from .amsgrad import amsgrad_eps_hat_scalars as amsgrad_eps_hat_scalars
    from .amsgrad import amsgrad_eps_root_elements as amsgrad_eps_root_elements
    from .amsgrad import amsgrad_eps_root_scalars as amsgrad_eps_root_scalars
    from .amsgrad import (
        amsgrad_first_corrected_elements as amsgrad_first_corrected_elements,
    )
    from .amsgrad import (
        amsgrad_first_corrected_scalars as amsgrad_first_corrected_scalars,
    )
    from .amsgrad import amsgrad_scalars as amsgrad_scalars
    from .amsgrad import (
        amsgrad_second_corrected_elements as amsgrad_second_corrected_elements,
    )
    from .amsgrad import (
        amsgrad_second_corrected_scalars as amsgrad_second_corrected_scalars,
    )
    from .amsgrad import amsgrad_uncorrected_elements as amsgrad_uncorrected_elements
    from .amsgrad import amsgrad_uncorrected_scalars as amsgrad_uncorrected_scalars
    from .ano import Ano as Ano
    from .ano import Anolog as Anolog
    from .ano import ano_elements as ano_elements
    from .ano import ano_scalars as ano_scalars
    from .ano import anolog_elements as anolog_elements
    from .ano import anolog_scalars as anolog_scalars
    from .apollo import Apollo as Apollo
    from .apollo import apollo_elements as apollo_elements
    from .apollo import apollo_scalars as apollo_scalars
    from .apollo import apollo_summands as apollo_summands
    from .apollo import apollo_sums as apollo_sums
    from .asgd import ASGD as ASGD
    from .asgd import asgd_elements as asgd_elements
    from .asgd import asgd_scalars as asgd_scalars
    from .asgd import asgd_shared as asgd_shared
    from .bcos import BCOS as BCOS
    from .bcos import BCOSGradient as BCOSGradient
    from .bcos import BCOSMomentum as BCOSMomentum
    from .bcos import bcos_elements as bcos_elements
    from .bcos import bcos_gradient_elements as bcos_gradient_elements
    from .bcos import bcos_gradient_scalars as bcos_gradient_scalars
    from .bcos import bcos_momentum_elements as bcos_momentum_elements
    from .bcos import bcos_momentum_scalars as bcos_momentum_scalars
    from .bcos import bcos_scalars as bcos_scalars
    from .cautious import AdamWCautiousDecay as AdamWCautiousDecay
    from .cautious import CautiousAdamWUnscaled as CautiousAdamWUnscaled
    from .cautious import CautiousLionUnscaled as CautiousLionUnscaled
    from .cautious import Grams as Grams
    from .cautious import cautious_adamw_elements as cautious_adamw_elements
    from .cautious import cautious_adamw_scalars as cautious_adamw_scalars
    from .cautious import cautious_decay_elements as cautious_decay_elements
    from .cautious import cautious_decay_scalars as cautious_decay_scalars
    from .cautious import cautious_lion_elements as cautious_lion_elements
    from .cautious import cautious_lion_scalars as cautious_lion_scalars
    from .cautious import grams_elements as grams_elements
    from .cautious import grams_scalars as grams_scalars
    from .cocob import COCOB as COCOB
    from .cocob import cocob_elements as cocob_elements
    from .cocob import cocob_scalars as cocob_scalars
    from .dadaptation import DAdaptAdaGrad as DAdaptAdaGrad
    from .dadaptation import DAdaptAdamW as DAdaptAdamW
    from .dadaptation import DAdaptLion as DAdaptLion
    from .dadaptation import DAdaptSGD as DAdaptSGD
    from .dadaptation import dadapt_adagrad_elements as dadapt_adagrad_elements
    from .dadaptation import dadapt_adagrad_scalars as dadapt_adagrad_scalars
    from .dadaptation import dadapt_adagrad_shared as dadapt_adagrad_shared
    from .dadaptation import dadapt_adagrad_summands as dadapt_adagrad_summands
    from .dadaptation import dadapt_adagrad_sums as dadapt_adagrad_sums
    from .dadaptation import dadapt_adamw_elements as dadapt_adamw_elements
    from .dadaptation import dadapt_adamw_scalars as dadapt_adamw_scalars
    from .dadaptation import dadapt_adamw_shared as dadapt_adamw_shared
    from .dadaptation import dadapt_adamw_summands as dadapt_adamw_summands
    from .dadaptation import dadapt_adamw_sums as dadapt_adamw_sums
    from .dadaptation import dadapt_lion_elements as dadapt_lion_elements
    from .dadaptation import dadapt_lion_scalars as dadapt_lion_scalars
    from .dadaptation import dadapt_lion_shared as dadapt_lion_shared
    from .dadaptation import dadapt_lion_summands as dadapt_lion_summands
    from .dadaptation import dadapt_lion_sums as dadapt_lion_sums
    from .dadaptation import dadapt_sgd_elements as dadapt_sgd_elements
    from .dadaptation import dadapt_sgd_scalars as dadapt_sgd_scalars
    from .dadaptation import dadapt_sgd_shared as dadapt_sgd_shared
    from .dadaptation import dadapt_sgd_summands as dadapt_sgd_summands
    from .dadaptation import dadapt_sgd_sums as dadapt_sgd_sums
    from .diffgrad import DiffGrad as DiffGrad
    from .diffgrad import diffgrad_elements as diffgrad_elements
    from .diffgrad import diffgrad_scalars as diffgrad_scalars
    from .dog import DoG as DoG
    from .dog import DoWG as DoWG
    from .dog import dog_elements as dog_elements
    from .dog import dog_scalars as dog_scalars
    from .dog import dog_shared as dog_shared
    from .dog import dog_summands as dog_summands
    from .dog import dog_sums as dog_sums
    from .dog import dowg_elements as dowg_elements
    from .dog import dowg_scalars as dowg_scalars
    from .dog import dowg_shared as dowg_shared
    from .dog import dowg_summands as dowg_summands
    from .dog import dowg_sums as dowg_sums
    from .dualadam import DualAdam as DualAdam
    from .dualadam import InvAdam as InvAdam
    from .dualadam import dualadam_elements as dualadam_elements
    from .dualadam import dualadam_scalars as dualadam_scalars
    from .dualadam import invadam_elements as invadam_elements
    from .dualadam import invadam_scalars as invadam_scalars
    from .exadam import EXAdam as EXAdam
    from .exadam import exadam_elements as exadam_elements
    from .exadam import exadam_scalars as exadam_scalars
    from .focus import FOCUS as FOCUS
    from .focus import focus_elements as focus_elements
    from .focus import focus_scalars as focus_scalars
    from .fromage import Fromage as Fromage
    from .fromage import fromage_elements as fromage_elements
    from .fromage import fromage_scalars as fromage_scalars
    from .fromage import fromage_summands as fromage_summands
    from .fromage import fromage_sums as fromage_sums
    from .ftrl import FTRL as FTRL
    from .ftrl import FTRLKeras as FTRLKeras
    from .ftrl import ftrl_elements as ftrl_elements
    from .ftrl import ftrl_keras_elements as ftrl_keras_elements
    from .ftrl import ftrl_keras_scalars as ftrl_keras_scalars
    from .ftrl import ftrl_scalars as ftrl_scalars
    from .grokfast import GrokfastAdamW as GrokfastAdamW
    from .grokfast import grokfast_adamw_elements as grokfast_adamw_elements
    from .grokfast import grokfast_adamw_scalars as grokfast_adamw_scalars
    from .kate import KATE as KATE
    from .kate import kate_elements as kate_elements
    from .kate import kate_scalars as kate_scalars
    from .lamb import LAMB as LAMB
    from .lamb import LAMBUncorrected as LAMBUncorrected
    from .lamb import lamb_elements as lamb_elements
    from .lamb import lamb_scalars as lamb_scalars
    from .lamb import lamb_summands as lamb_summands
    from .lamb import lamb_sums as lamb_sums
    from .lamb import lamb_uncorrected_elements as lamb_uncorrected_elements
    from .lamb import lamb_uncorrected_scalars as lamb_uncorrected_scalars
    from .lamb import lamb_uncorrected_summands as lamb_uncorrected_summands
    from .lamb import lamb_uncorrected_sums as lamb_uncorrected_sums
    from .laprop import LaProp as LaProp
    from .laprop import laprop_elements as laprop_elements
    from .laprop import laprop_scalars as laprop_scalars
    from .lars import LARS as LARS
    from .lars import LARSSumOfNorms as LARSSumOfNorms
    from .lars import lars_elements as lars_elements
    from .lars import lars_scalars as lars_scalars
    from .lars import lars_sum_of_norms_elements as lars_sum_of_norms_elements
    from .lars import lars_sum_of_norms_scalars as lars_sum_of_norms_scalars
    from .lars import lars_sum_of_norms_summands as lars_sum_of_norms_summands
    from .lars import lars_sum_of_norms_sums as lars_sum_of_norms_sums
    from .lars import lars_summands as lars_summands
    from .lars import lars_sums as lars_sums
    from .lookahead import LookaheadAdam as LookaheadAdam
    from .lookahead import LookaheadAdjusted as LookaheadAdjusted
    from .lookahead import LookaheadSGD as LookaheadSGD
    from .lookahead import lookahead_adam_elements as lookahead_adam_elements
    from .lookahead import lookahead_adam_scalars as lookahead_adam_scalars
    from .lookahead import lookahead_adjusted_elements as lookahead_adjusted_elements
    from .lookahead import lookahead_adjusted_scalars as lookahead_adjusted_scalars
    from .lookahead import lookahead_sgd_elements as lookahead_sgd_elements
    from .lookahead import lookahead_sgd_scalars as lookahead_sgd_scalars
    from .madgrad import MADGRAD as MADGRAD
    from .madgrad import MADGRADEpsInLr as MADGRADEpsInLr
    from .madgrad import madgrad_elements as madgrad_elements
    from .madgrad import madgrad_eps_in_lr_elements as madgrad_eps_in_lr_elements
    from .madgrad import madgrad_eps_in_lr_scalars as madgrad_eps_in_lr_scalars
    from .madgrad import madgrad_scalars as madgrad_scalars
    from .mars import MARSAdamW as MARSAdamW
    from .mars import MARSLion as MARSLion
    from .mars import mars_adamw_elements as mars_adamw_elements
    from .mars import mars_adamw_scalars as mars_adamw_scalars
    from .mars import mars_lion_elements as mars_lion_elements
    from .mars import mars_lion_scalars as mars_lion_scalars
    from .mechanic import MechanicAdamW as MechanicAdamW
    from .mechanic import MechanicSGD as MechanicSGD
    from .mechanic import mechanic_adamw_elements as mechanic_adamw_elements
    from .mechanic import mechanic_adamw_scalars as mechanic_adamw_scalars
    from .mechanic import mechanic_adamw_shared as mechanic_adamw_shared
    from .mechanic import mechanic_adamw_summands as mechanic_adamw_summands
    from .mechanic import mechanic_adamw_sums as mechanic_adamw_sums
    from .mechanic import mechanic_sgd_elements as mechanic_sgd_elements
    from .mechanic import mechanic_sgd_scalars as mechanic_sgd_scalars
    from .mechanic import mechanic_sgd_shared as mechanic_sgd_shared
    from .mechanic import mechanic_sgd_summands as mechanic_sgd_summands
    from .mechanic import mechanic_sgd_sums as mechanic_sgd_sums
    from .momentum import QHM as QHM
    from .momentum import DampedBall as DampedBall
    from .momentum import HeavyBall as HeavyBall
    from .momentum import MomentumBuffer as MomentumBuffer
    from .momentum import MomentumDampened as MomentumDampened
    from .momentum import MomentumEMA as MomentumEMA
    from .momentum import damped_ball_elements as damped_ball_elements
    from .momentum import damped_ball_scalars as damped_ball_scalars
    from .momentum import heavy_ball_elements as heavy_ball_elements
    from .momentum import heavy_ball_scalars as heavy_ball_scalars
    from .momentum import momentum_buffer_elements as momentum_buffer_elements
    from .momentum import momentum_buffer_scalars as momentum_buffer_scalars
    from .momentum import momentum_dampened_elements as momentum_dampened_elements
    from .momentum import momentum_dampened_scalars as momentum_dampened_scalars
    from .momentum import momentum_ema_elements as momentum_ema_elements
    from .momentum import momentum_ema_scalars as momentum_ema_scalars
    from .momentum import qhm_elements as qhm_elements
    from .momentum import qhm_scalars as qhm_scalars
    from .momo import MoMo as MoMo
    from .momo import MoMoAdam as MoMoAdam
    from .momo import MoMoAdamStar as MoMoAdamStar
    from .momo import MoMoStar as MoMoStar
    from .momo import momo_adam_elements as momo_adam_elements
    from .momo import momo_adam_scalars as momo_adam_scalars
    from .momo import momo_adam_shared as momo_adam_shared
    from .momo import momo_adam_star_elements as momo_adam_star_elements
    from .momo import momo_adam_star_scalars as momo_adam_star_scalars
    from .momo import momo_adam_star_shared as momo_adam_star_shared
    from .momo import momo_adam_star_summands as momo_adam_star_summands
    from .momo import momo_adam_star_sums as momo_adam_star_sums
    from .momo import momo_adam_summands as momo_adam_summands
    from .momo import momo_adam_sums as momo_adam_sums
    from .momo import momo_elements as momo_elements
    from .momo import momo_scalars as momo_scalars
    from .momo import momo_shared as momo_shared
    from .momo import momo_star_elements as momo_star_elements
    from .momo import momo_star_scalars as momo_star_scalars
    from .momo import momo_star_shared as momo_star_shared
    from .momo import momo_star_summands as momo_star_summands
    from .momo import momo_star_sums as momo_star_sums
    from .momo import momo_summands as momo_summands
    from .momo import momo_sums as momo_sums
    from .msvag import MSVAG as MSVAG
    from .msvag import MSVAGW as MSVAGW
    from .msvag import msvag_decay_elements as msvag_decay_elements
    from .msvag import msvag_decay_scalars as msvag_decay_scalars
    from .msvag import msvag_elements as msvag_elements
    from .msvag import msvag_scalars as msvag_scalars
    from .nadam import NAdam as NAdam
    from .nadam import NAdamKeras as NAdamKeras
    from .nadam import NAdamSimple as NAdamSimple
    from .nadam import nadam_elements as nadam_elements
    from .nadam import nadam_keras_elements as nadam_keras_elements
    from .nadam import nadam_keras_scalars as nadam_keras_scalars
    from .nadam import nadam_keras_shared as nadam_keras_shared
    from .nadam import nadam_scalars as nadam_scalars
    from .nadam import nadam_shared as nadam_shared
    from .nadam import nadam_simple_elements as nadam_simple_elements
    from .nadam import nadam_simple_scalars as nadam_simple_scalars
    from .nesterov import Nesterov as Nesterov
    from .nesterov import NesterovLookahead as NesterovLookahead
    from .nesterov import NesterovVelocity as NesterovVelocity
    from .nesterov import nesterov_elements as nesterov_elements
    from .nesterov import nesterov_lookahead_elements as nesterov_lookahead_elements
    from .nesterov import nesterov_lookahead_scalars as nesterov_lookahead_scalars
    from .nesterov import nesterov_scalars as nesterov_scalars
    from .nesterov import nesterov_velocity_elements as nesterov_velocity_elements
    from .nesterov import nesterov_velocity_scalars as nesterov_velocity_scalars
    from .novograd import NovoGrad as NovoGrad
    from .novograd import NovoGradW as NovoGradW
    from .novograd import novograd_decoupled_elements as novograd_decoupled_elements
    from .novograd import novograd_decoupled_per_array as novograd_decoupled_per_array
    from .novograd import novograd_decoupled_scalars as novograd_decoupled_scalars
    from .novograd import novograd_decoupled_summands as novograd_decoupled_summands
    from .novograd import novograd_decoupled_sums as novograd_decoupled_sums
    from .novograd import novograd_elements as novograd_elements
    from .novograd import novograd_per_array as novograd_per_array
    from .novograd import novograd_scalars as novograd_scalars
    from .novograd import novograd_summands as novograd_summands
    from .novograd import novograd_sums as novograd_sums
    from .optimistic import OptimisticAdam as OptimisticAdam
    from .optimistic import OptimisticGD as OptimisticGD
    from .optimistic import OptimisticNAdam as OptimisticNAdam
    from .optimistic import optimistic_adam_elements as optimistic_adam_elements
    from .optimistic import optimistic_adam_scalars as optimistic_adam_scalars
    from .optimistic import optimistic_gd_elements as optimistic_gd_elements
    from .optimistic import optimistic_gd_scalars as optimistic_gd_scalars
    from .optimistic import optimistic_nadam_elements as optimistic_nadam_elements
    from .optimistic import optimistic_nadam_scalars as optimistic_nadam_scalars
    from .padam import Padam as Padam
    from .padam import PadamCorrected as PadamCorrected
    from .padam import padam_corrected_elements as padam_corrected_elements
    from .padam import padam_corrected_scalars as padam_corrected_scalars
    from .padam import padam_elements as padam_elements
    from .padam import padam_scalars as padam_scalars
    from .pid import PID as PID
    from .pid import pid_elements as pid_elements
    from .pid import pid_scalars as pid_scalars
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
    from .pnm import adapnm_elements as adapnm_elements
    from .pnm import adapnm_scalars as adapnm_scalars
    from .pnm import pnm_elements as pnm_elements
    from .pnm import pnm_scalars as pnm_scalars
    from .polyak import PolyakSGD as PolyakSGD
    from .polyak import PolyakSGDPlus as PolyakSGDPlus
    from .polyak import PolyakSGDPlusScaled as PolyakSGDPlusScaled
    from .polyak import PolyakSGDScaled as PolyakSGDScaled
    from .polyak import polyak_sgd_elements as polyak_sgd_elements
    from .polyak import polyak_sgd_plus_elements as polyak_sgd_plus_elements
    from .polyak import polyak_sgd_plus_scalars as polyak_sgd_plus_scalars
    from .polyak import (
        polyak_sgd_plus_scaled_elements as polyak_sgd_plus_scaled_elements,
    )
    from .polyak import polyak_sgd_plus_scaled_scalars as polyak_sgd_plus_scaled_scalars
    from .polyak import (
        polyak_sgd_plus_scaled_summands as polyak_sgd_plus_scaled_summands,
    )
    from .polyak import polyak_sgd_plus_scaled_sums as polyak_sgd_plus_scaled_sums
    from .polyak import polyak_sgd_plus_summands as polyak_sgd_plus_summands
    from .polyak import polyak_sgd_plus_sums as polyak_sgd_plus_sums
    from .polyak import polyak_sgd_scalars as polyak_sgd_scalars
    from .polyak import polyak_sgd_scaled_elements as polyak_sgd_scaled_elements
    from .polyak import polyak_sgd_scaled_scalars as polyak_sgd_scaled_scalars
    from .polyak import polyak_sgd_scaled_summands as polyak_sgd_scaled_summands
    from .polyak import polyak_sgd_scaled_sums as polyak_sgd_scaled_sums
    from .polyak import polyak_sgd_summands as polyak_sgd_summands
    from .polyak import polyak_sgd_sums as polyak_sgd_sums
    from .prodigy import Prodigy as Prodigy
    from .prodigy import prodigy_elements as prodigy_elements
    from .prodigy import prodigy_scalars as prodigy_scalars
    from .prodigy import prodigy_shared as prodigy_shared
    from .prodigy import prodigy_summands as prodigy_summands
    from .prodigy import prodigy_sums as prodigy_sums
    from .qhadam import QHAdam as QHAdam
    from .qhadam import qhadam_elements as qhadam_elements
    from .qhadam import qhadam_scalars as qhadam_scalars
    from .radam import RAdam as RAdam
    from .radam import RAdamEpsHat as RAdamEpsHat
    from .radam import RAdamNesterov as RAdamNesterov
    from .radam import RAdamThreshold as RAdamThreshold
    from .radam import radam_elements as radam_elements
    from .radam import radam_eps_hat_elements as radam_eps_hat_elements
    from .radam import radam_eps_hat_scalars as radam_eps_hat_scalars
    from .radam import radam_nesterov_elements as radam_nesterov_elements
    from .radam import radam_nesterov_scalars as radam_nesterov_scalars
    from .radam import radam_scalars as radam_scalars
    from .radam import radam_threshold_elements as radam_threshold_elements
    from .radam import radam_threshold_scalars as radam_threshold_scalars
    from .ranger import Ranger as Ranger
    from .ranger import ranger_elements as ranger_elements
    from .ranger import ranger_scalars as ranger_scalars
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
    from .rmsprop import rmsprop_centered_elements as rmsprop_centered_elements
    from .rmsprop import (
        rmsprop_centered_eps_inside_elements as rmsprop_centered_eps_inside_elements,
    )
    from .rmsprop import (
        rmsprop_centered_eps_inside_scalars as rmsprop_centered_eps_inside_scalars,
    )
    from .rmsprop import (
        rmsprop_centered_momentum_elements as rmsprop_centered_momentum_elements,
    )
    from .rmsprop import (
        rmsprop_centered_momentum_scalars as rmsprop_centered_momentum_scalars,
    )
    from .rmsprop import (
        rmsprop_centered_nesterov_elements as rmsprop_centered_nesterov_elements,
    )
    from .rmsprop import (
        rmsprop_centered_nesterov_scalars as rmsprop_centered_nesterov_scalars,
    )
    from .rmsprop import rmsprop_centered_scalars as rmsprop_centered_scalars
    from .rmsprop import rmsprop_corrected_elements as rmsprop_corrected_elements
    from .rmsprop import rmsprop_corrected_scalars as rmsprop_corrected_scalars
    from .rmsprop import rmsprop_elements as rmsprop_elements
    from .rmsprop import rmsprop_eps_inside_elements as rmsprop_eps_inside_elements
    from .rmsprop import rmsprop_eps_inside_scalars as rmsprop_eps_inside_scalars
    from .rmsprop import rmsprop_graves_elements as rmsprop_graves_elements
    from .rmsprop import rmsprop_graves_scalars as rmsprop_graves_scalars
    from .rmsprop import rmsprop_momentum_elements as rmsprop_momentum_elements
    from .rmsprop import (
        rmsprop_momentum_eps_inside_elements as rmsprop_momentum_eps_inside_elements,
    )
    from .rmsprop import (
        rmsprop_momentum_eps_inside_scalars as rmsprop_momentum_eps_inside_scalars,
    )
    from .rmsprop import (
        rmsprop_momentum_lr_inside_elements as rmsprop_momentum_lr_inside_elements,
    )
    from .rmsprop import (
        rmsprop_momentum_lr_inside_scalars as rmsprop_momentum_lr_inside_scalars,
    )
    from .rmsprop import rmsprop_momentum_scalars as rmsprop_momentum_scalars
    from .rmsprop import rmsprop_nesterov_elements as rmsprop_nesterov_elements
    from .rmsprop import rmsprop_nesterov_scalars as rmsprop_nesterov_scalars
    from .rmsprop import rmsprop_scalars as rmsprop_scalars
    from .rmsprop import rmsprop_warm_elements as rmsprop_warm_elements
    from .rmsprop import rmsprop_warm_scalars as rmsprop_warm_scalars
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
        schedule_free_adamw_elements as schedule_free_adamw_elements,
    )
    from .schedule_free import (
        schedule_free_adamw_keras_elements as schedule_free_adamw_keras_elements,
    )
    from .schedule_free import (
        schedule_free_adamw_keras_scalars as schedule_free_adamw_keras_scalars,
    )
    from .schedule_free import (
        schedule_free_adamw_optax_elements as schedule_free_adamw_optax_elements,
    )
    from .schedule_free import (
        schedule_free_adamw_optax_scalars as schedule_free_adamw_optax_scalars,
    )
    from .schedule_free import (
        schedule_free_adamw_optax_shared as schedule_free_adamw_optax_shared,
    )
    from .schedule_free import (
        schedule_free_adamw_printed_elements as schedule_free_adamw_printed_elements,
    )
    from .schedule_free import (
        schedule_free_adamw_printed_scalars as schedule_free_adamw_printed_scalars,
    )
    from .schedule_free import (
        schedule_free_adamw_printed_shared as schedule_free_adamw_printed_shared,
    )
    from .schedule_free import (
        schedule_free_adamw_scalars as schedule_free_adamw_scalars,
    )
    from .schedule_free import schedule_free_adamw_shared as schedule_free_adamw_shared
    from .schedule_free import (
        schedule_free_adamw_two_rates_elements as schedule_free_adamw_two_rates_elements,
    )
    from .schedule_free import (
        schedule_free_adamw_two_rates_scalars as schedule_free_adamw_two_rates_scalars,
    )
    from .schedule_free import (
        schedule_free_adamw_two_rates_shared as schedule_free_adamw_two_rates_shared,
    )
    from .schedule_free import (
        schedule_free_radam_elements as schedule_free_radam_elements,
    )
    from .schedule_free import (
        schedule_free_radam_scalars as schedule_free_radam_scalars,
    )
    from .schedule_free import schedule_free_radam_shared as schedule_free_radam_shared
    from .schedule_free import schedule_free_sgd_elements as schedule_free_sgd_elements
    from .schedule_free import (
        schedule_free_sgd_mean_elements as schedule_free_sgd_mean_elements,
    )
    from .schedule_free import (
        schedule_free_sgd_mean_scalars as schedule_free_sgd_mean_scalars,
    )
    from .schedule_free import (
        schedule_free_sgd_optax_elements as schedule_free_sgd_optax_elements,
    )
    from .schedule_free import (
        schedule_free_sgd_optax_scalars as schedule_free_sgd_optax_scalars,
    )
    from .schedule_free import (
        schedule_free_sgd_optax_shared as schedule_free_sgd_optax_shared,
    )
    from .schedule_free import schedule_free_sgd_scalars as schedule_free_sgd_scalars
    from .schedule_free import (
        schedule_free_sgd_two_rates_elements as schedule_free_sgd_two_rates_elements,
    )
    from .schedule_free import (
        schedule_free_sgd_two_rates_scalars as schedule_free_sgd_two_rates_scalars,
    )
    from .schedule_free import (
        schedule_free_sgd_two_rates_shared as schedule_free_sgd_two_rates_shared,
    )
    from .schedule_free import (
        schedule_free_sgd_weighted_elements as schedule_free_sgd_weighted_elements,
    )
    from .schedule_free import (
        schedule_free_sgd_weighted_scalars as schedule_free_sgd_weighted_scalars,
    )
    from .schedule_free import (
        schedule_free_sgd_weighted_shared as schedule_free_sgd_weighted_shared,
    )
    from .sgd import SGD as SGD
    from .sgd import sgd_elements as sgd_elements
    from .sgd import sgd_scalars as sgd_scalars
    from .sgdsai import SGDSaI as SGDSaI
    from .sgdsai import sgdsai_elements as sgdsai_elements
    from .sgdsai import sgdsai_per_array as sgdsai_per_array
    from .sgdsai import sgdsai_scalars as sgdsai_scalars
    from .sgdsai import sgdsai_summands as sgdsai_summands
    from .sgdsai import sgdsai_sums as sgdsai_sums
    from .sgdw import SGDW as SGDW
    from .sgdw import SGDWBuffer as SGDWBuffer
    from .sgdw import SGDWNesterov as SGDWNesterov
    from .sgdw import sgdw_buffer_elements as sgdw_buffer_elements
    from .sgdw import sgdw_buffer_scalars as sgdw_buffer_scalars
    from .sgdw import sgdw_elements as sgdw_elements
    from .sgdw import sgdw_nesterov_elements as sgdw_nesterov_elements
    from .sgdw import sgdw_nesterov_scalars as sgdw_nesterov_scalars
    from .sgdw import sgdw_scalars as sgdw_scalars
    from .sign import Lion as Lion
    from .sign import Rprop as Rprop
    from .sign import RpropClamped as RpropClamped
    from .sign import SignSGD as SignSGD
    from .sign import Signum as Signum
    from .sign import lion_elements as lion_elements
    from .sign import lion_scalars as lion_scalars
    from .sign import rprop_clamped_elements as rprop_clamped_elements
    from .sign import rprop_clamped_scalars as rprop_clamped_scalars
    from .sign import rprop_elements as rprop_elements
    from .sign import rprop_scalars as rprop_scalars
    from .sign import sign_sgd_elements as sign_sgd_elements
    from .sign import sign_sgd_scalars as sign_sgd_scalars
    from .sign import signum_elements as signum_elements
    from .sign import signum_scalars as signum_scalars
    from .smorms3 import SMORMS3 as SMORMS3
    from .smorms3 import smorms3_elements as smorms3_elements
    from .smorms3 import smorms3_scalars as smorms3_scalars
    from .sophia import Sophia as Sophia
    from .sophia import SophiaDelayed as SophiaDelayed
    from .sophia import sophia_delayed_elements as sophia_delayed_elements
    from .sophia import sophia_delayed_scalars as sophia_delayed_scalars
    from .sophia import sophia_elements as sophia_elements
    from .sophia import sophia_scalars as sophia_scalars
    from .sparse import SparseAdam as SparseAdam
    from .sparse import sparse_adam_elements as sparse_adam_elements
    from .sparse import sparse_adam_scalars as sparse_adam_scalars
    from .srmm import SRMM as SRMM
    from .srmm import srmm_elements as srmm_elements
    from .srmm import srmm_scalars as srmm_scalars
    from .stableadamw import StableAdamW as StableAdamW
    from .stableadamw import stable_adamw_elements as stable_adamw_elements
    from .stableadamw import stable_adamw_scalars as stable_adamw_scalars
    from .stableadamw import stable_adamw_summands as stable_adamw_summands
    from .stableadamw import stable_adamw_sums as stable_adamw_sums
    from .tam import TAM as TAM
    from .tam import AdaTAM as AdaTAM
    from .tam import adatam_elements as adatam_elements
    from .tam import adatam_scalars as adatam_scalars
    from .tam import adatam_summands as adatam_summands
    from .tam import adatam_sums as adatam_sums
    from .tam import tam_elements as tam_elements
    from .tam import tam_scalars as tam_scalars
    from .tam import tam_summands as tam_summands
    from .tam import tam_sums as tam_sums
    from .tiger import Tiger as Tiger
    from .tiger import tiger_elements as tiger_elements
    from .tiger import tiger_scalars as tiger_scalars
    from .vsgd import VSGD as VSGD
    from .vsgd import vsgd_elements as vsgd_elements
    from .vsgd import vsgd_scalars as vsgd_scalars
    from .yogi import Yogi as Yogi
    from .yogi import YogiUncorrected as YogiUncorrected
    from .yogi import yogi_elements as yogi_elements
    from .yogi import yogi_scalars as yogi_scalars
    from .yogi import yogi_uncorrected_elements as yogi_uncorrected_elements
    from .yogi import yogi_uncorrected_scalars as yogi_uncorrected_scalars

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
    "a2grad_exp_elements": "a2grad",
    "a2grad_exp_per_array": "a2grad",
    "a2grad_exp_scalars": "a2grad",
    "a2grad_exp_summands": "a2grad",
    "a2grad_exp_sums": "a2grad",
    "a2grad_inc_elements": "a2grad",
    "a2grad_inc_per_array": "a2grad",
    "a2grad_inc_scalars": "a2grad",
    "a2grad_inc_summands": "a2grad",
    "a2grad_inc_sums": "a2grad",
    "a2grad_uni_elements": "a2grad",
    "a2grad_uni_per_array": "a2grad",
    "a2grad_uni_scalars": "a2grad",
    "a2grad_uni_summands": "a2grad",
    "a2grad_uni_sums": "a2grad",
    "accsgd_elements": "accsgd",
    "accsgd_scalars": "accsgd",
    "acprop_elements": "acprop",
    "acprop_scalars": "acprop",
    "adabelief_elements": "adabelief",
    "adabelief_nesterov_elements": "adabelief",
    "adabelief_nesterov_scalars": "adabelief",
    "adabelief_scalars": "adabelief",
    "adabound_elements": "adabound",
    "adabound_scalars": "adabound",
    "adadelta_elements": "adadelta",
    "adadelta_scalars": "adadelta",
    "adadelta_unit_first_elements": "adadelta",
    "adadelta_unit_first_scalars": "adadelta",
    "adadelta_unit_start_elements": "adadelta",
    "adadelta_unit_start_scalars": "adadelta",
    "adagc_elements": "adagc",
    "adagc_per_array": "adagc",
    "adagc_scalars": "adagc",
    "adagc_summands": "adagc",
    "adagc_sums": "adagc",
    "adagrad_decay_elements": "adagrad",
    "adagrad_decay_scalars": "adagrad",
    "adagrad_elements": "adagrad",
    "adagrad_eps_inside_elements": "adagrad",
    "adagrad_eps_inside_scalars": "adagrad",
    "adagrad_guarded_elements": "adagrad",
    "adagrad_guarded_scalars": "adagrad",
    "adagrad_rms_elements": "adagrad",
    "adagrad_rms_scalars": "adagrad",
    "adagrad_scalars": "adagrad",
    "adahessian_elements": "adahessian",
    "adahessian_scalars": "adahessian",
    "adai_elements": "adai",
    "adai_scalars": "adai",
    "adai_summands": "adai",
    "adai_sums": "adai",
    "adam_elements": "adam",
    "adam_eps_hat_elements": "adam",
    "adam_eps_hat_scalars": "adam",
    "adam_eps_inside_elements": "adam",
    "adam_eps_inside_scalars": "adam",
    "adam_eps_root_elements": "adam",
    "adam_eps_root_scalars": "adam",
    "adam_scalars": "adam",
    "adam_uncorrected_elements": "adam",
    "adam_uncorrected_eps_inside_elements": "adam",
    "adam_uncorrected_eps_inside_scalars": "adam",
    "adam_uncorrected_scalars": "adam",
    "adamax_elements": "adamax",
    "adamax_eps_inside_elements": "adamax",
    "adamax_eps_inside_scalars": "adamax",
    "adamax_scalars": "adamax",
    "adamaxw_elements": "adamw",
    "adamaxw_scalars": "adamw",
    "adamc_elements": "adamc",
    "adamc_scalars": "adamc",
    "adamg_elements": "adamg",
    "adamg_scalars": "adamg",
    "adamod_corrected_elements": "adamod",
    "adamod_corrected_scalars": "adamod",
    "adamod_elements": "adamod",
    "adamod_scalars": "adamod",
    "adams_elements": "adams",
    "adams_scalars": "adams",
    "adams_summands": "adams",
    "adams_sums": "adams",
    "adamw_after_elements": "adamw",
    "adamw_after_scalars": "adamw",
    "adamw_elements": "adamw",
    "adamw_eps_hat_elements": "adamw",
    "adamw_eps_hat_scalars": "adamw",
    "adamw_scalars": "adamw",
    "adamw_unscaled_elements": "adamw",
    "adamw_unscaled_eps_hat_elements": "adamw",
    "adamw_unscaled_eps_hat_scalars": "adamw",
    "adamw_unscaled_scalars": "adamw",
    "adan_elements": "adan",
    "adan_optax_elements": "adan",
    "adan_optax_scalars": "adan",
    "adan_proximal_elements": "adan",
    "adan_proximal_scalars": "adan",
    "adan_scalars": "adan",
    "adanorm_elements": "adanorm",
    "adanorm_per_array": "adanorm",
    "adanorm_scalars": "adanorm",
    "adanorm_summands": "adanorm",
    "adanorm_sums": "adanorm",
    "adapnm_elements": "pnm",
    "adapnm_scalars": "pnm",
    "adashift_elements": "adashift",
    "adashift_scalars": "adashift",
    "adasmooth_elements": "adasmooth",
    "adasmooth_scalars": "adasmooth",
    "adatam_elements": "tam",
    "adatam_scalars": "tam",
    "adatam_summands": "tam",
    "adatam_sums": "tam",
    "ademamix_elements": "ademamix",
    "ademamix_scalars": "ademamix",
    "ademamix_scheduled_elements": "ademamix",
    "ademamix_scheduled_scalars": "ademamix",
    "adopt_elements": "adopt",
    "adopt_scalars": "adopt",
    "adopt_unclipped_elements": "adopt",
    "adopt_unclipped_scalars": "adopt",
    "aggmo_elements": "aggmo",
    "aggmo_scalars": "aggmo",
    "aida_elements": "aida",
    "aida_scalars": "aida",
    "aida_summands": "aida",
    "aida_sums": "aida",
    "alig_elements": "alig",
    "alig_scalars": "alig",
    "alig_summands": "alig",
    "alig_sums": "alig",
    "amos_elements": "amos",
    "amos_per_array": "amos",
    "amos_scalars": "amos",
    "amos_summands": "amos",
    "amos_sums": "amos",
    "amsbound_elements": "adabound",
    "amsbound_scalars": "adabound",
    "amsgrad_corrected_elements": "amsgrad",
    "amsgrad_corrected_scalars": "amsgrad",
    "amsgrad_elements": "amsgrad",
    "amsgrad_eps_hat_elements": "amsgrad",
    "amsgrad_eps_hat_scalars": "amsgrad",
    "amsgrad_eps_root_elements": "amsgrad",
    "amsgrad_eps_root_scalars": "amsgrad",
    "amsgrad_first_corrected_elements": "amsgrad",
    "amsgrad_first_corrected_scalars": "amsgrad",
    "amsgrad_scalars": "amsgrad",
    "amsgrad_second_corrected_elements": "amsgrad",
    "amsgrad_second_corrected_scalars": "amsgrad",
    "amsgrad_uncorrected_elements": "amsgrad",
    "amsgrad_uncorrected_scalars": "amsgrad",
    "amsgradw_elements": "adamw",
    "amsgradw_eps_hat_elements": "adamw",
    "amsgradw_eps_hat_scalars": "adamw",
    "amsgradw_scalars": "adamw",
    "ano_elements": "ano",
    "ano_scalars": "ano",
    "anolog_elements": "ano",
    "anolog_scalars": "ano",
    "apollo_elements": "apollo",
    "apollo_scalars": "apollo",
    "apollo_summands": "apollo",
    "apollo_sums": "apollo",
    "asgd_elements": "asgd",
    "asgd_scalars": "asgd",
    "asgd_shared": "asgd",
    "bcos_elements": "bcos",
    "bcos_gradient_elements": "bcos",
    "bcos_gradient_scalars": "bcos",
    "bcos_momentum_elements": "bcos",
    "bcos_momentum_scalars": "bcos",
    "bcos_scalars": "bcos",
    "cautious_adamw_elements": "cautious",
    "cautious_adamw_scalars": "cautious",
    "cautious_decay_elements": "cautious",
    "cautious_decay_scalars": "cautious",
    "cautious_lion_elements": "cautious",
    "cautious_lion_scalars": "cautious",
    "cocob_elements": "cocob",
    "cocob_scalars": "cocob",
    "dadapt_adagrad_elements": "dadaptation",
    "dadapt_adagrad_scalars": "dadaptation",
    "dadapt_adagrad_shared": "dadaptation",
    "dadapt_adagrad_summands": "dadaptation",
    "dadapt_adagrad_sums": "dadaptation",
    "dadapt_adamw_elements": "dadaptation",
    "dadapt_adamw_scalars": "dadaptation",
    "dadapt_adamw_shared": "dadaptation",
    "dadapt_adamw_summands": "dadaptation",
    "dadapt_adamw_sums": "dadaptation",
    "dadapt_lion_elements": "dadaptation",
    "dadapt_lion_scalars": "dadaptation",
    "dadapt_lion_shared": "dadaptation",
    "dadapt_lion_summands": "dadaptation",
    "dadapt_lion_sums": "dadaptation",
    "dadapt_sgd_elements": "dadaptation",
    "dadapt_sgd_scalars": "dadaptation",
    "dadapt_sgd_shared": "dadaptation",
    "dadapt_sgd_summands": "dadaptation",
    "dadapt_sgd_sums": "dadaptation",
    "damped_ball_elements": "momentum",
    "damped_ball_scalars": "momentum",
    "diffgrad_elements": "diffgrad",
    "diffgrad_scalars": "diffgrad",
    "dog_elements": "dog",
    "dog_scalars": "dog",
    "dog_shared": "dog",
    "dog_summands": "dog",
    "dog_sums": "dog",
    "dowg_elements": "dog",
    "dowg_scalars": "dog",
    "dowg_shared": "dog",
    "dowg_summands": "dog",
    "dowg_sums": "dog",
    "dualadam_elements": "dualadam",
    "dualadam_scalars": "dualadam",
    "exadam_elements": "exadam",
    "exadam_scalars": "exadam",
    "focus_elements": "focus",
    "focus_scalars": "focus",
    "fromage_elements": "fromage",
    "fromage_scalars": "fromage",
    "fromage_summands": "fromage",
    "fromage_sums": "fromage",
    "ftrl_elements": "ftrl",
    "ftrl_keras_elements": "ftrl",
    "ftrl_keras_scalars": "ftrl",
    "ftrl_scalars": "ftrl",
    "grams_elements": "cautious",
    "grams_scalars": "cautious",
    "grokfast_adamw_elements": "grokfast",
    "grokfast_adamw_scalars": "grokfast",
    "heavy_ball_elements": "momentum",
    "heavy_ball_scalars": "momentum",
    "invadam_elements": "dualadam",
    "invadam_scalars": "dualadam",
    "kate_elements": "kate",
    "kate_scalars": "kate",
    "lamb_elements": "lamb",
    "lamb_scalars": "lamb",
    "lamb_summands": "lamb",
    "lamb_sums": "lamb",
    "lamb_uncorrected_elements": "lamb",
    "lamb_uncorrected_scalars": "lamb",
    "lamb_uncorrected_summands": "lamb",
    "lamb_uncorrected_sums": "lamb",
    "laprop_elements": "laprop",
    "laprop_scalars": "laprop",
    "lars_elements": "lars",
    "lars_scalars": "lars",
    "lars_sum_of_norms_elements": "lars",
    "lars_sum_of_norms_scalars": "lars",
    "lars_sum_of_norms_summands": "lars",
    "lars_sum_of_norms_sums": "lars",
    "lars_summands": "lars",
    "lars_sums": "lars",
    "lion_elements": "sign",
    "lion_scalars": "sign",
    "lookahead_adam_elements": "lookahead",
    "lookahead_adam_scalars": "lookahead",
    "lookahead_adjusted_elements": "lookahead",
    "lookahead_adjusted_scalars": "lookahead",
    "lookahead_sgd_elements": "lookahead",
    "lookahead_sgd_scalars": "lookahead",
    "madgrad_elements": "madgrad",
    "madgrad_eps_in_lr_elements": "madgrad",
    "madgrad_eps_in_lr_scalars": "madgrad",
    "madgrad_scalars": "madgrad",
    "mars_adamw_elements": "mars",
    "mars_adamw_scalars": "mars",
    "mars_lion_elements": "mars",
    "mars_lion_scalars": "mars",
    "mechanic_adamw_elements": "mechanic",
    "mechanic_adamw_scalars": "mechanic",
    "mechanic_adamw_shared": "mechanic",
    "mechanic_adamw_summands": "mechanic",
    "mechanic_adamw_sums": "mechanic",
    "mechanic_sgd_elements": "mechanic",
    "mechanic_sgd_scalars": "mechanic",
    "mechanic_sgd_shared": "mechanic",
    "mechanic_sgd_summands": "mechanic",
    "mechanic_sgd_sums": "mechanic",
    "momentum_buffer_elements": "momentum",
    "momentum_buffer_scalars": "momentum",
    "momentum_dampened_elements": "momentum",
    "momentum_dampened_scalars": "momentum",
    "momentum_ema_elements": "momentum",
    "momentum_ema_scalars": "momentum",
    "momo_adam_elements": "momo",
    "momo_adam_scalars": "momo",
    "momo_adam_shared": "momo",
    "momo_adam_star_elements": "momo",
    "momo_adam_star_scalars": "momo",
    "momo_adam_star_shared": "momo",
    "momo_adam_star_summands": "momo",
    "momo_adam_star_sums": "momo",
    "momo_adam_summands": "momo",
    "momo_adam_sums": "momo",
    "momo_elements": "momo",
    "momo_scalars": "momo",
    "momo_shared": "momo",
    "momo_star_elements": "momo",
    "momo_star_scalars": "momo",
    "momo_star_shared": "momo",
    "momo_star_summands": "momo",
    "momo_star_sums": "momo",
    "momo_summands": "momo",
    "momo_sums": "momo",
    "msvag_decay_elements": "msvag",
    "msvag_decay_scalars": "msvag",
    "msvag_elements": "msvag",
    "msvag_scalars": "msvag",
    "nadam_elements": "nadam",
    "nadam_keras_elements": "nadam",
    "nadam_keras_scalars": "nadam",
    "nadam_keras_shared": "nadam",
    "nadam_scalars": "nadam",
    "nadam_shared": "nadam",
    "nadam_simple_elements": "nadam",
    "nadam_simple_scalars": "nadam",
    "nadamw_elements": "adamw",
    "nadamw_scalars": "adamw",
    "nadamw_shared": "adamw",
    "nadamw_simple_elements": "adamw",
    "nadamw_simple_scalars": "adamw",
    "nesterov_elements": "nesterov",
    "nesterov_lookahead_elements": "nesterov",
    "nesterov_lookahead_scalars": "nesterov",
    "nesterov_scalars": "nesterov",
    "nesterov_velocity_elements": "nesterov",
    "nesterov_velocity_scalars": "nesterov",
    "novograd_decoupled_elements": "novograd",
    "novograd_decoupled_per_array": "novograd",
    "novograd_decoupled_scalars": "novograd",
    "novograd_decoupled_summands": "novograd",
    "novograd_decoupled_sums": "novograd",
    "novograd_elements": "novograd",
    "novograd_per_array": "novograd",
    "novograd_scalars": "novograd",
    "novograd_summands": "novograd",
    "novograd_sums": "novograd",
    "optimistic_adam_elements": "optimistic",
    "optimistic_adam_scalars": "optimistic",
    "optimistic_gd_elements": "optimistic",
    "optimistic_gd_scalars": "optimistic",
    "optimistic_nadam_elements": "optimistic",
    "optimistic_nadam_scalars": "optimistic",
    "padam_corrected_elements": "padam",
    "padam_corrected_scalars": "padam",
    "padam_elements": "padam",
    "padam_scalars": "padam",
    "pid_elements": "pid",
    "pid_scalars": "pid",
    "pnm_elements": "pnm",
    "pnm_scalars": "pnm",
    "polyak_sgd_elements": "polyak",
    "polyak_sgd_plus_elements": "polyak",
    "polyak_sgd_plus_scalars": "polyak",
    "polyak_sgd_plus_scaled_elements": "polyak",
    "polyak_sgd_plus_scaled_scalars": "polyak",
    "polyak_sgd_plus_scaled_summands": "polyak",
    "polyak_sgd_plus_scaled_sums": "polyak",
    "polyak_sgd_plus_summands": "polyak",
    "polyak_sgd_plus_sums": "polyak",
    "polyak_sgd_scalars": "polyak",
    "polyak_sgd_scaled_elements": "polyak",
    "polyak_sgd_scaled_scalars": "polyak",
    "polyak_sgd_scaled_summands": "polyak",
    "polyak_sgd_scaled_sums": "polyak",
    "polyak_sgd_summands": "polyak",
    "polyak_sgd_sums": "polyak",
    "prodigy_elements": "prodigy",
    "prodigy_scalars": "prodigy",
    "prodigy_shared": "prodigy",
    "prodigy_summands": "prodigy",
    "prodigy_sums": "prodigy",
    "qhadam_elements": "qhadam",
    "qhadam_scalars": "qhadam",
    "qhm_elements": "momentum",
    "qhm_scalars": "momentum",
    "radam_elements": "radam",
    "radam_eps_hat_elements": "radam",
    "radam_eps_hat_scalars": "radam",
    "radam_nesterov_elements": "radam",
    "radam_nesterov_scalars": "radam",
    "radam_scalars": "radam",
    "radam_threshold_elements": "radam",
    "radam_threshold_scalars": "radam",
    "radamw_elements": "adamw",
    "radamw_scalars": "adamw",
    "ranger_elements": "ranger",
    "ranger_scalars": "ranger",
    "rmsprop_centered_elements": "rmsprop",
    "rmsprop_centered_eps_inside_elements": "rmsprop",
    "rmsprop_centered_eps_inside_scalars": "rmsprop",
    "rmsprop_centered_momentum_elements": "rmsprop",
    "rmsprop_centered_momentum_scalars": "rmsprop",
    "rmsprop_centered_nesterov_elements": "rmsprop",
    "rmsprop_centered_nesterov_scalars": "rmsprop",
    "rmsprop_centered_scalars": "rmsprop",
    "rmsprop_corrected_elements": "rmsprop",
    "rmsprop_corrected_scalars": "rmsprop",
    "rmsprop_elements": "rmsprop",
    "rmsprop_eps_inside_elements": "rmsprop",
    "rmsprop_eps_inside_scalars": "rmsprop",
    "rmsprop_graves_elements": "rmsprop",
    "rmsprop_graves_scalars": "rmsprop",
    "rmsprop_momentum_elements": "rmsprop",
    "rmsprop_momentum_eps_inside_elements": "rmsprop",
    "rmsprop_momentum_eps_inside_scalars": "rmsprop",
    "rmsprop_momentum_lr_inside_elements": "rmsprop",
    "rmsprop_momentum_lr_inside_scalars": "rmsprop",
    "rmsprop_momentum_scalars": "rmsprop",
    "rmsprop_nesterov_elements": "rmsprop",
    "rmsprop_nesterov_scalars": "rmsprop",
    "rmsprop_scalars": "rmsprop",
    "rmsprop_warm_elements": "rmsprop",
    "rmsprop_warm_scalars": "rmsprop",
    "rprop_clamped_elements": "sign",
    "rprop_clamped_scalars": "sign",
    "rprop_elements": "sign",
    "rprop_scalars": "sign",
    "schedule_free_adamw_elements": "schedule_free",
    "schedule_free_adamw_keras_elements": "schedule_free",
    "schedule_free_adamw_keras_scalars": "schedule_free",
    "schedule_free_adamw_optax_elements": "schedule_free",
    "schedule_free_adamw_optax_scalars": "schedule_free",
    "schedule_free_adamw_optax_shared": "schedule_free",
    "schedule_free_adamw_printed_elements": "schedule_free",
    "schedule_free_adamw_printed_scalars": "schedule_free",
    "schedule_free_adamw_printed_shared": "schedule_free",
    "schedule_free_adamw_scalars": "schedule_free",
    "schedule_free_adamw_shared": "schedule_free",
    "schedule_free_adamw_two_rates_elements": "schedule_free",
    "schedule_free_adamw_two_rates_scalars": "schedule_free",
    "schedule_free_adamw_two_rates_shared": "schedule_free",
    "schedule_free_radam_elements": "schedule_free",
    "schedule_free_radam_scalars": "schedule_free",
    "schedule_free_radam_shared": "schedule_free",
    "schedule_free_sgd_elements": "schedule_free",
    "schedule_free_sgd_mean_elements": "schedule_free",
    "schedule_free_sgd_mean_scalars": "schedule_free",
    "schedule_free_sgd_optax_elements": "schedule_free",
    "schedule_free_sgd_optax_scalars": "schedule_free",
    "schedule_free_sgd_optax_shared": "schedule_free",
    "schedule_free_sgd_scalars": "schedule_free",
    "schedule_free_sgd_two_rates_elements": "schedule_free",
    "schedule_free_sgd_two_rates_scalars": "schedule_free",
    "schedule_free_sgd_two_rates_shared": "schedule_free",
    "schedule_free_sgd_weighted_elements": "schedule_free",
    "schedule_free_sgd_weighted_scalars": "schedule_free",
    "schedule_free_sgd_weighted_shared": "schedule_free",
    "sgd_elements": "sgd",
    "sgd_scalars": "sgd",
    "sgdsai_elements": "sgdsai",
    "sgdsai_per_array": "sgdsai",
    "sgdsai_scalars": "sgdsai",
    "sgdsai_summands": "sgdsai",
    "sgdsai_sums": "sgdsai",
    "sgdw_buffer_elements": "sgdw",
    "sgdw_buffer_scalars": "sgdw",
    "sgdw_elements": "sgdw",
    "sgdw_nesterov_elements": "sgdw",
    "sgdw_nesterov_scalars": "sgdw",
    "sgdw_scalars": "sgdw",
    "sign_sgd_elements": "sign",
    "sign_sgd_scalars": "sign",
    "signum_elements": "sign",
    "signum_scalars": "sign",
    "simplified_ademamix_elements": "ademamix",
    "simplified_ademamix_scalars": "ademamix",
    "smorms3_elements": "smorms3",
    "smorms3_scalars": "smorms3",
    "sophia_delayed_elements": "sophia",
    "sophia_delayed_scalars": "sophia",
    "sophia_elements": "sophia",
    "sophia_scalars": "sophia",
    "sparse_adam_elements": "sparse",
    "sparse_adam_scalars": "sparse",
    "srmm_elements": "srmm",
    "srmm_scalars": "srmm",
    "stable_adamw_elements": "stableadamw",
    "stable_adamw_scalars": "stableadamw",
    "stable_adamw_summands": "stableadamw",
    "stable_adamw_sums": "stableadamw",
    "tam_elements": "tam",
    "tam_scalars": "tam",
    "tam_summands": "tam",
    "tam_sums": "tam",
    "tiger_elements": "tiger",
    "tiger_scalars": "tiger",
    "vsgd_elements": "vsgd",
    "vsgd_scalars": "vsgd",
    "yogi_elements": "yogi",
    "yogi_scalars": "yogi",
    "yogi_uncorrected_elements": "yogi",
    "yogi_uncorrected_scalars": "yogi",
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
    "a2grad_exp_elements",
    "a2grad_exp_per_array",
    "a2grad_exp_scalars",
    "a2grad_exp_summands",
    "a2grad_exp_sums",
    "a2grad_inc_elements",
    "a2grad_inc_per_array",
    "a2grad_inc_scalars",
    "a2grad_inc_summands",
    "a2grad_inc_sums",
    "a2grad_uni_elements",
    "a2grad_uni_per_array",
    "a2grad_uni_scalars",
    "a2grad_uni_summands",
    "a2grad_uni_sums",
    "accsgd_elements",
    "accsgd_scalars",
    "acprop_elements",
    "acprop_scalars",
    "adabelief_elements",
    "adabelief_nesterov_elements",
    "adabelief_nesterov_scalars",
    "adabelief_scalars",
    "adabound_elements",
    "adabound_scalars",
    "adadelta_elements",
    "adadelta_scalars",
    "adadelta_unit_first_elements",
    "adadelta_unit_first_scalars",
    "adadelta_unit_start_elements",
    "adadelta_unit_start_scalars",
    "adagc_elements",
    "adagc_per_array",
    "adagc_scalars",
    "adagc_summands",
    "adagc_sums",
    "adagrad_decay_elements",
    "adagrad_decay_scalars",
    "adagrad_elements",
    "adagrad_eps_inside_elements",
    "adagrad_eps_inside_scalars",
    "adagrad_guarded_elements",
    "adagrad_guarded_scalars",
    "adagrad_rms_elements",
    "adagrad_rms_scalars",
    "adagrad_scalars",
    "adahessian_elements",
    "adahessian_scalars",
    "adai_elements",
    "adai_scalars",
    "adai_summands",
    "adai_sums",
    "adam_elements",
    "adam_eps_hat_elements",
    "adam_eps_hat_scalars",
    "adam_eps_inside_elements",
    "adam_eps_inside_scalars",
    "adam_eps_root_elements",
    "adam_eps_root_scalars",
    "adam_scalars",
    "adam_uncorrected_elements",
    "adam_uncorrected_eps_inside_elements",
    "adam_uncorrected_eps_inside_scalars",
    "adam_uncorrected_scalars",
    "adamax_elements",
    "adamax_eps_inside_elements",
    "adamax_eps_inside_scalars",
    "adamax_scalars",
    "adamaxw_elements",
    "adamaxw_scalars",
    "adamc_elements",
    "adamc_scalars",
    "adamg_elements",
    "adamg_scalars",
    "adamod_corrected_elements",
    "adamod_corrected_scalars",
    "adamod_elements",
    "adamod_scalars",
    "adams_elements",
    "adams_scalars",
    "adams_summands",
    "adams_sums",
    "adamw_after_elements",
    "adamw_after_scalars",
    "adamw_elements",
    "adamw_eps_hat_elements",
    "adamw_eps_hat_scalars",
    "adamw_scalars",
    "adamw_unscaled_elements",
    "adamw_unscaled_eps_hat_elements",
    "adamw_unscaled_eps_hat_scalars",
    "adamw_unscaled_scalars",
    "adan_elements",
    "adan_optax_elements",
    "adan_optax_scalars",
    "adan_proximal_elements",
    "adan_proximal_scalars",
    "adan_scalars",
    "adanorm_elements",
    "adanorm_per_array",
    "adanorm_scalars",
    "adanorm_summands",
    "adanorm_sums",
    "adapnm_elements",
    "adapnm_scalars",
    "adashift_elements",
    "adashift_scalars",
    "adasmooth_elements",
    "adasmooth_scalars",
    "adatam_elements",
    "adatam_scalars",
    "adatam_summands",
    "adatam_sums",
    "ademamix_elements",
    "ademamix_scalars",
    "ademamix_scheduled_elements",
    "ademamix_scheduled_scalars",
    "adopt_elements",
    "adopt_scalars",
    "adopt_unclipped_elements",
    "adopt_unclipped_scalars",
    "aggmo_elements",
    "aggmo_scalars",
    "aida_elements",
    "aida_scalars",
    "aida_summands",
    "aida_sums",
    "alig_elements",
    "alig_scalars",
    "alig_summands",
    "alig_sums",
    "amos_elements",
    "amos_per_array",
    "amos_scalars",
    "amos_summands",
    "amos_sums",
    "amsbound_elements",
    "amsbound_scalars",
    "amsgrad_corrected_elements",
    "amsgrad_corrected_scalars",
    "amsgrad_elements",
    "amsgrad_eps_hat_elements",
    "amsgrad_eps_hat_scalars",
    "amsgrad_eps_root_elements",
    "amsgrad_eps_root_scalars",
    "amsgrad_first_corrected_elements",
    "amsgrad_first_corrected_scalars",
    "amsgrad_scalars",
    "amsgrad_second_corrected_elements",
    "amsgrad_second_corrected_scalars",
    "amsgrad_uncorrected_elements",
    "amsgrad_uncorrected_scalars",
    "amsgradw_elements",
    "amsgradw_eps_hat_elements",
    "amsgradw_eps_hat_scalars",
    "amsgradw_scalars",
    "ano_elements",
    "ano_scalars",
    "anolog_elements",
    "anolog_scalars",
    "apollo_elements",
    "apollo_scalars",
    "apollo_summands",
    "apollo_sums",
    "asgd_elements",
    "asgd_scalars",
    "asgd_shared",
    "bcos_elements",
    "bcos_gradient_elements",
    "bcos_gradient_scalars",
    "bcos_momentum_elements",
    "bcos_momentum_scalars",
    "bcos_scalars",
    "cautious_adamw_elements",
    "cautious_adamw_scalars",
    "cautious_decay_elements",
    "cautious_decay_scalars",
    "cautious_lion_elements",
    "cautious_lion_scalars",
    "cocob_elements",
    "cocob_scalars",
    "dadapt_adagrad_elements",
    "dadapt_adagrad_scalars",
    "dadapt_adagrad_shared",
    "dadapt_adagrad_summands",
    "dadapt_adagrad_sums",
    "dadapt_adamw_elements",
    "dadapt_adamw_scalars",
    "dadapt_adamw_shared",
    "dadapt_adamw_summands",
    "dadapt_adamw_sums",
    "dadapt_lion_elements",
    "dadapt_lion_scalars",
    "dadapt_lion_shared",
    "dadapt_lion_summands",
    "dadapt_lion_sums",
    "dadapt_sgd_elements",
    "dadapt_sgd_scalars",
    "dadapt_sgd_shared",
    "dadapt_sgd_summands",
    "dadapt_sgd_sums",
    "damped_ball_elements",
    "damped_ball_scalars",
    "diffgrad_elements",
    "diffgrad_scalars",
    "dog_elements",
    "dog_scalars",
    "dog_shared",
    "dog_summands",
    "dog_sums",
    "dowg_elements",
    "dowg_scalars",
    "dowg_shared",
    "dowg_summands",
    "dowg_sums",
    "dualadam_elements",
    "dualadam_scalars",
    "exadam_elements",
    "exadam_scalars",
    "focus_elements",
    "focus_scalars",
    "fromage_elements",
    "fromage_scalars",
    "fromage_summands",
    "fromage_sums",
    "ftrl_elements",
    "ftrl_keras_elements",
    "ftrl_keras_scalars",
    "ftrl_scalars",
    "grams_elements",
    "grams_scalars",
    "grokfast_adamw_elements",
    "grokfast_adamw_scalars",
    "heavy_ball_elements",
    "heavy_ball_scalars",
    "invadam_elements",
    "invadam_scalars",
    "kate_elements",
    "kate_scalars",
    "lamb_elements",
    "lamb_scalars",
    "lamb_summands",
    "lamb_sums",
    "lamb_uncorrected_elements",
    "lamb_uncorrected_scalars",
    "lamb_uncorrected_summands",
    "lamb_uncorrected_sums",
    "laprop_elements",
    "laprop_scalars",
    "lars_elements",
    "lars_scalars",
    "lars_sum_of_norms_elements",
    "lars_sum_of_norms_scalars",
    "lars_sum_of_norms_summands",
    "lars_sum_of_norms_sums",
    "lars_summands",
    "lars_sums",
    "lion_elements",
    "lion_scalars",
    "lookahead_adam_elements",
    "lookahead_adam_scalars",
    "lookahead_adjusted_elements",
    "lookahead_adjusted_scalars",
    "lookahead_sgd_elements",
    "lookahead_sgd_scalars",
    "madgrad_elements",
    "madgrad_eps_in_lr_elements",
    "madgrad_eps_in_lr_scalars",
    "madgrad_scalars",
    "mars_adamw_elements",
    "mars_adamw_scalars",
    "mars_lion_elements",
    "mars_lion_scalars",
    "mechanic_adamw_elements",
    "mechanic_adamw_scalars",
    "mechanic_adamw_shared",
    "mechanic_adamw_summands",
    "mechanic_adamw_sums",
    "mechanic_sgd_elements",
    "mechanic_sgd_scalars",
    "mechanic_sgd_shared",
    "mechanic_sgd_summands",
    "mechanic_sgd_sums",
    "momentum_buffer_elements",
    "momentum_buffer_scalars",
    "momentum_dampened_elements",
    "momentum_dampened_scalars",
    "momentum_ema_elements",
    "momentum_ema_scalars",
    "momo_adam_elements",
    "momo_adam_scalars",
    "momo_adam_shared",
    "momo_adam_star_elements",
    "momo_adam_star_scalars",
    "momo_adam_star_shared",
    "momo_adam_star_summands",
    "momo_adam_star_sums",
    "momo_adam_summands",
    "momo_adam_sums",
    "momo_elements",
    "momo_scalars",
    "momo_shared",
    "momo_star_elements",
    "momo_star_scalars",
    "momo_star_shared",
    "momo_star_summands",
    "momo_star_sums",
    "momo_summands",
    "momo_sums",
    "msvag_decay_elements",
    "msvag_decay_scalars",
    "msvag_elements",
    "msvag_scalars",
    "nadam_elements",
    "nadam_keras_elements",
    "nadam_keras_scalars",
    "nadam_keras_shared",
    "nadam_scalars",
    "nadam_shared",
    "nadam_simple_elements",
    "nadam_simple_scalars",
    "nadamw_elements",
    "nadamw_scalars",
    "nadamw_shared",
    "nadamw_simple_elements",
    "nadamw_simple_scalars",
    "nesterov_elements",
    "nesterov_lookahead_elements",
    "nesterov_lookahead_scalars",
    "nesterov_scalars",
    "nesterov_velocity_elements",
    "nesterov_velocity_scalars",
    "novograd_decoupled_elements",
    "novograd_decoupled_per_array",
    "novograd_decoupled_scalars",
    "novograd_decoupled_summands",
    "novograd_decoupled_sums",
    "novograd_elements",
    "novograd_per_array",
    "novograd_scalars",
    "novograd_summands",
    "novograd_sums",
    "optimistic_adam_elements",
    "optimistic_adam_scalars",
    "optimistic_gd_elements",
    "optimistic_gd_scalars",
    "optimistic_nadam_elements",
    "optimistic_nadam_scalars",
    "padam_corrected_elements",
    "padam_corrected_scalars",
    "padam_elements",
    "padam_scalars",
    "pid_elements",
    "pid_scalars",
    "pnm_elements",
    "pnm_scalars",
    "polyak_sgd_elements",
    "polyak_sgd_plus_elements",
    "polyak_sgd_plus_scalars",
    "polyak_sgd_plus_scaled_elements",
    "polyak_sgd_plus_scaled_scalars",
    "polyak_sgd_plus_scaled_summands",
    "polyak_sgd_plus_scaled_sums",
    "polyak_sgd_plus_summands",
    "polyak_sgd_plus_sums",
    "polyak_sgd_scalars",
    "polyak_sgd_scaled_elements",
    "polyak_sgd_scaled_scalars",
    "polyak_sgd_scaled_summands",
    "polyak_sgd_scaled_sums",
    "polyak_sgd_summands",
    "polyak_sgd_sums",
    "prodigy_elements",
    "prodigy_scalars",
    "prodigy_shared",
    "prodigy_summands",
    "prodigy_sums",
    "qhadam_elements",
    "qhadam_scalars",
    "qhm_elements",
    "qhm_scalars",
    "radam_elements",
    "radam_eps_hat_elements",
    "radam_eps_hat_scalars",
    "radam_nesterov_elements",
    "radam_nesterov_scalars",
    "radam_scalars",
    "radam_threshold_elements",
    "radam_threshold_scalars",
    "radamw_elements",
    "radamw_scalars",
    "ranger_elements",
    "ranger_scalars",
    "rmsprop_centered_elements",
    "rmsprop_centered_eps_inside_elements",
    "rmsprop_centered_eps_inside_scalars",
    "rmsprop_centered_momentum_elements",
    "rmsprop_centered_momentum_scalars",
    "rmsprop_centered_nesterov_elements",
    "rmsprop_centered_nesterov_scalars",
    "rmsprop_centered_scalars",
    "rmsprop_corrected_elements",
    "rmsprop_corrected_scalars",
    "rmsprop_elements",
    "rmsprop_eps_inside_elements",
    "rmsprop_eps_inside_scalars",
    "rmsprop_graves_elements",
    "rmsprop_graves_scalars",
    "rmsprop_momentum_elements",
    "rmsprop_momentum_eps_inside_elements",
    "rmsprop_momentum_eps_inside_scalars",
    "rmsprop_momentum_lr_inside_elements",
    "rmsprop_momentum_lr_inside_scalars",
    "rmsprop_momentum_scalars",
    "rmsprop_nesterov_elements",
    "rmsprop_nesterov_scalars",
    "rmsprop_scalars",
    "rmsprop_warm_elements",
    "rmsprop_warm_scalars",
    "rprop_clamped_elements",
    "rprop_clamped_scalars",
    "rprop_elements",
    "rprop_scalars",
    "schedule_free_adamw_elements",
    "schedule_free_adamw_keras_elements",
    "schedule_free_adamw_keras_scalars",
    "schedule_free_adamw_optax_elements",
    "schedule_free_adamw_optax_scalars",
    "schedule_free_adamw_optax_shared",
    "schedule_free_adamw_printed_elements",
    "schedule_free_adamw_printed_scalars",
    "schedule_free_adamw_printed_shared",
    "schedule_free_adamw_scalars",
    "schedule_free_adamw_shared",
    "schedule_free_adamw_two_rates_elements",
    "schedule_free_adamw_two_rates_scalars",
    "schedule_free_adamw_two_rates_shared",
    "schedule_free_radam_elements",
    "schedule_free_radam_scalars",
    "schedule_free_radam_shared",
    "schedule_free_sgd_elements",
    "schedule_free_sgd_mean_elements",
    "schedule_free_sgd_mean_scalars",
    "schedule_free_sgd_optax_elements",
    "schedule_free_sgd_optax_scalars",
    "schedule_free_sgd_optax_shared",
    "schedule_free_sgd_scalars",
    "schedule_free_sgd_two_rates_elements",
    "schedule_free_sgd_two_rates_scalars",
    "schedule_free_sgd_two_rates_shared",
    "schedule_free_sgd_weighted_elements",
    "schedule_free_sgd_weighted_scalars",
    "schedule_free_sgd_weighted_shared",
    "sgd_elements",
    "sgd_scalars",
    "sgdsai_elements",
    "sgdsai_per_array",
    "sgdsai_scalars",
    "sgdsai_summands",
    "sgdsai_sums",
    "sgdw_buffer_elements",
    "sgdw_buffer_scalars",
    "sgdw_elements",
    "sgdw_nesterov_elements",
    "sgdw_nesterov_scalars",
    "sgdw_scalars",
    "sign_sgd_elements",
    "sign_sgd_scalars",
    "signum_elements",
    "signum_scalars",
    "simplified_ademamix_elements",
    "simplified_ademamix_scalars",
    "smorms3_elements",
    "smorms3_scalars",
    "sophia_delayed_elements",
    "sophia_delayed_scalars",
    "sophia_elements",
    "sophia_scalars",
    "sparse_adam_elements",
    "sparse_adam_scalars",
    "srmm_elements",
    "srmm_scalars",
    "stable_adamw_elements",
    "stable_adamw_scalars",
    "stable_adamw_summands",
    "stable_adamw_sums",
    "tam_elements",
    "tam_scalars",
    "tam_summands",
    "tam_sums",
    "tiger_elements",
    "tiger_scalars",
    "vsgd_elements",
    "vsgd_scalars",
    "yogi_elements",
    "yogi_scalars",
    "yogi_uncorrected_elements",
    "yogi_uncorrected_scalars",
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
