# generated from specs/batchnorm.py; regenerate with: python cli.py generate batchnorm
"""BatchNorm: every channel of a batch gets mean 0 and variance 1, then a scale and an offset that are learned."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ._channels import Array, NumpyLayer, average, count, flat, spread

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


@np.errstate(all="ignore")
def batch_norm_torch_forward(
    x: Array,
    gamma: Array,
    beta: Array,
    running_mean: Array,
    running_var: Array,
    *,
    axis: int = 1,
    eps: float = 1e-5,
    momentum: float = 0.1,
) -> tuple[Array, ...]:
    """BatchNormTorch in training.

        mean              = average(x)                                              of the batch
        var               = average((x - mean) ** 2)                                of the batch, biased
        x_hat             = (x - mean) / sqrt(var + eps)                            normalised
        y                 = beta + gamma * x_hat                                    scaled and moved
        var_unbiased      = m * var / (m - 1)                                       unbiased
        running_mean_new  = (1 - momentum) * running_mean + momentum * mean
        running_var_new   = (1 - momentum) * running_var + momentum * var_unbiased

    average is that over the m elements of a channel, at least 2.
    x is an array of shape (N, C, ...) with the C channels on `axis`, float32 or float64;
    gamma, beta, running_mean and running_var have the shape (C,) and the same dtype.
    Returns y, x_hat, var, running_mean_new, running_var_new.
    """
    gamma, beta, running_mean, running_var = spread(x, axis, gamma, beta, running_mean, running_var)
    m = count(x, axis, 2)
    m_over_m_minus_one = m / (m - 1)
    one_minus_momentum = 1 - momentum

    mean = average(x, axis)  # of the batch
    var = average((x - mean) ** 2, axis)  # of the batch, biased
    x_hat = (x - mean) / np.sqrt(var + eps)  # normalised
    y = beta + gamma * x_hat  # scaled and moved
    var_unbiased = m_over_m_minus_one * var  # unbiased
    running_mean_new = one_minus_momentum * running_mean + momentum * mean
    running_var_new = one_minus_momentum * running_var + momentum * var_unbiased
    return (y, x_hat, *flat(var, running_mean_new, running_var_new))


@np.errstate(all="ignore")
def batch_norm_torch_inference(
    x: Array,
    gamma: Array,
    beta: Array,
    running_mean: Array,
    running_var: Array,
    *,
    axis: int = 1,
    eps: float = 1e-5,
) -> Array:
    """BatchNormTorch in inference, by the running statistics.

        x_hat  = (x - running_mean) / sqrt(running_var + eps)  normalised
        y      = beta + gamma * x_hat                          scaled and moved

    x is an array of shape (N, C, ...) with the C channels on `axis`, float32 or float64;
    gamma, beta, running_mean and running_var have the shape (C,) and the same dtype.
    Returns y.
    """
    gamma, beta, running_mean, running_var = spread(x, axis, gamma, beta, running_mean, running_var)
    x_hat = (x - running_mean) / np.sqrt(running_var + eps)  # normalised
    return beta + gamma * x_hat  # scaled and moved


@np.errstate(all="ignore")
def batch_norm_torch_backward(
    dy: Array,
    x_hat: Array,
    var: Array,
    gamma: Array,
    *,
    axis: int = 1,
    eps: float = 1e-5,
) -> tuple[Array, ...]:
    """The backward pass of BatchNormTorch, derived from its training.

        dx      = gamma * (dy - average(dy) - x_hat * average(dy * x_hat)) / sqrt(var + eps)
        dgamma  = m * average(dy * x_hat)
        dbeta   = m * average(dy)

    dy is the gradient of a loss by y, and so on.
    average is that over the m elements of a channel.
    dy and x_hat are arrays of shape (N, C, ...) with the C channels on `axis`, float32 or float64;
    gamma and var have the shape (C,) and the same dtype.
    Returns dx, dgamma, dbeta.
    """
    var, gamma = spread(dy, axis, var, gamma)
    m = count(dy, axis, 1)
    average_dy = average(dy, axis)
    average_dy_x_hat = average(dy * x_hat, axis)
    dx = gamma * (dy - average_dy - x_hat * average_dy_x_hat) / np.sqrt(var + eps)
    dgamma = m * average_dy_x_hat
    dbeta = m * average_dy
    return (dx, *flat(dgamma, dbeta))


class BatchNormTorch(NumpyLayer):
    """BatchNormTorch: normalised by the biased variance; the running variance is of the unbiased one.

    Source: Ioffe & Szegedy (2015), Algorithms 1 and 2, arXiv:1502.03167; running statistics of torch.nn.BatchNorm.
    The equations are in `batch_norm_torch_forward`, `batch_norm_torch_inference` and `batch_norm_torch_backward`.

    Batches have the shape (N, C, ...) with C = `channels` on `axis`, and the dtype `dtype`, float32 or float64.
    `forward(x)` returns y and updates running_mean and running_var; with `training=False` it uses them.
    `backward(dy)` returns dx of the last batch of training, and fills dgamma and dbeta.

        eps       eps >= 0            keeps the division from zero
        momentum  0 <= momentum <= 1  weight of the new value in the running statistics
    """

    gamma: Array
    beta: Array
    dgamma: Array
    dbeta: Array
    running_mean: Array
    running_var: Array
    eps: float
    momentum: float

    _parameters: ClassVar = {"gamma": 1.0, "beta": 0.0}
    _states: ClassVar = {"running_mean": 0.0, "running_var": 1.0}
    _saved: ClassVar = ("x_hat", "var")
    _kept: ClassVar = ("gamma",)
    _domains: ClassVar = {
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "momentum": ("0 <= momentum <= 1", lambda momentum: 0 <= momentum <= 1),
    }

    def __init__(
        self,
        channels: int,
        *,
        axis: int = 1,
        eps: float = 1e-5,
        momentum: float = 0.1,
        dtype: Any = "float32",
    ) -> None:
        super().__init__(channels, axis, dtype, eps=eps, momentum=momentum)

    def _train(self, x: Array) -> tuple[Array, ...]:
        return batch_norm_torch_forward(
            x, self.gamma, self.beta, self.running_mean, self.running_var,
            axis=self.axis, eps=self.eps, momentum=self.momentum,
        )

    def _infer(self, x: Array) -> Array:
        return batch_norm_torch_inference(
            x, self.gamma, self.beta, self.running_mean, self.running_var,
            axis=self.axis, eps=self.eps,
        )

    def _derive(self, dy: Array, x_hat: Array, var: Array, gamma: Array) -> tuple[Array, ...]:
        return batch_norm_torch_backward(
            dy, x_hat, var, gamma,
            axis=self.axis, eps=self.eps,
        )


@np.errstate(all="ignore")
def batch_norm_cumulative_forward(
    x: Array,
    gamma: Array,
    beta: Array,
    running_mean: Array,
    running_var: Array,
    batches: Array,
    *,
    axis: int = 1,
    eps: float = 1e-5,
) -> tuple[Array, ...]:
    """BatchNormCumulative in training.

        mean              = average(x)                                                of the batch
        var               = average((x - mean) ** 2)                                  of the batch, biased
        x_hat             = (x - mean) / sqrt(var + eps)                              normalised
        y                 = beta + gamma * x_hat                                      scaled and moved
        var_unbiased      = m * var / (m - 1)                                         unbiased
        batches_new       = batches + 1                                               batches so far
        running_mean_new  = running_mean + (mean - running_mean) / batches_new
        running_var_new   = running_var + (var_unbiased - running_var) / batches_new

    average is that over the m elements of a channel, at least 2.
    x is an array of shape (N, C, ...) with the C channels on `axis`, float32 or float64;
    gamma, beta, running_mean, running_var and batches have the shape (C,) and the same dtype.
    Returns y, x_hat, var, running_mean_new, running_var_new, batches_new.
    """
    gamma, beta, running_mean, running_var, batches = spread(x, axis, gamma, beta, running_mean, running_var, batches)
    m = count(x, axis, 2)
    m_over_m_minus_one = m / (m - 1)

    mean = average(x, axis)  # of the batch
    var = average((x - mean) ** 2, axis)  # of the batch, biased
    x_hat = (x - mean) / np.sqrt(var + eps)  # normalised
    y = beta + gamma * x_hat  # scaled and moved
    var_unbiased = m_over_m_minus_one * var  # unbiased
    batches_new = batches + 1  # batches so far
    running_mean_new = running_mean + (mean - running_mean) / batches_new
    running_var_new = running_var + (var_unbiased - running_var) / batches_new
    return (y, x_hat, *flat(var, running_mean_new, running_var_new, batches_new))


@np.errstate(all="ignore")
def batch_norm_cumulative_inference(
    x: Array,
    gamma: Array,
    beta: Array,
    running_mean: Array,
    running_var: Array,
    *,
    axis: int = 1,
    eps: float = 1e-5,
) -> Array:
    """BatchNormCumulative in inference, by the running statistics.

        x_hat  = (x - running_mean) / sqrt(running_var + eps)  normalised
        y      = beta + gamma * x_hat                          scaled and moved

    x is an array of shape (N, C, ...) with the C channels on `axis`, float32 or float64;
    gamma, beta, running_mean and running_var have the shape (C,) and the same dtype.
    Returns y.
    """
    gamma, beta, running_mean, running_var = spread(x, axis, gamma, beta, running_mean, running_var)
    x_hat = (x - running_mean) / np.sqrt(running_var + eps)  # normalised
    return beta + gamma * x_hat  # scaled and moved


@np.errstate(all="ignore")
def batch_norm_cumulative_backward(
    dy: Array,
    x_hat: Array,
    var: Array,
    gamma: Array,
    *,
    axis: int = 1,
    eps: float = 1e-5,
) -> tuple[Array, ...]:
    """The backward pass of BatchNormCumulative, derived from its training.

        dx      = gamma * (dy - average(dy) - x_hat * average(dy * x_hat)) / sqrt(var + eps)
        dgamma  = m * average(dy * x_hat)
        dbeta   = m * average(dy)

    dy is the gradient of a loss by y, and so on.
    average is that over the m elements of a channel.
    dy and x_hat are arrays of shape (N, C, ...) with the C channels on `axis`, float32 or float64;
    gamma and var have the shape (C,) and the same dtype.
    Returns dx, dgamma, dbeta.
    """
    var, gamma = spread(dy, axis, var, gamma)
    m = count(dy, axis, 1)
    average_dy = average(dy, axis)
    average_dy_x_hat = average(dy * x_hat, axis)
    dx = gamma * (dy - average_dy - x_hat * average_dy_x_hat) / np.sqrt(var + eps)
    dgamma = m * average_dy_x_hat
    dbeta = m * average_dy
    return (dx, *flat(dgamma, dbeta))


class BatchNormCumulative(NumpyLayer):
    """BatchNormCumulative: BatchNormTorch whose running statistics are the plain means over all batches so far.

    Source: Ioffe & Szegedy (2015), Algorithm 2, arXiv:1502.03167; running statistics of torch.nn.BatchNorm with momentum=None.
    The equations are in `batch_norm_cumulative_forward`, `batch_norm_cumulative_inference` and `batch_norm_cumulative_backward`.

    Batches have the shape (N, C, ...) with C = `channels` on `axis`, and the dtype `dtype`, float32 or float64.
    `forward(x)` returns y and updates running_mean, running_var and batches; with `training=False` it uses them.
    `backward(dy)` returns dx of the last batch of training, and fills dgamma and dbeta.

        eps  eps >= 0  keeps the division from zero
    """

    gamma: Array
    beta: Array
    dgamma: Array
    dbeta: Array
    running_mean: Array
    running_var: Array
    batches: Array
    eps: float

    _parameters: ClassVar = {"gamma": 1.0, "beta": 0.0}
    _states: ClassVar = {"running_mean": 0.0, "running_var": 1.0, "batches": 0.0}
    _saved: ClassVar = ("x_hat", "var")
    _kept: ClassVar = ("gamma",)
    _domains: ClassVar = {
        "eps": ("eps >= 0", lambda eps: eps >= 0),
    }

    def __init__(
        self,
        channels: int,
        *,
        axis: int = 1,
        eps: float = 1e-5,
        dtype: Any = "float32",
    ) -> None:
        super().__init__(channels, axis, dtype, eps=eps)

    def _train(self, x: Array) -> tuple[Array, ...]:
        return batch_norm_cumulative_forward(
            x, self.gamma, self.beta, self.running_mean, self.running_var, self.batches,
            axis=self.axis, eps=self.eps,
        )

    def _infer(self, x: Array) -> Array:
        return batch_norm_cumulative_inference(
            x, self.gamma, self.beta, self.running_mean, self.running_var,
            axis=self.axis, eps=self.eps,
        )

    def _derive(self, dy: Array, x_hat: Array, var: Array, gamma: Array) -> tuple[Array, ...]:
        return batch_norm_cumulative_backward(
            dy, x_hat, var, gamma,
            axis=self.axis, eps=self.eps,
        )


@np.errstate(all="ignore")
def batch_norm_keras_forward(
    x: Array,
    gamma: Array,
    beta: Array,
    running_mean: Array,
    running_var: Array,
    *,
    axis: int = -1,
    eps: float = 0.001,
    momentum: float = 0.99,
) -> tuple[Array, ...]:
    """BatchNormKeras in training.

        mean              = average(x)                                       of the batch
        var               = average((x - mean) ** 2)                         of the batch, biased
        x_hat             = (x - mean) / sqrt(var + eps)                     normalised
        y                 = beta + gamma * x_hat                             scaled and moved
        running_mean_new  = momentum * running_mean + (1 - momentum) * mean
        running_var_new   = momentum * running_var + (1 - momentum) * var

    average is that over the m elements of a channel.
    x is an array of shape (N, C, ...) with the C channels on `axis`, float32 or float64;
    gamma, beta, running_mean and running_var have the shape (C,) and the same dtype.
    Returns y, x_hat, var, running_mean_new, running_var_new.
    """
    gamma, beta, running_mean, running_var = spread(x, axis, gamma, beta, running_mean, running_var)
    count(x, axis, 1)
    one_minus_momentum = 1 - momentum

    mean = average(x, axis)  # of the batch
    var = average((x - mean) ** 2, axis)  # of the batch, biased
    x_hat = (x - mean) / np.sqrt(var + eps)  # normalised
    y = beta + gamma * x_hat  # scaled and moved
    running_mean_new = momentum * running_mean + one_minus_momentum * mean
    running_var_new = momentum * running_var + one_minus_momentum * var
    return (y, x_hat, *flat(var, running_mean_new, running_var_new))


@np.errstate(all="ignore")
def batch_norm_keras_inference(
    x: Array,
    gamma: Array,
    beta: Array,
    running_mean: Array,
    running_var: Array,
    *,
    axis: int = -1,
    eps: float = 0.001,
) -> Array:
    """BatchNormKeras in inference, by the running statistics.

        x_hat  = (x - running_mean) / sqrt(running_var + eps)  normalised
        y      = beta + gamma * x_hat                          scaled and moved

    x is an array of shape (N, C, ...) with the C channels on `axis`, float32 or float64;
    gamma, beta, running_mean and running_var have the shape (C,) and the same dtype.
    Returns y.
    """
    gamma, beta, running_mean, running_var = spread(x, axis, gamma, beta, running_mean, running_var)
    x_hat = (x - running_mean) / np.sqrt(running_var + eps)  # normalised
    return beta + gamma * x_hat  # scaled and moved


@np.errstate(all="ignore")
def batch_norm_keras_backward(
    dy: Array,
    x_hat: Array,
    var: Array,
    gamma: Array,
    *,
    axis: int = -1,
    eps: float = 0.001,
) -> tuple[Array, ...]:
    """The backward pass of BatchNormKeras, derived from its training.

        dx      = gamma * (dy - average(dy) - x_hat * average(dy * x_hat)) / sqrt(var + eps)
        dgamma  = m * average(dy * x_hat)
        dbeta   = m * average(dy)

    dy is the gradient of a loss by y, and so on.
    average is that over the m elements of a channel.
    dy and x_hat are arrays of shape (N, C, ...) with the C channels on `axis`, float32 or float64;
    gamma and var have the shape (C,) and the same dtype.
    Returns dx, dgamma, dbeta.
    """
    var, gamma = spread(dy, axis, var, gamma)
    m = count(dy, axis, 1)
    average_dy = average(dy, axis)
    average_dy_x_hat = average(dy * x_hat, axis)
    dx = gamma * (dy - average_dy - x_hat * average_dy_x_hat) / np.sqrt(var + eps)
    dgamma = m * average_dy_x_hat
    dbeta = m * average_dy
    return (dx, *flat(dgamma, dbeta))


class BatchNormKeras(NumpyLayer):
    """BatchNormKeras: the biased variance everywhere, channels last.

    Source: Ioffe & Szegedy (2015), Algorithm 1, arXiv:1502.03167; running statistics of keras BatchNormalization.
    The equations are in `batch_norm_keras_forward`, `batch_norm_keras_inference` and `batch_norm_keras_backward`.

    Batches have the shape (N, C, ...) with C = `channels` on `axis`, and the dtype `dtype`, float32 or float64.
    `forward(x)` returns y and updates running_mean and running_var; with `training=False` it uses them.
    `backward(dy)` returns dx of the last batch of training, and fills dgamma and dbeta.

        eps       eps >= 0            keeps the division from zero
        momentum  0 <= momentum <= 1  weight of the old value in the running statistics
    """

    gamma: Array
    beta: Array
    dgamma: Array
    dbeta: Array
    running_mean: Array
    running_var: Array
    eps: float
    momentum: float

    _parameters: ClassVar = {"gamma": 1.0, "beta": 0.0}
    _states: ClassVar = {"running_mean": 0.0, "running_var": 1.0}
    _saved: ClassVar = ("x_hat", "var")
    _kept: ClassVar = ("gamma",)
    _domains: ClassVar = {
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "momentum": ("0 <= momentum <= 1", lambda momentum: 0 <= momentum <= 1),
    }

    def __init__(
        self,
        channels: int,
        *,
        axis: int = -1,
        eps: float = 0.001,
        momentum: float = 0.99,
        dtype: Any = "float32",
    ) -> None:
        super().__init__(channels, axis, dtype, eps=eps, momentum=momentum)

    def _train(self, x: Array) -> tuple[Array, ...]:
        return batch_norm_keras_forward(
            x, self.gamma, self.beta, self.running_mean, self.running_var,
            axis=self.axis, eps=self.eps, momentum=self.momentum,
        )

    def _infer(self, x: Array) -> Array:
        return batch_norm_keras_inference(
            x, self.gamma, self.beta, self.running_mean, self.running_var,
            axis=self.axis, eps=self.eps,
        )

    def _derive(self, dy: Array, x_hat: Array, var: Array, gamma: Array) -> tuple[Array, ...]:
        return batch_norm_keras_backward(
            dy, x_hat, var, gamma,
            axis=self.axis, eps=self.eps,
        )


@np.errstate(all="ignore")
def batch_norm_chainer_forward(
    x: Array,
    gamma: Array,
    beta: Array,
    running_mean: Array,
    running_var: Array,
    *,
    axis: int = 1,
    eps: float = 2e-5,
    decay: float = 0.9,
) -> tuple[Array, ...]:
    """BatchNormChainer in training.

        mean              = average(x)                                        of the batch
        var               = average((x - mean) ** 2)                          of the batch, biased
        x_hat             = (x - mean) / sqrt(var + eps)                      normalised
        y                 = beta + gamma * x_hat                              scaled and moved
        var_unbiased      = m * var / maximum(1, m - 1)                       unbiased
        running_mean_new  = decay * running_mean + (1 - decay) * mean
        running_var_new   = decay * running_var + (1 - decay) * var_unbiased

    average is that over the m elements of a channel.
    x is an array of shape (N, C, ...) with the C channels on `axis`, float32 or float64;
    gamma, beta, running_mean and running_var have the shape (C,) and the same dtype.
    Returns y, x_hat, var, running_mean_new, running_var_new.
    """
    gamma, beta, running_mean, running_var = spread(x, axis, gamma, beta, running_mean, running_var)
    m = count(x, axis, 1)
    m_over_maximum_one_m_minus_one = m / max(1, m - 1)
    one_minus_decay = 1 - decay

    mean = average(x, axis)  # of the batch
    var = average((x - mean) ** 2, axis)  # of the batch, biased
    x_hat = (x - mean) / np.sqrt(var + eps)  # normalised
    y = beta + gamma * x_hat  # scaled and moved
    var_unbiased = m_over_maximum_one_m_minus_one * var  # unbiased
    running_mean_new = decay * running_mean + one_minus_decay * mean
    running_var_new = decay * running_var + one_minus_decay * var_unbiased
    return (y, x_hat, *flat(var, running_mean_new, running_var_new))


@np.errstate(all="ignore")
def batch_norm_chainer_inference(
    x: Array,
    gamma: Array,
    beta: Array,
    running_mean: Array,
    running_var: Array,
    *,
    axis: int = 1,
    eps: float = 2e-5,
) -> Array:
    """BatchNormChainer in inference, by the running statistics.

        x_hat  = (x - running_mean) / sqrt(running_var + eps)  normalised
        y      = beta + gamma * x_hat                          scaled and moved

    x is an array of shape (N, C, ...) with the C channels on `axis`, float32 or float64;
    gamma, beta, running_mean and running_var have the shape (C,) and the same dtype.
    Returns y.
    """
    gamma, beta, running_mean, running_var = spread(x, axis, gamma, beta, running_mean, running_var)
    x_hat = (x - running_mean) / np.sqrt(running_var + eps)  # normalised
    return beta + gamma * x_hat  # scaled and moved


@np.errstate(all="ignore")
def batch_norm_chainer_backward(
    dy: Array,
    x_hat: Array,
    var: Array,
    gamma: Array,
    *,
    axis: int = 1,
    eps: float = 2e-5,
) -> tuple[Array, ...]:
    """The backward pass of BatchNormChainer, derived from its training.

        dx      = gamma * (dy - average(dy) - x_hat * average(dy * x_hat)) / sqrt(var + eps)
        dgamma  = m * average(dy * x_hat)
        dbeta   = m * average(dy)

    dy is the gradient of a loss by y, and so on.
    average is that over the m elements of a channel.
    dy and x_hat are arrays of shape (N, C, ...) with the C channels on `axis`, float32 or float64;
    gamma and var have the shape (C,) and the same dtype.
    Returns dx, dgamma, dbeta.
    """
    var, gamma = spread(dy, axis, var, gamma)
    m = count(dy, axis, 1)
    average_dy = average(dy, axis)
    average_dy_x_hat = average(dy * x_hat, axis)
    dx = gamma * (dy - average_dy - x_hat * average_dy_x_hat) / np.sqrt(var + eps)
    dgamma = m * average_dy_x_hat
    dbeta = m * average_dy
    return (dx, *flat(dgamma, dbeta))


class BatchNormChainer(NumpyLayer):
    """BatchNormChainer: normalised by the biased variance; the running variance is unbiased and takes one element, too.

    Source: Ioffe & Szegedy (2015), Algorithm 1, arXiv:1502.03167; running statistics of chainer BatchNormalization.
    The equations are in `batch_norm_chainer_forward`, `batch_norm_chainer_inference` and `batch_norm_chainer_backward`.

    Batches have the shape (N, C, ...) with C = `channels` on `axis`, and the dtype `dtype`, float32 or float64.
    `forward(x)` returns y and updates running_mean and running_var; with `training=False` it uses them.
    `backward(dy)` returns dx of the last batch of training, and fills dgamma and dbeta.

        eps    eps >= 0         keeps the division from zero
        decay  0 <= decay <= 1  weight of the old value in the running statistics
    """

    gamma: Array
    beta: Array
    dgamma: Array
    dbeta: Array
    running_mean: Array
    running_var: Array
    eps: float
    decay: float

    _parameters: ClassVar = {"gamma": 1.0, "beta": 0.0}
    _states: ClassVar = {"running_mean": 0.0, "running_var": 1.0}
    _saved: ClassVar = ("x_hat", "var")
    _kept: ClassVar = ("gamma",)
    _domains: ClassVar = {
        "eps": ("eps >= 0", lambda eps: eps >= 0),
        "decay": ("0 <= decay <= 1", lambda decay: 0 <= decay <= 1),
    }

    def __init__(
        self,
        channels: int,
        *,
        axis: int = 1,
        eps: float = 2e-5,
        decay: float = 0.9,
        dtype: Any = "float32",
    ) -> None:
        super().__init__(channels, axis, dtype, eps=eps, decay=decay)

    def _train(self, x: Array) -> tuple[Array, ...]:
        return batch_norm_chainer_forward(
            x, self.gamma, self.beta, self.running_mean, self.running_var,
            axis=self.axis, eps=self.eps, decay=self.decay,
        )

    def _infer(self, x: Array) -> Array:
        return batch_norm_chainer_inference(
            x, self.gamma, self.beta, self.running_mean, self.running_var,
            axis=self.axis, eps=self.eps,
        )

    def _derive(self, dy: Array, x_hat: Array, var: Array, gamma: Array) -> tuple[Array, ...]:
        return batch_norm_chainer_backward(
            dy, x_hat, var, gamma,
            axis=self.axis, eps=self.eps,
        )
