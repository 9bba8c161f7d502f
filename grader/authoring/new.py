"""Make a new assignment: a tiny worked example that can be released, graded and validated at once."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template

from grader.course.regions import NewAssignmentError
from grader.course.repository import Course

TEMPLATE = Path(__file__).resolve().parent / "template"
"""The example, file by file; each name ends in `SUFFIX`, so that no tool takes a template for code."""

SUFFIX = ".template"

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
    words = {"id": assignment_id, "title": assignment_id.replace("-", " ").capitalize()}
    files = {
        folder / path.relative_to(TEMPLATE).with_suffix(""): path.read_text(encoding="utf-8")
        for path in sorted(TEMPLATE.rglob(f"*{SUFFIX}"))
    }
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(Template(text).substitute(words).encode())
    return tuple(files)
