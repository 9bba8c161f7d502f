"""How outcomes, flags and isolation are named, drawn and explained to a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

from grader.reporting.text import LONGEST_NAME, one_line
from grader.results import Outcome

NO_ISOLATION = "none"
"""What `SubmissionReport.isolation` says when nothing stood between the submission and this machine."""

TAMPERING = "tampering"
"""The kind of flag that accuses; it is set apart from those that inform."""


@dataclass(frozen=True, slots=True)
class Face:
    """How an outcome looks.

    Attributes
    ----------
    word
        What stands beside the icon; the icon and the colour never speak alone.
    tone
        ``good``, ``bad``, ``warn`` or ``calm``: which of the four colours.
    path
        Outline of the icon on a grid of 16 x 16.
    help
        One sentence for the student where the check itself has no message.
    """

    word: str
    tone: str
    path: str
    help: str


FACES = MappingProxyType(
    {
        Outcome.PASSED: Face("Passed", "good", "M3 8.6l3.3 3.2L13 4.6", ""),
        Outcome.FAILED: Face(
            "Failed", "bad", "M4 4l8 8M12 4l-8 8", "What came out is not what the task asks for."
        ),
        Outcome.NOT_IMPLEMENTED: Face(
            "Not written",
            "warn",
            "M3 13l.8-3.2 6.7-6.7 2.4 2.4-6.7 6.7z",
            "The function still returns what the hand-out returned.",
        ),
        Outcome.IMPORT_ERROR: Face(
            "Not importable",
            "bad",
            "M4 2.5h5l3 3v8H4zM6.2 7.6l3.6 3.6M9.8 7.6l-3.6 3.6",
            "Python could not import the file, so nothing in it could be tried.",
        ),
        Outcome.ERROR: Face(
            "Stopped with an error",
            "bad",
            "M8 2.3l6.2 11.2H1.8zM8 6.5v3.2M8 11.5v.4",
            "Your code raised an exception.",
        ),
        Outcome.BLOCKED: Face(
            "Blocked",
            "warn",
            "M4 7.3h8v6.2H4zM5.7 7.3V5a2.3 2.3 0 0 1 4.6 0v2.3",
            "This needs another part, which does not work yet.",
        ),
        Outcome.TIMEOUT: Face(
            "Out of time",
            "bad",
            "M8 2.2a5.8 5.8 0 1 0 0 11.6a5.8 5.8 0 1 0 0-11.6M8 4.9v3.3l2.3 1.5",
            "Your code did not finish within the time limit.",
        ),
        Outcome.MEMORY: Face(
            "Out of memory",
            "bad",
            "M4.5 4.5h7v7h-7zM6.5 2v2.5M9.5 2v2.5M6.5 11.5V14M9.5 11.5V14"
            "M2 6.5h2.5M2 9.5h2.5M11.5 6.5H14M11.5 9.5H14",
            "Your code asked for more memory than the limit.",
        ),
        Outcome.INCONCLUSIVE: Face(
            "Undecided",
            "calm",
            "M5.6 5.6a2.4 2.4 0 1 1 3.7 2c-.9.6-1.3 1-1.3 2M8 12v.4",
            "The measurement could not decide either way.",
        ),
        Outcome.TAMPERED: Face(
            "Not accepted",
            "bad",
            "M8 2l5 1.8v4c0 2.9-2 5-5 6.2c-3-1.2-5-3.3-5-6.2v-4zM8 5.2v3.2M8 10.5v.4",
            "This result cannot be accepted as your code's own. Please talk to the staff.",
        ),
        Outcome.GRADER_ERROR: Face(
            "Grader's fault",
            "calm",
            "M8 5.5a2.5 2.5 0 1 0 0 5a2.5 2.5 0 1 0 0-5M8 1.8v2M8 12.2v2M1.8 8h2M12.2 8h2"
            "M3.6 3.6l1.4 1.4M11 11l1.4 1.4M12.4 3.6L11 5M5 11l-1.4 1.4",
            "The grader failed here, not you.",
        ),
        Outcome.NOT_GRADED: Face(
            "Not graded", "calm", "M3.5 8h9", "The machine that graded this could not try it."
        ),
    }
)
"""One face per outcome."""

TONES = ("good", "warn", "bad", "calm")
"""The order in which tones are stacked in a bar."""


@dataclass(frozen=True, slots=True)
class FlagCount:
    """A kind of flag, how often a submission has it and how loud it is."""

    word: str
    count: int
    tone: str


def flag_counts(flags: Iterable[str]) -> tuple[FlagCount, ...]:
    """Count flags by kind, those that accuse first; `flags` holds the kind of each."""
    count = Counter(flags)
    kinds = sorted(count, key=lambda kind: (kind != TAMPERING, kind))
    return tuple(
        FlagCount(
            one_line(kind.replace("_", " "), LONGEST_NAME),
            count[kind],
            "bad" if kind == TAMPERING else "warn",
        )
        for kind in kinds
    )


def isolation_words(isolation: str) -> str:
    """Name an isolation tier for staff."""
    known = {"A": "Tier A", "B": "Tier B", NO_ISOLATION: "No isolation", "": "Nothing ran"}
    return known.get(isolation, one_line(isolation, LONGEST_NAME))
