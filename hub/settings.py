"""The hub's typed settings: what can be set, within which limits. `default.toml` beside this file explains each."""

import os
from collections.abc import Mapping
from importlib.resources import files
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, Strict, model_validator

from hub.contract.names import Id
from hub.ground import settings_file
from hub.ground.sections import MaybePlace, Place, Port, Section, none_if_empty

DEFAULT_FILE: Final = Path("hub.toml")
VARIABLE: Final = "MOTCUA_SETTINGS"
FACTORY_SECRET: Final = "change-me"  # noqa: S105 - the one that is refused
"""What examples say in place of a secret. A hub whose secret is this word does not start."""


def _address(value: str) -> str:
    if value != "localhost":
        try:
            ip_address(value)
        except ValueError:
            raise ValueError('must be an IP address of this machine, or "localhost"') from None
    return value


def _network(value: str) -> str:
    try:
        ip_network(value)
    except ValueError:
        raise ValueError("must be an IP address or a network such as 10.0.0.0/24") from None
    return value


def _time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"must be a time zone such as Asia/Ho_Chi_Minh{settings_file.near_zone(value)}") from None
    return value


def _public_url(value: str) -> str:
    words = "must be http:// or https:// with a host and nothing after it, such as https://queue.example.vn"
    try:
        url = urlsplit(value)
        sound = url.scheme in {"http", "https"} and url.hostname and url.port != 0
    except ValueError:
        raise ValueError(words) from None
    if not sound or url.path.strip("/") or url.query or url.fragment or "@" in url.netloc or not value.isprintable():
        raise ValueError(words)
    return value.rstrip("/")


def _database_url(secret: SecretStr) -> SecretStr:
    value = secret.get_secret_value()
    words = "must be empty, or postgresql://user:password@host/database"
    try:
        url = urlsplit(value)
        sound = url.scheme == "postgresql" and url.path.strip("/") and url.port != 0
    except ValueError:
        raise ValueError(words) from None
    if value and not sound:
        raise ValueError(words)
    for password in [unquote(url.password or ""), *parse_qs(url.query).get("password", [])]:
        _refuse_factory(password)
    return secret


def _refuse_factory(secret: str) -> None:
    if secret.casefold() == FACTORY_SECRET:
        raise ValueError(f'still holds the example password "{FACTORY_SECRET}": put a secret of your own there')


def _metrics_token(secret: SecretStr) -> SecretStr:
    _refuse_factory(secret.get_secret_value())
    if 0 < len(secret.get_secret_value()) < 16:
        raise ValueError("must be empty or have at least 16 characters")
    return secret


Address = Annotated[str, AfterValidator(_address)]
Networks = Annotated[tuple[Annotated[str, AfterValidator(_network)], ...], Strict(False)]
PublicUrl = Annotated[str, AfterValidator(_public_url)]


class Centre(Section):
    """Which centre this is."""

    id: Id = "centre"
    time_zone: Annotated[str, AfterValidator(_time_zone)] = "Asia/Ho_Chi_Minh"

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the centre's clocks."""
        return ZoneInfo(self.time_zone)


class Data(Section):
    """Where the hub keeps what it keeps."""

    directory: Place = Path("var/hub")


class Database(Section):
    """The embedded database, or a PostgreSQL server. The address holds a password."""

    url: Annotated[SecretStr, AfterValidator(_database_url)] = SecretStr("")


class Broker(Section):
    """The broker the hub runs, or the one it is told of."""

    managed: bool = True
    program: Annotated[str, Field(min_length=1, max_length=4096)] = "mosquitto"
    listen: Address = "127.0.0.1"
    port: Port = 8883
    reached_at: Annotated[str, Field(max_length=253, pattern=r"^[A-Za-z0-9.:-]*$")] = ""
    socket: MaybePlace = None
    host: str = ""
    ca: MaybePlace = None
    certificate: MaybePlace = None
    key: MaybePlace = None

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if not self.managed and self.socket is None and not (self.host and self.ca and self.certificate and self.key):
            raise ValueError("managed = false needs host, ca, certificate and key (or socket)")
        return self


class Devices(Section):
    """Where devices bring what is too large for the broker; at the address of the broker."""

    port: Annotated[int, Field(ge=0, le=65535)] = 8443


class Web(Section):
    """Where and how pages are served."""

    listen: Address = "127.0.0.1"
    port: Port = 8080
    public_url: Annotated[PublicUrl | None, BeforeValidator(none_if_empty)] = None
    tls: Literal["off", "own-authority", "files"] = "off"
    certificate: MaybePlace = None
    key: MaybePlace = None
    allow_plain_http: bool = False
    metrics_token: Annotated[SecretStr, AfterValidator(_metrics_token)] = SecretStr("")
    trusted_proxies: Networks = ()

    @model_validator(mode="after")
    def _private(self) -> Self:
        if self.tls == "files" and not (self.certificate and self.key):
            raise ValueError('tls = "files" needs certificate and key')
        if self.tls == "off" and not self.loopback and not self.allow_plain_http:
            raise ValueError(
                f'tls = "off" with listen = "{self.listen}" would send passwords in the clear: '
                'set tls = "own-authority" or "files" (or allow_plain_http = true behind a proxy of your own)'
            )
        return self

    @property
    def loopback(self) -> bool:
        """Whether pages can be reached from this machine only."""
        return self.listen == "localhost" or ip_address(self.listen).is_loopback


class Limits(Section):
    """How much, how often, how long."""

    ticket_burst_per_device: Annotated[int, Field(ge=1, le=10_000)] = 10
    tickets_per_minute_per_device: Annotated[int, Field(ge=1, le=100_000)] = 30
    request_age_s: Annotated[int, Field(ge=2, le=300)] = 10
    session_idle_minutes: Annotated[int, Field(ge=1, le=1440)] = 30
    session_hours: Annotated[int, Field(ge=1, le=168)] = 12
    undo_s: Annotated[int, Field(ge=0, le=60)] = 10
    low_disk_mb: Annotated[int, Field(ge=0, le=1_000_000)] = 200
    ballast_mb: Annotated[int, Field(ge=0, le=10_000)] = 32


class Publishing(Section):
    """How often retained topics may change."""

    coalesce_ms: Annotated[int, Field(ge=50, le=60_000)] = 1000


class Backup(Section):
    """Verified copies of the database."""

    directory: MaybePlace = None
    every_minutes: Annotated[int, Field(ge=1, le=1440)] = 60
    keep: Annotated[int, Field(ge=1, le=10_000)] = 72


class Log(Section):
    """What the hub says of its own running."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


class Settings(Section):
    """All settings of a hub. Made by `load`, or in code with a section or two set and the rest as by default."""

    centre: Centre = Centre()
    data: Data = Data()
    database: Database = Database()
    broker: Broker = Broker()
    devices: Devices = Devices()
    web: Web = Web()
    limits: Limits = Limits()
    publishing: Publishing = Publishing()
    backup: Backup = Backup()
    log: Log = Log()


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """The settings in `path`, else in the file that `environ` names, else in `hub.toml`, else the defaults.

    Raises `SettingsFault` with every problem found, and nothing else.
    """
    asked = path or (Path(environ[VARIABLE]) if environ.get(VARIABLE) else None)
    file = (asked or DEFAULT_FILE).absolute()
    return settings_file.read(file, Settings, must_exist=asked is not None, default="hub/default.toml")


def load_here(path: Path | None = None) -> Settings:
    """`load` with the environment of this process. No other module of the hub reads the environment."""
    return load(path, os.environ)


def default_text() -> str:
    """The commented file with every default, to be copied and changed."""
    return files("hub").joinpath("default.toml").read_text(encoding="utf-8")
