"""The trainee's deeds with their plan: submit it, take it back, go on as it is. Every version stays."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from trainer.act2_workshop.checks import warnings_among
from trainer.act2_workshop.looking_over import Findings, look_over
from trainer.act2_workshop.models import MapPoint, Plan, PlanReview, PlanVersion, Wave
from trainer.act2_workshop.plan_words import PlanWords, as_text, first_step_on, words_of
from trainer.act2_workshop.queries import plan_of, question_before, version_of
from trainer.act2_workshop.rules import Deed, ImpossibleMove, PlanState, state_after
from trainer.act2_workshop.typed_plan import AUDIENCE, typed_again
from trainer.cohorts.actions import finish_step, mark_to_plan, unfinish_step
from trainer.cohorts.models import Cohort, Enrollment
from trainer.permissions import Audience, Role
from trainer.programs.content import Pack
from trainer.writing.actions import drop_draft, save_draft
from trainer.writing.audiences import audience_of, word_of

STEP = "plan"  # the step it finishes, and the name of its draft
PLANNED_WAVES = (Wave.BEFORE, Wave.TARGET)


def submit(db: Session, cohort: Cohort, seat: Enrollment, words: PlanWords, *, pack: Pack, now: datetime) -> Plan:
    """Hand the plan in, for the first time or again; finishes the step. Raises ImpossibleMove.

    The words have been validated. Who may read them is taken from them the first time only: afterwards the plan knows.
    """
    plan = _plan_at_hand(db, seat, words)
    plan.state = state_after(plan.state, Deed.SUBMIT, Role.TRAINEE)
    words = replace(words, fields={**words.fields, AUDIENCE: word_of(plan.audience)})
    findings = look_over(db, seat, words, pack, workshop_ends_on=cohort.day2_on)
    _add_version(db, plan, words, findings, now)
    _mark_points(db, seat, words, now)
    drop_draft(db, seat, STEP)
    finish_step(db, cohort, seat, step=STEP, now=now)
    mark_to_plan(db, cohort)  # a letter follows the day of the first step
    return plan


def take_back(db: Session, cohort: Cohort, seat: Enrollment, *, pack: Pack, now: datetime) -> Plan:
    """Make what no facilitator has opened a draft again. Raises ImpossibleMove.

    The step is unfinished again; but where it answered a question, the version that was asked about counts as before,
    and its step stays finished. In both cases the words lie in the draft.
    """
    plan = _submitted_plan(db, seat, Deed.WITHDRAW)
    question, version = question_before(db, plan), version_of(db, plan)
    deed, is_opened = Deed.WITHDRAW_ANSWER if question else Deed.WITHDRAW, plan.opened_at is not None
    plan.state = state_after(plan.state, deed, Role.TRAINEE, is_opened=is_opened)
    if version is not None:
        drop_draft(db, seat, STEP)
        save_draft(db, seat, STEP, typed_again(words_of(version)), based_on=0, now=now)
    _forget_points(db, seat)
    mark_to_plan(db, cohort)
    if question is None or version is None:
        plan.submitted_at, plan.warnings = None, 0
        unfinish_step(db, cohort, seat, step=STEP)
        return plan
    db.delete(version)
    _stand_before(db, plan, seat, question, pack)
    return plan


def _stand_before(db: Session, plan: Plan, seat: Enrollment, question: PlanReview, pack: Pack) -> None:
    """Let the version that was asked about be the present one again, as it was when the question came."""
    asked = version_of(db, plan, question.version)
    assert asked is not None  # noqa: S101 - a question is about a version
    plan.version, plan.submitted_at = asked.version, asked.submitted_at
    plan.opened_at = plan.decided_at = question.decided_at
    plan.warnings = warnings_among(asked.checks, pack)
    _mark_points(db, seat, words_of(asked), asked.submitted_at)


def keep_as_is(db: Session, cohort: Cohort, seat: Enrollment, *, reason: str, now: datetime) -> Plan:
    """Go on without a change after a question, and say why; that closes the conversation. Raises ImpossibleMove."""
    plan = _submitted_plan(db, seat, Deed.KEEP_AS_IS)
    plan.state = state_after(plan.state, Deed.KEEP_AS_IS, Role.TRAINEE)
    asked = version_of(db, plan)
    assert asked is not None  # noqa: S101 - a plan that was returned has been submitted
    findings = Findings(asked.checks, asked.facts, plan.warnings)
    version = _add_version(db, plan, words_of(asked), findings, now)
    version.keep_as_is = reason
    drop_draft(db, seat, STEP)
    mark_to_plan(db, cohort)  # the day of the first step is told anew
    return plan


def _plan_at_hand(db: Session, seat: Enrollment, words: PlanWords) -> Plan:
    """The seat's plan, made where there is none; two submissions at once take turns at the seat's row."""
    db.execute(select(Enrollment.id).where(Enrollment.id == seat.id).with_for_update())
    plan = plan_of(db, seat, is_locked=True)
    if plan is None:
        audience = audience_of(str(words.fields.get(AUDIENCE) or word_of(Audience.FACILITATOR)))
        plan = Plan(
            organization_id=seat.organization_id,
            cohort_id=seat.cohort_id,
            enrollment_id=seat.id,
            state=PlanState.DRAFT,
            audience=audience,
            version=0,
        )
        db.add(plan)
        db.flush()
    return plan


def _submitted_plan(db: Session, seat: Enrollment, deed: Deed) -> Plan:
    plan = plan_of(db, seat, is_locked=True)
    if plan is None:
        raise ImpossibleMove(PlanState.DRAFT, deed, Role.TRAINEE)
    return plan


def _add_version(db: Session, plan: Plan, words: PlanWords, findings: Findings, now: datetime) -> PlanVersion:
    plan.version += 1
    plan.warnings = findings.warnings
    plan.submitted_at, plan.opened_at, plan.decided_at = now, None, None
    version = PlanVersion(
        organization_id=plan.organization_id,
        plan_id=plan.id,
        version=plan.version,
        checks=[*findings.checks],
        facts=dict(findings.facts),
        first_step_on=first_step_on(words),
        submitted_at=now,
    )
    version.words = as_text(words)
    db.add(version)
    db.flush()
    return version


def _mark_points(db: Session, seat: Enrollment, words: PlanWords, now: datetime) -> None:
    """The map's beginning and aim as this version tells them; what reflections marked later stays."""
    _forget_points(db, seat)
    db.add_all(
        _point(seat, task, wave, waves[wave.value], now)
        for task, waves in words.sharing_map.items()
        for wave in PLANNED_WAVES
    )
    db.flush()


def _point(seat: Enrollment, task: str, wave: Wave, told: Mapping[str, object], now: datetime) -> MapPoint:
    return MapPoint(
        organization_id=seat.organization_id,
        enrollment_id=seat.id,
        task_id=task,
        wave=wave,
        level=told["level"],
        carrier=told["carrier"],
        marked_at=now,
    )


def _forget_points(db: Session, seat: Enrollment) -> None:
    db.execute(delete(MapPoint).where(MapPoint.enrollment_id == seat.id, MapPoint.wave.in_(PLANNED_WAVES)))
