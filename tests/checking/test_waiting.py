"""An answer that given code stands in waits for a person, who is shown both texts."""

from __future__ import annotations

from grader.checking.marks import CheckMark
from grader.checking.run import CheckRecord
from grader.checking.verdicts import PASSED, Verdict
from grader.checking.waiting import beside_given_code, doubts
from grader.course.assignment import Part
from grader.intake.given_code import Copied
from grader.results import Outcome, Scope

COPIED = Copied("pool", "fast_pool of fast.py", 0.9, "def fast_pool(x):\n    return x.max()", "def pool(x):")


def test_what_it_earned_waits() -> None:
    """Only what passed, and only where the given code may not be used; staff read which code, and see both."""
    part = Part(id="pool", points=2, naive=True)
    records = [
        CheckRecord(f"pool:{each}", CheckMark("pool", Scope.HOMEWORK, 1.0), "It pools.", each, 0.0)
        for each in (PASSED, Verdict(Outcome.FAILED, "wrong"))
    ]
    passed, failed = beside_given_code(records, {"pool": COPIED}, [part])
    assert passed.verdict.waits
    assert "def fast_pool(x):" in passed.verdict.staff_note.splitlines()[2]
    assert failed == records[1]
    (flag,) = doubts([passed, failed], {"pool": COPIED}, [part])
    assert (flag.kind, flag.message.partition(" of")[0]) == ("given_code", "90%")
    assert not list(doubts(beside_given_code(records, {"pool": COPIED}, []), {}, [part]))
