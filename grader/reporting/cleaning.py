"""Clean every string of a report, once, before anything is made of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from grader.reporting.text import clean, one_line
from grader.results import Adjustment, CheckResult, ClassReport, ErrorMap, Flag, SubmissionReport

LONGEST_AXIS = 16
"""Characters of an axis name beside a figure."""


class Cleaner:
    """Cleans the submissions of one class in turn, so that every id is still its own.

    Ids that differ only in characters that cannot be shown become alike; the later ones get a number.
    """

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def clean(self, submission: SubmissionReport) -> SubmissionReport:
        """Return the next submission of the class, cleaned."""
        cleaned = clean_submission(submission)
        name = cleaned.id
        while self._seen[name]:
            self._seen[cleaned.id] += 1
            name = f"{cleaned.id} ({self._seen[cleaned.id]})"
        self._seen[name] += 1
        return replace(cleaned, id=name)


def clean_class(report: ClassReport) -> ClassReport:
    """Return `report` with every string cleaned and every submission's id still its own."""
    cleaner = Cleaner()
    return replace(clean_header(report), submissions=tuple(map(cleaner.clean, report.submissions)))


def clean_header(report: ClassReport) -> ClassReport:
    """Return what `report` says of the class as a whole, cleaned, without submissions."""
    return replace(
        report,
        assignment=clean(report.assignment),
        assignment_version=clean(report.assignment_version),
        grader_version=clean(report.grader_version),
        submissions=(),
    )


def clean_submission(submission: SubmissionReport) -> SubmissionReport:
    """Return `submission` with every string cleaned."""
    return replace(
        submission,
        id=clean(submission.id),
        sha256=clean(submission.sha256),
        isolation=clean(submission.isolation),
        flags=tuple(Flag(clean(flag.kind), clean(flag.message)) for flag in submission.flags),
        checks=tuple(_clean_check(check) for check in submission.checks),
        error=clean(submission.error),
        student=clean(submission.student),
        adjustments=tuple(map(_clean_adjustment, submission.adjustments)),
    )


def for_student(submission: SubmissionReport) -> SubmissionReport:
    """Return `submission` without anything only staff may read.

    The student's page is made from this, so no template can show what is not there.
    """
    checks = tuple(replace(check, staff_note="", seconds=0.0) for check in submission.checks)
    adjustments = tuple(replace(each, who="") for each in submission.adjustments)
    return replace(
        submission, flags=(), isolation="", seconds=0.0, checks=checks, adjustments=adjustments, student=""
    )


def _clean_check(check: CheckResult) -> CheckResult:
    return replace(
        check,
        id=clean(check.id),
        part=clean(check.part),
        title=clean(check.title),
        message=clean(check.message),
        diagnosis=clean(check.diagnosis),
        staff_note=clean(check.staff_note),
        error_map=None if check.error_map is None else _clean_map(check.error_map),
    )


def _clean_adjustment(adjustment: Adjustment) -> Adjustment:
    return replace(
        adjustment,
        part=clean(adjustment.part),
        why=clean(adjustment.why),
        who=clean(adjustment.who),
        when=clean(adjustment.when),
    )


def _clean_map(error_map: ErrorMap) -> ErrorMap:
    return replace(error_map, axes=tuple(one_line(axis, LONGEST_AXIS) for axis in error_map.axes))
