"""Plans: their versions and answers, the sharing map, and counts for a cohort."""

import sqlalchemy as sa
from alembic import op

from trainer import db

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plans",
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("enrollment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "submitted", "returned", "confirmed", name="planstate", native_enum=False, length=20),
            nullable=False,
        ),
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
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("submitted_at", db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("opened_at", db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("warnings", sa.Integer(), nullable=False),
        sa.Column("decided_at", db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "cohort_id"],
            ["cohorts.organization_id", "cohorts.id"],
            name=op.f("fk_plans_organization_id_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "enrollment_id"],
            ["enrollments.organization_id", "enrollments.id"],
            name=op.f("fk_plans_organization_id_enrollment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_plans_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("enrollment_id", name=op.f("uq_plans_enrollment_id")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_plans_organization_id_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_plans_uid")),
    )
    op.create_index("ix_plans_queue", "plans", ["cohort_id", "state", "warnings", "submitted_at", "id"], unique=False)
    op.create_table(
        "plan_versions",
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("keep_as_is_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("submitted_at", db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "plan_id"],
            ["plans.organization_id", "plans.id"],
            name=op.f("fk_plan_versions_organization_id_plan_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_plan_versions_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_versions")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_plan_versions_organization_id_id")),
        sa.UniqueConstraint("plan_id", "version", name=op.f("uq_plan_versions_plan_id_version")),
        sa.UniqueConstraint("uid", name=op.f("uq_plan_versions_uid")),
    )
    op.create_table(
        "plan_reviews",
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("facilitator_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "decision",
            sa.Enum("confirm", "confirm_with_comment", "return", name="decision", native_enum=False),
            nullable=True,
        ),
        sa.Column("comments_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("is_starred", sa.Boolean(), nullable=False),
        sa.Column("saved_at", db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("decided_at", db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("released_at", db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "facilitator_id"],
            ["users.organization_id", "users.id"],
            name=op.f("fk_plan_reviews_organization_id_facilitator_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "plan_id"],
            ["plans.organization_id", "plans.id"],
            name=op.f("fk_plan_reviews_organization_id_plan_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_plan_reviews_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_reviews")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_plan_reviews_organization_id_id")),
        sa.UniqueConstraint(
            "plan_id", "version", "facilitator_id", name=op.f("uq_plan_reviews_plan_id_version_facilitator_id")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_plan_reviews_uid")),
    )
    op.create_index("ix_plan_reviews_facilitator_id", "plan_reviews", ["facilitator_id", "saved_at"], unique=False)
    op.create_index("ix_plan_reviews_to_release", "plan_reviews", ["released_at", "decided_at"], unique=False)
    op.create_table(
        "map_points",
        sa.Column("enrollment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task_id", sa.String(length=60), nullable=False),
        sa.Column(
            "wave",
            sa.Enum("before", "reflection1", "reflection2", "target", name="wave", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("carrier", sa.String(length=60), nullable=False),
        sa.Column("marked_at", db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "enrollment_id"],
            ["enrollments.organization_id", "enrollments.id"],
            name=op.f("fk_map_points_organization_id_enrollment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_map_points")),
        sa.UniqueConstraint("enrollment_id", "task_id", "wave", name=op.f("uq_map_points_enrollment_id_task_id_wave")),
    )
    op.create_table(
        "plan_counts",
        sa.Column("cohort_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("plans", sa.Integer(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "cohort_id"],
            ["cohorts.organization_id", "cohorts.id"],
            name=op.f("fk_plan_counts_organization_id_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_counts")),
        sa.UniqueConstraint("cohort_id", "kind", "code", name=op.f("uq_plan_counts_cohort_id_kind_code")),
    )


def downgrade() -> None:
    op.drop_table("plan_counts")
    op.drop_table("map_points")
    op.drop_table("plan_reviews")
    op.drop_table("plan_versions")
    op.drop_table("plans")
