"""What is said, in which order, and what becomes of it when calls come faster than speech."""

from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from display_board.announcing import (
    LONGEST_MS,
    OLD_MS,
    SPOKEN,
    Called,
    Clip,
    Manner,
    Mark,
    Speech,
    Turn,
    Verdict,
    announcement,
    ended,
    given_up,
    line_up,
    next_turn,
    words,
)
from hub.contract.names import Text
from hub.contract.time import Instant
from tests.display_board.hall import MORNING, after, called

VI = ("chime", "vi/invite", "vi/letter-a", "vi/0", "vi/1", "vi/2", "vi/to-counter", "vi/5")
EN = ("en/invite", "en/letter-a", "en/0", "en/1", "en/2", "en/to-counter", "en/5")


def said(clips: tuple[Clip, ...]) -> tuple[str, ...]:
    """Clips by their names."""
    return tuple(f"{one.language}/{one.name}".removeprefix("/") for one in clips)


def aloud(number: str, label: Text, language: str, **manner: object) -> str:
    """One language as a voice says it."""
    told = Manner(sound="voice", languages=(language,), **manner)  # type: ignore[arg-type]
    clips = announcement(Called(Mark("e", 1), number, "c", label, MORNING), told)
    return " ".join(one.text or "…" for one in clips)


# ---------------------------------------------------------------- the words


def test_an_announcement_in_its_order() -> None:
    """Chime, first language, a breath, second language."""
    assert said(announcement(called("A012", 5, 1, MORNING), Manner())) == (*VI, "pause", *EN)


def test_a_short_one() -> None:
    """The first language only, once."""
    assert said(announcement(called("A012", 5, 1, MORNING), Manner(times=3), short=True)) == VI


def test_more_than_once() -> None:
    """As often as is set, with a breath between."""
    clips = said(announcement(called("A012", 5, 1, MORNING), Manner(times=2, languages=("vi",))))
    assert clips == (*VI, "pause", *VI[1:])


def test_chime_only_and_voice_only() -> None:
    """As a centre likes it."""
    assert said(announcement(called("A012", 5, 1, MORNING), Manner(sound="chime"))) == ("chime",)
    assert said(announcement(called("A012", 5, 1, MORNING), Manner(sound="voice", languages=("en",)))) == EN


def test_languages_without_words_are_left_out() -> None:
    """And when none is left it is Vietnamese."""
    clips = announcement(called("A012", 5, 1, MORNING), Manner(languages=("km", "en")))
    assert {one.language for one in clips} == {"", "en"}
    assert said(announcement(called("A012", 5, 1, MORNING), Manner(languages=("km",)))) == VI


@pytest.mark.parametrize(
    ("number", "label", "words"),
    [
        ("A012", "Quầy 5", "Mời công dân có số thứ tự a không một hai đến quầy số năm"),
        ("B105", "Quầy số 15", "Mời công dân có số thứ tự bê một không năm đến quầy số mười lăm"),
        ("B105", "quầy 021", "Mời công dân có số thứ tự bê một không năm đến quầy số hai mươi mốt"),
        ("A7-012", "Phòng 101", "Mời công dân có số thứ tự a bảy … không một hai đến phòng số một trăm linh một"),
        ("C001", "Phòng A2", "Mời công dân có số thứ tự xê không không một đến phòng số a hai"),
        ("C001", "Bàn B", "Mời công dân có số thứ tự xê không không một đến bàn số bê"),
        ("C001", "Cửa 4", "Mời công dân có số thứ tự xê không không một đến cửa số bốn"),
        ("C001", "Bàn hướng dẫn", "Mời công dân có số thứ tự xê không không một đến Bàn hướng dẫn"),
        ("C001", "Quầy 5, tầng 2", "Mời công dân có số thứ tự xê không không một đến Quầy 5, tầng 2"),
    ],
)
def test_in_vietnamese(number: str, label: str, words: str) -> None:
    """Counters and rooms as numbers; a label that is neither, as it stands."""
    assert aloud(number, {"vi": label}, "vi") == words


@pytest.mark.parametrize(
    ("number", "label", "words"),
    [
        ("A012", "Counter 5", "Now calling number A zero one two please go to counter five"),
        ("A012", "Room No. 21", "Now calling number A zero one two please go to room twenty one"),
        ("A012", "Window B3", "Now calling number A zero one two please go to window B three"),
        ("A012", "Quầy 5", "Now calling number A zero one two please go to Quầy 5"),
    ],
)
def test_in_english(number: str, label: str, words: str) -> None:
    """The same."""
    assert aloud(number, {"en": label}, "en") == words


def test_as_a_number_and_in_the_south() -> None:
    """By setting."""
    words = aloud("A101", {"vi": "Quầy 5"}, "vi", numbers="number", variant="south")
    assert words == "Mời công dân có số thứ tự a một trăm lẻ một đến quầy số năm"


def test_a_label_s_own_clip_has_a_name_that_stays() -> None:
    """So that it too can be recorded; another label has another one."""
    names = {
        announcement(Called(Mark("e", 1), "A001", "c", {"vi": label}, MORNING), Manner(languages=("vi",)))[-1].name
        for label in ("Bàn hướng dẫn", "Bán hướng dẫn", "Bàn hướng dẫn ")
    }
    assert len(names) == 2
    assert all(name.startswith("place-") for name in names)


@pytest.mark.parametrize("language", SPOKEN)
def test_a_voice_pack_holds_every_word(language: str) -> None:
    """Whatever number is called to whatever counter, the clips are among those a pack has."""
    held = {(one.language, one.name) for one in words(language, "north")}
    for number in range(0, 1000, 7):
        for numbers in ("digits", "number"):
            manner = Manner(sound="voice", languages=(language,), numbers=numbers)  # type: ignore[arg-type]
            clips = announcement(called(f"Z{number:03}", number, 1, MORNING), manner)
            assert {(one.language, one.name) for one in clips} <= held
    assert len(held) == len(words(language, "north"))


# ---------------------------------------------------------------- whose turn it is


def ready(_called: Called) -> Verdict:
    """Nobody was served yet."""
    return Verdict.READY


def lined_up(*calls: Called) -> Speech:
    """Calls that wait, in this order."""
    speech = Speech()
    for one in calls:
        speech, _ = line_up(speech, one)
    return speech


def test_one_after_another() -> None:
    """The next one not before the first has ended, and each of them once."""
    one, two = called("A001", 1, 1, MORNING), called("A002", 2, 2, MORNING)
    speech, turn, _ = next_turn(lined_up(one, two), ready, MORNING)
    assert turn == Turn(one, short=True)
    speech, turn, _ = next_turn(speech, ready, after(3))
    assert turn is None
    speech, turn, _ = next_turn(ended(speech, one.key), ready, after(5))
    assert turn == Turn(two, short=False)
    speech, turn, _ = next_turn(ended(speech, two.key), ready, after(9))
    assert (turn, speech) == (None, Speech())


def test_what_is_older_than_a_minute_is_not_said() -> None:
    """A minute exactly still is."""
    one, two = called("A001", 1, 1, MORNING), called("A002", 2, 2, after(1))
    _, turn, over = next_turn(lined_up(one, two), ready, Instant(after(1) + OLD_MS))
    assert (turn, over) == (Turn(two, short=False), (one,))


def test_who_is_served_is_not_called() -> None:
    """Whoever came at the sight of the number."""
    one, two = called("A001", 1, 1, MORNING), called("A002", 2, 2, MORNING)
    verdicts = {one.key: Verdict.OVER, two.key: Verdict.READY}
    _, turn, over = next_turn(lined_up(one, two), lambda call: verdicts[call.key], MORNING)
    assert (turn, over) == (Turn(two, short=False), (one,))


def test_who_is_not_sure_yet_waits() -> None:
    """And holds nobody up; alone, it is not said."""
    one, two = called("A001", 1, 1, MORNING), called("A002", 2, 2, MORNING)
    verdicts = {one.key: Verdict.NOT_YET, two.key: Verdict.READY}
    speech, turn, over = next_turn(lined_up(one, two), lambda call: verdicts[call.key], MORNING)
    assert (turn, over, speech.waiting) == (Turn(two, short=False), (), (one,))
    assert next_turn(lined_up(one), lambda _: Verdict.NOT_YET, MORNING)[1] is None


def test_a_number_called_again_while_it_waits_is_said_once() -> None:
    """At its later place; a number called again after it was said is said again."""
    one, two = called("A001", 1, 1, MORNING), called("A002", 2, 2, MORNING)
    again = called("A001", 1, 3, after(1))
    speech, replaced = line_up(lined_up(one, two), again)
    assert (speech.waiting, replaced) == ((two, again), (one,))
    speech, _, _ = next_turn(lined_up(one), ready, MORNING)
    speech, replaced = line_up(speech, again)
    assert (speech.waiting, replaced) == ((again,), ())


def test_a_page_that_never_says_that_it_has_finished() -> None:
    """Is not waited for without end, nor is one that has gone."""
    one, two = called("A001", 1, 1, MORNING), called("A002", 2, 2, MORNING)
    speech, _, _ = next_turn(lined_up(one, two), ready, MORNING)
    assert next_turn(speech, ready, Instant(MORNING + LONGEST_MS))[1] is None
    assert next_turn(speech, ready, Instant(MORNING + LONGEST_MS + 1))[1] == Turn(two, short=False)
    assert next_turn(given_up(speech), ready, MORNING)[1] == Turn(two, short=False)
    assert ended(speech, two.key) == speech


class Hall(RuleBasedStateMachine):
    """Calls, ends and time, in any order."""

    calls = Bundle("calls")

    def __init__(self) -> None:
        super().__init__()
        self.now = MORNING
        self.speech = Speech()
        self.sequence = 0
        self.served: set[str] = set()
        self.lined_up: list[str] = []
        self.decided: list[str] = []
        self.begun: dict[str, Instant] = {}

    @rule(target=calls, number=st.sampled_from(["A001", "A002", "B001", "C001"]), counter=st.integers(1, 3))
    def call(self, number: str, counter: int) -> Called:
        self.sequence += 1
        self.now = Instant(self.now + 1)
        one = called(number, counter, self.sequence, self.now)
        self.speech, replaced = line_up(self.speech, one)
        self.lined_up.append(one.key)
        self.decided += [gone.key for gone in replaced]
        return one

    @rule(one=calls)
    def serve(self, one: Called) -> None:
        self.served.add(one.key)

    @rule(milliseconds=st.integers(0, 70_000))
    def pass_by(self, milliseconds: int) -> None:
        self.now = Instant(self.now + milliseconds)

    @rule()
    def finish(self) -> None:
        if self.speech.speaking is not None:
            self.speech = ended(self.speech, self.speech.speaking.key)

    @rule()
    def give_up(self) -> None:
        self.speech = given_up(self.speech)

    @rule()
    def take(self) -> None:
        before = self.speech
        self.speech, turn, over = next_turn(self.speech, self.verdict, self.now)
        self.decided += [gone.key for gone in over]
        if turn is None:
            return
        key = turn.called.key
        assert before.speaking is None or self.now - before.since > LONGEST_MS
        assert key not in self.served
        assert self.now - turn.called.at <= OLD_MS
        assert turn.short == bool(self.speech.waiting)
        assert key not in self.begun
        self.begun[key] = self.now
        self.decided.append(key)

    def verdict(self, one: Called) -> Verdict:
        return Verdict.OVER if one.key in self.served else Verdict.READY

    @invariant()
    def every_call_is_decided_once_or_waits(self) -> None:
        waiting = [one.key for one in self.speech.waiting]
        assert sorted(self.decided + waiting) == sorted(self.lined_up)

    @invariant()
    def no_number_waits_twice(self) -> None:
        numbers = [one.number for one in self.speech.waiting]
        assert len(set(numbers)) == len(numbers)


TestHall = Hall.TestCase
TestHall.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_a_call_has_another_key_each_time() -> None:
    """Also the same number at the same counter."""
    one = called("A001", 1, 1, MORNING)
    assert one.key != replace(one, at=after(0.001)).key
