"""Every chapter as a plain notebook, without outputs, for readers who want to run it."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import jupytext

FOLDER = "_notebooks"
MACROS = {"inp": "input", "ker": "kernel", "out": "output", "pad": "padding", "zero": "zero"}


def plain_formulas(text: str, colours: dict[str, str]) -> str:
    r"""Markdown with the book's macros written as ``\color``, which Jupyter's MathJax knows."""
    for name, role in MACROS.items():
        colour = colours.get(role, "#000000")
        text = re.sub(rf"\\(?:{name}|textcolor{{{role}}})(?![A-Za-z])\s*{{", rf"\\textcolor{{{colour}}}{{", text)
    return text


def role_colours(root: Path) -> dict[str, str]:
    path = root / "conv_lib" / "figures" / "palette.json"
    roles = json.loads(path.read_text(encoding="utf-8"))["roles"] if path.exists() else {}
    return {name: row["light"]["line"] for name, row in roles.items()}


def write_notebook(source: Path, target: Path) -> None:
    """Convert one MyST chapter to ``.ipynb``."""
    notebook = jupytext.read(source)
    notebook.metadata.pop("jupytext", None)
    colours = role_colours(Path(__file__).resolve().parents[3])
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = plain_formulas(cell.source, colours)
    target.parent.mkdir(parents=True, exist_ok=True)
    jupytext.write(notebook, target, fmt="ipynb")


def is_notebook(source: Path) -> bool:
    if source.suffix == ".ipynb":
        return True
    head = source.read_text(encoding="utf-8")[:2000]
    return source.suffix == ".md" and head.startswith("---") and "jupytext:" in head.split("\n---", 1)[0]


def offer_notebook(app, pagename, templatename, context, doctree):
    """Write the page's notebook and tell the template where it is."""
    if doctree is None or app.builder.format != "html":
        return
    source = Path(app.env.doc2path(pagename))
    if not is_notebook(source):
        return
    target = f"{FOLDER}/{Path(pagename).name}.ipynb"
    write_notebook(source, Path(app.outdir) / target)
    context["notebook"] = context["pathto"](target, 1)


def setup(app):
    app.connect("html-page-context", offer_notebook)


def main() -> None:
    """``make notebooks``: write the notebooks of the chapters named after a folder on the command line."""
    folder = Path(sys.argv[1])
    for name in sys.argv[2:]:
        if is_notebook(Path(name)):
            target = folder / Path(name).with_suffix(".ipynb").name
            write_notebook(Path(name), target)
            print(target)
