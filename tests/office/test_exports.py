"""What leaves the program as a file is recorded: by whom, of what, and before it leaves."""

import pytest
from sqlalchemy import select

from tests.office.conftest import Office
from tests.office.pages import make_cohort, upload
from tests.office.test_roster_pages import ERRORS
from trainer.audit import Act, AuditEvent

EXPORTS = select(AuditEvent).where(AuditEvent.act == Act.EXPORT_REFUSED_ROWS.value)


@pytest.mark.parametrize("name", ["refused.csv", "refused.xlsx"])
def test_the_refused_rows_of_a_roster_leave_with_a_record(office: Office, name: str) -> None:
    preview = upload(office, make_cohort(office), ERRORS)
    assert office.browser.get(f"{preview}/{name}").status_code == 200
    with office.database.reading() as db:
        event = db.scalars(EXPORTS).one()
    assert (event.actor_uid, event.acting_role, event.object_kind) == (office.user.uid, "coordinator", "roster_upload")
    assert preview.endswith(str(event.object_uid))


def test_what_cannot_be_exported_leaves_no_record_of_it(office: Office) -> None:
    preview = upload(office, make_cohort(office), ERRORS)
    assert office.browser.get(f"{preview[:-4]}0000/refused.csv").status_code == 404
    with office.database.reading() as db:
        assert db.scalars(EXPORTS).all() == []
