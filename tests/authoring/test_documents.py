"""Laying open what released files hold."""

from __future__ import annotations

import base64
import io
import zipfile

import pytest
from hypothesis import given, strategies as st

from grader.authoring.leak import documents
from tests.authoring.strategies import code_cell, markdown_cell, notebook

LONG = "a text that is long enough to be worth encoding, at sixty-four characters or more"


def places(content: bytes) -> dict[str, str]:
    """Return the text at each place."""
    return {document.place: document.text for document in documents(content)}


def zipped(**members: bytes) -> bytes:
    """Return a compressed archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = b"a comment"
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_text() -> None:
    """A text is one document without a place of its own."""
    assert places("é = 1\n".encode()) == {"": "é = 1\n"}


def test_bytes_that_are_no_text() -> None:
    """A comment in a picture can be read."""
    assert "made by hand" in places(b"\xff\xd8\xfe made by hand \xff\xd9")[""]


def test_notebook() -> None:
    """A notebook gives its cells' sources, outputs, metadata and attachments, each with its cell's number."""
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": ["one\n", "two\n"]},
        {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["line"]},
        {
            "output_type": "execute_result",
            "data": {"text/html": "<b>x</b>"},
            "metadata": {"deep": [{"er": 1}]},
        },
    ]
    found = list(
        documents(
            notebook(
                code_cell(["a = 1\n", "b = 2"], outputs=outputs),
                markdown_cell("Text", attachments={"a.txt": {"text/plain": "attached"}}),
                metadata={"title": "Named"},
            )
        )
    )
    at = {(document.place, document.text) for document in found}
    assert {
        ("cell 1, source", "a = 1\nb = 2"),
        ("cell 1, outputs", "one\ntwo\n"),
        ("cell 1, outputs", "line"),
        ("cell 1, outputs", "<b>x</b>"),
        ("cell 1, outputs", "er"),
        ("cell 2, attachments", "attached"),
        ("cell 2, attachments", "a.txt"),
        ("metadata", "Named"),
    } <= at


def test_archive_in_archive() -> None:
    """Members of archives are opened, as deep as a release goes, and so is the archive's comment."""
    found = places(zipped(**{"a.txt": b"outer", "b.zip": zipped(c=b"inner")}))
    assert (found["a.txt"], found["b.zip, c"], found["archive comment"]) == ("outer", "inner", "a comment")


def test_notebook_in_archive() -> None:
    """A notebook in an archive is still a notebook."""
    assert "Text" in places(zipped(**{"A.ipynb": notebook(markdown_cell("Text"))}))["A.ipynb, cell 1, source"]


def test_base64() -> None:
    """Long base64 is decoded wherever it stands, broken into lines or not."""
    plain, lines = base64.b64encode(LONG.encode()), base64.encodebytes(LONG.encode())
    assert places(b"picture = " + plain)["base64"] == LONG
    assert places(b"picture =\n" + lines)["base64"] == LONG
    attached = markdown_cell("", attachments={"a.txt": {"text/plain": plain.decode()}})
    assert places(notebook(attached))["cell 1, attachments, base64"] == LONG


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"cells": 3}', b"[]", b"PK\x03\x04 not quite", b'{"a": [1, null]}']
)
def test_what_it_is_not(content: bytes) -> None:
    """What only begins like a notebook or an archive is a text."""
    assert places(content) == {"": content.decode()}


def test_damaged_archive() -> None:
    """A damaged archive is read as the bytes that it is."""
    content = bytearray(zipped(a=b"x" * 500))
    content[35:39] = b"\0\0\0\0"
    assert list(places(bytes(content))) == [""]


@given(content=st.binary(max_size=200))
def test_any_bytes(content: bytes) -> None:
    """Any bytes give at least one document."""
    assert list(documents(content))
