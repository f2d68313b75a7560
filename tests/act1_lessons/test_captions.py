"""Captions: short enough to read, cut where a reader would pause, and none of the words lost."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.act1_lessons.captions import LINES, MEASURES, Cue, as_webvtt, cues, cut, lines_of, sentences
from trainer.act1_lessons.storyboard import storyboard
from trainer.programs.content import load_program

PACKS = load_program("management_basics_default")
LESSONS = [(language, lesson.id) for language, pack in PACKS.items() for lesson in pack.lessons]
SLOWEST_MS, FASTEST_MS = 9_000, 1_500


@pytest.mark.parametrize(("language", "lesson_id"), LESSONS)
def test_the_captions_of_each_lesson_can_be_read(language: str, lesson_id: str) -> None:
    lesson = next(lesson for lesson in PACKS[language].lessons if lesson.id == lesson_id)
    captions = storyboard(lesson, language).captions
    for cue in captions:
        lines = cue.text.split("\n")
        assert len(lines) <= LINES
        assert max(map(len, lines)) <= MEASURES[language].line
        assert FASTEST_MS <= cue.end_ms - cue.start_ms <= SLOWEST_MS
    assert all(one.end_ms == two.start_ms for one, two in pairwise(captions))
    said = re.sub(r"\s", "", "".join(cue.text for cue in captions))
    assert said == re.sub(r"\s", "", "".join(segment.text for segment in lesson.script))


@pytest.mark.parametrize(
    ("text", "language", "lines"),
    [
        ("短い文です。", "ja", ["短い文です。"]),
        (
            "プレイヤーの仕事は、自分の手で成果を出すことでした。",
            "ja",
            ["プレイヤーの仕事は、", "自分の手で成果を出すことでした。"],
        ),
        (
            "大切なのは「出し続けられる」というところです。",
            "ja",
            ["大切なのは", "「出し続けられる」というところです。"],
        ),
        (
            "Thank you for making time in a busy day. The moment you",
            "en",
            ["Thank you for making time in a busy day.", "The moment you"],
        ),
    ],
)
def test_lines_are_cut_where_a_reader_would_pause(text: str, language: str, lines: list[str]) -> None:
    assert lines_of(text, language) == lines


def test_a_name_with_a_full_stop_ends_no_sentence() -> None:
    found = sentences("A. asked a member. The member answered.", 0, 4_000, "en")
    assert [cue.text for cue in found] == ["A. asked a member.", "The member answered."]
    assert (found[0].start_ms, found[-1].end_ms) == (0, 4_000)


@given(
    text=st.text(st.sampled_from("あ漢カ。、「」 a."), min_size=1, max_size=90), language=st.sampled_from(["ja", "en"])
)
def test_no_letter_is_lost_wherever_a_text_can_be_cut(text: str, language: str) -> None:
    pieces = cut(text, language, 20, lambda piece: len(piece) <= 30)
    assert re.sub(r"\s", "", "".join(pieces)) == re.sub(r"\s", "", text)


def test_cues_as_webvtt() -> None:
    shown = [Cue(0, 5_456, "a < b\n& c"), Cue(3_599_999, 3_600_001, "d")]
    assert as_webvtt(shown) == (
        "WEBVTT\n\n1\n00:00:00.000 --> 00:00:05.456\na &lt; b\n&amp; c\n\n2\n00:59:59.999 --> 01:00:00.001\nd\n"
    )


def test_cues_follow_each_other_over_the_whole_stretch() -> None:
    found = cues("一つ目です。二つ目の文はもう少し長くなります。", 1_000, 6_000, "ja")
    assert found[0].start_ms == 1_000
    assert found[-1].end_ms == 6_000


def test_a_film_shows_each_slide_at_its_time_and_ends_with_what_to_try() -> None:
    lesson = PACKS["ja"].lessons[0]
    board = storyboard(lesson, "ja")
    assert [board.at(segment.at * 1000).heading for segment in lesson.script] == [
        segment.slide.heading for segment in lesson.script
    ]
    assert board.at(board.length_ms - 1).points == ((lesson.takeaway, "ripe"),)
    assert board.at(0).note == "音声はありません。字幕でお読みください。"
    assert [kind for _, kind in board.at(0).points] == ["now", "ahead"]
    assert [kind for _, kind in board.at(37_000).points] == ["ripe", "now"]
