"""Every chapter as a plain notebook, without outputs, for readers who want to run it."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import jupytext
from nbformat.v4 import new_code_cell

from .publish import repository

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


def installing_cell(where: str):
    """The first cell of a notebook that is opened away from this project, such as in Google Colab.

    ``where`` is what pip installs conv_lib from. Colab brings TensorFlow, which uses the GPU there by itself.
    """
    return new_code_cell(
        "# Away from the book's own environment, such as in Colab: install what it uses.\n"
        "try:\n"
        "    import conv_lib\n"
        "except ImportError:\n"
        f'    %pip install -q "conv_lib[chapters] @ {where}"',
        metadata={"tags": ["remove-cell"]},
    )


def write_notebook(source: Path, target: Path) -> None:
    """Convert one MyST chapter to ``.ipynb``; where the repository is known, its first cell installs conv_lib."""
    notebook = jupytext.read(source)
    notebook.metadata.pop("jupytext", None)
    colours = role_colours(Path(__file__).resolve().parents[3])
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = plain_formulas(cell.source, colours)
    if repository():
        notebook.cells.insert(0, installing_cell(f"git+https://github.com/{repository()}"))
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
