"""Lay open what a released file holds: every text in it, also inside notebooks, archives and encodings."""

from __future__ import annotations

import base64
import binascii
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4}\s?){16,}(?:[A-Za-z0-9+/]{2,3}={0,2})?")
_DEEPEST = 4
"""Archives in archives are opened this deep; a release has one level."""


@dataclass(frozen=True, slots=True)
class Document:
    """One text that a released file holds.

    Attributes
    ----------
    place
        Where in the file: empty for a plain text, else such as ``cell 3, outputs``.
    text
        What a person could read there.
    """

    place: str
    text: str


def documents(content: bytes, depth: int = 0) -> Iterator[Document]:
    """Give every text in `content`, found by what it is and not by what its name says.

    Archives give their members' texts, notebooks those of each cell's source, outputs, metadata and
    attachments. Bytes that are no text are read as Latin-1, so that a comment in a picture is seen. Long
    runs of base64 are given as they are and decoded.
    """
    inner = list(_members(content)) if depth < _DEEPEST else []
    if not inner:
        for document in _plain(as_text(content)):
            yield document
            encoded = _decoded(document.text) if depth < _DEEPEST else ()
            inner += [(_within(document.place, "base64"), each) for each in encoded]
    for place, each in inner:
        for document in documents(each, depth + 1):
            yield Document(_within(place, document.place), document.text)


def as_text(content: bytes) -> str:
    """Return `content` as UTF-8 or, where it is not, as Latin-1, which takes any bytes."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _members(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Give the members of an archive, and its comment; one that is damaged or encrypted is only bytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [(member.filename, archive.read(member)) for member in archive.infolist()]
            yield from [("archive comment", archive.comment), *members] if archive.comment else members
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error):
        return


def _decoded(text: str) -> Iterator[bytes]:
    for match in _BASE64.finditer(text):
        try:
            yield base64.b64decode("".join(match[0].split()))
        except binascii.Error:
            continue


def _plain(text: str) -> Iterator[Document]:
    """Give a text as it is, or each text of a notebook."""
    try:
        notebook = json.loads(text) if text.lstrip().startswith("{") else None
    except ValueError:
        notebook = None
    if notebook is None or not isinstance(notebook.get("cells"), list):
        yield Document("", text)
        return
    fields = [(name, value) for name, value in notebook.items() if name != "cells"]
    for number, cell in enumerate(notebook["cells"], 1):
        named = cell.items() if isinstance(cell, dict) else [("", cell)]
        fields += [(f"cell {number}, {name}", value) for name, value in named]
    yield from (Document(place, text) for place, value in fields for text in _strings(value))


def _strings(value: object) -> Iterator[str]:
    """Give the texts in a JSON value; a list of strings is one text, which is how notebooks store lines."""
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        yield "".join(value)
    elif isinstance(value, list | dict):
        for each in value:
            yield from _strings(each)
            yield from _strings(value[each]) if isinstance(value, dict) else ()
    elif value is not None:
        yield str(value)


def _within(outer: str, inner: str) -> str:
    return ", ".join(filter(None, (outer, inner)))
