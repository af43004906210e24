"""Every page of the hub, in every state that it has: played on a real hall in a real browser.

A scene is named by the route whose page it shows. A route without scenes is found by `routes_without_scenes`.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from fastapi import FastAPI
from playwright.sync_api import Page, expect

from hub.actions.citizen.cancel_ticket import cancel_ticket
from hub.actions.counter.call_next import call_next
from hub.actions.counter.desk import change_desk
from hub.actions.device.call_staff import call_staff
from hub.actions.work import Asker
from hub.contract.names import SlipState
from hub.web.access import declared_routes
from tests.hub.web.browsing import Sight
from tests.hub.web.hall import Hall

NO_PAGES: Final = ("/api/", "/static/", "/healthz", "/readyz", "/metrics")
"""Beginnings of addresses that answer with no page: programs ask there."""


@dataclass(frozen=True)
class Stage:
    """A served hall with a set-up and staff, and a window on it."""

    hall: Hall
    sight: Sight

    def call(self, counter: str) -> None:
        """A number is called to a counter, by somebody who sits there from now on."""
        self.hall.do(lambda work: change_desk(work, counter, counter, "open"))
        self.hall.do(lambda work: call_next(work, counter, counter))


@dataclass(frozen=True)
class Scene:
    """One state of the page of one route. `bare`: of a hub without any staff."""

    route: str
    state: str
    play: Callable[[Stage], Page]
    bare: bool = False

    def __str__(self) -> str:
        return f"{self.route} {self.state}"


def routes_of_pages(app: FastAPI) -> set[str]:
    """The addresses at which people find a page, as the application declares them."""
    gets = {route.path for route in declared_routes(app) if route.method in ("GET", "*")}
    return {path for path in gets if not path.startswith(NO_PAGES)}


def routes_without_scenes(app: FastAPI, scenes: Collection[Scene]) -> set[str]:
    """Pages that nobody looks at."""
    return routes_of_pages(app) - {scene.route for scene in scenes}


# ---------------------------------------------------------------- signing in


def _sign_in_empty(stage: Stage) -> Page:
    return stage.sight.open("/sign-in")


def _sign_in_wrong(stage: Stage) -> Page:
    page = stage.sight.open("/sign-in")
    page.fill("#name", "officer")
    page.fill("#password", "wrong wrong")
    page.click("[data-part=send]")
    expect(page.get_by_role("alert")).to_be_visible()
    return page


def _set_up_empty(stage: Stage) -> Page:
    return stage.sight.open("/setup")


def _set_up_missing(stage: Stage) -> Page:
    page = stage.sight.open("/setup")
    page.click("[data-part=send]")
    expect(page.get_by_role("alert")).to_be_visible()
    return page


def _home(stage: Stage) -> Page:
    page = stage.sight.sign_in("leader")
    expect(page.locator("h1")).to_have_text("Leader")
    return page


def _home_of_an_operator(stage: Stage) -> Page:
    page = stage.sight.sign_in("operator")
    expect(page.locator("h1")).to_have_text("Operator")
    return page


def _nowhere(stage: Stage) -> Page:
    return stage.sight.open("/t/unknown")


# ---------------------------------------------------------------- the officer's page


def _counters_to_choose(stage: Stage) -> Page:
    for kiosk in ("kiosk-01", "kiosk-02"):
        stage.hall.do(lambda work, kiosk=kiosk: call_staff(work, kiosk, "home"))
    page = stage.sight.sign_in("officer")
    expect(page.locator(".counters button")).to_have_count(3)
    return page


def _at_counter(stage: Stage) -> Page:
    page = stage.sight.sign_in("officer")
    page.locator(".counters button").first.click()
    expect(page.locator("[data-part=plate]")).to_have_text("Quầy 1")
    return page


def _serving(stage: Stage) -> Page:
    for _ in range(3):
        stage.hall.issue(class_="elderly", slip=SlipState.FAILED)
    stage.hall.issue("copies")
    page = _at_counter(stage)
    for state in ("called", "serving"):
        page.keyboard.press("Space" if state == "called" else "2")
        expect(page.locator(f"[data-part=now].{state}")).to_be_visible()
    return page


def _sending_on(stage: Stage) -> Page:
    page = _serving(stage)
    page.keyboard.press("6")
    expect(page.get_by_role("dialog")).to_be_visible()
    return page


def _refused(stage: Stage) -> Page:
    page = _serving(stage)
    page.route("**/hold", lambda route: route.fulfill(status=409, json={"message": {"vi": "Không làm được."}}))
    page.keyboard.press("5")
    expect(page.locator("[data-part=trouble]")).to_be_visible()
    return page


# ---------------------------------------------------------------- the information desk


def _desk_empty(stage: Stage) -> Page:
    page = stage.sight.sign_in("desk")
    expect(page.locator("[data-part=services] li")).to_have_count(3)
    return page


def _desk_full(stage: Stage) -> Page:
    stage.hall.do(lambda work: call_staff(work, "kiosk-01", "home"))
    for service in ("land", "civil", "copies"):
        stage.hall.issue(service, class_="elderly", slip=SlipState.FAILED)
    page = _desk_empty(stage)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=given]")).to_be_visible()
    expect(page.locator("[data-part=found-number]")).to_have_text("A002")
    expect(page.locator("[data-part=longest] li")).to_have_count(4)
    expect(page.locator("[data-part=alarms]")).to_be_visible()
    return page


def _desk_of_a_supervisor(stage: Stage) -> Page:
    stage.sight.sign_in("supervisor")
    page = stage.sight.open("/reception")
    expect(page.locator("[data-part=services] li")).to_have_count(3)
    page.keyboard.press("2")
    expect(page.locator("[data-part=give-word]")).to_have_text("Cấp số B")
    return page


def _desk_asked(stage: Stage) -> Page:
    page = _desk_full(stage)
    page.keyboard.press("x")
    expect(page.get_by_role("dialog")).to_be_visible()
    return page


def _desk_refused(stage: Stage) -> Page:
    page = _desk_full(stage)
    page.keyboard.press("p")
    expect(page.locator("[data-part=trouble]")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("Z9")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=unfound]")).to_be_visible()
    return page


# ---------------------------------------------------------------- in the hall


def _board_empty(stage: Stage) -> Page:
    page = stage.sight.open("/board/hall")
    expect(page.locator("[data-part=none]")).to_be_visible()
    return page


def _board_full(stage: Stage) -> Page:
    for counter in ("c1", "c2"):
        stage.hall.issue()
        stage.call(counter)
    page = stage.sight.open("/board/hall")
    expect(page.locator("[data-part=number]")).to_have_text("A002")
    return page


# ---------------------------------------------------------------- on the phone


def _follow(stage: Stage) -> Page:
    for _ in range(3):
        stage.hall.issue()
    page = stage.sight.open(f"/t/{stage.hall.track_key(stage.hall.issue())}")
    expect(page.locator("[data-part=people] li")).to_have_count(4)
    return page


def _follow_called(stage: Stage) -> Page:
    mine = stage.hall.issue()
    stage.call("c1")
    page = stage.sight.open(f"/t/{stage.hall.track_key(mine)}")
    expect(page.locator("[data-part=go]")).to_be_visible()
    return page


def _follow_asked(stage: Stage) -> Page:
    page = _follow(stage)
    page.click("[data-part=cancel]")
    expect(page.get_by_role("dialog")).to_be_visible()
    return page


def _follow_refused(stage: Stage) -> Page:
    page = _follow(stage)
    page.route("**/cancel", lambda route: route.fulfill(status=409, json={"message": {"vi": "Không làm được."}}))
    page.click("[data-part=cancel]")
    page.click("[data-part=give-back]")
    expect(page.locator("[data-part=trouble]")).to_be_visible()
    return page


def _follow_given_back(stage: Stage) -> Page:
    mine = stage.hall.issue()
    stage.hall.do(lambda work: cancel_ticket(work, Asker("citizen", mine), mine))
    page = stage.sight.open(f"/t/{stage.hall.track_key(mine)}")
    expect(page.locator("[data-part=standing-word]")).to_have_text("Số này đã được trả lại")
    return page


SCENES: Final = (
    Scene("/sign-in", "empty", _sign_in_empty),
    Scene("/sign-in", "error", _sign_in_wrong),
    Scene("/setup", "empty", _set_up_empty, bare=True),
    Scene("/setup", "error", _set_up_missing, bare=True),
    Scene("/", "full", _home),
    Scene("/", "of an operator", _home_of_an_operator),
    Scene("/officer", "to choose", _counters_to_choose),
    Scene("/officer", "empty", _at_counter),
    Scene("/officer", "full", _serving),
    Scene("/officer", "dialog", _sending_on),
    Scene("/officer", "error", _refused),
    Scene("/reception", "empty", _desk_empty),
    Scene("/reception", "full", _desk_full),
    Scene("/reception", "of a supervisor", _desk_of_a_supervisor),
    Scene("/reception", "dialog", _desk_asked),
    Scene("/reception", "error", _desk_refused),
    Scene("/board/{board}", "empty", _board_empty),
    Scene("/board/{board}", "full", _board_full),
    Scene("/t/{token}", "full", _follow),
    Scene("/t/{token}", "called", _follow_called),
    Scene("/t/{token}", "dialog", _follow_asked),
    Scene("/t/{token}", "error", _follow_refused),
    Scene("/t/{token}", "over", _follow_given_back),
    Scene("/t/{token}", "unknown", _nowhere),
)
