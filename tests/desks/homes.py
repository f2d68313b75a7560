"""What a home says, as its reader meets it: words without tags, for tests."""

import html
import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from tests.accounts.browsers import Browser, Watch
from tests.factories import make_cohort, make_organization, make_seat, make_user, organization_of
from trainer.accounts.models import User
from trainer.cohorts.models import Cohort, Enrollment, FinishedStep
from trainer.prompts.planning import plan_prompts

STARTED = datetime(2026, 12, 1, tzinfo=ZoneInfo("Asia/Tokyo"))
TAGS = re.compile(r"<(script|style|svg|title).*?</\1>|<[^>]+>", re.DOTALL)


def morning(on: date) -> datetime:
    """Ten in the morning in Tokyo."""
    return datetime.combine(on, time(10), ZoneInfo("Asia/Tokyo"))


def make_trainee(db: Session, *finished: str, cohort: Cohort | None = None) -> tuple[User, Enrollment]:
    """Somebody in a cohort of 3 and 4 February 2027 who has finished these steps; their pages are in English."""
    cohort = cohort or make_cohort(db, make_organization(db, language="en"), started_at=STARTED)
    user = make_user(db, organization_of(db, cohort))
    seat = make_seat(db, cohort, user)
    for step in finished:
        finish(db, seat, step)
    return user, seat


def finish(db: Session, seat: Enrollment, step: str, on: date = date(2027, 1, 20)) -> None:
    """A step is finished on a day."""
    row = FinishedStep(organization_id=seat.organization_id, enrollment_id=seat.id, step=step, finished_at=morning(on))
    db.add(row)
    db.flush()


def plan_letters(db: Session) -> None:
    """Plan every letter as of the start."""
    while plan_prompts(db, STARTED.astimezone(UTC)):
        pass
    for row in list(db):
        db.refresh(row)  # planning forgets what it knew


def read_home(browser: Browser, watch: Watch, user: User, seat: Enrollment, on: date, query: str = "") -> str:
    """The words of a seat's home on a morning."""
    watch.time = morning(on)
    browser.enter(user, watch.now())
    answer = browser.get(f"/seats/{seat.uid}{query}")
    assert answer.status_code == 200
    return words_of(answer.get_data(as_text=True))


def words_of(page: str) -> str:
    """The words between the tags of a page's content, single spaces between them."""
    content = page[page.index("<main") : page.index("</main>")]
    return " ".join(html.unescape(TAGS.sub(" ", content)).split())
