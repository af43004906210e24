"""Hears all that is said on a centre's broker, as nobody of a centre may, and holds every message against THE table."""

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Self

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.subscribeoptions import SubscribeOptions
from pydantic import ValidationError

from hub.contract import messages as m
from hub.contract.refusals import RefusalCode
from hub.contract.topics import MAX_PAYLOAD, OPERATION, QOS, ROOT, TOPICS, Topic
from tests.rig.centre import Centre

LIMIT_S: Final = 30.0
MARK: Final = "marks/all-is-heard"
"""Outside of the centre: what comes on it comes after all that was retained."""


@dataclass(frozen=True)
class Said:
    """One message: the row of the table it belongs to, the levels of its topic, and what it says."""

    row: str
    levels: dict[str, str]
    body: dict[str, Any]


class Overheard:
    """One listener over the hub's own socket. It comes back when told that there is a broker again."""

    def __init__(self, centre: Centre, name: str = "overhearing") -> None:
        self.said: list[Said] = []
        self.retained: dict[str, dict[str, Any]] = {}
        """What stands on the broker, by topic under the root."""
        self.problems: list[str] = []
        self._asked: dict[str, str] = {}
        self._root = f"{ROOT}/{centre.settings.centre.id}/"
        self._rows = [(row, _pattern(row)) for row in TOPICS]
        self._news = threading.Condition()
        self._marked = 0
        self._name = f"{name}@test"
        self._broker = str(centre.settings.data.directory / "broker" / "broker.sock")

    def __enter__(self) -> Self:
        self.come_back()
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def come_back(self) -> None:
        """Connects, also after the broker was away; all that is retained has been heard when this returns."""
        self._marked = 0
        self._client = self._make()
        self._client.connect(self._broker, clean_start=True)
        self._client.loop_start()
        self.wait(lambda: self._marked, "all that is retained")

    def all_of(self, row: str, **levels: str) -> list[dict[str, Any]]:
        """What was said so far on the topics of one row."""
        with self._news:
            return [one.body for one in self.said if one.row == row and levels.items() <= one.levels.items()]

    def wait(self, condition: Callable[[], object], what: str | Callable[[], str], limit_s: float = LIMIT_S) -> None:
        """Returns when the condition holds; fails with `what` when it does not in time."""
        with self._news:
            held = self._news.wait_for(condition, limit_s)
        assert held, f"not within {limit_s} s: {what if isinstance(what, str) else what()}"

    # ------------------------------------------------------------ the network thread

    def _make(self) -> Client:
        """A client for one connection: paho leaves sockets behind when it connects again by itself."""
        client = Client(
            CallbackAPIVersion.VERSION2,
            self._name,
            protocol=MQTTProtocolVersion.MQTTv5,
            transport="unix",
            reconnect_on_failure=False,
        )
        client.on_connect = self._on_connect
        client.on_message = self._on_message
        return client

    def _on_connect(self, client: Client, *_: object) -> None:
        options = SubscribeOptions(qos=QOS, retainAsPublished=True)
        with self._news:
            self.retained.clear()
        client.subscribe([(f"{self._root}#", options), (MARK, options)])
        client.publish(MARK, b"", QOS)

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        with self._news:
            try:
                self._hear(message)
            except Exception as problem:  # whatever it is, the test shall show it
                self.problems.append(f"{message.topic}: {problem!r}")
            self._news.notify_all()

    def _hear(self, message: MQTTMessage) -> None:
        if message.topic == MARK:
            self._marked += 1
            return
        topic = message.topic.removeprefix(self._root)
        row, levels = self._place(topic)
        self._check_delivery(row, message)
        if not message.payload:
            self.retained.pop(topic, None)
            return
        body = json.loads(message.payload)
        self._check(row, levels, message.payload, body)
        self.said.append(Said(row.name, levels, body))
        if row.retained:
            self.retained[topic] = body

    def _place(self, topic: str) -> tuple[Topic, dict[str, str]]:
        for row, pattern in self._rows:
            if found := pattern.fullmatch(topic):
                return row, found.groupdict()
        raise AssertionError("no row of the table has such a topic")

    def _check_delivery(self, row: Topic, message: MQTTMessage) -> None:
        if (message.qos, message.retain) != (QOS, row.retained):
            self.problems.append(f"{message.topic}: QoS {message.qos}, retained {message.retain}")
        if len(message.payload) > MAX_PAYLOAD:
            self.problems.append(f"{message.topic}: {len(message.payload)} bytes")

    def _check(self, row: Topic, levels: dict[str, str], payload: bytes, body: dict[str, Any]) -> None:
        try:
            self._read(row, levels, payload, body)
        except (ValidationError, KeyError, ValueError) as problem:
            self.problems.append(f"{row.name} {levels}: {problem}")

    def _read(self, row: Topic, levels: dict[str, str], payload: bytes, body: dict[str, Any]) -> None:
        """Every field is known and right; of a request by its operation, of a reply by what was asked."""
        if row.name == "request":
            OPERATION[levels["operation"]].asks.model_validate_json(payload, extra="forbid")
            self._asked[body["request_id"]] = levels["operation"]
            return
        row.message.model_validate_json(payload, extra="forbid")
        if row.message is m.Reply and body["ok"]:
            operation = self._asked.get(body["request_id"])
            if operation is not None:
                answers = OPERATION[operation].answers
                answers.model_validate_json(json.dumps(body["result"]), extra="forbid")
        elif row.message is m.Reply:
            RefusalCode(body["refusal"]["code"])


def _pattern(row: Topic) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[a-z0-9-]{1,32})", row.pattern))
