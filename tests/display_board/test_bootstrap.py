"""A board as a whole, against a real broker and a hub that says what the test wants; pages are plain listeners."""

import http.client
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from display_board.conductor import Conductor
from display_board.show import Saying
from hub.contract.messages import Shown
from tests.display_board.house import BOARD, DEVICE, House, RunningBoard, house
from tests.hub.client.scripted_hub import LIMIT_S, until
from tests.hub.web.listening import Ear


class Listener(Ear):
    """A page as far as its stream goes: it draws nothing, and reports only what the test lets it."""

    def __init__(self, board: RunningBoard) -> None:
        self._place = urlsplit(board.address)
        assert self._place.port is not None
        super().__init__(self._place.port, f"{self._place.path}events")
        until(lambda: self.named("wall"), "the first word")

    @property
    def wall(self) -> dict[str, Any]:
        """The last one."""
        wall: dict[str, Any] = self.named("wall")[-1]["wall"]
        return wall

    @property
    def numbers(self) -> list[str]:
        """On it."""
        return [one["number"] for one in self.wall["calls"]]

    def report(self, call: dict[str, Any], speech: str) -> int:
        """Says what a page would; returns the status."""
        body = {"call": call["key"], "drawn_at": self.named("wall")[-1]["at"], "speech": speech}
        return self.post("report", json.dumps(body).encode())

    def post(self, name: str, body: bytes) -> int:
        """Any word of a page."""
        assert self._place.port is not None
        connection = http.client.HTTPConnection("127.0.0.1", self._place.port, timeout=LIMIT_S)
        try:
            connection.request("POST", self._place.path + name, body)
            return connection.getresponse().status
        finally:
            connection.close()

    def unconfirmed(self, number: str) -> dict[str, Any]:
        """A call on the wall that is to be confirmed."""
        found = [
            one for told in self.named("wall") for one in told["unconfirmed"] if one["key"].startswith(f"{number} ")
        ]
        call: dict[str, Any] = found[-1]
        return call


@pytest.fixture
def it(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        yield made


def test_a_board_is_right_at_once(it: House) -> None:
    """From retained topics alone, whatever came first."""
    it.call("A001", 1, ago_s=60)
    it.list_calls()
    with Listener(it.begin()) as page:
        until(lambda: page.numbers == ["A001"], "the list")
        wall = page.wall
        assert (wall["name"]["vi"], wall["lost"], wall["services"][0]["low"]) == ("Phường An Bình", False, 20)
        assert page.named("say") == []


def test_a_call_is_told_said_and_confirmed_by_the_page(it: House) -> None:
    """Nothing is confirmed before the page has said so; the confirmation carries the call's own mark."""
    with Listener(it.begin()) as page:
        sequence = it.call("A012", 5)
        until(lambda: page.named("say"), "the announcement")
        (told,) = page.named("say")
        assert told["clips"][:3] == ["sounds/chime.wav", "vi/invite.wav", "vi/letter-a.wav"]
        assert it.shown() == []
        call = page.unconfirmed("A012")
        assert (call["sequence"], call["epoch"], call["speech"]) == (sequence, "e1", "pending")
        assert page.report(call, "pending") == 204
        until(lambda: it.shown() == ["pending"], "the confirmation")
        page.report(call, "spoken")
        until(lambda: it.shown(sequence=sequence) == ["pending", "spoken"], "the second one")


def confirms_by_itself(it: House) -> bool:
    """Whether a board tells the hub that a call was shown, though no page has said so."""
    with Listener(it.begin()) as page:
        first = it.call("A012", 5)
        it.call("B001", 2)
        until(lambda: {"A012", "B001"} <= set(page.numbers) and page.named("say"), "both calls on the page")
        page.report(page.unconfirmed("B001"), "pending")
        until(lambda: "pending" in it.shown(sequence=it.sequence), "the page's own confirmation")
        return it.shown(sequence=first) != []


def test_the_page_confirms_and_nobody_else(it: House) -> None:
    """A TV that is dark, or a browser that hangs, confirms nothing: the officer sees that the hall has not seen."""
    assert not confirms_by_itself(it)


def test_a_server_that_confirms_by_itself_is_caught(it: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proof can fail."""
    honest = Conductor._follow_up

    def eager(self: Conductor) -> None:
        for one in self._show.drawing(self._clock()).unconfirmed:
            mark, now = one.mark, datetime.fromisoformat(self._now_text())
            self._ports.confirm(
                Shown(board=BOARD, epoch=mark.epoch, sequence=mark.sequence, drawn_at=now, speech="pending")
            )
        honest(self)

    monkeypatch.setattr(Conductor, "_follow_up", eager)
    assert confirms_by_itself(it)


def test_a_restart_replays_nothing(it: House) -> None:
    """What was said is not said again; the wall is as before, also when the hub is not there."""
    first = it.begin()
    with Listener(first) as page:
        it.call("A012", 5)
        until(lambda: page.named("say"), "the announcement")
        page.report(page.unconfirmed("A012"), "pending")
        page.report(page.unconfirmed("A012"), "spoken")
        until(lambda: it.shown() == ["pending", "spoken"], "confirmed")
        it.list_calls()
    first.end()
    second = it.begin()
    with Listener(second) as page:
        until(lambda: page.numbers == ["A012"] and not page.wall["lost"], "the same wall")
        it.call("A013", 5)
        until(lambda: page.named("say"), "the next announcement")
        assert [one["key"][:4] for one in page.named("say")] == ["A013"]
        assert [one["key"][:4] for one in page.named("wall")[0]["unconfirmed"]] == []
    second.end()
    it.broker.stop()
    it.let_pass(60)
    alone = it.begin_alone()
    with Listener(alone) as page:
        assert page.wall["lost"]
        assert page.numbers == ["A013", "A012"]
        assert page.wall["updated_at"] is not None
        assert page.named("say") == []


def test_settings_take_effect_at_once(it: House) -> None:
    """Another board, another look, silence; and they are kept for a day without the hub."""
    board = it.begin()
    with Listener(board) as page:
        it.call("A001", 1)
        until(lambda: page.named("say"), "the announcement")
        it.settings(speaks=False)
        it.call("A002", 2)
        until(lambda: "A002" in page.numbers, "the next call")
        assert page.unconfirmed("A002")["speech"] == "muted"
        assert len(page.named("say")) == 1
        it.settings(speaks=False, languages=["en"])
        until(lambda: page.named("reload"), "another language")
        it.settings(speaks=False, languages=["en"], boards=["yard"])
        until(lambda: page.numbers == [] and page.wall["name"]["vi"], "an empty board of the same centre")
    board.end()
    it.broker.stop()
    assert it.begin_alone().program.conductor.first_word().setting.board == "yard"


def test_one_counter_is_a_plate(it: House) -> None:
    """As the hub has set the device, or its own file."""
    it.settings(counter="c5")
    it.counter(5, "paused")
    with Listener(it.begin()) as page:
        until(lambda: page.wall["desks"], "the counter")
        assert (page.wall["layout"], page.wall["desks"][0]["state"]) == ("counter", "paused")
        it.call("B001", 2)
        it.call("A001", 5)
        until(lambda: page.wall["desks"][0]["number"] == "A001", "its call")
        assert page.numbers == ["A001"]


def test_orders_are_carried_out(it: House) -> None:
    """Its name on the screen; no picture without a browser; and an end that is a beginning."""
    board = it.begin()
    with Listener(board) as page:
        it.order("identify")
        until(lambda: page.named("identify") == [{"device": DEVICE}], "the name")
        it.order("screenshot", upload_url="https://127.0.0.1:1/x")
        until(lambda: it.done("screenshot"), "the answer")
        assert it.done("screenshot") == {"ok": False, "detail": "no browser of ours shows the page"}
        it.order("test-print")
        until(lambda: it.done("test-print"), "the answer")
        assert it.done("test-print") == {"ok": False, "detail": "unsupported"}
        it.order("restart")
        until(lambda: it.hub.last(f"devices/{DEVICE}/presence")["state"] == "restarting", "its last words")
    board.end()


def test_what_is_not_understood_is_not_taken(it: House) -> None:
    """Nor does it do any harm."""
    with Listener(it.begin()) as page:
        sequence = it.call("A012", 5)
        until(lambda: "A012" in page.numbers, "the call")
        call = page.unconfirmed("A012")
        for body in (b"", b"{}", b"[]", b"\xff", b'{"call": 7}', b"x" * 5000):
            assert page.post("report", body) == 400
        assert page.report(call, "shouted") == 400
        assert page.report({"key": "Z999 1"}, "spoken") == 204
        page.report(call, "pending")
        until(lambda: it.shown(sequence=sequence) == ["pending"], "the fit one")
        assert it.shown() == ["pending"]


def test_a_message_that_breaks_something_breaks_nothing_else(it: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next call is shown."""
    board = it.begin()
    with Listener(board) as page:
        broken = board.program.conductor._show.hear
        monkeypatch.setattr(type(board.program.conductor._show), "hear", lambda *_: 1 / 0)
        it.call("A001", 1)
        monkeypatch.undo()
        assert broken
        it.call("A002", 1)
        until(lambda: "A002" in page.numbers, "the next call")


def test_a_voice_that_is_slow_holds_up_no_call(it: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A number is on the wall while its announcement is still being made."""
    board = it.begin()
    made: list[Saying] = []
    monkeypatch.setattr(board.program.speaker.voice, "offer", lambda _: until(lambda: made, "let go", 60) or [])
    with Listener(board) as page:
        it.call("A001", 1)
        it.call("A002", 2)
        until(lambda: page.numbers == ["A002", "A001"], "both numbers")
        assert page.named("say") == []
        made.append(Saying("", None, ()))  # type: ignore[arg-type]
        until(lambda: page.named("say"), "the announcement")
