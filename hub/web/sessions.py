"""Who is signed in: browser sessions by cookie, other systems by bearer token. Only hashes of tokens are stored.

A session in use is kept in memory, so that a request costs no query; the memory is told of every end at once, and
asks the database again every half minute besides.
"""

import asyncio
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Self

from hub.actions.asking import Door, Request
from hub.actions.reading import Reading
from hub.actions.staff.session import sign_in, sign_out, touch
from hub.actions.work import Asker, SignedIn, StaffMember
from hub.contract.time import Instant
from hub.settings import Limits
from hub.web.asking import ask

TOKEN_BYTES: Final = 32
REMEMBERED: Final = 512
TRUSTED_MS: Final = 30_000
NOTED_EVERY_MS: Final = 120_000
TOKEN_LENGTH: Final = 43
"""Letters of 256 bits in URL-safe base64."""


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a session may be idle, and how long it lasts at most. Milliseconds."""

    idle_ms: int
    whole_ms: int

    @classmethod
    def of(cls, limits: Limits) -> Self:
        """As the settings say."""
        return cls(limits.session_idle_minutes * 60_000, limits.session_hours * 3_600_000)

    def is_over(self, session: SignedIn, now: Instant) -> bool:
        """Whether the session has ended by the clock. One from the future has: the clock was set back."""
        idle, whole = now - session.seen_at, now - session.created_at
        return idle >= self.idle_ms or whole >= self.whole_ms or whole < -self.idle_ms


@dataclass(frozen=True, slots=True)
class Known:
    """A session in memory. `noted_at`: the use that the database knows of; `read_at`: when it was read there."""

    session: SignedIn
    staff: StaffMember
    noted_at: Instant
    read_at: Instant


@dataclass(frozen=True, slots=True)
class Fresh:
    """A session just begun: the token goes into the cookie and nowhere else."""

    token: str
    session: SignedIn


class Sessions:
    """One event loop owns it; the reading is done in worker threads."""

    def __init__(self, door: Door, reading: Reading, *, clock: Callable[[], Instant], lifetime: Lifetime) -> None:
        self._door = door
        self._reading = reading
        self._clock = clock
        self._lifetime = lifetime
        self._noted_every_ms = min(NOTED_EVERY_MS, lifetime.idle_ms // 4)
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._endings = 0

    async def find(self, token: str, *, used: bool = True) -> Known | None:
        """The living session of a token. `used`: a person did something, so that it is not idle."""
        if len(token) != TOKEN_LENGTH:
            return None
        key = token_hash(token)
        now = self._clock()
        known = self._known.get(key)
        if known is None or not 0 <= now - known.read_at < TRUSTED_MS:
            known = await self._read(key, now)
        if known is None:
            return None
        if self._lifetime.is_over(known.session, now):
            self._known.pop(key, None)
            return None
        return self._use(key, known, now) if used else known

    def is_alive(self, key: str) -> bool:
        """Whether a session in memory goes on, for streams that outlive their request. Asks no database."""
        known = self._known.get(key)
        return known is not None and not self._lifetime.is_over(known.session, self._clock())

    async def begin(self, staff: StaffMember, address: str, *, instead_of: str | None) -> Fresh:
        """A new session with a new token; the one of this browser before it ends. Refuses `sign-in-wrong`."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        now = self._clock()
        session = SignedIn(token_hash(token), staff.id, secrets.token_urlsafe(TOKEN_BYTES), now, now, address)
        ending = [] if instead_of is None else [token_hash(instead_of)]
        idle_before = Instant(now - self._lifetime.idle_ms)
        begun_before = Instant(now - self._lifetime.whole_ms)
        request = Request(
            lambda work: sign_in(work, session, ending=ending, idle_before=idle_before, begun_before=begun_before)
        )
        await ask(self._door, request)
        self._forget(ending)
        return Fresh(token, session)

    async def end(self, key: str) -> None:
        """Signs a session out, here and in the database."""
        self._forget([key])
        await ask(self._door, Request(lambda work: sign_out(work, key)))
        self._forget([key])

    def forget_staff(self, staff: str) -> list[str]:
        """This person was taken out: none of his or her sessions is trusted any longer. Returns their keys."""
        keys = [key for key, known in self._known.items() if known.staff.id == staff]
        self._forget(keys)
        return keys

    def _forget(self, keys: list[str]) -> None:
        self._endings += 1
        for key in keys:
            self._known.pop(key, None)

    async def _read(self, key: str, now: Instant) -> Known | None:
        """Reads a session, and once more when any ended meanwhile: what was read could be what just ended."""
        endings = None
        found = None
        while endings != self._endings:
            endings = self._endings
            found = await asyncio.to_thread(self._reading.find_session, key)
        if found is None:
            self._known.pop(key, None)
            return None
        session, staff = found
        before = self._known.get(key)
        seen_at = session.seen_at if before is None else max(session.seen_at, before.session.seen_at)
        known = Known(replace(session, seen_at=seen_at), staff, session.seen_at, now)
        self._keep(key, known)
        return known

    def _use(self, key: str, known: Known, now: Instant) -> Known:
        due = now - known.noted_at >= self._noted_every_ms
        used = replace(known, session=replace(known.session, seen_at=now), noted_at=now if due else known.noted_at)
        self._keep(key, used)
        if due:
            self._door.submit(Request(lambda work: touch(work, {key: now})))
        return used

    def _keep(self, key: str, known: Known) -> None:
        self._known[key] = known
        self._known.move_to_end(key)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


def token_hash(token: str) -> str:
    """What is stored of a token. It has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """A token for another system."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def asker_of(staff: StaffMember) -> Asker:
    """How a person asks at the door."""
    return Asker("staff", staff.id)
