"""grades.json: write the contract, and read it back with every field checked."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from grader.course.description import faults
from grader.reporting.files import ReportError, advice
from grader.results import SCHEMA, ClassReport, SubmissionReport

BETWEEN = ",\n"
"""What stands between two entries."""

_SHOWN_PROBLEMS = 8
_MARK = "\0"
_SHOWN_ALONE = frozenset({"notebooks", "code"})


def json_frame(header: ClassReport) -> tuple[str, str]:
    """Return what stands in a grades.json before its entries, and behind them."""
    opening, closing = _object(header, submissions=_lines([_MARK])).split(_MARK)
    return opening, f"{closing}\n"


def json_entry(submission: SubmissionReport) -> str:
    """Return the entry of one cleaned submission.

    Raises
    ------
    ReportError
        A number is NaN or infinite.
    """
    _require_finite(submission, "the report")
    return _object(submission, checks=_lines(map(_dump, submission.checks)))


def json_line(submission: SubmissionReport) -> str:
    """Return the entry of one cleaned submission on a single line, for grades.jsonl."""
    return f"{_object(submission)}\n"


def parse_json(text: str | bytes, name: str = "grades.json") -> ClassReport:
    """Read the text of a grades.json; fields this version does not know are left out.

    Raises
    ------
    ReportError
        It is not JSON, is of another schema, or a field is missing or wrong; the message calls it `name`.
    """
    schema = _schema_of(text, name)
    if schema != SCHEMA:
        raise ReportError(
            f"{name} has schema {schema!r} and this version reads schema {SCHEMA}; "
            "read it with the version that wrote it, or grade again"
        )
    try:
        report = TypeAdapter(ClassReport).validate_json(text)
    except ValidationError as error:
        raise ReportError(_problems(error, name)) from error
    for submission in report.submissions:
        _require_finite(submission, name)
    _require_distinct(report, name)
    return report


def load(path: Path) -> ClassReport:
    """Read the grades.json at `path`.

    Raises
    ------
    ReportError
        The file cannot be read, or `parse_json` refuses it.
    """
    try:
        return parse_json(path.read_bytes(), str(path))
    except FileNotFoundError:
        raise ReportError(f"{path} does not exist; `numgrade grade` writes it") from None
    except OSError as error:
        raise ReportError(f"cannot read {path}: {advice(error)}") from error


def _object(value: ClassReport | SubmissionReport, **written: str) -> str:
    """Write an object on one line; `written` holds the fields that are JSON already."""
    members = (f"{_dump(name)}: {written.get(name) or _dump(each)}" for name, each in _fields(value).items())
    return f"{{{', '.join(members)}}}"


def _lines(items: Iterable[str]) -> str:
    return "[\n" + BETWEEN.join(items) + "\n]"


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_fields)


def _fields(value: Any) -> dict[str, object]:
    """Return the fields of a dataclass as they are; `asdict` would copy the whole class first.

    Notebooks and code are left out: they are for pages alone.
    """
    return {name: getattr(value, name) for name in value.__dataclass_fields__ if name not in _SHOWN_ALONE}


def _schema_of(text: str | bytes, name: str) -> object:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ReportError(f"{name} is not JSON ({error}); grade again to write it anew") from error
    if not isinstance(document, dict):
        raise ReportError(f"{name} is JSON but no report; grade again to write it anew")
    return document.get("schema")


def _problems(error: ValidationError, name: str) -> str:
    problems = faults(error)
    more = len(problems) - _SHOWN_PROBLEMS
    lines = problems[:_SHOWN_PROBLEMS] + ([f"and {more} more"] if more > 0 else [])
    return f"{name} does not hold a report; mend these fields or grade again:\n  " + "\n  ".join(lines)


def _require_finite(submission: SubmissionReport, name: str) -> None:
    fine = all(math.isfinite(value) and value >= 0 for value in _numbers(submission))
    if not fine or not all(math.isfinite(each.points + each.max_points) for each in submission.adjustments):
        raise ReportError(
            f"{name}: submission {submission.id!r} has a number that is negative, infinite or NaN; "
            "grade that submission again"
        )


def _numbers(submission: SubmissionReport) -> list[float]:
    own = [submission.score, submission.max_score, submission.seconds, submission.penalty]
    own += [each.points for each in submission.waiting]
    return own + [
        each for check in submission.checks for each in (check.points, check.max_points, check.seconds)
    ]


def _require_distinct(report: ClassReport, name: str) -> None:
    count = Counter(submission.id for submission in report.submissions)
    twice = sorted(each for each, times in count.items() if times > 1)
    if twice:
        raise ReportError(f"{name} lists these submissions twice: {', '.join(twice)}; keep one of each")
