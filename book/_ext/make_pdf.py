"""``make pdf``: the book as one PDF, printed by Chromium.

The built pages are put one behind the other into one document, so that pages are numbered through, links between
chapters lead to their page, and bookmarks hold every section. Printing tells on which page each chapter begins; then
the table of contents is printed once more, with these numbers, and laid onto its pages. Scripts are off, as for a
reader without JavaScript: every widget is its static figure.
"""

from __future__ import annotations

import html
import io
import re
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import unquote, urldefrag

import yaml
from bs4 import BeautifulSoup, Tag

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "_build" / "convolution-both-ways.pdf"
sys.path[:0] = [str(ROOT / "tests")]

from tools import CHROMIUM_FLAGS, find_chromium  # noqa: E402

MISSING = "== {} is missing: run `make pdf`, which installs it, or  {} -m pip install playwright pypdf"
NO_CHROMIUM = """== no Chromium found. One of these brings it:
     apt-get install chromium                    (Debian, Ubuntu)
     {} -m playwright install chromium
   or name one:  make pdf CHROMIUM=/path/to/chromium"""
TOO_OLD = "== Chromium {} cannot number pages: 131 or newer is needed"
NAMED = 131  # the first Chromium with text in the margins of a page
TITLE = "Convolution Both Ways"
PRINTED = """
  @page { size: A4; margin: 20mm 18mm 19mm; }
  @page { font: 8.5pt system-ui, "Liberation Sans", sans-serif; color: #57606b; }
  @page { @bottom-right { content: counter(page); } @top-left { content: "Convolution Both Ways"; } }
  @page cover { @bottom-right { content: none; } @top-left { content: none; } }
  html, body { background: #fff !important; }
  /* a formula sheet on the page would set the whole book as a sheet */
  body { font-size: 10.5pt !important; line-height: 1.5 !important; page: auto !important; }
  .bd-article-container { max-width: none !important; padding: 0 !important; }
  .bd-article { padding: 0 !important; break-before: page; }
  .cb-open, .headerlink { display: none !important; }
  .cb-widget { min-height: 0 !important; }
  details, .cell, .cell_output, .cb-widget { break-inside: auto !important; }
  pre { font-size: 8.4pt !important; white-space: pre-wrap !important; overflow-wrap: anywhere; }
  figure, .cb-equation, tr { break-inside: avoid; }
  h1, h2, h3 { break-after: avoid; }
  .cb-widget[data-widget="Question"] { break-inside: avoid !important; }
  .bd-article h1 { display: block !important; font-size: 22pt; margin: 0 0 8mm; }
  figure svg, figure img { max-width: 100% !important; height: auto; max-height: 22cm; }
  .cell_output .output, table { max-width: 100% !important; overflow: hidden; }
  .cb-cover { page: cover; }
  .cb-cover p { font-size: 12pt; margin: 0 0 3mm; color: #57606b; }
  .cb-cover p.cb-book { font-size: 34pt; font-weight: 660; line-height: 1.1; margin: 75mm 0 6mm; color: inherit; }
  .cb-contents h1 { margin-bottom: 6mm; }
  .cb-contents { line-height: 1.25; break-inside: avoid; }
  .cb-contents p { margin: 4mm 0 .5mm; font-weight: 600; color: #57606b; break-after: avoid; }
  .cb-contents ol { list-style: none; margin: 0; padding: 0; }
  .cb-contents li { margin: 0; break-inside: avoid; }
  .cb-contents a { display: grid; grid-template-columns: 1fr 3em; padding: .7mm 0; border-bottom: 1px solid #d7dbe0; }
  .cb-contents a span:last-child { text-align: right; font-variant-numeric: tabular-nums; }
"""
POINTERS = ("href", "for", "aria-labelledby", "aria-describedby", "aria-controls", "headers", "xlink:href")


def parts(toc: Path) -> list[tuple[str, list[str]]]:
    """The parts of the book: a caption, and names of pages in their order; the first page stands before all."""
    tree = yaml.safe_load(toc.read_text(encoding="utf-8"))

    def names(node: dict) -> list[str]:
        items = [item for key in ("chapters", "sections") for item in node.get(key, [])]
        return [name for item in items for name in [item["file"].removesuffix(".md"), *names(item)]]

    own = names(tree)
    rest = [(part.get("caption", ""), names(part)) for part in tree.get("parts", [])]
    return [("", [tree["root"].removesuffix(".md"), *own]), *rest]


def chapters(toc: Path) -> list[str]:
    """Names of all pages in the order of the book, the first page first."""
    return [name for _, names in parts(toc) for name in names]


def heading(article: Tag) -> str:
    """The words of the title of a page."""
    title = BeautifulSoup(str(article.find("h1")), "html.parser")
    for link in title.select("a.headerlink"):
        link.decompose()
    return " ".join(title.get_text().split())


def own_name(index: int, name: str) -> str:
    """What an id of one page is called in the book, where two pages may have the same."""
    return f"p{index}-{name}" if name else f"p{index}"


def in_the_book(article: Tag, index: int, page: str, names: list[str], site: Path) -> Tag:
    """The article of a page as it stands in the book: ids of its own, links to where they lead in the book."""
    here = (site / f"{page}.html").resolve()
    known = {(site / f"{name}.html").resolve(): at for at, name in enumerate(names)}
    for hidden in article.select("a.headerlink, .cb-open, script"):
        hidden.decompose()
    for tag in article.find_all(True):
        if tag.get("id"):
            tag["id"] = own_name(index, tag["id"])
        if tag.name == "details":
            tag["open"] = ""
        if tag.get("src") and not re.match(r"\w+:", tag["src"]):
            tag["src"] = (here.parent / unquote(tag["src"].split("?")[0])).resolve().as_uri()
        for key in POINTERS:
            value = tag.get(key)
            if not value or tag.name == "link":
                continue
            if key not in ("href", "xlink:href"):
                ids = value if isinstance(value, list) else value.split()
                tag[key] = " ".join(own_name(index, one) for one in ids)
            elif not re.match(r"\w+:", value):
                address, at = urldefrag(value)
                file = (here.parent / unquote(address.split("?")[0])).resolve() if address else here
                if file in known:
                    tag[key] = "#" + own_name(known[file], unquote(at.split("?")[0]))
                else:
                    del tag[key]  # a file of the site that is no page of the book
        for key in ("fill", "stroke", "clip-path", "mask", "filter", "marker-end", "marker-start", "style"):
            if "url(#" in str(tag.get(key, "")):
                tag[key] = tag[key].replace("url(#", f"url(#p{index}-")
    article["id"] = own_name(index, "")
    return article


def whole_book(site: Path, toc: Path) -> tuple[str, str, list[str]]:
    """The book as one document in two pieces, and the titles of its chapters.

    The first piece holds the cover and the contents, where ``@3@`` stands for the page of chapter 3.
    """
    names = chapters(toc)
    soups = []
    for name in names:
        file = site / f"{name}.html"
        if not file.is_file():
            raise SystemExit(f"== {file} was not built: run `make book` first")
        soups.append(BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser"))
    articles = [soup.select_one("article.bd-article") for soup in soups]
    titles = [heading(article) for article in articles]
    first = (site / f"{names[0]}.html").resolve()
    styles = "".join(
        f'<link rel="stylesheet" href="{(first.parent / link["href"].split("?")[0]).resolve().as_uri()}">'
        for link in soups[0].find_all("link", rel="stylesheet")
    ) + "".join(str(style) for style in soups[0].head.find_all("style"))
    running = "".join(
        f"@page p{i} {{ @top-right {{ content: {css_text(title)}; }} }}\n#p{i} {{ page: p{i}; }}\n"
        for i, title in enumerate(titles)
    )
    rows, index = [], 0
    for caption, pages in parts(toc):
        rows.append(f"<p>{html.escape(caption)}</p>" if caption else "")
        rows.append("<ol>")
        for _ in pages:
            rows.append(
                f'<li><a href="#p{index}"><span>{html.escape(titles[index])}</span><span>@{index}@</span></a></li>'
            )
            index += 1
        rows.append("</ol>")
    edition = " ".join(f"<p>{line.get_text()}</p>" for line in soups[0].select(".bd-footer-content p"))
    body = "\n".join(str(in_the_book(article, i, names[i], names, site)) for i, article in enumerate(articles))
    body = dangling(body)
    front = (
        f'<!doctype html><html lang="en" data-theme="light" data-mode="light"><head><meta charset="utf-8">'
        f"<title>{TITLE}</title>{styles}<style>{PRINTED}{running}</style></head><body>"
        f'<div class="bd-main"><div class="bd-content"><div class="bd-article-container">'
        f'<div class="cb-cover"><p class="cb-book">{TITLE}</p>{edition}</div>'
        f'<nav class="bd-article cb-contents"><h1>Contents</h1>{"".join(rows)}</nav>'
    )
    return front, f"{body}</div></div></div></body></html>", titles


def css_text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def dangling(body: str) -> str:
    """Links to a place that no page has lead to the beginning of their page: presets of widgets, say."""
    ids = set(re.findall(r'\bid="(p\d+[^"]*)"', body))

    def kept(found: re.Match) -> str:
        name = html.unescape(found[1])
        return found[0] if name in ids else f'href="#{name.split("-")[0]}"'

    return re.sub(r'href="#([^"]*)"', kept, body)


def make_pdf(site: Path, target: Path, toc: Path) -> tuple[int, list[tuple[str, int]]]:
    """Write ``target``; gives its number of pages and (title, first page) of each chapter."""
    try:
        from playwright.sync_api import sync_playwright
        from pypdf import PdfReader, PdfWriter
        from pypdf.generic import NameObject
    except ImportError as error:
        raise SystemExit(MISSING.format(error.name, sys.executable)) from None
    front, body, titles = whole_book(site, toc)
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit(NO_CHROMIUM.format(sys.executable))

    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        if int(browser.version.split(".")[0]) < NAMED:
            raise SystemExit(TOO_OLD.format(browser.version))
        context = browser.new_context(java_script_enabled=False, color_scheme="light", offline=True)
        context.set_default_timeout(300_000)
        page = context.new_page()
        page.emulate_media(media="print", color_scheme="light")
        file = Path(folder) / "book.html"

        def printed(text: str) -> PdfReader:
            file.write_text(text, encoding="utf-8")
            page.goto(file.as_uri())
            options = {"prefer_css_page_size": True, "print_background": True, "tagged": True, "outline": True}
            return PdfReader(io.BytesIO(page.pdf(**options)))

        made = printed(re.sub(r"@\d+@", "000", front) + body)
        places = made.named_destinations
        first = [made.get_destination_page_number(places[f"/p{i}"]) + 1 for i in range(len(titles))]
        contents = printed(re.sub(r"@(\d+)@", lambda found: str(first[int(found[1])]), front))
        browser.close()
    if len(contents.pages) != first[0] - 1:
        raise SystemExit(f"== the contents has {len(contents.pages)} pages, and its place ends before {first[0]}")
    writer = PdfWriter(clone_from=made)
    for old, new in zip(writer.pages, contents.pages, strict=False):  # as many as the contents has
        for key in ("/Contents", "/Resources"):
            old[NameObject(key)] = new.raw_get(key).clone(writer)  # a reference stays one
    writer.add_metadata({"/Title": TITLE, "/Author": "The Convolution Both Ways authors"})
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    with part.open("wb") as out:
        writer.write(out)
    part.replace(target)
    return len(writer.pages), list(zip(titles, first, strict=True))


def main(arguments: list[str]) -> int:
    start = time.monotonic()
    site = Path(arguments[0]) if arguments else ROOT / "_build" / "html"
    target = Path(arguments[1]) if len(arguments) > 1 else TARGET
    count, _ = make_pdf(site, target, ROOT / "_toc.yml")
    seconds = time.monotonic() - start
    print(f"== {target}: {count} pages, {target.stat().st_size / 1e6:.1f} MB, in {seconds:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
