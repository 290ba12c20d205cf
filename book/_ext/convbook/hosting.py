"""What a host should send with the files, and what a visit transfers.

``_headers`` in the built site says it in the form that Netlify and Cloudflare Pages read; the page for teachers shows
it for nginx. The tests serve the site with exactly these headers. GitHub Pages sends headers of its own and reads no
such file.

The weights of pages are counted when the site is finished: a file as gzip sends it, with the styles, scripts and
fonts that it names. They are filled into ``<span data-visit="...">`` of a page.
"""

from __future__ import annotations

import gzip
import re
from functools import lru_cache
from pathlib import Path

from .publish import repository, site_url

DIRECTIVES = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "frame-ancestors": "'none'",
}
EMBEDDED = {**DIRECTIVES, "frame-ancestors": "*"}


def policy(directives: dict[str, str]) -> str:
    """The value of a Content-Security-Policy header."""
    return "; ".join(f"{name} {value}" for name, value in directives.items())


POLICY = policy(DIRECTIVES)  # every page
EMBED_POLICY = policy(EMBEDDED)  # pages under embed/, which any site may show
PAGES_CACHE = "max-age=600"  # pages keep their address when they change: ask again after ten minutes
PICTURES_CACHE = "max-age=86400"  # most are named after their contents
COMPRESSED = {".html", ".css", ".js", ".mjs", ".svg", ".json", ".ipynb", ".txt"}


def policy_for(path: str) -> str:
    """The policy of one address below the site."""
    return EMBED_POLICY if path.lstrip("/").startswith("embed/") else POLICY


def cache_for(path: str) -> str:
    """How long a browser may keep one file."""
    return PICTURES_CACHE if path.lstrip("/").startswith("_images/") else PAGES_CACHE


def headers_file() -> str:
    """``_headers``, as Netlify and Cloudflare Pages read it: ``!`` takes back what a wider rule set."""
    return (
        "/*\n"
        f"  Content-Security-Policy: {POLICY}\n  Cache-Control: {PAGES_CACHE}\n  X-Content-Type-Options: nosniff\n"
        f"/embed/*\n  ! Content-Security-Policy\n  Content-Security-Policy: {EMBED_POLICY}\n"
        f"/_images/*\n  ! Cache-Control\n  Cache-Control: {PICTURES_CACHE}\n"
    )


def nginx() -> str:
    """The same for nginx, inside its ``server { }``. An address gets the headers of one block only."""
    def block(where: str, text: str, cache: str) -> str:
        return (
            f"location {where} {{\n"
            f'  add_header Content-Security-Policy "{text}" always;\n'
            f'  add_header Cache-Control "{cache}";\n'
            "  add_header X-Content-Type-Options nosniff;\n}\n"
        )

    return (
        "gzip on;\ngzip_types text/css text/javascript application/javascript\n"
        "  application/json image/svg+xml;\n"
        + block("/", POLICY, PAGES_CACHE)
        + block("/embed/", EMBED_POLICY, PAGES_CACHE)
        + block("/_images/", POLICY, PICTURES_CACHE)
    )


# ---------------------------------------------------------------- bytes


@lru_cache(maxsize=512)
def sent(path: Path) -> int:
    """Bytes of a file as it travels."""
    data = path.read_bytes()
    return len(gzip.compress(data, compresslevel=6, mtime=0)) if path.suffix in COMPRESSED else len(data)


def parts_of(page: Path) -> list[Path]:
    """A page and the styles, scripts, pictures outside ``<noscript>`` and fonts that a browser asks for with it."""
    text = re.sub(r"<noscript>.*?</noscript>", "", page.read_text(encoding="utf-8"), flags=re.S)
    named = re.findall(r'<script[^>]*\ssrc="([^"]+)"', text) + re.findall(r'<img[^>]*\ssrc="([^"]+)"', text)
    named += [
        re.search(r'href="([^"]+)"', tag)[1]
        for tag in re.findall(r'<link[^>]*rel="(?:stylesheet|icon)"[^>]*>', text)
        if 'href="' in tag
    ]
    found = [page]
    for name in named:
        if re.match(r"[a-z]+:", name):
            continue
        path = (page.parent / name.split("?")[0].split("#")[0]).resolve()
        if path.is_file() and path not in found:
            found.append(path)
            if path.suffix == ".css":
                fonts = re.findall(r"url\(['\"]?([^)'\"?#]+\.woff2?)", path.read_text(encoding="utf-8"))
                found += [
                    font
                    for font in dict.fromkeys((path.parent / one).resolve() for one in fonts)
                    if font.is_file() and font not in found
                ]
    return found


def chapters(out: Path) -> list[Path]:
    """The pages of the book that hold a widget or say something: all of ``book/``."""
    return sorted((out / "book").glob("*.html"))


def visits(out: Path) -> dict[str, int]:
    """Bytes of typical visits with an empty cache: one page, the lightest to the heaviest, and all pages."""
    pages = chapters(out)
    weights = {page: sum(map(sent, parts_of(page))) for page in pages}
    ordered = sorted(weights.values())
    everything = {part for page in pages for part in parts_of(page)}
    return {
        "lightest": ordered[0],
        "median": ordered[len(ordered) // 2],
        "heaviest": ordered[-1],
        "book": sum(map(sent, everything)),
        "site": sum(path.stat().st_size for path in out.rglob("*") if path.is_file()),
    }


def fill_in(text: str, counted: dict[str, int]) -> str:
    """Write weights into ``<span data-visit="median">`` (kB) and ``<span data-visit="median-million">`` (GB)."""

    def number(match: re.Match) -> str:
        name = match[2]
        if name.endswith("-million"):
            shown = f"{counted[name.removesuffix('-million')] * 1e6 / 1e9:.0f} GB"
        elif name == "site":
            shown = f"{counted[name] / 1e6:.1f} MB"
        else:
            shown = f"{counted[name] / 1e3:.0f} kB"
        return f"{match[1]}{shown}</span>"

    return re.sub(r'(<span data-visit="([a-z-]+)">)[^<]*</span>', number, text)


def fill_addresses(app, pagename, templatename, context, doctree):
    """Put the repository and the site's address, where they are known, in place of the words that stand for them."""
    body = context.get("body", "")
    if repository():
        body = body.replace("OWNER/REPOSITORY", repository())
        body = body.replace("%2FFOLDER%2F", f"%2F{repository().split('/')[1]}%2F")
    if site_url():
        body = body.replace("https://YOUR-SITE/", site_url())
    context["body"] = body


def finish(app, error):
    if error or app.builder is None or app.builder.format != "html":
        return
    out = Path(app.outdir)
    (out / "_headers").write_text(headers_file(), encoding="utf-8")
    asking = [page for page in chapters(out) if 'data-visit="' in page.read_text(encoding="utf-8")]
    if asking:
        sent.cache_clear()
        counted = visits(out)
        for page in asking:
            page.write_text(fill_in(page.read_text(encoding="utf-8"), counted), encoding="utf-8")


def setup(app):
    app.connect("html-page-context", fill_addresses, priority=700)
    app.connect("build-finished", finish, priority=950)  # after the sheets and scripts are joined
