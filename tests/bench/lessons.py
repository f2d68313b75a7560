"""`./run bench lessons`: posts of progress with thousands of lessons open, and pages while many watch one film."""

import argparse
import http.client
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import partial
from itertools import cycle
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple
from uuid import UUID

from flask import Flask
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select
from werkzeug.test import create_environ, run_wsgi_app

from tests.accounts.browsers import Browser
from tests.bench.large import databases
from tests.large_cohort import BETWEEN_REFLECTIONS, LargeCohort, make_large_cohort
from tests.measuring_pages import spending
from tests.serving import serving
from trainer import clock
from trainer.accounts.models import User
from trainer.accounts.sessions import open_session
from trainer.act1_lessons.actions import open_lesson
from trainer.act1_lessons.films import Films
from trainer.app import create_app
from trainer.cohorts.models import Enrollment
from trainer.db import Database
from trainer.permissions import Can, Role, needs
from trainer.settings import read_settings

READERS = 50
SAMPLES = 200
WATCHED = json.dumps({"segments": [[0, 9000]], "position": 9000}).encode()


class Viewer(NamedTuple):
    """Somebody with a lesson open: what their browser sends along."""

    seat: UUID
    cookie: str


def main() -> None:
    """Posts a second as a share of the empty view, queries of each, then a home's median with and without readers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--viewers", type=int, default=5_000)
    parser.add_argument("--posts", type=int, default=2_000)
    told = parser.parse_args()
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # fifty readers queue on purpose
    ahead = BETWEEN_REFLECTIONS - clock.now()
    clock.follow(lambda: ahead)
    with databases() as each, TemporaryDirectory() as folder:
        for kind, database in each:
            with socket.create_server(("127.0.0.1", 0)) as listener:
                port = listener.getsockname()[1]
                app = _application(database, Path(folder), port)
                with database.session() as db:
                    cohort = make_large_cohort(db, told.viewers)
                _measure_posts(kind, app, _viewers(app, database, cohort), told.posts)
                with serving(app, listener):
                    _measure_readers(kind, app, cohort, port)


def _application(database: Database, folder: Path, port: int) -> Flask:
    app = create_app(read_settings({"ENVIRONMENT": "test", "SCHEDULER": "off", "PORT": str(port)}, folder), database)
    app.add_url_rule("/empty", view_func=empty)
    return app


@needs(Can.USE_ACCOUNT)
def empty() -> str:
    """What every page costs at least: the gate, and nothing behind it."""
    return ""


def _viewers(app: Flask, database: Database, cohort: LargeCohort) -> list[Viewer]:
    """Every trainee of the cohort, signed in, with the first lesson open for a minute."""
    before = clock.now() - timedelta(minutes=1)
    sign = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined] # Flask's own cookie
    viewers = []
    with database.session() as db:
        trainees = select(Enrollment, User).join(User, User.id == Enrollment.user_id)
        of_cohort = trainees.where(Enrollment.cohort_id == cohort.cohort_id, Enrollment.role == Role.TRAINEE)
        for seat, user in db.execute(of_cohort).all():
            handle = open_session(db, user, browser="Firefox, Android", opened_by="code", now=before)
            open_lesson(db, seat.id, "l1", now=before)
            viewers.append(Viewer(seat.uid, sign.dumps({"_user_id": handle, "csrf_token": "0" * 40})))
        db.commit()
    return viewers


def _measure_posts(kind: str, app: Flask, viewers: list[Viewer], posts: int) -> None:
    token = _token(app)
    turn = cycle(viewers)
    post = partial(_post, app, token)
    shares, paces = [], []
    for _ in range(10):  # in turns, so that what else the machine does meets both alike
        paces.append(_pace(lambda: post(next(turn)), posts // 10))
        shares.append(paces[-1] / _pace(lambda: _get(app, "/empty", next(turn).cookie), posts // 10))
    with spending(app) as spent:
        post(next(turn))
    print(f"{kind}: {len(viewers):,} lessons open")
    print(f"  progress {median(paces):8.0f} posts/s  {median(shares):5.2f} of the empty view")
    print(f"  {len(spent.statements)} statements each, the gate's included:")
    for statement in spent.statements:
        print("    " + " ".join(statement.split())[:100])


def _measure_readers(kind: str, app: Flask, cohort: LargeCohort, port: int) -> None:
    """The median of a home, alone and while fifty browsers fetch one film again and again."""
    browser = Browser(app)
    browser.enter(cohort.users[Role.TRAINEE], clock.now())
    cookie, home = f"s={browser.cookie()}", f"/seats/{cohort.seats[Role.TRAINEE]}"
    film = Films().film("management_basics_default", "l1", "ja")
    if film is None:
        raise SystemExit("the shipped films are missing")
    idle = _median(port, home, cookie)
    with _readers(port, f"/films/{film.film}", cookie) as fetched:
        busy = _median(port, home, cookie)
    print(
        f"  home {1000 * idle:6.1f} ms alone, {1000 * busy:6.1f} ms beside {READERS} readers: {busy / idle:.2f} times"
    )
    print(f"  ({sum(fetched)} parts of the film went out meanwhile; {kind})")


@contextmanager
def _readers(port: int, path: str, cookie: str) -> Iterator[list[int]]:
    """Fifty players that fetch a part of the film every second, as a browser does that plays it."""
    stopping, fetched = threading.Event(), [0] * READERS

    def read(place: int) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
            while not stopping.wait(1 if fetched[place] else place / READERS):
                connection.request("GET", path, headers={"Cookie": cookie, "Range": "bytes=0-65535"})
                connection.getresponse().read()
                fetched[place] += 1

    threads = [threading.Thread(target=read, args=(place,), daemon=True) for place in range(READERS)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    yield fetched
    stopping.set()
    for thread in threads:
        thread.join(10)


def _median(port: int, path: str, cookie: str) -> float:
    with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        took = []
        for _ in range(SAMPLES):
            begin = time.perf_counter()
            connection.request("GET", path, headers={"Cookie": cookie})
            connection.getresponse().read()
            took.append(time.perf_counter() - begin)
    return median(took)


def _token(app: Flask) -> str:
    with app.test_request_context() as context:
        context.session["csrf_token"] = "0" * 40
        return str(generate_csrf())


def _pace(call: Callable[[], object], times: int) -> float:
    begin = time.perf_counter()
    for _ in range(times):
        call()
    return times / (time.perf_counter() - begin)


def _post(app: Flask, token: str, viewer: Viewer) -> None:
    headers = {"Cookie": f"s={viewer.cookie}", "X-CSRFToken": token, "Content-Type": "application/json"}
    _ask(app, f"/seats/{viewer.seat}/lessons/l1/progress", headers, method="POST", data=WATCHED)


def _get(app: Flask, path: str, cookie: str) -> None:
    _ask(app, path, {"Cookie": f"s={cookie}"})


def _ask(app: Flask, path: str, headers: dict[str, str], method: str = "GET", data: bytes | None = None) -> None:
    site = app.config["PREFERRED_URL_SCHEME"] + "://" + app.config["SERVER_NAME"]
    chunks, status, _ = run_wsgi_app(app, create_environ(path, site, method=method, data=data, headers=headers), True)
    if not status.startswith("200"):
        raise SystemExit(f"{path} answered {status}: {b''.join(chunks)[:300]!r}")


if __name__ == "__main__":
    main()
