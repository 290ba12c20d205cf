"""The widgets' JavaScript: types, agreement with conv_lib on case vectors, and a bundle that is up to date."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from explorer_cases import layer_cases, size_cases

ROOT = Path(__file__).parent.parent
STATIC = ROOT / "conv_lib/widgets/static"


@pytest.fixture
def run(node: str):
    """Runs Node on a script; when it fails, the test shows what was printed."""

    def run(*arguments: str, **environment: str) -> str:
        done = subprocess.run(
            [node, *arguments],
            cwd=ROOT,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
        return done.stdout

    return run


def test_types(run) -> None:
    run("node_modules/typescript/bin/tsc", "--noEmit")


def test_javascript_agrees_with_conv_lib(run, tmp_path: Path) -> None:
    legal, refused = layer_cases(600)
    vectors = tmp_path / "vectors.json"
    vectors.write_text(
        json.dumps({"sizes": size_cases(), "layers": legal, "refused": refused}), "utf-8"
    )
    run("conv_lib/widgets/js/build.mjs", "--tests", "--outdir", str(tmp_path / "js"))
    replay = str(tmp_path / "js" / "vectors.test.mjs")
    report = run("--test", "--test-reporter=tap", replay, CONV_VECTORS=str(vectors))
    passed = re.search(r"^# pass (\d+)$", report, re.M)
    assert passed and int(passed[1]) >= 8
    assert re.search(r"^# fail 0$", report, re.M)
    assert re.search(r"^# skipped 0$", report, re.M)


def test_committed_bundle_is_what_the_sources_give(run, tmp_path: Path) -> None:
    run("conv_lib/widgets/js/build.mjs", "--outdir", str(tmp_path))
    built, committed = (
        {path.relative_to(top).as_posix(): path.read_bytes() for path in top.rglob("*.*")} for top in (tmp_path, STATIC)
    )
    assert {"page.js", "page/ConvExplorer.js", "explorer.js", "widgets.css"} <= built.keys()
    stale = [n for n in sorted(built | committed) if built.get(n) != committed.get(n)]
    assert not stale, f"{stale} out of date: run `npm run build` and commit conv_lib/widgets/static"
