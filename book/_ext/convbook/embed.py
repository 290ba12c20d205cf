"""Each tool on a page of its own, ``embed/<Class>.html``, to be shown in an iframe on any site or projected.

The page holds the widget, its scripts and styles, and nothing of the book around it. Its state comes from the link,
``embed/ConvExplorer.html#tool?mode=conv&...``, as on the pages of the book. conv_lib.widgets.embedding writes the
line for other sites; a test opens every page in such a frame and holds its height to the stated one.
"""

from __future__ import annotations

import html
from pathlib import Path

from conv_lib.figures.presets import WIDGETS
from conv_lib.widgets.embedding import NAME, title, tools

from .assets import figures_to_files

FOLDER = "embed"

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} · Convolution Both Ways</title>
<meta name="description" content="{words}">
<link rel="canonical" href="{canonical}">
<script src="../_static/mode.js"></script>
<link rel="stylesheet" href="../_static/colours.css">
<link rel="stylesheet" href="../_static/conv_lib/widgets.css">
<link rel="stylesheet" href="../_static/embed.css">
<link rel="icon" href="../_static/favicon.svg">
<script defer src="../_static/conv_lib/page.js"></script>
<script defer src="../_static/conv_lib/page/{widget}.js"></script>
<script defer src="../_static/embed.js"></script>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
<footer><a href="../{home}" target="_blank" rel="noopener">Convolution Both Ways</a>
<a class="cb-embed-open" href="{widget}.html" target="_blank" rel="noopener">
Open these numbers in a tab of their own</a>
</footer>
</body>
</html>
"""


def first_preset(widget: str) -> str | None:
    return next((name for name, owner in WIDGETS.items() if owner == widget), None)


def page_of(widget: str, out: Path, home: str, canonical: str) -> str:
    """The embedded page of one class, on its first preset, if it has any."""
    import conv_lib.widgets as all_widgets

    one = getattr(all_widgets, widget)(first_preset(widget), name=NAME)
    try:
        body = figures_to_files(one.to_html(), out, lambda name, _: f"../{name}")
        words = html.escape(one.describe()[:200])
    finally:
        one.close()
    return PAGE.format(
        title=html.escape(title(widget)), words=words, widget=widget, body=body, home=home, canonical=canonical
    )


def write_pages(app, error):
    """Write the embedded pages, before the style sheets are trimmed, so that nothing they use is dropped."""
    if error or app.builder is None or app.builder.format != "html":
        return
    from .publish import site_url

    out = Path(app.outdir)
    if not (out / "_static" / "conv_lib" / "page.js").exists():
        return
    folder = out / FOLDER
    folder.mkdir(exist_ok=True)
    home = app.builder.get_target_uri(app.config.root_doc)
    for widget in tools():
        if not (out / "_static" / "conv_lib" / "page" / f"{widget}.js").exists():
            continue
        canonical = f"{site_url() or ''}{FOLDER}/{widget}.html" if site_url() else f"{widget}.html"
        (folder / f"{widget}.html").write_text(page_of(widget, out, home, canonical), encoding="utf-8")


def setup(app):
    app.connect("build-finished", write_pages, priority=800)
