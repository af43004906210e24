"""The life of the broker: started, left behind and adopted, replaced, restarted, ended. With real processes."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from hub.contract.names import DeviceRole
from hub.contract.topics import ROOT, DeviceIdentity
from hub.errors import BrokerFault
from hub.fleet.authority import Authority
from hub.messaging import broker as broker_module
from hub.messaging.broker import LONGEST_DELAY_S, Broker, BrokerOrigin, RestartPace
from hub.messaging.broker_configuration import BrokerLimits, BrokerPlan
from hub.messaging.broker_process import RunningProcess

REPOSITORY = Path(__file__).parents[3]
KIOSK = DeviceIdentity("kiosk-01", DeviceRole.KIOSK)
PRESENCE = f"{ROOT}/hoa-sen/devices/kiosk-01/presence"

HUB_TO_BE_KILLED = """
import sys
from pathlib import Path
from hub.contract.names import DeviceRole
from hub.contract.topics import DeviceIdentity
from hub.messaging.broker import Broker
from hub.messaging.broker_configuration import BrokerPlan

directory, centre, *files, port = sys.argv[1:]
broker = Broker(BrokerPlan(Path(directory), centre, *map(Path, files), port=int(port)))
broker.write_access([DeviceIdentity("kiosk-01", DeviceRole.KIOSK)])
print(broker.ensure().value, flush=True)
sys.stdin.read()
"""


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@contextmanager
def hub_to_be_killed(plan: BrokerPlan) -> Iterator[None]:
    """Another hub that runs the broker of this plan; it is killed at the end, as a power cut of its process would."""
    files = [plan.authority, plan.certificate, plan.key, plan.revoked]
    arguments = [str(each) for each in (plan.directory, plan.centre, *files, plan.port)]
    with subprocess.Popen(
        [sys.executable, "-c", HUB_TO_BE_KILLED, *arguments],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as hub:
        assert hub.stdout.readline() == "started\n"
        try:
            yield
        finally:
            hub.kill()


def process_of(plan: BrokerPlan) -> RunningProcess:
    """The broker that runs by this plan now."""
    process = RunningProcess.at(int((plan.directory / "broker.pid").read_text()))
    assert process is not None
    return process


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# ---------------------------------------------------------------- start and stop


def test_it_starts_answers_and_ends(own_plan: BrokerPlan, broker_of: Callable) -> None:
    broker = broker_of(own_plan)
    assert not broker.alive()
    assert broker.ensure() is BrokerOrigin.STARTED
    assert broker.alive()
    process = process_of(own_plan)
    broker.stop()
    assert not broker.alive()
    assert not process.is_alive()
    broker.stop()


def test_it_can_be_started_again_after_it_was_ended(own_plan: BrokerPlan, broker_of: Callable) -> None:
    broker = broker_of(own_plan)
    broker.ensure()
    broker.stop()
    assert broker.ensure() is BrokerOrigin.STARTED


def test_to_ensure_what_runs_changes_nothing(own_plan: BrokerPlan, broker_of: Callable) -> None:
    broker = broker_of(own_plan)
    broker.ensure()
    process = process_of(own_plan)
    assert broker.ensure() is BrokerOrigin.ADOPTED
    assert process_of(own_plan) == process


def test_it_runs_as_our_user_and_out_of_reach_of_our_terminal(broker: Broker, plan: BrokerPlan) -> None:
    """Ctrl-C goes to the hub, which then ends its broker in order."""
    process = process_of(plan)
    assert Path(f"/proc/{process.pid}").stat().st_uid == os.geteuid()
    assert os.getsid(process.pid) == process.pid


def test_a_list_written_before_the_start_is_in_force(
    own_plan: BrokerPlan, broker_of: Callable, connect_device: Callable
) -> None:
    broker = broker_of(own_plan)
    broker.write_access([KIOSK])
    broker.ensure()
    assert not connect_device("kiosk-01", at=own_plan).publish_and_wait(PRESENCE).is_failure


def test_without_a_list_nobody_may_do_anything(
    own_plan: BrokerPlan, broker_of: Callable, connect_device: Callable
) -> None:
    broker_of(own_plan).ensure()
    assert connect_device("kiosk-01", at=own_plan).publish_and_wait(PRESENCE).is_failure


def test_only_our_user_reaches_the_hubs_socket(own_plan: BrokerPlan, broker_of: Callable) -> None:
    """Also where the directory was there before, open to all."""
    own_plan.directory.mkdir(mode=0o755)
    broker_of(own_plan).ensure()
    assert own_plan.link.is_socket()
    assert mode(own_plan.directory) == 0o700
    assert [path.name for path in own_plan.directory.iterdir() if mode(path) & 0o022 and path != own_plan.link] == []


def test_a_socket_may_stand_elsewhere(
    own_plan: BrokerPlan, broker_of: Callable, connect_hub: Callable, tmp_path_factory: pytest.TempPathFactory
) -> None:
    plan = replace(own_plan, socket=tmp_path_factory.mktemp("run") / "motcua" / "hub.sock")
    broker_of(plan).ensure()
    assert mode(plan.link.parent) == 0o700
    connect_hub(plan)


def test_a_socket_where_others_may_go_is_refused(own_plan: BrokerPlan, broker_of: Callable, tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    with pytest.raises(BrokerFault, match="chmod 700"):
        broker_of(replace(own_plan, socket=tmp_path / "hub.sock")).ensure()
    assert mode(tmp_path) == 0o750


# ---------------------------------------------------------------- after a hard kill


def test_a_broker_left_behind_is_adopted(own_plan: BrokerPlan, broker_of: Callable, connect_device: Callable) -> None:
    """Devices keep their connections while their hub is killed and another comes up."""
    broker = broker_of(own_plan)
    with hub_to_be_killed(own_plan):
        process, kiosk = process_of(own_plan), connect_device("kiosk-01", at=own_plan)
    assert not kiosk.publish_and_wait(PRESENCE).is_failure
    assert broker.ensure() is BrokerOrigin.ADOPTED
    assert process_of(own_plan) == process
    assert not kiosk.publish_and_wait(PRESENCE).is_failure
    broker.write_access([])
    assert kiosk.publish_and_wait(PRESENCE).is_failure
    assert kiosk.ended is None
    broker.stop()
    assert not process.is_alive()


def test_an_adopted_broker_goes_by_the_list_of_the_new_hub(
    own_plan: BrokerPlan, broker_of: Callable, connect_device: Callable
) -> None:
    broker = broker_of(own_plan)
    with hub_to_be_killed(own_plan):
        kiosk = connect_device("kiosk-01", at=own_plan)
    broker.write_access([])
    assert broker.ensure() is BrokerOrigin.ADOPTED
    assert kiosk.publish_and_wait(PRESENCE).is_failure


def test_a_device_is_cut_off_and_no_other(own_plan: BrokerPlan, broker_of: Callable, connect_device: Callable) -> None:
    """While the broker lives; one that is dead has nobody to cut off."""
    broker = broker_of(own_plan)
    broker.ensure()
    kiosk, other = (connect_device(device, at=own_plan) for device in ("kiosk-01", "kiosk-02"))
    broker.cut("kiosk-01")
    broker.cut("kiosk-03")
    kiosk.wait(lambda: kiosk.ended is not None, "the end of the connection")
    other.subscribe("anything")
    assert other.ended is None
    broker.stop()
    broker.cut("kiosk-02")


def test_a_broker_of_another_configuration_is_replaced(own_plan: BrokerPlan, broker_of: Callable) -> None:
    changed = broker_of(replace(own_plan, limits=BrokerLimits(connections=7)))
    with hub_to_be_killed(own_plan):
        process = process_of(own_plan)
    assert changed.ensure() is BrokerOrigin.REPLACED
    assert not process.is_alive()
    assert changed.alive()


def test_a_broker_with_an_old_certificate_is_replaced(
    own_plan: BrokerPlan, broker_of: Callable, authority: Authority, tmp_path: Path, now: object
) -> None:
    own_plan = replace(own_plan, certificate=tmp_path / "hub.pem", key=tmp_path / "hub.key")
    authority.issue_server([], [], now).write(tmp_path, "hub")
    broker = broker_of(own_plan)
    with hub_to_be_killed(own_plan):
        process = process_of(own_plan)
    authority.issue_server([], [], now).write(tmp_path, "hub")
    assert broker.ensure() is BrokerOrigin.REPLACED
    assert not process.is_alive()


def test_a_broker_that_nothing_is_known_of_is_replaced(own_plan: BrokerPlan, broker_of: Callable) -> None:
    """Its hub was killed between starting it and writing down what it had started."""
    broker = broker_of(own_plan)
    with hub_to_be_killed(own_plan):
        process = process_of(own_plan)
    (own_plan.directory / "broker.json").unlink()
    assert broker.ensure() is BrokerOrigin.REPLACED
    assert not process.is_alive()


def test_a_broker_that_hangs_is_replaced(
    own_plan: BrokerPlan, broker_of: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker = broker_of(own_plan)
    with hub_to_be_killed(own_plan):
        process = process_of(own_plan)
    os.kill(process.pid, signal.SIGSTOP)
    monkeypatch.setattr(broker_module, "ANSWER_LIMIT_S", 0.5)
    monkeypatch.setattr(broker_module, "END_LIMIT_S", 0.5)
    assert broker.ensure() is BrokerOrigin.REPLACED
    assert not process.is_alive()


@pytest.mark.parametrize("is_recorded", [False, True])
def test_another_program_that_got_the_number_is_left_alone(
    own_plan: BrokerPlan, broker_of: Callable, is_recorded: bool
) -> None:
    own_plan.directory.mkdir()
    broker = broker_of(own_plan)
    with subprocess.Popen(["sleep", "600"]) as stranger:
        (own_plan.directory / "broker.pid").write_text(str(stranger.pid))
        if is_recorded:
            record = {"pid": stranger.pid, "started": RunningProcess.at(stranger.pid).started, "digest": "any"}
            (own_plan.directory / "broker.json").write_text(json.dumps(record))
        assert broker.ensure() is BrokerOrigin.STARTED
        broker.stop()
        assert stranger.poll() is None
        stranger.kill()


@pytest.mark.parametrize("pid_file", ["", "nonsense", "999999999", "-1", "0"])
def test_a_damaged_pid_file_does_not_matter(own_plan: BrokerPlan, broker_of: Callable, pid_file: str) -> None:
    own_plan.directory.mkdir()
    (own_plan.directory / "broker.pid").write_text(pid_file)
    (own_plan.directory / "broker.json").write_text(pid_file)
    assert broker_of(own_plan).ensure() is BrokerOrigin.STARTED


# ---------------------------------------------------------------- when it dies


def test_a_dead_broker_is_restarted_with_the_same_list(
    own_plan: BrokerPlan, broker_of: Callable, connect_device: Callable
) -> None:
    clock = Clock()
    broker = broker_of(own_plan, clock=clock)
    broker.write_access([KIOSK])
    broker.ensure()
    clock.seconds += 10
    assert not broker.restart_if_dead()
    process = process_of(own_plan)
    process.send(signal.SIGKILL)
    assert process.wait(10)
    assert not broker.alive()
    assert broker.restart_if_dead()
    assert not connect_device("kiosk-01", at=own_plan).publish_and_wait(PRESENCE).is_failure


def test_a_broker_that_keeps_dying_is_not_restarted_at_once(own_plan: BrokerPlan, broker_of: Callable) -> None:
    clock = Clock()
    broker = broker_of(own_plan, clock=clock)
    broker.ensure()
    for delay in (1, 2, 4):
        process = process_of(own_plan)
        process.send(signal.SIGKILL)
        assert process.wait(10)
        clock.seconds += delay - 0.1
        assert not broker.restart_if_dead()
        clock.seconds += 0.1
        assert broker.restart_if_dead()


def test_a_broker_that_could_not_start_is_tried_again(own_plan: BrokerPlan, broker_of: Callable) -> None:
    """Its port is taken at first, and free later."""
    clock = Clock()
    broker = broker_of(own_plan, clock=clock)
    with socket.create_server(("127.0.0.1", own_plan.port)):
        with pytest.raises(BrokerFault):
            broker.ensure()
        assert not broker.restart_if_dead()
        clock.seconds += 1
        with pytest.raises(BrokerFault):
            broker.restart_if_dead()
    assert not broker.restart_if_dead()
    clock.seconds += 2
    assert broker.restart_if_dead()


def test_an_ended_broker_stays_ended(own_plan: BrokerPlan, broker_of: Callable) -> None:
    clock = Clock()
    broker = broker_of(own_plan, clock=clock)
    broker.ensure()
    broker.stop()
    clock.seconds += 1000
    assert not broker.restart_if_dead()
    assert not broker.alive()


def test_the_pace_slows_down_to_a_minute_and_recovers() -> None:
    pace, delays = RestartPace(0), []
    for _ in range(8):
        delays.append(pace.delay_s)
        pace = pace.after_start(pace.started_at + pace.delay_s - 0.001)
    assert delays == [1, 2, 4, 8, 16, 32, 60, 60]
    assert pace.after_start(pace.started_at + LONGEST_DELAY_S).delay_s == 1


def test_a_large_log_is_put_aside_while_the_broker_writes(
    own_plan: BrokerPlan, broker_of: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker = broker_of(own_plan)
    broker.ensure()
    log = own_plan.directory / "broker.log"
    broker.trim_log()
    assert log.stat().st_size > 0
    monkeypatch.setattr(broker_module, "LOG_BYTES", 1)
    broker.trim_log()
    assert log.stat().st_size == 0
    assert "connected" in log.with_suffix(".log.1").read_text()
    broker.reload()
    assert log.read_bytes()[:2] == b"20"


# ---------------------------------------------------------------- what goes wrong is said


def test_a_taken_port_is_said_with_who_has_it(own_plan: BrokerPlan, broker_of: Callable) -> None:
    with socket.create_server(("127.0.0.1", own_plan.port)), pytest.raises(BrokerFault) as fault:
        broker_of(own_plan).ensure()
    for word in (f"port {own_plan.port}", f"(process {os.getpid()})", "[broker] port"):
        assert word in str(fault.value)


def test_a_missing_program_is_said(own_plan: BrokerPlan, broker_of: Callable) -> None:
    with pytest.raises(BrokerFault, match="apt-get install mosquitto"):
        broker_of(replace(own_plan, program="no-such-broker")).ensure()


def test_the_program_is_found_where_ordinary_users_do_not_look(
    own_plan: BrokerPlan, broker_of: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    assert broker_of(own_plan).ensure() is BrokerOrigin.STARTED


def test_a_directory_that_cannot_be_written_is_said(own_plan: BrokerPlan, broker_of: Callable, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    broker = broker_of(replace(own_plan, directory=tmp_path / "file" / "broker"))
    with pytest.raises(BrokerFault, match=r"cannot be used.*\[data\] directory"):
        broker.ensure()
    with pytest.raises(BrokerFault, match=r"cannot be used.*\[data\] directory"):
        broker.write_access([])


def test_a_directory_of_another_user_is_refused(own_plan: BrokerPlan, broker_of: Callable) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a directory away")
    own_plan.directory.mkdir()
    os.chown(own_plan.directory, 65534, 65534)
    with pytest.raises(BrokerFault, match="another user"):
        broker_of(own_plan).ensure()


def test_a_missing_certificate_is_said(own_plan: BrokerPlan, broker_of: Callable, tmp_path: Path) -> None:
    with pytest.raises(BrokerFault, match="no-such"):
        broker_of(replace(own_plan, certificate=tmp_path / "no-such.pem")).ensure()


def test_a_damaged_certificate_is_said_in_the_brokers_words(
    own_plan: BrokerPlan, broker_of: Callable, tmp_path: Path
) -> None:
    (tmp_path / "hub.pem").write_text("nonsense")
    with pytest.raises(BrokerFault, match="Unable to load server certificate"):
        broker_of(replace(own_plan, certificate=tmp_path / "hub.pem")).ensure()


def test_an_address_of_another_machine_is_said(own_plan: BrokerPlan, broker_of: Callable) -> None:
    with pytest.raises(BrokerFault, match=r"192\.0\.2\.1 .*\[broker\] listen"):
        broker_of(replace(own_plan, listen="192.0.2.1")).ensure()


def test_a_socket_path_too_long_for_linux_is_said(own_plan: BrokerPlan, broker_of: Callable) -> None:
    with pytest.raises(BrokerFault, match=r"\[broker\] socket"):
        broker_of(replace(own_plan, socket=own_plan.directory / ("x" * 100))).ensure()


def test_a_program_that_never_answers_is_ended(
    own_plan: BrokerPlan, broker_of: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "not-a-broker"
    program.write_text("#!/bin/sh\nexec sleep 600\n")
    program.chmod(0o755)
    monkeypatch.setattr(broker_module, "START_LIMIT_S", 0.3)
    broker = broker_of(replace(own_plan, program=str(program)))
    with pytest.raises(BrokerFault, match="does not answer"):
        broker.ensure()
    assert not broker.alive()
