"""Makes `docs/wire.md` out of the contract itself: `python -m hub.contract.document > docs/wire.md`."""

import inspect
import sys
from collections.abc import Iterable, Iterator
from typing import Any, Final, get_args

from pydantic.json_schema import models_json_schema

from hub.contract import messages, topics
from hub.contract.names import DeviceRole, Id, Language, Prefix, TicketNumber
from hub.contract.refusals import MESSAGES, UNREMEMBERED

Schema = dict[str, Any]
Definitions = dict[str, Schema]

SHAPES: Final = ((Id, "id"), (Prefix, "prefix"), (Language, "language"), (TicketNumber, "ticket number"))


def document() -> str:
    """The whole page, ready to be written to `docs/wire.md`."""
    return "\n".join([_introduction(), *_topics(), *_operations(), *_refusals(), *_messages()]).rstrip() + "\n"


def message_types() -> list[type[messages.Message]]:
    """Every message of the wire, in the order of the source."""
    found = [
        member
        for member in vars(messages).values()
        if inspect.isclass(member) and issubclass(member, messages.Message) and member is not messages.Message
    ]
    return [member for member in found if member.__module__ == messages.__name__]


def _introduction() -> str:
    return f"""\
# The wire: how devices talk to a hub

This page is made from the code in `hub/contract/` by `python -m hub.contract.document > docs/wire.md`; a test keeps it
fresh, so change the code and never this page. A realistic sample of each message stands in `tests/contract/golden/`.
What pages and other systems use over HTTP is described by the hub itself, at `/api/v1/openapi.json`.

## In general

- **Transport.** MQTT 5 over TLS, each device with a certificate of its own. Payloads are JSON in UTF-8, sent with
  QoS {topics.QOS}, {topics.MAX_PAYLOAD // 1024} KiB at most; what is larger goes over HTTPS.
- **Topics** begin with `{topics.ROOT}/<centre>/`. A device's id is the common name of its certificate. The broker makes
  it user name and client id too, and lets a device write below its own `devices/<device>/` only.
- **Ids** of centres, devices, counters, boards, services and classes match `{_pattern(Id)}`. Those of requests,
  tickets and orders are UUIDs.
- **Shapes.** A service's *prefix* matches `{_pattern(Prefix)}`, a *ticket number* `{_pattern(TicketNumber)}`, a
  *language* `{_pattern(Language)}`.
- **Times** are RFC 3339 with an offset, such as `2026-11-23T08:42:00.120+07:00`. Durations are whole seconds in fields
  whose names end in `_s`. A device learns how far its clock is off from the `at` of the reply to `hello`, and from then
  on sends corrected times.
- **Texts for people** are objects by language, such as `{{"vi": "Hộ tịch", "en": "Civil status"}}`.
- **Unknown fields** are ignored: a newer hub may say more to an older device. Fields are added, and never change their
  meaning. A field that is not marked optional is always there, if only as `null`.
- **State is retained, events are not.** A device that connects learns from the retained topics all it has to show.
  `sequence` numbers are compared within one `epoch` only; the hub's epoch is new after each restore of its database.

## Requests and repeats

- A device publishes a request on `devices/<device>/requests/<operation>` and is answered on `devices/<device>/replies`.
  The asker makes the `request_id`. The reply carries it, is sent after the hub's database has the result on disk, and
  never before: an acknowledgement by the broker says nothing about the request.
- **Asking again is safe.** The same id with the same body has the same effect once and gets the same answer, for at
  least a day, and for the issue of a ticket for good. The same id with another body is refused `request-mismatch`.
  An asker that hears nothing repeats once, with the same id, at half its time-out.
- Refusals by rule are remembered like answers. Those marked *may pass* below are not: a later repeat can succeed.
- A request sent more than 10 s ago is refused `too-late` and has no effect; `hello` is never too late.
- What cannot be read is answered `malformed` if its `request_id` can be; otherwise it is counted and dropped. Retained
  requests are dropped as well.
"""


def _topics() -> Iterator[str]:
    yield "## Topics\n"
    rows = (
        (
            f"`{topic.pattern.replace('{', '<').replace('}', '>')}`",
            topic.sender.value,
            _roles(topic.readers) if topic.sender is topics.Sender.HUB else "the hub",
            "yes" if topic.retained else "no",
            "what the operation asks" if topic.message is messages.Request else _link(topic.message.__name__),
            topic.note,
        )
        for topic in topics.TOPICS
    )
    yield from _table(("topic", "sender", "readers", "retained", "payload", "note"), rows)
    yield (
        "Of `devices/<device>/…` a device reads its own, of `boards/<board>…` the boards it is set to; of "
        "`counters/<counter>` a board reads all, a pad its own.\n"
    )


def _operations() -> Iterator[str]:
    yield "## Operations\n"
    rows = (
        (f"`{one.name}`", _roles(one.roles), _link(one.asks.__name__), _link(one.answers.__name__))
        for one in topics.OPERATIONS
    )
    yield from _table(("operation", "who may ask", "asks", "is answered"), rows)


def _refusals() -> Iterator[str]:
    yield "## Refusals\n"
    rows = (
        (f"`{code.value}`", text["vi"], text["en"], "may pass" if code in UNREMEMBERED else "")
        for code, text in MESSAGES.items()
    )
    yield from _table(("code", "vi", "en", "a repeat"), rows)


def _messages() -> Iterator[str]:
    yield "## Messages\n"
    _, schema = models_json_schema([(one, "validation") for one in message_types()])
    definitions: Definitions = schema["$defs"]
    for one in message_types():
        yield f"### {one.__name__}\n"
        yield inspect.getdoc(one) or ""
        yield ""
        yield from _fields(definitions[one.__name__], definitions)


def _fields(message: Schema, definitions: Definitions) -> Iterator[str]:
    required = message.get("required", [])
    rows = (
        (f"`{name}`", _kind(field, definitions), "" if name in required else "optional")
        for name, field in message["properties"].items()
    )
    if message["properties"]:
        yield from _table(("field", "is", ""), rows)


def _kind(field: Schema, definitions: Definitions) -> str:
    """A field's type in words."""
    match field:
        case {"$ref": str(reference)}:
            name = reference.rpartition("/")[2]
            return _kind(definitions[name], definitions) if "enum" in definitions[name] else _link(name)
        case {"anyOf": [*kinds]}:
            return " or ".join(_kind(kind, definitions) for kind in kinds)
        case {"enum": [*words]}:
            return ", ".join(f"`{word}`" for word in words)
        case {"type": "array", "items": item}:
            return f"list of {_kind(item, definitions)}"
        case {"type": "object"}:
            return _mapping(field, definitions)
        case {"type": "string"}:
            return _text(field)
        case {"type": "integer" | "number"}:
            return _number(field)
        case {"const": word}:
            return f"`{word}`"
    return {"boolean": "true or false", "null": "null"}[field["type"]]


def _mapping(field: Schema, definitions: Definitions) -> str:
    match field:
        case {"patternProperties": dict() as kinds}:
            return f"object by id: {' or '.join(_kind(kind, definitions) for kind in kinds.values())}"
        case {"additionalProperties": {"type": "string"}}:
            return "text by language"
    return "object"


def _text(field: Schema) -> str:
    match field:
        case {"format": "date-time"}:
            return "time"
        case {"format": "uuid"}:
            return "UUID"
        case {"pattern": str(pattern)}:
            names = {_pattern(shape): name for shape, name in SHAPES}
            return names.get(pattern, f"text like `{pattern}`")
        case {"maxLength": int(most)}:
            return f"text (at most {most} characters)"
    return "text"


def _number(field: Schema) -> str:
    word = "whole number" if field["type"] == "integer" else "number"
    match field:
        case {"minimum": least, "maximum": most}:
            return f"{word} ({least} to {most})"
        case {"minimum": least}:
            return f"{word} (at least {least})"
    return word


def _pattern(shape: object) -> str:
    """The regular expression of a shape from `hub.contract.names`."""
    return str(get_args(shape)[1].pattern)


def _link(name: str) -> str:
    return f"[{name}](#{name.lower()})"


def _roles(roles: Iterable[DeviceRole]) -> str:
    return "every device" if set(roles) == set(DeviceRole) else ", ".join(sorted(role.value for role in roles))


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    yield from (f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |" for row in rows)
    yield ""


if __name__ == "__main__":
    sys.stdout.write(document())
