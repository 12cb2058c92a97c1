"""lecture: every line of every derivation follows from the one before; a line that is altered does not."""

import re
from dataclasses import replace

import pytest
import sympy

from stepsmith.codegen.analysis.proof import T
from stepsmith.codegen.report.derivations import derivations
from stepsmith.codegen.report.laws import LAWS, check_chain
from stepsmith.codegen.report.paper import chain as latex
from stepsmith.codegen.report.typesetting import text
from tests.conftest import OPTIMIZERS, cli, spec_of, thorough
from tests.sample import by_kind


@pytest.mark.parametrize("spec", by_kind(OPTIMIZERS, together=1), indirect=True)
def test_every_line_of_every_derivation_follows(spec):
    for chain in derivations(spec.optimizer):
        verdicts = check_chain(chain)
        assert {verdict.status for verdict in verdicts} == {"proved"}, text(chain, verdicts)


ALTERED = {
    "a sign": lambda expr: -expr,
    "a factor": lambda expr: 2 * expr,
    "a term more": lambda expr: expr + T,
    "beta1 for beta2, beta2 for beta1": lambda expr: expr.xreplace(
        {s: sympy.Symbol({"beta1": "beta2", "beta2": "beta1"}[s.name], real=True)
         for s in expr.free_symbols if s.name in ("beta1", "beta2")}
    ),
    "t + 1 for t": lambda expr: expr.xreplace({T: T + 1}),
}  # fmt: skip


def places(chain):
    return [(s, k) for s, (_, lines) in enumerate(chain.sections) for k in range(len(lines))]


def with_line(chain, section: int, number: int, line):
    title, lines = chain.sections[section]
    changed = (title, (*lines[:number], line, *lines[number + 1 :]))
    return replace(chain, sections=(*chain.sections[:section], changed, *chain.sections[section + 1 :]))


@pytest.mark.parametrize("alter", ALTERED.values(), ids=ALTERED)
@pytest.mark.parametrize("key", ["adam", *thorough(["adabelief"])])
def test_an_altered_line_is_caught(key, alter):
    caught = 0
    for chain in derivations(spec_of(key).optimizer):
        for section, number in places(chain):
            line = chain.sections[section][1][number]
            altered = replace(line, right=alter(line.right))
            if LAWS["algebra"](line, altered, chain.context).status == "proved":
                continue  # it says the same
            title, lines = chain.sections[section]
            verdicts = check_chain(replace(chain, sections=((title, (*lines[:number], altered)),)))
            assert verdicts[-1].status != "proved", line
            caught += 1
    assert caught


@pytest.mark.fast
def test_every_law_is_used_and_says_no():
    """Each law is met in Adam's lectures, where the test above alters each line."""
    used = {line.law for chain in derivations(spec_of("adam").optimizer) for _, ls in chain.sections for line in ls}
    assert used == set(LAWS)


def test_a_line_on_the_wrong_left_side_is_caught():
    chain = derivations(spec_of("adam").optimizer)[0]
    (section, number) = next((s, k) for s, k in places(chain) if chain.sections[s][1][k].law == "expectation")
    line = chain.sections[section][1][number]
    verdicts = check_chain(with_line(chain, section, number, replace(line, left=2 * line.left)))
    assert "undecided" in {verdict.status for verdict in verdicts}


def test_what_does_not_follow_says_so():
    chain = derivations(spec_of("adam").optimizer)[0]
    line = chain.sections[0][1][0]
    spoiled = with_line(chain, 0, 0, replace(line, right=-line.right))
    assert "DOES NOT FOLLOW" in text(spoiled, check_chain(spoiled))
    assert "does not follow" in latex(spoiled, check_chain(spoiled))


def test_adams_derivation_reads_like_a_lecture():
    shown = cli("show", "adam", "--derivation").stdout
    expected = [
        "The recurrence, unrolled",
        "v[t] = beta2 * v[t-1] + (1 - beta2) * g[t]**2 ",
        "= beta2**2 * v[t-2] + (1 - beta2) * (g[t]**2 + beta2 * g[t-1]**2) ",
        "= beta2**t * v[0] + (1 - beta2) * sum(beta2**(t-i) * g[i]**2, i=1..t) ",
        "sum(beta2**(t-i), i=1..t) = (1 - beta2**t) / (1 - beta2) ",
        "= (1 - beta2) * E[g[t]**2] * sum(beta2**(t-i), i=1..t) ",
        "= (1 - beta2**t) * E[g[t]**2] ",
        "E[v_hat[t]] = E[v[t]] / (1 - beta2**t) ",
        "= E[g[t]**2] ",
        "Gradients that are not stationary",
        "= E[g[t]**2] + (1 - beta2) * sum(beta2**(t-i) * (E[g[i]**2] - E[g[t]**2]), i=1..t) / (1 - beta2**t) ",
    ]
    place = shown.index("v_hat is an unbiased estimate of E[g[t]**2]")
    for line in expected:
        place = shown.index(line, place)
    assert "DOES NOT FOLLOW" not in shown


def test_the_derivation_for_a_paper():
    shown = cli("show", "adam", "--derivation", "--latex").stdout
    assert r"\sum_{i=1}^{t} \beta_{2}^{t - i} \, g_{i}^{2}" in shown
    assert r"\mathbb{E}\left[\hat{v}_{t}\right] &= " in shown
    assert shown.count(r"\begin{align*}") == shown.count(r"\end{align*}") > 10
    closed = re.sub(r"\$\[[^$]*\)\$", "", shown)  # without the domains, which are half open
    for left, right in ("{}", "[]", "()"):
        assert closed.count(left) == closed.count(right)
