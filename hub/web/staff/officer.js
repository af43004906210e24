// The officer's counter: what is pressed, and when what is drawn. What stands on the page follows from the hub's queue.

import { ask, Live } from "/static/site/hub.js";
import { clockTime, duration, element, fill, hubClock, icon, inLanguage, page, part, say, write, writeFigures } from "/static/site/page.js";
import { drawAlarms } from "/static/staff/alarms.js";
import { drawEmergencies } from "/static/staff/emergency.js";
import { drawHelp } from "/static/staff/help.js";
import { answerByKey, askClass, askEnding, askOnward, askPause, askPick } from "/static/staff/officer_dialogs.js";
import { drawHistory, readAgain } from "/static/staff/officer_history.js";
import { drawResting, drawWaiting } from "/static/staff/officer_lists.js";
import { allowed, drawCall, drawNow, drawSlip, drawVerbs, makeVerbs, VERBS } from "/static/staff/officer_now.js";
import { Presses } from "/static/staff/officer_presses.js";
import { own, serviceName, sight, waitingAt } from "/static/staff/officer_sight.js";
import { noteReprint } from "/static/staff/slip.js";

const STATE_ICONS = { open: "done", called: "call", serving: "person", paused: "pause" };

// ---------------------------------------------------------------- pressing

const presses = new Presses({
  changed: draw,
  /** The press counts as under way until the page shows what it led to: what is pressed meanwhile follows it. */
  async answered(answer, one) {
    if (answer.status === 401) return goToSignIn();
    if (answer.ok && one.path.endsWith("/reprint")) {
      noteReprint(one.body.ticket);
      readAgain();
    }
    if (!answer.ok) {
      const instead = one.refused?.[answer.body?.code];
      showTrouble((instead && say(instead)) || inLanguage(answer.body?.message) || say("problem.no_hub"));
    }
    await refresh();
  },
  unanswered(one) {
    showTrouble(say("officer.given_up", { label: one.label }));
    refresh();
  },
});

function press(path, options) {
  hideTrouble();
  presses.press(path, options);
}

function pressAtCounter(verb, body, label = say(`verb.${verb}`)) {
  const counter = own();
  if (counter) press(`/api/v1/counters/${counter.id}/${verb}`, { body, label });
}

/** What a verb asks first, by verb; the others are done at once. */
const QUESTIONS = {
  transfer: (ticket) => askOnward(ticket, own(), (body) => pressAtCounter("transfer", body)),
  "set-class": (ticket) => askClass(ticket, (body) => pressAtCounter("set-class", body)),
  finish: (ticket) => askEnding(ticket, (body) => pressAtCounter("finish", body)),
  reprint: (ticket) => pressAtCounter("reprint", { ticket: ticket.id }),
};

function pressVerb(verb) {
  const ticket = own()?.ticket;
  if (!allowed(verb, ticket) || presses.pending) return;
  if (QUESTIONS[verb]) QUESTIONS[verb](ticket);
  else pressAtCounter(verb);
}

function pressMain() {
  const counter = own();
  if (!counter || part("call").getAttribute("aria-disabled") === "true") return;
  if (counter.state === "paused") pressAtCounter("resume");
  else ended(counter, (body) => pressAtCounter("call-next", body));
}

/** A call ends the visit at the counter: how it ended is asked before. */
function ended(counter, then) {
  if (counter.ticket?.state === "serving") askEnding(counter.ticket, then);
  else then();
}

function callNext() {
  if (own()?.state !== "paused") pressMain();
}

function pick() {
  const counter = own();
  if (!page.picks || !counter || counter.state === "called" || counter.state === "paused") return;
  askPick((ticket, reason) => {
    const label = say("officer.pick_press", { number: ticket.number });
    ended(counter, (body = {}) => pressAtCounter(`call/${ticket.id}`, { ...body, reason }, label));
  });
}

function undo() {
  if (own()?.undo) pressAtCounter("undo");
}

function togglePause() {
  const counter = own();
  if (counter?.state === "paused") pressAtCounter("resume");
  else if (counter?.state === "open") askPause((verb, body) => pressAtCounter(verb, body, say("verb.pause")));
}

function raiseEmergency() {
  if (own()) pressAtCounter("emergency");
}

function reprint(ticket) {
  presses.act(() => pressAtCounter("reprint", { ticket }));
}

function goToDevice(device) {
  const refused = { "not-found": "help.gone" };
  presses.act(() => press(`/api/v1/devices/${device}/help/answer`, { label: say("help.going"), refused }));
}

// ---------------------------------------------------------------- drawing

function draw() {
  const queue = sight.queue;
  if (!queue) return;
  const counter = own();
  part("choose").hidden = counter !== null;
  part("work").hidden = counter === null;
  drawTop(counter);
  drawEmergencies(queue);
  drawHelp(queue.help, goToDevice);
  drawFoot(counter);
  if (counter) drawWork(counter);
  else drawChoice();
  tick();
}

function drawTop(counter) {
  part("plate").hidden = !counter;
  write(part("plate"), counter ? inLanguage(counter.label) : "");
  write(part("services"), counter ? counter.services.map(serviceName).join(", ") : inLanguage(sight.queue.name));
  write(part("person"), page.name);
  const state = part("state");
  const shown = counter?.state ?? "none";
  if (state.dataset.shown !== shown) {
    state.dataset.shown = shown;
    state.className = counter?.state === "paused" ? "state resting" : "state";
    state.replaceChildren(...(counter ? [icon(STATE_ICONS[counter.state]), say(`state.${counter.state}`)] : []));
  }
  part("pause").hidden = !counter || !["open", "paused"].includes(counter.state);
  part("pause-icon").setAttribute("href", counter?.state === "paused" ? "#icon-start" : "#icon-pause");
  write(part("pause-word"), say(counter?.state === "paused" ? "verb.resume" : "verb.pause"));
  part("close").hidden = !counter || counter.state === "serving";
  part("emergency").hidden = !counter;
  document.title = counter ? `${inLanguage(counter.label)} · ${say("officer.title")}` : say("officer.title");
}

function drawChoice() {
  const { counters } = sight.queue;
  part("no-counters").hidden = counters.length > 0;
  fill(part("counters"), counters.map(({ id, label, services, officer }) => ({ id, label, services, officer })), (one) => one.id, (one) => {
    const taken = one.officer !== null;
    const button = element(
      "button",
      { type: "button", class: "button", "aria-disabled": String(taken) },
      element("span", { class: "name" }, inLanguage(one.label)),
      element("span", {}, one.services.map(serviceName).join(", ")),
      element("span", {}, taken ? say("officer.taken", { name: one.officer.display_name }) : say("officer.free")),
    );
    button.addEventListener("click", () => {
      if (!taken) press(`/api/v1/counters/${one.id}/open`, { label: say("verb.open") });
    });
    return element("li", {}, button);
  });
}

function drawWork(counter) {
  const waiting = waitingAt(counter);
  drawNow(counter, waiting, reprint);
  drawCall(counter, waiting, presses.pending);
  drawVerbs(counter, presses.pending);
  drawHistory(counter.ticket, () => drawSlip(own().ticket, reprint));
  drawWaiting(counter, waiting, reprint);
  part("pick").hidden = !page.picks || !sight.queue.choices.pick_reasons.length;
  drawResting(counter, { back: (ticket) => presses.act(() => pressAtCounter("return", { ticket })), reprint });
}

function drawFoot(counter) {
  const { pending } = presses;
  const waiting = pending?.times > 0;
  part("pending").hidden = !waiting;
  if (waiting) write(part("pending"), say("officer.pending", { label: pending.label }));
  part("give-up").hidden = !waiting;
  const undoable = counter?.undo ?? null;
  part("undo").hidden = !undoable || Boolean(pending);
  const key = undoable?.was === undoable?.state ? "officer.undo_same" : `officer.undo_${undoable?.state}`;
  if (undoable) write(part("undo-word"), say(key, { number: undoable.number }));
  const hint = !counter ? "" : counter.state === "paused" ? say("officer.hint_paused") : counter.ticket ? "" : say("officer.hint_idle");
  write(part("foot-hint"), undoable || pending ? "" : hint);
}

function drawLink(live) {
  const lost = live.silence > 15 || presses.pending?.times > 0;
  const target = part("link");
  if (target.dataset.lost === String(lost)) return;
  target.dataset.lost = String(lost);
  target.classList.toggle("lost", lost);
  part("link-icon").replaceChildren(icon(lost ? "lost" : "linked"));
  write(part("link-word"), say(lost ? "officer.link_lost" : "officer.linked"));
}

/** What changes with time alone. */
function tick() {
  drawAlarms(sight.queue);
  writeFigures(part("clock"), clockTime(hubClock.text()));
  for (const one of document.querySelectorAll("li [data-since]")) write(one, duration(hubClock.secondsSince(one.dataset.since)));
  for (const one of document.querySelectorAll("li [data-longest]")) {
    write(one, one.dataset.longest ? say("officer.longest", { time: duration(hubClock.secondsSince(one.dataset.longest)) }) : "");
  }
  const { first, longest, special } = part("longest").dataset;
  const words = longest ? say("officer.longest_wait", { time: duration(hubClock.secondsSince(longest)) }) : say("officer.nobody");
  write(part("longest"), [first, words, special].filter(Boolean).join(" "));
  const since = part("fact-time").dataset.since;
  if (since) writeFigures(part("fact-time"), stopwatch(hubClock.secondsSince(since)));
  const undoable = own()?.undo;
  if (undoable) {
    const left = Math.ceil((Date.parse(undoable.until) - hubClock.now()) / 1000);
    write(part("undo-left"), say("officer.undo_left", { n: Math.max(0, left) }));
    if (left <= 0) part("undo").hidden = true;
  }
}

function stopwatch(seconds) {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (number) => String(number).padStart(2, "0");
  return (hours ? `${hours}:` : "") + `${two(minutes)}:${two(seconds % 60)}`;
}

// ---------------------------------------------------------------- trouble, leaving, hearing, keys

function showTrouble(words) {
  write(part("trouble-word"), words);
  part("trouble").hidden = false;
}

function hideTrouble() {
  part("trouble").hidden = true;
}

function goToSignIn() {
  location.assign("/sign-in");
}

async function signOut() {
  await ask("DELETE", "/api/v1/session");
  goToSignIn();
}

async function refresh() {
  const answer = await ask("GET", "/api/v1/queue");
  if (answer.status === 401) goToSignIn();
  if (!answer.ok) return;
  hear(answer.body);
}

function hear(said) {
  hubClock.hear(said.at);
  const before = sight.queue;
  if (before && said.epoch === before.epoch && said.entry < before.entry) return;
  sight.queue = said;
  presses.sure();
  draw();
}

function hearAlive(said) {
  hubClock.hear(said.at);
  draw();
}

const KEYS = {
  " ": callNext,
  F9: callNext,
  p: togglePause,
  z: undo,
  "/": pick,
  "!": raiseEmergency,
  ...Object.fromEntries(VERBS.map((one) => [one.key, () => pressVerb(one.verb)])),
};

function onKey(event) {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  if (part("ask").open) return answerByKey(event);
  const target = event.target;
  if (target.closest("input, select, textarea")) return;
  const onButton = target.closest("button, a") && target !== part("call");
  if (event.key === " " && onButton) return;
  const deed = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!deed) return;
  event.preventDefault();
  presses.act(deed);
}

/** A click leaves no focus behind, so that the space bar goes on meaning "call"; Tab keeps it. */
function onClick(event) {
  if (event.detail > 0) event.target.closest("button")?.blur();
}

async function leaveIfSignedOut() {
  const answer = await ask("GET", "/api/v1/session");
  if (answer.status === 401) goToSignIn();
}

makeVerbs((verb) => presses.act(() => pressVerb(verb)));
const CLICKS = { call: pressMain, pause: togglePause, close: () => pressAtCounter("close"), emergency: raiseEmergency, pick, "undo-press": undo };
for (const [name, deed] of Object.entries(CLICKS)) part(name).addEventListener("click", () => presses.act(deed));
part("sign-out").addEventListener("click", signOut);
part("give-up").addEventListener("click", () => presses.giveUp());
part("trouble-close").addEventListener("click", hideTrouble);
document.addEventListener("keydown", onKey);
document.addEventListener("click", onClick);
addEventListener("resize", draw);
const live = new Live(
  "/api/v1/events?queue=true",
  { queue: hear, alive: hearAlive, reload: refresh },
  { ended: leaveIfSignedOut },
);
await refresh();
presses.resume();
drawLink(live);
setInterval(() => {
  if (sight.queue) tick();
  drawLink(live);
}, 500);
