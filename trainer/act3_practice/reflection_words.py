"""What a reflection, an experiment and a changed measure say, as plain values, opened and sealed."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from trainer.act3_practice.models import Experiment, MeasureVersion, Reflection
from trainer.act3_practice.rules import Answers


@dataclass(frozen=True)
class Decided:
    """An experiment as its writer reads it: what will be tried when, and what is expected to come of it."""

    uid: UUID
    measure_id: str | None
    when: str
    then: str
    prediction: str
    planned_on: date | None


def answers_of(kept: Reflection | MeasureVersion) -> dict[str, Any]:
    """Field id -> what was answered, as `programs.fields.plain_values` gave it. Raises SealError without its key."""
    answers: dict[str, Any] = json.loads(kept.words or "{}")
    return answers


def decided_in(experiment: Experiment) -> Decided:
    """What an experiment says. Raises SealError without its key."""
    words = json.loads(experiment.words or "{}")
    return Decided(
        uid=experiment.uid,
        measure_id=experiment.measure_id,
        when=words.get("when") or "",
        then=words.get("then") or "",
        prediction=words.get("prediction") or "",
        planned_on=experiment.planned_on,
    )


def as_text(answers: Answers) -> str:
    """The same as it is sealed into a row."""
    return json.dumps(dict(answers), ensure_ascii=False)
