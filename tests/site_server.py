"""Serve a built book as a careful host would, and weigh what its pages transfer.

Every answer carries the headers of convbook.hosting, with a strict Content-Security-Policy: scripts come from files of
the site alone. The theme's inline scripts are all gone (book/_templates), so the policy names no exception.
"""

from __future__ import annotations

import contextlib
import gzip
import mimetypes
import threading
from functools import lru_cache
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml

from convbook.hosting import COMPRESSED, cache_for, policy_for
from tools import ROOT


@lru_cache(maxsize=256)
def _gzipped(path: str, stamp: float) -> bytes:
    return gzip.compress(Path(path).read_bytes(), compresslevel=6, mtime=0)


def body_as_sent(path: Path) -> tuple[bytes, bool]:
    """The bytes of a file as they travel, and whether they are compressed."""
    if path.suffix in COMPRESSED:
        return _gzipped(str(path), path.stat().st_mtime), True
    return path.read_bytes(), False


class Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    forced_policy = None  # a test may send another

    @property
    def policy(self) -> str:
        return self.forced_policy or policy_for(self.path)

    def do_GET(self):  # noqa: N802 (name given by the standard library)
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        if not path.is_file():
            self.send_error(404)
            return
        body, packed = body_as_sent(path)
        self.send_response(200)
        self.send_header("Content-Type", mimetypes.guess_type(path.name)[0] or "application/octet-stream")
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", self.policy)
        self.send_header("Cache-Control", cache_for(self.path))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@contextlib.contextmanager
def serve(folder: Path, policy: str | None = None):
    """Serve ``folder`` on a free port of this machine; gives the address. ``policy`` replaces that of all pages."""
    kind = type("OtherHandler", (Handler,), {"forced_policy": policy})

    def handler(*args, **kwargs):
        return kind(*args, directory=str(folder), **kwargs)

    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def pages() -> list[str]:
    """Addresses of all pages in the table of contents, the landing page first."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    found = [toc["root"]]

    def walk(node):
        for key in ("parts", "chapters", "sections"):
            for item in node.get(key, []):
                if "file" in item:
                    found.append(item["file"])
                walk(item)

    walk(toc)
    return [f"{name.removesuffix('.md')}.html" for name in found]


def is_figure(url: str, kind: str) -> bool:
    """Figures are what a page shows of its own results; the logo is not one."""
    return kind == "image" and "/_images/" in url


def weight(site: Path, base: str, requests: list[tuple[str, str]]) -> tuple[int, int, list[tuple[int, str]]]:
    """Bytes and number of the requests of one page besides its figures, and the single weights.

    ``requests`` are pairs (url, Playwright resource type).
    """
    rows = []
    for url, kind in requests:
        if not url.startswith(base) or is_figure(url, kind):
            continue
        path = site / unquote(urlsplit(url).path).lstrip("/")
        if path.is_dir():
            path /= "index.html"
        rows.append((len(body_as_sent(path)[0]), path.relative_to(site).as_posix()))
    return sum(size for size, _ in rows), len(rows), sorted(rows, reverse=True)
