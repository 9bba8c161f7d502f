"""A submission: what everything after intake knows of it, and how it comes from the process that read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from types import MappingProxyType
from typing import Any

from grader.intake.frames import frame_of, read_frame
from grader.intake.given_code import Copied
from grader.intake.names import UnsafeName, safe_path
from grader.intake.notebooks import Notebook
from grader.intake.weights import Weights
from grader.results import CodeText, Flag
from grader.sandbox.box.codec import Buffer, Malformed

FULL, NAIVE, CARRIED = ROOTS = ("full", "naive", "carried")
"""The folders of a stage: the submission with the release around it, the same with stand-ins for the fast layers, and
on the release's earlier work."""

SUBMISSION, REFUSAL = 0, 1
"""What a frame's number says that it holds."""


_NONE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Submission:
    """What one student handed in, read, understood and laid out for grading.

    Attributes
    ----------
    id
        Unique in the class, safe in file names and tables.
    sha256
        Of the sorted paths and bytes of all files: the same work has the same hash, whatever it was packed in.
    size
        Bytes of all files that were kept.
    layout
        Name of the layout it keeps to.
    modules
        Symbol to the module that defines it, the same in all roots. A symbol that the submission lacks is absent.
    sources
        Symbol to the file it was found in, as the student named it.
    roots
        Each of `ROOTS`: path to content, compiled modules included.
    extensions
        Packages, as paths in the roots, beside which the release's compiled extensions belong.
    notebooks
        Released name to what could be read of the submitted notebook; a missing one is absent.
    weights
        The trained weights; None when none were handed in.
    flags
        What staff should see of this content, wherever it was found.
    arrival_flags
        What staff should see of how it came: what was left out or not opened. The same content may arrive otherwise.
    copied
        Given code that stands in answers which have to do without it.
    answers
        Symbol to the text of its answer with the helpers it uses, if the reader was asked for answers.
    answers_complete
        Whether `answers` holds all that was written.
    renamed
        Symbol to the release's names of keys and arguments for which it uses those of its layout.
    unread
        Symbols of which something was seen that could not be counted, and what and why in a sentence.
    code
        What was written, for people to read, if the reader was asked for it.
    """

    id: str
    sha256: str
    size: int
    layout: str
    modules: Mapping[str, str]
    sources: Mapping[str, str]
    roots: Mapping[str, Mapping[str, bytes]]
    extensions: tuple[str, ...] = ()
    notebooks: Mapping[str, Notebook] = field(default_factory=lambda: _NONE)
    weights: Weights | None = None
    flags: tuple[Flag, ...] = ()
    arrival_flags: tuple[Flag, ...] = ()
    copied: tuple[Copied, ...] = ()
    answers: Mapping[str, str] = field(default_factory=lambda: _NONE)
    answers_complete: bool = True
    renamed: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NONE)
    unread: Mapping[str, str] = field(default_factory=lambda: _NONE)
    code: tuple[CodeText, ...] = ()


def encode_submission(submission: Submission) -> list[Buffer]:
    """Return the frame of a submission, as buffers to be sent one after the other.

    Raises
    ------
    Unsendable
        It is larger than a frame may be.
    """
    return frame_of(submission, SUBMISSION)


def decode_submission(frame: bytes, id: str) -> Submission:
    """Return the submission in a frame of the reader's, under the name `id`.

    Raises
    ------
    Malformed
        The frame does not keep the format, or names a file that could be written outside its folder.
    """
    submission = read_frame(frame, Submission)
    if not all(map(_stays_inside, chain(submission.extensions, *submission.roots.values()))):
        raise Malformed("a path that leaves its folder")
    return replace(submission, id=id)


def _stays_inside(path: str) -> bool:
    try:
        return bool(path) and safe_path(path) == path
    except UnsafeName:
        return False
