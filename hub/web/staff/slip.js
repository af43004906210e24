// The paper of a number: what is known of it, in words, and the button that has it printed again.

import { element, hubClock, icon, say } from "/static/site/page.js";

const COMING_S = 60;
const ORDERED_S = 60;
const COPIES = { SlipPrinted: "history.CopyPrinted", SlipFailed: "history.CopyFailed" };
const orderedAt = new Map();

/** The hub has ordered a copy: for a while nobody needs to press again. */
export function noteReprint(ticket) {
  orderedAt.set(ticket, hubClock.now());
}

/** As the hub knows it, but `coming` while a kiosk may still be printing, and `ordered` after a reprint was. */
export function slipState(ticket) {
  const lacking = ticket.slip === "failed" || ticket.slip === "unknown";
  if (lacking && hubClock.now() - (orderedAt.get(ticket.id) ?? -Infinity) < ORDERED_S * 1000) return "ordered";
  if (ticket.slip === "unknown" && hubClock.secondsSince(ticket.issued_at) < COMING_S) return "coming";
  return ticket.slip === "printed" && ticket.copies ? "copied" : ticket.slip;
}

/** Why the first slip did not come out, as the ticket's history knows it; empty when it does not. */
export function whyNot(lines) {
  const failed = lines.findLast((line) => line.what === "SlipFailed" && !line.copy);
  return failed ? say(`slip.why_${failed.reason}`) : "";
}

/** What is known of the paper of the ticket at the counter, with the button where it is of use. */
export function slipFact(state, why, reprint) {
  const words = state === "failed" && why ? say("slip.failed_because", { why }) : say(`slip.is_${state}`);
  return canReprint(state) ? [words, " ", reprintButton(reprint)] : [words];
}

/** Below a number in a list: what is wrong with its paper; nothing when all is well. */
export function slipNote(state, reprint) {
  if (state === "ordered") return [element("span", { class: "unprinted" }, icon("paper"), say("officer.slip_ordered"))];
  if (!canReprint(state)) return [];
  const words = say(state === "failed" ? "officer.unprinted" : "officer.perhaps_unprinted");
  return [element("span", { class: "unprinted" }, icon("warn"), element("span", {}, words), reprintButton(reprint))];
}

/** The key of what the history says of a fact, and the reason in words. */
export function historyKey(line) {
  return (line.copy && COPIES[line.what]) || `history.${line.what}`;
}

export function reasonOf(line) {
  return line.reason ? say(`slip.why_${line.reason}`) : "";
}

function canReprint(state) {
  return state === "failed" || state === "unknown";
}

function reprintButton(reprint) {
  const button = element("button", { type: "button", class: "button small" }, icon("paper"), say("verb.reprint"));
  button.addEventListener("click", reprint);
  return button;
}
