"""The index of questions in the pages: a directive that lists every entry, and the best of them above search results.

``{answers}`` writes each entry of ``conv_lib.answers`` as a section with its own anchor: so the page can be read
without scripts, linked to, and found by Sphinx's own search. On the search page, ``QuestionIndex`` shows the answers
that fit the same words, above the pages that hold them.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

LOGGER = logging.getLogger(__name__)


def inline(text: str) -> list[nodes.Node]:
    """Text with code in backticks, as nodes."""
    parts = enumerate(text.split("`"))
    return [nodes.literal(part, part) if odd % 2 else nodes.Text(part) for odd, part in parts if part]


class Answers(SphinxDirective):
    """Every entry, by topic; no arguments."""

    def run(self) -> list[nodes.Node]:
        from conv_lib.answers import TOPICS

        whole = nodes.section(ids=["all-questions"], names=["all questions"], classes=["cb-answers"])
        whole += nodes.title("", "All questions, by topic")
        # So many answers are a long way to scroll, most of all on a phone, where the page has no contents beside it.
        topics = nodes.bullet_list(classes=["cb-topics"])
        for topic in TOPICS:
            link = nodes.reference("", topic.title, refuri=f"#topic-{topic.key}", internal=True)
            count = nodes.inline("", f" {len(topic.entries)}", classes=["cb-count"])
            topics += nodes.list_item("", nodes.paragraph("", "", link, count))
        whole += topics
        for topic in TOPICS:
            part = nodes.section(ids=[f"topic-{topic.key}"], names=[f"topic {topic.key}"])
            part += nodes.title("", topic.title)
            part.extend(self.entry(one) for one in topic.entries)
            whole += part
        return [whole]

    def entry(self, one) -> nodes.section:
        section = nodes.section(ids=[one.name], names=[one.name], classes=["cb-answer"])
        section += nodes.title("", "", *inline(one.question))
        section += nodes.paragraph("", "", *inline(one.answer))
        root = "../" * self.env.docname.count("/")
        onward = nodes.paragraph(classes=["cb-onward"])
        for link in one.links:
            page = link.address.split(".html")[0]
            if page not in self.env.found_docs:
                LOGGER.warning("the answer %s links to a page that is not in the book: %s", one.name, page)
                continue
            onward += nodes.reference("", link.text, refuri=root + link.address, internal=True)
            onward += nodes.Text(" ")
        if onward.children:
            section += onward
        return section


def above_results(app, pagename, templatename, context, doctree):
    """Give the search page the answers that fit its words, where the book has the page that holds them."""
    if app.builder.format != "html" or pagename != "search" or "book/questions" not in app.env.found_docs:
        return
    from conv_lib.widgets import QuestionIndex

    widget = QuestionIndex(name="answers", view="search", root=context["pathto"]("", 1).removesuffix("index.html"))
    context["convbook_answers"] = widget.to_html()
    widget.close()
    app.add_css_file("conv_lib/widgets.css")
    app.add_js_file("conv_lib/page.js", defer="defer", priority=490)
    app.add_js_file("conv_lib/page/QuestionIndex.js", defer="defer")


def setup(app):
    app.add_directive("answers", Answers)
    # after `assets` has put aside what all pages load
    app.connect("html-page-context", above_results, priority=950)
