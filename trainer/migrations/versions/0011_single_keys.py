"""Whether somebody works with single keys at the desks; an index in the order in which waiting plans are read."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

QUEUE: list[str | sa.TextClause] = [
    *("cohort_id", "state", sa.text("warnings DESC"), "submitted_at", "id"),
    *("decided_at", "audience", "enrollment_id"),
]


def upgrade() -> None:
    op.drop_index("ix_plans_queue", table_name="plans")
    op.create_index("ix_plans_queue", "plans", QUEUE)
    op.add_column("users", sa.Column("has_single_keys", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    op.drop_column("users", "has_single_keys")
    op.drop_index("ix_plans_queue", table_name="plans")
    op.create_index("ix_plans_queue", "plans", ["cohort_id", "state", "warnings", "submitted_at", "id"])
