"""``make lab``: JupyterLab on the chapters, where a double click on a chapter (.md) opens it as a notebook.

The setting lives in ``.venv/share/jupyter/lab/settings/overrides.json`` of this project, not in the user's files.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OVERRIDES = {
    "@jupyterlab/docmanager-extension:plugin": {
        "defaultViewers": {"markdown": "Jupytext Notebook", "myst": "Jupytext Notebook"}
    },
    "@jupyterlab/apputils-extension:notification": {"checkForUpdates": False, "fetchNews": "false"},
}


def write_overrides() -> Path:
    """Merge our settings into the environment's own defaults for JupyterLab."""
    path = Path(sys.prefix) / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    settings = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    settings.update(OVERRIDES)
    path.write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    return path


def main() -> None:
    write_overrides()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.chdir(ROOT)
    options = sys.argv[1:]
    if not any(option.startswith("--notebook-dir") for option in options):
        options = [f"--notebook-dir={ROOT / 'book'}", *options]
    os.execv(sys.executable, [sys.executable, "-m", "jupyterlab", *options])


if __name__ == "__main__":
    main()
