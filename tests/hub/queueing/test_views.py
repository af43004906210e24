"""What the hall is told of the line."""

from datetime import UTC

from hub.contract.names import CounterState
from hub.contract.set_up import SetUp
from hub.contract.time import Instant, to_datetime
from hub.queueing import views
from hub.queueing.ticket import Verb
from tests.hub.queueing.hall import SET_UP, START, Hall

BOARDS = SetUp.model_validate(
    SET_UP.model_dump()
    | {
        "boards": [
            {"id": "hall", "name": {"vi": "Sảnh"}},
            {"id": "upstairs", "name": {"vi": "Tầng 2"}, "counters": ["c3"]},
        ],
        "groups": [*SET_UP.model_dump()["groups"], {"id": "empty", "name": {"vi": "Trống"}}],
    }
)


def calls(hall: Hall, board: str = "hall") -> list[tuple[str, str, int]]:
    said = views.board(hall.line, hall.set_up, board, epoch="e", sequence=1, zone=UTC)
    return [(call.number, call.counter, call.repeat) for call in said.calls]


def test_a_board_shows_standing_calls_of_its_counters_newest_first() -> None:
    """Recalled ones in front with their count; returned ones not at all; eight at most."""
    hall = Hall(set_up=BOARDS)
    hall.open()
    hall.open("c3", "chi")
    for _ in range(14):
        hall.issue()
    hall.call()
    hall.call("c3", "chi")
    hall.press(Verb.RECALL)
    assert calls(hall) == [("A001", "c1", 1), ("A002", "c3", 0)]
    assert calls(hall, "upstairs") == [("A002", "c3", 0)]
    hall.press(Verb.RETURN)
    assert calls(hall) == [("A002", "c3", 0)]
    for _ in range(9):
        hall.call()
        hall.press(Verb.START)
    assert [number for number, _, _ in calls(hall)] == [f"A{n:03d}" for n in (10, 9, 8, 7, 6, 5, 4, 3)]


def test_a_board_says_who_waits_for_its_counters_services() -> None:
    """Not for those of other halls."""
    hall = Hall(set_up=BOARDS)
    hall.issue()
    hall.issue("trade")
    said = {
        board: {
            one.service: one.waiting
            for one in views.board(hall.line, BOARDS, board, epoch="e", sequence=1, zone=UTC).waiting
        }
        for board in ("hall", "upstairs")
    }
    assert said == {"hall": {"births": 1, "land": 0, "trade": 1}, "upstairs": {"births": 1}}


def test_a_counter_shows_its_number_since_when_and_a_name_only_if_there_is_one() -> None:
    """The officer as the public sees him or her."""
    hall = Hall()
    c1 = hall.set_up.counter["c1"]
    assert views.counter(hall.line, c1, {}, UTC).state is CounterState.CLOSED
    hall.open()
    hall.issue()
    hall.call()
    said = views.counter(hall.line, c1, {"an": "Cô An"}, UTC)
    assert said.ticket is not None and said.officer is not None
    assert (said.ticket.number, said.ticket.since) == ("A001", to_datetime(Instant(START + 1), UTC))
    assert (said.state, said.officer.display_name) == (CounterState.CALLED, "Cô An")
    assert views.counter(hall.line, c1, {}, UTC).officer is None


def test_services_stand_under_their_headings_and_empty_headings_are_left_out() -> None:
    """A service without classes of its own is for everybody."""
    said = views.services(BOARDS, 7)
    assert (said.version, [group.id for group in said.groups]) == (7, ["all"])
    assert [service.classes for service in said.groups[0].services] == [["ordinary"]] * 3


def test_the_waiting_are_counted_by_service() -> None:
    """Also where nobody waits."""
    hall = Hall()
    hall.issue()
    hall.issue()
    said = views.waiting(hall.line, hall.set_up, hall.now, UTC)
    assert {service: one.waiting for service, one in said.services.items()} == {"births": 2, "land": 0, "trade": 0}
