"""The address to which a letter was sent, which may be another than its person's present one."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("prompts", sa.Column("sent_to", sa.String(length=254), nullable=True))


def downgrade() -> None:
    op.drop_column("prompts", "sent_to")
