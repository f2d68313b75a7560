"""What is typed into a plan's form: measures come and go with their ids, and words can be typed again."""

from tests.act2_workshop.planner import REQUIRED, SHARED
from trainer.act2_workshop.plan_words import PlanWords, as_text, map_of
from trainer.act2_workshop.typed_plan import (
    bring_back,
    kept_of_removed,
    measure_ids,
    new_measure_id,
    remove_measure,
    removed_ids,
    typed_again,
    works_chosen,
)

TWO = [("measure", "m1"), ("m1-title", "One"), ("measure", "m2"), ("m2-title", "Two")]


def test_a_removed_measure_keeps_its_words_until_it_is_brought_back() -> None:
    left = remove_measure(TWO, "m1")
    assert (measure_ids(left), removed_ids(left)) == (["m2"], ["m1"])
    assert kept_of_removed(left) == [("removed", "m1"), ("m1-title", "One")]
    assert measure_ids(bring_back(left, "m1")) == ["m2", "m1"]
    assert removed_ids(bring_back(left, "m1")) == []


def test_what_is_not_there_is_neither_removed_nor_brought_back() -> None:
    assert remove_measure(TWO, "m9") == TWO
    assert bring_back(TWO, "m1") == TWO
    assert bring_back(TWO, "m9") == TWO


def test_an_id_is_never_given_twice() -> None:
    assert new_measure_id([]) == "m1"
    assert new_measure_id(TWO) == "m3"
    assert new_measure_id(remove_measure(TWO, "m2")) == "m3"


def test_names_that_are_no_ids_are_no_measures() -> None:
    strange = [("measure", "plan"), ("measure", "m0"), ("measure", "m1-title"), ("measure", "m1"), ("measure", "m1")]
    assert measure_ids(strange) == ["m1"]


def test_words_typed_again_say_the_same() -> None:
    words = PlanWords(
        {"desired_state": "A scene.", "buddies": ["p1", "p2"], "minutes_available": 60, "ask_boss": None},
        ({"id": "m2", "title": "Two", "task_ref": "t04", "level_now": 2, "level_target": 4},),
        {
            "t04": {"before": {"level": 2, "carrier": ""}, "target": {"level": 4, "carrier": ""}},
            "t06": {"before": {"level": 1, "carrier": "self"}, "target": {"level": 3, "carrier": "one"}},
        },
    )
    pairs = typed_again(words)
    assert ("plan-buddies", "p2") in pairs
    assert ("plan-ask_boss", "None") not in pairs
    assert measure_ids(pairs) == ["m2"]
    assert works_chosen(pairs) == ["t06"]  # the measure speaks of the other one
    assert ("work-t06-carrier_target", "one") in pairs
    assert as_text(words)


def test_a_measure_has_the_first_word_about_its_work() -> None:
    answers = {name.removeprefix("m1-"): value for name, value in [*REQUIRED, *SHARED] if name.startswith("m1-")}
    rows = {
        "t04": {"level_now": 7, "level_target": 7},
        "t06": {"level_now": 1},
        "t07": {"level_now": 1, "level_target": 2},
    }
    found = map_of([answers], rows)
    assert found["t04"]["before"] == {"level": "2", "carrier": "self"}
    assert "t06" not in found  # the aim is missing
    assert found["t07"]["target"] == {"level": 2, "carrier": ""}
