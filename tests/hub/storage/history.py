"""The journal read as a story: every fact must follow from those before it, and the rows must be its end.

It knows the facts' names and nothing of the hub's rules: a second opinion.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, text

BEFORE: Final = {
    "TicketCalled": {"waiting"},
    "TicketRecalled": {"called"},
    "ServiceStarted": {"called"},
    "ServiceFinished": {"serving"},
    "TicketNotCome": {"called"},
    "TicketHeld": {"called", "serving"},
    "TicketReturned": {"called", "serving", "held", "no-show"},
    "TicketReleased": {"waiting"},
    "TicketTransferred": {"waiting", "called", "serving", "held"},
    "TicketCancelled": {"waiting", "called", "held", "no-show"},
}
AFTER: Final = {
    "TicketIssued": "waiting",
    "TicketCalled": "called",
    "TicketRecalled": "called",
    "ServiceStarted": "serving",
    "ServiceFinished": "finished",
    "TicketNotCome": "no-show",
    "TicketHeld": "held",
    "TicketReturned": "waiting",
    "TicketReleased": "waiting",
    "TicketTransferred": "waiting",
    "TicketCancelled": "cancelled",
}
PICKED_FROM: Final = {"waiting", "held", "no-show"}
OVER: Final = {"finished", "cancelled", "ended"}


def contradictions(connection: Connection) -> Iterator[str]:
    """What does not follow: an illegal move, a ticket at two counters or waiting for a closed one, a number twice, a
    row that tells otherwise.
    """
    states: dict[str, str] = {}
    sent: dict[str, str] = {}
    counters: dict[str, str] = {}
    numbers: set[tuple[str, str]] = set()
    last_at = 0
    for row in connection.execute(text("SELECT text FROM journal ORDER BY entry")):
        entry = json.loads(row.text)
        kind, fact = entry["kind"], entry["fact"]
        if entry["at"] < last_at and kind != "ClockConfirmed":
            yield f"entry {entry['entry']} is earlier than the one before"
        last_at = entry["at"]
        if kind == "DayOpened":
            states.update({ticket: "ended" for ticket, state in states.items() if state not in OVER})
            counters.clear()
            sent.clear()
        if kind in AFTER or kind == "MoveUndone":
            yield from _follow(entry, states, counters)
            yield from _follow_sent(entry, states, sent)
        if kind == "CounterClosed" and fact["counter"] in sent.values():
            yield f"entry {entry['entry']}: somebody waits for {fact['counter']}, which closes"
        if kind == "ClassChanged" and states.get(fact["ticket"], "ended") in OVER:
            yield f"entry {entry['entry']}: {kind} of a ticket that is over"
        if kind == "TicketIssued":
            key = fact["day"], fact["number"]
            if key in numbers:
                yield f"{fact['number']} was given twice on {fact['day']}"
            numbers.add(key)
    found = connection.execute(text("SELECT id, state, sent_to FROM ticket"))
    rows = {row.id: (row.state, row.sent_to if row.state == "waiting" else None) for row in found}
    end = {ticket: (state, sent.get(ticket)) for ticket, state in states.items()}
    if rows != end:
        yield f"the rows tell another end: {set(rows.items()) ^ set(end.items())}"


def _follow_sent(entry: dict[str, Any], states: dict[str, str], sent: dict[str, str]) -> Iterator[str]:
    """Who waits for one counter only."""
    kind, fact = entry["kind"], entry["fact"]
    if kind == "TicketReleased" and sent.get(fact["ticket"]) != fact["counter"]:
        yield f"entry {entry['entry']}: {fact['counter']} lets go of a ticket that was not sent there"
    if kind == "TicketRecalled":
        return
    sent.pop(fact["ticket"], None)
    if states[fact["ticket"]] == "waiting" and fact.get("sent_to"):
        sent[fact["ticket"]] = fact["sent_to"]


def _follow(entry: dict[str, Any], states: dict[str, str], counters: dict[str, str]) -> Iterator[str]:
    kind, fact = entry["kind"], entry["fact"]
    ticket = fact["ticket"]
    state = states.get(ticket)
    expected = PICKED_FROM if fact.get("picked") else BEFORE.get(kind, {state})
    if state not in expected:
        yield f"entry {entry['entry']}: {kind} of a ticket that is {state}"
    if kind == "TicketIssued" and state is not None:
        yield f"entry {entry['entry']}: the ticket was issued before"
    states[ticket] = fact["state"] if kind == "MoveUndone" else AFTER[kind]
    here = next((counter for counter, its in counters.items() if its == ticket), None)
    if states[ticket] not in ("called", "serving"):
        counters.pop(here or "", None)
        return
    counter = fact.get("at_counter") or fact["counter"]
    if counters.get(counter, ticket) != ticket or here not in (None, counter):
        yield f"entry {entry['entry']}: two tickets at {counter}, or one at two counters"
    counters[counter] = ticket
