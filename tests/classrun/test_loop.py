"""Grading a class in processes of its own: every submission gets a report, whatever happens to the processes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from grader.classrun import local
from grader.classrun.local import LocalPool, begun_early
from grader.classrun.options import GradeOptions
from grader.classrun.work import ExecutorError, Work, run_work
from grader.results import SubmissionReport

from .deaths import (
    KILLER,
    die_on_seven,
    die_the_first_time,
    grade_quickly,
    never_end_on_seven,
    refuse,
    tell_who_grades,
    works,
)


@contextmanager
def pool_of(jobs: int, grade: Callable[[Work], SubmissionReport]) -> Iterator[LocalPool]:
    """Yield a pool that is closed at the end."""
    pool = LocalPool(jobs, grade)
    try:
        yield pool
    finally:
        pool.close()


@pytest.mark.parametrize("jobs", [1, 2])
def test_everyone_gets_one_report(jobs: int) -> None:
    """Each piece of work is done once, with one process as with several."""
    with pool_of(jobs, grade_quickly) as pool:
        done = list(run_work(works(5), pool))
    assert sorted(each.report.id for each in done) == ["0", "1", "2", "3", "4"]


def test_a_process_lives_as_long_as_the_class() -> None:
    """Also with one job another process grades, the same from the first submission to the last."""
    with pool_of(1, tell_who_grades) as pool:
        told = {each.report.error for each in run_work(works(5), pool)}
    (only,) = told
    child, parent = map(int, only.split())
    assert child != parent == os.getpid()
    assert not Path(f"/proc/{child}").exists()


def test_processes_that_began_early_go_when_nothing_comes(repository, cnn, tmp_path: Path, capfd) -> None:
    """They load while the class is read, as many as can have work; to be ended in the middle of it is no error."""
    for name in ("ada", "bob", "eve"):
        (tmp_path / name).mkdir()
    options = GradeOptions(repository.root, cnn.id, tmp_path, tmp_path / "out", jobs="2")
    assert begun_early(replace(options, scheduler="tcp://there:1"), cnn.id) is None
    before = children()
    early = begun_early(options, cnn.id)
    new = [(each / "cmdline").read_bytes() for each in children() - before]
    assert len([each for each in new if b"sandbox/box" not in each]) == 3  # two that grade, and the reader
    began = time.monotonic()
    early.close()
    assert time.monotonic() - began < 5
    assert capfd.readouterr() == ("", "")


def children() -> set[Path]:
    """Return the folders in /proc of what this process has started."""
    return {path.parent for path in Path("/proc").glob("[0-9]*/stat") if str(os.getpid()) in parents_of(path)}


def parents_of(stat: Path) -> list[str]:
    """Return, from /proc/PID/stat, the number of the process that started it; none when it is gone."""
    try:
        return stat.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[1:2]
    except OSError:
        return []


def test_work_is_drawn_when_there_is_room() -> None:
    """No more than one piece beyond what is under way is taken from a long class."""
    drawn = []

    def one_by_one():
        for work in works(100):
            drawn.append(work)
            yield work

    with pool_of(1, grade_quickly) as pool:
        loop = run_work(one_by_one(), pool)
        next(loop)
        assert len(drawn) == 2
        loop.close()


def test_a_submission_that_kills_its_process_is_set_aside() -> None:
    """It is tried twice and then named with what happened; nothing beside it is lost."""
    with pool_of(2, die_on_seven) as pool:
        reports = {each.work.sha256: each.report for each in run_work(works(12), pool)}
    assert sorted(reports) == sorted(str(number) for number in range(12))
    assert reports.pop(KILLER).error == "the grading process died (SIGKILL), 2 times; staff must look at it"
    assert not [report.error for report in reports.values() if report.error]


def test_a_submission_that_takes_the_memory_is_set_aside_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the kernel counts one more process ended for memory, a second try would only cost another."""
    killed = iter(range(100))
    monkeypatch.setattr(local, "_kills_for_memory", lambda: next(killed))
    with pool_of(1, die_on_seven) as pool:
        reports = {each.work.sha256: each.report for each in run_work(works(9), pool)}
    assert reports[KILLER].error == "grading it took more memory than there is; staff must look at it"
    assert sum(bool(each.error) for each in reports.values()) == 1


def test_a_submission_that_never_ends_is_ended_and_named_once() -> None:
    """The watchdog costs it its process and nobody else a result."""
    hurried = [replace(each, seconds=1.0 if each.sha256 == KILLER else 60.0) for each in works(9)]
    began = time.monotonic()
    with pool_of(2, never_end_on_seven) as pool:
        reports = {each.work.sha256: each.report for each in run_work(hurried, pool)}
    assert time.monotonic() - began < 30
    assert "took more than 0 minutes and was ended" in reports.pop(KILLER).error
    assert not [report.error for report in reports.values() if report.error]


def test_a_process_that_dies_by_chance_costs_a_second_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The submission is graded again in another process, and nobody hears of it."""
    monkeypatch.setenv("DEATH_MARK", str(tmp_path / "died"))
    with pool_of(2, die_the_first_time) as pool:
        reports = [each.report for each in run_work(works(10), pool)]
    assert (tmp_path / "died").exists()
    assert len(reports) == 10
    assert not [report.error for report in reports if report.error]


def test_a_process_that_is_not_fit_ends_the_run() -> None:
    """What it raises is raised where the class is kept, as if it had graded itself."""
    with pool_of(1, refuse) as pool, pytest.raises(ExecutorError, match="0 cannot be graded here"):
        list(run_work(works(3), pool))
