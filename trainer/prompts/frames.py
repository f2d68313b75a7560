"""The frame around a letter's words: the button, how long it takes, and why it came."""

from dataclasses import dataclass

from trainer.i18n import lazy_gettext as _l
from trainer.i18n import ngettext
from trainer.programs.content import Letter, Pack

OPEN = _l("Open the page")
BUTTONS = {
    "act1": _l("Watch the lessons"),
    "plan": _l("Open the action plan"),
    "reflection1": _l("Write the reflection"),
    "reflection2": _l("Write the reflection"),
}
REASONS = {
    "opening": _l("This is the day on which this part of the course begins"),
    "eve": _l("The workshop is near"),
    "reminder": _l("This step is still open"),
    "last": _l("The due date of this step is near"),
    "nudge": _l("A day that you chose is near"),
    "event": _l("There is news in your course"),
    "digest": _l("This is the regular overview of the course"),
}
EVENTS = {
    "plan_returned": _l("The facilitator has asked something about your plan"),
    "plan_confirmed": _l("Your plan was confirmed"),
    "feedback_given": _l("The facilitator has answered your reflection"),
}
STEPS = {"act1": _l("Web lessons (ACT1)"), "workshop": _l("Workshop"), "plan": _l("Action plan")}


@dataclass(frozen=True)
class Frame:
    """What stands around the pack's text, in the language in force."""

    button: str
    minutes: str | None
    reason: str


def frame_of(letter: Letter, pack: Pack) -> Frame:
    """The frame of a letter, in the language in force."""
    return Frame(_button(letter), _minutes(letter, pack), reason_of(letter))


def reason_of(letter: Letter) -> str:
    """Why a letter of this kind comes, in the language in force."""
    event = letter.trigger.removeprefix("event:")
    return str(EVENTS.get(event) or REASONS[letter.rank])


def step_name(step: str, pack: Pack) -> str:
    """What a step is called for the person who does it, in the language in force."""
    title = next((reflection.title for reflection in pack.reflections if reflection.step == step), None)
    return title or str(STEPS[step])


def _button(letter: Letter) -> str:
    if letter.rank == "digest" or letter.to != "trainee":
        return str(OPEN)
    return str(BUTTONS.get(letter.step or "", OPEN))


def _minutes(letter: Letter, pack: Pack) -> str | None:
    for reflection in pack.reflections:
        if reflection.step == letter.step:
            return ngettext(
                "About %(num)s minute; it is saved as you write",
                "About %(num)s minutes; it is saved as you write",
                reflection.minutes,
            )
    return None
