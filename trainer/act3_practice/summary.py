"""The three months on one page: the plan, one month, two months, as far as its reader may read each of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from trainer.act2_workshop.models import MapPoint
from trainer.act2_workshop.plan_words import PlanWords
from trainer.act2_workshop.sharing_map import MapRow, map_rows, marks_of
from trainer.act3_practice.queries import STEPS, Measure, Practice, Turn
from trainer.act3_practice.turn_words import change_words, if_then, sentence_of
from trainer.dates import short_day_words
from trainer.i18n import gettext as _
from trainer.programs.told import Told, told

PLAN = "plan"
KEPT = ("rule", "keep_stop", "tell_peer")  # of a turn: what its writer takes along


@dataclass(frozen=True)
class VersionOfMeasure:
    """A measure at one time: when, what it was called, its if-then, and how it came to be so."""

    when: str
    title: str
    sentence: str
    change: str


@dataclass(frozen=True)
class MeasureStory:
    """A measure from the plan to the end."""

    title: str
    status: tuple[tuple[str, str], ...]  # (when, what became of it)
    versions: tuple[VersionOfMeasure, ...]


@dataclass(frozen=True)
class TurnStory:
    """One turn: when it was taken, what was learned, and what was to be tried next."""

    when: str
    lines: tuple[Told, ...]
    experiment: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Summary:
    """What a reader sees of a seat's three months."""

    aim: str
    chain: list[dict[str, Any]]
    rows: list[MapRow]
    map_words: str
    measures: list[MeasureStory]
    turns: list[TurnStory]


def readable_part(practice: Practice, open_steps: Iterable[str]) -> Practice:
    """The practice with nothing in it that belongs to a text that is closed for its reader."""
    steps = set(open_steps)
    turns = {step: turn for step, turn in practice.turns.items() if step in steps}
    if PLAN not in steps:
        return replace(practice, plan=None, measures=(), turns=turns)
    measures = tuple(
        replace(one, changes=tuple(change for change in one.changes if change.step in steps))
        for one in practice.measures
    )
    return replace(practice, measures=measures, turns=turns)


def summary_of(practice: Practice, points: Iterable[MapPoint]) -> Summary:
    """The page of what is in this practice, and of those points of the map that belong to it."""
    plan = practice.plan or PlanWords()
    rows = map_rows(marks_of(one for one in points if _belongs(one, practice)), practice.pack)
    return Summary(
        aim=str(plan.fields.get("desired_state") or ""),
        chain=chain_of(practice),
        rows=rows,
        map_words=map_words(rows),
        measures=[_measure(one, practice) for one in practice.measures],
        turns=[_turn(practice.turns[step], practice) for step in STEPS if step in practice.turns],
    )


def chain_of(practice: Practice, here: str = "") -> list[dict[str, Any]]:
    """The turns for the picture of the chain: those that were taken, and the one being taken now."""
    steps = [step for step in STEPS if step in practice.turns or step == here]
    return [
        {
            "words": when_words(step),
            "kinds": 4 * ["ripe"] if step in practice.turns else ["now", "ahead", "ahead", "ahead"],
        }
        for step in steps
    ]


def when_words(step: str) -> str:
    """When a turn is taken, in short."""
    return _("After 1 month") if step == STEPS[0] else _("After 2 months")


def map_words(rows: list[MapRow]) -> str:
    """What has become of the map, in one sentence of facts: no sum of levels, and no ranking."""
    moved = [row for row in rows if _latest(row) is not None]
    if not moved:
        return ""
    reached = sum(row.levels.get("target") == _latest(row) for row in moved)
    changed = sum(row.levels.get("before") != _latest(row) for row in moved)
    return _(
        "Pieces of work marked: %(count)s. At another level than at the start: %(changed)s. At the level aimed for: "
        "%(reached)s.",
        count=len(moved),
        changed=changed,
        reached=reached,
    )


def _latest(row: MapRow) -> int | None:
    return row.levels.get("reflection2", row.levels.get("reflection1"))


def _belongs(point: MapPoint, practice: Practice) -> bool:
    return point.wave.value in practice.turns if point.wave.value in STEPS else practice.plan is not None


def _measure(measure: Measure, practice: Practice) -> MeasureStory:
    first = VersionOfMeasure(_("Plan"), str(measure.first.get("title") or ""), sentence_of(measure.first), "")
    later = [
        VersionOfMeasure(
            when_words(change.step),
            str(change.words.get("title") or ""),
            sentence_of(change.words),
            change_words(replace(measure, changes=measure.changes[: place + 1]), practice.pack),
        )
        for place, change in enumerate(measure.changes)
    ]
    return MeasureStory(measure.title, tuple(_statuses(measure, practice)), (first, *later))


def _statuses(measure: Measure, practice: Practice) -> Iterable[tuple[str, str]]:
    for step in STEPS:
        turn = practice.turns.get(step)
        status = (turn.answers.get("m_status") or {}).get(measure.id) if turn else None
        if status:
            asked = next(one for one in practice.asked(step).fields if one.id == "m_status")
            yield when_words(step), dict(practice.pack.choices(getattr(asked, "options", ()))).get(status, status)


def _turn(turn: Turn, practice: Practice) -> TurnStory:
    step, decided, language = turn.reflection.step, turn.decided, practice.pack.lang
    fields = [one for one in practice.asked(step).fields if one.id in KEPT]
    facts = []
    if decided and decided.planned_on:
        facts.append((_("Day to try"), short_day_words(decided.planned_on, language)))
    if decided and decided.prediction:
        facts.append((_("Prediction"), decided.prediction))
    return TurnStory(
        when=when_words(step),
        lines=tuple(told(fields, turn.answers, practice.pack)),
        experiment=if_then(decided.when, decided.then) if decided else "",
        facts=tuple(facts),
    )
