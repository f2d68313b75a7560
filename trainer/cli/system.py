"""The commands of the installation: the tables' form, companies, keys, and whether all is well."""

import json
from email.utils import parseaddr

import click
from pydantic import ValidationError

from trainer.accounts.actions import add_organization, ensure_coordinator, ensure_person
from trainer.accounts.keys import give_keys
from trainer.accounts.queries import organization_named, organizations_counted
from trainer.cli.command import Work, command
from trainer.cohorts.cohort_file import OrganizationPart, StaffPart
from trainer.cohorts.sentences import Refused
from trainer.i18n import gettext as _
from trainer.rekey import rekey, values_left


class NamedAddress(click.ParamType[tuple[str, str]]):
    """'NAME <ADDRESS>', as in a letter's head."""

    name = "'NAME <ADDRESS>'"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        name, address = parseaddr(str(value))
        try:
            person: StaffPart | None = StaffPart(name=name, email=address)
        except ValidationError:
            person = None
        if person is None or any(letter < " " for letter in str(value)):
            self.fail(f"{str(value)!r} is not of the form 'NAME <ADDRESS>'", param, ctx)
        return person.name, person.email


@command("migrate")
def migrate_command(work: Work) -> None:
    """Bring the database to the form this program needs."""
    click.echo(json.dumps({"migrated": True}))


@command("add-organization")
@click.argument("name")
@click.option("--coordinator", type=NamedAddress(), required=True)
@click.option("--time-zone", default="Asia/Tokyo", show_default=True)
@click.option("--language", type=click.Choice(["ja", "en"]), default="ja", show_default=True)
def add_organization_command(
    work: Work, name: str, coordinator: tuple[str, str], time_zone: str, language: str
) -> None:
    """Add a company and the first person of its office."""
    part = _checked(name, time_zone, language)
    with work.database.session() as db:
        ring = work.key_ring(db)
        organization = organization_named(db, part.name)
        is_new = organization is None
        if organization is None:
            organization = add_organization(
                db, part.name, now=work.now, time_zone=part.time_zone, language=part.language
            )
        person = ensure_person(db, organization, name=coordinator[0], email=coordinator[1], now=work.now)
        changed = ensure_coordinator(db, organization, person, now=work.now) or is_new
        give_keys(db, ring)
        db.commit()
        if work.database.is_sqlite and organizations_counted(db) > 1:
            click.echo(
                _("SQLite is meant for one company; from the second on PostgreSQL is the better home."), err=True
            )
        click.echo(json.dumps({"organization": organization.id, "changed": changed}))


def _checked(name: str, time_zone: str, language: str) -> OrganizationPart:
    try:
        return OrganizationPart(name=name, time_zone=time_zone, language="en" if language == "en" else "ja")
    except ValueError as error:
        raise Refused(
            _("The name or the time zone '%(zone)s' cannot be used. An example: Asia/Tokyo.", zone=time_zone)
        ) from error


@command("rekey")
@click.option("--check", is_flag=True, help="Only count the texts that are not yet under their newest key.")
def rekey_command(work: Work, check: bool) -> None:
    """Seal every text anew under a new key for each company; may be stopped and called again."""
    with work.database.reading() as db:
        ring = work.key_ring(db)
    if check:
        click.echo(json.dumps({"left": values_left(work.database, ring)}))
        return
    click.echo(json.dumps(rekey(work.database, ring)))
