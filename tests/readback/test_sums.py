"""What is read back of sums over arrays: each part of how a file takes them, spoiled, is refused."""

import pytest

from stepsmith.codegen.readback import readback
from tests.conftest import refused, spec_of, spoil

_CHOICE = "np.where(of_update > 0, np.where(of_weights > 0, of_weights / of_update, 1), 1)"
_OF_PYTHON = "(of_weights / of_update if of_weights > 0 else 1) if of_update > 0 else 1"

#: backend, rule, what stands there, what it becomes
SPOILED = [
    # what is summed up
    ("numpy", "lamb", "norm2 = norms_of(w, wide, at)", "norm2 = norms_of(g, wide, at)"),
    ("numpy", "lamb", "second_norm2 = norms_of(s0, wide, at)", "second_norm2 = norms_of(s1, wide, at)"),
    ("numpy", "lamb", "norm2 = norms_of(w, wide, at)", "norm2 = sums_of(w, at)"),
    ("numpy", "lamb", "np.multiply(weight_decay, w, out=s0)", "np.multiply(eps, w, out=s0)"),
    ("numpy", "lamb", "np.multiply(weight_decay, w, out=s0)", "np.multiply(weight_decay, w, out=w)"),
    ("numpy", "dog", "second_total = sums_of(s0, at)", "second_total = np.sum(s0)"),
    # of each array in a row
    ("numpy", "lamb", "norm2 = norms_of(w, wide, at)", "norm2 = norms_of(w, wide, w)"),
    ("numpy", "lamb", "norm2 = norms_of(w, wide, at)", "norm2 = norms_of(w, w, at)"),
    ("numpy", "dog", "second_total = sums_of(s0, at)", "second_total = sums_of(s0, s1)"),
    *(
        (backend, "lamb", "ratio_lr_weight_decay = spread(ratio * lr * weight_decay, w)", becomes)
        for backend in ("numpy", "numba")
        for becomes in (
            "ratio_lr_weight_decay = ratio * lr * weight_decay",
            "ratio_lr_weight_decay = spread(ratio * lr * weight_decay, g)",
            "ratio_lr_weight_decay = spread(ratio, w) * lr * weight_decay",
            "ratio_lr_weight_decay = float(ratio * lr * weight_decay)",
        )
    ),
    *((backend, "lamb", _CHOICE, _OF_PYTHON) for backend in ("numpy", "numba")),
    ("numba", "lamb", "norm2_part = rescale * real(w[i])", "norm2_part = real(w[i])"),
    ("numba", "lamb", "norm2_part = rescale * real(w[i])", "norm2_part = rescale * rescale * real(w[i])"),
    ("numba", "lamb", "norm2 += norm2_part * norm2_part", "norm2 += norm2_part"),
    ("numba", "lamb", "    norm2 = 0.0\n", "    norm2 = 1.0\n"),
    ("numba", "lamb", "        norm2 += norm2_part", "        norm2 += norm2 * norm2_part"),
    ("numba", "dog", "second_total += real(g[i]) * real(g[i])", "second_total += real(g[i])"),
    ("cupy", "lamb", '"(double)w",', '"(double)g",'),
    ("cupy", "lamb", 'arrays="w, g, m, v"', 'arrays="w, g, v, m"'),
    ("cupy", "dog", 'arrays="w, g, start"', 'arrays="start, g, w"'),
    # how, over which arrays, in which order
    ("numpy", "lamb", '("norm", "norm")', '("norm", "sum")'),
    ("numba", "lamb", '("norm", "norm")', '("norm", "sum")'),
    ("cupy", "lamb", '("norm", "norm")', '("sum", "norm")'),
    ("numpy", "lamb", "summed(_lamb_sums, (w, g, m, v)", "summed(_lamb_sums, (w, g, v, m)"),
    ("cupy", "lamb", "summed(_lamb_sums, (w, g, m, v)", "summed(_lamb_sums, (g, w, m, v)"),
    ("numpy", "lamb", "return (norm2, second_norm2)", "return (second_norm2, norm2)"),
    ("numba", "lamb", "return (norm2, second_norm2)", "return (second_norm2, norm2)"),
    # a part of the elements, the largest for the sum, or what is there after the step
    ("numpy", "dog", "second_total = sums_of(s0, at)", "second_total = np.sum(g[:-1] ** 2)"),
    ("numpy", "dog", "second_total = sums_of(s0, at)", "second_total = np.max(s0)"),
    ("numpy", "dog", "second_total = sums_of(s0, at)", "second_total = g[0] * g[0]"),
    ("numpy", "dog", "np.subtract(w, start, out=s0)", "np.subtract(w, w, out=s0)"),
    (
        "numba",
        "dog",
        "    second_total = 0.0\n    for i in prange(w.size)",
        "    second_total = 0.0\n    for i in prange(w.size - 1)",
    ),
    ("numba", "dog", "second_total += real(g[i]) * real(g[i])", "second_total = max(second_total, real(g[i]))"),
    ("numba", "dog", "second_total += real(g[i]) * real(g[i])", "second_total = real(g[i]) * real(g[i])"),
    ("numba", "dog", "second_total += real(g[i]) * real(g[i])", "second_total += real(g[0]) * real(g[0])"),
    # which are over all arrays
    ("numpy", "lamb", '("norm2", "norm", False)', '("norm2", "norm", True)'),
    ("numpy", "dog", '("norm2", "norm", True)', '("norm2", "norm", False)'),
    # states that go ahead of the step
    ("numba", "lamb", "m_new = m[i] if ahead != 0", "m_new = v[i] if ahead != 0"),
    ("numba", "lamb", "m_new = m[i] if ahead != 0", "m_new = m[i] if ahead == 0"),
    ("numba", "lamb", "m_new = m[i] if ahead != 0", "m_new = m[i] if eps_sqrt_c2 != 0"),
    ("numba", "lamb", "m_new = m[i] if ahead != 0 else ", "m_new = "),
    ("numba", "lamb", "eps_sqrt_c2, ahead), stages)", "eps_sqrt_c2, eps), stages)"),
    ("numba", "lamb", " if rescale == 1 else real(m[i])", ""),
    ("numba", "lamb", "if rescale == 1 else real(m[i])", "if rescale != 1 else real(m[i])"),
    ("numba", "lamb", "if rescale == 1 else real(m[i])", "if rescale == 1 else real(v[i])"),
    ("numba", "lamb", "        m[i] = m_new\n        v[i] = v_new\n    return", "        m[i] = m_new\n    return"),
    ("numba", "lamb", "        v[i] = v_new\n    return", "        v[i] = m_new\n    return"),
    ("numba", "lamb", "        v[i] = v_new\n    return", "        v[i] = v_new\n        w[i] = m_new\n    return"),
    ("numba", "lamb", "m_new / (c1 *", "real(m[i]) / (c1 *"),
    ("numba", "lamb", "stepped=(m, v), ahead=ahead", "stepped=(v, m), ahead=ahead"),
    ("numba", "lamb", "stepped=(m, v), ahead=ahead", "stepped=(m, v)"),
    ("numba", "lamb", "stepped=(m, v), ahead=ahead", "stepped=(m, v), ahead=stages"),
    ("numba", "lamb", "    _ahead: ClassVar = True\n", ""),
    ("numpy", "lamb", "    _update = staticmethod", "    _ahead: ClassVar = True\n    _update = staticmethod"),
    # what is formed of them
    ("numpy", "lamb", "of_weights = norm2 ", "of_weights = second_norm2 "),
    (
        "cupy",
        "lamb",
        "const T ratio_lr_weight_decay = ratio_lr_weight_decay_double",
        "const T ratio_lr_weight_decay = eps_sqrt_c2",
    ),
    ("numpy", "dog", "total_new = total + second_total", "total_new = total + norm2"),
    ("numpy", "lamb", "_sums = staticmethod(lamb_sums)", "_sums = staticmethod(lamb_update)"),
    # numbers that are kept for each array
    ("numpy", "novograd", "return (v_new,)", "return (second_total,)"),
    ("numba", "novograd", "return (v_new,)", "return (v,)"),
    ("cupy", "novograd", "    v_new = v * beta2 + total", "    v_new = v * beta1 + total"),
    ("cupy", "novograd", '_fed_by_sums: ClassVar = ("v",)', "_fed_by_sums: ClassVar = ()"),
    ("numpy", "novograd", "    v: float,\n    second_total: float,", "    second_total: float,\n    v: float,"),
    ("numpy", "novograd", '_per_array: ClassVar = ("v",)', '_per_array: ClassVar = ("m",)'),
    ("numpy", "novograd", '    _per_array: ClassVar = ("v",)\n', ""),
    (
        "numpy",
        "novograd",
        "_advance_own = staticmethod(novograd_per_array)",
        "_advance_own = staticmethod(novograd_sums)",
    ),
    ("numpy", "novograd", "    _advance_own = staticmethod(novograd_per_array)\n", ""),
    ("numpy", "novograd", 'return {"v": 0}', 'return {"v": 1}'),
    ("numpy", "novograd", 'return {"v": 0}', "return {}"),
    ("cupy", "novograd", "if t > 1", "if t > 2"),
]


@pytest.mark.parametrize(("backend", "rule", "old", "new"), SPOILED)
def test_a_spoiled_sum_is_refused(copied, backend, rule, old, new):
    spoil(copied / backend / f"{rule}.py", old, new)
    assert any(map(refused, readback(spec_of(rule), backend, copied)))
