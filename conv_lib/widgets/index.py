"""The index of questions: a search over `conv_lib.answers`."""

from __future__ import annotations

import html
import json
from typing import Any, ClassVar

from traitlets import Enum, List, TraitError, Unicode, validate

from conv_lib.answers import ENTRIES, TOPICS
from conv_lib.widgets.base import STATIC, BookWidget

LONGEST = 2000


def rows() -> list[dict[str, Any]]:
    """Return every entry as JSON values."""
    return [
        {
            "name": one.name,
            "topic": one.topic,
            "question": one.question,
            "words": one.words,
            "answer": one.answer,
            "links": [{"address": link.address, "text": link.text} for link in one.links],
        }
        for one in ENTRIES
    ]


class QuestionIndex(BookWidget):
    """Find an answer in your own words.

    >>> w = QuestionIndex(query="one pixel short")
    >>> len(w.entries) > 80
    True

    Parameters
    ----------
    query : str
        What is searched for first.
    root : str
        From the page to the root of the site, for links: "../" or "".
    view : "page" or "search"
        "search": the best answers for the words in the page's address, above the site's own results.
    """

    _esm = STATIC / "index.js"

    state_traits: ClassVar[tuple[str, ...]] = ("query", "root", "view", "topics", "entries")

    name = Unicode("ask", help="Name in links to this widget; unique on a page.").tag(sync=True)
    query = Unicode("").tag(sync=True)
    root = Unicode("../").tag(sync=True)
    view = Enum(["page", "search"], "page").tag(sync=True)
    topics = List().tag(sync=True)
    entries = List().tag(sync=True)

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"topics": [[t.key, t.title] for t in TOPICS], "entries": rows(), **settings})

    @validate("query")
    def _short(self, proposal: Any) -> str:
        if len(proposal["value"]) > LONGEST:
            raise TraitError(f"query has at most {LONGEST} letters. Received: {len(proposal['value'])}")
        return proposal["value"]

    def describe(self) -> str:
        """Return what the index holds, in a sentence."""
        return f"{len(self.entries)} questions with answers, to be searched in your own words."

    def to_html(self) -> str:
        """Return the widget as HTML; the page lists the entries itself, for readers without JavaScript."""
        state = html.escape(json.dumps(self.state(), ensure_ascii=False))
        alone = "<noscript><p>The search needs JavaScript; the list does not.</p></noscript>"
        alone = "" if self.view == "search" else alone
        return (
            f'<div class="cb-widget" id="{self.name}" data-widget="QuestionIndex" data-name="{self.name}" '
            f'data-state="{state}">{alone}</div>'
        )
