// What has happened to the ticket at the counter, read anew whenever something has.

import { ask } from "/static/site/hub.js";
import { clockTime, element, fill, icon, part, say, write } from "/static/site/page.js";
import { choiceName, counterName, own, serviceName, sight } from "/static/staff/officer_sight.js";
import { historyKey, reasonOf, whyNot } from "/static/staff/slip.js";

const ICONS = {
  TicketIssued: "ticket", TicketCalled: "call", TicketRecalled: "call", ServiceStarted: "start", ServiceFinished: "done",
  CallNotShown: "warn", TicketNotCome: "absent", TicketHeld: "hold", TicketReturned: "return", TicketTransferred: "transfer",
  TicketCancelled: "cancel", MoveUndone: "undo", SlipPrinted: "paper", SlipFailed: "warn", ReprintOrdered: "paper",
  ClassChanged: "person", TicketReleased: "return",
};
let known = { ticket: null, stand: null, lines: [] };

export function drawHistory(ticket, read) {
  write(part("history-title"), ticket ? say("officer.history_of", { number: ticket.number }) : say("officer.history"));
  part("no-history").hidden = Boolean(ticket);
  if (!ticket) fill(part("history"), [], () => "", () => null);
  else if (known.ticket !== ticket.id || known.stand !== stand(ticket)) readHistory(ticket, read);
}

/** Why the slip of this ticket did not come out, as far as is known by now. */
export function whyUnprinted(ticket) {
  return known.ticket === ticket.id ? whyNot(known.lines) : "";
}

/** Something may have happened that the ticket itself does not show. */
export function readAgain() {
  known.stand = null;
}

function stand({ state, since, recalls, slip, copies, class: kind }) {
  const missing = own().shown.filter((hall) => hall.seen === "missing").length;
  return [state, since, recalls, slip, copies, kind, missing].join(" ");
}

async function readHistory(ticket, read) {
  known = { ticket: ticket.id, stand: stand(ticket), lines: known.ticket === ticket.id ? known.lines : [] };
  const answer = await ask("GET", `/api/v1/tickets/${ticket.id}`);
  if (known.ticket === ticket.id && !answer.ok) known.stand = null;
  if (!answer.ok || own()?.ticket?.id !== ticket.id) return;
  known.lines = answer.body.history.map((line, at) => ({ ...line, at_line: at }));
  fill(part("history"), known.lines, (line) => line.at_line, (line) =>
    element("li", {}, element("time", {}, clockTime(line.at)), icon(ICONS[line.what] ?? "info"), ...words(line)),
  );
  read();
}

function words(line) {
  const values = {
    reason: reasonOf(line),
    counter: counterName(line.counter),
    service: line.service ? serviceName(line.service) : "",
    officer: line.officer ?? "",
    n: (line.repeat ?? 0) + 1,
  };
  const key = line.sent_to && line.what === "TicketTransferred" ? "history.SentToCounter" : historyKey(line);
  if (line.sent_to) values.counter = counterName(line.sent_to);
  const { pick_reasons, outcomes } = sight.queue.choices;
  const more = [choiceName(pick_reasons, line.picked), choiceName(outcomes, line.outcome)].filter(Boolean).join(", ");
  const note = line.note ? [" ", element("b", {}, say("history.note", { note: line.note }))] : [];
  return [element("span", {}, say(key, values), more ? `: ${more}` : "", ...note)];
}
