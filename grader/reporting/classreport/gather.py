"""Read the answers of a class, and the independent right ones, from disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from grader.bank.mistakes import VARIANTS, load_variants
from grader.course.assignment import Assignment
from grader.course.repository import Repository
from grader.intake import (
    Candidate,
    ReleaseSource,
    SubmissionUnreadable,
    read_contents,
)
from grader.intake.cells import with_notebook_answers
from grader.intake.layout import resolve_layout
from grader.intake.source import look_at
from grader.reporting.classreport.answers import Answer, AnswerReader


@dataclass(frozen=True, slots=True)
class Gathered:
    """What there is to compare.

    Attributes
    ----------
    independent
        The solution's and the variants' answers. The homework's mistakes are left out: many are small changes
        of one another, so their likeness says nothing about people.
    unreadable
        Submissions that could not be read, or not all of their answers.
    """

    answers: tuple[Answer, ...]
    independent: tuple[Answer, ...]
    unreadable: tuple[str, ...]


def gather_answers(
    candidates: Iterable[Candidate],
    assignment: Assignment,
    repository: Repository,
    step: Callable[[str], None],
) -> Gathered:
    """Read every candidate's answers; `step` is called with each one's id when it is read."""
    release = ReleaseSource.of(repository, assignment)
    reader = AnswerReader.of(release)
    answers: list[Answer] = []
    unreadable = []
    for candidate in candidates:
        try:
            contents = with_notebook_answers(read_contents(candidate, assignment), release)
            layout = resolve_layout(contents, assignment, release)
            found, complete = reader.of_submission(candidate.id, layout)
        except (SubmissionUnreadable, RecursionError):
            found, complete = [], False
        answers.extend(found)
        if not complete:
            unreadable.append(candidate.id)
        step(candidate.id)
    return Gathered(tuple(answers), _independent(assignment, repository, reader), tuple(unreadable))


def _independent(assignment: Assignment, repository: Repository, reader: AnswerReader) -> tuple[Answer, ...]:
    solution = repository.solution(assignment)
    sources = {path: (solution / path).read_bytes() for path in assignment.release.answers}
    if any((assignment.folder / VARIANTS).glob("*.py")):
        sources |= {each.name: each.code.encode() for each in load_variants(assignment.folder)}
    found: list[Answer] = []
    for name, text in sources.items():
        definitions = look_at(name, text).definitions
        found.extend(
            reader.answer(name, symbol, definitions) for symbol in assignment.symbols if symbol in definitions
        )
    return tuple(found)
