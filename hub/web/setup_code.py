"""The one-time code that lets in the first administrator: no account exists before it was used."""

import hmac
import secrets
from dataclasses import dataclass
from typing import Final

LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without those that look like others on a printed label or a dark screen."""

LENGTH: Final = 10


@dataclass(frozen=True, slots=True)
class SetupCode:
    """The code as a person reads it, `X7K2M-9PQ4T`; a set-up that knows none lets nobody in."""

    code: str | None

    def matches(self, given: str) -> bool:
        """Whether `given` is it, in whatever case and grouping it was typed."""
        if self.code is None:
            return False
        return hmac.compare_digest(_bare(given).encode(), _bare(self.code).encode())


def new_code() -> str:
    """A fresh code: 49 bits, ample behind the throttle."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return f"{letters[:5]}-{letters[5:]}"


def _bare(code: str) -> str:
    return "".join(letter for letter in code.upper() if letter.isalnum())
