"""What a page takes of a cell's outputs: harmless markup, as much as can be cleaned, and a note where it is less."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from grader.notebooks.page import PAGE, RICH_OUTPUT, RICH_PAGE, TOO_MUCH, TOO_RICH, Room, cleaned
from tests.notebooks.build import stdout

PIXEL = "iVBORw0KGgo="


def display(**data: str) -> dict[str, object]:
    """Return something displayed."""
    kinds = {key.replace("_", "/"): value for key, value in data.items()}
    return {"output_type": "display_data", "data": kinds, "metadata": {}}


def shown(*outputs: dict[str, object]) -> list[dict[str, object]]:
    """Return what a fresh page shows of outputs."""
    return [dict(each) for each in Room().fitting(outputs, 7)]


def test_markup_is_preferred_and_cleaned():
    """HTML comes first, then Markdown, both without what loads or runs."""
    found = shown(
        display(text_html="<b>x</b><script>y()</script>", text_plain="p"),
        display(text_markdown="*m* <img src=//e.org onerror=z>"),
    )
    assert found[0]["data"] == {"text/html": "<b>x</b>y()"}
    assert "<em>m</em>" in found[1]["data"]["text/html"]
    assert "onerror" not in found[1]["data"]["text/html"]


def test_pictures_get_words():
    """Who does not see a picture is told which cell drew it."""
    (found,) = shown(display(image_png=PIXEL, text_plain="<Figure>"))
    assert found["data"] == {"image/png": PIXEL}
    assert found["metadata"] == {"image/png": {"alt": "Figure drawn by cell 7"}}


@pytest.mark.parametrize("kind", ["text_html", "text_markdown"])
def test_markup_that_is_too_long_is_shown_as_plain_text(kind):
    """Its plain text is there, and a note says why."""
    (found,) = shown(display(**{kind: "<" * (RICH_OUTPUT + 1)}, text_plain="plain"))
    assert found["data"] == {"text/plain": f"{TOO_RICH}plain"}


def test_a_page_has_room_for_so_much_markup():
    """Many outputs that each fit do not all fit."""
    count = RICH_PAGE // RICH_OUTPUT
    found = shown(*[display(text_html="x" * RICH_OUTPUT, text_plain="plain")] * (count + 1))
    assert ["text/html" in each["data"] for each in found] == [True] * count + [False]


def test_a_page_ends_with_a_note():
    """What comes after the last that fits is left out, and a note says so once."""
    found = shown(*[stdout("x" * (PAGE // 2))] * 4)
    assert [len(each["text"]) for each in found] == [PAGE // 2, PAGE // 2, len(TOO_MUCH)]
    assert found[-1]["text"] == TOO_MUCH


def test_formulas_are_shown_as_they_were_written():
    """Without scripts nothing sets LaTeX, so it stands there as text."""
    (found,) = shown(display(text_latex="$x^2$"))
    assert found["data"] == {"text/plain": "$x^2$"}


@given(st.text(alphabet="<>&;\"'=/ abs-!", max_size=200))
def test_whatever_is_cleaned_stays_clean(markup):
    """Cleaning again changes nothing, and no tag is left but those that are allowed."""
    once = cleaned(markup)
    assert cleaned(once) == once
    assert "<script" not in once and "<!--" not in once
