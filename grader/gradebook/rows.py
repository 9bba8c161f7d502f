"""Turn reports into rows and back, so that what is read is what was written."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from pydantic import TypeAdapter

from grader.gradebook.schema import GradingRow, NotebookRow, ResultRow
from grader.results import CheckResult, ErrorMap, Flag, NotebookPage, Outcome, Scope, SubmissionReport

RESULT_COLUMNS = (
    ResultRow.check_id,
    ResultRow.part,
    ResultRow.scope,
    ResultRow.outcome,
    ResultRow.points,
    ResultRow.max_points,
    ResultRow.title,
    ResultRow.message,
    ResultRow.diagnosis,
    ResultRow.staff_note,
    ResultRow.seconds,
    ResultRow.error_map,
)
"""What `check_of` is made of, in the order of `CheckResult`."""

_SCOPES = MappingProxyType({each.value: each for each in Scope})
_OUTCOMES = MappingProxyType({each.value: each for each in Outcome})
_ERROR_MAP = TypeAdapter(ErrorMap)


def grading_values(report: SubmissionReport) -> dict[str, Any]:
    """Return the columns of a grading that hold what `report` says as a whole."""
    return {
        "score": report.score,
        "max_score": report.max_score,
        "isolation": report.isolation,
        "seconds": report.seconds,
        "flags": flag_values(report.flags),
        "error": report.error,
    }


def result_rows(grading_id: int, checks: Sequence[CheckResult]) -> list[dict[str, Any]]:
    """Return one row per check, in order."""
    return [
        {
            "grading_id": grading_id,
            "position": position,
            "check_id": check.id,
            "part": check.part,
            "scope": check.scope.value,
            "outcome": check.outcome.value,
            "points": check.points,
            "max_points": check.max_points,
            "title": check.title,
            "message": check.message,
            "diagnosis": check.diagnosis,
            "staff_note": check.staff_note,
            "seconds": check.seconds,
            "error_map": None if check.error_map is None else asdict(check.error_map),
        }
        for position, check in enumerate(checks)
    ]


def notebook_rows(grading_id: int, pages: Sequence[NotebookPage]) -> list[dict[str, Any]]:
    """Return one row per executed notebook, in order."""
    return [
        {
            "grading_id": grading_id,
            "position": position,
            "name": page.name,
            "summary": page.summary,
            "packed": zlib.compress(page.html.encode("utf-8", "backslashreplace")),
        }
        for position, page in enumerate(pages)
    ]


def flag_values(flags: Iterable[Flag]) -> list[list[str]]:
    """Return flags as JSON holds them."""
    return [[flag.kind, flag.message] for flag in flags]


def flags_of(values: Iterable[Sequence[str]]) -> tuple[Flag, ...]:
    """Return the flags that `flag_values` wrote."""
    return tuple(Flag(kind, message) for kind, message in values)


def report_of(id: str, grading: GradingRow, checks: Iterable[CheckResult]) -> SubmissionReport:
    """Return the report of one grading as the checks earned it, without notebooks."""
    return SubmissionReport(
        id=id,
        sha256=grading.sha256,
        score=grading.score,
        max_score=grading.max_score,
        isolation=grading.isolation,
        seconds=grading.seconds,
        flags=flags_of(grading.flags),
        checks=tuple(checks),
        error=grading.error,
    )


def check_of(values: Iterable[Any]) -> CheckResult:
    """Return the verdict that the values of `RESULT_COLUMNS` hold."""
    check_id, part, scope, outcome, points, most, title, message, diagnosis, note, seconds, where = values
    return CheckResult(
        id=check_id,
        part=part,
        scope=_SCOPES[scope],
        outcome=_OUTCOMES[outcome],
        points=points,
        max_points=most,
        title=title,
        message=message,
        diagnosis=diagnosis,
        staff_note=note,
        seconds=seconds,
        error_map=None if where is None else _ERROR_MAP.validate_python(where),
    )


def page_of(row: NotebookRow) -> NotebookPage:
    """Return the executed notebook that a row holds."""
    return NotebookPage(row.name, row.summary, zlib.decompress(row.packed).decode("utf-8"))
