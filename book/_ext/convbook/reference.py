"""The reference: every public name of a module, from its docstring, with an anchor of its own.

In a MyST page::

    ```{eval-rst}
    .. reference:: conv_lib.shapes
    ```

Sphinx's autodoc renders the docstrings, napoleon their sections; here the names are listed, in the order in which the
module imports them, under the first line of the file that they come from.
"""

from __future__ import annotations

import importlib
import inspect
import re
import sys

from docutils import nodes
from docutils.parsers.rst import Directive, directives
from docutils.statemachine import StringList

FIELD = re.compile(r"(\w+(?:, \w+)*) : (.+)")
SECTION = re.compile(r"(Parameters|Attributes|Returns|Yields|Raises|See Also|Notes|Examples)$")


def public_names(module) -> list[str]:
    """Names in ``__all__``, in the order of import."""
    listed = list(getattr(module, "__all__", []))
    found = [name for name in vars(module) if name in listed]
    return found + [name for name in listed if name not in found]


def as_definitions(lines: list[str]) -> list[str]:
    """Docstring lines ``name : text`` outside numpydoc sections, as a definition list.

    >>> as_definitions(["Sum.", "", "size : in pixels, of", "    the input", "more"])
    ['Sum.', '', '``size``', '    in pixels, of', '    the input', '', 'more']
    """
    result, section, inside = [], False, False
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if SECTION.match(line) and set(after.strip()) == {"-"}:
            section = True
        match = None if section else FIELD.fullmatch(line)
        if match:
            result += [", ".join(f"``{name}``" for name in match[1].split(", ")), f"    {match[2]}"]
            inside = True
            continue
        if inside and line.strip() and not line.startswith(" "):
            result.append("")
        inside = inside and (line.startswith(" ") or not line.strip())
        result.append(line)
    return result


def without_emphasis(line: str) -> str:
    """``(batch, *spatial)`` is a shape, not the start of emphasis."""
    if line.lstrip().startswith((">>>", "...")):
        return line
    return re.sub(r"(?<=[(, ])\*(?=\w)(?!\w+\*)", r"\\*", line)


def sources_first(lines: list[str]) -> list[str]:
    """A closing ``Source: address`` belongs to the text, not to the last section."""
    heads = [i for i, (line, after) in enumerate(zip(lines, lines[1:], strict=False))
             if SECTION.match(line) and set(after.strip()) == {"-"}]
    found = [i for i, line in enumerate(lines) if re.match(r"(Source|See)s?: ", line)]
    if not heads or not found or found[-1] < heads[0]:
        return lines
    source = [line for line in lines[found[-1]:]]
    return [*lines[: heads[0]], *source, "", *lines[heads[0] : found[-1]]]


def tidy(app, what, name, obj, options, lines):
    lines[:] = map(without_emphasis, as_definitions(sources_first(lines)))


def plain_signature(app, what, name, obj, options, signature, returns):
    """Names and defaults; the types stand in the docstring, in words."""
    if what not in ("function", "class", "method") or not signature:
        return None
    try:
        found = inspect.signature(obj)
    except (TypeError, ValueError):
        return None
    parameters = [p.replace(annotation=inspect.Parameter.empty) for p in found.parameters.values()]
    if what == "method" and parameters and parameters[0].name == "self":
        parameters = parameters[1:]
    return str(inspect.Signature(parameters)), None


def skip_fields(app, what, name, obj, skip, options):
    """Fields of named tuples have no docstring of their own."""
    return True if (inspect.getdoc(obj) or "").startswith("Alias for field number") else None


def entry(module: str, name: str, value: object) -> list[str]:
    """The directive for one name."""
    full = f"{module}.{name}"
    if inspect.isclass(value):
        return [f".. autoclass:: {full}", "   :members:", "   :inherited-members: tuple, dict, object", ""]
    if callable(value):
        return [f".. autofunction:: {full}", ""]
    if isinstance(value, dict):
        kinds = ", ".join(sorted({f"``{type(row).__name__}``" for row in value.values()}))
        keys = ", ".join(f"``{key}``" for key in value)
        return [f".. py:data:: {full}", "", f"   A dict of {kinds}, by name: {keys}.", ""]
    raise TypeError(f"{full} is neither a function, a class nor a dict: {value!r}")


class Reference(Directive):
    """``.. reference:: module``; ``:under:`` names the package from which readers import these names."""

    required_arguments = 1
    option_spec = {"under": directives.unchanged}

    def run(self):
        module = importlib.import_module(self.arguments[0])
        under = self.options.get("under", module.__name__)
        groups: dict[str, list[str]] = {}
        for name in public_names(module):
            value = getattr(module, name)
            if inspect.ismodule(value):
                home = value.__name__
                inner = [n for n, v in vars(value).items()
                         if inspect.isfunction(v) and v.__module__ == home and not n.startswith("_")]
                groups.setdefault(home, []).extend(
                    line for one in inner for line in entry(home, one, getattr(value, one)))
                continue
            home = getattr(value, "__module__", None) if callable(value) else None
            groups.setdefault(home or module.__name__, []).extend(entry(under, name, value))
        lines: list[str] = []
        targets = re.compile(r"\.\. (?:auto\w+|py:data):: (\S+)")
        listed = [found[1] for entries in groups.values() for line in entries if (found := targets.match(line))]
        lines += [" · ".join(f":py:obj:`{one} <{one}>`".replace(f"`{one} <", f"`{one.rsplit('.', 1)[1]} <")
                             for one in listed), ""]
        for home, entries in groups.items():
            head = (inspect.getdoc(importlib.import_module(home)) or "").split("\n")[0].rstrip(".:")
            title = head if home != module.__name__ else "Data"
            lines += [f".. rubric:: {title}", "", *entries]
        box = nodes.container(classes=["cb-reference"])
        self.state.nested_parse(StringList(lines, source=f"<{module.__name__}>"), 0, box)
        return [box]


def begin(app, config):
    if str(app.srcdir) not in sys.path:  # the conv_lib beside the chapters, whatever else is installed
        sys.path.insert(0, str(app.srcdir))


def setup(app):
    for name in ("sphinx.ext.autodoc", "sphinx.ext.napoleon"):
        app.setup_extension(name)
    app.add_directive("reference", Reference)
    app.connect("config-inited", begin)
    app.connect("autodoc-process-docstring", tidy, priority=400)  # before napoleon
    app.connect("autodoc-process-signature", plain_signature)
    app.connect("autodoc-skip-member", skip_fields)
