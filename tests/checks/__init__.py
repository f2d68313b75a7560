"""What `./run check` looks at besides the tests."""


class CheckFailed(Exception):
    """What a check found wrong; the text is shown to whoever has to put it right."""
