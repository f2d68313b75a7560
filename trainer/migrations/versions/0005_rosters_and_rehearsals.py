"""Rosters that wait for confirmation, what undoing them needs, and which rehearsal somebody has seen."""

import sqlalchemy as sa
from alembic import op

from trainer import db

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("cohorts", sa.Column("rehearsed_digest", sa.String(length=64), nullable=True))
    op.add_column("cohorts", sa.Column("rehearsed_at", db.UTCDateTime(timezone=True), nullable=True))
    op.create_table(
        "roster_uploads",
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", ID, nullable=False),
        sa.Column("uploaded_by_id", ID, nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "cohort_id"],
            ["cohorts.organization_id", "cohorts.id"],
            name=op.f("fk_roster_uploads_organization_id_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "uploaded_by_id"],
            ["users.organization_id", "users.id"],
            name=op.f("fk_roster_uploads_organization_id_uploaded_by_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_roster_uploads_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_uploads")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_roster_uploads_organization_id_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_roster_uploads_uid")),
    )
    op.create_table(
        "roster_imports",
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", ID, nullable=False),
        sa.Column("imported_at", db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("traces", sa.JSON(), nullable=False),
        sa.Column("undone_at", db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "cohort_id"],
            ["cohorts.organization_id", "cohorts.id"],
            name=op.f("fk_roster_imports_organization_id_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_roster_imports_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_imports")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_roster_imports_organization_id_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_roster_imports_uid")),
    )
    with op.batch_alter_table("roster_imports", schema=None) as batch_op:
        batch_op.create_index("ix_roster_imports_cohort", ["cohort_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("roster_imports", schema=None) as batch_op:
        batch_op.drop_index("ix_roster_imports_cohort")
    op.drop_table("roster_imports")
    op.drop_table("roster_uploads")
    # not in a batch: SQLite would make the table anew, and every cohort's rows would go with the old one
    op.drop_column("cohorts", "rehearsed_at")
    op.drop_column("cohorts", "rehearsed_digest")
