"""Record optimizer trajectories of torch, Keras and optax in float64.

How to run, in a fresh virtual environment (CPU builds are enough):

    pip install torch==2.13.0 keras==3.15.1 optax==0.2.8 jax==0.10.2 numpy
    python record_trajectories.py OUT.json

Every run starts from the same six weights and is fed the same 60 gradients.
The gradients are given: they do not depend on the weights, so an error in one
step is not amplified by the next.  The six elements are

    0  normal numbers
    1  zero for the first 5 steps, then zero in about half of the steps
    2  tiny: magnitude 1e-12 .. 1e-8, random sign (its start is tiny too)
    3  huge: magnitude 1e3 .. 1e6, random sign
    4  constant sign (positive)
    5  alternating sign

What OUT.json holds:

    versions        of Python and of the libraries; keras_backend
    recorded_steps  the steps (counted from 1) after which w was written down
    start           6 numbers
    gradients       60 x 6 numbers
    runs            a list of
        library         "torch", "keras" or "optax"
        optimizer       the class (torch.optim, keras.optimizers) or the
                        function (optax)
        arguments       every keyword argument that was passed; what is not
                        listed had the library's default
        lr              only where the learning rate changes: the 60 learning
                        rates, number t in force during step t (then
                        `arguments` names no learning rate)
        inside          only for optax's mechanize: `optimizer` and
                        `arguments` of what it is put around
        clip_grad_norm  only for some torch runs: the keyword arguments of
                        torch.nn.utils.clip_grad_norm_, called before each step
        w               one row of 6 numbers per recorded step
        average         only for Keras with use_ema: the moving average of the
                        weights that the optimizer keeps, row by row as w

Numbers are written with Python's repr (they read back bit for bit); what is
not finite is written as the string "nan", "inf" or "-inf".

A gradient accumulation run gets one of the 60 gradients per call like all
others; its weights move only at every n-th call.

Keras runs on its jax backend, where the optimizers' own `update_step` is
executed.  Set KERAS_BACKEND=torch to record its torch backend instead, which
has separate implementations of the same rules; but there Keras 3.15 computes
the clipping factors in float32 even if everything else is float64, so that runs
with clipnorm and global_clipnorm differ by some 1e-8.
"""

import argparse
import json
import math
import operator
import os
import platform
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
import jax.numpy as jnp
import keras
import numpy as np
import optax
import torch

jax.config.update("jax_enable_x64", True)
keras.config.set_floatx("float64")
# Not only the weights' type: torch keeps some state (the step count, NAdam's
# product of momenta) in the default type, and with float32 NAdam is off by 4e-9.
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

STEPS = 60
RECORDED_STEPS = [1, 2, 3, 5, 10, 20, 30, 40, 50, 60]


# ---------------------------------------------------------------- the inputs


def make_start():
    start = np.random.default_rng(20240501).standard_normal(6)
    start[2] *= 1e-6  # next to an ordinary weight tiny steps would vanish
    return start


def make_gradients():
    rng = np.random.default_rng(20240502)

    def signs():
        return rng.choice([-1.0, 1.0], STEPS)

    gradients = rng.standard_normal((STEPS, 6))
    gradients[:, 1] *= rng.random(STEPS) < 0.5
    gradients[:5, 1] = 0.0
    gradients[:, 2] = signs() * 10.0 ** rng.uniform(-12, -8, STEPS)
    gradients[:, 3] = signs() * 10.0 ** rng.uniform(3, 6, STEPS)
    gradients[:, 4] = rng.uniform(0.1, 2.0, STEPS)
    gradients[:, 5] = rng.uniform(0.1, 2.0, STEPS) * (-1.0) ** np.arange(STEPS)
    return gradients + 0.0  # no negative zeros


def make_learning_rates():
    """Ten steps of linear warm-up, 1/sqrt decay, and a drop by ten at 40."""
    rates = []
    for t in range(1, STEPS + 1):
        rate = 0.05 * t / 10 if t <= 10 else 0.05 * math.sqrt(10 / t)
        rates.append(rate / 10 if t >= 40 else rate)
    return rates


START = make_start()
GRADIENTS = make_gradients()
LEARNING_RATES = make_learning_rates()


# -------------------------------------------------------------- the settings
# Tables: optimizer -> the keyword arguments of each run.  An empty dict (for
# optax: a learning rate alone) is the library's defaults.

TORCH = {
    "SGD": [
        dict(),
        dict(lr=0.1),
        dict(lr=0.1, momentum=0.9),
        dict(lr=0.05, momentum=0.5),
        dict(lr=0.1, momentum=0.9, dampening=0.3),
        dict(lr=0.1, momentum=0.9, dampening=0.9),
        dict(lr=0.1, momentum=0.9, nesterov=True),
        dict(lr=0.05, momentum=0.5, nesterov=True),
        dict(lr=0.1, weight_decay=0.1),
        dict(lr=0.1, momentum=0.9, weight_decay=0.1),
        dict(lr=0.1, momentum=0.9, dampening=0.3, weight_decay=0.1),
        dict(lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.1),
        dict(lr=0.1, maximize=True),
        dict(lr=0.1, momentum=0.9, weight_decay=0.1, maximize=True),
    ],
    "Adagrad": [
        dict(),
        dict(lr=0.1, eps=1e-6),
        dict(lr=0.1, initial_accumulator_value=0.1),
        dict(lr=0.1, lr_decay=0.05),
        dict(lr=0.1, weight_decay=0.1),
        dict(lr=0.1, lr_decay=0.01, weight_decay=0.1, eps=1e-4, initial_accumulator_value=1.0),
    ],
    "RMSprop": [
        dict(),
        dict(lr=0.1, alpha=0.9, eps=1e-4),
        dict(lr=0.01, centered=True),
        dict(lr=0.1, alpha=0.9, eps=1e-4, centered=True),
        dict(lr=0.01, momentum=0.9),
        dict(lr=0.05, alpha=0.9, momentum=0.5),
        dict(lr=0.01, momentum=0.9, centered=True),
        dict(lr=0.05, alpha=0.9, eps=1e-4, momentum=0.5, centered=True),
        dict(lr=0.1, weight_decay=0.1),
        dict(lr=0.01, momentum=0.9, centered=True, weight_decay=0.1),
    ],
    "Adadelta": [
        dict(),
        dict(lr=0.1),
        dict(lr=0.5, rho=0.95, eps=1e-4),
        dict(weight_decay=0.1),
    ],
    "Adam": [
        dict(),
        dict(lr=0.1, betas=[0.8, 0.95]),
        dict(lr=0.1, eps=1e-2),
        dict(lr=0.1, betas=[0.0, 0.9]),
        dict(lr=0.1, betas=[0.9, 0.5]),
        dict(amsgrad=True),
        dict(lr=0.1, betas=[0.8, 0.95], amsgrad=True),
        dict(lr=0.1, weight_decay=0.1),
        dict(lr=0.1, weight_decay=0.1, amsgrad=True),
        dict(lr=0.1, weight_decay=0.1, decoupled_weight_decay=True),
        dict(lr=0.1, weight_decay=0.1, maximize=True),
        # 0/0 in the element that starts with zeros: nan is the right answer.
        dict(eps=0.0),
    ],
    "AdamW": [
        dict(),
        dict(lr=0.1, betas=[0.8, 0.95], weight_decay=0.1),
        dict(lr=0.1, eps=1e-2, weight_decay=0.5),
        dict(lr=0.1, weight_decay=0.1, amsgrad=True),
        dict(lr=0.1, weight_decay=0.0),
    ],
    "Adamax": [
        dict(),
        dict(lr=0.1, betas=[0.8, 0.95]),
        dict(lr=0.1, betas=[0.5, 0.9], eps=1e-2),
        dict(lr=0.1, weight_decay=0.1),
    ],
    "ASGD": [
        dict(),
        dict(lr=0.1, lambd=0.1, alpha=0.5, t0=10),
        dict(lr=0.1, weight_decay=0.1),
    ],
    "NAdam": [
        dict(),
        dict(lr=0.1, betas=[0.8, 0.95]),
        dict(lr=0.1, eps=1e-2, momentum_decay=0.1),
        dict(lr=0.1, momentum_decay=1.0),
        dict(lr=0.1, weight_decay=0.1),
        dict(lr=0.1, weight_decay=0.1, decoupled_weight_decay=True),
    ],
    "RAdam": [
        dict(),
        dict(lr=0.1, betas=[0.8, 0.95]),
        dict(lr=0.1, eps=1e-2),
        dict(lr=0.1, betas=[0.5, 0.6]),  # never leaves the plain branch
        dict(lr=0.1, weight_decay=0.1),
        dict(lr=0.1, weight_decay=0.1, decoupled_weight_decay=True),
    ],
    "Rprop": [
        dict(),
        dict(lr=0.1, etas=[0.6, 1.5]),
        dict(lr=0.1, etas=[0.25, 2.0], step_sizes=[0.01, 1.0]),
        dict(lr=2.0, step_sizes=[0.01, 1.0]),  # starts beyond the largest step
        dict(lr=0.1, maximize=True),
    ],
}

TORCH_SCHEDULED = {
    "SGD": [
        dict(momentum=0.9),
        dict(momentum=0.9, nesterov=True),
        dict(momentum=0.9, dampening=0.3, weight_decay=0.1),
    ],
    "RMSprop": [dict(momentum=0.9)],
    "Adadelta": [dict()],
    "Adam": [dict(), dict(betas=[0.8, 0.95], weight_decay=0.1)],
    "AdamW": [dict(weight_decay=0.1)],
    "NAdam": [dict()],
}

# Smallest norm of the gradients: over 1e3.  The limits clip always, in some
# of the steps, and never.
TORCH_CLIPPED = [
    ("SGD", dict(lr=0.1), dict(max_norm=1.0)),
    ("SGD", dict(lr=0.1), dict(max_norm=3e4)),
    ("SGD", dict(lr=0.1), dict(max_norm=1e7)),
    ("SGD", dict(lr=0.1, momentum=0.9, weight_decay=0.1), dict(max_norm=1.0)),
    ("SGD", dict(lr=0.1), dict(max_norm=3e4, norm_type=1.0)),
    ("SGD", dict(lr=0.1), dict(max_norm=3e4, norm_type=math.inf)),
]

KERAS = {
    "SGD": [
        dict(),
        dict(learning_rate=0.1),
        dict(learning_rate=0.1, momentum=0.9),
        dict(learning_rate=0.05, momentum=0.5),
        dict(learning_rate=0.1, momentum=0.9, nesterov=True),
        dict(learning_rate=0.05, momentum=0.5, nesterov=True),
        dict(learning_rate=0.1, weight_decay=0.1),
        dict(learning_rate=0.1, momentum=0.9, weight_decay=0.1),
        dict(learning_rate=0.1, momentum=0.9, nesterov=True, weight_decay=0.1),
        dict(learning_rate=0.1, clipnorm=1.0),
        dict(learning_rate=0.1, clipnorm=3e4),
        dict(learning_rate=0.1, momentum=0.9, clipnorm=1.0, weight_decay=0.1),
        dict(learning_rate=0.1, clipvalue=0.5),
        dict(learning_rate=0.1, clipvalue=1e4),
        dict(learning_rate=0.1, global_clipnorm=1.0),
        dict(learning_rate=0.1, global_clipnorm=3e4),
        dict(learning_rate=0.1, use_ema=True),
        dict(learning_rate=0.1, use_ema=True, ema_momentum=0.9),
        dict(learning_rate=0.1, momentum=0.9, use_ema=True, ema_momentum=0.8, ema_overwrite_frequency=5),
        dict(learning_rate=0.1, gradient_accumulation_steps=2),
        dict(learning_rate=0.1, momentum=0.9, gradient_accumulation_steps=4),
        dict(learning_rate=0.1, gradient_accumulation_steps=4, weight_decay=0.1, clipnorm=1e4),
        dict(
            learning_rate=0.1, gradient_accumulation_steps=4, use_ema=True, ema_momentum=0.8, ema_overwrite_frequency=3
        ),
        dict(learning_rate=0.1, loss_scale_factor=8.0),
    ],
    "RMSprop": [
        dict(),
        dict(learning_rate=0.1, rho=0.95, epsilon=1e-4),
        dict(learning_rate=0.01, centered=True),
        dict(learning_rate=0.1, rho=0.95, epsilon=1e-4, centered=True),
        dict(learning_rate=0.01, momentum=0.9),
        dict(learning_rate=0.05, rho=0.95, momentum=0.5),
        dict(learning_rate=0.01, momentum=0.9, centered=True),
        dict(learning_rate=0.05, rho=0.95, epsilon=1e-4, momentum=0.5, centered=True),
        dict(learning_rate=0.1, weight_decay=0.1),
        dict(learning_rate=0.01, momentum=0.9, centered=True, weight_decay=0.1),
    ],
    "Adam": [
        dict(),
        dict(learning_rate=0.1, beta_1=0.8, beta_2=0.95),
        dict(learning_rate=0.1, epsilon=1e-2),
        dict(learning_rate=0.1, beta_1=0.0, beta_2=0.9),
        dict(amsgrad=True),
        dict(learning_rate=0.1, beta_1=0.8, beta_2=0.95, amsgrad=True),
        dict(learning_rate=0.1, weight_decay=0.1),
        dict(learning_rate=0.1, clipnorm=1.0),
        dict(learning_rate=0.1, clipnorm=3e4),
        dict(learning_rate=0.1, clipvalue=0.5),
        dict(learning_rate=0.1, clipvalue=1e4, weight_decay=0.1),
        dict(learning_rate=0.1, global_clipnorm=1.0),
        dict(learning_rate=0.1, global_clipnorm=3e4),
        dict(learning_rate=0.1, use_ema=True),
        dict(learning_rate=0.1, use_ema=True, ema_momentum=0.8, ema_overwrite_frequency=5),
        dict(learning_rate=0.1, gradient_accumulation_steps=2),
        dict(learning_rate=0.1, gradient_accumulation_steps=4, weight_decay=0.1, clipvalue=1e4),
        dict(learning_rate=0.1, loss_scale_factor=8.0),
    ],
    "AdamW": [
        dict(),
        dict(learning_rate=0.1, beta_1=0.8, beta_2=0.95, weight_decay=0.1),
        dict(learning_rate=0.1, epsilon=1e-2, weight_decay=0.5),
        dict(learning_rate=0.1, weight_decay=0.1, amsgrad=True),
    ],
    "Adadelta": [
        dict(),
        dict(learning_rate=1.0),
        dict(learning_rate=0.5, rho=0.9, epsilon=1e-4),
        dict(learning_rate=1.0, weight_decay=0.1),
    ],
    "Adagrad": [
        dict(),
        dict(learning_rate=0.1, epsilon=1e-4),
        dict(learning_rate=0.1, initial_accumulator_value=0.0),
        dict(learning_rate=0.1, initial_accumulator_value=1.0),
        dict(learning_rate=0.1, weight_decay=0.1),
    ],
    "Adamax": [
        dict(),
        dict(learning_rate=0.1, beta_1=0.8, beta_2=0.95),
        dict(learning_rate=0.1, beta_1=0.5, beta_2=0.9, epsilon=1e-2),
        dict(learning_rate=0.1, weight_decay=0.1),
    ],
    "Lamb": [
        dict(),
        dict(learning_rate=0.1, beta_1=0.8, beta_2=0.95, epsilon=1e-2),
        dict(learning_rate=0.1, weight_decay=0.1),
    ],
    "Ftrl": [
        dict(),
        dict(learning_rate=0.1, l1_regularization_strength=0.5, l2_regularization_strength=0.1),
        dict(learning_rate=0.1, learning_rate_power=-0.3, l2_shrinkage_regularization_strength=0.01, beta=0.5),
    ],
    "ScheduleFreeAdamW": [
        dict(),
        dict(learning_rate=0.1, beta_1=0.8, beta_2=0.95, warmup_steps=20),
        dict(learning_rate=0.1, epsilon=1e-2, weight_decay=0.1),
    ],
    "Nadam": [
        dict(),
        dict(learning_rate=0.1, beta_1=0.8, beta_2=0.95),
        dict(learning_rate=0.1, epsilon=1e-2),
        dict(learning_rate=0.1, weight_decay=0.1),
    ],
    "Lion": [
        dict(),
        dict(learning_rate=0.1, beta_1=0.5, beta_2=0.8),
        dict(learning_rate=0.01, beta_1=0.95, beta_2=0.98),
        dict(learning_rate=0.1, weight_decay=0.1),
    ],
}

KERAS_SCHEDULED = {
    "SGD": [
        dict(momentum=0.9),
        dict(momentum=0.9, nesterov=True),
        dict(momentum=0.9, weight_decay=0.1),
    ],
    "RMSprop": [dict(momentum=0.9)],
    "Adam": [dict(), dict(weight_decay=0.1)],
}

OPTAX = {
    "sgd": [
        dict(learning_rate=0.01),
        dict(learning_rate=0.1),
        dict(learning_rate=0.1, momentum=0.9),
        dict(learning_rate=0.05, momentum=0.5),
        dict(learning_rate=0.1, momentum=0.9, nesterov=True),
        dict(learning_rate=0.05, momentum=0.5, nesterov=True),
    ],
    "adagrad": [
        dict(learning_rate=0.01),
        dict(learning_rate=0.1, eps=1e-4),
        dict(learning_rate=0.1, initial_accumulator_value=1.0),
        dict(learning_rate=0.1, initial_accumulator_value=0.0),
        dict(learning_rate=0.1, initial_accumulator_value=0.0, eps=0.0),
    ],
    "rmsprop": [
        dict(learning_rate=0.01),
        dict(learning_rate=0.1, decay=0.99, eps=1e-4),
        dict(learning_rate=0.1, eps_in_sqrt=False),
        dict(learning_rate=0.1, decay=0.99, eps=1e-4, eps_in_sqrt=False),
        dict(learning_rate=0.01, initial_scale=1.0),
        dict(learning_rate=0.01, centered=True),
        dict(learning_rate=0.01, centered=True, initial_scale=1.0),
        dict(learning_rate=0.1, decay=0.99, eps=1e-4, centered=True, eps_in_sqrt=False),
        dict(learning_rate=0.01, momentum=0.9),
        dict(learning_rate=0.01, momentum=0.9, nesterov=True),
        dict(learning_rate=0.01, momentum=0.9, centered=True),
        dict(learning_rate=0.05, decay=0.99, momentum=0.5, centered=True, nesterov=True),
        dict(learning_rate=0.01, bias_correction=True),
        # Not with centered: at step 1 the variance is g^2 - g^2, all rounding.
    ],
    "adadelta": [
        dict(learning_rate=1.0),
        dict(learning_rate=0.1),
        dict(learning_rate=0.5, rho=0.95, eps=1e-4),
        dict(learning_rate=1.0, weight_decay=0.1),
    ],
    "adam": [
        dict(learning_rate=0.001),
        dict(learning_rate=0.1, b1=0.8, b2=0.95),
        dict(learning_rate=0.1, eps=1e-2),
        dict(learning_rate=0.1, eps=0.0, eps_root=1e-8),
        dict(learning_rate=0.1, eps=1e-4, eps_root=1e-4),
    ],
    "adamw": [
        dict(learning_rate=0.001),
        dict(learning_rate=0.1, b1=0.8, b2=0.95, weight_decay=0.1),
        dict(learning_rate=0.1, eps=1e-2, weight_decay=0.5),
    ],
    "nadam": [
        dict(learning_rate=0.001),
        dict(learning_rate=0.1, b1=0.8, b2=0.95),
        dict(learning_rate=0.1, eps=1e-2),
    ],
    "nadamw": [
        dict(learning_rate=0.001),
        dict(learning_rate=0.1, b1=0.8, b2=0.95, weight_decay=0.1),
        dict(learning_rate=0.1, eps=1e-2, weight_decay=0.5),
    ],
    "adamax": [
        dict(learning_rate=0.001),
        dict(learning_rate=0.1, b1=0.8, b2=0.95),
        dict(learning_rate=0.1, b1=0.5, b2=0.9, eps=1e-2),
    ],
    "adamaxw": [
        dict(learning_rate=0.001),
        dict(learning_rate=0.1, b1=0.8, b2=0.95, weight_decay=0.1),
        dict(learning_rate=0.1, b1=0.5, b2=0.9, eps=1e-2, weight_decay=0.5),
    ],
    "amsgrad": [
        dict(learning_rate=0.001),
        dict(learning_rate=0.1, b1=0.8, b2=0.95),
        dict(learning_rate=0.1, eps=1e-2, eps_root=1e-4),
        dict(learning_rate=0.1, bias_correction_nu=False),
        dict(learning_rate=0.1, bias_correction_mu=False, bias_correction_nu=False),
    ],
    "radam": [
        dict(learning_rate=0.001),
        dict(learning_rate=0.1, b1=0.8, b2=0.95),
        dict(learning_rate=0.1, eps=1e-2),
        dict(learning_rate=0.1, threshold=4.0),
        dict(learning_rate=0.1, nesterov=True),
    ],
    "rprop": [
        dict(learning_rate=0.01),
        dict(learning_rate=0.1, eta_minus=0.6, eta_plus=1.5),
        dict(learning_rate=0.1, eta_minus=0.25, eta_plus=2.0, min_step_size=0.01, max_step_size=1.0),
        dict(learning_rate=2.0, min_step_size=0.01, max_step_size=1.0),
    ],
    "lion": [
        dict(learning_rate=0.001),
        dict(learning_rate=0.1, b1=0.5, b2=0.8, weight_decay=0.0),
        dict(learning_rate=0.01, b1=0.95, b2=0.98, weight_decay=0.0),
        dict(learning_rate=0.1, weight_decay=0.1),
    ],
    "optimistic_gradient_descent": [
        dict(learning_rate=0.1),
        dict(learning_rate=0.05, alpha=0.5, beta=1.5),
    ],
    "optimistic_adam": [
        dict(learning_rate=0.01),
        dict(learning_rate=0.1, optimism=0.03, b1=0.8, b2=0.95, nesterov=False),
    ],
    "optimistic_adam_v2": [
        dict(learning_rate=0.1, alpha=0.5, beta=1.5, eps=1e-2),
    ],
    # what takes a root or a quotient of counts is not here: JAX does that in float32
    "adan": [
        dict(learning_rate=0.001),
        dict(learning_rate=0.1, b1=0.8, b2=0.5, b3=0.95, weight_decay=0.1),
    ],
    "contrib.adopt": [
        dict(learning_rate=0.001),
        dict(learning_rate=0.1, b1=0.8, b2=0.95, use_clipping=False),
    ],
    "contrib.ademamix": [
        dict(learning_rate=0.001),
        dict(learning_rate=0.1, b1=0.8, b2=0.95, b3=0.99, alpha=2.0, weight_decay=0.1),
    ],
    "contrib.simplified_ademamix": [
        dict(learning_rate=0.001),
        dict(learning_rate=0.01, b1=0.9, alpha=5.0, weight_decay=0.1),
    ],
    "contrib.cocob": [
        dict(),
        dict(alpha=10.0, weight_decay=0.1),
        dict(learning_rate=0.5, eps=1e-3),
    ],
    "contrib.schedule_free_sgd": [
        dict(),
        dict(learning_rate=0.1, b1=0.5, weight_decay=0.1, weight_lr_power=1.0),
    ],
    "contrib.schedule_free_adamw": [
        dict(),
        dict(learning_rate=0.1, b1=0.5, b2=0.95, eps=1e-3, weight_decay=0.1),
    ],
    "lamb": [
        dict(learning_rate=0.001),
        dict(learning_rate=0.1, b1=0.8, b2=0.95, eps=1e-3, weight_decay=0.1),
    ],
    "lars": [
        dict(learning_rate=0.1),
        dict(learning_rate=1.0, weight_decay=0.1, trust_coefficient=0.01, eps=1e-3, momentum=0.5),
    ],
    "fromage": [
        dict(learning_rate=0.01),
    ],
    "novograd": [
        dict(learning_rate=0.01),
        dict(learning_rate=0.1, b1=0.8, b2=0.95, eps=1e-3, weight_decay=0.1),
    ],
    "contrib.prodigy": [
        dict(),
        dict(eps=1e-4, estim_lr0=1e-3, weight_decay=0.1),
    ],
    "contrib.dadapt_adamw": [
        dict(),
        dict(eps=1e-4, estim_lr0=1e-3, weight_decay=0.1),
    ],
    "contrib.dog": [
        dict(),
        dict(learning_rate=2.0, weight_decay=0.1),
    ],
    "contrib.dowg": [
        dict(),
        dict(learning_rate=0.5, init_estim_sq_dist=0.01, eps=1e-6, weight_decay=0.1),
    ],
    "contrib.acprop": [
        dict(learning_rate=0.001),
        dict(learning_rate=0.1, b1=0.8, b2=0.95, eps=1e-4, eps_root=1e-6, weight_decay=0.1),
    ],
    "sign_sgd": [
        dict(learning_rate=0.01),
        dict(learning_rate=0.1),
        dict(learning_rate=1.0),
    ],
    "signum": [
        dict(learning_rate=0.01),
        dict(learning_rate=0.1, beta=0.5),
        dict(learning_rate=0.1, beta=0.99),
    ],
    "adabelief": [
        dict(learning_rate=0.001),
        dict(learning_rate=0.1, b1=0.8, b2=0.95),
        dict(learning_rate=0.1, eps=1e-2, eps_root=0.0),
        dict(learning_rate=0.1, eps=1e-8, eps_root=1e-4),
        dict(learning_rate=0.1, nesterov=True),
    ],
    "yogi": [
        dict(learning_rate=0.01),
        dict(learning_rate=0.1, b1=0.8, b2=0.95),
        dict(learning_rate=0.1, eps=1e-6),
    ],
}

OPTAX_SCHEDULED = {
    "sgd": [dict(momentum=0.9), dict(momentum=0.9, nesterov=True)],
    "rmsprop": [dict(momentum=0.9)],
    "adam": [dict()],
    "adamw": [dict(weight_decay=0.1)],
}

#: Options, and the optimizer inside with its own.
OPTAX_AROUND = {
    "contrib.mechanize": [
        (dict(), "sgd", dict(learning_rate=1.0)),
        (dict(weight_decay=0.1, s_init=1e-3), "sgd", dict(learning_rate=0.1, momentum=0.9)),
        (dict(), "adam", dict(learning_rate=1.0)),
        (dict(weight_decay=0.0, eps=1e-6), "adam", dict(learning_rate=0.1, b1=0.8, b2=0.95, eps=1e-3)),
        (dict(), "adamw", dict(learning_rate=1.0, weight_decay=0.1)),
    ],
}


# --------------------------------------------------------------- the runners
# Each yields the weights (Keras: the weights and their average or None) after
# every step.  `rates` is None or the list of learning rates.


def run_torch(name, arguments, rates=None, clip=None):
    w = torch.nn.Parameter(torch.tensor(START))
    optimizer = getattr(torch.optim, name)([w], **arguments)
    for t, gradient in enumerate(GRADIENTS):
        if rates is not None:
            for group in optimizer.param_groups:
                group["lr"] = rates[t]
        w.grad = torch.tensor(gradient)
        if clip is not None:
            torch.nn.utils.clip_grad_norm_([w], **clip)
        optimizer.step()
        assert w.dtype == torch.float64
        for value in optimizer.state[w].values():
            assert not torch.is_tensor(value) or value.dtype == torch.float64
        yield w.detach().numpy().copy()


def run_keras(name, arguments, rates=None):
    w = keras.Variable(START, dtype="float64")
    optimizer = getattr(keras.optimizers, name)(**arguments)
    optimizer.build([w])
    for t, gradient in enumerate(GRADIENTS):
        if rates is not None:
            optimizer.learning_rate = rates[t]
        optimizer.apply([keras.ops.convert_to_tensor(gradient, dtype="float64")])
        for variable in [w, *optimizer.variables]:
            integer = variable.path.endswith("iteration")
            assert integer or variable.dtype == "float64", variable.path
            actual = keras.backend.standardize_dtype(variable.value.dtype)
            assert actual == variable.dtype, variable.path
        average = None
        if optimizer.use_ema:
            [average] = optimizer._model_variables_moving_average
            average = to_numpy(average)
        yield to_numpy(w), average


def to_numpy(variable):
    return np.array(keras.ops.convert_to_numpy(variable))


def run_optax(name, arguments, rates=None, inside=None):
    if inside is not None:
        part, options = inside
        arguments = dict(arguments, base_optimizer=getattr(optax, part)(**options))
    if rates is not None:
        rates = jnp.asarray(rates)
        arguments = dict(arguments, learning_rate=lambda count: rates[count])
    w = jnp.asarray(START)
    optimizer = operator.attrgetter(name)(optax)(**arguments)
    state = optimizer.init(w)
    for gradient in GRADIENTS:
        update, state = optimizer.update(jnp.asarray(gradient), state, w)
        w = optax.apply_updates(w, update)
        for value in [w, *jax.tree.leaves(state)]:
            assert value.dtype in (jnp.float64, jnp.int32, jnp.bool_)
        assert w.dtype == jnp.float64
        yield np.array(w)


# ------------------------------------------------------------- the recording


def number(x):
    """A Python number; what JSON cannot hold becomes a string."""
    if isinstance(x, (bool, int)):
        return x
    x = float(x)
    return x if math.isfinite(x) else repr(x)


def numbers(row):
    return [number(x) for x in row]


def encode(arguments):
    return {key: numbers(value) if isinstance(value, list) else number(value) for key, value in arguments.items()}


def recorded(trajectory):
    rows = list(trajectory)
    assert len(rows) == STEPS
    return [rows[step - 1] for step in RECORDED_STEPS]


def record(library, optimizer, arguments, rates=None, clip=None, inside=None):
    run = dict(library=library, optimizer=optimizer, arguments=encode(arguments))
    if rates is not None:
        run["lr"] = numbers(rates)
    if clip is not None:
        run["clip_grad_norm"] = encode(clip)
    if inside is not None:
        run["inside"] = dict(optimizer=inside[0], arguments=encode(inside[1]))
    if library == "torch":
        rows = recorded(run_torch(optimizer, arguments, rates, clip))
    elif library == "keras":
        pairs = recorded(run_keras(optimizer, arguments, rates))
        rows = [w for w, _ in pairs]
        if arguments.get("use_ema"):
            run["average"] = [numbers(average) for _, average in pairs]
    else:
        rows = recorded(run_optax(optimizer, arguments, rates, inside))
    run["w"] = [numbers(row) for row in rows]
    return run


def record_all():
    tables = [
        ("torch", TORCH, None),
        ("torch", TORCH_SCHEDULED, LEARNING_RATES),
        ("keras", KERAS, None),
        ("keras", KERAS_SCHEDULED, LEARNING_RATES),
        ("optax", OPTAX, None),
        ("optax", OPTAX_SCHEDULED, LEARNING_RATES),
    ]
    for library, table, rates in tables:
        for optimizer, settings in table.items():
            for arguments in settings:
                yield record(library, optimizer, arguments, rates)
    for optimizer, arguments, clip in TORCH_CLIPPED:
        yield record("torch", optimizer, arguments, clip=clip)
    for optimizer, settings in OPTAX_AROUND.items():
        for arguments, *inside in settings:
            yield record("optax", optimizer, arguments, inside=inside)


def versions():
    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "torch": torch.__version__,
        "keras": keras.__version__,
        "keras_backend": keras.backend.backend(),
        "optax": optax.__version__,
        "jax": jax.__version__,
    }


def write(path, document):
    """JSON with one line per run and per gradient."""

    def text(value):
        return json.dumps(value, allow_nan=False)

    def lines(values):
        return "[\n" + ",\n".join(text(value) for value in values) + "\n]"

    long = ("gradients", "runs")
    entries = [f"{text(key)}: {lines(value) if key in long else text(value)}" for key, value in document.items()]
    with Path(path).open("w", encoding="ascii", newline="\n") as file:
        file.write("{\n" + ",\n".join(entries) + "\n}\n")


def main():
    parser = argparse.ArgumentParser(description="Record optimizer trajectories of torch, Keras and optax.")
    parser.add_argument("out", help="the JSON file to write")
    path = parser.parse_args().out
    runs = list(record_all())
    keys = {
        json.dumps([run.get(key) for key in ("library", "optimizer", "arguments", "lr", "clip_grad_norm", "inside")])
        for run in runs
    }
    assert len(keys) == len(runs), "the same run twice"
    write(
        path,
        {
            "versions": versions(),
            "recorded_steps": RECORDED_STEPS,
            "start": numbers(START),
            "gradients": [numbers(row) for row in GRADIENTS],
            "runs": runs,
        },
    )
    for library in ("torch", "keras", "optax"):
        count = sum(run["library"] == library for run in runs)
        print(f"{library}: {count} runs")


if __name__ == "__main__":
    main()
