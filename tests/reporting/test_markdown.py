"""A result as text for a pull request: short, and nothing in it acts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given, strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from grader.reporting.markdown import LONGEST, code, result_text, span, words
from grader.reporting.text import clean, clean_submission, for_student
from grader.results import Outcome
from tests.reporting.samples import STAFF_ONLY, cnn, one_of_each, sample_class

ACTS = "@everyone #1 /close [x](y) <b> `` ``` ~~~ https://example.edu www.example.edu ![a](b) | * _ \\"
PIECES = (*"@#/`~<>[]()!*_|\\\n\t :.-=+1ab\u202e", "```", "http://a", "www.a.bc")
texts = st.lists(st.sampled_from(PIECES), max_size=60).map("".join) | st.just(ACTS)


def tokens(text: str) -> Iterator[Token]:
    """Yield what Markdown makes of a text, to the innermost."""
    for each in MarkdownIt("commonmark").enable("table").parse(text):
        yield from each.children or [each]


@given(texts)
def test_what_may_quote_a_submission_is_code_alone(text: str) -> None:
    """Whatever stands in it, neither a block nor a line of it becomes anything else."""
    assert {each.type for each in tokens(code(clean(text)))} == {"fence"}
    assert {each.type for each in tokens(f"a {span(text)} b")} == {
        "paragraph_open",
        "text",
        "code_inline",
        "paragraph_close",
    }


@given(texts)
def test_words_of_the_course_read_as_they_were_written(text: str) -> None:
    """Without markup; what could be a reference is code."""
    said = list(tokens(f"a {words(text)} b"))
    assert {each.type for each in said} <= {
        "paragraph_open",
        "text",
        "text_special",
        "code_inline",
        "paragraph_close",
    }
    plain = "".join(each.content for each in said if each.type != "code_inline")
    assert "@" not in plain
    assert "#" not in plain
    assert "://" not in plain


def test_a_result_is_short_and_tells_what_a_student_may_read() -> None:
    """Of every sample, hostile ones too: what is for staff is not in it, and it never grows beyond what is read."""
    assignment = cnn()
    for submission in sample_class().submissions:
        told = result_text(for_student(clean_submission(submission)), assignment)
        assert len(told) <= LONGEST + 100
        assert STAFF_ONLY not in told
        made = list(tokens(told))
        assert not {each.type for each in made} & {"html_inline", "html_block", "link_open", "image"}
        assert "evil.example" not in "".join(each.content for each in made if each.type.startswith("text"))
    many = one_of_each(assignment)
    failed = (replace(c, outcome=Outcome.FAILED, message=f"{c.id} " * 400) for c in many.checks)
    many = replace(many, checks=tuple(failed))
    assert result_text(for_student(many), assignment).endswith("There is more: see the page.*\n")
