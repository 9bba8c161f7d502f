"""JUnit XML, which CI servers show: a suite for each submission, a case for each check.

GitLab and GitHub's reporters show the text inside a failure, take one case for each pair of class and name, and show
no suite: so the text says what came out and why, and the class names the student.
"""

from __future__ import annotations

from collections import Counter
from xml.etree import ElementTree as ET

from grader.reporting.outcomes import FACES
from grader.reporting.text import clean_class
from grader.results import CheckResult, ClassReport, Outcome, SubmissionReport
from grader.scoring import is_advice

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


_ADVICE = "Advice, which costs nothing."


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
    seen: Counter[tuple[str, str]] = Counter()
    for check in submission.checks:
        classname = f"{submission.id}.{check.part}"
        seen[classname, check.id] += 1
        again = seen[classname, check.id]
        suite.append(_case(check, classname, f"{check.id} ({again})" if again > 1 else check.id))
    return suite


def _case(check: CheckResult, classname: str, name: str) -> ET.Element:
    case = ET.Element("testcase", classname=classname, name=name, time=f"{check.seconds:.3f}")
    tag = _tag(check)
    if tag is not None:
        message = check.message or FACES[check.outcome].help
        cause = f"A likely cause: {check.diagnosis}" if check.diagnosis else ""
        tried = f"Tried: {check.title}" if check.title else ""
        result = ET.SubElement(case, tag, message=message, type=check.outcome.value)
        result.text = "\n".join(
            each for each in (_ADVICE if is_advice(check) else "", message, cause, tried) if each
        )
    return case


def _tag(check: CheckResult) -> str | None:
    tag = _TAGS.get(check.outcome, "error")
    return "skipped" if tag is not None and is_advice(check) else tag
