"""Files of rules that are given inputs: one that is ignored, swapped or taken for another is refuted."""

import pytest

from stepsmith.codegen.readback import readback
from tests.conftest import refused, spec_of, spoil

CHANGES = {
    "the gradient in its place": ("numpy", "np.square(hessian, out=s0)", "np.square(g, out=s0)"),
    "the weight in its place": ("numpy", "np.square(hessian, out=s0)", "np.square(w, out=s0)"),
    "other names": ("numpy", "w, m, v, g, hessian, s0", "w, m, v, hessian, g, s0"),
    "another order": ("numpy", "(g, hessian)", "(hessian, g)"),
    "twice the gradient": ("numpy", "(g, hessian)", "(g, g)"),
    "left out": ("numpy", "(g, hessian)", "(g,)"),
    "no parameter": ("numpy", "    hessian: Array,\n", ""),
    "a state instead": (
        "numpy",
        "    g: Array,\n    hessian: Array,\n    m:",
        "    g: Array,\n    m: Array,\n    hessian:",
    ),
    "not asked for": ("numpy", '_inputs: ClassVar = ("hessian",)', "_inputs: ClassVar = ()"),
    "another asked for": ("numpy", '_inputs: ClassVar = ("hessian",)', '_inputs: ClassVar = ("hess",)'),
    "may be left out": ("numpy", '_inputs: ClassVar = ("hessian",)', '_inputs = _optional = ("hessian",)'),
    "optional": (
        "numpy",
        '    _inputs: ClassVar = ("hessian",)\n',
        '    _inputs: ClassVar = ("hessian",)\n    _optional: ClassVar = ("hessian",)\n',
    ),
    "a kernel of the gradient": ("cupy", "hessian * hessian", "g * g"),
    "a launch in another order": ("cupy", "(g, hessian)", "(hessian, g)"),
    "a launch with the gradient twice": ("cupy", "(g, hessian)", "(g, g)"),
    "parameters of a kernel": ("cupy", 'in_params="T g, T hessian', 'in_params="T hessian, T g'),
    "a loop of the gradient": ("numba", "beside=(hessian,)", "beside=(g,)"),
    "a loop without": ("numba", ", beside=(hessian,)", ""),
    "another element": ("numba", "hessian[i] * hessian[i]", "hessian[0] * hessian[i]"),
    "another array": ("numba", "hessian[i] * hessian[i]", "hessian[i] * g[i]"),
    "written": ("numba", "        m[i] = m_new\n", "        m[i] = m_new\n        hessian[i] = m_new\n"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_input_that_is_taken_for_another_is_refuted(change, copied):
    backend, old, new = CHANGES[change]
    spoil(copied / backend / "adahessian.py", old, new)
    assert any(map(refused, readback(spec_of("adahessian"), backend, copied)))


OPTIONAL = {
    "flag turned": ("1 if hessian_given == 1 else 0", "1 if hessian_given != 1 else 0"),
    "flag ignored": ("1 if hessian_given == 1 else 0", "1"),
    "always read": ("where=hessian_given_is_one != 0", "where=hessian_given_is_one != 2"),
    "with a default": ("    hessian_given: float,\n", "    hessian_given: float = 1.0,\n"),
    "no flag": ("    hessian_given: float,\n", ""),
    "required": ('    _optional: ClassVar = ("hessian",)\n', ""),
    "a signal": ('    _optional: ClassVar = ("hessian",)\n', '    _signals: ClassVar = ("hessian_given",)\n'),
}


@pytest.mark.parametrize("change", OPTIONAL)
def test_what_may_be_left_out_is_told_apart(change, copied):
    spoil(copied / "numpy" / "sophia.py", *OPTIONAL[change])
    assert any(map(refused, readback(spec_of("sophia"), "numpy", copied)))
