"""``make pdf``: the book as one PDF, printed from the built pages by Chromium and joined, a bookmark for each chapter.

Pages are printed with scripts off, as a reader without JavaScript has them: every widget is its static figure.
"""

from __future__ import annotations

import io
import sys
import time
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "_build" / "convolution-both-ways.pdf"
sys.path[:0] = [str(ROOT / "tests")]

from tools import CHROMIUM_FLAGS, find_chromium  # noqa: E402

MISSING = "== {} is missing: run `make pdf`, which installs it, or  {} -m pip install playwright pypdf"
NO_CHROMIUM = """== no Chromium found. One of these brings it:
     apt-get install chromium                    (Debian, Ubuntu)
     {} -m playwright install chromium
   or name one:  make pdf CHROMIUM=/path/to/chromium"""
PRINTED = """
  html, body { background: #fff !important; }
  body { font-size: 10.5pt !important; }
  .bd-main .bd-content .bd-article-container { max-width: none !important; padding: 0 !important; }
  .bd-article { padding: 0 !important; }
  .prev-next-footer, .bd-footer-content, .bd-footer, .cb-open, .headerlink { display: none !important; }
  #jb-print-toc { display: none !important; }
  .cb-widget { min-height: 0 !important; }
  details, .cell, .cell_output, .cb-widget { break-inside: auto !important; }
  pre { font-size: 8.4pt !important; white-space: pre-wrap !important; overflow-wrap: anywhere; }
  figure, .cb-equation, tr { break-inside: avoid; }
  h1, h2, h3 { break-after: avoid; }
  figure svg, figure img { max-width: 100% !important; height: auto; max-height: 22cm; }
  .cell_output .output, table { max-width: 100% !important; overflow: hidden; }
"""
# Scripts of the page are off; this one runs for the printer. Links into other files would name this machine.
READY = """(css) => {
  document.head.appendChild(document.createElement("style")).textContent = css;
  document.documentElement.dataset.theme = "light";
  for (const link of document.querySelectorAll("a[href]"))
    if (link.protocol === "file:" && link.pathname !== location.pathname) link.removeAttribute("href");
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  const title = document.querySelector("h1").cloneNode(true);
  title.querySelectorAll("a.headerlink").forEach((link) => link.remove());
  return title.textContent.trim();
}"""


def chapters(toc: Path) -> list[str]:
    """Names of all pages in the order of the book, the first page first."""
    tree = yaml.safe_load(toc.read_text(encoding="utf-8"))
    found = [tree["root"]]

    def walk(node: dict) -> None:
        for key in ("parts", "chapters", "sections"):
            for item in node.get(key, []):
                if "file" in item:
                    found.append(item["file"])
                walk(item)

    walk(tree)
    return [name.removesuffix(".md") for name in found]


def make_pdf(site: Path, target: Path, names: list[str]) -> tuple[int, list[tuple[str, int]]]:
    """Write ``target``; gives its number of pages and (title, first page) of each chapter."""
    try:
        from playwright.sync_api import sync_playwright
        from pypdf import PdfReader, PdfWriter
    except ImportError as error:
        raise SystemExit(MISSING.format(error.name, sys.executable)) from None
    files = [site / f"{name}.html" for name in names]
    for file in files:
        if not file.is_file():
            raise SystemExit(f"== {file} was not built: run `make book` first")
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit(NO_CHROMIUM.format(sys.executable))

    writer, starts = PdfWriter(), []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        context = browser.new_context(java_script_enabled=False, color_scheme="light", offline=True)
        context.set_default_timeout(120_000)
        for file in files:
            page = context.new_page()
            page.emulate_media(media="print", color_scheme="light")
            page.goto(file.as_uri())
            title = page.evaluate(READY, PRINTED)
            margin = {"top": "18mm", "bottom": "18mm", "left": "18mm", "right": "18mm"}
            data = page.pdf(format="A4", margin=margin, print_background=True, tagged=True)
            page.close()
            print(f"   {title}", flush=True)
            starts.append((title, len(writer.pages) + 1))
            writer.append(PdfReader(io.BytesIO(data)), outline_item=title, import_outline=False)
        browser.close()
    writer.add_metadata({"/Title": "Convolution Both Ways", "/Author": "The Convolution Both Ways authors"})
    writer.compress_identical_objects()
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    with part.open("wb") as out:
        writer.write(out)
    part.replace(target)
    return len(writer.pages), starts


def main(arguments: list[str]) -> int:
    start = time.monotonic()
    site = Path(arguments[0]) if arguments else ROOT / "_build" / "html"
    target = Path(arguments[1]) if len(arguments) > 1 else TARGET
    count, _ = make_pdf(site, target, chapters(ROOT / "_toc.yml"))
    seconds = time.monotonic() - start
    print(f"== {target}: {count} pages, {target.stat().st_size / 1e6:.1f} MB, in {seconds:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
