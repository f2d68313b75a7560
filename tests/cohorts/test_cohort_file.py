"""The cohort file: what it may say, what it means when it says less, and a sentence for every mistake."""

from datetime import date, time
from pathlib import Path

import pytest
import yaml
from flask import Flask

from trainer import i18n
from trainer.cohorts.cohort_file import language_of_file, read_cohort_file
from trainer.cohorts.sentences import Refused

MINATO = Path(__file__).parent.parent / "fixtures" / "cohorts" / "minato.yaml"
SHORTEST = """
organization: {name: Minato}
cohort: {name: First, workshop_days: [2027-02-03, 2027-02-04], roster: roster.csv}
"""


def read(folder: Path, text: str | bytes) -> object:
    path = folder / "cohort.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_cohort_file(path)


def refusal(folder: Path, text: str | bytes) -> str:
    with pytest.raises(Refused) as caught:
        read(folder, text)
    return str(caught.value)


def with_change(place: str, value: object) -> str:
    """The shortest file with one key changed: `place` is section.key."""
    declared = yaml.safe_load(SHORTEST)
    section, _, key = place.partition(".")
    declared[section][key] = value
    return yaml.safe_dump(declared, allow_unicode=True)


def test_a_file_says_who_when_and_where() -> None:
    declared = read_cohort_file(MINATO)
    assert declared.organization.name == "みなと商事"
    assert declared.organization.closures == ["2027-04-30", "2027-08-12/2027-08-16"]
    assert declared.cohort.workshop_days == [date(2027, 2, 3), date(2027, 2, 4)]
    assert [(staff.name, staff.email) for staff in declared.cohort.facilitators] == [
        ("講師 大河内", "okochi@training.example")
    ]


def test_what_a_file_leaves_out_is_usual_in_japan(tmp_path: Path) -> None:
    path = tmp_path / "cohort.yaml"
    path.write_text(SHORTEST)
    declared = read_cohort_file(path)
    company, cohort = declared.organization, declared.cohort
    assert (company.time_zone, company.language, company.holidays, company.closures) == ("Asia/Tokyo", "ja", "JP", [])
    assert (cohort.program, cohort.start_time, cohort.prompt_time) == ("management_basics_default", time(9), time(9))
    assert (cohort.time_zone, cohort.language, cohort.holidays) == (None, None, None)
    assert declared.language == "ja"


@pytest.mark.parametrize("written", ["9:00", "'9:00'", "09:00", "'09:00'"])
def test_a_time_needs_no_quotation_marks(tmp_path: Path, written: str) -> None:
    path = tmp_path / "cohort.yaml"
    path.write_text(SHORTEST.replace("roster:", f"prompt_time: {written}, roster:"))
    assert read_cohort_file(path).cohort.prompt_time == time(9)


def test_staff_names_and_addresses_are_made_alike(tmp_path: Path) -> None:
    path = tmp_path / "cohort.yaml"
    path.write_text(with_change("cohort.coordinators", [{"name": " 佐野　花子 ", "email": "Sano@Minato.Example"}]))
    (coordinator,) = read_cohort_file(path).cohort.coordinators
    assert (coordinator.name, coordinator.email) == ("佐野 花子", "sano@minato.example")


@pytest.mark.parametrize(
    ("place", "value", "sentence"),
    [
        ("cohort.colour", "red", "cohort.colour is not known here. Remove it or correct its spelling."),
        ("cohort.name", 2027, "cohort.name must be a text. Put it in quotation marks."),
        ("cohort.name", " ", "cohort.name is empty."),
        ("cohort.name", "x" * 201, "cohort.name is longer than 200 characters. Shorten it."),
        ("cohort.workshop_days", [date(2027, 2, 3)], "cohort.workshop_days must have 2 entries."),
        ("cohort.workshop_days", ["soon", "later"], "cohort.workshop_days.0 must be a day, written like 2027-02-03."),
        ("cohort.workshop_days", "2027-02-03", "cohort.workshop_days must be a list."),
        (
            "cohort.prompt_time",
            "late",
            "cohort.prompt_time is not right: 'late' is not a time of day. Write \"09:00\".",
        ),
        ("cohort.prompt_time", [9], 'cohort.prompt_time is not right: Write a time of day like "09:00".'),
        ("cohort.coordinators", ["Sano"], "cohort.coordinators.0 must be lines of the form KEY: VALUE."),
        ("cohort.coordinators", [{"name": "Sano"}], "cohort.coordinators.0.email is missing."),
        (
            "cohort.facilitators",
            [{"name": "O", "email": "nobody"}],
            "cohort.facilitators.0.email is not right: 'nobody' is not an e-mail address.",
        ),
        (
            "cohort.facilitators",
            [{"name": "O\r\nBcc: all@minato.example", "email": "o@minato.example"}],
            "cohort.facilitators.0.name is not right: It holds a line break or another control character.",
        ),
        (
            "cohort.facilitators",
            [{"name": "O", "email": "o@minato.example\nBcc: all@minato.example"}],
            "cohort.facilitators.0.email is not right: 'o@minato.example\nBcc: all@minato.example' is not",
        ),
        (
            "organization.time_zone",
            "Asia/Tokio",
            "organization.time_zone is not right: 'Asia/Tokio' is not a time zone. An example: Asia/Tokyo.",
        ),
        (
            "organization.time_zone",
            "../../etc/passwd",
            "organization.time_zone is not right: '../../etc/passwd' is not a time zone. An example: Asia/Tokyo.",
        ),
        ("organization.language", "fr", "organization.language must be one of: ja, en."),
        (
            "organization.holidays",
            "QQ",
            "organization.holidays is not right: No holidays are known for 'QQ'. An example: JP.",
        ),
        (
            "organization.closures",
            ["2027-08-16/2027-08-12"],
            "organization.closures.0 is not right: '2027-08-16/2027-08-12' is not a closure.",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, place: str, value: object, sentence: str) -> None:
    assert refusal(tmp_path, with_change(place, value)).startswith(f"cohort.yaml: {sentence}")


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    assert refusal(tmp_path, "organization: {nane: Minato}").splitlines() == [
        "cohort.yaml: organization.name is missing.",
        "cohort.yaml: organization.nane is not known here. Remove it or correct its spelling.",
        "cohort.yaml: cohort is missing.",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"organization: [", "is not valid YAML", id="broken"),
        pytest.param("会社: 名簿".encode("cp932"), "is not valid YAML", id="another encoding"),
        pytest.param(SHORTEST.encode() + b"cohort: {}\n", "a second time", id="a key twice"),
        pytest.param(b"!!python/object/apply:os.getcwd []", "is not valid YAML", id="code"),
        pytest.param(b"[" * 5000, "is not valid YAML", id="too deep"),
        pytest.param(b"# " + b"x" * 1_000_000, "is larger than a cohort file can be (1 MB).", id="too large"),
        pytest.param(b"", "the file must be lines of the form KEY: VALUE.", id="empty"),
        pytest.param(b"- a list", "the file must be lines of the form KEY: VALUE.", id="a list"),
    ],
)
def test_what_is_no_cohort_file_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    assert words in refusal(tmp_path, content)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read: No such file or directory"):
        read_cohort_file(tmp_path / "nothing.yaml")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("organization: {language: en}", "en"),
        ("organization: {language: en}\ncohort: {language: ja}", "ja"),
        ("organization: {language: [en]}", "ja"),
        ("organization: {language: fr}", "ja"),
        ("organization: [", "ja"),
        ("", "ja"),
    ],
)
def test_even_a_wrong_file_has_a_language(tmp_path: Path, text: str, language: str) -> None:
    path = tmp_path / "cohort.yaml"
    path.write_text(text)
    assert language_of_file(path) == language


def test_mistakes_are_told_in_the_language_in_force(tmp_path: Path) -> None:
    app = Flask("tests")
    i18n.init_app(app)
    with app.app_context(), i18n.speaking("ja"):
        told = refusal(tmp_path, with_change("cohort.colour", "red"))
    assert told == "cohort.yaml: cohort.colour という項目はありません。取り除くか、つづりを直してください。"
