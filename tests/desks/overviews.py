"""The overview in tests: a company with one running cohort, more of them, and what the page says on a morning."""

from datetime import date
from typing import Any

from sqlalchemy import update

from tests.accounts.browsers import Browser, Watch
from tests.desks.homes import morning, plan_letters
from tests.desks.office_desk import OPENING, Desk, make_desk
from tests.factories import make_cohort, make_seat
from trainer.accounts.models import Organization
from trainer.cohorts.models import Cohort
from trainer.cohorts.standings import recount
from trainer.db import Database
from trainer.prompts.models import Prompt, PromptState

HEADINGS = ("These need a hand", "Running", "Not started", "closed cohort")


def make_overview(database: Database, browser: Browser, watch: Watch) -> Desk:
    """The running cohort is called First, and letters go out as they should."""
    desk = make_desk(database, browser, watch)
    browser.app.extensions["started"] += 3600
    with database.session() as db:
        db.execute(update(Cohort).where(Cohort.id == desk.cohort.id).values(name="First"))
        db.commit()
    return desk


def add(desk: Desk, name: str, people: int = 1, **columns: Any) -> Cohort:
    """One more cohort of the company, with its people and letters."""
    with desk.database.session() as db:
        cohort = make_cohort(db, db.get_one(Organization, desk.organization.id), name=name, **columns)
        for _number in range(people):
            make_seat(db, cohort)
        recount(db, cohort)
        plan_letters(db)
        db.commit()
    return cohort


def seen(desk: Desk, on: date = OPENING, query: str = "") -> str:
    """The words of the page on a morning; what was due has gone."""
    desk.at(morning(on))
    with desk.database.session() as db:
        db.execute(
            update(Prompt).where(Prompt.due_at <= morning(on)).values(state=PromptState.SENT, sent_at=Prompt.due_at)
        )
        db.commit()
    return desk.read(f"/cohorts{query}")


def part(words: str, heading: str) -> str:
    """What stands under a heading, up to the next one."""
    after = words.partition(heading)[2]
    ends = [after.index(other) for other in HEADINGS if other in after]
    return after[: min(ends, default=len(after))]
