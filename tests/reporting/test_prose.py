"""What people write in Markdown is set, and does nothing: no link, picture, raw HTML or style comes of it."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given

from grader.reporting.prose import LONGEST_PROSE, prose

from .pagecheck import parse
from .strategies import anything

TAGS = "p em strong code pre ul ol li blockquote hr br table thead tbody tr th td body"
MARKUP = frozenset(TAGS.split())  # twenty quoted words are no easier to read


@given(anything)
@example("[x](javascript:alert(1)) ![x](http://evil.example/x.png) <http://evil.example>")
@example("[x][y]\n\n[y]: http://evil.example")
@example('<img src=x onerror=alert(1)>\n\n<script>alert(1)</script>\n\n```" onload=x\n</pre>\n```')
@example("a | b\n:-: | --:\n1 | 2\n\n3. three\n\n# $x$\n\n&lt;b&gt;")
def test_nothing_but_harmless_markup_comes_of_any_text(text: str) -> None:
    """Tags are those of paragraphs, lists, code and tables, and none has an attribute but the start of a list."""
    for formulas in (False, True):
        html = f"<!DOCTYPE html>\n<body>{prose(text, formulas=formulas)}</body>"
        for each in parse(html).elements:
            maths = each.tag.startswith("m") and formulas
            assert each.tag in MARKUP or maths, each
            assert not each.attributes.keys() - ({"display"} if maths else {"start"}), each


def test_markdown_and_the_formulas_of_staff_are_set() -> None:
    """Emphasis, lists and code look like it, formulas are MathML, and prices are no formulas."""
    text = "**Why?** `np.sum` costs $5 and $6, but $x_1$:\n\n- $$\\frac{a}{b}$$"
    made = prose(text, formulas=True)
    assert "<strong>Why?</strong> <code>np.sum</code> costs $5 and $6" in made
    assert '<math display="inline">' in made
    assert "<mfrac>" in made
    assert "<math" not in prose(text)
    assert "<code>$x_1$</code>" in prose(text)


@pytest.mark.parametrize(
    "text",
    ["[" * 20_000, "*a " * 7000, "_a__b" * 4000, "`a``b" * 4000, "> " * 10_000, "$$a" * 7000, "a\n=" * 6000],
    ids=lambda text: text[:5],
)
def test_no_text_takes_long(text: str) -> None:
    """Whatever is repeated until there is no more room, a text is set in well under two seconds, or cut."""
    began = time.process_time()
    prose(text + "x" * LONGEST_PROSE, formulas=True)
    assert time.process_time() - began < 2
