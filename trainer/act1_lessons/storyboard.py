"""A lesson as a film before anything is drawn: what is on the screen when, what is said, how long it takes; pure."""

import math
from dataclasses import dataclass

from trainer.act1_lessons.captions import Cue, cues, sentences
from trainer.programs.content_lessons import Lesson

CHARACTERS_PER_SECOND = {"ja": 5, "en": 12}  # the speed at which the packs' narration is timed
LAST_PICTURE_SECONDS = 4  # besides the time to read it

Point = tuple[str, str]  # a key point, and how its grain is drawn: "ahead", "now" or "ripe"


@dataclass(frozen=True)
class FilmWords:
    """What a film says besides the lesson's own words; a film is a document, written in one language."""

    silent: str
    lesson: str
    minutes: str
    to_do: str


WORDS = {
    "ja": FilmWords("音声はありません。字幕でお読みください。", "レッスン{order}", "約{minutes}分", "まずは、ここから"),
    "en": FilmWords(
        "There is no sound. Please read the captions.", "Lesson {order}", "About {minutes} min", "A place to start"
    ),
}


@dataclass(frozen=True)
class Picture:
    """What the screen shows for a while; `place` of `places` is how far the lesson has come."""

    title: str
    heading: str
    points: tuple[Point, ...]
    place: int
    places: int
    note: str = ""


@dataclass(frozen=True)
class Spoken:
    """A stretch of narration under the heading of its slide, sentence by sentence."""

    heading: str
    sentences: tuple[Cue, ...]


@dataclass(frozen=True)
class Storyboard:
    """A whole film: its pictures with the milliseconds at which they appear, its captions and its transcript."""

    length_ms: int
    pictures: tuple[tuple[int, Picture], ...]
    captions: tuple[Cue, ...]
    transcript: tuple[Spoken, ...]

    def at(self, moment_ms: int) -> Picture:
        """The picture on the screen at a moment."""
        return next(picture for start, picture in reversed(self.pictures) if start <= moment_ms)


def storyboard(lesson: Lesson, language: str) -> Storyboard:
    """The film of a lesson: its slides at the times of the script, then what the person may try first."""
    ends = _ends_ms(lesson, language)
    pictures: list[tuple[int, Picture]] = []
    captions: list[Cue] = []
    transcript: list[Spoken] = []
    for place, (segment, end) in enumerate(zip(lesson.script, ends, strict=True)):
        start = segment.at * 1000
        pictures += _pictures_of(lesson, place, start, end, language)
        captions += cues(segment.text, start, end, language)
        transcript.append(Spoken(segment.slide.heading, tuple(sentences(segment.text, start, end, language))))
    words, length = WORDS[language], ends[-1] + _reading_ms(lesson.takeaway, language) + LAST_PICTURE_SECONDS * 1000
    pictures.append((ends[-1], _picture(lesson, len(ends), words.to_do, ((lesson.takeaway, "ripe"),))))
    transcript.append(Spoken(words.to_do, (Cue(ends[-1], length, lesson.takeaway),)))
    return Storyboard(length, tuple(pictures), tuple(captions), tuple(transcript))


def _ends_ms(lesson: Lesson, language: str) -> list[int]:
    starts = [segment.at * 1000 for segment in lesson.script]
    return [*starts[1:], starts[-1] + _reading_ms(lesson.script[-1].text, language)]


def _reading_ms(text: str, language: str) -> int:
    return math.ceil(len(text) / CHARACTERS_PER_SECOND[language]) * 1000


def _pictures_of(lesson: Lesson, place: int, start: int, end: int, language: str) -> list[tuple[int, Picture]]:
    """One slide: its grains ripen one after the other while it is spoken about."""
    slide = lesson.script[place].slide
    count = len(slide.bullets)
    note = WORDS[language].silent if place == 0 else ""
    return [
        (
            start + (end - start) * now // count,
            _picture(lesson, place, slide.heading, _points(slide.bullets, now), note),
        )
        for now in range(count)
    ]


def _points(bullets: tuple[str, ...], now: int) -> tuple[Point, ...]:
    kinds = ["ripe"] * now + ["now"] + ["ahead"] * (len(bullets) - now - 1)
    return tuple(zip(bullets, kinds, strict=True))


def _picture(lesson: Lesson, place: int, heading: str, points: tuple[Point, ...], note: str = "") -> Picture:
    return Picture(lesson.title, heading, points, place, len(lesson.script) + 1, note)
