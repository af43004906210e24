"""The PIN of a kiosk's staff menu: made here, shown once, kept as a salted hash."""

import hashlib
import secrets
from typing import Final

from hub.contract.messages import StaffPin

DIGITS: Final = 6
ROUNDS: Final = 100_000
"""Takes a small machine a tenth of a second, and somebody with the hash and all PINs to try a night."""


def new_pin() -> str:
    """Six digits that nobody can guess; there is no PIN that every kiosk begins with."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def kept_pin(pin: str) -> StaffPin:
    """What is kept of `pin`, under a salt of its own."""
    salt = secrets.token_hex(16)
    return StaffPin(salt=salt, hash=hashed_pin(salt, pin))


def hashed_pin(salt: str, pin: str) -> str:
    """PBKDF2 with SHA-256, hexadecimal: as the kiosk computes it from the digits that were pressed."""
    return hashlib.pbkdf2_hmac("sha256", pin.encode(), salt.encode(), ROUNDS).hex()
