"""Named places at which a test may kill or freeze this process, to see what is lost; they do nothing unless armed."""

import os
import signal

NAMES = (
    "planning",
    "after_claim",
    "after_handing",
    "in_body",
    "after_dot",
    "after_250",
    "before_commit",
    "after_commit",
)
OF_PHASE = {"body": "in_body", "dot": "after_dot", "reply": "after_250"}
_passes_left: dict[str, int] = {}
_signals: dict[str, signal.Signals] = {}


def arm(wish: str) -> None:
    """Die at a place, "after_dot", or at its third pass, "after_dot:3"; "after_dot:3:freeze" stands still instead.

    Raises ValueError for an unknown place.
    """
    name, _, more = wish.partition(":")
    times, _, deed = more.partition(":")
    if name not in NAMES:
        raise ValueError(f"{name} is no crash point: {', '.join(NAMES)}")
    _passes_left[name] = int(times or 1)
    _signals[name] = signal.SIGSTOP if deed == "freeze" else signal.SIGKILL


def disarm() -> None:
    """Live on."""
    _passes_left.clear()


def at(name: str) -> None:
    """Here the process dies or stands still if this place is armed, without any chance to tidy up."""
    if name in _passes_left:
        _passes_left[name] -= 1
        if _passes_left[name] == 0:
            os.kill(os.getpid(), _signals[name])


def on_phase(phase: str) -> None:
    """The same for the phases of an SMTP conversation."""
    if phase in OF_PHASE:
        at(OF_PHASE[phase])
