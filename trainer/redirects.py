"""Where a redirect may lead: a page of our own, on a short list, and by an address that we built ourselves."""

import re
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

# the pages on which a person may land
LANDABLE = frozenset({"door.to_seat", "door.seats", "account.page", "seats.home"})
LONGEST = 500
FORBIDDEN = re.compile(r"[\\\x00-\x20\x7f-\xa0\u2028\u2029]")


def safe_target(target: str | None) -> str | None:
    """The path of a page of LANDABLE, written anew from what our own routes understood; None for anything else."""
    if not target or len(target) > LONGEST or FORBIDDEN.search(target):
        return None
    if not target.startswith("/") or target.startswith("//"):
        return None
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or FORBIDDEN.search(unquote(parts.path)):
        return None
    return _own_page(unquote(parts.path), parts.query)


def _own_page(path: str, query: str) -> str | None:
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        return None
    try:
        endpoint, arguments = adapter.match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    if endpoint not in LANDABLE:
        return None
    kept = urlencode(parse_qsl(query))
    return adapter.build(endpoint, arguments) + (f"?{kept}" if kept else "")
