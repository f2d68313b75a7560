"""The commands of a cohort: done, done already, refused with a sentence, or called wrongly."""

import csv
from io import StringIO

import pytest

from tests.cli.commands import CommandLine
from tests.environments import PRODUCTION
from tests.factories import write_cohort_file


def rehearsed(cli: CommandLine, cohort: object = 1) -> dict[tuple[str, str], str]:
    """(employee number, letter) -> its hour."""
    told = cli("rehearse", cohort, "--csv")
    assert (told.code, told.errors) == (0, "")
    return {(row["employee_number"], row["letter"]): row["due_at"] for row in csv.DictReader(StringIO(told.answer))}


def test_the_rehearsal_is_csv_and_nothing_else(course: CommandLine) -> None:
    told = course("rehearse", "First", "--csv")
    assert told.answer.splitlines()[:3] == [
        "due_at,letter,employee_number,email",
        "2027-01-13T09:00:00+09:00,act1_open,1,e1@minato.example",
        "2027-01-13T09:00:00+09:00,act1_open,2,e2@minato.example",
    ]
    assert told.answer.endswith("closing_summary,2,e2@minato.example\n")


@pytest.mark.parametrize(
    "words",
    [
        ("set-schedule", 1, "2027-02-10", "2027-02-12"),
        ("override", "First", "plan_due", "2027-02-14"),
        ("extend", 1, "1", "plan", "2027-03-01", "--reason", "leave"),
        ("finish-step", 1, "1", "act1", "--reason", "on paper"),
        ("withdraw", 1, "1"),
        ("pause", 1, "1"),
    ],
    ids=lambda words: str(words[0]),
)
def test_a_command_done_twice_changes_once(course: CommandLine, words: tuple[object, ...]) -> None:
    assert course(*words).json == {"cohort": 1, "changed": True, "warnings": []}
    again = course(*words)
    assert (again.code, again.json["changed"], again.errors) == (0, False, "")


def test_a_seat_that_was_paused_is_resumed(course: CommandLine) -> None:
    course("pause", 1, "1", "--now", "2026-09-02T10:00:00+09:00")
    assert course("resume", 1, "1").json["changed"] is True
    assert course("resume", 1, "1").json["changed"] is False


def test_the_rehearsal_follows_what_was_done(course: CommandLine) -> None:
    before = rehearsed(course)
    course("extend", 1, "1", "plan", "2027-02-21", "--reason", "leave")
    course("withdraw", 1, "2")
    after = rehearsed(course)
    assert {number for number, _letter in after} == {"1"}
    assert {letter for (number, letter), hour in after.items() if before[number, letter] != hour} == {
        "plan_due",
        "plan_past_due",
    }


def test_moving_the_days_away_and_back_gives_the_same_rehearsal(course: CommandLine) -> None:
    before = course("rehearse", 1, "--csv").answer
    course("set-schedule", 1, "2027-06-02", "2027-06-03")
    assert course("rehearse", 1, "--csv").answer != before
    course("set-schedule", 1, "2027-02-03", "2027-02-04")
    assert course("rehearse", 1, "--csv").answer == before


def test_unusual_days_are_accepted_with_a_warning(course: CommandLine) -> None:
    told = course("set-schedule", 1, "2027-02-05", "2027-02-06")
    assert (told.code, told.json["warnings"]) == (0, ["The workshop day Sat, Feb 6, 2027 is on a weekend."])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("rehearse", "Nowhere", "--csv"), "There is no cohort 'Nowhere'. Give its number or its exact name."),
        (("rehearse", "2", "--csv"), "There is no cohort '2'. Give its number or its exact name."),
        (("withdraw", 1, "9"), "Nobody with the employee number 9 is a trainee of this cohort."),
        (
            ("set-schedule", 1, "2027-02-04", "2027-02-03"),
            "The second workshop day (Wed, Feb 3, 2027) is before the first (Thu, Feb 4, 2027). "
            "Give the earlier day first.",
        ),
        (
            ("extend", 1, "1", "plan", "2027-02-01", "--reason", "x"),
            "The step plan would be due on Mon, Feb 1, 2027, before it opens on Wed, Feb 3, 2027. Choose a later date.",
        ),
        (("override", 1, "workshop", "2027-02-05"), "workshop is a workshop day. Change it with set-schedule."),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_sentence(
    course: CommandLine, words: tuple[object, ...], sentence: str
) -> None:
    told = course(*words)
    assert (told.code, told.answer, told.errors) == (1, "", f"{sentence}\n")
    assert len(rehearsed(course)) == 24


def test_a_refusal_speaks_japanese_on_a_japanese_terminal(course: CommandLine) -> None:
    told = course("withdraw", 1, "9", LC_ALL="ja_JP.UTF-8")
    assert told.errors == "社員番号 9 の人は、この研修回の受講者ではありません。\n"


def test_somebody_who_has_withdrawn_is_not_paused(course: CommandLine) -> None:
    course("withdraw", 1, "1")
    assert course("pause", 1, "1").code == 1


@pytest.mark.parametrize(
    "words",
    [
        ("rehearse", 1),
        ("extend", 1, "1", "month1", "2027-03-01", "--reason", "x"),
        ("extend", 1, "1", "plan", "tomorrow", "--reason", "x"),
        ("extend", 1, "1", "plan", "2027-03-01"),
        ("extend", 1, "1", "plan", "2027-03-01", "--reason", " "),
        ("finish-step", 1, "1", "plan", "--reason", "x" * 1001),
        ("finish-step", 1, "1", "close", "--reason", "x"),
        ("set-schedule", 1, "2027-02-03"),
        ("withdraw", 1, "1", "--now", "yesterday"),
        ("withdraw", 1, "1", "--now", "2027-02-03T09:00:00"),
        ("dance",),
    ],
)
def test_a_wrong_usage_ends_with_two(course: CommandLine, words: tuple[object, ...]) -> None:
    told = course(*words)
    assert (told.code, told.answer) == (2, "")
    assert "Error" in told.errors


def test_a_name_in_two_companies_needs_the_number(course: CommandLine) -> None:
    second = course("load-cohort", write_cohort_file(course.folder, {"name": "Harbor"})).json["cohort"]
    told = course("rehearse", "First", "--csv")
    assert (told.code, told.errors) == (1, f"Several cohorts are called 'First': 1, {second}. Give a number.\n")
    assert course("rehearse", second, "--csv").code == 0


def test_a_cohort_may_be_called_by_a_number_that_no_cohort_has(course: CommandLine) -> None:
    course("load-cohort", write_cohort_file(course.folder, name="2027"))
    assert course("rehearse", "2027", "--csv").code == 0


def test_the_clock_is_the_clock_in_production(course: CommandLine) -> None:
    production = {**PRODUCTION, **{name: course.environment[name] for name in ("DATABASE_URL", "KEY_RING")}}
    told = course("withdraw", 1, "1", "--now", "2027-01-01T00:00:00Z", **production)
    assert (told.code, told.answer) == (1, "")
    assert told.errors == "--now is refused in production: there the clock is the clock.\n"
    assert {number for number, _letter in rehearsed(course)} == {"1", "2"}
