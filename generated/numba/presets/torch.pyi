# generated from stepsmith/_presets/ for numba; do not edit
from ..._presets.torch import ASGD as ASGD
from ..._presets.torch import SGD as SGD
from ..._presets.torch import Adadelta as Adadelta
from ..._presets.torch import Adagrad as Adagrad
from ..._presets.torch import Adam as Adam
from ..._presets.torch import Adamax as Adamax
from ..._presets.torch import AdamW as AdamW
from ..._presets.torch import NAdam as NAdam
from ..._presets.torch import RAdam as RAdam
from ..._presets.torch import RMSprop as RMSprop
from ..._presets.torch import Rprop as Rprop
from ..._presets.torch import SparseAdam as SparseAdam
from ..._presets.torch import clip_grad_norm_ as clip_grad_norm_
from ..._presets.torch import clip_grad_value_ as clip_grad_value_
