"""Why an assignment cannot be made from its source.

::

    AuthoringError
     +-- RepositoryError    no homework repository here
     +-- NewHomeworkError   a name that no new homework can have
     +-- RegionError        banners that do not pair up
     +-- StubError          an answer that cannot be taken out of its source
     +-- NotebookError      a file that is no notebook, or not one that can be released
     +-- ReleaseError       a file that is missing, or a release that would show what is hidden
"""

from __future__ import annotations


class AuthoringError(Exception):
    """A fault in what an author wrote; the message names the file and says what to do."""


class RepositoryError(AuthoringError):
    """No homework repository here; the message says what one looks like."""


class NewHomeworkError(AuthoringError):
    """A new homework that cannot be made under its name; the message says why."""


class RegionError(AuthoringError):
    """Banners that do not pair up; the message names file and line."""


class StubError(AuthoringError):
    """A source whose answers cannot be removed; the message names file and line."""


class NotebookError(AuthoringError):
    """A notebook that cannot be released; the message names it."""


class ReleaseError(AuthoringError):
    """A homework that cannot be released; the message says which file to change and how."""
