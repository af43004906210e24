"""Asking a printer that answers late, in halves, with garbage or not at all, in a time of the test's own."""

from collections.abc import Callable

import pytest

from hardware.printer.answers import Reading
from hardware.printer.conversation import Conversation
from tests.hardware.printer.pictures import NARROW, WIDE

QUESTIONS = {b"\x10\x04" + bytes((number,)): number for number in (1, 2, 3, 4)}
FINE = {1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}
CLEAR = WIDE.clear
ANSWER_S = WIDE.answer_s


class ScriptedCable:
    """Answers as told, after as long as told. Time passes only while somebody waits for an answer."""

    piece = 4096
    bytes_per_s: float | None = None
    answers = True

    def __init__(self, answer: Callable[[bytes], bytes], *, delay_s: float = 0.01) -> None:
        self.time = 1000.0
        self.sent: list[bytes] = []
        self.coming: list[tuple[float, bytes]] = []
        self.answer = answer
        self.delay_s = delay_s

    def now(self) -> float:
        return self.time

    def open(self) -> None: ...

    def close(self, *, drop: bool = False) -> None: ...

    def send(self, data: bytes, limit_s: float) -> None:
        assert limit_s > 0
        self.sent.append(data)
        said = self.answer(data)
        if said:
            self.coming.append((self.time + self.delay_s, said))

    def receive(self, limit_s: float) -> bytes:
        end = self.time + max(limit_s, 1e-6)
        if not self.coming or self.coming[0][0] > end:
            self.time = end
            return b""
        at, data = self.coming.pop(0)
        self.time = max(self.time, at)
        return data


def nothing(_data: bytes) -> bytes:
    """No answer."""
    return b""


def talk_with(
    answers: dict[int, int], *, delay_s: float = 0.01, noise: bytes = b""
) -> tuple[Conversation, ScriptedCable]:
    """A printer that answers some questions, with noise around each answer."""

    def answer(data: bytes) -> bytes:
        number = QUESTIONS.get(data)
        return noise + bytes((answers[number],)) + noise if number in answers else noise if number else b""

    cable = ScriptedCable(answer, delay_s=delay_s)
    return Conversation(cable, WIDE, now=cable.now), cable


def test_a_printer_that_is_fine_is_asked_two_questions() -> None:
    """Is it there, and has it paper."""
    talk, cable = talk_with(FINE)
    assert talk.reading() == Reading("ready", "ok")
    assert [QUESTIONS[sent] for sent in cable.sent] == [1, 4]
    assert cable.time < 1000.1


def test_a_printer_that_is_not_is_asked_why() -> None:
    """All four."""
    talk, cable = talk_with({**FINE, 1: 0x1A, 2: 0x16})
    assert talk.reading() == Reading("cover-open", "ok")
    assert [QUESTIONS[sent] for sent in cable.sent] == [1, 2, 3, 4]


def test_no_answer_is_not_a_good_one() -> None:
    """python-escpos would say that there is paper."""
    talk, cable = talk_with({})
    assert talk.reading() is None
    assert cable.time - 1000.0 == pytest.approx(ANSWER_S, abs=1e-3)


@pytest.mark.parametrize("missing", [2, 3, 4])
def test_half_an_answer_says_half(missing: int) -> None:
    """What was answered counts."""
    answers = {1: 0x1A, 2: 0x32, 3: 0x12, 4: 0x72}
    del answers[missing]
    reading = talk_with(answers)[0].reading()
    assert reading == Reading("ready", "out")
    assert talk_with({1: 0x12})[0].reading() == Reading("ready", "unknown")


@pytest.mark.parametrize("noise", [b"\x11", b"\x13\x11", b"\x00\x03", b"\xff" * 50, b"\x37\x25\x00", b"Hello"])
def test_garbage_is_no_answer(noise: bytes) -> None:
    """XON, XOFF, confirmations nobody asked for, and letters: the answer among them is found, and none is invented."""
    assert talk_with(FINE, noise=noise)[0].reading() == Reading("ready", "ok")
    assert talk_with({}, noise=noise)[0].reading() is None


def test_garbage_without_end_does_not_hold_anybody() -> None:
    """It is listened to no longer than an answer is waited for."""
    talk, cable = talk_with({})
    cable.coming = [(0.0, b"\xff" * 64)] * 10_000
    cable.answer = nothing
    original = cable.receive

    def receive(limit_s: float) -> bytes:
        cable.time += 0.001
        return original(limit_s)

    cable.receive = receive
    assert talk.reading() is None
    assert cable.time - 1000.0 < 3 * ANSWER_S


def test_a_late_answer_is_not_taken_for_the_next_one() -> None:
    """A printer that needs a moment too long is silent, and never says something it did not mean."""
    talk, cable = talk_with({**FINE, 4: 0x7E}, delay_s=ANSWER_S * 1.2)
    for _ in range(5):
        assert talk.reading() is None
    cable.delay_s = 0.01
    assert talk.reading() == Reading("ready", "out")


def test_what_came_before_a_question_is_no_answer_to_it() -> None:
    """Dots of a picture were taken for questions, and answered."""
    talk, cable = talk_with(FINE)
    cable.coming.append((999.0, b"\x1e\x7e\x1a"))
    assert talk.reading() == Reading("ready", "ok")


def test_quiet_is_waited_for_and_not_for_ever() -> None:
    """While answers come that nobody asked for, nothing can be learnt."""
    talk, cable = talk_with(FINE)
    assert talk.settle()
    cable.coming = [(cable.time + 0.1 * number, b"\x12") for number in range(1, 20)]
    begin = cable.time
    assert not talk.settle()
    assert cable.time - begin < 3 * ANSWER_S


def test_doubt_means_quiet_first() -> None:
    """Then the answers are those to the questions."""
    talk, cable = talk_with({**FINE, 1: 0x1A, 2: 0x16})
    cable.coming.append((cable.time + ANSWER_S / 2, b"\x12\x12\x12"))
    talk.doubt()
    assert talk.reading() == Reading("cover-open", "ok")


def test_a_confirmation_is_heard_whenever_it_comes() -> None:
    """While it is waited for, or in the middle of another question; an old one does not count."""
    talk, cable = talk_with(FINE)
    cable.coming.append((999.0, b"\x00"))
    talk.ask_for_confirmation()
    assert cable.sent == [b"\x1d\x72\x01"]
    assert not talk.confirmed(1.0)
    assert cable.time >= 1001.0
    cable.coming.append((cable.time + 0.5, b"\x03"))
    assert talk.confirmed(1.0)
    talk.ask_for_confirmation()
    cable.answer = lambda data: b"\x00\x12" if data in QUESTIONS else b""
    talk.reading()
    assert talk.confirmed(0.0)


def test_clearing_waits_for_its_answer() -> None:
    """Nothing may be sent before it has come; it comes in pieces, and other things come too."""
    cable = ScriptedCable(nothing)
    talk = Conversation(cable, WIDE, now=cable.now)
    cable.coming = [(1000.05, b"\x12\x37"), (1000.1, b"\x25"), (1000.15, b"\x00\x12")]
    talk.clear()
    assert cable.sent == [CLEAR]
    assert cable.time == pytest.approx(1000.15, abs=1e-3)
    talk.clear()
    assert cable.time == pytest.approx(1000.15 + ANSWER_S, abs=1e-3)


def test_without_a_command_to_clear_half_a_picture_is_filled_up() -> None:
    """With as many zeros as the rest of it can be long."""
    cable = ScriptedCable(nothing)
    Conversation(cable, NARROW, now=cable.now).clear()
    assert cable.sent == [bytes(48 * 64)]


def test_who_cannot_answer_is_not_asked() -> None:
    """A cable with one direction, or a model that says nothing."""
    cable = ScriptedCable(nothing)
    assert Conversation(cable, WIDE).answers
    cable.answers = False
    assert not Conversation(cable, WIDE).answers
