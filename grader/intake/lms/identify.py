"""Tell from a submission's id alone whose it is, as far as the id says."""

from __future__ import annotations

import re

from grader.intake.arrivals import Student
from grader.intake.lms import canvas, moodle

_ATTEMPT = re.compile(r"-attempt\d+$")
# Platforms count their people in thousands; a short number is a team's or a group's, and must not find a stranger.
_NUMBER_LAST = re.compile(r"^(?P<name>.+)-(?P<number>\d{4,})$")


def student_named(id_: str) -> Student:
    """Return the student whose submission is called `id_`.

    Knows the names that Canvas and Moodle give to files, which become ids where a download was graded as a
    plain folder, and the ids that `grader.intake.lms` makes of them. Anything else is the course's own name.
    """
    own = _ATTEMPT.sub("", id_)
    found = moodle.student_of(own) or canvas.student_of(own)
    if found is not None:
        return found
    numbered = _NUMBER_LAST.match(own)
    return Student(own, numbered["name"], lms_id=numbered["number"]) if numbered else Student(own)
