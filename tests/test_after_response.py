"""Work after the answer: done once, when the answer has gone out, and never tried again."""

import threading

import pytest
from flask import Flask

from trainer.after_response import AfterResponse, after_response
from trainer.app import create_app
from trainer.permissions import needs
from trainer.settings import Settings


@pytest.fixture
def app(settings: Settings) -> Flask:
    app = create_app(settings)
    app.extensions["after_response"] = AfterResponse(app)
    return app


def test_it_begins_when_the_answer_has_gone_out(app: Flask) -> None:
    done = threading.Event()

    def view() -> str:
        after_response(done.set)
        return "words"

    app.add_url_rule("/view", "view", needs(public="planted")(view))
    answer = app.test_client().get("/view")
    assert not done.wait(0.1)
    answer.close()
    assert done.wait(10)


def test_a_failure_is_logged_without_its_words_and_not_repeated(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    tried: list[int] = []

    def fail() -> None:
        tried.append(1)
        raise RuntimeError("a secret")

    def view() -> str:
        after_response(fail)
        return "words"

    app.add_url_rule("/view", "view", needs(public="planted")(view))
    app.test_client().get("/view", buffered=True)
    app.extensions["after_response"].pool.shutdown(wait=True)
    assert tried == [1]
    assert "RuntimeError" in caplog.text
    assert "a secret" not in caplog.text
