"""Every changing request comes from one of our own pages: a token, and what the browser says about its origin."""

from flask import Flask, request
from flask_wtf import CSRFProtect
from werkzeug.exceptions import Forbidden

CHANGES_NOTHING = ("GET", "HEAD", "OPTIONS")
OUR_OWN = ("same-origin", "none")  # none: typed by the person
# endpoint -> the reason for which it works without a token
EXEMPT = {
    "headers.report_violation": "browsers send reports of the content security policy without any token",
    "letters.stop": "RFC 8058: a mail program sends one POST; the secret in its address is the proof",
}
csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Check each request before anything else looks at it; the token lives as long as the session."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # asked below, after the origin
    csrf.init_app(app)
    app.before_request(refuse_forged)


def refuse_forged() -> None:
    """400 without the token of this session, 403 for a request that another site caused."""
    if request.method in CHANGES_NOTHING or request.url_rule is None or request.endpoint in EXEMPT:
        return
    if not _comes_from_us():
        raise Forbidden
    csrf.protect()


def _comes_from_us() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in OUR_OWN
    origin = request.headers.get("Origin")
    return origin is None or origin == request.host_url.rstrip("/")
