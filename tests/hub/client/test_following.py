"""Who hears what."""

import structlog

from hub.client.following import Follower, Following
from hub.contract.messages import DeviceSettings, Message


def test_each_hears_what_it_follows() -> None:
    """By exact topic or by level; every filter is subscribed to once."""
    heard: list[tuple[str, str, Message | None]] = []
    following = Following(structlog.get_logger())
    for who, topics in (("one", "root/a"), ("all", "root/+"), ("two", "root/a")):
        following.add(
            Follower(topics, DeviceSettings, lambda topic, message, who=who: heard.append((who, topic, message)))  # type: ignore[misc]
        )
    following.hear("root/a", b'{"version":1}')
    following.hear("root/b", b"")
    following.hear("root/a/b", b"")
    settings = DeviceSettings(version=1)
    assert heard == [
        ("one", "root/a", settings),
        ("all", "root/a", settings),
        ("two", "root/a", settings),
        ("all", "root/b", None),
    ]
    assert following.topics() == ["root/a", "root/+"]
