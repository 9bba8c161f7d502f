"""Make a new course, and new assignments: tiny worked examples that can be released, graded and validated at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from string import Template

from grader import __version__
from grader.course.regions import NewAssignmentError
from grader.course.repository import Course

TEMPLATE = Path(__file__).resolve().parent / "template"
"""The example, file by file; each name ends in `SUFFIX`, so that no tool takes a template for code."""

COURSE = Path(__file__).resolve().parent / "course"
"""A course without assignments, likewise; a name that begins with `DOT` begins with a dot there."""

SUFFIX = ".template"
DOT = "dot-"

_ID = re.compile(r"[a-z][a-z0-9-]*")


def create_assignment(repository: Course, assignment_id: str) -> tuple[Path, ...]:
    """Write the example as ``assignments/<id>`` and return the files written.

    Parameters
    ----------
    repository
        Where the assignment goes.
    assignment_id
        Its name: a lower-case letter, then lower-case letters, digits and hyphens.

    Raises
    ------
    NewAssignmentError
        The id is not one, or there is something of that name already; nothing is written then.
    """
    if not _ID.fullmatch(assignment_id):
        raise NewAssignmentError(
            f"{assignment_id!r} cannot name an assignment: an id is a lower-case letter and then lower-case letters, "
            "digits and hyphens, such as 'rnn' or 'hw-6'"
        )
    folder = repository.assignments / assignment_id
    if folder.exists():
        raise NewAssignmentError(f"{folder} is there already; choose another id, or delete that folder first")
    return _write(TEMPLATE, folder, {"id": assignment_id, "title": _title(assignment_id)})


def create_course(folder: Path) -> tuple[Path, ...]:
    """Write a course without assignments into `folder` and return the files written.

    Raises
    ------
    NewAssignmentError
        There is something in the folder already, or its name has no letter; nothing is written then.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NewAssignmentError(f"{folder} is there already; name a new folder, or one that is empty")
    name = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-")
    if not name:
        raise NewAssignmentError(f"{folder} has no letter in its name that a package could be called by")
    words = {"name": name, "title": _title(folder.resolve().name), "engine": __version__, "time_zone": "UTC"}
    return _write(COURSE, folder, words)


def _title(name: str) -> str:
    return name.replace("-", " ").capitalize()


def _write(template: Path, folder: Path, words: Mapping[str, str]) -> tuple[Path, ...]:
    """Fill in every file of a template below `folder`; return where they are."""
    files = {}
    for path in sorted(template.rglob(f"*{SUFFIX}")):
        inside = path.relative_to(template).with_suffix("")
        parts = (f".{part.removeprefix(DOT)}" if part.startswith(DOT) else part for part in inside.parts)
        files[folder.joinpath(*parts)] = Template(path.read_text(encoding="utf-8")).substitute(words)
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return tuple(files)
