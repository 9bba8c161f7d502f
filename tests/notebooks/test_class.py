"""A class of notebooks with every damage there is: each gets its page in a box, is told what was wrong, and goes on."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest

from grader.intake import ReleaseSource
from grader.intake.notebook_names import match_notebooks
from grader.intake.notebooks import read_notebook
from grader.notebooks.box import NotebookPlan
from grader.notebooks.execute import NotebookLimits
from grader.notebooks.run import NotebookResults, run_in, submitted_notebooks
from grader.sandbox import Box
from tests.notebooks.build import staged
from tests.notebooks.damages import CELLS, DAMAGES, NAME, RAN, RELEASE, Damage

LIMITS = NotebookLimits(cell_seconds=1.0, notebook_seconds=30.0, output_characters=100_000)


@pytest.fixture(scope="module")
def plan(repository, cnn, isolation) -> NotebookPlan:
    """The assignment with one small notebook."""
    release = replace(ReleaseSource.of(repository, cnn), notebooks={NAME: RELEASE})
    return NotebookPlan(cnn, release, isolation, LIMITS)


def graded(damage: Damage, plan: NotebookPlan, box: Box, root: Path) -> NotebookResults:
    """Take a damaged file in and run it, as the notebook of a submission."""
    submitted = {f"hw/{NAME}": read_notebook(damage.make(CELLS))}
    matched = match_notebooks(submitted, plan.assignment.release.notebooks, plan.release.notebooks)
    stage = staged(root, matched.notebooks)
    return run_in(box, stage, submitted_notebooks(stage, plan), plan)


@pytest.mark.parametrize("damage", [pytest.param(each, id=each.name) for each in DAMAGES])
def test_each_notebook_gets_a_result(damage: Damage, plan, shell_box, root):
    """Its page says plainly what was wrong, and the given cells ran to the last."""
    results = graded(damage, plan, shell_box, root)
    (page,) = results.pages
    text = html.unescape(page.html)
    for each in damage.said:
        assert each in text
    printed = re.sub(r"<[^>]*>", "", text)
    assert RAN in printed
    assert damage.answer in printed
    assert not {flag.kind for flag in results.flags} & {"grader_fault", "notebooks_not_run"}


def test_the_class_is_large_and_its_files_differ():
    """There are more than forty damages, each its own."""
    assert len({damage.make(CELLS) for damage in DAMAGES}) == len(DAMAGES) > 40
