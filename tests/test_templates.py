"""Templates and scripts hold nothing that our own policy would refuse, and nothing that lets words become code."""

import re
from pathlib import Path

import pytest

from trainer.assets import asset_dir

TEMPLATES = asset_dir("templates")
STATIC = asset_dir("static")
# what a browser gets; letters have a frame of their own, whose styles are written into it when it is sent
PAGES = sorted(file for file in TEMPLATES.rglob("*.html") if file.relative_to(TEMPLATES).parts[0] != "mail")
SCRIPTS = sorted(STATIC.glob("*.js"))
DRAWINGS = sorted(STATIC.glob("*.svg"))

FORBIDDEN_IN_PAGES = {
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an event attribute": re.compile(r"""[\s"']on[a-z]+\s*=\s*["']""", re.IGNORECASE),
    "javascript:": re.compile(r"javascript:", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "|safe": re.compile(r"\|\s*safe\b"),
    "Markup": re.compile(r"\bMarkup\b"),
    "autoescape off": re.compile(r"autoescape\s+false", re.IGNORECASE),
    "an absolute address": re.compile(r"""https?:|["'(]//"""),
    "an attribute without quotes": re.compile(r"<[a-z][^<>{}]*\s[a-z-]+=\{\{"),
}
PLANTED = [
    ("a style attribute", '<p style="color: red">'),
    ("a style element", "<style>p {}</style>"),
    ("an event attribute", '<a onclick="go()">'),
    ("javascript:", '<a href="JavaScript:go()">'),
    ("an inline script", "<script>go()</script>"),
    ("an inline script", '<script type="module">go()</script>'),
    ("|safe", "{{ words | safe }}"),
    ("Markup", "{{ Markup(words) }}"),
    ("autoescape off", "{% autoescape false %}"),
    ("an absolute address", '<img src="https://elsewhere.example/x.png">'),
    ("an absolute address", '<img src="//elsewhere.example/x.png">'),
    ("an attribute without quotes", "<a href={{ url }}>"),
]


@pytest.mark.parametrize("file", PAGES, ids=lambda file: str(file.relative_to(TEMPLATES)))
def test_a_page_holds_nothing_forbidden(file: Path) -> None:
    assert _forbidden_in(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(("name", "planted"), PLANTED)
def test_what_is_forbidden_is_found(name: str, planted: str) -> None:
    assert name in _forbidden_in(planted)


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_a_script_never_writes_html_and_never_runs_text(file: Path) -> None:
    sinks = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|localStorage")
    assert sinks.findall(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("file", DRAWINGS, ids=lambda file: file.name)
def test_a_drawing_asks_for_nothing(file: Path) -> None:
    text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert re.findall(r"https?:|href|<script|<image|\bon[a-z]+=", text) == []


def test_every_icon_that_a_page_names_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="(\w+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
    text = "".join(file.read_text(encoding="utf-8") for file in PAGES)
    named = set(re.findall(r"""icon(?:_name=|\()["'](\w+)["']""", text)) | set(re.findall(r'"icon": "(\w+)"', text))
    assert len(named) > 5
    assert named - drawn == set()


def test_no_translation_is_frozen_when_a_file_of_macros_is_loaded() -> None:
    """A file of macros is loaded once for all languages: a message outside a macro would stay in the first one."""
    for file in TEMPLATES.glob("components/*.html"):
        outside = re.sub(r"\{%-? *macro.*?endmacro *-?%\}|\{#.*?#\}", "", file.read_text(encoding="utf-8"), flags=re.S)
        assert "_(" not in outside, file.name


def _forbidden_in(text: str) -> list[str]:
    without_comments = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    return [name for name, pattern in FORBIDDEN_IN_PAGES.items() if pattern.search(without_comments)]
