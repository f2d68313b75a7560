"""The words that the automatic checks of a plan look for, and how a text is searched for them, by language."""

import re
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path

from trainer.programs.content_words import Count, Part
from trainer.programs.content_yaml import read_yaml

FILE = Path(__file__).with_name("check_words.yaml")
SPACES = re.compile(r"\s+")
SHORTEST_NAME = 3  # letters of a name in Latin script that may stand alone


class CheckWords(Part):
    """What is looked for in one language; the file says what each list is for."""

    vague: tuple[str, ...]
    scenes: tuple[str, ...]
    shortest: Count
    no_cue: tuple[str, ...]
    sensitive: tuple[str, ...]
    honorifics: tuple[str, ...]
    several: tuple[str, ...]


@cache
def check_words(language: str) -> CheckWords:
    """The lists of a language. Raises KeyError for one that has none."""
    return CheckWords.model_validate(read_yaml(FILE)[language])


def says_any(text: str, wanted: Iterable[str]) -> bool:
    """Whether a text has one of these words: anywhere in Japanese, between word boundaries in Latin script."""
    return any(_says(text, word) for word in wanted)


def names_anybody(text: str, names: Collection[str], words: CheckWords) -> bool:
    """Whether a text seems to name one of these people.

    A full name counts in any spacing; of a Japanese name also the family name with an honorific behind it; of a name
    in Latin script each of its parts, with its capital letter. One short part alone (林, Li) is too common to count.
    """
    close = SPACES.sub("", text)
    return any(_names(text, close, name.split(), words) for name in names if name.strip())


def _names(text: str, close: str, parts: list[str], words: CheckWords) -> bool:
    if parts[0].isascii():
        told = [" ".join(parts), *(part for part in parts if len(part) >= SHORTEST_NAME)]
        return any(re.search(rf"\b{re.escape(part)}\b", text) for part in told)
    return (len(parts) > 1 and "".join(parts) in close) or any(parts[0] + after in close for after in words.honorifics)


def _says(text: str, word: str) -> bool:
    if word.isascii():
        return re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) is not None
    return word in text
