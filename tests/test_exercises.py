"""check(): right solutions pass, typical wrong ones are named, and whatever a function does gets a clear answer."""

from __future__ import annotations

import re
import sys
import threading
import time
import warnings
from pathlib import Path

import numpy as np
import pytest
from bs4 import BeautifulSoup

from conv_lib.exercises import EXERCISES, Report, check
from exercise_solutions import RIGHT, WRONG, conv2d

ROOT = Path(__file__).parents[1]
CHAPTERS = sorted((ROOT / "book").glob("*.md"))


def named(pairs):
    return [pytest.param(name, *rest, id=f"{name}-{i}") for name, all_of in pairs for i, rest in enumerate(all_of)]


@pytest.mark.parametrize("name, solution", named((n, [(s,) for s in all_of]) for n, all_of in RIGHT.items()))
def test_right_solutions_pass(name, solution):
    report = check(name, solution)
    assert report, report
    assert report.passed and report.mistake is None and report.drawing is None


@pytest.mark.parametrize("name, solution, said", named(WRONG.items()))
def test_wrong_solutions_fail_with_the_fitting_message(name, solution, said):
    report = check(name, solution)
    assert report.passed is False
    assert said in (report.mistake or ""), report


def test_every_exercise_has_a_solution_and_three_wrong_ones():
    assert set(RIGHT) == set(WRONG) == set(EXERCISES)
    assert min(map(len, WRONG.values())) >= 3
    for name, exercise in EXERCISES.items():
        assert exercise.name == name and exercise.task.endswith(".")
        assert check(name, exercise.right)
        messages = [mutant.message for mutant in exercise.mutants]
        assert sorted(messages) == sorted(set(messages))


def test_each_mistake_of_the_table_is_told_from_all_others():
    """A function that makes exactly this mistake is told exactly this."""
    for name, exercise in EXERCISES.items():
        for mutant in exercise.mutants:

            def reader(*by_place, _wrong=mutant.wrong, _takes=exercise.takes, **by_name):
                return _wrong(**dict(zip(_takes, by_place, strict=True)), **by_name)

            report = check(name, reader)
            assert report.passed is False
            if "Your function returns" not in str(report.mistake):  # a size as a float is refused before that
                assert report.mistake == mutant.message, name


def test_cases_go_from_small_to_large_and_sides_differ():
    for exercise in EXERCISES.values():
        if exercise.name in ("conv_matrix", "matrix_of", "adjoint_test", "transpose_of", "polynomials"):
            continue
        plain = [case for case in exercise.cases if not set(case) & set(exercise.options)]
        sizes = [sum(np.size(v) for v in case.values()) for case in plain]
        assert sizes[0] <= max(sizes) and len(plain) >= 3
        arrays = [v for case in exercise.cases for v in case.values() if isinstance(v, np.ndarray) and v.ndim == 2]
        if arrays:
            uneven = [a for a in arrays if a.shape[0] != a.shape[1]]
            assert len(uneven) > len(arrays) / 2


# ------------------------------------------------------------------------------- what is drawn


@pytest.mark.parametrize(
    "name", [n for n in EXERCISES if n not in ("receptive_field", "parameter_count", "adjoint_test")]
)
def test_the_failing_case_is_drawn_with_words(name):
    for wrong, _ in WRONG[name]:
        report = check(name, wrong)
        if report.drawing is None:
            assert report.numbers
            continue
        assert len(report.drawing.alt) > 40
        soup = BeautifulSoup(report._repr_html_(), "html.parser")
        assert soup.find("svg")["aria-label"] == report.drawing.alt
        assert soup.find("strong").get_text().startswith("✗")


def test_a_report_reads_as_text():
    report = check("conv2d", lambda x, kernel: conv2d(x, kernel[::-1, ::-1]))
    text = repr(report)
    assert "Most likely: The kernel is turned by 180 degrees" in text
    assert "asked for (1 × 2):" in text and "yours (1 × 2):" in text
    assert "✓" in check("zero_insert", RIGHT["zero_insert"][0])._repr_html_()


def test_sizes_say_what_was_asked_for_and_what_came():
    text = repr(check("conv_size", lambda size, kernel: 17))
    assert "asked for is 2, yours is 17" in text


def test_options_that_a_function_does_not_take_are_left_out():
    report = check("conv2d", RIGHT["conv2d"][1])
    assert report and "does not take `stride` or `padding` or `dilation`" in report.lines[0]
    assert check("conv2d", conv2d).lines == ()


# ---------------------------------------------------------------------------- bad input, no error


def text_of(name, function, **options) -> str:
    report = check(name, function, **options)
    assert isinstance(report, Report) and not report
    assert "Traceback" not in repr(report)
    report._repr_html_()
    return repr(report)


def test_a_function_that_raises_shows_its_own_line():
    def mine(x, kernel):
        total = 0
        return total + x[99, 0]

    text = text_of("conv2d", mine)
    assert "IndexError" in text and "line 3 of `mine`" in text and "return total + x[99, 0]" in text
    assert "runs past the end" in text


@pytest.mark.parametrize(
    "body, said",
    [
        ("raise SystemExit(3)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("return undefined_name", "NameError"),
        ("return mine(x, kernel)", "RecursionError"),
        ("return np.zeros((x.shape[0] / 2, 3))", "`//`"),
        ("return x[:2, :2] * kernel[:, :1] + np.ones((5, 7))", "do not fit together"),
        ("assert False", "AssertionError"),
        ("return None", "`return`"),
        ("pass", "`return`"),
        ("return 'abc'", "`str`"),
        ("return {1: 2}", "`dict`"),
        ("return [[1, 2], [3]]", "not equally long"),
        ("return [[1, None]]", "more than numbers"),
        ("return np.sum", "returns a function"),
        ("return np.full((1, 2), np.nan)", "`np.empty`"),
        ("return np.zeros((0, 3))", "0 × 3"),
        ("return np.zeros(())", "a single number"),
        ("return 3 + 4j", "`complex`"),
        ("return (i for i in x)", "`generator`"),
        ("return x, kernel", "not equally long"),
        ("return object()", "`object`"),
    ],
)
def test_nonsense_gets_a_clear_answer(body, said):
    space = {"np": np}
    exec(f"def mine(x, kernel):\n    {body}\n", space)
    assert said in text_of("conv2d", space["mine"])


class Hostile:
    def __array__(self, *args, **kwargs):
        raise RuntimeError("no")

    @property
    def shape(self):
        raise RuntimeError("no")


def test_a_hostile_result():
    assert "Hostile" in text_of("conv2d", lambda x, kernel: Hostile())


def test_extra_axes_are_named():
    assert "too many" in text_of("conv2d", lambda x, kernel: conv2d(x, kernel)[None, ..., None])


@pytest.mark.parametrize("where", ["main", "thread"])
def test_a_function_that_loops_is_stopped(where):
    def mine(x, kernel):
        while True:
            pass

    found = []
    start = time.perf_counter()
    if where == "main":
        found.append(text_of("conv2d", mine, seconds=0.5))
    else:
        thread = threading.Thread(target=lambda: found.append(text_of("conv2d", mine, seconds=0.5)))
        thread.start()
        thread.join(20)
    assert time.perf_counter() - start < 10
    assert "no answer after 0.5 seconds" in found[0] and "`while`" in found[0]


def test_a_loop_that_catches_everything_is_stopped_too():
    def mine(x, kernel):
        for _ in range(3):
            try:
                while True:
                    pass
            except:  # noqa: E722 (that is the point)
                pass

    assert "no answer" in text_of("conv2d", mine, seconds=0.3)
    time.sleep(0.2)
    assert not [t for t in threading.enumerate() if t.name == "conv_lib check"]


def test_a_function_that_sleeps_does_not_hold_the_check():
    start = time.perf_counter()
    assert "no answer" in text_of("conv2d", lambda x, kernel: time.sleep(6), seconds=0.2)
    assert time.perf_counter() - start < 5


def test_changed_arguments():
    def right_but_rude(x, kernel):
        y = conv2d(x, kernel)
        x *= 2
        return y

    text = text_of("conv2d", right_but_rude)
    assert "right numbers" in text and "`x`" in text and "copy" in text

    def wrong_and_rude(x, kernel):
        kernel[:] = 0
        return conv2d(x, kernel)

    assert "changes its argument `kernel`" in text_of("conv2d", wrong_and_rude)
    assert check("conv2d", conv2d), "the cases themselves stay as they are"


def test_prints_are_shown_with_the_failing_case_and_nowhere_else(capsys):
    def chatty(x, kernel):
        print("shape", x.shape)
        warnings.warn("careful", stacklevel=2)
        return x

    text = text_of("conv2d", chatty)
    assert "It printed: `shape (2, 3)`" in text
    assert capsys.readouterr() == ("", "")
    assert sys.stdout is not None


@pytest.mark.parametrize(
    "function, said",
    [
        (lambda: 0, "takes 0 arguments"),
        (lambda x: 0, "takes 1 argument; it is called with (x, kernel)"),
        (lambda x, kernel, stride, padding, dilation, more: 0, "also needs `more`"),
        (lambda x, kernel, *, weight: 0, "also needs `weight`"),
        (np.ones((2, 2)), "without brackets"),
        ("my_conv2d", "without brackets"),
        (3, "without brackets"),
    ],
)
def test_what_cannot_be_called(function, said):
    assert said in text_of("conv2d", function)


def test_functions_of_many_forms_are_called():
    class Layer:
        def __call__(self, image, weights, *, strides=1):
            return conv2d(image, weights, strides)

    assert check("conv2d", Layer())
    assert check("conv2d", lambda *arrays: conv2d(*arrays))
    assert check("conv2d", lambda x, kernel, **options: conv2d(x, kernel, **options))
    assert check("conv2d", lambda x, kernel, s, p: conv2d(x, kernel, s, p))
    import functools

    assert check("conv2d", functools.partial(conv2d, dilation=1))


def test_unknown_names_list_the_legal_ones():
    text = text_of("conv2", conv2d)
    assert all(name in text for name in EXERCISES) and "Did you mean `conv2d`?" in text
    assert "The name comes first" in text_of(conv2d, "conv2d")
    assert "They are `conv2d`" in text_of(["conv2d"], conv2d)


def test_without_a_function_the_task_is_shown():
    assert "Put `stride` − 1 zeros" in repr(check("zero_insert"))
    assert check("zero_insert").passed is None
    assert len(check().lines) == len(EXERCISES)


def test_tensors_are_taken():
    tf = pytest.importorskip("tensorflow")

    def mine(x, kernel):
        y = tf.nn.conv2d(x[None, ..., None].astype("float32"), kernel[..., None, None].astype("float32"), 1, "VALID")
        return y[0, :, :, 0]

    assert check("conv2d", mine, seconds=60)
    assert check("conv_size", lambda size, kernel: tf.constant(size - kernel + 1))


# ------------------------------------------------------------------------- solutions in the book

BLOCK = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)


def solutions_in(chapter: Path) -> list[tuple[str, str]]:
    """(exercise, code) of each folded solution that names its exercise in a comment."""
    found = []
    for code in BLOCK.findall(chapter.read_text("utf-8")):
        found += [(name, code) for name in re.findall(r"^# check: ([\w-]+)", code, re.M)]
    return found


@pytest.mark.parametrize(
    "chapter, name, code",
    [pytest.param(c, n, code, id=f"{c.stem}-{n}") for c in CHAPTERS for n, code in solutions_in(c)],
)
def test_solutions_of_the_chapters_pass_their_check(chapter, name, code):
    import conv_lib

    tf = pytest.importorskip("tensorflow")
    space = {"np": np, "tf": tf, "conv_lib": conv_lib, **{n: getattr(conv_lib, n) for n in conv_lib.__all__}}
    space["rng"] = np.random.default_rng(0)
    space["sliding_window_view"] = np.lib.stride_tricks.sliding_window_view
    exec(code, space)
    # The function that follows the comment; the solution may go on with trials of it.
    mine = re.search(rf"^# check: {name}$.*?^def (\w+)", code, re.M | re.S)
    assert mine, f"{chapter.name}: no function follows the comment of {name}"
    report = check(name, space[mine[1]], seconds=60)
    assert report, report


def test_every_check_in_the_chapters_names_an_exercise():
    for chapter in CHAPTERS:
        for name in re.findall(r"\bcheck\(\s*[\"']([\w-]+)[\"']", chapter.read_text("utf-8")):
            assert name in EXERCISES, f"{chapter.name}: {name}"
