"""Write report files whole or not at all, and say what to do when the disk refuses."""

from __future__ import annotations

import errno
import hashlib
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path

from grader.results import Refusal

_SLUG_LENGTH = 48

_FOLDER, _FILE = 0o700, 0o600
"""Grades and notes about students are nobody else's business on a machine with many users."""

_ADVICE = {
    errno.ENOSPC: "the disk is full; free some space, or choose a folder on another disk, and run it again",
    errno.EDQUOT: "the disk quota is used up; free some space, or choose another folder, and run it again",
    errno.EROFS: "that file system is read-only; choose a folder you can write to",
    errno.EACCES: "you may not write there; choose another folder or change its permissions",
    errno.EPERM: "you may not write there; choose another folder or change its permissions",
    errno.ENOTDIR: "a file stands where a folder is needed; move it away or choose another folder",
    errno.EEXIST: "a file stands where a folder is needed; move it away or choose another folder",
    errno.EISDIR: "a folder stands where the file should go; move it away or choose another folder",
    errno.ENAMETOOLONG: "the path is too long for that file system; choose a folder with a shorter path",
}


class ReportError(Refusal):
    """A report that cannot be written or read; the message names the path and says what to do."""


@dataclass(frozen=True, slots=True)
class ReportPaths:
    """Where the reports of one class are.

    Attributes
    ----------
    students
        The only folder that may be handed out: one page per submission, without anything staff-only.
    staff
        One page per submission, with flags and notes.
    index
        The class on one page, for staff.
    """

    folder: Path

    @property
    def json(self) -> Path:
        """Path of grades.json."""
        return self.folder / "grades.json"

    @property
    def csv(self) -> Path:
        """Path of grades.csv."""
        return self.folder / "grades.csv"

    @property
    def lines(self) -> Path:
        """Path of grades.jsonl: what grades.json has, each submission on a line of its own."""
        return self.folder / "grades.jsonl"

    @property
    def index(self) -> Path:
        """Path of the staff's page about the class, the first where its rows take several."""
        return self.folder / index_name(1)

    @property
    def students(self) -> Path:
        """Folder of the pages for students."""
        return self.folder / "students"

    @property
    def staff(self) -> Path:
        """Folder of the staff's pages about single submissions."""
        return self.folder / "staff"

    def student_page(self, submission_id: str) -> Path:
        """Path of the page the student reads."""
        return self.students / page_name(submission_id)

    def staff_page(self, submission_id: str) -> Path:
        """Path of the page with flags and notes."""
        return self.staff / page_name(submission_id)


def file_state(*paths: Path) -> str:
    """Return what tells whether files are still those that were written, unopened; empty where one is gone."""
    try:
        found = [path.stat() for path in paths]
    except OSError:
        return ""
    return " ".join(f"{each.st_size}@{each.st_mtime_ns}" for each in found)


def notebook_page_name(submission_id: str, notebook: str) -> str:
    """Return the file name of a submission's executed notebook, which lies beside its student page."""
    stem = page_name(submission_id).removesuffix(".html")
    slug = re.sub(r"[^a-z0-9]+", "-", notebook.lower().removesuffix(".ipynb"))[:_SLUG_LENGTH].strip("-")
    return f"{stem}-{slug or 'notebook'}.html"


def index_name(number: int) -> str:
    """Return the file name of a page about the class, counted from 1."""
    return "index.html" if number == 1 else f"index-{number}.html"


def page_name(submission_id: str) -> str:
    """Return a file name for `submission_id` that every file system takes and no other id shares.

    The readable part keeps ASCII letters and digits; the digest of the whole id keeps apart what looks alike,
    whether by accident (``Ada`` and ``ada`` on a disk that ignores case) or on purpose.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", submission_id.lower())[:_SLUG_LENGTH].strip("-")
    digest = hashlib.sha256(submission_id.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{slug}-{digest}.html" if slug else f"{digest}.html"


def write_atomically(path: Path, content: str | bytes) -> Path:
    """Write bytes, or text as UTF-8, to `path` and return it; a reader sees the old file or the new, never a half.

    Raises
    ------
    ReportError
        The folder or the file cannot be written.
    """
    with writing_atomically(path) as file:
        file.buffer.write(content.encode("utf-8") if isinstance(content, str) else content)
    return path


@contextmanager
def writing_atomically(path: Path) -> Iterator[TextIOWrapper]:
    """Yield a file that takes the place of `path` once the block has ended well, and is gone otherwise.

    Raises
    ------
    ReportError
        The folder or the file cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    try:
        path.parent.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
        try:
            temporary.touch(_FILE)
            with temporary.open("w", encoding="utf-8", newline="") as file:
                yield file
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ReportError(f"cannot write {path}: {advice(error)}") from error


def require_writable(folder: Path) -> None:
    """Make sure, before the work begins, that reports can be written to `folder`.

    Raises
    ------
    ReportError
        It cannot be made or written.
    """
    with writing_atomically(folder / ".writable"):
        pass
    (folder / ".writable").unlink(missing_ok=True)


def advice(error: OSError) -> str:
    """Say in one clause what went wrong with a file and what to do about it."""
    known = _ADVICE.get(error.errno) if error.errno is not None else None
    return known or f"{error.strerror or error}; choose another folder and run it again"
