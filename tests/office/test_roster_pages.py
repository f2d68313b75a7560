"""A roster from upload to confirmation and back: nothing is written unseen, and what was written can be undone."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from tests.accounts.browsers import Watch
from tests.office.conftest import Office, open_office
from tests.office.pages import ROSTER, bring_in, digest_on, make_cohort, upload
from trainer.accounts.models import User
from trainer.audit import AuditEvent
from trainer.cohorts.import_models import RosterImport, RosterUpload
from trainer.cohorts.models import Cohort, Enrollment, Group
from trainer.cohorts.queries import seat_of
from trainer.cohorts.roster_file import MAX_BYTES
from trainer.cohorts.roster_import import last_import
from trainer.db import Database

ROSTERS = Path(__file__).parent.parent / "fixtures" / "rosters"
ERRORS = (ROSTERS / "minato_12_with_errors_utf8.csv").read_bytes()


def rows(office: Office, model: type) -> int:
    with office.database.reading() as db:
        return db.scalar(select(func.count()).select_from(model)) or 0


def test_a_preview_writes_nobody_and_a_confirmation_everybody(office: Office) -> None:
    cohort = make_cohort(office)
    people = rows(office, User)
    preview = upload(office, cohort, (ROSTERS / "minato_120_cp932.csv").read_bytes())
    page = office.read(preview)
    assert "Add 120 people" in page
    assert '<option value="cp932" selected>' in page
    assert rows(office, User) == people
    assert office.post(preview, digest=digest_on(page))[0] == 303
    assert rows(office, Enrollment) == 1 + 120
    assert rows(office, RosterUpload) == 0
    with office.database.reading() as db:
        assert db.scalars(select(AuditEvent.act)).all()[-1] == "import_roster"


def test_the_encoding_can_be_changed(office: Office) -> None:
    cohort = make_cohort(office)
    preview = upload(office, cohort, "社員番号,氏名,メールアドレス\n1,髙﨑 徹,t@minato.example\n".encode())
    assert "髙﨑 徹" in office.read(preview)
    wrong = office.read(f"{preview}?encoding=cp932")
    assert "cannot be read as CP932" in wrong or "髙﨑 徹" not in wrong
    assert '<option value="cp932" selected>' in wrong
    assert "髙﨑 徹" in office.read(f"{preview}?encoding=utf-8")


def test_a_pasted_table_counts_like_a_file(office: Office) -> None:
    cohort = make_cohort(office)
    status, preview = office.post(f"/cohorts/{cohort.uid}/people/upload", table=ROSTER.replace(",", "\t"))
    assert status == 303
    page = office.read(preview)
    assert "Pasted table" in page
    assert "Add 2 people" in page


def test_each_row_is_said_to_be_added_changed_unchanged_or_refused(office: Office) -> None:
    cohort = make_cohort(office)
    bring_in(office, cohort)
    again = ROSTER.replace("Ito,ito@", "Itoh,ito@").replace("Sales,B", "Sales,C")
    page = office.read(upload(office, cohort, f"{again}3,,no address\n4,Ueda,ueda@minato.example\n".encode()))
    assert "Add 1 person, change 2" in page
    assert "Name: Ito → Itoh" in page
    assert "Group: C" in page
    assert "Name is missing." in page


def test_refused_rows_are_shown_left_out_and_downloaded(office: Office) -> None:
    cohort = make_cohort(office)
    preview = upload(office, cohort, ERRORS)
    page = office.read(preview)
    refused = office.browser.get(f"{preview}/refused.xlsx")
    assert "attachment; filename=refused-rows.xlsx" in refused.headers["Content-Disposition"]
    sheet = CalamineWorkbook.from_filelike(BytesIO(refused.data)).get_sheet_by_index(0).to_python()
    assert sheet[0][:2] == ["Line of the file", "Why it was refused"]
    assert len(sheet) > 1
    for line in sheet[1:]:
        assert f"Line {line[0]:.0f}" in page
        assert not any(str(cell).startswith(("=", "+", "-", "@")) for cell in line)
    as_csv = office.browser.get(f"{preview}/refused.csv").data
    assert as_csv.startswith(b"\xef\xbb\xbf")
    assert len(list(csv.reader(StringIO(as_csv.decode("utf-8-sig"), newline="")))) == len(sheet)
    office.post(preview, digest=digest_on(page))
    assert rows(office, Enrollment) == 1 + 12 - (len(sheet) - 1)


def test_what_was_not_seen_is_not_confirmed(office: Office) -> None:
    cohort = make_cohort(office)
    preview = upload(office, cohort)
    digest = digest_on(office.read(preview))
    office.post(f"/cohorts/{cohort.uid}/people/add", employee_number="000001", name="Kato", email="kato@minato.example")
    assert office.post(preview, digest=digest) == (303, preview)
    assert office.post(preview) == (303, preview)
    assert rows(office, RosterImport) == 1
    assert "Add 1 person, change 1" in office.read(preview)


def test_a_roster_is_confirmed_once(office: Office) -> None:
    cohort = make_cohort(office)
    preview = upload(office, cohort)
    digest = digest_on(office.read(preview))
    assert office.post(preview, digest=digest)[0] == 303
    assert office.post(preview, digest=digest)[0] == 404


def test_an_upload_is_gone_after_an_hour_and_with_the_next_one(office: Office, watch: Watch) -> None:
    cohort = make_cohort(office)
    first = upload(office, cohort)
    watch.time += timedelta(minutes=20)
    second = upload(office, cohort)
    assert office.browser.get(first).status_code == 404
    assert office.browser.get(second).status_code == 200
    for _ in range(3):  # in use, so that the session lives
        watch.time += timedelta(minutes=20)
        office.browser.get("/cohorts")
    assert office.browser.get(second).status_code == 404


def test_nobody_else_sees_an_upload(office: Office, watch: Watch, database: Database) -> None:
    preview = upload(office, make_cohort(office))
    stranger = open_office(office.browser.app, database, watch)
    own = make_cohort(stranger)
    uid = preview.rpartition("/")[2]
    for path in (preview, f"/cohorts/{own.uid}/people/uploads/{uid}", f"{preview}/refused.csv"):
        assert stranger.browser.get(path).status_code == 404
    assert stranger.post(preview, digest="0" * 64)[0] == 404


@pytest.mark.parametrize(
    ("form", "sentence"),
    [({}, "Please choose a file, or paste the table."), ({"table": "   "}, "Please choose a file")],
)
def test_nothing_is_no_roster(office: Office, form: dict[str, str], sentence: str) -> None:
    status, page = office.post(f"/cohorts/{make_cohort(office).uid}/people/upload", **form)
    assert status == 422
    assert sentence in page


def test_a_roster_of_5_mb_comes_in_and_a_larger_one_does_not(office: Office) -> None:
    cohort = make_cohort(office)
    line = b"\n" + b" " * 999
    assert upload(office, cohort, ROSTER.encode() + line * ((MAX_BYTES - 1000) // len(line)))
    with pytest.raises(AssertionError, match="larger than 5 MB"):
        upload(office, cohort, ROSTER.encode() + line * (MAX_BYTES // len(line) + 1))
    other = office.browser.client.post("/account/language", data={"language": "x" * (2 * 1024 * 1024 + 1)})
    assert other.status_code == 413


def test_a_file_that_is_no_roster_says_so_and_cannot_be_confirmed(office: Office) -> None:
    preview = upload(office, make_cohort(office), b"one,two\n1,2\n")
    page = office.read(preview)
    assert "The roster has no column for" in page
    assert 'name="digest"' not in page


def test_an_import_is_undone_exactly(office: Office) -> None:
    cohort = make_cohort(office)
    bring_in(office, cohort)
    before = dump(office)
    changed = ROSTER.replace("Ito,ito@", "Itoh,itoh@").replace("Sales,B", "Plant,C").replace("ono@", "oda@")
    bring_in(office, cohort, f"{changed}4,Ueda,ueda@minato.example,,D,,\n".encode())
    assert dump(office) != before
    page = office.read(f"/cohorts/{cohort.uid}/people")
    assert "The last import: 1 person was added, 2 changed." in page
    undo_last(office, cohort)
    assert dump(office) == before
    undo_last(office, cohort)
    assert rows(office, Enrollment) == 1
    assert rows(office, Group) == 0


def test_two_who_swapped_addresses_swap_back(office: Office) -> None:
    cohort = make_cohort(office)
    bring_in(office, cohort)
    before = dump(office)
    swapped = ROSTER.replace("ito@", "x@").replace("abe@", "ito@").replace("x@", "abe@")
    bring_in(office, cohort, swapped.encode())
    undo_last(office, cohort)
    assert dump(office) == before


def test_what_was_changed_since_stays(office: Office) -> None:
    cohort = make_cohort(office)
    bring_in(office, cohort)
    bring_in(office, cohort, ROSTER.replace("Ito,", "Itoh,").encode())
    with office.database.session() as db:
        user = db.scalars(select(User).where(User.employee_number == "000001")).one()
        user.name = "Itoo"
        db.commit()
    undo_last(office, cohort)
    with office.database.reading() as db:
        assert db.scalar(select(User.name).where(User.employee_number == "000001")) == "Itoo"
    assert "1 row stays as it is" in office.read(f"/cohorts/{cohort.uid}/people")


def test_who_has_other_ties_is_not_deleted(office: Office) -> None:
    first, second = make_cohort(office), make_cohort(office, name="March")
    bring_in(office, first)
    bring_in(office, second)
    undo_last(office, first)
    with office.database.reading() as db:
        assert seat_of(db, first, "000001") is None
        assert seat_of(db, second, "000001") is not None


def test_an_import_can_only_be_undone_by_its_own_name(office: Office) -> None:
    cohort = make_cohort(office)
    bring_in(office, cohort)
    path = f"/cohorts/{cohort.uid}/people/imports/{cohort.uid}/undo"
    assert office.post(path)[0] == 404


def test_a_button_leaves_out_what_is_nothing(office: Office) -> None:
    cohort = make_cohort(office)
    bring_in(office, cohort)
    page = office.read(upload(office, cohort, ROSTER.replace("Ito,ito@", "Itoh,ito@").encode()))
    assert "Change 1 person" in page
    assert "Add 0" not in page
    assert "There is nothing to write" in office.read(upload(office, cohort))


def test_who_is_not_in_the_roster_is_counted_and_named(office: Office) -> None:
    cohort = make_cohort(office)
    bring_in(office, cohort)
    page = office.read(upload(office, cohort, b"Employee number,Name,E-mail\n000001,Ito,ito@minato.example\n"))
    assert "<summary>Not in the roster (1); they stay.</summary>" in page
    assert "Abe <span" in page


def test_refused_rows_are_called_by_their_line_of_the_file(office: Office) -> None:
    lines = "Employee number,Name,E-mail\n1,Abe,a@b.example\n\n2,Ito,i@b.example\n2,Ono,o@b.example\n3,,\n"
    preview = upload(office, make_cohort(office), f"\n{lines}".encode())
    page = office.read(preview)
    assert "Line of the file" in page
    assert "The same employee number is in row 6 too." in page  # a blank line, the header, Abe, a blank line, Ito
    as_csv = csv.reader(StringIO(office.browser.get(f"{preview}/refused.csv").data.decode("utf-8-sig"), newline=""))
    assert [(line[0], line[3]) for line in as_csv] == [
        ("Line of the file", "Name"),
        ("5", "Ito"),
        ("6", "Ono"),
        ("7", ""),
    ]
    refused = page.partition('id="refused"')[2].partition("</section>")[0]
    assert [name in refused for name in ("Ito", "Ono", "Abe")] == [True, True, False]


def test_after_an_import_the_ways_to_undo_it_and_to_what_was_refused_are_shown(office: Office) -> None:
    cohort = make_cohort(office)
    preview = upload(office, cohort, f"{ROSTER}3,,no address\n".encode())
    _, where = office.post(preview, digest=digest_on(office.read(preview)))
    page = office.read(where)
    assert f'2 people were added. <a href="/cohorts/{cohort.uid}/people">' in page
    assert f'1 row was refused and left out. <a href="{preview}">' in page
    again = office.read(preview)
    assert "Name is missing." in again
    assert "There is nothing to write" in again


def undo_last(office: Office, cohort: Cohort) -> None:
    with office.database.reading() as db:
        imported = last_import(db, cohort)
        assert imported is not None
    status, where = office.post(f"/cohorts/{cohort.uid}/people/imports/{imported.uid}/undo")
    assert (status, where) == (303, f"/cohorts/{cohort.uid}/people")


def dump(office: Office) -> list[list[tuple[object, ...]]]:
    """Everything an import can touch, every column."""
    with office.database.reading() as db:
        tables = [model.__table__ for model in (User, Enrollment, Group)]
        return [[tuple(row) for row in db.execute(select(table).order_by(table.c.id))] for table in tables]
