"""What most of a class shares is said once for the class; what costs points or accuses stays with each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.course.assignment import Assignment
from grader.reporting.files import ReportPaths
from grader.reporting.shared_flags import FEWEST, pattern_of, shared_flags
from grader.reporting.write import write_reports
from grader.results import NOT_WHOLE, ClassReport, Flag, Outcome

from .pagecheck import Page, parse
from .samples import NAMES, check, full_marks, submission
from .whole import render_index


def left_out(name: str, line: int) -> Flag:
    """Return the flag of a line that everybody copied from the lecture, in a folder of each one's own."""
    return Flag(NOT_WHOLE, f"{name} hw4/nndl/cnn.py: line {line} was left out: no file /content/train.npz.")


def made(assignment: Assignment, *flags: tuple[Flag, ...]) -> ClassReport:
    """Return a class of submissions that each lack points, one for each tuple of flags."""
    checks = full_marks(assignment)
    checks[0] = check(checks[0].part, 0, Outcome.FAILED, checks[0].max_points)
    each = (submission(f"student-{place}", checks, flags=own) for place, own in enumerate(flags))
    return ClassReport(1, assignment.id, assignment.version, "0.1.0", tuple(each))


def shared_by(report: ClassReport) -> dict[str, int]:
    """Return the kinds that the class shares, with how many carry each."""
    found = shared_flags([[pattern_of(flag) for flag in each.flags] for each in report.submissions])
    return {each.kind: carriers for each, carriers in found.items()}


def index(report: ClassReport, assignment: Assignment) -> Page:
    """Return the class's page."""
    return parse(render_index(report, assignment))


@pytest.mark.parametrize(
    ("carriers", "others", "shared"),
    [(17, 3, True), (5, 0, True), (3, 3, True), (3, 4, False), (4, 0, False)],
)
def test_half_of_five_share_a_flag(carriers: int, others: int, shared: bool, assignment: Assignment) -> None:
    """At least half of at least five submissions make a flag the class's, whatever folder and line it names."""
    flags = [(left_out(NAMES[place], place + 3),) * 2 for place in range(carriers)]
    report = made(assignment, *flags, *[()] * others)
    assert shared_by(report) == ({NOT_WHOLE: carriers} if shared else {})


def test_other_words_are_another_flag(assignment: Assignment) -> None:
    """Flags of one kind that say different things are not put together."""
    report = made(assignment, *[(Flag(NOT_WHOLE, f"cnn.py: {word}"),) for word in "abcdef"])
    assert shared_by(report) == {}


@pytest.mark.parametrize(
    "kind",
    ["tampering", "given_code", "doubtful", "notebook_contradicted", "does_not_parse", "answer_not_counted"],
)
def test_what_costs_or_accuses_stays_with_each(kind: str, assignment: Assignment) -> None:
    """However many carry it, such a flag is in everybody's row and nowhere said for the class."""
    report = made(assignment, *[(Flag(kind, "The same words."),)] * FEWEST)
    page = index(report, assignment)
    assert not page.marked("shared")
    assert page.marked("roster")[0].text.count(kind.replace("_", " ")) == FEWEST


def test_the_class_is_told_once_and_who_lacks_points_is_listed(assignment: Assignment) -> None:
    """The shared flag stands above the table and in no row; a loss beside it still needs a look, whoever shares it."""
    own = Flag("does_not_parse", "nndl/cnn.py does not parse: line 3")
    flags = [(left_out(NAMES[place], place),) for place in range(17)]
    flags[2] = (*flags[2], own)
    page = index(made(assignment, *flags, (), (), (own,)), assignment)
    (said,) = page.marked("shared")
    assert f"17 of 20 submissions not read whole {NAMES[0]} hw4/nndl/cnn.py: line 0" in " ".join(
        said.text.split()
    )
    assert "17 of them lack points" in said.text
    assert "not read whole" not in page.marked("roster")[0].text
    assert page.marked("roster")[0].text.count("does not parse") == 2
    (concern,) = page.marked("who")
    assert concern.text == ", ".join(f"student-{place}" for place in range(12)) + " and 6 more"


def test_grades_and_pages_of_submissions_keep_the_flag(assignment: Assignment, tmp_path: Path) -> None:
    """Only the class's page says it once; each submission's results and staff page have it as ever."""
    report = made(assignment, *[(left_out(NAMES[place], place),) for place in range(6)])
    write_reports(report, assignment, tmp_path)
    paths = ReportPaths(tmp_path)
    graded = json.loads(paths.json.read_text(encoding="utf-8"))["submissions"]
    assert [each["flags"][0]["kind"] for each in graded] == [NOT_WHOLE] * 6
    for each in report.submissions:
        page = parse(paths.staff_page(each.id).read_text(encoding="utf-8"))
        assert each.flags[0].message in page.text
