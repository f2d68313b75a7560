"""What SMTP says around a letter: who it is from and for, its size, and which reports are wanted (RFC 3461)."""

import re
import smtplib
from dataclasses import dataclass
from email.message import EmailMessage

from trainer.mail import bytes_of, people_of

LINES_WITH_A_DOT = re.compile(rb"^\.", re.MULTILINE)
NOT_IN_XTEXT = re.compile(r"[^!-*,-<>-~]")


@dataclass(frozen=True)
class Envelope:
    """One letter for one person; `body` is ready for the wire but for the final dot."""

    sender: str
    recipient: str
    body: bytes
    size: int
    envelope_id: str

    def mail(self, connection: smtplib.SMTP) -> tuple[int, bytes]:
        """MAIL FROM, with the size and the envelope's id where the server knows them."""
        options = [f"SIZE={self.size}"] if connection.has_extn("size") else []
        if connection.has_extn("dsn"):
            options += ["RET=HDRS", f"ENVID={_xtext(self.envelope_id)}"]
        return connection.mail(self.sender, options)

    def rcpt(self, connection: smtplib.SMTP) -> tuple[int, bytes]:
        """RCPT TO; a report is wanted when the letter fails or is delayed."""
        options = ["NOTIFY=FAILURE,DELAY"] if connection.has_extn("dsn") else []
        return connection.rcpt(self.recipient, options)

    def data(self, connection: smtplib.SMTP) -> tuple[int, bytes]:
        """DATA, without what follows."""
        return connection.docmd("DATA")


def envelope_of(message: EmailMessage, envelope_id: str) -> Envelope:
    """The envelope of a letter. Raises UnwritableLetter when it has not one sender and one recipient."""
    sender, recipient = people_of(message)
    written = bytes_of(message).removesuffix(b"\r\n") + b"\r\n"
    body = LINES_WITH_A_DOT.sub(b"..", written)
    return Envelope(sender, recipient, body, len(written), envelope_id)


def _xtext(text: str) -> str:
    return NOT_IN_XTEXT.sub(lambda found: "".join(f"+{byte:02X}" for byte in found[0].encode()), text)
