"""The frame around every letter: read, its styles written into the elements, and compiled, once per process."""

import re
from collections.abc import Callable
from functools import cache

import css_inline
from flask import Flask
from jinja2 import Environment, StrictUndefined, Template

from trainer import i18n
from trainer.assets import asset_dir

TAGS = re.compile(r"\{%.*?%\}", re.DOTALL)
HIDDEN_TAGS = re.compile(r"<!--(\{%.*?%\})-->", re.DOTALL)
NOTES = re.compile(r"/\*.*?\*/", re.DOTALL)


@cache
def html_frame() -> Template:
    """frame.html, with its styles in the elements; what is not in the frame's own file is escaped."""
    source = _with_styles_in_elements(NOTES.sub("", _source("frame.html")))
    frame = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return frame.from_string(source)


@cache
def text_frame() -> Template:
    """frame.txt: plain text, where nothing is to be escaped."""
    frame = Environment(
        autoescape=False,  # noqa: S701 - text/plain: escaping would put &amp; before people's eyes
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return frame.from_string(_source("frame.txt"))


@cache
def words_in(language: str) -> Callable[[str], str]:
    """How the frame's own words are said in a language ("ja" or "en"); needs no application and no request."""

    @cache
    def say(message: str) -> str:
        with _speaker().app_context(), i18n.speaking(language):
            return str(i18n.gettext(message))

    return say


def _with_styles_in_elements(source: str) -> str:
    """The styles stay only where an element cannot carry them (dark colours)."""
    hidden = TAGS.sub(r"<!--\g<0>-->", source)  # bare, the parser would move them out of the tables
    inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
    return HIDDEN_TAGS.sub(r"\1", inliner.inline(hidden))


def _source(name: str) -> str:
    return (asset_dir("templates") / "mail" / name).read_text(encoding="utf-8")


@cache
def _speaker() -> Flask:
    """Languages need an application; letters are also written where there is none."""
    app = Flask(__name__)
    i18n.init_app(app)
    return app
