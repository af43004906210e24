"""Real browsers over the pages: what they complain about, and what a reader of limited sight or hand would."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, sync_playwright

from tests.hub.web.hall import PASSWORD, Hall

WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
"""

AUDIT = """
(wanted) => {
  const found = [];
  for (const motion of document.getAnimations()) {
    if (motion.effect.getComputedTiming().endTime < Infinity) motion.finish();
  }
  const channel = (value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * channel(r / 255) + 0.7152 * channel(g / 255) + 0.0722 * channel(b / 255);
  const colour = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const ground = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const [r, g, b, alpha = 1] = colour(getComputedStyle(at).backgroundColor);
      if (alpha === 1) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const whole = document.documentElement;
  if (whole.scrollWidth > whole.clientWidth) found.push(`scrolls sideways: ${whole.scrollWidth}`);
  if (!whole.lang) found.push("no language");
  if (!document.title) found.push("no title");
  const shown = (one) => one.checkVisibility() && !one.closest(".spoken, svg, [aria-hidden=true]");
  for (const one of document.querySelectorAll("body *")) {
    if (!shown(one) || one.closest(".cell")) continue;
    const words = one.textContent.trim().slice(0, 40);
    const place = one.getBoundingClientRect();
    if (one.children.length || !words || !place.width) continue;
    const style = getComputedStyle(one);
    const size = parseFloat(style.fontSize);
    const [light, dark] = [luminance(colour(style.color)), luminance(ground(one))].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < wanted.ratio) found.push(`${words}: contrast ${ratio.toFixed(2)}`);
    if (size < wanted.size) found.push(`${words}: ${size} px`);
    if (place.right > innerWidth + 1 || place.left < -1) found.push(`${words}: outside the page`);
    if (style.display !== "inline" && one.scrollWidth > one.clientWidth + 1) found.push(`${words}: clipped`);
  }
  for (const one of document.querySelectorAll("input, select")) {
    if (!one.labels?.length && !one.ariaLabel) found.push(`no label: ${one.name}`);
  }
  for (const one of document.querySelectorAll("button, a")) {
    if (shown(one) && !(one.ariaLabel ?? one.textContent).trim()) found.push(`no name: ${one.outerHTML}`);
    const place = one.getBoundingClientRect();
    if (shown(one) && place.height < 24 && one.tagName === "BUTTON") found.push(`small target: ${one.textContent}`);
  }
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) found.push(`id twice: ${id}`);
  for (const one of document.querySelectorAll("[aria-labelledby], [aria-describedby]")) {
    const named = [one.getAttribute("aria-labelledby"), one.getAttribute("aria-describedby")];
    for (const id of named.join(" ").split(" ")) {
      if (id && !document.getElementById(id)) found.push(`refers to nothing: ${id}`);
    }
  }
  if ([...document.querySelectorAll("h1")].filter(shown).length === 0) found.push("no heading");
  return found;
}
"""


@contextmanager
def chromium() -> Iterator[Chromium]:
    """The system's browser, without a window."""
    with sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        try:
            yield browser
        finally:
            browser.close()


class Sight:
    """One page of one browser, with everything it complained about."""

    def __init__(self, browser: Chromium, base: str, *, width: int = 1366, height: int = 768, **context: Any) -> None:
        self.base = base
        self._context = browser.new_context(
            viewport={"width": width, "height": height}, locale=context.pop("locale", "vi-VN"), **context
        )
        self._context.add_init_script(WATCH)
        self.page: Page = self._context.new_page()
        self.page.set_default_timeout(10_000)
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: self._hear(said.type, said.text))

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not text.startswith("Failed to load resource"):
            self.complaints.append(text)

    def open(self, path: str) -> Page:
        """Goes to a page of the hub."""
        self.page.goto(self.base + path)
        return self.page

    def sign_in(self, name: str) -> Page:
        """Through the sign-in page, as a person does."""
        self.open("/sign-in")
        self.page.fill("#name", name)
        self.page.fill("#password", PASSWORD)
        self.page.click("[data-part=send]")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        return self.page

    def faults(self, *, ratio: float = 7.0, size: float = 14.0) -> list[str]:
        """What the page does badly for the eye and the hand, and what the browser complained about."""
        found: list[str] = self.page.evaluate(AUDIT, {"ratio": ratio, "size": size})
        violations: list[str] = self.page.evaluate("window.violations")
        return [*found, *violations, *self.complaints]

    def close(self) -> None:
        """Ends the browser's window."""
        self._context.close()


@contextmanager
def served(hall: Hall) -> Iterator[tuple[str, list[Sight]]]:
    """Where the hall's pages are, and a list for all that is opened of them; at the end none may have complained."""
    hall.publish()
    opened: list[Sight] = []
    yield f"http://127.0.0.1:{hall.serve().port}", opened
    complaints = [complaint for sight in opened for complaint in sight.complaints]
    for sight in opened:
        sight.close()
    assert complaints == []
