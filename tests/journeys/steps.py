"""The steps of journeys: what somebody does in a centre, or sees there. A step that does not come true fails."""

from dataclasses import dataclass
from typing import Any, ClassVar

from tests.journeys.hall import BOARD, Hall, Told
from tests.rig.centre import CLASS
from tests.rig.running import eventually


class Step:
    """One line of a journey."""

    def play(self, hall: Hall) -> None:
        """Does it, or looks whether it is so."""
        raise NotImplementedError


class Asking(Step):
    """A step that asks the hub for something."""

    def ask(self, hall: Hall) -> Told:
        """What is answered."""
        raise NotImplementedError

    def check(self, body: Any) -> None:
        """Whether a yes says what it should."""

    def keep(self, hall: Hall, body: Any) -> None:
        """What later steps need to know of it."""

    def play(self, hall: Hall) -> None:
        """The answer is a yes."""
        told = self.ask(hall)
        assert told.code == "", f"{self}: {told.code}"
        self.check(told.body)
        self.keep(hall, told.body)


@dataclass(frozen=True)
class Refused(Step):
    """The hub says no to a step, and why."""

    code: str
    step: Asking

    def play(self, hall: Hall) -> None:
        """With this very code."""
        assert self.step.ask(hall).code == self.code


# ---------------------------------------------------------------- at a kiosk


def service(letter: str) -> str:
    """`A` is the prefix of service-a."""
    return f"service-{letter.lower()}"


@dataclass(frozen=True)
class Take(Asking):
    """A visitor takes a number."""

    kiosk: str
    letter: str
    number: str = ""
    ahead: int | None = None

    def ask(self, hall: Hall) -> Told:
        fields = {"service": service(self.letter), "class": CLASS, "language": "vi"}
        return hall.ask(self.kiosk, "issue-ticket", fields)

    def check(self, body: Any) -> None:
        ticket = body["ticket"]
        assert ticket["number"] == self.number
        assert self.ahead is None or ticket["people_ahead"] == self.ahead

    def keep(self, hall: Hall, body: Any) -> None:
        hall.tickets[self.number] = body["ticket"]["id"]


@dataclass(frozen=True)
class TakeOnPaper(Step):
    """A visitor takes a number at the appliance itself, and the slip comes out."""

    letter: str
    number: str

    def play(self, hall: Hall) -> None:
        said = hall.print_number(service(self.letter))
        assert (said["outcome"], said["number"]) == ("printed", self.number)
        hall.tickets[self.number] = said["ticket_id"]
        papers = sorted(path.suffix for path in hall.slips.glob(f"*-{self.number}.*"))
        assert papers == [".bin", ".png"]


@dataclass(frozen=True)
class About(Asking):
    """A device says or asks something about a number."""

    kiosk: str
    number: str
    operation: ClassVar[str]
    more: ClassVar[dict[str, object]] = {}

    def ask(self, hall: Hall) -> Told:
        return hall.ask(self.kiosk, self.operation, {"ticket_id": hall.tickets[self.number], **self.more})


class GiveBack(About):
    """The visitor gives the number back."""

    operation = "cancel-ticket"


class SlipPrinted(About):
    """The paper came out."""

    operation = "slip-printed"
    more = {"copy": False}


class SlipFails(About):
    """The paper ran out."""

    operation = "slip-failed"
    more = {"reason": "paper-out", "copy": False}


@dataclass(frozen=True)
class FeelWell(Step):
    """A device says how it feels."""

    device: str

    def play(self, hall: Hall) -> None:
        hall.feel_well(self.device)


# ---------------------------------------------------------------- at a counter


@dataclass(frozen=True)
class Open(Asking):
    """An officer sits down."""

    officer: str
    counter: int
    number: str = ""
    """The ticket that is still there, when one is."""

    def ask(self, hall: Hall) -> Told:
        return hall.press(self.officer, "open", counter=f"counter-{self.counter}")

    def check(self, body: Any) -> None:
        assert (body["ticket"] or {"number": ""})["number"] == self.number

    def keep(self, hall: Hall, body: Any) -> None:
        hall.at[self.officer] = body["counter"]


@dataclass(frozen=True)
class AtDesk(Asking):
    """An officer's press that is about the counter."""

    officer: str
    verb: ClassVar[str]
    state: ClassVar[str]

    def ask(self, hall: Hall) -> Told:
        return hall.press(self.officer, self.verb)

    def check(self, body: Any) -> None:
        assert body["state"] == self.state


class Close(AtDesk):
    """The officer leaves."""

    verb, state = "close", "closed"


class Pause(AtDesk):
    """No calls for now."""

    verb, state = "pause", "paused"


class Resume(AtDesk):
    """Calls again."""

    verb, state = "resume", "open"


@dataclass(frozen=True)
class Press(Asking):
    """An officer's press that is about a ticket: the one at the counter, or `number`. `state`: what it makes of it."""

    officer: str
    number: str = ""
    verb: ClassVar[str]
    state: ClassVar[str]

    def ask(self, hall: Hall) -> Told:
        return hall.press(self.officer, self.verb, self.body(hall))

    def body(self, hall: Hall) -> dict[str, Any] | None:
        """What goes along: the id of a resting ticket."""
        return {"ticket": hall.tickets[self.number]} if self.number else None

    def check(self, body: Any) -> None:
        assert body["ticket"]["state"] == self.state
        assert body["ticket"]["number"] == (self.number or body["ticket"]["number"])


class CallNext(Press):
    """The next one, please."""

    verb, state = "call-next", "called"

    def body(self, hall: Hall) -> None:
        """A call names nobody; `number` is who is expected."""


class Start(Press):
    """The person has come."""

    verb, state = "start", "serving"


class Finish(Press):
    """The visit is over."""

    verb, state = "finish", "finished"

    def body(self, hall: Hall) -> None:
        """It is about the one at the counter; `number` is who is expected."""


class NoShow(Press):
    """Nobody came."""

    verb, state = "no-show", "no-show"


class Hold(Press):
    """A paper is missing: the visit rests."""

    verb, state = "hold", "held"

    def body(self, hall: Hall) -> None:
        """It is about the one at the counter; `number` is who is expected."""


class Return(Press):
    """Back into the line."""

    verb, state = "return", "waiting"


class TakeOut(Press):
    """Staff take a number out."""

    verb, state = "cancel", "cancelled"


@dataclass(frozen=True)
class Recall(Asking):
    """Called once more."""

    officer: str
    times: int

    def ask(self, hall: Hall) -> Told:
        return hall.press(self.officer, "recall")

    def check(self, body: Any) -> None:
        assert (body["ticket"]["state"], body["ticket"]["recalls"]) == ("called", self.times)


@dataclass(frozen=True)
class Transfer(Asking):
    """Sent on to another service."""

    officer: str
    letter: str
    number: str = ""

    def ask(self, hall: Hall) -> Told:
        named = {"ticket": hall.tickets[self.number]} if self.number else {}
        return hall.press(self.officer, "transfer", {"service": service(self.letter), **named})

    def check(self, body: Any) -> None:
        assert (body["ticket"]["state"], body["ticket"]["service"]) == ("waiting", service(self.letter))


@dataclass(frozen=True)
class Undo(Asking):
    """The last press is taken back, and the ticket stands as before."""

    officer: str
    number: str = ""
    state: str = ""

    def ask(self, hall: Hall) -> Told:
        return hall.press(self.officer, "undo")

    def check(self, body: Any) -> None:
        assert (body["ticket"]["number"], body["ticket"]["state"]) == (self.number, self.state)


@dataclass(frozen=True)
class UndoPasses(Step):
    """It gets too late to take the last press back."""

    counter: int

    def play(self, hall: Hall) -> None:
        def undo() -> Any:
            counters = hall.read("queue")["counters"]
            return next(one["undo"] for one in counters if one["number"] == self.counter)

        assert undo() is not None
        eventually(lambda: undo() is None, "the end of the time for an undo", every_s=0.1)


# ---------------------------------------------------------------- what is seen


@dataclass(frozen=True)
class CounterIs(Step):
    """The retained topic of a counter, as pads and boards read it."""

    counter: int
    state: str
    number: str | None = None

    def play(self, hall: Hall) -> None:
        def is_so() -> bool:
            said = hall.overheard.retained[f"counters/counter-{self.counter}"]
            return (said["state"], said["ticket"] and said["ticket"]["number"]) == (self.state, self.number)

        hall.overheard.wait(is_so, f"counter {self.counter} {self.state} {self.number or ''}")


@dataclass(frozen=True)
class BoardLists(Step):
    """The retained topic of the board: its calls, newest first, as `A001@2`; with `*` for each recall."""

    calls: str

    def play(self, hall: Hall) -> None:
        hall.overheard.wait(lambda: _listed(hall) == self.calls.split(), lambda: f"{self}, not {_listed(hall)}")


@dataclass(frozen=True)
class Called(Step):
    """All calls that went out at once so far, oldest first, written as in `BoardLists`; none twice."""

    calls: str

    def play(self, hall: Hall) -> None:
        def calls() -> list[str]:
            return [_call(one) for one in hall.overheard.all_of("board-call", board=BOARD)]

        hall.overheard.wait(lambda: calls() == self.calls.split(), lambda: f"{self}, not {calls()}")
        sequences = [one["sequence"] for one in hall.overheard.all_of("board-call", board=BOARD)]
        assert sequences == sorted(set(sequences))


@dataclass(frozen=True)
class OpenPage(Step):
    """A board's page is opened in a browser."""

    def play(self, hall: Hall) -> None:
        hall.open_page()


@dataclass(frozen=True)
class PageHears(Step):
    """All calls the open page was told, written as in `BoardLists`; and the list that it shows."""

    calls: str
    shows: str

    def play(self, hall: Hall) -> None:
        def told() -> tuple[list[str], list[str]]:
            calls = [_call(one) for one in hall.page_heard("call")]
            return calls, [_call(one) for one in hall.page_heard("board")[-1]["calls"]]

        wanted = (self.calls.split(), self.shows.split())
        eventually(lambda: told() == wanted, f"{self} on the page")


@dataclass(frozen=True)
class ConnectBoard(Step):
    """A board that remembers nothing comes; what stands on the broker is all it needs, and no old call is replayed."""

    shows: str
    counters: str
    """States of the counters 1, 2 and 3."""

    def play(self, hall: Hall) -> None:
        hall.connect_board()

        def knows() -> tuple[list[str], list[str]]:
            said = {topic.partition("/hoa-sen/")[2]: one for topic, one in hall.board_knows.items() if one is not None}
            if len(said) < 2 + len(self.counters.split()):
                return [], []
            counters = [said[f"counters/counter-{n}"] for n in range(1, len(self.counters.split()) + 1)]
            calls = said[f"boards/{BOARD}"].model_dump()["calls"]
            return [_call(one) for one in calls], [one.state.value for one in counters]

        eventually(lambda: knows() == (self.shows.split(), self.counters.split()), f"{self}")
        assert hall.board_calls == []


@dataclass(frozen=True)
class BoardHears(Step):
    """The calls that the connected board was told since it came."""

    calls: str

    def play(self, hall: Hall) -> None:
        def told() -> list[str]:
            return [_call(one.model_dump()) for one in hall.board_calls]

        eventually(lambda: told() == self.calls.split(), f"{self}")


@dataclass(frozen=True)
class HistoryIs(Step):
    """All that happened to a number, as staff read it."""

    number: str
    history: str

    def play(self, hall: Hall) -> None:
        told = hall.read(f"tickets/{hall.tickets[self.number]}")
        assert told["ticket"]["number"] == self.number
        assert [one["what"] for one in told["history"]] == self.history.split()
        times = [one["at"] for one in told["history"]]
        assert times == sorted(times)


@dataclass(frozen=True)
class WaitingIs(Step):
    """Who waits for A and for B, first come first, as staff see it; and how many, on the retained topics."""

    a: str
    b: str = ""

    def play(self, hall: Hall) -> None:
        wanted = {"service-a": self.a.split(), "service-b": self.b.split()}
        services = hall.read("queue")["services"]
        assert {one["id"]: [ticket["number"] for ticket in one["tickets"]] for one in services} == wanted
        counts = {one: len(numbers) for one, numbers in wanted.items()}

        def told() -> bool:
            waiting = hall.overheard.retained["waiting"]["services"]
            board = hall.overheard.retained[f"boards/{BOARD}"]["waiting"]
            of_board = {one["service"]: one["waiting"] for one in board}
            return {one: said["waiting"] for one, said in waiting.items()} == of_board == counts

        hall.overheard.wait(told, f"{counts} waiting, on the retained topics")


@dataclass(frozen=True)
class StaffSee(Step):
    """What staff see of a ticket: its state and what is known of its paper."""

    number: str
    state: str
    slip: str

    def play(self, hall: Hall) -> None:
        ticket = hall.read(f"tickets/{hall.tickets[self.number]}")["ticket"]
        assert (ticket["state"], ticket["slip"]) == (self.state, self.slip)


@dataclass(frozen=True)
class RetainedIsTrue(Step):
    """Every retained topic says what the database says, and there is no other."""

    def play(self, hall: Hall) -> None:
        hall.compare_retained()


@dataclass(frozen=True)
class IsGone(Step):
    """Nothing is retained on this topic any longer."""

    topic: str

    def play(self, hall: Hall) -> None:
        hall.overheard.wait(lambda: self.topic not in hall.overheard.retained, f"nothing on {self.topic}")


# ---------------------------------------------------------------- what goes wrong, and what changes


@dataclass(frozen=True)
class RestartHub(Step):
    """The hub is stopped and started."""

    def play(self, hall: Hall) -> None:
        hall.restart_hub()


@dataclass(frozen=True)
class KillHub(Step):
    """The hub is killed and started; its broker lives on."""

    def play(self, hall: Hall) -> None:
        hall.kill_hub()


@dataclass(frozen=True)
class KillBroker(Step):
    """The broker is killed, and the hub starts another."""

    def play(self, hall: Hall) -> None:
        hall.kill_broker()


@dataclass(frozen=True)
class RemoveCounter(Step):
    """A counter leaves the set-up, while the hub runs or, if so said, while it stands still."""

    counter: int
    standing: bool = False

    def play(self, hall: Hall) -> None:
        before = hall.centre.set_up
        counters = [one for one in before.counters if one.number != self.counter]
        if self.standing:
            hall.hub.kill()
        hall.put_in_force(before.model_copy(update={"counters": counters}))
        if self.standing:
            hall.hub.start()
            hall.find_back()


def _listed(hall: Hall) -> list[str]:
    return [_call(one) for one in hall.overheard.retained[f"boards/{BOARD}"]["calls"]]


def _call(said: Any) -> str:
    """`A001@2`: number A001 to counter 2; a star for each recall."""
    return f"{said['number']}@{said['counter'].removeprefix('counter-')}{'*' * said['repeat']}"
