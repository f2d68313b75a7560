"""A submitted plan as it is read: every answer in words, measure by measure, and what is new since the last version."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from trainer.act2_workshop.changes import Piece, pieces_between
from trainer.act2_workshop.plan_words import Answers, PlanWords
from trainer.act2_workshop.typed_plan import AUDIENCE
from trainer.dates import day_words
from trainer.i18n import gettext as _
from trainer.programs.content import Pack
from trainer.programs.content_fields import FieldDescription, SelectMultiPart, SelectPart

IN_THE_SENTENCE = ("when_cue", "then_action")
IN_THE_HEADING = ("title", "scope")


@dataclass(frozen=True)
class Line:
    """One answer: its field's id and label, and the answer in words."""

    field: str
    label: str
    words: str


@dataclass(frozen=True)
class MeasureRead:
    """One measure in words; `sentence` joins its cue and its deed."""

    id: str
    number: int
    title: str
    scope: str
    sentence: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class PlanRead:
    """A whole plan in words."""

    lines: tuple[Line, ...]
    measures: tuple[MeasureRead, ...]


@dataclass(frozen=True)
class Change:
    """A field that says something else now; `where` names its measure, "" for the plan itself."""

    where: str
    label: str
    pieces: tuple[Piece, ...]


def read_plan(words: PlanWords, pack: Pack, peers: Mapping[str, str]) -> PlanRead:
    """A plan in the pack's language; `peers` are the names of the seats it mentions. Who reads it is not part of it."""
    measures = [_measure(number, one, pack) for number, one in enumerate(words.measures, start=1)]
    own = [field for field in pack.plan.plan_fields if field.id != AUDIENCE]
    return PlanRead(tuple(_lines(own, words.fields, pack, peers)), tuple(measures))


def changes_between(old: PlanWords, new: PlanWords, pack: Pack, peers: Mapping[str, str]) -> list[Change]:
    """Every answer that is another now, in the order of the form; a measure keeps its id through all versions."""
    own = [field for field in pack.plan.plan_fields if field.id != AUDIENCE]
    found = _changed("", own, old.fields, new.fields, pack, peers)
    ids = list(dict.fromkeys(str(one["id"]) for one in (*new.measures, *old.measures)))
    for name in ids:
        before, after = old.measure(name) or {}, new.measure(name) or {}
        title = str(after.get("title") or before.get("title") or "")
        found += _changed(title, pack.plan.measure_fields, before, after, pack, peers)
    return found


def joined(cue: object, deed: object) -> str:
    """The cue and the deed as one sentence; "" unless both are there."""
    if not (cue and deed):
        return ""
    return _("%(cue)s, %(deed)s", cue=str(cue).rstrip("、。,. "), deed=str(deed))


def answer_words(field: FieldDescription, value: Any, pack: Pack, peers: Mapping[str, str]) -> str:
    """One answer in words; "" for none."""
    if value in (None, "", [], False):
        return ""
    if isinstance(field, SelectPart | SelectMultiPart):
        return _chosen(dict(pack.choices(field.options)), value)
    if field.type == "level":
        return level_words(int(value), pack)
    if field.type == "date":
        return day_words(date.fromisoformat(str(value)), pack.lang)
    if field.type == "peer_select":
        return _chosen(peers, value)
    return str(value)


def level_words(level: int, pack: Pack) -> str:
    """A level of entrusting with its name: "3 Consult"."""
    names = {one.level: one.name for one in pack.framework.delegation_levels}
    return f"{level} {names.get(level, '')}".strip()


def _measure(number: int, answers: Answers, pack: Pack) -> MeasureRead:
    fields = [one for one in pack.plan.measure_fields if one.id not in (*IN_THE_SENTENCE, *IN_THE_HEADING)]
    described = {one.id: one for one in pack.plan.measure_fields}
    return MeasureRead(
        id=str(answers["id"]),
        number=number,
        title=str(answers.get("title") or ""),
        scope=answer_words(described["scope"], answers.get("scope"), pack, {}),
        sentence=joined(answers.get("when_cue"), answers.get("then_action")),
        lines=tuple(_lines(fields, answers, pack, {})),
    )


def _lines(
    fields: Iterable[FieldDescription], answers: Answers, pack: Pack, peers: Mapping[str, str]
) -> Iterable[Line]:
    for field in fields:
        words = answer_words(field, answers.get(field.id), pack, peers)
        if words:
            yield Line(field.id, field.label, words)


def _changed(
    where: str,
    fields: Iterable[FieldDescription],
    old: Answers,
    new: Answers,
    pack: Pack,
    peers: Mapping[str, str],
) -> list[Change]:
    both = [
        (one.label, answer_words(one, old.get(one.id), pack, peers), answer_words(one, new.get(one.id), pack, peers))
        for one in fields
    ]
    return [
        Change(where, label, tuple(pieces_between(before, after))) for label, before, after in both if before != after
    ]


def _chosen(names: Mapping[str, str], value: Any) -> str:
    values = value if isinstance(value, list | tuple) else [value]
    return _(", ").join(names.get(str(one), "") for one in values if names.get(str(one)))
