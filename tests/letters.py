"""A letter for tests, and the instant it is written at."""

from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

from trainer.mail import Button, Letter, message_id, write_letter

ORIGIN = "https://minori.example.jp"
WRITTEN_AT = datetime(2027, 4, 1, 0, 30, tzinfo=UTC)
URL = f"{ORIGIN}/to/7f3k/reflection2"


def make_letter(uid: str = "7f3k", **changes: Any) -> Letter:
    """A Japanese letter with a button, unless `changes` say otherwise."""
    usual: dict[str, Any] = {
        "message_id": message_id(uid, ORIGIN),
        "sender": "Minori 事務局 <no-reply@minori.example.jp>",
        "to_name": "岡田 千夏",
        "to_address": "okada@example.jp",
        "subject": "【マネジメント基礎プログラム】2か月後のふりかえり（10分）をお願いします",
        "body": f"岡田 千夏 様\n\n2か月がたちました。\n・10分ほどで\n・途中で保存されます\n{URL}\n\nお待ちしています。",
        "footer": "──\nマネジメント基礎プログラム 事務局　井上 恵\nご不明な点は kenshu@example.jp へお知らせください。",
        "language": "ja",
        "program_title": "マネジメント基礎プログラム",
        "button": Button("ふりかえりを書く", URL),
        "due": "2027年4月15日（木）",
        "minutes": "10分。途中で保存されます",
        "reason": "集合研修から2か月の日のため",
        "preheader": "ご準備は要りません。",
    }
    return Letter(**{**usual, **changes})


def make_message(uid: str = "7f3k", **changes: Any) -> EmailMessage:
    """The same letter as mail."""
    return write_letter(make_letter(uid, **changes), now=WRITTEN_AT)
