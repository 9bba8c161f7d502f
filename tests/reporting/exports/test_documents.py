"""results.json, JUnit XML and grades.csv say what a class reached, and no more than their readers may know."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings

from grader.intake.arrivals import Person
from grader.reporting.exports import Visibility, gradescope_results, junit_xml
from grader.reporting.exports.engine_wheel import wheel_members
from grader.reporting.exports.gradescope import AutograderSettings
from grader.reporting.files import ReportError
from grader.reporting.grades_csv import render_csv
from grader.results import Adjustment, Outcome, Scope
from tests.reporting.samples import STAFF_ONLY, cnn
from tests.reporting.strategies import class_reports


def test_gradescope_gets_the_score_and_every_check(report, assignment) -> None:
    """Each check is a test with its points; the score is the submission's."""
    for submission in report.submissions:
        document = json.loads(json.dumps(gradescope_results(submission, assignment)))
        assert document["score"] == pytest.approx(submission.score, abs=1e-4)
        assert [test["max_score"] for test in document["tests"]] == pytest.approx(
            [check.max_points for check in submission.checks], abs=1e-4
        )
        assert {test["visibility"] for test in document["tests"]} <= {"visible"}


def test_gradescope_shows_students_nothing_of_staff(report, assignment) -> None:
    """No note or flag is in any document, and all text is plain."""
    for submission in report.submissions:
        document = gradescope_results(submission, assignment, Visibility.HIDDEN)
        assert STAFF_ONLY not in json.dumps(document)
        assert document["test_output_format"] == document["output_format"] == "text"
        assert document["visibility"] == "hidden"


def test_gradescope_calls_only_what_was_judged_passed_or_failed(report, assignment) -> None:
    """What is excused or advice has no status; the rest says whether it earned its points."""
    (sample,) = (each for each in report.submissions if each.id == "one-of-each")
    tests = gradescope_results(sample, assignment)["tests"]
    for check, test in zip(sample.checks, tests, strict=True):
        judged = not check.outcome.excused and check.scope == "homework"
        assert test.get("status") == (("passed" if check.outcome.earns else "failed") if judged else None)


def test_gradescope_says_what_people_and_lateness_changed(report, assignment) -> None:
    """Where the score is not the sum of the tests the output says why, and not by whom."""
    given = Adjustment(
        "conv_forward_naive", 2.0, "The wording was unclear.", "ta@example.edu", "2026-10-06T10:00+00:00"
    )
    changed = replace(report.submissions[0], score=50.0, adjustments=(given,), late_days=1, penalty=10.0)
    document = gradescope_results(changed, assignment)
    assert document["score"] == 50.0
    assert "+2 points in Convolution, forward: The wording was unclear." in document["output"]
    assert "1 day late: -10 points" in document["output"]
    assert "ta@example.edu" not in json.dumps(document)


def test_junit_counts_what_it_lists(report) -> None:
    """Every check is a case, and each suite's counts are those of its cases."""
    root = ET.fromstring(junit_xml(report))  # noqa: S314 - our own text
    assert len(root) == len(report.submissions)
    for suite, submission in zip(root, report.submissions, strict=True):
        assert int(suite.get("tests")) == len(suite) == len(submission.checks) + bool(submission.error)
        for tag, count in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert int(suite.get(count)) == len(suite.findall(f"testcase/{tag}"))
        passed = sum(check.outcome in (Outcome.PASSED, Outcome.INCONCLUSIVE) for check in submission.checks)
        assert passed == sum(len(case) == 0 for case in suite)


def test_junit_says_who_what_and_why(report) -> None:
    """The text is what came out and its cause, the class names student and part, and no pair comes twice."""
    root = ET.fromstring(junit_xml(report))  # noqa: S314 - our own text
    pairs = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(pairs) == len(set(pairs))
    (sample,) = (suite for suite in root if suite.get("name") == "one-of-each")
    failure = next(each for each in sample.iter("failure") if "A likely cause" in each.text)
    assert failure.text.startswith(failure.get("message"))
    assert all(case.get("classname").startswith("one-of-each.") for case in sample)


def test_advice_fails_nothing_in_junit(report) -> None:
    """What costs no points is skipped, with the advice in it."""
    check = replace(
        report.submissions[0].checks[0], scope=Scope.BEYOND, outcome=Outcome.FAILED, max_points=0.0
    )
    one = replace(report, submissions=(replace(report.submissions[0], checks=(check,)),))
    (suite,) = ET.fromstring(junit_xml(one))  # noqa: S314 - our own text
    assert (suite.get("failures"), suite.get("skipped")) == ("0", "1")
    assert suite.find("testcase/skipped").text.startswith("Advice")


@settings(max_examples=30)
@given(class_reports)
def test_documents_can_be_made_of_any_report(report) -> None:
    """Whatever a report's strings hold, the XML parses, the JSON encodes and the CSV has a row for each."""
    homework = cnn()
    ET.fromstring(junit_xml(report))  # noqa: S314 - our own text
    for submission in report.submissions:
        json.dumps(gradescope_results(submission, homework)).encode()
    rows = list(csv.reader(io.StringIO(render_csv(report, homework, {}), newline="")))
    assert len(rows) == 1 + len(report.submissions)


def test_the_csv_says_whose_each_submission_is(report, assignment) -> None:
    """Student, name, mail and number stand behind the id, formulas without effect."""
    first = report.submissions[0]
    who = Person("ada-1", '=cmd|"x"', "ada@example.edu", "12345")
    header, row, *_ = csv.reader(io.StringIO(render_csv(report, assignment, {first.id: who}), newline=""))
    assert header[:5] == ["id", "student", "name", "email", "lms_id"]
    assert row[:5] == [first.id, "ada-1", '\'=cmd|"x"', "ada@example.edu", "12345"]


def test_an_autograder_reads_the_settings_that_were_packed() -> None:
    """As they were asked for."""
    settings = AutograderSettings("cnn", "B", Visibility.HIDDEN)
    assert AutograderSettings.parse(settings.render()) == settings


def test_an_engine_that_was_never_installed_cannot_be_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to run."""
    monkeypatch.setattr("grader.reporting.exports.engine_wheel.NAME", "nowhere-at-all")
    with pytest.raises(ReportError, match="pip install"):
        wheel_members()
