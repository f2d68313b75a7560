"""A trainee at their lessons, in a cohort of the shipped program."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from flask import Flask

from tests.accounts.browsers import Browser, Watch
from tests.factories import make_cohort, make_seat, make_user, organization_of
from trainer.accounts.models import User
from trainer.db import Database


@dataclass
class Learner:
    """A trainee with their browser; pages are named from the lessons on."""

    user: User
    seat_id: int
    seat_uid: UUID
    cohort_id: int
    browser: Browser

    def path(self, rest: str = "") -> str:
        return f"/seats/{self.seat_uid}/lessons{rest}"

    def page(self, rest: str = "", status: int = 200) -> str:
        answer = self.browser.get(self.path(rest))
        assert answer.status_code == status
        return answer.get_data(as_text=True)

    def post_progress(self, lesson: str, *segments: tuple[int, int], position: int = 0) -> dict[str, object]:
        answer = self.browser.client.post(
            self.path(f"/{lesson}/progress"),
            json={"segments": segments, "position": position},
            headers={"X-CSRFToken": self.browser.token("/account/")},
        )
        assert answer.status_code == 200
        return dict(answer.get_json())


@pytest.fixture
def learner(app: Flask, database: Database, watch: Watch) -> Learner:
    with database.session() as db:
        cohort = make_cohort(db)
        user = make_user(db, organization_of(db, cohort), language="en")
        seat = make_seat(db, cohort, user)
        db.commit()
    browser = Browser(app)
    browser.enter(user, watch.now())
    return Learner(user, seat.id, seat.uid, cohort.id, browser)
