"""A hub's data without the hub: what the settings name, opened for the hub itself and for tools."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from hub.actions.admin.open_day import open_day_if_due
from hub.actions.asking import Door
from hub.actions.work import Rules
from hub.contract.time import Instant, from_datetime, to_datetime
from hub.fleet.addresses import reached_at
from hub.fleet.authority import Authority
from hub.fleet.devices import Fleet, FleetChanged, HubPlace
from hub.queueing.limits import IssueLimit
from hub.settings import Settings
from hub.storage.database import Database, sqlite_url
from hub.storage.doors import DirectDoor
from hub.storage.ledger import Ledger
from hub.storage.lock import DataLock
from hub.storage.reading import StoredReading
from hub.storage.schema import migrate

Clock = Callable[[], Instant]

TOKEN_FILE: Final = "tools.json"  # noqa: S105 - a file name
"""In the data directory: where the running hub is, and a token for the command line; new at every start."""


def wall_clock() -> Instant:
    """The machine's clock."""
    return from_datetime(datetime.now(UTC))


def open_database(settings: Settings) -> Database:
    """The database that the settings name. Nothing is read yet."""
    url = settings.database.url.get_secret_value()
    return Database(url or sqlite_url(settings.data.directory / "hub.db"))


def make_ledger(settings: Settings, database: Database, clock: Clock) -> Ledger:
    """The ledger over `database`, not yet opened."""
    limits = settings.limits
    return Ledger(
        database,
        clock=clock,
        rules=Rules(limits.undo_s * 1000, settings.web.public_url, settings.centre.zone),
        issue_limit=IssueLimit(limits.tickets_per_minute_per_device, limits.ticket_burst_per_device),
        before_each=open_day_if_due,
    )


def open_authority(settings: Settings, clock: Clock) -> Authority:
    """The centre's certificate authority, made at first use."""
    return Authority.open(settings.data.directory / "authority", settings.centre.id, to_datetime(clock()))


def make_fleet(
    settings: Settings, door: Door, database: Database, authority: Authority, clock: Clock, changed: FleetChanged
) -> Fleet:
    """The devices."""
    broker = settings.broker
    host = broker.host or reached_at(broker.listen, broker.reached_at)
    return Fleet(
        door,
        authority,
        HubPlace(settings.centre.id, host, broker.port),
        known=StoredReading(database).all_devices(),
        changed=changed,
        clock=lambda: to_datetime(clock()),
    )


@dataclass(frozen=True)
class StandingHub:
    """A hub that stands still, opened by a tool."""

    database: Database
    door: Door
    fleet: Fleet


@contextmanager
def standing_hub(settings: Settings, clock: Clock = wall_clock) -> Iterator[StandingHub]:
    """The data of a hub that does not run. Raises `LockFault` when one does."""
    with DataLock(settings.data.directory):
        database = open_database(settings)
        migrate(database)
        ledger = make_ledger(settings, database, clock)
        ledger.open()
        door = DirectDoor(ledger)
        authority = open_authority(settings, clock)
        try:
            yield StandingHub(
                database, door, make_fleet(settings, door, database, authority, clock, changed=lambda *_: None)
            )
        finally:
            ledger.close()
            database.close()
