"""The broker as a child of the hub: started, adopted after a hard kill, reloaded, restarted, ended."""

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from typing import Final, Self

from hub.contract.topics import DeviceIdentity
from hub.errors import BrokerFault
from hub.ground.files import replace_file
from hub.messaging import broker_configuration
from hub.messaging.access import access_list
from hub.messaging.broker_configuration import ACCESS_FILE, LOG_FILE, PID_FILE, BrokerPlan
from hub.messaging.broker_process import RunningProcess, holder_of

RECORD_FILE: Final = "broker.json"
SYSTEM_PROGRAMS: Final = "/usr/local/sbin:/usr/sbin:/sbin"
"""Where Debian keeps mosquitto; not on the path of an ordinary user."""

START_LIMIT_S: Final = 15.0
ANSWER_LIMIT_S: Final = 5.0
END_LIMIT_S: Final = 5.0
LOOK_EVERY_S: Final = 0.02
LONGEST_DELAY_S: Final = 60.0
LOG_BYTES: Final = 4 * 1024 * 1024

CONNECT: Final = b"\x00\x04MQTT\x05\x02\x00\x0a\x00"
CONNECTED: Final = b"\x20"
DISCONNECT: Final = b"\xe0\x00"
"""The few bytes of MQTT 5 that tell a broker that works from a socket that is merely open."""


class BrokerOrigin(Enum):
    """Where the running broker came from."""

    STARTED = "started"
    ADOPTED = "adopted"
    """A hub that was killed had left it behind, and it is as it should be."""
    REPLACED = "replaced"
    """A hub that was killed had left one behind that was not as it should be."""


@dataclass(frozen=True)
class RestartPace:
    """How soon a broker that dies may be started again: at once if it has lived, else later and later."""

    started_at: float
    delay_s: float = 1.0

    def is_due(self, now: float) -> bool:
        """Whether it may be started again at `now`."""
        return now >= self.started_at + self.delay_s

    def after_start(self, now: float) -> Self:
        """The pace after one more start at `now`."""
        has_lived = now >= self.started_at + LONGEST_DELAY_S
        return type(self)(now, 1.0 if has_lived else min(2 * self.delay_s, LONGEST_DELAY_S))


@dataclass(frozen=True)
class Launch:
    """All that takes effect only at the broker's start."""

    program: Path
    configuration: str
    digest: str


class Broker:
    """One Mosquitto, as `plan` says. Every method may be called from any thread, and every wait has a limit.

    It is in a session of its own and writes to files, so that it outlives a hub that is killed: the devices keep their
    connections, and the next hub adopts it.
    """

    def __init__(self, plan: BrokerPlan, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._plan = plan
        self._clock = clock
        self._lock = threading.RLock()
        self._child: subprocess.Popen[bytes] | None = None
        self._process: RunningProcess | None = None
        self._pace: RestartPace | None = None

    def ensure(self) -> BrokerOrigin:
        """See to it that a broker runs as planned: adopt one left behind if it is the same, else start one.

        Returns when it answers. Raises `BrokerFault`.
        """
        with self._lock, _explained(self._plan):
            self._prepare()
            launch, left_behind = self._launch(), self._left_behind()
            if left_behind and self._adopt(left_behind, launch):
                return BrokerOrigin.ADOPTED
            if left_behind:
                self._end(left_behind)
            self._pace = RestartPace(self._clock())
            self._start(launch)
            return BrokerOrigin.REPLACED if left_behind else BrokerOrigin.STARTED

    def write_access(self, devices: Iterable[DeviceIdentity]) -> None:
        """Let these devices, and no others, do what the table of topics says. In force when this returns.

        A device no longer listed keeps its connection (until `cut`) but may do nothing with it; what it had left as
        retained stays until the hub clears it. Before the first start, and while the broker is dead, the list is only
        written: the broker reads it when it starts.
        """
        with self._lock, _explained(self._plan):
            self._prepare()
            content = access_list(self._plan.centre, devices).encode()
            replace_file(self._plan.directory / ACCESS_FILE, content, mode=0o600)
            self.reload()

    def reload(self) -> None:
        """Have the broker read the access list and the revocations again (SIGHUP). In force when this returns.

        Connections stay. The reload also reads the server's certificate, though not a changed listener, user or socket;
        `ensure` replaces the broker for all of these alike. Mosquitto reloads before it takes up new connections, so an
        answer to a new one proves that it has.
        """
        with self._lock:
            if self._process is None or not self.alive():
                return
            self._process.send(signal.SIGHUP)
            if not _answers(self._plan.link, ANSWER_LIMIT_S):
                raise BrokerFault(f"The broker does not answer after it was told to reload. See {self._log}.")

    def cut(self, device: str) -> None:
        """End the connection of this device, if it has one: neither lost rights nor a void certificate end it.

        A client that connects under the name of another takes its place: for a moment we are that client.
        """
        with self._lock:
            if self.alive() and not _answers(self._plan.link, ANSWER_LIMIT_S, client=device):
                raise BrokerFault(f"The broker does not answer when told to cut {device} off. See {self._log}.")

    def alive(self) -> bool:
        """Whether the broker's process is there."""
        with self._lock:
            if self._child is not None:
                self._child.poll()
            return self._process is not None and self._process.is_alive()

    def restart_if_dead(self) -> bool:
        """Start the broker again if it has died and it is time; says whether it did. To be called every second or so.

        A broker that keeps dying is started again after 1, 2, 4 … 60 seconds. Raises `BrokerFault` when a start fails.
        """
        with self._lock, _explained(self._plan):
            if self._pace is None or self.alive() or not self._pace.is_due(self._clock()):
                return False
            self._pace = self._pace.after_start(self._clock())
            self._start(self._launch())
            return True

    def trim_log(self) -> None:
        """Put the broker's log aside when it has grown large; what was aside before goes. To be called now and then."""
        if self._log.exists() and self._log.stat().st_size > LOG_BYTES:
            shutil.copyfile(self._log, self._log.with_suffix(".log.1"))
            os.truncate(self._log, 0)

    def stop(self) -> None:
        """End the broker, also an adopted one. Twice is harmless."""
        with self._lock:
            process, self._process, self._pace = self._process, None, None
            if process is not None:
                self._end(process)

    @property
    def _log(self) -> Path:
        return self._plan.directory / LOG_FILE

    @property
    def _arguments(self) -> list[str]:
        return ["-c", str(self._plan.configuration_file)]

    def _prepare(self) -> None:
        if problem := broker_configuration.problem(self._plan):
            raise BrokerFault(f"The broker cannot be started: {problem}.")
        self._plan.directory.mkdir(parents=True, exist_ok=True)
        self._plan.directory.chmod(0o700)
        self._plan.link.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _check_private(self._plan.directory)
        _check_private(self._plan.link.parent)
        access = self._plan.directory / ACCESS_FILE
        if not access.exists():
            replace_file(access, access_list(self._plan.centre, ()).encode(), mode=0o600)

    def _launch(self) -> Launch:
        program = _find(self._plan.program)
        user = pwd.getpwuid(0).pw_name if os.geteuid() == 0 else None
        text = broker_configuration.configuration(self._plan, user=user)
        return Launch(program, text, broker_configuration.digest(self._plan, text, program))

    def _left_behind(self) -> RunningProcess | None:
        """The living broker of this directory, whoever started it; its command line proves that it is one."""
        try:
            process = RunningProcess.at(int((self._plan.directory / PID_FILE).read_text()))
        except (OSError, ValueError):
            return None
        return process if process and process.arguments()[1:] == self._arguments else None

    def _adopt(self, process: RunningProcess, launch: Launch) -> bool:
        if not self._is_recorded(process, launch) or not _answers(self._plan.link, ANSWER_LIMIT_S):
            return False
        self._process, self._pace = process, RestartPace(self._clock())
        try:
            self.reload()
        except BrokerFault:
            return False
        return self.alive()

    def _is_recorded(self, process: RunningProcess, launch: Launch) -> bool:
        try:
            record = json.loads((self._plan.directory / RECORD_FILE).read_text())
        except (OSError, ValueError):
            return False
        return bool(record == _record(process, launch))

    def _start(self, launch: Launch) -> None:
        self.trim_log()
        replace_file(self._plan.configuration_file, launch.configuration.encode(), mode=0o600)
        (self._plan.directory / PID_FILE).unlink(missing_ok=True)
        with self._log.open("ab") as log:
            said_before = log.tell()
            self._child = subprocess.Popen(
                [launch.program, *self._arguments],
                cwd=self._plan.directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._process = RunningProcess.at(self._child.pid)
        if self._process is not None:
            record = json.dumps(_record(self._process, launch)).encode()
            replace_file(self._plan.directory / RECORD_FILE, record, mode=0o600)
            self._await_answer(self._process)
        if not self.alive():
            raise BrokerFault(self._why_it_ended(said_before))

    def _await_answer(self, process: RunningProcess) -> None:
        """Return when the broker answers or has ended; one that does neither in time is ended."""
        latest = time.monotonic() + START_LIMIT_S
        while not _answers(self._plan.link, ANSWER_LIMIT_S):
            if process.wait(LOOK_EVERY_S):
                return
            if time.monotonic() > latest:
                self._end(process)
                raise BrokerFault(f"The broker does not answer {START_LIMIT_S:.0f} s after its start. See {self._log}.")

    def _why_it_ended(self, said_before: int) -> str:
        said = self._log.read_bytes()[said_before:].decode(errors="replace")
        if "Address already in use" in said:
            holder = holder_of(self._plan.port) or "another program"
            return (
                f"The broker cannot listen on port {self._plan.port}: {holder} has it. End that program, or set"
                " [broker] port to a free one and tell the devices."
            )
        if "Cannot assign requested address" in said:
            return f"{self._plan.listen} is not an address of this machine. Set [broker] listen to one that is."
        errors = [line.partition("Error: ")[2] for line in said.splitlines() if "Error: " in line]
        return f"The broker has ended right after its start: {' '.join(errors) or 'it gave no reason'} See {self._log}."

    def _end(self, process: RunningProcess) -> None:
        process.send(signal.SIGTERM)
        if not process.wait(END_LIMIT_S):
            process.send(signal.SIGKILL)
        if not process.wait(END_LIMIT_S):
            raise BrokerFault(f"The broker (process {process.pid}) cannot be ended. Restart this machine.")
        if self._child is not None and self._child.pid == process.pid:
            self._child.wait(END_LIMIT_S)


@contextmanager
def _explained(plan: BrokerPlan) -> Iterator[None]:
    """Turn what the system says into words for the person who runs the hub."""
    try:
        yield
    except OSError as cause:
        raise BrokerFault(
            f"The broker's files in {plan.directory} cannot be used: {cause}. That directory must belong to the user"
            " the hub runs as; see [data] directory."
        ) from cause


def _check_private(directory: Path) -> None:
    """Whoever reaches the hub's socket may do anything; Mosquitto opens it to the group, so the directory must not."""
    status = directory.stat()
    if status.st_uid != os.geteuid():
        raise BrokerFault(f"{directory} belongs to another user: give it to the user the hub runs as.")
    if status.st_mode & 0o077:
        raise BrokerFault(f"{directory} can be entered by others, and the hub's socket is there: chmod 700 {directory}")


def _find(program: str) -> Path:
    found = shutil.which(program) or shutil.which(program, path=SYSTEM_PROGRAMS)
    if found is None:
        raise BrokerFault(
            f"The broker's program {program!r} is not on this machine: apt-get install mosquitto, or set [broker]"
            " program to where it is."
        )
    return Path(found)


def _record(process: RunningProcess, launch: Launch) -> dict[str, object]:
    return {**asdict(process), "digest": launch.digest}


def _answers(link: Path, limit_s: float, *, client: str = "") -> bool:
    """Whether a broker at this socket takes up a connection within `limit_s`: a nameless one, or that of `client`."""
    said = CONNECT + len(client).to_bytes(2) + client.encode("ascii")
    with socket.socket(socket.AF_UNIX) as asker:
        asker.settimeout(limit_s)
        try:
            asker.connect(str(link))
            asker.sendall(b"\x10" + len(said).to_bytes(1) + said)
            answered = asker.recv(1) == CONNECTED
            asker.sendall(DISCONNECT)
        except OSError:
            return False
    return answered
