"""The pages of a reflection ask the database a few questions, as many with two measures as with six."""

from flask import Flask

from tests.act3_practice.conftest import Writer
from tests.act3_practice.turns import AFTER_TWO_MONTHS, ROTATE
from tests.measuring_pages import spending

MOST = {  # the gate's own three included
    "/reflections/reflection2": 11,
    "/reflections/reflection1/done": 11,
    "/reflections/reflection1/experiment.ics": 10,
    "/summary": 13,
}


def asked(app: Flask, writer: Writer) -> dict[str, int]:
    """How many statements each page sends, the second time it is asked for."""
    counts = {}
    for path in MOST:
        address = f"/seats/{writer.seat_uid}{path}"
        assert writer.browser.get(address).status_code == 200
        with spending(app) as spent:
            writer.browser.get(address)
        counts[path] = len(spent.statements)
    return counts


def test_pages_ask_a_few_questions_however_much_there_is(app: Flask, writer: Writer) -> None:
    writer.has_plan(*({**ROTATE, "id": f"m{number}", "task_ref": f"t0{number}"} for number in range(1, 7)))
    writer.has_reflected(plan_change="smaller", level_now={f"m{number}": 4 for number in range(1, 7)})
    writer.comes_back(AFTER_TWO_MONTHS)
    counts = asked(app, writer)
    assert {path: count for path, count in counts.items() if count > MOST[path]} == {}


def test_saving_what_is_typed_costs_as_little_among_many_drafts(app: Flask, writer: Writer) -> None:
    token = writer.browser.token("/account/")
    path, revision, counts = writer.path("/reflection1/draft"), 0, []
    for words in ("一", "二", "三"):
        with spending(app) as spent:
            answer = writer.browser.client.post(
                path, data={"revision": str(revision), "scene": words}, headers={"X-CSRFToken": token}
            )
        revision = answer.get_json()["revision"]
        counts.append(len(spent.statements))
    assert counts[1] == counts[2] <= 9
