"""Keep execution results per state of conv_lib.

jupyter-cache matches a chapter by the text of its cells alone: after a change in conv_lib it would show old numbers.
So the place of the cache carries a fingerprint of everything a cell's result depends on, and when the fingerprint
differs from that of the last build, every chapter is read again. A second fingerprint, of this extension and the page
styling, does the same without executing. Both hold for a plain ``jupyter-book build .``: nothing depends on the
Makefile.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
from importlib import metadata
from pathlib import Path

PACKAGES = ("tensorflow", "keras", "numpy", "matplotlib", "scikit-learn", "anywidget", "ipywidgets")
SUFFIXES = {".py", ".json", ".js", ".css", ".html", ".svg"}


def hash_files(*folders: Path) -> str:
    """Hash of names and contents of the source files below some folders."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in SUFFIXES and path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def library_fingerprint(root: Path) -> str:
    """Hash of conv_lib's sources below ``root`` and of the versions of what the cells import."""
    digest = hashlib.sha256(hash_files(root / "conv_lib").encode())
    for name in PACKAGES:
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            version = "none"
        digest.update(f"{name}={version}\0".encode())
    digest.update(platform.python_version().encode())
    return digest.hexdigest()[:16]


def place_cache(app, config):
    """Point myst-nb at the cache of this fingerprint, and drop those of earlier ones.

    Both fingerprints are configuration values on which the environment depends: when one differs from that of the last
    build, Sphinx reads every chapter again.
    """
    root = Path(app.srcdir)
    config.conv_lib_fingerprint = library_fingerprint(root)
    config.convbook_fingerprint = hash_files(*(root / "book" / name for name in ("_ext", "_static", "_templates")))
    home = Path(app.outdir).parent / ".jupyter_cache"
    if home.is_dir():
        for old in home.iterdir():
            if old.name != config.conv_lib_fingerprint:
                shutil.rmtree(old) if old.is_dir() else old.unlink()
    home.mkdir(parents=True, exist_ok=True)  # jupyter-cache makes one folder level only
    config.nb_execution_cache_path = str(home / config.conv_lib_fingerprint)


def setup(app):
    root = Path(app.srcdir)
    # The kernels of the chapters inherit this environment. They import the conv_lib beside the chapters, whatever
    # else is installed, and TensorFlow keeps its start-up lines to itself.
    os.environ["PYTHONPATH"] = os.pathsep.join(
        [str(root)] + [p for p in os.environ.get("PYTHONPATH", "").split(os.pathsep) if p and p != str(root)]
    )
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    app.add_config_value("conv_lib_fingerprint", "", "env", [str])
    app.add_config_value("convbook_fingerprint", "", "env", [str])
    app.connect("config-inited", place_cache, priority=900)
