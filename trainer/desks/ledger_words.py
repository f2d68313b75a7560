"""Why a letter came or did not, in plain words for the person it is about."""

from trainer.i18n import lazy_gettext as _l
from trainer.prompts.models import PromptState
from trainer.prompts.rules import Reason

SKIPPED = {
    Reason.FINISHED: _l("Not sent: you had finished this step already."),
    Reason.WITHDRAWN: _l("Not sent: the participation had ended."),
    Reason.PAUSED: _l("Not sent: letters of this kind rested for you at that time."),
    Reason.JOINED_LATE: _l("Not sent: you joined after this day."),
    Reason.SUPERSEDED: _l("Not sent: another letter mattered more on this day, and you get one a day at most."),
    Reason.OVER_LIMIT: _l("Not sent: you get two reminders a week at most."),
    Reason.TOO_LATE: _l("Not sent: it would have come too late to be of use."),
    Reason.OPTED_OUT: _l("Not sent: you asked not to get this kind of letter."),
    Reason.NO_ADDRESS: _l("Not sent: there is no e-mail address."),
    Reason.BOUNCED: _l("Not sent: letters to this address come back."),
}
ON_ITS_WAY = _l("On its way.")
STATES = {
    PromptState.PLANNED: ON_ITS_WAY,
    PromptState.CLAIMED: ON_ITS_WAY,
    PromptState.HANDING: ON_ITS_WAY,
    PromptState.FAILED: _l("Not delivered: the mail server refused it."),
    PromptState.IN_DOUBT: _l("Perhaps delivered: the connection broke at the last moment."),
}


def why(state: PromptState, reason: str | None, usual: str) -> str:
    """One sentence about one letter; `usual` says why it was to go at all."""
    if state is PromptState.SKIPPED and reason:
        return str(SKIPPED[Reason(reason)])
    return str(STATES.get(state, usual))
