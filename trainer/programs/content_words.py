"""What the parts of a pack are made of: words in a language, names, lengths, times of day."""

import re
import unicodedata
from datetime import time
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StrictInt
from pydantic_core import CoreSchema, core_schema

from trainer.programs.rules import parse_time

VARIABLE = re.compile(r"\{\{([a-z][a-z0-9_]*)\}\}", re.ASCII)
CODE = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
LONGEST_WORDS = 20_000
RESERVED = ("data", "formdata", "meta", "obj", "prefix")  # WTForms would take a field of this name for its own


class Part(BaseModel):
    """A part of a pack: exactly the keys it declares, never changed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(str):
    """A text for people, in the pack's language: the one thing that may differ between two languages."""

    __slots__ = ()

    @classmethod
    def of(cls, text: str) -> Self:
        """The text, if it is nothing but words. Raises ValueError for anything that looks like template code."""
        if CODE.search(text):
            raise ValueError("has signs of template code ({{ }}, {% %}); this text is shown as it stands")
        return cls(text)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> CoreSchema:
        text = core_schema.str_schema(strict=True, min_length=1, max_length=LONGEST_WORDS)
        return core_schema.no_info_after_validator_function(cls.of, text)


class Template(Words):
    """A text in which `{{name}}` of the pack's list of variables is replaced, and nothing else."""

    __slots__ = ()

    @classmethod
    def of(cls, text: str) -> Self:
        """The text, if every brace in it belongs to a `{{name}}`. Raises ValueError otherwise."""
        if re.search(r"[{}]", VARIABLE.sub("", text)):
            raise ValueError("may hold {{name}} of the list of variables, and no other braces")
        return cls(text)

    @property
    def variables(self) -> frozenset[str]:
        """The names between double braces."""
        return frozenset(VARIABLE.findall(self))


class Subject(Template):
    """A template of one line."""

    __slots__ = ()

    @classmethod
    def of(cls, text: str) -> Self:
        """The text, if it is one line. Raises ValueError otherwise, since a mail's subject is a header."""
        if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in text):
            raise ValueError("must be one line without control characters")
        return super().of(text)


class Length(int):
    """A number of characters; languages need different ones to say the same."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> CoreSchema:
        number = core_schema.int_schema(strict=True, ge=1, le=LONGEST_WORDS)
        return core_schema.no_info_after_validator_function(cls, number)


Name = Annotated[
    str,
    Field(pattern=r"^[a-z0-9][a-z0-9_]*$", max_length=60, strict=True),
    AfterValidator(lambda name: _not_reserved(name)),
]
Whole = StrictInt
Count = Annotated[int, Field(strict=True, ge=0, le=100_000)]
Clock = Annotated[time, BeforeValidator(lambda value: _clock(value)), PlainSerializer(lambda at: f"{at:%H:%M}")]
Seconds = Annotated[int, BeforeValidator(lambda value: _seconds(value)), Field(strict=True, ge=0)]


class Option(Part):
    """One answer to choose."""

    id: Name
    label: Words


def _clock(value: Any) -> time:
    return value if isinstance(value, time) else parse_time(value)


def _seconds(value: Any) -> Any:
    """Read "1:12", or the 72 that YAML 1.1 makes of it without quotes."""
    minutes, colon, seconds = value.partition(":") if isinstance(value, str) else ("", "", "")
    if not colon:
        return value
    if not (minutes.isascii() and minutes.isdigit() and re.fullmatch(r"[0-5][0-9]", seconds, re.ASCII)):
        raise ValueError(f"{value!r} is no time in a video: write it like '1:12'")
    return int(minutes) * 60 + int(seconds)


def _not_reserved(name: str) -> str:
    if name in RESERVED:
        raise ValueError(f"{name!r} cannot be a name here; choose another, such as {name}_1")
    return name
