"""A broker, a hub and a link for each test; all end with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.client.link import HubLink
from hub.contract.names import DeviceRole
from tests.hub.client.scripted_hub import DEVICE, LIMIT_S, LocalBroker, ScriptedHub


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[LocalBroker]:
    """A running broker without access list."""
    with LocalBroker(tmp_path) as local:
        yield local


@pytest.fixture
def hub(broker: LocalBroker) -> Iterator[ScriptedHub]:
    """A hub that hears."""
    with ScriptedHub(broker.port) as scripted:
        yield scripted


@pytest.fixture
def link(broker: LocalBroker, hub: ScriptedHub) -> Iterator[HubLink]:
    """A kiosk's link that is ready."""
    with HubLink(broker.address, DEVICE, DeviceRole.KIOSK) as opened:
        assert opened.wait_ready(LIMIT_S)
        assert hub.operations("hello")
        yield opened
