"""What the broker shall be, and the same in Mosquitto's words."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hub.contract.topics import MAX_PAYLOAD

SOCKET_PATH_BYTES: Final = 107
"""Linux takes no longer path for a unix socket."""

HEADER_ROOM: Final = 4 * 1024
"""Bytes of a packet beside the payload: topic, properties, a will's topic."""

CONFIGURATION_FILE: Final = "broker.conf"
ACCESS_FILE: Final = "access.acl"
SOCKET_FILE: Final = "broker.sock"
PID_FILE: Final = "broker.pid"
LOG_FILE: Final = "broker.log"


@dataclass(frozen=True)
class BrokerLimits:
    """How much the broker takes before it refuses or drops. A centre has some fifty devices with small messages."""

    connections: int = 500
    inflight_messages: int = 1_000
    queued_messages: int = 10_000
    queued_bytes: int = 16 * 1024 * 1024
    """For each client: one that has stopped reading cannot fill the memory."""
    memory_bytes: int = 256 * 1024 * 1024
    """In all. Better a broker that refuses than a small server without memory."""


@dataclass(frozen=True)
class BrokerPlan:
    """The broker of one centre.

    `directory` is the broker's own: it is made private (0700) and holds what the hub writes for the broker and what
    the broker writes itself. The other paths may be anywhere. `listen`, `port`, `program` and `socket` are the settings
    of `[broker]`; without `socket` the hub's own link is `broker.sock` in the directory.
    """

    directory: Path
    centre: str
    authority: Path
    certificate: Path
    key: Path
    revoked: Path
    listen: str = "127.0.0.1"
    port: int = 8883
    program: str = "mosquitto"
    socket: Path | None = None
    limits: BrokerLimits = BrokerLimits()

    @property
    def link(self) -> Path:
        """The unix socket of the hub's own link, where no certificate is asked for and nothing is forbidden."""
        return (self.socket or self.directory / SOCKET_FILE).absolute()

    @property
    def configuration_file(self) -> Path:
        """What the broker is started with; its command line tells our broker from all others."""
        return self.directory.absolute() / CONFIGURATION_FILE


def configuration(plan: BrokerPlan, *, user: str | None) -> str:
    """Mosquitto's configuration. `user`: whom a broker started by root shall run as.

    The listener for devices comes first: when its port is taken Mosquitto ends there, before it has touched the socket
    of a broker that may still be living. The broker runs in `plan.directory` and its own files are named from there,
    since Mosquitto cannot read a listener's path with a space in it.
    """
    limits = plan.limits
    lines = (
        "# Written by the hub; changes made here are lost.",
        "per_listener_settings true",
        "persistence false",
        *([f"user {user}"] if user else []),
        f"pid_file {PID_FILE}",
        "",
        "log_dest stderr",
        "log_type error",
        "log_type warning",
        "log_type notice",
        "log_timestamp_format %Y-%m-%dT%H:%M:%S%z",
        "",
        "set_tcp_nodelay true",
        f"max_packet_size {MAX_PAYLOAD + HEADER_ROOM}",
        f"max_inflight_messages {limits.inflight_messages}",
        f"max_queued_messages {limits.queued_messages}",
        f"max_queued_bytes {limits.queued_bytes}",
        f"memory_limit {limits.memory_bytes}",
        "",
        f"listener {plan.port} {plan.listen}",
        f"max_connections {limits.connections}",
        f"cafile {plan.authority.absolute()}",
        f"certfile {plan.certificate.absolute()}",
        f"keyfile {plan.key.absolute()}",
        f"crlfile {plan.revoked.absolute()}",
        "tls_version tlsv1.2",
        "require_certificate true",
        "use_identity_as_username true",
        "use_username_as_clientid true",
        "allow_anonymous false",
        f"acl_file {ACCESS_FILE}",
        "",
        f"listener 0 {_from_directory(plan, plan.link)}",
        "allow_anonymous true",
    )
    return "".join(f"{line}\n" for line in lines)


def problem(plan: BrokerPlan) -> str | None:
    """What makes this plan one that Mosquitto or Linux cannot carry out; `None` when there is nothing."""
    if len(os.fsencode(plan.link)) > SOCKET_PATH_BYTES:
        return (
            f"the path of the hub's socket is longer than {SOCKET_PATH_BYTES} bytes ({plan.link}): set [broker] socket"
            " to a shorter one"
        )
    if " " in str(_from_directory(plan, plan.link)):
        return f"the path of the hub's socket has a space in it ({plan.link}): set [broker] socket to another one"
    return None


def digest(plan: BrokerPlan, text: str, program: Path) -> str:
    """Tells a broker that runs as planned from one that has to be replaced.

    It covers what takes effect only at the broker's start: configuration, certificates, and the program itself, so that
    a security update of Mosquitto does not wait for the next reboot. Access list and revocations are read again at
    every reload and stay out.
    """
    seen = hashlib.sha256(text.encode())
    for path in (plan.authority, plan.certificate, plan.key):
        seen.update(hashlib.sha256(path.read_bytes()).digest())
    status = program.stat()
    seen.update(f"{program}:{status.st_size}:{status.st_mtime_ns}".encode())
    return seen.hexdigest()


def _from_directory(plan: BrokerPlan, path: Path) -> Path:
    directory = plan.directory.absolute()
    return path.relative_to(directory) if path.is_relative_to(directory) else path
