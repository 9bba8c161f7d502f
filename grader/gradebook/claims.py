"""Claim a submission before grading it and complete the claim afterwards, so that no two graders repeat each other.

The protocol
------------
A grading is one row, unique for its content, release, options and serial. Whoever inserts it has claimed it;
whoever finds it there reads whether it is done, in work or left behind. A claim is left behind when its process
on this machine is dead, or when its lease has run out, which its process renews while it lives. Taking such a
claim over, and completing one's own, are single statements that name the claim's token: of two graders exactly
one succeeds, and a grader that was taken over writes nothing. Verdicts are written in the same transaction that
calls the grading done, so an end at any moment leaves all of a result or none of it.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import CursorResult, Select, Update, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from grader.gradebook.database import Gradebook
from grader.gradebook.errors import GradebookError
from grader.gradebook.ownership import Owner
from grader.gradebook.rows import grading_values, notebook_rows, result_rows
from grader.gradebook.schema import GradingRow, NotebookRow, ReleaseRow, ResultRow, State
from grader.results import SubmissionReport

LEASE = timedelta(minutes=5)
"""How long another machine's claim is respected after its last sign of life."""

RENEWAL_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Terms:
    """Under what a run grades; equal terms and equal content make one grading.

    Attributes
    ----------
    release_id
        Version of the homework and of the engine.
    options
        What the run was asked for, as far as it changes results.
    serial
        How often the same was asked for anew.
    oldest
        The least serial whose gradings count: 0, or `serial` in a run that grades all anew.
    since
        When the run began: a submission left without a result before that is tried again.
    """

    release_id: int
    options: str
    serial: int
    oldest: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to write one grading."""

    grading_id: int
    token: str


@dataclass(frozen=True, slots=True)
class Taken:
    """Somebody else's: finished, or in work by a process that seems alive."""

    done: bool


@dataclass(frozen=True)
class Desk:
    """One process's access to the claims of a gradebook."""

    book: Gradebook
    owner: Owner = field(default_factory=Owner.this_process)

    def taken(self, sha256: str, terms: Terms) -> Taken | None:
        """Say whether the grading of `sha256` is somebody else's, None when it could be claimed; claim nothing."""
        with self.book.reading() as session:
            row = session.scalars(_grading(sha256, terms)).one_or_none()
            return None if row is None or _is_open(row, terms) else Taken(done=row.state == State.DONE)

    def claim(self, sha256: str, terms: Terms) -> Claim | Taken:
        """Claim the grading of `sha256`, anew or from a process that left it behind."""
        return self._insert(sha256, terms) or self._take_over(sha256, terms)

    def complete(self, claim: Claim, report: SubmissionReport) -> bool:
        """Write the result of a claim; False when the claim is another's by now, and nothing was written."""
        with self.book.writing() as session:
            done = _changed(
                session,
                update(GradingRow)
                .where(GradingRow.id == claim.grading_id, GradingRow.token == claim.token)
                .where(GradingRow.state == State.CLAIMED)
                .values(state=State.DONE, finished_at=now(), **grading_values(report)),
            )
            if done:
                _replace_results(session, claim.grading_id, report)
        return done

    def renew(self) -> None:
        """Say that this process is alive."""
        with self.book.writing() as session:
            session.execute(
                update(GradingRow)
                .where(GradingRow.state == State.CLAIMED, GradingRow.owner == str(self.owner))
                .where(GradingRow.lease_until > now())
                .values(lease_until=now() + LEASE)
            )

    @contextmanager
    def alive(self, every: float = RENEWAL_SECONDS) -> Iterator[None]:
        """Renew this process's claims from a thread for as long as the block runs."""
        over = threading.Event()

        def keep_renewing() -> None:
            while not over.wait(every):
                try:
                    self.renew()
                except GradebookError:
                    continue  # the lease outlasts ten of these; the writer who needs the database will say so

        thread = threading.Thread(target=keep_renewing, name="gradebook-lease", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _insert(self, sha256: str, terms: Terms) -> Claim | None:
        token = secrets.token_hex(16)
        try:
            with self.book.writing() as session:
                statement = insert(GradingRow).values(
                    sha256=sha256,
                    release_id=terms.release_id,
                    options=terms.options,
                    serial=terms.serial,
                    claims=1,
                    **self._claimed(token),
                )
                (grading_id,) = session.execute(statement.returning(GradingRow.id)).one()
        except IntegrityError:
            return None
        return Claim(grading_id, token)

    def _take_over(self, sha256: str, terms: Terms) -> Claim | Taken:
        with self.book.writing() as session:
            row = session.scalars(_grading(sha256, terms)).one()
            id, state, old = row.id, row.state, row.token
            if not _is_open(row, terms):
                return Taken(done=state == State.DONE)
            token = secrets.token_hex(16)
            mine = _changed(
                session,
                update(GradingRow)
                .where(GradingRow.id == id, GradingRow.token == old, GradingRow.state == state)
                .values(claims=GradingRow.claims + 1, **self._claimed(token)),
            )
        return Claim(id, token) if mine else Taken(done=False)

    def _claimed(self, token: str) -> dict[str, object]:
        return {
            "state": State.CLAIMED.value,
            "token": token,
            "owner": str(self.owner),
            "lease_until": now() + LEASE,
        }


def terms_of(book: Gradebook, release: tuple[str, str, str], options: str, *, fresh: bool) -> Terms:
    """Return the terms of a run that begins now.

    Parameters
    ----------
    release
        The assignment's id and version, and the engine's version.
    fresh
        Whether to grade anew what has been graded. Two such runs that begin while neither has
        finished anything share their work.
    """
    names = dict(zip(("assignment_id", "version", "engine"), release, strict=True))
    try:
        with book.writing() as session:
            session.execute(insert(ReleaseRow).values(first_used=now(), **names))
    except IntegrityError:
        pass  # known already
    with book.reading() as session:
        release_id = session.scalars(select(ReleaseRow.id).filter_by(**names)).one()
        last = session.scalar(
            select(func.max(GradingRow.serial)).where(
                GradingRow.release_id == release_id,
                GradingRow.options == options,
                GradingRow.state == State.DONE,
            )
        )
    serial = 0 if last is None else last + fresh
    return Terms(release_id, options, serial, serial if fresh else 0, now())


def finished(session: Session, terms: Terms) -> dict[str, int]:
    """Return by content the gradings that stand under `terms`: the newest of each that came to a result."""
    rows = session.execute(
        select(GradingRow.sha256, GradingRow.id)
        .where(GradingRow.release_id == terms.release_id, GradingRow.options == terms.options)
        .where(GradingRow.serial >= terms.oldest, GradingRow.state == State.DONE)
        .where(or_(GradingRow.error == "", GradingRow.finished_at >= terms.since))
        .order_by(GradingRow.serial)
    )
    return {row.sha256: row.id for row in rows}


def now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC)


def _grading(sha256: str, terms: Terms) -> Select[GradingRow]:
    return select(GradingRow).filter_by(
        sha256=sha256, release_id=terms.release_id, options=terms.options, serial=terms.serial
    )


def _is_open(row: GradingRow, terms: Terms) -> bool:
    """Say whether a grading may be claimed though it is there: left behind, or without a result long ago."""
    if row.state == State.DONE:
        return bool(row.error) and (row.finished_at or terms.since) < terms.since
    owner = Owner.parse(row.owner)
    return row.lease_until <= now() or (owner is not None and owner.is_dead())


def _replace_results(session: Session, grading_id: int, report: SubmissionReport) -> None:
    for table in (ResultRow, NotebookRow):
        session.execute(delete(table).where(table.grading_id == grading_id))
    if report.checks:
        session.execute(insert(ResultRow), result_rows(grading_id, report.checks))
    if report.notebooks:
        session.execute(insert(NotebookRow), notebook_rows(grading_id, report.notebooks))


def _changed(session: Session, statement: Update) -> bool:
    """Run an update that names one row, and say whether it was still as named."""
    result = session.execute(statement)
    return isinstance(result, CursorResult) and result.rowcount == 1
