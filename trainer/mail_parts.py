"""The two parts of a letter, text and HTML, as MIME: built by hand where the library takes long to come to the same."""

from base64 import encodebytes
from email.message import EmailMessage, MIMEPart
from hashlib import sha256

from trainer.mail_headers import LETTER_POLICY


def add_parts(message: EmailMessage, text: str, html: str, *, key: str) -> None:
    """Make `message` (of LETTER_POLICY) a multipart/alternative of both; equal keys give equal bytes.

    `key` is what only this letter has. From it comes the line between the parts, so no text can hold it.
    """
    boundary = f"=_{sha256(key.encode()).hexdigest()[:32]}"
    message["MIME-Version"] = "1.0"
    message["Content-Type"] = f'multipart/alternative; boundary="{boundary}"'
    message.set_payload([_part(text, "plain"), _part(html, "html")])


def _part(text: str, kind: str) -> MIMEPart:
    """Base64 for Japanese, at once; for ASCII the library chooses."""
    part = MIMEPart(policy=LETTER_POLICY)
    if text.isascii():
        part.set_content(text, subtype=kind)
        return part
    part["Content-Type"] = f'text/{kind}; charset="utf-8"'
    part["Content-Transfer-Encoding"] = "base64"
    lines = text.encode().splitlines()
    part.set_payload(encodebytes(b"\r\n".join([*lines, b""])).decode("ascii"))
    return part
