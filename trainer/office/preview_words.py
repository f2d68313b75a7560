"""A roster's preview in words: how it was read, and what becomes of each row."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from trainer.cohorts.models import Cohort
from trainer.cohorts.queries import other_cohorts
from trainer.cohorts.roster import RefusedRow
from trainer.cohorts.roster_plan import Outcome, Plan, PlannedRow
from trainer.cohorts.roster_preview import Preview
from trainer.i18n import gettext as _
from trainer.i18n import lazy_gettext as _l
from trainer.i18n import ngettext

SHOWN = 100  # rows of a kind; the rest is counted, and the refused ones are in the download
ENCODINGS = {"utf-8": "UTF-8", "utf-16": "UTF-16", "cp932": "Shift_JIS (CP932)"}
SAME = {"utf-8-sig": "utf-8"}
COLUMNS = {
    "employee_number": _l("Employee number"),
    "name": _l("Name"),
    "name_reading": _l("Name reading"),
    "email": _l("E-mail address"),
    "department": _l("Department"),
    "group": _l("Group"),
    "boss": _l("Boss's e-mail address"),
}


@dataclass(frozen=True)
class Overwritten:
    """Somebody known to the company whom the roster would make known otherwise: `told` is what changes."""

    number: str
    told: str
    is_doubtful: bool
    cohorts: Sequence[str]  # others in which they take part

    @property
    def words(self) -> str:
        """The person, old and new, and where else it shows."""
        change = _("%(number)s: %(told)s.", number=self.number, told=self.told)
        if not self.cohorts:
            return change
        elsewhere = _("Takes part in: %(cohorts)s.", cohorts=_(", ").join(self.cohorts))
        return _("%(change)s %(elsewhere)s", change=change, elsewhere=elsewhere)


@dataclass(frozen=True)
class PreviewWords:
    """What the page of the preview shows."""

    digest: str
    encoding: str  # one of ENCODINGS, or "" for a workbook
    header: Sequence[str]
    first_rows: Sequence[Sequence[str]]
    counts: dict[str, int]
    refused: Sequence[RefusedRow]
    refused_names: Mapping[int, str]
    overwritten: Sequence[Overwritten]
    overwritten_count: int
    has_doubts: bool
    changed: Sequence[tuple[PlannedRow, list[str]]]
    added: Sequence[PlannedRow]
    warnings: Sequence[str]
    not_named: Sequence[tuple[str, str]]  # number and name

    @property
    def confirmation(self) -> str:
        """What the button says that it does; "" where nothing would be written."""
        added, changed = self.counts["added"], self.counts["changed"]
        if added and changed:
            return ngettext(
                "Add %(num)s person, change %(changed)s",
                "Add %(num)s people, change %(changed)s",
                added,
                changed=changed,
            )
        if added:
            return ngettext("Add %(num)s person", "Add %(num)s people", added)
        return ngettext("Change %(num)s person", "Change %(num)s people", changed) if changed else ""


def preview_words(db: Session, cohort: Cohort, seen: Preview) -> PreviewWords:
    """The preview, ready to be shown."""
    plan, used = seen.plan, seen.reading.encoding
    changed = [row for row in plan.rows if row.outcome is Outcome.CHANGED]
    return PreviewWords(
        digest=seen.digest,
        encoding="" if used == "xlsx" else SAME.get(used, used),
        header=seen.reading.table.header,
        first_rows=seen.first_rows,
        counts={**{outcome.value: plan.count(outcome) for outcome in Outcome}, "refused": len(plan.refused)},
        refused=plan.refused[:SHOWN],
        refused_names=seen.refused_names,
        overwritten=overwritten(db, cohort, plan),
        overwritten_count=sum(row.overwrites for row in plan.rows),
        has_doubts=plan.has_doubts,
        changed=[(row, change_words(row)) for row in changed[:SHOWN]],
        added=[row for row in plan.rows if row.outcome is Outcome.ADDED][:SHOWN],
        warnings=plan.warnings[:SHOWN],
        not_named=plan.not_named,
    )


def change_words(row: PlannedRow, without: Collection[str] = ()) -> list[str]:
    """What becomes different of a known person, a sentence for each column but those `without`."""
    told = []
    for column, value in (*row.changes.items(), *row.moves.items()):
        if column in without:
            continue
        before = getattr(row.match.known, column, None)
        if before:
            told.append(_("%(column)s: %(before)s → %(after)s", column=COLUMNS[column], before=before, after=value))
        else:
            told.append(_("%(column)s: %(after)s", column=COLUMNS[column], after=value))
    return told


def overwritten(db: Session, cohort: Cohort, plan: Plan) -> list[Overwritten]:
    """The known people whom a plan changes: all of whom somebody should make sure, then others up to SHOWN."""
    rows = sorted((row for row in plan.rows if row.overwrites), key=lambda row: not row.is_doubtful)
    rows = rows[: max(SHOWN, sum(row.is_doubtful for row in rows))]
    elsewhere = other_cohorts(db, cohort, [row.match.known.id for row in rows if row.match.known]) if rows else {}
    return [
        Overwritten(
            row.person.employee_number,
            _overwriting_words(row),
            row.is_doubtful,
            elsewhere.get(row.match.known.id, []) if row.match.known else [],
        )
        for row in rows
    ]


def _overwriting_words(row: PlannedRow) -> str:
    """The name first, so that it is clear of whom the rest speaks: old → new, or the one that stays."""
    known = row.match.known
    before = known.name if known else ""
    name = _("%(before)s → %(after)s", before=before, after=row.person.name) if "name" in row.changes else before
    return _(", ").join([name, *change_words(row, without=("name",))])
