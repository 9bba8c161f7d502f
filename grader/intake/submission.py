"""A submission: what was read of it, what everything after intake knows of it, and the frame that brings it there.

Contents cross once each, however many files have them. What a frame says is checked before it is used: it comes
from a process that has parsed a stranger's bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from grader.course.limits import MEBIBYTE
from grader.intake.names import UnsafeName, content_hash, safe_path
from grader.intake.notebooks import Cell, Notebook, Stored
from grader.results import Flag
from grader.sandbox.box.codec import PREFIX, Bounds, Buffer, Encoder, Malformed, build, parse_prefix

FULL, NAIVE, CARRIED = ROOTS = ("full", "naive", "carried")
"""The folders of a stage: the submission with the release around it, the same with stand-ins for the fast layers, and
on the release's earlier work."""

SUBMISSION, REFUSAL = 0, 1
"""What a frame's number says that it holds."""

_PAIR: Final = 2
_CELL: Final = [str, str, list, bool, bool, bool, bool]
"""What a frame says of a cell, beside its texts."""


BOUNDS: Final = Bounds(header_bytes=4 * MEBIBYTE, reply_bytes=640 * MEBIBYTE, arrays=16_384, depth=8)
"""How large the frame of a submission may be."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The files that one student handed in, after everything that does not count was left out.

    Attributes
    ----------
    id
        Unique in the class, safe in file names and tables.
    sha256
        Of the sorted paths and bytes in `files`: the same work has the same hash, whatever it was packed in.
    files
        Path, relative and with forward slashes, to bytes exactly as handed in.
    flags
        What was left out, renamed or guessed.
    notebooks
        Path to notebook, once they have been read; see `with_notebook_answers`.
    """

    id: str
    sha256: str
    files: Mapping[str, bytes]
    flags: tuple[Flag, ...] = ()
    notebooks: Mapping[str, Notebook] = field(default_factory=dict)


def contents_of(id: str, files: Mapping[str, bytes | str]) -> Contents:
    """Return `files` as if they had been handed in, such as a solution with one function replaced.

    Parameters
    ----------
    files
        Path to content; text is encoded as UTF-8. Nothing is left out: pass what `read_contents` keeps.
    """
    encoded = {path: each.encode() if isinstance(each, str) else each for path, each in sorted(files.items())}
    return Contents(id, content_hash(encoded), encoded)


_NONE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Submission:
    """What one student handed in, read, understood and laid out for grading.

    Attributes
    ----------
    id
        Unique in the class, safe in file names and tables.
    sha256
        Of the sorted paths and bytes of `files`: the same work has the same hash, whatever it was packed in.
    files
        Path, relative and with forward slashes, to bytes exactly as handed in.
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
        The trained weights, unread; None when none were handed in.
    flags
        What staff should see of this content, wherever it was found.
    arrival_flags
        What staff should see of how it came: what was left out or not opened. The same content may arrive otherwise.
    answers
        Symbol to the text of its answer with the helpers it uses, if the reader was asked for answers.
    answers_complete
        Whether `answers` holds all that was written.
    """

    id: str
    sha256: str
    files: Mapping[str, bytes]
    layout: str
    modules: Mapping[str, str]
    sources: Mapping[str, str]
    roots: Mapping[str, Mapping[str, bytes]]
    extensions: tuple[str, ...] = ()
    notebooks: Mapping[str, Notebook] = field(default_factory=lambda: _NONE)
    weights: bytes | None = None
    flags: tuple[Flag, ...] = ()
    arrival_flags: tuple[Flag, ...] = ()
    answers: Mapping[str, str] = field(default_factory=lambda: _NONE)
    answers_complete: bool = True

    @property
    def size(self) -> int:
        """Bytes of all files that were kept."""
        return sum(map(len, self.files.values()))


class _Shelf:
    """Contents on their way into a frame, each once."""

    def __init__(self) -> None:
        self.contents: list[bytes] = []
        self._places: dict[bytes, int] = {}

    def place(self, content: bytes) -> int:
        if content not in self._places:
            self._places[content] = len(self.contents)
            self.contents.append(content)
        return self._places[content]

    def notebook(self, notebook: Notebook) -> dict[str, object]:
        texts = [text for cell in notebook.cells for text in (cell.source, cell.stored.text)]
        return {
            "complaints": list(notebook.complaints),
            "lost": notebook.lost,
            "text": self.place("".join(texts).encode()),
            "lengths": list(map(len, texts)),
            "cells": [
                [
                    cell.kind,
                    cell.id,
                    list(cell.tags),
                    cell.ran,
                    cell.whole,
                    cell.stored.there,
                    cell.stored.failed,
                ]
                for cell in notebook.cells
            ],
        }

    def listed(self, files: Mapping[str, bytes]) -> list[list[object]]:
        return [[path, self.place(content)] for path, content in files.items()]


def encode_submission(submission: Submission) -> list[Buffer]:
    """Return the frame of a submission, as buffers to be sent one after the other.

    Raises
    ------
    Unsendable
        It is larger than `BOUNDS`.
    """
    shelf = _Shelf()
    body = {
        "sha256": submission.sha256,
        "files": shelf.listed(submission.files),
        "layout": submission.layout,
        "modules": _pairs(submission.modules),
        "sources": _pairs(submission.sources),
        "roots": [[name, shelf.listed(files)] for name, files in submission.roots.items()],
        "extensions": list(submission.extensions),
        "notebooks": [[name, shelf.notebook(each)] for name, each in submission.notebooks.items()],
        "weights": None if submission.weights is None else shelf.place(submission.weights),
        "flags": _flags(submission.flags),
        "arrival_flags": _flags(submission.arrival_flags),
        "answers": _pairs(submission.answers),
        "answers_complete": submission.answers_complete,
        "contents": [np.frombuffer(each, np.uint8) for each in shelf.contents],
    }
    return Encoder(BOUNDS).frame(SUBMISSION, body)


def encode_refusal(reason: str) -> list[Buffer]:
    """Return the frame that says why there is no submission."""
    return Encoder(BOUNDS).frame(REFUSAL, reason)


def decode_submission(frame: bytes, id: str) -> Submission:
    """Return the submission in a frame of the reader's, under the name `id`.

    Raises
    ------
    Malformed
        The frame does not keep the format, or names a file that could be written outside its folder.
    """
    body = decode_body(frame)
    if type(body) is not dict:
        raise Malformed("a submission that is no dict")
    contents = [_Checked(each).of(np.ndarray).tobytes() for each in _Checked(body.get("contents")).of(list)]
    told = _Told(body, contents)
    weights = body.get("weights")
    return Submission(
        id=id,
        sha256=told.text("sha256"),
        files=told.files("files"),
        layout=told.text("layout"),
        modules=told.mapping("modules"),
        sources=told.mapping("sources"),
        roots={name: _Told({"": files}, contents).files("") for name, files in told.pairs("roots")},
        extensions=tuple(_plain(_Checked(each).of(str)) for each in told.listed("extensions")),
        notebooks={
            name: _Told(_Checked(each).of(dict), contents).notebook()
            for name, each in told.pairs("notebooks")
        },
        weights=None if weights is None else told.content(weights),
        flags=told.flags("flags"),
        arrival_flags=told.flags("arrival_flags"),
        answers=told.mapping("answers"),
        answers_complete=body.get("answers_complete") is True,
    )


def decode_body(frame: bytes) -> Any:
    """Return what a frame holds; its arrays are views of it."""
    _number, header, payload = parse_prefix(frame, BOUNDS)
    start = PREFIX.size + header
    if len(frame) != start + payload:
        raise Malformed(f"{len(frame)} bytes, where the frame has {start + payload}")
    return build(frame[PREFIX.size : start], np.frombuffer(frame, np.uint8, offset=start), BOUNDS)


def _pairs(mapping: Mapping[str, str]) -> list[list[str]]:
    return [[key, value] for key, value in mapping.items()]


def _flags(flags: Iterable[Flag]) -> list[list[str]]:
    return [[flag.kind, flag.message] for flag in flags]


@dataclass(frozen=True, slots=True)
class _Checked:
    """A value of a frame, whose type has yet to be looked at."""

    value: Any

    def of(self, kind: type) -> Any:
        if type(self.value) is not kind:
            raise Malformed(f"a {type(self.value).__name__} where a {kind.__name__} belongs")
        return self.value


@dataclass(frozen=True, slots=True)
class _Told:
    """What a frame says of a submission, each field checked as it is taken."""

    body: Mapping[str, Any]
    contents: list[bytes]

    def listed(self, name: str) -> list[Any]:
        return list(_Checked(self.body.get(name)).of(list))

    def text(self, name: str) -> str:
        return str(_Checked(self.body.get(name)).of(str))

    def pairs(self, name: str) -> list[tuple[str, Any]]:
        pairs = [_Checked(each).of(list) for each in self.listed(name)]
        if any(len(each) != _PAIR for each in pairs):
            raise Malformed("something else where a pair belongs")
        return [(_Checked(key).of(str), value) for key, value in pairs]

    def mapping(self, name: str) -> dict[str, str]:
        return {key: _Checked(value).of(str) for key, value in self.pairs(name)}

    def flags(self, name: str) -> tuple[Flag, ...]:
        return tuple(Flag(kind, _Checked(message).of(str)) for kind, message in self.pairs(name))

    def files(self, name: str) -> dict[str, bytes]:
        return {_plain(path): self.content(place) for path, place in self.pairs(name)}

    def notebook(self) -> Notebook:
        """Return the notebook that the body is, its texts cut from the one content that holds them all."""
        cells, lengths = self.listed("cells"), self.listed("lengths")
        if len(lengths) != 2 * len(cells) or not all(type(each) is int and each >= 0 for each in lengths):
            raise Malformed("a notebook without all its texts")
        try:
            text = io.StringIO(self.content(self.body.get("text")).decode(), newline="")
        except UnicodeDecodeError:
            raise Malformed("a notebook that is no text") from None
        texts = list(map(text.read, lengths))
        return Notebook(
            cells=tuple(map(_cell, cells, texts[::2], texts[1::2])),
            complaints=tuple(_Checked(each).of(str) for each in self.listed("complaints")),
            lost=self.body.get("lost") is True,
        )

    def content(self, place: Any) -> bytes:
        if type(place) is not int or not 0 <= place < len(self.contents):
            raise Malformed("a file without content")
        return self.contents[place]


def _cell(told: Any, source: str, stored: str) -> Cell:
    if type(told) is not list or list(map(type, told)) != _CELL:
        raise Malformed("something else where a cell belongs")
    kind, id, tags, ran, whole, there, failed = told
    tags = tuple(_Checked(each).of(str) for each in tags)
    return Cell(kind, source, id, tags, Stored(stored, there, failed), ran, whole)


def _plain(path: str) -> str:
    """Return `path` if it stays below the folder it is written in."""
    try:
        safe = safe_path(path)
    except UnsafeName:
        safe = ""
    if not safe or safe != path:
        raise Malformed("a path that leaves its folder")
    return path
