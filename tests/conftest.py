"""Fixtures shared by all tests.

For tests of the built pages:

``built_site``  folder of the built book: one cold, strict build for the whole run; a failing cell or a warning fails it
``site_url``    where it is served, with a strict Content-Security-Policy
``open_page``   ``open_page("book/two-layers.html", width=390, dark=True)`` gives a Playwright page. Requests to other
                hosts are refused and recorded; so are console warnings, errors and uncaught exceptions. When the test
                ends, all these lists must be empty. ``open_page.forgive(regex)`` allows a message that the test
                provokes. The page is loaded and its widgets are alive; ``set_theme(page, dark=True)`` changes what the
                system asks for.
``open_chapter``  ``open_chapter("index.md")`` double-clicks a chapter in JupyterLab, started as ``make lab`` does on a
                copy of the chapters, and gives the Playwright page when its notebook is ready
``page``        ``open_page()`` without an address: a blank page, 1280 x 900

The book is built while the other tests run; those of its pages come last. ``CB_SITE=_build/html`` takes an existing
build instead of making one, for quick rounds while developing; ``make test`` never sets it.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "book" / "_ext")]
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from tools import CHROMIUM_FLAGS, ROOT, find_chromium, find_node, tool_path  # noqa: E402


@pytest.fixture(scope="session")
def node() -> str:
    """Path of Node, 18 or newer; ``make test`` has seen to it that there is one."""
    found = find_node()
    assert found, "no Node of version 18 or newer: run `make test`, which gets one"
    os.environ["PATH"] = tool_path(found)
    return found


def build_book(source: Path, output: Path, *options: str) -> subprocess.CompletedProcess:
    """Build a book strictly, as ``make book`` does; ``output`` gets ``_build/html``."""
    program = "from jupyter_book.cli.main import main; main()"
    command = [sys.executable, "-c", program, "build", str(source), "--path-output", str(output), "-W", "--keep-going"]
    env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    return subprocess.run(
        [*command, *options], capture_output=True, text=True, errors="replace", timeout=1500, cwd=source, env=env
    )


def build_site(output: Path) -> str | None:
    """Build the book from nothing; what went wrong, or None."""
    run = output.name.rpartition("-")[2]
    for old in output.parent.glob("test-site-*"):  # of earlier runs
        if not old.name.endswith(run):
            shutil.rmtree(old, ignore_errors=True)
    for old in output.parent.glob("test-word-*"):
        if not old.name.endswith(run):
            old.unlink(missing_ok=True)
    output.mkdir(parents=True)
    result = build_book(ROOT, output)
    text = result.stdout + result.stderr
    (output / "build.log").write_text(text, encoding="utf-8")
    for report in sorted((output / "_build" / "html" / "reports").rglob("*.err.log")):
        text += f"\n== {report.name}\n{report.read_text(encoding='utf-8', errors='replace')}"
    return f"the book does not build:\n{text[-6000:]}" if result.returncode else None


def site_place(what: str) -> Path:
    """A path of this run, the same for all its workers."""
    return ROOT / "_build" / f"test-{what}-{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"


def build_and_tell() -> None:
    """Build the book; the other workers wait for the word."""
    problem = "the build broke off"
    try:
        problem = build_site(site_place("site")) or ""
    finally:
        unfinished = site_place("word").with_suffix(".part")
        unfinished.write_text(problem, encoding="utf-8")
        unfinished.rename(site_place("word"))


def pytest_collection_modifyitems(items) -> None:
    """Tests of the built pages come last: until then the book is built."""
    items.sort(key=lambda item: "built_site" in item.fixturenames)


def pytest_collection_finish(session) -> None:
    """One worker builds the book for all, beside its tests."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    alone = worker is None and not session.config.getoption("numprocesses", None)
    if not (alone or worker == "gw0") or os.environ.get("CB_SITE") or session.config.option.collectonly:
        return
    if any("built_site" in getattr(item, "fixturenames", ()) for item in getattr(session, "items", ())):
        site_place("site").parent.mkdir(exist_ok=True)
        threading.Thread(target=build_and_tell, name="build", daemon=True).start()


@pytest.fixture(scope="session")
def built_site() -> Path:
    ready = os.environ.get("CB_SITE")
    if ready:
        return Path(ready).resolve()
    word, late = site_place("word"), time.monotonic() + 1500
    while not word.exists() and time.monotonic() < late:
        time.sleep(0.5)
    problem = word.read_text(encoding="utf-8") if word.exists() else "the book was not built in 25 minutes"
    assert not problem, problem
    return site_place("site") / "_build" / "html"


@pytest.fixture(scope="session")
def site_url(built_site) -> str:
    from site_server import serve

    with serve(built_site) as url:
        yield url


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    path = find_chromium()
    assert path, "no Chromium: run `make test`, which gets one"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


ALIVE = "document.querySelectorAll('.cb-widget[data-state]:not([data-alive])').length === 0"


def set_theme(page, *, dark: bool) -> None:
    """What the system asks for, on a page that is open; the book follows."""
    page.emulate_media(color_scheme="dark" if dark else "light")
    page.wait_for_function(
        # Colours fade over for a moment.
        """want => document.documentElement.dataset.theme === want
             && !document.getAnimations().some(a => a instanceof CSSTransition && a.playState === 'running')""",
        arg="dark" if dark else "light",
    )


class Opener:
    """Opens pages and remembers what they should not have done."""

    def __init__(self, browser, base: str):
        self.browser, self.base = browser, base
        self.contexts, self.foreign, self.messages, self.forgiven = [], [], [], []

    def forgive(self, pattern: str) -> None:
        self.forgiven.append(re.compile(pattern))

    def __call__(
        self,
        address: str | None = None,
        *,
        width: int = 1280,
        height: int = 900,
        dark: bool = False,
        javascript: bool = True,
        touch: bool = False,
        reduced_motion: bool = False,
    ):
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            has_touch=touch,
            reduced_motion="reduce" if reduced_motion else "no-preference",
        )
        self.contexts.append(context)
        context.set_default_timeout(15_000)
        context.route(re.compile(r"^(?!data:|blob:|about:)"), self._route)
        page = context.new_page()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.messages.append(f"uncaught: {error}"))
        page.on("requestfailed", self._failed)
        if address is not None:
            page.goto(f"{self.base}/{address}")  # until everything that it names has been loaded
            if javascript:
                page.wait_for_function(ALIVE)
        return page

    def _route(self, route):
        if urlsplit(route.request.url).netloc == urlsplit(self.base).netloc:
            route.continue_()
        else:
            self.foreign.append(route.request.url)
            route.abort()

    def _failed(self, request):
        # What a page was still loading when it was left is no failure.
        if request.failure != "net::ERR_ABORTED":
            self.messages.append(f"failed: {request.url} {request.failure}")

    def _console(self, message):
        if message.type in ("error", "warning", "assert"):
            where = message.location.get("url", "") if message.location else ""
            self.messages.append(f"{message.type}: {message.text} ({where})")

    def close(self) -> None:
        for context in self.contexts:
            context.close()

    def complaints(self) -> list[str]:
        said = [m for m in self.messages if not any(p.search(m) for p in self.forgiven)]
        return [f"request to another host: {url}" for url in self.foreign] + said


@pytest.fixture
def open_page(browser, site_url):
    opener = Opener(browser, site_url)
    yield opener
    opener.close()
    assert opener.complaints() == []


@pytest.fixture
def page(open_page):
    return open_page()


@pytest.fixture(scope="session")
def lab(tmp_path_factory) -> str:
    """Address of a JupyterLab started by the program behind ``make lab``, on a copy of the chapters."""
    folder = tmp_path_factory.mktemp("chapters")
    for chapter in [*(ROOT / "book").glob("*.md"), *(ROOT / "book" / "tools").glob("*.md")]:
        shutil.copy(chapter, folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder.parent / "lab.log"
    options = ["--no-browser", f"--port={port}", "--ip=127.0.0.1", "--IdentityProvider.token=", "--ServerApp.password="]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    env = {**os.environ, "PYTHONPATH": str(ROOT), "JUPYTERLAB_WORKSPACES_DIR": str(folder.parent / "workspaces")}
    command = [sys.executable, str(ROOT / "book" / "_ext" / "open_lab.py"), f"--notebook-dir={folder}", *options]
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=env)
    try:
        url = f"http://127.0.0.1:{port}"
        for _ in range(240):
            assert process.poll() is None, log.read_text()[-3000:]
            try:
                urlopen(f"{url}/api", timeout=2).close()
                break
            except OSError:
                time.sleep(0.5)
        else:
            pytest.fail(f"JupyterLab does not answer: {log.read_text()[-3000:]}")
        yield url
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="session")
def lab_context(browser):
    """One for all tests in JupyterLab: its scripts are fetched and cached once, not by every test."""
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture
def open_chapter(lab_context, lab):
    pages = []

    def open_one(name: str, *, width: int = 1400, height: int = 1000):
        page = lab_context.new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.set_default_timeout(60_000)
        page.goto(f"{lab}/lab?reset")  # with nothing that an earlier test left open
        page.locator(".jp-DirListing-item", has_text=name).dblclick()
        page.wait_for_selector(".jp-NotebookPanel .jp-CodeCell")
        # the kernel is there: its indicator is a plain circle
        page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status='idle']")
        return page

    yield open_one
    for page in pages:
        page.close()
