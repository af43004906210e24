"""A kiosk whose process is killed again and again while visitors take numbers, at a real hub, broker and printer.

Visitors behave as people do: who has neither a slip in the hand nor a number before the eyes begins anew.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from PIL import Image

from hardware.printer.models import find_model
from hardware.printer.plugs import NetworkPlug
from hardware.printer.virtual import VirtualPrinter
from tests.faults.sabotaged_kiosk import kiosk
from tests.hardware.printer.decoder import decode
from tests.rig import checker, truth
from tests.rig.centre import Centre
from tests.rig.codes import read_code
from tests.rig.running import END_LIMIT_S, ROOT, RunningHub, eventually, running

MODEL: Final = "epson-tm-t20iii"
PUBLIC_URL: Final = "https://queue.example.vn"
LINE_BYTES_PER_S: Final = 200_000.0
SLIP_BEGINS: Final = bytes.fromhex("1b 40 1d 76 30 00 48 00")
LIMIT_S: Final = 30.0
MOMENTS: Final = ("asking", "printing", "reporting", "any", "choosing")
LONGEST_S: Final = {"choosing": 1.0, "asking": 0.3, "printing": 0.25, "reporting": 0.1, "any": 1.5}
"""A kill follows its moment by so much at most."""


class Kiosk:
    """The program in a process of its own: its screens are lines, its presses too."""

    def __init__(self, device: Path, program: tuple[str, ...]) -> None:
        self.device = device
        self.lines: list[dict[str, Any]] = []
        self._program = program
        self._process: subprocess.Popen[str] | None = None

    @property
    def screen(self) -> dict[str, Any]:
        """What it shows."""
        return self.lines[-1] if self.lines else {"screen": "none"}

    @property
    def settled(self) -> bool:
        """Whether nothing is on its disk that is not over."""
        state = self.device / "state"
        return not any((*(state / "requests").glob("*.json"), *(state / "spool").glob("*.json")))

    def start(self) -> None:
        """Returns at once. It ends with this process, even when that is killed."""
        self.lines = []
        command = ["setpriv", "--pdeathsig=KILL", "--", sys.executable, *self._program, "--blind", "--device"]
        with (self.device / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, str(self.device)],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        threading.Thread(target=self._listen, args=(self._process, self.lines), daemon=True).start()

    def press(self, word: str, *screens: str) -> None:
        """Until one of these screens is there, or the kiosk is no more."""
        pressed = 0.0

        def there() -> bool:
            nonlocal pressed
            if self.screen["screen"] in screens or self.is_dead():
                return True
            if time.monotonic() - pressed > 0.1:
                pressed = time.monotonic()
                self._say(word)
            return False

        eventually(there, f"{screens} by {word} after {self.lines[-3:]}", LIMIT_S)

    def until(self, what: Callable[[dict[str, Any]], bool], words: str) -> None:
        """Until the screen is so, or the kiosk is no more."""
        eventually(lambda: what(self.screen) or self.is_dead(), f"{words} after {self.lines[-3:]}", LIMIT_S)

    def is_dead(self) -> bool:
        """Whether its process is gone."""
        return self._process is None or self._process.poll() is not None

    def kill(self) -> None:
        """SIGKILL, and it is gone when this returns."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Tells it to end; its exit status."""
        return self._end(signal.SIGTERM)

    def close(self) -> None:
        """Whatever has become of it, it is gone."""
        if self._process is not None:
            self.kill()

    def _end(self, how: signal.Signals) -> int:
        process = self._process
        assert process is not None
        process.send_signal(how)
        status = process.wait(END_LIMIT_S)
        assert process.stdin is not None
        with suppress(BrokenPipeError):
            process.stdin.close()
        return status

    def _say(self, word: str) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.write(f"{word}\n")
            self._process.stdin.flush()

    @staticmethod
    def _listen(process: "subprocess.Popen[str]", lines: list[dict[str, Any]]) -> None:
        assert process.stdout is not None
        with process.stdout as said:
            for line in said:
                try:
                    lines.append(json.loads(line))
                except ValueError:
                    return  # killed in the middle of a word


@dataclass(frozen=True)
class Paper:
    """A slip that somebody can take: the key of its code, and whether it says that it is a copy."""

    key: str
    copy: bool


@dataclass
class Run:
    """What came of it."""

    visits: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    remains: Counter[str] = field(default_factory=Counter)
    """What was on disk when it was killed, by kind."""
    begun_anew: int = 0
    problems: list[str] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """For people."""
        return {
            "visitors": self.visits,
            "kills by moment": dict(self.kills),
            "kills by what was on disk": dict(self.remains),
            "visitors who began anew": self.begun_anew,
            "slips": len(self.papers),
            "copies among them": sum(1 for paper in self.papers if paper.copy),
        }


class Afternoon:
    """Visitors, one after another, each of whom sees the kiosk die."""

    def __init__(
        self, hub: RunningHub, kiosk: Kiosk, printer: VirtualPrinter, slips: Path, chance: random.Random
    ) -> None:
        self.run = Run()
        self._hub = hub
        self._kiosk = kiosk
        self._printer = printer
        self._slips = slips
        self._chance = chance

    def visit(self, moment: str) -> None:
        """Takes a number; the kiosk is killed at that moment and started again; then whatever a person would do."""
        self.run.visits += 1
        before = len(self.papers())
        self._kiosk.until(lambda screen: screen["screen"] == "home", "home")
        if moment == "choosing":
            self._kiosk.press("press take-number", "groups")
            self._kill_soon(moment)
        else:
            self._ask_and_kill(moment)
        begun, out = self._printer.mechanism.unfinished, len(self.papers())
        self._kiosk.start()
        self._see_what_came()
        if begun and self.papers()[out:] and not _read(self.papers()[-1]).copy:  # before it the first may have come
            self.run.problems.append("a slip that had begun was printed again without the word copy")
        while len(self.papers()) == before:
            self.run.begun_anew += 1
            self._ask()
            self._see_what_came()
        self._leave()

    def _ask_and_kill(self, moment: str) -> None:
        with self._slow_hub(moment == "asking"):
            self._ask()
            if moment == "printing":
                eventually(lambda: self._printer.mechanism.unfinished, "the slip begun", LIMIT_S)
            if moment == "reporting":
                self._kiosk.until(lambda screen: screen.get("paper") is not None, "the number")
            with self._slow_hub(moment == "reporting"):
                if moment == "reporting":
                    spool = self._kiosk.device / "state" / "spool"
                    eventually(lambda: list(spool.glob("*.json")), "the report", LIMIT_S)
                self._kill_soon(moment)

    def papers(self) -> list[Path]:
        """All whole slips so far, as bytes."""
        return [path for path in sorted(self._slips.glob("*.bin")) if not path.stem.endswith("-torn")]

    def _ask(self) -> None:
        self._kiosk.until(lambda screen: screen["screen"] == "home", "home")
        self._kiosk.press("press take-number", "groups")
        self._kiosk.press("choose all", "confirming", "working", "result", "no-hub", "refused")
        if self._kiosk.screen["screen"] == "confirming":
            self._kiosk.press("press yes", "working", "result", "no-hub", "refused")

    def _kill_soon(self, moment: str) -> None:
        threading.Event().wait(self._chance.uniform(0, LONGEST_S[moment]))
        self._kiosk.kill()
        self.run.kills[moment] += 1
        state = self._kiosk.device / "state"
        stages = [json.loads(file.read_text())["stage"] for file in (state / "requests").glob("*.json")]
        self.run.remains.update([*stages, *("report" for _ in (state / "spool").glob("*.json"))] or ["nothing"])

    def _see_what_came(self) -> None:
        """A number with its slip, or nothing, once the kiosk has nothing left to do."""
        self._kiosk.until(
            lambda screen: self._kiosk.settled and (screen["screen"] == "home" or screen.get("paper") == "printed"),
            "a slip, or home",
        )

    def _leave(self) -> None:
        if self._kiosk.screen["screen"] == "result":
            self._kiosk.press("press done", "home")

    @contextmanager
    def _slow_hub(self, slow: bool) -> Iterator[None]:
        """A hub that takes its time."""
        if not slow:
            yield
            return
        os.kill(self._hub.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._hub.pid, signal.SIGCONT)


def kill_and_check(centre: Centre, sabotage: str, *, kills: int, seed: int) -> Run:
    """So many visitors, each with a kill; then all that is known is compared."""
    chance = random.Random(seed)
    (device,) = (centre.devices[name] for name in centre.kiosks)
    slips = centre.directory / "slips"
    twin = VirtualPrinter(slips, model=find_model(MODEL), bytes_per_s=LINE_BYTES_PER_S)
    with running(centre) as hub, NetworkPlug(twin) as plug:
        printer = f'[printer]\naddress = "tcp:{plug.host}:{plug.port}"\nmodel = "{MODEL}"\n'
        (device / "kiosk.toml").write_text(printer)
        program = Kiosk(device, kiosk(sabotage))
        afternoon = Afternoon(hub, program, twin, slips, chance)
        program.start()
        try:
            for n in range(kills):
                afternoon.visit(MOMENTS[n % len(MOMENTS)])
            if (status := program.stop()) != 0:
                afternoon.run.problems.append(f"the kiosk's exit status was {status}")
        finally:
            program.close()
        hub.stop()
    run = afternoon.run
    run.papers = [_read(path) for path in afternoon.papers()]
    run.problems += _problems(centre, run)
    return run


def _problems(centre: Centre, run: Run) -> Iterator[str]:
    """One number for each visitor, on paper, once without the word copy; the hub knows of each; the rest was given
    back."""
    book = truth.read(centre)
    live = [row for row in book.tickets if row["state"] != "cancelled"]
    if len(live) != run.visits:
        yield f"{run.visits} visitors hold {len(live)} numbers"
    slips = Counter(paper.key for paper in run.papers)
    first = Counter(paper.key for paper in run.papers if not paper.copy)
    for row in live:
        if not slips[row["track_key"]]:
            yield f"{row['number']} is on no paper"
        if row["slip"] != "printed":
            yield f"the hub believes that the slip of {row['number']} is {row['slip']}"
    known = {row["track_key"] for row in live}
    yield from (f"a slip of a number that nobody has: {key}" for key in slips if key not in known)
    yield from (f"{times} slips of {key} do not say that they are copies" for key, times in first.items() if times > 1)
    yield from checker.moves(book)
    yield from checker.own_judgement(centre, book)


def _read(path: Path) -> Paper:
    """The last slip on a piece of paper; above it may hang what an earlier one has left."""
    data = path.read_bytes()
    picture = decode(data[data.rfind(SLIP_BEGINS) :]).image.convert("L")
    bar = [picture.getpixel((x, 14)) for x in range(18, 40)]
    return Paper(_code(picture).rpartition("/")[2], copy=max(bar) == 0)  # type: ignore[type-var]


def _code(picture: Image.Image) -> str:
    """What its code says."""
    said = read_code(picture)
    assert said.startswith(f"{PUBLIC_URL}/t/"), said
    return said
