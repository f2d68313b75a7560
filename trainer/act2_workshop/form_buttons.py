"""What the form's buttons do to what was typed: add a measure, take one away, bring it back."""

from trainer.act2_workshop.forms import Asked, most_measures, plan_fields, starting_pairs
from trainer.act2_workshop.typed_plan import (
    MEASURE,
    OWN,
    Pairs,
    Typed,
    add_measure,
    bring_back,
    measure_ids,
    new_measure_id,
    remove_measure,
)

SAVE, ADD, REMOVE, BRING_BACK = "save", "add", "remove", "bring-back"


def beginning(asked: Asked) -> Pairs:
    """A plan on which nobody has written yet: one measure, and what the program answers by default."""
    first = "m1"
    return [
        *starting_pairs(plan_fields(asked), asked, OWN),
        (MEASURE, first),
        *starting_pairs(asked.pack.plan.measure_fields, asked, first),
    ]


def pressed(typed: Typed, button: str, asked: Asked) -> tuple[Pairs, str]:
    """What the form says after a button was pressed, and the place on the page to go on at."""
    deed, _space, measure = button.partition(" ")
    if deed == ADD:
        return _one_more(typed, asked)
    if deed == REMOVE:
        return remove_measure(typed, measure), "measures"
    if deed == BRING_BACK and len(measure_ids(typed)) < most_measures(asked.pack):
        return bring_back(typed, measure), measure
    return list(typed), deed if deed != SAVE else ""


def _one_more(typed: Typed, asked: Asked) -> tuple[Pairs, str]:
    if len(measure_ids(typed)) >= most_measures(asked.pack):
        return list(typed), "measures"
    name = new_measure_id(typed)
    return add_measure(typed, starting_pairs(asked.pack.plan.measure_fields, asked, name), name), name
