"""What the screen says: complete in both languages, and nothing that is not from a catalogue or from the hub."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC

import pytest

from appliance.bodies import Card, Choice, Search, TicketGiven
from appliance.flow import screens as sc
from appliance.flow.kiosk import Comfort
from appliance.presenter.screen import Presenter, blanked
from appliance.texts import Texts, load_texts
from appliance.view import Button, Kind, Level, Notice, View
from tests.appliance.screens import LONGEST, NOW, SCREENS, TICKET, Shown, kiosk, presenter, view

OF_THE_HUB = ("civil-status", "Civil status", "Hoa Sen", "kiosk-01")
USUAL = Comfort()
FREE = ("date", "date_short", "slips", "typed", "number", "says", "closed", "lines", "of")
"""Fields that hold what was typed, counted or said by the hub."""
WORDLESS = ("icon", "tint", "what", "id", "name", "language", "track_url", "kind", "level", "tone", "paper")
"""Fields that are no words."""


class Marked(Mapping[str, str]):
    """A catalogue in which everything is ¤."""

    def __init__(self) -> None:
        self._words = load_texts("en").words

    def __getitem__(self, key: str) -> str:
        holes = "".join("{" + part.partition("}")[0] + "}" for part in self._words[key].split("{")[1:])
        return f"¤{holes}"

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)


def said(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a view, with the field it stands in."""
    if isinstance(value, str) and name not in WORDLESS:
        yield name, value
    elif isinstance(value, tuple | list):
        for one in value:
            yield from said(one, name)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from said(getattr(value, field.name), field.name)


def letters(text: str) -> str:
    return "".join(one for one in text if one.isalpha())


@pytest.mark.parametrize("name", SCREENS)
def test_every_word_is_from_a_catalogue_or_from_the_hub(name: str) -> None:
    """With a catalogue of nothing but ¤, nothing else is left but names, numbers, dates and keys."""
    marked = Presenter({"en": Texts("en", Marked()), "vi": Texts("en", Marked())})
    shown = SCREENS[name]
    state = kiosk(shown, Comfort("en"))
    world = shown.world
    names = [
        text
        for group in world.groups
        for text in (
            *group.name.values(),
            *(t for s in group.services for t in (*s.name.values(), *s.description.values())),
        )
    ]
    names += [text for one in (world.centre.classes if world.centre else []) for text in one.name.values()]
    for field, text in said(marked.view(state, NOW, shown.slips)):
        rest = text.replace("¤", "")
        for known in (*names, *OF_THE_HUB):
            rest = rest.replace(known, "")
        allowed = (
            field in ("date", "date_short", "slips", "typed", "number", "says", "closed", "lines", "of")
            or len(rest) < 2
        )
        is_value = field == "value" and letters(rest) in ("", "or", "min", "hours")
        assert allowed or is_value or not letters(rest), (field, text)


@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_nothing_is_left_without_its_values(name: str, language: str) -> None:
    """No bare brace, no missing key; pages are counted by the layout."""
    for field, text in said(view(name, Comfort(language))):
        assert field == "of" or "{" not in text, text


def body_of(shown: Shown, comfort: Comfort = USUAL) -> object:
    return presenter().view(kiosk(shown, comfort), NOW, shown.slips).body


def test_services_tell_how_long_the_wait_is_in_three_ways() -> None:
    """Words, people and bars; a closed one says why, and offers nothing to press."""
    body = body_of(SCREENS["services"])
    assert isinstance(body, Choice)
    cards = {card.id: card for card in body.cards}
    assert (cards["birth"].wait, cards["birth"].people, cards["birth"].level) == (
        "10–15 phút",
        "3 người chờ",
        Level.MIDDLE,
    )
    assert (cards["marriage"].wait, cards["marriage"].level) == ("Vào ngay", Level.NOW)
    assert cards["single"].level is Level.LONG
    assert cards["change"].closed.startswith("Tạm ngưng đến 10:00")
    assert cards["change"].wait == ""


def test_a_heading_with_one_service_stands_for_it() -> None:
    """It shows how the service stands, and is chosen as the heading."""
    body = body_of(SCREENS["groups"])
    assert isinstance(body, Choice)
    card = next(card for card in body.cards if card.id == "land")
    assert (card.title, card.people, card.level) == ("Đất đai, xây dựng", "112 người chờ", Level.LONG)


def test_what_is_typed_is_found() -> None:
    """The best first, with how it stands; nothing found is said, and so is nothing typed."""
    found = body_of(SCREENS["finding-found"])
    assert isinstance(found, Search)
    assert found.cards[0].id == "birth"
    assert isinstance(found.cards[0], Card)
    nothing = body_of(SCREENS["finding-nothing"])
    assert isinstance(nothing, Search)
    assert (nothing.cards, nothing.nothing) == ((), "Chưa tìm thấy. Thử gõ ngắn hơn, hoặc gọi nhân viên.")
    empty = body_of(SCREENS["finding"])
    assert isinstance(empty, Search)
    assert empty.nothing == "Gõ vài chữ, có dấu hoặc không dấu."
    assert all(key.kind is Kind.TYPE for row in empty.keys for key in row)


def test_a_number_without_paper_says_first_that_it_counts() -> None:
    """And how it is kept, with a telephone and without one; a printed one says nothing of that."""
    failed = body_of(SCREENS["result-failed"])
    assert isinstance(failed, TicketGiven)
    assert failed.warning == "Số của Ông/Bà vẫn có hiệu lực."
    assert [way.label for way in failed.ways] == ["Có điện thoại", "Không có điện thoại"]
    printed = body_of(SCREENS["result"])
    assert isinstance(printed, TicketGiven)
    assert (printed.warning, printed.ways) == ("", ())
    assert printed.number == TICKET.number
    assert [fact.value for fact in printed.facts] == ["3 hoặc 4", "3 người", "10–15 phút"]


def test_long_waits_are_told_in_hours() -> None:
    """Nobody divides by sixty in a queue."""
    body = body_of(SCREENS["result-longest"], Comfort("en"))
    assert isinstance(body, TicketGiven)
    assert body.facts[2].value == "2–4 hours"
    assert body.number == LONGEST.number


def test_a_service_that_is_gone_is_called_by_its_id() -> None:
    """The set-up changed while the number was given: it still counts."""
    gone = TICKET.model_copy(update={"service": "gone"})
    body = body_of(Shown(sc.Result(gone, sc.Paper.PRINTED, 15)))
    assert isinstance(body, TicketGiven)
    assert (body.service, body.icon) == ("gone", "file-text")


def test_the_pin_shows_only_how_many_digits_were_pressed() -> None:
    """Not which."""
    shown = view("staff-pin")
    assert all("31" not in text for field, text in said(shown) if field not in ("slips", "clock", "date"))


def test_for_somebody_far_away_nothing_of_the_visitor_is_left() -> None:
    """Number, service and what was typed are covered; frame, clock and bar stay."""
    for name in ("result", "confirming-twice", "classes", "finding-found"):
        covered = blanked(view(name), load_texts("vi"))
        texts = [text for _, text in said(covered)]
        assert not any("A012" in text or "khai sinh" in text for text in texts), name
        assert isinstance(covered.body, Notice)
        assert covered.bar == view(name).bar


def test_the_clock_shows_the_time_of_the_centre() -> None:
    """Wherever the machine thinks it is."""
    utc = NOW.astimezone(UTC)
    assert presenter().view(kiosk(SCREENS["home"]), utc).header.clock == "08:42"
    late = utc.replace(hour=18)
    assert presenter().view(kiosk(SCREENS["home"]), late).header.date == "Thứ Ba, 24/11/2026"


def test_help_and_language_are_offered_on_every_screen() -> None:
    """In the same order."""
    for name in SCREENS:
        whats = [button.what for button in view(name).bar]
        assert whats == ["language", "text-size", "contrast", "lower-half", "call-staff"], name


def test_the_other_language_is_named_in_itself() -> None:
    """Who cannot read the screen finds the way out of it."""
    assert view("home").bar[0].text == "English"
    assert view("home", Comfort("en")).bar[0].text == "Tiếng Việt"


def test_a_kiosk_that_is_looked_for_shows_its_name() -> None:
    """Over whatever is shown."""
    assert isinstance(view("identify"), View)
    assert view("identify").identify == "kiosk-01"
    assert view("home").identify == ""


def test_every_button_has_a_name() -> None:
    """For speech, and for whoever reads a log."""
    for name in SCREENS:
        for button in _buttons(view(name)):
            assert button.text or button.says, (name, button)


def _buttons(value: object) -> Iterator[Button]:
    if isinstance(value, Button):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _buttons(one)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _buttons(getattr(value, field.name))
