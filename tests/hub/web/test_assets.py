"""The files beside the pages: a closed list, kept by browsers, and nothing else of the disk."""

from pathlib import Path

import pytest

from hub.web.assets import Assets
from tests.hub.web.hall import Browser, Browsers, Hall

pytestmark = pytest.mark.anyio


async def test_a_file_is_sent_once(hall: Hall, browser: Browsers) -> None:
    """With its type, and 304 for who has it."""
    one = browser()
    answer = await one.get("/static/site/page.js")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    again = await one.get("/static/site/page.js", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        *("../app.py", "..%2fapp.py", "site/../app.py", "staff/pages.py", "site/frame.html", "texts/vi.json"),
        *("", "site", "/etc/passwd", "%2e%2e/%2e%2e/pyproject.toml", "site/page.js/", "fonts/../../x.woff2"),
    ],
)
async def test_nothing_else_is(hall: Hall, browser: Browsers, path: str) -> None:
    """Neither templates nor code nor what lies above."""
    assert (await browser().get(f"/static/{path}")).status_code == 404


async def test_fonts_where_they_were_built(tmp_path: Path) -> None:
    """From the directory that is given, kept for a week; without one the pages do without."""
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    (fonts / "one.woff2").write_bytes(b"wOF2")
    (fonts / "OFL.txt").write_text("licence")
    data = tmp_path / "data"
    data.mkdir()
    hall = Hall(data, fonts=fonts)
    one = Browser(hall.app())
    answer = await one.get("/static/fonts/one.woff2")
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("font/woff2", "public, max-age=604800")
    assert (await one.get("/static/fonts/OFL.txt")).status_code == 404
    await one.http.aclose()
    hall.close()
    assert not any(path.startswith("fonts/") for path in Assets.load(tmp_path / "nowhere").by_path)
