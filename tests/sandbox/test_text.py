"""Cleaning text of a submission."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox.wire import clean


@given(st.text(st.characters()), st.integers(0, 100))
def test_cleaned_text_is_short_printable_and_encodable(text: str, most: int) -> None:
    """Whatever comes in, what goes out is within the limit, encodable, and free of control characters."""
    cleaned = clean(text, most)
    assert len(cleaned) <= most
    cleaned.encode("utf-8")
    assert not any(unicodedata.category(each) == "Cc" for each in cleaned if each not in "\n\t")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a\tb\nc", "a\tb\nc"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("\x1b[2J", "\ufffd[2J"),
        ("\u202eevil", "\ufffdevil"),
        ("na\u00efve \u2192", "na\u00efve \u2192"),
    ],
)
def test_what_is_kept_and_what_is_replaced(text: str, wanted: str) -> None:
    """Tabs, line ends and letters of every script stay; terminal codes and direction marks go."""
    assert clean(text, 100) == wanted
