"""Faults of the link to a hub: something broke on the way. A rule that says no is a `Reply`, not a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a program that only tells of faults loads nothing for them
    from pathlib import Path
    from uuid import UUID


class LinkFault(Exception):
    """The link or its set-up failed. `str()` says what, and what to do where that is known."""


class DeviceFileFault(LinkFault, ValueError):
    """The device file cannot be used."""

    def __init__(self, path: Path, key: str | None, reason: str) -> None:
        super().__init__(f"{path}: {reason}" if key is None else f"{path}: {key} {reason}")
        self.path = path
        self.key = key
        self.reason = reason


class NoAnswer(LinkFault, TimeoutError):
    """No reply in time. If `sent`, the outcome is unknown: ask again with the same id to learn it."""

    def __init__(self, request_id: UUID, *, sent: bool) -> None:
        super().__init__(f"no answer to request {request_id}" if sent else f"request {request_id} could not be sent")
        self.request_id = request_id
        self.sent = sent


class NotPermitted(LinkFault, PermissionError):
    """The broker's access list, or THE table, says that this device may not."""


class Unfit(LinkFault, ValueError):
    """What was to be sent does not fit THE table; nothing was sent."""


class LinkClosed(LinkFault):
    """The link was closed before an answer came; if a request was sent, its outcome is unknown."""


class NotUploaded(LinkFault):
    """A file did not get to the hub."""
