"""What a letter is called in a list: in both languages, without a gap wherever the sentence can do without."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest
from flask import Flask

from trainer import i18n
from trainer.i18n import speaking
from trainer.programs.content import Pack, load_program
from trainer.prompts.letter_names import NOTHING_KNOWN, letter_name

DUE = {"due_date": "1月4日（月）"}
NAMES = [
    ("ja", "act1_open", NOTHING_KNOWN, "ACT1（WEB学習）が始まりました"),
    ("ja", "act1_open", DUE, "ACT1（WEB学習）が始まりました（1月4日（月）まで）"),
    ("ja", "act1_due_soon", NOTHING_KNOWN, "WEB学習（ACT1）：途中のお知らせ"),
    ("ja", "reflection1_last", NOTHING_KNOWN, "1か月後のふりかえり：期限が近いお知らせ"),
    ("ja", "reflection1_last", DUE, "1か月後のふりかえりは 1月4日（月） までです（短縮版もあります）"),
    ("ja", "feedback_given", NOTHING_KNOWN, "ふりかえりに、講師からお返事が届きました"),
    ("ja", "boss_brief", {"trainee_name": "青木"}, "青木さんの受講と、お力添えのお願い"),
    ("ja", "boss_brief", NOTHING_KNOWN, "（氏名）さんの受講と、お力添えのお願い"),
    ("ja", "coordinator_digest", NOTHING_KNOWN, "今週の状況"),
    ("ja", "facilitator_digest", NOTHING_KNOWN, "確認待ちの計画・ふりかえり"),
    ("en", "act1_open", NOTHING_KNOWN, "ACT1 (web lessons) is open"),
    ("en", "feedback_given", NOTHING_KNOWN, "The facilitator has answered your reflection"),
    ("en", "coordinator_digest", NOTHING_KNOWN, "This week"),
]


@contextmanager
def pack_in(language: str) -> Iterator[Pack]:
    """The shipped program, with its language in force."""
    app = Flask("names")
    i18n.init_app(app)
    with app.app_context(), speaking(language):
        yield load_program("management_basics_default")[language]


@pytest.mark.parametrize(("language", "letter", "known", "name"), NAMES)
def test_a_letter_has_a_name(language: str, letter: str, known: Mapping[str, str], name: str) -> None:
    with pack_in(language) as pack:
        assert letter_name(pack.letter(letter), pack, known) == name


@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_letter_to_a_trainee_has_a_gap_in_its_name(language: str) -> None:
    with pack_in(language) as pack:
        names = [letter_name(letter, pack) for letter in pack.letters if letter.to == "trainee"]
    assert [name for name in names if "…" in name or "{{" in name] == []
