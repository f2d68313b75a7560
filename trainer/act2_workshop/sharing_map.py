"""The sharing map in words and values: what its picture, its table and its sentence are drawn from."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from trainer.act2_workshop.models import MapPoint
from trainer.act2_workshop.plan_reading import level_words
from trainer.i18n import gettext as _
from trainer.programs.content import Pack

ALONE = "self"  # the carrier who is the manager alone
HIGHEST = 7
WAVES = ("before", "reflection1", "reflection2", "target")
ONE_LINE = 320  # units of the picture that a name and its carriers may take together
WIDE, NARROW = 13, 7.2  # units of a letter

Marks = Mapping[str, Mapping[str, Any]]  # wave -> {"level": 1-7, "carrier": id}


@dataclass(frozen=True)
class MapRow:
    """One piece of work on the map. `levels` holds the waves that were marked; `held_from` is the first level that the
    program leaves with the manager, None where every level is open."""

    task: str
    name: str
    levels: Mapping[str, int]
    words: Mapping[str, str]  # the same levels with their names
    carriers: str  # as planned: from whom to whom
    later: Mapping[str, str]  # wave after the plan -> who carried it by then, where that was somebody else than before
    held_from: int | None
    is_long: bool  # name and carriers need a line each
    was_alone: bool
    is_alone: bool

    @property
    def is_above_limit(self) -> bool:
        """Whether it is aimed at a level that the program leaves with the manager."""
        return self.held_from is not None and self.levels.get("target", 0) >= self.held_from


def map_rows(sharing_map: Mapping[str, Marks], pack: Pack) -> list[MapRow]:
    """The rows of a map in the program's order; a task that the program does not know is left out."""
    tasks = {task.id: task for task in pack.framework.management_tasks}
    carriers = dict(pack.options("carriers"))
    return [_row(task, sharing_map[name], carriers, pack) for name, task in tasks.items() if name in sharing_map]


def marks_of(points: Iterable[MapPoint]) -> dict[str, dict[str, dict[str, Any]]]:
    """Stored points as `map_rows` takes them."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for point in points:
        found.setdefault(point.task_id, {})[point.wave.value] = {"level": point.level, "carrier": point.carrier}
    return found


def map_sentence(rows: list[MapRow]) -> str:
    """What a plan's map says in one sentence; no sum, no ranking. "" for an empty map."""
    if not rows:
        return ""
    alone, later = sum(row.was_alone for row in rows), sum(row.is_alone for row in rows)
    if later == alone:
        return _(
            "Pieces of work on the map: %(count)s. You carry %(alone)s of them alone.", count=len(rows), alone=alone
        )
    if later > alone:
        return _(
            "Pieces of work on the map: %(count)s. You carry %(alone)s of them alone now, "
            "more in two months: %(later)s.",
            count=len(rows),
            alone=alone,
            later=later,
        )
    return _(
        "Pieces of work on the map: %(count)s. You carry %(alone)s of them alone now, and %(later)s in two months.",
        count=len(rows),
        alone=alone,
        later=later,
    )


def _row(task: Any, marks: Marks, carriers: Mapping[str, str], pack: Pack) -> MapRow:
    told = {wave: marks[wave] for wave in WAVES if marks.get(wave)}
    end = next((told[wave] for wave in ("target", "reflection2", "reflection1") if wave in told), {})
    way = [told.get("before", {}).get("carrier", ""), end.get("carrier", "")]
    names = list(dict.fromkeys(carriers[one] for one in way if one in carriers))
    words = " → ".join(names)
    return MapRow(
        task=task.id,
        name=task.name,
        levels={wave: int(mark["level"]) for wave, mark in told.items()},
        words={wave: level_words(int(mark["level"]), pack) for wave, mark in told.items()},
        carriers=words,
        later={wave: carriers[one] for wave, one in _other_carriers(told) if one in carriers},
        held_from=task.max_level + 1 if task.max_level < HIGHEST else None,
        is_long=_width(task.name) + _width(words) > ONE_LINE,
        was_alone=way[0] == ALONE,
        is_alone=way[1] == ALONE,
    )


def _other_carriers(told: Marks) -> Iterable[tuple[str, str]]:
    """The waves after the plan in which somebody else carried the work than in the wave before.

    A reflection asks for the level alone and keeps the last carrier, so the same one again tells nothing.
    """
    last = told.get("before", {}).get("carrier", "")
    for wave in ("reflection1", "reflection2") if "target" in told else ():
        carrier = told.get(wave, {}).get("carrier", "") or last
        if carrier != last:
            yield wave, carrier
        last = carrier


def _width(text: str) -> float:
    return sum(WIDE if unicodedata.east_asian_width(letter) in "WF" else NARROW for letter in text)
