"""Work that is done after the answer was given, so that no answer's time tells what the work was."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from flask import Flask, Response, after_this_request, current_app

log = logging.getLogger(__name__)
THREADS = 2


class AfterResponse:
    """A small pool of threads that take work when its request's answer has gone out; nothing is ever tried twice."""

    def __init__(self, app: Flask, *, at_once: bool = False) -> None:
        """`at_once` does the work before the answer instead, as tests want it."""
        self.app = app
        self.at_once = at_once
        self.pool = ThreadPoolExecutor(THREADS, thread_name_prefix="after-response")

    def do(self, work: Callable[[], None]) -> None:
        """Do `work` in an application context, once this request's answer has been given."""
        if self.at_once:
            self._work(work)
            return

        @after_this_request
        def hand_over(response: Response) -> Response:
            response.call_on_close(lambda: self.pool.submit(self._work, work))
            return response

    def _work(self, work: Callable[[], None]) -> None:
        with self.app.app_context():
            try:
                work()
            except Exception as error:  # nobody waits for it any more; its words are not for the log
                log.error("work after an answer failed: %s", type(error).__name__)


def init_app(app: Flask) -> None:
    """Give an application its pool."""
    app.extensions["after_response"] = AfterResponse(app, at_once=app.testing)


def after_response(work: Callable[[], None]) -> None:
    """Do `work` when the present request has been answered."""
    pool: AfterResponse = current_app.extensions["after_response"]
    pool.do(work)
