"""What every answer tells the browser: run nothing foreign, show nothing inside other sites, keep nothing."""

import logging
import re

from flask import Blueprint, Flask, Response, request
from flask.typing import ResponseReturnValue

from trainer.json_body import json_body
from trainer.permissions import needs
from trainer.settings import Settings

log = logging.getLogger(__name__)
bp = Blueprint("headers", __name__)

OWN = (
    "script-src",
    "style-src",
    "img-src",
    "font-src",
    "media-src",
    "connect-src",
    "manifest-src",
    "form-action",
    "frame-src",
)
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        *(f"{kind} 'self'" for kind in OWN),
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "require-trusted-types-for 'script'",
        "report-uri /csp",
    ]
)
# a letter shown as it will look: its own styles, no script, no picture, only inside a frame of ours
LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
UNUSED = ("accelerometer", "camera", "geolocation", "gyroscope", "microphone", "payment", "usb")
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED),
}
ONE_YEAR = 365 * 24 * 60 * 60
DIRECTIVE = re.compile(r"[a-z-]{1,40}")
LONGEST_REPORT = 10_000
CACHED = ("static", "films.file")  # they say themselves how long they keep


def init_app(app: Flask, settings: Settings) -> None:
    """Put the headers on every answer, errors too; HSTS only where the site is reached by https."""
    headers = dict(HEADERS)
    if settings.is_secure:
        headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR}; includeSubDomains"

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)  # a letter in its frame brings a policy of its own
        if request.endpoint not in CACHED:
            response.headers["Cache-Control"] = "no-store"
        return response

    app.register_blueprint(bp)


def letter_page(html: str) -> Response:
    """The HTML of a letter as a page for a sandboxed frame, under a policy that lets nothing run or load."""
    response = Response(html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    return response


@bp.post("/csp")
@needs(public="browsers send reports of the policy without signing in")
def report_violation() -> ResponseReturnValue:
    """Put the name of the violated directive into the log, and nothing else: a report may hold addresses and words."""
    report = json_body(LONGEST_REPORT)
    body = report.get("csp-report") if isinstance(report, dict) else None
    directive = body.get("violated-directive") if isinstance(body, dict) else None
    if isinstance(directive, str) and (name := DIRECTIVE.match(directive)):
        log.warning("content security policy violated: %s", name[0])
    return "", 204
