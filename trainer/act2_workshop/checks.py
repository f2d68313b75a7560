"""What a plan is looked over for: the pack's automatic checks, as codes without words; hints, never a score."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from trainer.act2_workshop.check_words import CheckWords, check_words, names_anybody, says_any
from trainer.act2_workshop.plan_words import Answers, PlanWords
from trainer.programs.conditions import holds, is_required
from trainer.programs.content import Pack
from trainer.programs.content_fields import FieldDescription, SelectPart, TextPart
from trainer.programs.fields_values import is_nothing

Code = dict[str, str]  # {"check": "k3", "measure": "m1"}; no measure where the whole plan is meant
FIRST_STEP_WITHIN = timedelta(days=14)
LARGE_JUMP = 3  # levels of entrusting
NOBODY_ELSE = ("self", "tool", "stopped")  # carriers that take no other person's time
OF_OTHERS = ("supporter",)  # who is asked for support may be named


@dataclass(frozen=True)
class CheckedPlan:
    """A plan with what its checks compare it to; `names` are people who should not be named in it."""

    words: PlanWords
    pack: Pack
    workshop_ends_on: date
    names: Collection[str] = ()

    @cached_property
    def lists(self) -> CheckWords:
        """What is looked for in the pack's language."""
        return check_words(self.pack.lang)


def checks_of(plan: CheckedPlan) -> list[Code]:
    """Everything that a plan is worth a look for, in the order of the pack's checks and of the plan's measures."""
    found: list[Code] = []
    for check in plan.pack.plan.auto_checks:
        if check.rule in OF_A_MEASURE:
            looks = OF_A_MEASURE[check.rule]
            found += [{"check": check.id, "measure": one["id"]} for one in plan.words.measures if looks(plan, one)]
        elif OF_THE_PLAN[check.rule](plan):
            found.append({"check": check.id})
    return found


def warnings_among(codes: Collection[Code], pack: Pack) -> int:
    """How many of them want a person's look; hints do not count."""
    warning = {check.id for check in pack.plan.auto_checks if check.level == "warn"}
    return sum(code["check"] in warning for code in codes)


def missing_required(words: PlanWords, pack: Pack) -> int:
    """How many required answers are not there yet; the only check that keeps a plan from being submitted."""
    too_few = max(0, pack.plan.limits.measures_min - len(words.measures))
    of_measures = sum(sum(1 for _ in _missing(pack.plan.measure_fields, one)) for one in words.measures)
    return sum(1 for _ in _missing(pack.plan.plan_fields, words.fields)) + of_measures + too_few


def _missing(fields: tuple[FieldDescription, ...], answers: Answers) -> Iterator[FieldDescription]:
    for field in fields:
        is_asked = holds(field.show_if, answers) and is_required(field.required, answers)
        is_chosen = isinstance(field, SelectPart) and field.default  # the form has it from the beginning
        if is_asked and not is_chosen and is_nothing(answers.get(field.id)):
            yield field


def _is_vague(plan: CheckedPlan, measure: Answers) -> bool:
    text, lists = _text(measure, "target_state"), plan.lists
    if not text:
        return False
    has_form = not lists.scenes or says_any(text, lists.scenes) or any(sign.isdigit() for sign in text)
    return len(text) < lists.shortest or says_any(text, lists.vague) or not has_form


def _begins_late(plan: CheckedPlan, measure: Answers) -> bool:
    day = _text(measure, "first_step_date")
    return bool(day) and date.fromisoformat(day) > plan.workshop_ends_on + FIRST_STEP_WITHIN


def _jumps(plan: CheckedPlan, measure: Answers) -> bool:
    now, target = measure.get("level_now"), measure.get("level_target")
    return bool(_is_shared(measure) and now and target and abs(target - now) >= LARGE_JUMP)


def _is_above_limit(plan: CheckedPlan, measure: Answers) -> bool:
    limits = {task.id: task.max_level for task in plan.pack.framework.management_tasks}
    return (measure.get("level_target") or 0) > limits.get(_text(measure, "task_ref"), 7)


def _burdens(plan: CheckedPlan, measure: Answers) -> bool:
    takes_time = _is_shared(measure) and measure.get("carrier_target") not in NOBODY_ELSE
    rises = (measure.get("level_target") or 0) > (measure.get("level_now") or 0)
    return takes_time and (rises or bool(_text(measure, "share_with"))) and not _text(measure, "load_offset")


def _has_no_cue(plan: CheckedPlan, measure: Answers) -> bool:
    return says_any(_text(measure, "when_cue"), plan.lists.no_cue)


def _looks_sensitive(plan: CheckedPlan, measure: Answers) -> bool:
    if measure.get("scope") != "member":
        return False
    written = [one.id for one in plan.pack.plan.measure_fields if isinstance(one, TextPart) and one.id not in OF_OTHERS]
    texts = [text for text in (_text(measure, name) for name in written) if text]
    return any(says_any(text, plan.lists.sensitive) or names_anybody(text, plan.names, plan.lists) for text in texts)


def _burdens_one_person(plan: CheckedPlan) -> bool:
    shared = [one for one in plan.words.measures if _is_shared(one)]
    others = {_text(one, "share_with") or _text(one, "member_label") for one in shared}
    return len(shared) > 1 and len(others) == 1 and all(others) and all(_is_one(plan, one) for one in shared)


def _is_one(plan: CheckedPlan, measure: Answers) -> bool:
    carrier = measure.get("carrier_target")
    return carrier == "one" if carrier else not says_any(_text(measure, "share_with"), plan.lists.several)


def _is_too_many(plan: CheckedPlan) -> bool:
    limits = plan.pack.plan.limits
    return len(plan.words.measures) > limits.organisation.recommended + limits.member.recommended


def _is_shared(measure: Answers) -> bool:
    return bool(_text(measure, "task_ref"))


def _text(measure: Answers, name: str) -> str:
    return str(measure.get(name) or "").strip()


OF_A_MEASURE: dict[str, Callable[[CheckedPlan, Answers], bool]] = {
    "target_state_vague": _is_vague,
    "first_step_after_14_days": _begins_late,
    "level_jump_ge_3": _jumps,
    "level_above_task_max": _is_above_limit,
    "share_without_offset": _burdens,
    "no_if_then_cue": _has_no_cue,
    "looks_like_personal_sensitive": _looks_sensitive,
}
OF_THE_PLAN: dict[str, Callable[[CheckedPlan], bool]] = {
    "missing_required": lambda plan: missing_required(plan.words, plan.pack) > 0,
    "all_shared_with_one_person": _burdens_one_person,
    "too_many_measures": _is_too_many,
}
