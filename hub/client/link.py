"""`HubLink`: one device's line to its hub. Ask, follow, publish; it reconnects, repeats and keeps the hub's time."""

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import datetime
from enum import Enum
from types import TracebackType
from typing import Final, Literal, cast
from uuid import UUID

import structlog
from paho.mqtt.client import MQTTMessageInfo
from pydantic import ValidationError
from uuid_utils.compat import uuid7

from hub.client.asker import Asker
from hub.client.asking import Question, check
from hub.client.clock import HubClock
from hub.client.connection import Connection, Listener
from hub.client.device_file import HubAddress
from hub.client.errors import LinkClosed, NoAnswer, NotPermitted, Unfit
from hub.client.following import Follower, Following, Heard
from hub.client.orders import OrderBook
from hub.contract import messages as m
from hub.contract.names import DeviceRole
from hub.contract.time import Instant, from_datetime, to_datetime, to_rfc3339
from hub.contract.topics import MAX_PAYLOAD, TOPIC, Sender, address
from hub.contract.version import __version__

TIMEOUT_S: Final = 2.0
HELLO_TIMEOUT_S: Final = 4.0
GOODBYE_S: Final = 1.0
MARGIN_S: Final = 5.0
"""A blocking ask outlasts its time-out by this much at most, whatever breaks: no wait is without limit."""

Changed = Callable[[bool], None]
"""Called on the network thread: True when the link is ready, False when it is lost. It must post and return."""


class LinkState(Enum):
    """How far a link has come."""

    DOWN = "down"
    LISTENING = "listening"
    """Subscribed; the hub's answer to `hello` is awaited."""
    READY = "ready"
    CLOSED = "closed"


class HubLink:
    """A device's line to its hub. `start` (or `with`) opens it, `close` ends it; any thread may use it.

    Callbacks run on the network thread: they post an event and return, and never `ask`.
    """

    def __init__(
        self,
        hub: HubAddress,
        device: str,
        role: DeviceRole,
        *,
        on_change: Changed = lambda _ready: None,
        wall: Callable[[], float] = time.time,
        orders: OrderBook | None = None,
    ) -> None:
        self.boot_id = str(uuid7())
        self.device = device
        self.role = role
        self._centre = hub.centre
        self._on_change = on_change
        self._wall = wall
        self._log: structlog.typing.FilteringBoundLogger = structlog.get_logger().bind(device=device)
        self._lock = threading.Condition()
        self._state = LinkState.DOWN
        self._hub_state: m.HubPresence | None = None
        self._clock = HubClock()
        self._orders = orders or OrderBook()
        self._kept: dict[str, bytes] = {}
        self._replies = self._address("reply")
        self._following = Following(self._log)
        self._following.add(Follower(self._address("hub"), m.HubPresence, self._on_hub))
        self._asker = Asker(self._send, self._log)
        requests = self._address("request", operation="")
        self._connection = Connection(
            hub,
            device,
            Listener(self._topics, self._on_subscribed, self._on_lost, self._on_message),
            will=(self._address("presence"), self._presence("offline")),
            is_event=lambda topic: not topic.startswith(requests),
            log=self._log,
        )

    # ---------------------------------------------------------------- open and close

    def start(self) -> None:
        """Begins to connect, and goes on trying until closed."""
        self._asker.start()
        self._connection.start()

    def close(self, last_words: Literal["offline", "restarting"] = "offline") -> None:
        """Says good-bye and ends all threads within seconds; open questions fail with `LinkClosed`. Harmless twice."""
        with self._lock:
            before, self._state = self._state, LinkState.CLOSED
            self._lock.notify_all()
        if before is LinkState.CLOSED:
            return
        self._asker.close()
        if before is not LinkState.DOWN:
            self._say_goodbye(last_words)
        self._connection.close()

    def __enter__(self) -> "HubLink":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def state(self) -> LinkState:
        """How far the link has come."""
        return self._state

    @property
    def ready(self) -> bool:
        """Whether a question would be sent at once."""
        return self._state is LinkState.READY

    def wait_ready(self, limit_s: float) -> bool:
        """Waits until the hub has answered the greeting, `limit_s` at most; tells whether it has."""
        with self._lock:
            self._lock.wait_for(lambda: self._state in {LinkState.READY, LinkState.CLOSED}, limit_s)
            return self.ready

    @property
    def hub_state(self) -> m.HubPresence | None:
        """What the hub last said of itself on this connection; None while there is none."""
        return self._hub_state

    def now(self) -> datetime:
        """The hub's time as this device knows it: the time of its own clock, corrected."""
        return to_datetime(self._now())

    @property
    def clock_offset_s(self) -> float | None:
        """How far the hub's clock is ahead of this device's; None before the first answer."""
        hub_time = self._clock.hub_time(time.monotonic())
        return None if hub_time is None else hub_time / 1000 - self._wall()

    # ---------------------------------------------------------------- ask

    def ask(
        self,
        operation: str,
        fields: Mapping[str, object],
        *,
        timeout_s: float = TIMEOUT_S,
        request_id: UUID | None = None,
    ) -> m.Reply:
        """Asks and waits; `fields` as on the wire (`class`, not `class_`), without id and time.

        A refusal is a `Reply` like any other. After `NoAnswer` the outcome is unknown: ask again with its id.
        """
        answer = self.ask_soon(operation, fields, timeout_s=timeout_s, request_id=request_id)
        return answer.result(timeout_s + MARGIN_S)

    def ask_soon(
        self,
        operation: str,
        fields: Mapping[str, object],
        *,
        timeout_s: float = TIMEOUT_S,
        request_id: UUID | None = None,
    ) -> "Future[m.Reply]":
        """Asks without waiting: the future holds the `Reply` or the fault. Before the link is ready, the question
        waits for that within its own time."""
        question = Question(request_id or uuid7(), operation, fields, gives_up_s=time.monotonic() + timeout_s)
        check(question, self.role)
        return self._asker.ask(question)

    def _send(self, question: Question) -> None:
        denied = NotPermitted(f"the broker denies {self.device} to ask {question.operation}")
        self._connection.publish(
            self._address("request", operation=question.operation),
            question.payload(to_rfc3339(self._now())),
            denied=lambda: self._asker.fail(question, denied),
        )

    def _on_reply(self, payload: bytes) -> None:
        heard_s = time.monotonic()
        try:
            reply = m.Reply.model_validate_json(payload)
        except ValidationError as problem:
            self._log.warning("reply dropped: malformed", problem=str(problem))
            return
        question = self._asker.take(reply)
        if question is None:
            return
        # Of a repeated request nobody knows which sending was answered: it says nothing of the clock.
        if question.sends == 1:
            self._clock.observe(asked_s=question.sent_s, heard_s=heard_s, hub_at=from_datetime(reply.at))
        question.answer.set_result(reply)

    # ---------------------------------------------------------------- follow and publish

    def follow(self, topic: str, callback: Heard, /, **levels: str) -> None:
        """Hears a topic of THE table, now and on each new connection: `follow("board", post, board="hall-1")`.

        `callback(full_topic, message)` gets None for a retained message that was cleared.
        """
        row = TOPIC[topic]
        if self.role not in row.readers:
            raise NotPermitted(f"a {self.role.value} may not read {topic}")
        follower = Follower(self._address(topic, **levels), row.message, callback)
        self._following.add(follower)
        self._connection.subscribe([follower.topics])

    def publish(self, topic: str, message: m.Message) -> None:
        """Says something of this device on its own topic. What is retained is said again on each connection; an event
        waits for the next connection if there is none."""
        row = TOPIC[topic]
        if row.sender is not Sender.OWNER or topic in {"request", "presence"}:
            raise NotPermitted(f"{topic} is not for a device's program to publish")
        if not isinstance(message, row.message):
            raise Unfit(f"{topic} carries {row.message.__name__}, not {type(message).__name__}")
        payload = message.model_dump_json().encode()
        if len(payload) > MAX_PAYLOAD:
            raise Unfit(f"{topic} is {len(payload)} bytes long; {MAX_PAYLOAD} are allowed")
        full = self._address(topic)
        if row.retained:
            with self._lock:
                self._kept[full] = payload
                if self._state in {LinkState.DOWN, LinkState.CLOSED}:
                    return
        self._say(full, payload, retain=row.retained)

    def publish_health(self, health: m.DeviceHealth) -> None:
        """Says how the device feels."""
        self.publish("health", health)

    def _say(self, topic: str, payload: bytes, *, retain: bool) -> MQTTMessageInfo:
        return self._connection.publish(
            topic,
            payload,
            retain=retain,
            denied=lambda: self._log.error("the broker denies publishing", topic=topic),
        )

    # ---------------------------------------------------------------- orders

    def obey(self, callback: Callable[[m.Order], None]) -> None:
        """Hears the hub's orders, each once and none too late. `callback` posts the order; when it is carried out,
        the program calls `order_done`."""
        self.follow("orders", lambda _topic, order: self._on_order(cast("m.Order | None", order), callback))

    def order_done(self, order_id: UUID, *, ok: bool, detail: str = "") -> None:
        """Tells the hub what became of an order, and again whenever the hub repeats it."""
        done = m.OrderDone(order_id=order_id, ok=ok, detail=detail)
        try:
            with self._lock:
                self._orders.finish(done)
        except OSError as problem:
            self._log.error("what became of an order is not on disk", order=str(order_id), problem=str(problem))
        self.publish("orders-done", done)

    def _on_order(self, order: m.Order | None, callback: Callable[[m.Order], None]) -> None:
        if order is None or from_datetime(order.expires_at) <= self._now():
            return
        with self._lock:
            is_new = self._orders.is_new(order.order_id)
            done = self._orders.outcome(order.order_id)
        if is_new:
            callback(order)
        elif done is not None:
            self.publish("orders-done", done)

    # ---------------------------------------------------------------- what the connection reports

    def _topics(self) -> list[str]:
        """What to subscribe to on each connection."""
        return [self._replies, *self._following.topics()]

    def _on_subscribed(self) -> None:
        """Tells the hub that this device is there, and greets it."""
        with self._lock:
            if self._state is LinkState.CLOSED:
                return
            self._state = LinkState.LISTENING
            kept = dict(self._kept)
        self._say(self._address("presence"), self._presence("online"), retain=True)
        for topic, payload in kept.items():
            self._say(topic, payload, retain=True)
        self._greet()

    def _on_message(self, topic: str, payload: bytes) -> None:
        """Passes replies to who asked, all else to who follows."""
        if topic == self._replies:
            self._on_reply(payload)
        else:
            self._following.hear(topic, payload)

    def _on_lost(self) -> None:
        """Questions wait for the next connection."""
        self._asker.pause()
        with self._lock:
            before = self._state
            self._hub_state = None
            if before is not LinkState.CLOSED:
                self._state = LinkState.DOWN
        if before is LinkState.READY:
            self._tell_change(ready=False)

    # ---------------------------------------------------------------- greeting

    def _greet(self) -> None:
        """Asks `hello`: with its answer the clock is known, the hub is known to listen, and all else may be asked."""
        fields = {"role": self.role, "boot_id": self.boot_id, "version": __version__, "monotonic_s": time.monotonic()}
        question = Question(uuid7(), "hello", fields, gives_up_s=time.monotonic() + HELLO_TIMEOUT_S, insists=True)
        try:
            answer = self._asker.ask(question, ahead=True)
        except LinkClosed:
            return
        answer.add_done_callback(self._on_hello)

    def _on_hello(self, answer: "Future[m.Reply]") -> None:
        if answer.exception() is None:
            self._become_ready()
        elif isinstance(answer.exception(), NoAnswer) and self._state is LinkState.LISTENING:
            self._log.warning("greeting not answered")
            self._greet()

    def _become_ready(self) -> None:
        with self._lock:
            if self._state is not LinkState.LISTENING:
                return
            self._state = LinkState.READY
            self._lock.notify_all()
        self._asker.resume()
        self._log.info("link ready")
        self._tell_change(ready=True)

    def _on_hub(self, _topic: str, message: m.Message | None) -> None:
        """A hub that has come back has not heard what was asked meanwhile."""
        before, self._hub_state = self._hub_state, cast("m.HubPresence | None", message)
        now = self._hub_state
        if now is None or now.state != "online":
            return
        if before is not None and before.state == "online" and before.boot_id == now.boot_id:
            return
        if self._state is LinkState.READY:
            self._asker.resume()
        elif self._state is LinkState.LISTENING and before is not None:
            self._greet()

    # ---------------------------------------------------------------- small parts

    def _address(self, topic: str, **levels: str) -> str:
        return address(self._centre, topic, device=self.device, **levels)

    def _now(self) -> Instant:
        hub_time = self._clock.hub_time(time.monotonic())
        return Instant(round(self._wall() * 1000)) if hub_time is None else hub_time

    def _presence(self, state: Literal["online", "offline", "restarting"]) -> bytes:
        presence = m.DevicePresence(
            state=state, role=self.role, boot_id=self.boot_id, version=__version__, since=self.now()
        )
        return presence.model_dump_json().encode()

    def _tell_change(self, *, ready: bool) -> None:
        try:
            self._on_change(ready)
        except Exception:  # a listed loop: whatever a callback does, the network thread lives
            self._log.exception("callback failed", callback="on_change")

    def _say_goodbye(self, last_words: Literal["offline", "restarting"]) -> None:
        said = self._say(self._address("presence"), self._presence(last_words), retain=True)
        try:
            said.wait_for_publish(GOODBYE_S)
        except (RuntimeError, ValueError):
            self._log.info("good-bye not heard")
