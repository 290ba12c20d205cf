"""Admonitions of class ``dropdown`` as ``<details>``: they open without a script, and a keyboard knows them."""

from __future__ import annotations

from docutils import nodes
from sphinx.locale import admonitionlabels
from sphinx.transforms import SphinxTransform


class details(nodes.General, nodes.Element):  # noqa: N801 (docutils names nodes in lower case)
    """A folded block; its first child is a ``summary``."""


class summary(nodes.General, nodes.TextElement):  # noqa: N801
    """What a folded block shows while it is closed."""


class FoldDropdowns(SphinxTransform):
    default_priority = 799

    def apply(self, **kwargs):
        for node in list(self.document.findall(nodes.Admonition)):
            if "dropdown" not in node.get("classes", []):
                continue
            name = node.tagname
            children = list(node.children)
            if children and isinstance(children[0], nodes.title):
                title = children.pop(0)
                head = summary(title.rawsource, "", *title.children)
                head.source, head.line = title.source, title.line  # what has no source is left out of the catalogs
            else:
                head = summary("", nodes.Text(str(admonitionlabels.get(name, name.title()))))
            kinds = [] if name == "admonition" else [name]
            classes = ["admonition", *kinds, *node["classes"]]
            fold = details("", head, *children, classes=classes, ids=node["ids"], names=node["names"])
            fold["open"] = "toggle-shown" in node["classes"]
            node.replace_self(fold)


def visit_details(self, node):
    self.body.append(self.starttag(node, "details", **({"open": "open"} if node["open"] else {})))


def depart_details(self, node):
    self.body.append("</details>\n")


def visit_summary(self, node):
    self.body.append('<summary class="admonition-title">')


def depart_summary(self, node):
    self.body.append("</summary>\n")


def skip(self, node):
    pass


def setup(app):
    other = {builder: (skip, skip) for builder in ("latex", "text", "man", "texinfo")}
    app.add_node(details, html=(visit_details, depart_details), **other)
    app.add_node(summary, html=(visit_summary, depart_summary), **other)
    app.add_transform(FoldDropdowns)
