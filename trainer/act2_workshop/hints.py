"""The automatic checks as hints beside the fields of the form: never a score, never a block."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from trainer.act2_workshop.checks import Code, missing_required
from trainer.act2_workshop.plan_words import PlanWords
from trainer.programs.content import Pack

WHOLE_PLAN = "plan"  # the place of a hint that belongs to no single field
FIELD_OF_RULE = {
    "target_state_vague": "target_state",
    "first_step_after_14_days": "first_step_date",
    "level_jump_ge_3": "level_target",
    "level_above_task_max": "level_target",
    "share_without_offset": "load_offset",
    "no_if_then_cue": "when_cue",
    "looks_like_personal_sensitive": "title",
}
AT_THE_END = "missing_required"  # said where the plan is submitted, with the count

Hints = Mapping[str, list[str]]  # id of a field in the form -> sentences


def hints_of(codes: Collection[Code], pack: Pack) -> Hints:
    """What was found, in the program's words, at the fields it is about."""
    checks = {check.id: check for check in pack.plan.auto_checks}
    found: dict[str, list[str]] = defaultdict(list)
    for code in codes:
        check = checks[code["check"]]
        if check.rule != AT_THE_END:
            found[_place(code, check.rule)].append(check.message)
    return dict(found)


def left_words(words: PlanWords, pack: Pack) -> str:
    """How many required answers are to come, in the program's words; "" when none is."""
    left = missing_required(words, pack)
    message = next((check.message for check in pack.plan.auto_checks if check.rule == AT_THE_END), "")
    return message.replace("{{n}}", str(left)) if left else ""


def _place(code: Code, rule: str) -> str:
    field = FIELD_OF_RULE.get(rule)
    return f"{code['measure']}-{field}" if field and code.get("measure") else WHOLE_PLAN
