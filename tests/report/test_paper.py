"""What is shown for a paper: letters, formulas in texts, lines that fit, and that LaTeX takes it all."""

import re
import shutil
import subprocess

import pytest

from stepsmith.codegen.expr.printing import clashing, letter
from stepsmith.codegen.expr.prose import Prose
from stepsmith.codegen.load import catalog, load
from stepsmith.codegen.report import paper
from stepsmith.codegen.report.fitting import LINE, lines, width

SPECS = load({(entry.path, None): None for entry in catalog()})
DOCUMENT = r"\documentclass{article}\usepackage{amsmath, amssymb, booktabs}\begin{document}%s\end{document}"
NO_LETTERS = re.compile(r"\\(tag\*|text|mathrm|operatorname|begin|end)\{(?:[^{}]|\{[^{}]*\})*\}|\\[A-Za-z]+")


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("m_bar", r"\bar{m}_{t}"),
        ("beta1_hat", r"\hat{\beta}_{1,t}"),
        ("eps_root", r"\varepsilon_{\text{root},t}"),
        ("max_norm", r"\mathrm{max\,norm}_{t}"),
        ("reward_1", r"\mathrm{reward}_{1,t}"),
    ],
)
def test_letters(name, spelled):
    assert letter(name, "t") == spelled


def test_two_names_have_no_letter_in_common():
    assert clashing(["lr", "eta", "beta", "m_new"]) == {"lr"}


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("the weight of (g[i] - m[i-1]) ** 2 in s[t]", r"the weight of $(g_{i} - m_{i-1})^{2}$ in $s_{t}$"),
        ("E[g[t]**2] -> 0, since beta1 is", r"$\mathbb{E}\left[g_{t}^{2}\right] \to 0$, since $\beta_{1}$ is"),
        ("sum(beta1 ** (t - i) * g[i], i=1..t)", r"$\sum_{i=1}^{t} \beta_{1}^{t - i} \, g_{i}$"),
        ("a step with momentum, and momentum constant", r"a step with momentum, and $\mu$ constant"),
        ("2 words (m, v) in cupy/adam.py", r"2 words ($m$, $v$) in \texttt{cupy/\allowbreak{}adam.\allowbreak{}py}"),
        ("step(g1 + ... + gn), 5% of it", r"$\operatorname{step}(g_{1} + \dots + g_{n})$, 5\% of it"),
    ],
)
def test_formulas_in_a_text(text, spelled):
    assert Prose(["w", "m", "v", "s", "g", "t", "beta1", "momentum"]).read(text) == spelled


def test_a_long_formula_is_broken_where_it_may_be():
    long = r"a = \frac{" + " + ".join([r"\hat{v}_{t}"] * 40) + "}{b}"
    (broken,) = lines(long)
    assert width(long) > LINE >= width(broken)
    assert lines("a = b + c") == ["a = b + c"]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.key)
def test_brackets_are_closed_and_names_are_letters(spec):
    text = paper.equations(spec)
    for opening, closing in (("{", "}"), (r"\begin", r"\end"), (r"\left", r"\right")):
        assert len(re.findall(re.escape(opening), text)) == text.count(closing)
    for equations in re.findall(r"\\begin\{align\*\}(.*?)\\end\{align\*\}", text, re.DOTALL):
        bare = re.sub(
            r"\\(tag\*|text|mathrm|operatorname|begin|end)\{(?:[^{}]|\{[^{}]*\})*\}|\\[A-Za-z]+", " ", equations
        )
        assert not re.search("[A-Za-z]{2,}", bare)


@pytest.mark.thorough
def test_latex_takes_every_entry_and_nothing_is_too_wide(tmp_path):
    if shutil.which("pdflatex") is None:
        pytest.skip("Debian's texlive-latex-recommended is not installed")
    (tmp_path / "all.tex").write_text(DOCUMENT % "\n\\clearpage\n".join(map(paper.equations, SPECS)))
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False)
    assert ran.returncode == 0, ran.stdout[-2000:]
    wide = re.findall(r"Overfull \\hbox \((\d+\.\d+)pt", (tmp_path / "all.log").read_text(errors="replace"))
    assert all(float(points) <= 10 for points in wide)
