"""What a public holiday is called, in the reader's language."""

from datetime import date
from functools import lru_cache
from typing import Any

LANGUAGES = {"ja": "ja", "en": "en_US"}  # as the package of holidays names them


def holiday_name(country: str, day: date, language: str) -> str | None:
    """The name of a day that is a public holiday of a country (ISO 3166 code); None for any other day.

    Where nobody wrote the names in that language, the package's own are given.
    """
    name = _holidays(country, LANGUAGES.get(language)).get(day)
    return str(name) if name else None


@lru_cache(maxsize=16)
def _holidays(country: str, language: str | None) -> Any:
    from holidays import country_holidays  # takes most of a second to import

    return country_holidays(country, language=language)
