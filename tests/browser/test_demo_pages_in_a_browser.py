"""Every page of the program as every role: readable by all, reachable by keyboard, light, and true to its policy.

A new route is here by itself; one with an argument nobody has written down in demo_world.py fails by its name.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.routing import Rule

from tests.browser.accessibility import axe, walk_by_keyboard
from tests.browser.conftest import Site
from tests.browser.demo_world import ANONYMOUS, BEFORE, ROLES, World, ask_for_a_code, make_world, pages
from tests.browser.screens import SCREENS, collect_complaints

pytestmark = [pytest.mark.browser, pytest.mark.axe]

MOST_BYTES = 60_000  # page, styles and scripts, as the browser reads them
HEAVY = {
    "plan_form.edit": 120_000,  # a form of six measures with every list of choices in each
    "feedback_desk.card": 80_000,  # a reflection beside its plan and the other reflection
}
NOT_OPEN = (302, 303, 403, 404)
WEIGH = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .filter((entry) => ["navigation", "link", "script"].includes(entry.initiatorType) && !entry.name.endsWith(".svg"))
  .reduce((sum, entry) => sum + entry.decodedBodySize, 0)"""
# forms that are sent as they are, and are not accepted: the page says what to do
MISTAKES = [
    (ANONYMOUS, "/sign-in", "main form"),
    (ANONYMOUS, "/sign-in/code", "main form"),
    (ANONYMOUS, "/sign-in/password", "main form"),
    ("trainee", "/account/", "form[action$='/password']"),
    ("coordinator", "/cohorts/new", "main form"),
    ("coordinator", "/cohorts/{cohort}/people/add", "main form"),
    ("coordinator", "/cohorts/{cohort}/people/upload", "main form"),
    ("coordinator", "/office/coordinators", "main form:has([name=email])"),
]
OTHER_PAGES = [
    ("trainee", "/nowhere", 404),
    ("facilitator", "/to/{trainee}/home", 404),
    ("trainee", "/cohorts", 403),
    ("coordinator", "/?doors=all", 200),
    ("facilitator", "/seats?all", 200),
    ("trainee", "/seats/{trainee}?to=plan", 200),
]


@pytest.fixture(scope="module")
def world(demo: Site) -> World:
    return make_world(demo)


@pytest.fixture(scope="module")
def contexts(chromium: Browser, world: World) -> Iterator[dict[str, BrowserContext]]:
    """A browser for each role, in which it stays signed in."""
    contexts = {role: chromium.new_context(base_url=world.site.url, locale="ja") for role in ROLES}
    for role, context in contexts.items():
        page = context.new_page()
        world.enter(page, role)
        page.close()
    yield contexts
    for context in contexts.values():
        context.close()


@pytest.fixture
def look(contexts: dict[str, BrowserContext]) -> Iterator["Look"]:
    look = Look(contexts)
    yield look
    look.close()


class Look:
    """Opens pages as one role or another, and looks at them on every screen."""

    def __init__(self, contexts: dict[str, BrowserContext]) -> None:
        self.contexts = contexts
        self.opened: list[tuple[Page, list[str]]] = []

    def page(self, role: str) -> Page:
        page = self.contexts[role].new_page()
        self.opened.append((page, collect_complaints(page)))
        return page

    def problems(self, page: Page) -> list[str]:
        """What is wrong with the page that is shown: each width in each theme, without loading it again."""
        found: list[str] = []
        for screen in SCREENS:
            page.set_viewport_size({"width": screen.width, "height": 780})
            page.emulate_media(color_scheme="dark" if screen.theme == "dark" else "light", reduced_motion="reduce")
            is_other_theme = screen.theme == "dark"  # after the light one, at the same width
            found += [f"{screen}: {problem}" for problem in axe(page, only_colours=is_other_theme)]
            if page.evaluate("document.documentElement.scrollWidth") > screen.width:
                found.append(f"{screen}: wider than the screen")
            if screen.theme == "light":
                found += [f"{screen}: {problem}" for problem in walk_by_keyboard(page)]
        return found

    def close(self) -> None:
        complaints = [complaint for _page, heard in self.opened for complaint in heard]
        for page, _heard in self.opened:
            page.close()
        assert complaints == []


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("rule", pages(), ids=lambda rule: rule.endpoint)
def test_everybody_can_use_the_page(look: Look, world: World, rule: Rule, role: str) -> None:
    page = look.page(role)
    if role == ANONYMOUS and rule.endpoint in BEFORE:
        BEFORE[rule.endpoint](page)
    address = world.address(role, rule)
    answer = page.request.get(address, max_redirects=0)
    if answer.status != 200:
        assert answer.status in NOT_OPEN, f"{rule.rule} answers {answer.status}"
        return
    page.goto(address)
    assert look.problems(page) == []
    assert page.evaluate(WEIGH) <= HEAVY.get(rule.endpoint, MOST_BYTES)


@pytest.mark.parametrize("rule", pages(), ids=lambda rule: rule.endpoint)
def test_the_page_opens_for_somebody(contexts: dict[str, BrowserContext], world: World, rule: Rule) -> None:
    """Otherwise nobody would have looked at it above."""
    page = contexts[ANONYMOUS].new_page()
    if rule.endpoint in BEFORE:
        BEFORE[rule.endpoint](page)
    page.close()
    answers = {role: contexts[role].request.get(world.address(role, rule), max_redirects=0) for role in ROLES}
    opened = {role for role, answer in answers.items() if answer.status == 200}
    assert opened, f"nobody can open {rule.endpoint}: give demo_world.py an example that works"
    assert {answers[role].headers["content-type"] for role in opened} == {"text/html; charset=utf-8"}


@pytest.mark.parametrize(("role", "path", "form"), MISTAKES)
def test_everybody_can_use_the_page_after_a_mistake(look: Look, world: World, role: str, path: str, form: str) -> None:
    page = look.page(role)
    if path == "/sign-in/code":
        ask_for_a_code(page)
    page.goto(path.format(cohort=world.cohort_uid))
    with page.expect_navigation() as navigation:
        page.locator(form).first.evaluate("form => form.requestSubmit()")
    assert navigation.value is not None
    assert navigation.value.status == 422
    assert look.problems(page) == []


@pytest.mark.parametrize(("role", "path", "status"), OTHER_PAGES)
def test_everybody_can_use_what_stands_in_a_pages_place(
    look: Look, world: World, role: str, path: str, status: int
) -> None:
    page = look.page(role)
    answer = page.goto(path.format(trainee=world.seats["trainee"]))
    assert answer is not None
    assert answer.status == status
    assert look.problems(page) == []


@pytest.mark.parametrize("endpoint", ["seats.home", "account.page"])
@pytest.mark.parametrize("role", ["trainee", "facilitator", "coordinator"])
def test_everybody_can_use_the_page_in_english(look: Look, world: World, role: str, endpoint: str) -> None:
    page = look.page(role)
    page.goto("/account/")
    choose_language(page, "en")
    rule = next(rule for rule in pages() if rule.endpoint == endpoint)
    page.goto(world.address(role, rule))
    assert page.locator("html").get_attribute("lang") == "en"
    assert look.problems(page) == []
    page.goto("/account/")
    choose_language(page, "ja")


def choose_language(page: Page, language: str) -> None:
    page.locator(f"[name=language][value={language}]").check()
    with page.expect_navigation():
        page.locator("form[action$='/language'] button").click()
