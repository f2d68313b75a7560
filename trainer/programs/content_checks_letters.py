"""What letters say of the rest of a pack: known dates, known variables, a step where a condition needs one."""

from collections.abc import Iterator

from trainer.programs.content_errors import Problem
from trainer.programs.content_letters import Letter
from trainer.programs.content_pack import Pack
from trainer.programs.content_words import Template
from trainer.programs.rules import parse_trigger


def problems_of_letters(pack: Pack) -> Iterator[Problem]:
    """Every problem of letters, footer, digest lines and automatic checks."""
    dates = {date.id for date in pack.schedule.dates}
    for letter in pack.letters:
        yield from _problems_of_timing(letter, dates)
    for path, scope, text in _templates(pack):
        yield from _problems_of_variables(path, text, _variables(pack, scope))
    window = pack.messages.send_window
    if window.closes <= window.opens:
        yield Problem("messages.send_window.to", f"{window.closes:%H:%M} is not after {window.opens:%H:%M}")


def _problems_of_timing(letter: Letter, dates: set[str]) -> Iterator[Problem]:
    path = f"messages.items[{letter.id}]"
    try:
        parse_trigger(letter.trigger, dates)
    except ValueError as error:
        yield Problem(f"{path}.trigger", str(error))
    if letter.is_reminder and letter.step is None:
        yield Problem(f"{path}.send_if", f"{letter.send_if!r} needs a step, of which it speaks")


def _templates(pack: Pack) -> Iterator[tuple[str, str | None, Template]]:
    """Every text with variables: its path, its scope, the text."""
    yield "messages.footer", None, pack.messages.footer
    for letter in pack.letters:
        path = f"messages.items[{letter.id}]"
        yield f"{path}.subject", None, letter.subject
        yield f"{path}.body", None, letter.body
        for line in letter.digest_line_templates:
            yield f"{path}.digest_line_templates[{line.id}].text", "digest_line", line.text
    for check in pack.plan.auto_checks:
        yield f"plan.auto_checks[{check.id}].message", "auto_check", check.message


def _problems_of_variables(path: str, text: Template, allowed: set[str]) -> Iterator[Problem]:
    for name in sorted(text.variables - allowed):
        yield Problem(path, f"{{{{{name}}}}} is no variable that may stand here")


def _variables(pack: Pack, scope: str | None) -> set[str]:
    """The variables of a scope, besides those that may stand anywhere."""
    return {variable.name for variable in pack.messages.variables if variable.scope in (None, scope)}
