"""The words of the pages: complete in every language, all used, and in the language that was asked for."""

import json
import re
from pathlib import Path
from typing import get_args

import pytest

import hub.web
from hub.contract.messages import SlipFailed
from hub.contract.names import CounterState, SlipState, StaffRole, TicketState
from hub.queueing import facts
from hub.web.texts import COOKIE, LANGUAGES, Texts, preferred
from tests.hub.web.hall import Browser, Browsers, Hall

pytestmark = pytest.mark.anyio

FOLDER = Path(hub.web.__file__).parent
CATALOGUES = {language: Texts.load().of(language) for language in LANGUAGES}
SOURCES = [file.read_text() for file in FOLDER.rglob("*") if file.suffix in (".html", ".js")]
LITERAL = re.compile(r"""["'`]([a-z_]+\.[A-Za-z_-]+)["'`]""")
BEGINNING = re.compile(r"""["'`]([a-z_]+\.[a-z_]*)(?:\$\{|" ~)""")


def test_every_language_has_every_text_with_the_same_blanks() -> None:
    """None is empty, and what is filled in is filled in everywhere."""
    first = CATALOGUES[LANGUAGES[0]]
    for texts in CATALOGUES.values():
        assert texts.keys() == first.keys()
        for key, text in texts.items():
            assert text.strip(), key
            assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", first[key])), key


def test_the_catalogues_are_in_one_order_and_say_nothing_twice() -> None:
    """Side by side they can be read line by line."""
    orders = []
    for language in LANGUAGES:
        pairs = json.loads((FOLDER / "texts" / f"{language}.json").read_text(), object_pairs_hook=list)
        keys = [key for key, _ in pairs]
        assert len(keys) == len(set(keys))
        orders.append(keys)
    assert orders[0] == orders[1]


def test_every_text_is_used_and_every_used_one_is_there() -> None:
    """By its name, or by a beginning that a word of the contract completes."""
    known = CATALOGUES[LANGUAGES[0]].keys()
    groups = {key.partition(".")[0] for key in known}
    literal = {key for source in SOURCES for key in LITERAL.findall(source) if key.partition(".")[0] in groups}
    beginnings = {start for source in SOURCES for start in BEGINNING.findall(source)}
    python = {key for file in FOLDER.rglob("*.py") for key in LITERAL.findall(file.read_text())}
    files = {key for key in literal if key.endswith((".js", ".css", ".html", ".svg"))}
    assert literal - files - known == set()
    unused = {key for key in known if key not in literal | python and not key.startswith(tuple(beginnings))}
    assert unused == set()


def test_every_word_of_the_contract_has_its_text() -> None:
    """Roles, states, facts: whichever comes, the page can say it."""
    known = CATALOGUES[LANGUAGES[0]].keys()
    over = (TicketState.WAITING, TicketState.CALLED)
    needed = {
        *(f"role.{role}" for role in StaffRole),
        *(f"state.{state}" for state in CounterState if state is not CounterState.CLOSED),
        *(f"follow.state_{state}" for state in TicketState if state not in over),
        *(f"officer.undo_{state}" for state in TicketState if state is not TicketState.ENDED),
        *(f"slip.is_{state}" for state in SlipState),
        *(f"slip.why_{reason}" for reason in get_args(SlipFailed.model_fields["reason"].annotation)),
        *(f"history.{kind}" for kind, fact in facts.KINDS.items() if "ticket" in fact.__dataclass_fields__),
    }
    assert needed - known == set()


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "vi"),
        ("vi", "vi"),
        ("en-US,en;q=0.9,vi;q=0.8", "en"),
        ("fr,en;q=0.3,vi;q=0.7", "vi"),
        ("ko,ja;q=0.5", "vi"),
        ("*", "vi"),
        ("en;q=nonsense", "en"),
        (",;q=,,", "vi"),
        ("en" * 5000, "vi"),
    ],
)
def test_the_language_a_browser_likes(header: str, language: str) -> None:
    """The best of ours; Vietnamese when none is named."""
    assert preferred(header) == language


async def test_the_address_wins_and_is_remembered(hall: Hall, browser: Browsers) -> None:
    """Chosen once on any page; a nonsense language changes nothing."""
    one = browser()
    assert 'lang="vi"' in (await one.get("/sign-in")).text
    assert 'lang="en"' in (await one.get("/sign-in?lang=en")).text
    assert one.http.cookies.get(COOKIE) == "en"
    assert 'lang="en"' in (await one.get("/sign-in")).text
    assert 'lang="en"' in (await one.get("/sign-in?lang=xx")).text
    assert 'lang="vi"' in (await one.get("/sign-in?lang=vi")).text


async def test_a_board_speaks_as_its_address_says(hall: Hall, browser: Browsers) -> None:
    """A TV's browser knows nothing of the hall: Vietnamese, unless the address asks otherwise."""
    one = browser()
    english = {"accept-language": "en"}
    assert "Phường An Bình" in (await one.get("/board/hall", headers=english)).text
    assert "An Binh ward" in (await one.get("/board/hall?lang=en")).text


async def test_pages_hold_only_what_their_reader_may_see(hall: Hall, officer: Browser) -> None:
    """The follow page knows its own ticket; the board knows no ids of tickets or people."""
    mine, other = hall.issue(), hall.issue()
    page = (await officer.get(f"/t/{hall.track_key(mine)}", headers={"accept": "text/html"})).text
    board = (await officer.get("/board/hall")).text
    for secret in (hall.track_key(other), other, mine):
        assert secret not in page
        assert secret not in board
