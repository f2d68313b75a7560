"""What the office does in tests: a cohort made by the form, a roster brought in."""

import re
from io import BytesIO

from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.office.conftest import Office
from trainer.cohorts.models import Cohort

DAYS = {"day1": "2027-02-03", "day2": "2027-02-04"}
USUAL = {
    "name": "February",
    "program": "management_basics_default",
    "time_zone": "Asia/Tokyo",
    "start_time": "09:00",
    "prompt_time": "09:00",
    "language": "en",
    "holidays": "JP",
    **DAYS,
}
ROSTER = (
    "Employee number,Name,E-mail,Department,Group,Boss,Boss e-mail\n"
    "000001,Ito,ito@minato.example,Sales,A,Ono,ono@minato.example\n"
    "000002,Abe,abe@minato.example,Sales,B,Ono,ono@minato.example\n"
)
DIGEST = re.compile(r'name="digest"[^>]*value="([0-9a-f]{64})"')


def make_cohort(office: Office, **told: str) -> Cohort:
    """A cohort, made by the form."""
    status, where = office.post("/cohorts/new", **{**USUAL, **told})
    assert status == 303, where
    with office.database.reading() as db:
        return db.scalars(select(Cohort).where(Cohort.organization_id == office.organization.id)).all()[-1]


def upload(office: Office, cohort: Cohort, content: bytes = ROSTER.encode(), name: str = "roster.csv") -> str:
    """The address of the preview of an uploaded roster."""
    file = FileStorage(BytesIO(content), name)
    boundary, body = encode_multipart({"csrf_token": office.browser.token("/account/"), "file": file})
    kind = f"multipart/form-data; boundary={boundary}"
    answer = office.browser.client.post(f"/cohorts/{cohort.uid}/people/upload", data=body, content_type=kind)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.location)


def digest_on(page: str) -> str:
    """What the preview remembers."""
    found = DIGEST.search(page)
    assert found, "the preview cannot be confirmed"
    return found[1]


def bring_in(office: Office, cohort: Cohort, content: bytes = ROSTER.encode()) -> None:
    """Upload, look, confirm."""
    preview = upload(office, cohort, content)
    status, where = office.post(preview, digest=digest_on(office.read(preview)))
    assert (status, where) == (303, f"/cohorts/{cohort.uid}")
