"""JUnit XML, which CI servers show: a suite for each submission, a case for each check."""

from __future__ import annotations

from collections import Counter
from xml.etree import ElementTree as ET

from grader.reporting.outcomes import FACES
from grader.reporting.text import clean_class
from grader.results import CheckResult, ClassReport, Outcome, SubmissionReport

_TAGS = {
    Outcome.PASSED: None,
    Outcome.INCONCLUSIVE: None,
    Outcome.FAILED: "failure",
    Outcome.TAMPERED: "failure",
    Outcome.BLOCKED: "skipped",
    Outcome.NOT_IMPLEMENTED: "failure",
    Outcome.NOT_GRADED: "skipped",
}
"""What a case holds for its outcome; every other outcome is an error."""


def junit_xml(report: ClassReport) -> str:
    """Return the class as one JUnit XML document."""
    cleaned = clean_class(report)
    root = ET.Element("testsuites", name=f"{cleaned.assignment} {cleaned.assignment_version}")
    for submission in cleaned.submissions:
        root.append(_suite(submission))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(submission: SubmissionReport) -> ET.Element:
    count = Counter(_tag(check) for check in submission.checks)
    broken = bool(submission.error)
    suite = ET.Element(
        "testsuite",
        name=submission.id,
        tests=str(len(submission.checks) + broken),
        failures=str(count["failure"]),
        errors=str(count["error"] + broken),
        skipped=str(count["skipped"]),
        time=f"{submission.seconds:.3f}",
    )
    if broken:
        case = ET.SubElement(suite, "testcase", classname=submission.id, name="graded at all", time="0")
        ET.SubElement(case, "error", message=submission.error)
    for check in submission.checks:
        suite.append(_case(check))
    return suite


def _case(check: CheckResult) -> ET.Element:
    case = ET.Element("testcase", classname=check.part, name=check.id, time=f"{check.seconds:.3f}")
    tag = _tag(check)
    if tag is not None:
        face = FACES[check.outcome]
        result = ET.SubElement(case, tag, message=check.message or face.help, type=check.outcome.value)
        result.text = "\n".join(each for each in (check.title, check.diagnosis) if each)
    return case


def _tag(check: CheckResult) -> str | None:
    return _TAGS.get(check.outcome, "error")
