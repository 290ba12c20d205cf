"""Building: results are never stale, an unchanged book is not executed again, and a failing cell fails the build."""

from __future__ import annotations

import json
import re
import shutil
import time
from pathlib import Path

import pytest

from conftest import build_book
from tools import ROOT

HEAD = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

"""
CELL = "```{code-cell} python3\nfrom conv_lib import probe\n\nprint('value', probe.VALUE)\n```\n"


@pytest.fixture
def small_book(tmp_path) -> Path:
    """A copy of this project with one short chapter, which prints a value of conv_lib."""
    book = tmp_path / "project"
    (book / "book").mkdir(parents=True)
    shutil.copy(ROOT / "_config.yml", book)
    shutil.copy(ROOT / "book" / "references.bib", book / "book")
    for name in ("_ext", "_static", "_templates"):
        shutil.copytree(ROOT / "book" / name, book / "book" / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "conv_lib", book / "conv_lib", ignore=shutil.ignore_patterns("__pycache__", "js"))
    (book / "conv_lib" / "probe.py").write_text("VALUE = 17\n")
    (book / "_toc.yml").write_text("format: jb-book\nroot: book/index\n")
    (book / "book" / "index.md").write_text(f"{HEAD}# Probe\n\nFirst text.\n\n{CELL}")
    return book


def build(book: Path) -> tuple[str, str, float]:
    """Page, log and seconds of one build."""
    start = time.monotonic()
    result = build_book(book, book)
    seconds = time.monotonic() - start
    log = re.sub(r"\x1b\[[0-9;]*m", "", result.stdout + result.stderr)
    assert result.returncode == 0, log[-4000:]
    return (book / "_build" / "html" / "book" / "index.html").read_text(encoding="utf-8"), log, seconds


def test_cache_follows_conv_lib(small_book):
    page, log, _ = build(small_book)
    assert "value 17" in page and "Executing notebook" in log

    page, log, seconds = build(small_book)  # nothing changed: nothing is executed, and it takes seconds
    assert "value 17" in page and "Executing notebook" not in log
    assert seconds < 30

    probe = small_book / "conv_lib" / "probe.py"
    probe.write_text("VALUE = 18\n")  # the chapter's own text stays the same
    page, log, _ = build(small_book)
    assert "value 18" in page and "value 17" not in page and "Executing notebook" in log
    assert len(list((small_book / "_build" / ".jupyter_cache").iterdir())) == 1

    chapter = small_book / "book" / "index.md"
    chapter.write_text(chapter.read_text().replace("First text", "Second text"))
    page, log, _ = build(small_book)  # prose alone: a new page from the old results
    assert "Second text" in page and "value 18" in page and "Executing notebook" not in log

    style = small_book / "book" / "_static" / "book.css"
    style.write_text(style.read_text() + "\n.probe { color: inherit }\n")
    build(small_book)  # a change of the styling alone arrives as well
    assert ".probe" in (small_book / "_build" / "html" / "_static" / "book.css").read_text()

    palette = small_book / "conv_lib" / "figures" / "palette.json"
    colours = json.loads(palette.read_text())
    colours["roles"]["input"]["light"]["line"] = "#123456"
    palette.write_text(json.dumps(colours))
    build(small_book)
    assert "--cb-input: #123456" in (small_book / "_build" / "html" / "_static" / "colours.css").read_text()


def test_failing_cell_fails_the_build(small_book):
    chapter = small_book / "book" / "index.md"
    chapter.write_text(f"{HEAD}# Probe\n\n```{{code-cell}} python3\n1 / 0\n```\n")
    result = build_book(small_book, small_book)
    assert result.returncode != 0
    assert "ZeroDivisionError" in result.stdout + result.stderr


def test_formula_that_cannot_be_converted_fails_the_build(small_book):
    chapter = small_book / "book" / "index.md"
    chapter.write_text(f"{HEAD}# Probe\n\n$\\nosuchcommand{{x}}$\n")
    result = build_book(small_book, small_book)
    assert result.returncode != 0
    assert "nosuchcommand" in result.stdout + result.stderr


def test_stderr_of_cells_stays_out_of_the_page(small_book):
    chapter = small_book / "book" / "index.md"
    code = "import sys\nimport warnings\n\nwarnings.warn('careful')\nprint('loud', file=sys.stderr)\nprint('said')"
    chapter.write_text(f"{HEAD}# Probe\n\n```{{code-cell}} python3\n:tags: [remove-input]\n{code}\n```\n")
    page, _, _ = build(small_book)
    assert "said" in page and "loud" not in page and "careful" not in page


WIDGET = '''
class Probe:
    def _repr_mimebundle_(self, **kwargs):
        static = '<div class="cb-widget" data-widget="Probe" data-name="p" data-state="{}"><noscript><figure>' \\
            '<img alt="A picture of the probe" src="data:image/png;base64,iVBORw0KGgo="></figure></noscript></div>'
        return {"text/plain": "Probe", "text/html": static,
                "application/vnd.jupyter.widget-view+json": {"version_major": 2, "version_minor": 0, "model_id": "x"}}
'''


def test_widget_page_gets_the_bundle_and_a_light_static_figure(small_book):
    (small_book / "conv_lib" / "probe.py").write_text(WIDGET)
    static = small_book / "conv_lib" / "widgets" / "static"
    (static / "page").mkdir(parents=True, exist_ok=True)
    (static / "page.js").write_text("// page\n")
    (static / "page" / "Probe.js").write_text("// probe\n")
    (static / "page" / "Other.js").write_text("// other\n")
    (static / "widgets.css").write_text("/* widgets */\n")
    (small_book / "_toc.yml").write_text("format: jb-book\nroot: book/index\nchapters:\n- file: book/plain\n")
    (small_book / "book" / "plain.md").write_text("# Plain\n\nNo widget here.\n")
    chapter = small_book / "book" / "index.md"
    chapter.write_text(
        f"{HEAD}# Probe\n\n```{{code-cell}} python3\nfrom conv_lib import probe\n\nprobe.Probe()\n```\n"
    )
    page, _, _ = build(small_book)
    assert '<div class="cb-widget" data-widget="Probe"' in page
    assert re.search(r'<script defer(?:="defer")? src="../_static/conv_lib/page.js\?v=\w+">', page)
    assert 0 < page.index("conv_lib/page.js") < page.index("conv_lib/page/Probe.js")
    assert "Other.js" not in page
    assert re.search(r'href="../_static/conv_lib/widgets.css\?v=\w+"', page)
    assert "data:image" not in page and "jupyter.widget" not in page
    image = re.search(r'alt="A picture of the probe" src="../(_images/\w+\.png)"', page)
    assert (small_book / "_build" / "html" / image[1]).read_bytes() == b"\x89PNG\r\n\x1a\n"
    assert (small_book / "_build" / "html" / "_static" / "conv_lib" / "page.js").read_text() == "// page\n"
    plain = (small_book / "_build" / "html" / "book" / "plain.html").read_text(encoding="utf-8")
    assert "conv_lib/page.js" not in plain and "widgets.css" not in plain


FORMULAS = {
    r"\lfloor x \rfloor": ["<mo", "⌊", "⌋"],
    r"\frac{L - k_\mathrm{e}}{s}": ["<mfrac>", "<mtext>e</mtext>"],
    r"\sum_{a=0}^{k-1} \ker{w}_a \inp{x}_{i+a}": ["<munderover>", 'class="cb-kernel"', 'class="cb-input"'],
    r"\out{y} + \pad{p} + \zero{0}": ['class="cb-output"', 'class="cb-padding"', 'class="cb-zero"'],
    r"\textcolor{input}{x}": ['<mrow class="cb-input"><mi>x</mi></mrow>'],
    r"y += x": ["<mo>+=</mo>"],
    r"\begin{aligned} a &= b \\ c &< d \end{aligned}": ["<mtable", "&lt;"],
    r"\begin{cases} 1 & \text{if } a \\ 2 & b \end{cases}": ["<mtable", "{"],
    r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}": ["<mtable", "<mn>4</mn>"],
    r"\max(k, s) \bmod 2": ["<mi>max</mi>", "mod"],
    r"\langle x, y \rangle": ["⟨", "⟩"],
    r"\left\lceil \frac{L}{s} \right\rceil": ["⌈", 'stretchy="true"'],
}


@pytest.mark.parametrize("latex", FORMULAS)
def test_formula_becomes_mathml(latex):
    from convbook.mathml import to_mathml

    mathml = to_mathml(latex, display=True)
    assert mathml.startswith("<math") and "\\" not in re.sub(r'alttext="[^"]*"', "", mathml)
    for part in FORMULAS[latex]:
        assert part in mathml, mathml


def test_downloaded_formulas_use_what_mathjax_knows():
    from convbook.notebooks import plain_formulas

    colours = {"input": "#123456"}
    assert plain_formulas(r"$\inp{x}$", colours) == r"$\textcolor{#123456}{x}$"
    assert plain_formulas(r"$\textcolor{input}{x}$", colours) == r"$\textcolor{#123456}{x}$"
    assert plain_formulas(r"$\input{x}$", colours) == r"$\input{x}$"


@pytest.mark.parametrize("latex", [r"\nosuch{x}", r"\frac{1}{", r"\begin{nosuch} 1 \end{nosuch}"])
def test_bad_formula_is_refused(latex):
    from convbook.mathml import to_mathml

    with pytest.raises(ValueError):
        to_mathml(latex, display=False)


def test_theme_rules_without_a_match_are_dropped():
    from convbook.assets import trim_css

    css = (
        ":root{--read:1px;--unread:2px;} .used{margin:var(--read)} .unused,.used:hover{color:red}"
        ".used .unused{top:0} @media print{.unused{left:0}} #absent{x:y} a:not(.unused){right:0}"
    )
    left = trim_css(css, frozenset({"used"}))
    assert ".used{" in left and ".used:hover{color:red}" in left and "a:not(.unused)" in left
    assert "--read:1px" in left
    for gone in ("--unread", "top:0", "@media", "#absent", ".unused,"):
        assert gone not in left


def test_every_icon_of_the_pages_is_in_the_cut_fonts(built_site):
    from fontTools.ttLib import TTFont

    styles = built_site / "_static" / "styles"
    css = (styles / "site.css").read_text(encoding="utf-8")
    have = set().union(*(TTFont(path).getBestCmap() for path in styles.glob("*.woff")))
    kinds = {"fa-solid", "fa-regular", "fa-brands", "fa-lg"}
    icons = set()
    for page in built_site.rglob("*.html"):
        for classes in re.findall(r'class="([^"]*\bfa-[^"]*)"', page.read_text(encoding="utf-8")):
            icons |= {name for name in classes.split() if name.startswith("fa-")} - kinds
    assert len(icons) >= 4
    for icon in icons:
        rule = re.search(rf"\.{re.escape(icon)}\b[^{{]*{{[^}}]*?[\"'](\\[0-9a-f]+|.)[\"']", css)
        assert rule, icon
        code = int(rule[1][1:], 16) if rule[1].startswith("\\") else ord(rule[1])
        assert code in have, icon
    assert sum(path.stat().st_size for path in styles.glob("*.woff")) < 12_000


def test_a_line_that_arrives_in_two_pieces_stays_one_line():
    from convbook.streams import coalesce_streams

    def piece(text, name="stdout"):
        return {"output_type": "stream", "name": name, "text": text}

    [out] = coalesce_streams([piece("patches"), piece(" (6, 4)\n\nA"), piece("\n")])
    assert out["text"] == "patches (6, 4)\n\nA\n"
    shown = {"output_type": "display_data", "data": {}}
    out, picture = coalesce_streams([piece("one\n"), shown, piece("two\n")])
    assert out["text"] == "one\ntwo\n" and picture is shown
    assert coalesce_streams([]) == []


def test_no_line_begins_with_the_comma_behind_a_formula(built_site):
    text = "".join(path.read_text(encoding="utf-8") for path in (built_site / "book").glob("*.html"))
    assert '<span class="cb-kept"><span class="math' in text
    loose = re.sub(r'<span class="cb-kept">.*?</math></span>.</span>', "", text, flags=re.S)
    assert not re.search(r"</math></span>[.,;:!?)]", loose)
