"""Imports go where the table of rules lets them go, and the check is seen red for each row of it."""

from pathlib import Path

import pytest

from tests.architecture.imports import violations
from tests.architecture.rules import CONTRACT, INWARDS, PURE, RULES, SHARED
from tests.architecture.tree import ROOT

FORMS = {
    "import": "import {target}",
    "from": "from {target} import anything",
    "from its parent": "from {parent} import {last} as other",
    "late": "def late():\n    from {target} import anything",
    "for types only": "if TYPE_CHECKING:\n    from {target} import anything",
    "by name": 'importlib.import_module("{target}")',
}


def plant(root: Path, name: str, text: str = '"""A module."""\n') -> Path:
    """A module of that name under `root`, with its parents."""
    path = root.joinpath(*name.split(".")).with_suffix(".py")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def written(form: str, target: str) -> str:
    """An import of `target` in one of the forms there are."""
    parent, _, last = target.rpartition(".")
    return FORMS[form].format(target=target, parent=parent or target, last=last) + "\n"


def is_allowed(row: str, target: str) -> bool:
    """What the table says, read in the plainest way."""
    return any(f"{target}.".startswith(f"{folder}.") for folder in (row, *RULES[row].ours))


def test_our_tree_keeps_the_rules() -> None:
    """The one that matters."""
    assert violations(ROOT) == []


@pytest.mark.parametrize("row", RULES)
def test_what_a_row_does_not_name_is_caught(row: str, tmp_path: Path) -> None:
    """Every other folder there is, and one of the tests."""
    targets = [f"{other}.part" for other in RULES if not is_allowed(row, other)] + ["tests.part"]
    for target in targets:
        plant(tmp_path, target)
    path = plant(tmp_path, f"{row}.sabotage", "".join(f"import {target}\n" for target in targets))
    assert violations(tmp_path) == [
        f"{path}:{line}: {row} may not import {target}" for line, target in enumerate(targets, start=1)
    ]


@pytest.mark.parametrize("row", RULES)
def test_what_a_row_names_is_let_through(row: str, tmp_path: Path) -> None:
    """Itself, its folders and the standard library."""
    targets = [f"{other}.part" for other in RULES if is_allowed(row, other)]
    for target in targets:
        plant(tmp_path, target)
    plant(tmp_path, f"{row}.honest", "".join(f"import {target}\n" for target in [*targets, "json", "os.path"]))
    assert violations(tmp_path) == []


@pytest.mark.parametrize("row", [row for row, rule in RULES.items() if rule.others is not None])
def test_packages_of_others_are_caught(row: str, tmp_path: Path) -> None:
    """Where the row says which ones it may use, or none."""
    path = plant(tmp_path, f"{row}.sabotage", "import fastapi.routing\n")
    assert violations(tmp_path) == [f"{path}:1: {row} may not import fastapi.routing"]


@pytest.mark.parametrize("form", FORMS)
def test_an_import_is_seen_in_every_form(form: str, tmp_path: Path) -> None:
    """At the top, late, for types only, by name."""
    plant(tmp_path, "hub.storage.rows")
    path = plant(tmp_path, "hub.queueing.line", written(form, "hub.storage.rows"))
    (found,) = violations(tmp_path)
    assert found.startswith(f"{path}:")
    assert found.endswith("hub.queueing may not import hub.storage.rows")


def test_relative_imports_are_followed(tmp_path: Path) -> None:
    """`..storage` is `hub.storage`, from a module and from a package."""
    plant(tmp_path, "hub.storage.rows")
    plant(tmp_path, "hub.queueing.line", "from ..storage import rows\nfrom ..contract import names\n")
    plant(tmp_path, "hub.queueing.__init__", "from ..storage.rows import Row\nfrom .line import Line\n")
    assert [sentence.rpartition(" ")[2] for sentence in violations(tmp_path)] == ["hub.storage.rows"] * 2


def test_a_folder_without_a_row_is_caught(tmp_path: Path) -> None:
    """A new folder is a decision."""
    plant(tmp_path, "hub.extras.thing")
    (found,) = violations(tmp_path)
    assert found.endswith("hub.extras.thing has no row in tests/architecture/rules.py")


def test_the_table_itself_keeps_to_the_architecture() -> None:
    """Pure folders know the contract only, and no edge knows another edge."""
    edges = {"hub.storage", "hub.live", "hub.messaging", "hub.web", "hub.fleet", "hub.paper", "hub.sms"}
    edges |= {"hub.cameras", "hub.province"}
    for folder in PURE:
        assert (RULES[folder].ours, RULES[folder].others) == (CONTRACT, ())
    for edge in edges:
        assert set(RULES[edge].ours) <= {*INWARDS, "hardware"}
    assert not edges & set(INWARDS)
    assert set(RULES["hub.client"].ours) == {*CONTRACT, *SHARED}
