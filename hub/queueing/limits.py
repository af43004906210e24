"""How often one device may ask for numbers: a bucket of tokens per device."""

from dataclasses import dataclass, field
from typing import Final

from hub.contract.refusals import Refusal, RefusalCode
from hub.contract.time import Instant

_NUMBER: Final = 60_000
"""What one number costs: a bucket gains `per_minute` each millisecond. Whole, so that nothing is lost in rounding."""


@dataclass(slots=True)
class _Bucket:
    level: int
    filled_at: Instant


@dataclass(slots=True)
class IssueLimit:
    """At most `burst` numbers at once and `per_minute` in the long run, per device (a child at the buttons)."""

    per_minute: int
    burst: int
    _buckets: dict[str, _Bucket] = field(default_factory=dict)

    def take(self, device: str, now: Instant) -> None:
        """Counts one number for `device`; refuses `too-many` with the seconds to wait."""
        full = self.burst * _NUMBER
        bucket = self._buckets.setdefault(device, _Bucket(full, now))
        gained = max(0, now - bucket.filled_at) * self.per_minute
        bucket.level = min(full, bucket.level + gained)
        bucket.filled_at = now
        if bucket.level < _NUMBER:
            wait_ms = (_NUMBER - bucket.level) // self.per_minute
            raise Refusal(RefusalCode.TOO_MANY, retry_after_s=wait_ms // 1000 + 1)
        bucket.level -= _NUMBER
