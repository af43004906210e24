"""The house rules a program can check hold everywhere, and each check is seen red."""

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.architecture import habits
from tests.architecture.habits import Place
from tests.architecture.rules import PACKAGES, READ_THE_ENVIRONMENT
from tests.architecture.tree import ROOT, Module, modules, parsed

OURS = list(modules(ROOT, PACKAGES))
TESTS = list(modules(ROOT, ("tests",)))


def found(check: Callable[[Module], Iterator[Place]], tree: list[Module]) -> list[str]:
    return [str(place) for module in tree for place in check(module)]


def in_text(check: Callable[[Module], Iterator[Place]], text: str, name: str = "hub.part") -> list[str]:
    return [place.what for place in check(parsed(name, Path("part.py"), text))]


def test_the_package_of_the_hub_is_empty() -> None:
    """A device passes it on the way to `hub.client`."""
    assert (ROOT / "hub/__init__.py").read_text() == ""


def test_no_module_keeps_state() -> None:
    """No `global` anywhere."""
    assert found(habits.global_statements, OURS + TESTS) == []


def test_only_settings_read_the_environment() -> None:
    """Everything else is told."""
    assert found(habits.environment_reads, [one for one in OURS if one.name not in READ_THE_ENVIRONMENT]) == []


def test_everything_has_a_name() -> None:
    """Files, folders and classes, the tests' own included."""
    assert found(habits.nameless, OURS + TESTS) == []


def test_every_module_says_what_it_is_for() -> None:
    """In its first line."""
    assert found(habits.without_purpose, OURS + TESTS) == []


def test_every_public_thing_makes_a_promise() -> None:
    """In a docstring, its own or the one it inherits."""
    ports = {method for module in OURS for method in habits.promised_by_ports(module)}
    silent = [place for module in OURS for place in habits.without_promise(module) if not inherits(place, ports)]
    assert [str(place) for place in silent] == []


def inherits(place: Place, ports: set[str]) -> bool:
    """Whether the promise of a method stands in a port, or in a class above it."""
    if place.owner is None or place.what in ports:
        return place.owner is not None
    owner = importlib.import_module(place.module.name)
    for level in place.owner.split("."):
        owner = getattr(owner, level)
    return any(place.what in vars(above) for above in owner.__mro__[1:])


def test_the_checks_are_seen_red() -> None:
    """Each one on a small text that breaks its rule."""
    assert in_text(habits.global_statements, "def f():\n    global a, b\n") == ["global a, b"]
    assert in_text(habits.environment_reads, "import os\nx = os.environ['A']") == ["os.environ"]
    assert in_text(habits.environment_reads, "import os\ndef f():\n    return os.getenv('A')") == ["os.getenv"]
    assert in_text(habits.environment_reads, "from os import environ, path") == ["os.environ"]
    assert in_text(habits.nameless, "", "hub.web.session_utils") == ["hub.web.session_utils: session_utils is no name"]
    assert in_text(habits.nameless, "class QueueManager: ...") == ["class QueueManager has no name of its own"]
    assert in_text(habits.without_purpose, "import json") == ["hub.part does not say what it is for"]
    assert in_text(habits.without_purpose, '"""\nLater."""') == []
    assert in_text(habits.without_promise, "def f(): ...\nclass A:\n    def g(self): ...") == ["f", "A", "g"]
    assert in_text(habits.without_promise, "async def f(): ...") == ["f"]


def test_an_adapter_need_not_repeat_its_port() -> None:
    """What a `Protocol` promises is promised; so is what a class above promises."""
    port = 'class Printer(Protocol):\n    def cut(self) -> None:\n        """Cuts."""\n    def feed(self): ...\n'
    assert list(habits.promised_by_ports(parsed("hub.part", Path("part.py"), port))) == ["cut"]
    module = parsed("pathlib", Path("pathlib.py"), "")
    assert inherits(Place(module, 1, "cut", "Path"), {"cut"})
    assert inherits(Place(module, 1, "with_suffix", "PosixPath"), set())
    assert not inherits(Place(module, 1, "cut", "PosixPath"), set())
    assert not inherits(Place(module, 1, "cut"), {"cut"})


def test_the_checks_let_honest_text_through() -> None:
    """Private things, databases, and settings that were passed."""
    text = '"""A part."""\nclass Database:\n    """Rows."""\n    def _hide(self): ...\n    def __len__(self): ...\n'
    for check in (habits.nameless, habits.without_purpose, habits.without_promise, habits.environment_reads):
        assert in_text(check, text) == []
    assert in_text(habits.without_promise, "def _f(): ...\n@overload\ndef g(): ...") == []
    assert in_text(habits.environment_reads, "def load(environ): return environ['A']") == []
