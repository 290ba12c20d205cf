"""``make book``: run Jupyter Book, show what it does in a few lines, and say where the result is."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CLI = "from jupyter_book.cli.main import main; main()"  # the program jupyter-book, whatever is on PATH
NOISE = re.compile(r"IPKernelApp|absl::InitializeLog|^[IWE]\d{4} |oneDNN|cudart|cuda drivers|^\s*$|^=+$")
STEP = re.compile(
    r"(\S+): (Executing notebook|Executed notebook in ([\d.]+) seconds)|writing output"
    r"|WARNING|ERROR|Error|rror:"
)


def main() -> int:
    start = time.monotonic()
    log = ROOT / "_build" / "book.log"
    log.parent.mkdir(exist_ok=True)
    command = [sys.executable, "-c", CLI, "build", str(ROOT), "-W", "--keep-going", *sys.argv[1:]]
    print("== building the book: chapters that changed are executed", flush=True)
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", cwd=ROOT
    )
    lines: list[str] = []
    for raw in process.stdout:
        line = re.sub(r"\x1b\[[0-9;]*m", "", raw).rstrip()
        if NOISE.search(line):
            continue
        lines.append(line)
        match = STEP.search(line)
        if not match:
            continue
        if match[2] == "Executing notebook":
            print(f"   {Path(match[1]).stem:24}", end=" ", flush=True)
        elif match[3]:
            print(f"executed in {float(match[3]):.1f} s", flush=True)
        elif not line.startswith("writing output"):
            print(f"   {line}", flush=True)
    code = process.wait()
    log.write_text("\n".join(lines) + "\n", encoding="utf-8")
    seconds = time.monotonic() - start
    page = ROOT / "_build" / "html" / "index.html"
    if code or not page.exists():
        print("\n".join(lines[-40:]))
        reports = sorted((ROOT / "_build" / "html" / "reports").rglob("*.err.log"))
        for report in reports:
            print(f"\n== {report}\n{report.read_text(encoding='utf-8', errors='replace')[-3000:]}")
        print(f"\n== the book was NOT built ({seconds:.0f} s); the whole log: {log}")
        return code or 1
    print(f"== built in {seconds:.0f} s. Open  {page.as_uri()}\n   or run  make serve")
    return 0


if __name__ == "__main__":
    sys.exit(main())
