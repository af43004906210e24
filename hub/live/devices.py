"""The last word of each device: presence, health, what its board has shown. Thread-safe; nothing here is stored."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import structlog
from pydantic import ValidationError

from hub.actions.device.presence import Meaning
from hub.contract import messages as m
from hub.contract.time import Instant
from hub.contract.topics import TOPIC
from hub.queueing.facts import DeviceDoubled, DeviceLost, DeviceReturned

BOOTS_KEPT: Final = 16
LOG_EVERY_MS: Final = 60_000

log = structlog.get_logger("hub.live.devices")

Report = Callable[[str, Meaning], None]
"""Told on the network thread what a reading means: (device, fact)."""


@dataclass(slots=True)
class LastWord:
    """What is known of one device now. `changes` grows with every reading."""

    presence: m.DevicePresence | None = None
    health: m.DeviceHealth | None = None
    shown: m.Shown | None = None
    heard_at: Instant = Instant(0)
    changes: int = 0
    boots: list[str] = field(default_factory=list)
    doubled_at: Instant | None = None


class Devices:
    """Hears readings and reports what they mean."""

    def __init__(self, report: Report, clock: Callable[[], Instant]) -> None:
        self._report = report
        self._clock = clock
        self._words: dict[str, LastWord] = {}
        self._lock = threading.Lock()
        self._logged: dict[str, Instant] = {}
        self.malformed = 0
        self.doubled = 0

    def last_words(self) -> dict[str, LastWord]:
        """All devices heard of, by id."""
        with self._lock:
            return dict(self._words)

    def forget(self, device: str) -> None:
        """The device was removed."""
        with self._lock:
            self._words.pop(device, None)

    def hear(self, device: str, topic: str, payload: bytes, _retained: bool) -> None:
        """One reading of a device. What cannot be read is counted, and logged once a minute per device."""
        try:
            message = TOPIC[topic].message.model_validate_json(payload)
        except (ValidationError, ValueError, RecursionError):
            self._note_malformed(device, topic)
            return
        meaning = self._keep(device, message)
        if meaning is not None:
            self._report(device, meaning)

    def _keep(self, device: str, message: m.Message) -> Meaning | None:
        with self._lock:
            word = self._words.setdefault(device, LastWord())
            word.heard_at = self._clock()
            word.changes += 1
            match message:
                case m.DevicePresence():
                    before, word.presence = word.presence, message
                    return self._meaning(word, before, message)
                case m.DeviceHealth():
                    word.health = message
                case m.Shown():
                    word.shown = message
                case _:
                    pass
        return None

    def _meaning(self, word: LastWord, before: m.DevicePresence | None, now: m.DevicePresence) -> Meaning | None:
        """A boot id that comes back after another one was seen: two programs hold this certificate."""
        online, was_online = now.state == "online", before is not None and before.state == "online"
        if online and (not word.boots or word.boots[-1] != now.boot_id):
            again = now.boot_id in word.boots
            word.boots = [*word.boots, now.boot_id][-BOOTS_KEPT:]
            if again:
                return self._note_doubled(word)
        if online and not was_online:
            return DeviceReturned
        return DeviceLost if was_online and not online else None

    def _note_doubled(self, word: LastWord) -> Meaning | None:
        """Once a minute: two programs that push each other out do so many times a second."""
        now = self._clock()
        self.doubled += 1
        if word.doubled_at is not None and now - word.doubled_at < LOG_EVERY_MS:
            return None
        word.doubled_at = now
        return DeviceDoubled

    def _note_malformed(self, device: str, topic: str) -> None:
        self.malformed += 1
        now = self._clock()
        if now - self._logged.get(device, -LOG_EVERY_MS) >= LOG_EVERY_MS:
            self._logged[device] = now
            log.warning("reading-malformed", device=device, topic=topic)
