"""What the hub does by itself every so often: broker, day, disk, devices, memory of requests, back-ups."""

import logging
import threading
from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import Final

import structlog

from hub.actions.asking import Request
from hub.actions.counter.note import erase_notes
from hub.contract import messages as m
from hub.contract.names import Day
from hub.contract.time import Instant
from hub.live.devices import Devices
from hub.messaging.broker import Broker
from hub.messaging.link import HubLink
from hub.messaging.orders import AGAIN_S
from hub.queueing.days import day_to_open
from hub.rounds import Round
from hub.settings import Settings
from hub.storage.backup import Verified, back_up
from hub.storage.database import Database
from hub.storage.disk import Ballast, free_megabytes
from hub.storage.ledger import Ledger
from hub.storage.writer import Writer

ANSWER_LIMIT_S: Final = 10.0

log = structlog.get_logger("hub.duties")


class Dropped(m.Message):
    """How many remembered requests were dropped."""

    requests: int


@dataclass(frozen=True)
class Duties:
    """The hub's housekeeping over its parts. `broker` None: somebody else keeps it."""

    settings: Settings
    clock: Callable[[], Instant]
    database: Database
    ledger: Ledger
    writer: Writer
    broker: Broker | None
    ballast: Ballast
    devices: Devices
    link: HubLink
    stopping: threading.Event
    renew_certificate: Callable[[], object]
    send_orders: Callable[[], object]
    forget_pictures: Callable[[], object]
    notes_of_days: Callable[[], Set[Day]]

    def rounds(self) -> list[Round]:
        """All duties with their pace."""
        every_s = self.settings.backup.every_minutes * 60.0
        return [
            Round("broker", 1.0, self._keep_broker, first_s=1.0),
            Round("day", 15.0, self._open_day_if_due),
            Round("disk", 10.0, self._watch_disk),
            Round("orders", AGAIN_S, self.send_orders),
            Round("pictures", 60.0, self.forget_pictures, first_s=60.0),
            Round("devices", 15.0, self._settle_devices, first_s=15.0),
            Round("broker-log", 3600.0, self._trim_broker_log, first_s=60.0),
            Round("certificates", 86_400.0, self.renew_certificate, first_s=3600.0),
            Round("notes", 60.0, self._erase_notes, first_s=15.0),
            Round("memory", 3600.0, self._forget_requests, first_s=60.0),
            Round("back-up", every_s, self.back_up, first_s=min(every_s, 300.0)),
        ]

    def _keep_broker(self) -> None:
        if self.broker is not None and self.broker.restart_if_dead():
            log.warning("broker-restarted")

    def _trim_broker_log(self) -> None:
        if self.broker is not None:
            self.broker.trim_log()

    def _open_day_if_due(self) -> None:
        """Only asks the writer when there is something to open: an idle hub stays idle."""
        zone = self.settings.centre.zone
        line = self.ledger.sight.line
        if day_to_open(self.clock(), line.last_entry_at, line.day, zone) is not None:
            self.writer.submit(Request(lambda _: m.Done())).result(ANSWER_LIMIT_S)

    def _erase_notes(self) -> None:
        """What officers wrote down goes with its day; the writer is asked only when there is something to erase."""
        if self.notes_of_days() - {self.ledger.sight.line.day}:
            self.writer.submit(Request(erase_notes)).result(ANSWER_LIMIT_S)

    def _watch_disk(self) -> None:
        directory, limits = self.settings.data.directory, self.settings.limits
        low = free_megabytes(directory) < limits.low_disk_mb
        if low != self.ledger.low_on_disk:
            log.log(logging.ERROR if low else logging.INFO, "disk-low" if low else "disk-recovered")
        self.ledger.low_on_disk = low
        if not low:
            self.ballast.load(limits.low_disk_mb)

    def _settle_devices(self) -> None:
        self.devices.settle(connected=self.link.connected)

    def _forget_requests(self) -> None:
        while not self.stopping.is_set():
            done = self.writer.submit(Request(lambda work: Dropped(requests=work.register.forget_requests(work.now))))
            if Dropped.model_validate_json(done.result(ANSWER_LIMIT_S).answer).requests == 0:
                return

    def back_up(self) -> Verified:
        """A verified copy, now."""
        asked = self.settings.backup
        directory = asked.directory or self.settings.data.directory / "backups"
        return back_up(self.database, directory, self.clock(), keep=asked.keep)
