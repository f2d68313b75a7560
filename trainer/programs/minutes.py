"""How long the program says something takes, in words."""

from trainer.i18n import ngettext


def about_minutes(minutes: int) -> str:
    """Also a filter of the templates: 約5分, or About 5 minutes, in the language in force."""
    return ngettext("About %(num)s minute", "About %(num)s minutes", minutes)
