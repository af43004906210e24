"""Every page, in every state: axe-core finds nothing on a screen, at 200 % and on a phone, by day and in contrast."""

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from hub.contract.names import StaffRole
from hub.web.access import public
from tests.hub.web.axe import found_by_axe, found_in_all_sizes
from tests.hub.web.browsing import Sight
from tests.hub.web.hall import Hall
from tests.hub.web.scenes import SCENES, Scene, Stage, routes_without_scenes


def staged(hall: Hall, chrome: Chromium, scene: Scene) -> Sight:
    """A window on the scene's page, in the scene's state."""
    if not scene.bare:
        hall.furnish()
        for role in StaffRole:
            hall.add_staff(role.value, role)
    hall.publish()
    sight = Sight(chrome, f"http://127.0.0.1:{hall.serve().port}")
    scene.play(Stage(hall, sight))
    return sight


@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_axe_finds_nothing(bare: Hall, chrome: Chromium, scene: Scene) -> None:
    """WCAG 2.2 AA, by day in all sizes, and in high contrast."""
    sight = staged(bare, chrome, scene)
    try:
        assert found_in_all_sizes(sight.page) == []
        sight.page.emulate_media(contrast="more")
        assert found_by_axe(sight.page) == []
    finally:
        sight.close()


def test_no_page_is_left_out(app: FastAPI) -> None:
    """The pages are taken from the routes; a new one needs a scene, and a scene needs its route."""
    assert routes_without_scenes(app, SCENES) == set()
    known = {getattr(route, "path", "") for route in app.routes}
    assert {scene.route for scene in SCENES} <= known


def test_a_new_page_without_a_scene_is_found(app: FastAPI) -> None:
    """Wherever it was added."""

    @app.get("/cellar", dependencies=[public("for the test")])
    def cellar() -> str:
        return "dark"

    assert routes_without_scenes(app, SCENES) == {"/cellar"}


def grey(page: Page) -> None:
    """Words that are hardly there."""
    page.evaluate("document.querySelectorAll('label').forEach((one) => { one.style.color = '#b5b5b5' })")


def unlabelled(page: Page) -> None:
    """A field of which nobody says what it is for."""
    page.evaluate("document.querySelectorAll('label').forEach((one) => one.remove())")


def nameless(page: Page) -> None:
    """A button that only those who see it understand."""
    page.evaluate("document.querySelector('[data-part=send]').replaceChildren()")


SABOTAGES = {"color-contrast": grey, "label": unlabelled, "button-name": nameless}


@pytest.mark.parametrize("rule", SABOTAGES)
def test_a_page_made_worse_is_caught(bare: Hall, chrome: Chromium, rule: str) -> None:
    """The same check that passes the real page."""
    sight = staged(bare, chrome, SCENES[0])
    try:
        assert found_by_axe(sight.page) == []
        SABOTAGES[rule](sight.page)
        assert {fault.partition(":")[0] for fault in found_by_axe(sight.page)} == {rule}
    finally:
        sight.close()
