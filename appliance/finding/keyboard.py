"""The on-screen keyboard: which keys there are and what a press does. Pure; the presenter draws it."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from appliance.finding import telex

LONGEST: Final = 80
"""Keys. Somebody may lean on the screen."""


class Key(StrEnum):
    """Keys that are not a character. All others are named by theirs."""

    SHIFT = "shift"
    DIGITS = "digits"
    LETTERS = "letters"
    SPACE = "space"
    BACKSPACE = "backspace"
    CLEAR = "clear"


Row = tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """The keys of a language, by rows. `telex`: letters are composed to Vietnamese ones."""

    letters: tuple[Row, ...]
    digits: tuple[Row, ...]
    telex: bool = False


LETTERS: Final = (
    tuple("qwertyuiop"),
    tuple("asdfghjkl"),
    (Key.SHIFT, *"zxcvbnm", Key.BACKSPACE),
    (Key.DIGITS, Key.CLEAR, Key.SPACE),
)
DIGITS: Final = (
    tuple("1234567890"),
    tuple("-/.,:()&"),
    (Key.LETTERS, Key.CLEAR, Key.SPACE, Key.BACKSPACE),
)
PLAIN: Final = Layout(LETTERS, DIGITS)
LAYOUTS: Final = {"vi": Layout(LETTERS, DIGITS, telex=True), "en": PLAIN}


@dataclass(frozen=True, slots=True)
class Keyboard:
    """What is typed so far, and which keys are shown."""

    language: str
    settled: str = ""
    """Text that no later key changes."""
    keys: str = ""
    """Telex keys after it."""
    shift: bool = False
    digits: bool = False

    @property
    def text(self) -> str:
        """What the keys have made."""
        return self.settled + telex.compose(self.keys)


def opened(language: str) -> Keyboard:
    """The keyboard of `language` with nothing typed; of a language without one, the plain letters."""
    return Keyboard(language)


def switched(keyboard: Keyboard, language: str) -> Keyboard:
    """The keys of another language; what is typed stays."""
    return Keyboard(language, settled=keyboard.text, digits=keyboard.digits)


def rows(keyboard: Keyboard) -> tuple[Row, ...]:
    """The keys as they are to be shown now."""
    shown = _layout(keyboard).digits if keyboard.digits else _layout(keyboard).letters
    return tuple(tuple(_cased(keyboard, key) for key in row) for row in shown)


def press(keyboard: Keyboard, key: str) -> Keyboard:
    """The keyboard after one press. A key it does not have changes nothing."""
    match key:
        case Key.SHIFT:
            return replace(keyboard, shift=not keyboard.shift)
        case Key.DIGITS | Key.LETTERS:
            return replace(keyboard, digits=key == Key.DIGITS, shift=False)
        case Key.BACKSPACE:
            return _erased(keyboard)
        case Key.CLEAR:
            return opened(keyboard.language)
        case Key.SPACE:
            return keyboard if keyboard.text[-1:] in ("", " ") else _typed(keyboard, " ")
    layout = _layout(keyboard)
    known = len(key) == 1 and any(key.lower() in row for row in (*layout.letters, *layout.digits))
    return _typed(keyboard, _cased(keyboard, key.lower())) if known else keyboard


def _layout(keyboard: Keyboard) -> Layout:
    return LAYOUTS.get(keyboard.language, PLAIN)


def _cased(keyboard: Keyboard, key: str) -> str:
    return key.upper() if keyboard.shift and len(key) == 1 else key


def _typed(keyboard: Keyboard, character: str) -> Keyboard:
    """One character more; shift was for this one only."""
    if len(keyboard.settled) + len(keyboard.keys) >= LONGEST:
        return keyboard
    if _layout(keyboard).telex:
        return replace(keyboard, keys=keyboard.keys + character, shift=False)
    return replace(keyboard, settled=keyboard.settled + character, shift=False)


def _erased(keyboard: Keyboard) -> Keyboard:
    if keyboard.keys:
        return replace(keyboard, keys=telex.erase(keyboard.keys))
    return replace(keyboard, settled=keyboard.settled[:-1])
