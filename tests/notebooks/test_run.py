"""Notebooks of a submission: each gets a page and its flags, however damaged, and nothing leaks into it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from grader.intake import ReleaseSource, contents_of
from grader.intake.notebook_answers import with_notebook_answers
from grader.intake.notebook_names import match_notebooks
from grader.intake.notebooks import PYTHON_2, read_notebook
from grader.intake.stage import Stage
from grader.notebooks import box
from grader.notebooks.box import NotebookPlan
from grader.notebooks.execute import NotebookLimits
from grader.notebooks.run import NotebookResults, run_notebooks
from grader.reporting.files import notebook_page_name
from grader.reporting.submission_page import render_student
from grader.reporting.write import write_submission_page
from grader.results import ClassReport, Flag, NotebookPage, Outcome, SubmissionReport
from grader.sandbox import Isolation
from tests.notebooks.build import code, document, staged, written
from tests.reporting.whole import render_json

REFERENCE = "the_reference_answer"
SOLVED = f"""answer = None
# ================================================================ #
# YOUR CODE HERE:
#   Set answer to a number.
# ================================================================ #
answer = len("{REFERENCE}")
# ================================================================ #
# END YOUR CODE HERE
# ================================================================ #
"""
MINE = SOLVED.replace(f'len("{REFERENCE}")', "41 + 1")
SHOW = "print('answer:', answer)"
SETUP = "import numpy as np\nfrom nndl.conv_layers import conv_forward_naive\n%matplotlib inline"
RELEASE = written(document(code(SETUP, "setup"), code(SOLVED, "task", "answer"), code(SHOW, "show")))
WITHOUT_ANSWER = document(code(SETUP, "setup"), code(SHOW, "show", printed="answer: 42"))


@pytest.fixture(scope="module")
def release(repository, cnn) -> ReleaseSource:
    """The assignment with one small notebook under all three names."""
    whole = ReleaseSource.of(repository, cnn)
    return replace(whole, notebooks=dict.fromkeys(cnn.release.notebooks, RELEASE))


def stage_of(root: Path, **notebooks: bytes) -> Stage:
    """Return a stage with notebooks."""
    named = {f"{name.replace('_', '-')}.ipynb": read_notebook(data) for name, data in notebooks.items()}
    return staged(root, named)


@pytest.fixture(scope="module")
def results(root, cnn, release, isolation) -> NotebookResults:
    """Notebooks of one submission, with intake's flags: cut off, of Python 2 in conflict, and without its answer."""
    whole = written(document(code(SETUP, "setup"), code(MINE, "task", "answer"), code(SHOW, "show")))
    cut = whole[: whole.index(b'"id": "show"')]
    conflict = MINE.replace(
        "answer = 41 + 1", "<<<<<<< a\nanswer = 41 + 1\nprint answer\n=======\nanswer = 0\n>>>>>>> b"
    )
    python_2 = {"kernelspec": {"name": "python2"}}
    old = written(document(code(SHOW), code(conflict), code(SETUP), code(SETUP), minor=2, **python_2))
    files = {
        "hw/CNN-Layers (1).ipynb": cut,
        "hw/CNN-BatchNorm.ipynb": old,
        "hw/CNN-2.ipynb": written(WITHOUT_ANSWER),
        "hw/CNN.ipynb": b"",
        "hw/x.py": b"",
    }
    contents = with_notebook_answers(contents_of("Ada", files), release)
    found = match_notebooks(contents.notebooks, cnn.release.notebooks, release.notebooks).notebooks
    stage = staged(root, found)
    ran = run_notebooks(stage, NotebookPlan(cnn, release, isolation, NotebookLimits(cell_seconds=5.0)))
    return replace(ran, flags=(*contents.flags, *ran.flags))


def page(results: NotebookResults, name: str) -> NotebookPage:
    """Return one notebook's page."""
    return next(each for each in results.pages if each.name == name)


def test_every_notebook_gets_a_page(results):
    """A cut-off, a conflicted and an unanswered notebook all run to their end."""
    assert [each.name for each in results.pages] == ["CNN-Layers.ipynb", "CNN-BatchNorm.ipynb", "CNN.ipynb"]
    assert {each.summary for each in results.pages} == {"Cells of code: 3 ran."}
    for name in ("CNN-Layers.ipynb", "CNN-BatchNorm.ipynb"):
        assert "answer: 42" in page(results, name).html


def test_what_was_wrong_is_said(results):
    """Student's page and staff's flags name the damage in plain words."""
    said = {flag.message for flag in results.flags if flag.kind == "notebook"}
    assert f"hw/CNN-BatchNorm.ipynb: {PYTHON_2}" in said
    assert any("cut off" in each and each.startswith("hw/CNN-Layers") for each in said)
    assert PYTHON_2 in page(results, "CNN-BatchNorm.ipynb").html
    assert any("merge" in each for each in said)
    assert "cut off" in page(results, "CNN-Layers.ipynb").html


def test_a_deleted_answer_is_the_stub_and_never_the_solution(results):
    """No page holds the answer that the release was made from."""
    assert not any(REFERENCE in each.html for each in results.pages)
    assert "Set answer to a number" in page(results, "CNN.ipynb").html


def test_damage_alone_accuses_nobody(results):
    """Damaged notebooks give no flag but those that say what was wrong with them."""
    assert {flag.kind for flag in results.flags} == {"notebook", "notebook_not_json"}


def test_failing_cells_and_contradictions_are_flagged(root, cnn, release, isolation):
    """A failing cell and a stored value that is not what comes out now each give a flag with cell and values."""
    wrong = MINE.replace("41 + 1", "7")
    lying = written(
        document(code(SETUP, "setup"), code(wrong, "task"), code(SHOW, "show", printed="answer: 42"))
    )
    broken = written(
        document(
            code(SETUP, "setup"),
            code(MINE.replace("41 + 1", "1 / 0"), "task"),
            code(SHOW, "show", printed="answer: 42"),
        )
    )
    found = run_notebooks(stage_of(root, CNN=lying, CNN_Layers=broken), NotebookPlan(cnn, release, isolation))
    assert found.flags == (
        Flag(
            "notebook_cell_failed",
            "CNN-Layers.ipynb, cell task: This cell failed. ZeroDivisionError: division by zero",
        ),
        Flag(
            "notebook_contradicted",
            "CNN.ipynb, cell show stores 'answer: 42'; its code now gives 'answer: 7'",
        ),
    )


RANDOM = "print('drawn:', np.random.rand())"


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        (RANDOM, "drawn: 0.123"),
        ("np.random.seed()\n" + RANDOM, "drawn: 0.123"),
        ("open('cifar10/data_batch_1')", "loaded 3"),
        ("import nosuchmodule", "version 3"),
        ("np.zeros(4 / 2)", "shape 2"),
        ("np.float(3)", "3.0"),
    ],
)
def test_this_machine_and_chance_accuse_nobody(source, printed, root, cnn, release, isolation):
    """No missing file, module or older NumPy, and no number that is drawn, contradicts what a file stores."""
    cells = code(SETUP, "setup"), code(MINE, "task"), code(source, printed=printed), code(SHOW, "show")
    found = run_notebooks(
        stage_of(root, CNN=written(document(*cells))), NotebookPlan(cnn, release, isolation)
    )
    assert "notebook_contradicted" not in {flag.kind for flag in found.flags}


@pytest.mark.parametrize(
    ("changed", "printed", "now"),
    [
        ("print('answer:', answer, 'or', 1)", "answer: 42 or 1", None),
        ("print('answer:', answer, 'or', 1)", "answer: 43 or 1", "answer: 42 or 1"),
        (
            "print('answer:', answer, helper(answer))",
            "answer: 42 3",
            "NameError: name 'helper' is not defined",
        ),
        ("print('answer:', answer, np.random.rand())", "answer: 42 0.123", None),
        ("print('answer:', answer, open('mine.txt').read())", "answer: 42 3", None),
    ],
)
def test_a_given_cell_that_was_changed_answers_for_what_it_stores(
    changed, printed, now, root, cnn, release, isolation
):
    """It runs as released; what it was made into is held against its outputs, and only that."""
    cells = code(SETUP, "setup"), code(MINE, "task"), code(changed, "show", printed=printed)
    found = run_notebooks(
        stage_of(root, CNN=written(document(*cells))), NotebookPlan(cnn, release, isolation)
    )
    accused = [flag.message for flag in found.flags if flag.kind == "notebook_contradicted"]
    assert [now in each for each in accused] == ([True] if now else [])
    assert "answer: 42" in page(found, "CNN.ipynb").html


def test_what_follows_from_a_failed_cell_accuses_nobody(root, cnn, release, isolation):
    """A name that the failed cell would have made is no contradiction; the cell itself is."""
    cells = (
        code(SETUP, "setup"),
        code(MINE, "task"),
        code("made = 1 // 0\nprint(made)", printed="3"),
        code("print('made:', made)", printed="made: 3"),
        code(SHOW, "show"),
    )
    found = run_notebooks(
        stage_of(root, CNN=written(document(*cells))), NotebookPlan(cnn, release, isolation)
    )
    (flag,) = [each for each in found.flags if each.kind == "notebook_contradicted"]
    assert "ZeroDivisionError" in flag.message


def test_without_notebooks_no_box_is_opened(root, cnn, release, monkeypatch):
    """A submission without notebooks costs nothing; its goals say that there was nothing to run."""
    monkeypatch.setattr(box, "Box", None)
    found = run_notebooks(stage_of(root), NotebookPlan(cnn, release, Isolation.NONE))
    assert (found.pages, found.flags) == ((), ())
    assert [each.verdict.outcome for each in found.records] == [Outcome.NOT_IMPLEMENTED]


def test_a_fault_here_is_a_flag(root, cnn, release, monkeypatch):
    """Whatever breaks while notebooks run, the checks' results stand and staff are told."""
    monkeypatch.setattr(box, "Box", None)
    found = run_notebooks(stage_of(root, CNN=RELEASE), NotebookPlan(cnn, release, Isolation.NONE))
    assert [flag.kind for flag in found.flags] == ["grader_fault"]


def test_pages_lie_beside_the_student_page_and_not_in_grades_json(cnn, tmp_path):
    """The student's page links to each notebook's page; grades.json holds none of them."""
    pages = (NotebookPage("CNN.ipynb", "Cells of code: 3 ran.", "<p>whole page</p>"),)
    report = SubmissionReport("Ada", "0" * 64, 1.0, 1.0, "A", 1.0, notebooks=pages)
    student, _staff = write_submission_page(report, cnn, tmp_path)
    name = notebook_page_name("Ada", "CNN.ipynb")
    assert (student.parent / name).read_text(encoding="utf-8") == "<p>whole page</p>"
    assert f'href="{name}"' in student.read_text(encoding="utf-8")
    assert "run again" not in render_student(replace(report, notebooks=()), cnn)
    whole = ClassReport(1, "cnn", "1", "1", (report,))
    assert "whole page" not in render_json(whole)
    assert '"notebooks"' not in render_json(whole)
