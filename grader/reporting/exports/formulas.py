"""Take the effect from text that a spreadsheet would run, and give it back unchanged.

`grader.reporting.csv_report.text_cell` is for tables that people read: it also shortens. A gradebook goes back to
the platform it came from, so here nothing is lost: `restored` undoes `neutralised` for every text.
"""

from __future__ import annotations

import re
import unicodedata

_SIGNS = ("=", "+", "-", "@")
_BEFORE = re.compile(r"(^|;)(?=[\s\"']*(.))", re.DOTALL)
_NEUTRALISED = re.compile(r"(^|;)'(?=[\s\"']*(.))", re.DOTALL)
_NUMBER = re.compile(r"^[+-]?\d*[.,]?\d+$")


def neutralised(text: str) -> str:
    """Return `text` with an apostrophe wherever a spreadsheet might see a formula begin.

    That is at its start and, where cells are separated by semicolons, behind one. A number and a lone dash stay
    what they are.
    """
    if text == "-" or _NUMBER.match(text):
        return text
    return _BEFORE.sub(lambda match: f"{match[1]}'" if is_formula_sign(match[2]) else match[1], text)


def restored(text: str) -> str:
    """Return the text that `neutralised` was given."""
    return _NEUTRALISED.sub(lambda match: match[1] if is_formula_sign(match[2]) else match[0], text)


def is_formula_sign(character: str) -> bool:
    """Say whether spreadsheets begin a formula with `character`, its full-width forms included."""
    return unicodedata.normalize("NFKC", character).startswith(_SIGNS)
