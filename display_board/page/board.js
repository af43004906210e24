// The call board: hears its server, draws, says, reports; honest when the server falls silent.

import { fitAll, forgetFits } from "./fit.js";
import { hubClock, page, part, say, write } from "./page.js";
import { confirmDrawn, reportSpeech } from "./reports.js";
import { announce } from "./speech.js";
import { draw, drawClock } from "./wall.js";

const LOST_MS = 15000;
const AGAIN_MS = 3000;
const SILENT_MS = 20000;
const ASIDE_MS = 10000;
const BEAT_MS = 2000;

let scene = page.scene;
let source = null;
let triedAt = 0;
let heardAt = performance.now();
let heardText = page.at;

const hear = {
  wall(told) {
    scene = told;
    show();
  },
  say(told) {
    void announce(told.clips).then((word) => reportSpeech(told, word));
  },
  silence(told) {
    reportSpeech(told, "skipped");
  },
  alive() {},
  identify(told) {
    aside(say("device", told));
  },
  reload() {
    location.reload();
  },
};

function show() {
  draw(scene.wall, silence() > LOST_MS ? heardText : null);
  confirmDrawn(scene.unconfirmed);
}

function silence() {
  return performance.now() - heardAt;
}

function listen() {
  source?.close();
  triedAt = performance.now();
  source = new EventSource(page.addresses.events);
  for (const [name, react] of Object.entries(hear)) {
    source.addEventListener(name, (event) => {
      const told = JSON.parse(event.data);
      heardAt = performance.now();
      if (told.at) {
        hubClock.hear(told.at);
        heardText = told.at;
      }
      react(told);
    });
  }
}

/** A browser does not come back by itself from every end of a stream, and never notices a pulled cable. */
function keepListening() {
  const since = performance.now() - triedAt;
  const closed = source.readyState === EventSource.CLOSED && since > AGAIN_MS;
  if (closed || (silence() > SILENT_MS && since > SILENT_MS)) listen();
}

let asideEnds = 0;

/** Words over the wall, for somebody who stands before it. */
function aside(words) {
  write(part("aside"), words);
  part("aside").hidden = !words;
  clearTimeout(asideEnds);
  if (words) asideEnds = setTimeout(() => aside(""), ASIDE_MS);
}

function beat() {
  void fetch(page.addresses.beat, { method: "POST" }).catch(() => {});
}

document.title = say("title");
for (const one of document.querySelectorAll("[data-say]")) write(one, say(one.dataset.say));
for (const one of document.querySelectorAll("[data-label]")) one.setAttribute("aria-label", say(one.dataset.label));
if (page.picture === false) part("media").hidden = true;
hubClock.hear(page.at);
drawClock();
show();
listen();
setInterval(() => {
  keepListening();
  drawClock();
  show();
}, 1000);
if (page.addresses.beat) {
  beat();
  setInterval(beat, BEAT_MS);
}
addEventListener("resize", () => {
  forgetFits();
  fitAll();
});
document.fonts?.ready.then(() => {
  forgetFits();
  fitAll();
});
