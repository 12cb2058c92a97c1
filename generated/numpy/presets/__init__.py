# generated from stepsmith/_presets/ for numpy; do not edit
"""The optimizers of this folder under the names, arguments, defaults and conventions of other libraries.

Each module has a function for each optimizer of that library. It takes the library's arguments after the
parameters, and returns the optimizer that gives the library's trajectory. What is not supported is refused,
never ignored.
"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..._presets import chainer as chainer
    from ..._presets import keras as keras
    from ..._presets import optax as optax
    from ..._presets import torch as torch

#: The modules stand once for all backends. Imported from here they are modules of this package, whose rules they take.
__path__ = [str(Path(__file__).parents[2] / "_presets")]
