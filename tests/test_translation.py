"""Pages can be translated: Sphinx writes their texts as .pot, and shows the .po that a translator makes of it.

The words of widgets: tests/test_words.py."""

from __future__ import annotations

import html
import re

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from conftest import build_book
from test_build import HEAD, build, small_book  # noqa: F401  (a fixture)
from tools import ROOT

TEMPLATES = ROOT / "book" / "_templates"
CHAPTER = """# Probe

First text.

:::{admonition} Solution
:class: dropdown

Look at $x^2$.
:::

```{code-cell} python3
1 + 1
```
"""
TEXTS = {
    "book": {
        "Probe": "Versuch",
        "First text.": "Erster Text.",
        "Solution": "L\u00f6sung",
        "Look at $x^2$.": "Sieh $x^2$ an.",
    },
    "sphinx": {
        "Download this page as a Jupyter notebook": "Diese Seite als Jupyter-Notebook laden",
        "Edition %(version)s, %(date)s.": "Ausgabe %(version)s vom %(date)s.",
        "Outputs by %(outputs)s.": "Ergebnisse von %(outputs)s.",
        "There is no page at this address.": "Unter dieser Adresse ist keine Seite.",
    },
}


def test_a_translated_page(small_book):  # noqa: F811
    """The way that js/words/README.md describes, on one short page."""
    (small_book / "book" / "index.md").write_text(HEAD + CHAPTER)
    config = small_book / "_config.yml"
    texts = small_book / "texts.yml"
    texts.write_text(re.sub(r"execute_notebooks: \w+", 'execute_notebooks: "off"', config.read_text()))
    output = small_book.parent / "texts"  # Sphinx keeps apart what is read for pages and for catalogs
    options = ["--config", str(texts), "--builder", "custom", "--custom-builder", "gettext", "--all"]
    result = build_book(small_book, output, *options)
    log = result.stdout + result.stderr
    assert result.returncode == 0, log[-4000:]
    assert "Executing notebook" not in log

    folder = small_book / "locales" / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    for domain, said in TEXTS.items():
        with (output / "_build" / "gettext" / f"{domain}.pot").open("rb") as pot:
            found = {message.id for message in read_po(pot)}
        assert set(said) <= found, sorted(found)
        translated = Catalog(locale="de", domain=domain)
        for text, its in said.items():
            translated.add(text, its)
        with (folder / f"{domain}.po").open("wb") as po:
            write_po(po, translated)

    config.write_text(config.read_text().replace("language: en", "language: de"))
    page, _, _ = build(small_book)
    page = html.unescape(page)
    assert '<html lang="de"' in page
    for text in ("Versuch", "Erster Text.", "L\u00f6sung", "Diese Seite als Jupyter-Notebook laden", "Ausgabe "):
        assert text in page, text
    for text in ("First text.", "Solution", "Download this page", "Edition ", "Outputs by"):
        assert text not in page, text
    assert "<mi>x</mi>" in page
    lost = (small_book / "_build" / "html" / "404.html").read_text(encoding="utf-8")
    assert "Unter dieser Adresse ist keine Seite." in lost


def test_templates_have_no_words_outside_of_translations():
    """What is neither markup nor asked for with _() or trans is a name."""
    names = {"Colab", "Binder", ".ipynb"}
    attributes = re.compile(r'\b(?:title|alt|aria-label|placeholder)="([^"]*)"')
    left = {}
    for template in sorted(TEMPLATES.glob("*.html")):
        text = template.read_text(encoding="utf-8")
        text = re.sub(r"\{#.*?#\}|<style>.*?</style>", " ", text, flags=re.S)
        text = re.sub(r"\{%-? *trans\b.*?endtrans *-?%\}", " ", text, flags=re.S)
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|&\w+;", " ", text, flags=re.S)
        shown = [*attributes.findall(text), *re.split(r"<[^>]*>", text)]
        words = [word for part in shown for word in part.split() if re.search("[A-Za-z]", word) and word not in names]
        if words:
            left[template.name] = words
    assert left == {}
