"""Pages of rules: what is on them, that they are whole, and that nothing is fetched to read them."""

import re
import xml.etree.ElementTree as ET

import pytest

from stepsmith.codegen import cli
from stepsmith.codegen.load import load, select
from stepsmith.codegen.report.mathml import of_rule
from stepsmith.codegen.report.notebook import parts
from stepsmith.codegen.spec.functions import ROWS
from stepsmith.codegen.spec.row import Binding

pytest.importorskip("pygments", reason="pip install 'stepsmith[report]'")

#: One of each kind of entry.
NAMES = ("adam", "cosine", "clip_by_norm", "reduce_on_plateau", "batch_norm_keras")

USER = '''"""Mine."""

from stepsmith.codegen.spec import Optimizer, Step, arrays, hyper, new

w, g = arrays("w g")
lr = hyper("lr", default="0.1", domain=">= 0")

OWN = Optimizer(name="Own", source="<mine> & yours", state={}, steps=(Step(new(w), w - lr * g, "a < b"),))
'''


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The pages, by key, from a cache of their own."""
    out = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(out / "cache"))
        assert cli.main(["report", *NAMES, "--out", str(out / "pages")]) == 0
        before = {path.name: path.stat().st_mtime_ns for path in (out / "pages").iterdir()}
        assert cli.main(["report", *NAMES, "--out", str(out / "pages")]) == 0
        assert {path.name: path.stat().st_mtime_ns for path in (out / "pages").iterdir()} == before
    return {path.stem: path.read_text(encoding="utf-8") for path in (out / "pages").glob("*.html")}


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_whole_and_small(written, name):
    page = written[name]
    assert len(page.encode()) < 400_000
    titles = re.findall(r"<h2[^>]*>([^<]+)</h2>", page)
    order = ["Value" if name == "cosine" else "Equations", "Facts", "What does not hold", "Plots", "Derivations"]
    order += ["Relations", "Generated code", "This page"]
    assert titles == [title for title in order if title in titles]
    assert {"Facts", "Generated code", "This page"} <= {*titles}
    assert "not whole" not in page
    for formula in re.findall("<math.*?</math>", page):
        ET.fromstring(formula.replace("&#160;", " "))


@pytest.mark.parametrize("name", [*NAMES, "index"])
def test_nothing_is_fetched(written, name):
    assert not re.findall(r"""(?:src|srcset|@import|url\()\s*=?\s*["']?(?!data:)[\w/]""", written[name])
    links = re.findall(r'<(?:a|link)[^>]* href="([^"]+)"', written[name])
    assert all(link.startswith(("#", "data:")) or link.removesuffix(".html") in written for link in links)


def test_the_page_of_adam(written):
    page = written["adam"]
    assert '<span class="badge proved">' in page
    assert "torch.Adam" in page
    assert "adam_update computes" in re.sub("<wbr>", "", page) or "readback numpy" in page
    assert "every gradient" in page or "identically distributed" in page
    assert "stepsmith report" in page


def test_the_index_says_which_rule_is_which_librarys(written):
    index = written["index"]
    assert all(f'<a href="{name}.html">' in index for name in NAMES)
    assert re.search(r'<td>torch</td><td class="name">Adam</td>\s*<td><a href="adam.html">Adam</a>', index)


def test_a_file_of_ones_own(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "own.py").write_text(USER)
    assert cli.main(["report", str(tmp_path / "own.py"), "--out", str(tmp_path / "pages")]) == 0
    page = (tmp_path / "pages" / "own.html").read_text(encoding="utf-8")
    assert "&lt;mine&gt; &amp; yours" in page
    assert "a &lt; b" in page
    assert "own_update" in page
    assert "1 page in" in capsys.readouterr().out


def test_without_pygments_it_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("stepsmith.codegen.report.pages.writing.NEEDED", ("no-such-library",))
    assert cli.main(["report", "sgd", "--out", str(tmp_path)]) == 2
    assert "pip install 'stepsmith[report]'" in capsys.readouterr().err


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_function_has_markup(row):
    text = row.mathml.text.format(*["<mi>x</mi>"] * row.arity)
    ET.fromstring(f"<mrow>{text}</mrow>")
    assert row.mathml.binds in Binding


def test_equations_are_markup():
    for spec in load(select([])):
        spell = of_rule(spec.rule)
        for _, lines in parts(spec.rule):
            for target, value, _ in lines:
                ET.fromstring(f"<mrow>{spell.name(target)}{spell(value)}</mrow>".replace("&#160;", " "))
