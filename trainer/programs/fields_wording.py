"""What the pack says of a field in the present situation, and its conditions in words for a page without a script."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wtforms import FormField

from trainer.i18n import gettext as _
from trainer.programs.conditions import holds, is_required
from trainer.programs.content_fields import FieldDescription, OtherWording, TextPart


@dataclass(frozen=True)
class Other:
    """Another wording of the same field, and when it applies."""

    condition: str  # JSON for the page's script, like {"status": "not_yet"}
    in_words: str
    label: str
    hint: str


def word(
    fields: Mapping[str, Any], field: Any, described: FieldDescription, situation: Mapping[str, str | None]
) -> None:
    """Put at a field what its description says of it, as it is in this situation.

    `least` is how many characters of a text are asked for, None where any number will do. `condition` and
    `condition_in_words` are "" where the field is always shown; `other` and `usual` are the wordings of a field that
    has two, None otherwise.
    """
    field.described = described
    field.hint, field.example, field.note = described.hint, described.example, described.note
    field.least = described.min if isinstance(described, TextPart) else None
    field.is_shown = holds(described.show_if, situation)
    field.is_required = field.is_shown and is_required(described.required, situation)
    field.condition = json.dumps(described.show_if) if described.show_if else ""
    field.condition_in_words = _in_words(fields, described.show_if or {})
    field.other = field.usual = None
    alternative = described.alt_if if isinstance(described, TextPart) else None
    if alternative:
        _word_twice(fields, field, described, alternative)
        if holds(alternative.condition, situation):
            field.label.text, field.hint = field.other.label, field.other.hint


def _word_twice(fields: Mapping[str, Any], field: Any, described: FieldDescription, alternative: OtherWording) -> None:
    hint = described.hint or ""
    condition, in_words = json.dumps(alternative.condition), _in_words(fields, alternative.condition)
    field.other = Other(condition, in_words, alternative.label, alternative.hint or hint)
    field.usual = Other("", "", described.label, hint)


def _in_words(fields: Mapping[str, Any], condition: Mapping[str, str]) -> str:
    """A condition as a person reads it; "" for one that the page itself decides (what was submitted before)."""
    told = [_one_in_words(fields, name, wanted) for name, wanted in condition.items()]
    return _(", and ").join(words for words in told if words)


def _one_in_words(fields: Mapping[str, Any], name: str, wanted: str) -> str:
    asked = (fields.get("m_status") or fields.get("tried")) if name == "status" else fields.get(name)
    if asked is None or not getattr(asked, "is_shown", True):
        return ""
    if wanted == "*":
        return _("“%(field)s” is chosen", field=asked.label.text)
    return _("“%(field)s” is “%(answer)s”", field=asked.label.text, answer=_answer_in_words(asked, wanted))


def _answer_in_words(asked: Any, wanted: str) -> str:
    choosing = next(iter(asked), asked) if isinstance(asked, FormField) else asked
    choices = getattr(choosing, "choices", None) or ()
    return next((str(choice.label) for choice in choices if str(choice.value) == wanted), wanted)
