"""One hub per data directory, and none left locked out by a dead one."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hub.storage.lock import DataLock, LockFault
from tests.rig.running import ROOT

HOLD = """
import subprocess, sys
from pathlib import Path
from hub.storage.lock import DataLock
lock = DataLock(Path(sys.argv[1]))
if sys.argv[2] == "inheritable":
    import os
    os.set_inheritable(lock._file.fileno(), True)
child = subprocess.Popen(["sleep", "60"], close_fds=sys.argv[2] != "inheritable")
print(child.pid, flush=True)
sys.stdin.read()
"""
LIMIT_S = 20.0


@contextmanager
def holder(directory: Path, kind: str = "ordinary") -> Iterator["subprocess.Popen[str]"]:
    """Another program that holds the directory, and has a child of its own as a hub has its broker."""
    command = [sys.executable, "-c", HOLD, str(directory), kind]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        try:
            yield process
        finally:
            process.kill()
            process.wait(LIMIT_S)
            os.kill(child, 9)


def test_a_second_process_is_refused_with_the_pid_of_the_first(tmp_path: Path) -> None:
    """So that a person can stop it."""
    with holder(tmp_path) as first:
        with pytest.raises(LockFault, match=rf"another hub \(process {first.pid}\) is using this data directory"):
            DataLock(tmp_path)
        with pytest.raises(LockFault, match=f"process {first.pid}"):  # the refusal has not blotted it out
            DataLock(tmp_path)


def test_a_hub_killed_hard_leaves_the_directory_free(tmp_path: Path) -> None:
    """Also while the broker that it has started lives on."""
    with holder(tmp_path) as first:
        first.kill()
        first.wait(LIMIT_S)
        DataLock(tmp_path).release()


def test_a_lock_that_children_inherit_would_outlive_the_hub(tmp_path: Path) -> None:
    """Sabotage: with its file open in the broker, too, no hub could be started again."""
    with holder(tmp_path, "inheritable") as first:
        first.kill()
        first.wait(LIMIT_S)
        with pytest.raises(LockFault, match=str(first.pid)):
            DataLock(tmp_path)


def test_it_is_given_back_and_taken_again(tmp_path: Path) -> None:
    """Twice given back is harmless; the same program may not take it twice."""
    lock = DataLock(tmp_path)
    with pytest.raises(LockFault, match=f"process {os.getpid()}"):
        DataLock(tmp_path)
    lock.release()
    lock.release()
    with DataLock(tmp_path):
        assert (tmp_path / "hub.lock").read_text() == str(os.getpid())
    with DataLock(tmp_path):
        pass


def test_a_directory_is_made_for_its_owner_only(tmp_path: Path) -> None:
    """Also one in another."""
    with DataLock(tmp_path / "var" / "hub"):
        assert (tmp_path / "var" / "hub").stat().st_mode & 0o777 == 0o700


def test_one_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """A file in its place."""
    (tmp_path / "data").write_text("")
    with pytest.raises(LockFault, match="data: cannot be used as the data directory"):
        DataLock(tmp_path / "data")
