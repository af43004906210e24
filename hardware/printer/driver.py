"""A real printer: a thread of its own asks how it is and prints, so that nobody else ever waits for it."""

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from hardware.errors import Printed, PrinterFault, PrinterTrouble
from hardware.printer.answers import Reading
from hardware.printer.cables import Cable, CableFault, CableStalled
from hardware.printer.conversation import Conversation
from hardware.printer.models import Model
from hardware.printer.port import Link, Paper, PrinterState, Watcher
from hardware.printer.raster import encode, load_escpos

if TYPE_CHECKING:  # drawing is loaded when something is drawn: not every program that knows a printer prints
    from PIL.Image import Image

MISSES_ALLOWED: Final = 1
REPLUG_AFTER: Final = 4
"""So many readings without an answer, and the cable is opened anew: the printer may have been switched off and on."""
RECOVER_EVERY: Final = 4
CLOSE_LIMIT_S: Final = 5.0
LONGEST_ERROR: Final = 200


@dataclass(frozen=True)
class Timing:
    """How often a printer is looked at, and how long it is waited for, in seconds."""

    look_every: float = 0.5
    good_for: float = 4.0
    """A reading older than this says nothing any more: whoever should have renewed it is stuck."""
    stall: float = 2.0
    """A printer that takes not one piece in this time has stopped."""
    patience: float = 3.0
    """So much longer than it has to take may a slip take."""
    silence: float = 1.0
    """A printer that should be done and does not hear has stopped with its buffer full."""
    confirm_every: float = 0.25
    """Between two looks at a printer that is printing."""


@dataclass
class Job:
    """A slip on its way. Whoever comes first, printer or impatient caller, takes it: `begun` or `given_up`."""

    data: bytes
    label: str
    line_s: float
    paper_s: float
    sent: int = 0
    begun: bool = False
    given_up: bool = False
    fault: PrinterFault | None = None
    done: threading.Event = field(default_factory=threading.Event)
    taking: threading.Lock = field(default_factory=threading.Lock)

    def failed(self, reason: PrinterTrouble, printed: Printed) -> PrinterFault:
        """The fault that ends it."""
        return PrinterFault(reason, printed=printed, bytes_sent=self.sent)


class EscposPrinter:
    """A printer at the end of `cable`. Between `open` and `close` its thread keeps the state and prints."""

    def __init__(
        self, cable: Cable, model: Model, *, timing: Timing | None = None, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._cable = cable
        self._model = model
        self._timing = timing or Timing()
        self._now = now
        self._talk = Conversation(cable, model)
        self._watchers: list[Watcher] = []
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._door = threading.Lock()
        """Nobody comes in while it closes."""
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._plugged = False
        self._littered = False
        """Whether something may have been left in the printer that would spoil the next slip."""
        self._missed = 0
        self._jams = 0
        self._last = (PrinterState("offline", "unknown"), now(), self._timing.good_for)
        self._told: PrinterState | None = None

    @property
    def model(self) -> Model:
        return self._model

    def open(self) -> None:
        if self._thread is None:
            self._closing.clear()
            self._thread = threading.Thread(target=self._live, name=f"printer {self._model.id}", daemon=True)
            self._thread.start()

    def close(self) -> None:
        with self._door:
            thread, self._thread = self._thread, None
            self._closing.set()
            self._jobs.put(None)
        if thread is not None:
            thread.join(CLOSE_LIMIT_S)

    def state(self) -> PrinterState:
        state, at, good_for_s = self._last
        age_s = self._now() - at
        if age_s > good_for_s and state.link != "offline":
            return replace(state, link="silent", paper="unknown", age_s=age_s)
        return replace(state, age_s=age_s)

    def watch(self, watcher: Watcher) -> None:
        self._watchers.append(watcher)

    def print_slip(self, image: "Image", label: str) -> None:
        job = self._job(image, label)
        with self._door:
            if self._thread is None:
                raise job.failed("offline", "no")
            limit_s = self._longest_s(job) * (2 + self._jobs.qsize())  # those before it, and the one being printed
            self._jobs.put(job)
        if not job.done.wait(limit_s):
            self._give_up(job)
        if job.fault is not None:
            raise job.fault

    def _give_up(self, job: Job) -> None:
        with job.taking:
            job.given_up = True
        if not job.done.is_set():
            job.fault = job.failed("silent", "unknown" if job.begun else "no")

    def _job(self, image: "Image", label: str) -> Job:
        data, mm = encode(image, self._model), image.height / self._model.dots_per_mm
        line_s = len(data) / self._cable.bytes_per_s if self._cable.bytes_per_s else 0.0
        return Job(data, label, line_s, mm / self._model.mm_per_s)

    def _longest_s(self, job: Job) -> float:
        """Past this the thread itself must be stuck."""
        return job.line_s + job.paper_s + 3 * self._timing.patience + 4 * self._timing.stall + 10 * self._model.answer_s

    def _live(self) -> None:
        load_escpos()
        while not self._closing.is_set():
            for step in (self._look_twice, self._wait):
                try:
                    step()
                except Exception as error:  # a listed loop: a kiosk must not lose its printer to a bug
                    self._lost(f"{type(error).__name__}: {error}")
        self._cable.close()
        self._refuse_the_rest()
        self._tell("offline", "unknown")

    def _wait(self) -> None:
        """Until it is time to look again, or there is a slip to print."""
        try:
            job = self._jobs.get(timeout=self._timing.look_every)
        except queue.Empty:
            return
        if job is not None:
            self._take(job)

    def _refuse_the_rest(self) -> None:
        while not self._jobs.empty():
            job = self._jobs.get()
            if job is not None:
                job.fault = job.failed("offline", "no")
                job.done.set()

    def _plug_in(self) -> None:
        if self._plugged:
            return
        self._cable.open()
        self._littered = True
        if self._model.clear or not self._talk.answers:
            self._clear()
        self._plugged = True
        self._missed = 0

    def _clear(self) -> None:
        self._talk.clear()
        self._littered = False

    def _lost(self, problem: str) -> None:
        self._cable.close(drop=True)
        self._plugged = False
        self._missed = 0
        self._tell("offline", "unknown", problem)

    def _look(self) -> None:
        """One reading, told to all who watch."""
        try:
            self._plug_in()
            if not self._talk.answers:
                self._talk.check()
                self._tell("ready", "unknown")
                return
            reading = self._talk.reading()
        except CableStalled:
            reading = None
        if reading is None:
            self._missed_one()
            return
        self._missed = 0
        if self._littered and _trouble(reading) is None:
            self._clear()
        self._tell_reading(reading)

    def _missed_one(self) -> None:
        self._missed += 1
        if self._missed > MISSES_ALLOWED:
            self._tell("silent", "unknown", "no answer")
        if self._missed % REPLUG_AFTER == 0:
            self._cable.close(drop=True)
            self._plugged = False

    def _tell_reading(self, reading: Reading) -> None:
        error = reading.link if reading.link in {"cover-open", "jam"} else None
        self._tell(reading.link, reading.paper, "paper-out" if reading.paper == "out" else error)
        if reading.link == "jam":
            self._jams += 1
            if self._jams % RECOVER_EVERY == 0:
                self._talk.recover()

    def _tell(self, link: Link, paper: Paper, error: str | None = None, *, good_for_s: float | None = None) -> None:
        before = self._last[0]
        state = PrinterState(link, paper, error[:LONGEST_ERROR] if error else before.last_error)
        self._last = (state, self._now(), good_for_s or self._timing.good_for)
        news, self._told = state != self._told, state
        for watcher in self._watchers if news else ():
            try:
                watcher(state)
            except Exception:  # a listed loop: whatever a watcher does, the printer is looked after
                logging.getLogger(__name__).exception("a watcher of the printer failed")

    def _take(self, job: Job) -> None:
        with job.taking:
            if job.given_up:
                return
            job.begun = True
        job.fault = job.failed("unknown", "unknown")  # unless something better is known below
        try:
            self._print(job)
            job.fault = None
        except PrinterFault as fault:
            job.fault = fault
            state = self._last[0]
            self._tell(state.link, state.paper, f"{job.label}: {fault}", good_for_s=self._last[2])
        finally:
            job.done.set()

    def _print(self, job: Job) -> None:
        self._expect_ready(job)
        before = self._last[0]
        self._tell("busy", before.paper, good_for_s=self._longest_s(job))
        due = self._now() + job.line_s
        try:
            self._send(job)
            self._await_paper(job, max(due, self._now()) + job.paper_s)
        except CableFault as problem:
            raise self._interrupted(job) from problem
        self._tell("ready", before.paper)

    def _expect_ready(self, job: Job) -> None:
        """Nothing has been sent yet: whatever is wrong now, the slip is certainly not printed."""
        if (trouble := self._look_twice()) is not None:
            raise job.failed(trouble, "no")

    def _send(self, job: Job) -> None:
        for start in range(0, len(job.data), self._cable.piece):
            if job.given_up or self._closing.is_set():
                raise self._interrupted(job)
            piece = job.data[start : start + self._cable.piece]
            self._cable.send(piece, self._timing.stall + job.line_s * len(piece) / len(job.data))
            job.sent += len(piece)

    def _await_paper(self, job: Job, due: float) -> None:
        """Returns when the printer says that all is out, or when there was time enough and it says nothing bad.

        One bad reading alone proves nothing: dots of a picture can be taken for a question. While it prints, a printer
        may also be too full to hear one.
        """
        confirms = bool(self._model.confirm) and self._talk.answers
        if confirms:
            self._talk.ask_for_confirmation()
        trouble: PrinterTrouble | None = None
        while self._now() < due + self._timing.patience and not self._closing.is_set():
            if self._talk.confirmed(self._timing.confirm_every) and confirms:
                return
            before, trouble = trouble, self._trouble_now()
            if trouble is None and not confirms and self._now() >= due:
                return
            lasting = trouble is not None and trouble == before
            if lasting and (trouble != "silent" or self._now() > due + self._timing.silence):
                break
        raise self._interrupted(job, trouble)

    def _trouble_now(self) -> PrinterTrouble | None:
        """Of a printer that still answers what it took for questions nothing is known; it is alive."""
        if not self._talk.answers or not self._talk.settle():
            return None
        reading = self._talk.reading()
        self._talk.doubt()
        return "silent" if reading is None else _trouble(reading)

    def _interrupted(self, job: Job, trouble: PrinterTrouble | None = None) -> PrinterFault:
        """Bytes have gone and nobody knows what became of them. What waits in the printer must not come out later."""
        self._cable.close(drop=True)
        self._plugged = False
        found = None if self._closing.is_set() else self._look_twice()
        return job.failed(found or trouble or "unknown", "unknown")

    def _look_twice(self) -> PrinterTrouble | None:
        """What is wrong, by a fresh look, or by a second one when the first is not answered."""
        try:
            self._look()
            if self._missed:
                self._look()
        except CableFault as problem:
            self._lost(str(problem))
        return "silent" if self._missed else self._last[0].trouble


def _trouble(reading: Reading) -> PrinterTrouble | None:
    return PrinterState(reading.link, reading.paper).trouble
