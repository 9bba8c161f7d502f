"""The tables: who handed in what, what it was graded to and by which version, and what people changed.

A grading belongs to content, not to a person: two students with the same files share one, and a student who
hands the same files in again has been graded already. What a class is shown hangs on ``arrivals.published_id``.
Times are UTC.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Double, ForeignKey, Index, LargeBinary, MetaData, UniqueConstraint, false
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from grader.gradebook.columns import AnyJson, AnyText, UtcTime


class State(StrEnum):
    """How far a grading is."""

    CLAIMED = "claimed"
    DONE = "done"


class Base(DeclarativeBase):
    """What all tables share; constraints have names, so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  # SQLAlchemy's own declaration
        datetime: UtcTime,
        str: AnyText,
        list[Any]: AnyJson,
        dict[str, Any]: AnyJson,
        bytes: LargeBinary,
        float: Double,
    }


class StudentRow(Base):
    """A member of the course, in whichever homework."""

    __tablename__ = "students"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    lms_id: Mapped[str] = mapped_column(default="")
    anonymous_id: Mapped[str | None] = mapped_column(unique=True)


class SectionRow(Base):
    """Submissions that are graded and shown together: one folder for one homework."""

    __tablename__ = "sections"
    __table_args__ = (UniqueConstraint("assignment_id", "source"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[str]
    source: Mapped[str]
    anonymous: Mapped[bool] = mapped_column(default=False, server_default=false())
    graded_at: Mapped[datetime]


class SubmissionRow(Base):
    """Content that was handed in, by its hash."""

    __tablename__ = "submissions"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    first_seen: Mapped[datetime]


class ArrivalRow(Base):
    """One attempt of one student; ``present`` is false once a later look at the folder misses it.

    ``fingerprint`` tells without opening a file whether it is still what was read; ``error`` says why it could
    not be read, and ``flags`` what staff should see about how it was packed.
    """

    __tablename__ = "arrivals"
    __table_args__ = (UniqueConstraint("section_id", "candidate_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"))
    student_id: Mapped[str] = mapped_column(ForeignKey("students.id"), index=True)
    candidate_id: Mapped[str]
    fingerprint: Mapped[str]
    attempt: Mapped[int]
    submitted_at: Mapped[datetime | None]
    late_seconds: Mapped[float | None]
    sha256: Mapped[str | None] = mapped_column(ForeignKey("submissions.sha256"), index=True)
    flags: Mapped[list[Any]]
    error: Mapped[str]
    present: Mapped[bool]
    published_id: Mapped[int | None] = mapped_column(ForeignKey("gradings.id"), index=True)


class ReleaseRow(Base):
    """A version of a homework together with the engine that grades it."""

    __tablename__ = "releases"
    __table_args__ = (UniqueConstraint("assignment_id", "version", "engine"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[str]
    version: Mapped[str]
    engine: Mapped[str]
    first_used: Mapped[datetime]


class GradingRow(Base):
    """What one content was graded to, under one release and one set of options, the ``serial``-th time anew.

    While it is claimed, ``token`` names the claim and ``owner`` the process that made it.
    """

    __tablename__ = "gradings"
    __table_args__ = (
        UniqueConstraint("sha256", "release_id", "options", "serial"),
        Index("ix_gradings_state_owner", "state", "owner"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("submissions.sha256"))
    release_id: Mapped[int] = mapped_column(ForeignKey("releases.id"))
    options: Mapped[str]
    serial: Mapped[int]
    state: Mapped[str]
    token: Mapped[str]
    owner: Mapped[str]
    lease_until: Mapped[datetime]
    claims: Mapped[int]
    finished_at: Mapped[datetime | None]
    score: Mapped[float] = mapped_column(default=0.0)
    max_score: Mapped[float] = mapped_column(default=0.0)
    isolation: Mapped[str] = mapped_column(default="")
    seconds: Mapped[float] = mapped_column(default=0.0)
    flags: Mapped[list[Any]] = mapped_column(default=list)
    error: Mapped[str] = mapped_column(default="")


class ResultRow(Base):
    """The verdict of one check, as in `grader.results.CheckResult`."""

    __tablename__ = "results"

    grading_id: Mapped[int] = mapped_column(ForeignKey("gradings.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    check_id: Mapped[str]
    part: Mapped[str]
    scope: Mapped[str]
    outcome: Mapped[str]
    points: Mapped[float]
    max_points: Mapped[float]
    title: Mapped[str]
    message: Mapped[str]
    diagnosis: Mapped[str]
    staff_note: Mapped[str]
    seconds: Mapped[float]
    error_map: Mapped[dict[str, Any] | None] = mapped_column(AnyJson(none_as_null=True))


class NotebookRow(Base):
    """An executed notebook's page, compressed."""

    __tablename__ = "notebooks"

    grading_id: Mapped[int] = mapped_column(ForeignKey("gradings.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    summary: Mapped[str]
    packed: Mapped[bytes]


class AdjustmentRow(Base):
    """Points a person gave or took. Rows are added and never changed: together they are the audit trail."""

    __tablename__ = "adjustments"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[str] = mapped_column(index=True)
    student_id: Mapped[str] = mapped_column(ForeignKey("students.id"), index=True)
    part: Mapped[str]
    points: Mapped[float]
    why: Mapped[str]
    who: Mapped[str]
    made_at: Mapped[datetime]
