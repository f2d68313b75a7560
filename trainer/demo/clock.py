"""The demo's clock: how far it has been moved ahead is kept in a file that every process of the demo reads."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trainer import clock
from trainer.prompts.models import Prompt, PromptState
from trainer.settings import Settings

FILE = "demo-clock"  # beside the key ring, which belongs to the same database


class DemoClock:
    """How far the demo is ahead of the time outside; it goes on from there, also after a restart, and never back."""

    def __init__(self, settings: Settings) -> None:
        self.path: Path = settings.key_ring.with_name(FILE)

    def ahead(self) -> timedelta:
        """How far it is ahead: nothing until it is moved for the first time."""
        try:
            return timedelta(seconds=float(self.path.read_text(encoding="ascii")))
        except FileNotFoundError:
            return timedelta(0)

    def next_day(self, now: datetime) -> datetime:
        """Move on to the same hour of the next day; gives that UTC instant."""
        return self._move_on(timedelta(days=1), now)

    def to_next_letter(self, db: Session, now: datetime) -> datetime | None:
        """Move on to the instant at which the next planned letter is due, and give it; None where none is planned."""
        planned = select(func.min(Prompt.next_at)).where(Prompt.state == PromptState.PLANNED, Prompt.next_at > now)
        next_at = db.scalar(planned)
        return self._move_on(next_at - now, now) if next_at else None

    def _move_on(self, by: timedelta, now: datetime) -> datetime:
        new = self.path.with_name(f"{FILE}.{os.getpid()}")
        new.write_text(str((self.ahead() + by).total_seconds()), encoding="ascii")
        new.replace(self.path)  # a reader finds the old time or the new one
        return now + by


def follow_demo_clock(settings: Settings) -> DemoClock:
    """Have this process's clock go with the demo's, and give that. Raises ValueError outside the demo."""
    if settings.environment != "demo":
        raise ValueError("only the demo's clock can be moved")
    demo_clock = DemoClock(settings)
    clock.follow(demo_clock.ahead)
    return demo_clock
