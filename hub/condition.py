"""How the hub is: what is wrong now in words, for `/readyz`, and its figures, for `/metrics`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hub.contract.time import Instant
from hub.live.devices import Devices
from hub.live.measures import Measure
from hub.messaging.link import HubLink
from hub.messaging.requests import Requests
from hub.rounds import Rounds
from hub.storage.disk import free_megabytes
from hub.storage.ledger import Ledger
from hub.storage.writer import Writer

CLOCK_TOLERANCE_S: Final = 60
"""A clock that is set back by less is not worth anybody's morning."""


@dataclass(frozen=True)
class Condition:
    """Looks at the hub's parts when asked. `ready`: whether the hub has started and does not stop."""

    data: Path
    clock: Callable[[], Instant]
    ledger: Ledger
    writer: Writer
    link: HubLink
    devices: Devices
    requests: Requests
    rounds: Rounds
    ready: Callable[[], bool]

    def checks(self) -> dict[str, str | None]:
        """What is looked at, and in words what is wrong with it (None: nothing)."""
        behind = self.clock_behind_s() > CLOCK_TOLERANCE_S
        found = (
            ("hub", not self.ready(), "the hub is starting or stopping"),
            ("database", not self.writer.alive, "the database does not take entries"),
            ("broker", not self.link.connected, "the broker cannot be reached: devices get no answers"),
            ("disk", self.ledger.low_on_disk, "the disk is nearly full: no numbers are given"),
            ("clock", behind, "the clock lies before the last entry: set it right, or confirm the date"),
        )
        return {name: words if wrong else None for name, wrong, words in found}

    def clock_behind_s(self) -> int:
        """How far the clock lies behind the last entry; staff must confirm the date when it stays so."""
        return max(0, self.ledger.sight.line.last_entry_at - self.clock()) // 1000

    def measures(self) -> Iterator[Measure]:
        """Figures for `/metrics`."""
        figures, line = self.ledger.figures, self.ledger.sight.line
        set_up = self.ledger.sight.set_up
        words = self.devices.last_words()
        online = sum(1 for one in words.values() if one.presence is not None and one.presence.state == "online")
        received = self.requests.figures
        yield Measure("motcua_ready", "1 when the hub is ready.", not any(self.checks().values()))
        yield Measure("motcua_commits", "Transactions of the writer.", figures.batches, total=True)
        yield Measure("motcua_actions", "Requests carried out or refused by the writer.", figures.requests, total=True)
        yield Measure("motcua_repeated", "Requests answered from memory.", figures.repeated, total=True)
        yield Measure(
            "motcua_rule_refusals", "Refusals by the rules.", total=True, label="code", by=dict(figures.refused)
        )
        yield Measure("motcua_internal_faults", "Actions that broke on no rule.", figures.faults, total=True)
        yield Measure("motcua_disk_full", "Transactions undone for want of room.", figures.full, total=True)
        yield Measure(
            "motcua_device_requests", "Requests of devices.", total=True, label="operation", by=dict(received.received)
        )
        yield Measure(
            "motcua_device_refusals", "Refusals to devices.", total=True, label="code", by=dict(received.refused)
        )
        yield Measure(
            "motcua_dropped_messages",
            "Messages nobody could answer.",
            total=True,
            label="reason",
            by=dict(received.dropped),
        )
        yield Measure(
            "motcua_malformed_readings", "Readings that could not be read.", self.devices.malformed, total=True
        )
        yield Measure(
            "motcua_callback_errors", "Messages that broke their reader.", self.link.callback_errors, total=True
        )
        yield Measure(
            "motcua_devices_doubled", "Times a certificate had two holders.", self.devices.doubled, total=True
        )
        yield Measure("motcua_devices_online", "Devices that are there.", online)
        yield Measure(
            "motcua_waiting",
            "People waiting.",
            label="service",
            by={one.id: line.waiting_count(one.id) for one in set_up.services},
        )
        yield Measure("motcua_clock_behind_seconds", "How far the clock lies behind.", self.clock_behind_s())
        yield Measure("motcua_disk_free_megabytes", "Free on the data disk.", free_megabytes(self.data))
        yield Measure("motcua_rounds_broken", "Duties that failed last time.", len(self.rounds.broken))
