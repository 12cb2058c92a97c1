# generated from stepsmith/_presets/ for numba; do not edit
from ..._presets.keras import SGD as SGD
from ..._presets.keras import Adadelta as Adadelta
from ..._presets.keras import Adagrad as Adagrad
from ..._presets.keras import Adam as Adam
from ..._presets.keras import Adamax as Adamax
from ..._presets.keras import AdamW as AdamW
from ..._presets.keras import Ftrl as Ftrl
from ..._presets.keras import Lamb as Lamb
from ..._presets.keras import Lion as Lion
from ..._presets.keras import LossScaleOptimizer as LossScaleOptimizer
from ..._presets.keras import Nadam as Nadam
from ..._presets.keras import RMSprop as RMSprop
from ..._presets.keras import ScheduleFreeAdamW as ScheduleFreeAdamW
from ..._presets.keras import get as get
