"""The packs' words for who may read a text, and what the product calls them."""

from trainer.permissions import OFFERED, Audience
from trainer.programs.content_fields import FieldDescription, SelectPart

ONLY_ME_IN_PACKS, PARTNER_IN_PACKS = "private", "pair"
OTHER_WORDS = {ONLY_ME_IN_PACKS: Audience.ONLY_ME, PARTNER_IN_PACKS: Audience.PARTNER}


def audience_of(word: str) -> Audience:
    """The audience that a pack's answer stands for. ValueError for a word that stands for none."""
    return OTHER_WORDS.get(word) or Audience(word)


def word_of(audience: Audience) -> str:
    """The pack's word for an audience."""
    return next((word for word, known in OTHER_WORDS.items() if known is audience), audience.value)


def as_offered(field: FieldDescription) -> FieldDescription:
    """The pack's question about readers, in the pack's words, with those choices alone that can be kept."""
    if not isinstance(field, SelectPart) or isinstance(field.options, str):
        return field
    offered = tuple(option for option in field.options if audience_of(option.id) in OFFERED)
    return field.model_copy(update={"options": offered})
