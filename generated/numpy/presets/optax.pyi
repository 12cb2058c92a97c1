# generated from stepsmith/_presets/ for numpy; do not edit
from ..._presets.optax import GradientTransformation as GradientTransformation
from ..._presets.optax import MultiSteps as MultiSteps
from ..._presets.optax import OptState as OptState
from ..._presets.optax import adabelief as adabelief
from ..._presets.optax import adadelta as adadelta
from ..._presets.optax import adagrad as adagrad
from ..._presets.optax import adam as adam
from ..._presets.optax import adamax as adamax
from ..._presets.optax import adamaxw as adamaxw
from ..._presets.optax import adamw as adamw
from ..._presets.optax import adan as adan
from ..._presets.optax import add_decayed_weights as add_decayed_weights
from ..._presets.optax import add_noise as add_noise
from ..._presets.optax import amsgrad as amsgrad
from ..._presets.optax import apply_if_finite as apply_if_finite
from ..._presets.optax import apply_updates as apply_updates
from ..._presets.optax import chain as chain
from ..._presets.optax import clip as clip
from ..._presets.optax import clip_by_global_norm as clip_by_global_norm
from ..._presets.optax import constant_schedule as constant_schedule
from ..._presets.optax import contrib as contrib
from ..._presets.optax import cosine_decay_schedule as cosine_decay_schedule
from ..._presets.optax import cosine_onecycle_schedule as cosine_onecycle_schedule
from ..._presets.optax import exponential_decay as exponential_decay
from ..._presets.optax import fromage as fromage
from ..._presets.optax import global_norm as global_norm
from ..._presets.optax import identity as identity
from ..._presets.optax import inject_hyperparams as inject_hyperparams
from ..._presets.optax import join_schedules as join_schedules
from ..._presets.optax import lamb as lamb
from ..._presets.optax import lars as lars
from ..._presets.optax import linear_onecycle_schedule as linear_onecycle_schedule
from ..._presets.optax import linear_schedule as linear_schedule
from ..._presets.optax import lion as lion
from ..._presets.optax import masked as masked
from ..._presets.optax import nadam as nadam
from ..._presets.optax import nadamw as nadamw
from ..._presets.optax import noisy_sgd as noisy_sgd
from ..._presets.optax import novograd as novograd
from ..._presets.optax import optimistic_adam as optimistic_adam
from ..._presets.optax import optimistic_adam_v2 as optimistic_adam_v2
from ..._presets.optax import (
    optimistic_gradient_descent as optimistic_gradient_descent,
)
from ..._presets.optax import (
    piecewise_constant_schedule as piecewise_constant_schedule,
)
from ..._presets.optax import (
    piecewise_interpolate_schedule as piecewise_interpolate_schedule,
)
from ..._presets.optax import polyak_sgd as polyak_sgd
from ..._presets.optax import polynomial_schedule as polynomial_schedule
from ..._presets.optax import radam as radam
from ..._presets.optax import rmsprop as rmsprop
from ..._presets.optax import rprop as rprop
from ..._presets.optax import scale as scale
from ..._presets.optax import scale_by_adadelta as scale_by_adadelta
from ..._presets.optax import scale_by_adam as scale_by_adam
from ..._presets.optax import scale_by_adamax as scale_by_adamax
from ..._presets.optax import scale_by_amsgrad as scale_by_amsgrad
from ..._presets.optax import scale_by_belief as scale_by_belief
from ..._presets.optax import scale_by_learning_rate as scale_by_learning_rate
from ..._presets.optax import scale_by_lion as scale_by_lion
from ..._presets.optax import scale_by_radam as scale_by_radam
from ..._presets.optax import scale_by_rms as scale_by_rms
from ..._presets.optax import scale_by_rss as scale_by_rss
from ..._presets.optax import scale_by_schedule as scale_by_schedule
from ..._presets.optax import scale_by_sign as scale_by_sign
from ..._presets.optax import scale_by_stddev as scale_by_stddev
from ..._presets.optax import scale_by_yogi as scale_by_yogi
from ..._presets.optax import sgd as sgd
from ..._presets.optax import sgdr_schedule as sgdr_schedule
from ..._presets.optax import sign_sgd as sign_sgd
from ..._presets.optax import signum as signum
from ..._presets.optax import trace as trace
from ..._presets.optax import warmup_constant_schedule as warmup_constant_schedule
from ..._presets.optax import (
    warmup_cosine_decay_schedule as warmup_cosine_decay_schedule,
)
from ..._presets.optax import (
    warmup_exponential_decay_schedule as warmup_exponential_decay_schedule,
)
from ..._presets.optax import yogi as yogi
