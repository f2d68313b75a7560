"""The lines of a digest: what has been done and what needs a look, in counts alone."""

from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from trainer.accounts.models import User
from trainer.act2_workshop.models import Plan
from trainer.act2_workshop.review_rules import minutes_for as minutes_for_plans
from trainer.act2_workshop.rules import PlanState
from trainer.act3_practice.feedback_rules import minutes_for as minutes_for_reflections
from trainer.cohorts.models import Enrollment, FinishedStep, SeatStatus
from trainer.dates import day_range_words
from trainer.i18n import get_locale
from trainer.letter_text import fill
from trainer.permissions import Role
from trainer.programs.content import Letter
from trainer.prompts.addressees import Background
from trainer.prompts.models import Address, Prompt, PromptState
from trainer.prompts.needs import attention_count
from trainer.prompts.queries import has_bounced
from trainer.prompts.waiting_lines import PLANS, REFLECTIONS, waiting_counts


def digest_values(db: Session, background: Background, letter: Letter, seat_id: int, now: datetime) -> dict[str, str]:
    """What a seat's digest says besides what every letter says; `digest_lines` is empty when there is nothing to say.

    A facilitator's counts the plans of those who are assigned to them, a coordinator's the whole cohort. What needs
    attention makes no letter by itself: only lines do.
    """
    is_desk, schedule = letter.to == "facilitator", background.timetable.schedule
    counts = waiting_counts(db, background, seat_id, now) if is_desk else _counts(db, background, now)
    waiting = sum(counts[line]["count"] for line in PLANS + REFLECTIONS) if is_desk else 0
    lines = [
        fill(line.text, {name: str(count) for name, count in counts[line.id].items()})
        for line in letter.digest_line_templates
        if _is_worth_a_line(counts.get(line.id, {}), line.min_n or 1)
    ]
    monday = _monday(background, now)
    return {
        "digest_lines": "\n".join(f"・{line}" for line in lines),
        "attention_count": str(0 if is_desk else attention_count(db, background.cohort, schedule, now)),
        "waiting_count": str(waiting),
        "estimated_minutes": str(_minutes(counts) if is_desk else 0),
        "period": day_range_words(monday, monday + timedelta(days=6), str(get_locale() or "ja")),
    }


def _minutes(counts: dict[str, dict[str, int]]) -> int:
    """About how long a facilitator takes for all that waits."""
    plans, reflections = (sum(counts[line]["count"] for line in lines) for lines in (PLANS, REFLECTIONS))
    return minutes_for_plans(plans) + minutes_for_reflections(reflections)


def is_worth_sending(letter: Letter, values: dict[str, str]) -> bool:
    """Whether there is anything to say, and for a digest about what waits whether anything does."""
    asks_for_waiting = letter.send_if == "waiting_count_gt_0"
    return bool(values["digest_lines"]) and not (asks_for_waiting and values["waiting_count"] == "0")


def _is_worth_a_line(counts: dict[str, int], least: int) -> bool:
    """Whether any count besides the total is large enough."""
    return any(count >= least for name, count in counts.items() if name != "total")


def _counts(db: Session, background: Background, now: datetime) -> dict[str, dict[str, int]]:
    """Digest line id -> its counts."""
    total, bounced = _seats_counted(db, background, now)
    done = _steps_counted(db, background)
    return {
        "dl1": {"done": done.get("act1", 0), "total": total},
        "dl2": {"submitted": done.get("plan", 0), "confirmed": _confirmed(db, background)},
        "dl3": {"done": done.get("reflection1", 0), "total": total},
        "dl4": {"done": done.get("reflection2", 0), "total": total},
        "dl5": {"count": bounced},
        "dl6": {"count": _letters_this_week(db, background, now)},
    }


def _seats_counted(db: Session, background: Background, now: datetime) -> tuple[int, int]:
    """How many trainees take part, and how many of them letters do not reach any more."""
    address = aliased(Address)
    same = (address.organization_id == User.organization_id) & (address.address == User.email)
    counted = (
        select(func.count(), func.count(address.id))
        .select_from(Enrollment)
        .join(User, User.id == Enrollment.user_id)
        .outerjoin(address, same & has_bounced(address, now))
        .where(
            Enrollment.cohort_id == background.cohort.id,
            Enrollment.role == Role.TRAINEE,
            Enrollment.status != SeatStatus.WITHDRAWN,
        )
    )
    total, bounced = db.execute(counted).one()
    return total, bounced


def _steps_counted(db: Session, background: Background) -> dict[str, int]:
    counted = (
        select(FinishedStep.step, func.count())
        .join(Enrollment, Enrollment.id == FinishedStep.enrollment_id)
        .where(Enrollment.cohort_id == background.cohort.id, Enrollment.status != SeatStatus.WITHDRAWN)
        .group_by(FinishedStep.step)
    )
    return {step: count for step, count in db.execute(counted)}


def _confirmed(db: Session, background: Background) -> int:
    confirmed = (
        select(func.count())
        .select_from(Plan)
        .join(Enrollment, Enrollment.id == Plan.enrollment_id)
        .where(
            Plan.cohort_id == background.cohort.id,
            Plan.state == PlanState.CONFIRMED,
            Enrollment.status != SeatStatus.WITHDRAWN,
        )
    )
    return db.scalar(confirmed) or 0


def _letters_this_week(db: Session, background: Background, now: datetime) -> int:
    monday = _monday(background, now)
    digests = [letter.id for letter in background.timetable.letters if letter.rank == "digest"]  # this one, say
    planned = select(func.count()).where(
        Prompt.cohort_id == background.cohort.id,
        Prompt.letter.not_in(digests),
        Prompt.state == PromptState.PLANNED,
        Prompt.local_date.between(monday, monday + timedelta(days=6)),
    )
    return db.scalar(planned) or 0


def _monday(background: Background, now: datetime) -> date:
    today = now.astimezone(background.zone).date()
    return today - timedelta(days=today.weekday())
