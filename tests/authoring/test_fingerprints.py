"""Comparing code by its tokens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.authoring.fingerprints import GRAM, Key, code_tokens, comment_tokens, grams


def words(text: str) -> list[str]:
    """Return the texts of the code tokens."""
    return [token.text for token in code_tokens(text)]


def canonical(text: str) -> Key:
    """Return the key of a whole text."""
    tokens = code_tokens(text)
    (gram,) = grams(tokens, len(tokens))
    return gram.key


@pytest.mark.parametrize(
    "copy",
    [
        "out[i]=np.sum( x*w[ f ] )+b[f]",
        "out[i] = np.sum(\n    x * w[f],  # products\n) + b[f]",
        "total[k] = xp.sum(patch * filters[n]) + bias[n]",
        "'''out[i] = np.sum(x * w[f]) + b[f]'''",
        "`out[i] = np.sum(x * w[f]) + b[f]`",
        '"out[i] = \\nnp.sum(x * w[f])\\t + b[f]"',
        "out[i] = \\\n    np.sum(x * w[f]) + b[f];",
    ],
)
def test_equal_but_for_layout_and_names(copy: str) -> None:
    """Layout, comments, quotes and the choice of names make no difference."""
    original = "out[i] = np.sum(x * w[f]) + b[f]"
    assert canonical(copy) == canonical(original)


@pytest.mark.parametrize(
    "other",
    [
        "out[i] = np.max(x * w[f]) + b[f]",
        "out[i] = np.sum(x * w[i]) + b[f]",
        "out[i] = np.sum(x - w[f]) + b[f]",
        "out[i] += np.sum(x * w[f]) + b[f]",
        "out[0] = np.sum(x * w[f]) + b[f]",
    ],
)
def test_other_code_differs(other: str) -> None:
    """Another attribute, operator, number or another pattern of names is other code."""
    original = "out[i] = np.sum(x * w[f]) + b[f]"
    assert canonical(other) != canonical(original)


def test_tokens_know_their_lines() -> None:
    """A token's line is that of the text, also after comments, strings of several lines and escapes."""
    tokens = code_tokens('a = """x\ny"""  # z\n\nb = "\\n" + c\n')
    assert [(token.text, token.line) for token in tokens if token.free] == [
        ("a", 1),
        ("x", 1),
        ("y", 2),
        ("b", 4),
        ("c", 4),
    ]


def test_comments_are_left_out() -> None:
    """A comment is no code, a number sign in a string is no comment."""
    assert words("a = '#1'  # b = 2\n") == ["a", "=", "1"]


def test_comment_tokens() -> None:
    """The code inside comments is found with its lines, without the comments' own comments."""
    tokens = comment_tokens("a = 1\n# b = 2  # two\nc = 3  # d\n")
    assert [(token.text, token.line) for token in tokens] == [("b", 2), ("=", 2), ("2", 2), ("d", 3)]


def test_prose_is_no_obstacle() -> None:
    """An apostrophe in prose does not hide the code after it."""
    assert words("Don't forget:\nout = x\n")[-3:] == ["out", "=", "x"]


def test_numbers_keep_their_form() -> None:
    """A number with point and exponent is one token."""
    assert words("0.5 1e-3 .25 2.5E+10 0xFF 1_000") == ["0.5", "1e-3", ".25", "2.5E+10", "0xFF", "1_000"]


def test_grams() -> None:
    """There is a gram from every token that has enough behind it, with its line."""
    tokens = code_tokens("\n".join(f"a{number}" for number in range(GRAM + 2)))
    assert [gram.line for gram in grams(tokens)] == [1, 2, 3]
    assert list(grams(tokens, GRAM + 3)) == []


@given(words=st.lists(st.sampled_from(["a", "b", "c", "(", "1"]), max_size=30), size=st.integers(1, 8))
def test_a_gram_knows_only_its_own_tokens(words: list[str], size: int) -> None:
    """A gram's key is that of its tokens alone, whatever comes before and after them."""
    tokens = code_tokens(" ".join(words))
    runs = [tokens[start : start + size] for start in range(len(tokens) - size + 1)]
    assert [gram.key for gram in grams(tokens, size)] == [next(grams(run, size)).key for run in runs]


@given(text=st.text(alphabet=st.sampled_from("ab1.\"'#\\\n (),=")))
def test_any_text_has_tokens(text: str) -> None:
    """Any text can be read, however broken its strings, and lines stay within it."""
    lines = text.count("\n") + 1
    assert all(1 <= token.line <= lines for token in [*code_tokens(text), *comment_tokens(text)])


@given(names=st.lists(st.sampled_from("abcdef"), min_size=4, max_size=4, unique=True))
def test_renaming_one_to_one_changes_nothing(names: list[str]) -> None:
    """Any other choice of distinct names gives the same canonical form."""
    w, x, y, z = names
    code = f"for {w} in {x}:\n    {y}[{w}] = {z}({x}[{w}])\n"
    assert canonical(code) == canonical("for i in s:\n    t[i] = f(s[i])\n")
