"""Lessons: what was watched and read of them, answers to their questions, and counts for a cohort."""

import sqlalchemy as sa
from alembic import op

from trainer import db

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "question_counts",
        sa.Column("cohort_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lesson_id", sa.String(length=60), nullable=False),
        sa.Column("question_id", sa.String(length=60), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "cohort_id"],
            ["cohorts.organization_id", "cohorts.id"],
            name=op.f("fk_question_counts_organization_id_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_question_counts_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_counts")),
        sa.UniqueConstraint("cohort_id", "question_id", name=op.f("uq_question_counts_cohort_id_question_id")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_question_counts_organization_id_id")),
    )
    op.create_table(
        "lesson_progress",
        sa.Column("enrollment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lesson_id", sa.String(length=60), nullable=False),
        sa.Column("opened_at", db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("last_post_at", db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("segments", sa.JSON(), nullable=False),
        sa.Column("position_ms", sa.Integer(), nullable=False),
        sa.Column("watched_share", sa.Double(), nullable=False),
        sa.Column("seen_at", db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("read_at", db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("finished_at", db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "enrollment_id"],
            ["enrollments.organization_id", "enrollments.id"],
            name=op.f("fk_lesson_progress_organization_id_enrollment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_lesson_progress_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_progress")),
        sa.UniqueConstraint("enrollment_id", "lesson_id", name=op.f("uq_lesson_progress_enrollment_id_lesson_id")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_lesson_progress_organization_id_id")),
    )
    op.create_table(
        "question_attempts",
        sa.Column("enrollment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lesson_id", sa.String(length=60), nullable=False),
        sa.Column("question_id", sa.String(length=60), nullable=False),
        sa.Column("first_option_id", sa.String(length=60), nullable=False),
        sa.Column("first_correct", sa.Boolean(), nullable=False),
        sa.Column("first_at", db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("last_option_id", sa.String(length=60), nullable=False),
        sa.Column("last_correct", sa.Boolean(), nullable=False),
        sa.Column("last_at", db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "enrollment_id"],
            ["enrollments.organization_id", "enrollments.id"],
            name=op.f("fk_question_attempts_organization_id_enrollment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_question_attempts_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_attempts")),
        sa.UniqueConstraint(
            "enrollment_id", "question_id", name=op.f("uq_question_attempts_enrollment_id_question_id")
        ),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_question_attempts_organization_id_id")),
    )


def downgrade() -> None:
    op.drop_table("question_attempts")
    op.drop_table("lesson_progress")
    op.drop_table("question_counts")
