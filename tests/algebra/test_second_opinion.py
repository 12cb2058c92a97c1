"""second opinion: z3, which knows nothing of SymPy, agrees with what the tactics close, and denies what is false."""

import pytest
import sympy
from sympy import Abs, Max, Min, Piecewise, sign, sqrt

from stepsmith.codegen.algebra.assumptions import Assumptions
from stepsmith.codegen.algebra.cases import nonnegative
from stepsmith.codegen.algebra.obligations import Obligation, recording
from stepsmith.codegen.algebra.smt import InexpressibleError, script
from stepsmith.codegen.algebra.tactics import decide
from stepsmith.codegen.spec import domain
from tests.conftest import OPTIMIZERS
from tests.sample import covering
from tests.second_opinion import (
    AGREES,
    CONTRADICTS,
    INEXPRESSIBLE,
    UNKNOWN,
    VACUOUS,
    ask,
    obligations,
    opinion,
    summary,
)

x, y, z = sympy.symbols("x y z", real=True)
b, t, p = sympy.symbols("beta t p", real=True)
q, k, n, r = sympy.symbols("q k n r", real=True)
DOMAINS = {"beta": "[0, 1)", "p": "> 0", "t": "integer >= 1", "q": "[0, 1]", "r": "(0, 1]"}
DOMAINS |= {"k": "integer >= 1", "n": "integer >= 0"}
FACTS = Assumptions({name: domain.parse(text) for name, text in DOMAINS.items()})

TRUE = [
    ((x + y) ** 2, "=", x**2 + 2 * x * y + y**2),
    (b ** (t + 1), "=", b * b**t),
    ((x**2 - 1) / (x - 1), "=", x + 1),
    (sqrt(x**2 / (1 - b**t)), "=", Abs(x) / sqrt(1 - b**t)),
    (Max(x, y) + Min(x, y), "=", x + y),
    (x * sign(x), "=", Abs(x)),
    (Piecewise((x, x > 0), (-x, True)), "=", Abs(x)),
    (1 - b**t, ">=", 0 * x),
    (1 - sympy.Rational(24, 25) ** p / 2, ">=", 0 * x),
    (p + x**2, ">=", 0 * x),
    (Min(1, q), "=", q),
    (Max(1, r), "=", 1),
    (1 - q, ">=", 0 * x),
    (q - q**t, ">=", 0 * x),
    (k - 1, ">=", 0 * x),
    (n**2 - n, ">=", 0 * x),
    ((k - sympy.Rational(3, 2)) ** 2, ">=", sympy.Rational(1, 4)),
]
FALSE = [
    ((x + y) ** 2, "=", x**2 + x * y + y**2),
    (b ** (t + 1), "=", b + b**t),
    ((x**2 - 1) / (x - 1), "=", x - 1),
    (sqrt(x**2 / (1 - b**t)), "=", x / sqrt(1 - b**t)),
    (Max(x, y) + Min(x, y), "=", x - y),
    (x * sign(x), "=", x),
    (Piecewise((x, x >= 0), (0, True)), "=", Abs(x)),
    (b**t - b, ">=", 0 * x),
    (p - x**2, ">=", 0 * x),
    (sqrt(x + y), "=", sqrt(x) + sqrt(y)),
    (Min(b, q), "=", q),
    (sympy.Rational(999, 1000) - q, ">=", 0 * x),
    (r - sympy.Rational(1, 1000), ">=", 0 * x),
    (n - 1, ">=", 0 * x),
    (x**2 - x, ">=", 0 * x),
    (2 - k, ">=", 0 * x),
    (Piecewise((1, sympy.ITE(x > 0, y > 0, y > 1)), (0, True)), "=", Piecewise((1, y > 0), (0, True))),
]


def assumed(left, relation, right) -> Obligation:
    return Obligation(FACTS.assume(sympy.sympify(left)), relation, FACTS.assume(sympy.sympify(right)))


@pytest.mark.parametrize("obligation", TRUE)
def test_what_is_true_cannot_fail(obligation):
    assert opinion("", assumed(*obligation)).answer == AGREES


@pytest.mark.parametrize("obligation", FALSE)
def test_what_is_false_is_denied(obligation):
    assert opinion("", assumed(*obligation)).answer == CONTRADICTS


@pytest.mark.fast
def test_a_statement_that_nothing_fulfils_is_told_apart():
    nowhere = Obligation(sqrt(-1 - x**2), "=", y)
    assert opinion("", nowhere).answer == VACUOUS


@pytest.mark.fast
def test_what_cannot_be_said_is_not_said():
    for expr in (sympy.exp(x), sympy.floor(x), x**y, p ** (x / 2)):
        with pytest.raises(InexpressibleError):
            script(assumed(expr, "=", y))


@pytest.mark.fast
def test_only_what_is_closed_is_recorded_and_only_when_asked():
    with recording() as found:
        decide(x, x, FACTS)
        decide((x + y) ** 2, x**2 + 2 * x * y + y**2, FACTS)
        decide(x, y, FACTS)
        nonnegative(FACTS.assume(p))
        nonnegative(FACTS.assume(x))
    assert [obligation.relation for obligation in found] == ["=", ">="]
    decide(2 * (x + y), 2 * x + 2 * y, FACTS)
    assert len(found) == 2


@pytest.mark.fast
def test_scripts_are_the_same_for_the_same_obligation():
    assert script(assumed(*TRUE[3])) == script(assumed(*TRUE[3]))
    assert ask(script(assumed(*TRUE[3]))) == "unsat"


@pytest.mark.thorough
def test_the_tactics_and_z3_agree_on_the_specs():
    """Rules with every feature between them; `python -m tests.second_opinion` asks about all."""
    opinions = [opinion(*found) for found in obligations(sorted(covering(OPTIMIZERS, 1)))]
    print(summary(opinions))
    denied = [o for o in opinions if o.answer in (CONTRADICTS, VACUOUS)]
    assert not denied, denied
    agreed, open_ = (sum(o.answer in answers for o in opinions) for answers in ((AGREES,), (UNKNOWN, INEXPRESSIBLE)))
    assert agreed > 50
    assert open_ < 0.2 * len(opinions)
