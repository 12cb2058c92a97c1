"""Read-back of layers: a change to a function or to the class of a layer is found out."""

import pytest

from stepsmith.codegen.readback import readback
from tests.conftest import refused, spec_of, spoil

EDITS = [
    ("numpy", "average((x - mean) ** 2, axis)", "average((x + mean) ** 2, axis)"),
    ("numpy", "np.sqrt(var + eps)", "np.sqrt(var) + eps"),
    ("numpy", "y = beta + gamma * x_hat", "y = beta + x_hat"),
    ("numpy", "m / (m - 1)", "(m - 1) / m"),
    ("numpy", "one_minus_momentum = 1 - momentum", "one_minus_momentum = momentum"),
    ("numpy", "dgamma = m * average_dy_x_hat", "dgamma = average_dy_x_hat"),
    ("numpy", "dy - average_dy -", "dy -"),
    ("numpy", "*flat(dgamma, dbeta)", "*flat(dbeta, dgamma)"),
    ("numpy", "*flat(dgamma, dbeta)", "dgamma, dbeta"),
    ("numpy", "gamma, beta, running_mean, running_var = spread(", "gamma, beta, running_var, running_mean = spread("),
    ("numpy", "count(x, axis, 2)", "count(x, axis, 1)"),
    ("numpy", "momentum: float = 0.1", "momentum: float = 0.9"),
    ("numpy", "axis: int = 1", "axis: int = -1"),
    ("cupy", "(x - mean) * (x - mean)", "x * x"),
    ("cupy", "sqrt(var + eps)", "(var + eps)"),
    ("cupy", 'reduce_expr="a + b"', 'reduce_expr="a - b"'),
    ("cupy", "mean = a / elements", "mean = a"),
    ("cupy", 'reduce_type="double"', 'reduce_type="float"'),
    ("cupy", "y = beta + gamma * x_hat;", "y = beta - gamma * x_hat;"),
    ("cupy", "T x, T mean, T var", "T x, T var, T mean"),
    ("cupy", "dbeta = m * average_dy;", "dbeta = m + average_dy;"),
    ("cupy", "    dbeta = m * average_dy;\n", ""),
    ("numpy", "    return beta + gamma * x_hat  # scaled and moved\n", ""),
    ("numpy", "    *,\n    axis: int = 1", "    axis: int = 1"),
]


@pytest.mark.parametrize(("backend", "old", "new"), EDITS)
def test_edits_of_the_functions_are_refuted(copied, backend, old, new):
    spoil(copied / backend / "batchnorm.py", old, new)
    (result, _) = readback(spec_of("batch_norm_torch"), backend, copied)
    assert refused(result), result


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"gamma": 1.0', '"gamma": 0.0'),
        ('"running_var": 1.0', '"running_var": 0.0'),
        ('_saved: ClassVar = ("x_hat", "var")', '_saved: ClassVar = ("var", "x_hat")'),
        ("0 <= momentum <= 1)", "0 <= momentum < 1)"),
        ('    _kept: ClassVar = ("gamma",)\n', ""),
        ("        *,\n", ""),
        ("x, self.gamma, self.beta", "x, self.beta, self.gamma"),
        ("eps=self.eps", "eps=self.momentum"),
        ("dtype, eps=eps", "dtype, eps=momentum"),
    ],
)
def test_edits_of_the_class_are_refuted(copied, old, new):
    spoil(copied / "numpy" / "batchnorm.py", old, new)
    (_, result) = readback(spec_of("batch_norm_torch"), "numpy", copied)
    assert refused(result), result
