"""A student's code stands on the pages with numbered lines, and what is said of a line stands at that line."""

from __future__ import annotations

import html as markup
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from grader.reporting.code_view import LONGEST_LINE, MOST_SHOWN, code_files, code_html, coloured
from grader.reporting.prose import prose
from grader.reporting.submission_page import render_staff, render_student
from grader.results import (
    AnswerLines,
    CheckResult,
    CodePlace,
    CodeText,
    Comment,
    Flag,
    Outcome,
    SubmissionReport,
)

from .pagecheck import parse
from .samples import STAFF_ONLY, check, cnn, submission

TEXT = "import numpy as np\n\n\ndef conv_forward_naive(x):\n    return x[0] + '<b>'\n" + "# given\n" * 40
CODE = CodeText(
    "mine/conv.py",
    TEXT,
    given=((1, 4), (6, 45)),
    answers=(AnswerLines("conv_forward_naive", 4, 5),),
    places=("nndl/conv_layers.py",),
)


def graded(*checks: CheckResult, **changed: object) -> SubmissionReport:
    """Return a submission with code, and checks of its only answer."""
    return replace(submission("ada", list(checks)), **{"code": (CODE,), **changed})


def failed(message: str, **changed: object) -> CheckResult:
    """Return a failed check of the answer."""
    return check("conv_forward_naive", 0, Outcome.FAILED, 4.0, message=message, **changed)


def said_at(report: SubmissionReport) -> dict[int, list[str]]:
    """Return what is said of each line of the only file."""
    (file,) = code_files(report, cnn())
    return {each.number: [remark.text for remark in each.remarks] for each in file.lines if each.remarks}


def test_an_error_is_at_its_line_and_any_other_finding_at_its_answer() -> None:
    """A message that names a line as the checks saw the file is found in the file as it was handed in."""
    raised = failed("The call raised IndexError at nndl/conv_layers.py:5.", diagnosis="An axis is missing.")
    assert said_at(graded(raised)) == {5: [f"{raised.message} An axis is missing."]}
    assert said_at(graded(failed("Its values are off."))) == {4: ["Its values are off."]}
    assert said_at(graded(failed("It failed at other/file.py:5."))) == {4: ["It failed at other/file.py:5."]}
    assert said_at(graded(check("conv_forward_naive", 0, Outcome.PASSED, 4.0))) == {}


def test_an_error_in_the_module_of_a_cell_is_at_the_cells_own_line() -> None:
    """Of several cells of one module each has lines of its own; a line that is nobody's is at the answer."""
    cells = tuple(
        replace(CODE, name=f"own.ipynb, cell {number}", lines=((1 + shift, 2 + shift), (2 + shift, 5)))
        for number, shift in ((1, 0), (2, 4))
    )
    raised = failed("The call raised IndexError at nndl/conv_layers.py:6.")
    one, other = code_files(graded(raised, code=cells), cnn())
    assert [each.number for each in one.lines if each.remarks] == []
    assert [each.number for each in other.lines if each.remarks] == [5]


def test_staff_see_where_an_answer_was_found_in_the_wrong_place() -> None:
    """What is odd about how a file was read stands at the line that it names, or at the answer that it names."""
    moved = Flag("answer_elsewhere", "conv_forward_naive: taken from mine/conv.py instead of nndl/conv.py")
    broken = Flag("does_not_parse", "mine/conv.py does not parse: line 3: invalid syntax")
    told = graded(flags=(moved, broken, Flag("tampering", "mine/conv.py: line 2")))
    assert said_at(told) == {3: [broken.message], 4: [moved.message]}


def test_own_lines_are_apart_and_long_runs_of_given_ones_are_folded() -> None:
    """A line of the student's has a class of its own; far from it, what was handed out is folded and numbered."""
    (file,) = code_files(graded(), cnn())
    page = parse(f"<!DOCTYPE html>\n<body>{code_html((file,))}</body>")
    assert [each.attributes["id"] for each in page.marked("own")] == ["code-1-L5", "code-1-L46"]
    assert [each.text for each in page.all("summary")] == ["Lines 9 to 42, as handed out"]
    assert len(page.marked("line")) == TEXT.count("\n") + 1
    assert "<b>" in page.marked("own")[0].text


def test_comments_stand_at_their_lines_on_both_pages() -> None:
    """Staff see who wrote one; one whose line is gone is at its answer and says so, and one of no answer is listed."""
    line = "    return x[0] + '<b>'"
    comments = (
        Comment(
            "conv_forward_naive", "Why `x[0]`?", "grace", "2026", CodePlace("mine/conv.py", 3, quote=line)
        ),
        Comment(
            "total", "Gone.", "grace", "2026", CodePlace("mine/conv.py", 999, "conv_forward_naive", "x = <i>")
        ),
        Comment("total", "Elsewhere.", "grace", "2026", CodePlace("other.py", 3)),
    )
    report = graded(comments=comments)
    student, staff = render_student(report, cnn()), render_staff(report, cnn(), "s", Path("grades"))
    for html in (student, staff):
        heads = [each.text.strip().split("\n")[0] for each in parse(html).marked("said")]
        assert heads == [
            "other.py, line 3",
            "the line is gone: x = <i>",
            "Convolution, forward, was line 3",
        ]
        assert "Why <code>x[0]</code>?" in html
    assert "grace" in staff
    assert "grace" not in student


def test_students_see_no_finding_that_is_for_staff() -> None:
    """Flags that are not told to students stand at no line of their page."""
    flagged = graded(flags=(Flag("answer_elsewhere", f"{STAFF_ONLY}: mine/conv.py"),))
    assert STAFF_ONLY in render_staff(flagged, cnn(), "s", Path("grades"))
    assert STAFF_ONLY not in render_student(flagged, cnn())


def test_long_lines_and_long_files_are_cut_with_a_word() -> None:
    """A page stays a page, whatever was handed in, and says what it leaves out."""
    wide = replace(CODE, text="x = '" + "a" * 10_000 + "'\ny = 1")
    html = render_student(graded(code=(wide,)), cnn())
    assert "more characters]" in html
    assert "a" * (LONGEST_LINE + 1) not in html
    tall = replace(CODE, text=f"{'x' * 99}\n" * 4000, left_out=7)
    (file,) = code_files(graded(code=(tall,)), cnn())
    assert sum(len(each.code) for each in file.lines) <= MOST_SHOWN
    assert file.left_out == f"{4001 - len(file.lines) + 7:,} more lines not shown"


@given(st.text(st.sampled_from("def f(x):\n\t'\"#\x0c\u2028<&{")))
def test_numbers_are_pythons_and_colours_lose_nothing(text: str) -> None:
    """Only a line feed begins a line, and without its spans a line is the text that was written."""
    (file,) = code_files(graded(code=(CodeText("a.py", text),)), cnn())
    assert len(file.lines) == text.count("\n") + 1
    lines = tuple(text.split("\n"))
    shown = parse(f"<!DOCTYPE html>\n<body>{'|'.join(coloured(lines))}</body>").text
    assert shown == markup.unescape(markup.escape("|".join(lines)))


@pytest.mark.parametrize(
    "text", ["'''" * 3000, '"""\n' * 3000, "f'{" * 3000, "(" * 9000, "0x" * 5000, "@a" * 4000]
)
def test_no_code_takes_long_to_colour(text: str) -> None:
    """Whatever is repeated for as long as there is room."""
    lines = [text[start : start + LONGEST_LINE] for start in range(0, len(text), LONGEST_LINE)]
    began = time.process_time()
    coloured(tuple(lines * 20)[:600])
    assert time.process_time() - began < 5


@pytest.mark.parametrize("blank", ["", " " * 38, "\t\x0c" * 19, "\u3000" * 38])
def test_blank_lines_take_no_time_to_colour(blank: str) -> None:
    """As many as a text may have, after code and in a string: each is shown as it was written."""
    lines = ("x = 1", *[blank] * 3000, "s = '''", *[blank] * 3000, "end '''")
    began = time.process_time()
    shown = coloured(lines)
    assert time.process_time() - began < 1
    assert shown[1:3001] == shown[3002:-1] == (blank,) * 3000
    assert '<span class="st">' in shown[-1]


def test_a_comment_is_data_that_others_can_place() -> None:
    """Whoever shows code elsewhere passes comments by text and line, as markup."""
    files = code_files(graded(), cnn(), {("mine/conv.py", 5): [prose("See **this**.")]})
    assert "<strong>this</strong>" in code_html(files)
