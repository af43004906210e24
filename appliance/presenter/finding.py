"""Finding a service by words: what was typed, what was found, and the keys."""

from appliance.bodies import Search
from appliance.finding.keyboard import Key, rows
from appliance.flow import screens as sc
from appliance.flow.kiosk import Kiosk
from appliance.presenter.cards import found_cards
from appliance.texts import Texts
from appliance.view import Button, Kind


def search(kiosk: Kiosk, screen: sc.Finding, words: Texts) -> Search:
    """The screen with the keyboard."""
    typed = screen.keyboard.text
    cards = found_cards(kiosk, typed, words) if typed.strip() else ()
    nothing = words("find.nothing") if typed.strip() else words("find.hint")
    keys = tuple(tuple(_key(key, screen, words) for key in row) for row in rows(screen.keyboard))
    return Search(words("find.title"), typed, words("find.prompt"), cards, nothing, keys)


def _key(key: str, screen: sc.Finding, words: Texts) -> Button:
    match key:
        case Key.SHIFT:
            on = screen.keyboard.shift
            return Button(key, "", "arrow-big-up", Kind.TYPE, on=on, says=words("find.shift"))
        case Key.BACKSPACE:
            return Button(key, "", "delete", Kind.TYPE, says=words("find.backspace"))
        case Key.SPACE | Key.CLEAR | Key.DIGITS | Key.LETTERS:
            return Button(key, words(f"find.{key}"), kind=Kind.TYPE)
        case _:
            return Button(key, key, kind=Kind.TYPE)
