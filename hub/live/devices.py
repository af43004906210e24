"""The last word of each device: presence, health, what its board has shown. Thread-safe; nothing here is stored."""

import threading
from collections.abc import Callable, Iterable
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
PATIENCE: Final = 3
"""When the hub begins, and when the broker was lost: after so many calls of `settle` whoever was not heard is gone."""

LOG_EVERY_MS: Final = 60_000

log = structlog.get_logger("hub.live.devices")

Answered = Callable[[str, m.OrderDone], None]
"""Told what a device says of an order. On the network thread."""

Confirmed = Callable[[str, m.Shown], None]
"""Told that a screen shows a call. On the network thread."""

Report = Callable[[str, Meaning], None]
"""Told what a reading, or silence, means: (device, fact). On the network thread, or on that which settles."""


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
    stated: bool = False
    """Whether the device is there by what was last reported of it."""
    heard: bool = False
    """Whether its presence was heard since the broker was lost."""

    @property
    def there(self) -> bool:
        """Whether the device is there by its own last word."""
        return self.presence is not None and self.presence.state == "online"


class Devices:
    """Hears readings and reports what they mean: a change, never what was reported before.

    `there`: devices that the journal last said to be there. Their retained presence is no news to a hub that begins.
    """

    def __init__(
        self,
        report: Report,
        clock: Callable[[], Instant],
        there: Iterable[str] = (),
        answered: Answered = lambda _device, _done: None,
        confirmed: Confirmed = lambda _device, _shown: None,
    ) -> None:
        self._report = report
        self._answered = answered
        self._confirmed = confirmed
        self._clock = clock
        self._words = {device: LastWord(stated=True) for device in there}
        self._patience = PATIENCE
        self._lock = threading.Lock()
        self._logged: dict[str, Instant] = {}
        self.malformed = 0
        self.doubled = 0

    def last_words(self) -> dict[str, LastWord]:
        """All devices heard of, by id."""
        with self._lock:
            return dict(self._words)

    def there(self) -> set[str]:
        """Devices that are there by their own last word."""
        with self._lock:
            return {device for device, word in self._words.items() if word.there}

    def forget(self, device: str) -> None:
        """The device was removed."""
        with self._lock:
            self._words.pop(device, None)

    def hear(self, device: str, topic: str, payload: bytes, _retained: bool) -> None:
        """One reading of a device, or its word about an order. What cannot be read is counted, and logged once a minute
        per device.
        """
        try:
            message = TOPIC[topic].message.model_validate_json(payload)
        except (ValidationError, ValueError, RecursionError):
            self._note_malformed(device, topic)
            return
        if isinstance(message, m.OrderDone):
            self._answered(device, message)
            return
        meaning = self._keep(device, message)
        if isinstance(message, m.Shown):
            self._confirmed(device, message)
        if meaning is not None:
            self._report(device, meaning)

    def lose_touch(self) -> None:
        """The broker was lost, and with it perhaps every presence: whoever is there says so again."""
        with self._lock:
            self._patience = PATIENCE
            for word in self._words.values():
                word.heard = False

    def settle(self, *, connected: bool) -> None:
        """To be called every so often, `connected` to the broker or not: notices who has not been heard for too long,
        and how two holders of one certificate have ended.
        """
        with self._lock:
            self._patience = max(0, self._patience - 1) if connected else PATIENCE
            meanings = [(device, self._change(word)) for device, word in self._words.items()]
        for device, meaning in meanings:
            if meaning is not None:
                self._report(device, meaning)

    def _keep(self, device: str, message: m.Message) -> Meaning | None:
        with self._lock:
            word = self._words.setdefault(device, LastWord())
            word.heard_at = self._clock()
            word.changes += 1
            match message:
                case m.DevicePresence():
                    return self._meaning(word, message)
                case m.DeviceHealth():
                    word.health = message
                case m.Shown():
                    word.shown = message
                case _:
                    pass
        return None

    def _meaning(self, word: LastWord, now: m.DevicePresence) -> Meaning | None:
        """A boot id that comes back after another one was seen: two programs hold this certificate.

        The will of a life that another has followed already says nothing of the device.
        """
        online = now.state == "online"
        if not online and word.there and word.boots[-1] != now.boot_id:
            return None
        word.presence, word.heard = now, True
        if online and (not word.boots or word.boots[-1] != now.boot_id):
            again = now.boot_id in word.boots
            word.boots = [*word.boots, now.boot_id][-BOOTS_KEPT:]
            if again:
                return self._note_doubled(word)
        return self._change(word)

    def _change(self, word: LastWord) -> Meaning | None:
        """What is to be reported, if anything: nothing while it is too early to tell, or while two push each other
        out, many times a second.
        """
        if not word.heard and self._patience > 0:
            return None
        if not word.heard:
            word.presence = None
        if word.there == word.stated or self._doubled_lately(word):
            return None
        word.stated = word.there
        return DeviceReturned if word.there else DeviceLost

    def _note_doubled(self, word: LastWord) -> Meaning | None:
        """Once a minute."""
        self.doubled += 1
        if self._doubled_lately(word):
            return None
        word.doubled_at = self._clock()
        return DeviceDoubled

    def _doubled_lately(self, word: LastWord) -> bool:
        return word.doubled_at is not None and 0 <= self._clock() - word.doubled_at < LOG_EVERY_MS

    def _note_malformed(self, device: str, topic: str) -> None:
        self.malformed += 1
        now = self._clock()
        if now - self._logged.get(device, -LOG_EVERY_MS) >= LOG_EVERY_MS:
            self._logged[device] = now
            log.warning("reading-malformed", device=device, topic=topic)
