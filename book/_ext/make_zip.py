"""``make zip``: the whole site as one file that opens from a folder, without network or server.

Same site, same bytes: names in order, one date for all. ``index.html`` lies at the top.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "_build" / "convolution-both-ways.zip"
# What only a server or a builder needs.
LEFT_OUT = {".buildinfo", "404.html", "objects.inv", "sitemap.xml", "robots.txt", "reports"}
DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can hold


def members(site: Path) -> list[Path]:
    """The files of the site that travel, in order of their names."""
    found = (path for path in site.rglob("*") if path.is_file())
    kept = (path for path in found if path.relative_to(site).parts[0] not in LEFT_OUT)
    return sorted(kept, key=lambda path: path.relative_to(site).as_posix())


def make_zip(site: Path, target: Path) -> int:
    """Write ``target``; gives the number of files in it. An old one is replaced only when the new one is complete."""
    if not (site / "index.html").is_file():
        raise SystemExit(f"== there is no built book in {site}: run `make book` first")
    files = members(site)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in files:
            info = zipfile.ZipInfo(path.relative_to(site).as_posix(), DATE)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            archive.writestr(info, path.read_bytes())
    part.replace(target)
    return len(files)


def main(arguments: list[str]) -> int:
    site = Path(arguments[0]) if arguments else ROOT / "_build" / "html"
    target = Path(arguments[1]) if len(arguments) > 1 else TARGET
    count = make_zip(site, target)
    print(f"== {target}: {count} files, {target.stat().st_size / 1e6:.1f} MB. Unpack it and open index.html")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
