"""The shipped films and how their files are served."""

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask

from tests.accounts.browsers import Browser, Watch
from tests.act1_lessons.conftest import Learner
from tests.factories import make_cohort, make_seat, make_user, organization_of
from trainer.act1_lessons.films import MANIFEST, SHIPPED, Films, digest_of
from trainer.act1_lessons.rules import SPEEDS
from trainer.act1_lessons.storyboard import storyboard
from trainer.app import create_app
from trainer.db import Database
from trainer.programs.content import Pack, load_program
from trainer.programs.models import ProgramVersion
from trainer.settings import Settings

PROGRAM = "management_basics_default"
PACKS = load_program(PROGRAM)
LESSONS = [(language, lesson.id) for language, pack in PACKS.items() for lesson in pack.lessons]
FILMS = Films()
HALF_A_MEGABYTE = 500_000


def lesson_of(language: str, lesson_id: str) -> tuple[Pack, object]:
    pack = PACKS[language]
    return pack, next(lesson for lesson in pack.lessons if lesson.id == lesson_id)


@pytest.mark.parametrize(("language", "lesson_id"), LESSONS)
def test_each_lesson_ships_a_small_film_that_says_what_the_pack_says(language: str, lesson_id: str) -> None:
    film = FILMS.film(PROGRAM, lesson_id, language)
    lesson = next(lesson for lesson in PACKS[language].lessons if lesson.id == lesson_id)
    assert film is not None
    assert film.script == digest_of(lesson), "render the films anew: ./run cli render-lessons"
    assert film.length_ms == storyboard(lesson, language).length_ms
    assert 0 < (SHIPPED / film.film).stat().st_size <= HALF_A_MEGABYTE
    assert film.length_ms <= (lesson.minutes + 0.5) * 60_000
    spoken = "".join(sentence.text for _, sentences in film.transcript for sentence in sentences)
    assert re.sub(r"\s", "", "".join(part.text for part in lesson.script)) in re.sub(r"\s", "", spoken)


def test_nothing_lies_in_the_folder_that_no_film_names() -> None:
    named = {path.name for path in SHIPPED.iterdir() if FILMS.path(path.name)}
    transcripts = {
        path.name for path in SHIPPED.iterdir() if re.fullmatch(r"l\d\.(ja|en)\.[0-9a-f]{16}\.json", path.name)
    }
    assert {path.name for path in SHIPPED.iterdir()} == {*named, *transcripts, MANIFEST}
    assert len(named) == 3 * len(LESSONS)
    assert len(transcripts) == len(LESSONS)


@pytest.mark.parametrize("name", ["", "films.json", "../films.json", "..", "/etc/passwd", "l1.ja.webm", "l1\0"])
def test_only_names_of_films_lead_to_files(name: str) -> None:
    assert FILMS.path(name) is None
    assert FILMS.program_of(name) is None


def test_a_folder_without_films_has_none(tmp_path: Path) -> None:
    assert Films(tmp_path).film(PROGRAM, "l1", "ja") is None


@pytest.fixture
def name() -> str:
    film = FILMS.film(PROGRAM, "l1", "ja")
    assert film is not None
    return film.film


def test_a_file_is_sent_whole_with_its_type_its_tag_and_a_long_life(learner: Learner, name: str) -> None:
    answer = learner.browser.get(f"/films/{name}")
    assert answer.status_code == 200
    assert answer.data == (SHIPPED / name).read_bytes()
    assert answer.mimetype == "video/webm"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer.headers["ETag"] == f'"{name.split(".")[2]}"'


@pytest.mark.parametrize(
    ("asked", "status", "said", "first", "last"),
    [
        ("bytes=0-99", 206, "bytes 0-99/{size}", 0, 100),
        ("bytes=100-199", 206, "bytes 100-199/{size}", 100, 200),
        ("bytes=-10", 206, "bytes {last_ten}-{end}/{size}", -10, None),
        ("bytes=0-99999999", 206, "bytes 0-{end}/{size}", 0, None),
        ("bytes=-99999999", 206, "bytes 0-{end}/{size}", 0, None),  # a suffix longer than the file is all of it
        (f"bytes=-{'9' * 5000}", 206, "bytes 0-{end}/{size}", 0, None),
        ("Bytes= 0-99 ,", 206, "bytes 0-99/{size}", 0, 100),
        ("bytes=99999999-", 416, "bytes */{size}", None, None),
        (f"bytes={'9' * 5000}-", 416, "bytes */{size}", None, None),
        ("bytes={size}-", 416, "bytes */{size}", None, None),
        ("bytes=-0", 416, "bytes */{size}", None, None),
    ],
)
def test_parts_of_a_file(
    learner: Learner, name: str, asked: str, status: int, said: str, first: int | None, last: int | None
) -> None:
    content = (SHIPPED / name).read_bytes()
    size = len(content)
    answer = learner.browser.get(f"/films/{name}", headers={"Range": asked.format(size=size)})
    assert answer.status_code == status
    assert answer.headers["Content-Range"] == said.format(size=size, last_ten=size - 10, end=size - 1)
    if status == 206:
        assert answer.data == content[first:last]


@pytest.mark.parametrize(
    "asked",
    [
        "items=0-1",
        "bytes=abc",
        "bytes=5-2",
        "bytes=-",
        "bytes=",
        "bytes",
        "",
        "bytes=1-x",
        "bytes=٣-٤",
        "bytes=0-1,5-6",
    ],
)
def test_a_range_that_is_none_is_ignored_and_of_several_the_whole_is_sent(
    learner: Learner, name: str, asked: str
) -> None:
    answer = learner.browser.get(f"/films/{name}", headers={"Range": asked.encode().decode("latin-1")})
    assert answer.status_code == 200
    assert answer.data == (SHIPPED / name).read_bytes()
    assert "Content-Range" not in answer.headers


def test_head_tells_of_the_whole_file_whatever_part_is_named(learner: Learner, name: str) -> None:
    answer = learner.browser.client.head(f"/films/{name}", headers={"Range": "bytes=0-9"})
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.content_length == (SHIPPED / name).stat().st_size


def test_what_a_browser_has_is_not_sent_again(learner: Learner, name: str) -> None:
    tag = learner.browser.get(f"/films/{name}").headers["ETag"]
    answer = learner.browser.get(f"/films/{name}", headers={"If-None-Match": tag})
    assert (answer.status_code, answer.data) == (304, b"")
    for had, status in ((tag, 206), ('"other"', 200)):
        part = learner.browser.get(f"/films/{name}", headers={"Range": "bytes=0-9", "If-Range": had})
        assert part.status_code == status


@pytest.mark.parametrize(("kind", "mimetype"), [("captions", "text/vtt"), ("poster", "image/webp")])
def test_captions_and_posters_are_files_too(learner: Learner, kind: str, mimetype: str) -> None:
    film = FILMS.film(PROGRAM, "l2", "en")
    answer = learner.browser.get(f"/films/{getattr(film, kind)}")
    assert (answer.status_code, answer.mimetype) == (200, mimetype)


@pytest.mark.parametrize("name", ["films.json", "..%2Ffilms.json", "none", "l1.ja.0000000000000000.webm"])
def test_other_names_are_not_found(learner: Learner, name: str) -> None:
    assert learner.browser.get(f"/films/{quote(name, safe='%')}").status_code == 404


def test_who_has_no_seat_in_a_cohort_of_the_program_does_not_find_the_file(
    app: Flask, database: Database, watch: Watch, name: str
) -> None:
    with database.session() as db:
        version = ProgramVersion(program="another", version=1, digest="0" * 64, packs={})
        db.add(version)
        db.flush()
        cohort = make_cohort(db, program_version_id=version.id)
        user = make_user(db, organization_of(db, cohort))
        make_seat(db, cohort, user)
        nobody = make_user(db, organization_of(db, cohort))
        db.commit()
    for person, status in ((user, 404), (nobody, 403)):
        browser = Browser(app)
        browser.enter(person, watch.now())
        assert browser.get(f"/films/{name}").status_code == status
    assert Browser(app).get(f"/films/{name}").location.startswith("/sign-in")


def test_nginx_sends_the_file_where_it_is_told_to(
    settings: Settings, database: Database, learner: Learner, name: str
) -> None:
    behind = settings.model_copy(update={"x_accel_redirect": "/_films/"})
    browser = Browser(create_app(behind, database))
    browser.steal(learner.browser.cookie())
    answer = browser.get(f"/films/{name}")
    assert answer.headers["X-Accel-Redirect"] == f"/_films/{name}"
    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"", "video/webm")
    other = replace(learner, browser=browser).browser.get("/films/none")
    assert other.status_code == 404
    assert "X-Accel-Redirect" not in other.headers


def test_the_player_offers_the_speeds_that_the_server_believes(learner: Learner) -> None:
    offered = re.findall(r'<option value="([0-9.]+)"', learner.page("/l1"))
    assert tuple(map(float, offered)) == SPEEDS
