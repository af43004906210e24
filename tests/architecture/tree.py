"""The source tree as parsed modules."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Module:
    """One Python file: its dotted name, where it is, and its parsed text."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def package(self) -> str:
        """The package that relative imports start from."""
        return self.name if self.path.name == "__init__.py" else self.name.rpartition(".")[0]


def parsed(name: str, path: Path, text: str) -> Module:
    """A module from its text."""
    return Module(name, path, ast.parse(text, filename=str(path)))


def modules(root: Path, packages: tuple[str, ...]) -> Iterator[Module]:
    """Every module of `packages` under `root`."""
    for package in packages:
        for path in sorted((root / package).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            yield parsed(name, path, path.read_text(encoding="utf-8"))
