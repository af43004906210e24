// What the desk sees of one number, and of those who wait longest: how they stand, and why.

import { clockTime, duration, element, fill, hubClock, icon, inLanguage, part, say, write } from "/static/site/page.js";
import { historyKey, reasonOf, slipState } from "/static/staff/slip.js";

const LIVE = ["waiting", "called", "serving", "held", "no-show"];
const CANCELLABLE = ["waiting", "called", "held", "no-show"];

function label(queue, id) {
  return inLanguage(queue.counters.find((one) => one.id === id)?.label) || id;
}

function serviceName(queue, id) {
  return inLanguage(queue.services.find((one) => one.id === id)?.name) || id;
}

function labels(queue, ids) {
  return ids.map((id) => label(queue, id)).join(", ");
}

/** Why somebody still waits: nobody takes it, nobody who takes it is at work, or others come first. */
export function reason(queue, wait) {
  if (wait.counters.length === 0) return say("reception.why_nobody");
  if (wait.working.length === 0) {
    const stands = wait.counters.map((id) => queue.counters.find((one) => one.id === id));
    const paused = stands.filter((one) => one?.state === "paused").map((one) => one.id);
    if (paused.length) return say("reception.why_paused", { counters: labels(queue, paused) });
    return say("reception.why_closed", { counters: labels(queue, wait.counters) });
  }
  const counters = labels(queue, wait.working);
  if (wait.ahead === 0) return say("reception.why_next", { counters });
  const more = wait.ahead > wait.before.length ? "…" : "";
  return say("reception.why_before", { counters, n: wait.ahead, numbers: wait.before.join(", ") + more });
}

export function drawLongest(queue, show) {
  part("nobody").hidden = queue.longest.length > 0;
  const waits = queue.longest.map((one) => ({ ...one, waited: duration(hubClock.secondsSince(one.since)), why: reason(queue, one) }));
  fill(part("longest"), waits, (one) => one.id, (one) => {
    const number = element("button", { type: "button", class: "button small number" }, one.number);
    number.addEventListener("click", () => show(one.id));
    const ordinary = queue.classes[0]?.id === one.class;
    const kind = inLanguage(queue.classes.find((each) => each.id === one.class)?.name);
    const words = element("p", {}, element("b", {}, serviceName(queue, one.service)), element("span", {}, one.why));
    if (!ordinary) words.append(element("span", { class: "chip" }, kind));
    return element("li", {}, number, words, element("b", { class: "waited" }, one.waited));
  });
}

export function drawFound(queue, found) {
  part("found").hidden = !found;
  part("nothing").hidden = Boolean(found) || !part("unfound").hidden;
  if (!found) return;
  const { ticket, history } = found;
  write(part("found-number"), ticket.number);
  write(part("found-state"), say(`ticket.${ticket.state}`));
  part("reprint").hidden = !LIVE.includes(ticket.state);
  part("cancel").hidden = !CANCELLABLE.includes(ticket.state);
  fill(part("found-facts"), factsOf(queue, found), ([name]) => name, ([name, value]) =>
    element("div", {}, element("dt", {}, say(name)), element("dd", {}, value)));
  const lines = history.map((line, at) => ({ ...line, at_line: at, words: historyWords(queue, line) }));
  fill(part("found-history"), lines, (line) => line.at_line, (line) =>
    element("li", {}, element("time", {}, clockTime(line.at)), element("span", {}, line.words)));
}

function factsOf(queue, { ticket, wait }) {
  const kind = inLanguage(queue.classes.find((one) => one.id === ticket.class)?.name) || ticket.class;
  const places = wait ? wait.counters : ticket.counter ? [ticket.counter] : [];
  return [
    ["officer.service", serviceName(queue, ticket.service)],
    ["reception.counter", labels(queue, places)],
    ["officer.class", kind],
    ["officer.slip", say(`slip.is_${slipState(ticket)}`)],
    ["reception.why", wait ? reason(queue, wait) : ""],
  ].filter(([, value]) => value);
}

function historyWords(queue, line) {
  return say(historyKey(line), {
    reason: reasonOf(line),
    counter: line.counter ? label(queue, line.counter) : "",
    service: line.service ? serviceName(queue, line.service) : "",
    officer: line.officer ?? "",
    n: (line.repeat ?? 0) + 1,
  });
}
