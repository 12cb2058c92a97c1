"""Ranger: Lookahead over RAdam."""

from stepsmith.codegen.claims import equals, fails, reduces_to
from stepsmith.codegen.spec import Optimizer, arrays, hyper

from .lookahead import k, lookahead
from .radam import RADAM_EPS_HAT

w, slow = arrays("w slow")
alpha = hyper("alpha", default="0.5", domain="[0, 1]", doc="part of the way that the slow weights take")

RANGER = Optimizer(
    name="Ranger",
    source="Wright (2019), github.com/lessw2020/Ranger-Deep-Learning-Optimizer, without centralized gradients",
    summary="Lookahead over RAdam",
    state={**RADAM_EPS_HAT.state, slow: w},
    steps=lookahead(RADAM_EPS_HAT),
    claims=(
        reduces_to(RADAM_EPS_HAT, at={alpha: 1, k: 1}),
        fails(equals(RADAM_EPS_HAT), "the slow weights go a part of the way only"),
    ),
)
