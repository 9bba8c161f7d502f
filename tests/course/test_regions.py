"""Finding answers in sources."""

from __future__ import annotations

import pytest
from hypothesis import given

from grader.course.regions import RULE, RegionError, answers, split_lines
from tests.authoring.strategies import CLOSING, MARK, OPENING, region, sources


def test_one_region() -> None:
    """A region knows its lines, its indentation, its hint and its text."""
    source = "def f(x):\n    out = None\n" + region("out = x + 1\nout *= 2\n", "    ") + "    return out\n"
    (found,) = answers(source, "nndl/f.py")
    assert (found.opening, found.first, found.last, found.closing) == (3, 7, 8, 11)
    assert found.indent == "    "
    assert found.hint == "Say what is wanted."
    assert found.text == "    out = x + 1\n    out *= 2\n"
    assert found.place == "nndl/f.py:7-8"


def test_several_regions_in_order() -> None:
    """Several regions come in the order of the source."""
    assert [each.text for each in answers(region("a = 1\n") + "given = 2\n" + region("b = 3\n"))] == [
        "a = 1\n",
        "b = 3\n",
    ]


def test_empty_region() -> None:
    """Nothing between the banners is an answer of no lines."""
    (found,) = answers(region(""))
    assert (found.text, found.last - found.first + 1) == ("", 0)


def test_hint_of_several_lines() -> None:
    """Every line between the mention and the rule belongs to the hint."""
    source = (
        OPENING.replace("#   Say what is wanted.", "#   Say what.\n#\n#   Hint: how.") + "a = 1\n" + CLOSING
    )
    assert answers(source)[0].hint == "Say what.\n\nHint: how."


def test_no_regions() -> None:
    """A source that only speaks of the banners, in prose, has no answers."""
    assert answers('"""Write between YOUR CODE HERE and END YOUR CODE HERE."""\nx = "YOUR CODE HERE"\n') == ()


def test_windows_line_endings() -> None:
    """A source with Windows line endings has the same regions."""
    source = "x = 0\n" + region("a = 1\n")
    (plain,), (windows,) = answers(source), answers(source.replace("\n", "\r\n"))
    assert (windows.first, windows.last, windows.hint) == (plain.first, plain.last, plain.hint)
    assert windows.text == "a = 1\r\n"


def test_form_feed_is_not_a_line_end() -> None:
    """Lines are counted as Python and editors count them, form feeds or not."""
    assert answers("a = 'x\x0cy'\n" + region("b = 1\n"))[0].first == 6


@pytest.mark.parametrize(
    ("source", "line", "advice"),
    [
        (OPENING + "a = 1\n", 2, "never closed"),
        ("a = 1\n" + CLOSING, 3, "not opened"),
        (OPENING + region("a = 1\n") + CLOSING, 6, "inside the one opened at line 2"),
        (region("a = 1\n") + CLOSING, 10, "not opened"),
        (
            OPENING + "a = 1\n    " + CLOSING.replace("\n#", "\n    #"),
            7,
            "indented like the banner at line 2",
        ),
        ("# YOUR CODE HERE:\na = 1\n" + CLOSING, 1, "not between two lines"),
        (OPENING.replace(RULE + "\n", "", 1) + "a = 1\n" + CLOSING, 1, "not between two lines"),
        (OPENING + "a = 1\n# END YOUR CODE HERE\n", 6, "not between two lines"),
        (OPENING + CLOSING.removeprefix(RULE + "\n"), 5, "shares a line"),
        (OPENING.replace("HERE:", "HERE"), 2, "looks like a banner"),
        (OPENING.replace("# YOUR", "# Your"), 2, "looks like a banner"),
        (OPENING + "a = 1\n" + CLOSING.replace("# END", "#END"), 7, "looks like a banner"),
        ("x = 1\n## YOUR CODE HERE\n", 2, "looks like a banner"),
    ],
    ids=str,
)
def test_mismatch(source: str, line: int, advice: str) -> None:
    """Banners that do not pair up are an error that names file and line and says what is wrong."""
    source = (
        source.replace("YOUR CODE", "YOUR CODE") if "Your" not in source else source.replace("Your", "YOUR  ")
    )
    with pytest.raises(RegionError, match=rf"^part\.py, line {line}: this .*{advice}"):
        answers(source, "part.py")


def test_error_shows_a_region() -> None:
    """An error about a malformed banner shows a right one, which is indeed right."""
    with pytest.raises(RegionError) as caught:
        answers("# YOUR CODE HERE\n")
    example = str(caught.value).partition("looks like this:")[2]
    assert len(answers(example + "\n")) == 1


@given(source=sources)
def test_regions_cover_the_answers(source: str) -> None:
    """Every line of an answer is inside a region, and a region's text is the source's between its lines."""
    found = answers(source)
    lines = split_lines(source)
    for each in found:
        assert "".join(lines[each.first - 1 : each.last]) == each.text
        assert lines[each.opening - 1].strip() == lines[each.closing - 1].strip() == RULE
    inside = {number for each in found for number in range(each.first, each.last + 1)}
    assert not [line for number, line in enumerate(lines, 1) if MARK in line and number not in inside]
