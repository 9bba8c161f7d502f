"""What can go wrong with a gradebook, each fault of the database as a sentence that says what to do.

::

    GradebookError
    ├── GradebookUnusable     it cannot be opened, read or written: a full disk, no server, another version's tables
    ├── UnknownDecision       there is none of that number
    └── UnknownStudent        nobody of that name is in it
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from grader.results import Refusal

_REASONS = (
    (("disk is full", "no space left", "diskfull"), "the disk is full; free some space"),
    (("readonly", "read-only", "permission denied"), "it may not be written; change its permissions"),
    (("unable to open",), "it cannot be opened; check that its folder exists and may be written"),
    (("is locked",), "another program has kept it locked for a minute; end that program"),
    (("not a database", "malformed"), "it is damaged or no gradebook; move it away or restore a copy"),
    (("password", "role ", "authentication"), "the server refuses the name or the password of its URL"),
    (("refused", "could not connect", "no route", "resolve", "timeout"), "no server answers at its URL"),
)


class GradebookError(Refusal):
    """Something is wrong with the gradebook; the message says what to do."""


class GradebookUnusable(GradebookError):
    """It cannot be opened, read or written."""


class UnknownDecision(GradebookError):
    """There is none of that number."""


class UnknownStudent(GradebookError):
    """Nobody of that name is in it."""


@contextmanager
def plain_errors(name: str) -> Iterator[None]:
    """Turn a fault of the database into a sentence about the gradebook `name`."""
    try:
        yield
    except DBAPIError as error:
        raise GradebookUnusable(f"the gradebook {name}: {_reason(error)}, and run it again") from error


def _reason(error: DBAPIError) -> str:
    said = f"{type(error.orig).__name__} {error.orig}".lower()
    for words, reason in _REASONS:
        if any(word in said for word in words):
            return reason
    return f"the database says {str(error.orig).strip().splitlines()[0]!r}; mend that"
