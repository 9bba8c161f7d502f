"""What can go wrong with a gradebook, in words that say what to do.

::

    GradebookError
    ├── GradebookUnusable     it cannot be opened, read or written: a full disk, a read-only folder, no server
    ├── GradebookTooNew       a newer version of this program has written it
    └── UnknownStudent        nobody of that name is in it
"""


class GradebookError(Exception):
    """Something is wrong with the gradebook; the message says what to do."""


class GradebookUnusable(GradebookError):
    """It cannot be opened, read or written."""


class GradebookTooNew(GradebookError):
    """A newer version of this program has written it."""


class UnknownStudent(GradebookError):
    """Nobody of that name is in it."""
