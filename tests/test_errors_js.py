"""The error reader in the browser's language agrees with conv_lib.diagnosis; its code runs."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from conv_lib.diagnosis import FORMS
from errors_cases import cases

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def offered(node: str, tmp_path_factory) -> list[dict]:
    """The case vectors, replayed in Node; its answer is the code that the widget offers."""
    folder = tmp_path_factory.mktemp("errors")
    vectors, code = folder / "vectors.json", folder / "snippets.json"
    vectors.write_text(json.dumps(cases()), "utf-8")
    build = [node, "conv_lib/widgets/js/build.mjs", "--tests", "--outdir", str(folder)]
    replay = [node, "--test", "--test-reporter=tap", str(folder / "errors.test.mjs")]
    env = {**os.environ, "ERRORS_VECTORS": str(vectors), "ERRORS_SNIPPETS": str(code)}
    for command in (build, replay):
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    passed = re.search(r"^# pass (\d+)$", done.stdout, re.M)
    assert passed and int(passed[1]) >= 4
    return json.loads(code.read_text("utf-8"))


def test_javascript_reads_as_python_and_its_code_runs(offered) -> None:
    assert {one["id"] for one in offered} >= {form.id for form in FORMS}
    for one in offered:
        reading = one["code"][-1]
        assert reading["name"] == "Read it in Python"
        with contextlib.redirect_stdout(io.StringIO()):
            try:
                exec(compile(reading["code"], "snippet", "exec"), {})
            except Exception as error:
                pytest.fail(f"{error!r} in\n{reading['code']}")
        for snippet in one["code"]:
            compile(snippet["code"], "snippet", "exec")
