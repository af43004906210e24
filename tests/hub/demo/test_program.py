"""`make demo`: a whole centre on this machine, from the first word to Ctrl-C."""

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from uuid_utils.compat import uuid7

from hub.client.device_file import HubAddress
from hub.client.link import HubLink
from hub.contract.names import DeviceRole
from tests.hub.demo.running import Demo, wait_gone
from tests.rig.running import eventually

LIMIT_S = 20.0
FIELDS: dict[str, Any] = {
    "http": str,
    "mqtt": {"host": str, "port": int, "ca": str, "client_cert": str, "client_key": str},
    "centre": {"id": str},
    "accounts": [{"name": str, "role": str, "password": str}],
    "services": [{"id": str}],
    "counters": [{"id": str}],
    "devices": [{"id": str}],
    "boards": [{"id": str}],
}
"""As the wire promises them; there may be more."""

CLASSES = {"ordinary", "elderly", "disabled", "pregnant", "child", "merit"}


def lacks(said: Any, promised: Any, where: str = "demo.json") -> list[str]:
    """What is not there as it was promised."""
    if isinstance(promised, type):
        return [] if isinstance(said, promised) and said not in ("", []) else [where]
    if isinstance(promised, list):
        parts = (
            [lacks(one, promised[0], f"{where}[]") for one in said] if isinstance(said, list) and said else [[where]]
        )
    else:
        parts = [lacks(said.get(name), part, f"{where}.{name}") for name, part in promised.items()]
    return [one for part in parts for one in part]


def lab(described: dict[str, Any]) -> HubLink:
    """Another program, which knows nothing but demo.json, joins as the spare device."""
    mqtt = described["mqtt"]
    paths = (Path(mqtt["ca"]), Path(mqtt["client_cert"]), Path(mqtt["client_key"]))
    return HubLink(
        HubAddress(described["centre"]["id"], mqtt["host"], mqtt["port"], *paths), "lab-01", DeviceRole.KIOSK
    )


def take_number(described: dict[str, Any], service: str) -> str:
    """The number that the spare device is given."""
    with lab(described) as link:
        assert link.wait_ready(LIMIT_S)
        asked = {"service": service, "class": "elderly", "language": "vi"}
        reply = link.ask("issue-ticket", asked, timeout_s=LIMIT_S)
    assert reply.result is not None, reply
    ticket: Any = reply.result["ticket"]
    return str(ticket["number"])


@contextmanager
def sign_in(described: dict[str, Any], name: str) -> Iterator[httpx.Client]:
    """A browser of one of the accounts."""
    (account,) = (one for one in described["accounts"] if one["name"] == name)
    with httpx.Client(base_url=described["http"], trust_env=False, timeout=LIMIT_S) as web:
        answer = web.post("/api/v1/session", json={"name": name, "password": account["password"]})
        assert answer.is_success, answer.text
        web.headers["X-CSRF-Token"] = answer.json()["csrf"]
        yield web


def figure(demo: Demo, name: str) -> float:
    """One of the hub's figures."""
    text = httpx.get(f"http://127.0.0.1:{demo.http_port}/metrics", trust_env=False).text
    return sum(
        float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith((f"{name} ", f"{name}{{"))
    )


def is_free(port: int) -> bool:
    """Whether nobody listens there."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def test_a_centre_from_the_first_start_to_the_second(own: Demo) -> None:
    """All that was promised is there; Ctrl-C ends it without a trace; and then it goes on where it was."""
    own.start()
    described = own.described
    assert lacks(described, FIELDS) == []
    assert {one["id"] for one in described["classes"]} == CLASSES
    assert {one["role"] for one in described["accounts"]} == {"administrator", "officer", "desk", "leader"}
    for account in described["accounts"]:
        assert account["password"] in own.said
    slips = own.directory / "slips" / "crowd-01"
    assert {path.stem for path in slips.glob("[0-9]*.bin")} == {path.stem for path in slips.glob("[0-9]*.png")}
    assert sorted(path.stem.rpartition("-")[2] for path in slips.glob("[0-9]*.png")) == ["A001", "B001", "C001", "T001"]
    assert take_number(described, "land") == "C002"
    with sign_in(described, "officer4") as officer:
        for verb, state in (("open", "open"), ("call-next", "called")):
            answer = officer.post(f"/api/v1/counters/counter-4/{verb}", headers={"Idempotency-Key": str(uuid7())})
            assert (answer.status_code, answer.json()["state"]) == (200, state)
    assert "C001" in httpx.get(f"{described['http']}/board/hall", trust_env=False).text

    for program in ("run", "appliance", "display_board"):
        assert own.member(program)
    assert own.interrupt() == 0, own.said
    assert wait_gone(own.family) == []
    assert is_free(own.http_port)
    assert is_free(own.mqtt_port)

    own.start()
    anew = {"kiosk": None, "board": None}
    assert {**own.described, **anew} == {**described, **anew}
    assert take_number(described, "land") == "C003"
    assert len(list(slips.glob("[0-9]*.png"))) == 4
    with sign_in(described, "admin") as admin:
        assert admin.get("/api/v1/staff").is_success
    assert own.interrupt() == 0


def test_the_kiosk_stands_in_the_hall(own: Demo) -> None:
    """Its screen is on a page that only the address opens; a finger there takes a number, and the slip is drawn."""
    own.start()
    screen = own.described["kiosk"]
    slips = own.directory / "slips" / "kiosk-01"
    upper_left = {"x": 0.4, "y": 0.3}
    """Where the large answer of the home screen is, and then the first of all services."""
    with httpx.Client(trust_env=False, timeout=LIMIT_S) as visitor:
        assert visitor.get(screen[:-2] + "/").status_code == 404
        assert visitor.get(f"{screen}picture").content.startswith(b"\x89PNG")

        def slip() -> list[Path]:
            visitor.post(f"{screen}tap", json=upper_left)
            return list(slips.glob("[0-9]*-A002.png"))

        eventually(slip, "a number taken by hand", LIMIT_S, every_s=0.4)
    eventually(lambda: figure(own, "motcua_waiting") == 5, "one more who waits", LIMIT_S, every_s=0.05)


def test_the_call_board_hangs_in_the_hall(own: Demo) -> None:
    """Its browser shows what is called, and the officer is told that it does."""
    own.start()
    assert httpx.get(own.described["board"], trust_env=False).is_success
    with sign_in(own.described, "officer4") as officer:
        for verb in ("open", "call-next"):
            officer.post(f"/api/v1/counters/counter-4/{verb}", headers={"Idempotency-Key": str(uuid7())})

        def seen() -> list[str]:
            counters = officer.get("/api/v1/queue").json()["counters"]
            return [hall["seen"] for one in counters if one["id"] == "counter-4" for hall in one["shown"]]

        eventually(lambda: seen() in (["speaking"], ["spoken"], ["silent"]), "shown by a browser", LIMIT_S, every_s=0.1)


def test_a_reset_begins_anew(own: Demo) -> None:
    """Other passwords, and the first number again."""
    own.start()
    before = own.described
    eventually(lambda: figure(own, "motcua_waiting") == 4, "the first visitors", LIMIT_S, every_s=0.05)
    own.interrupt()
    own.start("--reset")
    assert own.described["accounts"] != before["accounts"]
    eventually(lambda: figure(own, "motcua_waiting") == 4, "the first visitors again", LIMIT_S, every_s=0.05)
    assert take_number(own.described, "results") == "T002"


def test_a_broker_left_behind_is_in_nobodys_way(own: Demo) -> None:
    """All other programs killed at once: the next start works, with or without a reset."""
    own.start()
    for options in ((), ("--reset",)):
        for program in ("demo", "run", "appliance", "display_board"):
            own.member(program).send(signal.SIGKILL)
        own.wait_ended()
        own.start(*options)
    assert take_number(own.described, "business") == "E001"
    assert own.interrupt() == 0
    assert wait_gone(own.everything) == []


def test_visitors_come_and_are_served(own: Demo) -> None:
    """With traffic: numbers, calls and visits that end, and officers who leave their counters at the end."""
    own.start("--traffic", "--speed", "200")
    eventually(lambda: figure(own, "motcua_device_requests_total") > 40, "visitors", LIMIT_S, every_s=0.1)
    with sign_in(own.described, "leader") as leader:
        board = f"{own.described['http']}/api/v1/queue"

        def busy() -> int:
            return sum(one["state"] in ("called", "serving") for one in leader.get(board).json()["counters"])

        eventually(lambda: busy() >= 2, "officers at work", LIMIT_S, every_s=0.1)
    own.member("simulate")
    assert own.interrupt() == 0
    assert wait_gone(own.family) == []
    assert " served\n" in own.said
    assert "went away" in own.said


@pytest.mark.parametrize(("which", "words"), [("http_port", "DEMO_PORT"), ("mqtt_port", "DEMO_MQTT_PORT")])
def test_a_taken_port_is_said(own: Demo, which: str, words: str) -> None:
    """With who has it, and what to set; and nothing is left running."""
    with socket.create_server(("127.0.0.1", getattr(own, which))):
        own.launch()
        assert own.wait_ended() == 1
    assert str(getattr(own, which)) in own.said
    assert words in own.said
    assert "pytest" in own.said or "python" in own.said
    assert "Traceback" not in own.said
    assert is_free(own.http_port)
    assert is_free(own.mqtt_port)


def test_a_second_demo_in_one_directory_changes_nothing(own: Demo, directory: Path) -> None:
    """Not even with a reset: the first goes on."""
    own.start()
    before = own.described
    other = Demo(directory)
    for options in ((), ("--reset",)):
        other.launch(*options)
        assert other.wait_ended() == 1
        assert "another hub" in other.said
        assert "Traceback" not in other.said
    assert own.described == before
    assert take_number(before, "social") == "D001"


def test_a_hub_that_is_killed_ends_the_demo(own: Demo) -> None:
    """With words, and without leaving its broker behind."""
    own.start()
    own.member("run").send(signal.SIGKILL)
    assert own.wait_ended() == 1
    assert "the hub ended by itself" in own.said
    assert wait_gone(own.family) == []
