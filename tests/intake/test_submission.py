"""A submission in memory."""

from __future__ import annotations

from hypothesis import given, strategies as st

from grader.intake.contents import contents_of
from grader.intake.names import content_hash

FILES = st.dictionaries(st.text(max_size=5), st.binary(max_size=5), max_size=3)


def test_a_submission_can_be_made_of_files_in_memory() -> None:
    """Text is encoded, bytes stay, and the paths come sorted."""
    submission = contents_of("variant", {"nndl/b.py": "ä = 1\n", "nndl/a.py": b"\xef\xbb\xbfx = 1"})
    assert list(submission.files.items()) == [
        ("nndl/a.py", b"\xef\xbb\xbfx = 1"),
        ("nndl/b.py", "ä = 1\n".encode()),
    ]


@given(FILES, FILES)
def test_only_the_same_files_share_a_hash(one: dict[str, bytes], other: dict[str, bytes]) -> None:
    """The hash depends on every path and byte, and not on their order or on where one ends."""
    assert (content_hash(one) == content_hash(other)) == (one == other)
    assert content_hash(dict(reversed(one.items()))) == content_hash(one)


def test_bytes_moved_between_files_change_the_hash() -> None:
    """Joining the contents is not enough to collide."""
    assert content_hash({"a": b"xy", "b": b""}) != content_hash({"a": b"x", "b": b"y"})
