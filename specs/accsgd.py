"""AccSGD: a short step and a long one, averaged, as accelerated for stochastic gradients; it is QHM by another name."""

from sympy import Integer, Rational

from stepsmith.codegen.claims import additive, first_step, fixed_point, reduces_to, scales
from stepsmith.codegen.spec import Optimizer, Step, arrays, hyper, new, scalars

from .momentum import QHM

w, g, w_bar = arrays("w g w_bar")
alpha, share = scalars("alpha share")
lr = hyper("lr", default="0.01", domain=">= 0", doc="short step")
kappa = hyper("kappa", default="1000", domain=">= 1", doc="long step over short step")
xi = hyper("xi", default="10", domain="> 0", doc="statistical advantage, at most the root of kappa")
small = hyper("small", default="0.7", domain="(0, 1)", doc="the constant 0.7 of the paper")

# the short step moves w, the long one w_bar, which is drawn to w
_ALPHA = 1 - small**2 * xi / kappa
_SHARE = small / (small + 1 - _ALPHA)
_GAIN = (1 - _SHARE) * (small * xi - 1) / (1 - _SHARE * _ALPHA)
_AS_QHM = {"lr": lr * (1 + _GAIN), "nu": _GAIN / (1 + _GAIN), "beta": _SHARE * _ALPHA}
_PAPER = {kappa: Integer(1000), xi: Integer(10), small: Rational(7, 10)}

ACCSGD = Optimizer(
    name="AccSGD",
    source="Kidambi et al. (2018), Algorithm 3, arXiv:1803.05591",
    summary="accelerated SGD: the average of a short step and of a long one that remembers",
    state={w_bar: w},
    steps=(
        Step(alpha, _ALPHA, "memory"),
        Step(share, small / (small + 1 - alpha), "share of the short step"),
        Step(new(w_bar), alpha * w_bar + (1 - alpha) * (w - lr * kappa / small * g), "long step"),
        Step(new(w), share * (w - lr * g) + (1 - share) * new(w_bar), "average"),
    ),
    claims=(
        reduces_to(
            QHM,
            at=_PAPER,
            hyper={name: value.subs(_PAPER) for name, value in _AS_QHM.items()},
            state={"m": (w - w_bar) * ((1 - _SHARE * _ALPHA) / (_SHARE * (small * xi - 1))).subs(_PAPER) / lr},
            constant=(lr,),
        ),
        first_step(-lr * (_SHARE + (1 - _SHARE) * small * xi) * g),
        additive(),
        scales({"w_bar": w, "lr": w / g}),
        fixed_point(),
    ),
)
