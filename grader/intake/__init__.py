"""From what a course downloads to clean, whitelisted, staged submissions.

::

    release = ReleaseSource.of(repository, assignment)                     # once
    with Reader.open(root, assignment.id) as reader:                       # once
        for candidate in find_submissions(folder):
            frame = reader.read(candidate)                                 # or SubmissionUnreadable
            submission = decode_submission(frame, candidate.id)
            stage = write_stage(submission, release, destination)

Only the reader's child, which has limits, opens and parses what came from outside, and only `write_stage` writes. A
submission is never imported here and never executed; its text is parsed at most. Files of one's own, such as the
solution's, become a submission by `prepare`.
"""

from grader.intake.contents import Contents, contents_of
from grader.intake.discover import Candidate, find_submissions
from grader.intake.errors import IntakeError, NothingFound, ReleaseIncomplete, SubmissionUnreadable
from grader.intake.prepare import prepare, prepare_contents
from grader.intake.read import read_contents
from grader.intake.reader import Reader
from grader.intake.release import ReleaseSource
from grader.intake.stage import Stage, write_stage
from grader.intake.submission import Submission, decode_submission
from grader.intake.whitelist import Caps

__all__ = [
    "Candidate",
    "Caps",
    "Contents",
    "IntakeError",
    "NothingFound",
    "Reader",
    "ReleaseIncomplete",
    "ReleaseSource",
    "Stage",
    "Submission",
    "SubmissionUnreadable",
    "contents_of",
    "decode_submission",
    "find_submissions",
    "prepare",
    "prepare_contents",
    "read_contents",
    "write_stage",
]
