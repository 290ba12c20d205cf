"""The live decoder's JavaScript: agreement with conv_lib on case vectors, and code that runs as pasted."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from decoder_cases import decoder_cases, random_decoders

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def snippets(node: str, tmp_path_factory) -> list[list[dict[str, str]]]:
    """The case vectors, replayed in Node; its answer is the code that the widget offers for some of them."""
    folder = tmp_path_factory.mktemp("decoder")
    vectors, code = folder / "vectors.json", folder / "snippets.json"
    vectors.write_text(json.dumps(decoder_cases(240)), "utf-8")
    build = [node, "conv_lib/widgets/js/build.mjs", "--tests", "--outdir", str(folder)]
    replay = [node, "--test", "--test-reporter=tap", str(folder / "decoder.test.mjs")]
    env = {**os.environ, "DECODER_VECTORS": str(vectors), "DECODER_SNIPPETS": str(code)}
    for command in (build, replay):
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    passed = re.search(r"^# pass (\d+)$", done.stdout, re.M)
    assert passed and int(passed[1]) >= 7
    return json.loads(code.read_text("utf-8"))


def test_javascript_agrees_with_conv_lib(snippets) -> None:
    assert len(snippets) >= 6


def test_snippets_give_what_the_page_shows_in_numpy_and_in_keras(snippets) -> None:
    decoders = random_decoders()
    for offered in snippets:
        assert [one["name"] for one in offered] == ["NumPy", "Keras", "This widget"]
        for one in offered:
            with contextlib.redirect_stdout(io.StringIO()):
                try:
                    exec(compile(one["code"], one["name"], "exec"), {"decoders": decoders})
                except Exception as error:
                    pytest.fail(f"{error!r} in\n{one['code'][:600]} ... {one['code'][-600:]}")
