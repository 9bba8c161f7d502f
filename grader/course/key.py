"""The course's secret, on which every hidden input depends."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

VARIABLE = "GRADER_COURSE_KEY"
FILE = ".course-key"


class CourseKeyError(Exception):
    """The key can neither be read nor made; the message says what to do."""


def course_key(root: Path) -> str:
    """Return the key from the environment, or from the repository's key file, which is made at the first use.

    A regrade repeats exactly only under the same key, so it is kept; it is not part of the repository.
    """
    given = os.environ.get(VARIABLE)
    if given:
        return given
    path = root / FILE
    try:
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as stream:
                stream.write(secrets.token_hex(32))
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise CourseKeyError(
            f"the course key {path} cannot be used ({error.strerror}); make it readable or set {VARIABLE}"
        ) from error
