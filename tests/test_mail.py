"""A letter is plain mail for one person: read by any program, and impossible to abuse."""

import re
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.letters import ORIGIN, URL, WRITTEN_AT, make_letter, make_message
from trainer.mail import Button, UnwritableLetter, bytes_of, message_id, people_of, write_letter

INJECTIONS = (
    "a\r\nBcc: x@y.example",
    "a\nBcc: x@y.example",
    "a\rb",
    "a\0b",
    "a\x0bb",
    "a\u2028b",
    "a\x85b",
    "a\ud800b",
)
HEADER_FIELDS = ("sender", "to_name", "to_address", "subject", "message_id", "language", "unsubscribe_url")
one_line = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=120)


class Page(HTMLParser):
    """The tags, links and words of an HTML part, read independently of what wrote it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "background", "action")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


def part(message: EmailMessage, kind: str) -> str:
    """A part's words as they arrive after the journey."""
    arrived = message_from_bytes(bytes_of(message), policy=policy.default)
    body = arrived.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def old_parse(message: EmailMessage, name: str) -> str:
    """A header as the library's other, older code reads it."""
    raw = str(message_from_bytes(bytes_of(message), policy=policy.compat32)[name])
    return str(make_header(decode_header(re.sub(r"\r?\n", "", raw))))


@given(one_line.filter(str.strip).map(str.strip))
@example("【マネジメント基礎プログラム】2か月後 の ふりかえり（10分） ABC  def をお願いします" * 3)
@example("[Management basics] " + "a long English subject that goes on and on " * 4 + ".")
@example("x" * 200)
def test_any_subject_is_read_back_as_it_was_written(subject: str) -> None:
    message = make_message(subject=subject)
    assert old_parse(message, "Subject") == subject
    assert message_from_bytes(bytes_of(message), policy=policy.default)["Subject"] == subject


@given(one_line)
@example("岡田, 千夏")
@example('"x" <evil@example.com>, b')
@example("千" * 60)
@example("=?utf-8?q?x?=")
def test_any_name_stays_a_name_and_adds_no_recipient(name: str) -> None:
    written = bytes_of(make_message(to_name=name))
    arrived = message_from_bytes(written, policy=policy.default)
    assert [person.addr_spec for person in arrived["To"].addresses] == ["okada@example.jp"]
    raw = str(message_from_bytes(written, policy=policy.compat32)["To"])
    [(shown, address)] = getaddresses([re.sub(r"\r?\n", "", raw)])
    assert (str(make_header(decode_header(shown))), address) == (name, "okada@example.jp")


@pytest.mark.parametrize("injection", INJECTIONS)
@pytest.mark.parametrize("field", HEADER_FIELDS)
def test_a_break_in_a_header_spoils_this_letter_only(field: str, injection: str) -> None:
    given = {"to_address": f"{injection}@example.jp", "message_id": f"<{injection}@x>"}
    with pytest.raises(UnwritableLetter):
        write_letter(make_letter(**{field: given.get(field, injection)}), now=WRITTEN_AT)


ADDRESSES = (
    "a@b.example, c@d.example",
    "a@b.example c@d.example",
    "<a@b.example>",
    "a",
    "@b",
    "a@",
    "岡田@example.jp",
    "",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_not_one_plain_address_is_refused(address: str) -> None:
    with pytest.raises(UnwritableLetter):
        make_message(to_address=address)


@pytest.mark.parametrize("field", ["body", "footer", "due", "program_title", "preheader"])
def test_a_text_with_control_characters_is_refused(field: str) -> None:
    with pytest.raises(UnwritableLetter):
        make_message(**{field: "a\x00b"})


@pytest.mark.parametrize("link", ["javascript:alert(1)", "https://x y", "mailto:a@b.example", "http://x\n", ""])
def test_a_button_opens_web_pages_only(link: str) -> None:
    with pytest.raises(UnwritableLetter):
        make_message(button=Button("ひらく", link))


def test_a_letter_is_for_one_person_and_no_program_answers_it() -> None:
    message = make_message("a1b2")
    assert len(message["To"].addresses) == 1
    assert message["Cc"] is None
    assert message["Bcc"] is None
    assert message["Message-ID"] == "<a1b2@minori.example.jp>"
    assert message["Date"].datetime == WRITTEN_AT
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert message["Content-Language"] == "ja"
    assert message["List-Unsubscribe"] is None
    assert message["List-Unsubscribe-Post"] is None


def test_a_letter_is_the_same_to_the_byte_in_every_try_and_no_other_letter_has_its_boundary() -> None:
    first, again, other = (bytes_of(make_message(uid)) for uid in ("a1b2", "a1b2", "c3d4"))
    assert first == again
    boundaries = [message_from_bytes(one, policy=policy.default).get_boundary() for one in (first, other)]
    assert len(set(boundaries)) == 2


def test_a_letter_one_may_stop_says_so_in_its_headers_and_its_words() -> None:
    link = f"{ORIGIN}/stop/{'t' * 64}"
    message = make_message(unsubscribe_url=link)
    assert old_parse(message, "List-Unsubscribe") == f"<{link}>"
    assert old_parse(message, "List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    assert link in Page(part(message, "html")).links
    assert link in part(message, "plain")


def test_any_server_can_carry_it() -> None:
    written = bytes_of(make_message(unsubscribe_url=f"{ORIGIN}/stop/{'t' * 64}", to_name="千" * 60))
    assert written.isascii()
    assert all(len(line) <= 998 for line in written.split(b"\r\n"))
    assert b"\n" not in written.replace(b"\r\n", b"")
    assert all(len(line) <= 76 for line in written.split(b"\r\n") if b"=?utf-8?" in line)


def test_mail_programs_fetch_nothing_and_every_link_is_ours() -> None:
    page = Page(part(make_message(unsubscribe_url=f"{ORIGIN}/stop/t"), "html"))
    assert {"img", "link", "script", "iframe", "form"}.isdisjoint(page.tags)
    links = [link for link in page.links if link != "mailto:kenshu@example.jp"]
    assert len(links) == 3
    assert all(link.startswith(f"{ORIGIN}/") for link in links)
    html = part(make_message(), "html")
    assert "url(" not in html
    assert "@import" not in html


def test_the_styles_stand_in_the_elements_and_dark_colours_in_the_head() -> None:
    html = part(make_message(), "html")
    assert re.search(r'<a class="btn" href="[^"]+" style="[^"]*background: #0e5f49', html)
    assert "@media (prefers-color-scheme: dark)" in html
    assert html.count("<style>") == 1
    assert "/*" not in html


def test_the_button_stands_where_the_link_stood() -> None:
    message = make_message()
    text = Page(part(message, "html")).text
    order = [
        "2か月後のふりかえり（10分）をお願いします",
        "途中で保存",
        "ふりかえりを書く",
        "お待ちしています",
        "2027年4月15日",
    ]
    assert [text.index(words) for words in order[1:]] == sorted(text.index(words) for words in order[1:])
    assert order[0] in text
    assert part(message, "plain").count(URL) == 1


def test_a_body_without_the_link_still_has_it_in_both_parts() -> None:
    message = make_message(body="こんにちは。")
    assert URL in part(message, "plain")
    assert URL in Page(part(message, "html")).links


def test_a_letter_may_have_no_button_and_no_facts() -> None:
    message = make_message(button=None, due=None, minutes=None, reason=None, preheader=None, body="お知らせです。")
    html = part(message, "html")
    assert 'class="btn"' not in html
    assert 'class="due"' not in html
    assert 'class="preheader"' not in html
    assert "お知らせです。" in part(message, "plain")


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", "{{7*7}}", "{% raise %}", "{0.__class__}", "&lt;", "<!--x"]
)
def test_the_packs_words_are_shown_and_never_run(words: str) -> None:
    message = make_message(body=f"前\n{words}", program_title=words, subject=words, to_name=words)
    page = Page(part(message, "html"))
    assert "script" not in page.tags
    assert page.text.count(words) >= 3
    assert words in part(message, "plain")


def test_the_frame_speaks_the_readers_language() -> None:
    english = part(make_message(language="en"), "plain")
    assert "Due: 2027年4月15日（木）" in english
    assert '<html lang="en">' in part(make_message(language="en"), "html")
    assert '<html lang="ja">' in part(make_message(), "html")


def test_a_message_id_is_the_rows_uid_at_our_host() -> None:
    assert message_id("u1", "https://minori.example.jp") == "<u1@minori.example.jp>"
    assert message_id("u1", "http://127.0.0.1:8000") == "<u1@127.0.0.1>"
    assert message_id("u1", "http://[::1]:8000") == "<u1@[IPv6:::1]>"


@pytest.mark.parametrize("extra", [{"Cc": "c@d.example"}, {"Bcc": "c@d.example"}])
def test_mail_with_a_second_recipient_is_not_sent(extra: dict[str, str]) -> None:
    message = make_message()
    for name, value in extra.items():
        message[name] = value
    with pytest.raises(UnwritableLetter):
        people_of(message)


def test_mail_to_a_list_is_not_sent() -> None:
    message = EmailMessage()
    message["From"], message["To"] = "a@b.example", "c@d.example, e@f.example"
    with pytest.raises(UnwritableLetter):
        people_of(message)
