"""What follows from each outcome of handing a letter over: pure, the table of failure classes and their back-off."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from trainer.mail_outcomes import Outcome
from trainer.prompts.models import PromptState

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 30, 60, 120, 240, 480))
FULL_FOR = timedelta(hours=24)  # a mailbox that stays full so long counts against its address
UNWRITABLE_TIMES = 3
UNWRITTEN = "unwritten"  # the outcome of a letter that could not be written
ADDRESS_IS_WRONG, MAILBOX_STAYS_FULL = 2, 1  # what they add to an address's score
OF_THE_RELAY = (Outcome.RELAY_AWAY, Outcome.RELAY_REFUSES_US, Outcome.TOO_MANY)


@dataclass(frozen=True)
class Earlier:
    """How often this letter has ended in the same way before, and when for the first time."""

    times: int = 0
    first_at: datetime | None = None


@dataclass(frozen=True)
class Fate:
    """The next state; `next_at` None leaves the row's own; `score` is added to its address's."""

    state: PromptState
    next_at: datetime | None = None
    is_a_try: bool = True
    score: int = 0


def fate_of(
    outcome: Outcome | None,
    *,
    attempts: int,
    not_after: datetime,
    earlier: Earlier,
    now: datetime,
    back_off: tuple[timedelta, ...] = BACK_OFF,
) -> Fate:
    """What becomes of a letter at `now`; None for an outcome is a letter that could not be written.

    `attempts` counts this try; the wait after the last of `back_off` stays the same.
    """
    later = now + wait(back_off, earlier.times + 1)
    if outcome is None:
        if earlier.times + 1 >= UNWRITABLE_TIMES:
            return Fate(PromptState.FAILED, is_a_try=False)
        return Fate(PromptState.PLANNED, later, is_a_try=False)
    if outcome is Outcome.LOST_BEFORE_DOT:
        return Fate(PromptState.PLANNED, later, is_a_try=False)
    if outcome in OF_THE_RELAY:
        return Fate(PromptState.PLANNED, is_a_try=False)
    return _fate_of_a_try(outcome, now + wait(back_off, attempts), not_after, earlier, now)


def wait(back_off: tuple[timedelta, ...], times: int) -> timedelta:
    """How long to wait after the `times`-th failure, from 1 on."""
    return back_off[min(max(times, 1), len(back_off)) - 1]


def _fate_of_a_try(outcome: Outcome, again_at: datetime, not_after: datetime, earlier: Earlier, now: datetime) -> Fate:
    certain = {
        Outcome.SENT: Fate(PromptState.SENT),
        Outcome.IN_DOUBT: Fate(PromptState.IN_DOUBT),
        Outcome.ADDRESS_REFUSED: Fate(PromptState.FAILED, score=ADDRESS_IS_WRONG),
        Outcome.POLICY: Fate(PromptState.FAILED),
    }
    if outcome in certain:
        return certain[outcome]
    is_full = outcome is Outcome.MAILBOX_FULL
    stays_full = is_full and earlier.first_at is not None and now - earlier.first_at >= FULL_FOR
    if stays_full or again_at > not_after:
        return Fate(PromptState.FAILED, score=MAILBOX_STAYS_FULL if is_full else 0)
    return Fate(PromptState.PLANNED, again_at)
