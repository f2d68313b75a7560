"""What the parts of one turn share: its instant, what has become of its letters, and whether it still goes on."""

import logging
import math
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from scheduler.engine import Engine
from scheduler.sender import Stopwatch
from trainer.prompts import workers
from trainer.prompts.models import PromptState
from trainer.prompts.timetables import Timetables

log = logging.getLogger(__name__)


@dataclass
class Turn:
    """One turn of one process."""

    engine: Engine
    watch: Stopwatch
    states: Counter[PromptState] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    ends: float = math.inf  # monotonic; then what is left waits for the next turn, which has a newer instant
    timetables: Timetables = field(default_factory=Timetables)
    handed: set[int] = field(default_factory=set)  # rows that left our hands, or were to
    refused: set[int] = field(default_factory=set)  # rows that were not to be asked any more, after all
    refused_twice: set[int] = field(default_factory=set)
    is_broken: bool = False
    shown_at: float = field(default_factory=time.monotonic)

    @property
    def token(self) -> UUID:
        """The lease of the letters in hand."""
        token = self.engine.lease.token
        if token is None:
            raise RuntimeError("letters are carried without a lease")
        return token

    def goes_on(self) -> bool:
        """Whether another letter may be prepared or claimed."""
        if self.is_broken or self.engine.stopping.is_set() or time.monotonic() >= self.ends:
            return False
        return not self.engine.breaker.is_open(self.watch.at())

    def refuse(self, ids: Iterable[int]) -> None:
        """Remember letters that were claimed and then not to be asked after all."""
        for prompt_id in ids:
            (self.refused_twice if prompt_id in self.refused else self.refused).add(prompt_id)

    def give_up(self, what: str) -> None:
        """After an error: finish what is on its way, and leave the rest to the next turn."""
        log.exception("this turn could not %s", what)
        self.errors.append(what)
        self.is_broken = True

    def show_life(self) -> None:
        """A turn may wait ten minutes for one answer of the relay: say meanwhile that somebody is here."""
        if time.monotonic() - self.shown_at < self.engine.pace.tick_seconds:
            return
        self.shown_at = time.monotonic()
        try:
            with self.engine.database.session() as db:
                workers.mark_tick(db, self.engine.worker, self.watch.at())
                db.commit()
        except SQLAlchemyError:
            log.exception("the sign of life could not be written")
