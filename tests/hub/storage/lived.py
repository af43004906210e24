"""A centre that has lived: two days with a bit of everything in every table, and a way to compare what is kept."""

import hashlib
from typing import Any, Final

from sqlalchemy import select
from sqlmodel import SQLModel

from hub.actions.admin.add_staff import NewStaff, add_staff
from hub.actions.admin.add_system import add_system
from hub.actions.asking import Request
from hub.actions.device.order import order_device
from hub.actions.device.register import add_device
from hub.actions.staff.session import sign_in
from hub.actions.work import Asker, Device, SignedIn
from hub.contract.messages import OrderName
from hub.contract.names import StaffRole
from hub.contract.time import Instant
from hub.queueing.ticket import Verb
from hub.storage.database import Database
from tests.hub.storage.centre import DAY_MS, Centre

NOTE: Final = "cần bản chính giấy chứng sinh"
"""What somebody wrote down, and nobody may find where it does not belong."""

CHIEF: Final = Asker("staff", "chief")


def people_and_devices(centre: Centre) -> str:
    """A person who is signed in, a device, a system; returns the person's id."""
    new = NewStaff("lan", "Nguyễn Thị Lan", StaffRole.OFFICER, "$argon2id$hash")
    person: str = centre.done(Request(lambda work: add_staff(work, CHIEF, new)))["id"]
    session = SignedIn("token-hash", person, "csrf", centre.clock.now, centre.clock.now, "10.0.0.9")
    kiosk = Device("k1", "kiosk", (), None, 7, "ab12", centre.clock.now)
    never = Instant(0)
    for request in (
        Request(lambda work: sign_in(work, session, ending=(), idle_before=never, begun_before=never)),
        Request(lambda work: add_device(work, kiosk)),
        Request(lambda work: add_system(work, "reports", "system-hash", "reader")),
        Request(lambda work: order_device(work, CHIEF, "k1", OrderName.IDENTIFY)),
    ):
        centre.done(request)
    return person


def working_day(centre: Centre) -> None:
    """Numbers, calls and every kind of move; people wait, one is called and one is being served at the end."""
    centre.ask(centre.desk("open"), centre.desk("open", "c2", "binh"))
    tickets = [centre.done(centre.issue(service))["ticket"]["id"] for service in ("births", "land") * 6]
    for verb in (Verb.FINISH, Verb.HOLD, Verb.RETURN):
        centre.clock.turn(30_000)
        centre.ask(centre.call(), centre.press(Verb.RECALL), centre.press(Verb.START))
        centre.clock.turn(60_000)
        centre.done(centre.press(verb))
    centre.ask(centre.call(), centre.press(Verb.NO_SHOW), centre.call(), centre.undo(), centre.call())
    centre.ask(
        centre.call("c2", "binh"), centre.press(Verb.START, "c2", "binh"), centre.transfer("births", "c2", "binh")
    )
    centre.ask(centre.call("c2", "binh"), centre.press(Verb.START, "c2", "binh"))
    centre.ask(centre.cancel(tickets[-1]), centre.slip(tickets[-2]), centre.slip(tickets[-3], printed=False))
    centre.ask(centre.set_class("elderly", ticket=tickets[-4]), centre.send("c2", ticket=tickets[-4], note=NOTE))
    centre.ask(centre.desk("open", "c3", "chi"), centre.take_break(10, "c3", "chi"), centre.desk("close", "c3", "chi"))
    centre.ask(centre.emergency(), centre.emergency("c2", "binh"), centre.answer_emergency())
    centre.refused(centre.cancel("nobody"))
    centre.clock.turn(60_000)


def two_days(centre: Centre) -> None:
    """All of it, yesterday and today."""
    people_and_devices(centre)
    working_day(centre)
    centre.clock.turn(DAY_MS)
    working_day(centre)


Content = dict[str, tuple[int, str]]


def content(database: Database) -> Content:
    """By table: how many rows, and a hash over every value of every row."""
    with database.reading() as connection:
        found = {}
        for table in SQLModel.metadata.sorted_tables:
            rows = [
                tuple(_plain(value) for value in row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            found[table.name] = (len(rows), hashlib.sha256(repr(rows).encode()).hexdigest())
    return found


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value
