"""What services and the centre are called: kept from the hub's retained topics, asked in a visitor's language."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the first screen does not wait for the models of the wire
    from hub.client.link import HubLink
    from hub.contract.messages import Message
    from hub.contract.names import Text


class Names:
    """Names by id and language; what is not known yet is called by its id."""

    def __init__(self) -> None:
        self._services: dict[str, Text] = {}
        self._centre: Text = {}
        self._heard = {"services": threading.Event(), "centre": threading.Event()}

    def follow(self, link: HubLink) -> None:
        """Keeps up with the hub from now on."""
        link.follow("services", self._on_services)
        link.follow("centre", self._on_centre)

    def wait(self, limit_s: float) -> bool:
        """Waits until the hub has told all names once."""
        return all(heard.wait(limit_s) for heard in self._heard.values())

    def service(self, service: str, language: str) -> str:
        """A service's name."""
        return in_language(self._services.get(service, {}), language) or service

    def centre(self, language: str) -> str:
        """The centre's name; empty while it is not known."""
        return in_language(self._centre, language)

    def _on_services(self, _topic: str, message: Message | None) -> None:
        from hub.contract.messages import Services

        if isinstance(message, Services):
            self._services = {one.id: one.name for group in message.groups for one in group.services}
            self._heard["services"].set()

    def _on_centre(self, _topic: str, message: Message | None) -> None:
        from hub.contract.messages import Centre

        if isinstance(message, Centre):
            self._centre = message.name
            self._heard["centre"].set()


def in_language(text: Text, language: str) -> str:
    """`text` in `language`, else in Vietnamese, else in any; empty when there is none."""
    return text.get(language) or text.get("vi") or next(iter(text.values()), "")
