"""grades.json: the contract, and reading it back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from grader.reporting.files import ReportError
from grader.reporting.grades_json import load, parse_json
from grader.reporting.text import clean_class
from grader.results import ClassReport, SubmissionReport

from .strategies import class_reports
from .whole import as_json_keeps, render_json


@settings(max_examples=40)
@given(class_reports)
def test_a_report_survives_the_round_trip(report: ClassReport) -> None:
    """What is read is what was written, every string cleaned, and writing it again gives the same bytes."""
    text = render_json(report)
    again = parse_json(text.encode("utf-8"))
    assert again == as_json_keeps(clean_class(report))
    assert render_json(again) == text


def test_the_contract_holds_field_for_field(report: ClassReport) -> None:
    """The document has the contract's fields in its order, then those added since."""
    document = json.loads(render_json(report))
    assert list(document) == [
        "schema",
        "assignment",
        "assignment_version",
        "grader_version",
        "submissions",
        "notes",
    ]
    submission = document["submissions"][0]
    assert list(submission) == [
        *("id", "sha256", "score", "max_score", "isolation", "seconds", "flags", "checks", "error"),
        *("student", "attempt", "adjustments", "late_days", "penalty", "waiting"),
        *("comments", "member", "free_days", "free_days_left", "time_unknown"),
    ]
    contract = ["id", "part", "scope", "outcome", "points", "max_points", "title", "message", "diagnosis"]
    assert list(submission["checks"][0]) == [
        *contract,
        "staff_note",
        "seconds",
        "error_map",
        "judged",
        "inputs",
        "worst",
    ]
    assert document["schema"] == 1


def test_a_document_of_only_the_contract_is_read() -> None:
    """A file without the fields added since, or with ones from a later version, still loads."""
    check = {
        "id": "c",
        "part": "p",
        "scope": "homework",
        "outcome": "failed",
        "points": 0.0,
        "max_points": 4.0,
    }
    check |= {"title": "t", "message": "m", "diagnosis": "", "seconds": 0.02}
    submission = {"id": "s", "sha256": "", "score": 0, "max_score": 4.0, "isolation": "A", "seconds": 3.1}
    submission |= {"flags": [], "checks": [check], "from_the_future": 1}
    document = {"schema": 1, "assignment": "cnn", "assignment_version": "1", "grader_version": "1"}
    report = parse_json(json.dumps(document | {"submissions": [submission]}))
    assert report.submissions[0].checks[0].error_map is None


@pytest.mark.parametrize("field", ["score", "max_score", "seconds", "penalty"])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0])
def test_a_number_no_score_can_be_is_refused(report: ClassReport, field: str, value: float) -> None:
    """NaN, infinity and negative numbers are never written, and the error names the submission."""
    broken = replace(report, submissions=(replace(report.submissions[0], **{field: value}),))
    with pytest.raises(ReportError, match=r"'ada-osei'.*negative, infinite or NaN"):
        render_json(broken)


def edited(report: ClassReport, old: str, new: str) -> str:
    """Return grades.json with one thing changed."""
    text = render_json(replace(report, submissions=report.submissions[:2]))
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"schema": 1', '"schema": 2', "schema 2 and this version reads schema 1"),
        (
            '"outcome": "passed"',
            '"outcome": "splendid"',
            r"submissions\.0\.checks\.0\.outcome: Input should be",
        ),
        ('"score": ', '"marks": ', r"submissions\.0\.score: Field required"),
        (
            '"max_score": ',
            '"max_score": "many", "x": ',
            r"submissions\.0\.max_score: Input should be a valid number",
        ),
        ('"max_score": ', '"max_score": NaN, "x": ', "negative, infinite or NaN"),
        ('"id": "ben-lindqvist"', '"id": "ada-osei"', "lists these submissions twice: ada-osei"),
        ("{", "", "is not JSON"),
        ('"levels": [', '"levels": [[9], ', "levels"),
    ],
)
def test_an_edited_file_is_refused_with_the_place(
    report: ClassReport, old: str, new: str, words: str
) -> None:
    """A damaged file is refused, and the message says which field to mend."""
    with pytest.raises(ReportError, match=words):
        parse_json(edited(report, old, new))


@pytest.mark.parametrize("text", ["", "[]", "null", "[" * 100_000, b"\xff\xfe"])
def test_a_file_that_is_no_report_is_refused(text: str | bytes) -> None:
    """What is not JSON, or JSON but no report, is a clear error and never a crash."""
    with pytest.raises(ReportError, match="grade again"):
        parse_json(text)


def test_a_missing_file_says_who_writes_it(tmp_path: Path) -> None:
    """Loading what is not there, or a folder, names the path."""
    with pytest.raises(ReportError, match=r"grades\.json does not exist; `numgrade grade` writes it"):
        load(tmp_path / "grades.json")
    with pytest.raises(ReportError, match="cannot read"):
        load(tmp_path)


def test_ids_that_clean_to_the_same_stay_apart(report: ClassReport) -> None:
    """Two ids that differ in unprintable characters only are told apart, so that none is lost."""
    twins = tuple(
        replace(report.submissions[0], id=f"twin{odd}", checks=()) for odd in ("\x00", "\x01", "\x02")
    )
    read = parse_json(render_json(replace(report, submissions=twins)))
    assert [each.id for each in read.submissions] == ["twin\ufffd", "twin\ufffd (2)", "twin\ufffd (3)"]


def test_text_stays_readable() -> None:
    """Names are written as they are, not as escapes."""
    submission = SubmissionReport("Zoë Łukasz", "", 0, 0, "", 0)
    assert '"Zoë Łukasz"' in render_json(ClassReport(1, "cnn", "1", "1", (submission,)))
