"""Each page of a plan asks the database a few questions, however many measures and versions there are."""

import pytest
from flask import Flask

from tests.act2_workshop.planner import REQUIRED, SHARED, Planner, typed
from tests.measuring_pages import spending
from trainer.act2_workshop.rules import Deed

MOST = 8  # the gate's own three included
MOST_FOR_AN_OLDER = 9  # an older version besides the plan's present one
MOST_FOR_A_SAVE = 8


def asked(app: Flask, planner: Planner, rest: str) -> int:
    """How many statements a page sends, the second time it is asked for."""
    planner.page(rest)
    with spending(app) as spent:
        planner.page(rest)
    return len(spent.statements)


def test_pages_ask_few_questions(app: Flask, planner: Planner) -> None:
    planner.press("save", REQUIRED)
    before = {rest: asked(app, planner, rest) for rest in ("/edit", "/hints")}
    planner.submit(of=[*REQUIRED, *SHARED])
    received = {rest: asked(app, planner, rest) for rest in ("", "/received")}
    planner.answer(Deed.RETURN, "Which part could move forward together?", bank="cm5")
    planner.submit(("m1-title", "Another title"))
    planner.answer(Deed.RETURN, "And the other part?", bank="cm5")
    assert asked(app, planner, "/versions/1") <= MOST_FOR_AN_OLDER
    rests = ("", "/edit", "/as-it-is", "/versions/2/changes", "/first-step.ics")
    after = {rest: asked(app, planner, rest) for rest in rests}
    for counts in (before, received, after):
        assert {rest: count for rest, count in counts.items() if count > MOST} == {}


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_saving_a_draft_asks_as_few(app: Flask, planner: Planner) -> None:
    planner.press("save", REQUIRED)
    revision = planner.revision()
    token = ("csrf_token", planner.browser.token("/account/"))
    form = dict([*typed(("m1-title", "Another")), token, ("revision", str(revision))])
    with spending(app) as spent:
        assert planner.browser.client.post(planner.path("/draft"), data=form).status_code == 200
    assert len(spent.statements) <= MOST_FOR_A_SAVE, spent.statements
