"""Make a new course, and new assignments: tiny worked examples that can be released, graded and validated at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from keyword import iskeyword
from pathlib import Path
from string import Template

from grader import __version__
from grader.course.assignment import ASSIGNMENT_ID
from grader.course.regions import NewAssignmentError
from grader.course.repository import Course

TEMPLATE = Path(__file__).resolve().parent / "template"
"""The example, file by file; each name ends in `SUFFIX`, so that no tool takes a template for code."""

NOTEBOOK = Path(__file__).resolve().parent / "notebook"
"""What of the example is otherwise where the answer is in the notebook."""

COURSE = Path(__file__).resolve().parent / "course"
"""A course without assignments, likewise; a name that begins with `DOT` begins with a dot there."""

SUFFIX = ".template"
DOT = "dot-"

_NOT_ITS_OWN = frozenset({"grader", "numgrade", "solution", "test", "tests"})
"""Names that mean another thing to whoever imports them."""


class Form(StrEnum):
    """Where the answers of a new assignment are."""

    PACKAGE = "package"
    FLAT = "flat"
    NOTEBOOK = "notebook"


def create_assignment(
    repository: Course, assignment_id: str, form: Form = Form.PACKAGE, package: str = "homework"
) -> tuple[Path, ...]:
    """Write the example as ``assignments/<id>`` and return the files written.

    Parameters
    ----------
    repository
        Where the assignment goes.
    assignment_id
        Its name: a lower-case letter, then lower-case letters, digits and hyphens.
    form
        Whether the answer is in a module of a package, in a module that stands alone, or in a notebook.
    package
        What the package is called, of an assignment that has one.

    Raises
    ------
    NewAssignmentError
        The id or the package's name is not one, or there is something of that name already; nothing is written then.
    """
    require_id(assignment_id)
    if not package.isidentifier() or iskeyword(package) or package in _NOT_ITS_OWN:
        raise NewAssignmentError(f"{package!r} cannot name the package; choose a name that Python can import")
    folder = repository.assignments / assignment_id
    if folder.exists():
        raise NewAssignmentError(f"{folder} is there already; choose another id, or delete that folder first")
    words = {"id": assignment_id, "title": _title(assignment_id), **_places(form, package)}
    if form is Form.NOTEBOOK:
        files = _filled(NOTEBOOK, folder, words)
        shared = {"checks", "mistakes", "samples", "variants", "handout.md"}
        more = _filled(TEMPLATE, folder, words).items()
        files |= {path: content for path, content in more if path.relative_to(folder).parts[0] in shared}
    else:
        files = _filled(TEMPLATE, folder, words)
    places = {path: folder / "solution" / words["answers"] for path in files if path.name == "averages.py"}
    named = {places.get(path, path): content for path, content in files.items()}
    if form is Form.PACKAGE:
        inside = folder / "solution" / "package" / "__init__.py"
        named[folder / "solution" / package / "__init__.py"] = named.pop(inside)
    else:
        named.pop(folder / "solution" / "package" / "__init__.py", None)
    return write_files(named)


def require_id(assignment_id: str) -> None:
    """Make sure that an assignment can have this name.

    Raises
    ------
    NewAssignmentError
        It cannot; the message says what an id is.
    """
    if not re.fullmatch(ASSIGNMENT_ID, assignment_id):
        raise NewAssignmentError(
            f"{assignment_id!r} cannot name an assignment: an id is a lower-case letter and then lower-case letters, "
            "digits and hyphens, such as 'ps1' or 'hw-6'"
        )


def _places(form: Form, package: str) -> Mapping[str, str]:
    """Return what the template calls the answer's file and module, what is given, and the students' checks."""
    if form is Form.PACKAGE:
        given = f'given = ["{package}/__init__.py"]\n'
        names = f"{package}/averages.py", f"{package}.averages", given, f"{package}_check"
    elif form is Form.FLAT:
        names = "averages.py", "averages", "", "averages_check"
    else:
        names = "Averages.ipynb", "", "", ""
    return dict(zip(("answers", "module", "given", "kit"), names, strict=True))


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
    return write_files(_filled(COURSE, folder, words))


def _title(name: str) -> str:
    return name.replace("-", " ").capitalize()


def _filled(template: Path, folder: Path, words: Mapping[str, str]) -> dict[Path, bytes]:
    """Return every file of a template, by where it goes below `folder`."""
    files = {}
    for path in sorted(template.rglob(f"*{SUFFIX}")):
        inside = path.relative_to(template).with_suffix("")
        parts = (f".{part.removeprefix(DOT)}" if part.startswith(DOT) else part for part in inside.parts)
        files[folder.joinpath(*parts)] = Template(path.read_text(encoding="utf-8")).substitute(words).encode()
    return files


def write_files(files: Mapping[Path, bytes]) -> tuple[Path, ...]:
    """Write every file, and return where."""
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tuple(sorted(files))
