"""A part for a person: its model answer is taken out, the student's own words are shown to staff, and it waits."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.authoring.check_release import check_release
from grader.authoring.notebooks import student_notebook
from grader.course.regions import ReleaseError
from grader.intake.notebooks import read_notebook
from grader.intake.written import MOST_WRITTEN, TEXT_STUB, as_written, written
from grader.reporting.submission_page import render_staff, render_student
from tests.authoring.strategies import code_cell, markdown_cell, notebook
from tests.kinds.course import Tiny, answer, function, make, part, write

MODEL = "Each step doubles the distance from the root, with the other sign."
TASK = "## 2. Why does it fail?"
TOML = (
    'answers = ["HW3.ipynb"]\n[FOLDERS]\n'
    + part("double")
    + part("why", kind="hand", cell="why", symbol="")
    + part("plot", kind="hand", cell="plot", symbol="")
    + part("style", kind="hand", symbol="")
)
CHECKS = """
import numpy as np

@part("double")
def test_double(student):
    \"\"\"It is doubled.\"\"\"
    assert_matches(student.double(2.0), np.asarray(4.0))
"""


def cells(words: str = MODEL, plot: str = answer("print('drawn by the author')\n"), *more: str) -> bytes:
    """Return the notebook with these answers; `more` are text cells behind that of the words."""
    tags = {"metadata": {"tags": ["answer"]}}
    return notebook(
        code_cell(function("double", "x", "out = 2 * x\n"), id="double"),
        markdown_cell(TASK, id="task"),
        markdown_cell(words, id="why", **tags),
        *(markdown_cell(text, id=f"own{number}") for number, text in enumerate(more)),
        markdown_cell("## 3. Draw it", id="draw"),
        code_cell(plot, id="plot"),
    )


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    """Return a course in which people judge words, a figure and the style."""
    return make(tmp_path, TOML, CHECKS, {"HW3.ipynb": cells()})


def test_the_model_answer_is_no_students(tiny: Tiny) -> None:
    """It is taken out of the release, and found where it still is."""
    starter = tiny.release() / "HW3.ipynb"
    assert MODEL not in starter.read_text()
    assert TEXT_STUB in starter.read_text()
    assert not check_release(tiny.assignment, tiny.root)
    starter.write_bytes(starter.read_bytes().replace(TEXT_STUB.encode(), MODEL.encode()))
    assert any("the answer" in str(problem) for problem in check_release(tiny.assignment, tiny.root))


@pytest.mark.parametrize(
    ("source", "released"),
    [
        ("## Answers:\n1. Five.", f"## Answers:\n\n{TEXT_STUB}"),
        ("### answer\nFive.\nSix.", f"### answer\n\n{TEXT_STUB}"),
        ("## Answers that are wrong\nFive.", "## Answers that are wrong\nFive."),
        ("The answer is found below.", "The answer is found below."),
    ],
)
def test_a_heading_marks_answers_too(source: str, released: str) -> None:
    """What stands below the heading "Answer" is the author's."""
    (cell,) = read_notebook(student_notebook(notebook(markdown_cell(source)))).cells
    assert cell.source == released


def test_a_prompt_stays() -> None:
    """An author's own request to write here is no model answer."""
    prompt = "_Type your answer here, replacing this text._"
    (cell,) = read_notebook(
        student_notebook(notebook(markdown_cell(prompt, metadata={"tags": ["answer"]})))
    ).cells
    assert cell.source == prompt


def test_untagged_text_is_not_released(tiny: Tiny) -> None:
    """Whether a cell that people judge is task or model answer, the author says."""
    text = cells().decode().replace('"tags": ["answer"]', '"tags": []')
    (tiny.solution / "HW3.ipynb").write_text(text)
    with pytest.raises(ReleaseError, match="tag it 'answer'"):
        tiny.release()


def test_a_question_above_its_answer_leads_to_it(tmp_path: Path) -> None:
    """Where a part names the cell that asks, the message names the one in which students write."""
    asked = make(tmp_path, TOML.replace('cell = "why"', 'cell = "task"'), CHECKS, {"HW3.ipynb": cells()})
    with pytest.raises(ReleaseError, match=r"cell task: it asks, .* cell = 'why'"):
        asked.release()


def test_a_cell_that_is_not_there_is_named(tiny: Tiny) -> None:
    """A part for a person names a cell of its notebook."""
    (tiny.solution / "HW3.ipynb").write_text(cells().decode().replace('"id": "plot"', '"id": "figure"'))
    with pytest.raises(ReleaseError, match="no cell 'plot'"):
        tiny.release()


def test_the_students_own_words_wait_for_staff(tiny: Tiny, tmp_path: Path) -> None:
    """They are on the staff's page alone, as they were written, and the points wait."""
    theirs = cells("It <b>jumps</b>.", answer("print('my figure')\n"))
    report = tiny.grade(write(tmp_path / "ada", {"HW3.ipynb": theirs}))
    assert (report.score, report.max_score) == (10.0, 40.0)
    assert {each.part: each.points for each in report.waiting} == {"why": 10, "plot": 10, "style": 10}
    staff = render_staff(report, tiny.assignment, "x.html", Path("grades"))
    assert "It &lt;b&gt;jumps&lt;/b&gt;." in staff
    assert "my figure" in staff
    assert MODEL not in staff
    assert "jumps" not in render_student(report, tiny.assignment)


def test_nothing_of_the_release_is_anybodys_words(tiny: Tiny) -> None:
    """Who changed nothing has written nothing."""
    report = tiny.grade(tiny.release())
    assert [each.written for each in report.waiting] == ["", "", ""]


def test_pages_of_notebooks_show_the_students_words(tiny: Tiny, tmp_path: Path) -> None:
    """In the place of the model answer stands what was handed in, and the figure's cell has run."""
    theirs = cells("My own words.", answer("print('my' + 'figure')\n"))
    report = tiny.grade(write(tmp_path / "ada", {"HW3.ipynb": theirs}), notebooks=True)
    (page,) = report.notebooks
    assert "My own words." in page.html
    assert "myfigure" in page.html
    assert 'id="at-plot"' in page.html
    assert '-hw3.html#at-plot"' in render_staff(report, tiny.assignment, "../students/x.html", Path("grades"))
    assert MODEL not in page.html


def test_what_is_too_long_to_be_kept_says_so() -> None:
    """A person reads the beginning, and how much more there is."""
    (cell,) = read_notebook(notebook(markdown_cell("x" * 2 * MOST_WRITTEN))).cells
    kept, more = as_written([cell]).split("\n\n... ")
    assert len(as_written([cell])) <= MOST_WRITTEN
    assert int(more.partition(" ")[0].replace(",", "")) == 2 * MOST_WRITTEN - len(kept)


DRAW = "## 3. Draw it"
MOVED = notebook(
    markdown_cell("Moved.", id="why"), markdown_cell(TASK, id="task"), markdown_cell(DRAW, id="draw")
)
BARE = notebook(markdown_cell(TASK), markdown_cell("Mine, without ids."), markdown_cell(DRAW))
RELEASED = read_notebook(student_notebook(cells())).cells


@pytest.mark.parametrize(
    ("submitted", "words"),
    [
        (cells("Mine."), "Mine."),
        (cells(TEXT_STUB, "", "In a cell of my own."), "In a cell of my own."),
        (cells("One.", "", "Two.", "Three."), "One.\n\nTwo.\n\nThree."),
        (cells(TEXT_STUB), ""),
        (BARE, "Mine, without ids."),
        (MOVED, "Moved."),
        (notebook(), ""),
    ],
)  # fmt: skip
def test_words_are_found_where_students_write_them(submitted: bytes, words: str) -> None:
    """In the cell, below it, or in its place with another id; never what was released."""
    assert as_written(written(RELEASED, read_notebook(submitted).cells, "why")) == words
