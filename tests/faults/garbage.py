"""Rubbish that a device might send: mutated samples, wrong types, deep and huge JSON, impossible dates."""

import json
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import orjson
from hypothesis import strategies as st

from tests.rig.centre import CLASS

GOLDEN: Final = Path(__file__).parents[1] / "contract" / "golden"

SAMPLES: Final = {
    "hello": ["Hello.json"],
    "issue-ticket": ["IssueTicket.json", "IssueTicket.walk-in.json"],
    "slip-printed": ["SlipPrinted.json"],
    "slip-failed": ["SlipFailed.json"],
    "cancel-ticket": ["CancelTicket.json"],
    "call-staff": ["CallStaff.json"],
    "presence": ["DevicePresence.json"],
    "health": ["DeviceHealth.json", "DeviceHealth.board.json"],
    "shown": ["Shown.json"],
    "orders-done": ["OrderDone.json"],
}
"""What is meant for a topic, by the topic's last level."""

MOMENTS: Final = (
    *("0001-01-01T00:00:00+14:00", "1969-12-31T23:59:59Z", "2000-02-29T12:00:00+07:00", "2016-12-31T23:59:60Z"),
    *("2038-01-19T03:14:08Z", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59.999999999Z", "2026-11-23T25:00:00Z"),
    *("2026-11-23", "2026-11-23T08:42:00", "-0001-01-01T00:00:00Z", "99999-01-01T00:00:00Z", "1e400", ""),
)
"""Dates near and beyond every edge."""

HOSTILE: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, -1, 2**53, 2**64, -(2**63) - 1, 10**400, 1e308, 1.5, "", " ", "0", "null", "true"),
    *("\x00", "\u202e", "\ufeff", "A" * 5000, "😀" * 100, "' OR 1=1 --", "../../etc/passwd", "%s%n", "${jndi:x}"),
    *([], {}, [[]], {"": {}}, ["a"] * 500, {"class": "x"}),
    *MOMENTS,
)

RAW: Final[tuple[bytes, ...]] = (
    *(b"", b" ", b"\x00", b"\xff\xfe", b"null", b"[]", b"{}", b'""', b"0", b"NaN", b"{", b'{"a":', b"\xef\xbb\xbf{}"),
    *(b"[" * 60_000, b'{"a":' * 10_000, b'{"request_id":' * 4000, b"1" * 60_000, b'"' + b"\\u0000" * 5000 + b'"'),
    *(b'{"request_id": "' + b"\xc3\x28" * 10 + b'"}', b'{"request_id": "\\ud800"}', b"\x80" * 1000),
    b'{"request_id": Infinity, "sent_at": NaN}',
)

PIECES: Final[tuple[bytes, ...]] = (
    *(b"\x00", b"\xff", b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"null", b"1e999", b"-", b"\\u0000", b"\xc3"),
    *(b"\xed\xa0\x80", b"9" * 400, b'{"a":' * 200, b"[" * 2000),
)


def sample(operation: str, chance: random.Random) -> dict[str, Any]:
    """A golden message for a topic; a request that is late, or one that might be carried out."""
    told: dict[str, Any] = json.loads((GOLDEN / chance.choice(SAMPLES[operation])).read_text(encoding="utf-8"))
    if "sent_at" in told and chance.random() < 0.7:
        told["sent_at"] = datetime.now(UTC).isoformat()
    if "service" in told and chance.random() < 0.7:
        told |= {"service": "service-a", "class": CLASS}
    if "request_id" in told and chance.random() < 0.7:
        told["request_id"] = str(UUID(int=chance.getrandbits(128), version=4))
    return told


def mutated(text: bytes, chance: random.Random) -> bytes:
    """`text` with a few bytes flipped, cut out, doubled or put in."""
    body = bytearray(text)
    for _ in range(chance.randint(1, 4)):
        at, length = chance.randrange(len(body) + 1), chance.randint(1, 12)
        match chance.randrange(5):
            case 0 if at < len(body):
                body[at] ^= 1 << chance.randrange(8)
            case 1:
                del body[at : at + length]
            case 2:
                body[at:at] = body[at : at + length]
            case 3:
                del body[at:]
            case _:
                body[at:at] = chance.choice(PIECES)
    return bytes(body)


def misfits(told: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """`told` with some of its values of a wrong kind, or left out."""
    wrong = dict(told)
    for name in chance.sample(sorted(told), chance.randint(1, len(told))):
        if chance.random() < 0.2:
            del wrong[name]
        else:
            wrong[name] = chance.choice(HOSTILE)
    return wrong


def as_bytes(told: dict[str, Any]) -> bytes:
    """As it goes over the wire; numbers too large for anybody included."""
    return json.dumps(told).encode()


JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(MOMENTS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)


@dataclass(frozen=True)
class Rubbish:
    """One message: the last level of its topic, and what is sent there."""

    name: str
    payload: bytes

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(f"<{self.name}: {self.payload[:200]!r}, {len(self.payload)} bytes>")


@st.composite
def rubbish(draw: st.DrawFn, names: list[str]) -> Rubbish:
    """A message for one of these topics: any bytes, any JSON, a mutated sample, a sample with misfits."""
    name = draw(st.sampled_from(names))
    chance = draw(_chances)
    payload = draw(
        st.one_of(
            st.binary(max_size=200),
            st.sampled_from(RAW),
            JSON.map(lambda value: json.dumps(value).encode()),
            st.dictionaries(st.sampled_from(_fields(name)), JSON, max_size=8).map(as_bytes),
            st.builds(lambda: mutated(as_bytes(sample(name, chance)), chance)),
            st.builds(lambda: as_bytes(misfits(sample(name, chance), chance))),
        )
    )
    return Rubbish(name, payload)


_chances: Final = st.integers(0, 2**32 - 1).map(random.Random)


def _fields(name: str) -> list[str]:
    return sorted(sample(name, random.Random(0)))


def readable_id(payload: bytes) -> str | None:
    """The request id that every reader of JSON finds; None also where readers may differ."""
    try:
        body = json.loads(payload)
        return str(UUID(body["request_id"])) if body == orjson.loads(payload) else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
