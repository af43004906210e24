"""Holds the imports of a source tree against the table in `rules.py`."""

import ast
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from tests.architecture.rules import PACKAGES, RULES, Rule
from tests.architecture.tree import Module, modules


def violations(root: Path, rules: Mapping[str, Rule] = RULES) -> list[str]:
    """What the tree under `root` imports against the rules, one sentence each."""
    tree = list(modules(root, PACKAGES))
    names = {module.name for module in tree}
    return [sentence for module in tree for sentence in _of_module(module, names, rules)]


def imported(module: Module, names: Collection[str]) -> Iterator[tuple[int, str]]:
    """Line and full name of everything `module` imports, late imports and imports by name included.

    `names`: all modules there are, to tell `from hub import contract` (a module) from `from hub.errors import Fault`.
    """
    for node in ast.walk(module.tree):
        match node:
            case ast.Import(names=aliases):
                yield from ((node.lineno, alias.name) for alias in aliases)
            case ast.ImportFrom(names=aliases):
                start = _start(module, node)
                for alias in aliases:
                    whole = f"{start}.{alias.name}"
                    yield node.lineno, whole if whole in names else start
            case ast.Call(func=ast.Attribute(attr="import_module"), args=[ast.Constant(value=str(name)), *_]):
                yield node.lineno, name


def rule_of(name: str, rules: Mapping[str, Rule]) -> str | None:
    """The row that speaks for a module: the longest one it is in."""
    return max((row for row in rules if _within(name, row)), key=len, default=None)


def _start(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    above = module.package.split(".")
    above = above[: len(above) - node.level + 1]
    return ".".join([*above, *([node.module] if node.module else [])])


def _of_module(module: Module, names: Collection[str], rules: Mapping[str, Rule]) -> Iterator[str]:
    row = rule_of(module.name, rules)
    if row is None:
        if module.tree.body:
            yield f"{module.path}: {module.name} has no row in tests/architecture/rules.py"
        return
    for line, target in imported(module, names):
        if not _allowed(row, rules[row], target):
            yield f"{module.path}:{line}: {row} may not import {target}"


def _allowed(row: str, rule: Rule, target: str) -> bool:
    top = target.partition(".")[0]
    if top in PACKAGES:
        return any(_within(target, folder) for folder in (row, *rule.ours))
    if top in sys.stdlib_module_names:
        return True
    return top != "tests" and (rule.others is None or top in rule.others)


def _within(name: str, folder: str) -> bool:
    return name == folder or name.startswith(f"{folder}.")
