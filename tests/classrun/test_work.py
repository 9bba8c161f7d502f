"""Work on its way: a frame is graded wherever it comes to, and a worker refuses what it could not grade alike."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from grader.classrun.work import ROOT_VARIABLE, ExecutorError, Work, grade_work


def test_a_worker_grades_what_it_is_sent(work: Work) -> None:
    """No path but that of the repository is needed, and the report bears the content's name."""
    report = grade_work(work)
    assert (report.id, report.sha256, report.score) == (work.sha256, work.sha256, 4.0)


def test_the_repository_may_be_elsewhere_on_a_worker(
    work: Work, repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker's environment names its path where it is not the same."""
    elsewhere = replace(work, plan=replace(work.plan, root=Path("/nowhere")))
    with pytest.raises(ExecutorError, match=f"no course at /nowhere.*{ROOT_VARIABLE}"):
        grade_work(elsewhere)
    monkeypatch.setenv(ROOT_VARIABLE, str(repository.root))
    assert grade_work(elsewhere).score == 4.0


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"engine": "another"}, r"another is asked for; bring both to the same state"),
        ({"sha256": "0" * 64}, "other content"),
    ],
)
def test_a_worker_refuses_what_it_cannot_grade_alike(work: Work, changed, complaint: str) -> None:
    """Another engine, or content that is not what its name says, is an error that names the machine."""
    with pytest.raises(ExecutorError, match=complaint):
        grade_work(replace(work, **changed))


def test_a_worker_without_the_data_set_refuses(work: Work, tmp_path: Path) -> None:
    """Scores with and without the data set are not the same, so it must be there."""
    plan = replace(work.plan, data=tmp_path / "missing")
    with pytest.raises(ExecutorError, match="no data set"):
        grade_work(replace(work, plan=plan))
