"""``make course``: the chapters as notebooks for a class, and their coding exercises as assignments for nbgrader.

    _build/course/student/       solutions and what would show them removed; a place to write, and ``check``, for each
    _build/course/instructor/    complete: every solution stands in a cell that runs and is checked
    _build/course/source/        assignments in nbgrader's layout, source/<name>/<name>.ipynb, with solutions
    _build/course/release/       the same as students get them

What was written is remembered by its hash. A file that somebody changed since is never overwritten.
"""

from __future__ import annotations

import ast
import builtins
import hashlib
import json
import re
import sys
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

SCHEMA = 3  # of nbgrader's metadata
RECORD = ".written.json"
BOX = re.compile(r"^(:{3,})\{admonition\}[ ]*(?P<title>[^\n]*)\n(?P<body>.*?)^\1[ ]*$\n?", re.M | re.S)
FENCE = re.compile(r"^```python\n(.*?)^```[ ]*$\n?", re.M | re.S)
EXERCISE = re.compile(r"^\*\*(\d+)\. (?P<title>.+?) \((?P<time>[^)]*)\)\.\*\*", re.M)
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
ON_PAGES = " Run it in a notebook: the download button is at the top of this page."
HIDDEN = {"remove-input", "remove-output"}


class CourseError(Exception):
    """Something that a person can put right; its text says how."""


# ---------------------------------------------------------------- reading a chapter


@dataclass
class Task:
    """One coding exercise: what `check` calls it, the function's name and the solution."""

    check: str
    function: str
    code: str

    def _parts(self) -> tuple[list[ast.stmt], ast.FunctionDef, list[ast.stmt], list[str]]:
        lines = self.code.splitlines()
        tree = ast.parse(self.code)
        place = next(
            i for i, node in enumerate(tree.body) if isinstance(node, ast.FunctionDef) and node.name == self.function
        )
        return tree.body[:place], tree.body[place], tree.body[place + 1 :], lines

    def _text(self, node: ast.stmt, lines: list[str]) -> str:
        return "\n".join(lines[node.lineno - 1 : node.end_lineno])

    def head(self) -> str:
        """Imports, and the function's first line or lines."""
        before, function, _, lines = self._parts()
        imports = [self._text(node, lines) for node in before if isinstance(node, ast.Import | ast.ImportFrom)]
        first = function.body[0].lineno
        signature = "\n".join(lines[function.lineno - 1 : first - 1]) if first > function.lineno else None
        if signature is None:
            signature = lines[function.lineno - 1].split(":", 1)[0] + ":"
        return "\n".join([*imports, *([""] * 2 if imports else []), signature])

    def stub(self) -> str:
        return f"{self.head()}\n    ...  # your code"

    def marked(self) -> str:
        """The solution between nbgrader's marks, which it replaces for students."""
        before, function, _, lines = self._parts()
        helpers = [self._text(n, lines) for n in before if not isinstance(n, ast.Import | ast.ImportFrom)]
        body = lines[function.body[0].lineno - 1 : function.end_lineno]
        if function.body[0].lineno == function.lineno:
            body = ["    " + lines[function.lineno - 1].split(":", 1)[1].strip()]
        parts = [self.head(), f"    {BEGIN}", *body, f"    {END}"]
        if helpers:
            parts = [BEGIN, *helpers, END, "", "", *parts]
        return "\n".join(parts)

    def released(self) -> str:
        """What students get: the region as nbgrader clears it."""
        return cleared(self.marked())


def cleared(code: str) -> str:
    """Regions between the marks replaced, as ``nbgrader generate_assignment`` does by default."""
    out, inside = [], False
    for line in code.split("\n"):
        if BEGIN in line:
            indent = line[: len(line) - len(line.lstrip())]
            out += [f"{indent}# YOUR CODE HERE", f"{indent}raise NotImplementedError()"]
            inside = True
        elif END in line:
            inside = False
        elif not inside:
            out.append(line)
    return "\n".join(out)


def tasks_in(text: str) -> list[Task]:
    """The coding exercises of one folded solution."""
    found = []
    for code in FENCE.findall(text):
        for name in re.findall(r"^# check: ([\w-]+)", code, re.M):
            function = re.search(rf"^# check: {name}$.*?^def (\w+)", code, re.M | re.S)
            if function:
                found.append(Task(name, function[1], re.sub(r"^# check: .*\n", "", code, flags=re.M).strip("\n")))
    return found


@dataclass
class Exercise:
    """A numbered exercise that has coding in it."""

    title: str
    text: str
    minutes: int
    tasks: list[Task] = field(default_factory=list)


def minutes_of(time: str) -> int:
    """Minutes of "10 minutes", "half an hour", "an hour"; 10 where it does not say."""
    number = re.search(r"\d+", time)
    if number:
        return int(number[0]) * (60 if "hour" in time else 1)
    return 30 if "half" in time else 60 if "hour" in time else 10


def is_solution(title: str, among_exercises: bool) -> bool:
    """Whether a folded box gives something away: any among the exercises, but hints."""
    name = title.strip().lower()
    return name.startswith("solution") or (among_exercises and not name.startswith("hint"))


def read_chapter(source: Path):
    """A chapter as a notebook, with the formulas as Jupyter reads them."""
    try:
        import jupytext
    except ImportError:
        raise CourseError("make course needs jupytext: pip install -r requirements.txt") from None
    from .notebooks import is_notebook, plain_formulas, role_colours

    if not source.is_file():
        raise CourseError(f"There is no chapter {source}.")
    if not is_notebook(source):
        raise CourseError(f"{source} is not a chapter: it does not begin with jupytext's header.")
    notebook = jupytext.read(source)
    notebook.metadata.pop("jupytext", None)
    colours = role_colours(Path(__file__).resolve().parents[3])
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = plain_formulas(cell.source, colours).replace(ON_PAGES, "")
    return notebook


# ---------------------------------------------------------------- the two notebooks


def _cells(kind: str, *args, **kwargs):
    from nbformat.v4 import new_code_cell, new_markdown_cell

    return {"code": new_code_cell, "markdown": new_markdown_cell}[kind](*args, **kwargs)


def _hidden_source(cell):
    """A cell whose code pages do not show: Jupyter folds it."""
    if cell.cell_type == "code" and "remove-input" in cell.metadata.get("tags", []):
        cell.metadata["jupyter"] = {"source_hidden": True}
    return cell


def _edited(notebook, replace) -> tuple[list, list[list]]:
    """Cells with each folded solution replaced by ``replace(body, tasks)``; and the hidden cells of solutions."""
    cells, dropped, among = [], [], False
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            tags = set(cell.metadata.get("tags", []))
            if among and tags >= HIDDEN:
                dropped.append((len(cells), cell))
            cells.append(_hidden_source(cell))
            continue
        rest = cell.source
        start = 0
        for box in BOX.finditer(rest):
            before = rest[start : box.start()]
            among = _still(among, before)
            if not is_solution(box["title"], among):
                continue
            if before.strip():
                cells.append(_cells("markdown", before.strip()))
            cells += replace(box["body"], tasks_in(box["body"]))
            start = box.end()
        tail = rest[start:]
        among = _still(among, tail)
        if tail.strip():
            cells.append(_cells("markdown", tail.strip()))
    return cells, dropped


def _still(among: bool, text: str) -> bool:
    for heading in re.findall(r"^## (.+)$", text, re.M):
        among = heading.strip().lower().startswith("exercise")
    return among


CHECK_LINE = "from conv_lib.exercises import check"


def student(notebook, name: str = "chapter"):
    """The chapter without solutions: a place to write for each, and `check` where it can be checked."""

    def replace(body: str, tasks: list[Task]) -> list:
        if not tasks:
            return [_cells("markdown", "*Your answer:*")]
        return [
            _cells("code", f'{CHECK_LINE}\n\n\n{task.stub()}\n\n\ncheck("{task.check}", {task.function})')
            for task in tasks
        ]

    cells, dropped = _edited(notebook, replace)
    gone = {id(cell) for _, cell in dropped}
    kept = [cell for cell in cells if id(cell) not in gone]
    missing = names_missing(kept, [cell for _, cell in dropped])
    if missing:
        raise CourseError(
            f"{name}: a cell after a removed solution uses {', '.join(sorted(missing))}, which only the solution "
            "defines. Define it in a cell of its own."
        )
    notebook.cells = kept
    return notebook


def instructor(notebook, name: str = "chapter"):
    """The complete chapter: solutions stand open, and those that `check` knows run."""

    def replace(body: str, tasks: list[Task]) -> list:
        cells = [_cells("markdown", "**Solution**")]
        start = 0
        text = re.sub(r"^:class:.*\n", "", body, flags=re.M)
        for fence in FENCE.finditer(text):
            mine = tasks_in(fence[0])
            if not mine:
                continue
            before = text[start : fence.start()].strip()
            if before:
                cells.append(_cells("markdown", before))
            code = re.sub(r"^# check: .*\n", "", fence[1], flags=re.M).strip("\n")
            calls = "\n".join(f'assert check("{task.check}", {task.function})' for task in mine)
            cells.append(_cells("code", f"{CHECK_LINE}\n\n{code}\n\n\n{calls}", metadata={"tags": ["solution"]}))
            start = fence.end()
        tail = text[start:].strip()
        if tail:
            cells.append(_cells("markdown", tail))
        return cells

    notebook.cells = _edited(notebook, replace)[0]
    return notebook


def _names(code: str) -> tuple[set[str], set[str]]:
    """Names that a cell stores at its top level, and names that it reads anywhere."""
    code = re.sub(r"^\s*[%!].*$", "", code, flags=re.M)
    tree = ast.parse(code)
    stored, read = set(), set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            stored.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            stored |= {(a.asname or a.name).split(".")[0] for a in node.names}
        else:
            stored |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            read.add(node.id)
    return stored, read


def names_missing(kept: list, removed: list) -> set[str]:
    """Names that only removed cells define and kept cells read."""
    only = set().union(*(_names(c.source)[0] for c in removed)) if removed else set()
    defined, read = set(dir(builtins)), set()
    for cell in kept:
        if cell.cell_type == "code":
            stored, used = _names(cell.source)
            defined |= stored
            # arguments, comprehension variables and the like of inner scopes
            defined |= {n.arg for n in ast.walk(ast.parse(re.sub(r"^\s*[%!].*$", "", cell.source, flags=re.M)))
                        if isinstance(n, ast.arg)}
            read |= used
    return (read & only) - defined


# ---------------------------------------------------------------- assignments


def exercises_of(notebook) -> list[Exercise]:
    """The exercises of a chapter that have something for `check`."""
    found: list[Exercise] = []
    current: Exercise | None = None
    among = False
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            continue
        pieces, start = [], 0
        for box in BOX.finditer(cell.source):
            pieces += [("text", cell.source[start : box.start()]), ("box", box)]
            start = box.end()
        pieces.append(("text", cell.source[start:]))
        for kind, piece in pieces:
            if kind == "text":
                among = _still(among, piece)
                marks = list(EXERCISE.finditer(piece))
                for here, after in zip(marks, [*marks[1:], None], strict=False):
                    text = piece[here.start() : after.start() if after else len(piece)]
                    text = re.split(r"^## ", text, flags=re.M)[0].strip()
                    current = Exercise(here["title"], text, minutes_of(here["time"]))
            elif among and current is not None and is_solution(piece["title"], True):
                tasks = tasks_in(piece["body"])
                if tasks:
                    current.tasks += tasks
                    if current not in found:
                        found.append(current)
    return found


def imports_of(notebook, wanted: set[str]) -> list[str]:
    """The chapter's own import lines for the names that the solutions use."""
    lines: dict[str, str] = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        for node in ast.parse(re.sub(r"^\s*[%!].*$", "", cell.source, flags=re.M)).body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                for alias in node.names:
                    name = (alias.asname or alias.name).split(".")[0]
                    one = ast.unparse(
                        ast.Import([alias]) if isinstance(node, ast.Import)
                        else ast.ImportFrom(node.module, [alias], node.level)
                    )
                    lines.setdefault(name, one)
    return sorted({lines[name] for name in wanted if name in lines})


def _grading(grade_id: str, kind: str, *, points: int = 0) -> dict:
    row = {
        "schema_version": SCHEMA,
        "grade_id": grade_id,
        "grade": kind == "test",
        "solution": kind == "solution",
        "locked": kind != "solution",
        "task": False,
        "cell_type": "markdown" if kind == "text" else "code",
    }
    if kind == "test":
        row["points"] = points
    return {"nbgrader": row}


def assignment(notebook, name: str, *, release: bool = False):
    """The coding exercises of a chapter as an assignment in nbgrader's format."""
    from nbformat.v4 import new_notebook

    exercises = exercises_of(notebook)
    if not exercises:
        raise CourseError(f"{name} has no exercise that `check` can grade, so there is no assignment of it.")
    title = next((m[1] for c in notebook.cells if (m := re.search(r"^# (.+)$", c.source, re.M))), name)
    codes = [task.code for one in exercises for task in one.tasks]
    wanted = set().union(*(_names(code)[1] for code in codes))
    setup = "\n".join(imports_of(notebook, wanted | {"np"}) or ["import numpy as np"])
    top = (
        f"# {title}: assignment\n\nWrite each function where it says so. The cell below it tells you what is wrong, "
        "and gives the points. Run all cells from the top before you hand this in."
    )
    cells = [
        _cells("markdown", top, metadata=_grading(f"{name}-top", "text")),
        _cells("code", setup, metadata=_grading(f"{name}-setup", "setup")),
    ]
    used: dict[str, int] = {}
    for number, one in enumerate(exercises, 1):
        cells.append(_cells("markdown", one.text, metadata=_grading(f"{name}-task-{number}", "text")))
        for task in one.tasks:
            used[task.check] = used.get(task.check, 0) + 1
            again = f"-{used[task.check]}" if used[task.check] > 1 else ""
            grade_id = f"{name}-{task.check.replace('_', '-')}{again}"
            code = task.released() if release else task.marked()
            cells.append(_cells("code", code, metadata=_grading(grade_id, "solution")))
            test = f'{CHECK_LINE}\n\nreport = check("{task.check}", {task.function})\nprint(report)\nassert report'
            points = max(1, round(one.minutes / len(one.tasks)))
            cells.append(_cells("code", test, metadata=_grading(f"{grade_id}-points", "test", points=points)))
    for place, cell in enumerate(cells):
        cell["id"] = f"{name[:40]}-{place}"
    return new_notebook(cells=cells, metadata=dict(notebook.metadata))


def check_assignment(notebook) -> None:
    """Hold an assignment to nbformat, and to what nbgrader 0.9 asks of its cells."""
    import nbformat

    nbformat.validate(notebook)
    seen = set()
    for cell in notebook.cells:
        row = cell.metadata.get("nbgrader")
        if row is None:
            continue
        assert row["schema_version"] == SCHEMA and row["cell_type"] == cell.cell_type
        assert re.fullmatch(r"[A-Za-z0-9_-]+", row["grade_id"]) and row["grade_id"] not in seen, row["grade_id"]
        assert {"grade", "solution", "locked", "task"} <= set(row)
        assert ("points" in row) == row["grade"] and not (row["grade"] and row["points"] < 0)
        assert not (row["solution"] and row["locked"])
        seen.add(row["grade_id"])


# ---------------------------------------------------------------- writing, without overwriting


def as_text(notebook) -> str:
    import nbformat

    for place, cell in enumerate(notebook.cells):
        if not re.fullmatch(r".+-\d+", cell.get("id", "")):
            cell["id"] = f"cell-{place}"  # the same chapter gives the same file
    return nbformat.writes(nbformat.from_dict(notebook), version=4) + "\n"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def changed_since(folder: Path, files: dict[str, str]) -> list[str]:
    """Files that would be overwritten though somebody changed or put them there."""
    record = folder / RECORD
    try:
        known = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    except ValueError:
        known = {}
    found = []
    for name, text in files.items():
        path = folder / name
        if path.exists():
            there = path.read_bytes()
            if hashlib.sha256(there).hexdigest() not in (known.get(name), digest(text)):
                found.append(name)
    return found


def write_all(folder: Path, files: dict[str, str]) -> None:
    """Write all or nothing."""
    if folder.exists() and not folder.is_dir():
        raise CourseError(f"{folder} is a file. Name a folder: make course COURSE=folder")
    edited = changed_since(folder, files)
    if edited:
        shown = "\n".join(f"   {folder / name}" for name in edited)
        raise CourseError(
            f"Nothing was written: these files were changed since `make course` wrote them.\n{shown}\n"
            "Move them away, or write into another folder: make course COURSE=folder"
        )
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    record = folder / RECORD
    known = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    known.update({name: digest(text) for name, text in files.items()})
    record.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")


CONFIG = '''# nbgrader reads this in the folder that it is run in.
c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "both-ways"
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\\nraise NotImplementedError()"}
c.ExecutePreprocessor.timeout = 120
'''


def make_course(sources: list[Path], folder: Path, say=print) -> dict[str, str]:
    """Convert the chapters and write all; returns the texts by file name."""
    files: dict[str, str] = {}
    assignments = 0
    for source in sources:
        name, chapter = source.stem, read_chapter(source)
        files[f"student/{name}.ipynb"] = as_text(student(deepcopy(chapter), name))
        files[f"instructor/{name}.ipynb"] = as_text(instructor(deepcopy(chapter), name))
        if not exercises_of(chapter):
            say(f"   {name:18} has no exercise that check can grade: no assignment")
            continue
        for kind in ("source", "release"):
            made = assignment(chapter, name, release=kind == "release")
            check_assignment(made)
            files[f"{kind}/{name}/{name}.ipynb"] = as_text(made)
        assignments += 1
    files["nbgrader_config.py"] = CONFIG
    write_all(folder, files)
    say(f"== {folder}: {len(sources)} notebooks for students, as many for instructors, {assignments} assignments")
    return files


# ---------------------------------------------------------------- grading, where nbgrader is not at hand


@dataclass
class Grade:
    """Points of one submission, row by row."""

    rows: list[tuple[str, float, float, str]]

    @property
    def points(self) -> float:
        return sum(row[1] for row in self.rows)

    @property
    def most(self) -> float:
        return sum(row[2] for row in self.rows)

    def __str__(self) -> str:
        lines = [
            f"   {points:g} of {most:g}  {name}" + (f"  ({why})" if why else "")
            for name, points, most, why in self.rows
        ]
        return "\n".join([*lines, f"   {self.points:g} of {self.most:g}  in all"])


def read_submission(path: Path):
    """A student's notebook, or a message that says what is wrong with the file."""
    import nbformat

    if not path.is_file():
        raise CourseError(f"{path}: there is no such file.")
    try:
        text = path.read_text(encoding="utf-8")
        notebook = nbformat.reads(text, as_version=4)
        nbformat.validate(notebook)
    except UnicodeDecodeError:
        raise CourseError(f"{path} is not a notebook: it is not text. Hand in the .ipynb file.") from None
    except Exception as error:
        said = " ".join(str(error).split())[:120]
        raise CourseError(f"{path} is not a notebook that can be read ({said}). Hand in the .ipynb file.") from None
    return notebook


def grade(source: Path, submission: Path, *, seconds: int = 60) -> Grade:
    """Run the student's functions under the tests of the source, and count points.

    Only the cells in which students write are taken from the submission; tests and set-up are ours. The code runs as
    the user who grades: for a class use a container, as with nbgrader.
    """
    import tempfile

    try:
        from nbclient import NotebookClient
    except ImportError:
        raise CourseError("Grading needs nbclient: pip install -r requirements.txt") from None
    if not source.is_file():
        there = sorted(path.name for path in source.parent.parent.glob("*") if path.is_dir())
        known = f"There are {', '.join(there)}." if there else "Run make course first."
        raise CourseError(f"There is no assignment {source.stem!r}. {known}")
    ours, theirs = read_submission(source), read_submission(submission)
    written = {}
    for cell in theirs.cells:
        row = cell.metadata.get("nbgrader") or {}
        if isinstance(row, dict) and row.get("solution") and cell.cell_type == "code":
            written.setdefault(row.get("grade_id"), cell.source)
    if not written:
        raise CourseError(
            f"{submission} holds none of the cells of the assignment {source.stem!r}. Is it another notebook?"
        )
    absent = set()
    for cell in ours.cells:
        row = cell.metadata.get("nbgrader", {})
        if row.get("solution"):
            absent |= {row["grade_id"]} - set(written)
            cell.source = written.get(row["grade_id"], "")
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            ours, timeout=seconds, allow_errors=True, interrupt_on_timeout=True, kernel_name="python3",
            resources={"metadata": {"path": folder}},
        )  # fmt: skip
        client.execute()
    rows = []
    for cell in ours.cells:
        row = cell.metadata.get("nbgrader", {})
        if row.get("grade"):
            name = row["grade_id"].removesuffix("-points")
            failed = any(out.output_type == "error" for out in cell.outputs) or cell.execution_count is None
            why = "the cell is missing" if name in absent else "not yet" if failed else ""
            rows.append((name, 0 if failed else row["points"], row["points"], why))
    return Grade(rows)


# ---------------------------------------------------------------- command line


USAGE = """python -m convbook.course make FOLDER CHAPTER.md ...
python -m convbook.course grade _build/course/source/NAME/NAME.ipynb STUDENT.ipynb ...
With make: make course [COURSE=folder]; make grade CHAPTER=name FILES="a.ipynb b.ipynb\""""


def main(arguments: list[str] | None = None) -> int:
    """``make course`` and ``make grade``."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        if len(arguments) >= 3 and arguments[0] == "grade":
            source = Path(arguments[1])
            bad = 0
            for name in arguments[2:]:
                try:
                    print(f"{name}\n{grade(source, Path(name))}")
                except CourseError as error:
                    print(error, file=sys.stderr)
                    bad = 1
            return bad
        if len(arguments) >= 2 and arguments[0] == "make":
            make_course([Path(name) for name in arguments[2:]], Path(arguments[1]))
            return 0
        print(USAGE, file=sys.stderr)
        return 2
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
