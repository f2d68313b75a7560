"""Which mailer carries letters: the relay of SMTP_URL, or the outbox."""

from collections.abc import Callable
from email.message import EmailMessage
from urllib.parse import urlsplit

from trainer.mail_outcomes import Handed, Mailer
from trainer.outbox import OutboxMailer
from trainer.settings import Settings
from trainer.smtp import SmtpMailer
from trainer.smtp_relay import Timeouts


def mailers_of(settings: Settings, on_phase: Callable[[str], None] = lambda _phase: None) -> Callable[[], Mailer]:
    """What makes a mailer: for the relay of SMTP_URL; without one, and always in the demo, for the outbox."""
    url = None if settings.environment == "demo" else settings.smtp_url
    if url is None:
        return lambda: OutboxMailer(settings.outbox_dir)
    timeouts = Timeouts(
        command=settings.smtp_connect_timeout_seconds,
        data=settings.smtp_data_timeout_seconds,
        dot=settings.smtp_dot_timeout_seconds,
    )
    our_name = urlsplit(settings.public_url).hostname
    return lambda: SmtpMailer(url, timeouts=timeouts, our_name=our_name, on_phase=on_phase)


class OneLetterMailer:
    """A Mailer with a connection for each letter: for the sign-in codes, which come one by one from any thread."""

    def __init__(self, make: Callable[[], Mailer]) -> None:
        self.make = make

    def send(self, message: EmailMessage, *, envelope_id: str) -> Handed:
        """Hand one letter over; see Mailer."""
        mailer = self.make()
        try:
            return mailer.send(message, envelope_id=envelope_id)
        finally:
            mailer.close()

    def close(self) -> None:
        """Nothing is held open."""
