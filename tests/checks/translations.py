"""Every message that code or template says in English has its Japanese."""

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tests.checks import CheckFailed

JAPANESE = Path("trainer/translations/ja/LC_MESSAGES/messages.po")
EXTRACT = ("--quiet", "extract", "-F", "pyproject.toml", "-k", "_l", "-k", "lazy_gettext")


def check_translations() -> None:
    """Raise CheckFailed with each message that has no Japanese, an uncertain one or one with other places to fill."""
    if problems := list(untranslated(extracted_messages(), _read(JAPANESE, "ja"))):
        raise CheckFailed("\n".join(problems))


def extracted_messages() -> Catalog:
    """All messages of the code and the templates."""
    with tempfile.TemporaryDirectory() as directory:
        template = Path(directory) / "messages.pot"
        command = [sys.executable, "-m", "babel.messages.frontend", *EXTRACT, "-o", str(template), "."]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise CheckFailed(done.stderr)
        return _read(template)


def untranslated(messages: Iterable[Message], japanese: Catalog) -> Iterator[str]:
    """A sentence for each message whose translation is missing, fuzzy or wrong."""
    for message in messages:
        if not message.id:  # the file's own header
            continue
        translation = japanese.get(message.id, message.context)
        if translation is None or not _is_complete(translation):
            yield f"no Japanese for {message.id!r}"
        elif translation.fuzzy:
            yield f"uncertain Japanese (fuzzy) for {message.id!r}"
        else:
            yield from (f"wrong Japanese for {message.id!r}: {error}" for error in translation.check(japanese))


def _is_complete(translation: Message) -> bool:
    strings = translation.string if isinstance(translation.string, tuple) else (translation.string,)
    return all(strings)


def _read(path: Path, language: str | None = None) -> Catalog:
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)
