"""What a page says of itself: a description and a picture for previews, its edition, where it lies, a sitemap.

Addresses are known only when the builder names them, in the environment: ``CB_SITE_URL``, where the site will lie
("https://example.org/book/"), and ``CB_REPOSITORY`` ("owner/name" on GitHub). Without them nothing that needs an
address is written: no canonical link, no sitemap, no button that leads nowhere.
"""

from __future__ import annotations

import html
import os
import re
import subprocess
from datetime import date, datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import quote

from docutils import nodes

PICTURE = "_static/preview.png"
NOTEBOOK_BRANCH = "notebooks"  # where the workflow keeps the chapters as .ipynb: Colab opens nothing else
LONGEST = 200
OUTPUTS_OF = ("tensorflow", "keras", "numpy")


def site_url() -> str | None:
    """Where the site will lie, with a slash at the end; None when the builder does not say."""
    url = os.environ.get("CB_SITE_URL", "").strip()
    if not url:
        return None
    if not re.fullmatch(r"https?://[^\s\"'<>]+", url):
        raise ValueError(f"CB_SITE_URL is an address such as https://example.org/book/. Received: {url!r}")
    return url.rstrip("/") + "/"


def repository() -> str | None:
    """The repository on GitHub as owner/name; None when the builder does not say."""
    name = os.environ.get("CB_REPOSITORY", "").strip()
    if not name:
        return None
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", name):
        raise ValueError(f"CB_REPOSITORY is owner/name, such as ada/convolution-both-ways. Received: {name!r}")
    return name


def built_on(root: Path) -> str:
    """The date of the edition: of the commit, else SOURCE_DATE_EPOCH, else today."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch and epoch.isdigit():
        return datetime.fromtimestamp(int(epoch), timezone.utc).date().isoformat()
    try:
        found = subprocess.run(
            ["git", "log", "-1", "--format=%cs"], cwd=root, capture_output=True, text=True, timeout=10, check=True
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        found = ""
    return found or date.today().isoformat()


def edition(root: Path) -> dict[str, str]:
    """What the line at the end of every page says; copyright.html has the words."""
    own = re.search(r'__version__ = "([^"]+)"', (root / "conv_lib" / "__init__.py").read_text(encoding="utf-8"))
    ran = []
    for name in OUTPUTS_OF:
        try:
            ran.append(f"{ {'tensorflow': 'TensorFlow', 'keras': 'Keras', 'numpy': 'NumPy'}[name]} {version(name)}")
        except PackageNotFoundError:
            continue
    return {"version": own[1] if own else "?", "date": built_on(root), "outputs": ", ".join(ran)}


def description(doctree: nodes.document) -> str:
    """The first paragraphs of a page that say something, as one plain text."""
    text = ""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section | nodes.document):
            words = " ".join(paragraph.astext().split())
            text = f"{text} {words}".strip()
            if len(text) > 80:
                break
    if len(text) <= LONGEST:
        return text
    return text[: LONGEST - 1].rsplit(" ", 1)[0].rstrip(",;:.") + "\u2026"


def tell(app, pagename, templatename, context, doctree):
    """Give the template what stands in the head and at the end of a page."""
    if app.builder.format != "html":
        return
    context["edition"] = app.convbook_edition
    base = site_url()
    context["canonical"] = base + app.builder.get_target_uri(pagename) if base else None
    context["preview"] = base + PICTURE if base else context["pathto"](PICTURE, 1)
    context["description"] = description(doctree) if doctree is not None else ""
    name = repository()
    if name and context.get("notebook"):
        file = quote(f"{Path(pagename).name}.ipynb")
        context["colab"] = f"https://colab.research.google.com/github/{name}/blob/{NOTEBOOK_BRANCH}/{file}"
        context["binder"] = f"https://mybinder.org/v2/gh/{name}/HEAD?labpath=notebooks%2F{file}"


def write_sitemap(app, error):
    """``sitemap.xml``, for a site whose address is known."""
    base = site_url()
    if error or app.builder.format != "html" or not base:
        return
    pages = sorted(app.env.found_docs - {"404", "book/404"})
    lines = [f"  <url><loc>{html.escape(base + app.builder.get_target_uri(page))}</loc></url>" for page in pages]
    (Path(app.outdir) / "sitemap.xml").write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        + "\n".join(lines)
        + "\n</urlset>\n",
        encoding="utf-8",
    )
    (Path(app.outdir) / "robots.txt").write_text(f"User-agent: *\nAllow: /\nSitemap: {base}sitemap.xml\n", "utf-8")


def extra_pages(app):
    """The page for addresses that lead nowhere. Hosts show it at any depth, so it asks for no file of ours."""
    yield "404", {"title": "Page not found", "home": site_url() or "/"}, "404.html"


def begin(app):
    app.convbook_edition = edition(Path(app.srcdir))


def setup(app):
    app.connect("builder-inited", begin)
    app.connect("html-page-context", tell, priority=600)  # after the notebook is written
    app.connect("html-collect-pages", extra_pages)
    app.connect("build-finished", write_sitemap)
