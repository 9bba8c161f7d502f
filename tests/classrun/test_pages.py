"""Showing a class: what pages show already stays untouched, whatever else lies there is written anew."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grader.classrun import run
from grader.classrun.run import show_class
from grader.course.assignment import Assignment
from grader.gradebook import (
    ClaimStore,
    Gradebook,
    Section,
    known_arrivals,
    open_gradebook,
    publish,
    read_class,
    register,
)
from grader.progress import Step
from grader.reporting.files import ReportPaths
from grader.results import NotebookPage, SubmissionReport

from ..gradebook.conftest import REQUEST, received
from ..gradebook.reports import report

A, B = "a" * 64, "b" * 64

Show = Callable[..., list[str]]


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Gradebook]:
    """Return a gradebook in which ada and bob are graded, with one executed notebook each."""
    with open_gradebook(tmp_path / "gradebook.sqlite") as opened:
        yield opened


@pytest.fixture
def show(book: Gradebook, cnn: Assignment, tmp_path: Path) -> Show:
    """Return what registers students, shows their class and returns whose pages were written."""

    def shown(students: dict[str, str], *, remember: bool = True) -> list[str]:
        found = [received(name, sha256) for name, sha256 in students.items()]
        section = Section(cnn.id, "/downloads")
        gone = known_arrivals(book, section).keys() - students.keys()
        entry = register(book, section, found, REQUEST, course_key="key", gone=gone)
        store, gradings = ClaimStore(book), dict(entry.finished)
        for sha256 in sorted(set(students.values()) - gradings.keys()):
            claim = store.claim(sha256, entry.key)
            assert claim
            pages = (NotebookPage("CNN.ipynb", "It ran.", "<p>It ran.</p>"),)
            store.complete(claim, replace(report(sha256), notebooks=pages))
            gradings[sha256] = claim.grading_id
        written: list[str] = []

        def note(event: object) -> None:
            if isinstance(event, Step) and event.name:
                written.append(event.name)

        with read_class(book, entry.section_id, cnn) as state:
            standings = state.standings(gradings)
            pages_shown = show_class(state, standings, tmp_path / "out", note)
        if remember:
            publish(book, entry.section_id, standings, pages_shown)
        return written

    return shown


def times(out: Path) -> dict[Path, int]:
    """Return when each file was written."""
    return {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()}


def test_pages_are_current_until_something_changes(
    show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another result and another way to make pages make them anew; without, no file is touched."""
    out, both = tmp_path / "out", {"ada": A, "bob": B}
    assert show(both) == ["ada", "bob"]
    before = times(out)
    assert len(before) == 2 * 3 + len(("grades.json", "grades.jsonl", "grades.csv", "index.html"))
    assert show(both) == []
    assert times(out) == before
    assert show({"ada": A, "bob": "c" * 64}) == ["bob"]
    assert times(out)[out / "grades.json"] != before[out / "grades.json"]
    monkeypatch.setattr(run, "presentation_version", lambda _assignment: "another")
    assert show(both) == ["ada", "bob"]
    assert show(both) == []


def test_a_page_that_is_gone_or_another_comes_back(show: Show, tmp_path: Path) -> None:
    """Of either kind, of one submission or of the class, and with the whole folder."""
    out, both = tmp_path / "out", {"ada": A, "bob": B}
    show(both)
    ReportPaths(out).student_page("ada").unlink()
    assert show(both) == ["ada"]
    ReportPaths(out).staff_page("bob").write_text("something else", encoding="utf-8")
    assert show(both) == ["bob"]
    (out / "grades.csv").unlink()
    assert show(both) == []
    assert (out / "grades.csv").is_file()
    before = set(times(out))
    shutil.rmtree(out)
    assert show(both) == ["ada", "bob"]
    assert set(times(out)) == before


def test_pages_of_who_is_not_listed_are_removed(show: Show, tmp_path: Path) -> None:
    """Both pages and those of notebooks go with the submission, and files of others stay."""
    out = tmp_path / "out"
    show({"ada": A, "bob": B})
    (out / "notes.html").write_text("mine", encoding="utf-8")
    show({"bob": B})
    left = [path.name for path in out.rglob("*.html")]
    assert not [name for name in left if "ada" in name]
    assert len([name for name in left if "bob" in name]) == 3
    assert "notes.html" in left


def test_an_end_between_writing_and_remembering_leaves_no_wrong_page_for_current(show: Show) -> None:
    """Pages of a result that was never published are written anew when the old result is shown again."""
    old = {"ada": A, "bob": B}
    show(old)
    assert show({"ada": A, "bob": "c" * 64}, remember=False) == ["bob"]
    assert show(old) == ["bob"]


def test_a_class_without_anybody_has_its_files(show: Show, tmp_path: Path) -> None:
    """An empty folder of submissions gives an empty table, and not none."""
    assert show({}) == []
    assert (tmp_path / "out" / "grades.json").is_file()
    before = times(tmp_path / "out")
    os.utime(tmp_path / "out")
    show({})
    assert times(tmp_path / "out") == before


def test_a_page_that_is_never_done_costs_nobody_else_theirs(
    show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The watchdog ends it, the class is written without it, and the next run tries again."""
    original = run.write_submission_page

    def never_done(report: SubmissionReport, assignment: Assignment, out: Path) -> object:
        while report.id == "ada":
            pass
        return original(report, assignment, out)

    monkeypatch.setattr(run, "write_submission_page", never_done)
    monkeypatch.setattr(run, "WATCHDOG_SECONDS", 0.5)
    out, both = tmp_path / "out", {"ada": A, "bob": B}
    assert show(both) == ["ada", "bob"]
    assert not ReportPaths(out).student_page("ada").exists()
    assert ReportPaths(out).student_page("bob").is_file()
    assert "ada" in (out / "grades.json").read_text(encoding="utf-8")
    monkeypatch.undo()
    assert show(both) == ["ada"]
    assert ReportPaths(out).student_page("ada").is_file()
