"""Claim a submission before grading it and complete the claim afterwards, so that no two graders repeat each other.

The protocol
------------
A grading is one row, unique for its content, key and serial. A claim is taken by inserting that row, or by taking
over one whose lease has lapsed: a single statement, so of two graders exactly one succeeds. Whoever holds claims
renews their leases from a thread, and gives back what it still holds when it ends. One that is killed cannot: what
it had in work is free after `LEASE`, and until then there is everything else to grade. Completing a claim names
its token, so a grader that was only slow, and was taken over, writes nothing. Verdicts are written in the
transaction that calls the grading done, so an end at any moment leaves all of a result or none of it.

A lapsed lease never costs a result, only the work of grading twice. So it is short and needs no knowledge of hosts
or processes; but the clocks of hosts that share a gradebook must agree to within seconds, as network time makes them.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import and_, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from grader.gradebook.database import Gradebook, insert_into, now
from grader.gradebook.errors import GradebookError
from grader.gradebook.schema import (
    CODE,
    NOTEBOOKS,
    REPORT_COLUMNS,
    RESULTS,
    GradingRow,
    GradingState,
    rows_of,
)
from grader.results import SubmissionReport

LEASE = timedelta(seconds=15)
"""How long a claim is respected after its holder's last sign of life."""

RENEWAL_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class GradingKey:
    """Under what a run grades; equal keys and equal content make one grading.

    Attributes
    ----------
    id
        Stands for the versions of assignment and engine, and what the run was asked for, as far as it changes results.
    serial
        How often the same was asked for anew.
    oldest
        The least serial whose gradings count: 0, or `serial` in a run that grades all anew.
    since
        When the run began: a submission left without a result before that is tried again.
    """

    id: int
    serial: int
    oldest: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to write one grading."""

    grading_id: int
    token: str


@dataclass(frozen=True, slots=True)
class Status:
    """How far the gradings under one key are.

    Attributes
    ----------
    finished
        By content the gradings that count: the newest of each that came to a result, or did not in this very run.
    busy
        Contents that somebody who seems alive has in work.
    """

    finished: Mapping[str, int]
    busy: frozenset[str]


class ClaimStore:
    """The claims of one run: taken, kept alive and completed here.

    Parameters
    ----------
    clock
        Tells the time; tests tell it.
    """

    def __init__(self, book: Gradebook, clock: Callable[[], datetime] = now) -> None:
        self._book = book
        self._clock = clock
        self._token = secrets.token_hex(16)
        self._held: set[int] = set()

    @classmethod
    @contextmanager
    def open(cls, book: Gradebook) -> Iterator[Self]:
        """Yield a store whose claims are renewed from a thread; what is still held at the end is given back."""
        store, over = cls(book), threading.Event()

        def keep_renewing() -> None:
            while not over.wait(RENEWAL_SECONDS):
                try:
                    store.renew()
                except GradebookError:
                    continue  # the lease outlasts two of these; the writer who needs the database will say so

        thread = threading.Thread(target=keep_renewing, name="gradebook-lease", daemon=True)
        thread.start()
        try:
            yield store
        finally:
            over.set()
            thread.join()
            with suppress(GradebookError):  # then the leases lapse by themselves
                store.give_back()

    def claim(self, sha256: str, key: GradingKey) -> Claim | None:
        """Claim the grading of `sha256`, anew or from whoever left it behind; None when it is another's, or done."""
        with self._book.writing() as session:
            return self.claim_within(session, sha256, key)

    def claim_within(self, session: Session, sha256: str, key: GradingKey) -> Claim | None:
        """Claim in a transaction of the caller's."""
        moment = self._clock()
        mine = {"state": GradingState.CLAIMED, "token": self._token, "lease_until": moment + LEASE}
        statement = (
            insert_into(session, GradingRow)
            .values(key_id=key.id, sha256=sha256, serial=key.serial, claims=1, **mine)
            .on_conflict_do_update(
                index_elements=[GradingRow.key_id, GradingRow.sha256, GradingRow.serial],
                set_={**mine, "claims": GradingRow.claims + 1},
                where=or_(
                    and_(GradingRow.state == GradingState.CLAIMED, GradingRow.lease_until <= moment),
                    and_(
                        GradingRow.state == GradingState.DONE,
                        GradingRow.error != "",
                        GradingRow.finished_at < key.since,
                    ),
                ),
            )
            .returning(GradingRow.id)
        )
        grading_id = session.scalar(statement)
        if grading_id is None:
            return None
        self._held.add(grading_id)
        return Claim(grading_id, self._token)

    def complete(self, claim: Claim, report: SubmissionReport) -> bool:
        """Write the result of a claim; False when the claim is another's by now, and nothing was written."""
        with self._book.writing() as session:
            claims = session.scalar(
                update(GradingRow)
                .where(GradingRow.id == claim.grading_id, GradingRow.token == claim.token)
                .where(GradingRow.state == GradingState.CLAIMED)
                .values({name: getattr(report, name) for name in REPORT_COLUMNS})
                .values(
                    state=GradingState.DONE, finished_at=self._clock(), notebook_count=len(report.notebooks)
                )
                .returning(GradingRow.claims)
            )
            if claims is not None:
                _write_results(session, claim.grading_id, report, again=claims > 1)
        self._held.discard(claim.grading_id)
        return claims is not None

    def renew(self) -> None:
        """Say that this run is alive."""
        self._set_leases(frozenset(self._held), self._clock() + LEASE)

    def give_back(self, claim: Claim | None = None) -> None:
        """Let others have at once what was claimed and not completed: one claim, or all."""
        ids = frozenset(self._held if claim is None else {claim.grading_id})
        self._set_leases(ids, self._clock())
        self._held -= ids

    def _set_leases(self, ids: Collection[int], until: datetime) -> None:
        if not ids:
            return
        with self._book.writing() as session:
            session.execute(
                update(GradingRow)
                .where(GradingRow.id.in_(ids), GradingRow.token == self._token)
                .where(GradingRow.state == GradingState.CLAIMED)
                .values(lease_until=until)
            )

    def status(self, key: GradingKey) -> Status:
        """Return what is finished under `key`, and what is in work."""
        with self._book.reading() as session:
            return status_of(rows_under(session, key.id), key, self._clock())


def finished(book: Gradebook, key: GradingKey) -> Mapping[str, int]:
    """Return by content the gradings that count under `key`."""
    return ClaimStore(book).status(key).finished


def rows_under(session: Session, key_id: int) -> Sequence[Any]:
    """Return what decides about all gradings under a key, the oldest first."""
    of = GradingRow
    columns = of.sha256, of.id, of.serial, of.state, of.lease_until, of.error, of.finished_at
    return session.execute(select(*columns).where(of.key_id == key_id).order_by(of.serial)).all()


def status_of(rows: Iterable[Any], key: GradingKey, moment: datetime) -> Status:
    """Return what of the gradings under a key counts for a run, and what is in work."""
    done: dict[str, int] = {}
    busy = set()
    for row in rows:
        if row.serial < key.oldest:
            continue
        if row.state is GradingState.CLAIMED and row.lease_until > moment:
            busy.add(row.sha256)
        elif row.state is GradingState.DONE and (not row.error or row.finished_at >= key.since):
            done[row.sha256] = row.id
    return Status(done, frozenset(busy - done.keys()))


def _write_results(session: Session, grading_id: int, report: SubmissionReport, *, again: bool) -> None:
    for table, items in ((RESULTS, report.checks), (NOTEBOOKS, report.notebooks), (CODE, report.code)):
        if again:
            session.execute(delete(table).where(table.c.grading_id == grading_id))
        if items:
            session.execute(insert(table), rows_of(grading_id, items))
