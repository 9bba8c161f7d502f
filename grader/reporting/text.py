"""Make what a submission says safe to show: single texts, whole reports, and numbers short enough to read."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import is_dataclass, replace
from typing import Any

from grader.results import TOLD, ClassReport, ErrorMap, SubmissionReport

_TERMINAL_CODE = re.compile(
    r"\x1b(?:"
    r"\[[0-?]*[ -/]*[@-~]"  # colours, cursor moves, erasing
    r"|\][^\x07\x1b\n]*(?:\x07|\x1b\\)"  # window titles and hyperlinks
    r"|[PX^_][^\x1b\n]*\x1b\\"  # device and application strings
    r"|[ -/]*[0-~])"  # everything shorter
    r"|\x9b[0-?]*[ -/]*[@-~]"
)
_LINE_BREAK = re.compile("\r\n|[\r\x85\u2028\u2029]")

# Control characters but tab and line feed, bidirectional overrides (they make text read as what it is not),
# lone surrogates (no encoding holds them) and non-characters.
_UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]+"
)
REPLACEMENT = "\ufffd"

LONGEST_AXIS = 16
"""Characters of an axis name beside a figure."""

LONGEST_NAME = 60
"""Characters of a name in a table."""

DASH = "\N{EN DASH}"
"""What stands where there is no number."""

_SPACE = "\N{NO-BREAK SPACE}"


def clean(text: str) -> str:
    r"""Return `text` without what a page, a terminal or a file cannot safely hold.

    Terminal codes go, line breaks become ``\n``, and each run of control characters, bidirectional overrides
    or lone surrogates becomes one replacement character, so that a reader sees that something was there.
    Cleaning twice changes nothing more.
    """
    if text.isascii() and text.isprintable():  # nearly all text, and much cheaper to see
        return text
    return _UNSHOWABLE.sub(REPLACEMENT, _LINE_BREAK.sub("\n", _TERMINAL_CODE.sub("", text)))


def clip(text: str, limit: int) -> str:
    """Return `text`, cut after `limit` characters with a note of how many are missing."""
    if len(text) <= limit:
        return text
    return f"{text[:limit].rstrip()} … [{len(text) - limit:,} more characters]"


def one_line(text: str, limit: int) -> str:
    """Return `text` cleaned, with every run of white space one blank, and shortened to `limit` characters."""
    flat = " ".join(clean(text).split())
    return flat if len(flat) <= limit else f"{flat[: limit - 1].rstrip()}…"


def shown_name(name: str) -> str:
    """Return what a submission is called in a table or a message."""
    return one_line(name, LONGEST_NAME) or "(no name)"


def whole_number(text: str, digits: int = 9) -> int | None:
    """Return the number that somebody wrote in plain figures; None of anything else, and of one with more digits."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None


def number(value: float) -> str:
    """Write points or a percentage with at most two decimals: ``8``, ``2.5``, ``2.67``."""
    short = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short


def signed(points: float) -> str:
    """Return points that are given or taken, with their sign."""
    return f"{'-' if points < 0 else '+'}{number(abs(points))}"


def percent_words(percents: float, digits: int = 0) -> str:
    """Write a percentage that no line break splits."""
    return f"{percents:.{digits}f}{_SPACE}%"


def duration_words(seconds: float) -> str:
    """Write a time in hours and minutes, minutes and seconds, or seconds."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def counted(count: int, singular: str, plural: str = "") -> str:
    """Write a count with its noun: ``1 check``, ``2 checks``."""
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"


def listed(names: list[str], limit: int) -> str:
    """Join `names` with commas, saying how many follow after the first `limit`."""
    shown = ", ".join(names[:limit])
    return f"{shown} and {len(names) - limit} more" if len(names) > limit else shown


class Cleaner:
    """Cleans the submissions of one class in turn, so that every id is still its own.

    Ids that differ only in characters that cannot be shown become alike; the later ones get a number.
    """

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def clean(self, submission: SubmissionReport) -> SubmissionReport:
        """Return the next submission of the class, cleaned."""
        cleaned = clean_submission(submission)
        name = cleaned.id
        while self._seen[name]:
            self._seen[cleaned.id] += 1
            name = f"{cleaned.id} ({self._seen[cleaned.id]})"
        self._seen[name] += 1
        return replace(cleaned, id=name)


def clean_class(report: ClassReport) -> ClassReport:
    """Return `report` with every string cleaned and every submission's id still its own."""
    cleaner = Cleaner()
    return replace(clean_header(report), submissions=tuple(map(cleaner.clean, report.submissions)))


def clean_header(report: ClassReport) -> ClassReport:
    """Return what `report` says of the class as a whole, cleaned, without submissions."""
    header: ClassReport = _cleaned(replace(report, submissions=()))
    return header


def clean_submission(submission: SubmissionReport) -> SubmissionReport:
    """Return `submission` with every string cleaned; its notebooks are pages already, and code is cleaned by lines."""
    cleaned: SubmissionReport = _cleaned(replace(submission, notebooks=(), code=()))
    return replace(cleaned, notebooks=submission.notebooks, code=submission.code)


def for_student(submission: SubmissionReport) -> SubmissionReport:
    """Return `submission` without anything only staff may read; of the flags, those stay that are for both.

    The student's page is made from this, so no template can show what is not there.
    """
    checks = tuple(
        replace(check, staff_note="", seconds=0.0, inputs="", worst=()) for check in submission.checks
    )
    adjustments = tuple(replace(each, who="") for each in submission.adjustments)
    comments = tuple(replace(each, who="") for each in submission.comments)
    flags = tuple(flag for flag in submission.flags if flag.kind in TOLD)
    return replace(
        submission,
        flags=flags,
        isolation="",
        seconds=0.0,
        checks=checks,
        adjustments=adjustments,
        comments=comments,
        student="",
        member="",
        waiting=tuple(replace(each, written="") for each in submission.waiting),
    )


def _cleaned(value: Any) -> Any:
    """Return a dataclass, a tuple or a text with every text in it cleaned; anything else as it is."""
    if type(value) is str:
        return clean(value)
    if isinstance(value, ErrorMap):  # its names stand beside a figure, and the rest are numbers
        return replace(value, axes=tuple(one_line(axis, LONGEST_AXIS) for axis in value.axes))
    if isinstance(value, tuple):
        return tuple(map(_cleaned, value))
    if not is_dataclass(value):
        return value
    fields = {name: getattr(value, name) for name in value.__dataclass_fields__}
    changed = {name: after for name, each in fields.items() if (after := _cleaned(each)) != each}
    return replace(value, **changed) if changed else value  # type: ignore[type-var]  # an instance, not a class
