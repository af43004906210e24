// The red strip of emergencies on every page of staff: at which counter somebody is needed at once, with a sound.

import { change } from "/static/site/hub.js";
import { clockTime, element, fill, icon, inLanguage, page, say } from "/static/site/page.js";

const AGAIN_MS = 4000;
const TONES_HZ = [880, 660, 880];
const TONE_S = 0.18;

const sent = new Set();
let strip = null;
let sound = null;
let timer = null;

/** Shows what nobody has answered, and sounds until somebody has. */
export function drawEmergencies(queue) {
  const now = queue.emergencies;
  strip ??= makeStrip();
  strip.hidden = now.length === 0;
  for (const counter of [...sent]) if (!now.some((one) => one.counter === counter)) sent.delete(counter);
  fill(strip.firstElementChild, now, (one) => one.counter, (one) => line(queue, one));
  if (now.length && timer === null) begin();
  if (!now.length && timer !== null) end();
}

function makeStrip() {
  const made = element("section", { class: "emergency", role: "alert", "aria-label": say("emergency.title"), "data-part": "emergencies" });
  made.append(element("ul"));
  document.body.prepend(made);
  return made;
}

function line(queue, one) {
  const counter = inLanguage(queue.counters.find((desk) => desk.id === one.counter)?.label);
  const words = element("b", {}, say("emergency.at", { counter }));
  const since = element("time", { datetime: one.since }, say("help.since", { time: clockTime(one.since) }));
  const made = element("li", {}, icon("warn"), words, since);
  if (!page.helps) return made;
  const label = `${say("help.going")}: ${counter}`;
  const button = element("button", { type: "button", class: "button main", "aria-label": label }, say("help.going"));
  button.addEventListener("click", () => answer(one.counter, button));
  made.append(button);
  return made;
}

async function answer(counter, button) {
  if (sent.has(counter)) return;
  sent.add(counter);
  button.setAttribute("aria-disabled", "true");
  const said = await change(`/api/v1/counters/${counter}/emergency/answer`, { hope: () => sent.has(counter) });
  if (!said.ok && said.body?.code !== "not-found") {
    sent.delete(counter);
    button.removeAttribute("aria-disabled");
  }
}

function begin() {
  play();
  timer = setInterval(play, AGAIN_MS);
}

function end() {
  clearInterval(timer);
  timer = null;
}

/** Three tones. A browser keeps a page silent that nobody has touched yet: the strip is there all the same. */
function play() {
  if (!navigator.userActivation?.hasBeenActive) return;
  sound ??= new AudioContext();
  sound.resume();
  TONES_HZ.forEach((pitch, at) => {
    const [tone, loudness] = [sound.createOscillator(), sound.createGain()];
    const from = sound.currentTime + at * TONE_S;
    tone.frequency.value = pitch;
    loudness.gain.value = 0.4;
    tone.connect(loudness).connect(sound.destination);
    tone.start(from);
    tone.stop(from + TONE_S);
  });
}
