"""Films made from lessons: VP9 in WebM without sound, captions, transcript and poster; needs PyAV and Pillow."""

import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.codec.context import Flags
from av.video.frame import PictureType
from PIL import Image

from trainer.act1_lessons.captions import as_webvtt
from trainer.act1_lessons.films import MANIFEST, digest_of, read_entries
from trainer.act1_lessons.slides import HEIGHT, WIDTH, draw, draw_poster
from trainer.act1_lessons.storyboard import Picture, Storyboard, storyboard
from trainer.programs.content import Pack
from trainer.programs.content_lessons import Lesson

FRAMES_PER_SECOND = 2
SECONDS_BETWEEN_KEYFRAMES = 60  # each slide begins with one; a jump decodes at most so much, all of it still
VP9 = {"crf": "31", "b": "0", "deadline": "good", "cpu-used": "4", "threads": "1"}


def render(pack: Pack, lesson: Lesson, folder: Path) -> dict[str, Any]:
    """Write one lesson's four files and its line in the manifest; the same pack gives the same bytes. Gives the line.

    Files that the line named before and that nothing names any more are removed.
    """
    board = storyboard(lesson, pack.lang)
    stem = f"{lesson.id}.{pack.lang}"
    folder.mkdir(parents=True, exist_ok=True)
    entry = {
        "program": pack.program.id,
        "language": pack.lang,
        "lesson": lesson.id,
        "script": digest_of(lesson),
        "length_ms": board.length_ms,
        "film": _keep(folder, stem, "webm", _film(board, pack.lang, folder / f"{stem}.part")),
        "captions": _keep(folder, stem, "vtt", as_webvtt(board.captions).encode()),
        "transcript": _keep(folder, stem, "json", _transcript(board)),
        "poster": _keep(folder, stem, "webp", _poster(lesson, pack.lang)),
    }
    _note(folder, entry)
    return entry


def _film(board: Storyboard, language: str, part: Path) -> bytes:
    with av.open(str(part), "w", format="webm", options={"fflags": "+bitexact", "cues_to_front": "1"}) as container:
        stream = container.add_stream("libvpx-vp9", rate=FRAMES_PER_SECOND, options=VP9)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.gop_size = FRAMES_PER_SECOND * SECONDS_BETWEEN_KEYFRAMES
        stream.codec_context.flags |= Flags.bitexact
        stream.codec_context.time_base = Fraction(1, FRAMES_PER_SECOND)
        for number, (image, is_new_slide) in enumerate(_frames(board, language)):
            frame = av.VideoFrame.from_image(image)
            frame.pict_type = PictureType.I if is_new_slide else PictureType.NONE
            frame.pts, frame.time_base = number, Fraction(1, FRAMES_PER_SECOND)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    film = part.read_bytes()
    part.unlink()
    return film


def _frames(board: Storyboard, language: str) -> Iterator[tuple[Image.Image, bool]]:
    """Every frame, and whether a new slide begins with it: there a key frame costs nothing and a jump lands well."""
    shown: Picture | None = None
    image: Image.Image | None = None
    for number in range(board.length_ms * FRAMES_PER_SECOND // 1000):
        picture = board.at(number * 1000 // FRAMES_PER_SECOND)
        is_new_slide = shown is None or picture.place != shown.place
        if image is None or picture != shown:
            shown, image = picture, draw(picture, language)
        yield image, is_new_slide


def _transcript(board: Storyboard) -> bytes:
    stretches = [asdict(spoken) for spoken in board.transcript]
    return json.dumps(stretches, ensure_ascii=False, indent=1).encode()


def _poster(lesson: Lesson, language: str) -> bytes:
    picture = io.BytesIO()
    draw_poster(lesson, language).save(picture, "WEBP", quality=82, method=6)
    return picture.getvalue()


def _keep(folder: Path, stem: str, ending: str, content: bytes) -> str:
    """Write a file under a name that says what is in it; gives the name."""
    name = f"{stem}.{hashlib.sha256(content).hexdigest()[:16]}.{ending}"
    (folder / name).write_bytes(content)
    return name


def _note(folder: Path, entry: dict[str, Any]) -> None:
    key = ("program", "language", "lesson")
    entries = read_entries(folder)
    others = [one for one in entries if any(one[part] != entry[part] for part in key)]
    kept = sorted([*others, entry], key=lambda one: [one[part] for part in key])
    (folder / MANIFEST).write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    files = ("film", "captions", "transcript", "poster")
    named = {one[file] for one in kept for file in files}
    for name in {one[file] for one in entries for file in files} - named:
        (folder / name).unlink(missing_ok=True)
