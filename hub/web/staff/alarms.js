// The strip of alarms: people who wait for nobody or for too long. The hub says from when on; the page keeps the time.

import { clockTime, duration, element, fill, hubClock, icon, inLanguage, part, say } from "/static/site/page.js";

const SHOWN = 2;

/** What is wrong now, by the hub's clock. */
export function standing(queue) {
  return queue.alarms.filter((one) => Date.parse(one.begins) <= hubClock.now());
}

/** Shows what is wrong now in the part `alarms`, and as much of it as has room. */
export function drawAlarms(queue) {
  const now = standing(queue);
  part("alarms").hidden = now.length === 0;
  const lines = now.slice(0, SHOWN).map((one) => ({ key: `${one.kind} ${one.service}`, words: words(queue, one) }));
  if (now.length > SHOWN) lines.push({ key: "more", words: say("alarm.more", { n: now.length - SHOWN }) });
  fill(part("alarms-now"), lines, (one) => one.key, (one) => element("li", {}, icon("clock"), element("span", {}, one.words)));
}

function words(queue, alarm) {
  const service = inLanguage(queue.services.find((one) => one.id === alarm.service)?.name);
  const label = (id) => inLanguage(queue.counters.find((one) => one.id === id)?.label);
  const values = {
    n: alarm.waiting,
    number: alarm.number,
    service,
    time: clockTime(alarm.since),
    counters: alarm.paused.map(label).join(", "),
    target: alarm.target_min,
    wait: duration(hubClock.secondsSince(alarm.since)),
  };
  return say(alarm.kind === "unserved" && alarm.paused.length ? "alarm.paused" : `alarm.${alarm.kind}`, values);
}
