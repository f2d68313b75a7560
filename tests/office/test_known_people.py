"""Somebody the company knows already is not made somebody else unseen."""

from sqlalchemy import select

from tests.measuring_pages import spending
from tests.office.conftest import Office
from tests.office.pages import ROSTER, bring_in, digest_on, make_cohort, upload
from trainer.accounts.models import User
from trainer.cohorts.models import Cohort
from trainer.cohorts.queries import seat_of

OTHER_ROSTER = "Employee number,Name,E-mail,Department\n000001,{name},{email},{department}\n"
SAME = {"name": "Ito", "email": "ito@minato.example", "department": "Sales"}


def two_cohorts(office: Office) -> tuple[Cohort, Cohort]:
    """One with Ito and Abe in it, and a new one."""
    running, new = make_cohort(office), make_cohort(office, name="March")
    bring_in(office, running)
    return running, new


def roster(**told: str) -> bytes:
    return OTHER_ROSTER.format(**{**SAME, **told}).encode()


def ito(office: Office) -> tuple[str, str | None, str]:
    with office.database.reading() as db:
        user = db.scalars(select(User).where(User.employee_number == "000001")).one()
    return user.name, user.email, user.department


def test_who_would_change_elsewhere_is_named_with_old_and_new_above_the_button(office: Office) -> None:
    _, new = two_cohorts(office)
    page = office.read(upload(office, new, roster(name="Sato", department="Plant")))
    assert "A person already known to the company would change (1)" in page
    line = "000001: Ito → Sato, Department: Sales → Plant. Takes part in: February."
    assert 0 < page.index(line) < page.index("Add 1 person")
    assert "same_people" not in page


def test_who_stays_as_known_is_not_named(office: Office) -> None:
    _, new = two_cohorts(office)
    assert "already known" not in office.read(upload(office, new, roster()))


def test_a_new_name_with_a_new_address_needs_a_deliberate_confirmation(office: Office) -> None:
    _, new = two_cohorts(office)
    preview = upload(office, new, roster(name="Sato", email="sato@minato.example"))
    page = office.read(preview)
    assert "Ito → Sato, E-mail address: ito@minato.example → sato@minato.example." in page
    status, page = office.post(preview, digest=digest_on(page))
    assert status == 422
    assert "Check that these are the same people, and say so." in page
    assert ito(office) == tuple(SAME.values())
    with office.database.reading() as db:
        assert seat_of(db, new, "000001") is None
    assert office.post(preview, digest=digest_on(page), same_people="y")[0] == 303
    assert ito(office)[:2] == ("Sato", "sato@minato.example")


def test_a_space_in_the_name_is_no_other_person(office: Office) -> None:
    _, new = two_cohorts(office)
    page = office.read(upload(office, new, roster(name="I to", email="i.to@minato.example")))
    assert "Ito → I to" in page
    assert "same_people" not in page


def test_the_preview_asks_as_often_for_many_known_people_as_for_few(office: Office) -> None:
    _, new = two_cohorts(office)
    counts = []
    for content in (roster(name="Sato"), ROSTER.replace("Sales", "Plant").encode()):
        preview = upload(office, new, content)
        office.read(preview)
        with spending(office.browser.app) as spent:
            office.read(preview)
        counts.append(len(spent.statements))
    assert counts[0] == counts[1]


def test_by_hand_too_it_is_shown_before_it_is_written(office: Office) -> None:
    _, new = two_cohorts(office)
    path = f"/cohorts/{new.uid}/people/add"
    told = {"employee_number": "000001", "name": "Sato", "email": "sato@minato.example"}
    status, page = office.post(path, **told)
    assert status == 422
    assert "000001: Ito → Sato, E-mail address: ito@minato.example → sato@minato.example." in page
    assert "Takes part in: February." in page
    assert ito(office) == tuple(SAME.values())
    seen = page.partition('name="seen"')[2].partition('value="')[2].partition('"')[0]
    assert office.post(path, **{**told, "name": "Kato"}, seen=seen)[0] == 422  # what was shown was another change
    assert office.post(path, **told, seen=seen)[0] == 303
    assert ito(office)[0] == "Sato"
