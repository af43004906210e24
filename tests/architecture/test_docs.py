"""The documents are true where a program can tell: links, make targets, settings, figures and commands they name."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import typer.main

from appliance.settings import default_text as default_of_kiosk
from display_board.settings import default_text as default_of_board
from hub.__main__ import app
from hub.settings import default_text
from tests.architecture.tree import ROOT, Module, modules

DOCUMENTS: Final = {
    str(path.relative_to(ROOT)): path.read_text("utf-8") for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
}
OPERATOR: Final = "docs/operator.md"

BLOCK: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN: Final = re.compile(r"`([^`\n]+)`")
LINK: Final = re.compile(r"\]\(([^)\s]+)\)")
HEADING: Final = re.compile(r"^#+ (.+)$", re.MULTILINE)
TARGET: Final = re.compile(r"\bmake (?:-C \S+ )?([a-z][a-z-]*)\b(?!=)")
COMMAND: Final = re.compile(r"motcua-hub ([a-z]+)(?: ([a-z]+))?")
FIGURE: Final = re.compile(r"\bmotcua_[a-z_]+\b")

SETTINGS: Final = {
    section: set(keys)
    for text in (default_of_board(), default_of_kiosk(), default_text())
    for section, keys in tomllib.loads(text).items()
}
"""Of board, kiosk and hub; where a section is in several, the documents speak of the last one's."""
SETTING: Final = re.compile(rf"({'|'.join(SETTINGS)})\.(?!toml$|json$|md$|log$)([a-z_]+)(?: = .+)?")


def spans(text: str) -> list[str]:
    """What stands in backticks within a line."""
    return SPAN.findall(BLOCK.sub("", text))


def code(text: str) -> str:
    """All that is meant to be typed: blocks, and what stands in backticks."""
    return "\n".join([*(block for _, block in BLOCK.findall(text)), *spans(text)])


def blocks(text: str, language: str) -> list[str]:
    """Blocks of one language."""
    return [block for name, block in BLOCK.findall(text) if name == language]


def anchors(text: str) -> set[str]:
    """What can stand behind `#` in a link to this document."""
    plain = (re.sub(r"[^\w\s-]", "", heading.lower()) for heading in HEADING.findall(BLOCK.sub("", text)))
    return {heading.strip().replace(" ", "-") for heading in plain}


def broken_links(name: str, text: str) -> Iterator[str]:
    """Local links to nothing, and to a heading that is not there."""
    for link in LINK.findall(BLOCK.sub("", text)):
        place, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", place):
            continue
        path = (ROOT / name).parent / place if place else ROOT / name
        if not path.exists() or (anchor and anchor not in anchors(path.read_text("utf-8"))):
            yield f"{name}: {link}"


def settings_named(text: str) -> set[tuple[str, str]]:
    """Settings as `section.key`, and those of examples in TOML."""
    found = {(named[1], named[2]) for span in spans(text) if (named := SETTING.fullmatch(span))}
    examples = [tomllib.loads(block) for block in blocks(text, "toml")]
    return found | {(section, key) for example in examples for section, keys in example.items() for key in keys}


def commands() -> set[tuple[str, str]]:
    """Every command of `motcua-hub`, with its second word if it has one."""
    whole = typer.main.get_command(app)
    found = set()
    for name, command in whole.commands.items():  # type: ignore[attr-defined]
        found |= {(name, second) for second in getattr(command, "commands", {"": None})}
    return found


def is_command(words: tuple[str, str], known: set[tuple[str, str]]) -> bool:
    """Whether the words after `motcua-hub` are a command; the second one may be its argument."""
    return words in known or (words[0], "") in known


def figures_emitted(module: Module) -> Iterator[str]:
    """Names of the figures that a module hands to `/metrics`, as Prometheus shows them."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Measure" and node.args:
            total = any(word.arg == "total" and ast.unparse(word.value) == "True" for word in node.keywords)
            yield ast.literal_eval(node.args[0]) + ("_total" if total else "")


def test_every_local_link_leads_somewhere() -> None:
    """In all documents, headings included."""
    assert [one for name, text in DOCUMENTS.items() for one in broken_links(name, text)] == []


def test_every_make_target_is_there() -> None:
    """Whatever a document tells people to make."""
    targets = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {target for text in DOCUMENTS.values() for target in TARGET.findall(code(text))}
    assert named, "no document names a target: the pattern finds nothing"
    assert named - targets == set()


def test_every_setting_is_there() -> None:
    """`section.key`, and the keys of examples."""
    named = {one for text in DOCUMENTS.values() for one in settings_named(text)}
    assert ("backup", "directory") in named
    assert {(section, key) for section, key in named if key not in SETTINGS.get(section, set())} == set()


def test_every_command_is_there() -> None:
    """Of the hub's command line."""
    named = {words for text in DOCUMENTS.values() for words in COMMAND.findall(code(text))}
    assert ("device", "add") in named
    assert {words for words in named if not is_command(words, commands())} == set()


def test_the_operator_is_told_of_every_figure() -> None:
    """And of none that is not there."""
    emitted = {figure for module in modules(ROOT, ("hub",)) for figure in figures_emitted(module)}
    assert set(FIGURE.findall("\n".join(spans(DOCUMENTS[OPERATOR])))) == emitted


def test_the_checks_are_seen_red() -> None:
    """Each finds its mistake, and leaves prose alone."""
    text = "make sure; `make nothing` `make -C x env` `make A=b`\n```sh\nmake more\n```\n"
    assert set(TARGET.findall(code(text))) == {"nothing", "env", "more"}
    wrong = "[a](no.md) [b](docs/operator.md#no) [c](docs/operator.md#install) [d](https://example.vn/x)"
    assert list(broken_links("README.md", wrong)) == ["README.md: no.md", "README.md: docs/operator.md#no"]
    assert settings_named("`web.prot`, `web.port = 443`, `centre.toml`") == {("web", "prot"), ("web", "port")}
    assert COMMAND.findall("motcua-hub fly now; -u motcua-hub -n") == [("fly", "now")]
    assert not is_command(("fly", "now"), commands())
    assert not is_command(("device", "fly"), commands())
    assert is_command(("restore", "hub"), commands())
    seen = Module("m", Path("m.py"), ast.parse('Measure("motcua_a", "", 1, total=True); Measure("motcua_b", "", 2)'))
    assert list(figures_emitted(seen)) == ["motcua_a_total", "motcua_b"]
