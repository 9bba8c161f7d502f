"""Gather what similarity compares: the answers of a class, and right ones that were written independently.

What students wrote is parsed in the reader's child; what comes back is an owner, a symbol and a text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from grader.bank.entries import VARIANTS, load_variants
from grader.course.assignment import Assignment
from grader.course.repository import Course
from grader.intake import Candidate, Reader, ReleaseSource, SubmissionUnreadable, decode_submission
from grader.intake.source import plain_code, read_source, with_helpers
from grader.reporting.similarity import AnswerTokeniser, TokenisedAnswer
from grader.sandbox.box.codec import Malformed


@dataclass(frozen=True, slots=True)
class GatheredAnswers:
    """What there is to compare.

    Attributes
    ----------
    independent
        The solution's and the variants' answers. The assignment's mistakes are left out: many are small changes
        of one another, so that they are alike says nothing about people.
    unreadable
        Submissions that could not be read, or not all of their answers.
    """

    answers: tuple[TokenisedAnswer, ...]
    independent: tuple[TokenisedAnswer, ...]
    unreadable: tuple[str, ...]


def gather_answers(
    candidates: Iterable[Candidate],
    assignment: Assignment,
    repository: Course,
    step: Callable[[str], None],
) -> GatheredAnswers:
    """Read every candidate's answers; `step` is called with each one's id when it is read."""
    release = ReleaseSource.of(repository, assignment)
    tokeniser = AnswerTokeniser.of({symbol: plain_code((node,)) for symbol, node in release.released.items()})
    answers: list[TokenisedAnswer] = []
    unreadable = []
    with Reader.open(repository.root, assignment.id, answers=True) as reader:
        for candidate in candidates:
            texts, complete = _read(reader, candidate)
            answers.extend(tokeniser.answer(candidate.id, symbol, text) for symbol, text in texts.items())
            if not complete:
                unreadable.append(candidate.id)
            step(candidate.id)
    independent = tuple(
        tokeniser.answer(name, symbol, text)
        for name, symbol, text in _independent(assignment, repository, release)
    )
    return GatheredAnswers(tuple(answers), independent, tuple(unreadable))


def _read(reader: Reader, candidate: Candidate) -> tuple[Mapping[str, str], bool]:
    """Return the text of every answer that was written, by symbol, and whether all of them could be read."""
    try:
        submission = decode_submission(reader.read(candidate), candidate.id)
    except (SubmissionUnreadable, Malformed):
        return {}, False
    return submission.answers, submission.answers_complete


def _independent(
    assignment: Assignment, repository: Course, release: ReleaseSource
) -> Iterator[tuple[str, str, str]]:
    """Yield name, symbol and text of every answer of the solution and of the variants."""
    solution = repository.solution(assignment)
    sources = {path: (solution / path).read_bytes() for path in assignment.release.answers}
    if any((assignment.folder / VARIANTS).glob("*.py")):
        sources |= {each.name: each.code.encode() for each in load_variants(assignment.folder)}
    for name, data in sources.items():
        definitions = read_source(name, data).definitions
        for symbol in assignment.symbols:
            if symbol in definitions:
                yield name, symbol, plain_code(with_helpers(symbol, definitions, release.released))
