"""axe-core over a page as it stands: what it finds against WCAG 2.2, levels A and AA."""

from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
OPTIONS: Final = {"runOnly": {"type": "tag", "values": list(RULES)}, "resultTypes": ["violations"]}
SIZES: Final = {"screen": (1366, 768), "zoom-200": (683, 384), "phone": (360, 640)}
"""A page at 200 % has half the room, in CSS pixels."""

STILL: Final = "for (const one of document.getAnimations()) if (one.playState === 'running') one.finish();"
"""A colour half-way through its change is nobody's colour."""


def found_by_axe(page: Page) -> list[str]:
    """Every fault of the page as it stands: the rule and where."""
    page.evaluate(f"() => {{ try {{ {STILL} }} catch {{ }} }}")
    violations: list[dict[str, Any]] = Axe().run(page, options=OPTIONS).response["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in violations for node in one["nodes"]]


def found_in_all_sizes(page: Page) -> list[str]:
    """The same on a screen, at 200 % and on a phone; the page keeps its state meanwhile."""
    found = []
    before = page.viewport_size
    for name, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{name}: {fault}" for fault in found_by_axe(page)]
    if before:
        page.set_viewport_size(before)
    return found
