"""Rows of rules that have sums, or that came later."""

from __future__ import annotations

from typing import Any

from .rows import STEPS, Draw, Hypers, Row, adam, between, decoupled, or_zero, size


def _rates(h: Hypers) -> dict[str, Any]:
    return {"lr": h["lr"], "betas": (h["beta1"], h["beta2"])}


def _bcos(h: Hypers) -> dict[str, Any]:
    return {name: h[name] for name in ("lr", "beta", "eps")} | decoupled(h)


#: For rules that find their step length.
_FOUND: dict[str, Draw] = {
    "lr": size(0.1, 1),
    "d0": size(1e-6, 1e-2),
    "momentum": between(0.1, 0.97),
    "growth_rate": between(1.01, 3),
}

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
    Row("AdaSmooth", "AdaSmooth", adam, {"beta1": between(0, 0.9), "eps": size(1e-8, 1e-3)}),
    Row("Ano", "Ano", lambda h: adam(h) | decoupled(h)),
    Row("Anolog", "Ano", lambda h: adam({"beta1": 0.9, **h}) | decoupled(h) | {"logarithmic_schedule": True}),
    Row(
        "FOCUS",
        "FOCUS",
        lambda h: _rates(h) | {"gamma": h["gamma"], "weight_decay": h["weight_decay"]},
        {"gamma": between(0, 0.9)},
    ),
    Row(
        "SRMM",
        "SRMM",
        lambda h: {"lr": h["lr"], "beta": h["beta"], "memory_length": h["memory"]},
        {"beta": between(0, 1), "memory": lambda rng: int(rng.integers(1, STEPS))},
    ),
    # there the last share of InvAdam is left out, and epsilon is in that, too
    Row(
        "DualAdam",
        "DualAdam",
        lambda h: adam(h) | {"switch_rate": h["switch_rate"]},
        {"switch_rate": lambda rng: 2.0 ** -int(rng.integers(0, 9)), "eps": lambda rng: 0.0},
        away=True,
    ),
    Row(
        "AdamG",
        "AdamG",
        lambda h: adam(h) | {"betas": (h["beta1"], h["beta2"], h["beta3"]), "p": h["p"], "q": h["q"]},
        {"lr": size(0.01, 1), "p": between(0.1, 1), "q": between(0.1, 0.9)},
    ),
    Row(
        "AliG",
        "AliG",
        lambda h: {"max_lr": h["lr"], "momentum": h["momentum"]},
        {"momentum": between(0.1, 0.97), "eps": lambda rng: 1e-6, "lr": size(1e-2, 1)},
        constant=True,
        loss=True,
    ),
    # by columns there, which is all of a vector
    Row(
        "TAM",
        "TAM",
        lambda h: {name: h[name] for name in ("lr", "momentum", "decay_rate", "eps")},
        {"momentum": between(0.1, 0.97), "decay_rate": between(0, 0.99)},
        shapes=((3,), (1,)),
    ),
    Row(
        "AdaTAM",
        "AdaTAM",
        lambda h: adam(h) | {"decay_rate": h["decay_rate"]},
        {"decay_rate": between(0, 0.99)},
        shapes=((3,), (1,)),
    ),
    Row("AdamS", "AdamS", lambda h: adam(h) | decoupled(h), {"lr": size(1e-3, 1e-2)}),
    Row(
        "Aida",
        "Aida",
        lambda h: adam(h) | {"k": 2, "xi": h["xi"], "weight_decay": 0.0},
        {"xi": lambda rng: 1e-20, "eps": size(1e-3, 1e-1)},
    ),
    Row("BCOSGradient", "BCOS", lambda h: _bcos(h) | {"mode": "g"}),
    Row("BCOSMomentum", "BCOS", lambda h: _bcos(h) | {"mode": "m"}),
    Row("DAdaptLion", "DAdaptLion", lambda h: _rates(h) | decoupled(h) | {"d0": h["d0"]}, _FOUND),
    Row(
        "DAdaptSGD",
        "DAdaptSGD",
        lambda h: {name: h[name] for name in ("lr", "momentum", "d0", "growth_rate")},
        _FOUND,
    ),
    Row(
        "DAdaptAdaGrad",
        "DAdaptAdaGrad",
        lambda h: {name: h[name] for name in ("lr", "momentum", "d0", "growth_rate", "eps")},
        {**_FOUND, "initial_accumulator": lambda rng: 1e-6},
    ),
    Row(
        "Ranger",
        "Ranger",
        lambda h: adam(h) | {"k": h["k"], "alpha": h["alpha"], "use_gc": False, "degenerated_to_sgd": True},
        {"k": lambda rng: int(rng.integers(1, 12)), "alpha": between(0, 1)},
    ),
    # where the second moment is that of each element
    Row("AdaShift", "AdaShift", lambda h: adam(h) | {"keep_num": 10, "reduce_func": None}),
    *(
        Row(
            f"A2Grad{variant.title()}",
            "A2Grad",
            lambda h, variant=variant: dict(h) | {"lr": 0.0, "variant": variant},
            {"lips": between(5, 50), "beta": between(1, 20), "rho": between(0, 0.9)},
            constant=True,
        )
        for variant in ("uni", "inc", "exp")
    ),
    Row(
        "AdaGC",
        "AdaGC",
        lambda h: (
            adam(h)
            | decoupled(h)
            | {name: h[name] for name in ("beta", "lambda_abs", "lambda_rel")}
            | {"warmup_steps": h["warmup"]}
        ),
        {
            "lambda_abs": between(0.3, 3),
            "lambda_rel": between(0.9, 1.3),
            "warmup": lambda rng: int(rng.integers(0, STEPS)),
        },
    ),
    # the scale there is that of the shape, one half for vectors
    Row(
        "Amos",
        "Amos",
        lambda h: {name: h[name] for name in ("lr", "beta", "momentum", "extra_l2", "c_coef", "d_coef", "eps")},
        {
            "scale": lambda rng: 0.5,
            "extra_l2": or_zero(size(1e-3, 0.1)),
            "momentum": or_zero(between(0.1, 0.97)),
            "c_coef": between(0.1, 1),
            "d_coef": between(0.1, 1),
        },
        shapes=((3,), (1,)),
    ),
    Row(
        "Adai",
        "Adai",
        lambda h: (
            {"lr": h["lr"], "betas": (h["beta0"], h["beta2"]), "eps": h["eps"], "stable_weight_decay": True}
            | decoupled(h)
        ),
        {"beta0": between(0.05, 0.5), "eps": size(1e-4, 1e-2)},
    ),
    Row("StableAdamW", "StableAdamW", lambda h: adam(h) | decoupled(h)),
    Row("AdaNorm", "AdaNorm", lambda h: adam(h) | decoupled(h) | {"r": h["r"]}, {"r": between(0, 0.99)}, away=True),
    Row(
        "DAdaptAdamW",
        "DAdaptAdam",
        lambda h: adam(h) | decoupled(h) | {"d0": h["d0"], "bias_correction": True},
        {**_FOUND, "beta1": between(0.1, 0.97)},
    ),
    # its average is of the gradients where that of the paper is their sum, and is divided by the whole correction
    Row(
        "SimplifiedAdEMAMix",
        "SimplifiedAdEMAMix",
        lambda h: adam(h) | {"alpha": h["alpha"]},
        {"alpha": between(0, 10), "lr": size(1e-4, 1e-2)},
        ours=lambda h: {
            "lr": lambda t: h["lr"] * (1 - h["beta1"]) / (1 - h["beta2"] ** t),
            "alpha": h["alpha"] / (1 - h["beta1"]),
            "weight_decay": 0,
        },
        constant=True,
    ),
    # there eps is divided by the least curvature, which is 0.01
    Row(
        "Apollo",
        "ApolloDQN",
        lambda h: {"lr": h["lr"], "beta": h["beta"], "eps": h["eps"] / 100, "warmup_steps": 0},
        {"rebound": lambda rng: 0.01, "eps": size(1e-3, 1e-1)},
        constant=True,
    ),
    # there vectors have no spread
    Row(
        "SGDSaI",
        "SGDSaI",
        lambda h: {"lr": h["lr"], "momentum": h["momentum"], "eps": h["eps"]} | decoupled(h),
        {"momentum": between(0.1, 0.97)},
        shapes=((2, 2), (2, 3)),
    ),
    Row(
        "VSGD",
        "VSGD",
        lambda h: (
            {"lr": h["lr"], "ghattg": h["k_g"], "ps": h["gamma"], "tau1": h["tau1"], "tau2": h["tau2"]}
            | {"eps": h["eps"]}
        ),
        {"k_g": size(1, 100), "gamma": size(1e-8, 1e-2), "tau1": between(0, 1), "tau2": between(0, 1)},
    ),
)
