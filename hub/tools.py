"""What the command line does to a centre, whether its hub runs or stands still."""

import asyncio
import json
import tomllib
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

import httpx
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import DBAPIError

from hub.actions.admin.add_staff import NewStaff, add_staff
from hub.actions.admin.apply_set_up import apply_set_up
from hub.actions.admin.change_password import change_password
from hub.actions.admin.confirm_date import confirm_date
from hub.actions.admin.remove_staff import remove_staff
from hub.actions.asking import Request
from hub.actions.work import Asker, Device, StaffMember
from hub.contract.messages import RefusalMessage
from hub.contract.names import DeviceRole, StaffRole
from hub.contract.refusals import Refusal, RefusalCode
from hub.contract.set_up import SetUp
from hub.errors import Fault
from hub.settings import Settings
from hub.standing import TOKEN_FILE, StandingHub, open_database, standing_hub
from hub.storage.database import DatabaseFault
from hub.storage.lock import DataLock, LockFault
from hub.storage.reading import StoredReading
from hub.web.api.session import DisplayName, SignInName
from hub.web.passwords import Passwords, judge

LIMIT_S: Final = 30.0
TOOLS: Final = Asker("system", "command-line")
_SIGN_IN_NAME: Final[TypeAdapter[str]] = TypeAdapter(SignInName)
_DISPLAY_NAME: Final[TypeAdapter[str]] = TypeAdapter(DisplayName)


class SetUpFault(Fault):
    """A set-up file cannot be used."""


@dataclass(frozen=True)
class AddedDevice:
    """A device's files by name, and the PIN of a kiosk's staff menu: told this once."""

    files: dict[str, bytes]
    pin: str | None = field(repr=False)


class Tools(Protocol):
    """What can be done to a centre. Each raises `Refusal` or `Fault`."""

    def set_up(self) -> SetUp:
        """The set-up in force."""

    def apply_set_up(self, set_up: SetUp) -> int:
        """Puts a set-up in force; returns its version."""

    def add_device(
        self,
        device: str,
        role: DeviceRole,
        *,
        boards: tuple[str, ...] = (),
        counter: str | None = None,
        kiosk_number: int | None = None,
    ) -> AddedDevice:
        """Issues a certificate."""

    def change_pin(self, device: str) -> str:
        """A kiosk's new PIN, told this once."""

    def remove_device(self, device: str) -> None:
        """Takes a device out."""

    def add_staff(self, name: str, display_name: str, role: StaffRole, password: str) -> None:
        """Lets a person sign in."""

    def set_password(self, staff: str, password: str) -> None:
        """Sets the password of the person with this id anew; all sessions end."""

    def remove_staff(self, staff: str) -> None:
        """Takes the person with this id out."""

    def confirm_date(self) -> None:
        """Says that the machine's clock is right, though it lies before the last entry."""


@contextmanager
def tools(settings: Settings) -> Iterator[Tools]:
    """The centre of these settings, ready to be worked on, whether its hub runs or not."""
    try:
        lock = DataLock(settings.data.directory)
    except LockFault:
        with running_tools(settings) as hub:
            yield hub
        return
    lock.release()
    with standing_hub(settings) as standing:
        yield StandingTools(standing)


@contextmanager
def running_tools(settings: Settings) -> Iterator["RunningTools"]:
    """Tools over a hub that runs: its pages, with the token it has left in its data directory for us."""
    file = settings.data.directory / TOKEN_FILE
    try:
        said = json.loads(file.read_text("utf-8"))
        address, token = said["address"], said["token"]
    except (OSError, ValueError, KeyError) as error:
        raise Fault(f"{file}: the hub runs, but its word for tools cannot be read: {error}") from error
    # The way never leaves this machine, and the token proves the hub to be ours: its certificate need not.
    with httpx.Client(base_url=address, verify=False, timeout=LIMIT_S, trust_env=False) as web:  # noqa: S501
        web.headers["Authorization"] = f"Bearer {token}"
        yield RunningTools(web)


def read_set_up(file: Path) -> SetUp:
    """A set-up from TOML or JSON. Raises `SetUpFault` naming the file, the place and what is wrong."""
    try:
        text = file.read_text("utf-8")
        if file.suffix == ".json":
            return SetUp.model_validate_json(text, extra="forbid")
        return SetUp.model_validate(tomllib.loads(text), extra="forbid")
    except OSError as error:
        raise SetUpFault(f"{file}: cannot be read: {error.strerror}") from error
    except ValidationError as error:
        lines = [f"{'.'.join(str(part) for part in one['loc']) or 'whole'}: {one['msg']}" for one in error.errors()]
        raise SetUpFault(f"{file}: not a set-up:\n  " + "\n  ".join(lines)) from error
    except ValueError as error:
        raise SetUpFault(f"{file}: {error}") from error


def devices(settings: Settings) -> list[Device]:
    """Every device, read from the database whether the hub runs or not."""
    database = open_database(settings)
    try:
        return StoredReading(database).all_devices()
    except DBAPIError as error:
        raise DatabaseFault(f"{database.place}: cannot be read: {error.orig}") from error
    finally:
        database.close()


def people(settings: Settings) -> list[StaffMember]:
    """Everybody who may sign in, read from the database whether the hub runs or not."""
    database = open_database(settings)
    try:
        return StoredReading(database).all_staff()
    except DBAPIError as error:
        raise DatabaseFault(f"{database.place}: cannot be read: {error.orig}") from error
    finally:
        database.close()


def person(settings: Settings, name: str) -> StaffMember:
    """The person of this sign-in name, however it is written. Raises `Fault`."""
    found = next((one for one in people(settings) if one.name == name.strip().lower()), None)
    if found is None:
        raise Fault(f"no such person: {name}; `motcua-hub staff list` shows everybody")
    return found


def check_places(set_up: SetUp, boards: Sequence[str], counter: str | None) -> None:
    """Raises `Fault` for boards and counters that the set-up does not have, and says which it has."""
    known = {"board": {one.id for one in set_up.boards}, "counter": {one.id for one in set_up.counters}}
    for word, wanted in (("board", set(boards)), ("counter", {counter} if counter else set())):
        for unknown in sorted(wanted - known[word]):
            there_are = ", ".join(sorted(known[word])) or "none; import a set-up first"
            raise Fault(f"no such {word}: {unknown}; there are: {there_are}")


def make_folder(folder: Path) -> None:
    """Where a device's files will go; made before its certificate, for that ends the certificate it had."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise Fault(f"{folder}: cannot be made: {error.strerror}") from error


def names_of(name: str, display_name: str) -> tuple[str, str]:
    """A person's names as sign-in takes them. Raises `Fault`."""
    try:
        return _SIGN_IN_NAME.validate_python(name), _DISPLAY_NAME.validate_python(display_name)
    except ValidationError as error:
        raise Fault(
            f'{name!r}, {display_name!r}: a sign-in name has 1 to 64 of a-z, 0-9, ".", "_" and "-"; '
            "a display name has 1 to 100 characters"
        ) from error


class StandingTools:
    """Tools over a hub that does not run."""

    def __init__(self, hub: StandingHub) -> None:
        self._hub = hub

    def set_up(self) -> SetUp:
        """The set-up in force."""
        return self._hub.door.look(lambda sight: sight.set_up).result(LIMIT_S)

    def apply_set_up(self, set_up: SetUp) -> int:
        """Puts a set-up in force; returns its version."""
        self._carry_out(Request(lambda work: apply_set_up(work, set_up)))
        return self._hub.door.look(lambda sight: sight.set_up_version).result(LIMIT_S)

    def add_device(
        self,
        device: str,
        role: DeviceRole,
        *,
        boards: tuple[str, ...] = (),
        counter: str | None = None,
        kiosk_number: int | None = None,
    ) -> AddedDevice:
        """Issues a certificate."""
        made = self._hub.fleet.add(device, role, boards=boards, counter=counter, kiosk_number=kiosk_number)
        return AddedDevice(made.files(), made.pin)

    def change_pin(self, device: str) -> str:
        """A kiosk's new PIN."""
        return self._hub.fleet.change_pin(device, TOOLS)

    def remove_device(self, device: str) -> None:
        """Takes a device out."""
        self._hub.fleet.remove(device)

    def add_staff(self, name: str, display_name: str, role: StaffRole, password: str) -> None:
        """Lets a person sign in. Refuses `password-weak` and `already-exists`."""
        name, display_name = names_of(name, display_name)
        judge(password, name, display_name)
        new = NewStaff(name, display_name, role, asyncio.run(_hashed(password)))
        self._carry_out(Request(lambda work: add_staff(work, TOOLS, new)))

    def set_password(self, staff: str, password: str) -> None:
        """Sets a password anew. Refuses `password-weak`."""
        judge(password)
        hashed = asyncio.run(_hashed(password))
        self._carry_out(Request(lambda work: change_password(work, TOOLS, staff, hashed)))

    def remove_staff(self, staff: str) -> None:
        """Takes a person out."""
        self._carry_out(Request(lambda work: remove_staff(work, TOOLS, staff)))

    def confirm_date(self) -> None:
        """Says that the machine's clock is right."""
        self._carry_out(Request(lambda work: confirm_date(work, TOOLS)))

    def _carry_out(self, request: Request) -> str:
        outcome = self._hub.door.submit(request).result(LIMIT_S)
        if not outcome.ok:
            raise Refusal(RefusalCode(RefusalMessage.model_validate_json(outcome.answer).code))
        return outcome.answer


class RunningTools:
    """Tools over a hub that runs."""

    def __init__(self, web: httpx.Client) -> None:
        self._web = web

    def set_up(self) -> SetUp:
        """The set-up in force."""
        return SetUp.model_validate(self._ask("GET", "set-up"))

    def apply_set_up(self, set_up: SetUp) -> int:
        """Puts a set-up in force; returns its version."""
        version: int = self._ask("PUT", "set-up", set_up.model_dump(mode="json", by_alias=True))["version"]
        return version

    def add_device(
        self,
        device: str,
        role: DeviceRole,
        *,
        boards: tuple[str, ...] = (),
        counter: str | None = None,
        kiosk_number: int | None = None,
    ) -> AddedDevice:
        """Issues a certificate."""
        asked = {"id": device, "role": role, "boards": boards, "counter": counter, "kiosk_number": kiosk_number}
        made = self._ask("POST", "devices", asked)
        return AddedDevice({name: content.encode() for name, content in made["files"].items()}, made["pin"])

    def change_pin(self, device: str) -> str:
        """A kiosk's new PIN."""
        pin: str = self._ask("POST", f"devices/{device}/pin")["pin"]
        return pin

    def remove_device(self, device: str) -> None:
        """Takes a device out."""
        self._ask("DELETE", f"devices/{device}")

    def add_staff(self, name: str, display_name: str, role: StaffRole, password: str) -> None:
        """Lets a person sign in. Refuses `password-weak` and `already-exists`."""
        name, display_name = names_of(name, display_name)
        asked = {"name": name, "display_name": display_name, "role": role, "password": password}
        self._ask("POST", "staff", asked)

    def set_password(self, staff: str, password: str) -> None:
        """Sets a password anew. Refuses `password-weak`."""
        self._ask("PUT", f"staff/{staff}/password", {"password": password})

    def remove_staff(self, staff: str) -> None:
        """Takes a person out."""
        self._ask("DELETE", f"staff/{staff}")

    def confirm_date(self) -> None:
        """Says that the machine's clock is right."""
        self._ask("POST", "clock/confirm")

    def _ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        try:
            answer = self._web.request(
                method, f"/api/v1/{path}", json=body, headers={"Idempotency-Key": str(uuid.uuid4())}
            )
            said: dict[str, Any] = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise Fault(f"the running hub does not answer at {self._web.base_url}: {error}") from error
        if answer.is_success:
            return said
        if said.get("code") in set(RefusalCode):
            raise Refusal(RefusalCode(said["code"]))
        raise Fault(f"the running hub says: {said.get('detail') or said}")


async def _hashed(password: str) -> str:
    passwords = Passwords()
    try:
        return await passwords.hash(password)
    finally:
        passwords.close()
