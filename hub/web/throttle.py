"""How often sign-in may be tried. Pure: time is an argument.

The rule, in full. A try is counted when it begins; a right password clears the pair it came from.

1. *Pair* (account, address): three tries are free, then each waits 1, 2, 4 … 300 s for the next; quiet for an hour
   forgets. While the account is *besieged* (30 tries from addresses that never signed in to it, within the hour)
   a pair is free once, and then begins at 8 s.
2. *Address*, over all accounts: twenty tries are free, then 1, 2, 4 … 60 s; quiet for 15 minutes forgets. A pair that
   has signed in before is not asked this: one desk's stranger does not shut out the officers behind the same router.
3. *Account*, over all addresses: never refused by itself. It only makes rule 1 stricter, so the first try from an
   address nobody has tried is always let through: strangers cannot lock the owner out.

A try that comes too early is refused, counts as nothing and learns nothing. IPv6 addresses count by their /64.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address
from typing import Final, TypeVar

from hub.contract.refusals import Refusal, RefusalCode

REMEMBERED: Final = 20_000
"""Keys kept at most of each kind; the one unused longest gives way."""

BESIEGED_FROM: Final = 30
SIEGE_S: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How many tries are free, and how the wait grows after them. Times in seconds."""

    free: int
    first_s: float
    most_s: float
    forgotten_after_s: float

    def wait_after(self, tries: int) -> float:
        """How long after this many tries the next one has to wait."""
        beyond = tries - self.free
        return 0.0 if beyond < 0 else min(self.most_s, self.first_s * 2.0 ** min(beyond, 30))


PAIR: Final = Patience(free=3, first_s=1.0, most_s=300.0, forgotten_after_s=3600.0)
PAIR_BESIEGED: Final = Patience(free=1, first_s=8.0, most_s=300.0, forgotten_after_s=3600.0)
ADDRESS: Final = Patience(free=20, first_s=1.0, most_s=60.0, forgotten_after_s=900.0)


@dataclass(slots=True)
class _Tries:
    count: int = 0
    last: float = 0.0

    def wait(self, patience: Patience, now: float) -> float:
        if self.count == 0 or now - self.last > patience.forgotten_after_s:
            return 0.0
        return max(0.0, self.last + patience.wait_after(self.count) - now)

    def add(self, patience: Patience, now: float) -> None:
        self.count = 1 if now - self.last > patience.forgotten_after_s else self.count + 1
        self.last = now


Pair = tuple[str, str]
K = TypeVar("K")
V = TypeVar("V")


@dataclass(slots=True)
class Throttle:
    """The tries of the last hour, in memory. One event loop owns it; `now` is a monotonic time in seconds."""

    _pairs: OrderedDict[Pair, _Tries] = field(default_factory=OrderedDict)
    _addresses: OrderedDict[str, _Tries] = field(default_factory=OrderedDict)
    _accounts: OrderedDict[str, _Tries] = field(default_factory=OrderedDict)
    _known: OrderedDict[Pair, float] = field(default_factory=OrderedDict)

    def take(self, account: str, address: str, now: float) -> None:
        """Counts a try. Refuses `too-many` with the seconds to wait when it comes too early."""
        pair = (account, network(address))
        known = pair in self._known
        tries, over_all = _kept(self._pairs, pair), _kept(self._addresses, pair[1])
        patience = PAIR_BESIEGED if not known and self._besieged(account, now) else PAIR
        wait = max(tries.wait(patience, now), 0.0 if known else over_all.wait(ADDRESS, now))
        if wait > 0:
            raise Refusal(RefusalCode.TOO_MANY, retry_after_s=int(wait) + 1)
        tries.add(patience, now)
        over_all.add(ADDRESS, now)
        if not known:
            self._count_stranger(account, now)

    def succeeded(self, account: str, address: str, now: float) -> None:
        """The password was right: this pair starts anew and is known from here on."""
        pair = (account, network(address))
        self._pairs.pop(pair, None)
        self._known[pair] = now
        self._known.move_to_end(pair)
        _shorten(self._known)

    def _besieged(self, account: str, now: float) -> bool:
        strangers = self._accounts.get(account)
        return strangers is not None and strangers.count >= BESIEGED_FROM and now - strangers.last <= SIEGE_S

    def _count_stranger(self, account: str, now: float) -> None:
        strangers = _kept(self._accounts, account)
        strangers.count = 1 if now - strangers.last > SIEGE_S else strangers.count + 1
        strangers.last = now


def network(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 a household or office has of IPv6."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or IPv6Address(int(parsed) >> 64 << 64))


def _kept(kept: "OrderedDict[K, _Tries]", key: K) -> _Tries:
    tries = kept.setdefault(key, _Tries())
    kept.move_to_end(key)
    _shorten(kept)
    return tries


def _shorten(kept: "OrderedDict[K, V]") -> None:
    while len(kept) > REMEMBERED:
        kept.popitem(last=False)
