"""The office reads beside a facilitator whose words they will not be shown, since one is the other's boss."""

import pytest
from sqlalchemy import select

from tests.office.conftest import Office
from tests.office.pages import bring_in, make_cohort
from trainer.accounts.models import User
from trainer.cohorts.models import Cohort, Enrollment
from trainer.permissions import Role

ONO = {"name": "Ono", "email": "ono@minato.example"}  # the boss of everybody on the roster


@pytest.fixture
def cohort(office: Office) -> Cohort:
    cohort = make_cohort(office)
    bring_in(office, cohort)
    return cohort


def staff_page(office: Office, cohort: Cohort) -> str:
    return office.read(f"/cohorts/{cohort.uid}/staff")


def seat_named(office: Office, name: str, role: Role) -> Enrollment:
    with office.database.reading() as db:
        seats = select(Enrollment).join(User, User.id == Enrollment.user_id)
        return db.scalars(seats.where(User.name == name, Enrollment.role == role)).one()


def test_a_boss_is_told_beside_their_line_with_the_names(office: Office, cohort: Cohort) -> None:
    path = f"/cohorts/{cohort.uid}/staff"
    assert office.post(path, name="Fuji", email="fuji@training.example")[0] == 303
    assert "is the boss of" not in staff_page(office, cohort)
    assert office.post(path, **ONO)[0] == 303
    page = staff_page(office, cohort)
    assert "Ono is the boss of Abe, Ito: what they write is not shown to Ono. Choose another facilitator" in page
    ono = seat_named(office, "Ono", Role.FACILITATOR)
    assert office.post(f"{path}/{ono.uid}/groups", **{f"of-{ono.uid}-groups": "A"})[0] == 303
    assert "Ono is the boss of Ito: what they write" in staff_page(office, cohort)


def test_a_report_is_told_of_their_boss(office: Office, cohort: Cohort) -> None:
    other = make_cohort(office, name="March")
    bring_in(
        office,
        other,
        b"Employee number,Name,E-mail,Boss,Boss e-mail\n000008,Oda,oda@minato.example,Ito,ito@minato.example\n",
    )
    assert office.post(f"/cohorts/{cohort.uid}/staff", name="Oda", email="oda@minato.example")[0] == 303
    assert "Ito is the boss of Oda: what Ito writes is not shown to Oda." in staff_page(office, cohort)
