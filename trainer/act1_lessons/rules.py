"""What was watched of a film, the state of a lesson, and how much is left: pure, on plain values."""

import math
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

SPEEDS = (0.75, 1.0, 1.25, 1.5, 2.0)  # what the player offers
FASTEST = max(SPEEDS)
SLACK_MS = 2_000  # of a film, once and not with each post: clocks and networks are never exact
SMALLEST_GAP_MS = 500  # a shorter gap is the seam between two stretches, not something skipped
MOST_PIECES = 500  # of one post; a browser's own list never gets near
AT_THE_END_MS = 5_000
K_ITEMS = 5  # answers; below it no count of a question is shown to anybody

Segments = tuple[tuple[int, int], ...]  # (start, end) in milliseconds, in order, apart from each other


class LessonState(StrEnum):
    """How far somebody is with a lesson."""

    NOT_OPENED = "not_opened"
    WATCHING = "watching"
    QUESTIONS_LEFT = "questions_left"
    FINISHED = "finished"
    FINISHED_BY_READING = "finished_by_reading"

    @property
    def is_finished(self) -> bool:
        """Whether nothing of the lesson is left to do."""
        return self in (LessonState.FINISHED, LessonState.FINISHED_BY_READING)


@dataclass(frozen=True)
class Work:
    """What one lesson asks for, and what was done of it."""

    minutes: int
    questions: int
    watched_share: float = 0.0
    answered: int = 0
    is_opened: bool = False
    is_seen: bool = False
    is_read: bool = False


def read_segments(posted: object) -> Segments:
    """The stretches in what a browser sent, in milliseconds; whatever is no stretch is left out, in silence."""
    pieces = posted if isinstance(posted, list | tuple) else ()
    return union(piece for piece in map(_piece, pieces[:MOST_PIECES]) if piece is not None)


def merge(known: Segments, posted: Segments, *, length_ms: int, elapsed_ms: int) -> Segments:
    """What is known, and of what was posted as much as is possible.

    Nothing beyond the film's length, and no more new time than the fastest speed shows in `elapsed_ms`, and SLACK_MS.
    `elapsed_ms` is the real time since what was known was paid for (`paid_ms`), so the slack is lent once and never
    adds up. What was known stays.
    """
    left = math.floor(elapsed_ms * FASTEST) + SLACK_MS
    accepted = []
    for start, end in _without(_closed(union((*known, *_inside(posted, length_ms)))), known):
        taken = min(end - start, left)
        if taken > 0:
            accepted.append((start, start + taken))
            left -= taken
    return union((*known, *accepted))


def paid_ms(known: Segments, merged: Segments) -> float:
    """The real time that watching what is new takes at least, at the fastest speed."""
    return (watched_ms(merged) - watched_ms(known)) / FASTEST


def holds_all(segments: Segments, posted: Segments, length_ms: int) -> bool:
    """Whether nothing that was posted of a film is missing, so that it need not be posted again."""
    return watched_ms(union((*segments, *_inside(posted, length_ms)))) == watched_ms(segments)


def union(pieces: Iterable[tuple[int, int]]) -> Segments:
    """The same time as stretches in order, none touching another."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(piece for piece in pieces if piece[0] < piece[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def watched_ms(segments: Segments) -> int:
    """How long all stretches are together."""
    return sum(end - start for start, end in segments)


def watched_share(segments: Segments, length_ms: int) -> float:
    """The watched part of a film, from 0 to 1."""
    return min(1.0, watched_ms(union(_inside(segments, length_ms))) / length_ms) if length_ms > 0 else 0.0


def resume_point(segments: Segments, position_ms: int, length_ms: int) -> int:
    """Where to go on, in milliseconds: where the person left off, or from the end at the first moment not yet seen."""
    if 0 <= position_ms < length_ms - AT_THE_END_MS:
        return position_ms
    first_gap = segments[0][1] if segments and segments[0][0] == 0 else 0
    return first_gap if first_gap < length_ms - AT_THE_END_MS else 0


def state_of(work: Work) -> LessonState:
    """The state of a lesson: seen and all its questions answered, or read to the end, is finished."""
    if work.is_read:
        return LessonState.FINISHED_BY_READING
    if not work.is_seen:
        return LessonState.WATCHING if work.is_opened else LessonState.NOT_OPENED
    return LessonState.FINISHED if work.answered >= work.questions else LessonState.QUESTIONS_LEFT


def remaining_minutes(works: Collection[Work], question_seconds: float) -> int:
    """About how many minutes are left over all lessons, rounded up; 0 only when nothing is left."""
    seconds = sum(_remaining_seconds(work, question_seconds) for work in works)
    return math.ceil(round(seconds / 60, 6))


def film_minutes_left(work: Work) -> int:
    """About how many minutes of its film are left, rounded up; 0 when it was seen."""
    return 0 if work.is_seen else math.ceil(round(work.minutes * (1 - work.watched_share), 6))


def seconds_per_question(budget_minutes: int, lesson_minutes: int, questions: int) -> float:
    """How long one question takes if films and questions together fill the time the program promises."""
    return max(0, budget_minutes - lesson_minutes) * 60 / questions if questions else 0.0


def _remaining_seconds(work: Work, question_seconds: float) -> float:
    if state_of(work).is_finished:
        return 0.0
    watching = 0.0 if work.is_seen else work.minutes * 60 * (1 - work.watched_share)
    return watching + max(0, work.questions - work.answered) * question_seconds


def _piece(value: object) -> tuple[int, int] | None:
    if not isinstance(value, list | tuple) or len(value) != 2 or not all(map(_is_number, value)):
        return None
    start, end = (math.floor(max(0, number)) for number in value)
    return (start, end) if start < end else None


def _is_number(value: object) -> bool:
    # compared, since math.isfinite cannot take a whole number that is larger than every float
    return isinstance(value, int | float) and not isinstance(value, bool) and -math.inf < value < math.inf


def _inside(segments: Segments, length_ms: int) -> Iterator[tuple[int, int]]:
    return ((max(0, start), min(end, length_ms)) for start, end in segments if start < length_ms and end > 0)


def _closed(segments: Segments) -> Segments:
    """The stretches without the gaps that nobody skips on purpose."""
    closed: list[tuple[int, int]] = []
    for start, end in segments:
        if closed and start - closed[-1][1] <= SMALLEST_GAP_MS:
            closed[-1] = (closed[-1][0], end)
        else:
            closed.append((start, end))
    return tuple(closed)


def _without(segments: Segments, known: Segments) -> Iterator[tuple[int, int]]:
    """The parts of the stretches that lie outside the known ones."""
    for start, end in segments:
        for known_start, known_end in known:
            if known_start < end and known_end > start:
                if start < known_start:
                    yield start, known_start
                start = max(start, known_end)
        if start < end:
            yield start, end
