"""Pages in headless Chromium: nothing is fetched, nothing is wider than the window, no error is logged."""

import json
import re
import shutil
import subprocess

import pytest

from stepsmith.codegen import cli

pytest.importorskip("pygments", reason="pip install 'stepsmith[report]'")

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(CHROMIUM is None, reason="apt-get install chromium"),
]
NAMES = ("adam", "nadam", "mechanic_adamw", "cosine", "clip_by_norm", "reduce_on_plateau", "batch_norm_keras")
OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--enable-logging=stderr",
]
#: What a page tells of itself, once it is laid out with all that is folded opened.
PROBE = """<script>addEventListener("load", () => {
  for (const one of document.querySelectorAll("details")) one.open = true;
  document.documentElement.style.width = location.hash.slice(1) + "px"; // no window is narrower than 500 pixels
  const told = { wide: document.body.scrollWidth, given: document.body.clientWidth,
    fetched: performance.getEntriesByType("resource").map((one) => one.name) };
  const place = document.createElement("pre");
  place.id = "told"; place.textContent = JSON.stringify(told); document.body.append(place); });</script></body>"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The folder of the pages, with the probe in each."""
    folder = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        assert cli.main(["report", *NAMES, "--out", str(folder)]) == 0
    for path in folder.glob("*.html"):
        path.write_text(path.read_text(encoding="utf-8").replace("</body>", PROBE), encoding="utf-8")
    return folder


@pytest.mark.parametrize("width", [400, 1400])
@pytest.mark.parametrize("name", ["index", *NAMES])
def test_a_page_stands_alone_and_fits(pages, tmp_path, name, width):
    page = (pages / f"{name}.html").as_uri() + f"#{width}"
    own = [*OPTIONS, f"--user-data-dir={tmp_path / 'profile'}", f"--window-size={width},1000"]
    run = subprocess.run([CHROMIUM, *own, "--dump-dom", page], capture_output=True, text=True, timeout=120, check=True)
    told = json.loads(re.search(r'<pre id="told">(.*?)</pre>', run.stdout)[1].replace("&amp;", "&"))
    assert told["fetched"] == []
    assert told["given"] == min(width, 62 * 16)  # the widest that text is set
    assert told["wide"] <= told["given"]
    assert "CONSOLE" not in run.stderr
