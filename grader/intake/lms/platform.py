"""The learning platforms whose downloads are read, and what reading one gives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from grader.roster import Arrival


class Platform(StrEnum):
    """Where a folder of submissions was downloaded from."""

    CANVAS = "canvas"
    MOODLE = "moodle"
    GRADESCOPE = "gradescope"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Download:
    """A download as it was understood.

    Attributes
    ----------
    platform
        Whose layout it has.
    arrivals
        Every attempt of every student, sorted by candidate id.
    notes
        What a person should know: entries that belong to nobody, files that replaced others, lateness that is
        not told in full. Nothing is left out without one.
    """

    platform: Platform
    arrivals: tuple[Arrival, ...]
    notes: tuple[str, ...] = ()
