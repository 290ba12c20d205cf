"""Sphinx extension of this book: light pages, build-time mathematics, honest caching, notebooks to download.

Each module does one thing and has its own ``setup``:

``cache``      execution results are kept per state of conv_lib, so that no page is ever stale
``mathml``     formulas become MathML when the book is built; pages load no MathJax
``details``    admonitions of class ``dropdown`` become ``<details>``, which work without scripts
``streams``    what a cell prints is put together as it came
``notebooks``  every chapter also becomes a plain ``.ipynb`` that the page offers for download
``reference``  the public names of conv_lib, from their docstrings
``publish``    descriptions, edition, sitemap, "page not found", buttons for Colab and Binder
``assets``     colours from conv_lib's palette, the widget bundle where a page needs it, and nothing that no page needs
"""

from __future__ import annotations

from . import assets, cache, details, mathml, notebooks, publish, reference, streams

__all__ = ["setup"]


def setup(app):
    for module in (cache, streams, mathml, details, notebooks, reference, publish, assets):
        module.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
