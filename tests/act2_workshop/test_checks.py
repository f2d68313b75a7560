"""The automatic checks of a plan: which measure gets which code, in both languages, and never any words."""

from datetime import date
from typing import Any

import pytest

from tests.programs.packs import shipped
from trainer.act2_workshop.check_words import CheckWords, check_words, names_anybody
from trainer.act2_workshop.checks import CheckedPlan, checks_of, missing_required, warnings_among
from trainer.act2_workshop.plan_words import PlanWords

DAY2 = date(2027, 2, 3)
PEOPLE = ("岡田 千夏", "林 薫", "Hannah Lindqvist", "Bo Li")
GOOD: dict[str, dict[str, Any]] = {
    "ja": {
        "id": "m1",
        "scope": "organisation",
        "title": "納期会議の進行を持ち回りにする",
        "outcome": "o1",
        "target_state": "毎週の納期会議をメンバーが順に進め、遅れの芽が3件以上話し合われている",
        "first_step": "中堅メンバーに、進行をやってみたいか聞く",
        "first_step_date": "2027-02-17",
        "when_cue": "もし月曜の朝会が始まったら",
        "then_action": "最初に困りごとを一つ聞く",
        "deadline": "2027-04-20",
    },
    "en": {
        "id": "m1",
        "scope": "organisation",
        "title": "Rotate who runs the delivery meeting",
        "outcome": "o1",
        "target_state": "Members take turns and talk about three early signs of delay every week",
        "first_step": "Ask an experienced member whether it appeals",
        "first_step_date": "2027-02-17",
        "when_cue": "If the Monday meeting starts",
        "then_action": "Ask for one worry first",
        "deadline": "2027-04-20",
    },
}
SHARED = {
    "task_ref": "t04",
    "share_with": "朝番さん",
    "carrier_now": "self",
    "carrier_target": "one",
    "level_now": 3,
    "level_target": 5,
    "asked_first": "asked",
    "load_offset": "週報をやめる",
}
MEMBER = {"scope": "member", "member_label": "朝番さん"}


def codes(language: str = "ja", *changes: dict[str, Any], **fields: Any) -> list[dict[str, str]]:
    measures = [{**GOOD[language], "id": f"m{place}", **change} for place, change in enumerate(changes, start=1)]
    answered = {"desired_state": "納期会議が順に進んでいる", "visibility": "facilitator", **fields}
    plan = PlanWords(answered, tuple(measures))
    return checks_of(CheckedPlan(plan, shipped(language), DAY2, PEOPLE))


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_plan_of_one_good_measure_needs_no_look(language: str) -> None:
    assert codes(language, {}) == []
    assert codes(language, SHARED) == []
    assert codes(language, {**SHARED, **MEMBER}) == []


@pytest.mark.parametrize(
    ("check", "change"),
    [
        ("k2", {"target_state": "確認がうまく回っている。"}),
        ("k2", {"target_state": "全員が会議の進行を頑張っている姿が見られている"}),
        ("k2", {"target_state": "進行を任せている"}),
        ("k2", {"target_state": "納期会議の進行をメンバー主体とする姿"}),
        ("k3", {"first_step_date": "2027-02-18"}),
        ("k4", {**SHARED, "level_now": 2}),
        ("k4", {**SHARED, "level_now": 5, "level_target": 2}),
        ("k5", {**SHARED, "task_ref": "t13", "level_target": 4}),
        ("k5", {**SHARED, "task_ref": "t12", "level_now": 5, "level_target": 6}),
        ("k6", {**SHARED, "load_offset": None}),
        ("k7", {"when_cue": "もし時間があれば"}),
        ("k7", {"when_cue": "できるときに"}),
        ("k10", {**MEMBER, "current_state": "体調を見ながら、週に一度だけ話している"}),
        ("k10", {**MEMBER, "current_state": "家庭の事情で、夕方の会議に出ていない"}),
        ("k10", {**MEMBER, "member_label": "岡田さん"}),
        ("k10", {**MEMBER, "title": "岡田千夏に進行を任せる"}),
        ("k10", {**MEMBER, "title": "林課長に進行を任せる"}),
    ],
)
def test_each_check_finds_what_it_is_for(check: str, change: dict[str, Any]) -> None:
    assert codes("ja", {}, change) == [{"check": check, "measure": "m2"}]


@pytest.mark.parametrize(
    ("check", "change"),
    [
        ("k2", {"target_state": "Checking runs smoothly and everybody is content."}),
        ("k2", {"target_state": "Meetings rotate."}),
        ("k7", {"when_cue": "If I have time"}),
        ("k10", {**MEMBER, "current_state": "Was in Hospital last month"}),
        ("k10", {**MEMBER, "title": "Let Hannah run the meeting"}),
        ("k10", {**MEMBER, "title": "Let Bo Li run the meeting"}),
    ],
)
def test_the_words_are_looked_for_in_english_too(check: str, change: dict[str, Any]) -> None:
    assert codes("en", {}, change) == [{"check": check, "measure": "m2"}]


@pytest.mark.parametrize(
    "change",
    [
        {**SHARED, "load_offset": None, "carrier_target": "stopped", "share_with": None},
        {**SHARED, "load_offset": None, "level_target": 3, "share_with": None},
        {**MEMBER, "supporter": "岡田 千夏さん"},
        {**MEMBER, "title": "森林の見回りを任せる"},
        {"current_state": "体調のよい日に一度話している"},
    ],
)
def test_what_looks_alike_is_left_alone(change: dict[str, Any]) -> None:
    assert codes("ja", change) == []


def test_a_short_name_alone_is_too_common_to_count() -> None:
    words: CheckWords = check_words("en")

    assert not names_anybody("Lift the load", ["Bo Li"], words)
    assert not names_anybody("The list is long", ["Ed Lo"], words)


def test_one_person_who_gets_everything_is_noticed_and_a_team_is_not() -> None:
    assert codes("ja", SHARED, SHARED) == [{"check": "k8"}]
    assert codes("ja", SHARED, {**SHARED, "share_with": "夜番さん"}) == []
    assert codes("ja", *[{**SHARED, "share_with": "班長4人", "carrier_target": None}] * 2) == []
    assert codes("ja", *[{**SHARED, "carrier_target": "several"}] * 2) == []


def test_more_measures_than_recommended_are_noticed() -> None:
    assert codes("ja", {}, {}) == []
    assert codes("ja", {}, {}, {}) == [{"check": "k9"}]


def test_what_is_missing_is_counted_and_only_that_blocks() -> None:
    nothing = PlanWords()
    unlevelled = PlanWords(
        {"desired_state": "順に進めている", "visibility": "facilitator"}, ({**GOOD["ja"], "task_ref": "t04"},)
    )

    assert missing_required(nothing, shipped("ja")) == 2  # the desired state, and one measure
    assert missing_required(unlevelled, shipped("ja")) == 3  # both levels, and whether the person was asked
    assert [check.id for check in shipped("ja").plan.auto_checks if check.level == "block"] == ["k1"]
    assert codes("ja", {"when_cue": None}) == [{"check": "k1"}]


def test_only_warnings_are_counted_for_the_queue() -> None:
    found = codes(
        "ja", {**SHARED, "task_ref": "t13", "level_now": 1, "level_target": 4, "when_cue": "もし余裕ができたら"}
    )

    assert [code["check"] for code in found] == ["k4", "k5", "k7"]
    assert warnings_among(found, shipped("ja")) == 1


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_check_of_the_pack_is_known(language: str) -> None:
    rules = {check.rule for check in shipped(language).plan.auto_checks}

    assert len(rules) == 10
    assert check_words(language)


def test_a_code_holds_no_words() -> None:
    found = codes("ja", {**MEMBER, "current_state": "家族の看病で疲れている", "when_cue": "いつか"})

    assert found == [{"check": "k7", "measure": "m1"}, {"check": "k10", "measure": "m1"}]
