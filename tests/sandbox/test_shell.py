"""The notebook shell's own decisions; what it does with cells is tested where notebooks are run."""

from __future__ import annotations

import pytest

from grader.sandbox.box.shell import Recorder, starved


@pytest.mark.parametrize(
    ("used", "elapsed", "more_time"),
    [
        (9.9, 10.1, True),
        (3.0, 10.1, True),
        (10.1, 10.1, False),
        (0.1, 10.1, False),
        (9.0, 41.0, False),
    ],
)
def test_only_a_cell_that_works_on_a_busy_machine_gets_more_time(used, elapsed, more_time):
    """A cell that has used its CPU time, that waits, or that has had four times its time is stopped."""
    assert starved(used, elapsed, 10.0) is more_time


def test_recorded_text_is_cut_and_counted():
    """What fits is kept, what does not is counted, and an exception is recorded all the same."""
    recorder = Recorder(5)
    recorder.text("stdout", "abc")
    recorder.text("stdout", "defg")
    recorder.rich("display_data", {"image/png": b"abc"})
    recorder.error("ValueError", "no", [])
    assert [each.get("text", each.get("ename")) for each in recorder.finished()] == ["abcde", "ValueError"]
    assert recorder.dropped == 2 + 4


def test_scripts_and_widgets_are_not_recorded():
    """Of a rich output only known kinds are kept; one without any leaves no output."""
    recorder = Recorder(100)
    recorder.rich("display_data", {"application/javascript": "x", "text/plain": "p"})
    recorder.rich("display_data", {"application/vnd.jupyter.widget-view+json": {}})
    assert [each["data"] for each in recorder.finished()] == [{"text/plain": "p"}]
