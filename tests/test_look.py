"""The look: every part is shown, light weights, and colours that everybody can read."""

import re
from pathlib import Path

import pytest
from jinja2 import nodes

from trainer.app import create_app
from trainer.assets import asset_dir
from trainer.settings import Settings

TEMPLATES = asset_dir("templates")
STYLES = asset_dir("static") / "minori.css"
LOOK = Path(__file__).resolve().parent.parent / "docs" / "look.md"
THEMES = {"light": 0, "dark": 1}
PAIR = re.compile(r"^\| `([\w-]+)` \| `([\w-]+)` \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|", re.MULTILINE)


@pytest.fixture
def development(settings: Settings) -> Settings:
    return settings.model_copy(update={"environment": "development"})


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_part_is_shown_in_development(development: Settings, language: str) -> None:
    response = create_app(development).test_client().get(f"/look?language={language}")
    assert response.status_code == 200
    assert f'<html lang="{language}">' in response.text


@pytest.mark.parametrize("environment", ["test", "demo", "production"])
def test_the_look_is_not_found_elsewhere(settings: Settings, environment: str) -> None:
    app = create_app(settings.model_copy(update={"environment": environment}))
    assert [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/look")] == []


def test_the_title_of_a_form_with_errors_begins_with_error(development: Settings) -> None:
    assert "<title>エラー：Look｜Minori</title>" in create_app(development).test_client().get("/look").text


def test_every_macro_is_shown(settings: Settings) -> None:
    environment = create_app(settings).jinja_env
    shown = {name for file in TEMPLATES.glob("look/*.html") for name in _calls(environment.parse(file.read_text()))}
    defined = {
        macro.name
        for file in TEMPLATES.glob("components/*.html")
        for macro in environment.parse(file.read_text()).find_all(nodes.Macro)
        if not macro.name.startswith("_")
    }
    assert defined - shown - PARTS_OF_FIELD == set()


# written by `field` around every control, and of no use alone
PARTS_OF_FIELD = {"need", "hint_line", "error_line"}


def _calls(template: nodes.Template) -> set[str]:
    return {call.node.name for call in template.find_all(nodes.Call) if isinstance(call.node, nodes.Name)}


def test_pages_and_styles_are_light(development: Settings) -> None:
    client = create_app(development).test_client()
    assert len(client.get("/look").data) < 60_000
    assert STYLES.stat().st_size < 40_000


def test_colours_live_in_tokens_only() -> None:
    layers = STYLES.read_text(encoding="utf-8").split("@layer ")
    for layer in layers:
        name = layer.split(" ", 1)[0]
        if name not in ("tokens", "print"):
            assert re.findall(r"#[0-9a-f]{3,8}\b", layer) == [], name


def test_the_style_sheet_asks_for_nothing_else() -> None:
    assert re.findall(r"url\(|@import|@font-face", STYLES.read_text(encoding="utf-8")) == []


def test_every_pair_of_colours_in_the_documentation_can_be_read() -> None:
    tokens = _tokens()
    pairs = PAIR.findall(LOOK.read_text(encoding="utf-8"))
    assert len(pairs) >= 49
    for upper, ground, limit, *stated in pairs:
        for theme, column in THEMES.items():
            contrast = _contrast(tokens[theme][upper], tokens[theme][ground])
            assert contrast >= float(limit), f"{upper} on {ground}, {theme}: {contrast:.2f}"
            assert f"{contrast:.1f}" == stated[column], f"{upper} on {ground}, {theme}: write {contrast:.1f}"


def test_every_colour_is_documented() -> None:
    text = LOOK.read_text(encoding="utf-8")
    assert [name for name in _tokens()["light"] if f"`{name}`" not in text] == []


def test_both_themes_have_the_same_colours() -> None:
    tokens = _tokens()
    assert tokens["light"].keys() == tokens["dark"].keys()


def _tokens() -> dict[str, dict[str, str]]:
    """The colours of both themes, as #rrggbb."""
    layer = STYLES.read_text(encoding="utf-8").split("@layer tokens {", 1)[1].split("@layer base", 1)[0]
    parts = layer.split("@media (prefers-color-scheme: dark)")
    return {theme: dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", parts[index])) for theme, index in THEMES.items()}


def _contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
