"""From what a course downloads to clean, whitelisted, staged submissions.

::

    release = ReleaseSource.of(repository, assignment)                  # once
    for candidate in find_submissions(folder):
        submission = read_submission(candidate, assignment)             # or SubmissionUnreadable
        submission = with_notebook_answers(submission, release)
        resolved = resolve_layout(submission, assignment, release)
        stage = stage_submission(resolved, submission, assignment, release, destination)

Only `find_submissions` and `read_submission` read what came from outside, and only `stage_submission` writes. A
submission is never imported here and never executed; its text is parsed at most.
"""

from grader.intake.cells import with_notebook_answers
from grader.intake.discover import Candidate, find_submissions
from grader.intake.errors import IntakeError, NothingFound, ReleaseIncomplete, SubmissionUnreadable
from grader.intake.given import edited_given_files
from grader.intake.layout import ResolvedLayout, resolve_layout
from grader.intake.read import read_submission
from grader.intake.release import ReleaseSource
from grader.intake.stage import Stage, stage_submission
from grader.intake.submission import Submission, submission_from_files
from grader.intake.whitelist import Caps

__all__ = [
    "Candidate",
    "Caps",
    "IntakeError",
    "NothingFound",
    "ReleaseIncomplete",
    "ReleaseSource",
    "ResolvedLayout",
    "Stage",
    "Submission",
    "SubmissionUnreadable",
    "edited_given_files",
    "find_submissions",
    "read_submission",
    "resolve_layout",
    "stage_submission",
    "submission_from_files",
    "with_notebook_answers",
]
