"""What a page loads: its own styles and scripts, and as little of the theme as it uses.

The theme ships 540 kB (gzip) of icon scripts, three icon fonts, Bootstrap's scripts and 66 kB of style rules. A page
of this book uses a dozen icons, none of Bootstrap's scripts, and a fifth of the rules. So when a build is finished,
rules whose classes occur in no page and no script are dropped (tinycss2 does the parsing), and the icon fonts are cut
to the glyphs that the remaining rules name (fontTools does the cutting). The page templates in ``book/_templates``
leave out the scripts and every inline script, so that the strictest Content-Security-Policy lets the site work. What
remains is put together into one style sheet and one script: over a slow line, requests cost more than bytes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

import tinycss2
from fontTools import subset
from fontTools.ttLib import TTFont
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)

WIDGET_FILES = ("page.js", "page/*.js", "widgets.css")
# Scripts that Sphinx or the theme adds and no page needs before it is asked for.
UNUSED_SCRIPTS = ("scripts/fontawesome.js", "scripts/bootstrap.js", "design-tabs.js")
UNUSED_FILES = ("scripts/fontawesome.js*", "scripts/bootstrap.js*", "vendor", "**/*.map", "sbt-webpack-macros.html",
                "webpack-macros.html", "images/logo_*", "locales")
# Opened from a folder, no page may read another one: search then shows titles and sections without excerpts.
FROM_FOLDER = 'if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;\n'


# ---------------------------------------------------------------- colours


def colour_css(palette: dict) -> str:
    """The book's colours as CSS variables, light and dark.

    ``--cb-input`` is the colour of lines and text, ``--cb-input-fill`` and ``--cb-input-strong`` those of surfaces;
    the same for kernel, output, padding and zero; ``--cb-paper``, ``--cb-ink`` and so on for the page itself.
    """

    def block(selector: str, mode: str) -> str:
        lines = [f"  color-scheme: {mode};"]
        for role, row in palette.get("roles", {}).items():
            tones = row.get(mode, {})
            tones = {"line": tones} if isinstance(tones, str) else tones
            for tone, colour in tones.items():
                lines.append(f"  --cb-{role}{'' if tone == 'line' else '-' + tone}: {colour};")
        for name, colour in palette.get("ui", {}).get(mode, {}).items():
            lines.append(f"  --cb-{name}: {colour};")
        return f"{selector} {{\n" + "\n".join(lines) + "\n}\n"

    text = "/* Written from conv_lib/figures/palette.json when the book is built. */\n"
    text += block(":root", "light")
    text += "@media screen {\n" + block('html[data-theme="dark"]', "dark") + "}\n"  # paper is always light
    roles = "".join(
        f".cb-{role} {{ color: var(--cb-{role}); }}\n" for role in palette.get("roles", {})
    )
    return text + roles


def write_colours(app):
    if app.builder.format != "html":
        return
    palette = Path(app.srcdir) / "conv_lib" / "figures" / "palette.json"
    data = json.loads(palette.read_text(encoding="utf-8")) if palette.exists() else {}
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    (static / "colours.css").write_text(colour_css(data), encoding="utf-8")
    app.add_css_file("colours.css", priority=190)


def copy_bundle(app):
    """The widgets' script and styles, where Sphinx finds them when it writes pages and adds ``?v=`` with their hash."""
    if app.builder.format != "html":
        return
    static = Path(app.srcdir) / "conv_lib" / "widgets" / "static"
    for source in (path for pattern in WIDGET_FILES for path in static.glob(pattern)):
        target = Path(app.outdir) / "_static" / "conv_lib" / source.relative_to(static)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


# ---------------------------------------------------------------- per page


def figures_to_files(body: str, out: Path, pathto) -> str:
    """Write the figures of widgets, and images in ``data:``, to files: a browser with scripts never asks for them."""

    def written(data: bytes, suffix: str) -> str:
        name = f"_images/{hashlib.sha256(data).hexdigest()[:16]}.{suffix}"
        (out / "_images").mkdir(exist_ok=True)
        (out / name).write_bytes(data)
        return pathto(name, 1)

    def drawing(match: re.Match) -> str:
        label, style, rest = match.groups()
        return f'<img src="{written(f"<svg{rest}".encode(), "svg")}" alt="{label}" style="{style}"/>'

    def replace(match: re.Match) -> str:
        data = base64.b64decode(match[2]) if match[3] is None else unquote(match[3]).encode()
        return f'src="{written(data, match[1].replace("jpeg", "jpg").replace("svg+xml", "svg"))}"'

    drawn = r'(?<=<noscript><figure>)<svg role="img" aria-label="([^"]*)" style="([^"]*)"(.*?</svg>)\s*(?=<figcaption>)'
    body = re.sub(drawn, drawing, body, flags=re.S)

    pattern = r'src="data:image/(png|jpeg|webp|svg\+xml)(?:;charset=utf-?8)?(?:;base64,([^"]*)|,([^"]*))"'
    return re.sub(pattern, replace, body)


def name_of(asset) -> str:
    return str(getattr(asset, "filename", None) or "").removeprefix("_static/").split("?")[0]


def page_assets(app, pagename, templatename, context, doctree):
    """Note what the theme and the extensions would load; add the scripts of the widgets that a page holds."""
    if app.builder.format != "html":
        return
    # The template loads the two files that ``lighten`` makes of these lists when all pages are written.
    app.convbook_sheets.update(dict.fromkeys(map(name_of, context["css_files"])))
    app.convbook_scripts.update(dict.fromkeys(map(name_of, context["script_files"])))
    context["css_files"][:] = []
    context["script_files"][:] = []
    # docutils gives entries of a bibliography a role that ARIA has withdrawn
    body = context.get("body", "").replace('role="doc-biblioentry"', 'role="listitem"')
    if 'class="cb-widget' in body:
        folder = Path(app.outdir) / "_static" / "conv_lib"
        if (folder / "widgets.css").exists():
            app.add_css_file("conv_lib/widgets.css")
        if (folder / "page.js").exists():
            app.add_js_file("conv_lib/page.js", defer="defer", priority=490)
        for name in sorted(set(re.findall(r'data-widget="(\w+)"', body))):
            if (folder / "page" / f"{name}.js").exists():
                app.add_js_file(f"conv_lib/page/{name}.js", defer="defer")
        body = figures_to_files(body, Path(app.outdir), context["pathto"])
    if "sd-tab-set" in body:
        app.add_js_file("design-tabs.js", defer="defer")
    context["body"] = body


# ---------------------------------------------------------------- after the build


def words_used(out: Path) -> frozenset[str]:
    """Every word that could be a class: all words of all pages and scripts, which is more than enough."""
    words: set[str] = set()
    for path in [*out.rglob("*.html"), *(out / "_static").rglob("*.js")]:
        words.update(re.findall(r"[A-Za-z_][\w-]*", path.read_text(encoding="utf-8", errors="ignore")))
    for path in (out / "_static").rglob("*.css"):
        if path.parent.name != "styles":  # variables of the theme that our own sheets read
            words.update(re.findall(r"var\(\s*--([\w-]+)", path.read_text(encoding="utf-8")))
    return frozenset(words)


def is_used(selector: list, words: frozenset[str]) -> bool:
    """Whether a selector can match: all its classes and ids occur. ``:not(...)`` and the like are not looked into."""
    for before, token in zip([None, *selector], selector, strict=False):
        if token.type == "ident" and before is not None and before.type == "literal" and before.value == ".":
            if token.value not in words:
                return False
        elif token.type == "hash" and token.value not in words:
            return False
    return True


def split_selectors(prelude: list) -> list[list]:
    groups: list[list] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            groups.append([])
        else:
            groups[-1].append(token)
    return groups


def trim_rules(rules: list, words: frozenset[str]) -> str:
    kept = []
    for rule in rules:
        if rule.type == "qualified-rule":
            groups = [g for g in split_selectors(rule.prelude) if is_used(g, words)]
            if groups:
                head = ",".join(tinycss2.serialize(g).strip() for g in groups)
                kept.append(f"{head}{{{tinycss2.serialize(rule.content).strip()}}}")
        elif rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports", "layer") and rule.content:
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            text = trim_rules(inner, words)
            if text:
                kept.append(f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{text}}}")
        elif rule.type != "error":
            kept.append(rule.serialize())
    return "\n".join(kept)


@lru_cache(maxsize=8)
def parsed(css: str) -> list:
    return tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)


def trim_css(css: str, words: frozenset[str]) -> str:
    """The style sheet without rules that cannot match anything in the site."""
    text = trim_rules(parsed(css), words)
    # variables that nothing reads any more, first of all Bootstrap's colour table
    while True:
        read = set(re.findall(r"var\(\s*(--[\w-]+)", text)) | words
        less = re.sub(
            r"(?<=[{;\s])(--[\w-]+)\s*:\s*[^;{}\"']*;",
            lambda m, read=read: m.group(0) if m.group(1) in read or m.group(1).lstrip("-") in read else "",
            text,
        )
        if less == text:
            return text
        text = less


def cut_font(source: Path, target: Path, glyphs: set[int]) -> bool:
    """Write the given code points of an icon font as WOFF; False when it has none of them."""
    font = TTFont(source)
    logging.logging.getLogger("fontTools").setLevel("WARNING")
    wanted = glyphs & set(font.getBestCmap())
    if not wanted:
        return False
    options = subset.Options(flavor="woff", layout_features=[], notdef_outline=True, hinting=False)
    options.drop_tables += ["GSUB", "GPOS", "FFTM"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    font.flavor = "woff"
    font["head"].modified = font["head"].created  # same bytes from same glyphs
    target.parent.mkdir(parents=True, exist_ok=True)
    font.save(target)
    return True


def cut_icon_fonts(css: str, theme_css: Path, static: Path) -> str:
    """Replace each ``@font-face`` by one with only the glyphs that the style sheets name."""
    others = (p for p in static.rglob("*.css") if p.name != theme_css.name)
    sheets = css + "".join(p.read_text(encoding="utf-8") for p in others)
    glyphs = {int(code, 16) for code in re.findall(r"\\(f[0-9a-f]{3})", sheets)}
    glyphs |= {ord(letter) for letter in re.findall("[\uf000-\uf8ff]", sheets)}

    def replace(match: re.Match) -> str:
        face = match.group(0)
        if "src" not in face:
            return ""
        files = re.findall(r"url\(\"?([^)\"?#]+\.ttf)", face)
        source = (theme_css.parent / files[0]).resolve() if files else None
        if source is None:  # newer themes may ship woff2 alone
            stems = re.findall(r"url\(\"?([^)\"?#]+)\.woff2", face)
            source = (theme_css.parent / f"{stems[0]}.ttf").resolve() if stems else None
        if source is None or not source.exists():
            return face
        target = static / "styles" / f"{source.stem}.woff"
        if not cut_font(source, target, glyphs):
            return ""
        return re.sub(r"src:[^}]*?(?=[;}])", f"src:url({target.name}) format('woff')", face)

    return re.sub(r"@font-face\s*{[^}]*}", replace, css)


def join_sheets(static: Path, names: list[str]) -> None:
    """One style sheet, ``_static/styles/site.css``, of the theme's and all others, in their order."""
    parts = ['@charset "utf-8";']
    for name in ["styles/theme.css", "styles/pydata-sphinx-theme.css", *names]:
        path = static / name
        if not path.exists():
            continue
        text = path.read_text(encoding="utf-8")
        for imported in re.findall(r"@import\s+(?:url\()?[\"']([^\"']+)[\"']\)?[^;]*;", text):
            text = (path.parent / imported).read_text(encoding="utf-8") + text
        text = re.sub(r"@(?:import|charset)[^;]*;", "", text)
        if path.parent.name != "styles":  # addresses are relative to the joined sheet
            text = re.sub(r"url\((['\"]?)(?!data:|https?:|/|#)", r"url(\1../", text)
        parts.append(re.sub(r"/\*.*?\*/", "", text, flags=re.S))
    text = re.sub(r"\s*\n\s*", "\n", "\n".join(parts))
    (static / "styles" / "site.css").write_text(text, encoding="utf-8")


def join_scripts(static: Path, names: list[str]) -> None:
    """One script, ``_static/scripts/site.js``. They are classic scripts that share the page's scope anyway."""
    parts = []
    for name in [*names, "scripts/pydata-sphinx-theme.js"]:
        path = static / name
        if name and path.exists() and not name.startswith(UNUSED_SCRIPTS):
            parts.append(re.sub(r"^//# sourceMappingURL.*$", "", path.read_text(encoding="utf-8"), flags=re.M))
    if "documentation_options.js" in names:
        parts.append(FROM_FOLDER)
    (static / "scripts" / "site.js").write_text("\n;\n".join(parts), encoding="utf-8")


def stamp_pages(out: Path, *names: str) -> None:
    """Write the contents' hash behind the addresses, so that no browser keeps an old file with a new page."""
    for name in names:
        mark = hashlib.sha256((out / "_static" / name).read_bytes()).hexdigest()[:8]
        for page in out.rglob("*.html"):
            text = page.read_text(encoding="utf-8")
            new = re.sub(rf"(_static/{re.escape(name)})(\?v=\w*)?(?=\")", rf"\1?v={mark}", text)
            if new != text:
                page.write_text(new, encoding="utf-8")


def lighten(app, error):
    """After the build: trim the theme, join what is left, remove what no page asks for."""
    if error or app.builder is None or app.builder.format != "html" or not app.convbook_sheets:
        return
    out = Path(app.outdir)
    static = out / "_static"
    for pattern in UNUSED_FILES:
        for path in list(static.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in [static / "styles" / "site.css", static / "scripts" / "site.js"]:
        path.unlink(missing_ok=True)

    words = words_used(out)
    for pattern in ("basic.css", "mystnb.*.css", "pygments.css", "sphinx-design.min.css"):
        for path in static.glob(pattern):
            path.write_text(trim_css(path.read_text(encoding="utf-8"), words), encoding="utf-8")
    for theme in app.builder.theme.get_theme_dirs():
        for source in (Path(theme) / "static" / "styles").glob("*.css"):
            target = static / "styles" / source.name
            if target.exists():
                css = trim_css(source.read_text(encoding="utf-8"), words)
                target.write_text(cut_icon_fonts(css, source, static), encoding="utf-8")
    join_sheets(static, list(app.convbook_sheets))
    join_scripts(static, list(app.convbook_scripts))
    stamp_pages(out, "styles/site.css", "scripts/site.js", "mode.js")


def setup(app):
    # Jupyter Book always sets these two, also when the extensions they belong to are left out.
    for name in ("comments_config", "thebe_config"):
        if name not in app.config:
            app.add_config_value(name, {}, "html")
    app.convbook_sheets, app.convbook_scripts = {}, {}  # names, in order
    app.connect("builder-inited", write_colours)
    app.connect("builder-inited", copy_bundle)
    app.connect("html-page-context", page_assets, priority=900)
    app.connect("build-finished", lighten, priority=900)
