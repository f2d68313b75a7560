"""How long feedback can be taken back, how long answering takes, and which own phrases are offered again: pure."""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta

UNDO_FOR = timedelta(seconds=60)  # so long sent feedback can be taken back, and reaches nobody
ON_ITS_WAY = timedelta(seconds=5)  # more until it is there: whoever takes it back in time is never overtaken
MINUTES_EACH = 3  # to read a reflection beside its plan, and to answer it
SENTENCE = re.compile(r"[^。．.!?！？\n]+[。．.!?！？]?[」』｣”]*")
LONGEST_PHRASE, PHRASES_OFFERED = 80, 6
TRAINEES_AT_LEAST = 2  # who have read a phrase before it is offered again: what one alone has read may be about them
QUOTATION_MARK = re.compile("[「」『』｢｣〝〟“”„‘\"＂«»]|’(?!\\w)|(?<!\\w)'|'(?!\\w)")  # an apostrophe is none


def minutes_for(reflections: int) -> int:
    """About how many minutes so many answers take."""
    return reflections * MINUTES_EACH


def phrases_in(told: Iterable[tuple[int, str]], but: Collection[str] = ()) -> list[str]:
    """Short sentences worth offering again of (trainee, what they were sent), without those that are offered anyway."""
    pieces = [(trainee, [one.group().strip() for one in SENTENCE.finditer(text)]) for trainee, text in told]
    phrases = [one for one in reusable(pieces) if 8 <= len(one) <= LONGEST_PHRASE and one not in but]
    return phrases[:PHRASES_OFFERED]


def reusable(told: Iterable[tuple[int, Sequence[str]]]) -> list[str]:
    """Pieces of (trainee, an answer in pieces) that carry nobody's words to somebody else.

    None of a quotation, and none that fewer than two trainees have read. Those that most have read come first; of
    equally frequent ones the one that is met first.
    """
    readers: dict[str, set[int]] = {}
    for trainee, pieces in told:
        for piece in _unquoted(pieces):
            readers.setdefault(piece, set()).add(trainee)
    known = [piece for piece in readers if len(readers[piece]) >= TRAINEES_AT_LEAST]
    return sorted(known, key=lambda piece: -len(readers[piece]))


def _unquoted(pieces: Sequence[str]) -> list[str]:
    """What stands before the first quotation mark and after the last: between them anything may be quoted.

    Where the marks are no pairs, a quotation may not have ended, and nothing after the first one counts.
    """
    marks = [len(QUOTATION_MARK.findall(piece)) for piece in pieces]
    places = [place for place, count in enumerate(marks) if count]
    if not places:
        return list(pieces)
    is_closed = sum(marks) % 2 == 0
    return [*pieces[: places[0]], *(pieces[places[-1] + 1 :] if is_closed else [])]
