"""What can go wrong while submissions are taken in, as one tree of exceptions.

::

    IntakeError
    ├── NothingFound           the folder holds no submission
    ├── ReleaseIncomplete      the homework's own files are missing: the author's matter, never a student's
    └── SubmissionUnreadable   one submission cannot be taken in; all others still can
"""

from __future__ import annotations


class IntakeError(Exception):
    """Submissions cannot be taken in; the message says what to do."""


class NothingFound(IntakeError):
    """No submission where one was looked for."""


class ReleaseIncomplete(IntakeError):
    """A file that students receive is missing on the grading machine."""


class SubmissionUnreadable(IntakeError):
    """One submission cannot be read.

    Attributes
    ----------
    id
        The submission's id.
    reason
        One sentence for the student: what is wrong with what was handed in, and what to do. May quote names
        from the submission, so every renderer escapes it.
    """

    def __init__(self, id: str, reason: str) -> None:
        super().__init__(f"{id}: {reason}")
        self.id = id
        self.reason = reason

    def __reduce__(self) -> tuple[type[SubmissionUnreadable], tuple[str, str]]:
        """Cross process boundaries whole: the default would hand the constructor one argument of two."""
        return type(self), (self.id, self.reason)
