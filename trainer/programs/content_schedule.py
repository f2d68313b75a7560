"""When what happens: dates as distances from the workshop days, and the steps they open and end."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, InstanceOf, PlainSerializer

from trainer.programs.content_words import Name, Part, Words
from trainer.programs.rules import Offset, Step, is_date_id, parse_offset


def _date_id(value: str) -> str:
    if not is_date_id(value):
        raise ValueError(f"{value!r} cannot be the name of a date: a trigger could mean something else by it")
    return value


def _offset(value: Any) -> Offset:
    if isinstance(value, Offset):
        return value
    return parse_offset(str(value))


DateId = Annotated[Name, AfterValidator(_date_id)]


class Anchor(Part):
    """What the two anchors are."""

    day1: Literal["workshop_day1"]
    day2: Literal["workshop_day2"]


class ScheduleDate(Part):
    """A date, so far from an anchor or from another date."""

    id: DateId
    offset: Annotated[InstanceOf[Offset], BeforeValidator(_offset), PlainSerializer(str, return_type=str)]


class ScheduleStep(Part):
    """A step with the dates on which it opens and is due."""

    id: Step
    opens: Name
    due: Name


class Schedule(Part):
    """The program's own calendar."""

    anchor: Anchor
    note: Words
    dates: tuple[ScheduleDate, ...]
    steps: tuple[ScheduleStep, ...]
