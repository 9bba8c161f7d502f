"""Claims: of any number of graders one grades a submission, and an end at any moment loses only what is not done."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from grader.gradebook import Claim, Desk, Gradebook, Taken, Terms, finished, terms_of
from grader.gradebook.claims import now
from grader.gradebook.ownership import Owner
from grader.gradebook.schema import GradingRow, ResultRow
from grader.grading import without_result

from .conftest import RELEASE
from .reports import report

A = "a" * 64
ELSEWHERE = Owner("another machine", 1, 1)

pytestmark = pytest.mark.usefixtures("section")


def dead_owner() -> Owner:
    """Return a process of this machine that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return replace(Owner.this_process(), pid=process.pid)


def gradings(book: Gradebook, terms: Terms) -> dict[str, int]:
    """Return what is finished."""
    with book.reading() as session:
        return finished(session, terms)


def count(book: Gradebook, table: type) -> int:
    """Return how many rows a table has."""
    with book.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_of_two_graders_one_gets_the_claim(book: Gradebook, terms: Terms) -> None:
    """The other is told that it is in work, and once it is completed that it is done."""
    first, second = Desk(book), Desk(book, ELSEWHERE)
    claim = first.claim(A, terms)
    assert isinstance(claim, Claim)
    assert second.claim(A, terms) == Taken(done=False)
    assert first.complete(claim, report(A))
    assert second.claim(A, terms) == Taken(done=True)
    assert list(gradings(book, terms)) == [A]


def test_asking_whose_it_is_claims_nothing(book: Gradebook, terms: Terms) -> None:
    """What nobody has, and what is left behind, is nobody's; what is in work or done is said to be so."""
    mine, theirs = Desk(book), Desk(book, ELSEWHERE)
    assert mine.taken(A, terms) is None
    assert count(book, GradingRow) == 0
    assert isinstance(Desk(book, dead_owner()).claim(A, terms), Claim)
    assert mine.taken(A, terms) is None
    claim = theirs.claim(A, terms)
    assert isinstance(claim, Claim)
    assert mine.taken(A, terms) == Taken(done=False)
    theirs.complete(claim, report(A))
    assert mine.taken(A, terms) == Taken(done=True)


def test_what_a_dead_process_left_is_taken_over_at_once(book: Gradebook, terms: Terms) -> None:
    """A killed grader's claim does not wait for its lease; what it writes as a ghost counts for nothing."""
    ghost = Desk(book, dead_owner())
    left = ghost.claim(A, terms)
    assert isinstance(left, Claim)
    claim = Desk(book).claim(A, terms)
    assert isinstance(claim, Claim)
    assert not ghost.complete(left, report(A, forward=0.0))
    assert count(book, ResultRow) == 0
    assert Desk(book).complete(claim, report(A))
    assert count(book, ResultRow) == 2
    assert count(book, GradingRow) == 1


def test_another_machines_claim_holds_until_its_lease_ends(book: Gradebook, terms: Terms) -> None:
    """Of a process elsewhere nobody can say that it is dead; without a sign of life its claim runs out."""
    far = Desk(book, ELSEWHERE)
    far.claim(A, terms)
    assert Desk(book).claim(A, terms) == Taken(done=False)
    with book.writing() as session:
        session.execute(update(GradingRow).values(lease_until=now() - timedelta(seconds=1)))
    assert isinstance(Desk(book).claim(A, terms), Claim)


def test_signs_of_life_renew_the_lease(book: Gradebook, terms: Terms) -> None:
    """While a grader runs, a thread moves the end of its leases on."""
    far = Desk(book, ELSEWHERE)
    far.claim(A, terms)
    almost_over = now() + timedelta(seconds=30)
    with book.writing() as session:
        session.execute(update(GradingRow).values(lease_until=almost_over))
    with far.alive(every=0.01):
        while True:
            with book.reading() as session:
                until = session.scalars(select(GradingRow.lease_until)).one()
            if until > almost_over:
                break


def test_a_submission_without_a_result_is_tried_again_by_the_next_run(book: Gradebook, terms: Terms) -> None:
    """Within its run it counts as done; a later run claims it, and a result then replaces the error."""
    desk = Desk(book)
    claim = desk.claim(A, terms)
    assert isinstance(claim, Claim)
    desk.complete(claim, without_result(A, "the grader failed"))
    assert desk.claim(A, terms) == Taken(done=True)
    later = terms_of(book, RELEASE, "{}", fresh=False)
    assert gradings(book, later) == {}
    again = desk.claim(A, later)
    assert isinstance(again, Claim)
    desk.complete(again, report(A))
    assert list(gradings(book, later)) == [A]


def test_another_engine_version_or_option_is_another_grading(book: Gradebook, terms: Terms) -> None:
    """A changed check, homework or option makes nothing of the old gradings count, and loses none of them."""
    desk = Desk(book)
    claim = desk.claim(A, terms)
    assert isinstance(claim, Claim)
    desk.complete(claim, report(A))
    for release, options in (
        (("cnn", "1.0.0", "engine-2"), "{}"),
        (("cnn", "1.0.1", "engine-1"), "{}"),
        (RELEASE, '{"only": "x"}'),
    ):
        other = terms_of(book, release, options, fresh=False)
        assert gradings(book, other) == {}
        assert isinstance(desk.claim(A, other), Claim)
    assert list(gradings(book, terms)) == [A]


def test_a_fresh_run_grades_anew_and_keeps_the_old_result_until_then(book: Gradebook, terms: Terms) -> None:
    """For a fresh run nothing is finished; without `fresh` the newest finished result counts."""
    desk = Desk(book)
    claim = desk.claim(A, terms)
    assert isinstance(claim, Claim)
    desk.complete(claim, report(A))
    old = gradings(book, terms)[A]
    fresh = terms_of(book, RELEASE, "{}", fresh=True)
    assert gradings(book, fresh) == {}
    assert gradings(book, terms_of(book, RELEASE, "{}", fresh=False)) == {A: old}
    again = desk.claim(A, fresh)
    assert isinstance(again, Claim)
    desk.complete(again, report(A))
    assert gradings(book, fresh)[A] != old
    assert gradings(book, terms_of(book, RELEASE, "{}", fresh=False)) == gradings(book, fresh)


def test_owners_survive_being_written_down() -> None:
    """What is read is what was written, and nonsense is nobody."""
    owner = Owner.this_process()
    assert Owner.parse(str(owner)) == owner
    assert not owner.is_dead()
    assert replace(owner, start=owner.start + 1).is_dead()
    assert not ELSEWHERE.is_dead()
    assert Owner.parse("nonsense") is None
