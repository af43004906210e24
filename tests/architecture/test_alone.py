"""Every module can be imported first, and a device never loads what only the hub needs."""

import subprocess
import sys
from collections.abc import Iterable
from itertools import groupby

import pytest

from tests.architecture.imports import imported
from tests.architecture.rules import NOT_TO_IMPORT, ON_A_DEVICE, PACKAGES, WEB_STACK
from tests.architecture.tree import ROOT, Module, modules

EACH_IN_A_FORK = """
import importlib, os, sys, traceback, warnings
ours, others = (words.split(",") for words in sys.argv[1:])
for name in others:
    if name:
        importlib.import_module(name)
warnings.simplefilter("error")
failed = False
for name in ours:
    child = os.fork()
    if child == 0:
        try:
            importlib.import_module(name)
        except BaseException:
            print("importing", name, "first:", file=sys.stderr)
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
        os._exit(0)
    failed |= os.waitpid(child, 0)[1] != 0
sys.exit(failed)
"""
"""Loads packages of others once, then each module of ours in a process that has loaded nothing else of ours."""

LOADED = """
import importlib, sys
for name in sys.argv[1].split(","):
    importlib.import_module(name)
print(*sorted(name for name in sys.modules if "." not in name))
"""


def group_of(module: Module) -> str:
    """`hub.web` of `hub.web.staff.pages`, `appliance` of `appliance.flow`."""
    return ".".join(module.name.split(".")[: 2 if module.name.startswith("hub.") else 1])


OURS = [module for module in modules(ROOT, PACKAGES) if module.name not in NOT_TO_IMPORT]
GROUPS = {name: list(group) for name, group in groupby(OURS, key=group_of)}


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A fresh Python with the program given as text."""
    return subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )


def others_of(group: Iterable[Module]) -> set[str]:
    """Top packages of others that a group imports."""
    tops = {target.partition(".")[0] for module in group for _, target in imported(module, ())}
    return tops - sys.stdlib_module_names - set(PACKAGES)


@pytest.mark.parametrize("group", GROUPS)
def test_each_module_imports_alone(group: str) -> None:
    """In a fresh process, whatever comes first, without a warning."""
    names = [module.name for module in GROUPS[group]]
    done = run(EACH_IN_A_FORK, ",".join(names), ",".join(sorted(others_of(GROUPS[group]))))
    assert done.returncode == 0, done.stderr


def test_a_circular_import_is_seen() -> None:
    """The check itself: a module that fails is named."""
    done = run(EACH_IN_A_FORK, "json,no_such_module", "")
    assert done.returncode == 1
    assert "importing no_such_module first" in done.stderr


def test_a_device_never_loads_the_web_stack() -> None:
    """Whatever of ours runs on a device: no web, no database."""
    names = [module.name for module in OURS if any(f"{module.name}.".startswith(f"{top}.") for top in ON_A_DEVICE)]
    done = run(LOADED, ",".join(names))
    assert done.returncode == 0, done.stderr
    assert not set(WEB_STACK) & set(done.stdout.split())
