"""Writing: drafts with the versions beside them, and who read whose text."""

import sqlalchemy as sa
from alembic import op

from trainer import db

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("enrollment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "enrollment_id"],
            ["enrollments.organization_id", "enrollments.id"],
            name=op.f("fk_drafts_organization_id_enrollment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_drafts_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("enrollment_id", "form", name=op.f("uq_drafts_enrollment_id_form")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_drafts_organization_id_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_drafts_uid")),
    )
    op.create_table(
        "draft_copies",
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "draft_id"],
            ["drafts.organization_id", "drafts.id"],
            name=op.f("fk_draft_copies_organization_id_draft_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_copies")),
        sa.UniqueConstraint("draft_id", "based_on", name=op.f("uq_draft_copies_draft_id_based_on")),
        sa.UniqueConstraint("uid", name=op.f("uq_draft_copies_uid")),
    )
    op.create_table(
        "readings",
        sa.Column("enrollment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.String(length=20), nullable=False),
        sa.Column("reader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first_read_at", db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("last_read_at", db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "enrollment_id"],
            ["enrollments.organization_id", "enrollments.id"],
            name=op.f("fk_readings_organization_id_enrollment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "reader_id"],
            ["users.organization_id", "users.id"],
            name=op.f("fk_readings_organization_id_reader_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
        sa.UniqueConstraint(
            "enrollment_id", "text", "reader_id", name=op.f("uq_readings_enrollment_id_text_reader_id")
        ),
    )


def downgrade() -> None:
    op.drop_table("readings")
    op.drop_table("draft_copies")
    op.drop_table("drafts")
