// The left side of an officer's page: the ticket at the counter, the big button, the ten verbs.

import { duration, element, icon, inLanguage, part, say, write } from "/static/site/page.js";
import { drawHalls } from "/static/staff/halls.js";
import { whyUnprinted } from "/static/staff/officer_history.js";
import { choiceName, className, classOf, isOrdinary, serviceName, sight } from "/static/staff/officer_sight.js";
import { slipFact, slipState } from "/static/staff/slip.js";

export const VERBS = [
  { verb: "recall", key: "1", icon: "call", from: ["called"] },
  { verb: "start", key: "2", icon: "start", from: ["called"] },
  { verb: "finish", key: "3", icon: "done", from: ["serving"] },
  { verb: "no-show", key: "4", icon: "absent", from: ["called"] },
  { verb: "hold", key: "5", icon: "hold", from: ["called", "serving"] },
  { verb: "transfer", key: "6", icon: "transfer", from: ["called", "serving"] },
  { verb: "return", key: "7", icon: "return", from: ["called", "serving"] },
  { verb: "set-class", key: "8", icon: "person", from: ["called", "serving"] },
  { verb: "reprint", key: "9", icon: "paper", from: ["called", "serving"] },
  { verb: "cancel", key: "0", icon: "cancel", from: ["called"] },
];

/** Whether a verb means anything for the ticket at the counter now. */
export function allowed(verb, ticket) {
  if (!ticket || !VERBS.find((one) => one.verb === verb).from.includes(ticket.state)) return false;
  if (verb === "recall") return !calledEnough(ticket);
  return verb !== "reprint" || ticket.slip !== "none";
}

export function calledEnough(ticket) {
  return ticket.recalls + 1 >= sight.queue.choices.most_calls;
}

export function makeVerbs(pressed) {
  const buttons = VERBS.map((one) => {
    const label = element("span", {}, say(`verb.${one.verb}`));
    const made = element("button", { type: "button", class: "button", "data-verb": one.verb, "aria-keyshortcuts": one.key });
    made.append(icon(one.icon), label, element("kbd", { class: "key" }, one.key));
    made.addEventListener("click", () => pressed(one.verb));
    return made;
  });
  part("verbs").replaceChildren(...buttons);
}

export function drawVerbs(counter, pending) {
  const ticket = counter.ticket;
  const called = ticket?.state === "called";
  const likely = called ? (calledEnough(ticket) ? "no-show" : "start") : "finish";
  for (const button of part("verbs").children) {
    const { verb } = button.dataset;
    const off = Boolean(pending) || !allowed(verb, ticket);
    button.setAttribute("aria-disabled", String(off));
    button.classList.toggle("likely", !off && verb === likely);
  }
}

export function drawNow(counter, waiting, reprint) {
  const ticket = counter.ticket;
  const paused = counter.state === "paused";
  const now = part("now");
  now.className = `card now ${ticket ? counter.state : paused ? "paused idle" : "idle"}`;
  const picture = ticket ? (counter.state === "called" ? "call" : "person") : paused ? "pause" : "seat";
  if (now.dataset.picture !== picture) {
    now.dataset.picture = picture;
    part("now-icon").replaceChildren(icon(picture));
  }
  write(part("now-word"), ticket ? nowWord(ticket) : paused ? pausedWord(counter) : say("officer.now_idle"));
  write(part("number"), ticket ? ticket.number : String(waiting.length));
  part("facts").hidden = !ticket;
  part("beside").hidden = Boolean(ticket);
  drawHalls(counter.shown);
  if (ticket) drawFacts(ticket, reprint);
  else drawBeside(counter, waiting);
}

export function drawSlip(ticket, reprint) {
  const [state, why] = [slipState(ticket), whyUnprinted(ticket)];
  const target = part("fact-slip");
  const shown = `${ticket.id} ${state} ${why}`;
  if (target.dataset.shown === shown) return;
  target.dataset.shown = shown;
  target.replaceChildren(...slipFact(state, why, () => reprint(ticket.id)));
}

export function drawCall(counter, waiting, pending) {
  const button = part("call");
  const paused = counter.state === "paused";
  const off = pending || counter.state === "called" || (!paused && waiting.length === 0);
  button.setAttribute("aria-disabled", String(Boolean(off)));
  button.classList.toggle("waiting", Boolean(pending));
  part("call-icon").setAttribute("href", paused ? "#icon-start" : "#icon-call");
  write(part("call-word"), pending ? say("officer.sending") : say(paused ? "verb.resume" : "verb.call-next"));
  write(part("call-hint"), callHint(counter, waiting, pending));
  part("call-keys").hidden = Boolean(off) || paused;
  part("resume-keys").hidden = Boolean(off) || !paused;
}

function nowWord(ticket) {
  if (ticket.state === "serving") return say("officer.now_serving");
  if (!ticket.recalls) return say("officer.now_called");
  return say("officer.now_recalled", { n: ticket.recalls + 1, most: sight.queue.choices.most_calls });
}

function pausedWord(counter) {
  const why = choiceName(sight.queue.choices.pause_reasons, counter.reason);
  return say("officer.now_paused") + (why ? `: ${why}` : "");
}

function drawFacts(ticket, reprint) {
  write(part("fact-time-name"), say(ticket.state === "serving" ? "officer.served_for" : "officer.called_for"));
  part("fact-time").dataset.since = ticket.state === "serving" ? ticket.since : ticket.called_at;
  const waited = (Date.parse(ticket.called_at) - Date.parse(ticket.issued_at)) / 1000;
  write(part("fact-waited"), duration(Math.max(0, Math.floor(waited))));
  write(part("fact-service"), serviceName(ticket.service));
  write(part("fact-class"), className(ticket.class));
  write(part("fact-meaning"), isOrdinary(ticket) ? "" : inLanguage(classOf(ticket.class)?.meaning));
  drawSlip(ticket, reprint);
}

function drawBeside(counter, waiting) {
  const label = inLanguage(counter.label);
  const paused = counter.state === "paused";
  write(part("lead"), say(paused ? "officer.waiting_paused" : "officer.waiting_for", { counter: label }));
  const until = paused && counter.until ? say("officer.until", { time: counter.until.slice(11, 16) }) : "";
  part("longest").dataset.first = paused ? [until, say("officer.no_calls", { counter: label })].filter(Boolean).join(" ") : "";
  const special = waiting.filter((ticket) => !isOrdinary(ticket)).length;
  part("longest").dataset.longest = waiting.reduce((first, one) => (first && first < one.issued_at ? first : one.issued_at), "");
  part("longest").dataset.special = special ? say("officer.special", { n: special }) : "";
}

function callHint(counter, waiting, pending) {
  if (pending) return pending.times ? say("officer.sending_again", { label: pending.label, n: pending.times }) : pending.label;
  const words = { counter: inLanguage(counter.label), number: counter.ticket?.number };
  if (counter.state === "paused") return say("officer.resume_hint", words);
  if (counter.state === "called") return say(calledEnough(counter.ticket) ? "officer.called_enough" : "officer.call_after", words);
  if (waiting.length === 0) return say("officer.nobody");
  return say(counter.state === "serving" ? "officer.finish_and_call" : "officer.call_hint", words);
}
