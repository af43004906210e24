"""What the hub says of itself: a line each, for people or machines, and nothing that is nobody's business."""

import json
import subprocess
import sys
import traceback
from pathlib import Path

import orjson
import pytest
from structlog.testing import capture_logs

from hub.actions.work import StaffMember, Work
from hub.contract.messages import Done
from hub.storage.database import Database
from tests.hub.storage.centre import Centre
from tests.hub.storage.lived import CHIEF
from tests.rig.centre import PASSWORD, Plan, made
from tests.rig.device import Device
from tests.rig.running import ROOT, running, tool
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


def said(form: str, level: str = "info") -> list[str]:
    """What a program says on standard error; standard output stays its own."""
    command = [sys.executable, "-W", "error", "-c", SPEAK, form, level]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "")
    return done.stderr.splitlines()


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
    assert "service=Hộ tịch" in lines[0]
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
    centre = Centre(database)
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


def test_no_secret_and_no_person_is_in_the_log_of_a_working_day(tmp_path: Path) -> None:
    """At its most talkative: passwords right and wrong, tokens, keys, names, what strangers send, what is malformed."""
    plan = Plan(sections={"log": {"level": "debug"}, "web": {"metrics_token": "canary-metrics-token"}})
    with made(plan) as centre, running(centre) as hub:
        officer = Web(centre).sign_in("officer-1")
        secrets = [
            PASSWORD,
            *officer._headers.split("; ")[0].split("=")[1:],
            officer._headers.split("Token: ")[1].strip(),
        ]
        secrets.append(json.loads((centre.settings.data.directory / "tools.json").read_text())["token"])
        stranger = Web(centre)
        for body in (
            {"name": "canary-name", "password": "canary-password"},
            {"name": "officer-1", "password": "canary"},
        ):
            assert stranger.ask("POST", "/api/v1/session", body).status == 401
        stranger.ask("POST", "/api/v1/session", {"name": ["canary-list"], "password": {"canary": 1}})
        for path in ("/t/canary-track-key", "/api/v1/canary?token=canary-query", "/api/v1/queue", "/metrics"):
            stranger.ask("GET", path)
        tool(centre, "device", "add", "kiosk-09", "--role", "kiosk", "--folder", str(tmp_path / "kiosk-09"))
        tool(centre, "device", "add", "Canary Device", "--role", "kiosk", "--folder", str(tmp_path / "none"))
        with_password = ["staff", "add", "canary-lan", "--role", "officer", "--display-name", "Canary Nguyễn Thị Lan"]
        tool(centre, *with_password)
        kiosk = Device(centre, "kiosk-01").open()
        issued = kiosk.hear(
            kiosk.send(
                "issue-ticket",
                {"service": "service-a", "class": "ordinary", "language": "vi", "dossier_code": "canary-dossier"},
            )
        )[0]
        kiosk.publish(kiosk.topic("request", operation="issue-ticket"), b'{"name":"canary-citizen"}')
        kiosk.publish(kiosk.topic("presence"), b'{"state":"canary-state"}')
        refused = kiosk.send("cancel-ticket", {"ticket_id": "canary-ticket"})
        assert kiosk.hear(refused)[0]["ok"] is False
        assert kiosk.send("hello", {"role": "canary-role"})
        officer.change("/api/v1/counters/counter-1/open", "r-1")
        assert officer.change("/api/v1/counters/counter-1/call-next", "r-2").ok
        kiosk.close()
        hub.stop()
        log = hub.log()
    assert '"hub-ready"' in log
    assert "request-dropped" in log
    assert "reading-malformed" in log
    assert "canary" not in log.casefold()
    assert "PRIVATE KEY" not in log
    assert "argon2" not in log
    assert [secret for secret in secrets if secret in log] == []
    assert issued["result"]["ticket"]["id"] not in log
    assert orjson.dumps(issued)
