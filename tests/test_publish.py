"""What pages say of themselves: with an address known at build time, and without one."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from docutils.core import publish_doctree

from conv_lib import __version__
from convbook import publish
from test_build import build, small_book  # noqa: F401  (a fixture)


def test_a_page_without_an_address_has_no_dead_buttons(small_book, monkeypatch):  # noqa: F811
    for name in ("CB_SITE_URL", "CB_REPOSITORY"):
        monkeypatch.delenv(name, raising=False)
    page, _, _ = build(small_book)
    assert '<meta name="description" content="First text."' in page
    assert 'property="og:image" content="../_static/preview.png"' in page
    assert 'rel="canonical"' not in page and "colab" not in page.lower() and "mybinder" not in page
    assert f"Edition {__version__}, " in page
    assert re.search(r"Outputs by TensorFlow \d+\.\d+[^,]*, Keras \d[^,]*, NumPy \d", page)
    html = small_book / "_build" / "html"
    assert not (html / "sitemap.xml").exists()
    lost = (html / "404.html").read_text(encoding="utf-8")
    assert "There is no page at this address." in lost and "src=" not in lost


def test_a_page_with_an_address(small_book, monkeypatch):  # noqa: F811
    monkeypatch.setenv("CB_SITE_URL", "https://example.org/book")
    monkeypatch.setenv("CB_REPOSITORY", "ada/both-ways")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    page, _, _ = build(small_book)
    assert '<link rel="canonical" href="https://example.org/book/book/index.html"' in page
    assert 'content="https://example.org/book/_static/preview.png"' in page
    assert "https://colab.research.google.com/github/ada/both-ways/blob/notebooks/index.ipynb" in page
    assert "https://mybinder.org/v2/gh/ada/both-ways/HEAD?labpath=notebooks%2Findex.ipynb" in page
    assert f"Edition {__version__}, 2023-11-14." in page
    tree = ElementTree.parse(small_book / "_build" / "html" / "sitemap.xml")
    assert [loc.text for loc in tree.iter() if loc.tag.endswith("loc")] == ["https://example.org/book/book/index.html"]


@pytest.mark.parametrize("bad", ["example.org", "javascript:alert(1)", 'https://a"b', "ftp://example.org"])
def test_bad_addresses_are_refused(monkeypatch, bad):
    monkeypatch.setenv("CB_SITE_URL", bad)
    with pytest.raises(ValueError, match="such as https://example.org/book/"):
        publish.site_url()


@pytest.mark.parametrize("bad", ["ada", "ada/", "https://github.com/ada/x", "ada/x y"])
def test_bad_repositories_are_refused(monkeypatch, bad):
    monkeypatch.setenv("CB_REPOSITORY", bad)
    with pytest.raises(ValueError, match="owner/name"):
        publish.repository()


def test_descriptions_are_cut_between_words():
    tree = publish_doctree("Short.\n\n" + "word " * 100, settings_overrides={"report_level": 5})
    text = publish.description(tree)
    assert text.startswith("Short. word word") and text.endswith("word…") and 150 < len(text) <= 200
    assert publish.description(publish_doctree("")) == ""
