"""A roster between upload and confirmation: kept for an hour, read as often as somebody likes, used once."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from trainer.accounts.models import User
from trainer.cohorts.import_models import RosterUpload
from trainer.cohorts.models import Cohort
from trainer.cohorts.roster import RosterReading, read_roster
from trainer.cohorts.roster_header import find_columns
from trainer.cohorts.roster_plan import Plan, plan_enrollment
from trainer.exports import Cell
from trainer.i18n import gettext as _

UPLOAD_LIVES = timedelta(hours=1)
FIRST_ROWS = 5


@dataclass(frozen=True)
class Preview:
    """A roster as it is read, and what it would do; `digest` is what somebody who confirms has seen."""

    reading: RosterReading
    plan: Plan
    digest: str

    @property
    def first_rows(self) -> list[list[str]]:
        """The first rows as read, each as long as the header."""
        table = self.reading.table
        rows = (list(cells[: len(table.header)]) for _row, cells in table.rows[:FIRST_ROWS])
        return [cells + [""] * (len(table.header) - len(cells)) for cells in rows]

    @property
    def refused_names(self) -> dict[int, str]:
        """Line -> the name as written, of the refused rows that have one."""
        at = find_columns(self.reading.table.header)["name"]
        refused = {row.row for row in self.plan.refused}
        rows = ((row, cells) for row, cells in self.reading.table.rows if row in refused and len(cells) > at)
        return {row: cells[at].strip() for row, cells in rows}


def keep_upload(
    db: Session, cohort: Cohort, *, by: User, file_name: str, content: bytes, now: datetime
) -> RosterUpload:
    """Keep a roster until it is confirmed; this person's earlier ones and all that are over go."""
    db.execute(
        delete(RosterUpload).where(
            RosterUpload.organization_id == cohort.organization_id,
            or_(RosterUpload.uploaded_by_id == by.id, RosterUpload.expires_at <= now),
        )
    )
    upload = RosterUpload(
        organization_id=cohort.organization_id,
        cohort_id=cohort.id,
        uploaded_by_id=by.id,
        file_name=file_name[:200],
        content=content,
        uploaded_at=now,
        expires_at=now + UPLOAD_LIVES,
    )
    db.add(upload)
    db.flush()
    return upload


def find_upload(db: Session, cohort: Cohort, uid: UUID, *, by: User, now: datetime) -> RosterUpload | None:
    """The roster that this person uploaded for this cohort, while it is kept."""
    return db.scalar(
        select(RosterUpload).where(
            RosterUpload.uid == uid,
            RosterUpload.cohort_id == cohort.id,
            RosterUpload.uploaded_by_id == by.id,
            RosterUpload.expires_at > now,
        )
    )


def preview_of(db: Session, cohort: Cohort, upload: RosterUpload, encoding: str | None) -> Preview:
    """What the roster says, read in `encoding` (None: guessed), and what it would do now. Raises RosterError."""
    reading = read_roster(upload.content, filename=upload.file_name, encoding=encoding, by_line=True)
    plan = plan_enrollment(db, cohort, reading)
    return Preview(reading, plan, _digest(upload, reading, plan))


def refused_table(preview: Preview) -> tuple[list[str], list[list[Cell]]]:
    """The refused rows with their cells as written, to be corrected and brought in again: header and rows."""
    cells_of = dict(preview.reading.table.rows)
    header = list(preview.reading.table.header)
    rows: list[list[Cell]] = []
    for refused in preview.plan.refused:
        cells = list(cells_of.get(refused.row, ()))
        cells = cells[: len(header)] + [""] * (len(header) - len(cells))
        rows.append([refused.row, refused.reason, *cells])
    return [_("Line of the file"), _("Why it was refused"), *header], rows


def _digest(upload: RosterUpload, reading: RosterReading, plan: Plan) -> str:
    seen = {
        "upload": str(upload.uid),
        "encoding": reading.encoding,
        "rows": [[row.person.row, row.outcome, row.moves, row.changes] for row in plan.rows],
        "refused": [[row.row, row.reason] for row in plan.refused],
    }
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()
