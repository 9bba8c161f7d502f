"""Students, sections, submissions, arrivals, releases, gradings, results, notebooks and adjustments."""

import sqlalchemy as sa
from alembic import op

from grader.gradebook.columns import AnyJson, AnyText, UtcTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "releases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", AnyText(), nullable=False),
        sa.Column("version", AnyText(), nullable=False),
        sa.Column("engine", AnyText(), nullable=False),
        sa.Column("first_used", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_releases")),
        sa.UniqueConstraint(
            "assignment_id", "version", "engine", name=op.f("uq_releases_assignment_id_version_engine")
        ),
    )
    op.create_table(
        "sections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", AnyText(), nullable=False),
        sa.Column("source", AnyText(), nullable=False),
        sa.Column("graded_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sections")),
        sa.UniqueConstraint("assignment_id", "source", name=op.f("uq_sections_assignment_id_source")),
    )
    op.create_table(
        "students",
        sa.Column("id", AnyText(), nullable=False),
        sa.Column("name", AnyText(), nullable=False),
        sa.Column("email", AnyText(), nullable=False),
        sa.Column("lms_id", AnyText(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_students")),
    )
    op.create_table(
        "submissions",
        sa.Column("sha256", AnyText(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("first_seen", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_submissions")),
    )
    op.create_table(
        "adjustments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", AnyText(), nullable=False),
        sa.Column("student_id", AnyText(), nullable=False),
        sa.Column("part", AnyText(), nullable=False),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("why", AnyText(), nullable=False),
        sa.Column("who", AnyText(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_adjustments_student_id_students")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustments")),
    )
    op.create_index(op.f("ix_adjustments_assignment_id"), "adjustments", ["assignment_id"], unique=False)
    op.create_index(op.f("ix_adjustments_student_id"), "adjustments", ["student_id"], unique=False)
    op.create_table(
        "gradings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", AnyText(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("options", AnyText(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("state", AnyText(), nullable=False),
        sa.Column("token", AnyText(), nullable=False),
        sa.Column("owner", AnyText(), nullable=False),
        sa.Column("lease_until", UtcTime(), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("finished_at", UtcTime(), nullable=True),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("max_score", sa.Double(), nullable=False),
        sa.Column("isolation", AnyText(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("flags", AnyJson(), nullable=False),
        sa.Column("error", AnyText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["releases.id"], name=op.f("fk_gradings_release_id_releases")
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["submissions.sha256"], name=op.f("fk_gradings_sha256_submissions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gradings")),
        sa.UniqueConstraint(
            "sha256",
            "release_id",
            "options",
            "serial",
            name=op.f("uq_gradings_sha256_release_id_options_serial"),
        ),
    )
    op.create_index("ix_gradings_state_owner", "gradings", ["state", "owner"], unique=False)
    op.create_table(
        "arrivals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("student_id", AnyText(), nullable=False),
        sa.Column("candidate_id", AnyText(), nullable=False),
        sa.Column("fingerprint", AnyText(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("submitted_at", UtcTime(), nullable=True),
        sa.Column("late_seconds", sa.Double(), nullable=True),
        sa.Column("sha256", AnyText(), nullable=True),
        sa.Column("flags", AnyJson(), nullable=False),
        sa.Column("error", AnyText(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("published_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["published_id"], ["gradings.id"], name=op.f("fk_arrivals_published_id_gradings")
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["sections.id"], name=op.f("fk_arrivals_section_id_sections")
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["submissions.sha256"], name=op.f("fk_arrivals_sha256_submissions")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["students.id"], name=op.f("fk_arrivals_student_id_students")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrivals")),
        sa.UniqueConstraint("section_id", "candidate_id", name=op.f("uq_arrivals_section_id_candidate_id")),
    )
    op.create_index(op.f("ix_arrivals_published_id"), "arrivals", ["published_id"], unique=False)
    op.create_index(op.f("ix_arrivals_sha256"), "arrivals", ["sha256"], unique=False)
    op.create_index(op.f("ix_arrivals_student_id"), "arrivals", ["student_id"], unique=False)
    op.create_table(
        "notebooks",
        sa.Column("grading_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", AnyText(), nullable=False),
        sa.Column("summary", AnyText(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["grading_id"], ["gradings.id"], name=op.f("fk_notebooks_grading_id_gradings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("grading_id", "position", name=op.f("pk_notebooks")),
    )
    op.create_table(
        "results",
        sa.Column("grading_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("check_id", AnyText(), nullable=False),
        sa.Column("part", AnyText(), nullable=False),
        sa.Column("scope", AnyText(), nullable=False),
        sa.Column("outcome", AnyText(), nullable=False),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("max_points", sa.Double(), nullable=False),
        sa.Column("title", AnyText(), nullable=False),
        sa.Column("message", AnyText(), nullable=False),
        sa.Column("diagnosis", AnyText(), nullable=False),
        sa.Column("staff_note", AnyText(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("error_map", AnyJson(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["grading_id"], ["gradings.id"], name=op.f("fk_results_grading_id_gradings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("grading_id", "position", name=op.f("pk_results")),
    )
