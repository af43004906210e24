"""Who a device is and where its hub is: the file `device.toml`, written when the device is enrolled."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hub.client.errors import DeviceFileFault
from hub.contract.names import DeviceRole, Id

FILE_NAME: Final = "device.toml"


@dataclass(frozen=True)
class HubAddress:
    """Where a centre's broker is and how to trust it. `ca` None: no TLS, for tests on loopback only."""

    centre: str
    host: str
    port: int
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None


@dataclass(frozen=True)
class DeviceFile:
    """What the file says: the device, its role, and its hub's address."""

    device: str
    role: DeviceRole
    address: HubAddress


def load(path: Path) -> DeviceFile:
    """Reads `path`, or `device.toml` in the folder `path`. Raises `DeviceFileFault` naming file, key and reason."""
    file = path / FILE_NAME if path.is_dir() else path
    written = _checked(file)
    address = HubAddress(
        centre=written.centre,
        host=written.host,
        port=written.port,
        ca=_beside(file, "ca", written.ca),
        certificate=_beside(file, "certificate", written.certificate),
        key=_beside(file, "key", written.key),
    )
    return DeviceFile(written.device, written.role, address)


class _Written(BaseModel):
    """The keys of the file. Unknown ones are refused: on a device far away a misspelt key must not be silent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    centre: Id
    device: Id
    role: DeviceRole
    host: Annotated[str, Field(min_length=1, max_length=253, pattern=r"^[\x21-\x7e]+$")]
    port: Annotated[int, Field(ge=1, le=65535)]
    ca: Path
    certificate: Path
    key: Path


def _checked(file: Path) -> _Written:
    try:
        return _Written.model_validate(tomllib.loads(file.read_text("utf-8")))
    except OSError as problem:
        raise DeviceFileFault(file, None, f"cannot be read ({problem.strerror}); enrol this device first") from problem
    except ValidationError as problem:
        first = problem.errors(include_url=False)[0]
        raise DeviceFileFault(file, str(first["loc"][0]), _reason(first["type"], first["msg"])) from problem
    except ValueError as problem:  # UnicodeDecodeError and TOMLDecodeError are ValueErrors
        raise DeviceFileFault(file, None, f"is not a TOML file: {problem}") from problem


def _reason(kind: str, message: str) -> str:
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        return f"is not a known key; known are {', '.join(_Written.model_fields)}"
    return message.replace("Input should", "should").replace("String should", "should")


def _beside(file: Path, key: str, path: Path) -> Path:
    """`path` as seen from the file's own folder; it must be there and readable."""
    found = file.parent / path
    try:
        with found.open("rb"):
            return found
    except OSError as problem:
        raise DeviceFileFault(file, key, f"names {found}, which cannot be read ({problem.strerror})") from problem
