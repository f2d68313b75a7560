"""Why a letter went or did not, in plain words for the office."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from trainer.dates import clock_words, short_day_words
from trainer.i18n import gettext as _
from trainer.i18n import lazy_gettext as _l
from trainer.i18n import ngettext
from trainer.programs.content import Letter, Pack
from trainer.prompts.letter_names import letter_name
from trainer.prompts.models import PromptState
from trainer.prompts.rules import Reason

SKIPPED = {
    Reason.FINISHED: _l("Not sent: the step was finished already."),
    Reason.WITHDRAWN: _l("Not sent: the participation had ended."),
    Reason.PAUSED: _l("Not sent: this person was paused."),
    Reason.JOINED_LATE: _l("Not sent: this person joined after its day."),
    Reason.SUPERSEDED: _l("Not sent: another letter mattered more on this day, and people get one a day at most."),
    Reason.OVER_LIMIT: _l("Not sent: people get two reminders a week at most."),
    Reason.TOO_LATE: _l("Not sent: it would have come too late to be of use."),
    Reason.OPTED_OUT: _l("Not sent: this person asked not to get this kind of letter."),
    Reason.NO_ADDRESS: _l("Not sent: there is no e-mail address."),
    Reason.BOUNCED: _l("Not sent: letters to this address come back."),
}
STATES = {  # in a word, and how its badge looks ("": no badge)
    PromptState.PLANNED: (_l("Planned"), ""),
    PromptState.CLAIMED: (_l("On its way"), ""),
    PromptState.HANDING: (_l("On its way"), ""),
    PromptState.SENT: (_l("Sent"), "ok"),
    PromptState.SKIPPED: (_l("Not sent."), ""),
    PromptState.FAILED: (_l("Not delivered"), "late"),
    PromptState.IN_DOUBT: (_l("Perhaps delivered"), "note"),
}
MORE = {
    PromptState.FAILED: _l("The mail server refused it."),
    PromptState.IN_DOUBT: _l("The connection broke at the last moment."),
}
TO = {
    "boss": _l("to the boss"),
    "observer": _l("to an observer"),
    "coordinator": _l("to the office"),
    "facilitator": _l("to the facilitator"),
}
CAN_GO_AGAIN = (PromptState.FAILED, PromptState.IN_DOUBT)


@dataclass(frozen=True)
class Became:
    """In words, as a badge of a kind ("": none), and what more there is to say."""

    words: str
    kind: str
    more: str


def became(state: PromptState, reason: str | None) -> Became:
    """What became of a letter."""
    words, kind = STATES[state]
    if state is PromptState.SKIPPED and reason in set(Reason):
        words = SKIPPED[Reason(reason)]
    return Became(str(words), kind, str(MORE.get(state, "")))


def letter_words(letter: Letter, pack: Pack) -> tuple[str, str]:
    """What it is called, and to whom it goes if that is not the trainee."""
    return letter_name(letter, pack), str(TO[letter.to]) if letter.to in TO else ""


class Tried(Protocol):
    """What is known of a letter's tries, wherever it is listed."""

    @property
    def state(self) -> PromptState: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def next_at(self) -> datetime: ...
    @property
    def attempts(self) -> int: ...


def next_try(letter: Tried, zone: ZoneInfo, language: str) -> str:
    """When a letter goes that does not go at its own time; "" for any other."""
    if letter.state is not PromptState.PLANNED or letter.next_at == letter.due_at:
        return ""
    at = letter.next_at.astimezone(zone)
    told = {"day": short_day_words(at.date(), language), "time": clock_words(at)}
    if not letter.attempts:
        return _("goes on %(day)s at %(time)s", **told)
    return ngettext(
        "tried %(num)s time, next on %(day)s at %(time)s",
        "tried %(num)s times, next on %(day)s at %(time)s",
        letter.attempts,
        **told,
    )
