"""What grading asks of the database: few statements and commits, however it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.counts import asked
from grader.classrun.options import GradeOptions
from grader.classrun.unchanged import NOTE
from grader.commands.grade import EVERYONE_GRADED, run_grade
from grader.gradebook import FILE, open_gradebook

from .made_class import MISTAKES, write_class

MOST_STATEMENTS = 25
FOR_ANOTHER = 7
"""Two to begin, the claim, the result, its checks and the code beside them, and that read again for its pages."""

MOST_COMMITS = 3


@pytest.fixture
def a_class(
    repository, cnn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[tuple[str, ...]], GradeOptions]:
    """Return a function that writes a class, makes a gradebook with empty tables, and says how one part is graded."""
    monkeypatch.setenv("GRADER_COURSE_KEY", "tests")

    def make(mistakes: tuple[str, ...]) -> GradeOptions:
        write_class(repository, cnn, tmp_path / "class", mistakes)
        options = GradeOptions(
            root=repository.root,
            assignment=cnn.id,
            submissions=tmp_path / "class",
            out=tmp_path / "out",
            jobs="1",
            only="conv_backward_naive.db",
            isolation="B",
        )
        with open_gradebook(options.out / FILE):
            return options

    return make


def test_one_submission_takes_few_statements_and_three_commits(
    a_class: Callable[[tuple[str, ...]], GradeOptions],
) -> None:
    """Registering and claiming, the result, and publishing are one commit each; what is unchanged asks for nothing.

    Where files cannot tell that it is, it asks for less.
    """
    options = a_class(())
    with asked() as first:
        assert run_grade(options) == EVERYONE_GRADED
    with asked() as unchanged:
        assert run_grade(options) == EVERYONE_GRADED
    noted = (
        options.out / NOTE
    ).exists()  # not where the fast layers are older than their sources, which is told
    (options.out / NOTE).unlink(missing_ok=True)
    with asked() as again:
        assert run_grade(options) == EVERYONE_GRADED
    assert not (noted and unchanged.statements)
    assert len(first.statements) <= MOST_STATEMENTS, "\n".join(first.statements)
    assert first.commits <= MOST_COMMITS
    assert len(again.statements) < len(first.statements)
    assert again.commits == 1


def test_each_further_submission_takes_two_commits(
    a_class: Callable[[tuple[str, ...]], GradeOptions],
) -> None:
    """One claims it and one writes its result; registering and publishing a class cost no more for a larger one."""
    options = a_class(MISTAKES)
    with asked() as found:
        assert run_grade(options) == EVERYONE_GRADED
    assert found.commits <= MOST_COMMITS + 2 * len(MISTAKES)
    assert len(found.statements) <= MOST_STATEMENTS + FOR_ANOTHER * len(MISTAKES), "\n".join(found.statements)
