"""Captions at reading speed from the narration: where a text is cut, and when each piece is shown; pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

SENTENCE_ENDS = "。！？.!?"
PAUSES = "、，・,;:：；"
CLOSERS = "」』）)”\"'’"
OPENERS = "「『（(“"
NEVER_FIRST = "、。，．・：；！？」』）ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々"
BEGINS_A_WORD = re.compile(r"[一-鿿々ァ-ヴ「『（0-9A-Za-z]")
ENDS_A_PHRASE = {**dict.fromkeys("はがをにでともへのやば」』）", 60.0), **dict.fromkeys("てたるなら", 80.0)}
HIRAGANA = re.compile(r"[ぁ-ん]")
LEADS_ON = frozenset({"a", "an", "the", "of", "to", "in", "on", "for", "and", "or", "your", "is", "not"})
IMPOSSIBLE = 10.0**9


@dataclass(frozen=True)
class Measure:
    """How much of a language a person reads at once, in characters."""

    line: int
    cue: int  # what a cue holds if it may choose


MEASURES = {"ja": Measure(line=20, cue=28), "en": Measure(line=42, cue=62)}
LINES = 2


@dataclass(frozen=True)
class Cue:
    """Some words and when they are shown, in milliseconds of the film; a line break is a line break."""

    start_ms: int
    end_ms: int
    text: str


def cues(text: str, start_ms: int, end_ms: int, language: str) -> list[Cue]:
    """The captions of a stretch of narration: at most two lines each, one after the other without a gap."""
    pieces = cut(text, language, MEASURES[language].cue, lambda piece: _fits(piece, language))
    return timed(["\n".join(lines_of(piece, language)) for piece in pieces], start_ms, end_ms)


def sentences(text: str, start_ms: int, end_ms: int, language: str) -> list[Cue]:
    """The sentences of a stretch of narration, each with its time, for a transcript that follows."""
    ends = [place for place, price in _chances(text, language) if price == 0]
    return timed(_pieces(text, ends), start_ms, end_ms)


def timed(pieces: Sequence[str], start_ms: int, end_ms: int) -> list[Cue]:
    """Each piece for as long as its share of the characters."""
    whole = sum(map(len, pieces))
    read, shown = 0, []
    for piece in pieces:
        start, read = read, read + len(piece)
        shown.append(Cue(_at(start, whole, start_ms, end_ms), _at(read, whole, start_ms, end_ms), piece))
    return shown


def lines_of(text: str, language: str) -> list[str]:
    """A cue on one line, or on two of about the same length."""
    limit = MEASURES[language].line
    return [text] if len(text) <= limit else cut(text, language, len(text) // 2, lambda line: len(line) <= limit)


def cut(text: str, language: str, wanted: int, fits: Callable[[str], bool]) -> list[str]:
    """The text in pieces of about `wanted` characters that all fit, cut where it hurts least."""
    chances = [(0, 0.0), *_chances(text, language)]
    best: list[tuple[float, list[int]]] = [(0.0, [])]
    for number, (place, price) in enumerate(chances[1:], start=1):
        reachable = (
            (best[before][0] + _strain(text[chances[before][0] : place].strip(), wanted, fits) + price, before)
            for before in range(number)
        )
        cost, before = min(reachable)
        best.append((cost, [*best[before][1], place]))
    return _pieces(text, best[-1][1])


def as_webvtt(shown: Sequence[Cue]) -> str:
    """Cues as a WebVTT file (W3C)."""
    blocks = (
        f"{number}\n{_clock(cue.start_ms)} --> {_clock(cue.end_ms)}\n{_plain(cue.text)}\n"
        for number, cue in enumerate(shown, start=1)
    )
    return "WEBVTT\n\n" + "\n".join(blocks)


def _strain(piece: str, wanted: int, fits: Callable[[str], bool]) -> float:
    """How badly a piece is cut: one that does not fit is as good as impossible, far from what is wanted is tiring."""
    return (len(piece) - wanted) ** 2 * 100 / wanted**2 + (0 if fits(piece) else IMPOSSIBLE)


def _fits(piece: str, language: str) -> bool:
    limit = MEASURES[language].line
    if len(piece) > LINES * limit:
        return False
    lines = lines_of(piece, language)
    return len(lines) <= LINES and max(map(len, lines)) <= limit


@cache
def _chances(text: str, language: str) -> tuple[tuple[int, float], ...]:
    """Every place where a text may be cut, with what a cut costs there; its end costs nothing."""
    depth, found = 0, []
    for place in range(1, len(text)):
        depth += (text[place - 1] in "「『（(“") - (text[place - 1] in "」』）)”")
        price = _price(text, place, language)
        if price is not None:
            found.append((place, price + 40 * max(0, depth)))
    return (*found, (len(text), 0.0))


def _price(text: str, place: int, language: str) -> float | None:
    return _price_japanese(text, place) if language == "ja" else _price_english(text, place)


def _price_japanese(text: str, place: int) -> float | None:
    before, after = text[place - 1], text[place]
    if after in NEVER_FIRST or before in OPENERS:
        return None
    if before in SENTENCE_ENDS or (before in CLOSERS and text[place - 2] in SENTENCE_ENDS):
        return 0
    if before in PAUSES:
        return 12
    if BEGINS_A_WORD.match(after):
        return ENDS_A_PHRASE.get(before, 120 if HIRAGANA.match(before) else None)
    return 180 if before in "てでをは" else None  # in a long run of hiragana


def _price_english(text: str, place: int) -> float | None:
    if text[place - 1] != " ":
        return None
    said = text[: place - 1]
    last = said.rstrip(CLOSERS)[-1:]
    if last in SENTENCE_ENDS and not _is_initial(said):
        return 0
    if last in PAUSES:
        return 12
    return 90 if said.rsplit(" ", 1)[-1].lower() in LEADS_ON else 60


def _is_initial(said: str) -> bool:
    """Whether a full stop belongs to a name, as in "A. asked"."""
    return re.search(r"(^|\s)[A-Z]\.$", said) is not None


def _pieces(text: str, places: Sequence[int]) -> list[str]:
    starts = [0, *places[:-1]]
    return [text[start:end].strip() for start, end in zip(starts, places, strict=True)]


def _at(read: int, whole: int, start_ms: int, end_ms: int) -> int:
    return start_ms + round((end_ms - start_ms) * read / whole)


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
