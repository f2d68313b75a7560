"""Boards whose numbers are kept on write, changes that can be taken back, held addresses, indexes of the ledger.

The standings of seats that are there already are made by the first nightly task, which a sending process does at once.
"""

import sqlalchemy as sa
from alembic import op

from trainer import db

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LEDGER = ["cohort_id", "local_date", "letter", "state", "id", "organization_id"]
SOME_STANDINGS = {  # name -> which, on SQLite and on PostgreSQL
    "not_done": ("finished <> 31", "finished <> 31"),
    "no_address": ("has_address = 0", "NOT has_address"),
}
IN_HAND = sa.text("state IN ('planned', 'claimed', 'handing')")
BOUNCED = sa.text("score >= 4")
NOT_TOLD = sa.text("told_at IS NULL")
BY_SESSION = """
    UPDATE users SET signed_in_at = (
        SELECT max(created_at) FROM user_sessions
        WHERE user_sessions.organization_id = users.organization_id AND user_sessions.user_id = users.id
    )
"""
OR_ELSE_LONG_AGO = """
    UPDATE users SET signed_in_at = (
        SELECT set_at FROM passwords
        WHERE passwords.organization_id = users.organization_id AND passwords.user_id = users.id
    ) WHERE signed_in_at IS NULL
"""


def upgrade() -> None:
    _make_standings()
    _make_tallies()
    _make_changes()
    _make_held_addresses()
    _remember_who_was_here()
    op.drop_index("ix_prompts_cohort", table_name="prompts")
    op.create_index("ix_prompts_ledger", "prompts", LEDGER)
    op.create_index(
        "ix_prompts_open", "prompts", ["cohort_id", "due_at"], postgresql_where=IN_HAND, sqlite_where=IN_HAND
    )
    op.create_index(
        "ix_addresses_bounced", "addresses", ["organization_id"], postgresql_where=BOUNCED, sqlite_where=BOUNCED
    )


def downgrade() -> None:
    op.drop_index("ix_addresses_bounced", table_name="addresses")
    op.drop_index("ix_prompts_open", table_name="prompts")
    op.drop_index("ix_prompts_ledger", table_name="prompts")
    op.create_index("ix_prompts_cohort", "prompts", ["cohort_id"])
    op.drop_column("users", "signed_in_at")
    for table in ("held_addresses", "changes_by_hand", "tallies", "standings"):
        op.drop_table(table)


def _make_standings() -> None:
    op.create_table(
        "standings",
        sa.Column("cohort_id", ID, nullable=False),
        sa.Column("enrollment_id", ID, nullable=False),
        sa.Column("status", sa.Enum("active", "paused", "withdrawn", native_enum=False, length=20), nullable=False),
        sa.Column("finished", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("step", sa.String(length=20), nullable=True),
        sa.Column("has_address", sa.Boolean(), nullable=False),
        sa.Column("reading", sa.String(length=200), nullable=False),
        sa.Column("department", sa.String(length=200), nullable=False),
        sa.Column("group_name", sa.String(length=200), nullable=False),
        *_of_organization("standings"),
        _of("standings", "cohort_id", "cohorts"),
        _of("standings", "enrollment_id", "enrollments"),
        sa.UniqueConstraint("enrollment_id", name=op.f("uq_standings_enrollment_id")),
    )
    op.create_index("ix_standings_reading", "standings", ["cohort_id", "reading", "enrollment_id"])
    for name, column in (("department", "department"), ("group", "group_name")):
        op.create_index(f"ix_standings_{name}", "standings", ["cohort_id", column, "reading", "enrollment_id"])
    op.create_index("ix_standings_due", "standings", ["cohort_id", "due_on"])
    op.create_index("ix_standings_status", "standings", ["cohort_id", "status", "reading", "enrollment_id"])
    for name, (on_sqlite, on_postgresql) in SOME_STANDINGS.items():
        op.create_index(
            f"ix_standings_{name}",
            "standings",
            ["cohort_id", "reading", "enrollment_id"],
            sqlite_where=sa.text(on_sqlite),
            postgresql_where=sa.text(on_postgresql),
        )


def _make_tallies() -> None:
    op.create_table(
        "tallies",
        sa.Column("cohort_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        *_of_organization("tallies"),
        _of("tallies", "cohort_id", "cohorts"),
        sa.UniqueConstraint("cohort_id", "kind", "key", name=op.f("uq_tallies_cohort_id_kind_key")),
    )


def _make_changes() -> None:
    op.create_table(
        "changes_by_hand",
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", ID, nullable=False),
        sa.Column("enrollment_id", ID, nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("facet", sa.String(length=80), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("done_at", db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("done_by_id", ID, nullable=False),
        sa.Column("undone_at", db.UTCDateTime(timezone=True), nullable=True),
        *_of_organization("changes_by_hand"),
        _of("changes_by_hand", "cohort_id", "cohorts"),
        _of("changes_by_hand", "enrollment_id", "enrollments"),
        _of("changes_by_hand", "done_by_id", "users", ondelete=None),
        sa.UniqueConstraint("uid", name=op.f("uq_changes_by_hand_uid")),
    )
    op.create_index("ix_changes_by_hand_seat", "changes_by_hand", ["enrollment_id", "id"])
    op.create_index("ix_changes_by_hand_cohort", "changes_by_hand", ["cohort_id", "id"])


def _make_held_addresses() -> None:
    op.create_table(
        "held_addresses",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("old_address", sa.String(length=254), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("changed_at", db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("held_until", db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("told_at", db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", db.UTCDateTime(timezone=True), nullable=True),
        *_of_organization("held_addresses"),
        _of("held_addresses", "user_id", "users"),
    )
    op.create_index("ix_held_addresses_user", "held_addresses", ["user_id"])
    op.create_index(
        "ix_held_addresses_to_tell", "held_addresses", ["id"], postgresql_where=NOT_TOLD, sqlite_where=NOT_TOLD
    )


def _remember_who_was_here() -> None:
    op.add_column("users", sa.Column("signed_in_at", db.UTCDateTime(timezone=True), nullable=True))
    op.execute(BY_SESSION)
    op.execute(OR_ELSE_LONG_AGO)


def _of_organization(table: str) -> tuple[sa.Column[int], sa.Column[int], sa.PrimaryKeyConstraint]:
    return (
        sa.Column("id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _of(table: str, column: str, parent: str, ondelete: str | None = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organization_id", column],
        [f"{parent}.organization_id", f"{parent}.id"],
        name=op.f(f"fk_{table}_organization_id_{column}"),
        ondelete=ondelete,
    )
