"""Who may read what, in words: made from the table that decides it."""

from dataclasses import dataclass

from trainer.i18n import gettext as _
from trainer.i18n import lazy_gettext as _l
from trainer.permissions import OFFERED, READERS, Audience, Reader

AUDIENCE_WORDS = {
    Audience.ONLY_ME: _l("Only me"),
    Audience.PARTNER: _l("Partner"),
    Audience.FACILITATOR: _l("Facilitator"),
    Audience.GROUP: _l("Group"),
    Audience.COHORT: _l("Cohort"),
    Audience.BOSS: _l("Boss"),
}
READER_WORDS = {
    Reader.WRITER: _l("you"),
    Reader.PARTNER: _l("your partner in the exercise"),
    Reader.FACILITATOR: _l("the facilitator who answers you"),
    Reader.GROUP: _l("the trainees of your group"),
    Reader.COHORT: _l("the trainees of your cohort"),
    Reader.BOSS: _l("your boss"),
}


@dataclass(frozen=True)
class AudienceLine:
    """One audience and everybody who reads a text of it."""

    audience: str
    readers: str


def audience_table() -> list[AudienceLine]:
    """Every audience that can be chosen at present, with its readers, in the reader's language."""
    offered = [audience for audience in Audience if audience in OFFERED]
    return [AudienceLine(str(AUDIENCE_WORDS[audience]), readers_in_words(audience)) for audience in offered]


def readers_in_words(audience: Audience) -> str:
    """The readers of a text of this audience, the writer first, as one line."""
    return _(", ").join(str(READER_WORDS[reader]) for reader in Reader if reader in READERS[audience])
