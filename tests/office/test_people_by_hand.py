"""Single people, groups, facilitators and coordinators, by hand."""

import pytest
from sqlalchemy import select

from tests.accounts.browsers import Browser, Watch
from tests.factories import make_user
from tests.office.conftest import Office, open_office
from tests.office.pages import ROSTER, bring_in, make_cohort
from trainer.accounts.models import Coordinator, User
from trainer.audit import AuditEvent
from trainer.cohorts.models import Cohort, Enrollment, FacilitatorGroup, Group, SeatStatus
from trainer.cohorts.queries import seat_of, seats_in_role
from trainer.db import Database
from trainer.office import queries
from trainer.permissions import Role

UEDA = {"employee_number": "000009", "name": "Ueda", "email": "ueda@minato.example", "group": "A"}
FUJI = {"name": "Fuji", "email": "Fuji@training.example"}


def seat(office: Office, cohort: Cohort, number: str = "000001") -> Enrollment:
    with office.database.reading() as db:
        found = seat_of(db, cohort, number)
    assert found is not None
    return found


def facilitator(office: Office, cohort: Cohort) -> Enrollment:
    with office.database.reading() as db:
        return seats_in_role(db, cohort, Role.FACILITATOR)[0]


def test_one_person_is_added_by_hand(office: Office) -> None:
    cohort = make_cohort(office)
    assert office.post(f"/cohorts/{cohort.uid}/people/add", **UEDA)[0] == 303
    page = office.read(f"/cohorts/{cohort.uid}/people")
    assert "Ueda" in page
    assert "ueda@minato.example" in page


def test_by_hand_the_rules_of_a_roster_hold(office: Office) -> None:
    cohort = make_cohort(office)
    for cells, sentence in (
        ({"email": "ueda"}, "E-mail address is not valid."),
        ({"name": "=1+1"}, "begins with = + - or @"),
        ({"employee_number": ""}, "Please type the employee number."),
        ({"name": ""}, "Please type the name."),
        ({"boss_email": UEDA["email"]}, "is the person&#39;s own"),
    ):
        status, page = office.post(f"/cohorts/{cohort.uid}/people/add", **{**UEDA, **cells})
        assert status == 422
        assert sentence in page
    with office.database.reading() as db:
        assert seat_of(db, cohort, "000009") is None


def test_a_missing_number_is_told_at_its_field_which_is_marked(office: Office) -> None:
    path = f"/cohorts/{make_cohort(office).uid}/people/add"
    assert 'Employee number<span class="need">required' in office.read(path)
    _, page = office.post(path, **{**UEDA, "employee_number": ""})
    assert 'id="employee_number-error"' in page


def test_a_boss_without_address_is_refused_at_the_field_and_not_dropped(office: Office) -> None:
    cohort = make_cohort(office)
    bring_in(office, cohort)
    for path, told in (("add", UEDA), (str(seat(office, cohort).uid), {"name": "Ito", "email": "ito@minato.example"})):
        status, page = office.post(f"/cohorts/{cohort.uid}/people/{path}", **told, boss_name="Ono", boss_email="")
        assert status == 422
        assert "address too; a name alone cannot be kept." in page
        assert 'id="boss_email-error"' in page
    assert seat(office, cohort).boss_id is not None


def test_people_stand_by_reading_and_are_searched(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PEOPLE_ON_A_PAGE", 2)
    cohort = make_cohort(office)
    head = "Employee number,Name,Name reading,E-mail\n"
    rows = (
        "1,渡辺,ワタナベ,w@b.example",
        "2,伊藤,イトウ,i@b.example",
        "3,加藤,カトウ,k@b.example",
        "40,伊藤,イトウ,j@b.example",
    )
    bring_in(office, cohort, (head + "\n".join(rows)).encode())
    path = f"/cohorts/{cohort.uid}/people"
    first = office.read(path)
    assert first.index("i@b.example") < first.index("j@b.example")
    following = first.partition("?after=")[2].partition('"')[0]
    second = office.read(f"{path}?after={following}")
    assert second.index("k@b.example") < second.index("w@b.example")
    for words, found in (("イト", "ij"), ("渡辺", "w"), ("40", "j"), ("伊藤 2", "i"), ("%", "")):
        page = office.read(f"{path}?words={words}".replace("%", "%25"))
        assert "".join(letter for letter in "ijkw" if f"{letter}@b.example" in page) == found
    assert "Nobody is found under these words." in page


def test_the_address_of_somebody_else_is_refused(office: Office) -> None:
    cohort = make_cohort(office)
    bring_in(office, cohort)
    status, page = office.post(f"/cohorts/{cohort.uid}/people/add", **{**UEDA, "email": "ito@minato.example"})
    assert status == 422
    assert "belongs to 000001" in page


def test_a_person_is_changed_and_moved_and_keeps_the_number(office: Office) -> None:
    cohort = make_cohort(office)
    bring_in(office, cohort)
    path = f"/cohorts/{cohort.uid}/people/{seat(office, cohort).uid}"
    assert 'value="ito@minato.example"' in office.read(path)
    told = {"name": "Itoh", "email": "ito@minato.example", "group": "C", "boss_name": "", "boss_email": ""}
    assert office.post(path, **told)[0] == 303
    changed = seat(office, cohort)
    with office.database.reading() as db:
        assert db.get_one(Group, changed.group_id).name == "C"
        assert db.get_one(User, changed.user_id).name == "Itoh"
        assert changed.boss_id is None
        assert db.scalars(select(AuditEvent.act)).all()[-1] == "change_person"
    office.post(path, **{**told, "group": ""})
    assert seat(office, cohort).group_id is None


def test_a_withdrawn_person_is_changed_but_stays_withdrawn(office: Office) -> None:
    cohort = make_cohort(office)
    bring_in(office, cohort)
    with office.database.session() as db:
        found = db.get_one(Enrollment, seat(office, cohort).id)
        found.status = SeatStatus.WITHDRAWN
        db.commit()
    bring_in(office, cohort, ROSTER.replace("Ito,", "Itoh,").encode())
    assert seat(office, cohort).status is SeatStatus.WITHDRAWN
    assert "Withdrawn" in office.read(f"/cohorts/{cohort.uid}/people")


def test_a_group_gets_another_name_but_not_that_of_another(office: Office) -> None:
    cohort = make_cohort(office)
    bring_in(office, cohort)
    path = f"/cohorts/{cohort.uid}/groups"
    assert office.post(path, present="A", name="Harbour")[0] == 303
    status, page = office.post(path, present="B", name="Harbour")
    assert status == 422
    assert "There is a group Harbour already." in page
    assert office.post(path, present="Z", name="New")[0] == 422
    with office.database.reading() as db:
        assert db.scalars(select(Group.name).order_by(Group.name)).all() == ["B", "Harbour"]


def test_a_facilitator_answers_for_all_or_for_some_groups_and_leaves(office: Office) -> None:
    cohort = make_cohort(office)
    bring_in(office, cohort)
    path = f"/cohorts/{cohort.uid}/staff"
    assert office.post(path, **FUJI)[0] == 303
    assert "the whole cohort" in office.read(path)
    found = facilitator(office, cohort)
    given = {f"of-{found.uid}-groups": "A"}
    assert office.post(f"{path}/{found.uid}/groups", **given)[0] == 303
    with office.database.reading() as db:
        names = select(Group.name).join(FacilitatorGroup, FacilitatorGroup.group_id == Group.id)
        assert db.scalars(names).all() == ["A"]
    assert office.post(f"{path}/{found.uid}/groups", **{f"of-{found.uid}-groups": "Z"})[0] == 400
    assert office.post(f"{path}/{found.uid}/remove")[0] == 303
    assert "Fuji" not in office.read(path)
    assert office.post(path, **FUJI)[0] == 303
    assert facilitator(office, cohort).id == found.id


def test_a_trainee_of_the_cohort_is_no_facilitator_of_it(office: Office) -> None:
    cohort = make_cohort(office)
    bring_in(office, cohort)
    status, page = office.post(f"/cohorts/{cohort.uid}/staff", name="Ito", email="ito@minato.example")
    assert status == 422
    assert "is a trainee of this cohort" in page


def test_a_trainees_seat_is_not_taken_for_a_facilitators(office: Office) -> None:
    cohort = make_cohort(office)
    bring_in(office, cohort)
    assert office.post(f"/cohorts/{cohort.uid}/staff/{seat(office, cohort).uid}/remove")[0] == 404


def test_another_coordinator_comes_and_goes_but_one_stays(office: Office, watch: Watch) -> None:
    path = "/office/coordinators"
    status, page = office.post(f"{path}/{office.user.uid}/remove")
    assert (status, page) == (303, "/seats")
    assert "A company needs a coordinator." in office.read(path)
    assert office.post(path, name="Mori", email="mori@minato.example")[0] == 303
    with office.database.reading() as db:
        mori = db.scalars(select(User).where(User.email == "mori@minato.example")).one()
    other = Browser(office.browser.app)
    other.enter(mori, watch.now())
    assert other.get("/cohorts").status_code == 200
    assert office.post(f"{path}/{mori.uid}/remove")[0] == 303
    assert other.get("/cohorts").status_code == 403
    with office.database.reading() as db:
        acts = db.scalars(select(AuditEvent.act)).all()
        assert acts.count("change_permission") == 2
        assert len(db.scalars(select(Coordinator)).all()) == 1


def test_the_office_of_another_company_is_out_of_reach(office: Office, watch: Watch, database: Database) -> None:
    stranger = open_office(office.browser.app, database, watch)
    assert office.post(f"/office/coordinators/{stranger.user.uid}/remove")[0] == 404
    with database.session() as db:
        nobody = make_user(db, office.organization)
        db.commit()
    assert office.post(f"/office/coordinators/{nobody.uid}/remove")[0] == 404
    assert stranger.user.name not in office.read("/office/coordinators")
