"""From what a course downloads to clean, whitelisted, staged submissions.

::

    release = ReleaseSource.of(repository, assignment)                     # once
    with Reader.open(root, assignment.id) as reader:                       # once
        for candidate in find_submissions(folder, packages_of(assignment)):
            frame = reader.read(candidate)                                 # or SubmissionUnreadable
            submission = decode_submission(frame, candidate.id)
            stage = write_stage(submission, release, destination)

Only the reader's child, which has limits, opens and parses what came from outside, and only `write_stage` writes. A
submission is never imported here and never executed; its text is parsed at most. Files of one's own, such as the
solution's, become a submission by `prepare`.
"""

from grader.intake.arrivals import (
    Candidate,
    IntakeError,
    NothingFound,
    ReleaseIncomplete,
    SubmissionUnreadable,
)
from grader.intake.collector import Caps
from grader.intake.contents import Contents, contents_of, read_contents
from grader.intake.discover import find_submissions, packages_of, read_download
from grader.intake.lms.platforms import platform_named
from grader.intake.prepare import prepare, prepare_contents
from grader.intake.reader import Reader
from grader.intake.release import ReleaseSource
from grader.intake.stage import Stage, write_stage
from grader.intake.submission import Submission, decode_submission

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
    "packages_of",
    "platform_named",
    "prepare",
    "prepare_contents",
    "read_contents",
    "read_download",
    "write_stage",
]
