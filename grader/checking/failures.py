"""How a check ends early, as exceptions that carry an outcome and what to tell whom.

CheckStopped
├── Failed             the answer is wrong
├── NotImplementedYet  the stub still stands, or the function is nowhere to be found
├── Blocked            what the check needs is missing or broken, so it cannot speak about this part
├── Inconclusive       the measurement could not decide; never costs points
├── NotGraded          this machine cannot grade the part
└── Tampered           the answer tries to score without solving
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from numpy.typing import NDArray

from grader.instruments.compare import Comparison
from grader.results import Outcome


class CheckStopped(Exception):
    """A check that ended without passing.

    Parameters
    ----------
    message
        For the student: one or two sentences without hidden inputs, expected values or exception text.
    staff_note
        For staff only.
    """

    outcome: ClassVar[Outcome]

    def __init__(self, message: str, staff_note: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.staff_note = staff_note


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a failed comparison saw; diagnosis reads it and it never leaves the grading process.

    Attributes
    ----------
    actual
        The submission's answer, shape and dtype as it came.
    expected
        The right answer.
    comparison
        Where and in which pattern the two differ.
    axes
        What each axis is called; empty where they have no names.
    """

    actual: object
    expected: NDArray[Any]
    comparison: Comparison
    axes: tuple[str, ...] = ()


class Failed(CheckStopped):
    """The answer is wrong; `evidence` says where and how when arrays were compared."""

    outcome = Outcome.FAILED

    def __init__(self, message: str, staff_note: str = "", evidence: Evidence | None = None) -> None:
        super().__init__(message, staff_note)
        self.evidence = evidence


class NotImplementedYet(CheckStopped):
    """The stub still stands, or the function is nowhere to be found."""

    outcome = Outcome.NOT_IMPLEMENTED


class Blocked(CheckStopped):
    """What the check needs is missing or broken."""

    outcome = Outcome.BLOCKED


class Inconclusive(CheckStopped):
    """The measurement could not decide."""

    outcome = Outcome.INCONCLUSIVE


class NotGraded(CheckStopped):
    """This machine cannot grade the part."""

    outcome = Outcome.NOT_GRADED


class Tampered(CheckStopped):
    """The answer tries to score without solving."""

    outcome = Outcome.TAMPERED
