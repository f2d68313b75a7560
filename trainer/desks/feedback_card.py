"""One reflection on a facilitator's desk, opened with the plan and the other reflection as far as they are shared."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.accounts.refusals import refuse_unknown
from trainer.act2_workshop.models import Plan, Wave
from trainer.act2_workshop.opened import is_held_open
from trainer.act2_workshop.plan_words import PlanWords
from trainer.act2_workshop.queries import map_points_of, plan_of
from trainer.act2_workshop.review_queries import Desk
from trainer.act2_workshop.sharing_map import MapRow, map_rows, marks_of
from trainer.act3_practice.feedback_queries import newest_words_of, own_feedback, reflection_in, reflections_of
from trainer.act3_practice.feedback_queue import (
    Waiting,
    waiting_before,
    waiting_for,
)
from trainer.act3_practice.feedback_rules import phrases_in
from trainer.act3_practice.models import Feedback, Reflection
from trainer.act3_practice.texts import (
    PLAN,
    Section,
    changed_since,
    measure_titles,
    plan_sections,
    reflection_sections,
    title_of,
    words_of_plan,
)
from trainer.cohorts.models import Enrollment
from trainer.permissions import may_read
from trainer.programs.content import Pack
from trainer.writing.access import Text, open_with, relations_now


@dataclass(frozen=True)
class Shown:
    """A text that lies on the desk; `changed`: the (section, question) pairs that the plan's first version lacked."""

    step: str
    title: str
    sections: list[Section]
    changed: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Card:
    """One reflection on the desk, with what lies beside it."""

    reflection: Reflection
    name: str
    shown: Shown
    besides: list[Shown]
    rows: list[MapRow]  # of the sharing map, as far as its marks belong to what is open
    own: Feedback | None
    following: Waiting | None
    previous: Waiting | None


@dataclass(frozen=True)
class Phrases:
    """What can be put into the box; only the questions have keys, since they are about nobody."""

    questions: list[str]
    own: list[str]


def card_of(db: Session, desk: Desk, uid: UUID, *, by: User, pack: Pack, now: datetime) -> Card:
    """A reflection opened for its facilitator, with the plan and the other reflection where they are shared, too."""
    found = reflection_in(db, desk.cohort_id, uid)
    if found is None:
        refuse_unknown("text", uid)
    reflection, writer, name = found
    plan, reflections = _plan_to_read(db, writer, now), reflections_of(db, writer.id)
    texts = {step: _text(one) for step, one in reflections.items()}
    if plan is not None:
        texts[PLAN] = _text(plan)
    first = texts.pop(reflection.step)
    opened = [text.step for text in open_with(writer, first, texts.values(), now=now)]
    plan = plan if PLAN in opened else None
    words = words_of_plan(db, plan) if plan else PlanWords()
    shown = [_shown_reflection(reflections[step], pack, measure_titles(words)) for step in opened if step != PLAN]
    plans = [_shown_plan(db, writer, plan, words, pack)] if plan else []
    place = (reflection.submitted_at, reflection.id)
    return Card(
        reflection=reflection,
        name=name,
        shown=shown[0],
        besides=[*plans, *shown[1:]],
        rows=_map_rows(db, writer, opened, pack),
        own=own_feedback(db, reflection, by),
        following=next(iter(waiting_for(db, desk, after=place, limit=1)), None),
        previous=waiting_before(db, desk, place),
    )


def phrases_for(db: Session, card: Card, by: User, pack: Pack) -> Phrases:
    """The program's questions that lead further; apart from them, own sentences that several trainees have had."""
    questions = [str(level.next_question) for level in pack.depth_guide.levels]
    return Phrases(questions, phrases_in(newest_words_of(db, by, card.reflection), but=questions))


def _text(text: Plan | Reflection) -> Text:
    return Text(text.step if isinstance(text, Reflection) else PLAN, text.audience, text.uid)


def _shown_reflection(reflection: Reflection, pack: Pack, titles: dict[str, str]) -> Shown:
    return Shown(reflection.step, title_of(reflection.step, pack), reflection_sections(reflection, pack, titles))


def _shown_plan(db: Session, seat: Enrollment, plan: Plan, words: PlanWords, pack: Pack) -> Shown:
    sections = plan_sections(db, seat, words, pack)
    changed: frozenset[tuple[str, str]] = frozenset()
    if plan.version > 1:
        changed = changed_since(sections, plan_sections(db, seat, words_of_plan(db, plan, 1), pack))
    return Shown(PLAN, title_of(PLAN, pack), sections, changed)


def _plan_to_read(db: Session, seat: Enrollment, now: datetime) -> Plan | None:
    """The plan, if it is handed in; once it was read here its writer cannot take it back, as at the desk for plans."""
    plan = plan_of(db, seat)
    if plan is None or plan.submitted_at is None:
        return None
    if not may_read(plan.audience, relations_now(seat, now=now)):
        return plan  # whoever may not read it is refused where it is opened, and leaves no trace on it
    return plan if is_held_open(plan, now=now) else None


def _map_rows(db: Session, seat: Enrollment, opened: list[str], pack: Pack) -> list[MapRow]:
    """The marks of those texts that are open; the plan's own are where the work was before, and where it is to go."""
    of_plan = (Wave.BEFORE, Wave.TARGET)
    points = map_points_of(db, seat)
    readable = [one for one in points if (PLAN if one.wave in of_plan else one.wave.value) in opened]
    return map_rows(marks_of(readable), pack)
