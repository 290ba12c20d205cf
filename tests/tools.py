"""The tools beside Python that the tests need: Node (18 or newer), Chromium and Firefox.

``python tests/prepare.py`` gets what is missing; the tests only look things up here.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Headless, without the services that would look for hosts of their own.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def node_version(path: str) -> int:
    """Major version of a Node binary, 0 if it does not run."""
    try:
        out = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=30).stdout
    except (OSError, subprocess.SubprocessError):
        return 0
    match = re.match(r"v(\d+)", out)
    return int(match[1]) if match else 0


def find_node() -> str | None:
    """A Node of version 18 or newer: of this machine, or of .venv."""
    for name in (shutil.which("node"), str(Path(sys.prefix) / "bin" / "node")):
        if name and node_version(name) >= 18 and shutil.which("npm", path=tool_path(name)):
            return name
    return None


def tool_path(node: str | None = None) -> str:
    """PATH with the environment's programs and Node's folder in front."""
    front = [str(Path(sys.prefix) / "bin")]
    if node:
        front.insert(0, str(Path(node).parent))
    return os.pathsep.join([*front, os.environ.get("PATH", "")])


def find_chromium() -> str | None:
    """A Chromium: named by CHROMIUM, of this machine, or downloaded by Playwright."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    for name in BROWSERS:
        path = shutil.which(name)
        if path:
            return path
    for folder in (
        Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "~/.cache/ms-playwright")).expanduser(),
        Path("~/Library/Caches/ms-playwright").expanduser(),
    ):
        for pattern in ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*"):
            for path in sorted(folder.glob(pattern), reverse=True):
                return str(path)
    return None


def find_firefox() -> str | None:
    """A stock Firefox: named by FIREFOX, or of this machine; Debian's is firefox-esr. Playwright's own is none."""
    named = os.environ.get("FIREFOX")
    if named:
        return named if Path(named).exists() else None
    mac = Path("/Applications/Firefox.app/Contents/MacOS/firefox")
    return shutil.which("firefox-esr") or shutil.which("firefox") or (str(mac) if mac.exists() else None)
