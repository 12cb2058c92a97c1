"""What stands in a file beside the lines that compute: all of it counts."""

import pytest

from stepsmith.codegen.readback import readback
from tests.conftest import spec_of, spoil

ADAM, AMSGRAD, MOMENTUM = "adam", "amsgrad", "momentum"

C1 = "c1 = one_minus_power(beta1, t)"
HEAD = "    for i in prange(w.size):\n"

#: backend or "", file, rule, what stands there, what it becomes, line and text that are named, what is said of them
OUTSIDE = [
    (
        "numba",
        ADAM,
        "adam",
        "        m[i] = m_new\n",
        f"        m[i] = m_new\n{HEAD}",
        "for i in prange",
        "the one loop",
    ),
    ("numba", ADAM, "adam", "        w[i] = w_new\n", "    w[i] = w_new\n", "w[i] = w_new", "the one loop"),
    (
        "numba",
        ADAM,
        "adam",
        "        w[i] = w_new\n",
        "    else:\n        w[i] = w_new\n",
        "for i in",
        "is not the loop",
    ),
    ("numba", ADAM, "adam", HEAD, "    for i in prange(1, w.size):\n", "for i in prange(1, w.size)", "is not the loop"),
    ("numba", ADAM, "adam", "w[i] = w_new", "w[i + 1] = w_new", "w[i + 1] = w_new", ""),
    ("numba", ADAM, "adam", "        m[i] = m_new\n", "        m[i] += m_new\n", "m[i] += m_new", ""),
    ("numba", ADAM, "adam", "beta1 * m[i] +", "beta1 * m[i - 1] +", "m[i - 1]", "is not a value"),
    (
        "numba",
        ADAM,
        "adam",
        "        m_new =",
        "        beta1 = beta2\n        m_new =",
        "beta1 = beta2",
        "binds beta1",
    ),
    (
        "numba",
        ADAM,
        "adam",
        "        m_new =",
        "        last = m_new\n        m_new =",
        "last = m_new",
        "the round before",
    ),
    ("numba", ADAM, "adam", "        m_new =", "        if i == 0: continue\n        m_new =", "if i == 0:", ""),
    (
        "numpy",
        ADAM,
        "adam",
        "        np.multiply(one_minus_beta2",
        "    for tile in ():\n        np.multiply(one_minus_beta2",
        "for tile in tiles",
        "is not what",
    ),
    (
        "numpy",
        ADAM,
        "adam",
        "        m_new = np.add(m",
        "        eps_sqrt_c2 = s0\n        m_new = np.add(m",
        "eps_sqrt_c2 = s0",
        "for the rounds of the loop after it",
    ),
    (
        "numpy",
        ADAM,
        "adam",
        "scratch=2, stages=stages)",
        "scratch=2, stages=())",
        "for tile in tiles",
        "is not the loop",
    ),
    (
        "numpy",
        ADAM,
        "adam",
        C1,
        f"{C1} if t not in (3, 5) else 1",
        "t not in (3, 5)",
        "comparison of two numbers",
    ),
    ("numpy", ADAM, "adam", C1, "t += 1", "t += 1", ""),
    (
        "numpy",
        ADAM,
        "adam",
        C1,
        f"if t > 5: return\n    {C1}",
        "if t > 5:",
        "",
    ),
    (
        "numpy",
        ADAM,
        "adam",
        C1,
        f"g = -g\n    {C1}",
        "g = -g",
        "binds g",
    ),
    (
        "numpy",
        ADAM,
        "adam",
        C1,
        f"max = min\n    {C1}",
        "max = min",
        "binds max",
    ),
    ("numpy", ADAM, "adam", "import numpy as np", "import numpy.ma as np", "import numpy.ma as np", "imports"),
    (
        "numpy",
        ADAM,
        "adam",
        "import math\n",
        "import math\nfrom math import exp as sqrt\n",
        "from math import exp as sqrt",
        "imports",
    ),
    ("numpy", ADAM, "adam", "    t: int,", "    t: int = 1,", "def adam_update", "takes and returns"),
    (
        "numpy",
        ADAM,
        "adam",
        "stages: Sequence[StageCall] = ()",
        "stages: Sequence[StageCall] = (None,)",
        "def adam_update",
        "",
    ),
    (
        "numpy",
        ADAM,
        "adam",
        "class Adam(NumpyOptimizer):",
        "class Adam(dict, NumpyOptimizer):",
        "class Adam",
        "a plain class on",
    ),
    (
        "numpy",
        ADAM,
        "adam",
        "class Adam(NumpyOptimizer):",
        "@print\nclass Adam(NumpyOptimizer):",
        "class Adam",
        "a plain class on",
    ),
    (
        "numpy",
        ADAM,
        "adam",
        "    def _initial(",
        "    def step(self, grads): pass\n\n    def _initial(",
        "def step(self, grads)",
        "a member",
    ),
    ("numpy", ADAM, "adam", "    def _initial(", "    _small = 1\n\n    def _initial(", "_small = 1", "a member"),
    (
        "numpy",
        ADAM,
        "adam",
        "            eps=eps,\n        )",
        "            eps=eps,\n        )\n        self._t = 1",
        "super().__init__",
        "nothing else",
    ),
    ("numpy", ADAM, "adam", "np.zeros_like(w), ", "w[:], ", "w[:]", "how a state starts"),
    (
        "numpy",
        ADAM,
        "adam_uncorrected",
        "\n\nclass AdamUncorrected",
        "\n\nAdam._states = ()\n\n\nclass AdamUncorrected",
        "Adam._states = ()",
        "no place",
    ),
    (
        "numpy",
        ADAM,
        "adam",
        "\n\nclass AdamEpsHat",
        "\n\nadam_update = adam_eps_hat_update\n\n\nclass AdamEpsHat",
        "adam_update = ",
        "binds adam_update",
    ),
    (
        "numpy",
        ADAM,
        "adam",
        "lambda beta1: 0 <= beta1 < 1",
        "lambda beta1: 0 <= beta1 < 1 and beta1 not in (0.3,)",
        "(0.3,)",
        "is not a test of the domain",
    ),
    ("numpy", ADAM, "adam", "lambda beta1: 0 <= beta1 < 1", "lambda beta2: 0 <= beta2 < 1", "", "is not the domain"),
    (
        "cupy",
        ADAM,
        "adam",
        '    name="adam_update",',
        '    preamble="#define sqrt fabs",\n    name="adam_update",',
        "_adam_update = ",
        "written out",
    ),
    ("cupy", ADAM, "adam", "w = w_new;", "w = w_new;  // the end \\\\", "", "changes what comes after it"),
    ("cupy", ADAM, "adam", "w = w_new;", "if (i > 0) w = w_new;", "", "are understood"),
    (
        "cupy",
        "pipeline",
        "clip_by_value",
        '"g = g_new;",',
        '"g = g_new;  // the end \\\\",',
        "",
        "changes what comes after it",
    ),
    (
        "numpy",
        "pipeline",
        "clip_by_value",
        "    def _apply(w: Array, g: Array, max",
        "    def _apply(w: Array, g: Array, *more: Array, max",
        "def _apply",
        "takes and returns",
    ),
    ("numpy", "pipeline", "clip_by_norm", "total = np.sum(s0)", "total = np.sum(s0[1:])", "np.sum(s0[1:])", ""),
    ("numpy", "batchnorm", "batch_norm_keras", "    y = beta +", "    x += 1\n    y = beta +", "x += 1", ""),
    (
        "numpy",
        "batchnorm",
        "batch_norm_keras",
        "class BatchNormKeras(NumpyLayer):",
        "class BatchNormKeras(NumpyLayer, dict):",
        "class",
        "a plain class on",
    ),
    (
        "numba",
        "pipeline",
        "clip_by_norm",
        "from ..numpy.pipeline import",
        "from ...numpy.pipeline import",
        "from ...numpy",
        "reexports",
    ),
    (
        "",
        "schedules",
        "cosine",
        "return self.lr",
        "return 0.0 if t in (3, 5) else self.lr",
        "t in (3, 5)",
        "comparison of two numbers",
    ),
    (
        "",
        "schedules",
        "cosine",
        "value = self._at(number)",
        "value = self._at(max(number, 1))",
        "def __call__",
        "in every generated file",
    ),
    (
        "",
        "plateau",
        "reduce_on_plateau",
        "rested = max(0, pause - 1)",
        "rested = pause and pause - 1",
        "pause and pause - 1",
        "is not a value",
    ),
]


@pytest.mark.parametrize(("backend", "family", "key", "old", "new", "text", "fact"), OUTSIDE)
def test_what_no_generated_file_has_is_undecided(copied, backend, family, key, old, new, text, fact):
    """Whatever it computes. The result names the file, the line and what stands there, and says what mends it."""
    path = copied / backend / f"{family}.py"
    spoil(path, old, new)
    for result in readback(spec_of(key), backend, copied):
        if result.status == "proved":  # one of the two may not look at what was changed
            assert backend == "cupy"
            continue
        assert (result.status, result.method) == ("undecided", "grammar"), result
        assert f"{backend and f'{backend}/'}{family}.py:" in result.reason
        assert text in result.reason
        assert fact in result.reason
        assert f"python cli.py generate {family}" in result.reason


@pytest.mark.parametrize(
    ("backend", "family", "key", "old", "new", "fact"),
    [
        ("numpy", "lookahead", "lookahead_sgd", "(w.copy(),)", "(w,)", "starts as the parameter itself"),
        ("cupy", "pipeline", "weight_ema", "(w.copy(),)", "(w,)", "starts as the parameter itself"),
        # right at the ends of the domain, and beside them
        (
            "numpy",
            ADAM,
            "adam",
            "lambda beta1: 0 <= beta1 < 1)",
            "lambda beta1: 0 <= beta1 < 1 and beta1 != 0.4375)",
            "refused",
        ),
        ("numpy", ADAM, "adam", "lambda lr: lr >= 0)", "lambda lr: 0 <= lr < 7654321.5)", "refused"),
        ("numpy", ADAM, "adam", "lambda eps: eps >= 0)", "lambda eps: eps >= 0 and eps % 1 == 0)", "refused"),
        ("", "schedules", "constant", "lambda lr: lr > 0)", "lambda lr: lr > 0 and lr != 0.4375)", "refused"),
    ],
)
def test_what_is_in_the_language_and_wrong_is_refuted(copied, backend, family, key, old, new, fact):
    spoil(copied / backend / f"{family}.py", old, new)
    found = [result for result in readback(spec_of(key), backend, copied) if result.claim.startswith("class")]
    assert [result.status for result in found] == ["refuted"]
    assert fact in found[0].counterexample["fact"]
