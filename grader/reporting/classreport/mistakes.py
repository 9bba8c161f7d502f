"""Lay out the page of diagnoses and of failures that nothing explains."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from grader.reporting.charts import points_bar
from grader.reporting.classreport.findings import Finding, diagnosed, unexplained
from grader.reporting.classreport.people import Directory, People
from grader.reporting.classreport.words import drawn, share_words
from grader.reporting.findings import LONGEST_MESSAGE, marked_up
from grader.reporting.text import clip, number
from grader.results import ClassReport

MOST_FINDINGS = 200
MOST_PARTS = 3
"""Parts named beside a finding before the rest is counted."""


@dataclass(frozen=True, slots=True)
class FindingView:
    """A diagnosis or an unexplained failure, with its students."""

    text: Markup
    parts: tuple[str, ...]
    more_parts: int
    students: People
    share: str
    bar: Markup
    checks: int
    lost: str


def findings(
    report: ClassReport, people: Directory
) -> tuple[tuple[FindingView, ...], tuple[FindingView, ...]]:
    """Return the diagnoses and the failures without one."""
    graded = sum(not each.error for each in report.submissions) or 1
    known, puzzling = diagnosed(report.submissions), unexplained(report.submissions)
    return (
        tuple(_finding_view(each, graded, people) for each in known[:MOST_FINDINGS]),
        tuple(_finding_view(each, graded, people) for each in puzzling[:MOST_FINDINGS]),
    )


def _finding_view(finding: Finding, graded: int, people: Directory) -> FindingView:
    share = len(finding.students) / graded
    return FindingView(
        text=marked_up(clip(finding.text, LONGEST_MESSAGE) or "(no message)"),
        parts=finding.parts[:MOST_PARTS],
        more_parts=max(len(finding.parts) - MOST_PARTS, 0),
        students=people.people(finding.students),
        share=share_words(100 * share),
        bar=drawn(points_bar(share, 1.0, "bad")),
        checks=finding.checks,
        lost=number(finding.lost),
    )
