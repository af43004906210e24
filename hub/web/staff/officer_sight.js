// What the hub's queue says about the officer at this page: the counter, who waits for it, names of services.

import { inLanguage, page } from "/static/site/page.js";

export const sight = { queue: null };

export function own() {
  return sight.queue?.counters.find((counter) => counter.officer?.id === page.me) ?? null;
}

export function service(id) {
  return sight.queue.services.find((one) => one.id === id);
}

export function serviceName(id) {
  return inLanguage(service(id)?.name) || id;
}

export function counterName(id) {
  return inLanguage(sight.queue.counters.find((one) => one.id === id)?.label) || id;
}

export function classOf(id) {
  return sight.queue.classes.find((one) => one.id === id);
}

export function className(id) {
  return inLanguage(classOf(id)?.name) || id;
}

/** The name of one of the centre's choices; nothing when it has been taken away meanwhile. */
export function choiceName(choices, id) {
  return inLanguage(choices.find((one) => one.id === id)?.name);
}

export function isOrdinary(ticket) {
  return sight.queue.classes[0]?.id === ticket.class;
}

/** Who waits for a counter: first those sent to it only, then by arrival. */
export function waitingAt(counter) {
  const tickets = counter.services.flatMap((id) => service(id)?.tickets ?? []);
  return [...counter.sent_here, ...tickets.sort((a, b) => a.issued_at.localeCompare(b.issued_at))];
}

/** A number that an officer may call out of turn, as it is typed: `a15` and `A015` are one. */
export function findNumber(text) {
  const bare = (number) => number.toUpperCase().replace(/^([A-Z]+)0*/, "$1");
  const queue = sight.queue;
  const sentOn = queue.counters.flatMap((one) => one.sent_here);
  const all = [...queue.services.flatMap((one) => one.tickets), ...sentOn, ...queue.resting];
  return all.find((one) => bare(one.number) === bare(text.trim())) ?? null;
}
