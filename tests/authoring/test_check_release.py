"""Saying whether what students get is up to date and holds nothing hidden."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.authoring.check_release import DIFF_LINES, Problem, check_release
from grader.authoring.release import pack, release
from grader.commands.release import run_release
from grader.course.assignment import Assignment
from tests.authoring.homework import ANSWER, APART, CHECK, FILES, OPEN_TASK, TOML, make_homework, write
from tests.authoring.strategies import code_cell, markdown_cell, notebook

KEY = "a-course-key-of-some-length"


@pytest.fixture
def released(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Assignment:
    """Return the small assignment, released."""
    monkeypatch.delenv("GRADER_COURSE_KEY", raising=False)
    assignment = make_homework(tmp_path)
    release(assignment, tmp_path)
    return assignment


def only(problems: list[Problem]) -> Problem:
    """Return the single problem."""
    (problem,) = problems
    return problem


def append(path: Path, content: str) -> None:
    """Append to a file."""
    path.write_text(path.read_text() + content)


def test_released(released: Assignment, tmp_path: Path) -> None:
    """Right after a release there is no problem."""
    assert check_release(released, tmp_path) == []


def test_nothing_is_written(tmp_path: Path) -> None:
    """A check writes nothing, and without a release every generated file is a problem."""
    problems = check_release(make_homework(tmp_path), tmp_path)
    assert {problem.path for problem in problems} == {
        f"starter/{path}"
        for path in (
            "README.md",
            "Smoothing.ipynb",
            "images/dot.bin",
            "nndl/__init__.py",
            "nndl/mean.py",
            "nndl/smooth.py",
            "pyproject.toml",
        )
    }
    assert not (tmp_path / "dist").exists()
    assert not (tmp_path / "starter/nndl").exists()


def test_changed_solution(released: Assignment, tmp_path: Path) -> None:
    """A solution changed since the release is named with a difference to look at."""
    append(tmp_path / "solutions/nndl/mean.py", "LIMIT = 3\n")
    problems = check_release(released, tmp_path)
    assert [problem.path for problem in problems] == ["starter/nndl/mean.py", "dist/tiny-2.1.0.zip"]
    assert "run `numgrade release`" in problems[0].message
    assert "+LIMIT = 3" in str(problems[0])


def test_changed_answer_is_no_change(released: Assignment, tmp_path: Path) -> None:
    """Another answer in the same region gives the same stub."""
    path = tmp_path / "solutions/nndl/smooth.py"
    path.write_text(path.read_text().replace("window * weights", "weights * window"))
    assert check_release(released, tmp_path) == []


def test_a_starter_that_stands_apart(tmp_path: Path) -> None:
    """What is wrong in an assignment's own starter is found; files of other assignments elsewhere are not its."""
    assignment = make_homework(tmp_path, APART)
    release(assignment, tmp_path)
    write(tmp_path / "starter/nndl/other.py", "x = 1\n")
    assert check_release(assignment, tmp_path) == []
    append(tmp_path / "handout/nndl/smooth.py", "x = 1\n")
    write(tmp_path / "handout/nndl/other.py", "x = 1\n")
    problems = check_release(assignment, tmp_path)
    assert [problem.path for problem in problems] == ["handout/nndl/smooth.py", "handout/nndl/other.py"]


@pytest.mark.parametrize("path", ["starter/nndl/smooth.py", "starter/Smoothing.ipynb", "starter/README.md"])
def test_changed_starter(released: Assignment, tmp_path: Path, path: str) -> None:
    """A generated file changed by hand is named."""
    append(tmp_path / path, "\n")
    assert only(check_release(released, tmp_path)).path == path


def test_changed_support_package(released: Assignment, tmp_path: Path) -> None:
    """The support package is its own source; only the archive is behind it."""
    append(tmp_path / "starter/cs231n/setup.py", "x = 1\n")
    assert only(check_release(released, tmp_path)).path == "dist/tiny-2.1.0.zip"


def test_checkout_on_windows(released: Assignment, tmp_path: Path) -> None:
    """Line endings that a checkout changes are no difference."""
    for path in (tmp_path / "starter").rglob("*.py"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert check_release(released, tmp_path) == []


def test_long_difference_is_cut(released: Assignment, tmp_path: Path) -> None:
    """Of a long difference the beginning is shown, and the rest is counted."""
    append(tmp_path / "solutions/nndl/mean.py", "".join(f"a{number} = 0\n" for number in range(100)))
    lines = check_release(released, tmp_path)[0].detail.splitlines()
    assert len(lines) == DIFF_LINES + 1
    assert lines[-1].startswith("... and ")


def test_changed_picture(released: Assignment, tmp_path: Path) -> None:
    """A file that is no text is named without a difference."""
    write(tmp_path / "solutions/images/dot.bin", b"\0\1\2")
    assert check_release(released, tmp_path)[0].detail == ""


def test_leftover(released: Assignment, tmp_path: Path) -> None:
    """A file of an earlier release that is released no more is named; traces of use are not."""
    write(tmp_path / "starter/Old.ipynb", "{}")
    for path in (
        "weights.npz",
        "nndl/__pycache__/a.py",
        ".ipynb_checkpoints/A.ipynb",
        "tiny.egg-info/top.txt",
    ):
        write(tmp_path / "starter" / path, "x")
    problem = only(check_release(released, tmp_path))
    assert (problem.path, problem.message) == (
        "starter/Old.ipynb",
        "no assignment releases this file; delete it",
    )


def test_an_answer_that_nothing_is_taken_out_of(tmp_path: Path) -> None:
    """A cell of code that is tagged as an answer and has no banners would be handed out as it is."""
    whole = code_cell("answer = 42", id="whole", metadata={"tags": ["answer"]})
    assignment = make_homework(tmp_path, {"solutions/Smoothing.ipynb": notebook(whole)})
    release(assignment, tmp_path)
    problem = only(check_release(assignment, tmp_path))
    assert problem.path.endswith("Smoothing.ipynb, cell 1")
    assert "put YOUR CODE HERE banners" in problem.message


def test_a_release_names_what_it_leaves(
    released: Assignment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who renamed a file reads, right after the release, that the old one is still there."""
    write(tmp_path / "starter/Old.ipynb", "{}")
    assert run_release(tmp_path, released.id, check=False) == 0
    assert "starter/Old.ipynb: no assignment releases this file; delete it" in capsys.readouterr().out


def test_files_of_another_homework(released: Assignment, tmp_path: Path) -> None:
    """What another assignment of the repository releases is no leftover."""
    other = TOML.replace('"tiny"', '"other"').replace("Smoothing.ipynb", "Other.ipynb")
    write(tmp_path / "assignments/other/assignment.toml", other)
    write(tmp_path / "starter/Other.ipynb", "{}")
    assert check_release(released, tmp_path) == []


def test_solution_that_cannot_be_released(released: Assignment, tmp_path: Path) -> None:
    """A solution that cannot be released is the only problem, in the words of its error."""
    append(tmp_path / "solutions/nndl/smooth.py", "# YOUR CODE HERE:\n")
    assert "nndl/smooth.py, line" in only(check_release(released, tmp_path)).message


LEAKS: dict[str, tuple[str, str | bytes, str]] = {
    "answer in a stub": ("starter/nndl/smooth.py", ANSWER, "the answer nndl/smooth.py"),
    "answer in earlier work": (
        "solutions/nndl/mean.py",
        str(FILES["solutions/nndl/mean.py"]) + ANSWER,
        "the answer",
    ),
    "answer in the support package": ("starter/cs231n/fast.pyx", ANSWER, "the answer"),
    "answer in the README": ("assignments/tiny/handout.md", f"# Hint\n\n{ANSWER}", "the answer"),
    "answer in an extra file": ("solutions/images/dot.bin", b"\xff\xfe" + ANSWER.encode(), "the answer"),
    "notebook that was solved": (
        "starter/Smoothing.ipynb",
        notebook(code_cell(OPEN_TASK, outputs=[])),
        "the answer Smoothing.ipynb, cell 3",
    ),
    "answer in a given cell": (
        "solutions/Smoothing.ipynb",
        notebook(code_cell(str(FILES["assignments/tiny/checks/test_smooth.py"]))),
        "the hidden code checks/test_smooth.py",
    ),
    "expected value in a text": (
        "solutions/Smoothing.ipynb",
        notebook(markdown_cell("It should be 0.314159.")),
        "the hidden value 0.31415926 at checks/test_smooth.py:6",
    ),
    "check in the support package": (
        "starter/cs231n/kernel.h",
        f"/*\n{CHECK}*/\n",
        "the hidden file checks/test_smooth.py",
    ),
    "course key": ("starter/cs231n/setup.py", f"KEY = '{KEY}'\n", "the course key"),
}


@pytest.mark.parametrize(("path", "content", "what"), LEAKS.values(), ids=LEAKS)
def test_leak(tmp_path: Path, released: Assignment, path: str, content: str | bytes, what: str) -> None:
    """Whatever is hidden is found where students get it, and the problem says what it is."""
    write(tmp_path / ".course-key", KEY + "\n")
    write(tmp_path / path, content)
    found = [problem.message for problem in check_release(released, tmp_path) if "holds" in problem.message]
    assert any(what in message for message in found), found


def test_leak_in_an_old_archive(released: Assignment, tmp_path: Path) -> None:
    """An archive of the same name that was made while an answer leaked is scanned too."""
    write(tmp_path / "dist/tiny-2.1.0.zip", pack(released, {"nndl/extra.py": ANSWER.encode()}))
    outdated, leak = check_release(released, tmp_path)
    assert "holds other files" in outdated.message
    assert leak.message.startswith("tiny-2.1.0/nndl/extra.py, line 1 holds the answer")


def test_key_from_the_environment(
    released: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A course key from the environment is looked for like one from the file."""
    monkeypatch.setenv("GRADER_COURSE_KEY", KEY)
    append(tmp_path / "starter/cs231n/setup.py", f"# {KEY}\n")
    assert any("the course key" in problem.message for problem in check_release(released, tmp_path))
