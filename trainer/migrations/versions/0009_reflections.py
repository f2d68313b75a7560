"""Reflections, their experiments and changed measures, feedback, and a week's rest from one step."""

import sqlalchemy as sa
from alembic import op

from trainer import db

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "experiments",
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("enrollment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("measure_id", sa.String(length=60), nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("decided_at", db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "enrollment_id"],
            ["enrollments.organization_id", "enrollments.id"],
            name=op.f("fk_experiments_organization_id_enrollment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_experiments_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experiments")),
        sa.UniqueConstraint("enrollment_id", "step", name=op.f("uq_experiments_enrollment_id_step")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_experiments_organization_id_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_experiments_uid")),
    )
    op.create_table(
        "reflections",
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("enrollment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("mode", sa.Enum("full", "express", name="mode", native_enum=False, length=20), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "only_me",
                "partner",
                "facilitator",
                "group",
                "cohort",
                "boss",
                name="audience",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("measure_id", sa.String(length=60), nullable=True),
        sa.Column("source_experiment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("submitted_at", db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "cohort_id"],
            ["cohorts.organization_id", "cohorts.id"],
            name=op.f("fk_reflections_organization_id_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "enrollment_id"],
            ["enrollments.organization_id", "enrollments.id"],
            name=op.f("fk_reflections_organization_id_enrollment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "source_experiment_id"],
            ["experiments.organization_id", "experiments.id"],
            name=op.f("fk_reflections_organization_id_source_experiment_id"),
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_reflections_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reflections")),
        sa.UniqueConstraint("enrollment_id", "step", name=op.f("uq_reflections_enrollment_id_step")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_reflections_organization_id_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_reflections_uid")),
    )
    op.create_index(
        "ix_reflections_queue", "reflections", ["cohort_id", "answered_at", "submitted_at", "id"], unique=False
    )
    op.create_table(
        "measure_versions",
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("enrollment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("measure_id", sa.String(length=60), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("change", sa.String(length=20), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "enrollment_id"],
            ["enrollments.organization_id", "enrollments.id"],
            name=op.f("fk_measure_versions_organization_id_enrollment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_measure_versions_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_versions")),
        sa.UniqueConstraint(
            "enrollment_id", "measure_id", "step", name=op.f("uq_measure_versions_enrollment_id_measure_id_step")
        ),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_measure_versions_organization_id_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_measure_versions_uid")),
    )
    op.create_table(
        "feedback",
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("reflection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("facilitator_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("sent_at", db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("thanks_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("thanked_at", db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("question_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "facilitator_id"],
            ["users.organization_id", "users.id"],
            name=op.f("fk_feedback_organization_id_facilitator_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "reflection_id"],
            ["reflections.organization_id", "reflections.id"],
            name=op.f("fk_feedback_organization_id_reflection_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_feedback_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_feedback_organization_id_id")),
        sa.UniqueConstraint("reflection_id", "facilitator_id", name=op.f("uq_feedback_reflection_id_facilitator_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_feedback_uid")),
    )
    op.create_index("ix_feedback_facilitator_id", "feedback", ["facilitator_id", "saved_at"], unique=False)
    op.create_table(
        "snoozes",
        sa.Column("enrollment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("snoozed_at", db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "enrollment_id"],
            ["enrollments.organization_id", "enrollments.id"],
            name=op.f("fk_snoozes_organization_id_enrollment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snoozes")),
        sa.UniqueConstraint("enrollment_id", "step", name=op.f("uq_snoozes_enrollment_id_step")),
    )


def downgrade() -> None:
    op.drop_table("snoozes")
    op.drop_table("feedback")
    op.drop_table("measure_versions")
    op.drop_table("reflections")
    op.drop_table("experiments")
