"""Claims: of any number of graders one grades a submission, and an end at any moment loses only what is not done."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from grader.gradebook import (
    Claim,
    ClaimStore,
    FirstClaims,
    Gradebook,
    GradebookError,
    claims,
    finished,
    open_gradebook,
)
from grader.gradebook.claims import LEASE, GradingKey
from grader.gradebook.schema import RESULTS, GradingRow
from grader.plan import without_result

from .conftest import Enter
from .reports import report

A, B = "a" * 64, "b" * 64


class Clock:
    """Tells the time that a test sets."""

    def __init__(self) -> None:
        self.time = datetime(2030, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return this moment."""
        return self.time

    def passes(self, time: timedelta) -> None:
        """Let `time` pass."""
        self.time += time


def count(book: Gradebook, table: object) -> int:
    """Return how many rows a table has."""
    with book.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def gradings(book: Gradebook, key: GradingKey) -> Mapping[str, int]:
    """Return what is finished."""
    return finished(book, key)


def test_of_two_graders_one_gets_the_claim(book: Gradebook, key: GradingKey) -> None:
    """The other is told that it is in work, and once it is completed that it is done."""
    first, second = ClaimStore(book), ClaimStore(book)
    claim = first.claim(A, key)
    assert isinstance(claim, Claim)
    assert second.claim(A, key) is None
    assert second.status(key).busy == {A}
    assert first.complete(claim, report(A))
    assert second.claim(A, key) is None
    assert second.status(key).busy == set()
    assert list(second.status(key).finished) == [A]


def test_of_two_hosts_one_dead_the_other_grades_its_submission(place: str | Path, key: GradingKey) -> None:
    """What the dead one had in work is free when its lease has lapsed, and not before; what it did is kept."""
    clock = Clock()
    with open_gradebook(place) as there, open_gradebook(place) as here:
        dead, alive = ClaimStore(there, clock), ClaimStore(here, clock)
        done, left = dead.claim(A, key), dead.claim(B, key)
        assert done
        assert left
        assert dead.complete(done, report(A))
        clock.passes(LEASE - timedelta(seconds=1))
        assert alive.claim(B, key) is None
        assert alive.status(key).busy == {B}
        clock.passes(timedelta(seconds=1))
        assert alive.status(key).busy == set()
        claim = alive.claim(B, key)
        assert claim
        assert alive.claim(A, key) is None
        assert alive.complete(claim, report(B))
        assert set(gradings(here, key)) == {A, B}


def test_a_grader_that_was_only_slow_writes_nothing_once_it_is_taken_over(
    book: Gradebook, key: GradingKey
) -> None:
    """What it writes as a ghost counts for nothing, before and after the other one is done."""
    clock = Clock()
    slow, quick = ClaimStore(book, clock), ClaimStore(book, clock)
    left = slow.claim(A, key)
    assert left
    clock.passes(LEASE)
    claim = quick.claim(A, key)
    assert claim
    assert not slow.complete(left, report(A, forward=0.0))
    assert count(book, RESULTS) == 0
    slow.renew()
    slow.give_back()  # neither is its to renew or to give
    assert ClaimStore(book, clock).claim(A, key) is None
    assert quick.complete(claim, report(A))
    assert not slow.complete(left, report(A, forward=0.0))
    assert count(book, RESULTS) == 2
    assert count(book, GradingRow) == 1


def test_who_is_slow_and_not_taken_over_completes_its_claim(book: Gradebook, key: GradingKey) -> None:
    """A lapsed lease alone costs nobody anything."""
    clock = Clock()
    slow = ClaimStore(book, clock)
    claim = slow.claim(A, key)
    assert claim
    clock.passes(10 * LEASE)
    assert slow.complete(claim, report(A))


def test_signs_of_life_renew_the_lease(book: Gradebook, key: GradingKey) -> None:
    """A claim that is renewed in time is respected for as long as its holder lives."""
    clock = Clock()
    mine, theirs = ClaimStore(book, clock), ClaimStore(book, clock)
    mine.claim(A, key)
    for _ in range(3):
        clock.passes(LEASE - timedelta(seconds=1))
        mine.renew()
        assert theirs.claim(A, key) is None


def test_an_open_store_renews_by_itself(
    book: Gradebook, key: GradingKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a grader runs, a thread moves the end of its leases on, though the database fails it once."""
    monkeypatch.setattr(claims, "RENEWAL_SECONDS", 0.01)
    renew, failures = ClaimStore.renew, iter([GradebookError("busy")])

    def renew_at_second_try(store: ClaimStore) -> None:
        for failure in failures:
            raise failure
        renew(store)

    monkeypatch.setattr(ClaimStore, "renew", renew_at_second_try)

    def lease() -> datetime:
        with book.reading() as session:
            return session.scalars(select(GradingRow.lease_until)).one()

    with ClaimStore.open(book) as store:
        store.claim(A, key)
        before, patience = lease(), time.monotonic() + 20
        while lease() == before:
            assert time.monotonic() < patience


def test_who_ends_gives_back_what_it_did_not_complete(book: Gradebook, key: GradingKey) -> None:
    """After an interrupt or an error the next grader need not wait for a lease."""
    with pytest.raises(KeyboardInterrupt), ClaimStore.open(book) as store:
        claim = store.claim(A, key)
        assert claim
        store.claim(B, key)
        store.complete(claim, report(A))
        raise KeyboardInterrupt
    other = ClaimStore(book)
    assert other.claim(A, key) is None
    assert other.claim(B, key)


def test_a_submission_without_a_result_is_tried_again_by_the_next_run(
    book: Gradebook, key: GradingKey, enter: Enter
) -> None:
    """Within its run it counts as done; a later run claims it, and a result then replaces the error."""
    store = ClaimStore(book)
    claim = store.claim(A, key)
    assert claim
    store.complete(claim, without_result(A, "the grader failed"))
    assert store.claim(A, key) is None
    assert list(gradings(book, key)) == [A]
    later = enter([]).key
    assert gradings(book, later) == {}
    again = store.claim(A, later)
    assert again
    store.complete(again, report(A))
    assert list(gradings(book, later)) == [A]
    assert count(book, RESULTS) == 2


def test_another_engine_version_or_option_is_another_grading(
    book: Gradebook, key: GradingKey, enter: Enter
) -> None:
    """A changed check, assignment or option makes nothing of the old gradings count, and loses none of them."""
    store = ClaimStore(book)
    claim = store.claim(A, key)
    assert claim
    store.complete(claim, report(A))
    for changed in ({"engine": "engine-2"}, {"version": "1.0.1"}, {"options": '{"only": "x"}'}):
        other = enter([], **changed).key
        assert gradings(book, other) == {}
        assert store.claim(A, other)
    assert list(gradings(book, key)) == [A]


def test_a_fresh_run_grades_anew_and_keeps_the_old_result_until_then(
    book: Gradebook, key: GradingKey, enter: Enter
) -> None:
    """For a fresh run nothing is finished; without `fresh` the newest finished result counts."""
    store = ClaimStore(book)
    claim = store.claim(A, key)
    assert claim
    store.complete(claim, report(A))
    old = gradings(book, key)[A]
    fresh = enter([], fresh=True)
    assert fresh.finished == {}
    assert enter([]).finished == {A: old}
    again = store.claim(A, fresh.key)
    assert again
    store.complete(again, report(A))
    assert gradings(book, fresh.key)[A] != old
    assert gradings(book, enter([]).key) == gradings(book, fresh.key)


def test_a_run_claims_its_first_submissions_while_it_registers(
    book: Gradebook, key: GradingKey, enter: Enter
) -> None:
    """As many as it asks for, in its order: what is done or in work is passed over."""
    other, mine = ClaimStore(book), ClaimStore(book)
    C, D, E = "c" * 64, "d" * 64, "e" * 64
    done = other.claim(A, key)
    assert done
    other.complete(done, report(A))
    other.claim(D, key)
    found = enter([], first=FirstClaims(mine, [D, A, C, B, E], 2))
    assert list(found.claims) == [C, B]
    assert list(found.finished) == [A]
    assert mine.complete(found.claims[C], report(C))
    assert other.claim(B, key) is None
    assert other.claim(E, key)
