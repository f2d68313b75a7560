"""The day of a plan's first step, which a letter follows."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("plan_versions", sa.Column("first_step_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("plan_versions", "first_step_on")
