"""The commands of the letters: the ledger."""

import click

from trainer.cli.cohorts import find_cohort
from trainer.cli.command import Work, command
from trainer.prompts.ledger import as_csv, ledger
from trainer.prompts.planning import plan_prompts


@command("ledger")
@click.argument("cohort")
@click.option("--csv", "as_table", is_flag=True, required=True, help="Print CSV.")
def ledger_command(work: Work, cohort: str, as_table: bool) -> None:
    """Plan, then print every letter of a cohort and what became of it."""
    with work.database.session() as db:
        found = find_cohort(db, cohort)
        while plan_prompts(db, work.now):
            db.commit()
        db.commit()
        click.echo(as_csv(ledger(db, found, public_url=work.settings.public_url)), nl=False)
