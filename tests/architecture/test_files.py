"""The repository is the same on every machine: no file names a machine's own places or a package registry."""

import re
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

# Put together from pieces, so that this file does not find itself.
REGISTRIES = re.compile(
    "|".join(
        rf"{name}\.{end}"
        for name, end in [
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("npmjs", "(?:org|com)"),
            ("deb.debian", "org"),
            ("security.debian", "org"),
        ]
    ),
    re.IGNORECASE,
)
PLACES = re.compile(r"(?<![\w.<>])/(?:" + "|".join(["work", "root", "farm", "home"]) + r")/")


def files() -> Iterator[Path]:
    """What git keeps or would keep; without git, what is not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    if listed.returncode == 0:
        yield from (path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file())
        return
    ignored = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text().splitlines()] + [".git"]
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        if path.is_file() and not any(fnmatch(part, pattern) for part in parts for pattern in ignored):
            yield path


def named(pattern: re.Pattern[str], text: str) -> list[str]:
    """Everything in `text` that the pattern finds."""
    return [match.group() for match in pattern.finditer(text)]


@pytest.mark.parametrize("pattern", [REGISTRIES, PLACES], ids=["registries", "places"])
def test_no_file_names_a_machine(pattern: re.Pattern[str]) -> None:
    """Registries and directories belong to the machine, not to the project."""
    found = {}
    for path in files():
        try:
            words = named(pattern, path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            continue
        if words:
            found[str(path.relative_to(ROOT))] = words
    assert found == {}


def test_the_patterns_find_what_they_are_for() -> None:
    """And leave addresses and our own folders alone."""
    slash = "/"
    assert named(PLACES, f"cd {slash}work{slash}main; ls {slash}root{slash}x") == [
        f"{slash}work{slash}",
        f"{slash}root{slash}",
    ]
    assert named(PLACES, "hub/work/line.py, tests/root/x") == []
    assert named(REGISTRIES, "https://files.python" + "hosted.org/x") == ["python" + "hosted.org"]
    assert named(REGISTRIES, "https://example.vn, PyPI") == []
