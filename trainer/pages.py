"""What every page can rely on: filters for dates, addresses of our own files, calm words for errors."""

from datetime import date, datetime, time, tzinfo

from flask import Flask, Response, current_app, g, render_template, request
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException

from trainer import dates
from trainer.i18n import LANGUAGES, get_locale, speaking
from trainer.programs.minutes import about_minutes

# the page that says it best; 400 says it for all that have none
ERROR_PAGES = {400: "400", 403: "403", 404: "404", 405: "404", 410: "404", 429: "429"}


def init_app(app: Flask) -> None:
    """Give the templates of an application their filters and globals, and every error its page."""
    app.jinja_env.filters.update(day=day, day_short=day_short, days=days, weekday=weekday, month=month, clock=clock)
    app.jinja_env.filters["about_minutes"] = about_minutes
    # not url_for: an answer to a request for a wrong host must be able to name its style sheet too
    app.jinja_env.globals["asset"] = lambda name: f"{app.static_url_path}/{name}"
    app.register_error_handler(HTTPException, explain)


def day(when: date, zone: tzinfo | None = None) -> str:
    """Filter: a day, or an instant on the calendar of `zone`, with its year, in the reader's language."""
    return dates.day_words(_calendar_day(when, zone), _language())


def day_short(when: date, zone: tzinfo | None = None) -> str:
    """Filter: the same without the year, for pages inside one cohort."""
    return dates.short_day_words(_calendar_day(when, zone), _language())


def days(first_on: date, last_on: date) -> str:
    """Filter: `{{ first_on|days(last_on) }}`, both included, without years."""
    return dates.day_range_words(first_on, last_on, _language())


def weekday(on: date) -> str:
    """Filter: 水, or Wed."""
    return dates.weekday_words(on, _language())


def month(on: date) -> str:
    """Filter: 2月, or Feb."""
    return dates.month_words(on, _language())


def clock(when: time | datetime, zone: tzinfo | None = None) -> str:
    """Filter: hours and minutes of a local time, or of an instant on the clocks of `zone`."""
    return dates.clock_words(dates.local(when, zone) if zone and isinstance(when, datetime) else when)


def explain(error: HTTPException) -> Response | HTTPException:
    """The page of an error that has a status; redirects and answers made elsewhere pass as they are."""
    if error.response is not None or error.code is None or error.code < 400:
        return error
    g.is_error = True  # the frame names no object on a page that says there is none
    page = _page_of(error.code)
    body = _alone(page) if error.code >= 500 or _is_for_another_host() else render_template(page)
    response = current_app.make_response((body, error.code))
    kept = [(name, value) for name, value in error.get_headers() if name.lower() != "content-type"]
    response.headers.extend(kept)  # Allow, Retry-After
    return response


def _page_of(code: int) -> str:
    return f"errors/{'500' if code >= 500 else ERROR_PAGES.get(code, '400')}.html"


def _is_for_another_host() -> bool:
    """Whether the request names a host that is not ours: then no route and no address of a page is known."""
    return request_ctx.url_adapter is None


def _alone(page: str) -> str:
    """The page without its frame: asks neither the database nor the session, since they may be what failed."""
    language = request.accept_languages.best_match(LANGUAGES, LANGUAGES[0])
    with speaking(str(language)):
        return current_app.jinja_env.get_template(page).render()


def _calendar_day(when: date, zone: tzinfo | None) -> date:
    if not isinstance(when, datetime):
        return when
    if zone is None:
        raise ValueError("the day of an instant depends on the zone: name it")
    return dates.local(when, zone).date()


def _language() -> str:
    locale = get_locale()
    return str(locale.language) if locale else LANGUAGES[0]
