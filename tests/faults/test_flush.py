"""Between a request's arrival and its reply the write-ahead log is flushed: SIGKILL alone never tests that, for a
killed process loses nothing that it has handed to the operating system. A shim notes the order of calls.
"""

import random
import shutil
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.faults import figures
from tests.faults.sabotaged_hub import hub
from tests.rig import checker
from tests.rig.centre import Centre, Plan, made
from tests.rig.history import done
from tests.rig.kiosk import kiosks
from tests.rig.running import RunningHub, eventually, running

SHIM: Final = Path(__file__).with_name("flush_shim.c")
KIOSKS: Final = 16
FAILED: Final = 70
"""The exit status of a hub that its supervisor shall start again."""

REQUESTS: Final = 600
SEEN: Final = 0.95
"""So many of the ids must be found whole; one that a read has cut in two is not."""

Note = tuple[str, str]


@dataclass(frozen=True)
class Verdict:
    """What the notes say. `early`: requests answered before they were flushed; `largest`: most ids in one flush."""

    seen: int
    early: list[str]
    largest: int


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shim, compiled."""
    made_here = tmp_path_factory.mktemp("shim") / "flush_shim.so"
    compiler = shutil.which("gcc") or shutil.which("cc")
    assert compiler is not None, "a C compiler is needed: apt-get install gcc libc6-dev"
    options = ["-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-o", str(made_here), str(SHIM), "-ldl"]
    subprocess.run([compiler, *options], check=True, timeout=60)
    return made_here


@pytest.fixture
def centre() -> Iterator[Centre]:
    """Sixteen kiosks, and SQLite."""
    with made(Plan(kiosks=KIOSKS, services=4)) as one:
        yield one


def noted(centre: Centre, program: tuple[str, ...], shim: Path) -> tuple[set[str], list[Note]]:
    """The requests that were answered with a number, and the notes of the hub that did so."""
    notes = centre.directory / "notes"
    with running(centre, program, LD_PRELOAD=str(shim), FLUSH_NOTES=str(notes)):
        finish = threading.Event()
        with kiosks(centre, random.Random(1), finish) as working:
            eventually(lambda: sum(len(one.history.asked) for one in working) > REQUESTS, f"{REQUESTS} requests", 30)
        answered = {asked.request_id for _, asked in done([one.history for one in working], "issue-ticket")}
        assert [words for one in working for words in one.broken] == []
    lines = [line.partition(" ") for line in notes.read_text().splitlines()]
    return answered, [(kind, rest) for kind, _, rest in lines]


def judge(answered: set[str], notes: list[Note]) -> Verdict:
    """A reply is good when a flush lies between it and the first writing of its request's row."""
    first: dict[Note, int] = {}
    flush_after = len(notes)
    next_flush = [flush_after] * (len(notes) + 1)
    for at in range(len(notes) - 1, -1, -1):
        next_flush[at] = at if notes[at][0] == "F" else next_flush[at + 1]
        first[notes[at]] = at
    whole = [one for one in answered if ("R", one) in first and ("S", one) in first]
    early = [one for one in whole if next_flush[first.get(("W", one), len(notes))] > first["S", one]]
    together = Counter(next_flush[first["W", one]] for one in whole if ("W", one) in first)
    return Verdict(len(whole), early, max(together.values(), default=0))


def test_no_reply_leaves_before_its_row_is_flushed(centre: Centre, shim: Path) -> None:
    """For hundreds of requests, those that share a commit included."""
    answered, notes = noted(centre, hub(), shim)
    verdict = judge(answered, notes)
    assert verdict.seen >= SEEN * len(answered) > 0.5 * SEEN * REQUESTS
    assert verdict.early == []
    assert verdict.largest >= 2, "no two requests shared a flush: the commits are not grouped"


@pytest.mark.parametrize("sabotage", [("no-flush", "unasserted"), ("reply-before-commit",)], ids=lambda one: one[0])
def test_a_hub_that_answers_too_early_is_caught(centre: Centre, shim: Path, sabotage: tuple[str, ...]) -> None:
    """The same judgement, on a hub whose commits are not flushed, and on one that answers before them."""
    answered, notes = noted(centre, hub(*sabotage), shim)
    verdict = judge(answered, notes)
    assert verdict.seen >= SEEN * len(answered)
    assert len(verdict.early) >= SEEN * verdict.seen


def test_a_hub_whose_commits_are_not_durable_does_not_start(centre: Centre) -> None:
    """SQLite's setting is read back at the start, and the words say what was found."""
    one = RunningHub(centre, hub("no-flush"))
    try:
        one.launch()
        assert one.wait_ended() == 1
        assert "synchronous=0; needed: wal, 2 (FULL)" in one.log()
        assert "Traceback" not in one.log()
    finally:
        one.close()


def test_a_flush_that_fails_ends_the_hub_unanswered(centre: Centre, shim: Path) -> None:
    """It is never tried again (quality: PostgreSQL's lesson): status 70, and the repeat to the next hub tells."""
    seed = figures.seed()
    limit = random.Random(seed).randint(20, 60)
    notes = {"LD_PRELOAD": str(shim), "FLUSH_NOTES": str(centre.directory / "notes"), "FLUSH_LIMIT": str(limit)}
    hub, finish = RunningHub(centre, environment=notes), threading.Event()
    try:
        hub.start()
        with kiosks(centre, random.Random(seed), finish) as working:
            eventually(hub.has_ended, f"the end of the hub (seed {seed})", 20)
            assert hub.wait_ended() == FAILED
            told = sum(one.history.asked[-1].settled for one in working)
            with running(centre) as next_hub:
                finish.set()
                for kiosk in working:
                    kiosk.join(20)
                assert next_hub.stop() == 0
    finally:
        hub.close()
    histories = [one.history for one in working]
    assert told < KIOSKS, "at least the request whose flush failed was not answered"
    assert "hub-cannot-go-on" in hub.log()
    assert checker.problems(centre, histories) == [], f"seed {seed}"
