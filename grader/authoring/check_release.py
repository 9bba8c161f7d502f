"""Say whether a starter is what its solution gives, and whether students would see anything hidden."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from grader.authoring.leak import AS_IT_IS, leaks, not_allowed
from grader.authoring.notebooks import answers_without_banners
from grader.authoring.release import archive_name, pack
from grader.authoring.secrets import SecretKind, read_secrets
from grader.authoring.student_tree import StudentTree, as_text, build_tree, generated_paths, normalised
from grader.course.assignment import Assignment
from grader.course.regions import AuthoringError
from grader.course.repository import Course

DIFF_LINES = 20
"""Lines of a difference that a problem shows; the rest is counted."""

_REMEDY = "run `numgrade release`"
_AUTHORED = frozenset({".py", ".ipynb", ".md", ".toml", ".txt", ".jpg", ".png"})
"""Suffixes of what a release may have put into a starter. Weights, data and builds are left by using it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the assignment must not be handed out as it is.

    Attributes
    ----------
    path
        The file it is about, relative to the repository.
    message
        What is wrong and what to do.
    detail
        A difference to look at, of several lines; may be empty.
    """

    path: str
    message: str
    detail: str = ""

    def __str__(self) -> str:
        """Say it for a person."""
        return f"{self.path}: {self.message}" + (f"\n{self.detail}" if self.detail else "")


def check_release(assignment: Assignment, root: Path) -> list[Problem]:
    """Return what is wrong with the assignment's student package; nothing is written.

    Parameters
    ----------
    assignment
        The assignment.
    root
        The repository's root.

    Raises
    ------
    AssignmentError
        Another assignment in the repository is not valid, so that its files cannot be told from left-overs.
    """
    repository = Course(root)
    try:
        tree = build_tree(assignment, repository)
    except AuthoringError as error:
        return [Problem(assignment.folders.solution, str(error))]
    return [
        *_outdated(assignment, repository, tree),
        *_whole_answers(assignment, repository),
        *leftovers(assignment, repository),
        *_outdated_archive(assignment, repository, tree),
        *_leaks(assignment, repository, tree),
    ]


def _outdated(assignment: Assignment, repository: Course, tree: StudentTree) -> Iterator[Problem]:
    starter = repository.starter(assignment)
    for path in tree.generated:
        name = f"{assignment.folders.starter}/{path}"
        try:
            content = normalised(path, (starter / path).read_bytes())
        except OSError as error:
            yield Problem(name, f"cannot be read ({error.strerror}); {_REMEDY}")
            continue
        if content != tree.files[path]:
            detail = _difference(name, content, tree.files[path])
            source = f"{assignment.folders.solution}/{path}"
            yield Problem(name, f"is not what {source} gives; {_REMEDY}", detail)


def _whole_answers(assignment: Assignment, repository: Course) -> Iterator[Problem]:
    """Give the cells of notebooks that are said to be answers, and that students would get as they are."""
    for path in assignment.release.notebooks:
        name = f"{assignment.folders.solution}/{path}"
        source = (repository.solution(assignment) / path).read_bytes()
        for cell in answers_without_banners(source, name):
            yield Problem(
                cell,
                "is tagged 'answer', and students get it whole; put YOUR CODE HERE banners around what they write",
            )


def _difference(name: str, stored: bytes, fresh: bytes) -> str:
    """Return the start of a unified diff, or nothing for what is no text."""
    if b"\0" in stored or b"\0" in fresh:
        return ""
    lines = difflib.unified_diff(
        as_text(stored).splitlines(), as_text(fresh).splitlines(), name, "made anew", lineterm="", n=1
    )
    shown = list(islice(lines, DIFF_LINES))
    more = sum(1 for _ in lines)
    return "\n".join(shown + ([f"... and {more} more lines"] if more else []))


def leftovers(assignment: Assignment, repository: Course) -> Iterator[Problem]:
    """Give files in the starter that no assignment of the repository releases, such as a renamed notebook."""
    starter = repository.starter(assignment)
    others = [repository.load(name) for name in repository.assignment_ids if name != assignment.id]
    everyone = (assignment, *others)
    claimed = {repository.starter(each) / path for each in everyone for path in generated_paths(each)}
    support = {repository.support(each) / package for each in everyone for package in each.release.support}
    for path in sorted(starter.rglob("*")):
        given = path in claimed or not support.isdisjoint(path.parents)
        if not given and _authored(path, path.relative_to(starter)):
            name = path.relative_to(repository.root).as_posix()
            yield Problem(name, "no assignment releases this file; delete it")


def _authored(path: Path, inside: Path) -> bool:
    clutter = any(part.startswith((".", "__")) or part.endswith(".egg-info") for part in inside.parts[:-1])
    return path.is_file() and not clutter and path.suffix in _AUTHORED


def _outdated_archive(assignment: Assignment, repository: Course, tree: StudentTree) -> Iterator[Problem]:
    """Give the archive when it is not this release's: having its name, it would be mistaken for it."""
    path = repository.dist / archive_name(assignment)
    if path.is_file() and path.read_bytes() != pack(assignment, tree.files):
        yield Problem(f"dist/{path.name}", f"holds other files than this release; {_REMEDY}")


def _leaks(assignment: Assignment, repository: Course, tree: StudentTree) -> Iterator[Problem]:
    """Give what is hidden and yet in the release, or in the starter or the archive as they are now."""
    name = assignment.folders.starter
    released = {f"{name}/{path}": content for path, content in tree.files.items()}
    for path in tree.generated:
        stored = repository.starter(assignment) / path
        if stored.is_file():
            released[f"{name}/{path}{AS_IT_IS}"] = normalised(path, stored.read_bytes())
    archive = repository.dist / archive_name(assignment)
    if archive.is_file() and archive.read_bytes() != pack(assignment, tree.files):
        released[f"dist/{archive.name}"] = archive.read_bytes()
    for leak in not_allowed(leaks(released, read_secrets(assignment, repository, tree)), assignment):
        marked = " or, if they may know it, add `# public: WHERE THEY SEE IT` to the hidden statement"
        remedy = "take it out of what students get" + (marked if leak.kind is SecretKind.VALUE else "")
        yield Problem(leak.path, f"{leak.place} holds {leak.what}; {remedy}")
