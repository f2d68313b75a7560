"""The program as a WSGI server wants it."""

from trainer.app import create_app

app = create_app()
