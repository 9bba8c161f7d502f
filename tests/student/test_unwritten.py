"""What a notebook's cells say of answers that are not written, and when "Run all" goes on."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from grader.course.regions import RULE
from grader.student.unwritten import GoOn

BANNER = f"{RULE}\n# YOUR CODE HERE:\n#   Write it.\n{RULE}"
END = f"{RULE}\n# END YOUR CODE HERE\n{RULE}"
Cell = Callable[[str], tuple[bool, str]]


def answer(text: str, name: str, written: str = "") -> str:
    """Return a function with an answer, and `text` around it."""
    lines = [
        f"def {name}(x):",
        "    out = None",
        *BANNER.splitlines(),
        written,
        *END.splitlines(),
        "    return out",
    ]
    return "\n".join(
        [lines[0], lines[1], *(f"    {line}" if line else "" for line in lines[2:-1]), lines[-1], text]
    )


MODULE = "\n\n".join(
    [
        answer("", "double"),
        answer("", "half", "out = x / None"),
        answer("", "third", "out = double(x) + 1"),
        "class Net:\n    def loss(self, x):\n        return double(x) + 1\n",
    ]
)


@pytest.fixture
def cell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Cell]:
    """Run a cell in a shell of its own; give whether the kernel would go on, and what was printed."""
    (tmp_path / "unwritten_answers.py").write_text(MODULE, encoding="utf-8")
    sys.path.insert(0, str(tmp_path))
    importlib.invalidate_caches()
    shell: Any = InteractiveShell.instance()
    go_on = GoOn(shell, ("unwritten_answers",))
    shell.events.register("pre_run_cell", go_on.before_cell)
    shell.events.register("post_run_cell", go_on.after_cell)

    def run(source: str) -> tuple[bool, str]:
        capsys.readouterr()
        result = shell.run_cell(source)
        return bool(result.success), capsys.readouterr().out

    run("from unwritten_answers import Net, double, half, third")
    yield run
    InteractiveShell.clear_instance()
    sys.path.remove(str(tmp_path))
    del sys.modules["unwritten_answers"]


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("double(1) + 1", "double. Write it in unwritten_answers.py, between"),
        ("print(double(1))", "double. Write it in"),
        ("def twice(f):\n    return f() + 1\ntwice(lambda: double(1))", "double. "),
        ("Net().loss(1)", "double. "),
        ("import unwritten_answers\nunwritten_answers.double(1).shape", "double. "),
        ("import unwritten_answers\ngetattr(unwritten_answers, 'double')(1) + 1", "double. "),
    ],
)
def test_a_cell_that_lacks_an_answer_says_so_and_goes_on(cell: Cell, source: str, named: str) -> None:
    """Whether it fails or not, and however it comes to the function."""
    fine, said = cell(source)
    assert fine, said
    assert f"not written yet: {named}" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("source", "error", "also"),
    [
        ("half(1)", "TypeError", ""),  # the student's own
        (
            "third(1)",
            "TypeError",
            "not written yet: double.",
        ),  # what was written fails for want of something else
        ("nothing_of_the_kind", "NameError", ""),
        ("1 / 0", "ZeroDivisionError", ""),
        ("double)", "SyntaxError", ""),
    ],
)
def test_any_other_error_is_shown_as_ever(cell: Cell, source: str, error: str, also: str) -> None:
    """With its traceback, which ends "Run all"."""
    fine, said = cell(source)
    assert not fine
    assert error in said
    assert also in said
    assert also or "not written" not in said


def test_answers_in_the_notebook_are_missed_where_they_are_used(cell: Cell) -> None:
    """A variable is missed in its own cell and in those that use it, a function only where it is called."""
    assert cell(answer("", "own")) == (True, "")
    assert "not written yet: own. Write it in its cell" in cell("own(1) + 1")[1]
    variable = f"rate = None\n{BANNER}\n\n{END}"
    assert "not written yet: what this cell asks for" in cell(variable)[1]
    assert "not written yet: rate." in cell("0.1 * rate")[1]
    cell(f"rate = None\n{BANNER}\nrate = 2\n{END}")
    cell(answer("", "own", "out = x"))
    assert cell("print(own(rate))") == (True, "2\n")
