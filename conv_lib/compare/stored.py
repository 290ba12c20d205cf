"""Results that were measured once, kept with where and when: a page shows them as stored."""

from __future__ import annotations

import datetime
import json
import platform
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def today() -> str:
    """Return the date in ISO form, in UTC."""
    return datetime.datetime.now(datetime.timezone.utc).date().isoformat()


def machine() -> dict:
    """Return what a stored result must name: GPU and driver (or that there is none), versions.

    TensorFlow is asked for its version and its GPUs only where it is installed.
    """
    about: dict[str, Any] = {
        "date": today(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "gpu": None,
        "driver": None,
        "tensorflow": None,
    }
    try:
        import tensorflow as tf
    except ImportError:
        about["note"] = "TensorFlow is not installed"
        return about
    about["tensorflow"] = tf.__version__
    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        about["note"] = "no GPU was available: these results are from the CPU"
        return about
    details = tf.config.experimental.get_device_details(gpus[0])
    about["gpu"] = details.get("device_name", gpus[0].name)
    about["driver"] = _driver()
    about["tf32"] = tf.config.experimental.tensor_float_32_execution_enabled()
    return about


def save(path: str | Path, comparisons: Iterable[Any], *, about: dict | None = None) -> None:
    """Write comparisons with the machine they were made on as JSON.

    Parameters
    ----------
    path : path
    comparisons : iterable of Comparison
    about : dict, optional
        By default that of `machine()`.
    """
    records = [comparison.as_dict() for comparison in comparisons]
    document = {"machine": machine() if about is None else about, "comparisons": records}
    Path(path).write_text(json.dumps(document, indent=1, default=str) + "\n")


def load(path: str | Path) -> dict:
    """Return what `save` wrote.

    Raises
    ------
    ValueError
        When it is something else.
    """
    document = json.loads(Path(path).read_text())
    if not isinstance(document, dict) or not {"machine", "comparisons"} <= document.keys():
        raise ValueError(f"{path} does not hold stored comparisons.")
    return document


def _driver() -> str | None:
    program = shutil.which("nvidia-smi")
    if program is None:
        return None
    query = [program, "--query-gpu=driver_version", "--format=csv,noheader"]
    done = subprocess.run(query, capture_output=True, text=True, timeout=20)
    return done.stdout.splitlines()[0].strip() if done.stdout.strip() else None
