"""What optax has and the presets have not: what to write instead."""

from __future__ import annotations

_ALONE = "there is no rule for it here"
_GRADIENTS = "there is no stage for it here; change the gradients before opt.step(grads)"
_LATE = (
    "what works on updates is not supported: an optimizer here steps its parameters in place; "
    "change the parameters after opt.step(grads)"
)
_PARTS = (
    "make an optimizer for each label, of the parameters that have it: optax.adam(body, 1e-3), optax.sgd(head, 0.1); "
    "for learning rates alone, one optimizer of groups: optax.adam([Group(body), Group(head, lr=0.1)], 1e-3)"
)
_FROZEN = (
    "leave the frozen parameters out of params, or pass None as their gradients to opt.step(grads); "
    "a global norm is then that of the others"
)
_NOTHING = "there is nothing like it here"
_LOSS = "losses are not part of this package"

_INSTEAD = {
    "multi_transform": _PARTS,
    "partition": _PARTS,
    "freeze": _FROZEN,
    "set_to_zero": _FROZEN,
    "selective_transform": _FROZEN,
    "with_extra_args_support": "it changes nothing that is computed; leave it out",
    "flatten": "it changes nothing that is computed; leave it out",
    "GradientTransformationExtraArgs": "it is GradientTransformation here",
    "lookahead": "take LookaheadSGD(params, lr=..., k=sync_period, alpha=slow_step_size), or LookaheadAdam",
    "ema": "for ema(decay, debias=False) and a learning rate take MomentumEMA(params, lr=..., beta=decay); "
    "for an average of the weights, WeightEMADebiased(decay=decay) in the pipeline",
    "named_chain": "take optax.chain(...) of the same transformations, without their names",
    "inject_stateful_hyperparams": "take optax.inject_hyperparams",
    "incremental_update": "take the stage WeightEMA(decay=1 - step_size) in the pipeline, and its state('average')",
    "periodic_update": "copy the parameters every so many steps",
    "apply_every": "it adds up updates; take optax.MultiSteps(opt, every_k_schedule=k, use_grad_mean=False), "
    "which adds up gradients; for sgd without momentum that is the same",
    "conditionally_transform": "leave out opt.step(grads) or change the gradients where the condition does not hold",
    "conditionally_mask": "leave out opt.step(grads) where the condition does not hold",
    "skip_not_finite": "take optax.apply_if_finite(optax.MultiSteps(...), max_consecutive_errors=2**31 - 1)",
    "skip_large_updates": "leave out opt.step(grads) where optax.global_norm(grads) ** 2 is too large",
    "adaptive_grad_clip": "there is no stage that clips by the norms of units; the nearest is ClipByNorm(max_norm=...)",
    "clip_by_block_rms": "there is no stage of it; for one array of n elements it is "
    "ClipByNorm(max_norm=threshold * n ** 0.5, where=lambda path, w: path == ...)",
    "per_example_global_norm_clip": _GRADIENTS,
    "per_example_layer_norm_clip": _GRADIENTS,
    "centralize": _GRADIENTS,
    "zero_nans": _GRADIENTS,
    "keep_params_nonnegative": _LATE,
    "normalize_by_update_norm": _LATE,
    "scale_by_trust_ratio": "there is no rule with layer-wise rates here",
    "scale_by_param_block_norm": "there is no rule with layer-wise rates here",
    "scale_by_param_block_rms": "there is no rule with layer-wise rates here",
    "safe_int32_increment": "steps are counted by opt.t",
    "safe_increment": "steps are counted by opt.t",
    "contrib.schedule_free_eval_params": "take opt.state('x'), the mean of the iterates",
    "contrib.reduce_on_plateau": "take ReduceOnPlateau of stepsmith.plateau as the learning_rate",
    "schedules": "the schedules are in this module: optax.cosine_decay_schedule",
    "transforms": "the transformations are in this module: optax.clip_by_global_norm",
}

_ABSENT = {
    _ALONE: """
        adafactor lbfgs sm3
        contrib.dpsgd contrib.galore contrib.muon
        scale_by_adan scale_by_lbfgs scale_by_novograd scale_by_optimistic_gradient scale_by_polyak scale_by_rprop
        scale_by_sm3 scale_by_factored_rms scale_by_distance_over_gradients scale_by_backtracking_linesearch
        scale_by_zoom_linesearch dpsgd differentially_private_aggregate
    """,
    _NOTHING: """
        measure_with_ema monitor snapshot microbatch stateless stateless_with_tree_map tree tree_utils projections
        perturbations second_order assignment experimental
    """,
    _LOSS: """
        losses l2_loss huber_loss hinge_loss log_cosh cosine_distance cosine_similarity squared_error
        softmax_cross_entropy softmax_cross_entropy_with_integer_labels sigmoid_binary_cross_entropy ctc_loss
        kl_divergence smooth_labels
    """,
}


def absent(module: str, name: str) -> str:
    """Why `module` has no `name`, and what to write instead."""
    instead = _INSTEAD.get(name) or next((why for why, names in _ABSENT.items() if name in names.split()), None)
    if instead is None:
        return f"module {module} has no {name}"
    return f"optax.{name} is not supported: {instead}"
