"""`./run bench web`: how many of each page a process answers in a second, and what the time goes into."""

import argparse
import http.client
import socket
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from flask import Flask
from werkzeug.test import create_environ, run_wsgi_app

from tests.accounts.browsers import Browser
from tests.bench.large import databases
from tests.large_cohort import BETWEEN_REFLECTIONS, LargeCohort, make_large_cohort
from tests.measuring_pages import Spent, spending
from tests.serving import serving
from trainer import clock
from trainer.app import create_app
from trainer.db import Database
from trainer.permissions import Can, Role, needs
from trainer.settings import read_settings

AIM = 0.25  # of an empty authenticated view: a trainee's home
ROUNDS = 15  # and one before, which is not counted
EMPTY = "an empty authenticated view"
CASES = {
    EMPTY: (Role.TRAINEE, "/empty"),
    "home, trainee": (Role.TRAINEE, "/seats/{seat}"),
    "home, facilitator": (Role.FACILITATOR, "/seats/{seat}"),
    "home, coordinator": (Role.COORDINATOR, "/seats/{seat}"),
    "seats": (Role.TRAINEE, "/seats?all"),
    "a letter's link": (Role.TRAINEE, "/to/{seat}/reflection2"),
    "account": (Role.TRAINEE, "/account/"),
    "language saved": (Role.TRAINEE, "/account/language"),
}
FORMS = {"language saved": "language=ja"}  # these are sent, all others are read


class Ask(NamedTuple):
    """One request of somebody who may make it."""

    path: str
    cookie: str
    form: bytes


class Pace(NamedTuple):
    """How many in a second, and how that compares with the empty view of the same moment."""

    a_second: float
    share: float


def main() -> None:
    """A table for each kind of database and size of cohort; then the same pages through a server and a socket."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seats", type=int, nargs="+", default=[30, 3_000])
    parser.add_argument("--requests", type=int, default=300)
    told = parser.parse_args()
    ahead = BETWEEN_REFLECTIONS - clock.now()
    clock.follow(lambda: ahead)
    with databases() as each, TemporaryDirectory() as folder:
        for kind, database in each:
            with socket.create_server(("127.0.0.1", 0)) as listener:
                app = _application(database, Path(folder), listener.getsockname()[1])
                for seats in told.seats:
                    with database.session() as db:
                        asks = _asks(app, make_large_cohort(db, seats))
                    _print_costs(f"{kind}, {seats:,} seats", app, asks, told.requests)
                with serving(app, listener):
                    _print_served(kind, listener.getsockname()[1], asks, told.requests)
    print(f"aim: a trainee's home at {AIM} of the empty view")


def _application(database: Database, folder: Path, port: int) -> Flask:
    app = create_app(read_settings({"ENVIRONMENT": "test", "SCHEDULER": "off", "PORT": str(port)}, folder), database)
    app.add_url_rule("/empty", view_func=empty)
    return app


@needs(Can.USE_ACCOUNT)
def empty() -> str:
    """What every page costs at least: the gate, and nothing behind it."""
    return ""


def _asks(app: Flask, cohort: LargeCohort) -> dict[str, Ask]:
    """Each case, by somebody who is signed in."""
    asks = {}
    for title, (role, path) in CASES.items():
        browser = Browser(app)
        browser.enter(cohort.users[role], clock.now())
        form = f"{FORMS[title]}&csrf_token={browser.token('/account/')}" if title in FORMS else ""
        asks[title] = Ask(path.format(seat=cohort.seats[role]), f"s={browser.cookie()}", form.encode())
    return asks


def _print_costs(title: str, app: Flask, asks: dict[str, Ask], requests: int) -> None:
    """Pace without and parts with the counting, which costs a little itself."""
    print(
        f"{title:<32}{'requests/s':>11}{'share':>7}{'queries':>9}{'in them':>11}{'render':>11}{'ending':>11}{'KB':>7}"
    )
    paces = _paces({name: partial(_call, app, ask) for name, ask in asks.items()}, requests)
    for name, ask in asks.items():
        with spending(app) as spent:
            sizes = [_call(app, ask) for _ in range(requests)]
        print(f"{_pace_words(name, paces[name])}{_parts(spent, requests)}{sizes[0] / 1000:>7.1f}")


def _parts(spent: Spent, requests: int) -> str:
    seconds = (spent.queries, spent.render, spent.ending)
    each = "".join(f"{1000 * part / requests:>8.2f} ms" for part in seconds)
    return f"{len(spent.statements) / requests:>9.1f}{each}"


def _print_served(kind: str, port: int, asks: dict[str, Ask], requests: int) -> None:
    """The same through waitress and one connection, the client's own work included."""
    print(f"{kind}, through waitress:")
    with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        paces = _paces({name: partial(_fetch, connection, ask) for name, ask in asks.items()}, requests)
    for name, pace in paces.items():
        print(_pace_words(name, pace))


def _pace_words(name: str, pace: Pace) -> str:
    return f"  {name:<30}{pace.a_second:>11,.0f}{pace.share:>7.2f}"


def _paces(calls: dict[str, Callable[[], Any]], requests: int) -> dict[str, Pace]:
    """Every case in turn, again and again: what else the machine does meanwhile meets all of them alike."""
    rounds = [
        {name: _round(call, max(1, requests // ROUNDS)) for name, call in calls.items()} for _ in range(ROUNDS + 1)
    ]
    return {
        name: Pace(
            median(each[name] for each in rounds[1:]),
            median(each[name] / each[EMPTY] for each in rounds[1:]),
        )
        for name in calls
    }


def _round(call: Callable[[], Any], requests: int) -> float:
    started = time.perf_counter()
    for _ in range(requests):
        call()
    return requests / (time.perf_counter() - started)


def _call(app: Flask, ask: Ask) -> int:
    """The answer's size; straight into the application, without a server."""
    method = "POST" if ask.form else "GET"
    environ = create_environ(
        ask.path,
        app.config["PREFERRED_URL_SCHEME"] + "://" + app.config["SERVER_NAME"],
        method=method,
        data=ask.form or None,
        headers=_headers(ask),
    )
    chunks, status, _answered = run_wsgi_app(app, environ, buffered=True)
    return _accepted(ask, int(status[:3]), b"".join(chunks))


def _fetch(connection: http.client.HTTPConnection, ask: Ask) -> int:
    connection.request("POST" if ask.form else "GET", ask.path, ask.form or None, _headers(ask))
    answer = connection.getresponse()
    return _accepted(ask, answer.status, answer.read())


def _headers(ask: Ask) -> dict[str, str]:
    kind = {"Content-Type": "application/x-www-form-urlencoded"} if ask.form else {}
    return {"Cookie": ask.cookie, **kind}


def _accepted(ask: Ask, status: int, content: bytes) -> int:
    if status >= 400:
        raise SystemExit(f"{ask.path} answered {status}")
    return len(content)


if __name__ == "__main__":
    main()
