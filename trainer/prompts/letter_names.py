"""What a letter is called in a list: its subject, without what only the letter itself knows."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from trainer.i18n import gettext as _
from trainer.i18n import lazy_gettext as _l
from trainer.letter_text import BREAKS, PROGRAM_IN_FRONT, VARIABLE
from trainer.programs.content import Letter, Pack
from trainer.prompts.frames import step_name

NOTHING_KNOWN: Mapping[str, str] = MappingProxyType({})
ASIDE = re.compile(r"\s*[(（][^()（）]*\{\{[^()（）]*[)）]")  # until when, how long
UNTIL = re.compile(r"\s*[:：,、]\s*(due |by |until )?\{\{[^{}]*\}\}$")
COUNTED = re.compile(r"\s*\{\{\w+_count\}\}(件|本)?$")
FACILITATOR = re.compile(r"\{\{facilitator_name\}\}(さん)?")
TRAINEE = re.compile(r"\{\{trainee_name\}\}")
COHORT = re.compile(r"\{\{cohort_name\}\}\s*")
KINDS = {  # of a step's letters whose subject says nothing without what is not known here
    "opening": _l("%(step)s begins"),
    "reminder": _l("%(step)s: still open"),
    "last": _l("%(step)s: the due date is near"),
}


def letter_name(letter: Letter, pack: Pack, known: Mapping[str, str] = NOTHING_KNOWN) -> str:
    """The subject of a letter with what is `known` (name of a variable -> its value), in the pack's language.

    What is not known is left out where the sentence allows it; where it does not, the name tells the step and the kind.
    """
    subject = PROGRAM_IN_FRONT.sub("", letter.subject)
    subject = VARIABLE.sub(lambda found: known.get(found[1].strip()) or found[0], subject)
    for part in (ASIDE, UNTIL, COUNTED, COHORT):
        subject = part.sub("", subject)
    subject = TRAINEE.sub(_("(name)"), FACILITATOR.sub(_("the facilitator"), subject))
    if VARIABLE.search(subject):
        subject = _by_its_kind(letter, pack, subject)
    subject = BREAKS.sub(" ", subject).strip()
    return subject[:1].upper() + subject[1:]


def _by_its_kind(letter: Letter, pack: Pack, subject: str) -> str:
    if letter.step and letter.rank in KINDS:
        return str(KINDS[letter.rank]) % {"step": step_name(letter.step, pack)}
    return VARIABLE.sub("…", subject)
