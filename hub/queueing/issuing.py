"""Giving a number: which one, and whether at all."""

from dataclasses import dataclass

from hub.contract.names import SlipState
from hub.contract.refusals import Refusal, RefusalCode
from hub.contract.set_up import SetUp
from hub.queueing.facts import TicketIssued
from hub.queueing.line import Line
from hub.queueing.numbers import LARGEST, number


@dataclass(frozen=True, slots=True)
class Wish:
    """What a citizen asks for, and who asks in the citizen's name. The ids are made by the caller."""

    service: str
    class_: str
    language: str
    asker: str
    request_id: str
    ticket_id: str
    track_key: str
    slip: SlipState


def issue(line: Line, set_up: SetUp, wish: Wish) -> TicketIssued:
    """The next number of the service's own sequence. The day must be open.

    Refuses `unknown-service`, `unknown-class`, `service-closed`.
    """
    service = set_up.service.get(wish.service)
    if service is None:
        raise Refusal(RefusalCode.UNKNOWN_SERVICE)
    if wish.class_ not in (service.classes or set_up.class_ids):
        raise Refusal(RefusalCode.UNKNOWN_CLASS)
    if not service.open:
        raise Refusal(RefusalCode.SERVICE_CLOSED)
    if line.day is None:
        raise Refusal(RefusalCode.DATE_UNCONFIRMED)
    sequence = line.next_sequence.get(service.id, 1)
    if sequence > LARGEST:
        raise Refusal(RefusalCode.SERVICE_CLOSED)
    return TicketIssued(
        ticket=wish.ticket_id,
        number=number(service.prefix, sequence),
        sequence=sequence,
        order=line.next_order,
        day=line.day,
        service=service.id,
        class_=wish.class_,
        language=wish.language if wish.language in set_up.languages else set_up.languages[0],
        asker=wish.asker,
        request_id=wish.request_id,
        track_key=wish.track_key,
        slip=wish.slip,
    )
