"""What the page shows on which a trainee reads their submitted plan: its state, the answers to it, and the plan."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from trainer.accounts.audience_words import readers_in_words
from trainer.act2_workshop.models import Decision, Plan, PlanVersion
from trainer.act2_workshop.opening import OpenPlan
from trainer.act2_workshop.own_plan import People, ReviewRead, people_of
from trainer.act2_workshop.plan_reading import PlanRead, read_plan
from trainer.act2_workshop.plan_words import PlanWords, words_of
from trainer.act2_workshop.rules import Deed, PlanState
from trainer.act2_workshop.sharing_map import MapRow, map_rows, map_sentence
from trainer.act2_workshop.time_sum import TimeSum, time_sum
from trainer.dates import clock_words, local, short_day_words
from trainer.i18n import gettext as _
from trainer.i18n import lazy_gettext as _l
from trainer.organization_scope import request_session
from trainer.permissions import Reader as Reads
from trainer.permissions import may_read
from trainer.writing.queries import Reader


@dataclass(frozen=True)
class Answer:
    """A facilitator's answer in words."""

    by: str
    on: str
    version: int
    decision: str
    comments: tuple[str, ...]


@dataclass(frozen=True)
class ReadingPage:
    """One version of a plan with everything around it."""

    version: int
    latest: int
    submitted: str
    state: str
    state_kind: str
    readers: str
    is_for_facilitator: bool
    opened_by: Sequence[Reader]
    zone: ZoneInfo
    answers: list[Answer]
    keep_as_is: str
    plan: PlanRead
    rows: list[MapRow]
    map_words: str
    time: TimeSum
    may_take_back: bool
    may_answer: bool


# to the facilitator the program names the same decisions as deeds; who wrote the plan reads what has come of them
DECISION_WORDS = {
    Decision.CONFIRM: _l("Confirmed"),
    Decision.CONFIRM_WITH_COMMENT: _l("Confirmed, with a comment"),
    Decision.RETURN: _l("A question for you"),
}
STATE_KINDS = {PlanState.CONFIRMED: "ok", PlanState.RETURNED: "note"}


def reading_page(opened: OpenPlan, plan: Plan, version: PlanVersion, reviews: Sequence[ReviewRead]) -> ReadingPage:
    """The page for one version of the plan, the latest or an earlier one; asks once for the people it names."""
    words, zone, language = words_of(version), opened.schedule.zone, opened.pack.lang
    people = people_of(request_session(), opened.seat, words.fields.get("buddies") or ())
    rows = map_rows(words.sharing_map, opened.pack)
    return ReadingPage(
        version=version.version,
        latest=plan.version,
        submitted=moment_words(version.submitted_at, zone, language),
        state=state_words(opened),
        state_kind=STATE_KINDS.get(plan.state, ""),
        readers=readers_in_words(plan.audience),
        is_for_facilitator=may_read(plan.audience, {Reads.FACILITATOR}),
        opened_by=people.readers,
        zone=zone,
        answers=[_answer(one, opened) for one in reviews],
        keep_as_is=version.keep_as_is or "",
        plan=read_plan(words, opened.pack, people.peers),
        rows=rows,
        map_words=map_sentence(rows),
        time=time_sum(words.fields, words.measures),
        may_take_back=opened.work.may(Deed.WITHDRAW),
        may_answer=opened.work.may(Deed.KEEP_AS_IS),
    )


def state_words(opened: OpenPlan) -> str:
    """Where the plan stands, in words."""
    plan = opened.work.plan
    if plan is not None and plan.state is PlanState.SUBMITTED and plan.opened_at is not None:
        return _("A facilitator is reading it")
    return {
        PlanState.DRAFT: _("Being written"),
        PlanState.SUBMITTED: _("Submitted"),
        PlanState.RETURNED: _("A question has come"),
        PlanState.CONFIRMED: _("Confirmed"),
    }[opened.work.state]


def moment_words(at: datetime, zone: ZoneInfo, language: str) -> str:
    """A day and a time in the cohort's zone."""
    here = local(at, zone)
    return f"{short_day_words(here.date(), language)} {clock_words(here)}"


def peer_names(opened: OpenPlan, *versions: PlanWords) -> People:
    """The names of the fellow trainees that some versions mention."""
    mentioned = [peer for words in versions for peer in words.fields.get("buddies") or ()]
    return people_of(request_session(), opened.seat, mentioned)


def _answer(one: ReviewRead, opened: OpenPlan) -> Answer:
    review = one.review
    comments = json.loads(review.comments or "[]")
    return Answer(
        by=one.facilitator,
        on=moment_words(review.released_at or review.saved_at, opened.schedule.zone, opened.pack.lang),
        version=review.version,
        decision=str(DECISION_WORDS[review.decision]) if review.decision else "",
        comments=tuple(comment["text"] for comment in comments if comment.get("text")),
    )
