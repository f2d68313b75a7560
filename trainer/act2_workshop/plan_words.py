"""What a submitted plan says, as plain values: its fields, its measures, and its sharing map."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from trainer.act2_workshop.models import PlanVersion

Answers = Mapping[str, Any]  # field id -> what `programs.fields.plain_values` gave for it


@dataclass(frozen=True)
class PlanWords:
    """A plan's answers; a measure carries its own id (m1, m2, …) under "id", which it keeps through all versions.

    `sharing_map` holds for each piece of management work {"before": {"level": 1-7, "carrier": id}, "target": {…}}.
    """

    fields: Answers = field(default_factory=dict)
    measures: tuple[Answers, ...] = ()
    sharing_map: Mapping[str, Mapping[str, Answers]] = field(default_factory=dict)

    def measure(self, measure_id: str) -> Answers | None:
        """The measure of this id."""
        return next((one for one in self.measures if one["id"] == measure_id), None)


def words_of(version: PlanVersion) -> PlanWords:
    """Open what a version says. Raises SealError where its key is not there."""
    told = json.loads(version.words or "{}")
    return PlanWords(told.get("fields", {}), tuple(told.get("measures", ())), told.get("map", {}))


def as_text(words: PlanWords) -> str:
    """The same as it is sealed into a version."""
    told = {"fields": dict(words.fields), "measures": [*words.measures], "map": dict(words.sharing_map)}
    return json.dumps(told, ensure_ascii=False)


def first_step_in(words: PlanWords) -> Answers | None:
    """The measure that begins first, where any names its first step and its day."""
    dated = [one for one in words.measures if one.get("first_step_date") and one.get("first_step")]
    return min(dated, key=lambda one: str(one["first_step_date"]), default=None)


def first_step_on(words: PlanWords) -> date | None:
    """The day of that step."""
    step = first_step_in(words)
    return date.fromisoformat(str(step["first_step_date"])) if step else None


def map_of(measures: Sequence[Answers], rows: Mapping[str, Answers]) -> dict[str, dict[str, dict[str, Any]]]:
    """The sharing map: the work that measures share, and the other pieces of work of which enough is told.

    `rows` holds what was answered about a piece of work under the same names as in a measure.
    """
    told = {str(one["task_ref"]): one for one in reversed(measures) if one.get("task_ref")}
    pieces = {**told, **{task: row for task, row in rows.items() if task not in told}}
    return {
        task: {wave: _point(row, suffix) for wave, suffix in (("before", "now"), ("target", "target"))}
        for task, row in pieces.items()
        if row.get("level_now") and row.get("level_target")
    }


def _point(row: Answers, suffix: str) -> dict[str, Any]:
    return {"level": row[f"level_{suffix}"], "carrier": row.get(f"carrier_{suffix}") or ""}
