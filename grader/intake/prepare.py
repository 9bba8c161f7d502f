"""From the files of a submission to everything that grading it takes: one pure function."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from grader.course.assignment import Assignment
from grader.intake.begun import begun_from
from grader.intake.code_texts import code_texts
from grader.intake.collector import Kind, kind_of
from grader.intake.contents import Contents, contents_of
from grader.intake.given_code import OwnFunctions, copied_code, unread_code
from grader.intake.layout import ResolvedLayout, renamed, resolve_layout
from grader.intake.names import printable
from grader.intake.notebook_answers import with_notebook_answers
from grader.intake.notebook_names import match_notebooks
from grader.intake.numeric import numeric_answers
from grader.intake.placement import place_files
from grader.intake.plan import StagePlan, edited_given_files
from grader.intake.release import ReleaseSource
from grader.intake.rewrite import with_bytecode
from grader.intake.source import is_stub, plain_code, with_helpers
from grader.intake.submission import Submission
from grader.intake.weights import Weights, read_weights
from grader.results import Flag

_UNREADABLE = (RecursionError, SyntaxError, ValueError)
"""What writing a parsed program may end in: it is nested too deeply, or holds a string that no source can hold."""


def prepare(
    id: str, files: Mapping[str, bytes | str], assignment: Assignment, release: ReleaseSource
) -> Submission:
    """Return the submission that `files` make, such as the solution with one function replaced.

    Only for files of one's own: a stranger's are parsed by the `Reader`, in a process with limits.

    Parameters
    ----------
    files
        Path to content; text is encoded as UTF-8.
    """
    return prepare_contents(contents_of(id, files), assignment, release)


def prepare_contents(
    contents: Contents,
    assignment: Assignment,
    release: ReleaseSource,
    *,
    answers: bool = False,
    code: bool = False,
) -> Submission:
    """Return the submission that `contents` make; see `prepare`.

    Parameters
    ----------
    answers
        Whether the texts of the answers are wanted, too, which takes longer than all else.
    code
        Whether what was written is wanted as people are to read it.
    """
    complete = with_notebook_answers(contents, release)
    resolved = resolve_layout(complete, assignment, release)
    texts, all_read = _answers(resolved, release) if answers else ({}, True)
    placement = place_files(resolved, release)
    plan = StagePlan(resolved, placement, assignment, release)
    matched = match_notebooks(
        complete.notebooks, assignment.release.notebooks, release.notebooks, resolved.prefix
    )
    functions = OwnFunctions.of(resolved, release)
    weights, weight_flags = _weights(contents, assignment.weights, resolved.prefix)
    return Submission(
        id=contents.id,
        sha256=contents.sha256,
        size=sum(map(len, contents.files.values())),
        layout=resolved.layout.name,
        modules=placement.modules,
        sources=resolved.holders,
        renamed=renamed(resolved),
        roots={name: with_bytecode(files) for name, files in plan.roots.items()},
        extensions=plan.extensions,
        notebooks=matched.notebooks,
        weights=weights,
        flags=(
            *complete.flags[len(contents.flags) :],
            *resolved.flags,
            *placement.flags,
            *plan.flags(),
            *edited_given_files(resolved, release),
            *begun_from(resolved, matched.notebooks, release),
            *matched.flags,
            *weight_flags,
            *numeric_answers(functions, assignment),
            *unread_code(resolved, release),
        ),
        arrival_flags=contents.flags,
        copied=copied_code(functions, resolved.holders, assignment, release),
        answers=texts,
        answers_complete=all_read,
        unread=complete.unread,
        code=code_texts(contents, complete, resolved, placement, release, matched.notebooks) if code else (),
    )


def _weights(contents: Contents, name: str | None, prefix: str) -> tuple[Weights | None, tuple[Flag, ...]]:
    """Return the weights: the file of the asked name, beside the packages if there are several."""
    found = [path for path in contents.files if kind_of(path, name) is Kind.WEIGHTS]
    if not found:
        return None, ()

    def nearness(path: str) -> tuple[object, ...]:
        here = PurePosixPath(path)
        return (here.name != name, here.parent != PurePosixPath(prefix), path.count("/"), path)

    chosen, *others = sorted(found, key=nearness)
    listed = ", ".join(map(printable, others))
    flags = (Flag("several_weights", f"{printable(chosen)} was taken, and not {listed}"),) if others else ()
    return read_weights(contents.files[chosen]), flags


def _answers(resolved: ResolvedLayout, release: ReleaseSource) -> tuple[dict[str, str], bool]:
    """Return the text of each answer that was written, and whether all of them could be read.

    A file that does not parse has no answers to read; nor can Python write every program that it reads.
    """
    found: dict[str, str] = {}
    complete = True
    for symbol, path in resolved.holders.items():
        source = resolved.sources[path]
        complete = complete and source.error is None and symbol not in source.lost
        if symbol not in source.definitions:
            continue
        try:
            if not is_stub(source.definitions[symbol], release.released.get(symbol)):
                found[symbol] = plain_code(with_helpers(symbol, source.definitions, release.released))
        except _UNREADABLE:
            complete = False
    return found, complete
