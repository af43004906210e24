"""Days of the centre: local midnight, daylight saving, clocks that step, a hub asleep."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.contract.names import Day
from hub.contract.time import Instant, from_datetime, to_datetime
from hub.queueing.days import day_of, day_to_open, entry_time

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
ZONES = [
    HANOI,
    ZoneInfo("America/New_York"),
    ZoneInfo("Europe/Paris"),
    ZoneInfo("Pacific/Apia"),
    ZoneInfo("America/St_Johns"),  # daylight saving ended at 00:01 until 2011: the date itself stepped back
    ZoneInfo("America/Sao_Paulo"),  # daylight saving began at midnight: 00:00 did not exist
    ZoneInfo("Australia/Lord_Howe"),  # half an hour
    ZoneInfo("UTC"),
]
SECOND, MINUTE, HOUR, DAY_MS = 1000, 60_000, 3_600_000, 86_400_000
INSTANTS = st.integers(0, 2_100_000_000_000).map(Instant)  # 1970 to 2036 and beyond
Entry = Callable[[Instant, Instant], Instant]
Opening = Callable[[Instant, Instant, Day | None, ZoneInfo], Day | None]
STEPS = st.sampled_from([0, 1, SECOND, MINUTE, HOUR, 7 * HOUR, DAY_MS, 40 * DAY_MS, 3650 * DAY_MS])


def at(zone: ZoneInfo, *parts: int, fold: int = 0) -> Instant:
    return from_datetime(datetime(*parts, tzinfo=zone, fold=fold))  # type: ignore[misc,arg-type]


@pytest.mark.parametrize("zone", ZONES, ids=str)
@given(instant=INSTANTS)
def test_a_day_is_what_the_wall_calendar_says(zone: ZoneInfo, instant: Instant) -> None:
    """Read by another way than the code's: from 1970 by adding the zone's offset."""
    wall = datetime(1970, 1, 1) + timedelta(milliseconds=instant)  # noqa: DTZ001 - by hand on purpose
    offset = to_datetime(instant, zone).utcoffset()
    assert offset is not None
    assert day_of(instant, zone) == (wall + offset).date().isoformat()


@given(INSTANTS, st.sampled_from(ZONES))
def test_instants_and_moments_are_the_same_thing(instant: Instant, zone: ZoneInfo) -> None:
    """To the millisecond, there and back."""
    assert from_datetime(to_datetime(instant, zone)) == instant


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("America/New_York", (2026, 3, 8), 23),
        ("America/New_York", (2026, 11, 1), 25),
        ("Europe/Paris", (2026, 3, 29), 23),
        ("Europe/Paris", (2026, 10, 25), 25),
        ("America/Sao_Paulo", (2018, 11, 4), 23),
        ("Asia/Ho_Chi_Minh", (2026, 10, 25), 24),
        ("Asia/Ho_Chi_Minh", (2028, 2, 29), 24),
    ],
)
def test_a_day_is_as_long_as_the_zone_makes_it(zone: str, day: tuple[int, int, int], hours: int) -> None:
    """23, 24 or 25 hours, all of one name, with other names before and behind."""
    noon = at(ZoneInfo(zone), *day, 12)
    name = date(*day).isoformat()
    minutes = [Instant(noon + step * MINUTE) for step in range(-16 * 60, 16 * 60)]
    assert sum(day_of(minute, ZoneInfo(zone)) == name for minute in minutes) == hours * 60
    assert {day_of(minutes[0], ZoneInfo(zone)), day_of(minutes[-1], ZoneInfo(zone))}.isdisjoint({name})


def test_the_day_that_samoa_skipped_is_never_opened() -> None:
    """After 29 December 2011 came the 31st."""
    apia = ZoneInfo("Pacific/Apia")
    last = at(apia, 2011, 12, 29, 23, 59, 59)
    next_second = Instant(last + SECOND)
    assert day_to_open(next_second, last, Day("2011-12-29"), apia) == "2011-12-31"


def test_a_leap_day_is_a_day() -> None:
    """28 February, 29, 1 March; and no 29th in 2026."""
    for year, following in ((2028, "2028-02-29"), (2026, "2026-03-01")):
        last = at(HANOI, year, 2, 28, 23, 59, 59)
        assert day_to_open(Instant(last + SECOND), last, Day(f"{year}-02-28"), HANOI) == following


def test_the_first_day_is_opened_whatever_it_is() -> None:
    """An empty database, a clock without a battery (1970), or one of 2036."""
    for instant, day in ((Instant(0), "1970-01-01"), (at(HANOI, 2036, 2, 7, 9), "2036-02-07")):
        assert day_to_open(instant, Instant(0), None, HANOI) == day


def test_within_a_day_nothing_is_opened() -> None:
    """Neither at once again nor at a quarter to midnight."""
    morning = at(HANOI, 2026, 11, 23, 7)
    for later in (0, 1, 16 * HOUR + 59 * MINUTE):
        assert day_to_open(Instant(morning + later), morning, Day("2026-11-23"), HANOI) is None


def test_a_hub_asleep_over_midnights_opens_only_today() -> None:
    """A week off: the days between are not opened."""
    friday, monday = at(HANOI, 2026, 11, 20, 16), at(HANOI, 2026, 11, 30, 7)
    assert day_to_open(monday, friday, Day("2026-11-20"), HANOI) == "2026-11-30"


@pytest.mark.parametrize("back", [1, SECOND, HOUR, DAY_MS, 3650 * DAY_MS])
def test_a_clock_behind_the_last_entry_opens_no_day(back: int) -> None:
    """Not even when its day differs: a person confirms the date first."""
    last = at(HANOI, 2026, 11, 23, 0, 0, 1)
    assert day_to_open(Instant(last - back), last, Day("2026-11-23"), HANOI) is None


def test_where_the_date_steps_back_at_midnight_the_new_day_stays_open() -> None:
    """St John's until 2011: at 00:01 the clock went back to 23:01 of the day before."""
    zone = ZoneInfo("America/St_Johns")
    midnight = at(zone, 2010, 11, 7, 0, 0, 30)
    opened = day_to_open(midnight, Instant(midnight - MINUTE), Day("2010-11-06"), zone)
    assert opened == "2010-11-07"
    stepped_back = Instant(midnight + MINUTE)
    assert day_of(stepped_back, zone) == "2010-11-06"
    assert day_to_open(stepped_back, midnight, opened, zone) is None


def walked(
    steps: list[tuple[int, bool]],
    zone: ZoneInfo,
    start: Instant,
    entry: Entry = entry_time,
    opening: Opening = day_to_open,
) -> tuple[list[Instant], list[Day]]:
    """Entry times and opened days of a clock that makes these steps, each back (True) or forth."""
    wall, last, current = start, Instant(0), None
    times, opened = [], []
    for step, backwards in steps:
        wall = Instant(max(0, wall - step) if backwards else wall + step)
        day = opening(wall, last, current, zone)
        if day is not None:
            current = day
            opened.append(day)
        last = entry(wall, last)
        times.append(last)
    return times, opened


@given(st.lists(st.tuples(STEPS, st.booleans()), max_size=40), st.sampled_from(ZONES), INSTANTS)
def test_whatever_the_clock_does_days_and_times_only_grow(
    steps: list[tuple[int, bool]], zone: ZoneInfo, start: Instant
) -> None:
    """Clocks stepping back and forth, unconfirmed: entry times never fall, no day is opened twice."""
    times, opened = walked(steps, zone, start)
    assert times == sorted(times)
    assert opened == sorted(set(opened))


def test_the_walk_sees_a_clock_that_is_believed() -> None:
    """Sabotage: entries at the clock's own time, and a day opened whenever its name differs."""
    back_and_forth = [(DAY_MS, False), (DAY_MS, True), (DAY_MS, False)]
    start = at(HANOI, 2026, 11, 23, 9)
    times, _ = walked(back_and_forth, HANOI, start, entry=lambda now, _: now)
    assert times != sorted(times)
    _, opened = walked(
        back_and_forth, HANOI, start, opening=lambda now, _, day, zone: d if (d := day_of(now, zone)) != day else None
    )
    assert opened != sorted(set(opened))
