"""The pictures of a film, drawn in the program's colours for a screen as wide as a hand; needs Pillow."""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from trainer.act1_lessons.captions import cut
from trainer.act1_lessons.storyboard import WORDS, Picture
from trainer.programs.content_lessons import Lesson

WIDTH, HEIGHT = 960, 540
SMOOTH = 2  # drawn so much larger, then made smaller, so that grains are round
FONTS = Path("/usr/share/fonts/opentype/noto")  # Debian: apt-get install fonts-noto-cjk
REGULAR, BOLD = FONTS / "NotoSansCJK-Regular.ttc", FONTS / "NotoSansCJK-Bold.ttc"

# docs/look.md, light
PAPER, INK, INK_2, EDGE, HAIR = "#f6f7f4", "#1a2420", "#52605a", "#727f78", "#dce2dc"
ACT, RIPE = "#0e5f49", "#9a6200"
DEEP, ON_DEEP, ON_DEEP_2, GRAIN = "#113f33", "#ffffff", "#c9ddd4", "#e9bd5c"

MARGIN = 56
TOP = 30  # the line with the title
CAPTIONS_FROM = 396  # below it lie the captions
HEADINGS, POINTS = (54, 50, 46, 42), (44, 42, 40, 38, 36, 34)  # sizes, the largest that fits


class NoFontError(Exception):
    """The font that the films are set in is not installed; the text says how to install it."""


class Sheet:
    """An empty picture, and a pen that knows the fonts; all numbers are of the finished size."""

    def __init__(self, ground: str, language: str) -> None:
        self.language = language
        self.image = Image.new("RGB", (WIDTH * SMOOTH, HEIGHT * SMOOTH), ground)
        self.pen = ImageDraw.Draw(self.image)

    def text(self, x: float, y: float, words: str, size: int, colour: str, *, is_bold: bool = False) -> None:
        """Words whose first line's box begins at (x, y)."""
        self.pen.text((x * SMOOTH, y * SMOOTH), words, colour, _font(size, is_bold))

    def width(self, words: str, size: int, *, is_bold: bool = False) -> float:
        """How wide words are."""
        return float(_font(size, is_bold).getlength(words)) / SMOOTH

    def lines(self, words: str, size: int, room: float, *, is_bold: bool = False) -> list[str]:
        """Words in as few lines as fit into `room`, of about the same length."""
        whole = self.width(words, size, is_bold=is_bold)
        if whole <= room:
            return [words]
        for count in range(int(whole // room) + 1, len(words)):
            lines = cut(
                words, self.language, len(words) // count, lambda line: self.width(line, size, is_bold=is_bold) <= room
            )
            if len(lines) <= count:
                break
        return lines

    def grain(self, x: float, y: float, radius: float, kind: str) -> None:
        """A grain around (x, y): "ripe" full, "now" half and green, "ahead" empty."""
        box = [value * SMOOTH for value in (x - radius, y - radius, x + radius, y + radius)]
        colour = {"ripe": RIPE, "now": ACT, "ahead": EDGE}[kind]
        self.pen.ellipse(box, outline=colour, width=round(2.5 * SMOOTH), fill=RIPE if kind == "ripe" else None)
        if kind == "now":
            self.pen.pieslice(box, -90, 90, fill=colour)

    def finished(self) -> Image.Image:
        """The picture at its own size."""
        return self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def draw(picture: Picture, language: str) -> Image.Image:
    """A slide: where we are, one heading, its points; the lower quarter is left to the captions."""
    sheet = Sheet(PAPER, language)
    _draw_progress(sheet, picture)
    heading, heading_lines = _largest(sheet, [picture.heading], HEADINGS, 116, 1.35, is_bold=True)
    top = 96.0
    for line in heading_lines[0]:
        sheet.text(MARGIN, top, line, heading, INK, is_bold=True)
        top += heading * 1.35
    _draw_points(sheet, picture, top + 26)
    return sheet.finished()


def draw_poster(lesson: Lesson, language: str) -> Image.Image:
    """What stands in the film's place before it is played: which lesson, how long, and that it is silent."""
    sheet, words = Sheet(DEEP, language), WORDS[language]
    sheet.text(MARGIN, 84, words.lesson.format(order=lesson.order), 30, GRAIN)
    size, (lines,) = _largest(sheet, [lesson.title], (60, 54, 48), 250, 1.4, is_bold=True)
    top = 140.0
    for line in lines:
        sheet.text(MARGIN, top, line, size, ON_DEEP, is_bold=True)
        top += size * 1.4
    sheet.text(MARGIN, HEIGHT - 138, words.minutes.format(minutes=lesson.minutes), 30, ON_DEEP)
    sheet.text(MARGIN, HEIGHT - 92, words.silent, 28, ON_DEEP_2)
    return sheet.finished()


def _draw_progress(sheet: Sheet, picture: Picture) -> None:
    radius, step = 7, 25
    first = WIDTH - MARGIN - step * (picture.places - 1) - radius
    if picture.note:
        sheet.text(MARGIN, TOP, picture.note, 27, ACT, is_bold=True)
    else:
        sheet.text(MARGIN, TOP, _shortened(sheet, picture.title, 27, first - MARGIN - 30), 27, INK_2)
    for place in range(picture.places):
        kind = "ripe" if place < picture.place else "now" if place == picture.place else "ahead"
        sheet.grain(first + step * place, TOP + 20, radius, kind)
    sheet.pen.line([value * SMOOTH for value in (MARGIN, 80, WIDTH - MARGIN, 80)], HAIR, SMOOTH)


def _draw_points(sheet: Sheet, picture: Picture, top: float) -> None:
    texts = [text for text, _ in picture.points]
    size, wrapped = _largest(sheet, texts, POINTS, CAPTIONS_FROM - top, 1.36, indent=44)
    for (_, kind), lines in zip(picture.points, wrapped, strict=True):
        sheet.grain(MARGIN + 12, top + size * 0.76, 11, kind)
        for line in lines:
            sheet.text(MARGIN + 44, top, line, size, INK)
            top += size * 1.36
        top += 14


def _largest(
    sheet: Sheet,
    texts: list[str],
    sizes: tuple[int, ...],
    height: float,
    line: float,
    *,
    is_bold: bool = False,
    indent: int = 0,
) -> tuple[int, list[list[str]]]:
    """The largest size in which all texts fit into a height, and their lines in it; the smallest if none does."""
    for size in sizes:
        wrapped = [sheet.lines(text, size, WIDTH - 2 * MARGIN - indent, is_bold=is_bold) for text in texts]
        if sum(map(len, wrapped)) * size * line + 14 * (len(texts) - 1) <= height:
            break
    return size, wrapped


def _shortened(sheet: Sheet, words: str, size: int, room: float) -> str:
    """The part of a title before its colon where the whole is too wide; the poster has shown it all."""
    return words if sheet.width(words, size) <= room else words.replace(":", "：").split("：")[0]


def _font(size: int, is_bold: bool) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(BOLD if is_bold else REGULAR, size * SMOOTH, index=0)
    except OSError as error:
        raise NoFontError("The font is missing. On Debian: apt-get install fonts-noto-cjk") from error
