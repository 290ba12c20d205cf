"""``make slides``: one deck for each chapter, made from the built pages, with the chapter's widgets alive in it.

A deck holds the question, the answer, every widget, every prediction and what to remember. Nothing is written twice:
when a chapter changes, so does its deck. The folder needs nothing outside itself, and no network.
"""

from __future__ import annotations

import copy
import html
import json
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml
from bs4 import BeautifulSoup, Tag

ROOT = Path(__file__).resolve().parents[2]
OWN = Path(__file__).resolve().parent / "slides"
TARGET = ROOT / "_build" / "slides"
MARK = "made-by-make-slides"  # a folder without this file is not ours to replace
LAST = "Remember"
NOT_SHOWN = "Exercises"

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<title>{title}</title>
<script src="_static/mode.js"></script>
<link rel="icon" href="_static/favicon.svg" />
<link rel="stylesheet" href="_static/colours.css" />
<link rel="stylesheet" href="_static/widgets.css" />
<link rel="stylesheet" href="_static/slides.css" />
<link rel="stylesheet" href="_static/compact.css" />
{scripts}</head>
<body>
{body}
</body>
</html>
"""

BAR = """<nav class="bar" aria-label="Slides">
<button type="button" class="prev" aria-label="Slide before">&#8592;</button>
<span class="number"></span>
<button type="button" class="next" aria-label="Next slide">&#8594;</button>
<span class="title">{title}</span>
<span class="keys">&#8592; &#8594; move &#183; Esc leaves a widget &#183; + &#8722; size</span>
<button type="button" class="theme" aria-label="Light or dark">D</button>
<button type="button" class="full" aria-label="Full screen">F</button>
<a href="index.html">All decks</a>
</nav>
<div class="hide" aria-live="polite"></div>"""


@dataclass
class Slide:
    kind: str  # text or widget
    label: str  # what a screen reader calls it
    body: str


def chapters(toc: Path) -> list[str]:
    """Names of the chapters in the order of the book, without its first page."""
    found: list[str] = []

    def walk(node: dict) -> None:
        for key in ("parts", "chapters", "sections"):
            for item in node.get(key, []):
                if "file" in item:
                    found.append(item["file"].removesuffix(".md"))
                walk(item)

    walk(yaml.safe_load(toc.read_text(encoding="utf-8")))
    return found


def heading(tag: Tag | None) -> str:
    """The words of a heading, without the link to itself."""
    if tag is None:
        return ""
    tag = copy.copy(tag)
    for link in tag.select("a.headerlink"):
        link.decompose()
    return " ".join(tag.get_text().split())


def on_a_slide(tag: Tag) -> str:
    """A piece of the page as it stands on a slide: links lead nowhere outside the deck, so they become words."""
    tag = copy.copy(tag)
    for link in tag.select("a.headerlink"):
        link.decompose()
    for link in tag.find_all("a"):
        if not link.find_parent("noscript"):
            link.unwrap()
    for picture in tag.find_all("img"):
        picture["src"] = re.sub(r"^(\.\./)+", "", picture.get("src", ""))
    return str(tag)


def widget(tag: Tag) -> str:
    """A widget's place. Its secondary controls are folded, so that the grids get the room."""
    tag = copy.copy(tag)
    state = json.loads(tag["data-state"])
    if "folded" in state:
        tag["data-state"] = json.dumps({**state, "folded": True}, ensure_ascii=False)
    return on_a_slide(tag)


def paragraph(article: Tag, start: str) -> Tag | None:
    for found in article.find_all("p"):
        first = found.find("strong")
        if first is not None and first.get_text(strip=True).rstrip(".") == start:
            return found
    return None


def slides_of(article: Tag) -> list[Slide]:
    """The slides of one chapter; a part that a chapter does not have is left out."""
    title = heading(article.find("h1"))
    made = []
    question, answer = paragraph(article, "The question"), paragraph(article, "The answer")
    lead = on_a_slide(question) if question else ""
    made.append(Slide("text", title, f"<h1>{html.escape(title)}</h1>{lead}"))
    if answer:
        made.append(Slide("text", "The answer", on_a_slide(answer)))
    for place in article.select(".cb-widget[data-widget][data-state]"):
        above = place.find_previous(["h2", "h1"])
        name = heading(above)
        if place["data-widget"] == "Question":
            if name == NOT_SHOWN or place.find_parent("details"):
                continue
        elif place.find_parent("details"):
            continue
        shown = name if above is not None and above.name == "h2" else title
        made.append(Slide("widget", shown, f"<h2>{html.escape(shown)}</h2>{widget(place)}"))
    for head in article.find_all("h2"):
        if heading(head) == LAST:
            rest = head.find_next_sibling(["ul", "ol"])
            if rest is not None:
                made.append(Slide("text", LAST, f"<h2>{LAST}</h2>{on_a_slide(rest)}"))
    return made


def deck(made: list[Slide], title: str) -> str:
    """One deck as a page."""
    parts = ['<main class="deck">']
    for slide in made:
        label = html.escape(slide.label, quote=True)
        parts.append(
            f'<section class="slide {slide.kind}" aria-roledescription="slide" aria-label="{label}">'
            f'<div class="holder">{slide.body}</div></section>'
        )
    parts += ["</main>", BAR.format(title=html.escape(title))]
    body = "\n".join(parts)
    names = ["page.js", *sorted({f"page/{name}.js" for name in re.findall(r'data-widget="(\w+)"', body)}), "slides.js"]
    scripts = "".join(f'<script defer src="_static/{name}"></script>\n' for name in names)
    return PAGE.format(title=f"{html.escape(title)} - slides", scripts=scripts, body=body)


def make_slides(site: Path, target: Path, toc: Path) -> dict[str, int]:
    """Write one deck for each chapter into ``target``; gives the number of slides of each."""
    if not (site / "book").is_dir():
        raise SystemExit(f"== there is no built book in {site}: run `make book` first")
    if target.exists() and not (target / MARK).exists() and any(target.iterdir()):
        raise SystemExit(f"== {target} was not made by `make slides` and is left as it is: move it, or name another")
    shutil.rmtree(target, ignore_errors=True)
    static = target / "_static"
    (static / "page").mkdir(parents=True)
    (target / MARK).write_text("This folder is written anew by `make slides`.\n", encoding="utf-8")
    for name in ("mode.js", "colours.css", "favicon.svg"):
        shutil.copyfile(site / "_static" / name, static / name)
    for source in [*OWN.glob("*.*"), *(site / "_static" / "conv_lib").glob("*.*")]:
        shutil.copyfile(source, static / source.name)
    for source in (site / "_static" / "conv_lib" / "page").glob("*.js"):
        shutil.copyfile(source, static / "page" / source.name)

    counts, rows = {}, []
    for name in chapters(toc):
        page = site / f"{name}.html"
        if not page.exists():
            raise SystemExit(f"== {name} stands in the table of contents but was not built: run `make book`")
        article = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").select_one("article")
        if article is None or paragraph(article, "The question") is None:
            continue  # a page, not a chapter: the form of a chapter begins with its question
        made = slides_of(article)
        title, file = heading(article.find("h1")), Path(name).name
        text = deck(made, title)
        for picture in set(re.findall(r'src="(_images/[^"]+)"', text)):
            (target / "_images").mkdir(exist_ok=True)
            shutil.copyfile(site / picture, target / picture)
        (target / f"{file}.html").write_text(text, encoding="utf-8")
        counts[file] = len(made)
        rows.append(f'<li><a href="{file}.html">{html.escape(title)}</a></li>')
    body = (
        '<main class="list"><h1>Slides</h1><p>One deck for each chapter. Arrow keys, Home and End move; a number '
        "goes to that slide; F fills the screen, D turns to dark and back, + and \u2212 change the size. In a widget "
        "the arrow keys are the widget\u2019s own: Esc leaves it. Page up and Page down, which remote controls send, "
        "always move.</p>"
        f"<ol>{''.join(rows)}</ol></main>"
    )
    (target / "index.html").write_text(PAGE.format(title="Slides", scripts="", body=body), encoding="utf-8")
    return counts


def main(arguments: list[str]) -> int:
    site = Path(arguments[0]) if arguments else ROOT / "_build" / "html"
    target = Path(arguments[1]) if len(arguments) > 1 else TARGET
    counts = make_slides(site, target, ROOT / "_toc.yml")
    for name, count in counts.items():
        print(f"   {name:24} {count} slides")
    print(f"== {len(counts)} decks. Open  {(target / 'index.html').as_uri()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
