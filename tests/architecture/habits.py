"""House rules that a program can check, one function each: a module in, the places that break the rule out."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.architecture.rules import NAMELESS
from tests.architecture.tree import Module

Function = ast.FunctionDef | ast.AsyncFunctionDef
ENVIRONMENT = frozenset({"environ", "environb", "getenv", "getenvb", "putenv", "unsetenv"})


@dataclass(frozen=True)
class Place:
    """Where a rule is broken, and by what: `owner` is the class around it, if any."""

    module: Module
    line: int
    what: str
    owner: str | None = None

    def __str__(self) -> str:
        return f"{self.module.path}:{self.line}: {self.what}"


def global_statements(module: Module) -> Iterator[Place]:
    """No module keeps state."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Global):
            yield Place(module, node.lineno, f"global {', '.join(node.names)}")


def environment_reads(module: Module) -> Iterator[Place]:
    """Settings are passed down, not fetched."""
    for node in ast.walk(module.tree):
        match node:
            case ast.Attribute(value=ast.Name(id="os"), attr=attribute) if attribute in ENVIRONMENT:
                yield Place(module, node.lineno, f"os.{attribute}")
            case ast.ImportFrom(module="os", names=aliases):
                yield from (
                    Place(module, node.lineno, f"os.{alias.name}") for alias in aliases if alias.name in ENVIRONMENT
                )


def nameless(module: Module) -> Iterator[Place]:
    """Files, folders and classes say what they are."""
    for part in module.name.split("."):
        if NAMELESS & set(part.split("_")):
            yield Place(module, 1, f"{module.name}: {part} is no name")
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef) and NAMELESS & _words(node.name):
            yield Place(module, node.lineno, f"class {node.name} has no name of its own")


def without_purpose(module: Module) -> Iterator[Place]:
    """A module's first line says what it is for."""
    if module.name == "hub":  # stays empty: a device loads it on the way to `hub.client`
        return
    text = ast.get_docstring(module.tree) or ""
    if not text.partition("\n")[0].strip():
        yield Place(module, 1, f"{module.name} does not say what it is for")


def without_promise(module: Module) -> Iterator[Place]:
    """Public classes, functions and methods without a docstring. Overrides are among them; the caller knows them."""
    yield from _without_promise(module, module.tree.body, owner=None)


def promised_by_ports(module: Module) -> Iterator[str]:
    """Names of the methods that a `Protocol` promises; an adapter need not say it again."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef) and any("Protocol" in ast.unparse(above) for above in node.bases):
            yield from (one.name for one in node.body if isinstance(one, Function) and ast.get_docstring(one))


def _without_promise(module: Module, body: list[ast.stmt], owner: str | None) -> Iterator[Place]:
    for node in body:
        if not isinstance(node, Function | ast.ClassDef) or node.name.startswith("_") or _is_second_half(node):
            continue
        if ast.get_docstring(node) is None:
            yield Place(module, node.lineno, node.name, owner)
        if isinstance(node, ast.ClassDef):
            yield from _without_promise(module, node.body, f"{owner}.{node.name}" if owner else node.name)


def _is_second_half(node: Function | ast.ClassDef) -> bool:
    """Setters and overloads: the promise stands at the first half."""
    marks = [ast.unparse(mark).rpartition(".")[2] for mark in node.decorator_list]
    return bool({"setter", "deleter", "overload"} & set(marks))


def _words(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}
