"""Fills both companies of the cast with words that are found again wherever they appear, by walking the mappers."""

import json
import os
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import uuid4

from sqlalchemy import JSON, Column, Enum, LargeBinary, String, Table, TypeDecorator, Uuid, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapper, Session

from tests.permissions.cast import Cast
from trainer.act2_workshop.rules import PlanState
from trainer.db import Base
from trainer.permissions import Audience
from trainer.sealed import Sealed

CANARY = re.compile(r"cny[0-9]{4}x")
FILLED_AT = datetime(2026, 9, 2, 1, 0, tzinfo=UTC)  # the instant of the tests
OWNERS = ("trainee", "other_trainee", "trainee_b")
# columns that hold words of the program, not of people: a canary there would only break the page
OF_THE_PROGRAM: dict[str, Any] = {
    "time_zone": "Asia/Tokyo",
    "zone": "Asia/Tokyo",
    "language": "ja",
    "holidays": "JP",
    "step": "plan",
    "letter": "nudge_experiment",
    "date_id": "plan_due",
    "kind": "pause",
    "facet": "status",
    "key": "pause",
    "lesson": "lesson1",
    "lesson_id": "l1",
    "question_id": "l1q1",
    "first_option_id": "a",
    "last_option_id": "b",
    "opened_by": "code",
    "form": "plan",
    "text": "plan",
    "task_id": "t04",
    "code": "t04",
    "measure_id": "m1",
    "change": "keep",
}
FIRST_STEP = {"first_step_date": "2026-09-09", "when_cue": "If", "then_action": "I do"}
# what a sealed text looks like around a canary where it is no plain text
SHAPES: dict[str, Callable[[str], Any]] = {
    "plan_versions.words": lambda words: {
        "fields": {"desired_state": words, "visibility": "facilitator"},
        "measures": [{"id": "m1", "title": words, "first_step": words, **FIRST_STEP}],
        "map": {"t04": {"before": {"level": 2, "carrier": "self"}, "target": {"level": 4, "carrier": "one"}}},
    },
    "plan_reviews.comments": lambda words: [{"bank": None, "text": words}],
    "drafts.words": lambda words: [["plan-desired_state", words], ["measure", "m1"], ["m1-title", words]],
    "draft_copies.words": lambda words: [["plan-desired_state", words], ["measure", "m1"]],
    "experiments.words": lambda words: {"when": words, "then": words, "prediction": words},
    "reflections.words": lambda words: {"measure_ref": "m1", "scene": words, "rule": words},
    "measure_versions.words": lambda words: {"title": words},
}
# the same for one column of one table: a plan that was returned shows its writer every page there is of it
OF_TABLE: dict[tuple[str, str], Any] = {
    ("plans", "state"): PlanState.RETURNED,
    ("plans", "audience"): Audience.FACILITATOR,
    ("plans", "submitted_at"): FILLED_AT,
    ("plan_versions", "facts"): {},
    ("plan_reviews", "decided_at"): FILLED_AT,
    ("plan_reviews", "released_at"): FILLED_AT,
    ("map_points", "carrier"): "self",
    ("reflections", "step"): "reflection1",
    ("reflections", "audience"): Audience.FACILITATOR,
    ("experiments", "step"): "reflection1",
    ("experiments", "planned_on"): FILLED_AT.date(),
    ("measure_versions", "step"): "reflection1",
    ("snoozes", "step"): "reflection2",
    ("readings", "text"): "reflection1",
    ("feedback", "sent_at"): FILLED_AT,
    ("feedback", "asked_at"): FILLED_AT,
    ("feedback", "answered_at"): FILLED_AT,
    ("feedback", "thanked_at"): FILLED_AT,
}
NOT_FILLED = {
    "program_versions": "the course itself, the same for everybody",
    "closed_accounts": "a row would lock its person out",
    "coordinators": "a row would make its person one of the office",
    "rate_buckets": "hashes and figures only",
    "workers": "processes, no people",
    "task_runs": "tasks, no people",
    "demo_clocks": "the demo's time, no people",
}
PLAIN = {
    int: 1,
    float: 1.0,
    bool: False,
    datetime: FILLED_AT,
    date: FILLED_AT.date(),
    time: FILLED_AT.time(),
}


class Filler:
    """Puts a canary into every text of every table, stored sealed or not, and knows whose it is.

    The session needs the key ring.
    """

    def __init__(self, cast: Cast, db: Session) -> None:
        self.cast, self.db = cast, db
        self.meaning: dict[str, str] = {}  # canary -> table.column@whose

    def fill(self) -> None:
        """Add rows for each trainee wherever a table takes one more, then write the canaries. Flushes."""
        mappers = {mapper.local_table: mapper for mapper in Base.registry.mappers}
        for table in Base.metadata.sorted_tables:
            if table in mappers and table.name not in NOT_FILLED:
                for owner in OWNERS:
                    self._add_row(mappers[table], owner)
                for row in self.db.scalars(select(mappers[table].class_)).all():
                    self._write_canaries(mappers[table], row)
                self.db.flush()

    def empty_tables(self) -> list[str]:
        """The tables that hold nothing although they should: what is not filled is not watched."""
        tables = [table for table in Base.metadata.sorted_tables if table.name not in NOT_FILLED]
        return [table.name for table in tables if not self.db.scalar(select(func.count()).select_from(table))]

    def _add_row(self, mapper: Mapper[Any], owner: str) -> None:
        """One more row of this person; a table that already has the one it takes stays as it is."""
        table = mapper.local_table
        assert isinstance(table, Table)
        values = {column.name: self._value(column, owner) for column in table.columns if column.name != "id"}
        try:
            with self.db.begin_nested():
                self.db.add(mapper.class_(**values))
        except IntegrityError:
            return

    def _value(self, column: Column[Any], owner: str) -> Any:
        if column.name == "organization_id":
            return self.cast.users[owner].organization_id
        if column.name in ("facilitator_id", "reader_id"):
            return self.cast.users["facilitator_b" if owner.endswith("_b") else "facilitator"].id
        target = next((key.column.table.name for key in column.foreign_keys), "")
        if target or column.name == "program_version_id":
            return self._referred(target, owner)
        if (column.table.name, column.name) in OF_TABLE:
            return OF_TABLE[column.table.name, column.name]
        if column.name in OF_THE_PROGRAM and isinstance(column.type, String):
            return OF_THE_PROGRAM[column.name]
        return None if column.nullable and not isinstance(column.type, String) else _any_value(column)

    def _referred(self, table: str, owner: str) -> int | None:
        seat = self.cast.seats[owner]
        known = {
            "enrollments": seat.id,
            "users": seat.user_id,
            "cohorts": seat.cohort_id,
            "groups": seat.group_id,
            "organizations": seat.organization_id,
        }
        if table in known:
            return known[table]
        if table in ("program_versions", ""):
            return int(self._cohort_of(owner).program_version_id)
        parent = Base.metadata.tables[table]
        of_company = select(parent.c.id).where(parent.c.organization_id == seat.organization_id)
        if "enrollment_id" in parent.c:
            of_company = of_company.where(parent.c.enrollment_id == seat.id)
        found: int | None = self.db.scalar(of_company.order_by(parent.c.id))
        return found

    def _write_canaries(self, mapper: Mapper[Any], row: Any) -> None:
        for attribute in mapper.column_attrs:
            column = attribute.columns[0]
            is_text = isinstance(column.type, String) and not isinstance(column.type, Enum)
            is_of_program = column.name in OF_THE_PROGRAM or (str(mapper.local_table), column.name) in OF_TABLE
            if is_text and not is_of_program and not column.primary_key:
                self._write(row, attribute.key, f"{mapper.local_table}.{column.name}@{self._whose(row)}")
        for name in (name for name, one in vars(mapper.class_).items() if isinstance(one, Sealed)):
            self._seal(row, name, f"{mapper.local_table}.{name}")

    def _write(self, row: Any, attribute: str, meaning: str) -> None:
        canary = f"cny{len(self.meaning):04}x"
        self.meaning[canary] = meaning
        setattr(row, attribute, f"{canary}@example.jp" if attribute == "email" else canary)

    def _seal(self, row: Any, attribute: str, column: str) -> None:
        """Words that are stored sealed: the canary opens with its row, in the shape that its readers expect."""
        canary = f"cny{len(self.meaning):04}x"
        self.meaning[canary] = f"{column}@{self._whose(row)}"
        shape = SHAPES.get(column)
        setattr(row, attribute, json.dumps(shape(canary)) if shape else canary)

    def _whose(self, row: Any) -> str:
        users = {user.id: name for name, user in self.cast.users.items()}
        seats = {seat.id: users[seat.user_id] for seat in self.cast.seats.values()}
        company = next(
            (
                name
                for name, one in self.cast.organizations.items()
                if one.id == getattr(row, "organization_id", row.id)
            ),
            "nobody",
        )
        by_table = {
            "users": users.get(row.id),
            "cohorts": f"cohort {company}",
            "groups": f"cohort {company}",
            "organizations": f"company {company}",
        }
        if row.__tablename__ in by_table:
            return str(by_table[row.__tablename__])
        owner = seats.get(getattr(row, "enrollment_id", 0)) or users.get(getattr(row, "user_id", 0))
        return owner or self._owner_of_parent(row) or f"company {company}"

    def _owner_of_parent(self, row: Any) -> str | None:
        """Whose a row is that hangs from another one: an attempt from its letter."""
        for column in row.__table__.columns:
            for key in column.foreign_keys:
                parent = next(m for m in Base.registry.mappers if m.local_table is key.column.table).class_
                if hasattr(parent, "enrollment_id") and getattr(row, column.name):
                    return self._whose(self.db.get_one(parent, getattr(row, column.name)))
        return None

    def _cohort_of(self, owner: str) -> Any:
        seat = self.cast.seats[owner]
        return next(cohort for cohort in self.cast.cohorts.values() if cohort.id == seat.cohort_id)


def _any_value(column: Column[Any]) -> Any:
    """A value that a column takes, the same for everybody where it may be."""
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    if isinstance(kind, Enum):
        return next(iter(kind.enum_class or kind.enums))
    made: dict[type, Callable[[], Any]] = {
        JSON: list,
        LargeBinary: lambda: os.urandom(32),
        Uuid: uuid4,
        String: lambda: f"filled {uuid4()}",
    }
    make = next((make for of_kind, make in made.items() if isinstance(kind, of_kind)), lambda: PLAIN[kind.python_type])
    value = make()
    return value[: getattr(kind, "length", None) or 40] if isinstance(value, str) else value
