"""Passwords: which may be chosen, and their hashes. Hashing is slow on purpose: it has two threads of its own."""

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.resources import files
from typing import Final, TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from hub.contract.refusals import Refusal, RefusalCode

FEWEST: Final = 8
MOST: Final = 256
"""Characters. Longer ones are refused, so that nobody can keep a hash busy with a book."""

MEMORY_KIB: Final = 19 * 1024
PASSES: Final = 2
LANES: Final = 1
"""OWASP's least for argon2id; about 0.1 s on a Pi, and 38 MiB at most with two at a time."""

AT_ONCE: Final = 2
MOST_WAITING: Final = 32
NOBODY: Final = "nobody has this password"

T = TypeVar("T")


def judge(password: str, *names: str) -> None:
    """Refuses `password-weak`: under 8 or over 256 characters, a common one, or one of the person's own names."""
    plain = _plain(password).casefold()
    runs = len(set(plain)) == 1 or plain in "01234567890123456789" or plain in "98765432109876543210"
    own = {_plain(name).casefold() for name in names}
    if not FEWEST <= len(_plain(password)) <= MOST or runs or plain in own or plain in common_passwords():
        raise Refusal(RefusalCode.PASSWORD_WEAK)


def common_passwords() -> frozenset[str]:
    """Those that are tried first, Vietnamese favourites included."""
    text = files("hub.web").joinpath("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line.casefold() for line in text.split())


class Passwords:
    """Makes and checks argon2id hashes, two at a time, never on the event loop. `close()` twice is harmless."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(
            time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES, hash_len=32, salt_len=16, type=Type.ID
        )
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="password")
        self._waiting = 0
        self._of_nobody: Future[str] = self._threads.submit(self._hasher.hash, NOBODY)

    async def hash(self, password: str) -> str:
        """The hash to be stored. Refuses `too-many` when the queue for hashing is long."""
        return await self._run(lambda: self._hasher.hash(_plain(password)))

    async def matches(self, stored: str | None, password: str) -> bool:
        """Whether `password` belongs to the hash; without one it takes as long and is never so.

        Refuses `too-many` when the queue for hashing is long.
        """
        right = await self._run(lambda: self._verify(stored or self._of_nobody.result(), password))
        return right and stored is not None

    def close(self) -> None:
        """Ends the threads."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, _plain(password))
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= MOST_WAITING:
            raise Refusal(RefusalCode.TOO_MANY, retry_after_s=5)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def _plain(text: str) -> str:
    """The same letters however they were typed: Vietnamese keyboards compose them in more than one way."""
    return unicodedata.normalize("NFC", text)
