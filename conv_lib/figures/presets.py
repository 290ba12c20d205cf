"""The book's named examples. presets.json is their only source: chapters, widgets and tests read it."""

import json
from importlib.resources import files
from typing import Any

_ROWS = json.loads(files("conv_lib.figures").joinpath("presets.json").read_text("utf-8"))

PRESETS: dict[str, dict[str, Any]] = {row["name"]: row["settings"] for row in _ROWS}
"""Settings by name, as keyword arguments of the widget that `WIDGETS` names."""

WIDGETS: dict[str, str] = {row["name"]: row["widget"] for row in _ROWS}
"""The class in `conv_lib.widgets` that shows a preset, by name."""

LABELS: dict[str, str] = {row["name"]: row["label"] for row in _ROWS}
"""What readers see in the menu of examples, by name."""
