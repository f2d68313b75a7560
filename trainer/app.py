"""The Flask application: plugs the slices in and closes the front door."""

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from trainer import after_response, csrf, front, gate, headers, i18n, organization_scope, pages
from trainer.accounts import account_views, door_views, frame, refusals
from trainer.accounts import views as sign_in_views
from trainer.accounts.own_rows import account_rows
from trainer.accounts.rules import TRAINEE_LIMITS
from trainer.act1_lessons import film_views
from trainer.act1_lessons import views as lesson_views
from trainer.act1_lessons.own_rows import lesson_rows
from trainer.act2_workshop import reading_views
from trainer.act2_workshop import views as plan_views
from trainer.act2_workshop.own_rows import plan_rows
from trainer.act3_practice import feedback_views, readers_views, shared_views, turn_views
from trainer.act3_practice import views as reflection_views
from trainer.act3_practice.own_rows import reflection_rows
from trainer.assets import asset_dir
from trainer.cohorts.own_rows import cohort_rows
from trainer.db import Database
from trainer.desks import (
    attendance_views,
    board_views,
    feedback_acts_views,
    feedback_desk_views,
    ledger_views,
    move_views,
    overview_views,
    rehearsal_views,
    review_deeds,
    review_views,
    trainee_views,
)
from trainer.desks import views as desks_views
from trainer.desks.boss_page import boss_page
from trainer.desks.menu import facilitator_menu, trainee_menu
from trainer.key_ring import KeyRing
from trainer.mailers import OneLetterMailer, mailers_of
from trainer.office import people_views, person_views, staff_views, start_views
from trainer.office import views as office_views
from trainer.office.menu import menu
from trainer.prompts import views as letter_views
from trainer.prompts.own_rows import letter_rows
from trainer.settings import Settings, read_settings
from trainer.writing.own_rows import writing_rows

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

ON_THIS_MACHINE = ["127.0.0.1", "localhost"]
REQUEST_BYTES = 2 * 1024 * 1024
VIEWS: tuple[Any, ...] = (
    *(sign_in_views, account_views, door_views, desks_views, letter_views, lesson_views, film_views),
    *(plan_views, reading_views, review_views, review_deeds),
    *(office_views, people_views, person_views, staff_views, start_views),
    *(overview_views, rehearsal_views, board_views, trainee_views, attendance_views, ledger_views, move_views),
    *(reflection_views, turn_views),
    *(readers_views, shared_views, feedback_views, feedback_desk_views, feedback_acts_views),
)


def create_app(settings: Settings | None = None, database: Database | None = None) -> Flask:
    """The program as the settings say (the environment's unless given). Raises SettingsError."""
    settings = settings or read_settings()
    app = Flask(__name__, template_folder=str(asset_dir("templates")))
    app.config.from_mapping(_configuration(settings))
    app.extensions["settings"] = settings
    app.extensions["started"] = time.monotonic()
    app.extensions["mailer"] = OneLetterMailer(mailers_of(settings))
    app.extensions["key_ring"] = KeyRing(settings.key_ring, settings.master_key)
    app.extensions["database"] = database or Database(
        settings.database_url, lock_wait_seconds=settings.lock_wait_seconds, key_ring=app.extensions["key_ring"]
    )
    app.jinja_env.undefined = StrictUndefined  # a misspelt name is an error, not an empty place
    i18n.init_app(app, frame.choose_language)
    app.jinja_env.globals["get_locale"] = i18n.get_locale
    pages.init_app(app)
    headers.init_app(app, settings)
    _open_the_door(app)
    app.register_blueprint(front.bp)
    if settings.environment in ("demo", "development"):
        from trainer import outbox_page

        app.register_blueprint(outbox_page.bp)
    if settings.environment == "demo":
        _open_the_demo(app)
    if settings.environment == "development":
        from trainer import look  # nobody else meets it

        app.register_blueprint(look.bp)
    return app


def _open_the_door(app: Flask) -> None:
    """Sign-in and everything that stands before a page; the order is that in which a request meets them."""
    app.wsgi_app = _behind_proxies(app)  # type: ignore[assignment, method-assign] # as Flask's own pages show it
    for room in (csrf, gate, after_response, organization_scope, refusals, frame):
        room.init_app(app)
    for views in VIEWS:
        app.register_blueprint(views.bp)
    app.extensions["menu"] = lambda: menu() + facilitator_menu() + trainee_menu()
    app.extensions["boss_page"] = boss_page
    app.extensions["own_rows"] = (
        account_rows,
        cohort_rows,
        lesson_rows,
        writing_rows,
        plan_rows,
        reflection_rows,
        letter_rows,
    )


def _open_the_demo(app: Flask) -> None:
    """One-click entries, a clock that can be moved, and a banner on every page that says so."""
    from trainer.demo import views  # production never loads it

    app.register_blueprint(views.bp)
    app.jinja_env.globals["doors"] = views.doors
    app.context_processor(lambda: {"demo": views.banner()})


def _behind_proxies(app: Flask) -> "WSGIApplication":
    """What our own proxies say of the client is believed, of exactly as many as there are; by default of none."""
    count = app.extensions["settings"].trusted_proxies
    return ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count, x_port=0, x_prefix=0)


def _configuration(settings: Settings) -> dict[str, object]:
    site = urlsplit(settings.public_url)
    return {
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": list(settings.secret_key_fallbacks),
        "TESTING": settings.environment == "test",
        "SERVER_NAME": site.netloc,
        "PREFERRED_URL_SCHEME": site.scheme,
        "TRUSTED_HOSTS": [str(site.hostname), *([] if settings.is_production else ON_THIS_MACHINE)],
        "SESSION_COOKIE_NAME": "__Host-s" if settings.is_secure else "s",  # browsers take __Host- by https only
        "SESSION_COOKIE_SECURE": settings.is_secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",  # Strict would drop the session on every click from a letter
        "SESSION_COOKIE_PATH": "/",
        "PERMANENT_SESSION_LIFETIME": TRAINEE_LIMITS.absolute,  # the server's own limits are shorter
        "SESSION_REFRESH_EACH_REQUEST": False,
        "MAX_CONTENT_LENGTH": REQUEST_BYTES,
        "MAX_FORM_MEMORY_SIZE": 500_000,
        "MAX_FORM_PARTS": 200,
        "WTF_CSRF_TIME_LIMIT": None,  # lives with the session; an hour would throw away a long reflection
    }
