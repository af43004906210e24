// The right side of an officer's page: who waits for the counter, and the numbers that rest.

import { clockTime, element, fill, hubClock, icon, inLanguage, part, say, write } from "/static/site/page.js";
import { className, isOrdinary, service, serviceName, sight } from "/static/staff/officer_sight.js";
import { slipNote, slipState } from "/static/staff/slip.js";

const SHOWN = 12;

/** `reprint(ticket)` is told when the button beside a number without paper is pressed. */
export function drawWaiting(counter, waiting, reprint) {
  const label = inLanguage(counter.label);
  const busy = Boolean(counter.ticket);
  write(part("waiting-title"), say(busy ? "officer.waiting_list" : "officer.takes", { counter: label }));
  write(part("waiting-count"), say("officer.people", { n: waiting.length }));
  part("nobody").hidden = !busy || waiting.length > 0;
  const line = (ticket) => waitingLine(ticket, counter, reprint);
  if (busy) fill(part("waiting"), waiting.slice(0, SHOWN).map((one) => withSlip(one, counter)), (one) => one.id, line);
  else fill(part("waiting"), takes(counter), (one) => `service-${one.id}`, serviceLine);
  showWhole(busy ? waiting.length : 0);
}

/** `back(ticket)` is told when a number shall return to the line. */
export function drawResting(counter, { back, reprint }) {
  const { return_min, return_place } = sight.queue.choices;
  const mine = (one) => counter.services.includes(one.service) || one.counter === counter.id;
  const resting = sight.queue.resting.filter(mine).map((one) => ({ ...withSlip(one, counter), over: isOver(one, return_min) }));
  write(part("resting-count"), resting.length ? say("officer.tickets", { n: resting.length }) : "");
  part("no-resting").hidden = resting.length > 0;
  part("return-hint").hidden = resting.length === 0;
  const within = return_min ? ` ${say("officer.return_within", { n: return_min })}` : "";
  write(part("return-hint"), say(`officer.return_${return_place}`) + within);
  fill(part("resting"), resting, (one) => one.id, (one) => restingLine(one, { back, reprint }));
}

function isOver(ticket, minutes) {
  return minutes !== null && hubClock.secondsSince(ticket.since) > minutes * 60;
}

function restingLine(ticket, { back, reprint }) {
  const button = element("button", { type: "button", class: "button small" }, icon("return"), say("verb.return"));
  button.addEventListener("click", () => back(ticket.id));
  return element(
    "li",
    {},
    element("b", { class: "number" }, ticket.number),
    element("span", {}, say(ticket.state === "held" ? "officer.held" : "officer.missed")),
    element("span", { "data-since": ticket.since }),
    element("span", { class: "resting-actions" }, ticket.over ? say("officer.return_over") : button),
    ...slipNote(ticket.shown_slip, () => reprint(ticket.id)),
  );
}

/** Only whole lines are shown, and how many more there are: a list cut in the middle of a line reads badly. */
function showWhole(all) {
  const box = part("waiting").closest("section");
  const lines = [...part("waiting").children];
  for (const line of lines) line.hidden = false;
  let shown = lines.length;
  const more = () => {
    part("more").hidden = shown >= all;
    write(part("more"), say("officer.more", { n: all - shown }));
  };
  for (more(); box.scrollHeight > box.clientHeight && shown > 1 && all > 0; more()) {
    shown -= 1;
    lines[shown].hidden = true;
  }
}

/** What a line shows of the paper changes with time too: it is part of the line. */
function withSlip(ticket, counter) {
  return { ...ticket, shown_slip: slipState(ticket), only_here: counter.sent_here.some((one) => one.id === ticket.id) };
}

function waitingLine(ticket, counter, reprint) {
  const chip = (words) => element("span", { class: "chip" }, words);
  const kind = isOrdinary(ticket) ? className(ticket.class) : chip(className(ticket.class));
  const sent = ticket.only_here ? [chip(say("officer.sent_here", { counter: inLanguage(counter.label) }))] : [kind];
  const since = element("span", { "data-since": ticket.issued_at, title: clockTime(ticket.issued_at) });
  const note = slipNote(ticket.shown_slip, () => reprint(ticket.id));
  return element("li", {}, element("b", { class: "number" }, ticket.number), element("span", {}, ...sent), since, ...note);
}

function takes(counter) {
  const services = counter.services.map((id) => ({ id, name: serviceName(id), tickets: service(id)?.tickets ?? [] }));
  return counter.sent_here.length ? [{ id: "", name: say("officer.sent"), tickets: counter.sent_here }, ...services] : services;
}

function serviceLine({ id, name, tickets }) {
  const longest = element("small", { "data-longest": tickets[0]?.issued_at ?? "" });
  const letter = id ? element("span", { class: "letter" }, service(id)?.prefix ?? "") : icon("transfer");
  const people = element("span", {}, element("b", {}, say("officer.people", { n: tickets.length })), longest);
  return element("li", { class: "services" }, letter, element("b", {}, name), people);
}
