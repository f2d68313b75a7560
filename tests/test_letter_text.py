"""Names in a letter's words are filled in once, and its blocks are found."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.letter_text import Block, UnknownName, blocks_of, fill, fill_subject, without_rule

NAMES = ("trainee_name", "url", "due_date")
URL = "https://minori.example.jp/to/7f3k/plan"
pieces = st.one_of(st.sampled_from([*(f"{{{{{name}}}}}" for name in NAMES), "{", "}", "{{", "%"]), st.text(max_size=9))


@given(
    st.dictionaries(st.sampled_from(NAMES), st.text(), min_size=len(NAMES)), st.lists(st.text("abc 本{}", max_size=9))
)
def test_each_name_is_replaced_by_its_value_and_nothing_else_changes(values: dict[str, str], words: list[str]) -> None:
    words = [word.replace("{", "(").replace("}", ")") for word in words]
    template = "".join(f"{word}{{{{ {NAMES[n % 3]} }}}}" for n, word in enumerate(words))
    expected = "".join(f"{word}{values[NAMES[n % 3]]}" for n, word in enumerate(words))
    assert fill(template, values) == expected


@given(st.text())
def test_a_value_is_never_looked_into(value: str) -> None:
    assert fill("<{{url}}>", {"url": value + "{{trainee_name}}{{url}}"}) == f"<{value}{{{{trainee_name}}}}{{{{url}}}}>"


@given(st.lists(pieces).map("".join))
def test_any_text_is_filled_or_names_what_it_does_not_know(text: str) -> None:
    asked_for = {name.strip() for name in re.findall(r"\{\{([^{}]*)\}\}", text)}
    if asked_for <= set(NAMES):
        assert not any(f"{{{{{name}}}}}" in fill(text, dict.fromkeys(NAMES, "○")) for name in NAMES)
        return
    with pytest.raises(UnknownName) as refused:
        fill(text, dict.fromkeys(NAMES, "○"))
    assert refused.value.name in asked_for - set(NAMES)


@pytest.mark.parametrize(
    "text", ["{{7*7}}", "{{ name.__class__ }}", "{{}}", "{{ Trainee_name }}", "{{trainee_name|e}}"]
)
def test_what_is_no_known_name_is_refused(text: str) -> None:
    with pytest.raises(UnknownName):
        fill(text, {"trainee_name": "岡田"})


@pytest.mark.parametrize("text", ["{% for x in y %}", "{0.__class__}", "{# #}", "%(url)s", "{ {url} }", "{{url", "}}"])
def test_what_looks_like_other_languages_stays_as_it_is(text: str) -> None:
    assert fill(text, {"url": URL}) == text


def test_a_subject_stays_on_one_line() -> None:
    assert (
        fill_subject("{{name}}さんへ", {"name": "岡田\r\nBcc: all@example.jp\u2028千夏"})
        == "岡田 Bcc: all@example.jp 千夏さんへ"
    )


def test_paragraphs_lists_and_the_place_of_the_button_are_found() -> None:
    text = f"岡田 様\n\n二つあります。\n・動画\n- 質問\nまずは1本。\n{URL}\n\n\nでは、また。\nお元気で。"
    assert blocks_of(text, URL) == (
        Block("paragraph", ("岡田 様",)),
        Block("paragraph", ("二つあります。",)),
        Block("list", ("動画", "質問")),
        Block("paragraph", ("まずは1本。",)),
        Block("button"),
        Block("paragraph", ("では、また。", "お元気で。")),
    )


def test_a_link_within_a_line_is_no_place_for_the_button() -> None:
    assert blocks_of(f"こちら: {URL}", URL) == (Block("paragraph", (f"こちら: {URL}",)),)


@pytest.mark.parametrize(
    ("footer", "expected"), [("──\n事務局", "事務局"), ("-- \noffice", "office"), ("事務局\n──", "事務局\n──")]
)
def test_the_rule_above_a_footer_is_left_to_the_frame(footer: str, expected: str) -> None:
    assert without_rule(footer) == expected
