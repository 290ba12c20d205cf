"""The explorer in a real JupyterLab: a reader's changes reach Python, and Python's changes reach the reader."""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from urllib.parse import urlsplit

import nbformat
import numpy as np
import pytest
from playwright.sync_api import expect

from explorer_driver import Explorer

CELLS = [
    "from conv_lib.widgets import ConvExplorer\nw = ConvExplorer(stride=2)\nw",
    'import json\nprint("STATE", json.dumps([w.stride, w.mode, w.output.tolist()]))',
    "w.stride = 3",
    "with w.hold_sync():\n    w.mode = 'transpose'\n    w.kernel = [[1, 2], [3, 4]]\n    w.input = [[5, 6, 7]]",
    "w",
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory) -> Iterator[tuple[str, str]]:
    """Address and token of a JupyterLab of its own, with no settings of this machine's user."""
    home = tmp_path_factory.mktemp("lab")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    (home / "files").mkdir()
    nbformat.write(notebook, home / "files" / "explorer.ipynb")
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    token = secrets.token_hex(16)
    folders = {name: str(home / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    env = {
        **{k: v for k, v in os.environ.items() if not k.startswith("JUPYTER")},
        **{f"JUPYTER_{name}_DIR": path for name, path in folders.items()},
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    settings = home / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text(
        json.dumps({"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True}), "utf-8"
    )
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}", "--ip=127.0.0.1"),
        *(f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={home / 'files'}"),
        *("--ServerApp.port_retries=0", "--LabApp.extension_manager=readonly"),
    ]
    log = (home / "lab.log").open("w")
    server = subprocess.Popen(command, env=env, cwd=home, stdout=log, stderr=subprocess.STDOUT)
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            assert server.poll() is None, (home / "lab.log").read_text()[-3000:]
            try:
                urllib.request.urlopen(f"{base}/api?token={token}", timeout=2)
                break
            except OSError:
                time.sleep(0.2)
        else:
            raise AssertionError("JupyterLab does not answer:\n" + (home / "lab.log").read_text()[-3000:])
        yield base, token
    finally:
        server.terminate()  # it ends its kernels
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        log.close()


class Notebook:
    """The notebook in the browser: runs its cells by their place."""

    def __init__(self, page, address: str) -> None:
        self.page = page
        page.goto(address)
        self.cells = page.locator(".jp-Notebook .jp-CodeCell")
        expect(self.cells).to_have_count(len(CELLS), timeout=60_000)
        # The kernel is up.
        expect(page.locator(".jp-NotebookPanel-toolbar [data-status=idle]").first).to_be_visible(timeout=60_000)

    def run(self, at: int):
        cell = self.cells.nth(at)
        prompt = cell.locator(".jp-InputPrompt")
        before = prompt.inner_text()
        cell.locator(".jp-InputArea-editor").click()
        self.page.keyboard.press("Control+Enter")
        # A new number stands in the prompt when the cell has run.
        self.page.wait_for_function(
            "([e, old]) => e.innerText !== old && /\\d/.test(e.innerText)",
            arg=[prompt.element_handle(), before],
            timeout=60_000,
        )
        return cell

    def state(self) -> list:
        cell = self.run(1)
        text = cell.locator(".jp-OutputArea-output").filter(has_text="STATE")
        expect(text).to_have_count(1)
        return json.loads(re.search(r"STATE (.*)", text.inner_text())[1])


@pytest.fixture
def notebook(browser, lab) -> Iterator[Notebook]:
    base, token = lab
    context = browser.new_context(viewport={"width": 1500, "height": 1400})
    context.set_default_timeout(30_000)
    foreign, errors = [], []

    def route(route) -> None:
        if urlsplit(route.request.url).netloc == urlsplit(base).netloc:
            route.continue_()
        else:
            foreign.append(route.request.url)
            route.abort()

    context.route(re.compile(r"^https?:"), route)
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield Notebook(page, f"{base}/lab/tree/explorer.ipynb?token={token}&reset")
    context.close()
    assert errors == []
    ours = [url for url in foreign if "conv" in url or "anywidget" in url or "cdn" in url]
    assert ours == [], "the widget asked another host"


def test_explorer_in_jupyterlab(notebook) -> None:
    page = notebook.page
    started = time.monotonic()
    cell = notebook.run(0)
    root = cell.locator(".cb-root")
    expect(root).to_be_visible(timeout=60_000)
    ex = Explorer(page, root=root)
    shown = ex.check()
    assert shown["boxes"]["Stride"] == "2" and shown["mode"] == "conv"
    assert root.get_by_role("button", name="Copy as Python").is_visible()
    assert root.get_by_role("button", name="Copy link").count() == 0  # there is no page to link to

    # Python holds what the widget shows.
    stride, mode, output = notebook.state()
    assert (stride, mode) == (2, "conv")
    np.testing.assert_allclose(output, shown["output"])

    # By keyboard in the widget: Lab leaves the arrow keys alone, and Python follows.
    ex.box("Stride").focus()
    page.keyboard.press("ArrowDown")
    expect(ex.box("Stride")).to_have_value("1")
    expect(ex.box("Stride")).to_be_focused()
    shown = ex.check()
    stride, _, output = notebook.state()
    assert stride == 1
    np.testing.assert_allclose(output, shown["output"])

    # Typing, also letters that are shortcuts of Lab in command mode (a, b, d d), stays in the widget.
    ex.box("Stride").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("abdd")
    expect(ex.box("Stride")).to_have_value("abdd")
    assert "whole number from 1 to 6" in ex.read()["message"]
    expect(notebook.cells).to_have_count(len(CELLS))
    page.keyboard.press("Control+a")
    page.keyboard.type("2")
    assert ex.check()["message"] == ""
    assert notebook.state()[0] == 2

    # Arrow keys and editing in the grid.
    ex.cell("Input", 0, 0).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(ex.cell("Input", 1, 1)).to_be_focused()
    page.keyboard.type("8")
    page.keyboard.press("Enter")
    shown = ex.check()
    assert shown["input"][1][1] == 8
    expect(notebook.cells).to_have_count(len(CELLS))
    np.testing.assert_allclose(notebook.state()[2], shown["output"])

    # From Python to the widget.
    notebook.run(2)
    expect(ex.box("Stride")).to_have_value("3")
    shown = ex.check()
    np.testing.assert_allclose(notebook.state()[2], shown["output"])

    # Several settings in one message; only together are they legal.
    notebook.run(3)
    expect(ex.radio("Transposed")).to_be_checked()
    shown = ex.check()
    assert shown["input"] == [[5, 6, 7]] and shown["kernel"] == [[1, 2], [3, 4]]
    stride, mode, output = notebook.state()
    assert mode == "transpose"
    np.testing.assert_allclose(output, shown["output"])

    # The same widget shown twice: both follow, and neither takes the other's controls.
    second = Explorer(page, root=notebook.run(4).locator(".cb-root"))
    expect(second.radio("Transposed")).to_be_checked()
    second.choose("Convolution")
    expect(ex.radio("Convolution")).to_be_checked()
    expect(second.radio("Convolution")).to_be_checked()
    assert ex.check()["output"] == second.check()["output"]
    assert notebook.state()[1] == "conv"
    print(f"JupyterLab: {time.monotonic() - started:.0f} s after its start")
