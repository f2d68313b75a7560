"""The first step of a plan as an entry for a calendar: the same UID in every version, and a rising SEQUENCE."""

from datetime import date, datetime
from uuid import UUID

from trainer.calendar_entry import Entry, calendar_file


def first_step_entry(
    plan_uid: UUID, *, on: date, title: str, words: str, address: str, version: int, now: datetime
) -> bytes:
    """A whole-day entry. `words` are the writer's own, so the entry is marked as private; `now` is UTC."""
    return calendar_file(Entry(f"{plan_uid}-first-step", version, on, title, words, address), now)
