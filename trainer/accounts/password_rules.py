"""Pure rules of passwords: long enough, and not made of what everybody would try first."""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum

SHORTEST = 15  # a password is the only factor (NIST SP 800-63B-4)
LONGEST = 128
FEWEST_OWN_CHARACTERS = 6
FEWEST_DIFFERENT_CHARACTERS = 5
SHORTEST_RUN = 4
SHORTEST_OWN_WORD = 3

EVERYBODYS = """
    password passwort passcode passphrase pass word secret welcome letmein admin administrator root login logon signin
    master test testing guest user default changeme change temporary temp hello goodbye computer internet server
    manager company office minori training love iloveyou you princess sunshine monkey dragon football baseball soccer
    superman batman starwars pokemon freedom whatever trustno shadow flower cheese summer winter spring autumn fall
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday
    sakura nihon nippon japan tokyo osaka kyoto arigatou arigato ohayou konnichiwa sayonara himitsu pasuwado
    パスワード ぱすわーど ひみつ 秘密 ようこそ ありがとう こんにちは おはよう さくら 桜 会社 管理者 管理
    東京 日本 研修 実り みのり
"""
COMMON_WORDS = frozenset(EVERYBODYS.split())
ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p",
    "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをん",
)
RUNS = (*ROWS, *(row[::-1] for row in ROWS))
YEAR = re.compile(r"(?:19|20)[0-9][0-9]")
LOOKALIKES = str.maketrans("013457@$!", "oleastasi")


class PasswordProblem(StrEnum):
    """Why a password is refused."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    REPEATS = "repeats"
    COMMON = "common"


def normal_password(password: str) -> str:
    """A password as it is compared: the same whichever keyboard or width it was typed with."""
    return unicodedata.normalize("NFKC", password)


def password_problem(password: str, own_words: Iterable[str] = ()) -> PasswordProblem | None:
    """What is wrong with a new password, or None; `own_words` are the company's and the person's own."""
    password = normal_password(password)
    if len(password) < SHORTEST:
        return PasswordProblem.TOO_SHORT
    if len(password) > LONGEST:
        return PasswordProblem.TOO_LONG
    folded = password.casefold()
    if len(set(folded)) < FEWEST_DIFFERENT_CHARACTERS or _is_repeated(folded):
        return PasswordProblem.REPEATS
    words = COMMON_WORDS | _own(own_words)
    if any(_own_characters(text, words) < FEWEST_OWN_CHARACTERS for text in (folded, folded.translate(LOOKALIKES))):
        return PasswordProblem.COMMON
    return None


def _own(words: Iterable[str]) -> frozenset[str]:
    """The company's words and their parts, as they would appear in a password."""
    folded = [unicodedata.normalize("NFKC", word).casefold() for word in words]
    parts = {part for word in folded for part in (word, "".join(word.split()), *word.split())}
    return frozenset(part for part in parts if len(part) >= SHORTEST_OWN_WORD)


def _own_characters(text: str, words: frozenset[str]) -> int:
    """How many characters are left when words, runs and years are taken out, and the figures beside them."""
    left: list[str] = []
    place, was_word = 0, False
    while place < len(text):
        length = max(_word_length(text, place, words), _run_length(text, place))
        was_word = was_word or length > 0
        length = length or (len("2026") if YEAR.match(text, place) else 0)
        if not length:
            left.append(text[place])
        place += length or 1
    return sum(character.isalpha() or not was_word for character in left)


def _word_length(text: str, place: int, words: frozenset[str]) -> int:
    return max((len(word) for word in words if text.startswith(word, place)), default=0)


def _run_length(text: str, place: int) -> int:
    length = SHORTEST_RUN
    if not any(text[place : place + length] in row for row in RUNS) or place + length > len(text):
        return 0
    while place + length < len(text) and any(text[place : place + length + 1] in row for row in RUNS):
        length += 1
    return length


def _is_repeated(text: str) -> bool:
    """Whether the text is a piece that would be too short by itself, written again and again."""
    return any(text.startswith(text[period:]) for period in range(1, min(SHORTEST, len(text) // 2 + 1)))
