"""What the terminal shows."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from rich.console import Console

from grader.commands.terminal import GradeTable, open_console, progress, watching
from grader.course.assignment import Assignment
from grader.progress import Notice, Trainings, TrainingState, begin
from grader.results import ClassReport, WaitingPart
from tests.reporting.samples import HOSTILE, cnn, hostile, sample_class
from tests.reporting.strategies import class_reports


@pytest.fixture(scope="module")
def assignment() -> Assignment:
    """Return the CNN assignment."""
    return cnn()


@pytest.fixture(scope="module")
def report() -> ClassReport:
    """Return the sample class of 40."""
    return sample_class()


def printed(report: ClassReport, *, terminal: bool = False, width: int = 160) -> str:
    """Return what is printed for `report`."""
    stream = io.StringIO()
    console = (
        Console(file=stream, force_terminal=True, width=width, color_system="truecolor", legacy_windows=False)
        if terminal
        else open_console(stream)
    )
    table = GradeTable(cnn())
    for submission in report.submissions:
        table.add(submission)
    table.print(console)
    return stream.getvalue()


def test_the_table_says_what_was_lost(report: ClassReport) -> None:
    """Each submission has its score, the parts that lost points, and its flags."""
    lines = printed(report).splitlines()
    ben = next(line for line in lines if "ben-lindqvist" in line)
    assert re.search(r"87 / 95 +\| conv_backward_naive\.dx -8 ", ben)
    damaged = next(line for line in lines if "damaged" in line)
    assert "no result" in damaged
    assert "damaged.zip is not a zip archive" in damaged
    assert "NO ISOLATION" in next(line for line in lines if "no-box" in line)
    assert "tampering, edited given file" in next(line for line in lines if "one-of-each" in line)


def test_the_table_says_how_much_waits(report: ClassReport) -> None:
    """Points that a person has yet to judge stand in the row: they are missing, and nothing was lost."""
    ben = next(each for each in report.submissions if each.id == "ben-lindqvist")
    waits = replace(ben, waiting=(WaitingPart("conv_forward_naive", 4.0),))
    assert "-8; 4 to be judged" in printed(replace(report, submissions=(waits,)))


def test_the_end_says_what_the_table_cannot(report: ClassReport, assignment: Assignment) -> None:
    """After the table: the class's mean, who has no result, what was not graded and why, and the stamp."""
    table = GradeTable(assignment)
    for submission in report.submissions:
        table.add(submission)
    lines = table.closing_lines()
    assert lines[0].startswith("40 submissions of Convolutional neural networks, mean ")
    assert lines[1] == "No result for 1 submission: damaged."
    assert lines[2].startswith(
        "CNN.accuracy was not graded for 27 submissions and is left out of the total. This"
    )
    assert lines[-1] == "GRADED WITHOUT ISOLATION: 1 submission. Do not publish these scores."


@settings(max_examples=40)
@given(class_reports)
def test_nothing_steers_the_terminal(report: ClassReport) -> None:
    """Without a terminal no control character but the line feed is printed, whatever the report holds."""
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", printed(report))


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_terminal_gets_our_own_codes_only(kind: str, report: ClassReport) -> None:
    """On a terminal the only codes are rich's colours; a hostile id adds no link, title or cursor move."""
    text = printed(replace(report, submissions=(hostile(kind, cnn()),)), terminal=True)
    assert not re.sub(r"\x1b\[[0-9;]*m", "", text).count("\x1b")
    assert "\x07" not in text


def test_markup_in_an_id_is_shown_as_it_is(report: ClassReport) -> None:
    """Square brackets and emoji names are text, not rich's markup."""
    text = printed(replace(report, submissions=(hostile("rich", cnn()),)), terminal=True)
    assert "[bold red]loud[/bold red]" in text


def test_a_narrow_terminal_still_shows_the_score(report: ClassReport) -> None:
    """In 60 columns the score is not cut."""
    assert "81.67 / 95" in printed(report, terminal=True, width=60)


def test_without_a_terminal_progress_is_a_few_lines() -> None:
    """A log gets at most twenty plain lines, the last of them the end."""
    stream = io.StringIO()
    with progress(open_console(stream), 1000, "Grading") as step:
        for number in range(1000):
            step(f"[red]s{number}\x1b[2J")
    lines = stream.getvalue().splitlines()
    assert len(lines) == 20
    assert lines[-1] == "Grading: 1000 of 1000 ([red]s999)"


def test_every_step_shows_in_a_small_class() -> None:
    """Three submissions give three lines, and more steps than announced do no harm."""
    stream = io.StringIO()
    with progress(open_console(stream), 3, "Grading") as step:
        for name in "abcd":
            step(name)
    assert stream.getvalue().splitlines()[:3] == [
        f"Grading: {n} of 3 ({x})" for n, x in ((1, "a"), (2, "b"), (3, "c"))
    ]


def test_no_work_is_no_error() -> None:
    """Progress over nothing prints nothing."""
    stream = io.StringIO()
    with progress(open_console(stream), 0, "Grading") as step:
        step("unexpected")
    assert stream.getvalue() == ""


def test_a_terminal_gets_a_bar() -> None:
    """On a terminal the bar counts, shows the name as text, and is gone at the end."""
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=100, legacy_windows=False)
    with progress(console, 2, "Grading") as step:
        step("[bold]ada[/bold]\x1b[2J")
        step("ben")
    assert "2/2" in stream.getvalue()
    assert "\x1b[2J" not in stream.getvalue()


def test_what_is_quickly_done_shows_no_progress() -> None:
    """Fewer pieces than are worth a bar print nothing; as many as that do."""
    said = []
    for total in (9, 10):
        stream = io.StringIO()
        with progress(open_console(stream), total, "Reading", 10) as step:
            for _ in range(total):
                step("ada")
        said.append(stream.getvalue())
    assert said[0] == ""
    assert "Reading: 10 of 10 (ada)" in said[1]


def test_a_run_that_is_watched_shows_its_stages_and_notices() -> None:
    """Each stage has lines of its own, a quick one only in a large class, and notices stand between them."""
    stream = io.StringIO()
    with watching(open_console(stream)) as progress:
        begin(progress, "Reading", 2, quick=True)("ada")
        progress(Notice("- a note", urgent=True))
        step = begin(progress, "Grading", 2)
        step("ada")
        step("bob")
        begin(progress, "Writing", 0, quick=True)
    assert stream.getvalue().splitlines() == ["- a note", "Grading: 1 of 2 (ada)", "Grading: 2 of 2 (bob)"]


def test_trainings_have_a_bar_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal it says how long each may still take; in a log, a line now and then."""
    under_way = TrainingState("ada", 90.0, 5400.0, "epoch 2 of 8")
    told = [
        Trainings(0, 2, (under_way,)),
        Trainings(1, 2, (replace(under_way, name="bob"),)),
        Trainings(2, 2),
    ]
    stream = io.StringIO()
    with watching(Console(file=stream, force_terminal=True, width=100, legacy_windows=False)) as progress:
        for event in told:
            progress(event)
    assert "2 of 2" in stream.getvalue()
    monkeypatch.setattr("grader.commands.terminal.QUIET_SECONDS", 0.0)
    stream = io.StringIO()
    with watching(open_console(stream)) as progress:
        for event in told:
            progress(event)
    assert stream.getvalue().splitlines()[0] == "Training ada again: epoch 2 of 8, 1.5 of at most 90 minutes"
