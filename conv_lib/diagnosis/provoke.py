"""Runs the examples of the table: `python -m conv_lib.diagnosis.provoke --framework PyTorch` prints what they raise.

With --record it writes what they raised, and the versions, into forms.json.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import sys
from pathlib import Path

MODULES = {
    "TensorFlow": "tensorflow",
    "Keras": "keras",
    "PyTorch": "torch",
    "ONNX Runtime": "onnxruntime",
    "JAX": "jax",
}
TABLE = Path(__file__).with_name("forms.json")


def provoke(row: dict, prelude: str) -> tuple[str, str]:
    """Run one example; return the name of what it raised, and its message."""
    program = compile(f"{prelude}\n{row['provoke']}\n", row["id"], "exec")
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(program, {"__name__": "example"})
    except Exception as error:
        return type(error).__name__, str(error)
    return "nothing", ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--framework", choices=sorted(MODULES), required=True)
    parser.add_argument("--onednn", default="1", choices=["0", "1"])
    parser.add_argument("--record", action="store_true")
    args = parser.parse_args()
    os.environ |= {"TF_ENABLE_ONEDNN_OPTS": args.onednn, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    table = json.loads(TABLE.read_text("utf-8"))
    module = __import__(MODULES[args.framework])
    raised = {}
    for row in table["forms"]:
        # Rows without an environment run as TensorFlow does by default, with oneDNN.
        onednn = row.get("environment", {}).get("TF_ENABLE_ONEDNN_OPTS", "1")
        if row["provoke"] and row["framework"] == args.framework and onednn == args.onednn:
            raised[row["id"]] = provoke(row, table["preludes"][args.framework])
    if args.record:
        for row in table["forms"]:
            if row["id"] in raised:
                row["error"], row["example"] = raised[row["id"]]
        table["versions"][args.framework] = module.__version__.split("+")[0]
        TABLE.write_text(json.dumps(table, ensure_ascii=False, indent=1) + "\n", "utf-8")
    json.dump({"version": module.__version__, "raised": raised}, sys.stdout)


if __name__ == "__main__":
    main()
