"""What the demo's file is made of: times, addresses, people, and the words and values of what they wrote."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, InstanceOf, PlainSerializer

from trainer.demo.rules import When, parse_when
from trainer.programs.content_words import Name, Part, Words


def _when(value: Any) -> When:
    return value if isinstance(value, When) else parse_when(str(value))


def _day(value: Any) -> When:
    when = _when(value)
    if when.at is not None:
        raise ValueError(f"{str(when)!r} has a time of day, and only the day is asked here")
    return when


def _instant(value: Any) -> When:
    when = _when(value)
    if when.at is None:
        raise ValueError(f"{str(when)!r} has no time of day; write it like 'today-2d 11:20'")
    return when


AsText = PlainSerializer(str, return_type=str)
Day = Annotated[InstanceOf[When], BeforeValidator(_day), AsText]
Instant = Annotated[InstanceOf[When], BeforeValidator(_instant), AsText]
Address = Annotated[str, Field(pattern=r"^[a-z0-9.]+@[a-z0-9.]+\.example$")]  # RFC 2606: nobody can own it
Number = Annotated[str, Field(pattern=r"^[0-9]{6}$", strict=True)]
Value = Words | int | tuple[Name, ...]  # an answer: text, the id of an option or a day; a number; several ids
Values = dict[Name, Value]


class Person(Part):
    """Somebody; `id` is what the file calls them."""

    id: Name
    name: Words
    reading: Words
    email: Address


class Staff(Person):
    """A coordinator, a facilitator or a boss."""

    number: Number | None = None
    department: Words | None = None


class Remark(Part):
    """Words, and when they were written."""

    at: Instant
    words: Words
