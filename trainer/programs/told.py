"""What somebody answered, as it is read: each question of the program with its answer in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from trainer.dates import short_day_words
from trainer.programs.content_fields import FieldDescription
from trainer.programs.content_pack import Pack
from trainer.programs.fields_simple import numbered
from trainer.programs.fields_values import is_nothing

Titles = Mapping[str, str]  # measure -> what it is called
BETWEEN = {"ja": "、", "en": ", "}
AFTER_A_NAME = {"ja": "：", "en": ": "}


@dataclass(frozen=True)
class Told:
    """One question and what was answered, in words; several lines where there are several answers."""

    id: str
    label: str
    lines: tuple[str, ...]


def told(
    fields: Iterable[FieldDescription], answers: Mapping[str, Any], pack: Pack, titles: Titles | None = None
) -> list[Told]:
    """The questions that were answered, in their order; the pack's words for what was chosen from it."""
    teller = _Teller(pack, titles or {})
    return [
        Told(field.id, str(field.label), tuple(teller.lines(field, answers[field.id])))
        for field in fields
        if not is_nothing(answers.get(field.id))
    ]


@dataclass(frozen=True)
class _Teller:
    pack: Pack
    titles: Titles

    def lines(self, field: Any, answer: Any) -> Iterable[str]:
        """An answer to a field: one line, or one for each measure, row or item."""
        if field.type.startswith("per_measure_"):
            for measure, value in dict(answer).items():
                title = self.titles.get(measure, measure)
                yield f"{title}{AFTER_A_NAME[self.pack.lang]}{self._one(field, value)}"
        elif isinstance(answer, Mapping):
            yield from (self._row(name, value) for name, value in answer.items())
        elif isinstance(answer, list) and not hasattr(field, "options"):
            yield from (self._row("", value) for value in answer)
        else:
            values = answer if isinstance(answer, list) else [answer]
            yield BETWEEN[self.pack.lang].join(self._one(field, value) for value in values)

    def _one(self, field: Any, value: Any) -> str:
        if field.type == "date":
            return short_day_words(date.fromisoformat(value), self.pack.lang)
        if field.type == "measure_select":
            return self.titles.get(value, str(value))
        return self._choices(field).get(str(value), str(value))

    def _choices(self, field: Any) -> dict[str, str]:
        if hasattr(field, "options"):
            return {name: str(label) for name, label in self.pack.choices(field.options)}
        if hasattr(field, "labels"):
            return dict(numbered(field, self.pack))
        return {}

    def _row(self, name: str, value: Any) -> str:
        cells = value.values() if isinstance(value, Mapping) else [value]
        words = BETWEEN[self.pack.lang].join(str(cell) for cell in cells)
        return f"{name}{AFTER_A_NAME[self.pack.lang]}{words}" if name else words
