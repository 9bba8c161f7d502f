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

====================  ===========================================================================
``discover``          the submissions below a folder, whatever a download looks like
``arrivals``          who handed in what and when; ``lms`` says how platforms tell it
``repositories``      an organisation's repositories, cloned from GitHub
``roster``            who of people.csv each of them is, of a team every member
``collector``         which files are read at all, and how much of them
``archives``          the kinds of archives that are opened
``contents``          the files of one submission, in memory
``names``             which names are safe, and how they are shown
``notebooks``         a notebook of any format, whatever happened to the file
``salvage``           the JSON of a file that is not quite JSON
``notebook_names``    which released notebook a submitted one is
``notebook_answers``  answers that stand in a notebook and nowhere else
``cells``             modules made of the cells of a notebook
``source``            what Python text defines and imports, without running it
``mended``            a file that does not parse, without what is broken in it
``given_code``        given code in answers that have to do without it
``numeric``           derivatives that an answer finds by trying, seen in its text
``code_texts``        what a student wrote, kept for people to read
``written``           what a student wrote, where a person judges it
``weights``           trained weights, as data only
``layout``            which file holds the answer to what, and by which names
``placement``         where files go in the stage
``begun``             which release a submission began from
``plan``              what each file of a stage holds
``rewrite``           the Python text of a stage: imports renamed, definitions cut out, stand-ins
``release``           what was released, to compare with
``prepare``           all of this in one pure function
``submission``        what everything after intake knows
``stage``             the plan, written
``reader``            the child that reads
``frames``            how it hands over what it read
====================  ===========================================================================
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
