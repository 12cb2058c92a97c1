"""The stages of pipelines that are no transformation of gradients: what to write instead."""

from __future__ import annotations

from typing import NoReturn

from .._runtime.hints import missing

_ELSEWHERE = (
    "it takes gradients elsewhere than at the parameters: compute those in the training loop, "
    "and give them to update(grads, state, params)"
)
_BEFORE = (
    "it moves the parameters before the rule; behind a rule whose step does not read them the same is "
    "optax.chain(rule, optax.add_decayed_weights(-{})), and adamw and sgdw have decay in the rule"
)
#: What to do, by the name that the stage would have.
INSTEAD = {
    "accumulate": "it leaves out steps: optax.MultiSteps(tx, every_k_schedule=every) does so around a rule",
    "accumulate_optax": "it leaves out steps: optax.MultiSteps(tx, every_k_schedule=every) does so around a rule",
    "accumulate_sum_optax": "it leaves out steps: "
    "optax.MultiSteps(tx, every_k_schedule=every, use_grad_mean=False) does so around a rule",
    "apply_if_finite": "it leaves out steps: optax.apply_if_finite(tx, max_consecutive_errors) does so around a rule",
    "dynamic_loss_scale": "it leaves out steps: optax.apply_if_finite(tx, max_consecutive_errors) does so around a rule "
    "when gradients overflow; keep the scale in the training loop, and divide the gradients by it",
    "decoupled_decay": _BEFORE.format("lr * weight_decay"),
    "unscaled_decay": _BEFORE.format("weight_decay"),
    **dict.fromkeys(("sam", "sam_by_array", "asam", "usam", "extragradient"), _ELSEWHERE),
}


def __getattr__(name: str) -> NoReturn:
    """What a module of stages says of a name that it has not."""
    module = f"{__package__}.pipeline"
    raise missing(module, name, (), INSTEAD.get(name, f"{module}.__all__ names what it has"))
