"""A coordinator at the desk in tests: a cohort of 3 and 4 February 2027 with people in it, and a signed-in browser."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from tests.accounts.browsers import Browser, Watch
from tests.accounts.factories import make_office
from tests.desks.homes import words_of
from tests.factories import make_cohort, make_organization, make_seat, make_user
from trainer.accounts.models import User
from trainer.cohorts.models import Cohort, Enrollment
from trainer.cohorts.standings import recount
from trainer.db import Database
from trainer.permissions import Role


@dataclass
class Office:
    """Somebody of the office, their cohort, its trainees' seats, and their browser; pages are in English."""

    database: Database
    browser: Browser
    watch: Watch
    user: User
    cohort: Cohort
    seats: list[Enrollment]

    def page(self, path: str) -> str:
        """The HTML of one of the cohort's pages; it must be there."""
        self.browser.enter(self.user, self.watch.now())
        answer = self.browser.get(f"/cohorts/{self.cohort.uid}{path}")
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return answer.get_data(as_text=True)

    def read(self, path: str) -> str:
        """The words on one of the cohort's pages."""
        return words_of(self.page(path))

    def send(self, path: str, **form: str) -> tuple[int, str]:
        """Send a form of the cohort; gives the status, and where it leads or what the page says."""
        self.browser.enter(self.user, self.watch.now())
        answer = self.browser.post(f"/cohorts/{self.cohort.uid}{path}", page="/account/", **form)
        return answer.status_code, answer.location or words_of(answer.get_data(as_text=True))

    def now_is(self) -> Cohort:
        """The cohort as the database has it."""
        with self.database.reading() as db:
            return db.get_one(Cohort, self.cohort.id)


def open_office(database: Database, browser: Browser, watch: Watch, *, people: int = 3, **columns: object) -> Office:
    """A company whose one coordinator looks after one cohort of so many people."""
    with database.session() as db:
        office = _office(db, database, browser, watch, people, columns)
        db.commit()
    return office


def _office(
    db: Session, database: Database, browser: Browser, watch: Watch, people: int, columns: dict[str, object]
) -> Office:
    organization = make_organization(db, language="en")
    user = make_user(db, organization, name="Coordinator")
    make_office(db, organization, user)
    cohort = make_cohort(db, organization, **columns)
    make_seat(db, cohort, user, role=Role.COORDINATOR)
    trainees = [make_user(db, organization, name=f"Trainee {number}") for number in range(1, people + 1)]
    seats = [make_seat(db, cohort, trainee) for trainee in trainees]
    recount(db, cohort)
    return Office(database, browser, watch, user, cohort, seats)
