"""All words of the widgets stand in js/words/en: built in a made-up language, no page shows an English word."""

from __future__ import annotations

import json
import re
import subprocess

import pytest

from test_tools_fuzz import HARNESS, REGISTER, places
from tools import ROOT

JS = ROOT / "conv_lib" / "widgets" / "js"
PSEUDO = "pseudo"  # English with an accent on every vowel
STEPS = 60

# Collects what the widget shows and says from now on, whatever comes and goes. Code, numbers and what a reader typed
# are not words of the book.
COLLECT = """name => {
  const root = document.querySelector(`.cb-widget[data-name="${name}"]`), seen = new Set();
  const LEFT_OUT = "code, pre, textarea, kbd, .cb-code-text, [data-untranslated], [data-value], math";
  const ATTRIBUTES = ["aria-label", "aria-valuetext", "aria-description", "title", "placeholder", "alt"];
  const take = el => {
    if (!el.closest || el.closest(LEFT_OUT)) return;
    const typed = el.matches("input[type=text]");
    for (const a of ATTRIBUTES)
      if (el.hasAttribute(a) && !(typed && a === "aria-valuetext")) seen.add(el.getAttribute(a));
    for (const node of el.childNodes) if (node.nodeType === 3) seen.add(node.data);
  };
  const all = el => { take(el); for (const one of el.querySelectorAll?.("*") ?? []) take(one); };
  all(root);
  const watched = { subtree: true, childList: true, characterData: true, attributes: true };
  new MutationObserver(changes => {
    for (const { target, addedNodes } of changes) {
      take(target.nodeType === 1 ? target : target.parentElement ?? root);
      for (const node of addedNodes) if (node.nodeType === 1) all(node);
    }
  }).observe(root, { ...watched, attributeFilter: ATTRIBUTES });
  window.wordsSeen = () => [...seen];
}"""
# Names, which no language translates.
NAMES = set(
    """
    Keras TensorFlow PyTorch ONNX Runtime JAX NumPy Python nn tf keras torch onnx jax lax numpy GPU CPU RGB Unicode
    valid same causal full SAME VALID SAME_LOWER SAME_UPPER NOTSET None True False NaN
    float float16 float32 float64 bfloat16 half double TF32 HWIO HWOI OIHW IOHW NHWC NCHW NWC NCW MFLOP GFLOP
    kB MB GB KiB MiB strides dilations pads
    """.split()
)
QUOTED = re.compile(r"\u201c[^\u201d]*(\u201d|$)|\"[^\"]*\"|'[^']*'|`[^`]*`")
CODE = re.compile(r"\S*[\w)][_=(.\[][\w('\"\[]\S*|\w+=|--\w+")
WORD = re.compile(r"(?<!\d)[A-Za-z\u00c0-\u024f][\w\u00c0-\u024f]*")


def english(text: str) -> list[str]:
    """Words without an accent in them, other than names, code, and what was quoted."""
    rest = QUOTED.sub(" ", CODE.sub(" ", text))
    plain = (w for w in WORD.findall(rest) if w.isascii() and len(w) > 2 and re.search("[aeiouAEIOU]", w))
    return [w for w in plain if w not in NAMES]


def test_the_reading_of_words():
    assert english("K\u00e9rn\u00e9l s\u00edz\u00e9, stride") == ["stride"]
    assert english('Keras padding="same", Conv2D(3), \u201ctyped words\u201d, nn.Conv2d 5 \u00d7 7') == []


@pytest.fixture(scope="session")
def pseudo(node, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pseudo")
    command = [node, str(JS / "build.mjs"), "--language", PSEUDO, "--outdir", str(folder)]
    subprocess.run(command, check=True, cwd=ROOT)
    return folder / "page.js", folder / "page"


@pytest.mark.parametrize("widget", REGISTER)
def test_every_word_of_a_widget_is_in_words_en(open_page, built_site, site_url, pseudo, widget):
    shared, own = pseudo
    address, name, _ = places(built_site, widget)[0]
    page = open_page()
    page.route(re.compile(r"/page\.js(\?|$)"), lambda route: route.fulfill(path=shared))
    page.route(
        re.compile(r"/page/\w+\.js(\?|$)"),
        lambda route: route.fulfill(path=own / re.search(r"(\w+\.js)(\?|$)", route.request.url)[1]),
    )
    page.goto(f"{site_url}/{address}")
    page.wait_for_selector(f"#{name}[data-alive]")
    page.evaluate(COLLECT, name)
    page.evaluate(HARNESS)
    found = page.evaluate(
        "ask => window.fuzz(ask)", {"name": name, "seed": 7, "count": STEPS, "slow": 10_000, "keep": False}
    )
    assert found["steps"] >= STEPS
    seen = page.evaluate("window.wordsSeen()")
    assert any(re.search("[\u00e1\u00e9\u00ed\u00f3\u00fa]", text) for text in seen), "no made-up language was built"
    # What the page itself says in a widget is not ours.
    state = page.locator(f'.cb-widget[data-name="{name}"]').get_attribute("data-state")
    left = {text.strip(): words for text in seen if text.strip() not in state and (words := english(text))}
    assert left == {}, json.dumps(left, indent=1, ensure_ascii=False)[:6000]


def test_a_language_that_lacks_a_word_does_not_build(node, tmp_path):
    """A file of a language is held to the English one by the bundler."""
    folder = JS / "words" / "zz"
    folder.mkdir()
    try:
        (folder / "rounding.ts").write_text('export const WHERE = "Wo";\n', "utf-8")
        command = [node, str(JS / "build.mjs"), "--language", "zz", "--outdir", str(tmp_path)]
        result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    finally:
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
    assert result.returncode != 0 and "VERDICT" in result.stderr
