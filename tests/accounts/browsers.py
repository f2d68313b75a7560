"""A browser without a window: follows no link by itself, keeps its cookies, and sends forms with their token."""

import re
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.accounts.factories import Postbox
from trainer.accounts.actions import set_password
from trainer.accounts.models import User
from trainer.accounts.sessions import open_session
from trainer.db import Database

TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"|value="([^"]+)"[^>]*name="csrf_token"')
CODE = re.compile(r"\b[A-Z2-7]{4}-[A-Z2-7]{4}\b")
PASSWORD = "rivers run to the sea 7"


class Watch:
    """The clock of a test: stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.time = now

    def now(self) -> datetime:
        return self.time

    def pass_by(self, **duration: float) -> None:
        self.time += timedelta(**duration)


class _Client(FlaskClient):
    """Reads each answer to its end, as a browser does: files are closed, and what waits for that is done."""

    def open(self, *arguments: Any, **more: Any) -> TestResponse:
        return super().open(*arguments, **{"buffered": True, **more})


class Browser:
    """One person's browser at the program."""

    def __init__(self, app: Flask, network: str = "198.51.100.7") -> None:
        self.app = app
        self.client = _Client(app, app.response_class)
        self.client.environ_base["REMOTE_ADDR"] = network

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, **more)

    def post(self, path: str, *, page: str = "/sign-in", **form: str) -> TestResponse:
        """Send a form with the token of `page`."""
        return self.client.post(path, data={"csrf_token": self.token(page), **form})

    def token(self, page: str = "/sign-in") -> str:
        found = TOKEN.search(self.client.get(page, follow_redirects=True).get_data(as_text=True))
        assert found, f"{page} has no form"
        return found[1] or found[2]

    def ask(self, address: str, **form: str) -> TestResponse:
        return self.post("/sign-in", address=address, **form)

    def type_code(self, code: str) -> TestResponse:
        return self.post("/sign-in/code", page="/sign-in/code", code=code)

    def sign_in(self, address: str, **form: str) -> TestResponse:
        """By a mailed code; gives the answer to the code."""
        self.ask(address, **form)
        postbox: Postbox = self.app.extensions["mailer"]
        return self.type_code(code_in(postbox))

    def sign_in_by_password(self, address: str, password: str = PASSWORD, **form: str) -> TestResponse:
        return self.post("/sign-in/password", page="/sign-in/password", address=address, password=password, **form)

    def enter(self, user: User, now: datetime) -> None:
        """Be signed in as somebody without passing through the door."""
        with self.app.extensions["database"].session() as db:
            handle = open_session(db, user, browser="Firefox, Linux", opened_by="code", now=now)
            db.commit()
        with self.client.session_transaction() as cookie:
            cookie["_user_id"] = handle

    def is_signed_in(self) -> bool:
        return self.get("/account/").status_code == 200

    def cookie(self) -> str:
        stored = self.client.get_cookie(self.app.config["SESSION_COOKIE_NAME"], self._host)
        assert stored is not None
        return stored.value

    def steal(self, cookie: str) -> None:
        """Use a copy of somebody's cookie."""
        self.client.set_cookie(self.app.config["SESSION_COOKIE_NAME"], cookie, domain=self._host)

    @property
    def _host(self) -> str:
        return str(self.app.config["SERVER_NAME"]).partition(":")[0]


def code_in(postbox: Postbox) -> str:
    """The code of the newest letter."""
    found = CODE.search(postbox.text())
    assert found, "the letter holds no code"
    return found[0]


def give_password(database: Database, user: User, now: datetime, password: str = PASSWORD) -> None:
    with database.session() as db:
        set_password(db, user, password, keep_session=None, now=now)
        db.commit()
