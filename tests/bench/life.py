"""The hub's life: how soon it is ready, how long it is silent when killed, what it weighs, what it costs when idle."""

import os
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import httpx

from hub.client.device_file import load
from hub.client.link import HubLink
from tests.bench.figures import Figure, middle
from tests.bench.probes import OPERATION
from tests.bench.swarm import Swarm
from tests.bench.tickets import bodies
from tests.rig.centre import Centre
from tests.rig.running import RunningHub

HEAVY: Final = 10_000
DAY: Final = 20_000
STARTS: Final = 5
KILLS: Final = 5
IDLE_S: Final = 60.0
COMPANY: Final = 5


def weigh(centre: Centre, hub: RunningHub, say: Callable[[str], None]) -> list[Figure]:
    """Memory after 10,000 numbers taken, all of them waiting."""
    say(f"taking {HEAVY:,} numbers")
    _take(centre, HEAVY)
    return [Figure(f"hub's memory after {HEAVY:,} tickets", resident_mb(hub.pid), "MB", most=120)]


def wake(centre: Centre, hub: RunningHub, say: Callable[[str], None]) -> list[Figure]:
    """From the start of the process until ready, with a day of 20,000 tickets in the database."""
    _take(centre, DAY - HEAVY)
    waits = []
    for turn in range(1, STARTS + 1):
        say(f"starting with {DAY:,} tickets, {turn} of {STARTS}")
        hub.stop()
        began = time.perf_counter()
        hub.start()
        waits.append(time.perf_counter() - began)
    return [Figure(f"ready with {DAY:,} tickets of the day", middle(waits), "s", most=3)]


def silence(centre: Centre, hub: RunningHub, say: Callable[[str], None]) -> list[Figure]:
    """SIGKILL and an immediate restart: from the kill to the first answer after it, as a device sees it."""
    said = load(centre.devices[centre.kiosks[0]])
    waits = []
    with HubLink(said.address, said.device, said.role) as link:
        assert link.wait_ready(10)
        for turn in range(1, KILLS + 1):
            say(f"killing the hub, {turn} of {KILLS}")
            began = time.perf_counter()
            hub.kill()
            hub.launch()
            while not _asks(link, centre.services[0]):
                pass
            waits.append(time.perf_counter() - began)
            hub.wait_ready()
    return [Figure("silence after kill -9, longest", max(waits), "s", most=2)]


def rest(centre: Centre, hub: RunningHub, say: Callable[[str], None]) -> list[Figure]:
    """CPU of the hub over a minute with five devices and five pages, and nobody doing anything."""
    say(f"watching an idle hub for {IDLE_S:.0f} s")
    with ExitStack() as company:
        for name in centre.kiosks[:COMPANY]:
            said = load(centre.devices[name])
            link = company.enter_context(HubLink(said.address, said.device, said.role))
            assert link.wait_ready(10)
        for _ in range(COMPANY):
            company.enter_context(_page(centre.settings.web.port))
        time.sleep(2)
        before, began = _cpu_s(hub.pid), time.perf_counter()
        time.sleep(IDLE_S)
        share = (_cpu_s(hub.pid) - before) / (time.perf_counter() - began)
    return [Figure("idle, share of a core", share * 100, "%", most=2)]


def _take(centre: Centre, count: int) -> None:
    folders = [centre.devices[name] for name in centre.kiosks[:16]]
    taken = 0
    with Swarm(folders, operation=OPERATION) as swarm:
        while taken < count:
            taken += len(swarm.run(min(2.0, (count - taken) / 1500 + 0.2), bodies(centre.services)))


def _asks(link: HubLink, service: str) -> bool:
    try:
        fields = {"service": service, "class": "ordinary", "language": "vi"}
        return link.ask("issue-ticket", fields, timeout_s=0.4).ok
    except Exception:  # the hub is away: ask again
        return False


def _page(port: int) -> ExitStack:
    """A page that listens, on a thread of its own."""
    stack = ExitStack()
    client = httpx.Client(timeout=None, trust_env=False)
    stream = stack.enter_context(client.stream("GET", f"http://127.0.0.1:{port}/api/v1/events"))
    reader = threading.Thread(target=_read, args=(stream,), daemon=True)
    reader.start()
    stack.callback(client.close)
    return stack


def _read(stream: httpx.Response) -> None:
    try:
        for _ in stream.iter_bytes():
            pass
    except (httpx.HTTPError, httpx.StreamError):
        return


def resident_mb(pid: int) -> float:
    """What a program holds in memory."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def _cpu_s(pid: int) -> float:
    parts = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")
