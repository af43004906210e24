"""What the hall is told: the same line gives the same words."""

from zoneinfo import ZoneInfo

import pytest

from hub.contract import messages as m
from hub.contract.names import CounterState, TicketState
from hub.contract.set_up import SetUp
from hub.queueing import facts as f
from hub.queueing import views
from hub.queueing.line import Line
from hub.queueing.ticket import Verb
from tests.hub.queueing.hall import SET_UP, START, TODAY, Hall

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DOCUMENT = SET_UP.model_dump() | {
    "languages": ["vi", "en"],
    "notice": {"vi": "Nghỉ trưa"},
    "playlist_version": 4,
    "groups": [{"id": "all", "name": {"vi": "Tất cả"}}, {"id": "empty", "name": {"vi": "Không có gì"}}],
    "boards": [
        {"id": "hall", "name": {"vi": "Sảnh"}},
        {"id": "yard", "name": {"vi": "Sân"}, "counters": ["c2"]},
    ],
}
DOCUMENT["services"] = [
    DOCUMENT["services"][0] | {"description": {"vi": "Mang theo giấy tờ"}, "icon": "baby", "classes": ["ordinary"]},
    DOCUMENT["services"][1] | {"open": False},
    DOCUMENT["services"][2],
]
DOCUMENT["classes"] = [one | {"meaning": {"vi": "Gọi sau mỗi ba người thường."}} for one in DOCUMENT["classes"]]
FULL = SetUp.model_validate(DOCUMENT)


@pytest.fixture
def hall() -> Hall:
    """Two counters at work, one closed; nobody has come."""
    hall = Hall(set_up=FULL)
    hall.open("c1", "an")
    hall.open("c2", "binh")
    return hall


def board(hall: Hall, board_id: str = "hall") -> m.Board:
    return views.board(hall.line, FULL, board_id, epoch="e1", sequence=42, zone=ZONE)


def numbers(shown: m.Board) -> list[str]:
    return [call.number for call in shown.calls]


# ---------------------------------------------------------------- centre and services


def test_the_centre_is_what_citizens_see_of_the_set_up() -> None:
    """Nothing of counters or services; open, as this version has no opening hours."""
    assert views.centre(FULL, "https://example.vn") == m.Centre(
        name={"vi": "Hoa Sen"},
        languages=["vi", "en"],
        classes=[m.TicketClass(id=one.id, name=one.name, icon=one.icon) for one in FULL.classes],
        open=True,
        opens_at=None,
        closes_at=None,
        notice={"vi": "Nghỉ trưa"},
        public_url="https://example.vn",
    )
    assert views.centre(FULL, None).public_url is None


def test_services_stand_under_their_groups() -> None:
    """Groups without any are left out; a service without classes of its own is for all of them."""
    shown = views.services(FULL, 7)
    assert shown.version == 7
    (group,) = shown.groups
    assert (group.id, [one.id for one in group.services]) == ("all", ["births", "land", "trade"])
    births, land, trade = group.services
    assert (births.prefix, births.icon, births.description) == ("A", "baby", {"vi": "Mang theo giấy tờ"})
    assert (births.classes, trade.classes) == (["ordinary"], ["ordinary", "elderly"])
    assert [one.open for one in group.services] == [True, False, True]
    assert land.closed_reason is None


def test_a_centre_not_set_up_has_nothing_to_show() -> None:
    """And breaks nothing."""
    empty = SetUp(name={"vi": "Trung tâm"})
    assert views.services(empty, 0).groups == []
    assert views.waiting(Line(), empty, START, ZONE).services == {}


# ---------------------------------------------------------------- waiting


def test_so_many_wait_for_each_service(hall: Hall) -> None:
    """All services, also those nobody waits for; on the centre's clock."""
    for service in ("births", "births", "trade"):
        hall.issue(service)
    shown = views.waiting(hall.line, FULL, START, ZONE)
    assert shown.at.isoformat() == "2026-11-23T08:00:00+07:00"
    assert {name: (one.waiting, one.open) for name, one in shown.services.items()} == {
        "births": (2, True),
        "land": (0, False),
        "trade": (1, True),
    }
    hall.call()
    assert views.waiting(hall.line, FULL, START, ZONE).services["births"].waiting == 1


# ---------------------------------------------------------------- counters


def test_a_counter_is_shown_as_it_is_at_work(hall: Hall) -> None:
    """Closed, open, called, serving, paused: with the officer's name and the ticket's number."""
    names = {"an": "Nguyễn An"}

    def shown(counter: str = "c1") -> m.Counter:
        return views.counter(hall.line, FULL.counter[counter], names, ZONE)

    closed = shown("c3")
    assert (closed.number, closed.label, closed.state) == (3, {"vi": "Quầy 3"}, CounterState.CLOSED)
    assert (closed.officer, closed.ticket) == (None, None)
    assert (shown().state, shown().ticket) == (CounterState.OPEN, None)
    assert shown().officer == m.CounterOfficer(display_name="Nguyễn An", photo_url=None)
    hall.issue()
    hall.call()
    ticket = shown().ticket
    assert (shown().state, ticket and ticket.number) == (CounterState.CALLED, "A001")
    assert ticket is not None
    assert ticket.since.isoformat() == "2026-11-23T08:00:00.001000+07:00"
    hall.press(Verb.START)
    assert shown().state is CounterState.SERVING
    hall.press(Verb.FINISH)
    hall.pause()
    assert (shown().state, shown().ticket) == (CounterState.PAUSED, None)


def test_an_officer_who_is_not_known_is_not_named(hall: Hall) -> None:
    """The id stays inside."""
    shown = views.counter(hall.line, FULL.counter["c2"], {}, ZONE)
    assert shown.officer is None
    assert "binh" not in shown.model_dump_json()


# ---------------------------------------------------------------- boards


def test_a_board_lists_its_last_calls_newest_first(hall: Hall) -> None:
    """With the counter's label and the time; a board of some counters lists theirs only."""
    for service in ("births", "trade"):
        hall.issue(service)
    hall.call()
    hall.call("c2", "binh")
    assert numbers(board(hall)) == ["CK001", "A001"]
    assert numbers(board(hall, "yard")) == ["CK001"]
    call = board(hall).calls[0]
    assert (call.counter, call.label, call.repeat) == ("c2", {"vi": "Quầy 2"}, 0)
    assert call.called_at.isoformat().startswith("2026-11-23T08:00:00")
    assert (board(hall).epoch, board(hall).sequence, board(hall).playlist_version) == ("e1", 42, 4)
    assert board(hall).notice == {"vi": "Nghỉ trưa"}


def test_a_recall_counts_and_comes_first(hall: Hall) -> None:
    """Listed once."""
    for service in ("births", "trade"):
        hall.issue(service)
    hall.call()
    hall.call("c2", "binh")
    hall.press(Verb.RECALL)
    hall.press(Verb.RECALL)
    assert [(call.number, call.repeat) for call in board(hall).calls] == [("A001", 2), ("CK001", 0)]


@pytest.mark.parametrize("verb", [Verb.RETURN, "transfer", "undo"])
def test_a_call_whose_ticket_waits_again_is_not_listed(hall: Hall, verb: str) -> None:
    """Whoever read it would go there for nothing; called again it is there again."""
    ticket = hall.issue()
    hall.call()
    match verb:
        case "transfer":
            hall.transfer("trade")
        case "undo":
            hall.undo()
        case _:
            hall.press(Verb(verb))
    assert hall.line.tickets[ticket.id].state is TicketState.WAITING
    assert numbers(board(hall)) == []
    hall.call(*(("c2", "binh") if verb == "transfer" else ()))
    assert numbers(board(hall)) == ["A001"]


@pytest.mark.parametrize("verb", [Verb.START, Verb.NO_SHOW, Verb.HOLD, Verb.CANCEL])
def test_a_call_that_came_to_anything_else_stays_listed(hall: Hall, verb: Verb) -> None:
    """The hall has seen it."""
    hall.issue()
    hall.call()
    hall.press(verb)
    assert numbers(board(hall)) == ["A001"]


def test_only_so_many_are_listed(hall: Hall) -> None:
    """The last eight of the board's own counters, however many were called elsewhere."""
    for _ in range(12):
        hall.issue("trade")
        hall.issue("births")
    for _ in range(12):
        for counter, officer in (("c1", "an"), ("c2", "binh")):
            hall.call(counter, officer)
            hall.press(Verb.NO_SHOW, counter, officer)
    assert numbers(board(hall, "yard")) == [f"CK{n:03d}" for n in range(12, 4, -1)]
    assert len(numbers(board(hall))) == 8


def test_a_board_shows_who_waits_for_its_counters(hall: Hall) -> None:
    """Services that none of its counters serves are another board's."""
    hall.issue("trade")
    assert [(one.service, one.prefix, one.waiting) for one in board(hall, "yard").waiting] == [
        ("land", "B", 0),
        ("trade", "CK", 1),
    ]
    assert [one.service for one in board(hall).waiting] == ["births", "land", "trade"]


def test_a_new_day_begins_with_an_empty_board(hall: Hall) -> None:
    """Yesterday's calls are nobody's."""
    hall.issue()
    hall.call()
    hall.state(f.DayOpened(type(TODAY)("2026-11-24"), 1))
    assert numbers(board(hall)) == []


def test_a_board_that_the_set_up_does_not_have_shows_nothing(hall: Hall) -> None:
    """Asked for by a stale address."""
    hall.issue()
    hall.call()
    assert (numbers(board(hall, "moon")), board(hall, "moon").waiting) == ([], [])


def test_a_call_is_told_as_it_happens() -> None:
    """Its entry's number is its sequence."""
    call = views.board_call("A007", FULL.counter["c2"], repeat=1, at=START, epoch="e1", sequence=99, zone=ZONE)
    assert (call.number, call.counter, call.label, call.repeat) == ("A007", "c2", {"vi": "Quầy 2"}, 1)
    assert (call.epoch, call.sequence, call.at.isoformat()) == ("e1", 99, "2026-11-23T08:00:00+07:00")


def test_views_change_nothing(hall: Hall) -> None:
    """They look."""
    hall.issue()
    hall.call()
    before = repr(hall.line)
    views.waiting(hall.line, FULL, START, ZONE)
    board(hall)
    for counter in FULL.counters:
        views.counter(hall.line, counter, {}, ZONE)
    assert repr(hall.line) == before
