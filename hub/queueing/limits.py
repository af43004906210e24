"""How often one device may ask for numbers: a bucket of tokens per device."""

from dataclasses import dataclass, field

from hub.contract.refusals import Refusal, RefusalCode
from hub.contract.time import Instant


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: Instant


@dataclass(slots=True)
class IssueLimit:
    """At most `burst` numbers at once and `per_minute` in the long run, per device (a child at the buttons)."""

    per_minute: int
    burst: int
    _buckets: dict[str, _Bucket] = field(default_factory=dict)

    def take(self, device: str, now: Instant) -> None:
        """Counts one number for `device`; refuses `too-many` with the seconds to wait."""
        bucket = self._buckets.setdefault(device, _Bucket(float(self.burst), now))
        gained = max(0, now - bucket.filled_at) * self.per_minute / 60_000
        bucket.tokens = min(float(self.burst), bucket.tokens + gained)
        bucket.filled_at = now
        if bucket.tokens < 1:
            wait = (1 - bucket.tokens) * 60 / self.per_minute
            raise Refusal(RefusalCode.TOO_MANY, retry_after_s=int(wait) + 1)
        bucket.tokens -= 1
