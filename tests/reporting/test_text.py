"""Cleaning and shortening text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, strategies as st

from grader.reporting.text import clean, clip, counted, duration_words, listed, number, one_line

from .samples import HOSTILE
from .strategies import anything


@given(anything)
def test_clean_text_is_safe_everywhere(text: str) -> None:
    """Cleaned text encodes as UTF-8 and holds no control character but tab and line feed, and no override."""
    cleaned = clean(text)
    cleaned.encode("utf-8")
    categories = {unicodedata.category(each) for each in cleaned if each not in "\t\n"}
    assert not categories & {"Cc", "Cs"}
    assert not set(cleaned) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


@given(anything)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    """Cleaning is idempotent, also where removing one terminal code brings two halves of another together."""
    assert clean(clean(text)) == clean(text)


@given(st.text(st.characters(categories=["L", "N", "P", "S", "M", "Zs"])))
def test_ordinary_text_is_kept(text: str) -> None:
    """Letters of every script, digits, punctuation and symbols pass unchanged."""
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HOSTILE["terminal"], "red link "),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("\x1b]0;never closed", "0;never closed"),
        ("\x1b\x1b[0m[31m", "\ufffd[31m"),
        ("\ud800\x00\x07", "\ufffd"),
    ],
)
def test_clean_removes_terminal_codes_whole(text: str, expected: str) -> None:
    """Terminal codes go with their arguments, line breaks become one kind, a run of the rest one mark."""
    assert clean(text) == expected


def test_clip_says_what_is_missing() -> None:
    """A cut text says how many characters are gone, and a short one is left alone."""
    assert clip("x" * 3000, 2000) == "x" * 2000 + " … [1,000 more characters]"
    assert clip("short", 5) == "short"


@given(anything, st.integers(2, 20))
def test_one_line_is_one_short_line(text: str, limit: int) -> None:
    """A line for a table has no line break or tab, keeps its limit, and does not change a second time."""
    line = one_line(text, limit)
    assert len(line) <= limit
    assert len(line.splitlines()) <= 1
    assert "\t" not in line
    assert one_line(line, limit) == line


@pytest.mark.parametrize(
    ("value", "words"), [(8.0, "8"), (2.5, "2.5"), (8 / 3, "2.67"), (0.001, "0"), (-0.0, "0")]
)
def test_numbers_are_short(value: float, words: str) -> None:
    """Points show at most two decimals and no trailing zeros."""
    assert number(value) == words


def test_counts_agree_with_their_noun() -> None:
    """A count of one takes the singular, and long lists say how many they leave out."""
    assert (counted(1, "check"), counted(2, "check")) == ("1 check", "2 checks")
    assert listed(["a", "b", "c", "d"], 3) == "a, b, c and 1 more"
    assert listed(["a", "b"], 3) == "a, b"


def test_times_are_said_in_two_units() -> None:
    """Nobody reads 3,700 seconds."""
    assert [*map(duration_words, (9.6, 75, 3700))] == ["10 s", "1 min 15 s", "1 h 01 min"]
