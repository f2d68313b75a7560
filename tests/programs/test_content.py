"""The shipped packs: they load, agree with each other, and go to JSON and back."""

import json
import shutil
from datetime import time
from pathlib import Path

import pytest

from tests.programs.packs import LANGUAGES, PROGRAM, element, shipped, shipped_data
from trainer.programs.content import PACKS, Pack, PackError, load_pack, load_program, read_pack, shipped_programs
from trainer.programs.content_languages import differences
from trainer.programs.rules import EVENTS, RANKS, STEPS, EventTrigger, Offset, Term, WeeklyTrigger


def test_the_default_program_is_shipped_in_both_languages() -> None:
    assert shipped_programs() == [PROGRAM]
    assert list(load_program(PROGRAM)) == ["ja", "en"]


def test_a_program_that_is_not_shipped_is_refused() -> None:
    with pytest.raises(PackError, match="is not among the packs"):
        load_program("../../etc/passwd")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pack_goes_to_json_and_back(language: str) -> None:
    pack = shipped(language)
    frozen = json.loads(json.dumps(pack.model_dump(mode="json", by_alias=True)))
    assert Pack.model_validate(frozen) == pack
    assert read_pack(frozen, "frozen") == pack


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pack_answers_what_others_ask_of_it(language: str) -> None:
    pack = shipped(language)
    assert {date.id: date.offset for date in pack.schedule.dates}["plan_due"] == Offset("day2", (Term(5, "bd"),))
    assert tuple(step.id for step in pack.schedule.steps) == STEPS
    assert [letter.id for letter in pack.letters][:3] == ["act1_open", "act1_due_soon", "act1_past_due"]
    assert pack.letter("coordinator_digest").when == WeeklyTrigger(0, time(8))
    assert dict(pack.options("outcomes")).keys() == {"o1", "o2", "o3", "o4"}
    assert len(pack.options("management_tasks")) == 17
    assert pack.worksheet("w8").fields[0].by == "interviewer"
    assert pack.reflection("reflection1").minutes == 10
    with pytest.raises(KeyError):
        pack.letter("love_letter")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_source_of_options_has_words_for_each(language: str) -> None:
    pack = shipped(language)
    for source in ("outcomes", "activities", "carriers", "management_tasks", "resistance", "support_needs"):
        assert all(option and label for option, label in pack.options(source))


def test_letters_are_reminders_if_they_ask_for_something_unfinished() -> None:
    reminders = {letter.id for letter in shipped("ja").letters if letter.is_reminder}
    assert reminders == {
        "act1_due_soon",
        "act1_past_due",
        "plan_due",
        "plan_past_due",
        "reflection1_reminder",
        "reflection1_last",
        "reflection2_reminder",
        "reflection2_last",
    }


def test_the_letters_use_every_rank_and_every_event() -> None:
    letters = shipped("ja").letters
    assert {letter.rank for letter in letters} == set(RANKS)
    assert {letter.when.name for letter in letters if isinstance(letter.when, EventTrigger)} == set(EVENTS)


def test_what_a_letter_does_not_say_has_its_default() -> None:
    letter = shipped("ja").letter("act1_open")
    assert (letter.optional, letter.opt_out, letter.on_doubt, letter.send_if) == (False, False, "resend", None)


def test_a_field_without_required_is_optional() -> None:
    assert shipped("ja").worksheet("w1").fields[0].required is False


def test_times_may_stand_without_quotes(tmp_path: Path) -> None:
    text = (PACKS / f"{PROGRAM}.en.yaml").read_text(encoding="utf-8")
    unquoted = (
        text.replace("start: '9:00'", "start: 9:00")
        .replace("to: '18:00'", "to: 18:00")
        .replace("at: '1:12'", "at: 1:12")
    )
    assert unquoted.count("start: 9:00") == 2
    (tmp_path / "unquoted.yaml").write_text(unquoted, encoding="utf-8")
    assert load_pack(tmp_path / "unquoted.yaml") == shipped("en")


def test_lengths_may_differ_between_languages_and_nothing_else() -> None:
    data = shipped_data("en")
    element(data, "worksheets.w1.fields.team")["max"] = 17
    assert differences(shipped("ja"), read_pack(data, "changed")) == []
    element(data, "plan.measure_fields.minutes_week")["max"] = 17
    data["lessons"][2]["minutes"] = 9
    data["cases"].pop()
    assert [problem.path for problem in differences(shipped("ja"), Pack.model_validate(data))] == [
        "lessons[2].minutes",
        "cases",
        "plan.measure_fields[28].max",
    ]


def test_a_program_whose_languages_disagree_is_refused(tmp_path: Path) -> None:
    for language in LANGUAGES:
        shutil.copy(PACKS / f"{PROGRAM}.{language}.yaml", tmp_path)
    path = tmp_path / f"{PROGRAM}.en.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("trigger: act1_due_minus_3", "trigger: act1_due_minus_2"),
        encoding="utf-8",
    )
    with pytest.raises(PackError, match=r"ja.yaml and .*en.yaml: messages.items\[1\].trigger: is 'act1_due_minus_3'"):
        load_program(PROGRAM, tmp_path)


def test_a_file_whose_name_says_something_else_is_refused(tmp_path: Path) -> None:
    shutil.copy(PACKS / f"{PROGRAM}.en.yaml", tmp_path / f"{PROGRAM}.ja.yaml")
    with pytest.raises(PackError, match="the file's name says"):
        load_program(PROGRAM, tmp_path)
