"""A letter in its reader's language, for one person, with the link that stays and nothing anybody wrote."""

from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path

from sqlalchemy import select, update

from tests.prompts.courses import DECEMBER, cohort_and_seat, languages, plan
from tests.prompts.due_letters import letter_of, planned_course
from trainer.accounts.models import Organization, User
from trainer.cohorts import actions
from trainer.cohorts.models import Cohort
from trainer.cohorts.staff import remove_coordinator
from trainer.db import Database
from trainer.prompts.digests import make_digests
from trainer.prompts.letters import LetterWriter
from trainer.prompts.models import Prompt

WRITER = LetterWriter("https://minori.example.jp", "Minori <no-reply@minori.example.jp>")
SANO, UENO = ({"name": "佐野", "email": "sano@minato.example"}, {"name": "上野", "email": "ueno@minato.example"})


def test_a_letter_of_a_step_leads_to_it_and_can_be_told_by_its_row(database: Database, tmp_path: Path) -> None:
    cohort = planned_course(database, tmp_path)
    row, letter = letter_of(database), written(database, "act1_open")
    assert letter["Message-ID"] == f"<{row.uid}@minori.example.jp>"
    assert [person.addr_spec for person in letter["To"].addresses] == ["p001@minato.example"]
    assert letter["Subject"].startswith("【")
    assert link(seat_uid(database, cohort), "act1") in words(letter)
    assert letter["List-Unsubscribe"] is None


def test_a_letter_without_a_step_leads_to_itself_and_goes_to_the_boss_with_the_trainees_seat(
    database: Database, tmp_path: Path
) -> None:
    cohort = planned_course(database, tmp_path, optional_letters=["boss_brief"])
    assert link(seat_uid(database, cohort), "workshop_eve") in words(written(database, "workshop_eve"))
    to_boss = written(database, "boss_brief")
    assert [person.addr_spec for person in to_boss["To"].addresses] == ["boss@minato.example"]
    assert "Person 001" in to_boss["Subject"]
    assert link(seat_uid(database, cohort), "boss_brief") in words(to_boss)


def test_only_a_letter_one_may_stop_has_a_link_for_that(database: Database, tmp_path: Path) -> None:
    cohort = planned_course(database, tmp_path)
    with database.session() as db:
        actions.finish_step(db, *cohort_and_seat(db, cohort, "001"), step="reflection1", now=DECEMBER)
        db.commit()
    plan_again(database)
    uid = letter_of(database, letter="nudge_experiment").uid
    letter = written(database, "nudge_experiment")
    assert letter["List-Unsubscribe"] == f"<https://minori.example.jp/stop/{uid}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_who_reads_english_gets_english(database: Database, tmp_path: Path) -> None:
    planned_course(database, tmp_path)
    with database.session() as db:
        db.execute(update(User).where(User.employee_number == "001").values(language="en"))
        db.commit()
    assert written(database, "act1_open")["Content-Language"] == "en"
    assert written(database, "act1_open", "002")["Content-Language"] == "ja"


def test_a_due_date_is_the_seats_own_and_lessons_are_counted(database: Database, tmp_path: Path) -> None:
    cohort = planned_course(database, tmp_path)
    with database.session() as db:
        found, seat = cohort_and_seat(db, cohort, "001")
        actions.extend(db, found, seat, step="act1", due_on=date(2027, 2, 2), reason="away", now=DECEMBER)
        db.commit()
    own, usual = written(database, "act1_due_soon"), written(database, "act1_due_soon", "002")
    assert "2月2日（火）" in words(own)
    assert "1月30日" not in words(own)
    assert "2月2日（火）" not in words(usual)
    assert "残り8本" in words(usual)


def test_who_speaks_for_the_cohort_is_named_and_who_has_left_is_not(database: Database, tmp_path: Path) -> None:
    cohort = planned_course(database, tmp_path, coordinators=[SANO, UENO])
    assert "事務局　佐野" in words(written(database, "workshop_eve"))
    with database.session() as db:
        organization = db.get_one(Organization, db.get_one(Cohort, cohort).organization_id)
        sano = db.scalars(select(User).where(User.email == SANO["email"])).one()
        remove_coordinator(db, organization, sano, by=sano, now=DECEMBER)
        db.commit()
    assert "事務局　上野" in words(written(database, "workshop_eve"))


def test_a_digest_greets_each_reader_by_their_own_name(database: Database, tmp_path: Path) -> None:
    planned_course(database, tmp_path, coordinators=[SANO, UENO])
    tuesday = datetime(2027, 1, 11, 23, tzinfo=UTC)
    with languages(), database.session() as db:
        make_digests(db, tuesday, worker="a:1")
        rows = db.scalars(select(Prompt).where(Prompt.letter == "coordinator_digest").order_by(Prompt.id)).all()
        letters = WRITER.write(db, rows, now=tuesday)
    greetings = []
    for row in rows:
        letter = letters[row.id]
        assert isinstance(letter, EmailMessage), letter
        assert "事務局　佐野" in words(letter), "the footer names who speaks for the cohort"
        greetings.append((letter["To"].addresses[0].addr_spec, words(letter).splitlines()[0]))
    assert greetings == [(SANO["email"], "佐野 様"), (UENO["email"], "上野 様")]


def written(database: Database, letter: str, number: str = "001") -> EmailMessage:
    """One row's letter, as it would leave now."""
    row = letter_of(database, number, letter)
    with languages(), database.reading() as db:
        made = WRITER.write(db, [db.get_one(Prompt, row.id)], now=row.due_at)[row.id]
    assert isinstance(made, EmailMessage), made
    return made


def words(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def link(seat: str, name: str) -> str:
    return f"https://minori.example.jp/to/{seat}/{name}"


def seat_uid(database: Database, cohort: int) -> str:
    with database.reading() as db:
        return str(cohort_and_seat(db, cohort, "001")[1].uid)


def plan_again(database: Database) -> None:
    with database.session() as db:
        plan(db)
