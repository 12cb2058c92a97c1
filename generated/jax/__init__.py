# generated from specs/ by Stepsmith; do not edit
"""Optimizers for JAX arrays. A module is loaded when one of its names is first used."""

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .a2grad import A2GradExpState as A2GradExpState
    from .a2grad import A2GradIncState as A2GradIncState
    from .a2grad import A2GradUniState as A2GradUniState
    from .a2grad import a2grad_exp as a2grad_exp
    from .a2grad import a2grad_exp_elements as a2grad_exp_elements
    from .a2grad import a2grad_exp_per_array as a2grad_exp_per_array
    from .a2grad import a2grad_exp_scalars as a2grad_exp_scalars
    from .a2grad import a2grad_exp_summands as a2grad_exp_summands
    from .a2grad import a2grad_exp_sums as a2grad_exp_sums
    from .a2grad import a2grad_inc as a2grad_inc
    from .a2grad import a2grad_inc_elements as a2grad_inc_elements
    from .a2grad import a2grad_inc_per_array as a2grad_inc_per_array
    from .a2grad import a2grad_inc_scalars as a2grad_inc_scalars
    from .a2grad import a2grad_inc_summands as a2grad_inc_summands
    from .a2grad import a2grad_inc_sums as a2grad_inc_sums
    from .a2grad import a2grad_uni as a2grad_uni
    from .a2grad import a2grad_uni_elements as a2grad_uni_elements
    from .a2grad import a2grad_uni_per_array as a2grad_uni_per_array
    from .a2grad import a2grad_uni_scalars as a2grad_uni_scalars
    from .a2grad import a2grad_uni_summands as a2grad_uni_summands
    from .a2grad import a2grad_uni_sums as a2grad_uni_sums
    from .accsgd import AccSGDState as AccSGDState
    from .accsgd import accsgd as accsgd
    from .accsgd import accsgd_elements as accsgd_elements
    from .accsgd import accsgd_scalars as accsgd_scalars
    from .acprop import ACPropState as ACPropState
    from .acprop import acprop as acprop
    from .acprop import acprop_elements as acprop_elements
    from .acprop import acprop_scalars as acprop_scalars
    from .adabelief import AdaBeliefNesterovState as AdaBeliefNesterovState
    from .adabelief import AdaBeliefState as AdaBeliefState
    from .adabelief import adabelief as adabelief
    from .adabelief import adabelief_elements as adabelief_elements
    from .adabelief import adabelief_nesterov as adabelief_nesterov
    from .adabelief import adabelief_nesterov_elements as adabelief_nesterov_elements
    from .adabelief import adabelief_nesterov_scalars as adabelief_nesterov_scalars
    from .adabelief import adabelief_scalars as adabelief_scalars
    from .adabound import AdaBoundState as AdaBoundState
    from .adabound import AMSBoundState as AMSBoundState
    from .adabound import adabound as adabound
    from .adabound import adabound_elements as adabound_elements
    from .adabound import adabound_scalars as adabound_scalars
    from .adabound import amsbound as amsbound
    from .adabound import amsbound_elements as amsbound_elements
    from .adabound import amsbound_scalars as amsbound_scalars
    from .adadelta import AdadeltaState as AdadeltaState
    from .adadelta import AdadeltaUnitFirstState as AdadeltaUnitFirstState
    from .adadelta import AdadeltaUnitStartState as AdadeltaUnitStartState
    from .adadelta import adadelta as adadelta
    from .adadelta import adadelta_elements as adadelta_elements
    from .adadelta import adadelta_scalars as adadelta_scalars
    from .adadelta import adadelta_unit_first as adadelta_unit_first
    from .adadelta import adadelta_unit_first_elements as adadelta_unit_first_elements
    from .adadelta import adadelta_unit_first_scalars as adadelta_unit_first_scalars
    from .adadelta import adadelta_unit_start as adadelta_unit_start
    from .adadelta import adadelta_unit_start_elements as adadelta_unit_start_elements
    from .adadelta import adadelta_unit_start_scalars as adadelta_unit_start_scalars
    from .adagc import AdaGCState as AdaGCState
    from .adagc import adagc as adagc
    from .adagc import adagc_elements as adagc_elements
    from .adagc import adagc_per_array as adagc_per_array
    from .adagc import adagc_scalars as adagc_scalars
    from .adagc import adagc_summands as adagc_summands
    from .adagc import adagc_sums as adagc_sums
    from .adagrad import AdagradDecayState as AdagradDecayState
    from .adagrad import AdagradEpsInsideState as AdagradEpsInsideState
    from .adagrad import AdagradGuardedState as AdagradGuardedState
    from .adagrad import AdagradRMSState as AdagradRMSState
    from .adagrad import AdagradState as AdagradState
    from .adagrad import adagrad as adagrad
    from .adagrad import adagrad_decay as adagrad_decay
    from .adagrad import adagrad_decay_elements as adagrad_decay_elements
    from .adagrad import adagrad_decay_scalars as adagrad_decay_scalars
    from .adagrad import adagrad_elements as adagrad_elements
    from .adagrad import adagrad_eps_inside as adagrad_eps_inside
    from .adagrad import adagrad_eps_inside_elements as adagrad_eps_inside_elements
    from .adagrad import adagrad_eps_inside_scalars as adagrad_eps_inside_scalars
    from .adagrad import adagrad_guarded as adagrad_guarded
    from .adagrad import adagrad_guarded_elements as adagrad_guarded_elements
    from .adagrad import adagrad_guarded_scalars as adagrad_guarded_scalars
    from .adagrad import adagrad_rms as adagrad_rms
    from .adagrad import adagrad_rms_elements as adagrad_rms_elements
    from .adagrad import adagrad_rms_scalars as adagrad_rms_scalars
    from .adagrad import adagrad_scalars as adagrad_scalars
    from .adahessian import AdaHessianState as AdaHessianState
    from .adahessian import adahessian as adahessian
    from .adahessian import adahessian_elements as adahessian_elements
    from .adahessian import adahessian_scalars as adahessian_scalars
    from .adai import AdaiState as AdaiState
    from .adai import adai as adai
    from .adai import adai_elements as adai_elements
    from .adai import adai_scalars as adai_scalars
    from .adai import adai_summands as adai_summands
    from .adai import adai_sums as adai_sums
    from .adam import AdamEpsHatState as AdamEpsHatState
    from .adam import AdamEpsInsideState as AdamEpsInsideState
    from .adam import AdamEpsRootState as AdamEpsRootState
    from .adam import AdamState as AdamState
    from .adam import AdamUncorrectedEpsInsideState as AdamUncorrectedEpsInsideState
    from .adam import AdamUncorrectedState as AdamUncorrectedState
    from .adam import adam as adam
    from .adam import adam_elements as adam_elements
    from .adam import adam_eps_hat as adam_eps_hat
    from .adam import adam_eps_hat_elements as adam_eps_hat_elements
    from .adam import adam_eps_hat_scalars as adam_eps_hat_scalars
    from .adam import adam_eps_inside as adam_eps_inside
    from .adam import adam_eps_inside_elements as adam_eps_inside_elements
    from .adam import adam_eps_inside_scalars as adam_eps_inside_scalars
    from .adam import adam_eps_root as adam_eps_root
    from .adam import adam_eps_root_elements as adam_eps_root_elements
    from .adam import adam_eps_root_scalars as adam_eps_root_scalars
    from .adam import adam_scalars as adam_scalars
    from .adam import adam_uncorrected as adam_uncorrected
    from .adam import adam_uncorrected_elements as adam_uncorrected_elements
    from .adam import adam_uncorrected_eps_inside as adam_uncorrected_eps_inside
    from .adam import (
        adam_uncorrected_eps_inside_elements as adam_uncorrected_eps_inside_elements,
    )
    from .adam import (
        adam_uncorrected_eps_inside_scalars as adam_uncorrected_eps_inside_scalars,
    )
    from .adam import adam_uncorrected_scalars as adam_uncorrected_scalars
    from .adamax import AdamaxEpsInsideState as AdamaxEpsInsideState
    from .adamax import AdamaxState as AdamaxState
    from .adamax import adamax as adamax
    from .adamax import adamax_elements as adamax_elements
    from .adamax import adamax_eps_inside as adamax_eps_inside
    from .adamax import adamax_eps_inside_elements as adamax_eps_inside_elements
    from .adamax import adamax_eps_inside_scalars as adamax_eps_inside_scalars
    from .adamax import adamax_scalars as adamax_scalars
    from .adamc import AdamCState as AdamCState
    from .adamc import adamc as adamc
    from .adamc import adamc_elements as adamc_elements
    from .adamc import adamc_scalars as adamc_scalars
    from .adamg import AdamGState as AdamGState
    from .adamg import adamg as adamg
    from .adamg import adamg_elements as adamg_elements
    from .adamg import adamg_scalars as adamg_scalars
    from .adamod import AdaModCorrectedState as AdaModCorrectedState
    from .adamod import AdaModState as AdaModState
    from .adamod import adamod as adamod
    from .adamod import adamod_corrected as adamod_corrected
    from .adamod import adamod_corrected_elements as adamod_corrected_elements
    from .adamod import adamod_corrected_scalars as adamod_corrected_scalars
    from .adamod import adamod_elements as adamod_elements
    from .adamod import adamod_scalars as adamod_scalars
    from .adams import AdamSState as AdamSState
    from .adams import adams as adams
    from .adams import adams_elements as adams_elements
    from .adams import adams_scalars as adams_scalars
    from .adams import adams_summands as adams_summands
    from .adams import adams_sums as adams_sums
    from .adamw import AdamaxWState as AdamaxWState
    from .adamw import AdamWAfterState as AdamWAfterState
    from .adamw import AdamWEpsHatState as AdamWEpsHatState
    from .adamw import AdamWState as AdamWState
    from .adamw import AdamWUnscaledEpsHatState as AdamWUnscaledEpsHatState
    from .adamw import AdamWUnscaledState as AdamWUnscaledState
    from .adamw import AMSGradWEpsHatState as AMSGradWEpsHatState
    from .adamw import AMSGradWState as AMSGradWState
    from .adamw import NAdamWSimpleState as NAdamWSimpleState
    from .adamw import NAdamWState as NAdamWState
    from .adamw import RAdamWState as RAdamWState
    from .adamw import adamaxw as adamaxw
    from .adamw import adamaxw_elements as adamaxw_elements
    from .adamw import adamaxw_scalars as adamaxw_scalars
    from .adamw import adamw as adamw
    from .adamw import adamw_after as adamw_after
    from .adamw import adamw_after_elements as adamw_after_elements
    from .adamw import adamw_after_scalars as adamw_after_scalars
    from .adamw import adamw_elements as adamw_elements
    from .adamw import adamw_eps_hat as adamw_eps_hat
    from .adamw import adamw_eps_hat_elements as adamw_eps_hat_elements
    from .adamw import adamw_eps_hat_scalars as adamw_eps_hat_scalars
    from .adamw import adamw_scalars as adamw_scalars
    from .adamw import adamw_unscaled as adamw_unscaled
    from .adamw import adamw_unscaled_elements as adamw_unscaled_elements
    from .adamw import adamw_unscaled_eps_hat as adamw_unscaled_eps_hat
    from .adamw import (
        adamw_unscaled_eps_hat_elements as adamw_unscaled_eps_hat_elements,
    )
    from .adamw import adamw_unscaled_eps_hat_scalars as adamw_unscaled_eps_hat_scalars
    from .adamw import adamw_unscaled_scalars as adamw_unscaled_scalars
    from .adamw import amsgradw as amsgradw
    from .adamw import amsgradw_elements as amsgradw_elements
    from .adamw import amsgradw_eps_hat as amsgradw_eps_hat
    from .adamw import amsgradw_eps_hat_elements as amsgradw_eps_hat_elements
    from .adamw import amsgradw_eps_hat_scalars as amsgradw_eps_hat_scalars
    from .adamw import amsgradw_scalars as amsgradw_scalars
    from .adamw import nadamw as nadamw
    from .adamw import nadamw_elements as nadamw_elements
    from .adamw import nadamw_scalars as nadamw_scalars
    from .adamw import nadamw_shared as nadamw_shared
    from .adamw import nadamw_simple as nadamw_simple
    from .adamw import nadamw_simple_elements as nadamw_simple_elements
    from .adamw import nadamw_simple_scalars as nadamw_simple_scalars
    from .adamw import radamw as radamw
    from .adamw import radamw_elements as radamw_elements
    from .adamw import radamw_scalars as radamw_scalars
    from .adan import AdanOptaxState as AdanOptaxState
    from .adan import AdanProximalState as AdanProximalState
    from .adan import AdanState as AdanState
    from .adan import adan as adan
    from .adan import adan_elements as adan_elements
    from .adan import adan_optax as adan_optax
    from .adan import adan_optax_elements as adan_optax_elements
    from .adan import adan_optax_scalars as adan_optax_scalars
    from .adan import adan_proximal as adan_proximal
    from .adan import adan_proximal_elements as adan_proximal_elements
    from .adan import adan_proximal_scalars as adan_proximal_scalars
    from .adan import adan_scalars as adan_scalars
    from .adanorm import AdaNormState as AdaNormState
    from .adanorm import adanorm as adanorm
    from .adanorm import adanorm_elements as adanorm_elements
    from .adanorm import adanorm_per_array as adanorm_per_array
    from .adanorm import adanorm_scalars as adanorm_scalars
    from .adanorm import adanorm_summands as adanorm_summands
    from .adanorm import adanorm_sums as adanorm_sums
    from .adashift import AdaShiftState as AdaShiftState
    from .adashift import adashift as adashift
    from .adashift import adashift_elements as adashift_elements
    from .adashift import adashift_scalars as adashift_scalars
    from .adasmooth import AdaSmoothState as AdaSmoothState
    from .adasmooth import adasmooth as adasmooth
    from .adasmooth import adasmooth_elements as adasmooth_elements
    from .adasmooth import adasmooth_scalars as adasmooth_scalars
    from .ademamix import AdEMAMixScheduledState as AdEMAMixScheduledState
    from .ademamix import AdEMAMixState as AdEMAMixState
    from .ademamix import SimplifiedAdEMAMixState as SimplifiedAdEMAMixState
    from .ademamix import ademamix as ademamix
    from .ademamix import ademamix_elements as ademamix_elements
    from .ademamix import ademamix_scalars as ademamix_scalars
    from .ademamix import ademamix_scheduled as ademamix_scheduled
    from .ademamix import ademamix_scheduled_elements as ademamix_scheduled_elements
    from .ademamix import ademamix_scheduled_scalars as ademamix_scheduled_scalars
    from .ademamix import simplified_ademamix as simplified_ademamix
    from .ademamix import simplified_ademamix_elements as simplified_ademamix_elements
    from .ademamix import simplified_ademamix_scalars as simplified_ademamix_scalars
    from .adopt import ADOPTState as ADOPTState
    from .adopt import ADOPTUnclippedState as ADOPTUnclippedState
    from .adopt import adopt as adopt
    from .adopt import adopt_elements as adopt_elements
    from .adopt import adopt_scalars as adopt_scalars
    from .adopt import adopt_unclipped as adopt_unclipped
    from .adopt import adopt_unclipped_elements as adopt_unclipped_elements
    from .adopt import adopt_unclipped_scalars as adopt_unclipped_scalars
    from .aggmo import AggMoState as AggMoState
    from .aggmo import aggmo as aggmo
    from .aggmo import aggmo_elements as aggmo_elements
    from .aggmo import aggmo_scalars as aggmo_scalars
    from .aida import AidaState as AidaState
    from .aida import aida as aida
    from .aida import aida_elements as aida_elements
    from .aida import aida_scalars as aida_scalars
    from .aida import aida_summands as aida_summands
    from .aida import aida_sums as aida_sums
    from .alig import AliGState as AliGState
    from .alig import alig as alig
    from .alig import alig_elements as alig_elements
    from .alig import alig_scalars as alig_scalars
    from .alig import alig_summands as alig_summands
    from .alig import alig_sums as alig_sums
    from .amos import AmosState as AmosState
    from .amos import amos as amos
    from .amos import amos_elements as amos_elements
    from .amos import amos_per_array as amos_per_array
    from .amos import amos_scalars as amos_scalars
    from .amos import amos_summands as amos_summands
    from .amos import amos_sums as amos_sums
    from .amsgrad import AMSGradCorrectedState as AMSGradCorrectedState
    from .amsgrad import AMSGradEpsHatState as AMSGradEpsHatState
    from .amsgrad import AMSGradEpsRootState as AMSGradEpsRootState
    from .amsgrad import AMSGradFirstCorrectedState as AMSGradFirstCorrectedState
    from .amsgrad import AMSGradSecondCorrectedState as AMSGradSecondCorrectedState
    from .amsgrad import AMSGradState as AMSGradState
    from .amsgrad import AMSGradUncorrectedState as AMSGradUncorrectedState
    from .amsgrad import amsgrad as amsgrad
    from .amsgrad import amsgrad_corrected as amsgrad_corrected
    from .amsgrad import amsgrad_corrected_elements as amsgrad_corrected_elements
    from .amsgrad import amsgrad_corrected_scalars as amsgrad_corrected_scalars
    from .amsgrad import amsgrad_elements as amsgrad_elements
    from .amsgrad import amsgrad_eps_hat as amsgrad_eps_hat
    from .amsgrad import amsgrad_eps_hat_elements as amsgrad_eps_hat_elements
    from .amsgrad import amsgrad_eps_hat_scalars as amsgrad_eps_hat_scalars
    from .amsgrad import amsgrad_eps_root as amsgrad_eps_root
    from .amsgrad import amsgrad_eps_root_elements as amsgrad_eps_root_elements
    from .amsgrad import amsgrad_eps_root_scalars as amsgrad_eps_root_scalars
    from .amsgrad import amsgrad_first_corrected as amsgrad_first_corrected
    from .amsgrad import (
        amsgrad_first_corrected_elements as amsgrad_first_corrected_elements,
    )
    from .amsgrad import (
        amsgrad_first_corrected_scalars as amsgrad_first_corrected_scalars,
    )
    from .amsgrad import amsgrad_scalars as amsgrad_scalars
    from .amsgrad import amsgrad_second_corrected as amsgrad_second_corrected
    from .amsgrad import (
        amsgrad_second_corrected_elements as amsgrad_second_corrected_elements,
    )
    from .amsgrad import (
        amsgrad_second_corrected_scalars as amsgrad_second_corrected_scalars,
    )
    from .amsgrad import amsgrad_uncorrected as amsgrad_uncorrected
    from .amsgrad import amsgrad_uncorrected_elements as amsgrad_uncorrected_elements
    from .amsgrad import amsgrad_uncorrected_scalars as amsgrad_uncorrected_scalars
    from .ano import AnologState as AnologState
    from .ano import AnoState as AnoState
    from .ano import ano as ano
    from .ano import ano_elements as ano_elements
    from .ano import ano_scalars as ano_scalars
    from .ano import anolog as anolog
    from .ano import anolog_elements as anolog_elements
    from .ano import anolog_scalars as anolog_scalars
    from .apollo import ApolloState as ApolloState
    from .apollo import apollo as apollo
    from .apollo import apollo_elements as apollo_elements
    from .apollo import apollo_scalars as apollo_scalars
    from .apollo import apollo_summands as apollo_summands
    from .apollo import apollo_sums as apollo_sums
    from .asgd import ASGDState as ASGDState
    from .asgd import asgd as asgd
    from .asgd import asgd_elements as asgd_elements
    from .asgd import asgd_scalars as asgd_scalars
    from .asgd import asgd_shared as asgd_shared
    from .bcos import BCOSGradientState as BCOSGradientState
    from .bcos import BCOSMomentumState as BCOSMomentumState
    from .bcos import BCOSState as BCOSState
    from .bcos import bcos as bcos
    from .bcos import bcos_elements as bcos_elements
    from .bcos import bcos_gradient as bcos_gradient
    from .bcos import bcos_gradient_elements as bcos_gradient_elements
    from .bcos import bcos_gradient_scalars as bcos_gradient_scalars
    from .bcos import bcos_momentum as bcos_momentum
    from .bcos import bcos_momentum_elements as bcos_momentum_elements
    from .bcos import bcos_momentum_scalars as bcos_momentum_scalars
    from .bcos import bcos_scalars as bcos_scalars
    from .cautious import AdamWCautiousDecayState as AdamWCautiousDecayState
    from .cautious import CautiousAdamWUnscaledState as CautiousAdamWUnscaledState
    from .cautious import CautiousLionUnscaledState as CautiousLionUnscaledState
    from .cautious import GramsState as GramsState
    from .cautious import cautious_adamw as cautious_adamw
    from .cautious import cautious_adamw_elements as cautious_adamw_elements
    from .cautious import cautious_adamw_scalars as cautious_adamw_scalars
    from .cautious import cautious_decay as cautious_decay
    from .cautious import cautious_decay_elements as cautious_decay_elements
    from .cautious import cautious_decay_scalars as cautious_decay_scalars
    from .cautious import cautious_lion as cautious_lion
    from .cautious import cautious_lion_elements as cautious_lion_elements
    from .cautious import cautious_lion_scalars as cautious_lion_scalars
    from .cautious import grams as grams
    from .cautious import grams_elements as grams_elements
    from .cautious import grams_scalars as grams_scalars
    from .cocob import COCOBState as COCOBState
    from .cocob import cocob as cocob
    from .cocob import cocob_elements as cocob_elements
    from .cocob import cocob_scalars as cocob_scalars
    from .dadaptation import DAdaptAdaGradState as DAdaptAdaGradState
    from .dadaptation import DAdaptAdamWState as DAdaptAdamWState
    from .dadaptation import DAdaptLionState as DAdaptLionState
    from .dadaptation import DAdaptSGDState as DAdaptSGDState
    from .dadaptation import dadapt_adagrad as dadapt_adagrad
    from .dadaptation import dadapt_adagrad_elements as dadapt_adagrad_elements
    from .dadaptation import dadapt_adagrad_scalars as dadapt_adagrad_scalars
    from .dadaptation import dadapt_adagrad_shared as dadapt_adagrad_shared
    from .dadaptation import dadapt_adagrad_summands as dadapt_adagrad_summands
    from .dadaptation import dadapt_adagrad_sums as dadapt_adagrad_sums
    from .dadaptation import dadapt_adamw as dadapt_adamw
    from .dadaptation import dadapt_adamw_elements as dadapt_adamw_elements
    from .dadaptation import dadapt_adamw_scalars as dadapt_adamw_scalars
    from .dadaptation import dadapt_adamw_shared as dadapt_adamw_shared
    from .dadaptation import dadapt_adamw_summands as dadapt_adamw_summands
    from .dadaptation import dadapt_adamw_sums as dadapt_adamw_sums
    from .dadaptation import dadapt_lion as dadapt_lion
    from .dadaptation import dadapt_lion_elements as dadapt_lion_elements
    from .dadaptation import dadapt_lion_scalars as dadapt_lion_scalars
    from .dadaptation import dadapt_lion_shared as dadapt_lion_shared
    from .dadaptation import dadapt_lion_summands as dadapt_lion_summands
    from .dadaptation import dadapt_lion_sums as dadapt_lion_sums
    from .dadaptation import dadapt_sgd as dadapt_sgd
    from .dadaptation import dadapt_sgd_elements as dadapt_sgd_elements
    from .dadaptation import dadapt_sgd_scalars as dadapt_sgd_scalars
    from .dadaptation import dadapt_sgd_shared as dadapt_sgd_shared
    from .dadaptation import dadapt_sgd_summands as dadapt_sgd_summands
    from .dadaptation import dadapt_sgd_sums as dadapt_sgd_sums
    from .diffgrad import DiffGradState as DiffGradState
    from .diffgrad import diffgrad as diffgrad
    from .diffgrad import diffgrad_elements as diffgrad_elements
    from .diffgrad import diffgrad_scalars as diffgrad_scalars
    from .dog import DoGState as DoGState
    from .dog import DoWGState as DoWGState
    from .dog import dog as dog
    from .dog import dog_elements as dog_elements
    from .dog import dog_scalars as dog_scalars
    from .dog import dog_shared as dog_shared
    from .dog import dog_summands as dog_summands
    from .dog import dog_sums as dog_sums
    from .dog import dowg as dowg
    from .dog import dowg_elements as dowg_elements
    from .dog import dowg_scalars as dowg_scalars
    from .dog import dowg_shared as dowg_shared
    from .dog import dowg_summands as dowg_summands
    from .dog import dowg_sums as dowg_sums
    from .dualadam import DualAdamState as DualAdamState
    from .dualadam import InvAdamState as InvAdamState
    from .dualadam import dualadam as dualadam
    from .dualadam import dualadam_elements as dualadam_elements
    from .dualadam import dualadam_scalars as dualadam_scalars
    from .dualadam import invadam as invadam
    from .dualadam import invadam_elements as invadam_elements
    from .dualadam import invadam_scalars as invadam_scalars
    from .exadam import EXAdamState as EXAdamState
    from .exadam import exadam as exadam
    from .exadam import exadam_elements as exadam_elements
    from .exadam import exadam_scalars as exadam_scalars
    from .focus import FOCUSState as FOCUSState
    from .focus import focus as focus
    from .focus import focus_elements as focus_elements
    from .focus import focus_scalars as focus_scalars
    from .fromage import FromageState as FromageState
    from .fromage import fromage as fromage
    from .fromage import fromage_elements as fromage_elements
    from .fromage import fromage_scalars as fromage_scalars
    from .fromage import fromage_summands as fromage_summands
    from .fromage import fromage_sums as fromage_sums
    from .ftrl import FTRLKerasState as FTRLKerasState
    from .ftrl import FTRLState as FTRLState
    from .ftrl import ftrl as ftrl
    from .ftrl import ftrl_elements as ftrl_elements
    from .ftrl import ftrl_keras as ftrl_keras
    from .ftrl import ftrl_keras_elements as ftrl_keras_elements
    from .ftrl import ftrl_keras_scalars as ftrl_keras_scalars
    from .ftrl import ftrl_scalars as ftrl_scalars
    from .grokfast import GrokfastAdamWState as GrokfastAdamWState
    from .grokfast import grokfast_adamw as grokfast_adamw
    from .grokfast import grokfast_adamw_elements as grokfast_adamw_elements
    from .grokfast import grokfast_adamw_scalars as grokfast_adamw_scalars
    from .kate import KATEState as KATEState
    from .kate import kate as kate
    from .kate import kate_elements as kate_elements
    from .kate import kate_scalars as kate_scalars
    from .lamb import LAMBState as LAMBState
    from .lamb import LAMBUncorrectedState as LAMBUncorrectedState
    from .lamb import lamb as lamb
    from .lamb import lamb_elements as lamb_elements
    from .lamb import lamb_scalars as lamb_scalars
    from .lamb import lamb_summands as lamb_summands
    from .lamb import lamb_sums as lamb_sums
    from .lamb import lamb_uncorrected as lamb_uncorrected
    from .lamb import lamb_uncorrected_elements as lamb_uncorrected_elements
    from .lamb import lamb_uncorrected_scalars as lamb_uncorrected_scalars
    from .lamb import lamb_uncorrected_summands as lamb_uncorrected_summands
    from .lamb import lamb_uncorrected_sums as lamb_uncorrected_sums
    from .laprop import LaPropState as LaPropState
    from .laprop import laprop as laprop
    from .laprop import laprop_elements as laprop_elements
    from .laprop import laprop_scalars as laprop_scalars
    from .lars import LARSState as LARSState
    from .lars import LARSSumOfNormsState as LARSSumOfNormsState
    from .lars import lars as lars
    from .lars import lars_elements as lars_elements
    from .lars import lars_scalars as lars_scalars
    from .lars import lars_sum_of_norms as lars_sum_of_norms
    from .lars import lars_sum_of_norms_elements as lars_sum_of_norms_elements
    from .lars import lars_sum_of_norms_scalars as lars_sum_of_norms_scalars
    from .lars import lars_sum_of_norms_summands as lars_sum_of_norms_summands
    from .lars import lars_sum_of_norms_sums as lars_sum_of_norms_sums
    from .lars import lars_summands as lars_summands
    from .lars import lars_sums as lars_sums
    from .lookahead import LookaheadAdamState as LookaheadAdamState
    from .lookahead import LookaheadAdjustedState as LookaheadAdjustedState
    from .lookahead import LookaheadSGDState as LookaheadSGDState
    from .lookahead import lookahead_adam as lookahead_adam
    from .lookahead import lookahead_adam_elements as lookahead_adam_elements
    from .lookahead import lookahead_adam_scalars as lookahead_adam_scalars
    from .lookahead import lookahead_adjusted as lookahead_adjusted
    from .lookahead import lookahead_adjusted_elements as lookahead_adjusted_elements
    from .lookahead import lookahead_adjusted_scalars as lookahead_adjusted_scalars
    from .lookahead import lookahead_sgd as lookahead_sgd
    from .lookahead import lookahead_sgd_elements as lookahead_sgd_elements
    from .lookahead import lookahead_sgd_scalars as lookahead_sgd_scalars
    from .madgrad import MADGRADEpsInLrState as MADGRADEpsInLrState
    from .madgrad import MADGRADState as MADGRADState
    from .madgrad import madgrad as madgrad
    from .madgrad import madgrad_elements as madgrad_elements
    from .madgrad import madgrad_eps_in_lr as madgrad_eps_in_lr
    from .madgrad import madgrad_eps_in_lr_elements as madgrad_eps_in_lr_elements
    from .madgrad import madgrad_eps_in_lr_scalars as madgrad_eps_in_lr_scalars
    from .madgrad import madgrad_scalars as madgrad_scalars
    from .mars import MARSAdamWState as MARSAdamWState
    from .mars import MARSLionState as MARSLionState
    from .mars import mars_adamw as mars_adamw
    from .mars import mars_adamw_elements as mars_adamw_elements
    from .mars import mars_adamw_scalars as mars_adamw_scalars
    from .mars import mars_lion as mars_lion
    from .mars import mars_lion_elements as mars_lion_elements
    from .mars import mars_lion_scalars as mars_lion_scalars
    from .mechanic import MechanicAdamWState as MechanicAdamWState
    from .mechanic import MechanicSGDState as MechanicSGDState
    from .mechanic import mechanic_adamw as mechanic_adamw
    from .mechanic import mechanic_adamw_elements as mechanic_adamw_elements
    from .mechanic import mechanic_adamw_scalars as mechanic_adamw_scalars
    from .mechanic import mechanic_adamw_shared as mechanic_adamw_shared
    from .mechanic import mechanic_adamw_summands as mechanic_adamw_summands
    from .mechanic import mechanic_adamw_sums as mechanic_adamw_sums
    from .mechanic import mechanic_sgd as mechanic_sgd
    from .mechanic import mechanic_sgd_elements as mechanic_sgd_elements
    from .mechanic import mechanic_sgd_scalars as mechanic_sgd_scalars
    from .mechanic import mechanic_sgd_shared as mechanic_sgd_shared
    from .mechanic import mechanic_sgd_summands as mechanic_sgd_summands
    from .mechanic import mechanic_sgd_sums as mechanic_sgd_sums
    from .momentum import DampedBallState as DampedBallState
    from .momentum import HeavyBallState as HeavyBallState
    from .momentum import MomentumBufferState as MomentumBufferState
    from .momentum import MomentumDampenedState as MomentumDampenedState
    from .momentum import MomentumEMAState as MomentumEMAState
    from .momentum import QHMState as QHMState
    from .momentum import damped_ball as damped_ball
    from .momentum import damped_ball_elements as damped_ball_elements
    from .momentum import damped_ball_scalars as damped_ball_scalars
    from .momentum import heavy_ball as heavy_ball
    from .momentum import heavy_ball_elements as heavy_ball_elements
    from .momentum import heavy_ball_scalars as heavy_ball_scalars
    from .momentum import momentum_buffer as momentum_buffer
    from .momentum import momentum_buffer_elements as momentum_buffer_elements
    from .momentum import momentum_buffer_scalars as momentum_buffer_scalars
    from .momentum import momentum_dampened as momentum_dampened
    from .momentum import momentum_dampened_elements as momentum_dampened_elements
    from .momentum import momentum_dampened_scalars as momentum_dampened_scalars
    from .momentum import momentum_ema as momentum_ema
    from .momentum import momentum_ema_elements as momentum_ema_elements
    from .momentum import momentum_ema_scalars as momentum_ema_scalars
    from .momentum import qhm as qhm
    from .momentum import qhm_elements as qhm_elements
    from .momentum import qhm_scalars as qhm_scalars
    from .momo import MoMoAdamStarState as MoMoAdamStarState
    from .momo import MoMoAdamState as MoMoAdamState
    from .momo import MoMoStarState as MoMoStarState
    from .momo import MoMoState as MoMoState
    from .momo import momo as momo
    from .momo import momo_adam as momo_adam
    from .momo import momo_adam_elements as momo_adam_elements
    from .momo import momo_adam_scalars as momo_adam_scalars
    from .momo import momo_adam_shared as momo_adam_shared
    from .momo import momo_adam_star as momo_adam_star
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
    from .momo import momo_star as momo_star
    from .momo import momo_star_elements as momo_star_elements
    from .momo import momo_star_scalars as momo_star_scalars
    from .momo import momo_star_shared as momo_star_shared
    from .momo import momo_star_summands as momo_star_summands
    from .momo import momo_star_sums as momo_star_sums
    from .momo import momo_summands as momo_summands
    from .momo import momo_sums as momo_sums
    from .msvag import MSVAGState as MSVAGState
    from .msvag import MSVAGWState as MSVAGWState
    from .msvag import msvag as msvag
    from .msvag import msvag_decay as msvag_decay
    from .msvag import msvag_decay_elements as msvag_decay_elements
    from .msvag import msvag_decay_scalars as msvag_decay_scalars
    from .msvag import msvag_elements as msvag_elements
    from .msvag import msvag_scalars as msvag_scalars
    from .nadam import NAdamKerasState as NAdamKerasState
    from .nadam import NAdamSimpleState as NAdamSimpleState
    from .nadam import NAdamState as NAdamState
    from .nadam import nadam as nadam
    from .nadam import nadam_elements as nadam_elements
    from .nadam import nadam_keras as nadam_keras
    from .nadam import nadam_keras_elements as nadam_keras_elements
    from .nadam import nadam_keras_scalars as nadam_keras_scalars
    from .nadam import nadam_keras_shared as nadam_keras_shared
    from .nadam import nadam_scalars as nadam_scalars
    from .nadam import nadam_shared as nadam_shared
    from .nadam import nadam_simple as nadam_simple
    from .nadam import nadam_simple_elements as nadam_simple_elements
    from .nadam import nadam_simple_scalars as nadam_simple_scalars
    from .nesterov import NesterovLookaheadState as NesterovLookaheadState
    from .nesterov import NesterovState as NesterovState
    from .nesterov import NesterovVelocityState as NesterovVelocityState
    from .nesterov import nesterov as nesterov
    from .nesterov import nesterov_elements as nesterov_elements
    from .nesterov import nesterov_lookahead as nesterov_lookahead
    from .nesterov import nesterov_lookahead_elements as nesterov_lookahead_elements
    from .nesterov import nesterov_lookahead_scalars as nesterov_lookahead_scalars
    from .nesterov import nesterov_scalars as nesterov_scalars
    from .nesterov import nesterov_velocity as nesterov_velocity
    from .nesterov import nesterov_velocity_elements as nesterov_velocity_elements
    from .nesterov import nesterov_velocity_scalars as nesterov_velocity_scalars
    from .novograd import NovoGradState as NovoGradState
    from .novograd import NovoGradWState as NovoGradWState
    from .novograd import novograd as novograd
    from .novograd import novograd_decoupled as novograd_decoupled
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
    from .optimistic import OptimisticAdamState as OptimisticAdamState
    from .optimistic import OptimisticGDState as OptimisticGDState
    from .optimistic import OptimisticNAdamState as OptimisticNAdamState
    from .optimistic import optimistic_adam as optimistic_adam
    from .optimistic import optimistic_adam_elements as optimistic_adam_elements
    from .optimistic import optimistic_adam_scalars as optimistic_adam_scalars
    from .optimistic import optimistic_gd as optimistic_gd
    from .optimistic import optimistic_gd_elements as optimistic_gd_elements
    from .optimistic import optimistic_gd_scalars as optimistic_gd_scalars
    from .optimistic import optimistic_nadam as optimistic_nadam
    from .optimistic import optimistic_nadam_elements as optimistic_nadam_elements
    from .optimistic import optimistic_nadam_scalars as optimistic_nadam_scalars
    from .padam import PadamCorrectedState as PadamCorrectedState
    from .padam import PadamState as PadamState
    from .padam import padam as padam
    from .padam import padam_corrected as padam_corrected
    from .padam import padam_corrected_elements as padam_corrected_elements
    from .padam import padam_corrected_scalars as padam_corrected_scalars
    from .padam import padam_elements as padam_elements
    from .padam import padam_scalars as padam_scalars
    from .pid import PIDState as PIDState
    from .pid import pid as pid
    from .pid import pid_elements as pid_elements
    from .pid import pid_scalars as pid_scalars
    from .pipeline import AccumulateOptaxState as AccumulateOptaxState
    from .pipeline import AccumulateState as AccumulateState
    from .pipeline import AccumulateSumOptaxState as AccumulateSumOptaxState
    from .pipeline import ApplyIfFiniteState as ApplyIfFiniteState
    from .pipeline import ClipByGlobalMaxState as ClipByGlobalMaxState
    from .pipeline import ClipByGlobalNorm1State as ClipByGlobalNorm1State
    from .pipeline import ClipByGlobalNormKerasState as ClipByGlobalNormKerasState
    from .pipeline import ClipByGlobalNormState as ClipByGlobalNormState
    from .pipeline import ClipByNormState as ClipByNormState
    from .pipeline import ClipByValueState as ClipByValueState
    from .pipeline import ClipGradMaxState as ClipGradMaxState
    from .pipeline import ClipGradNorm1State as ClipGradNorm1State
    from .pipeline import ClipGradNormState as ClipGradNormState
    from .pipeline import DecoupledDecayAfterState as DecoupledDecayAfterState
    from .pipeline import DecoupledDecayState as DecoupledDecayState
    from .pipeline import DynamicLossScaleState as DynamicLossScaleState
    from .pipeline import GaussianNoiseFromOneState as GaussianNoiseFromOneState
    from .pipeline import GaussianNoiseState as GaussianNoiseState
    from .pipeline import L2DecayState as L2DecayState
    from .pipeline import LossScaleState as LossScaleState
    from .pipeline import MaximizeState as MaximizeState
    from .pipeline import NormalizeState as NormalizeState
    from .pipeline import UnscaledDecayState as UnscaledDecayState
    from .pipeline import WeightEMADebiasedState as WeightEMADebiasedState
    from .pipeline import (
        WeightEMAKerasOverwritingState as WeightEMAKerasOverwritingState,
    )
    from .pipeline import WeightEMAKerasState as WeightEMAKerasState
    from .pipeline import WeightEMAState as WeightEMAState
    from .pipeline import WeightMeanState as WeightMeanState
    from .pipeline import accumulate as accumulate
    from .pipeline import accumulate_elements as accumulate_elements
    from .pipeline import accumulate_optax as accumulate_optax
    from .pipeline import accumulate_optax_elements as accumulate_optax_elements
    from .pipeline import accumulate_optax_scalars as accumulate_optax_scalars
    from .pipeline import accumulate_optax_shared as accumulate_optax_shared
    from .pipeline import accumulate_scalars as accumulate_scalars
    from .pipeline import accumulate_shared as accumulate_shared
    from .pipeline import accumulate_sum_optax as accumulate_sum_optax
    from .pipeline import accumulate_sum_optax_elements as accumulate_sum_optax_elements
    from .pipeline import accumulate_sum_optax_scalars as accumulate_sum_optax_scalars
    from .pipeline import accumulate_sum_optax_shared as accumulate_sum_optax_shared
    from .pipeline import apply_if_finite as apply_if_finite
    from .pipeline import apply_if_finite_elements as apply_if_finite_elements
    from .pipeline import apply_if_finite_scalars as apply_if_finite_scalars
    from .pipeline import apply_if_finite_shared as apply_if_finite_shared
    from .pipeline import apply_if_finite_summands as apply_if_finite_summands
    from .pipeline import apply_if_finite_sums as apply_if_finite_sums
    from .pipeline import clip_by_global_max as clip_by_global_max
    from .pipeline import clip_by_global_max_elements as clip_by_global_max_elements
    from .pipeline import clip_by_global_max_scalars as clip_by_global_max_scalars
    from .pipeline import clip_by_global_max_summands as clip_by_global_max_summands
    from .pipeline import clip_by_global_max_sums as clip_by_global_max_sums
    from .pipeline import clip_by_global_norm as clip_by_global_norm
    from .pipeline import clip_by_global_norm1 as clip_by_global_norm1
    from .pipeline import clip_by_global_norm1_elements as clip_by_global_norm1_elements
    from .pipeline import clip_by_global_norm1_scalars as clip_by_global_norm1_scalars
    from .pipeline import clip_by_global_norm1_summands as clip_by_global_norm1_summands
    from .pipeline import clip_by_global_norm1_sums as clip_by_global_norm1_sums
    from .pipeline import clip_by_global_norm_elements as clip_by_global_norm_elements
    from .pipeline import clip_by_global_norm_keras as clip_by_global_norm_keras
    from .pipeline import (
        clip_by_global_norm_keras_elements as clip_by_global_norm_keras_elements,
    )
    from .pipeline import (
        clip_by_global_norm_keras_scalars as clip_by_global_norm_keras_scalars,
    )
    from .pipeline import (
        clip_by_global_norm_keras_summands as clip_by_global_norm_keras_summands,
    )
    from .pipeline import (
        clip_by_global_norm_keras_sums as clip_by_global_norm_keras_sums,
    )
    from .pipeline import clip_by_global_norm_scalars as clip_by_global_norm_scalars
    from .pipeline import clip_by_global_norm_summands as clip_by_global_norm_summands
    from .pipeline import clip_by_global_norm_sums as clip_by_global_norm_sums
    from .pipeline import clip_by_norm as clip_by_norm
    from .pipeline import clip_by_norm_elements as clip_by_norm_elements
    from .pipeline import clip_by_norm_scalars as clip_by_norm_scalars
    from .pipeline import clip_by_norm_summands as clip_by_norm_summands
    from .pipeline import clip_by_norm_sums as clip_by_norm_sums
    from .pipeline import clip_by_value as clip_by_value
    from .pipeline import clip_by_value_elements as clip_by_value_elements
    from .pipeline import clip_by_value_scalars as clip_by_value_scalars
    from .pipeline import clip_grad_max as clip_grad_max
    from .pipeline import clip_grad_max_elements as clip_grad_max_elements
    from .pipeline import clip_grad_max_scalars as clip_grad_max_scalars
    from .pipeline import clip_grad_max_summands as clip_grad_max_summands
    from .pipeline import clip_grad_max_sums as clip_grad_max_sums
    from .pipeline import clip_grad_norm as clip_grad_norm
    from .pipeline import clip_grad_norm1 as clip_grad_norm1
    from .pipeline import clip_grad_norm1_elements as clip_grad_norm1_elements
    from .pipeline import clip_grad_norm1_scalars as clip_grad_norm1_scalars
    from .pipeline import clip_grad_norm1_summands as clip_grad_norm1_summands
    from .pipeline import clip_grad_norm1_sums as clip_grad_norm1_sums
    from .pipeline import clip_grad_norm_elements as clip_grad_norm_elements
    from .pipeline import clip_grad_norm_scalars as clip_grad_norm_scalars
    from .pipeline import clip_grad_norm_summands as clip_grad_norm_summands
    from .pipeline import clip_grad_norm_sums as clip_grad_norm_sums
    from .pipeline import decoupled_decay as decoupled_decay
    from .pipeline import decoupled_decay_after as decoupled_decay_after
    from .pipeline import (
        decoupled_decay_after_elements as decoupled_decay_after_elements,
    )
    from .pipeline import decoupled_decay_after_scalars as decoupled_decay_after_scalars
    from .pipeline import decoupled_decay_elements as decoupled_decay_elements
    from .pipeline import decoupled_decay_scalars as decoupled_decay_scalars
    from .pipeline import dynamic_loss_scale as dynamic_loss_scale
    from .pipeline import dynamic_loss_scale_elements as dynamic_loss_scale_elements
    from .pipeline import dynamic_loss_scale_scalars as dynamic_loss_scale_scalars
    from .pipeline import dynamic_loss_scale_shared as dynamic_loss_scale_shared
    from .pipeline import dynamic_loss_scale_summands as dynamic_loss_scale_summands
    from .pipeline import dynamic_loss_scale_sums as dynamic_loss_scale_sums
    from .pipeline import gaussian_noise as gaussian_noise
    from .pipeline import gaussian_noise_elements as gaussian_noise_elements
    from .pipeline import gaussian_noise_from_one as gaussian_noise_from_one
    from .pipeline import (
        gaussian_noise_from_one_elements as gaussian_noise_from_one_elements,
    )
    from .pipeline import (
        gaussian_noise_from_one_scalars as gaussian_noise_from_one_scalars,
    )
    from .pipeline import (
        gaussian_noise_from_one_shared as gaussian_noise_from_one_shared,
    )
    from .pipeline import gaussian_noise_scalars as gaussian_noise_scalars
    from .pipeline import gaussian_noise_shared as gaussian_noise_shared
    from .pipeline import l2_decay as l2_decay
    from .pipeline import l2_decay_elements as l2_decay_elements
    from .pipeline import l2_decay_scalars as l2_decay_scalars
    from .pipeline import loss_scale as loss_scale
    from .pipeline import loss_scale_elements as loss_scale_elements
    from .pipeline import loss_scale_scalars as loss_scale_scalars
    from .pipeline import maximize as maximize
    from .pipeline import maximize_elements as maximize_elements
    from .pipeline import maximize_scalars as maximize_scalars
    from .pipeline import normalize as normalize
    from .pipeline import normalize_elements as normalize_elements
    from .pipeline import normalize_scalars as normalize_scalars
    from .pipeline import normalize_summands as normalize_summands
    from .pipeline import normalize_sums as normalize_sums
    from .pipeline import unscaled_decay as unscaled_decay
    from .pipeline import unscaled_decay_elements as unscaled_decay_elements
    from .pipeline import unscaled_decay_scalars as unscaled_decay_scalars
    from .pipeline import weight_ema as weight_ema
    from .pipeline import weight_ema_debiased as weight_ema_debiased
    from .pipeline import weight_ema_debiased_elements as weight_ema_debiased_elements
    from .pipeline import weight_ema_debiased_scalars as weight_ema_debiased_scalars
    from .pipeline import weight_ema_elements as weight_ema_elements
    from .pipeline import weight_ema_keras as weight_ema_keras
    from .pipeline import weight_ema_keras_elements as weight_ema_keras_elements
    from .pipeline import weight_ema_keras_overwriting as weight_ema_keras_overwriting
    from .pipeline import (
        weight_ema_keras_overwriting_elements as weight_ema_keras_overwriting_elements,
    )
    from .pipeline import (
        weight_ema_keras_overwriting_scalars as weight_ema_keras_overwriting_scalars,
    )
    from .pipeline import weight_ema_keras_scalars as weight_ema_keras_scalars
    from .pipeline import weight_ema_scalars as weight_ema_scalars
    from .pipeline import weight_mean as weight_mean
    from .pipeline import weight_mean_elements as weight_mean_elements
    from .pipeline import weight_mean_scalars as weight_mean_scalars
    from .pnm import AdaPNMState as AdaPNMState
    from .pnm import PNMState as PNMState
    from .pnm import adapnm as adapnm
    from .pnm import adapnm_elements as adapnm_elements
    from .pnm import adapnm_scalars as adapnm_scalars
    from .pnm import pnm as pnm
    from .pnm import pnm_elements as pnm_elements
    from .pnm import pnm_scalars as pnm_scalars
    from .polyak import PolyakSGDPlusScaledState as PolyakSGDPlusScaledState
    from .polyak import PolyakSGDPlusState as PolyakSGDPlusState
    from .polyak import PolyakSGDScaledState as PolyakSGDScaledState
    from .polyak import PolyakSGDState as PolyakSGDState
    from .polyak import polyak_sgd as polyak_sgd
    from .polyak import polyak_sgd_elements as polyak_sgd_elements
    from .polyak import polyak_sgd_plus as polyak_sgd_plus
    from .polyak import polyak_sgd_plus_elements as polyak_sgd_plus_elements
    from .polyak import polyak_sgd_plus_scalars as polyak_sgd_plus_scalars
    from .polyak import polyak_sgd_plus_scaled as polyak_sgd_plus_scaled
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
    from .polyak import polyak_sgd_scaled as polyak_sgd_scaled
    from .polyak import polyak_sgd_scaled_elements as polyak_sgd_scaled_elements
    from .polyak import polyak_sgd_scaled_scalars as polyak_sgd_scaled_scalars
    from .polyak import polyak_sgd_scaled_summands as polyak_sgd_scaled_summands
    from .polyak import polyak_sgd_scaled_sums as polyak_sgd_scaled_sums
    from .polyak import polyak_sgd_summands as polyak_sgd_summands
    from .polyak import polyak_sgd_sums as polyak_sgd_sums
    from .prodigy import ProdigyState as ProdigyState
    from .prodigy import prodigy as prodigy
    from .prodigy import prodigy_elements as prodigy_elements
    from .prodigy import prodigy_scalars as prodigy_scalars
    from .prodigy import prodigy_shared as prodigy_shared
    from .prodigy import prodigy_summands as prodigy_summands
    from .prodigy import prodigy_sums as prodigy_sums
    from .qhadam import QHAdamState as QHAdamState
    from .qhadam import qhadam as qhadam
    from .qhadam import qhadam_elements as qhadam_elements
    from .qhadam import qhadam_scalars as qhadam_scalars
    from .radam import RAdamEpsHatState as RAdamEpsHatState
    from .radam import RAdamNesterovState as RAdamNesterovState
    from .radam import RAdamState as RAdamState
    from .radam import RAdamThresholdState as RAdamThresholdState
    from .radam import radam as radam
    from .radam import radam_elements as radam_elements
    from .radam import radam_eps_hat as radam_eps_hat
    from .radam import radam_eps_hat_elements as radam_eps_hat_elements
    from .radam import radam_eps_hat_scalars as radam_eps_hat_scalars
    from .radam import radam_nesterov as radam_nesterov
    from .radam import radam_nesterov_elements as radam_nesterov_elements
    from .radam import radam_nesterov_scalars as radam_nesterov_scalars
    from .radam import radam_scalars as radam_scalars
    from .radam import radam_threshold as radam_threshold
    from .radam import radam_threshold_elements as radam_threshold_elements
    from .radam import radam_threshold_scalars as radam_threshold_scalars
    from .ranger import RangerState as RangerState
    from .ranger import ranger as ranger
    from .ranger import ranger_elements as ranger_elements
    from .ranger import ranger_scalars as ranger_scalars
    from .rmsprop import RMSpropCenteredEpsInsideState as RMSpropCenteredEpsInsideState
    from .rmsprop import RMSpropCenteredMomentumState as RMSpropCenteredMomentumState
    from .rmsprop import RMSpropCenteredNesterovState as RMSpropCenteredNesterovState
    from .rmsprop import RMSpropCenteredState as RMSpropCenteredState
    from .rmsprop import RMSpropCorrectedState as RMSpropCorrectedState
    from .rmsprop import RMSpropEpsInsideState as RMSpropEpsInsideState
    from .rmsprop import RMSpropGravesState as RMSpropGravesState
    from .rmsprop import RMSpropMomentumEpsInsideState as RMSpropMomentumEpsInsideState
    from .rmsprop import RMSpropMomentumLrInsideState as RMSpropMomentumLrInsideState
    from .rmsprop import RMSpropMomentumState as RMSpropMomentumState
    from .rmsprop import RMSpropNesterovState as RMSpropNesterovState
    from .rmsprop import RMSpropState as RMSpropState
    from .rmsprop import RMSpropWarmState as RMSpropWarmState
    from .rmsprop import rmsprop as rmsprop
    from .rmsprop import rmsprop_centered as rmsprop_centered
    from .rmsprop import rmsprop_centered_elements as rmsprop_centered_elements
    from .rmsprop import rmsprop_centered_eps_inside as rmsprop_centered_eps_inside
    from .rmsprop import (
        rmsprop_centered_eps_inside_elements as rmsprop_centered_eps_inside_elements,
    )
    from .rmsprop import (
        rmsprop_centered_eps_inside_scalars as rmsprop_centered_eps_inside_scalars,
    )
    from .rmsprop import rmsprop_centered_momentum as rmsprop_centered_momentum
    from .rmsprop import (
        rmsprop_centered_momentum_elements as rmsprop_centered_momentum_elements,
    )
    from .rmsprop import (
        rmsprop_centered_momentum_scalars as rmsprop_centered_momentum_scalars,
    )
    from .rmsprop import rmsprop_centered_nesterov as rmsprop_centered_nesterov
    from .rmsprop import (
        rmsprop_centered_nesterov_elements as rmsprop_centered_nesterov_elements,
    )
    from .rmsprop import (
        rmsprop_centered_nesterov_scalars as rmsprop_centered_nesterov_scalars,
    )
    from .rmsprop import rmsprop_centered_scalars as rmsprop_centered_scalars
    from .rmsprop import rmsprop_corrected as rmsprop_corrected
    from .rmsprop import rmsprop_corrected_elements as rmsprop_corrected_elements
    from .rmsprop import rmsprop_corrected_scalars as rmsprop_corrected_scalars
    from .rmsprop import rmsprop_elements as rmsprop_elements
    from .rmsprop import rmsprop_eps_inside as rmsprop_eps_inside
    from .rmsprop import rmsprop_eps_inside_elements as rmsprop_eps_inside_elements
    from .rmsprop import rmsprop_eps_inside_scalars as rmsprop_eps_inside_scalars
    from .rmsprop import rmsprop_graves as rmsprop_graves
    from .rmsprop import rmsprop_graves_elements as rmsprop_graves_elements
    from .rmsprop import rmsprop_graves_scalars as rmsprop_graves_scalars
    from .rmsprop import rmsprop_momentum as rmsprop_momentum
    from .rmsprop import rmsprop_momentum_elements as rmsprop_momentum_elements
    from .rmsprop import rmsprop_momentum_eps_inside as rmsprop_momentum_eps_inside
    from .rmsprop import (
        rmsprop_momentum_eps_inside_elements as rmsprop_momentum_eps_inside_elements,
    )
    from .rmsprop import (
        rmsprop_momentum_eps_inside_scalars as rmsprop_momentum_eps_inside_scalars,
    )
    from .rmsprop import rmsprop_momentum_lr_inside as rmsprop_momentum_lr_inside
    from .rmsprop import (
        rmsprop_momentum_lr_inside_elements as rmsprop_momentum_lr_inside_elements,
    )
    from .rmsprop import (
        rmsprop_momentum_lr_inside_scalars as rmsprop_momentum_lr_inside_scalars,
    )
    from .rmsprop import rmsprop_momentum_scalars as rmsprop_momentum_scalars
    from .rmsprop import rmsprop_nesterov as rmsprop_nesterov
    from .rmsprop import rmsprop_nesterov_elements as rmsprop_nesterov_elements
    from .rmsprop import rmsprop_nesterov_scalars as rmsprop_nesterov_scalars
    from .rmsprop import rmsprop_scalars as rmsprop_scalars
    from .rmsprop import rmsprop_warm as rmsprop_warm
    from .rmsprop import rmsprop_warm_elements as rmsprop_warm_elements
    from .rmsprop import rmsprop_warm_scalars as rmsprop_warm_scalars
    from .sam import ASAMState as ASAMState
    from .sam import ExtragradientState as ExtragradientState
    from .sam import SAMByArrayState as SAMByArrayState
    from .sam import SAMState as SAMState
    from .sam import USAMState as USAMState
    from .sam import asam as asam
    from .sam import asam_elements as asam_elements
    from .sam import asam_scalars as asam_scalars
    from .sam import asam_shared as asam_shared
    from .sam import asam_summands as asam_summands
    from .sam import asam_sums as asam_sums
    from .sam import extragradient as extragradient
    from .sam import extragradient_elements as extragradient_elements
    from .sam import extragradient_scalars as extragradient_scalars
    from .sam import extragradient_shared as extragradient_shared
    from .sam import sam as sam
    from .sam import sam_by_array as sam_by_array
    from .sam import sam_by_array_elements as sam_by_array_elements
    from .sam import sam_by_array_scalars as sam_by_array_scalars
    from .sam import sam_by_array_shared as sam_by_array_shared
    from .sam import sam_by_array_summands as sam_by_array_summands
    from .sam import sam_by_array_sums as sam_by_array_sums
    from .sam import sam_elements as sam_elements
    from .sam import sam_scalars as sam_scalars
    from .sam import sam_shared as sam_shared
    from .sam import sam_summands as sam_summands
    from .sam import sam_sums as sam_sums
    from .sam import usam as usam
    from .sam import usam_elements as usam_elements
    from .sam import usam_scalars as usam_scalars
    from .sam import usam_shared as usam_shared
    from .schedule_free import (
        ScheduleFreeAdamWKerasState as ScheduleFreeAdamWKerasState,
    )
    from .schedule_free import (
        ScheduleFreeAdamWOptaxState as ScheduleFreeAdamWOptaxState,
    )
    from .schedule_free import (
        ScheduleFreeAdamWPrintedState as ScheduleFreeAdamWPrintedState,
    )
    from .schedule_free import ScheduleFreeAdamWState as ScheduleFreeAdamWState
    from .schedule_free import (
        ScheduleFreeAdamWTwoRatesState as ScheduleFreeAdamWTwoRatesState,
    )
    from .schedule_free import ScheduleFreeRAdamState as ScheduleFreeRAdamState
    from .schedule_free import ScheduleFreeSGDMeanState as ScheduleFreeSGDMeanState
    from .schedule_free import ScheduleFreeSGDOptaxState as ScheduleFreeSGDOptaxState
    from .schedule_free import ScheduleFreeSGDState as ScheduleFreeSGDState
    from .schedule_free import (
        ScheduleFreeSGDTwoRatesState as ScheduleFreeSGDTwoRatesState,
    )
    from .schedule_free import (
        ScheduleFreeSGDWeightedState as ScheduleFreeSGDWeightedState,
    )
    from .schedule_free import schedule_free_adamw as schedule_free_adamw
    from .schedule_free import (
        schedule_free_adamw_elements as schedule_free_adamw_elements,
    )
    from .schedule_free import schedule_free_adamw_keras as schedule_free_adamw_keras
    from .schedule_free import (
        schedule_free_adamw_keras_elements as schedule_free_adamw_keras_elements,
    )
    from .schedule_free import (
        schedule_free_adamw_keras_scalars as schedule_free_adamw_keras_scalars,
    )
    from .schedule_free import schedule_free_adamw_optax as schedule_free_adamw_optax
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
        schedule_free_adamw_printed as schedule_free_adamw_printed,
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
        schedule_free_adamw_two_rates as schedule_free_adamw_two_rates,
    )
    from .schedule_free import (
        schedule_free_adamw_two_rates_elements as schedule_free_adamw_two_rates_elements,
    )
    from .schedule_free import (
        schedule_free_adamw_two_rates_scalars as schedule_free_adamw_two_rates_scalars,
    )
    from .schedule_free import (
        schedule_free_adamw_two_rates_shared as schedule_free_adamw_two_rates_shared,
    )
    from .schedule_free import schedule_free_radam as schedule_free_radam
    from .schedule_free import (
        schedule_free_radam_elements as schedule_free_radam_elements,
    )
    from .schedule_free import (
        schedule_free_radam_scalars as schedule_free_radam_scalars,
    )
    from .schedule_free import schedule_free_radam_shared as schedule_free_radam_shared
    from .schedule_free import schedule_free_sgd as schedule_free_sgd
    from .schedule_free import schedule_free_sgd_elements as schedule_free_sgd_elements
    from .schedule_free import schedule_free_sgd_mean as schedule_free_sgd_mean
    from .schedule_free import (
        schedule_free_sgd_mean_elements as schedule_free_sgd_mean_elements,
    )
    from .schedule_free import (
        schedule_free_sgd_mean_scalars as schedule_free_sgd_mean_scalars,
    )
    from .schedule_free import schedule_free_sgd_optax as schedule_free_sgd_optax
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
        schedule_free_sgd_two_rates as schedule_free_sgd_two_rates,
    )
    from .schedule_free import (
        schedule_free_sgd_two_rates_elements as schedule_free_sgd_two_rates_elements,
    )
    from .schedule_free import (
        schedule_free_sgd_two_rates_scalars as schedule_free_sgd_two_rates_scalars,
    )
    from .schedule_free import (
        schedule_free_sgd_two_rates_shared as schedule_free_sgd_two_rates_shared,
    )
    from .schedule_free import schedule_free_sgd_weighted as schedule_free_sgd_weighted
    from .schedule_free import (
        schedule_free_sgd_weighted_elements as schedule_free_sgd_weighted_elements,
    )
    from .schedule_free import (
        schedule_free_sgd_weighted_scalars as schedule_free_sgd_weighted_scalars,
    )
    from .schedule_free import (
        schedule_free_sgd_weighted_shared as schedule_free_sgd_weighted_shared,
    )
    from .sgd import SGDState as SGDState
    from .sgd import sgd as sgd
    from .sgd import sgd_elements as sgd_elements
    from .sgd import sgd_scalars as sgd_scalars
    from .sgdsai import SGDSaIState as SGDSaIState
    from .sgdsai import sgdsai as sgdsai
    from .sgdsai import sgdsai_elements as sgdsai_elements
    from .sgdsai import sgdsai_per_array as sgdsai_per_array
    from .sgdsai import sgdsai_scalars as sgdsai_scalars
    from .sgdsai import sgdsai_summands as sgdsai_summands
    from .sgdsai import sgdsai_sums as sgdsai_sums
    from .sgdw import SGDWBufferState as SGDWBufferState
    from .sgdw import SGDWNesterovState as SGDWNesterovState
    from .sgdw import SGDWState as SGDWState
    from .sgdw import sgdw as sgdw
    from .sgdw import sgdw_buffer as sgdw_buffer
    from .sgdw import sgdw_buffer_elements as sgdw_buffer_elements
    from .sgdw import sgdw_buffer_scalars as sgdw_buffer_scalars
    from .sgdw import sgdw_elements as sgdw_elements
    from .sgdw import sgdw_nesterov as sgdw_nesterov
    from .sgdw import sgdw_nesterov_elements as sgdw_nesterov_elements
    from .sgdw import sgdw_nesterov_scalars as sgdw_nesterov_scalars
    from .sgdw import sgdw_scalars as sgdw_scalars
    from .sign import LionState as LionState
    from .sign import RpropClampedState as RpropClampedState
    from .sign import RpropState as RpropState
    from .sign import SignSGDState as SignSGDState
    from .sign import SignumState as SignumState
    from .sign import lion as lion
    from .sign import lion_elements as lion_elements
    from .sign import lion_scalars as lion_scalars
    from .sign import rprop as rprop
    from .sign import rprop_clamped as rprop_clamped
    from .sign import rprop_clamped_elements as rprop_clamped_elements
    from .sign import rprop_clamped_scalars as rprop_clamped_scalars
    from .sign import rprop_elements as rprop_elements
    from .sign import rprop_scalars as rprop_scalars
    from .sign import sign_sgd as sign_sgd
    from .sign import sign_sgd_elements as sign_sgd_elements
    from .sign import sign_sgd_scalars as sign_sgd_scalars
    from .sign import signum as signum
    from .sign import signum_elements as signum_elements
    from .sign import signum_scalars as signum_scalars
    from .smorms3 import SMORMS3State as SMORMS3State
    from .smorms3 import smorms3 as smorms3
    from .smorms3 import smorms3_elements as smorms3_elements
    from .smorms3 import smorms3_scalars as smorms3_scalars
    from .sophia import SophiaDelayedState as SophiaDelayedState
    from .sophia import SophiaState as SophiaState
    from .sophia import sophia as sophia
    from .sophia import sophia_delayed as sophia_delayed
    from .sophia import sophia_delayed_elements as sophia_delayed_elements
    from .sophia import sophia_delayed_scalars as sophia_delayed_scalars
    from .sophia import sophia_elements as sophia_elements
    from .sophia import sophia_scalars as sophia_scalars
    from .sparse import SparseAdamState as SparseAdamState
    from .sparse import sparse_adam as sparse_adam
    from .sparse import sparse_adam_elements as sparse_adam_elements
    from .sparse import sparse_adam_scalars as sparse_adam_scalars
    from .srmm import SRMMState as SRMMState
    from .srmm import srmm as srmm
    from .srmm import srmm_elements as srmm_elements
    from .srmm import srmm_scalars as srmm_scalars
    from .stableadamw import StableAdamWState as StableAdamWState
    from .stableadamw import stable_adamw as stable_adamw
    from .stableadamw import stable_adamw_elements as stable_adamw_elements
    from .stableadamw import stable_adamw_scalars as stable_adamw_scalars
    from .stableadamw import stable_adamw_summands as stable_adamw_summands
    from .stableadamw import stable_adamw_sums as stable_adamw_sums
    from .tam import AdaTAMState as AdaTAMState
    from .tam import TAMState as TAMState
    from .tam import adatam as adatam
    from .tam import adatam_elements as adatam_elements
    from .tam import adatam_scalars as adatam_scalars
    from .tam import adatam_summands as adatam_summands
    from .tam import adatam_sums as adatam_sums
    from .tam import tam as tam
    from .tam import tam_elements as tam_elements
    from .tam import tam_scalars as tam_scalars
    from .tam import tam_summands as tam_summands
    from .tam import tam_sums as tam_sums
    from .tiger import TigerState as TigerState
    from .tiger import tiger as tiger
    from .tiger import tiger_elements as tiger_elements
    from .tiger import tiger_scalars as tiger_scalars
    from .vsgd import VSGDState as VSGDState
    from .vsgd import vsgd as vsgd
    from .vsgd import vsgd_elements as vsgd_elements
    from .vsgd import vsgd_scalars as vsgd_scalars
    from .yogi import YogiState as YogiState
    from .yogi import YogiUncorrectedState as YogiUncorrectedState
    from .yogi import yogi as yogi
    from .yogi import yogi_elements as yogi_elements
    from .yogi import yogi_scalars as yogi_scalars
    from .yogi import yogi_uncorrected as yogi_uncorrected
    from .yogi import yogi_uncorrected_elements as yogi_uncorrected_elements
    from .yogi import yogi_uncorrected_scalars as yogi_uncorrected_scalars

_MODULES = {
    "A2GradExpState": "a2grad",
    "A2GradIncState": "a2grad",
    "A2GradUniState": "a2grad",
    "ACPropState": "acprop",
    "ADOPTState": "adopt",
    "ADOPTUnclippedState": "adopt",
    "AMSBoundState": "adabound",
    "AMSGradCorrectedState": "amsgrad",
    "AMSGradEpsHatState": "amsgrad",
    "AMSGradEpsRootState": "amsgrad",
    "AMSGradFirstCorrectedState": "amsgrad",
    "AMSGradSecondCorrectedState": "amsgrad",
    "AMSGradState": "amsgrad",
    "AMSGradUncorrectedState": "amsgrad",
    "AMSGradWEpsHatState": "adamw",
    "AMSGradWState": "adamw",
    "ASAMState": "sam",
    "ASGDState": "asgd",
    "AccSGDState": "accsgd",
    "AccumulateOptaxState": "pipeline",
    "AccumulateState": "pipeline",
    "AccumulateSumOptaxState": "pipeline",
    "AdEMAMixScheduledState": "ademamix",
    "AdEMAMixState": "ademamix",
    "AdaBeliefNesterovState": "adabelief",
    "AdaBeliefState": "adabelief",
    "AdaBoundState": "adabound",
    "AdaGCState": "adagc",
    "AdaHessianState": "adahessian",
    "AdaModCorrectedState": "adamod",
    "AdaModState": "adamod",
    "AdaNormState": "adanorm",
    "AdaPNMState": "pnm",
    "AdaShiftState": "adashift",
    "AdaSmoothState": "adasmooth",
    "AdaTAMState": "tam",
    "AdadeltaState": "adadelta",
    "AdadeltaUnitFirstState": "adadelta",
    "AdadeltaUnitStartState": "adadelta",
    "AdagradDecayState": "adagrad",
    "AdagradEpsInsideState": "adagrad",
    "AdagradGuardedState": "adagrad",
    "AdagradRMSState": "adagrad",
    "AdagradState": "adagrad",
    "AdaiState": "adai",
    "AdamCState": "adamc",
    "AdamEpsHatState": "adam",
    "AdamEpsInsideState": "adam",
    "AdamEpsRootState": "adam",
    "AdamGState": "adamg",
    "AdamSState": "adams",
    "AdamState": "adam",
    "AdamUncorrectedEpsInsideState": "adam",
    "AdamUncorrectedState": "adam",
    "AdamWAfterState": "adamw",
    "AdamWCautiousDecayState": "cautious",
    "AdamWEpsHatState": "adamw",
    "AdamWState": "adamw",
    "AdamWUnscaledEpsHatState": "adamw",
    "AdamWUnscaledState": "adamw",
    "AdamaxEpsInsideState": "adamax",
    "AdamaxState": "adamax",
    "AdamaxWState": "adamw",
    "AdanOptaxState": "adan",
    "AdanProximalState": "adan",
    "AdanState": "adan",
    "AggMoState": "aggmo",
    "AidaState": "aida",
    "AliGState": "alig",
    "AmosState": "amos",
    "AnoState": "ano",
    "AnologState": "ano",
    "ApolloState": "apollo",
    "ApplyIfFiniteState": "pipeline",
    "BCOSGradientState": "bcos",
    "BCOSMomentumState": "bcos",
    "BCOSState": "bcos",
    "COCOBState": "cocob",
    "CautiousAdamWUnscaledState": "cautious",
    "CautiousLionUnscaledState": "cautious",
    "ClipByGlobalMaxState": "pipeline",
    "ClipByGlobalNorm1State": "pipeline",
    "ClipByGlobalNormKerasState": "pipeline",
    "ClipByGlobalNormState": "pipeline",
    "ClipByNormState": "pipeline",
    "ClipByValueState": "pipeline",
    "ClipGradMaxState": "pipeline",
    "ClipGradNorm1State": "pipeline",
    "ClipGradNormState": "pipeline",
    "DAdaptAdaGradState": "dadaptation",
    "DAdaptAdamWState": "dadaptation",
    "DAdaptLionState": "dadaptation",
    "DAdaptSGDState": "dadaptation",
    "DampedBallState": "momentum",
    "DecoupledDecayAfterState": "pipeline",
    "DecoupledDecayState": "pipeline",
    "DiffGradState": "diffgrad",
    "DoGState": "dog",
    "DoWGState": "dog",
    "DualAdamState": "dualadam",
    "DynamicLossScaleState": "pipeline",
    "EXAdamState": "exadam",
    "ExtragradientState": "sam",
    "FOCUSState": "focus",
    "FTRLKerasState": "ftrl",
    "FTRLState": "ftrl",
    "FromageState": "fromage",
    "GaussianNoiseFromOneState": "pipeline",
    "GaussianNoiseState": "pipeline",
    "GramsState": "cautious",
    "GrokfastAdamWState": "grokfast",
    "HeavyBallState": "momentum",
    "InvAdamState": "dualadam",
    "KATEState": "kate",
    "L2DecayState": "pipeline",
    "LAMBState": "lamb",
    "LAMBUncorrectedState": "lamb",
    "LARSState": "lars",
    "LARSSumOfNormsState": "lars",
    "LaPropState": "laprop",
    "LionState": "sign",
    "LookaheadAdamState": "lookahead",
    "LookaheadAdjustedState": "lookahead",
    "LookaheadSGDState": "lookahead",
    "LossScaleState": "pipeline",
    "MADGRADEpsInLrState": "madgrad",
    "MADGRADState": "madgrad",
    "MARSAdamWState": "mars",
    "MARSLionState": "mars",
    "MSVAGState": "msvag",
    "MSVAGWState": "msvag",
    "MaximizeState": "pipeline",
    "MechanicAdamWState": "mechanic",
    "MechanicSGDState": "mechanic",
    "MoMoAdamStarState": "momo",
    "MoMoAdamState": "momo",
    "MoMoStarState": "momo",
    "MoMoState": "momo",
    "MomentumBufferState": "momentum",
    "MomentumDampenedState": "momentum",
    "MomentumEMAState": "momentum",
    "NAdamKerasState": "nadam",
    "NAdamSimpleState": "nadam",
    "NAdamState": "nadam",
    "NAdamWSimpleState": "adamw",
    "NAdamWState": "adamw",
    "NesterovLookaheadState": "nesterov",
    "NesterovState": "nesterov",
    "NesterovVelocityState": "nesterov",
    "NormalizeState": "pipeline",
    "NovoGradState": "novograd",
    "NovoGradWState": "novograd",
    "OptimisticAdamState": "optimistic",
    "OptimisticGDState": "optimistic",
    "OptimisticNAdamState": "optimistic",
    "PIDState": "pid",
    "PNMState": "pnm",
    "PadamCorrectedState": "padam",
    "PadamState": "padam",
    "PolyakSGDPlusScaledState": "polyak",
    "PolyakSGDPlusState": "polyak",
    "PolyakSGDScaledState": "polyak",
    "PolyakSGDState": "polyak",
    "ProdigyState": "prodigy",
    "QHAdamState": "qhadam",
    "QHMState": "momentum",
    "RAdamEpsHatState": "radam",
    "RAdamNesterovState": "radam",
    "RAdamState": "radam",
    "RAdamThresholdState": "radam",
    "RAdamWState": "adamw",
    "RMSpropCenteredEpsInsideState": "rmsprop",
    "RMSpropCenteredMomentumState": "rmsprop",
    "RMSpropCenteredNesterovState": "rmsprop",
    "RMSpropCenteredState": "rmsprop",
    "RMSpropCorrectedState": "rmsprop",
    "RMSpropEpsInsideState": "rmsprop",
    "RMSpropGravesState": "rmsprop",
    "RMSpropMomentumEpsInsideState": "rmsprop",
    "RMSpropMomentumLrInsideState": "rmsprop",
    "RMSpropMomentumState": "rmsprop",
    "RMSpropNesterovState": "rmsprop",
    "RMSpropState": "rmsprop",
    "RMSpropWarmState": "rmsprop",
    "RangerState": "ranger",
    "RpropClampedState": "sign",
    "RpropState": "sign",
    "SAMByArrayState": "sam",
    "SAMState": "sam",
    "SGDSaIState": "sgdsai",
    "SGDState": "sgd",
    "SGDWBufferState": "sgdw",
    "SGDWNesterovState": "sgdw",
    "SGDWState": "sgdw",
    "SMORMS3State": "smorms3",
    "SRMMState": "srmm",
    "ScheduleFreeAdamWKerasState": "schedule_free",
    "ScheduleFreeAdamWOptaxState": "schedule_free",
    "ScheduleFreeAdamWPrintedState": "schedule_free",
    "ScheduleFreeAdamWState": "schedule_free",
    "ScheduleFreeAdamWTwoRatesState": "schedule_free",
    "ScheduleFreeRAdamState": "schedule_free",
    "ScheduleFreeSGDMeanState": "schedule_free",
    "ScheduleFreeSGDOptaxState": "schedule_free",
    "ScheduleFreeSGDState": "schedule_free",
    "ScheduleFreeSGDTwoRatesState": "schedule_free",
    "ScheduleFreeSGDWeightedState": "schedule_free",
    "SignSGDState": "sign",
    "SignumState": "sign",
    "SimplifiedAdEMAMixState": "ademamix",
    "SophiaDelayedState": "sophia",
    "SophiaState": "sophia",
    "SparseAdamState": "sparse",
    "StableAdamWState": "stableadamw",
    "TAMState": "tam",
    "TigerState": "tiger",
    "USAMState": "sam",
    "UnscaledDecayState": "pipeline",
    "VSGDState": "vsgd",
    "WeightEMADebiasedState": "pipeline",
    "WeightEMAKerasOverwritingState": "pipeline",
    "WeightEMAKerasState": "pipeline",
    "WeightEMAState": "pipeline",
    "WeightMeanState": "pipeline",
    "YogiState": "yogi",
    "YogiUncorrectedState": "yogi",
    "a2grad_exp": "a2grad",
    "a2grad_exp_elements": "a2grad",
    "a2grad_exp_per_array": "a2grad",
    "a2grad_exp_scalars": "a2grad",
    "a2grad_exp_summands": "a2grad",
    "a2grad_exp_sums": "a2grad",
    "a2grad_inc": "a2grad",
    "a2grad_inc_elements": "a2grad",
    "a2grad_inc_per_array": "a2grad",
    "a2grad_inc_scalars": "a2grad",
    "a2grad_inc_summands": "a2grad",
    "a2grad_inc_sums": "a2grad",
    "a2grad_uni": "a2grad",
    "a2grad_uni_elements": "a2grad",
    "a2grad_uni_per_array": "a2grad",
    "a2grad_uni_scalars": "a2grad",
    "a2grad_uni_summands": "a2grad",
    "a2grad_uni_sums": "a2grad",
    "accsgd": "accsgd",
    "accsgd_elements": "accsgd",
    "accsgd_scalars": "accsgd",
    "accumulate": "pipeline",
    "accumulate_elements": "pipeline",
    "accumulate_optax": "pipeline",
    "accumulate_optax_elements": "pipeline",
    "accumulate_optax_scalars": "pipeline",
    "accumulate_optax_shared": "pipeline",
    "accumulate_scalars": "pipeline",
    "accumulate_shared": "pipeline",
    "accumulate_sum_optax": "pipeline",
    "accumulate_sum_optax_elements": "pipeline",
    "accumulate_sum_optax_scalars": "pipeline",
    "accumulate_sum_optax_shared": "pipeline",
    "acprop": "acprop",
    "acprop_elements": "acprop",
    "acprop_scalars": "acprop",
    "adabelief": "adabelief",
    "adabelief_elements": "adabelief",
    "adabelief_nesterov": "adabelief",
    "adabelief_nesterov_elements": "adabelief",
    "adabelief_nesterov_scalars": "adabelief",
    "adabelief_scalars": "adabelief",
    "adabound": "adabound",
    "adabound_elements": "adabound",
    "adabound_scalars": "adabound",
    "adadelta": "adadelta",
    "adadelta_elements": "adadelta",
    "adadelta_scalars": "adadelta",
    "adadelta_unit_first": "adadelta",
    "adadelta_unit_first_elements": "adadelta",
    "adadelta_unit_first_scalars": "adadelta",
    "adadelta_unit_start": "adadelta",
    "adadelta_unit_start_elements": "adadelta",
    "adadelta_unit_start_scalars": "adadelta",
    "adagc": "adagc",
    "adagc_elements": "adagc",
    "adagc_per_array": "adagc",
    "adagc_scalars": "adagc",
    "adagc_summands": "adagc",
    "adagc_sums": "adagc",
    "adagrad": "adagrad",
    "adagrad_decay": "adagrad",
    "adagrad_decay_elements": "adagrad",
    "adagrad_decay_scalars": "adagrad",
    "adagrad_elements": "adagrad",
    "adagrad_eps_inside": "adagrad",
    "adagrad_eps_inside_elements": "adagrad",
    "adagrad_eps_inside_scalars": "adagrad",
    "adagrad_guarded": "adagrad",
    "adagrad_guarded_elements": "adagrad",
    "adagrad_guarded_scalars": "adagrad",
    "adagrad_rms": "adagrad",
    "adagrad_rms_elements": "adagrad",
    "adagrad_rms_scalars": "adagrad",
    "adagrad_scalars": "adagrad",
    "adahessian": "adahessian",
    "adahessian_elements": "adahessian",
    "adahessian_scalars": "adahessian",
    "adai": "adai",
    "adai_elements": "adai",
    "adai_scalars": "adai",
    "adai_summands": "adai",
    "adai_sums": "adai",
    "adam": "adam",
    "adam_elements": "adam",
    "adam_eps_hat": "adam",
    "adam_eps_hat_elements": "adam",
    "adam_eps_hat_scalars": "adam",
    "adam_eps_inside": "adam",
    "adam_eps_inside_elements": "adam",
    "adam_eps_inside_scalars": "adam",
    "adam_eps_root": "adam",
    "adam_eps_root_elements": "adam",
    "adam_eps_root_scalars": "adam",
    "adam_scalars": "adam",
    "adam_uncorrected": "adam",
    "adam_uncorrected_elements": "adam",
    "adam_uncorrected_eps_inside": "adam",
    "adam_uncorrected_eps_inside_elements": "adam",
    "adam_uncorrected_eps_inside_scalars": "adam",
    "adam_uncorrected_scalars": "adam",
    "adamax": "adamax",
    "adamax_elements": "adamax",
    "adamax_eps_inside": "adamax",
    "adamax_eps_inside_elements": "adamax",
    "adamax_eps_inside_scalars": "adamax",
    "adamax_scalars": "adamax",
    "adamaxw": "adamw",
    "adamaxw_elements": "adamw",
    "adamaxw_scalars": "adamw",
    "adamc": "adamc",
    "adamc_elements": "adamc",
    "adamc_scalars": "adamc",
    "adamg": "adamg",
    "adamg_elements": "adamg",
    "adamg_scalars": "adamg",
    "adamod": "adamod",
    "adamod_corrected": "adamod",
    "adamod_corrected_elements": "adamod",
    "adamod_corrected_scalars": "adamod",
    "adamod_elements": "adamod",
    "adamod_scalars": "adamod",
    "adams": "adams",
    "adams_elements": "adams",
    "adams_scalars": "adams",
    "adams_summands": "adams",
    "adams_sums": "adams",
    "adamw": "adamw",
    "adamw_after": "adamw",
    "adamw_after_elements": "adamw",
    "adamw_after_scalars": "adamw",
    "adamw_elements": "adamw",
    "adamw_eps_hat": "adamw",
    "adamw_eps_hat_elements": "adamw",
    "adamw_eps_hat_scalars": "adamw",
    "adamw_scalars": "adamw",
    "adamw_unscaled": "adamw",
    "adamw_unscaled_elements": "adamw",
    "adamw_unscaled_eps_hat": "adamw",
    "adamw_unscaled_eps_hat_elements": "adamw",
    "adamw_unscaled_eps_hat_scalars": "adamw",
    "adamw_unscaled_scalars": "adamw",
    "adan": "adan",
    "adan_elements": "adan",
    "adan_optax": "adan",
    "adan_optax_elements": "adan",
    "adan_optax_scalars": "adan",
    "adan_proximal": "adan",
    "adan_proximal_elements": "adan",
    "adan_proximal_scalars": "adan",
    "adan_scalars": "adan",
    "adanorm": "adanorm",
    "adanorm_elements": "adanorm",
    "adanorm_per_array": "adanorm",
    "adanorm_scalars": "adanorm",
    "adanorm_summands": "adanorm",
    "adanorm_sums": "adanorm",
    "adapnm": "pnm",
    "adapnm_elements": "pnm",
    "adapnm_scalars": "pnm",
    "adashift": "adashift",
    "adashift_elements": "adashift",
    "adashift_scalars": "adashift",
    "adasmooth": "adasmooth",
    "adasmooth_elements": "adasmooth",
    "adasmooth_scalars": "adasmooth",
    "adatam": "tam",
    "adatam_elements": "tam",
    "adatam_scalars": "tam",
    "adatam_summands": "tam",
    "adatam_sums": "tam",
    "ademamix": "ademamix",
    "ademamix_elements": "ademamix",
    "ademamix_scalars": "ademamix",
    "ademamix_scheduled": "ademamix",
    "ademamix_scheduled_elements": "ademamix",
    "ademamix_scheduled_scalars": "ademamix",
    "adopt": "adopt",
    "adopt_elements": "adopt",
    "adopt_scalars": "adopt",
    "adopt_unclipped": "adopt",
    "adopt_unclipped_elements": "adopt",
    "adopt_unclipped_scalars": "adopt",
    "aggmo": "aggmo",
    "aggmo_elements": "aggmo",
    "aggmo_scalars": "aggmo",
    "aida": "aida",
    "aida_elements": "aida",
    "aida_scalars": "aida",
    "aida_summands": "aida",
    "aida_sums": "aida",
    "alig": "alig",
    "alig_elements": "alig",
    "alig_scalars": "alig",
    "alig_summands": "alig",
    "alig_sums": "alig",
    "amos": "amos",
    "amos_elements": "amos",
    "amos_per_array": "amos",
    "amos_scalars": "amos",
    "amos_summands": "amos",
    "amos_sums": "amos",
    "amsbound": "adabound",
    "amsbound_elements": "adabound",
    "amsbound_scalars": "adabound",
    "amsgrad": "amsgrad",
    "amsgrad_corrected": "amsgrad",
    "amsgrad_corrected_elements": "amsgrad",
    "amsgrad_corrected_scalars": "amsgrad",
    "amsgrad_elements": "amsgrad",
    "amsgrad_eps_hat": "amsgrad",
    "amsgrad_eps_hat_elements": "amsgrad",
    "amsgrad_eps_hat_scalars": "amsgrad",
    "amsgrad_eps_root": "amsgrad",
    "amsgrad_eps_root_elements": "amsgrad",
    "amsgrad_eps_root_scalars": "amsgrad",
    "amsgrad_first_corrected": "amsgrad",
    "amsgrad_first_corrected_elements": "amsgrad",
    "amsgrad_first_corrected_scalars": "amsgrad",
    "amsgrad_scalars": "amsgrad",
    "amsgrad_second_corrected": "amsgrad",
    "amsgrad_second_corrected_elements": "amsgrad",
    "amsgrad_second_corrected_scalars": "amsgrad",
    "amsgrad_uncorrected": "amsgrad",
    "amsgrad_uncorrected_elements": "amsgrad",
    "amsgrad_uncorrected_scalars": "amsgrad",
    "amsgradw": "adamw",
    "amsgradw_elements": "adamw",
    "amsgradw_eps_hat": "adamw",
    "amsgradw_eps_hat_elements": "adamw",
    "amsgradw_eps_hat_scalars": "adamw",
    "amsgradw_scalars": "adamw",
    "ano": "ano",
    "ano_elements": "ano",
    "ano_scalars": "ano",
    "anolog": "ano",
    "anolog_elements": "ano",
    "anolog_scalars": "ano",
    "apollo": "apollo",
    "apollo_elements": "apollo",
    "apollo_scalars": "apollo",
    "apollo_summands": "apollo",
    "apollo_sums": "apollo",
    "apply_if_finite": "pipeline",
    "apply_if_finite_elements": "pipeline",
    "apply_if_finite_scalars": "pipeline",
    "apply_if_finite_shared": "pipeline",
    "apply_if_finite_summands": "pipeline",
    "apply_if_finite_sums": "pipeline",
    "asam": "sam",
    "asam_elements": "sam",
    "asam_scalars": "sam",
    "asam_shared": "sam",
    "asam_summands": "sam",
    "asam_sums": "sam",
    "asgd": "asgd",
    "asgd_elements": "asgd",
    "asgd_scalars": "asgd",
    "asgd_shared": "asgd",
    "bcos": "bcos",
    "bcos_elements": "bcos",
    "bcos_gradient": "bcos",
    "bcos_gradient_elements": "bcos",
    "bcos_gradient_scalars": "bcos",
    "bcos_momentum": "bcos",
    "bcos_momentum_elements": "bcos",
    "bcos_momentum_scalars": "bcos",
    "bcos_scalars": "bcos",
    "cautious_adamw": "cautious",
    "cautious_adamw_elements": "cautious",
    "cautious_adamw_scalars": "cautious",
    "cautious_decay": "cautious",
    "cautious_decay_elements": "cautious",
    "cautious_decay_scalars": "cautious",
    "cautious_lion": "cautious",
    "cautious_lion_elements": "cautious",
    "cautious_lion_scalars": "cautious",
    "clip_by_global_max": "pipeline",
    "clip_by_global_max_elements": "pipeline",
    "clip_by_global_max_scalars": "pipeline",
    "clip_by_global_max_summands": "pipeline",
    "clip_by_global_max_sums": "pipeline",
    "clip_by_global_norm": "pipeline",
    "clip_by_global_norm1": "pipeline",
    "clip_by_global_norm1_elements": "pipeline",
    "clip_by_global_norm1_scalars": "pipeline",
    "clip_by_global_norm1_summands": "pipeline",
    "clip_by_global_norm1_sums": "pipeline",
    "clip_by_global_norm_elements": "pipeline",
    "clip_by_global_norm_keras": "pipeline",
    "clip_by_global_norm_keras_elements": "pipeline",
    "clip_by_global_norm_keras_scalars": "pipeline",
    "clip_by_global_norm_keras_summands": "pipeline",
    "clip_by_global_norm_keras_sums": "pipeline",
    "clip_by_global_norm_scalars": "pipeline",
    "clip_by_global_norm_summands": "pipeline",
    "clip_by_global_norm_sums": "pipeline",
    "clip_by_norm": "pipeline",
    "clip_by_norm_elements": "pipeline",
    "clip_by_norm_scalars": "pipeline",
    "clip_by_norm_summands": "pipeline",
    "clip_by_norm_sums": "pipeline",
    "clip_by_value": "pipeline",
    "clip_by_value_elements": "pipeline",
    "clip_by_value_scalars": "pipeline",
    "clip_grad_max": "pipeline",
    "clip_grad_max_elements": "pipeline",
    "clip_grad_max_scalars": "pipeline",
    "clip_grad_max_summands": "pipeline",
    "clip_grad_max_sums": "pipeline",
    "clip_grad_norm": "pipeline",
    "clip_grad_norm1": "pipeline",
    "clip_grad_norm1_elements": "pipeline",
    "clip_grad_norm1_scalars": "pipeline",
    "clip_grad_norm1_summands": "pipeline",
    "clip_grad_norm1_sums": "pipeline",
    "clip_grad_norm_elements": "pipeline",
    "clip_grad_norm_scalars": "pipeline",
    "clip_grad_norm_summands": "pipeline",
    "clip_grad_norm_sums": "pipeline",
    "cocob": "cocob",
    "cocob_elements": "cocob",
    "cocob_scalars": "cocob",
    "dadapt_adagrad": "dadaptation",
    "dadapt_adagrad_elements": "dadaptation",
    "dadapt_adagrad_scalars": "dadaptation",
    "dadapt_adagrad_shared": "dadaptation",
    "dadapt_adagrad_summands": "dadaptation",
    "dadapt_adagrad_sums": "dadaptation",
    "dadapt_adamw": "dadaptation",
    "dadapt_adamw_elements": "dadaptation",
    "dadapt_adamw_scalars": "dadaptation",
    "dadapt_adamw_shared": "dadaptation",
    "dadapt_adamw_summands": "dadaptation",
    "dadapt_adamw_sums": "dadaptation",
    "dadapt_lion": "dadaptation",
    "dadapt_lion_elements": "dadaptation",
    "dadapt_lion_scalars": "dadaptation",
    "dadapt_lion_shared": "dadaptation",
    "dadapt_lion_summands": "dadaptation",
    "dadapt_lion_sums": "dadaptation",
    "dadapt_sgd": "dadaptation",
    "dadapt_sgd_elements": "dadaptation",
    "dadapt_sgd_scalars": "dadaptation",
    "dadapt_sgd_shared": "dadaptation",
    "dadapt_sgd_summands": "dadaptation",
    "dadapt_sgd_sums": "dadaptation",
    "damped_ball": "momentum",
    "damped_ball_elements": "momentum",
    "damped_ball_scalars": "momentum",
    "decoupled_decay": "pipeline",
    "decoupled_decay_after": "pipeline",
    "decoupled_decay_after_elements": "pipeline",
    "decoupled_decay_after_scalars": "pipeline",
    "decoupled_decay_elements": "pipeline",
    "decoupled_decay_scalars": "pipeline",
    "diffgrad": "diffgrad",
    "diffgrad_elements": "diffgrad",
    "diffgrad_scalars": "diffgrad",
    "dog": "dog",
    "dog_elements": "dog",
    "dog_scalars": "dog",
    "dog_shared": "dog",
    "dog_summands": "dog",
    "dog_sums": "dog",
    "dowg": "dog",
    "dowg_elements": "dog",
    "dowg_scalars": "dog",
    "dowg_shared": "dog",
    "dowg_summands": "dog",
    "dowg_sums": "dog",
    "dualadam": "dualadam",
    "dualadam_elements": "dualadam",
    "dualadam_scalars": "dualadam",
    "dynamic_loss_scale": "pipeline",
    "dynamic_loss_scale_elements": "pipeline",
    "dynamic_loss_scale_scalars": "pipeline",
    "dynamic_loss_scale_shared": "pipeline",
    "dynamic_loss_scale_summands": "pipeline",
    "dynamic_loss_scale_sums": "pipeline",
    "exadam": "exadam",
    "exadam_elements": "exadam",
    "exadam_scalars": "exadam",
    "extragradient": "sam",
    "extragradient_elements": "sam",
    "extragradient_scalars": "sam",
    "extragradient_shared": "sam",
    "focus": "focus",
    "focus_elements": "focus",
    "focus_scalars": "focus",
    "fromage": "fromage",
    "fromage_elements": "fromage",
    "fromage_scalars": "fromage",
    "fromage_summands": "fromage",
    "fromage_sums": "fromage",
    "ftrl": "ftrl",
    "ftrl_elements": "ftrl",
    "ftrl_keras": "ftrl",
    "ftrl_keras_elements": "ftrl",
    "ftrl_keras_scalars": "ftrl",
    "ftrl_scalars": "ftrl",
    "gaussian_noise": "pipeline",
    "gaussian_noise_elements": "pipeline",
    "gaussian_noise_from_one": "pipeline",
    "gaussian_noise_from_one_elements": "pipeline",
    "gaussian_noise_from_one_scalars": "pipeline",
    "gaussian_noise_from_one_shared": "pipeline",
    "gaussian_noise_scalars": "pipeline",
    "gaussian_noise_shared": "pipeline",
    "grams": "cautious",
    "grams_elements": "cautious",
    "grams_scalars": "cautious",
    "grokfast_adamw": "grokfast",
    "grokfast_adamw_elements": "grokfast",
    "grokfast_adamw_scalars": "grokfast",
    "heavy_ball": "momentum",
    "heavy_ball_elements": "momentum",
    "heavy_ball_scalars": "momentum",
    "invadam": "dualadam",
    "invadam_elements": "dualadam",
    "invadam_scalars": "dualadam",
    "kate": "kate",
    "kate_elements": "kate",
    "kate_scalars": "kate",
    "l2_decay": "pipeline",
    "l2_decay_elements": "pipeline",
    "l2_decay_scalars": "pipeline",
    "lamb": "lamb",
    "lamb_elements": "lamb",
    "lamb_scalars": "lamb",
    "lamb_summands": "lamb",
    "lamb_sums": "lamb",
    "lamb_uncorrected": "lamb",
    "lamb_uncorrected_elements": "lamb",
    "lamb_uncorrected_scalars": "lamb",
    "lamb_uncorrected_summands": "lamb",
    "lamb_uncorrected_sums": "lamb",
    "laprop": "laprop",
    "laprop_elements": "laprop",
    "laprop_scalars": "laprop",
    "lars": "lars",
    "lars_elements": "lars",
    "lars_scalars": "lars",
    "lars_sum_of_norms": "lars",
    "lars_sum_of_norms_elements": "lars",
    "lars_sum_of_norms_scalars": "lars",
    "lars_sum_of_norms_summands": "lars",
    "lars_sum_of_norms_sums": "lars",
    "lars_summands": "lars",
    "lars_sums": "lars",
    "lion": "sign",
    "lion_elements": "sign",
    "lion_scalars": "sign",
    "lookahead_adam": "lookahead",
    "lookahead_adam_elements": "lookahead",
    "lookahead_adam_scalars": "lookahead",
    "lookahead_adjusted": "lookahead",
    "lookahead_adjusted_elements": "lookahead",
    "lookahead_adjusted_scalars": "lookahead",
    "lookahead_sgd": "lookahead",
    "lookahead_sgd_elements": "lookahead",
    "lookahead_sgd_scalars": "lookahead",
    "loss_scale": "pipeline",
    "loss_scale_elements": "pipeline",
    "loss_scale_scalars": "pipeline",
    "madgrad": "madgrad",
    "madgrad_elements": "madgrad",
    "madgrad_eps_in_lr": "madgrad",
    "madgrad_eps_in_lr_elements": "madgrad",
    "madgrad_eps_in_lr_scalars": "madgrad",
    "madgrad_scalars": "madgrad",
    "mars_adamw": "mars",
    "mars_adamw_elements": "mars",
    "mars_adamw_scalars": "mars",
    "mars_lion": "mars",
    "mars_lion_elements": "mars",
    "mars_lion_scalars": "mars",
    "maximize": "pipeline",
    "maximize_elements": "pipeline",
    "maximize_scalars": "pipeline",
    "mechanic_adamw": "mechanic",
    "mechanic_adamw_elements": "mechanic",
    "mechanic_adamw_scalars": "mechanic",
    "mechanic_adamw_shared": "mechanic",
    "mechanic_adamw_summands": "mechanic",
    "mechanic_adamw_sums": "mechanic",
    "mechanic_sgd": "mechanic",
    "mechanic_sgd_elements": "mechanic",
    "mechanic_sgd_scalars": "mechanic",
    "mechanic_sgd_shared": "mechanic",
    "mechanic_sgd_summands": "mechanic",
    "mechanic_sgd_sums": "mechanic",
    "momentum_buffer": "momentum",
    "momentum_buffer_elements": "momentum",
    "momentum_buffer_scalars": "momentum",
    "momentum_dampened": "momentum",
    "momentum_dampened_elements": "momentum",
    "momentum_dampened_scalars": "momentum",
    "momentum_ema": "momentum",
    "momentum_ema_elements": "momentum",
    "momentum_ema_scalars": "momentum",
    "momo": "momo",
    "momo_adam": "momo",
    "momo_adam_elements": "momo",
    "momo_adam_scalars": "momo",
    "momo_adam_shared": "momo",
    "momo_adam_star": "momo",
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
    "momo_star": "momo",
    "momo_star_elements": "momo",
    "momo_star_scalars": "momo",
    "momo_star_shared": "momo",
    "momo_star_summands": "momo",
    "momo_star_sums": "momo",
    "momo_summands": "momo",
    "momo_sums": "momo",
    "msvag": "msvag",
    "msvag_decay": "msvag",
    "msvag_decay_elements": "msvag",
    "msvag_decay_scalars": "msvag",
    "msvag_elements": "msvag",
    "msvag_scalars": "msvag",
    "nadam": "nadam",
    "nadam_elements": "nadam",
    "nadam_keras": "nadam",
    "nadam_keras_elements": "nadam",
    "nadam_keras_scalars": "nadam",
    "nadam_keras_shared": "nadam",
    "nadam_scalars": "nadam",
    "nadam_shared": "nadam",
    "nadam_simple": "nadam",
    "nadam_simple_elements": "nadam",
    "nadam_simple_scalars": "nadam",
    "nadamw": "adamw",
    "nadamw_elements": "adamw",
    "nadamw_scalars": "adamw",
    "nadamw_shared": "adamw",
    "nadamw_simple": "adamw",
    "nadamw_simple_elements": "adamw",
    "nadamw_simple_scalars": "adamw",
    "nesterov": "nesterov",
    "nesterov_elements": "nesterov",
    "nesterov_lookahead": "nesterov",
    "nesterov_lookahead_elements": "nesterov",
    "nesterov_lookahead_scalars": "nesterov",
    "nesterov_scalars": "nesterov",
    "nesterov_velocity": "nesterov",
    "nesterov_velocity_elements": "nesterov",
    "nesterov_velocity_scalars": "nesterov",
    "normalize": "pipeline",
    "normalize_elements": "pipeline",
    "normalize_scalars": "pipeline",
    "normalize_summands": "pipeline",
    "normalize_sums": "pipeline",
    "novograd": "novograd",
    "novograd_decoupled": "novograd",
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
    "optimistic_adam": "optimistic",
    "optimistic_adam_elements": "optimistic",
    "optimistic_adam_scalars": "optimistic",
    "optimistic_gd": "optimistic",
    "optimistic_gd_elements": "optimistic",
    "optimistic_gd_scalars": "optimistic",
    "optimistic_nadam": "optimistic",
    "optimistic_nadam_elements": "optimistic",
    "optimistic_nadam_scalars": "optimistic",
    "padam": "padam",
    "padam_corrected": "padam",
    "padam_corrected_elements": "padam",
    "padam_corrected_scalars": "padam",
    "padam_elements": "padam",
    "padam_scalars": "padam",
    "pid": "pid",
    "pid_elements": "pid",
    "pid_scalars": "pid",
    "pnm": "pnm",
    "pnm_elements": "pnm",
    "pnm_scalars": "pnm",
    "polyak_sgd": "polyak",
    "polyak_sgd_elements": "polyak",
    "polyak_sgd_plus": "polyak",
    "polyak_sgd_plus_elements": "polyak",
    "polyak_sgd_plus_scalars": "polyak",
    "polyak_sgd_plus_scaled": "polyak",
    "polyak_sgd_plus_scaled_elements": "polyak",
    "polyak_sgd_plus_scaled_scalars": "polyak",
    "polyak_sgd_plus_scaled_summands": "polyak",
    "polyak_sgd_plus_scaled_sums": "polyak",
    "polyak_sgd_plus_summands": "polyak",
    "polyak_sgd_plus_sums": "polyak",
    "polyak_sgd_scalars": "polyak",
    "polyak_sgd_scaled": "polyak",
    "polyak_sgd_scaled_elements": "polyak",
    "polyak_sgd_scaled_scalars": "polyak",
    "polyak_sgd_scaled_summands": "polyak",
    "polyak_sgd_scaled_sums": "polyak",
    "polyak_sgd_summands": "polyak",
    "polyak_sgd_sums": "polyak",
    "prodigy": "prodigy",
    "prodigy_elements": "prodigy",
    "prodigy_scalars": "prodigy",
    "prodigy_shared": "prodigy",
    "prodigy_summands": "prodigy",
    "prodigy_sums": "prodigy",
    "qhadam": "qhadam",
    "qhadam_elements": "qhadam",
    "qhadam_scalars": "qhadam",
    "qhm": "momentum",
    "qhm_elements": "momentum",
    "qhm_scalars": "momentum",
    "radam": "radam",
    "radam_elements": "radam",
    "radam_eps_hat": "radam",
    "radam_eps_hat_elements": "radam",
    "radam_eps_hat_scalars": "radam",
    "radam_nesterov": "radam",
    "radam_nesterov_elements": "radam",
    "radam_nesterov_scalars": "radam",
    "radam_scalars": "radam",
    "radam_threshold": "radam",
    "radam_threshold_elements": "radam",
    "radam_threshold_scalars": "radam",
    "radamw": "adamw",
    "radamw_elements": "adamw",
    "radamw_scalars": "adamw",
    "ranger": "ranger",
    "ranger_elements": "ranger",
    "ranger_scalars": "ranger",
    "rmsprop": "rmsprop",
    "rmsprop_centered": "rmsprop",
    "rmsprop_centered_elements": "rmsprop",
    "rmsprop_centered_eps_inside": "rmsprop",
    "rmsprop_centered_eps_inside_elements": "rmsprop",
    "rmsprop_centered_eps_inside_scalars": "rmsprop",
    "rmsprop_centered_momentum": "rmsprop",
    "rmsprop_centered_momentum_elements": "rmsprop",
    "rmsprop_centered_momentum_scalars": "rmsprop",
    "rmsprop_centered_nesterov": "rmsprop",
    "rmsprop_centered_nesterov_elements": "rmsprop",
    "rmsprop_centered_nesterov_scalars": "rmsprop",
    "rmsprop_centered_scalars": "rmsprop",
    "rmsprop_corrected": "rmsprop",
    "rmsprop_corrected_elements": "rmsprop",
    "rmsprop_corrected_scalars": "rmsprop",
    "rmsprop_elements": "rmsprop",
    "rmsprop_eps_inside": "rmsprop",
    "rmsprop_eps_inside_elements": "rmsprop",
    "rmsprop_eps_inside_scalars": "rmsprop",
    "rmsprop_graves": "rmsprop",
    "rmsprop_graves_elements": "rmsprop",
    "rmsprop_graves_scalars": "rmsprop",
    "rmsprop_momentum": "rmsprop",
    "rmsprop_momentum_elements": "rmsprop",
    "rmsprop_momentum_eps_inside": "rmsprop",
    "rmsprop_momentum_eps_inside_elements": "rmsprop",
    "rmsprop_momentum_eps_inside_scalars": "rmsprop",
    "rmsprop_momentum_lr_inside": "rmsprop",
    "rmsprop_momentum_lr_inside_elements": "rmsprop",
    "rmsprop_momentum_lr_inside_scalars": "rmsprop",
    "rmsprop_momentum_scalars": "rmsprop",
    "rmsprop_nesterov": "rmsprop",
    "rmsprop_nesterov_elements": "rmsprop",
    "rmsprop_nesterov_scalars": "rmsprop",
    "rmsprop_scalars": "rmsprop",
    "rmsprop_warm": "rmsprop",
    "rmsprop_warm_elements": "rmsprop",
    "rmsprop_warm_scalars": "rmsprop",
    "rprop": "sign",
    "rprop_clamped": "sign",
    "rprop_clamped_elements": "sign",
    "rprop_clamped_scalars": "sign",
    "rprop_elements": "sign",
    "rprop_scalars": "sign",
    "sam": "sam",
    "sam_by_array": "sam",
    "sam_by_array_elements": "sam",
    "sam_by_array_scalars": "sam",
    "sam_by_array_shared": "sam",
    "sam_by_array_summands": "sam",
    "sam_by_array_sums": "sam",
    "sam_elements": "sam",
    "sam_scalars": "sam",
    "sam_shared": "sam",
    "sam_summands": "sam",
    "sam_sums": "sam",
    "schedule_free_adamw": "schedule_free",
    "schedule_free_adamw_elements": "schedule_free",
    "schedule_free_adamw_keras": "schedule_free",
    "schedule_free_adamw_keras_elements": "schedule_free",
    "schedule_free_adamw_keras_scalars": "schedule_free",
    "schedule_free_adamw_optax": "schedule_free",
    "schedule_free_adamw_optax_elements": "schedule_free",
    "schedule_free_adamw_optax_scalars": "schedule_free",
    "schedule_free_adamw_optax_shared": "schedule_free",
    "schedule_free_adamw_printed": "schedule_free",
    "schedule_free_adamw_printed_elements": "schedule_free",
    "schedule_free_adamw_printed_scalars": "schedule_free",
    "schedule_free_adamw_printed_shared": "schedule_free",
    "schedule_free_adamw_scalars": "schedule_free",
    "schedule_free_adamw_shared": "schedule_free",
    "schedule_free_adamw_two_rates": "schedule_free",
    "schedule_free_adamw_two_rates_elements": "schedule_free",
    "schedule_free_adamw_two_rates_scalars": "schedule_free",
    "schedule_free_adamw_two_rates_shared": "schedule_free",
    "schedule_free_radam": "schedule_free",
    "schedule_free_radam_elements": "schedule_free",
    "schedule_free_radam_scalars": "schedule_free",
    "schedule_free_radam_shared": "schedule_free",
    "schedule_free_sgd": "schedule_free",
    "schedule_free_sgd_elements": "schedule_free",
    "schedule_free_sgd_mean": "schedule_free",
    "schedule_free_sgd_mean_elements": "schedule_free",
    "schedule_free_sgd_mean_scalars": "schedule_free",
    "schedule_free_sgd_optax": "schedule_free",
    "schedule_free_sgd_optax_elements": "schedule_free",
    "schedule_free_sgd_optax_scalars": "schedule_free",
    "schedule_free_sgd_optax_shared": "schedule_free",
    "schedule_free_sgd_scalars": "schedule_free",
    "schedule_free_sgd_two_rates": "schedule_free",
    "schedule_free_sgd_two_rates_elements": "schedule_free",
    "schedule_free_sgd_two_rates_scalars": "schedule_free",
    "schedule_free_sgd_two_rates_shared": "schedule_free",
    "schedule_free_sgd_weighted": "schedule_free",
    "schedule_free_sgd_weighted_elements": "schedule_free",
    "schedule_free_sgd_weighted_scalars": "schedule_free",
    "schedule_free_sgd_weighted_shared": "schedule_free",
    "sgd": "sgd",
    "sgd_elements": "sgd",
    "sgd_scalars": "sgd",
    "sgdsai": "sgdsai",
    "sgdsai_elements": "sgdsai",
    "sgdsai_per_array": "sgdsai",
    "sgdsai_scalars": "sgdsai",
    "sgdsai_summands": "sgdsai",
    "sgdsai_sums": "sgdsai",
    "sgdw": "sgdw",
    "sgdw_buffer": "sgdw",
    "sgdw_buffer_elements": "sgdw",
    "sgdw_buffer_scalars": "sgdw",
    "sgdw_elements": "sgdw",
    "sgdw_nesterov": "sgdw",
    "sgdw_nesterov_elements": "sgdw",
    "sgdw_nesterov_scalars": "sgdw",
    "sgdw_scalars": "sgdw",
    "sign_sgd": "sign",
    "sign_sgd_elements": "sign",
    "sign_sgd_scalars": "sign",
    "signum": "sign",
    "signum_elements": "sign",
    "signum_scalars": "sign",
    "simplified_ademamix": "ademamix",
    "simplified_ademamix_elements": "ademamix",
    "simplified_ademamix_scalars": "ademamix",
    "smorms3": "smorms3",
    "smorms3_elements": "smorms3",
    "smorms3_scalars": "smorms3",
    "sophia": "sophia",
    "sophia_delayed": "sophia",
    "sophia_delayed_elements": "sophia",
    "sophia_delayed_scalars": "sophia",
    "sophia_elements": "sophia",
    "sophia_scalars": "sophia",
    "sparse_adam": "sparse",
    "sparse_adam_elements": "sparse",
    "sparse_adam_scalars": "sparse",
    "srmm": "srmm",
    "srmm_elements": "srmm",
    "srmm_scalars": "srmm",
    "stable_adamw": "stableadamw",
    "stable_adamw_elements": "stableadamw",
    "stable_adamw_scalars": "stableadamw",
    "stable_adamw_summands": "stableadamw",
    "stable_adamw_sums": "stableadamw",
    "tam": "tam",
    "tam_elements": "tam",
    "tam_scalars": "tam",
    "tam_summands": "tam",
    "tam_sums": "tam",
    "tiger": "tiger",
    "tiger_elements": "tiger",
    "tiger_scalars": "tiger",
    "unscaled_decay": "pipeline",
    "unscaled_decay_elements": "pipeline",
    "unscaled_decay_scalars": "pipeline",
    "usam": "sam",
    "usam_elements": "sam",
    "usam_scalars": "sam",
    "usam_shared": "sam",
    "vsgd": "vsgd",
    "vsgd_elements": "vsgd",
    "vsgd_scalars": "vsgd",
    "weight_ema": "pipeline",
    "weight_ema_debiased": "pipeline",
    "weight_ema_debiased_elements": "pipeline",
    "weight_ema_debiased_scalars": "pipeline",
    "weight_ema_elements": "pipeline",
    "weight_ema_keras": "pipeline",
    "weight_ema_keras_elements": "pipeline",
    "weight_ema_keras_overwriting": "pipeline",
    "weight_ema_keras_overwriting_elements": "pipeline",
    "weight_ema_keras_overwriting_scalars": "pipeline",
    "weight_ema_keras_scalars": "pipeline",
    "weight_ema_scalars": "pipeline",
    "weight_mean": "pipeline",
    "weight_mean_elements": "pipeline",
    "weight_mean_scalars": "pipeline",
    "yogi": "yogi",
    "yogi_elements": "yogi",
    "yogi_scalars": "yogi",
    "yogi_uncorrected": "yogi",
    "yogi_uncorrected_elements": "yogi",
    "yogi_uncorrected_scalars": "yogi",
}

__all__ = [
    "A2GradExpState",
    "A2GradIncState",
    "A2GradUniState",
    "ACPropState",
    "ADOPTState",
    "ADOPTUnclippedState",
    "AMSBoundState",
    "AMSGradCorrectedState",
    "AMSGradEpsHatState",
    "AMSGradEpsRootState",
    "AMSGradFirstCorrectedState",
    "AMSGradSecondCorrectedState",
    "AMSGradState",
    "AMSGradUncorrectedState",
    "AMSGradWEpsHatState",
    "AMSGradWState",
    "ASAMState",
    "ASGDState",
    "AccSGDState",
    "AccumulateOptaxState",
    "AccumulateState",
    "AccumulateSumOptaxState",
    "AdEMAMixScheduledState",
    "AdEMAMixState",
    "AdaBeliefNesterovState",
    "AdaBeliefState",
    "AdaBoundState",
    "AdaGCState",
    "AdaHessianState",
    "AdaModCorrectedState",
    "AdaModState",
    "AdaNormState",
    "AdaPNMState",
    "AdaShiftState",
    "AdaSmoothState",
    "AdaTAMState",
    "AdadeltaState",
    "AdadeltaUnitFirstState",
    "AdadeltaUnitStartState",
    "AdagradDecayState",
    "AdagradEpsInsideState",
    "AdagradGuardedState",
    "AdagradRMSState",
    "AdagradState",
    "AdaiState",
    "AdamCState",
    "AdamEpsHatState",
    "AdamEpsInsideState",
    "AdamEpsRootState",
    "AdamGState",
    "AdamSState",
    "AdamState",
    "AdamUncorrectedEpsInsideState",
    "AdamUncorrectedState",
    "AdamWAfterState",
    "AdamWCautiousDecayState",
    "AdamWEpsHatState",
    "AdamWState",
    "AdamWUnscaledEpsHatState",
    "AdamWUnscaledState",
    "AdamaxEpsInsideState",
    "AdamaxState",
    "AdamaxWState",
    "AdanOptaxState",
    "AdanProximalState",
    "AdanState",
    "AggMoState",
    "AidaState",
    "AliGState",
    "AmosState",
    "AnoState",
    "AnologState",
    "ApolloState",
    "ApplyIfFiniteState",
    "BCOSGradientState",
    "BCOSMomentumState",
    "BCOSState",
    "COCOBState",
    "CautiousAdamWUnscaledState",
    "CautiousLionUnscaledState",
    "ClipByGlobalMaxState",
    "ClipByGlobalNorm1State",
    "ClipByGlobalNormKerasState",
    "ClipByGlobalNormState",
    "ClipByNormState",
    "ClipByValueState",
    "ClipGradMaxState",
    "ClipGradNorm1State",
    "ClipGradNormState",
    "DAdaptAdaGradState",
    "DAdaptAdamWState",
    "DAdaptLionState",
    "DAdaptSGDState",
    "DampedBallState",
    "DecoupledDecayAfterState",
    "DecoupledDecayState",
    "DiffGradState",
    "DoGState",
    "DoWGState",
    "DualAdamState",
    "DynamicLossScaleState",
    "EXAdamState",
    "ExtragradientState",
    "FOCUSState",
    "FTRLKerasState",
    "FTRLState",
    "FromageState",
    "GaussianNoiseFromOneState",
    "GaussianNoiseState",
    "GramsState",
    "GrokfastAdamWState",
    "HeavyBallState",
    "InvAdamState",
    "KATEState",
    "L2DecayState",
    "LAMBState",
    "LAMBUncorrectedState",
    "LARSState",
    "LARSSumOfNormsState",
    "LaPropState",
    "LionState",
    "LookaheadAdamState",
    "LookaheadAdjustedState",
    "LookaheadSGDState",
    "LossScaleState",
    "MADGRADEpsInLrState",
    "MADGRADState",
    "MARSAdamWState",
    "MARSLionState",
    "MSVAGState",
    "MSVAGWState",
    "MaximizeState",
    "MechanicAdamWState",
    "MechanicSGDState",
    "MoMoAdamStarState",
    "MoMoAdamState",
    "MoMoStarState",
    "MoMoState",
    "MomentumBufferState",
    "MomentumDampenedState",
    "MomentumEMAState",
    "NAdamKerasState",
    "NAdamSimpleState",
    "NAdamState",
    "NAdamWSimpleState",
    "NAdamWState",
    "NesterovLookaheadState",
    "NesterovState",
    "NesterovVelocityState",
    "NormalizeState",
    "NovoGradState",
    "NovoGradWState",
    "OptimisticAdamState",
    "OptimisticGDState",
    "OptimisticNAdamState",
    "PIDState",
    "PNMState",
    "PadamCorrectedState",
    "PadamState",
    "PolyakSGDPlusScaledState",
    "PolyakSGDPlusState",
    "PolyakSGDScaledState",
    "PolyakSGDState",
    "ProdigyState",
    "QHAdamState",
    "QHMState",
    "RAdamEpsHatState",
    "RAdamNesterovState",
    "RAdamState",
    "RAdamThresholdState",
    "RAdamWState",
    "RMSpropCenteredEpsInsideState",
    "RMSpropCenteredMomentumState",
    "RMSpropCenteredNesterovState",
    "RMSpropCenteredState",
    "RMSpropCorrectedState",
    "RMSpropEpsInsideState",
    "RMSpropGravesState",
    "RMSpropMomentumEpsInsideState",
    "RMSpropMomentumLrInsideState",
    "RMSpropMomentumState",
    "RMSpropNesterovState",
    "RMSpropState",
    "RMSpropWarmState",
    "RangerState",
    "RpropClampedState",
    "RpropState",
    "SAMByArrayState",
    "SAMState",
    "SGDSaIState",
    "SGDState",
    "SGDWBufferState",
    "SGDWNesterovState",
    "SGDWState",
    "SMORMS3State",
    "SRMMState",
    "ScheduleFreeAdamWKerasState",
    "ScheduleFreeAdamWOptaxState",
    "ScheduleFreeAdamWPrintedState",
    "ScheduleFreeAdamWState",
    "ScheduleFreeAdamWTwoRatesState",
    "ScheduleFreeRAdamState",
    "ScheduleFreeSGDMeanState",
    "ScheduleFreeSGDOptaxState",
    "ScheduleFreeSGDState",
    "ScheduleFreeSGDTwoRatesState",
    "ScheduleFreeSGDWeightedState",
    "SignSGDState",
    "SignumState",
    "SimplifiedAdEMAMixState",
    "SophiaDelayedState",
    "SophiaState",
    "SparseAdamState",
    "StableAdamWState",
    "TAMState",
    "TigerState",
    "USAMState",
    "UnscaledDecayState",
    "VSGDState",
    "WeightEMADebiasedState",
    "WeightEMAKerasOverwritingState",
    "WeightEMAKerasState",
    "WeightEMAState",
    "WeightMeanState",
    "YogiState",
    "YogiUncorrectedState",
    "a2grad_exp",
    "a2grad_exp_elements",
    "a2grad_exp_per_array",
    "a2grad_exp_scalars",
    "a2grad_exp_summands",
    "a2grad_exp_sums",
    "a2grad_inc",
    "a2grad_inc_elements",
    "a2grad_inc_per_array",
    "a2grad_inc_scalars",
    "a2grad_inc_summands",
    "a2grad_inc_sums",
    "a2grad_uni",
    "a2grad_uni_elements",
    "a2grad_uni_per_array",
    "a2grad_uni_scalars",
    "a2grad_uni_summands",
    "a2grad_uni_sums",
    "accsgd",
    "accsgd_elements",
    "accsgd_scalars",
    "accumulate",
    "accumulate_elements",
    "accumulate_optax",
    "accumulate_optax_elements",
    "accumulate_optax_scalars",
    "accumulate_optax_shared",
    "accumulate_scalars",
    "accumulate_shared",
    "accumulate_sum_optax",
    "accumulate_sum_optax_elements",
    "accumulate_sum_optax_scalars",
    "accumulate_sum_optax_shared",
    "acprop",
    "acprop_elements",
    "acprop_scalars",
    "adabelief",
    "adabelief_elements",
    "adabelief_nesterov",
    "adabelief_nesterov_elements",
    "adabelief_nesterov_scalars",
    "adabelief_scalars",
    "adabound",
    "adabound_elements",
    "adabound_scalars",
    "adadelta",
    "adadelta_elements",
    "adadelta_scalars",
    "adadelta_unit_first",
    "adadelta_unit_first_elements",
    "adadelta_unit_first_scalars",
    "adadelta_unit_start",
    "adadelta_unit_start_elements",
    "adadelta_unit_start_scalars",
    "adagc",
    "adagc_elements",
    "adagc_per_array",
    "adagc_scalars",
    "adagc_summands",
    "adagc_sums",
    "adagrad",
    "adagrad_decay",
    "adagrad_decay_elements",
    "adagrad_decay_scalars",
    "adagrad_elements",
    "adagrad_eps_inside",
    "adagrad_eps_inside_elements",
    "adagrad_eps_inside_scalars",
    "adagrad_guarded",
    "adagrad_guarded_elements",
    "adagrad_guarded_scalars",
    "adagrad_rms",
    "adagrad_rms_elements",
    "adagrad_rms_scalars",
    "adagrad_scalars",
    "adahessian",
    "adahessian_elements",
    "adahessian_scalars",
    "adai",
    "adai_elements",
    "adai_scalars",
    "adai_summands",
    "adai_sums",
    "adam",
    "adam_elements",
    "adam_eps_hat",
    "adam_eps_hat_elements",
    "adam_eps_hat_scalars",
    "adam_eps_inside",
    "adam_eps_inside_elements",
    "adam_eps_inside_scalars",
    "adam_eps_root",
    "adam_eps_root_elements",
    "adam_eps_root_scalars",
    "adam_scalars",
    "adam_uncorrected",
    "adam_uncorrected_elements",
    "adam_uncorrected_eps_inside",
    "adam_uncorrected_eps_inside_elements",
    "adam_uncorrected_eps_inside_scalars",
    "adam_uncorrected_scalars",
    "adamax",
    "adamax_elements",
    "adamax_eps_inside",
    "adamax_eps_inside_elements",
    "adamax_eps_inside_scalars",
    "adamax_scalars",
    "adamaxw",
    "adamaxw_elements",
    "adamaxw_scalars",
    "adamc",
    "adamc_elements",
    "adamc_scalars",
    "adamg",
    "adamg_elements",
    "adamg_scalars",
    "adamod",
    "adamod_corrected",
    "adamod_corrected_elements",
    "adamod_corrected_scalars",
    "adamod_elements",
    "adamod_scalars",
    "adams",
    "adams_elements",
    "adams_scalars",
    "adams_summands",
    "adams_sums",
    "adamw",
    "adamw_after",
    "adamw_after_elements",
    "adamw_after_scalars",
    "adamw_elements",
    "adamw_eps_hat",
    "adamw_eps_hat_elements",
    "adamw_eps_hat_scalars",
    "adamw_scalars",
    "adamw_unscaled",
    "adamw_unscaled_elements",
    "adamw_unscaled_eps_hat",
    "adamw_unscaled_eps_hat_elements",
    "adamw_unscaled_eps_hat_scalars",
    "adamw_unscaled_scalars",
    "adan",
    "adan_elements",
    "adan_optax",
    "adan_optax_elements",
    "adan_optax_scalars",
    "adan_proximal",
    "adan_proximal_elements",
    "adan_proximal_scalars",
    "adan_scalars",
    "adanorm",
    "adanorm_elements",
    "adanorm_per_array",
    "adanorm_scalars",
    "adanorm_summands",
    "adanorm_sums",
    "adapnm",
    "adapnm_elements",
    "adapnm_scalars",
    "adashift",
    "adashift_elements",
    "adashift_scalars",
    "adasmooth",
    "adasmooth_elements",
    "adasmooth_scalars",
    "adatam",
    "adatam_elements",
    "adatam_scalars",
    "adatam_summands",
    "adatam_sums",
    "ademamix",
    "ademamix_elements",
    "ademamix_scalars",
    "ademamix_scheduled",
    "ademamix_scheduled_elements",
    "ademamix_scheduled_scalars",
    "adopt",
    "adopt_elements",
    "adopt_scalars",
    "adopt_unclipped",
    "adopt_unclipped_elements",
    "adopt_unclipped_scalars",
    "aggmo",
    "aggmo_elements",
    "aggmo_scalars",
    "aida",
    "aida_elements",
    "aida_scalars",
    "aida_summands",
    "aida_sums",
    "alig",
    "alig_elements",
    "alig_scalars",
    "alig_summands",
    "alig_sums",
    "amos",
    "amos_elements",
    "amos_per_array",
    "amos_scalars",
    "amos_summands",
    "amos_sums",
    "amsbound",
    "amsbound_elements",
    "amsbound_scalars",
    "amsgrad",
    "amsgrad_corrected",
    "amsgrad_corrected_elements",
    "amsgrad_corrected_scalars",
    "amsgrad_elements",
    "amsgrad_eps_hat",
    "amsgrad_eps_hat_elements",
    "amsgrad_eps_hat_scalars",
    "amsgrad_eps_root",
    "amsgrad_eps_root_elements",
    "amsgrad_eps_root_scalars",
    "amsgrad_first_corrected",
    "amsgrad_first_corrected_elements",
    "amsgrad_first_corrected_scalars",
    "amsgrad_scalars",
    "amsgrad_second_corrected",
    "amsgrad_second_corrected_elements",
    "amsgrad_second_corrected_scalars",
    "amsgrad_uncorrected",
    "amsgrad_uncorrected_elements",
    "amsgrad_uncorrected_scalars",
    "amsgradw",
    "amsgradw_elements",
    "amsgradw_eps_hat",
    "amsgradw_eps_hat_elements",
    "amsgradw_eps_hat_scalars",
    "amsgradw_scalars",
    "ano",
    "ano_elements",
    "ano_scalars",
    "anolog",
    "anolog_elements",
    "anolog_scalars",
    "apollo",
    "apollo_elements",
    "apollo_scalars",
    "apollo_summands",
    "apollo_sums",
    "apply_if_finite",
    "apply_if_finite_elements",
    "apply_if_finite_scalars",
    "apply_if_finite_shared",
    "apply_if_finite_summands",
    "apply_if_finite_sums",
    "asam",
    "asam_elements",
    "asam_scalars",
    "asam_shared",
    "asam_summands",
    "asam_sums",
    "asgd",
    "asgd_elements",
    "asgd_scalars",
    "asgd_shared",
    "bcos",
    "bcos_elements",
    "bcos_gradient",
    "bcos_gradient_elements",
    "bcos_gradient_scalars",
    "bcos_momentum",
    "bcos_momentum_elements",
    "bcos_momentum_scalars",
    "bcos_scalars",
    "cautious_adamw",
    "cautious_adamw_elements",
    "cautious_adamw_scalars",
    "cautious_decay",
    "cautious_decay_elements",
    "cautious_decay_scalars",
    "cautious_lion",
    "cautious_lion_elements",
    "cautious_lion_scalars",
    "clip_by_global_max",
    "clip_by_global_max_elements",
    "clip_by_global_max_scalars",
    "clip_by_global_max_summands",
    "clip_by_global_max_sums",
    "clip_by_global_norm",
    "clip_by_global_norm1",
    "clip_by_global_norm1_elements",
    "clip_by_global_norm1_scalars",
    "clip_by_global_norm1_summands",
    "clip_by_global_norm1_sums",
    "clip_by_global_norm_elements",
    "clip_by_global_norm_keras",
    "clip_by_global_norm_keras_elements",
    "clip_by_global_norm_keras_scalars",
    "clip_by_global_norm_keras_summands",
    "clip_by_global_norm_keras_sums",
    "clip_by_global_norm_scalars",
    "clip_by_global_norm_summands",
    "clip_by_global_norm_sums",
    "clip_by_norm",
    "clip_by_norm_elements",
    "clip_by_norm_scalars",
    "clip_by_norm_summands",
    "clip_by_norm_sums",
    "clip_by_value",
    "clip_by_value_elements",
    "clip_by_value_scalars",
    "clip_grad_max",
    "clip_grad_max_elements",
    "clip_grad_max_scalars",
    "clip_grad_max_summands",
    "clip_grad_max_sums",
    "clip_grad_norm",
    "clip_grad_norm1",
    "clip_grad_norm1_elements",
    "clip_grad_norm1_scalars",
    "clip_grad_norm1_summands",
    "clip_grad_norm1_sums",
    "clip_grad_norm_elements",
    "clip_grad_norm_scalars",
    "clip_grad_norm_summands",
    "clip_grad_norm_sums",
    "cocob",
    "cocob_elements",
    "cocob_scalars",
    "dadapt_adagrad",
    "dadapt_adagrad_elements",
    "dadapt_adagrad_scalars",
    "dadapt_adagrad_shared",
    "dadapt_adagrad_summands",
    "dadapt_adagrad_sums",
    "dadapt_adamw",
    "dadapt_adamw_elements",
    "dadapt_adamw_scalars",
    "dadapt_adamw_shared",
    "dadapt_adamw_summands",
    "dadapt_adamw_sums",
    "dadapt_lion",
    "dadapt_lion_elements",
    "dadapt_lion_scalars",
    "dadapt_lion_shared",
    "dadapt_lion_summands",
    "dadapt_lion_sums",
    "dadapt_sgd",
    "dadapt_sgd_elements",
    "dadapt_sgd_scalars",
    "dadapt_sgd_shared",
    "dadapt_sgd_summands",
    "dadapt_sgd_sums",
    "damped_ball",
    "damped_ball_elements",
    "damped_ball_scalars",
    "decoupled_decay",
    "decoupled_decay_after",
    "decoupled_decay_after_elements",
    "decoupled_decay_after_scalars",
    "decoupled_decay_elements",
    "decoupled_decay_scalars",
    "diffgrad",
    "diffgrad_elements",
    "diffgrad_scalars",
    "dog",
    "dog_elements",
    "dog_scalars",
    "dog_shared",
    "dog_summands",
    "dog_sums",
    "dowg",
    "dowg_elements",
    "dowg_scalars",
    "dowg_shared",
    "dowg_summands",
    "dowg_sums",
    "dualadam",
    "dualadam_elements",
    "dualadam_scalars",
    "dynamic_loss_scale",
    "dynamic_loss_scale_elements",
    "dynamic_loss_scale_scalars",
    "dynamic_loss_scale_shared",
    "dynamic_loss_scale_summands",
    "dynamic_loss_scale_sums",
    "exadam",
    "exadam_elements",
    "exadam_scalars",
    "extragradient",
    "extragradient_elements",
    "extragradient_scalars",
    "extragradient_shared",
    "focus",
    "focus_elements",
    "focus_scalars",
    "fromage",
    "fromage_elements",
    "fromage_scalars",
    "fromage_summands",
    "fromage_sums",
    "ftrl",
    "ftrl_elements",
    "ftrl_keras",
    "ftrl_keras_elements",
    "ftrl_keras_scalars",
    "ftrl_scalars",
    "gaussian_noise",
    "gaussian_noise_elements",
    "gaussian_noise_from_one",
    "gaussian_noise_from_one_elements",
    "gaussian_noise_from_one_scalars",
    "gaussian_noise_from_one_shared",
    "gaussian_noise_scalars",
    "gaussian_noise_shared",
    "grams",
    "grams_elements",
    "grams_scalars",
    "grokfast_adamw",
    "grokfast_adamw_elements",
    "grokfast_adamw_scalars",
    "heavy_ball",
    "heavy_ball_elements",
    "heavy_ball_scalars",
    "invadam",
    "invadam_elements",
    "invadam_scalars",
    "kate",
    "kate_elements",
    "kate_scalars",
    "l2_decay",
    "l2_decay_elements",
    "l2_decay_scalars",
    "lamb",
    "lamb_elements",
    "lamb_scalars",
    "lamb_summands",
    "lamb_sums",
    "lamb_uncorrected",
    "lamb_uncorrected_elements",
    "lamb_uncorrected_scalars",
    "lamb_uncorrected_summands",
    "lamb_uncorrected_sums",
    "laprop",
    "laprop_elements",
    "laprop_scalars",
    "lars",
    "lars_elements",
    "lars_scalars",
    "lars_sum_of_norms",
    "lars_sum_of_norms_elements",
    "lars_sum_of_norms_scalars",
    "lars_sum_of_norms_summands",
    "lars_sum_of_norms_sums",
    "lars_summands",
    "lars_sums",
    "lion",
    "lion_elements",
    "lion_scalars",
    "lookahead_adam",
    "lookahead_adam_elements",
    "lookahead_adam_scalars",
    "lookahead_adjusted",
    "lookahead_adjusted_elements",
    "lookahead_adjusted_scalars",
    "lookahead_sgd",
    "lookahead_sgd_elements",
    "lookahead_sgd_scalars",
    "loss_scale",
    "loss_scale_elements",
    "loss_scale_scalars",
    "madgrad",
    "madgrad_elements",
    "madgrad_eps_in_lr",
    "madgrad_eps_in_lr_elements",
    "madgrad_eps_in_lr_scalars",
    "madgrad_scalars",
    "mars_adamw",
    "mars_adamw_elements",
    "mars_adamw_scalars",
    "mars_lion",
    "mars_lion_elements",
    "mars_lion_scalars",
    "maximize",
    "maximize_elements",
    "maximize_scalars",
    "mechanic_adamw",
    "mechanic_adamw_elements",
    "mechanic_adamw_scalars",
    "mechanic_adamw_shared",
    "mechanic_adamw_summands",
    "mechanic_adamw_sums",
    "mechanic_sgd",
    "mechanic_sgd_elements",
    "mechanic_sgd_scalars",
    "mechanic_sgd_shared",
    "mechanic_sgd_summands",
    "mechanic_sgd_sums",
    "momentum_buffer",
    "momentum_buffer_elements",
    "momentum_buffer_scalars",
    "momentum_dampened",
    "momentum_dampened_elements",
    "momentum_dampened_scalars",
    "momentum_ema",
    "momentum_ema_elements",
    "momentum_ema_scalars",
    "momo",
    "momo_adam",
    "momo_adam_elements",
    "momo_adam_scalars",
    "momo_adam_shared",
    "momo_adam_star",
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
    "momo_star",
    "momo_star_elements",
    "momo_star_scalars",
    "momo_star_shared",
    "momo_star_summands",
    "momo_star_sums",
    "momo_summands",
    "momo_sums",
    "msvag",
    "msvag_decay",
    "msvag_decay_elements",
    "msvag_decay_scalars",
    "msvag_elements",
    "msvag_scalars",
    "nadam",
    "nadam_elements",
    "nadam_keras",
    "nadam_keras_elements",
    "nadam_keras_scalars",
    "nadam_keras_shared",
    "nadam_scalars",
    "nadam_shared",
    "nadam_simple",
    "nadam_simple_elements",
    "nadam_simple_scalars",
    "nadamw",
    "nadamw_elements",
    "nadamw_scalars",
    "nadamw_shared",
    "nadamw_simple",
    "nadamw_simple_elements",
    "nadamw_simple_scalars",
    "nesterov",
    "nesterov_elements",
    "nesterov_lookahead",
    "nesterov_lookahead_elements",
    "nesterov_lookahead_scalars",
    "nesterov_scalars",
    "nesterov_velocity",
    "nesterov_velocity_elements",
    "nesterov_velocity_scalars",
    "normalize",
    "normalize_elements",
    "normalize_scalars",
    "normalize_summands",
    "normalize_sums",
    "novograd",
    "novograd_decoupled",
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
    "optimistic_adam",
    "optimistic_adam_elements",
    "optimistic_adam_scalars",
    "optimistic_gd",
    "optimistic_gd_elements",
    "optimistic_gd_scalars",
    "optimistic_nadam",
    "optimistic_nadam_elements",
    "optimistic_nadam_scalars",
    "padam",
    "padam_corrected",
    "padam_corrected_elements",
    "padam_corrected_scalars",
    "padam_elements",
    "padam_scalars",
    "pid",
    "pid_elements",
    "pid_scalars",
    "pnm",
    "pnm_elements",
    "pnm_scalars",
    "polyak_sgd",
    "polyak_sgd_elements",
    "polyak_sgd_plus",
    "polyak_sgd_plus_elements",
    "polyak_sgd_plus_scalars",
    "polyak_sgd_plus_scaled",
    "polyak_sgd_plus_scaled_elements",
    "polyak_sgd_plus_scaled_scalars",
    "polyak_sgd_plus_scaled_summands",
    "polyak_sgd_plus_scaled_sums",
    "polyak_sgd_plus_summands",
    "polyak_sgd_plus_sums",
    "polyak_sgd_scalars",
    "polyak_sgd_scaled",
    "polyak_sgd_scaled_elements",
    "polyak_sgd_scaled_scalars",
    "polyak_sgd_scaled_summands",
    "polyak_sgd_scaled_sums",
    "polyak_sgd_summands",
    "polyak_sgd_sums",
    "prodigy",
    "prodigy_elements",
    "prodigy_scalars",
    "prodigy_shared",
    "prodigy_summands",
    "prodigy_sums",
    "qhadam",
    "qhadam_elements",
    "qhadam_scalars",
    "qhm",
    "qhm_elements",
    "qhm_scalars",
    "radam",
    "radam_elements",
    "radam_eps_hat",
    "radam_eps_hat_elements",
    "radam_eps_hat_scalars",
    "radam_nesterov",
    "radam_nesterov_elements",
    "radam_nesterov_scalars",
    "radam_scalars",
    "radam_threshold",
    "radam_threshold_elements",
    "radam_threshold_scalars",
    "radamw",
    "radamw_elements",
    "radamw_scalars",
    "ranger",
    "ranger_elements",
    "ranger_scalars",
    "rmsprop",
    "rmsprop_centered",
    "rmsprop_centered_elements",
    "rmsprop_centered_eps_inside",
    "rmsprop_centered_eps_inside_elements",
    "rmsprop_centered_eps_inside_scalars",
    "rmsprop_centered_momentum",
    "rmsprop_centered_momentum_elements",
    "rmsprop_centered_momentum_scalars",
    "rmsprop_centered_nesterov",
    "rmsprop_centered_nesterov_elements",
    "rmsprop_centered_nesterov_scalars",
    "rmsprop_centered_scalars",
    "rmsprop_corrected",
    "rmsprop_corrected_elements",
    "rmsprop_corrected_scalars",
    "rmsprop_elements",
    "rmsprop_eps_inside",
    "rmsprop_eps_inside_elements",
    "rmsprop_eps_inside_scalars",
    "rmsprop_graves",
    "rmsprop_graves_elements",
    "rmsprop_graves_scalars",
    "rmsprop_momentum",
    "rmsprop_momentum_elements",
    "rmsprop_momentum_eps_inside",
    "rmsprop_momentum_eps_inside_elements",
    "rmsprop_momentum_eps_inside_scalars",
    "rmsprop_momentum_lr_inside",
    "rmsprop_momentum_lr_inside_elements",
    "rmsprop_momentum_lr_inside_scalars",
    "rmsprop_momentum_scalars",
    "rmsprop_nesterov",
    "rmsprop_nesterov_elements",
    "rmsprop_nesterov_scalars",
    "rmsprop_scalars",
    "rmsprop_warm",
    "rmsprop_warm_elements",
    "rmsprop_warm_scalars",
    "rprop",
    "rprop_clamped",
    "rprop_clamped_elements",
    "rprop_clamped_scalars",
    "rprop_elements",
    "rprop_scalars",
    "sam",
    "sam_by_array",
    "sam_by_array_elements",
    "sam_by_array_scalars",
    "sam_by_array_shared",
    "sam_by_array_summands",
    "sam_by_array_sums",
    "sam_elements",
    "sam_scalars",
    "sam_shared",
    "sam_summands",
    "sam_sums",
    "schedule_free_adamw",
    "schedule_free_adamw_elements",
    "schedule_free_adamw_keras",
    "schedule_free_adamw_keras_elements",
    "schedule_free_adamw_keras_scalars",
    "schedule_free_adamw_optax",
    "schedule_free_adamw_optax_elements",
    "schedule_free_adamw_optax_scalars",
    "schedule_free_adamw_optax_shared",
    "schedule_free_adamw_printed",
    "schedule_free_adamw_printed_elements",
    "schedule_free_adamw_printed_scalars",
    "schedule_free_adamw_printed_shared",
    "schedule_free_adamw_scalars",
    "schedule_free_adamw_shared",
    "schedule_free_adamw_two_rates",
    "schedule_free_adamw_two_rates_elements",
    "schedule_free_adamw_two_rates_scalars",
    "schedule_free_adamw_two_rates_shared",
    "schedule_free_radam",
    "schedule_free_radam_elements",
    "schedule_free_radam_scalars",
    "schedule_free_radam_shared",
    "schedule_free_sgd",
    "schedule_free_sgd_elements",
    "schedule_free_sgd_mean",
    "schedule_free_sgd_mean_elements",
    "schedule_free_sgd_mean_scalars",
    "schedule_free_sgd_optax",
    "schedule_free_sgd_optax_elements",
    "schedule_free_sgd_optax_scalars",
    "schedule_free_sgd_optax_shared",
    "schedule_free_sgd_scalars",
    "schedule_free_sgd_two_rates",
    "schedule_free_sgd_two_rates_elements",
    "schedule_free_sgd_two_rates_scalars",
    "schedule_free_sgd_two_rates_shared",
    "schedule_free_sgd_weighted",
    "schedule_free_sgd_weighted_elements",
    "schedule_free_sgd_weighted_scalars",
    "schedule_free_sgd_weighted_shared",
    "sgd",
    "sgd_elements",
    "sgd_scalars",
    "sgdsai",
    "sgdsai_elements",
    "sgdsai_per_array",
    "sgdsai_scalars",
    "sgdsai_summands",
    "sgdsai_sums",
    "sgdw",
    "sgdw_buffer",
    "sgdw_buffer_elements",
    "sgdw_buffer_scalars",
    "sgdw_elements",
    "sgdw_nesterov",
    "sgdw_nesterov_elements",
    "sgdw_nesterov_scalars",
    "sgdw_scalars",
    "sign_sgd",
    "sign_sgd_elements",
    "sign_sgd_scalars",
    "signum",
    "signum_elements",
    "signum_scalars",
    "simplified_ademamix",
    "simplified_ademamix_elements",
    "simplified_ademamix_scalars",
    "smorms3",
    "smorms3_elements",
    "smorms3_scalars",
    "sophia",
    "sophia_delayed",
    "sophia_delayed_elements",
    "sophia_delayed_scalars",
    "sophia_elements",
    "sophia_scalars",
    "sparse_adam",
    "sparse_adam_elements",
    "sparse_adam_scalars",
    "srmm",
    "srmm_elements",
    "srmm_scalars",
    "stable_adamw",
    "stable_adamw_elements",
    "stable_adamw_scalars",
    "stable_adamw_summands",
    "stable_adamw_sums",
    "tam",
    "tam_elements",
    "tam_scalars",
    "tam_summands",
    "tam_sums",
    "tiger",
    "tiger_elements",
    "tiger_scalars",
    "unscaled_decay",
    "unscaled_decay_elements",
    "unscaled_decay_scalars",
    "usam",
    "usam_elements",
    "usam_scalars",
    "usam_shared",
    "vsgd",
    "vsgd_elements",
    "vsgd_scalars",
    "weight_ema",
    "weight_ema_debiased",
    "weight_ema_debiased_elements",
    "weight_ema_debiased_scalars",
    "weight_ema_elements",
    "weight_ema_keras",
    "weight_ema_keras_elements",
    "weight_ema_keras_overwriting",
    "weight_ema_keras_overwriting_elements",
    "weight_ema_keras_overwriting_scalars",
    "weight_ema_keras_scalars",
    "weight_ema_scalars",
    "weight_mean",
    "weight_mean_elements",
    "weight_mean_scalars",
    "yogi",
    "yogi_elements",
    "yogi_scalars",
    "yogi_uncorrected",
    "yogi_uncorrected_elements",
    "yogi_uncorrected_scalars",
]


if not TYPE_CHECKING:  # which would take any name for known

    def __getattr__(name: str) -> Any:
        from .._runtime.hints import missing, submodule

        if name in _MODULES.values() and name not in _MODULES:
            return submodule(__name__, name)
        if name not in _MODULES:
            raise missing(__name__, name, __all__)
        value = getattr(submodule(__name__, _MODULES[name]), name)
        globals()[name] = value
        return value

    class _Package(ModuleType):
        def __setattr__(self, name: str, value: Any) -> None:
            """What is named as its module stays what its name means here, also when that is imported."""
            own = isinstance(value, ModuleType) and _MODULES.get(name) == name
            super().__setattr__(name, getattr(value, name) if own else value)

    sys.modules[__name__].__class__ = _Package


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
