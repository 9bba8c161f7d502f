"""The learning platforms whose downloads are read, and what reading one gives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from grader.intake.arrivals import Arrival
from grader.intake.errors import IntakeError


class Platform(StrEnum):
    """Where a folder of submissions was downloaded from."""

    CANVAS = "canvas"
    MOODLE = "moodle"
    GRADESCOPE = "gradescope"
    PLAIN = "plain"

    @classmethod
    def asked(cls, name: str | None) -> Platform | None:
        """Return the platform that a command line names; None where it names none.

        Raises
        ------
        IntakeError
            There is no such platform.
        """
        if not name:
            return None
        try:
            return cls(name)
        except ValueError:
            known = ", ".join(each.value for each in cls)
            raise IntakeError(f"nothing is known about --from {name!r}; choose {known}") from None


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
