"""The file that knows every concrete class: builds a hub from settings, starts and stops it in visible order."""

import secrets
import sys
import threading
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import orjson
import structlog

from hub.actions.admin.add_system import add_system
from hub.actions.asking import Request, Sight
from hub.actions.device.presence import Meaning, note_device
from hub.actions.device.showing import note_not_shown
from hub.certificates import Certificates
from hub.condition import Condition
from hub.contract import messages as m
from hub.contract.time import to_rfc3339
from hub.contract.topics import Announcement, address, announce
from hub.contract.version import __version__
from hub.duties import Duties
from hub.errors import Fault
from hub.fleet.addresses import reached_at
from hub.fleet.devices import Change
from hub.ground.files import replace_file
from hub.live.devices import Devices
from hub.live.halls import Halls
from hub.live.measures import Measures
from hub.messaging.broker import Broker
from hub.messaging.broker_configuration import BrokerPlan
from hub.messaging.link import BrokerAddress, Ears, HubLink
from hub.messaging.orders import Orders
from hub.messaging.publisher import Publisher
from hub.messaging.requests import Desk, Requests
from hub.queueing.facts import DeviceDoubled, Entry
from hub.rounds import Rounds
from hub.settings import Settings
from hub.standing import TOKEN_FILE, Clock, make_fleet, make_ledger, open_authority, open_database, wall_clock
from hub.storage.disk import Ballast, free_megabytes
from hub.storage.follower import Follower, Signal
from hub.storage.lock import DataLock
from hub.storage.reading import StoredReading
from hub.storage.schema import migrate
from hub.storage.staff_names import StaffNames
from hub.storage.writer import Writer
from hub.web.app import create_app
from hub.web.device_door import DeviceDoor, create_device_app
from hub.web.events import Broadcast
from hub.web.live import LivePages
from hub.web.parts import WebParts
from hub.web.pictures import Pictures
from hub.web.server import Names, Server
from hub.web.sessions import token_hash
from hub.web.setup_code import SetupCode, new_code

BROKER_LIMIT_S: Final = 10.0
START_MB: Final = 2
FONTS: Final = Path(__file__).parents[1] / "build" / "fonts" / "web"
"""Made by `make env`; without them pages use the browser's own."""

SWITCH_INTERVAL_S: Final = 0.0005
"""Web, MQTT and the writer share one interpreter: shorter turns make shorter queues (measured: p99 10.2 → 8.3 ms)."""

log = structlog.get_logger("hub")


class Hub:
    """A centre's hub, built but not started. `failed` is set when it cannot go on and has to be started anew."""

    def __init__(self, settings: Settings, clock: Clock = wall_clock) -> None:
        self.settings = settings
        self.clock = clock
        self.boot_id = uuid.uuid4().hex
        self.failed = threading.Event()
        self.stopping = threading.Event()
        self._ready = False

    # ------------------------------------------------------------ start and stop

    def start(self) -> None:
        """In the order in which one part needs the other. Raises a `Fault` that says what to do."""
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        settings = self.settings
        self.lock = DataLock(settings.data.directory)
        self.ballast = Ballast(settings.data.directory, settings.limits.ballast_mb)
        self._find_room_to_start()
        self.database = open_database(settings)
        migrate(self.database)
        self.signal = Signal()
        self.ledger = make_ledger(settings, self.database, self.clock)
        self.writer = Writer(
            self.ledger, on_commit=lambda urgent: self.signal.ring(urgent=urgent), on_failure=self._on_failure
        )
        self.writer.start()
        self.reading = StoredReading(self.database)
        self.names = StaffNames(self.reading)
        self.ledger.make_room = self._make_room
        self.authority = open_authority(settings, self.clock)
        self.certificates = Certificates(settings, self.authority, self.clock)
        self.fleet = make_fleet(
            settings, self.writer, self.database, self.authority, self.clock, changed=self._on_fleet_changed
        )
        self._start_messaging()
        self._open_device_door()
        self._start_rounds()
        self._open_pages()
        self._leave_word_for_tools()
        self._ready = True
        if self.setup_code.code is not None:
            log.warning("nobody-can-sign-in-yet", page=f"{self.address}/setup", code=self.setup_code.code)
        log.info("hub-ready", centre=settings.centre.id, version=__version__)

    @property
    def address(self) -> str:
        """Where pages are reached."""
        web = self.settings.web
        scheme = "http" if web.tls == "off" else "https"
        return web.public_url or f"{scheme}://{web.listen}:{web.port}"

    def _leave_word_for_tools(self) -> None:
        """The command line of whoever may read our data directory may also change a hub that runs."""
        token = secrets.token_urlsafe(32)
        hashed = token_hash(token)
        self.writer.submit(Request(lambda work: add_system(work, "command-line", hashed, "tools"))).result(
            BROKER_LIMIT_S
        )
        web = self.settings.web
        host = "127.0.0.1" if web.listen in ("0.0.0.0", "localhost") else web.listen  # noqa: S104 - compared, not bound
        word = {"address": f"{'http' if web.tls == 'off' else 'https'}://{host}:{web.port}", "token": token}
        replace_file(self.settings.data.directory / TOKEN_FILE, orjson.dumps(word), mode=0o600)

    def _open_device_door(self) -> None:
        """Before any order is sent: orders name it."""
        listen, port = self.settings.broker.listen, self.settings.devices.port
        self.pictures = Pictures(self.clock)
        app = create_device_app(DeviceDoor(self.fleet.holds, self.reading.open_orders, self.pictures))
        names = Names("broker.listen", "devices.port", "the door's certificate", "its key")
        self.device_server = Server(
            app, Broadcast(), listen=listen, port=port, tls=self.certificates.for_devices(), names=names
        )
        self.device_server.start()

    @property
    def device_address(self) -> str:
        """Where devices find the door, as they find the broker."""
        host = reached_at(self.settings.broker.listen, self.settings.broker.reached_at)
        return f"https://{f'[{host}]' if ':' in host else host}:{self.device_server.port}"

    def _start_messaging(self) -> None:
        settings = self.settings
        self.halls = Halls(self._screens, self._on_not_shown, self._on_shown, monotonic=time.monotonic)
        self.live = LivePages(
            Broadcast(),
            self.writer,
            self.reading,
            clock=self.clock,
            zone=settings.centre.zone,
            undo_ms=settings.limits.undo_s * 1000,
            halls=self.halls.words,
        )
        self.broker = self._make_broker() if settings.broker.managed else None
        if self.broker is not None:
            self.broker.write_access(self.fleet.identities())
            origin = self.broker.ensure()
            log.info("broker", origin=origin.value)
        self.devices = Devices(
            self._on_reading,
            self.clock,
            self.reading.devices_there(),
            answered=self._on_order_done,
            confirmed=self.halls.hear,
        )
        self.orders = Orders(
            self.writer,
            self.reading.open_orders,
            self._publish,
            self.devices.there,
            uploads=lambda: self.device_address,
            clock=self.clock,
        )
        self.orders.start()
        self.requests = Requests(
            settings.centre.id,
            self.writer,
            lambda topic, payload: self.link.publish(topic, payload, retain=False),
            Desk(self.fleet.role_of, self.fleet.settings_version_of),
            clock=self.clock,
            zone=settings.centre.zone,
            age_limit_s=settings.limits.request_age_s,
        )
        self.publisher = Publisher(
            self.writer,
            [self._publish, self.live.tell],
            clock=self.clock,
            zone=settings.centre.zone,
            public_url=settings.web.public_url,
            officers=self.names,
            also=self._about_the_hub,
            coalesce_s=settings.publishing.coalesce_ms / 1000,
            complete=self._keep_only,
        )
        self.link = HubLink(settings.centre.id, self._broker_address(), self._ears(), self._presence("offline"))
        self.follower = Follower("publisher", self.database, self.signal, self._on_entries)
        head = self.writer.look(lambda sight: sight.entry).result(BROKER_LIMIT_S)
        self.link.start()
        if not self.link.wait_connected(BROKER_LIMIT_S):
            raise Fault("the broker does not answer the hub; see the broker's log in the data directory")
        self.halls.start()
        self.publisher.start()
        self.follower.start(head)

    def _start_rounds(self) -> None:
        settings = self.settings
        duties = Duties(
            settings,
            self.clock,
            self.database,
            self.ledger,
            self.writer,
            self.broker,
            self.ballast,
            self.devices,
            self.link,
            self.stopping,
            self._renew_certificate,
            self.orders.walk,
            self.pictures.forget_old,
            self.reading.days_of_notes,
        )
        self.rounds = Rounds(duties.rounds())
        self.condition = Condition(
            settings.data.directory,
            self.clock,
            self.ledger,
            self.writer,
            self.link,
            self.devices,
            self.requests,
            self.rounds,
            ready=lambda: self._ready,
        )
        self.rounds.start()

    def _open_pages(self) -> None:
        """Last, when everything behind the pages works."""
        settings = self.settings
        self.setup_code = SetupCode(None if self.reading.has_staff() else new_code())
        parts = WebParts(
            door=self.writer,
            reading=self.reading,
            enrolment=self.fleet,
            live=self.live,
            web=settings.web,
            limits=settings.limits,
            zone=settings.centre.zone,
            clock=self.clock,
            monotonic=time.monotonic,
            setup_code=lambda: self.setup_code,
            readiness=self.condition.checks,
            heard=self.devices.last_words,
            pictures=self.pictures,
            metrics=Measures(self.condition.measures).text,
            fonts=FONTS if FONTS.is_dir() else None,
        )
        web = settings.web
        self.app = create_app(parts)
        self.server = Server(
            self.app, self.live.events, listen=web.listen, port=web.port, tls=self.certificates.for_pages()
        )
        self.server.start()

    def stop(self, *, leave_broker: bool = False) -> None:
        """Backwards; what was never started is left out. The broker stays for the next start if `leave_broker`."""
        self.stopping.set()
        self._ready = False
        for name in ("server", "device_server", "rounds", "follower", "publisher", "halls", "writer"):
            part = getattr(self, name, None)
            if part is not None:
                part.stop()
        if hasattr(self, "app"):
            self.app.state.kit.passwords.close()
        if hasattr(self, "link"):
            self.link.stop((address(self.settings.centre.id, "hub"), self._presence("offline")))
        if getattr(self, "broker", None) is not None and not leave_broker:
            self.broker.stop()  # type: ignore[union-attr]
        if hasattr(self, "database"):
            self.database.close()
        if hasattr(self, "lock"):
            self.lock.release()

    # ------------------------------------------------------------ what parts tell each other

    def _find_room_to_start(self) -> None:
        """Database and broker need a little room even to begin; on a full disk the ballast gives it."""
        directory = self.settings.data.directory
        if free_megabytes(directory) < START_MB and self.ballast.throw_off():
            log.error("disk-full", words="the ballast was thrown off to be able to start")
        if free_megabytes(directory) < START_MB:
            raise Fault(f"{directory}: the disk is full; make room (at least {START_MB} MB), then start the hub again")

    def _make_room(self) -> None:
        """The disk was full: the ballast goes, and the room it gives is kept for those who wait already."""
        self.ballast.throw_off()
        self.ledger.low_on_disk = True

    def _on_failure(self, error: BaseException) -> None:
        log.error("hub-cannot-go-on", error=str(error))
        self.failed.set()

    def _on_entries(self, entries: Sequence[Entry]) -> None:
        self.names.on_entries(entries)
        self.live.on_entries(entries)
        self.orders.on_entries(entries)
        self.halls.on_entries(entries)
        self.publisher.on_entries(entries)

    def _publish(self, announcement: Announcement) -> None:
        payload = announcement.message.model_dump_json(by_alias=True).encode()
        self.link.publish(announcement.address(self.settings.centre.id), payload, retain=announcement.retained)

    def _keep_only(self, everything: Sequence[Announcement]) -> None:
        self.link.keep_only({one.address(self.settings.centre.id) for one in everything if one.retained})

    def _about_the_hub(self, sight: Sight) -> list[Announcement]:
        """What is said with everything else: that the hub is there, and what each device shall be set to."""
        online = m.HubPresence.model_validate_json(self._presence("online"))
        settings = self.fleet.settings(sight.set_up, sight.set_up_version)
        return [
            announce("hub", online),
            *(announce("settings", one, device=device) for device, one in settings),
        ]

    def _presence(self, state: str) -> bytes:
        ledger = getattr(self, "ledger", None)
        return orjson.dumps(
            {
                "state": state,
                "epoch": ledger.sight.epoch if ledger is not None else "",
                "boot_id": self.boot_id,
                "version": __version__,
                "at": to_rfc3339(self.clock(), self.settings.centre.zone),
            }
        )

    def _ears(self) -> Ears:
        return Ears(
            connected=self.publisher.refresh,
            lost=self.devices.lose_touch,
            request=self.requests.receive,
            reading=self.devices.hear,
        )

    def _on_reading(self, device: str, meaning: Meaning) -> None:
        self.writer.submit(Request(lambda work: note_device(work, device, meaning)))
        if meaning is DeviceDoubled:
            log.error("device-doubled", device=device, words="two programs hold this device's certificate")

    def _screens(self, counter: str) -> dict[str, frozenset[str]]:
        """Which screens shall show the calls of a counter, by hall."""
        boards = self.ledger.sight.set_up.boards_of(counter)
        return {board: self.fleet.screens(board, counter) for board in boards}

    def _on_shown(self) -> None:
        self.live.on_shown()

    def _on_not_shown(self, ticket: str, counter: str, board: str) -> None:
        noted = self.writer.submit(Request(lambda work: note_not_shown(work, ticket, counter, board)))
        noted.add_done_callback(lambda _: self._on_shown())

    def _on_order_done(self, device: str, done: m.OrderDone) -> None:
        self.orders.hear(device, done)

    def _on_fleet_changed(self, device: str, change: Change) -> None:
        """The broker's list is in force when this returns, and whoever held a certificate of the device that is void
        now is cut off: the next to come under its name must show the new one. What a removed device left is cleared.
        """
        if self.broker is not None and change is not Change.SETTINGS:
            self.broker.write_access(self.fleet.identities())
            self.broker.cut(device)
        if change is Change.REMOVED:
            self.devices.forget(device)
            for topic in ("presence", "health", "settings"):
                self.link.publish(address(self.settings.centre.id, topic, device=device), b"", retain=True)
        self.publisher.refresh()

    # ------------------------------------------------------------ the broker

    def _make_broker(self) -> Broker:
        settings = self.settings
        directory = self.certificates.for_broker()
        return Broker(
            BrokerPlan(
                directory=directory,
                centre=settings.centre.id,
                authority=self.authority.directory / "authority.pem",
                certificate=directory / "server.pem",
                key=directory / "server.key",
                revoked=self.authority.revoked_file,
                listen=settings.broker.listen,
                port=settings.broker.port,
                program=settings.broker.program,
                socket=settings.broker.socket,
            )
        )

    def _renew_certificate(self) -> None:
        """A hub may run for years: what devices are shown is made anew in time, and the broker replaced with it."""
        self.certificates.for_devices()
        self.device_server.renew()
        if self.broker is not None:
            self.certificates.for_broker()
            self.broker.ensure()

    def _broker_address(self) -> BrokerAddress:
        asked = self.settings.broker
        if asked.managed:
            return BrokerAddress(socket=asked.socket or self.settings.data.directory.absolute() / "broker/broker.sock")
        return BrokerAddress(asked.socket, asked.host, asked.port, asked.ca, asked.certificate, asked.key)
