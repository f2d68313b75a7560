"""What a page's own script, or a browser by itself, posts as JSON: small, and taken calmly whatever it is."""

from typing import Any

from flask import request


def json_body(most_bytes: int) -> Any:
    """The posted JSON, whatever content type it names; None if it is none, or longer than this, or of unsaid length.

    Also None if it is nested deeper than Python reads, which `silent` is not silent about.
    """
    if request.content_length is None or request.content_length > most_bytes:
        return None
    try:
        return request.get_json(force=True, silent=True)
    except RecursionError:
        return None
