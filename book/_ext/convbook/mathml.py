r"""Formulas become MathML when the book is built.

Every current browser draws MathML by itself, so a page loads no MathJax, asks no other host, and a screen reader reads
the formula. The five roles of the book colour what they enclose: ``\textcolor{input}{x}``, and the same with kernel,
output, padding, zero (Jupyter's MathJax reads this too and draws it without colour), or in short ``\inp{x}``,
``\ker{w}``, ``\out{y}``, ``\pad{p}``, ``\zero{0}`` (which only pages and the downloaded notebooks know).
"""

from __future__ import annotations

import html
import re
from xml.etree.ElementTree import Element, tostring

from docutils import nodes
from latex2mathml.converter import Converter
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

LOGGER = logging.getLogger(__name__)

ROLES = {"inp": "input", "ker": "kernel", "out": "output", "pad": "padding", "zero": "zero"}
FENCES = {"⌊": "prefix", "⌈": "prefix", "⟨": "prefix", "⌋": "postfix", "⌉": "postfix", "⟩": "postfix"}
# Environments that latex2mathml knows under another name.
SAME_AS = {"aligned": "split", "alignedat": "split", "gathered": "split", "align": "align*", "equation": "split"}
ENVIRONMENTS = {"split", "align*", "array", "cases", "matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix"}


def mend_source(latex: str) -> str:
    """Write what latex2mathml misreads in a form that it reads."""
    for name, role in ROLES.items():
        latex = re.sub(rf"\\(?:{name}|textcolor{{{role}}})(?![A-Za-z])\s*(?={{)", rf"\\class{{cb-{role}}}", latex)
    for name, same in SAME_AS.items():
        latex = re.sub(rf"\\(begin|end){{{name}\*?}}", rf"\\\1{{{same}}}", latex)
    for name in re.findall(r"\\begin{([^}]*)}", latex):
        if name not in ENVIRONMENTS:
            raise ValueError(f"unknown environment {name!r}")
    latex = re.sub(r"\\(?:mathrm|operatorname)\{(\w)\}", r"\\text{\1}", latex)  # one upright letter
    return latex


def mend_tree(math: Element) -> None:
    """Correct the kinds of elements, on which spacing and stretching depend."""
    for row in math.iter():  # "+=" is one operator
        for first, second in zip(list(row), list(row)[1:], strict=False):
            if [html.unescape(el.text or "") for el in (first, second)] == ["+", "="] and first.tag == "mo":
                first.text = "+="
                row.remove(second)
    for el in math.iter():
        text = el.text = html.unescape(el.text) if el.text else el.text
        if el.tag == "mi" and text in FENCES:
            el.tag = "mo"
            el.attrib.update(form=FENCES[text], fence="true", stretchy="false")
        elif el.tag == "mi" and text == ":":
            el.tag = "mo"
        elif el.tag == "mo" and text and len(text) > 1 and text.isalpha() and text != "mod":
            el.tag = "mi"  # max, min, full: names, set upright and close to their brackets
        elif el.tag == "mtext" and text and text.startswith("\\"):
            raise ValueError(f"latex2mathml does not know {text!r}")
        if el.tag == "mi" and text and (text.startswith("\\") or text in "&{}"):
            raise ValueError(f"latex2mathml does not know {text!r}")


def to_mathml(latex: str, *, display: bool) -> str:
    """The ``<math>`` element for a formula; ValueError names what could not be converted."""
    try:
        math = Converter(display="block" if display else "inline").convert_to_element(mend_source(latex))
    except Exception as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error
    mend_tree(math)
    math.attrib.pop("xmlns", None)
    math.set("alttext", " ".join(latex.split()))
    return tostring(math, encoding="unicode")


def convert(self, node, *, display: bool) -> str:
    latex = node.astext()
    try:
        return to_mathml(latex, display=display)
    except ValueError as error:
        LOGGER.warning("formula not converted (%s): %s", error, latex, location=node, type="convbook")
        return f"<code>{html.escape(latex)}</code>"


def visit_math(self, node):
    self.body.append(self.starttag(node, "span", "", CLASS="math notranslate nohighlight"))
    self.body.append(convert(self, node, display=False) + "</span>")
    raise nodes.SkipNode


def visit_math_block(self, node):
    self.body.append(self.starttag(node, "div", CLASS="math notranslate nohighlight"))
    number = ""
    if node["number"]:
        number = f'<span class="eqno">({get_node_equation_number(self, node)})</span>'
    self.body.append(f'<div class="cb-equation">{convert(self, node, display=True)}</div>')
    self.body.append(number + "</div>\n")
    raise nodes.SkipNode


class KeepPunctuation(SphinxPostTransform):
    """No line begins with the comma that follows a formula."""

    default_priority = 800
    formats = ("html",)

    def run(self, **kwargs):
        for math in list(self.document.findall(nodes.math)):
            after = math.next_node(descend=False, siblings=True)
            if isinstance(after, nodes.Text) and after[:1] in tuple(".,;:!?)"):
                kept = nodes.inline("", "", math.deepcopy(), nodes.Text(after[0]), classes=["cb-kept"])
                math.parent.replace(after, nodes.Text(after[1:]))
                math.parent.replace(math, kept)


def setup(app):
    app.add_post_transform(KeepPunctuation)
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_math_block, None))
