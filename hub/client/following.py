"""What a device listens to: which callbacks hear which topics. Messages are parsed per THE table."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from paho.mqtt.client import topic_matches_sub
from pydantic import ValidationError

from hub.contract.messages import Message

Heard = Callable[[str, Message | None], None]
"""Called on the network thread with the full topic and the message, None when a retained one was cleared.
It must post an event and return."""


@dataclass(frozen=True, slots=True)
class Follower:
    """One callback on one topic filter."""

    topics: str
    message: type[Message]
    callback: Heard


class Following:
    """All followers of a link. A malformed message or a failing callback harms nobody else."""

    def __init__(self, log: structlog.typing.FilteringBoundLogger) -> None:
        self._log = log
        self._followers: tuple[Follower, ...] = ()  # replaced as a whole: the network thread reads it without a lock

    def add(self, follower: Follower) -> None:
        """From now on `follower` hears; subscribing is up to the link."""
        self._followers = (*self._followers, follower)

    def topics(self) -> list[str]:
        """The topic filters to subscribe to, each once."""
        return list(dict.fromkeys(follower.topics for follower in self._followers))

    def hear(self, topic: str, payload: bytes) -> None:
        """Passes a message on to all who follow `topic`."""
        for follower in self._followers:
            if topic_matches_sub(follower.topics, topic):
                self._tell(follower, topic, payload)

    def _tell(self, follower: Follower, topic: str, payload: bytes) -> None:
        try:
            follower.callback(topic, follower.message.model_validate_json(payload) if payload else None)
        except ValidationError as problem:
            self._log.warning("message dropped: malformed", topic=topic, problem=str(problem))
        except Exception:  # a listed loop: whatever a callback does, the network thread lives
            self._log.exception("callback failed", topic=topic)
