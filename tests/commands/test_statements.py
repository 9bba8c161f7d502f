"""What grading asks of the database: few statements and commits, however it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from grader.classrun.open import GradeOptions
from grader.commands.grade import EVERYONE_GRADED, run_grade
from grader.gradebook import FILE, claims, open_gradebook

from .made_class import MISTAKES, write_class

MOST_STATEMENTS = 25
MOST_COMMITS = 3


@pytest.fixture(autouse=True)
def no_renewals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the signs of life of a run, of which there are as many as it takes time."""
    monkeypatch.setattr(claims, "RENEWAL_SECONDS", 3600.0)


@contextmanager
def counted() -> Iterator[dict[str, list[str]]]:
    """Note the statements, BEGIN included, and the commits of all that happens in the block."""
    found: dict[str, list[str]] = {"statements": [], "commits": []}

    def executed(_connection, _cursor, statement, *_rest) -> None:
        found["statements"].append(statement)

    def committed(_connection) -> None:
        found["commits"].append("COMMIT")

    event.listen(Engine, "before_cursor_execute", executed)
    event.listen(Engine, "commit", committed)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", executed)
        event.remove(Engine, "commit", committed)


def test_one_submission_takes_few_statements_and_three_commits(
    repository, cnn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Registering and claiming, the result, and publishing are one commit each; what is unchanged asks for less."""
    monkeypatch.setenv("GRADER_COURSE_KEY", "tests")
    write_class(repository, cnn, tmp_path / "one", ())
    options = GradeOptions(
        root=repository.root,
        assignment=cnn.id,
        submissions=tmp_path / "one",
        out=tmp_path / "out",
        jobs="1",
        only="conv_backward_naive.db",
        isolation="B",
    )
    with open_gradebook(options.out / FILE):
        pass  # the tables are made
    with counted() as first:
        assert run_grade(options) == EVERYONE_GRADED
    with counted() as again:
        assert run_grade(options) == EVERYONE_GRADED
    assert len(first["statements"]) <= MOST_STATEMENTS, "\n".join(first["statements"])
    assert len(first["commits"]) <= MOST_COMMITS
    assert len(again["statements"]) < len(first["statements"])
    assert len(again["commits"]) == 1


def test_each_further_submission_takes_two_commits(
    repository, cnn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One claims it and one writes its result; registering and publishing a class cost no more for a larger one."""
    monkeypatch.setenv("GRADER_COURSE_KEY", "tests")
    write_class(repository, cnn, tmp_path / "class", MISTAKES)
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
        pass
    with counted() as found:
        assert run_grade(options) == EVERYONE_GRADED
    assert len(found["commits"]) <= MOST_COMMITS + 2 * len(MISTAKES)
    assert len(found["statements"]) <= MOST_STATEMENTS + 5 * len(MISTAKES), "\n".join(found["statements"])
