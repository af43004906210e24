"""What the hub says of itself: a line each, for people or machines, and nothing that is nobody's business."""

import json
import re
import subprocess
import sys
import traceback
from contextlib import closing
from functools import cache
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from hub.actions.work import StaffMember, Work
from hub.contract.messages import Done
from hub.contract.names import DeviceRole, StaffRole
from hub.contract.refusals import Refusal
from hub.storage.database import Database
from hub.tools import tools
from tests.hub.storage.centre import Centre as Storage
from tests.hub.storage.lived import CHIEF
from tests.rig.centre import PASSWORD, Centre, Plan, made
from tests.rig.device import Device
from tests.rig.running import ROOT, running
from tests.rig.web import Web

SPEAK = """
import logging, sys
from hub.logs import set_up_logs
from hub.settings import Log
set_up_logs(Log(format=sys.argv[1], level=sys.argv[2]))
import structlog
log = structlog.get_logger("hub.test")
log.debug("quiet", number=1)
log.info("heard", service="Hộ tịch", device="kiosk-01")
def breaks(password):
    raise ValueError("broken")
try:
    breaks("canary in a frame")
except ValueError as error:
    log.error("broke", exc_info=error)
    logging.getLogger("library").exception("it broke, too")
logging.getLogger("library").info("chatter")
logging.getLogger("library").warning("two\\nlines")
"""


@cache
def said(form: str, level: str = "info") -> tuple[str, ...]:
    """What a program says on standard error; standard output stays its own."""
    command = [sys.executable, "-W", "error", "-c", SPEAK, form, level]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "")
    return tuple(done.stderr.splitlines())


# ---------------------------------------------------------------- form


def test_for_machines_every_line_is_an_object() -> None:
    """Libraries' too, with line feeds and stack traces inside."""
    lines = [json.loads(line) for line in said("json")]
    assert [(line["event"], line["level"]) for line in lines] == [
        ("heard", "info"),
        ("broke", "error"),
        ("it broke, too", "error"),
        ("two\nlines", "warning"),
    ]
    assert (lines[0]["service"], lines[0]["device"]) == ("Hộ tịch", "kiosk-01")
    assert "ValueError: broken" in lines[1]["exception"]
    assert "ValueError: broken" in lines[2]["exception"]
    assert all("timestamp" in line for line in lines)


def test_for_people_a_line_is_read_at_a_glance() -> None:
    """Without colours when nobody looks at a terminal."""
    lines = said("text")
    assert "[info     ] heard" in lines[0]
    assert lines[0].endswith("device=kiosk-01 service='Hộ tịch'")
    assert any("ValueError: broken" in line for line in lines)
    assert "\x1b" not in "".join(lines)


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_stack_trace_shows_no_values(form: str) -> None:
    """Where something broke is said, not what it was holding."""
    assert "canary" not in "".join(said(form)).replace('breaks("canary in a frame")', "")


@pytest.mark.parametrize(("level", "events"), [("debug", 5), ("info", 4), ("warning", 3), ("error", 2)])
def test_what_is_below_the_level_is_not_said(level: str, events: int) -> None:
    """Libraries' chatter never is."""
    assert len(said("json", level)) == events


# ---------------------------------------------------------------- canaries


def test_an_action_that_breaks_on_the_database_shows_no_row(database: Database) -> None:
    """The error is logged whole, with its statement; whose row it was is not in it."""
    centre = Storage(database)
    person = StaffMember("s1", "lan", "Canary Nguyễn", "officer", "$argon2id$canary", centre.clock.now)

    def twice(work: Work) -> Done:
        work.register.add_staff(person)
        work.register.add_staff(person)
        return Done()

    with capture_logs() as entries:
        centre.ask(centre.request(twice, CHIEF))
    (entry,) = [one for one in entries if one["event"] == "action-broke"]
    whole = entry["error"] + "".join(traceback.format_exception(entry["exc_info"]))
    assert "INSERT INTO staff" in whole
    assert "canary" not in whole.casefold()
    centre.ledger.close()


def people_at_work(centre: Centre) -> list[str]:
    """An officer signs in and works, strangers try; returns what only the officer's browser may know."""
    with closing(Web(centre)) as officer, closing(Web(centre)) as stranger:
        officer.sign_in("officer-1")
        secrets = [one.strip() for one in re.findall(r"(?:=|Token: )([^;\r]+)", officer._headers)]
        for body in (
            {"name": "canary-name", "password": "canary-password"},
            {"name": "officer-1", "password": "canary-password"},
            {"name": ["canary-list"], "password": {"canary": 1}},
        ):
            assert not stranger.ask("POST", "/api/v1/session", body).ok
        for path in ("/t/canary-track-key", "/api/v1/canary?token=canary-query", "/api/v1/queue", "/metrics"):
            stranger.ask("GET", path)
        for verb in ("open", "call-next"):
            assert officer.change(f"/api/v1/counters/counter-1/{verb}", str(uuid4())).ok
    return secrets


def tools_at_work(centre: Centre) -> str:
    """A person and a device are added, another device is refused; returns the tools' token."""
    with tools(centre.settings) as hub:
        hub.add_staff("canary-lan", "Canary Nguyễn Thị Lan", StaffRole.OFFICER, "canary of a password")
        assert b"PRIVATE KEY" in hub.add_device("kiosk-09", DeviceRole.KIOSK).files["device.key"]
        with pytest.raises(Refusal):
            hub.add_device("board-09", DeviceRole.BOARD, boards=("canary-board",))
    token: str = json.loads((centre.settings.data.directory / "tools.json").read_text())["token"]
    return token


def kiosk_at_work(centre: Centre) -> str:
    """A number is taken and rubbish is sent, with an id and without; returns the ticket's id."""
    with closing(Device(centre, "kiosk-01").open()) as kiosk:
        wish = {"service": "service-a", "class": "ordinary", "language": "vi", "dossier_code": "canary-dossier"}
        ticket: str = kiosk.hear(kiosk.send("issue-ticket", wish))[0]["result"]["ticket"]["id"]
        kiosk.publish(kiosk.topic("request", operation="issue-ticket"), b'{"name":"canary-citizen"}')
        kiosk.publish(kiosk.topic("presence"), b'{"state":"canary-state"}')
        assert kiosk.hear(kiosk.send("cancel-ticket", {"ticket_id": "canary-ticket"}))[0]["ok"] is False
        assert kiosk.hear(kiosk.send("hello", {"role": "canary-role"}))[0]["ok"] is False
    return ticket


def test_no_secret_and_no_person_is_in_the_log_of_a_working_day() -> None:
    """At its most talkative: passwords right and wrong, tokens, keys, names, what strangers send, what is malformed."""
    with made(Plan(sections={"log": {"level": "debug"}})) as centre, running(centre) as hub:
        secrets = [PASSWORD, kiosk_at_work(centre), *people_at_work(centre), tools_at_work(centre)]
        assert hub.stop() == 0
        log = hub.log()
    assert len(secrets) == 5
    assert all(len(secret) > 8 for secret in secrets)
    assert [secret for secret in secrets if secret in log] == []
    assert not re.search("canary|private key|argon2|begin certificate", log, re.IGNORECASE)
    for event in ("hub-ready", "request-dropped", "reading-malformed"):
        assert f'"{event}"' in log


def test_a_canary_would_be_found() -> None:
    """Sabotage: a hub that logs what it could not read."""
    program = str(ROOT / "tests" / "hub" / "talkative_hub.py")
    with made(Plan()) as centre, running(centre, (program,)) as hub:
        kiosk_at_work(centre)
        hub.stop()
        assert "canary-citizen" in hub.log()
