"""The rendered films of the lessons: what there is, and the file behind a name, for names we wrote ourselves only."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer.programs.content_lessons import Lesson

SHIPPED = Path(__file__).parent / "films"
MANIFEST = "films.json"
TYPES = {
    ".webm": "video/webm",
    ".vtt": "text/vtt; charset=utf-8",
    ".webp": "image/webp",
    ".json": "application/json",
}


@dataclass(frozen=True)
class Sentence:
    """A sentence of the narration, and when it is said, in milliseconds."""

    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True)
class Film:
    """One lesson in one language: the names of its files, and what is said in it under which heading."""

    program: str
    language: str
    lesson_id: str
    script: str  # digest of the lesson it was made from
    length_ms: int
    film: str
    captions: str
    poster: str
    transcript: tuple[tuple[str, tuple[Sentence, ...]], ...]


class Films:
    """The films of one folder, read once."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` is MEDIA_DIR; by default the films that come with the program. OSError if it cannot be read."""
        self.folder = folder or SHIPPED
        entries = read_entries(self.folder)
        self._films = {(one["program"], one["language"], one["lesson"]): _film(self.folder, one) for one in entries}
        self._names = {name for one in self._films.values() for name in (one.film, one.captions, one.poster)}
        self._programs = {name: one.program for one in self._films.values() for name in _names_of(one)}

    def film(self, program: str, lesson_id: str, language: str) -> Film | None:
        """The film of a lesson in a language; None where there is none, and the lesson can only be read."""
        return self._films.get((program, language, lesson_id))

    def program_of(self, name: str) -> str | None:
        """The program that a file belongs to; None for every name that is not one of ours."""
        return self._programs.get(name)

    def path(self, name: str) -> Path | None:
        """The file of this name; None for every name that is not one of ours, whatever it looks like."""
        return self.folder / name if name in self._names else None


def read_entries(folder: Path) -> list[dict[str, Any]]:
    """The lines of a folder's manifest; none where nothing was rendered yet."""
    manifest = folder / MANIFEST
    if not manifest.is_file():
        return []
    entries: list[dict[str, Any]] = json.loads(manifest.read_text(encoding="utf-8"))
    return entries


def digest_of(lesson: Lesson) -> str:
    """What tells whether a film still says what the lesson says."""
    return hashlib.sha256(lesson.model_dump_json(by_alias=True).encode()).hexdigest()[:16]


def _film(folder: Path, entry: dict[str, Any]) -> Film:
    stretches = json.loads((folder / entry["transcript"]).read_text(encoding="utf-8"))
    return Film(
        program=entry["program"],
        language=entry["language"],
        lesson_id=entry["lesson"],
        script=entry["script"],
        length_ms=entry["length_ms"],
        film=entry["film"],
        captions=entry["captions"],
        poster=entry["poster"],
        transcript=tuple(
            (stretch["heading"], tuple(Sentence(**sentence) for sentence in stretch["sentences"]))
            for stretch in stretches
        ),
    )


def _names_of(film: Film) -> tuple[str, ...]:
    return film.film, film.captions, film.poster
