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
from typing import Any

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
    members = _members(content) if depth < _DEEPEST else {}
    for name, member in members.items():
        for document in documents(member, depth + 1):
            yield Document(_within(name, document.place), document.text)
    if members:
        return
    text = as_text(content)
    notebook = _notebook(text)
    plain = [Document("", text)] if notebook is None else _cells(notebook)
    for document in plain:
        yield document
        yield from _encoded(document, depth)


def _members(content: bytes) -> dict[str, bytes]:
    """Return the members of an archive, and its comment; nothing when `content` is no archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            comment = {"archive comment": archive.comment} if archive.comment else {}
            return comment | {member.filename: archive.read(member) for member in archive.infolist()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error):
        # Damaged or encrypted: it is scanned as the bytes that it is.
        return {}


def _encoded(document: Document, depth: int) -> Iterator[Document]:
    """Give what the base64 in a text stands for."""
    if depth >= _DEEPEST:
        return
    for match in _BASE64.finditer(document.text):
        try:
            content = base64.b64decode("".join(match[0].split()))
        except binascii.Error:
            continue
        for inner in documents(content, depth + 1):
            yield Document(_within(document.place, f"base64 {inner.place}".strip()), inner.text)


def as_text(content: bytes) -> str:
    """Return `content` as UTF-8 or, where it is not, as Latin-1, which takes any bytes."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _notebook(text: str) -> dict[str, Any] | None:
    if not text.lstrip().startswith("{"):
        return None
    try:
        document = json.loads(text)
    except ValueError:
        return None
    return document if isinstance(document.get("cells"), list) else None


def _cells(notebook: dict[str, Any]) -> Iterator[Document]:
    for number, cell in enumerate(notebook["cells"], 1):
        fields = cell.items() if isinstance(cell, dict) else [("", cell)]
        for name, value in fields:
            for text in _strings(value):
                yield Document(f"cell {number}, {name}", text)
    for name, value in notebook.items():
        if name != "cells":
            for text in _strings(value):
                yield Document(name, text)


def _strings(value: object) -> Iterator[str]:
    """Give the texts in a JSON value; a list of strings is one text, which is how notebooks store lines."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        yield "".join(value)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from _strings(each)
    elif value is not None:
        yield str(value)


def _within(outer: str, inner: str) -> str:
    return ", ".join(filter(None, (outer, inner)))
