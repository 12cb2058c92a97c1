# generated from stepsmith/_presets/ for numba; do not edit
from ..._presets.chainer import SGD as SGD
from ..._presets.chainer import SMORMS3 as SMORMS3
from ..._presets.chainer import AdaBound as AdaBound
from ..._presets.chainer import AdaDelta as AdaDelta
from ..._presets.chainer import AdaGrad as AdaGrad
from ..._presets.chainer import Adam as Adam
from ..._presets.chainer import AdamW as AdamW
from ..._presets.chainer import AMSBound as AMSBound
from ..._presets.chainer import AMSGrad as AMSGrad
from ..._presets.chainer import CorrectedMomentumSGD as CorrectedMomentumSGD
from ..._presets.chainer import MomentumSGD as MomentumSGD
from ..._presets.chainer import NesterovAG as NesterovAG
from ..._presets.chainer import RMSprop as RMSprop
from ..._presets.chainer import RMSpropGraves as RMSpropGraves
