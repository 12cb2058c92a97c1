"""What torch has besides the optimizers of the presets, and what to take in its place."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from ._options import rules

__all__ = ["absent"]

_PACKAGE = rules.__name__
_SCHEDULER = (
    "take torch's own, which drives an optimizer of this module: torch.optim.lr_scheduler.{name}(opt, ...); "
    f"or a schedule of {_PACKAGE.partition('.')[0]}.schedules as lr"
)
_AVERAGE = (
    f"take a stage of {_PACKAGE}: opt = SGD(params, pipeline=[WeightMean()]), or WeightEMA(decay=...); "
    'the average is opt.pipeline[0].state("average")'
)
_CLIP = "it is clip_grad_norm_ here, as a stage: pipeline=[clip_grad_norm_(1.0)]"

_INSTEAD = {
    "Adafactor": "take AdamW, which keeps the second moments that Adafactor only estimates",
    "LBFGS": "there is no line search here, which takes the loss; take Adam or SGD with momentum",
    "Muon": "take AdamW for these parameters, too",
    "AveragedModel": _AVERAGE,
    "swa_utils": _AVERAGE + "; torch.optim.swa_utils.SWALR drives an optimizer of this module",
    "GradScaler": (
        f"take a stage of {_PACKAGE}: pipeline=[DynamicLossScale()], and multiply the loss by opt.pipeline[0].scale"
    ),
    "amp": "for GradScaler take pipeline=[DynamicLossScale()], and multiply the loss by opt.pipeline[0].scale",
    "Optimizer": f"it is Optimizer of {_PACKAGE.partition('.')[0]}._runtime.optimizer that rules are classes of",
    "clip_grad_norm": _CLIP,
    "clip_grad_value": "it is clip_grad_value_ here, as a stage: pipeline=[clip_grad_value_(1.0)]",
    "lr_scheduler": (
        "take torch's own, which drive an optimizer of this module: torch.optim.lr_scheduler.StepLR(opt, 30)"
    ),
    "optim": "the optimizers are in this module itself, such as Adam",
    "nn": _CLIP.replace("it is", "of torch.nn.utils there is"),
    "no_grad": "arrays record no operations, and nothing needs to be switched off",
}
_SCHEDULERS = (
    "LRScheduler",
    "LambdaLR",
    "MultiplicativeLR",
    "StepLR",
    "MultiStepLR",
    "ConstantLR",
    "LinearLR",
    "ExponentialLR",
    "PolynomialLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "ChainedScheduler",
    "SequentialLR",
    "ReduceLROnPlateau",
    "CyclicLR",
    "OneCycleLR",
    "SWALR",
)


def absent(name: str, there: Iterable[str]) -> str:
    """What to say to somebody who looks for `name` here."""
    known = sorted(there)
    if name in _SCHEDULERS:
        place = "swa_utils" if name == "SWALR" else "lr_scheduler"
        return f"{name} is not here; " + _SCHEDULER.format(name=name).replace("lr_scheduler", place)
    if name in _INSTEAD:
        return f"{name} is not here; {_INSTEAD[name]}"
    lower = {each.lower(): each for each in known}
    close = lower.get(name.lower()) or next(iter(difflib.get_close_matches(name, known, n=1)), None)
    return f"there is no {name} here; " + (f"did you mean {close}?" if close else f"there are {', '.join(known)}")
