"""Grading a class in several processes: every submission gets a report, whatever happens to the processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.classrun.executor import run_work
from grader.classrun.local import InThisProcess, LocalPool

from .deaths import KILLER, die_on_seven, die_the_first_time, grade_quickly, works


def test_everyone_gets_one_report_in_this_process() -> None:
    """Each piece of work is done once."""
    done = list(run_work(works(5), InThisProcess(grade_quickly)))
    assert sorted(each.report.id for each in done) == ["0", "1", "2", "3", "4"]


def test_work_is_drawn_when_there_is_room() -> None:
    """No more than one piece beyond what is under way is taken from a long class."""
    drawn = []

    def one_by_one():
        for work in works(100):
            drawn.append(work)
            yield work

    loop = run_work(one_by_one(), InThisProcess(grade_quickly))
    next(loop)
    assert len(drawn) == 2
    loop.close()


def test_a_submission_that_kills_its_process_is_set_aside() -> None:
    """It is tried three times and then named; nothing beside it is lost."""
    pool = LocalPool(2, die_on_seven)
    try:
        reports = {each.work.sha256: each.report for each in run_work(works(12), pool)}
    finally:
        pool.close()
    assert sorted(reports) == sorted(str(number) for number in range(12))
    assert "died 3 times" in reports.pop(KILLER).error
    assert not [report.error for report in reports.values() if report.error]


def test_a_process_that_dies_by_chance_costs_a_second_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The submission is graded again in another process, and nobody hears of it."""
    monkeypatch.setenv("DEATH_MARK", str(tmp_path / "died"))
    pool = LocalPool(2, die_the_first_time)
    try:
        reports = [each.report for each in run_work(works(10), pool)]
    finally:
        pool.close()
    assert (tmp_path / "died").exists()
    assert len(reports) == 10
    assert not [report.error for report in reports if report.error]
