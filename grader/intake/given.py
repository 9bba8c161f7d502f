"""Compare what was handed out complete with what came back."""

from __future__ import annotations

from collections.abc import Iterator

from grader.course.assignment import Layout
from grader.intake.layout import ResolvedLayout
from grader.intake.names import printable
from grader.intake.release import ReleaseSource
from grader.intake.source import same_code, same_module
from grader.results import Flag


def edited_given_files(resolved: ResolvedLayout, release: ReleaseSource) -> tuple[Flag, ...]:
    """Flag each given file that came back changed in more than comments, docstrings and package names.

    Support files are compared as a whole. Given helper modules may be added to, so only the definitions they
    came with are compared.
    """
    return (*_edited_support(resolved, release), *_edited_helpers(resolved, release))


def _edited_support(resolved: ResolvedLayout, release: ReleaseSource) -> Iterator[Flag]:
    for name in release.support:
        path = f"{resolved.prefix}{resolved.layout.support}/{name}"
        source = resolved.sources.get(path)
        if source is not None and not same_module(source, release.sources[name]):
            yield Flag(
                "edited_given_file",
                f"{printable(path)} differs from the one handed out; the one handed out was used",
            )


def _edited_helpers(resolved: ResolvedLayout, release: ReleaseSource) -> Iterator[Flag]:
    for home, place in resolved.layout.given.items():
        source = resolved.sources.get(resolved.prefix + place)
        if source is None:
            continue
        released = release.sources[home].definitions
        theirs = source.definitions
        edited = [name for name in released if name in theirs and not same_code(theirs[name], released[name])]
        if edited or (source.error and not _mixed(resolved.layout, place)):
            what = source.error or ", ".join(edited)
            yield Flag(
                "edited_given_file",
                f"{printable(source.path)} differs from the one handed out ({what}); "
                "what it came with was restored",
            )


def _mixed(layout: Layout, place: str) -> bool:
    """Say whether the student's own work is in that file, too."""
    return place in {*layout.answers.values(), *layout.earlier.values()}
