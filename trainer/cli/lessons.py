"""The command of the lessons: their films, rendered from the packs."""

import json
from importlib.util import find_spec
from pathlib import Path

import click

from trainer.act1_lessons.films import SHIPPED
from trainer.cli.command import Work, command, refuse
from trainer.i18n import gettext as _
from trainer.programs.content import Pack, load_program


@command("render-lessons", migrates=False)
@click.option("--program", default="management_basics_default", show_default=True)
@click.option("--language", "languages", multiple=True, help="Only this language; may be given again.")
@click.option("--lesson", "lessons", multiple=True, help="Only this lesson; may be given again.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), default=SHIPPED, help="Where films go.")
def render_lessons_command(
    work: Work, program: str, languages: tuple[str, ...], lessons: tuple[str, ...], folder: Path
) -> None:
    """Make the films of a program's lessons: one silent WebM each, with captions, transcript and poster."""
    if find_spec("av") is None or find_spec("PIL") is None:
        refuse(_("Films need more packages. Install them with: pip install -r requirements-render.txt"))
    packs = load_program(program)
    if not set(languages) <= packs.keys():
        refuse(_("The program has these languages: %(known)s.", known=", ".join(packs)))
    for language, pack in packs.items():
        if not languages or language in languages:
            _render(pack, lessons, folder)


def _render(pack: Pack, lessons: tuple[str, ...], folder: Path) -> None:
    from trainer.act1_lessons.rendering import render  # only here are its packages needed
    from trainer.act1_lessons.slides import NoFontError

    known = [lesson.id for lesson in pack.lessons]
    if not set(lessons) <= set(known):
        refuse(_("The program has these lessons: %(known)s.", known=", ".join(known)))
    for lesson in pack.lessons:
        if not lessons or lesson.id in lessons:
            try:
                entry = render(pack, lesson, folder)
            except NoFontError as error:
                refuse(str(error))
            size = (folder / entry["film"]).stat().st_size
            click.echo(json.dumps({"film": entry["film"], "bytes": size, "seconds": entry["length_ms"] // 1000}))
