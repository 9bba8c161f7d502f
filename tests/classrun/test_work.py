"""Work on its way: what is unpacked is what was packed, and a worker refuses what it could not grade alike."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.bank.samples import solution_modules
from grader.classrun.work import ROOT_VARIABLE, ExecutorError, Work, grade_work, pack, unpack
from grader.course.version import verdict_version
from grader.grading import GradingPlan
from grader.intake import contents_of
from grader.sandbox import Isolation

paths = st.text(st.characters(exclude_categories=()), min_size=1, max_size=20)


@given(st.dictionaries(paths, st.binary(max_size=200), max_size=5))
def test_any_files_survive_the_way(files: dict[str, bytes]) -> None:
    """Whatever a path or a content holds, the same comes out in the same order."""
    assert list(unpack(pack(files)).items()) == list(files.items())


@pytest.fixture
def work(repository, cnn) -> Work:
    """Return the solution as work, for one quick part."""
    submission = contents_of("x", solution_modules(repository, cnn))
    plan = GradingPlan(repository.root, "cnn", Isolation.B, "key", only="conv_backward_naive.db")
    engine = verdict_version(repository, cnn)
    return Work(plan, engine, submission.sha256, pack(submission.files))


def test_a_worker_grades_what_it_is_sent(work: Work) -> None:
    """No path but that of the repository is needed, and the report bears the content's name."""
    report = grade_work(work)
    assert (report.id, report.sha256, report.score) == (work.sha256, work.sha256, 4.0)


def test_the_repository_may_be_elsewhere_on_a_worker(
    work: Work, repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker's environment names its path where it is not the same."""
    elsewhere = replace(work, plan=replace(work.plan, root=Path("/nowhere")))
    with pytest.raises(ExecutorError, match=f"no homework repository at /nowhere.*{ROOT_VARIABLE}"):
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
