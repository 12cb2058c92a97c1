"""Rows of rules that have sums, or that came later."""

from __future__ import annotations

from .rows import Row, adam, between, decoupled, size

MORE = (
    Row(
        "LAMBUncorrected",
        "Lamb",
        lambda h: (
            adam(h)
            | {"weight_decay": h["weight_decay"], "weight_decouple": False, "pre_norm": False, "adam_debias": True}
        ),
        {"clamp": lambda rng: 10.0},
    ),
    # there vectors are not scaled
    Row(
        "LARSSumOfNorms",
        "LARS",
        lambda h: {name: h[name] for name in ("lr", "momentum", "weight_decay", "trust_coefficient")},
        {"trust_coefficient": size(1e-3, 1), "momentum": between(0.1, 0.97)},
        shapes=((2, 2), (1, 4), (3, 1)),
    ),
    Row("NovoGradW", "NovoGrad", lambda h: adam(h) | decoupled(h)),
    Row("Fromage", "Fromage", lambda h: {"lr": h["lr"]}, {"min_norm": lambda rng: 1e-6}, away=True),
    Row(
        "Prodigy",
        "Prodigy",
        lambda h: adam(h) | decoupled(h) | {"d0": h["d0"], "bias_correction": True},
        {"d0": size(1e-6, 1e-2), "lr": size(0.1, 1)},
    ),
)
