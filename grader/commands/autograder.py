"""What run_autograder runs on Gradescope: grade the one submission that is there and write results.json."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from grader.classrun.open import data_folder
from grader.course.repository import Course, course_key
from grader.grading import load_grader
from grader.intake import Candidate
from grader.plan import GradingPlan
from grader.reporting.exports.gradescope import SETTINGS, AutograderSettings, gradescope_results
from grader.reporting.files import write_atomically
from grader.results import GRADER_FAULT, Refusal
from grader.sandbox import choose_isolation

GRADED = 0
NO_RESULT = 1


def run_autograder(root: Path, repository: Path) -> int:
    """Grade ``root/submission`` with the assignment in `repository`; return the exit code.

    Nothing is written where the grader is at fault or submissions cannot be isolated: Gradescope then tells the
    staff that the autograder failed, and the student gets no zero for it.
    """
    try:
        settings = AutograderSettings.parse((root / "source" / SETTINGS).read_text(encoding="utf-8"))
        assignment = Course(repository).load(settings.assignment)
        plan = GradingPlan(
            root=repository,
            assignment_id=assignment.id,
            isolation=choose_isolation(settings.isolation),
            course_key=course_key(repository),
            data=data_folder(None, assignment.notebooks),
        )
        grader = load_grader(plan)
        report = grader.grade(Candidate("submission", root / "submission"))
        fault = next((flag.message for flag in report.flags if flag.kind == GRADER_FAULT), None)
        if fault is not None:
            print(fault)
            return NO_RESULT
        document = gradescope_results(report, grader.assignment, settings.visibility)
        write_atomically(root / "results" / "results.json", json.dumps(document, indent=1))
    except (Refusal, OSError, ValueError) as error:
        print(error)
        return NO_RESULT
    return GRADED


if __name__ == "__main__":
    sys.exit(run_autograder(Path(sys.argv[1]), Path.cwd()))
