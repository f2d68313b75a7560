"""The demo's file is checked like a pack: each fault is named with its file, its place and its reason."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.demo.companies import company_data
from tests.programs.packs import element
from trainer.demo.content import DATA, DEMO_LANGUAGES, DemoLanguage, check_company, load_company
from trainer.programs.content import PackError

Data = dict[str, Any]
Spoil = Callable[[Data], None]
A02 = "cohorts.a.trainees.a02"
B06 = "cohorts.b.trainees.b06"
C01 = "cohorts.c.trainees.c01"
C12 = "cohorts.c.trainees.c12"


def put(path: str, key: str, value: Any) -> Spoil:
    """A way to spoil the file: another value at a place."""

    def spoil(data: Data) -> None:
        element(data, path)[key] = value

    return spoil


def take(path: str, key: str) -> Spoil:
    """A way to spoil the file: a key less."""

    def spoil(data: Data) -> None:
        del element(data, path)[key]

    return spoil


def change(path: str, key: str, place: int, inner: str, value: Any) -> Spoil:
    """A way to spoil the file: another value inside an element of a list without ids."""

    def spoil(data: Data) -> None:
        element(data, path)[key][place][inner] = value

    return spoil


def lead_last_door(key: str, value: Any) -> Spoil:
    """A way to spoil the file: the last door leads elsewhere."""

    def spoil(data: Data) -> None:
        data["doors"][-1][key] = value

    return spoil


FAULTS = [
    (put(A02, "colour", "red"), "cohorts[a].trainees[a02].colour", "not a known key"),
    (take(A02, "email"), "cohorts[a].trainees[a02].email", "is missing"),
    (put(A02, "email", "a@example.com"), "cohorts[a].trainees[a02].email", "not written as it must be"),
    (put(A02, "number", "004011"), "people, number", "'004011' is there twice"),
    (put(A02, "id", "a01"), "people, id", "'a01' is there twice"),
    (put(A02, "boss", "b9"), "cohorts[a].trainees[a02].boss", "'b9' is not known"),
    (put(A02, "group", "Group Z"), "cohorts[a].trainees[a02].group", "'Group Z' is not known"),
    (put(A02, "status", "away"), "cohorts[a].trainees[a02].status", "'active'"),
    (put(A02, "status", "paused"), "cohorts[a].trainees[a02].status_since", "exactly when"),
    (put(A02, "joined_at", "today-1d"), "cohorts[a].trainees[a02].joined_at", "has no time of day"),
    (put(A02, "joined_at", "monday 10:00"), "cohorts[a].trainees[a02].joined_at", "'monday' is not known"),
    (put(A02, "joined_at", "soon-ish"), "cohorts[a].trainees[a02].joined_at", "is no offset"),
    (put(f"{A02}.lessons", "l9", {"state": "watching", "opened_at": "today-1d 10:00"}), "lessons", "'l9' is not known"),
    (put(f"{A02}.lessons.l1.answers", "l1q1", ["e"]), "lessons.l1.answers.l1q1", "'e' is not known"),
    (put(f"{A02}.lessons.l1.answers", "l1q1", ["a"]), "lessons.l1.answers.l1q1", "the right answer"),
    (put(f"{A02}.lessons.l1.answers", "l2q1", ["a"]), "lessons.l1.answers", "'l2q1' is not known"),
    (take(f"{A02}.lessons.l1.answers", "l1q1"), "lessons.l1.answers", "'l1q1' is not answered"),
    (take(f"{A02}.lessons.l1", "finished_at"), "lessons.l1.finished_at", "exactly when"),
    (put(f"{B06}.plan", "state", "draft"), "trainees[b06].plan.history", "exactly when"),
    (put(f"{B06}.plan.fields", "colour", "red"), "plan.fields.colour", "is not a field of the program"),
    (put(f"{B06}.plan.fields", "desired_state", "x" * 501), "plan.fields.desired_state", "longer than 500 characters"),
    (put(f"{B06}.plan.fields", "visibility", "everybody"), "plan.fields.visibility", "'everybody' is not known"),
    (put(f"{B06}.plan.fields", "buddies", ["a01"]), "plan.fields.buddies", "'a01' is not known"),
    (put(f"{B06}.plan.fields", "minutes_available", 2401), "plan.fields.minutes_available", "not between 0 and 2400"),
    (put(f"{B06}.plan.measures.m1", "level_now", 8), "plan.measures[m1].level_now", "not between 1 and 7"),
    (put(f"{B06}.plan.measures.m1", "outcome", "o9"), "plan.measures[m1].outcome", "'o9' is not known"),
    (put(f"{B06}.plan.measures.m1", "deadline", "payday"), "plan.measures[m1].deadline", "'payday' is not known"),
    (change(f"{B06}.plan", "history", 1, "decision", "maybe"), "plan.history[1].decision", "'maybe' is not known"),
    (change(f"{B06}.plan", "history", 1, "by", "f9"), "plan.history[1].by", "'f9' is not known"),
    (change(f"{B06}.plan", "map", 0, "task", "t99"), "plan.map", "'t99' is not known"),
    (put(f"{C01}.reflection1.measures", "m7", {"gas": 0}), "reflection1.measures", "'m7' is not known"),
    (put(f"{C01}.reflection1.measures.m1", "gas", 5), "reflection1.measures.m1.gas", "not between -2 and 2"),
    (put(f"{C01}.reflection1.values", "support", ["magic"]), "reflection1.values.support", "'magic' is not known"),
    (put(f"{C01}.reflection1.values", "measure_ref", "m7"), "reflection1.values.measure_ref", "'m7' is not known"),
    (put(f"{C01}.reflection1.feedback", "by", "k1"), "reflection1.feedback.by", "'k1' is not known"),
    (put(f"{C12}.bounced", "letter", "hello"), "trainees[c12].bounced.letter", "'hello' is not known"),
    (put("cohorts.a", "program", "cooking"), "cohorts[a].program", "'cooking' is not among the packs"),
    (put("cohorts.a", "coordinators", ["f1"]), "cohorts[a].coordinators", "'f1' is not known"),
    (put("cohorts.a", "overrides", {"party": "today"}), "cohorts[a].overrides", "'party' is not known"),
    (put("cohorts.a", "overrides", {"close": "day2+3d"}), "cohorts[a].overrides.close", "'day2' is not known"),
    (put("cohorts.a.workshop", "at", "today 09:00"), "cohorts[a].workshop.at", "has a time of day"),
    (put("organization", "time_zone", "Asia/Minato"), "organization.time_zone", "is not a time zone"),
    (put("organization", "language", "ja"), "organization.language", "is not the file's own"),
    (lead_last_door("person", "a02"), "doors[6].person", "'a02' has no seat as trainee there"),
    (lead_last_door("cohort", "z"), "doors[6].cohort", "'z' is not known"),
    (lead_last_door("cohort", None), "doors[6].cohort", "is missing"),
]


@pytest.mark.parametrize(
    ("spoil", "place", "reason"),
    FAULTS,
)
def test_a_fault_is_named_with_file_place_and_reason(spoil: Spoil, place: str, reason: str) -> None:
    data = company_data()
    spoil(data)
    with pytest.raises(PackError) as refused:
        check_company(data, "demo.en.yaml", "en")
    found = [line for line in str(refused.value).splitlines() if place in line and reason in line]
    assert found, str(refused.value)
    assert found[0].startswith("demo.en.yaml: ")


@pytest.mark.parametrize("language", DEMO_LANGUAGES)
def test_the_files_as_they_are_have_no_fault(language: DemoLanguage) -> None:
    assert load_company(language).lang == language


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (put(A02, "number", "004999"), "cohorts[0].trainees[1].number"),
        (put(A02, "group", "Group B"), "cohorts[a].trainees[a02].group"),
        (put(f"{B06}.plan.fields", "minutes_available", 50), "cohorts[1].trainees[5].plan.fields.minutes_available"),
        (put(f"{B06}.plan.measures.m1", "outcome", "o2"), "cohorts[b].trainees[b06].plan.measures[m1].outcome"),
        (take(C01, "notes"), "cohorts[2].trainees[0].notes"),
    ],
)
def test_the_languages_differ_in_words_alone(tmp_path: Path, spoil: Spoil, place: str) -> None:
    shutil.copytree(DATA, tmp_path, dirs_exist_ok=True)
    data = company_data("en")
    spoil(data)
    (tmp_path / "demo.en.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    with pytest.raises(PackError) as refused:
        load_company("ja", tmp_path)
    assert str(refused.value).startswith(f"demo.ja.yaml and demo.en.yaml: {place}: ")
    assert len(refused.value.problems) == 1


def test_a_file_that_is_no_yaml_is_named(tmp_path: Path) -> None:
    shutil.copytree(DATA, tmp_path, dirs_exist_ok=True)
    (tmp_path / "demo.ja.yaml").write_text("people: [", encoding="utf-8")
    with pytest.raises(PackError, match=r"^demo.ja.yaml: the file: cannot be read: "):
        load_company("ja", tmp_path)
