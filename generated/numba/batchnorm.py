# generated from specs/batchnorm.py; regenerate with: python cli.py generate batchnorm
"""Those of NumPy, whose arrays these are: see `numpy/batchnorm.py`."""

from ..numpy.batchnorm import (
    BatchNormChainer,
    BatchNormCumulative,
    BatchNormKeras,
    BatchNormTorch,
    batch_norm_chainer_backward,
    batch_norm_chainer_forward,
    batch_norm_chainer_inference,
    batch_norm_cumulative_backward,
    batch_norm_cumulative_forward,
    batch_norm_cumulative_inference,
    batch_norm_keras_backward,
    batch_norm_keras_forward,
    batch_norm_keras_inference,
    batch_norm_torch_backward,
    batch_norm_torch_forward,
    batch_norm_torch_inference,
)

__all__ = [
    "BatchNormChainer",
    "BatchNormCumulative",
    "BatchNormKeras",
    "BatchNormTorch",
    "batch_norm_chainer_backward",
    "batch_norm_chainer_forward",
    "batch_norm_chainer_inference",
    "batch_norm_cumulative_backward",
    "batch_norm_cumulative_forward",
    "batch_norm_cumulative_inference",
    "batch_norm_keras_backward",
    "batch_norm_keras_forward",
    "batch_norm_keras_inference",
    "batch_norm_torch_backward",
    "batch_norm_torch_forward",
    "batch_norm_torch_inference",
]
