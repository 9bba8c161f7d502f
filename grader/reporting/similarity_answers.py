"""Read the answers of a class, and right ones that were written independently: the text that similarity compares.

This is the part that parses what students wrote; behind it an answer is an owner, a symbol and a text.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
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
from grader.intake.layout import ResolvedLayout, resolve_layout
from grader.intake.source import Node, is_stub, look_at
from grader.reporting.similarity import AnswerTokeniser, TokenisedAnswer

UNREADABLE = (RecursionError, SyntaxError, ValueError)
"""What writing a parsed program may end in: it is nested too deeply, or holds a string that no source can hold."""


@dataclass(frozen=True, slots=True)
class GatheredAnswers:
    """What there is to compare.

    Attributes
    ----------
    independent
        The solution's and the variants' answers. The homework's mistakes are left out: many are small changes
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
    repository: Repository,
    step: Callable[[str], None],
) -> GatheredAnswers:
    """Read every candidate's answers; `step` is called with each one's id when it is read."""
    release = ReleaseSource.of(repository, assignment)
    tokeniser = AnswerTokeniser.of({symbol: plain_code((node,)) for symbol, node in release.released.items()})
    answers: list[TokenisedAnswer] = []
    unreadable = []
    for candidate in candidates:
        try:
            contents = with_notebook_answers(read_contents(candidate, assignment), release)
            texts, complete = written_answers(resolve_layout(contents, assignment, release), release)
        except (SubmissionUnreadable, RecursionError):
            texts, complete = {}, False
        answers.extend(tokeniser.answer(candidate.id, symbol, text) for symbol, text in texts.items())
        if not complete:
            unreadable.append(candidate.id)
        step(candidate.id)
    independent = tuple(
        tokeniser.answer(name, symbol, text)
        for name, symbol, text in _independent(assignment, repository, release)
    )
    return GatheredAnswers(tuple(answers), independent, tuple(unreadable))


def written_answers(layout: ResolvedLayout, release: ReleaseSource) -> tuple[dict[str, str], bool]:
    """Return the text of every answer that was written, by symbol, and whether all of them could be read.

    A file that does not parse has no answers to read; nor can Python write every program that it reads.
    """
    found: dict[str, str] = {}
    complete = True
    for symbol, path in layout.holders.items():
        source = layout.sources[path]
        complete = complete and source.error is None
        if symbol not in source.definitions:
            continue
        try:
            if not is_stub(source.definitions[symbol], release.released.get(symbol)):
                found[symbol] = answer_text(symbol, source.definitions, release.released)
        except UNREADABLE:
            complete = False
    return found, complete


def answer_text(symbol: str, definitions: Mapping[str, Node], judged: Collection[str]) -> str:
    """Return the answer to `symbol` among the definitions of its file, with the helpers it uses.

    Raises
    ------
    RecursionError, SyntaxError, ValueError
        Python cannot write what it read: see `UNREADABLE`.
    """
    return plain_code(with_helpers(symbol, definitions, judged))


def with_helpers(symbol: str, definitions: Mapping[str, Node], judged: Collection[str]) -> tuple[Node, ...]:
    """Return the definition of `symbol` and those of its file that it uses, but for other judged answers."""
    found: dict[str, Node] = {}
    waiting = [symbol]
    while waiting:
        name = waiting.pop()
        if name in definitions and name not in found and (name == symbol or name not in judged):
            found[name] = definitions[name]
            waiting.extend(each.id for each in ast.walk(definitions[name]) if isinstance(each, ast.Name))
    return tuple(found.values())


def plain_code(nodes: tuple[Node, ...]) -> str:
    """Return definitions as text in one layout, without comments and docstrings.

    Raises
    ------
    RecursionError, SyntaxError, ValueError
        Python cannot write what it read.
    """
    return "\n\n".join(ast.unparse(_without_docstrings(node)) for node in nodes) + "\n"


class _DocstringRemover(ast.NodeTransformer):
    """Drops what documents functions and classes; a body that was nothing else becomes ``pass``."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if isinstance(node, Node) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        return node


def _without_docstrings(node: Node) -> ast.AST:
    # Through text, because the transformer changes the tree that it visits, and others still read this one.
    copied: ast.AST = _DocstringRemover().visit(ast.parse(ast.unparse(node)))
    return copied


def _independent(
    assignment: Assignment, repository: Repository, release: ReleaseSource
) -> Iterator[tuple[str, str, str]]:
    """Yield name, symbol and text of every answer of the solution and of the variants."""
    solution = repository.solution(assignment)
    sources = {path: (solution / path).read_bytes() for path in assignment.release.answers}
    if any((assignment.folder / VARIANTS).glob("*.py")):
        sources |= {each.name: each.code.encode() for each in load_variants(assignment.folder)}
    for name, data in sources.items():
        definitions = look_at(name, data).definitions
        for symbol in assignment.symbols:
            if symbol in definitions:
                yield name, symbol, answer_text(symbol, definitions, release.released)
