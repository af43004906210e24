"""A disk that is soon full: a real one where it can be mounted, else a limit on the size of files."""

import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def small_disk(place: Path, kilobytes: int) -> Iterator[Path]:
    """A directory in which no more than `kilobytes` can be written."""
    with mounted(place, kilobytes=kilobytes) as disk:
        if disk is not None:
            yield disk
        else:
            with limited(kilobytes):
                yield place


@contextmanager
def mounted(place: Path, *, kilobytes: int) -> Iterator[Path | None]:
    """A file system of this size in memory; None where this user may mount none."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(place)]
    may = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        yield place if may else None
    finally:
        if may:
            subprocess.run(["umount", "--lazy", str(place)], check=True, capture_output=True)


@contextmanager
def limited(kilobytes: int) -> Iterator[None]:
    """No file of this process grows beyond `kilobytes`; the write that would make it do so fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
