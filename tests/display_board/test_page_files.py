"""The page's files: texts in all languages, tokens as everywhere in the house, every part that scripts ask for."""

import json
import re
from pathlib import Path

import pytest

from display_board.state import Layout
from hub.contract.names import CounterState

PAGE = Path(__file__).parents[2] / "display_board" / "page"
SITE = Path(__file__).parents[2] / "hub" / "web" / "site"
SCRIPTS = {file.name: file.read_text("utf-8") for file in PAGE.glob("*.js")}
FRAME = (PAGE / "index.html").read_text("utf-8")
TEXTS = {language: json.loads((PAGE / f"{language}.json").read_text("utf-8")) for language in ("vi", "en")}


def tokens(text: str) -> dict[str, str]:
    """Custom properties by name, the first value of each."""
    return {name: value.strip() for name, value in reversed(re.findall(r"(--[a-z-]+):\s*([^;]+);", text))}


def test_every_text_is_there_in_every_language() -> None:
    """With the same blanks to be filled."""
    assert set(TEXTS["vi"]) == set(TEXTS["en"])
    for key, text in TEXTS["vi"].items():
        assert set(re.findall(r"\{(\w+)\}", text)) == set(re.findall(r"\{(\w+)\}", TEXTS["en"][key])), key


def test_every_text_is_asked_for_and_none_is_missing() -> None:
    """By scripts, by the frame, or by the state of a counter."""
    asked = set(re.findall(r'data-(?:say|label)="(\w+)"', FRAME)) | {f"state_{state.value}" for state in CounterState}
    for script in SCRIPTS.values():
        asked |= set(re.findall(r'say\("(\w+)"', script))
        asked |= set(re.findall(r'"(\w+)"', script)) & set(TEXTS["vi"])
    assert asked == set(TEXTS["vi"])


def test_every_part_that_a_script_asks_for_is_in_the_frame() -> None:
    """And every icon."""
    parts = set(re.findall(r'data-part="([\w-]+)"', FRAME))
    for name, script in SCRIPTS.items():
        assert set(re.findall(r'part\("([\w-]+)"\)', script)) <= parts, name
        icons = set(re.findall(r"#icon-(\w+)\"", script)) | set(re.findall(r'icon\("(\w+)"\)', script))
        assert icons <= set(re.findall(r'id="icon-(\w+)"', FRAME)), name


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(r":root \{(.*?)\n\}", "tokens.css"), (r':root\[data-theme="high-contrast"\] \{(.*?)\n\}', "contrast.css")],
)
def test_tokens_are_those_of_the_house(ours: str, theirs: str) -> None:
    """The same names have the same values as on the staff's pages, but for what a wall has of its own."""
    found = re.search(ours, (PAGE / "tokens.css").read_text("utf-8"), re.DOTALL)
    assert found is not None
    own, house = tokens(found[1]), tokens((SITE / theirs).read_text("utf-8"))
    shared = {name: value for name, value in own.items() if name not in ("--border", "--scene")}
    assert shared == {name: house.get(name) for name in shared}


def test_the_face_is_that_of_the_house() -> None:
    """Piece by piece."""
    faces = re.findall(r"@font-face \{.*?\n\}", (SITE / "page.css").read_text("utf-8"), re.DOTALL)
    own = re.findall(r"@font-face \{.*?\n\}", (PAGE / "fonts.css").read_text("utf-8"), re.DOTALL)
    assert own == [face.replace("/static/fonts/", "../fonts/") for face in faces]


def test_nothing_moves_faster_than_three_times_a_second() -> None:
    """One motion, once for a call, and not again within a second; none for who wants none."""
    styles = "".join(file.read_text("utf-8") for file in PAGE.glob("*.css"))
    assert "infinite" not in styles
    assert re.findall(r"animation: (.*);", styles) == ["arrive var(--motion-enter) var(--easing)"]
    assert re.search(r"CALM_MS = (\d+)", SCRIPTS["wall.js"])[1] == "1000"  # type: ignore[index]
    reduced = re.search(r"prefers-reduced-motion: reduce\) \{(.*?)\n\}", styles, re.DOTALL)
    assert reduced is not None
    assert set(tokens(reduced[1]).values()) == {"0ms"}


def test_every_layout_has_its_place() -> None:
    """The words of the server are those of the page."""
    for layout in Layout.__args__:  # type: ignore[attr-defined]
        assert f'"{layout}"' in SCRIPTS["wall.js"]
