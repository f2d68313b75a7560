"""A company on its first day: a coordinator's browser, and one for each who may not."""

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.accounts.browsers import Browser, Watch
from tests.accounts.factories import make_office
from tests.factories import make_organization, make_user
from trainer.accounts.models import Organization, User
from trainer.db import Database


@dataclass
class Office:
    """The company's office, and somebody who sits there."""

    organization: Organization
    user: User
    browser: Browser
    database: Database

    def post(self, path: str, **form: str) -> tuple[int, str]:
        """Send a form; gives the status, and where it leads or what the page says."""
        answer = self.browser.client.post(path, data={"csrf_token": self.browser.token("/account/"), **form})
        return answer.status_code, answer.location or answer.get_data(as_text=True)

    def read(self, path: str) -> str:
        """A page; it must be there."""
        answer = self.browser.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return answer.get_data(as_text=True)


@pytest.fixture
def office(app: Flask, database: Database, watch: Watch) -> Office:
    return open_office(app, database, watch)


def open_office(app: Flask, database: Database, watch: Watch) -> Office:
    """A new company with one coordinator, who reads English and is signed in."""
    with database.session() as db:
        organization = make_organization(db)
        user = _coordinator(db, organization)
        db.commit()
    browser = Browser(app)
    browser.enter(user, watch.now())
    return Office(organization, user, browser, database)


def _coordinator(db: Session, organization: Organization) -> User:
    # no number: a factory's first one would be that of somebody on a roster
    user = make_user(db, organization, language="en", employee_number=None)
    make_office(db, organization, user)
    return user
