"""What axe-core and a keyboard find on a page."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.axe_core import PLACE

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES_OF_COLOUR = ["color-contrast", "link-in-text-block"]
RUN_AXE = """async (runOnly) => {
  const found = await axe.run(document, {runOnly, resultTypes: ["violations"]});
  return found.violations.flatMap(
    (rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}"""
NUMBER_STOPS = """() => {
  const all = `a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, video[controls],
    [tabindex="0"]`;
  const groups = new Set();
  const isStop = (element) => {
    if (element.disabled || element.closest("[inert]")) return false;
    if (!element.checkVisibility({visibilityProperty: true})) return false;
    if (element.type !== "radio") return true;
    const group = [...document.querySelectorAll(`[type=radio][name="${element.name}"]`)];
    return element === (group.find((radio) => radio.checked && radio.form === element.form) ?? element)
      && !groups.has(element.name) && groups.add(element.name);
  };
  const stops = [...document.querySelectorAll(all)].filter(isStop);
  stops.forEach((element, number) => { element.stop = number; });
  return stops.map((element) => element.outerHTML.slice(0, 120));
}"""
SETTLES = 4  # looks, a tenth of a second apart
START_AT_THE_TOP = """() => {
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
}"""
LOOK_AT_FOCUS = """() => {
  const element = document.activeElement;
  if (element === document.body || element.stop === undefined) return null;
  const box = element.getClientRects()[0];
  const middle = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;  // of what is on the screen of it
  const top = document.elementFromPoint(box.x + box.width / 2, middle);
  const hasRing = (one) => one && getComputedStyle(one).outlineStyle !== "none"
    && parseFloat(getComputedStyle(one).outlineWidth) >= 2;
  return {
    stop: element.stop,
    // what has the focus inside a frame draws its ring in there, where the page cannot look
    ring: element.tagName === "IFRAME" || hasRing(element) || hasRing(element.closest("label")),
    seen: Boolean(top) && (element.contains(top) || top.contains(element)),
  };
}"""


def axe(page: Page, *, only_colours: bool = False) -> list[str]:
    """Each violation of WCAG 2.0, 2.1 and 2.2, A and AA, with its place; the page is left as it is.

    `only_colours` is for a page that was looked at in one theme already: another one changes nothing else.
    """
    if not page.evaluate("typeof axe === 'object'"):  # half a megabyte; once for each page that was loaded
        page.evaluate(Path(PLACE).read_text(encoding="utf-8"))  # a script element would be refused by our own policy
    rules = {"type": "rule", "values": RULES_OF_COLOUR} if only_colours else {"type": "tag", "values": TAGS}
    return list(page.evaluate(RUN_AXE, rules))


def walk_by_keyboard(page: Page) -> list[str]:
    """Press Tab from the top until everything was visited; what was never reached, or stood without ring or covered."""
    stops: list[str] = page.evaluate(NUMBER_STOPS)
    page.evaluate(START_AT_THE_TOP)  # a summary of errors takes the focus when its page is opened
    seen = [focus for focus in _focuses(page, 3 * len(stops) + 10) if focus]
    missed = set(range(len(stops))) - {int(focus["stop"]) for focus in seen}
    return [
        *(f"never reached: {stops[number]}" for number in sorted(missed)),
        *(f"no ring: {stops[focus['stop']]}" for focus in seen if not focus["ring"]),
        *(f"covered: {stops[focus['stop']]}" for focus in seen if not focus["seen"]),
    ]


def _focuses(page: Page, most: int) -> list[dict[str, Any] | None]:
    """What has the focus after each Tab, until the focus has left the page."""
    found: list[dict[str, Any] | None] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        found.append(_settled_focus(page))
        if len(found) > 1 and found[-1] is None:
            break
    return found


def _settled_focus(page: Page) -> dict[str, Any] | None:
    """What has the focus; a frame, which may be a process of its own, takes a moment to say that it has it."""
    for _ in range(SETTLES if len(page.frames) > 1 else 1):
        focus: dict[str, Any] | None = page.evaluate(LOOK_AT_FOCUS)
        if focus is not None:
            return focus
        page.wait_for_timeout(100)
    return None
