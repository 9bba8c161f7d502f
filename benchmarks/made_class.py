"""Make a class of any size out of the assignment's own bank: right, wrong and unusual answers, in every packing."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from pathlib import Path

from grader.bank.entries import Mistake, Variant, load_mistakes, load_variants
from grader.bank.samples import SampleStudent, hand_in, make_submission
from grader.course.assignment import Assignment
from grader.course.repository import Course

PACKS = ("folder", "zip", "tar.gz")
SEED = 6


def write_made_class(repository: Course, assignment: Assignment, size: int, destination: Path) -> None:
    """Write `size` submissions, each with other content than every other; the same for the same size and bank."""
    mistakes = {each.name: each for each in load_mistakes(assignment.folder)}
    variants = {each.name: each for each in load_variants(assignment.folder) if not each.layout}
    bank: Mapping[str, Mistake | Variant] = {**mistakes, **variants}
    destination.mkdir(parents=True, exist_ok=True)
    for student in made_students(size, sorted(mistakes), sorted(variants), assignment):
        files = make_submission(repository, assignment, student, bank)
        own = f"\n# handed in by {student.name}\n".encode()
        hand_in({path: content + own for path, content in files.items()}, student, destination)


def made_students(
    size: int, mistakes: list[str], variants: list[str], assignment: Assignment
) -> Iterator[SampleStudent]:
    """Yield students: a tenth with the stubs or the solution, the others with up to two mistakes and a variant."""
    rng = random.Random(SEED)  # noqa: S311 - to repeat, not to keep secret
    layouts = [layout.name for layout in assignment.layouts]
    for number in range(size):
        plain = rng.random() < 0.1  # noqa: PLR2004
        entries = [] if plain else rng.sample(mistakes, rng.randrange(3)) + rng.sample(variants, 1)
        yield SampleStudent(
            name=f"student-{number:05d}",
            comment="",
            base="starter" if plain and rng.random() < 0.5 else "solution",  # noqa: PLR2004
            entries=tuple(entries),
            layout="nndl" if entries else rng.choice(layouts),
            pack=rng.choice(PACKS),
        )
