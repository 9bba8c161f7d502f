"""results.json as Gradescope's autograders write it: what a student may see of one submission, and nothing else."""

from __future__ import annotations

from enum import StrEnum

from grader.course.assignment import Assignment
from grader.reporting.outcomes import FACES
from grader.reporting.standing import is_advice
from grader.reporting.submission_page import change_words
from grader.reporting.text import clean_submission, clip, for_student
from grader.results import CheckResult, SubmissionReport

LONGEST_OUTPUT = 2_000
_ROUNDING = 4


class Visibility(StrEnum):
    """When Gradescope shows results to students."""

    VISIBLE = "visible"
    AFTER_DUE_DATE = "after_due_date"
    AFTER_PUBLISHED = "after_published"
    HIDDEN = "hidden"


def gradescope_results(
    submission: SubmissionReport, assignment: Assignment, visibility: Visibility = Visibility.VISIBLE
) -> dict[str, object]:
    """Return the document for one submission.

    It is made of what `for_student` leaves: no staff note, no flag, no hidden value. All text is plain text
    to Gradescope, so nothing in it is taken for markup. Gradescope demands a score also where there is no
    result; it is 0 then, and the output says why. The score is what the student gets: where people or lateness
    changed the sum of the tests, the output says so too.
    """
    own = for_student(clean_submission(submission))
    titles = {part.id: part.title for part in assignment.parts}
    headline = f"{assignment.title}, version {assignment.version}"
    return {
        "score": 0.0 if own.error else round(own.score, _ROUNDING),
        "output": own.error or "\n".join((headline, *change_words(own, titles))),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": visibility.value,
        "stdout_visibility": "hidden",
        "execution_time": round(submission.seconds),
        "tests": [
            _test(number, check, titles, visibility) for number, check in enumerate(own.checks, start=1)
        ],
    }


def _test(
    number: int, check: CheckResult, titles: dict[str, str], visibility: Visibility
) -> dict[str, object]:
    title = titles.get(check.part, check.part)
    advice = is_advice(check)
    test: dict[str, object] = {
        "number": str(number),
        "name": f"{title}{' (beyond the homework)' if advice else ''}: {check.title or check.id}",
        "score": round(check.points, _ROUNDING),
        "max_score": round(check.max_points, _ROUNDING),
        "output": _output(check),
        "visibility": visibility.value,
        "tags": [check.part],
    }
    if not check.outcome.excused and not advice:
        test["status"] = "passed" if check.outcome.earns else "failed"
    return test


def _output(check: CheckResult) -> str:
    face = FACES[check.outcome]
    said = check.message or face.help
    idea = f"A likely cause: {check.diagnosis}" if check.diagnosis else ""
    return clip("\n".join(each for each in (f"{face.word}.", said, idea) if each), LONGEST_OUTPUT)
