"""What a cell prints arrives in pieces, and the pieces are put together as they came.

A busy machine sends one cell's text in several messages, cut anywhere. myst-nb ends every message with a new line when
it merges them, so a line could be torn in two.
"""

from __future__ import annotations

from typing import Any

from myst_nb.core import render

of_myst_nb = render.coalesce_streams


def coalesce_streams(outputs: list[Any]) -> list[Any]:
    """Merge all streams of one name into the first of them, and change no character."""
    kept: list[Any] = []
    first: dict[str, Any] = {}
    for output in outputs:
        if output["output_type"] == "stream" and output["name"] in first:
            first[output["name"]]["text"] += output["text"]
            continue
        if output["output_type"] == "stream":
            first[output["name"]] = output
        kept.append(output)
    return of_myst_nb(kept)


def setup(app):
    render.coalesce_streams = coalesce_streams
