"""A small class made from the bank: one folder per named mistake, for tests of whole gradings."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from grader.bank.entries import load_mistakes
from grader.bank.rebuild import as_files
from grader.bank.samples import solution_modules
from grader.course.assignment import Assignment
from grader.course.repository import Course

MISTAKES = ("conv_dx_by_filter_and_added", "batchnorm_without_gamma")


def write_class(
    repository: Course, assignment: Assignment, folder: Path, mistakes: Iterable[str] = MISTAKES
) -> None:
    """Write the solution, as `ada`, and one submission per mistake, each named after it."""
    bank = {each.name: each for each in load_mistakes(assignment.folder)}
    solution = solution_modules(repository, assignment)
    for name, files in {
        "ada": solution,
        **{name: as_files(bank[name], solution) for name in mistakes},
    }.items():
        for path, content in files.items():
            target = folder / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
