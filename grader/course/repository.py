"""A course's repository: its folders, its own table, its secret, and whether what it gives to students is compiled."""

from __future__ import annotations

import os
import secrets
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import Annotated, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from grader.course.assignment import ASSIGNMENT_FILE, Assignment, AssignmentError, load_assignment
from grader.course.regions import AuthoringError
from grader.results import Refusal

PROJECT_FILE = "pyproject.toml"
KEY_VARIABLE = "GRADER_COURSE_KEY"
KEY_FILE = ".course-key"

_SOURCES = frozenset({".pyx", ".c", ".h"})


class RepositoryError(AuthoringError):
    """No homework repository here; the message says what one looks like."""


class CourseKeyError(Refusal):
    """The key can neither be read nor made; the message says what to do."""


class CourseError(AssignmentError):
    """A course whose table cannot be used, and so none of its assignments."""


class CourseSettings(BaseModel):
    """A course's table; everything in it may be left out.

    Attributes
    ----------
    assignment
        Which assignment commands are about when none is named; empty where there is none such.
    gate
        The course's own steps of ``invoke validate``, as ``package.module:function``; empty where it has none. See
        `grader.gate.gate.CourseSteps`.
    gradebook
        File or database URL of the gradebook where a command names none; a file is relative to the course.
    time_zone
        Of due dates that name none, such as ``Europe/Zurich``.
    engine
        The version of numgrade that published scores come from; empty where whatever is installed may grade.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    assignment: str = ""
    gate: Annotated[str, Field(pattern=r"^([\w.]+:\w+)?$")] = ""
    gradebook: str = ""
    time_zone: str = ""
    engine: str = ""

    @field_validator("time_zone")
    @classmethod
    def _known(cls, name: str) -> str:
        if name and name not in available_timezones():
            raise ValueError(f"{name!r} is no time zone; write one such as 'Europe/Zurich'")
        return name

    @property
    def zone(self) -> ZoneInfo | None:
        """The time zone of due dates that name none."""
        return ZoneInfo(self.time_zone) if self.time_zone else None


@dataclass(frozen=True, slots=True)
class Course:
    """A repository that holds assignments, their solutions and what students receive.

    ::

        course = Course.open("courses/numerics")
        assignment = course.load("hw1")

    Attributes
    ----------
    root
        The folder with ``pyproject.toml`` and ``assignments/``.
    """

    root: Path

    @classmethod
    def open(cls, path: Path | str = ".") -> Self:
        """Return the course whose repository holds `path`, by default the current folder.

        Raises
        ------
        RepositoryError
            Neither `path` nor a folder above it is a course.
        """
        here = Path(path).resolve()
        for folder in (here, *here.parents):
            if (folder / PROJECT_FILE).is_file() and (folder / "assignments").is_dir():
                return cls(folder)
        raise RepositoryError(
            f"{here} is not inside a course: no folder from there upwards has both a pyproject.toml and an "
            "assignments folder; change to the course's folder, or make one with: numgrade init mycourse"
        )

    @property
    def assignments(self) -> Path:
        """One folder per homework, each with its assignment.toml."""
        return self.root / "assignments"

    def solution(self, assignment: Assignment) -> Path:
        """Return the folder with the homework's answers, their only authored source."""
        return self.root / assignment.folders.solution

    def starter(self, assignment: Assignment) -> Path:
        """Return the folder that `release` writes the homework's stubs and notebooks into."""
        return self.root / assignment.folders.starter

    def support(self, assignment: Assignment) -> Path:
        """Return the folder that holds the homework's given support packages."""
        return self.root / (assignment.folders.support or assignment.folders.starter)

    @property
    def dist(self) -> Path:
        """Where release archives are written."""
        return self.root / "dist"

    @property
    def gradebook(self) -> str:
        """File or URL of the gradebook of all its classes; empty where each class has its own."""
        named = load_settings(self.root).gradebook
        return str(self.root / named) if named and "://" not in named else named

    @property
    def assignment_ids(self) -> tuple[str, ...]:
        """Every homework of the repository, sorted."""
        return tuple(sorted(path.parent.name for path in self.assignments.glob(f"*/{ASSIGNMENT_FILE}")))

    def load(self, assignment_id: str = "") -> Assignment:
        """Read and validate the homework named `assignment_id`; without a name, the one that the course is about.

        That is the one which ``[tool.numgrade]`` names, or the only one there is.

        Raises
        ------
        AssignmentError
            There is no such homework, its assignment.toml is not valid, or no name was given and several are there.
        """
        assignment_id = assignment_id or self._usual()
        if assignment_id not in self.assignment_ids:
            known = ", ".join(self.assignment_ids) or "none"
            raise AssignmentError(
                f"no assignment is named {assignment_id!r}; {self.assignments} has: {known}"
            )
        return load_assignment(self.assignments / assignment_id, load_settings(self.root).zone)

    def _usual(self) -> str:
        named, there = load_settings(self.root).assignment, self.assignment_ids
        if not named and len(there) != 1:
            raise AssignmentError(
                f"say which assignment with --assignment; {self.assignments} has: {', '.join(there) or 'none'}"
            )
        return named or there[0]

    def import_path(self, assignment: Assignment) -> tuple[str, str]:
        """Return what to put before ``sys.path``, in this order, to import the complete solution."""
        return str(self.solution(assignment)), str(self.support(assignment))


def load_settings(root: Path) -> CourseSettings:
    """Read the table of the course at `root`; without a file or a table everything is as `CourseSettings` says.

    Raises
    ------
    CourseError
        The file is not TOML, or its table holds what no course can say.
    """
    path = root / PROJECT_FILE
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return CourseSettings()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} is not TOML: {error}") from error
    try:
        return CourseSettings.model_validate(document.get("tool", {}).get("numgrade", {}))
    except ValidationError as error:
        lines = (f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise CourseError(f"{path}, [tool.numgrade]:\n  " + "\n  ".join(lines)) from error


def course_key(root: Path) -> str:
    """Return the secret on which every hidden input depends, from the environment or the repository's key file.

    The file is made at the first use, and kept: a regrade repeats exactly only under the same key. It is no part of
    what the repository shares.

    Raises
    ------
    CourseKeyError
        The file can neither be read nor made.
    """
    given = os.environ.get(KEY_VARIABLE)
    if given:
        return given
    path = root / KEY_FILE
    try:
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as stream:
                stream.write(secrets.token_hex(32))
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise CourseKeyError(
            f"the course key {path} cannot be used ({error.strerror}); make it readable or set {KEY_VARIABLE}"
        ) from error


class Build(StrEnum):
    """What there is of an extension, for this Python."""

    NONE = "none to build"
    MISSING = "not compiled"
    OUTDATED = "older than its sources"
    CURRENT = "compiled"


def build_of(package: Path) -> Build:
    """Return how the extension in a package's folder stands to its sources, by their times, as its build does."""
    files = [path for path in package.iterdir() if path.is_file()] if package.is_dir() else []
    sources = [path for path in files if path.suffix in _SOURCES and not _is_generated(path)]
    built = [path for path in files if is_extension(path.name)]
    if not sources:
        return Build.NONE
    if not built:
        return Build.MISSING
    return Build.CURRENT if min(map(_time, built)) >= max(map(_time, sources)) else Build.OUTDATED


def is_extension(name: str) -> bool:
    """Say whether this Python would import the extension; those for other Pythons end in ``.so`` too."""
    module = name.partition(".")[0]
    return any(name == f"{module}{suffix}" for suffix in EXTENSION_SUFFIXES)


def _is_generated(path: Path) -> bool:
    return path.suffix == ".c" and path.with_suffix(".pyx").exists()


def _time(path: Path) -> int:
    return path.stat().st_mtime_ns
