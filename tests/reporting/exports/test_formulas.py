"""Formulas in spreadsheets lose their effect, and no text is lost by it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.reporting.exports.formulas import is_formula_sign, neutralised, restored

texts = st.text() | st.text("=+-@;'\" \t\n\uff1da1", max_size=12)


@given(texts)
def test_every_text_comes_back(text: str) -> None:
    """What was neutralised is restored to the letter, whatever it was."""
    assert restored(neutralised(text)) == text


@given(texts.filter(lambda text: text != "-"))
def test_no_cell_begins_with_a_formula_sign(text: str) -> None:
    """A neutralised cell begins with a formula's sign only where it is a number."""
    cell = neutralised(text)
    bare = cell.strip()
    assert (
        not bare
        or not is_formula_sign(bare[0])
        or bare.lstrip("+-").replace(",", ".").replace(".", "").isdigit()
    )


@pytest.mark.parametrize("text", ["12", "-3.5", "+1,5", "-", "Ada", "", "(read only)", "O'Neil; Ada"])
def test_numbers_and_plain_text_stay_what_they_are(text: str) -> None:
    """Nothing is put in front of what no spreadsheet runs."""
    assert neutralised(text) == text
