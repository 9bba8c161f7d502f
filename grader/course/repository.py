"""Where the folders of a homework repository are, from its root."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from grader.course.assignment import ASSIGNMENT_FILE, Assignment, AssignmentError, load_assignment
from grader.course.errors import RepositoryError
from grader.course.settings import PROJECT_FILE, load_settings


@dataclass(frozen=True, slots=True)
class Repository:
    """A checkout that holds assignments, their solutions and what students receive.

    Attributes
    ----------
    root
        The folder with ``pyproject.toml`` and ``assignments/``.
    """

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> Self:
        """Return the repository that holds `start`, by default the current folder.

        Raises
        ------
        RepositoryError
            Neither `start` nor a folder above it is a homework repository.
        """
        here = (start or Path.cwd()).resolve()
        for folder in (here, *here.parents):
            if (folder / PROJECT_FILE).is_file() and (folder / "assignments").is_dir():
                return cls(folder)
        raise RepositoryError(
            f"{here} is not inside a homework repository: no folder from there upwards has both a "
            "pyproject.toml and an assignments folder; change to the checkout and try again"
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
        return load_assignment(self.assignments / assignment_id)

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
