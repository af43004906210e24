"""Knowing a process for certain, and who has a port."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from hub.messaging.broker_process import RunningProcess, holder_of


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen]:
    """A program of somebody else's."""
    with subprocess.Popen(["sleep", "600"]) as child:
        yield child
        child.kill()


def test_a_process_knows_itself() -> None:
    process = RunningProcess.at(os.getpid())
    assert process is not None
    assert process.is_alive()
    assert process.arguments()[0].endswith(sys.orig_argv[0])


def test_a_later_process_with_the_same_number_is_another(sleeper: subprocess.Popen) -> None:
    now_there = RunningProcess.at(sleeper.pid)
    long_gone = replace(now_there, started=now_there.started - 1)
    assert not long_gone.is_alive()
    assert long_gone.wait(60)
    long_gone.send(signal.SIGKILL)
    assert sleeper.poll() is None
    assert now_there.is_alive()


def test_a_signal_arrives_and_the_end_is_seen(sleeper: subprocess.Popen) -> None:
    process = RunningProcess.at(sleeper.pid)
    assert not process.wait(0)
    process.send(signal.SIGTERM)
    assert process.wait(10)


def test_a_process_that_nobody_has_collected_is_not_alive(sleeper: subprocess.Popen) -> None:
    process = RunningProcess.at(sleeper.pid)
    process.send(signal.SIGKILL)
    assert process.wait(10)
    assert RunningProcess.at(sleeper.pid) is None
    assert not process.is_alive()
    process.send(signal.SIGTERM)


def test_what_is_gone_has_no_words_and_takes_no_signal(sleeper: subprocess.Popen) -> None:
    process = RunningProcess.at(sleeper.pid)
    sleeper.kill()
    sleeper.wait(10)
    assert process.arguments() == []
    assert process.wait(60)
    process.send(signal.SIGTERM)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_the_holder_of_a_port_is_named(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.create_server((address, 0), family=family) as server:
        port = server.getsockname()[1]
        assert f"(process {os.getpid()})" in holder_of(port)
    assert holder_of(port) is None
