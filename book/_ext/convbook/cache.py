"""Keep execution results per state of conv_lib.

jupyter-cache matches a chapter by the text of its cells alone: after a change in conv_lib it would show old numbers.
So the place of the cache carries a fingerprint of everything a cell's result depends on, and when the fingerprint
differs from the one the last build was made with, every chapter is read again. The same holds for a plain
``jupyter-book build .``: nothing here depends on the Makefile.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
from importlib import metadata
from pathlib import Path

from sphinx.util import logging

LOGGER = logging.getLogger(__name__)

PACKAGES = ("tensorflow", "keras", "numpy", "matplotlib", "anywidget", "ipywidgets")
SUFFIXES = {".py", ".json", ".js", ".css"}


def fingerprint(root: Path) -> str:
    """Hash of conv_lib's sources below ``root`` and of the versions of what the cells import."""
    digest = hashlib.sha256()
    package = root / "conv_lib"
    for path in sorted(package.rglob("*")):
        inside = path.relative_to(package)
        if path.suffix in SUFFIXES and path.is_file() and "__pycache__" not in inside.parts:
            digest.update(inside.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for name in PACKAGES:
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            version = "none"
        digest.update(f"{name}={version}\0".encode())
    digest.update(platform.python_version().encode())
    return digest.hexdigest()[:16]


def place_cache(app, config):
    """Point myst-nb at the cache of this fingerprint, and drop those of earlier ones."""
    build = Path(app.outdir).parent
    mark = fingerprint(Path(app.srcdir))
    home = build / ".jupyter_cache"
    here = home / mark
    if home.is_dir():
        for old in home.iterdir():
            if old.name != mark:
                shutil.rmtree(old) if old.is_dir() else old.unlink()
    # jupyter-cache makes one folder level only
    home.mkdir(parents=True, exist_ok=True)
    config.nb_execution_cache_path = str(here)
    app.conv_lib_fingerprint = mark


def outdated(app, env, added, changed, removed):
    """All chapters are outdated when conv_lib is not the one they were last read with."""
    before = getattr(env, "conv_lib_fingerprint", None)
    env.conv_lib_fingerprint = app.conv_lib_fingerprint
    if before in (None, app.conv_lib_fingerprint):
        return []
    LOGGER.info("conv_lib or a library under it has changed: every chapter is executed again")
    return sorted(env.found_docs - added - changed)


def setup(app):
    root = Path(app.srcdir)
    # The kernels of the chapters inherit this environment. They import the conv_lib beside the chapters, whatever
    # else is installed, and TensorFlow keeps its start-up lines to itself.
    os.environ["PYTHONPATH"] = os.pathsep.join(
        [str(root)] + [p for p in os.environ.get("PYTHONPATH", "").split(os.pathsep) if p and p != str(root)]
    )
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    app.connect("config-inited", place_cache, priority=900)
    app.connect("env-get-outdated", outdated)
