"""Japanese and English: the catalogue, read straight from its .po files, and the language in force."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import cast

import flask_babel
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask
from flask_babel import Babel, Domain, force_locale, get_locale

__all__ = ["LANGUAGES", "catalogue", "get_locale", "gettext", "init_app", "lazy_gettext", "ngettext", "speaking"]

LANGUAGES = ("ja", "en")
CATALOGUES = Path(__file__).parent / "translations"


def gettext(message: str, **values: object) -> str:
    """The message in the language in force, with `%(name)s` replaced."""
    words = _words_in_force().gettext(message)
    return words % values if values else words


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The message for this number of things, in the language in force."""
    return _words_in_force().ngettext(one, many, num) % {"num": num, **values}


def lazy_gettext(message: str, **values: object) -> str:
    """The same as `gettext`, decided when the text is shown: for what is written at import."""
    return cast(str, flask_babel.lazy_gettext(message, **values))


def init_app(app: Flask, choose_language: Callable[[], str | None] | None = None) -> None:
    """Give an application its languages: Japanese unless `choose_language()` names another."""
    _Languages(app, default_locale="ja", locale_selector=choose_language)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined] # of jinja2.ext.i18n
        lambda message: _words_in_force().gettext(message),
        lambda one, many, num: _words_in_force().ngettext(one, many, num),
        newstyle=True,
    )


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Inside, every message is in `language` ("ja" or "en"); needs an application context."""
    with force_locale(language):
        yield


def catalogue(language: str | None = None) -> NullTranslations:
    """The messages of a language, or of the one in force."""
    return _catalogue(language) if language else _words_in_force()


def _words_in_force() -> NullTranslations:
    """Flask-Babel's own way to the catalogue takes several times as long, and a page has 150 messages."""
    locale = get_locale()
    return _catalogue(locale.language) if locale else _ENGLISH


class _Catalogues(Domain):
    """Reads .po files, so that no compiled file has to be made or shipped."""

    def get_translations(self) -> NullTranslations:
        return _words_in_force()


_ENGLISH = NullTranslations()
_CATALOGUES = _Catalogues()


class _Languages(Babel):
    """Flask-Babel with our way of reading catalogues."""

    @property
    def domain_instance(self) -> Domain:
        return _CATALOGUES


@cache
def _catalogue(language: str) -> NullTranslations:
    path = CATALOGUES / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():  # English is what the code says
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return Translations(compiled)
