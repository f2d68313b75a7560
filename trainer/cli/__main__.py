"""`python -m trainer.cli`: every command."""

from trainer.cli import cohorts, dispatch, doctor, lessons, letters, system
from trainer.cli.command import commands

__all__ = ["cohorts", "commands", "dispatch", "doctor", "lessons", "letters", "system"]

if __name__ == "__main__":
    commands()
