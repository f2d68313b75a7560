"""How patient and how quick the sender is: the settings, as durations."""

from dataclasses import dataclass, field
from datetime import timedelta

from trainer.prompts.claim import CLAIM
from trainer.prompts.consequences import BACK_OFF
from trainer.settings import Settings
from trainer.smtp_relay import Timeouts

GROUP = 20  # letters that are handed over, and results that are written, at once
RESULTS_WAIT_SECONDS = 0.05


@dataclass(frozen=True)
class Pace:
    """Everything about time and amounts; tests shorten it."""

    lease_seconds: float = 120
    heartbeat_seconds: float = 20
    tick_seconds: float = 5
    reaper_seconds: float = 15
    breaker_seconds: float = 15
    timeouts: Timeouts = field(default_factory=Timeouts)
    back_off: tuple[timedelta, ...] = BACK_OFF
    connections: int = 1
    rate_per_minute: float | None = None
    claim: int = CLAIM
    turn_seconds: float = 30  # then the next turn begins, with an instant of its own
    stop_seconds: float = 25  # for the letter in hand, when asked to stop

    @property
    def margin_seconds(self) -> float:
        """With less than this left of the lease no further letter is handed over: one SMTP time-out.

        RFC 5321's are longer than a lease, which heartbeats prolong; then half a lease without any of them it is.
        """
        return min(self.timeouts.command, self.lease_seconds / 2)


def pace_of(settings: Settings) -> Pace:
    """The pace that the settings ask for."""
    return Pace(
        lease_seconds=settings.lease_seconds,
        heartbeat_seconds=settings.heartbeat_seconds,
        tick_seconds=settings.tick_seconds,
        reaper_seconds=settings.reaper_seconds,
        breaker_seconds=settings.breaker_seconds,
        timeouts=Timeouts(
            command=settings.smtp_connect_timeout_seconds,
            data=settings.smtp_data_timeout_seconds,
            dot=settings.smtp_dot_timeout_seconds,
        ),
        back_off=tuple(timedelta(seconds=seconds) for seconds in settings.back_off_seconds),
        connections=settings.smtp_connections,
        rate_per_minute=settings.rate_per_minute,
    )
