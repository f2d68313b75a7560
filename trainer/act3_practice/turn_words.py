"""What was decided and planned, in sentences: an if-then, a measure, what became of it."""

import re
from dataclasses import dataclass

from trainer.act3_practice.queries import Measure, Practice, Turn
from trainer.act3_practice.reflection_words import Decided
from trainer.act3_practice.rules import Answers
from trainer.dates import short_day_words
from trainer.i18n import gettext as _
from trainer.programs.content import Pack
from trainer.programs.told import Told, told

BEGINS_WITH_IF = re.compile(r"^\s*(if\b|もし[、,]?)\s*", re.IGNORECASE)
ENDS = "、。,. "
IN_THE_SENTENCE = ("title", "when_cue", "then_action")  # of a measure


@dataclass(frozen=True)
class MeasureCard:
    """A measure as it is now: its sentence, what else is carried over of it, and how the last reflection changed it."""

    id: str
    title: str
    sentence: str
    lines: tuple[Told, ...]
    change: str


@dataclass(frozen=True)
class DecidedCard:
    """What the turn before decided: one sentence, and what belongs to it as (name, words)."""

    sentence: str
    facts: tuple[tuple[str, str], ...]


def if_then(when: str | None, then: str | None) -> str:
    """An if-then as one sentence, however its writer began it; "" where a part is missing."""
    cue = BEGINS_WITH_IF.sub("", when or "").strip(ENDS)
    return _("If %(when)s, %(then)s", when=cue, then=(then or "").strip()) if cue and then else ""


def measure_cards(practice: Practice, step: str) -> list[MeasureCard]:
    """Every measure as the program carries it over to this step."""
    asked = practice.asked(step)
    shown = {name for carried in asked.carry_over if carried.source == "plan" for name in carried.show}
    fields = [one for one in practice.pack.plan.measure_fields if one.id in shown - set(IN_THE_SENTENCE)]
    return [
        MeasureCard(
            id=measure.id,
            title=measure.title,
            sentence=sentence_of(measure.words),
            lines=tuple(told(fields, measure.words, practice.pack)),
            change=change_words(measure, practice.pack),
        )
        for measure in practice.measures
    ]


def sentence_of(measure: Answers) -> str:
    """The if-then of a measure."""
    return if_then(measure.get("when_cue"), measure.get("then_action"))


def change_words(measure: Measure, pack: Pack) -> str:
    """What the last reflection made of a measure, in the program's words; "" where it goes on as planned."""
    if not measure.changes:
        return ""
    last = measure.changes[-1]
    labels = {
        choice.id: str(choice.label)
        for field in pack.reflection(last.step).fields
        if field.id == "plan_change"
        for choice in getattr(field, "options", ())
    }
    return labels.get(last.change, last.change)


def decided_card(turn: Turn, practice: Practice) -> DecidedCard | None:
    """What a turn decided to try, with its day, what was expected, and the rule it came from."""
    decided = turn.decided
    if decided is None:
        return None
    return DecidedCard(if_then(decided.when, decided.then), tuple(_facts(decided, turn, practice.pack)))


def _facts(decided: Decided, turn: Turn, pack: Pack) -> list[tuple[str, str]]:
    facts = []
    if decided.planned_on:
        facts.append((_("Day to try"), short_day_words(decided.planned_on, pack.lang)))
    if decided.prediction:
        facts.append((_("Prediction"), decided.prediction))
    if turn.answers.get("rule"):
        facts.append((_("Rule of thumb"), str(turn.answers["rule"])))
    return facts
