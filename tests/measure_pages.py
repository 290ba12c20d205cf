"""Weigh every page and time its widgets: ``make measure``.

For each page: kB (gzip) and requests on first load besides figures, kB of figures, milliseconds to the first paint, to
the text (DOMContentLoaded) and until the first widget is alive (``.cb-widget[data-alive]``), at 9 Mbit/s, 60 ms latency
and a CPU slowed four times, the middle of three runs with an empty cache.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from playwright.sync_api import sync_playwright  # noqa: E402

from site_server import is_figure, pages, serve, weight  # noqa: E402
from tools import CHROMIUM_FLAGS, ROOT, find_chromium  # noqa: E402

NETWORK = {
    "offline": False,
    "latency": 60,
    "downloadThroughput": 9e6 / 8,
    "uploadThroughput": 9e6 / 8,
}
SLOWED = 4
WATCH = """
new MutationObserver((_, self) => {
  if (document.querySelector('.cb-widget[data-alive]')) { window.cbAlive = performance.now(); self.disconnect(); }
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-alive'] });
"""
READ = """() => {
  const first = performance.getEntriesByName('first-contentful-paint')[0];
  const load = performance.getEntriesByType('navigation')[0];
  return { paint: first && first.startTime, text: load.domContentLoadedEventEnd, alive: window.cbAlive,
           widgets: document.querySelectorAll('.cb-widget').length };
}"""


def measure(browser, base: str, site: Path, address: str) -> dict:
    """One first load of one page."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    requests = []
    page.on("request", lambda r: requests.append((r.url, r.resource_type)))
    cdp = context.new_cdp_session(page)
    cdp.send("Network.enable")
    cdp.send("Network.emulateNetworkConditions", NETWORK)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    page.add_init_script(WATCH)
    page.goto(f"{base}/{address}")
    if page.locator(".cb-widget").count():
        page.wait_for_selector(".cb-widget[data-alive]", state="attached", timeout=20_000)
    page.wait_for_load_state("networkidle")
    result = page.evaluate(READ)
    total, count, rows = weight(site, base, requests)
    figures = [url for url, kind in requests if is_figure(url, kind)]
    figure_bytes = sum((site / url.split(base, 1)[1].lstrip("/")).stat().st_size for url in figures)
    context.close()
    return {**result, "bytes": total, "requests": count, "rows": rows, "figures": figure_bytes}


def middle(values: list) -> str:
    values = [v for v in values if v is not None]
    return f"{statistics.median(values):.0f}" if values else "-"


def main() -> int:
    site = Path(sys.argv[1] if len(sys.argv) > 1 and sys.argv[1][0] != "-" else ROOT / "_build" / "html").resolve()
    if not (site / "index.html").exists():
        sys.exit(f"{site} holds no book: run `make book` first")
    print(f"9 Mbit/s, 60 ms, CPU slowed {SLOWED} times; kB gzip, first load, besides figures; median of three, ms\n")
    print(f"{'page':34}{'kB':>6}{'requests':>10}{'figures kB':>12}{'paint':>8}{'text':>8}{'alive':>8}{'widgets':>9}")
    with serve(site) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_FLAGS)
        for address in pages():
            runs = [measure(browser, base, site, address) for _ in range(3)]
            row = runs[0]
            times = "".join(f"{middle([run[key] for run in runs]):>8}" for key in ("paint", "text", "alive"))
            print(
                f"{address:34}{row['bytes'] / 1000:>6.0f}{row['requests']:>10}{row['figures'] / 1000:>12.0f}"
                f"{times}{row['widgets']:>9}"
            )
            if "--files" in sys.argv:
                for size, name in row["rows"]:
                    print(f"    {size / 1000:7.1f}  {name}")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
