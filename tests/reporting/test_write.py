"""Writing a class's reports."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from grader.course.assignment import Assignment
from grader.reporting.class_index import ROWS
from grader.reporting.files import ReportError, ReportPaths
from grader.reporting.grades_json import load
from grader.reporting.text import clean_class
from grader.reporting.write import write_class, write_reports, write_submission_page
from grader.results import ClassReport

from .pagecheck import parse
from .samples import STAFF_ONLY, submission
from .whole import as_json_keeps


@pytest.fixture(scope="module")
def written(
    report: ClassReport, assignment: Assignment, tmp_path_factory: pytest.TempPathFactory
) -> ReportPaths:
    """Return the sample class's reports on disk."""
    return write_reports(report, assignment, tmp_path_factory.mktemp("grades"))


def test_everything_is_where_the_paths_say(written: ReportPaths, report: ClassReport) -> None:
    """There is grades.json, grades.jsonl, grades.csv, the index, and two pages per submission, and nothing else."""
    files = {
        path.relative_to(written.folder).as_posix() for path in written.folder.rglob("*") if path.is_file()
    }
    assert {"grades.json", "grades.jsonl", "grades.csv", "index.html"} <= files
    assert len(files) == 4 + 2 * len(report.submissions)
    assert all(written.student_page(each.id).is_file() for each in report.submissions)
    assert all(written.staff_page(each.id).is_file() for each in report.submissions)


def test_what_is_written_loads_again(written: ReportPaths, report: ClassReport) -> None:
    """The written grades.json is the cleaned report."""
    assert load(written.json) == as_json_keeps(clean_class(report))


def test_each_submission_is_a_line_beside_grades_json(written: ReportPaths) -> None:
    """Who reads a large class reads it line by line; each says what grades.json does."""
    lines = written.lines.read_text(encoding="utf-8").splitlines()
    entries = json.loads(written.json.read_text(encoding="utf-8"))["submissions"]
    assert [json.loads(line) for line in lines] == entries


def test_a_large_class_has_several_pages(tmp_path: Path, assignment: Assignment) -> None:
    """Each has so many rows and links the others; together they list everybody once, and a smaller class has fewer."""
    some = [submission(f"s{number:04}", []) for number in range(2 * ROWS + 7)]
    large = ClassReport(1, assignment.id, assignment.version, "0.1.0", tuple(some))
    write_class(large, assignment, tmp_path)
    names = ["index.html", "index-2.html", "index-3.html"]
    assert sorted(each.name for each in tmp_path.glob("index*")) == sorted(names)
    pages = [parse((tmp_path / name).read_text(encoding="utf-8")) for name in names]
    staff = [
        [each.attributes["href"] for each in page.all("a") if each.attributes["href"].startswith("staff/")]
        for page in pages
    ]
    assert list(map(len, staff)) == [ROWS, ROWS, 7]
    assert len({address for page in staff for address in page}) == len(some)
    assert all({*names} <= {each.attributes.get("href") for each in page.all("a")} for page in pages)
    write_class(replace(large, submissions=tuple(some[:3])), assignment, tmp_path)
    assert [each.name for each in tmp_path.glob("index*")] == ["index.html"]


def test_every_link_leads_to_a_page(written: ReportPaths) -> None:
    """No link of any page is broken."""
    for path in written.folder.rglob("*.html"):
        for link in parse(path.read_text(encoding="utf-8")).all("a"):
            target = link.attributes["href"].partition("#")[0]
            assert not target or (path.parent / target).is_file(), (path, target)


def test_the_folder_for_students_can_be_handed_out(written: ReportPaths) -> None:
    """Nothing staff-only is in the students' folder, and no page of it leads out."""
    for path in written.students.iterdir():
        html = path.read_text(encoding="utf-8")
        assert STAFF_ONLY not in html
        assert all(link.attributes["href"].startswith("#") for link in parse(html).all("a"))


def test_one_by_one_is_the_same_as_at_once(
    written: ReportPaths, report: ClassReport, assignment: Assignment, tmp_path: Path
) -> None:
    """Pages written as results come in, and the class at the end, are byte for byte the same reports."""
    for each in reversed(report.submissions):
        student, staff = write_submission_page(each, assignment, tmp_path)
        assert (student.parent.name, staff.parent.name) == ("students", "staff")
    write_class(report, assignment, tmp_path)
    for path in written.folder.rglob("*"):
        if path.is_file():
            alike = (tmp_path / path.relative_to(written.folder)).read_bytes()
            assert alike.replace(bytes(tmp_path), bytes(written.folder)) == path.read_bytes()


def test_two_submissions_of_one_name_are_refused(
    report: ClassReport, assignment: Assignment, tmp_path: Path
) -> None:
    """Two submissions with one id would share a page; nothing of the class is written."""
    twice = replace(report, submissions=report.submissions[:1] * 2)
    with pytest.raises(ReportError, match="two submissions are called 'ada-osei'"):
        write_class(twice, assignment, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_is_a_clear_error(
    report: ClassReport, assignment: Assignment, tmp_path: Path
) -> None:
    """An output folder below a file is reported with its path."""
    (tmp_path / "grades").write_text("")
    with pytest.raises(ReportError, match="a file stands where a folder is needed"):
        write_reports(report, assignment, tmp_path / "grades")


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs the browser chromium")
def test_a_browser_runs_our_script_and_nothing_else(
    report: ClassReport, assignment: Assignment, tmp_path: Path
) -> None:
    """In a real browser the policy lets the sorting script run, and a script put into the page does not."""
    paths = write_class(report, assignment, tmp_path / "grades")
    html = paths.index.read_text(encoding="utf-8")
    injected = "<script>document.documentElement.lang = 'owned'</script></main>"
    paths.index.write_text(html.replace("</main>", injected), encoding="utf-8")
    dom = browse(paths.index, tmp_path / "profile")
    assert dom.count('<button type="button">') == 6
    assert '<html lang="en">' in dom


def browse(page: Path, profile: Path) -> str:
    """Return the document of `page` after headless Chromium has run it."""
    options = (
        "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
        "--disable-component-update --disable-sync --dump-dom"
    )
    command = ["chromium", *options.split(), f"--user-data-dir={profile}", page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout  # noqa: S603
