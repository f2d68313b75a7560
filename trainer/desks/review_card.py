"""A plan as a card: what fits into a minute's reading, and the rest folded; what is new is marked."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from trainer.act2_workshop.changes import Kind, Piece, pieces_between
from trainer.act2_workshop.plan_reading import Line, MeasureRead, PlanRead, level_words, read_plan
from trainer.act2_workshop.plan_words import Answers, PlanWords
from trainer.dates import short_day_words
from trainer.i18n import gettext as _
from trainer.programs.content import Pack

READ_AT_A_GLANCE = {"ja": 700, "en": 1400}  # characters: what is read in about 85 seconds
OPENING = {"ja": 120, "en": 240}  # of the desired state
SENTENCE_END = re.compile(r"(?<=[。！？!?])\s*|(?<=\.)\s+")
IN_ROWS = ("target_state", "level_now", "level_target", "first_step", "first_step_date")
Pieces = tuple[Piece, ...]


@dataclass(frozen=True)
class Row:
    """One answer with its label; pieces that came in since the last version are marked."""

    field: str
    label: str
    pieces: Pieces

    @property
    def length(self) -> int:
        """How many characters there are to read."""
        return len(self.label) + sum(len(piece.text) for piece in self.pieces)


@dataclass(frozen=True)
class MeasureOnCard:
    """One measure: what is read first, and the rest."""

    id: str
    number: int
    title: Pieces
    scope: str
    rows: tuple[Row, ...]
    more: tuple[Row, ...]

    @property
    def title_text(self) -> str:
        """The title as plain text."""
        return "".join(piece.text for piece in self.title)

    @property
    def length(self) -> int:
        """How many characters there are to read before the fold."""
        return _length(self.title) + sum(row.length for row in self.rows)


@dataclass(frozen=True)
class Card:
    """A whole plan; `visible` is the number of characters outside the folds."""

    theme: Pieces
    desired: Pieces
    desired_rest: str
    measures: tuple[MeasureOnCard, ...]
    folded: tuple[MeasureOnCard, ...]  # what does not fit; of several not even the titles do
    more: tuple[Row, ...]
    visible: int


def card_of(words: PlanWords, before: PlanWords | None, pack: Pack) -> Card:
    """The card of a version; `before` is the version that a question was asked of, if this one answers it."""
    now, then = _Told(words, pack), _Told(before, pack) if before is not None else None
    theme, (desired, rest) = now.pieces("", "theme", then), _cut(now.pieces("", "desired_state", then), pack.lang)
    measures = [_measure(measure, now, then) for measure in now.plan.measures]
    visible = _length(theme) + _length(desired) + sum(one.length for one in measures[:1])
    opened = 2 if len(measures) > 1 and visible + measures[1].length <= READ_AT_A_GLANCE[pack.lang] else 1
    more = [now.row("", line, then) for line in now.plan.lines if line.field not in ("theme", "desired_state")]
    return Card(
        theme=theme,
        desired=desired,
        desired_rest=rest,
        measures=tuple(measures[:opened]),
        folded=tuple(measures[opened:]),
        more=tuple(more),
        visible=visible + sum(one.length for one in measures[1:opened]),
    )


class _Told:
    """What a version says, by measure and field, in words."""

    def __init__(self, words: PlanWords, pack: Pack) -> None:
        self.pack = pack
        self.plan: PlanRead = read_plan(words, pack, {})
        self.told: dict[tuple[str, str], str] = {("", line.field): line.words for line in self.plan.lines}
        for measure, answers in zip(self.plan.measures, words.measures, strict=True):
            self.told |= {(measure.id, line.field): line.words for line in measure.lines}
            self.told[measure.id, "title"] = measure.title
            self.told[measure.id, "sentence"] = measure.sentence
            self.told[measure.id, "level"] = _levels(answers, pack)
            self.told[measure.id, "first"] = _first_step(answers, pack)

    def pieces(self, measure: str, field: str, then: "_Told | None") -> Pieces:
        """An answer, with what is new since another version told apart."""
        words = self.told.get((measure, field), "")
        if then is None:
            return (Piece(Kind.SAME, words),) if words else ()
        before = then.told.get((measure, field), "")
        return tuple(piece for piece in pieces_between(before, words) if piece.kind is not Kind.OUT)

    def row(self, measure: str, line: Line, then: "_Told | None") -> Row:
        """An answer with its label."""
        return Row(line.field, line.label, self.pieces(measure, line.field, then))


def _measure(measure: MeasureRead, now: _Told, then: _Told | None) -> MeasureOnCard:
    labels = {one.id: str(one.label) for one in now.pack.plan.measure_fields}
    shown = (
        ("target_state", labels["target_state"]),
        ("sentence", _("If – then")),
        ("level", _("Entrusting")),
        ("first", labels["first_step"]),
    )
    rows = (Row(field, label, now.pieces(measure.id, field, then)) for field, label in shown)
    more = (now.row(measure.id, line, then) for line in measure.lines if line.field not in IN_ROWS)
    title = now.pieces(measure.id, "title", then)
    return MeasureOnCard(measure.id, measure.number, title, measure.scope, _said(rows), _said(more))


def _said(rows: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(row for row in rows if row.pieces)


def _levels(answers: Answers, pack: Pack) -> str:
    now, target = answers.get("level_now"), answers.get("level_target")
    if not (now and target):
        return ""
    return _("%(now)s → %(target)s", now=level_words(now, pack), target=level_words(target, pack))


def _first_step(answers: Answers, pack: Pack) -> str:
    step, day = str(answers.get("first_step") or ""), answers.get("first_step_date")
    if not day:
        return step
    return _("%(day)s: %(step)s", day=short_day_words(date.fromisoformat(str(day)), pack.lang), step=step)


def _cut(pieces: Pieces, language: str) -> tuple[Pieces, str]:
    """What is read first of a long text, by whole sentences where there are some; then the rest."""
    text, limit = "".join(piece.text for piece in pieces), OPENING[language]
    if len(text) <= limit:
        return pieces, ""
    end = max((found.end() for found in SENTENCE_END.finditer(text) if 0 < found.end() <= limit), default=limit)
    shown: list[Piece] = []
    for piece in pieces:
        room = end - _length(shown)
        shown += [Piece(piece.kind, piece.text[:room])] if room > 0 else []
    return tuple(shown), text[end:]


def _length(pieces: Sequence[Piece]) -> int:
    return sum(len(piece.text) for piece in pieces)
