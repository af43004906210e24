"""Compares what clients were told with what the database holds (quality: reliability, A2). Judges; asserts nothing.

I1 every ok ticket is in the database once, and every ticket of the database was asked for; I2 no number twice per
service and day, none left out; I4 no ticket at two counters; I6 tickets move along the allowed edges only. Beside
these: no answer contradicts another, nothing stays unknown, every press has had its effect once.
"""

import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from tests.rig.centre import Centre
from tests.rig.history import Fate, History, done
from tests.rig.running import ROOT, tool
from tests.rig.truth import Row, Truth, read

ALIVE: Final = {"waiting", "called", "serving", "held", "no-show"}

EDGES: Final[dict[str, tuple[set[str], str]]] = {
    "TicketCalled": ({"waiting"}, "called"),
    "TicketRecalled": ({"called"}, "called"),
    "ServiceStarted": ({"called"}, "serving"),
    "ServiceFinished": ({"serving"}, "finished"),
    "TicketNotCome": ({"called"}, "no-show"),
    "TicketHeld": ({"called", "serving"}, "held"),
    "TicketReturned": ({"called", "serving", "held", "no-show"}, "waiting"),
    "TicketTransferred": ({"waiting", "called", "serving", "held"}, "waiting"),
    "TicketCancelled": ({"waiting", "called", "held", "no-show"}, "cancelled"),
}
"""By fact: from which states, to which. Written here a second time on purpose."""

EFFECTS: Final = {"call-next": "TicketCalled", "start": "ServiceStarted", "no-show": "TicketNotCome"}
"""Officers' presses, and the fact that each of them states once and nothing else states."""


def problems(centre: Centre, histories: list[History]) -> list[str]:
    """All that is wrong, in words; nothing when all is well. The hub must stand still."""
    truth = read(centre)
    return [
        *answers(histories),
        *issued(histories, truth),
        *numbers(histories, truth),
        *moves(truth),
        *presses(histories, truth),
        *reports(histories, truth),
        *own_judgement(centre, truth),
    ]


def answers(histories: list[History]) -> Iterator[str]:
    """Every request is settled, and by one answer."""
    for history in histories:
        yield from history.contradictions
        for asked in history.asked:
            if not asked.settled:
                yield f"{history.client}: {asked.operation} {asked.request_id} is still {asked.fate.name.lower()}"


def issued(histories: list[History], truth: Truth) -> Iterator[str]:
    """I1: tickets told and tickets kept are the same."""
    kept: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in truth.tickets:
        kept[row["asker"], row["request_id"]].append(row)
    for history, asked in done(histories, "issue-ticket"):
        ticket = asked.answer["ticket"]
        own = kept.pop((history.client, asked.request_id), [])
        if len(own) != 1:
            yield f"{history.client} was given {ticket['number']} ({asked.request_id}): kept {len(own)} times"
        elif (own[0]["id"], own[0]["number"]) != (ticket["id"], ticket["number"]):
            yield f"{history.client} was given {ticket['number']} and {own[0]['number']} is kept"
    for (asker, request_id), rows in kept.items():
        yield f"{asker} was never told of {rows[0]['number']} ({request_id})"


def numbers(histories: list[History], truth: Truth) -> Iterator[str]:
    """I2: on paper and in the database alike; and numbers follow one another without a gap."""
    told = Counter(asked.answer["ticket"]["number"] for _, asked in done(histories, "issue-ticket"))
    yield from (f"number {number} was given to {times}" for number, times in told.items() if times > 1)
    sequences: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in truth.tickets:
        sequences[row["day"], row["number"].rstrip("0123456789")].append(row["sequence"])
    for (day, prefix), given in sequences.items():
        if sorted(given) != list(range(1, len(given) + 1)):
            double = [number for number, times in Counter(given).items() if times > 1]
            yield f"{prefix} on {day}: {len(given)} numbers up to {max(given)}, double: {double[:5]}"


def moves(truth: Truth) -> Iterator[str]:
    """I4 and I6: the journal replayed by rules of our own, and its end compared with the rows."""
    state: dict[str, str] = {}
    at: dict[str, str] = {}
    for entry in truth.entries:
        kind, fact = entry["kind"], entry["fact"]
        ticket = fact.get("ticket", "")
        match kind:
            case "DayOpened":
                state = {one: "ended" if now in ALIVE else now for one, now in state.items()}
                at.clear()
            case "TicketIssued":
                if ticket in state:
                    yield f"ticket {fact['number']} was issued twice"
                state[ticket] = "waiting"
            case "MoveUndone":
                state[ticket] = fact["state"]
            case _ if kind in EDGES:
                allowed, after = EDGES[kind]
                if state.get(ticket) not in allowed:
                    yield f"entry {entry['entry']}: {kind} of a ticket that is {state.get(ticket)}"
                state[ticket] = after
                yield from _at_counter(entry["entry"], fact, after, at)
    for row in truth.tickets:
        if state.get(row["id"]) != row["state"]:
            yield f"{row['number']} is {row['state']}, and {state.get(row['id'])} by the journal"


def presses(histories: list[History], truth: Truth) -> Iterator[str]:
    """Every call and every press told to an officer has had its effect once, and there are no others."""
    stated: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for entry in truth.entries:
        if entry["kind"] in EFFECTS.values():
            stated[entry["kind"]][entry["fact"]["counter"], entry["fact"]["ticket"]] += 1
    for operation, kind in EFFECTS.items():
        told = Counter((a.answer["counter"], a.answer["ticket"]["id"]) for _, a in done(histories, operation))
        for (counter, ticket), times in (told - stated[kind]).items():
            yield f"{operation} of ticket {ticket} was answered at {counter} and not done (×{times})"
        for (counter, ticket), times in (stated[kind] - told).items():
            yield f"{operation} of ticket {ticket} was done at {counter} and answered to nobody (×{times})"


def reports(histories: list[History], truth: Truth) -> Iterator[str]:
    """What kiosks said of paper, and numbers given back, are on record."""
    kept = {row["id"]: row for row in truth.tickets}
    for operation, column, value in (("slip-printed", "slip", "printed"), ("cancel-ticket", "state", "cancelled")):
        for history, asked in done(histories, operation):
            row = kept.get(asked.fields["ticket_id"])
            if row is None or row[column] != value:
                yield f"{history.client}: {operation} of {asked.fields['ticket_id']} was answered and is not kept"


def own_judgement(centre: Centre, truth: Truth) -> Iterator[str]:
    """What `motcua-hub check` and the separate reader of the journal find."""
    checked = tool(centre, "check")
    if checked.returncode != 0:
        yield f"motcua-hub check: {checked.stdout.strip()}{checked.stderr.strip()}"
    lines = "".join(json.dumps({key: row[key] for key in ("entry", "text", "hash")}) + "\n" for row in truth.journal)
    command = [sys.executable, "-m", "hub.journal_verifier", "-"]
    verified = subprocess.run(command, cwd=ROOT, input=lines, capture_output=True, text=True, timeout=60)
    if verified.returncode != 0:
        yield f"journal verifier: {verified.stdout.strip()}{verified.stderr.strip()}"


def unknown_outcomes(histories: Iterable[History]) -> int:
    """How many requests were without an answer in time at least once."""
    return sum(1 for history in histories for asked in history.asked if asked.unknown or asked.fate is Fate.UNKNOWN)


def _at_counter(number: int, fact: Row, after: str, at: dict[str, str]) -> Iterator[str]:
    """Keeps who is at which counter; a counter has one ticket, and a ticket one counter."""
    ticket, counter = fact["ticket"], fact.get("counter")
    if after in ("called", "serving"):
        other = next((one for one, place in at.items() if place == counter and one != ticket), None)
        if other is not None or at.get(ticket, counter) != counter:
            yield f"entry {number}: {counter} has two tickets, or ticket {ticket} two counters"
        at[ticket] = counter
    else:
        at.pop(ticket, None)
