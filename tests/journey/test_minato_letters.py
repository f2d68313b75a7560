"""The whole course of 120 people by the command line, against a real mail server, with all that happens to people."""

import csv
import io
import json
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.smtp_servers import PostOffice
from trainer.cli.__main__ import commands

FIXTURES = Path(__file__).parents[1] / "fixtures"
OPENS, CLOSES = 8, 18  # the hours between which letters go


@dataclass
class Office:
    """The command line of one installation, whose letters go to a real server."""

    environment: dict[str, str]
    post: PostOffice

    def run(self, *words: str, now: str) -> str:
        """The answer of a command done at an instant; a refusal fails the test."""
        result: Result = CliRunner().invoke(commands, [*words, "--now", now], env=self.environment)
        assert result.exit_code == 0, (words, result.stderr, result.exception)
        return result.stdout

    def ledger(self, now: str) -> list[dict[str, str]]:
        """The rows of the ledger."""
        return list(csv.DictReader(io.StringIO(self.run("ledger", "1", "--csv", now=now))))


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    shutil.copytree(FIXTURES, tmp_path / "fixtures")
    with PostOffice() as post:
        environment = {
            "ENVIRONMENT": "test",
            "DATABASE_URL": database_url,
            "KEY_RING": str(tmp_path / "keys.json"),
            "SECRET_KEY": "s" * 40,
            "SMTP_URL": post.url,
            "PUBLIC_URL": "https://minori.example.jp",
            "MAIL_FROM": "Minori <no-reply@minori.example.jp>",
            "LANG": "en_US.UTF-8",
        }
        yield Office(environment, post)


@pytest.mark.timeout(300)
def test_every_letter_goes_once_on_its_day_and_to_nobody_who_was_done(office: Office, tmp_path: Path) -> None:
    cohorts = tmp_path / "fixtures" / "cohorts"
    answer = json.loads(
        office.run("load-cohort", str(cohorts / "minato.yaml"), "--start", now="2026-12-01T09:00:00+09:00")
    )
    assert answer["added"] == 120

    office.run("tick", "--until", "2027-01-20T18:00:00+09:00", now="2026-12-01T09:00:00+09:00")
    office.run("finish-step", "1", "000012", "act1", "--reason", "seen", now="2027-01-20T19:00:00+09:00")
    office.run("pause", "1", "000049", now="2027-01-20T19:00:00+09:00")
    office.run("extend", "1", "000086", "act1", "2027-02-02", "--reason", "away", now="2027-01-20T19:00:00+09:00")

    later = (
        (cohorts / "minato.yaml").read_text(encoding="utf-8").replace("minato_120_cp932", "minato_a_month_later_cp932")
    )
    (cohorts / "later.yaml").write_text(later, encoding="utf-8")
    answer = json.loads(office.run("load-cohort", str(cohorts / "later.yaml"), now="2027-01-25T10:00:00+09:00"))
    assert (answer["added"], answer["changed"], answer["missing"]) == (3, 3, ["001492"])

    office.run("tick", "--until", "2027-01-27T18:00:00+09:00", now="2027-01-25T10:00:00+09:00")
    office.run("set-schedule", "1", "2027-02-09", "2027-02-10", now="2027-01-27T19:00:00+09:00")
    office.run("withdraw", "1", "000123", now="2027-01-28T10:00:00+09:00")
    office.run("tick", "--until", "2027-02-12T18:00:00+09:00", now="2027-01-28T10:00:00+09:00")
    office.run("resume", "1", "000049", now="2027-02-12T19:00:00+09:00")
    office.run("finish-step", "1", "000160", "plan", "--reason", "on paper", now="2027-02-12T19:00:00+09:00")
    office.run("tick", "--until", "2027-03-15T18:00:00+09:00", now="2027-02-12T19:00:00+09:00")
    office.run("finish-step", "1", "000160", "reflection1", "--reason", "on paper", now="2027-03-15T19:00:00+09:00")
    office.run("tick", "--until", "2027-05-31T18:00:00+09:00", now="2027-03-15T19:00:00+09:00")

    rows = office.ledger("2027-05-31T18:00:00+09:00")
    check_that_the_ledger_is_the_servers_log(rows, office.post)
    check_that_every_letter_was_on_its_day(rows)
    check_people(rows)


def check_that_the_ledger_is_the_servers_log(rows: list[dict[str, str]], post: PostOffice) -> None:
    """Letter by letter: the same Message-ID to the same address, each once."""
    sent = Counter((row["message_id"], row["email"]) for row in rows if row["state"] == "sent")
    received = Counter((letter.message_id, letter.recipient) for letter in post.received)
    assert sent == received
    assert max(received.values()) == 1
    assert {len(addresses) for addresses in addresses_by_number(rows).values()} == {1, 2}
    assert not {row["state"] for row in rows} - {"sent", "skipped"}


def addresses_by_number(rows: list[dict[str, str]]) -> dict[str, set[str]]:
    """Where each trainee's letters went: one of them got another address in the middle of the course."""
    addresses: dict[str, set[str]] = {}
    for row in rows:
        if row["state"] == "sent" and row["employee_number"]:
            addresses.setdefault(row["employee_number"], set()).add(row["email"])
    return addresses


def check_that_every_letter_was_on_its_day(rows: list[dict[str, str]]) -> None:
    """On its own day, inside the window; never two follow-up letters to one person on one day."""
    days: Counter[tuple[str, str]] = Counter()
    for row in (row for row in rows if row["state"] == "sent"):
        sent = datetime.fromisoformat(row["sent_at"])
        assert row["sent_at"][:10] == row["due_at"][:10], row
        assert OPENS <= sent.hour < CLOSES, row
        if row["letter"] not in ("where_we_are", "coordinator_digest", "facilitator_digest"):
            days[row["employee_number"], row["sent_at"][:10]] += 1
    assert max(days.values()) == 1


def check_people(rows: list[dict[str, str]]) -> None:
    """What happened to each of the people to whom something happened."""
    of: dict[str, dict[str, tuple[str, str]]] = {}
    for row in rows:
        of.setdefault(row["employee_number"], {})[row["letter"]] = (row["state"], row["reason"])
    assert of["000012"]["act1_due_soon"] == ("skipped", "finished")
    assert of["000012"]["workshop_eve"] == ("sent", "")
    assert of["000049"]["act1_due_soon"] == of["000049"]["workshop_eve"] == ("skipped", "paused")
    assert of["000049"]["where_we_are"] == of["000049"]["reflection1_open"] == ("sent", "")
    assert of["000123"]["act1_open"] == ("sent", "")
    assert {of["000123"][letter] for letter in of["000123"] if letter != "act1_open"} == {("skipped", "withdrawn")}
    assert of["000160"]["plan_due"] == ("skipped", "finished")
    assert of["000160"]["reflection1_open"] == ("sent", "")
    assert of["000160"]["nudge_experiment"] == ("sent", "")
    newcomers = [number for number in of if of[number].get("act1_open") == ("skipped", "joined_late")]
    assert len(newcomers) == 3
    assert all(of[number]["where_we_are"] == ("sent", "") for number in newcomers)
    assert "nudge_experiment" not in of["000012"]
    assert of["000012"]["closing_summary"] == ("sent", "")
