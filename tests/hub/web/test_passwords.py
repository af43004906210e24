"""Passwords: which may be chosen, how they are kept, and that checking them tells nothing by its time."""

import asyncio
import unicodedata
from collections.abc import Iterator

import argon2
import pytest

from hub.contract.refusals import Refusal, RefusalCode
from hub.web.passwords import AT_ONCE, MOST, MOST_WAITING, Passwords, common_passwords, judge

pytestmark = pytest.mark.anyio


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    made = Passwords()
    yield made
    made.close()


@pytest.mark.parametrize(
    "good",
    [
        "lúa chín vàng đồng",
        "8 letters",
        "không có gì quý hơn",
        "a" * 7 + "b",
        "x9" * (MOST // 2),
        "correct horse battery staple",
        "🌾🌾🌾🌾🌾🌾🌾🌻",
    ],
)
def test_any_eight_letters_will_do(good: str) -> None:
    """No rule of composition: length and not being common is all that is asked."""
    judge(good, "hanh", "Nguyễn Thị Hạnh")


@pytest.mark.parametrize(
    "weak",
    [
        *("", "short", "seven77", "x" * (MOST + 1)),
        *("12345678", "87654321", "aaaaaaaa", "password", "qwertyuiop", "matkhau123", "MatKhau123", "anhyeuem"),
        *("hanh.nt.2026", "Nguyễn Thị Hạnh", "nguyễn thị hạnh"),
    ],
)
def test_short_common_and_own_names_are_refused(weak: str) -> None:
    """The list of common ones counts in any case; the person's own names do as well."""
    with pytest.raises(Refusal) as caught:
        judge(weak, "hanh.nt.2026", "Nguyễn Thị Hạnh")
    assert caught.value.code is RefusalCode.PASSWORD_WEAK


def test_the_list_of_common_passwords_is_worth_having() -> None:
    """It holds only what the length alone would let through, and each once."""
    assert len(common_passwords()) > 150
    assert all(len(one) >= 8 for one in common_passwords())


async def test_hashes_are_argon2id_with_the_agreed_cost(passwords: Passwords) -> None:
    """19 MiB, two passes, one lane; and no two hashes of one password are alike."""
    first, second = await passwords.hash("lúa chín"), await passwords.hash("lúa chín")
    assert first != second
    found = argon2.extract_parameters(first)
    assert (found.type, found.memory_cost, found.time_cost, found.parallelism) == (argon2.Type.ID, 19456, 2, 1)
    assert await passwords.matches(first, "lúa chín")
    assert not await passwords.matches(first, "lúa chin")


async def test_letters_typed_in_another_way_are_the_same(passwords: Passwords) -> None:
    """A keyboard that composes ầ of three marks signs in to what another keyboard set."""
    stored = await passwords.hash(unicodedata.normalize("NFC", "Quầy số 5"))
    assert await passwords.matches(stored, unicodedata.normalize("NFD", "Quầy số 5"))


async def test_nobody_takes_as_long_as_somebody(passwords: Passwords, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong name costs a hash too, of the same cost: from the time of an answer nobody learns who works here."""
    verify, costs = argon2.PasswordHasher.verify, []

    def noted(self: argon2.PasswordHasher, stored: str, password: str) -> bool:
        costs.append(argon2.extract_parameters(stored))
        return verify(self, stored, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", noted)
    for stored in (await passwords.hash("lúa chín"), None):
        assert not await passwords.matches(stored, "wrong")
    known, unknown = costs
    assert known == unknown


async def test_at_most_two_at_once_and_a_bounded_queue(passwords: Passwords) -> None:
    """Who comes when the queue is full is told to come back; the rest are all answered, and the loop stays free."""
    turns = asyncio.create_task(_count_turns(counted := [0]))
    tries = [asyncio.create_task(passwords.hash("lúa chín")) for _ in range(MOST_WAITING + 5)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    refused = [one for one in results if isinstance(one, Refusal)]
    assert [one.code for one in refused] == [RefusalCode.TOO_MANY] * 5
    assert len(passwords._threads._threads) <= AT_ONCE
    turns.cancel()
    assert counted[0] > 2 * MOST_WAITING, "the loop waited for hashes"
    assert await passwords.hash("again")


async def _count_turns(counted: list[int]) -> None:
    while True:
        await asyncio.sleep(0.001)
        counted[0] += 1
