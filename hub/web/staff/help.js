// The banner of calls for staff: at which device somebody waits, since when, and a button for whoever goes there.

import { clockTime, element, fill, icon, part, say } from "/static/site/page.js";

/** Shows the calls that nobody has answered. `going(device)` is told when the button is pressed. */
export function drawHelp(calls, going) {
  part("help").hidden = calls.length === 0;
  fill(part("help-calls"), calls, (one) => one.device, (one) => {
    const label = `${say("help.going")}: ${one.device}`;
    const button = element("button", { type: "button", class: "button main", "aria-label": label }, say("help.going"));
    button.addEventListener("click", () => going(one.device));
    const words = element("b", {}, say("help.wanted", { device: one.device }));
    const since = element("time", { datetime: one.since }, say("help.since", { time: clockTime(one.since) }));
    return element("li", {}, icon("bell"), words, since, button);
  });
}
