"""The learning platforms whose downloads are read, one record each, and whose a submission is by its name alone."""

from __future__ import annotations

import re

from grader.intake.arrivals import IntakeError, Person
from grader.intake.lms.blackboard import BLACKBOARD
from grader.intake.lms.brightspace import BRIGHTSPACE
from grader.intake.lms.canvas import CANVAS
from grader.intake.lms.github import GITHUB
from grader.intake.lms.gradescope import GRADESCOPE
from grader.intake.lms.moodle import MOODLE
from grader.intake.lms.nbgrader import NBGRADER
from grader.intake.lms.pieces import Platform
from grader.plugins import EntryGroup, added

PLAIN = Platform("plain")
"""A folder of submissions that no platform wrote."""

_ATTEMPT = re.compile(r"-attempt\d+$")
# Platforms count their people in thousands; a short number is a team's or a group's, and must not find a stranger.
_NUMBER_LAST = re.compile(r"^(?P<name>.+)-(?P<number>\d{4,})$")


def platforms() -> tuple[Platform, ...]:
    """Return the platforms in the order in which a download is compared with them, those of other packages last."""
    ours = (GRADESCOPE, MOODLE, BLACKBOARD, BRIGHTSPACE, CANVAS, GITHUB, NBGRADER)
    return (*ours, *added(EntryGroup.PLATFORMS).values())


def platform_named(name: str | None) -> Platform | None:
    """Return the platform that a command line names; None where it names none.

    Raises
    ------
    IntakeError
        There is no such platform.
    """
    if not name:
        return None
    known = {each.name: each for each in (CANVAS, MOODLE, *platforms(), PLAIN)}
    if name not in known:
        raise IntakeError(f"nothing is known about --from {name!r}; choose {', '.join(known)}")
    return known[name]


def names_one_student(name: str) -> bool:
    """Say whether a platform calls the folder of one student so."""
    return any(each.folder is not None and each.folder.search(name) for each in platforms())


def student_named(id_: str) -> Person:
    """Return the student whose submission is called `id_`.

    Knows the names that platforms give to files, which become ids where a download was graded as a plain folder,
    and the ids that reading a download makes of them. Anything else is the course's own name.
    """
    own = _ATTEMPT.sub("", id_)
    for platform in platforms():
        if (found := platform.student_of(own)) is not None:
            return found
    numbered = _NUMBER_LAST.match(own)
    return Person(own, numbered["name"], lms_id=numbered["number"]) if numbered else Person(own)
