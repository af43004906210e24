"""A call: from the officer's press over HTTP to the last of twenty pages that listen."""

import asyncio
import json
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from tests.bench.figures import Figure, percentile
from tests.bench.probes import OPERATION
from tests.bench.swarm import Swarm
from tests.bench.tickets import bodies
from tests.rig.centre import PASSWORD, Centre

LISTENERS: Final = 20
PACED: Final = 200
EVERY_S: Final = 0.02
AT_LOAD: Final = 200
LIMIT_S: Final = 5.0
ROUNDS: Final = 20


def measure(centre: Centre, say: Callable[[str], None]) -> list[Figure]:
    """Paced calls on a quiet hub, then calls while sixteen devices take numbers as fast as they can."""
    folders = [centre.devices[name] for name in centre.kiosks[:16]]
    with Swarm(folders, operation=OPERATION) as swarm:
        _fill(swarm, centre)
        say("calls, paced")
        paced = asyncio.run(_calls(centre, PACED, EVERY_S))
        say("calls, at full load")
        loading = threading.Thread(target=swarm.run, args=(8.0, bodies(centre.services)))
        loading.start()
        loaded = asyncio.run(_calls(centre, AT_LOAD, EVERY_S))
        loading.join()
    return [
        Figure("call to the last of 20 pages, paced, p50", percentile(paced, 0.5) * 1000, "ms"),
        Figure("call to the last of 20 pages, paced, p99", percentile(paced, 0.99) * 1000, "ms", most=15),
        Figure("call to the last of 20 pages, full load, p50", percentile(loaded, 0.5) * 1000, "ms"),
        Figure("call to the last of 20 pages, full load, p99", percentile(loaded, 0.99) * 1000, "ms", most=40),
    ]


def _fill(swarm: Swarm, centre: Centre) -> None:
    """As many wait as are to be called."""
    waiting = 0
    for _ in range(ROUNDS):
        waiting += len(swarm.run(0.5, bodies(centre.services)))
        if waiting >= PACED + AT_LOAD:
            return
    raise TimeoutError(f"only {waiting} numbers were given")


@dataclass
class Seen:
    """When each call reached each listener, by number."""

    when: dict[str, list[float]] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, number: str) -> None:
        """One listener has it."""
        self.when.setdefault(number, []).append(time.perf_counter())
        self.news.set()

    async def by_all(self, number: str) -> float:
        """When the last listener had it."""
        async with asyncio.timeout(LIMIT_S):
            while len(self.when.get(number, ())) < LISTENERS:
                self.news.clear()
                await self.news.wait()
        return max(self.when[number])


async def _calls(centre: Centre, count: int, every_s: float) -> list[float]:
    """How long each call took, in seconds, from the press to the last listener."""
    port, seen = centre.settings.web.port, Seen()
    listeners = [asyncio.create_task(_listen(port, seen)) for _ in range(LISTENERS)]
    officer = await Browser.sign_in(port, centre.officers[0])
    counter = centre.counters[0]
    await officer.press(counter, "open")
    waits = []
    for _ in range(count):
        began = time.perf_counter()
        called = await officer.press(counter, "call-next")
        waits.append(await seen.by_all(called["ticket"]["number"]) - began)
        await officer.press(counter, "start")
        await asyncio.sleep(every_s)
    await officer.press(counter, "finish")
    await officer.press(counter, "close")
    officer.close()
    for one in listeners:
        one.cancel()
    await asyncio.gather(*listeners, return_exceptions=True)
    return waits


async def _listen(port: int, seen: Seen) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n")
    event = b""
    try:
        while line := await reader.readline():
            if line.startswith(b"event:"):
                event = line.removeprefix(b"event:").strip()
            elif line.startswith(b"data:") and event == b"call":
                seen.note(json.loads(line.removeprefix(b"data:"))["number"])
    finally:
        writer.close()


@dataclass
class Browser:
    """As little HTTP as an officer's browser needs, so that we measure the hub and not a client."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    async def sign_in(cls, port: int, name: str) -> "Browser":
        """Somebody signed in, on a connection of his or her own."""
        browser = cls(*await asyncio.open_connection("127.0.0.1", port), {"Host": f"127.0.0.1:{port}"})
        head, body = await browser._ask("POST", "/api/v1/session", {"name": name, "password": PASSWORD})
        cookie = next(line for line in head.split("\r\n") if line.lower().startswith("set-cookie:"))
        browser.headers["Cookie"] = cookie.split(":", 1)[1].split(";")[0].strip()
        browser.headers["X-CSRF-Token"] = body["csrf"]
        return browser

    async def press(self, counter: str, verb: str) -> dict[str, dict[str, str]]:
        """One press."""
        self.headers["Idempotency-Key"] = str(uuid.uuid4())
        head, body = await self._ask("POST", f"/api/v1/counters/{counter}/{verb}", None)
        assert " 200 " in head.split("\r\n")[0], (head, body)
        return body

    def close(self) -> None:
        """Hangs up."""
        self.writer.close()

    async def _ask(self, method: str, path: str, body: object) -> tuple[str, dict]:  # type: ignore[type-arg]
        content = b"" if body is None else json.dumps(body).encode()
        more = {"Content-Type": "application/json", "Content-Length": str(len(content))}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in {**self.headers, **more}.items())]
        self.writer.write("\r\n".join([*lines, "", ""]).encode() + content)
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        length = next(int(one.split(":")[1]) for one in head.split("\r\n") if one.lower().startswith("content-length"))
        return head, json.loads(await self.reader.readexactly(length))
