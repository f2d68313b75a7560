"""The packs' words for who may read a text, and what the product calls them."""

from werkzeug.datastructures import MultiDict

from trainer.permissions import Audience
from trainer.programs.content_fields import FieldDescription, SelectPart
from trainer.writing.widening import offered_audiences

ONLY_ME_IN_PACKS, PARTNER_IN_PACKS = "private", "pair"
OTHER_WORDS = {ONLY_ME_IN_PACKS: Audience.ONLY_ME, PARTNER_IN_PACKS: Audience.PARTNER}


def audience_of(word: str) -> Audience:
    """The audience that a pack's answer stands for. ValueError for a word that stands for none."""
    return OTHER_WORDS.get(word) or Audience(word)


def word_of(audience: Audience) -> str:
    """The pack's word for an audience."""
    return next((word for word, known in OTHER_WORDS.items() if known is audience), audience.value)


def as_offered(field: FieldDescription, *, has_group: bool) -> FieldDescription:
    """The pack's question about readers, in the pack's words, with those choices alone that this writer has."""
    if not isinstance(field, SelectPart) or isinstance(field.options, str):
        return field
    offered = offered_audiences(has_group=has_group)
    options = tuple(option for option in field.options if audience_of(option.id) in offered)
    default = field.default if field.default in {option.id for option in options} else None
    return field.model_copy(update={"options": options, "default": default})


def with_offered(draft: MultiDict[str, str], name: str, field: FieldDescription) -> MultiDict[str, str]:
    """What a draft says, with the default where it names readers that are not offered (any more).

    Somebody may leave their group while they write. `name` is the form's for `field`, which is as it is offered.
    """
    if not isinstance(field, SelectPart) or isinstance(field.options, str):
        return draft
    if draft.get(name, "") in {"", *(option.id for option in field.options)}:
        return draft
    kept = MultiDict(draft)
    kept.setlist(name, [field.default] if field.default else [])
    return kept
