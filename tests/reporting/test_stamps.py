"""Remembering what pages show: what is current stays untouched, what is no longer listed goes."""

from __future__ import annotations

from pathlib import Path

from grader.course.assignment import Assignment
from grader.reporting import write_reports, write_submission_page
from grader.reporting.files import ReportPaths
from grader.reporting.stamps import STAMPS, PageStamps, shown_source
from grader.results import ClassReport


def remembered(out: Path, digests: dict[str, str], version: str = "1") -> tuple[list[str], bool]:
    """Note these pages; return those that are not current, and whether the class's files are."""
    stamps = PageStamps(out, version, "/downloads")
    old = [id for id, digest in digests.items() if not stamps.is_current(id, digest)]
    current = stamps.covers_class()
    stamps.save()
    return old, current


def test_pages_are_current_until_something_changes(
    report: ClassReport, assignment: Assignment, tmp_path: Path
) -> None:
    """Another digest, another way to make pages, a page that is gone or another order makes them anew."""
    write_reports(report, assignment, tmp_path)
    digests = {each.id: "a" for each in report.submissions}
    first, *_, last = digests
    assert remembered(tmp_path, digests) == (list(digests), False)
    assert remembered(tmp_path, digests) == ([], True)
    assert remembered(tmp_path, digests | {first: "b"}) == ([first], False)
    assert remembered(tmp_path, digests | {first: "b"}, version="2") == (list(digests), False)
    ReportPaths(tmp_path).student_page(last).unlink()
    assert remembered(tmp_path, digests | {first: "b"}, version="2") == ([last], True)
    assert shown_source(tmp_path) == "/downloads"


def test_pages_of_who_is_not_listed_are_removed(
    report: ClassReport, assignment: Assignment, tmp_path: Path
) -> None:
    """Both pages go with the submission, and files of others stay."""
    one, other = report.submissions[:2]
    for each in (one, other):
        write_submission_page(each, assignment, tmp_path)
    remembered(tmp_path, {one.id: "a", other.id: "a"})
    remembered(tmp_path, {other.id: "a"})
    left = {path.name for path in tmp_path.rglob("*.html")}
    assert left == {ReportPaths(tmp_path).student_page(other.id).name}


def test_a_damaged_memory_is_no_memory(tmp_path: Path) -> None:
    """What cannot be read, or is something else, makes every page anew and nothing worse."""
    for text in ("", "[]", '{"pages": 7}', "\x00"):
        (tmp_path / STAMPS).write_text(text, encoding="utf-8")
        assert remembered(tmp_path, {"ada": "a"}) == (["ada"], False)
