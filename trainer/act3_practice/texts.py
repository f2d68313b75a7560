"""What a seat has handed in, plan and reflections alike: whose it is, who may read it, and what it says."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import CompoundSelect, false, literal, or_, select, union_all
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.act2_workshop.models import Plan
from trainer.act2_workshop.plan_reading import Line, read_plan
from trainer.act2_workshop.plan_words import PlanWords, words_of
from trainer.act2_workshop.queries import plan_of, version_of
from trainer.act3_practice.models import Reflection
from trainer.cohorts.models import Enrollment, SeatStatus
from trainer.i18n import gettext as _
from trainer.permissions import READERS, Audience, Reader, Role
from trainer.programs.content import Pack
from trainer.programs.content_reflections import AUDIENCE
from trainer.programs.told import Told, told

PLAN = "plan"
Kind = TypeVar("Kind", Plan, Reflection)
TEXTS = (PLAN, "reflection1", "reflection2")  # the steps that end in a text
NOT_TOLD = frozenset(
    {"visibility", "share", "scope"}
)  # who may read it stands above the text; the scope in its heading


@dataclass(frozen=True)
class Section:
    """A part of a text under its heading; the first part may have none."""

    id: str
    title: str
    told: tuple[Told, ...]


@dataclass(frozen=True)
class SharedText:
    """A text that a fellow shared, in a list: no word of it is read."""

    uid: UUID
    step: str
    name: str
    submitted_at: datetime
    is_of_group: bool


def text_of(db: Session, seat: Enrollment, step: str, *, is_locked: bool = False) -> Plan | Reflection | None:
    """What the seat has handed in in this step; a plan that was never submitted, or taken back, is none."""
    if step == PLAN:
        plan = plan_of(db, seat, is_locked=is_locked)
        return plan if plan and plan.submitted_at else None
    found = select(Reflection).where(Reflection.enrollment_id == seat.id, Reflection.step == step)
    return db.scalar(found.with_for_update() if is_locked else found)


def text_in(db: Session, cohort_id: int, uid: UUID) -> tuple[Plan | Reflection, Enrollment, str] | None:
    """A text of a cohort, with its writer's seat and name; whether it may be read is the door's to say."""
    return _handed_in(db, Plan, cohort_id, uid) or _handed_in(db, Reflection, cohort_id, uid)


def _handed_in(db: Session, kind: type[Kind], cohort_id: int, uid: UUID) -> tuple[Kind, Enrollment, str] | None:
    found = (
        select(kind, Enrollment, User.name)
        .join(Enrollment, Enrollment.id == kind.enrollment_id)
        .join(User, User.id == Enrollment.user_id)
        .where(kind.uid == uid, kind.cohort_id == cohort_id, kind.submitted_at.is_not(None))
    )
    row = db.execute(found).one_or_none()
    return (row[0], row[1], row[2]) if row else None


def step_of(text: Plan | Reflection) -> str:
    """The step that a text belongs to."""
    return text.step if isinstance(text, Reflection) else PLAN


def title_of(step: str, pack: Pack) -> str:
    """What a text is called for its readers, in the pack's language and the language in force."""
    return _("Action plan") if step == PLAN else str(pack.reflection(step).title)


def shared_with(db: Session, seat: Enrollment) -> list[SharedText]:
    """What the fellow trainees of a seat share with their group or cohort, person by person; in one query."""
    texts = _shared_texts(seat.cohort_id).subquery()
    is_of_group = Enrollment.group_id == seat.group_id if seat.group_id is not None else false()
    rows = db.execute(
        select(texts.c.uid, texts.c.step, User.name, texts.c.submitted_at, is_of_group)
        .join(Enrollment, Enrollment.id == texts.c.enrollment_id)
        .join(User, User.id == Enrollment.user_id)
        .where(
            Enrollment.id != seat.id,
            Enrollment.status != SeatStatus.WITHDRAWN,
            or_(texts.c.audience == Audience.COHORT, is_of_group),
        )
        .order_by(User.name_reading, User.name, Enrollment.id, texts.c.submitted_at)
    )
    return [SharedText(*row) for row in rows]


def words_of_plan(db: Session, plan: Plan, version: int | None = None) -> PlanWords:
    """What the plan says as it was submitted last, or in an earlier version. Raises SealError."""
    found = version_of(db, plan, version)
    return words_of(found) if found else PlanWords()


def plan_sections(db: Session, seat: Enrollment, words: PlanWords, pack: Pack) -> list[Section]:
    """What a seat's plan says, its measures each under its title; asks for the names of those it mentions, if any."""
    plan = read_plan(words, pack, _names_in(db, seat, words))
    sections = [Section("", "", _told(plan.lines))]
    for measure in plan.measures:
        sentence = [Told("sentence", _("If … then …"), (measure.sentence,))] if measure.sentence else []
        sections.append(Section(measure.id, measure.title, (*sentence, *_told(measure.lines))))
    return [section for section in sections if section.told]


def changed_since(sections: Sequence[Section], before: Sequence[Section]) -> frozenset[tuple[str, str]]:
    """The (section, question) pairs of a text that say something else than an earlier version of it."""
    earlier = {(section.id, one.id): one.lines for section in before for one in section.told}
    return frozenset(
        (section.id, one.id)
        for section in sections
        for one in section.told
        if earlier.get((section.id, one.id)) != one.lines
    )


def measure_titles(words: PlanWords) -> dict[str, str]:
    """Measure -> its title: words of the plan, for its readers alone."""
    return {str(one["id"]): str(one.get("title", "")) for one in words.measures}


def reflection_sections(reflection: Reflection, pack: Pack, titles: Mapping[str, str]) -> list[Section]:
    """What a reflection says, stage by stage; `titles` are those of the measures. Raises SealError."""
    asked, answers = pack.reflection(reflection.step), json.loads(reflection.words or "{}")
    staged = {field.id for stage in asked.stages for field in stage.fields} | {AUDIENCE}
    head = [field for field in (*asked.quick, *asked.without_plan) if field.id not in staged]
    tail = [field for field in asked.tail if field.id not in staged]
    parts = [
        ("", "", head),
        *((stage.id, str(stage.name), stage.fields) for stage in asked.stages),
        ("tail", "", tail),
    ]
    named = {**_numbered(answers), **titles}
    sections = (Section(name, title, tuple(told(fields, answers, pack, named))) for name, title, fields in parts)
    return [section for section in sections if section.told]


def _numbered(answers: Mapping[str, Any]) -> dict[str, str]:
    """What the measures are called for who may not read the plan: by their number, never by the plan's words."""
    asked = [
        answers.get("measure_ref"),
        *(one for value in answers.values() if isinstance(value, dict) for one in value),
    ]
    return {str(one): _("Move %(number)s", number=str(one).lstrip("m")) for one in asked if one}


def _names_in(db: Session, seat: Enrollment, words: PlanWords) -> dict[str, str]:
    """Seat's uid -> name, of the fellow trainees whom a plan mentions."""
    mentioned = {str(peer) for peer in words.fields.get("buddies") or ()}
    if not mentioned:
        return {}
    fellows = select(Enrollment.uid, User.name).join(User, User.id == Enrollment.user_id)
    rows = db.execute(fellows.where(Enrollment.cohort_id == seat.cohort_id, Enrollment.role == Role.TRAINEE))
    return {str(uid): name for uid, name in rows if str(uid) in mentioned}


def _told(lines: Sequence[Line]) -> tuple[Told, ...]:
    return tuple(Told(line.field, line.label, (line.words,)) for line in lines)


def _shared_texts(cohort_id: int) -> CompoundSelect[Any]:
    shared = [audience for audience in Audience if READERS[audience] & {Reader.GROUP, Reader.COHORT}]
    plans = select(Plan.uid, literal(PLAN).label("step"), Plan.enrollment_id, Plan.audience, Plan.submitted_at).where(
        Plan.cohort_id == cohort_id, Plan.submitted_at.is_not(None), Plan.audience.in_(shared)
    )
    reflections = select(
        Reflection.uid, Reflection.step, Reflection.enrollment_id, Reflection.audience, Reflection.submitted_at
    ).where(Reflection.cohort_id == cohort_id, Reflection.audience.in_(shared))
    return union_all(plans, reflections)
