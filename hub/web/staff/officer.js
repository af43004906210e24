// The officer's counter. What stands on the page follows from the hub's queue alone; presses go out one at a time,
// each under its own id, and are sent again until the hub has answered.

import { ask, change, Live } from "/static/site/hub.js";
import { drawAlarms } from "/static/staff/alarms.js";
import { drawHalls } from "/static/staff/halls.js";
import { drawHelp } from "/static/staff/help.js";
import { historyKey, noteReprint, reasonOf, slipFact, slipNote, slipState, whyNot } from "/static/staff/slip.js";
import {
  clockTime, duration, element, fill, hubClock, icon, inLanguage, newId, page, part, say, write, writeFigures,
} from "/static/site/page.js";

const VERBS = [
  { verb: "recall", key: "1", icon: "call", from: ["called"] },
  { verb: "start", key: "2", icon: "start", from: ["called"] },
  { verb: "finish", key: "3", icon: "done", from: ["serving"] },
  { verb: "no-show", key: "4", icon: "absent", from: ["called"] },
  { verb: "hold", key: "5", icon: "hold", from: ["called", "serving"] },
  { verb: "transfer", key: "6", icon: "transfer", from: ["called", "serving"] },
  { verb: "return", key: "7", icon: "return", from: ["called", "serving"] },
  { verb: "cancel", key: "0", icon: "cancel", from: ["called"] },
];
const HISTORY_ICONS = {
  TicketIssued: "ticket", TicketCalled: "call", TicketRecalled: "call", ServiceStarted: "start", ServiceFinished: "done",
  CallNotShown: "warn", TicketNotCome: "absent", TicketHeld: "hold", TicketReturned: "return", TicketTransferred: "transfer",
  TicketCancelled: "cancel", MoveUndone: "undo", SlipPrinted: "paper", SlipFailed: "warn", ReprintOrdered: "paper",
};
const STATE_ICONS = { open: "done", called: "call", serving: "person", paused: "pause" };
const SHOWN_WAITING = 12;
const KEPT_PRESS_MS = 60000;
const TWICE_MS = 400;
const MEANT_MS = 5000;
const PENDING = "motcua-press";

let queue = null;
let pending = null;
let meant = null;
let answered = { what: "", at: -Infinity };
let history = { ticket: null, since: null, lines: [] };

// ---------------------------------------------------------------- what the queue says about this officer

function own() {
  return queue?.counters.find((counter) => counter.officer?.id === page.me) ?? null;
}

function service(id) {
  return queue.services.find((one) => one.id === id);
}

function serviceName(id) {
  return inLanguage(service(id)?.name) || id;
}

function className(id) {
  return inLanguage(queue.classes.find((one) => one.id === id)?.name) || id;
}

function isOrdinary(ticket) {
  return queue.classes[0]?.id === ticket.class;
}

function waitingAt(counter) {
  const tickets = counter.services.flatMap((id) => service(id)?.tickets ?? []);
  return tickets.sort((a, b) => a.issued_at.localeCompare(b.issued_at));
}

// ---------------------------------------------------------------- pressing

/** Does it now or, while a press is under way, right after it; of several the last, and none that is old by then. */
function act(deed) {
  if (pending) meant = { deed, at: performance.now() };
  else deed();
}

function actAsMeant() {
  const next = meant;
  meant = null;
  if (next && performance.now() - next.at < MEANT_MS) next.deed();
}

/** `refused`: what to say instead of the hub's own words, by the code of the refusal. */
function press(path, { body, label, refused }) {
  const twice = answered.what === what(path, body) && performance.now() - answered.at < TWICE_MS;
  if (pending || twice) return;
  send({ path, body, key: newId(), label, refused, at: Date.now() });
}

/** Tells a press hit twice from the same press on another number. */
function what(path, body) {
  return JSON.stringify([path, body ?? null]);
}

async function send(one) {
  pending = { ...one, times: 0 };
  sessionStorage.setItem(PENDING, JSON.stringify(one));
  hideTrouble();
  draw();
  const answer = await change(one.path, {
    body: one.body,
    key: one.key,
    hope(times) {
      if (pending?.key !== one.key) return false;
      pending.times = times;
      draw();
      return true;
    },
  });
  if (pending?.key !== one.key) return;
  answered = { what: what(one.path, one.body), at: performance.now() };
  if (answer.ok && one.path.endsWith("/reprint")) {
    noteReprint(one.body.ticket);
    history.since = null;
  }
  settle(answer, one.refused);
}

/** The press counts as under way until the page shows what it led to: what is pressed meanwhile follows it. */
async function settle(answer, refused) {
  const settled = pending;
  sessionStorage.removeItem(PENDING);
  if (answer.status === 401) return goToSignIn();
  if (!answer.ok) {
    meant = null;
    const instead = refused?.[answer.body?.code];
    showTrouble((instead && say(instead)) || inLanguage(answer.body?.message) || say("problem.no_hub"));
  }
  await refresh();
  if (pending !== settled) return;
  pending = null;
  draw();
  actAsMeant();
}

function giveUp() {
  pending = null;
  meant = null;
  sessionStorage.removeItem(PENDING);
  draw();
  refresh();
}

/** A press that was under way when the page was left or reloaded is asked about again: under its id that is safe. */
function resume() {
  const kept = sessionStorage.getItem(PENDING);
  if (!kept) return;
  const one = JSON.parse(kept);
  if (Date.now() - one.at < KEPT_PRESS_MS) send(one);
  else sessionStorage.removeItem(PENDING);
}

function pressAtCounter(verb, body) {
  const counter = own();
  if (counter) press(`/api/v1/counters/${counter.id}/${verb}`, { body, label: say(`verb.${verb}`) });
}

function pressVerb(verb) {
  const counter = own();
  const allowed = VERBS.find((one) => one.verb === verb).from.includes(counter?.ticket?.state);
  if (!allowed || pending) return;
  if (verb === "transfer") askOnward(counter.ticket);
  else pressAtCounter(verb);
}

function pressMain() {
  const counter = own();
  if (!counter || part("call").getAttribute("aria-disabled") === "true") return;
  pressAtCounter(counter.state === "paused" ? "resume" : "call-next");
}

function callNext() {
  if (own()?.state !== "paused") pressMain();
}

function undo() {
  if (own()?.undo) pressAtCounter("undo");
}

function togglePause() {
  const counter = own();
  if (counter?.state === "paused") pressAtCounter("resume");
  else if (counter?.state === "open") pressAtCounter("pause");
}

function reprint(ticket) {
  act(() => pressAtCounter("reprint", { ticket }));
}

function goToDevice(device) {
  const refused = { "not-found": "help.gone" };
  act(() => press(`/api/v1/devices/${device}/help/answer`, { label: say("help.going"), refused }));
}

// ---------------------------------------------------------------- drawing

function draw() {
  if (!queue) return;
  const counter = own();
  part("choose").hidden = counter !== null;
  part("work").hidden = counter === null;
  drawTop(counter);
  drawHelp(queue.help, goToDevice);
  drawFoot(counter);
  if (counter) drawWork(counter);
  else drawChoice();
  tick();
}

function drawTop(counter) {
  part("plate").hidden = !counter;
  write(part("plate"), counter ? inLanguage(counter.label) : "");
  write(part("services"), counter ? counter.services.map(serviceName).join(", ") : inLanguage(queue.name));
  write(part("person"), page.name);
  const state = part("state");
  const shown = counter?.state ?? "none";
  if (state.dataset.shown !== shown) {
    state.dataset.shown = shown;
    state.className = counter?.state === "paused" ? "state resting" : "state";
    state.replaceChildren(...(counter ? [icon(STATE_ICONS[counter.state]), say(`state.${counter.state}`)] : []));
  }
  const canPause = counter && ["open", "paused"].includes(counter.state);
  part("pause").hidden = !canPause;
  part("pause-icon").setAttribute("href", counter?.state === "paused" ? "#icon-start" : "#icon-pause");
  write(part("pause-word"), say(counter?.state === "paused" ? "verb.resume" : "verb.pause"));
  part("close").hidden = !counter || counter.state === "serving";
  document.title = counter ? `${inLanguage(counter.label)} · ${say("officer.title")}` : say("officer.title");
}

function drawChoice() {
  part("no-counters").hidden = queue.counters.length > 0;
  fill(part("counters"), queue.counters, (one) => one.id, (one) => {
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
  drawNow(counter, waiting);
  drawCall(counter, waiting);
  drawVerbs(counter);
  drawHistory(counter);
  drawWaiting(counter, waiting);
  drawResting(counter);
}

function drawNow(counter, waiting) {
  const ticket = counter.ticket;
  const now = part("now");
  now.className = `card now ${ticket ? counter.state : counter.state === "paused" ? "paused idle" : "idle"}`;
  const picture = ticket ? (counter.state === "called" ? "call" : "person") : counter.state === "paused" ? "pause" : "seat";
  if (now.dataset.picture !== picture) {
    now.dataset.picture = picture;
    part("now-icon").replaceChildren(icon(picture));
  }
  write(part("now-word"), ticket ? nowWord(ticket) : say(counter.state === "paused" ? "officer.now_paused" : "officer.now_idle"));
  write(part("number"), ticket ? ticket.number : String(waiting.length));
  part("facts").hidden = !ticket;
  part("beside").hidden = Boolean(ticket);
  drawHalls(counter.shown);
  if (ticket) drawFacts(ticket);
  else drawBeside(counter, waiting);
}

function nowWord(ticket) {
  if (ticket.state === "serving") return say("officer.now_serving");
  return ticket.recalls ? say("officer.now_recalled", { n: ticket.recalls + 1 }) : say("officer.now_called");
}

function drawFacts(ticket) {
  write(part("fact-time-name"), say(ticket.state === "serving" ? "officer.served_for" : "officer.called_for"));
  part("fact-time").dataset.since = ticket.state === "serving" ? ticket.since : ticket.called_at;
  const waited = (Date.parse(ticket.called_at) - Date.parse(ticket.issued_at)) / 1000;
  write(part("fact-waited"), duration(Math.max(0, Math.floor(waited))));
  write(part("fact-service"), serviceName(ticket.service));
  write(part("fact-class"), className(ticket.class));
  drawSlip(ticket);
}

function drawSlip(ticket) {
  const [state, why] = [slipState(ticket), history.ticket === ticket.id ? whyNot(history.lines) : ""];
  const target = part("fact-slip");
  const shown = `${ticket.id} ${state} ${why}`;
  if (target.dataset.shown === shown) return;
  target.dataset.shown = shown;
  target.replaceChildren(...slipFact(state, why, () => reprint(ticket.id)));
}

function drawBeside(counter, waiting) {
  const label = inLanguage(counter.label);
  const paused = counter.state === "paused";
  write(part("lead"), say(paused ? "officer.waiting_paused" : "officer.waiting_for", { counter: label }));
  part("longest").dataset.first = paused ? say("officer.no_calls", { counter: label }) : "";
  const special = waiting.filter((ticket) => !isOrdinary(ticket)).length;
  part("longest").dataset.longest = waiting[0]?.issued_at ?? "";
  part("longest").dataset.special = special ? say("officer.special", { n: special }) : "";
}

function drawCall(counter, waiting) {
  const button = part("call");
  const paused = counter.state === "paused";
  const off = pending || counter.state === "called" || (!paused && waiting.length === 0);
  button.setAttribute("aria-disabled", String(Boolean(off)));
  button.classList.toggle("waiting", Boolean(pending));
  part("call-icon").setAttribute("href", paused ? "#icon-start" : "#icon-call");
  write(part("call-word"), pending ? say("officer.sending") : say(paused ? "verb.resume" : "verb.call-next"));
  write(part("call-hint"), callHint(counter, waiting));
  part("call-keys").hidden = Boolean(off) || paused;
  part("resume-keys").hidden = Boolean(off) || !paused;
}

function callHint(counter, waiting) {
  if (pending) return pending.times ? say("officer.sending_again", { label: pending.label, n: pending.times }) : pending.label;
  if (counter.state === "paused") return say("officer.resume_hint", { counter: inLanguage(counter.label) });
  if (counter.state === "called") return say("officer.call_after", { number: counter.ticket.number });
  if (waiting.length === 0) return say("officer.nobody");
  if (counter.state === "serving") return say("officer.finish_and_call", { number: counter.ticket.number });
  return say("officer.call_hint", { counter: inLanguage(counter.label) });
}

function drawVerbs(counter) {
  const state = counter.ticket?.state;
  const likely = { called: "start", serving: "finish" }[state];
  for (const button of part("verbs").children) {
    const { verb } = button.dataset;
    const off = Boolean(pending) || !VERBS.find((one) => one.verb === verb).from.includes(state);
    button.setAttribute("aria-disabled", String(off));
    button.classList.toggle("likely", !off && verb === likely);
  }
}

function makeVerbs() {
  const buttons = VERBS.map((one) => {
    const label = element("span", {}, say(`verb.${one.verb}`));
    const made = element("button", { type: "button", class: "button", "data-verb": one.verb, "aria-keyshortcuts": one.key });
    made.append(icon(one.icon), label, element("kbd", { class: "key" }, one.key));
    made.addEventListener("click", () => act(() => pressVerb(one.verb)));
    return made;
  });
  part("verbs").replaceChildren(...buttons);
}

function drawHistory(counter) {
  const ticket = counter.ticket;
  write(part("history-title"), ticket ? say("officer.history_of", { number: ticket.number }) : say("officer.history"));
  part("no-history").hidden = Boolean(ticket);
  if (!ticket) fill(part("history"), [], () => "", () => null);
  if (ticket && (history.ticket !== ticket.id || history.since !== stand(ticket))) readHistory(ticket);
}

/** What tells whether anything has happened to a ticket. */
function stand({ state, since, recalls, slip, copies }) {
  const missing = own().shown.filter((hall) => hall.seen === "missing").length;
  return [state, since, recalls, slip, copies, missing].join(" ");
}

async function readHistory(ticket) {
  const known = history.ticket === ticket.id ? history.lines : [];
  history = { ticket: ticket.id, since: stand(ticket), lines: known };
  const answer = await ask("GET", `/api/v1/tickets/${ticket.id}`);
  if (!answer.ok || own()?.ticket?.id !== ticket.id) return;
  const lines = answer.body.history.map((line, at) => ({ ...line, at_line: at }));
  history.lines = lines;
  drawSlip(own().ticket);
  fill(part("history"), lines, (line) => line.at_line, (line) =>
    element("li", {}, element("time", {}, clockTime(line.at)), icon(HISTORY_ICONS[line.what] ?? "info"), element("span", {}, historyWord(line))),
  );
}

function historyWord(line) {
  const counter = queue.counters.find((one) => one.id === line.counter);
  return say(historyKey(line), {
    reason: reasonOf(line),
    counter: inLanguage(counter?.label),
    service: line.service ? serviceName(line.service) : "",
    officer: line.officer ?? "",
    n: (line.repeat ?? 0) + 1,
  });
}

function drawWaiting(counter, waiting) {
  const label = inLanguage(counter.label);
  const busy = Boolean(counter.ticket);
  write(part("waiting-title"), say(busy ? "officer.waiting_list" : "officer.takes", { counter: label }));
  write(part("waiting-count"), say("officer.people", { n: waiting.length }));
  part("nobody").hidden = !busy || waiting.length > 0;
  if (busy) fill(part("waiting"), waiting.slice(0, SHOWN_WAITING).map(withSlip), (one) => one.id, waitingLine);
  else fill(part("waiting"), counter.services.map((id) => ({ id, tickets: service(id)?.tickets ?? [] })), (one) => `service-${one.id}`, serviceLine);
  showWhole(busy ? waiting.length : 0);
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
function withSlip(ticket) {
  return { ...ticket, shown_slip: slipState(ticket) };
}

function waitingLine(ticket) {
  const kind = isOrdinary(ticket) ? element("span", {}, className(ticket.class)) : element("span", {}, element("span", { class: "chip" }, className(ticket.class)));
  const since = element("span", { "data-since": ticket.issued_at });
  const note = slipNote(ticket.shown_slip, () => reprint(ticket.id));
  return element("li", {}, element("b", { class: "number" }, ticket.number), kind, since, ...note);
}

function serviceLine({ id, tickets }) {
  const longest = element("small", { "data-longest": tickets[0]?.issued_at ?? "" });
  return element(
    "li",
    { class: "services" },
    element("span", { class: "letter" }, service(id)?.prefix ?? ""),
    element("b", {}, serviceName(id)),
    element("span", {}, element("b", {}, say("officer.people", { n: tickets.length })), longest),
  );
}

function drawResting(counter) {
  const resting = queue.resting.filter((ticket) => counter.services.includes(ticket.service) || ticket.counter === counter.id);
  write(part("resting-count"), resting.length ? say("officer.tickets", { n: resting.length }) : "");
  part("no-resting").hidden = resting.length > 0;
  fill(part("resting"), resting.map(withSlip), (one) => one.id, (ticket) => {
    const back = element("button", { type: "button", class: "button small" }, icon("return"), say("verb.return"));
    back.addEventListener("click", () => act(() => pressAtCounter("return", { ticket: ticket.id })));
    const word = say(ticket.state === "held" ? "officer.held" : "officer.missed");
    return element(
      "li",
      {},
      element("b", { class: "number" }, ticket.number),
      element("span", {}, word),
      element("span", { "data-since": ticket.since }),
      element("span", { class: "resting-actions" }, back),
      ...slipNote(ticket.shown_slip, () => reprint(ticket.id)),
    );
  });
}

function drawFoot(counter) {
  const waiting = pending?.times > 0;
  part("pending").hidden = !waiting;
  if (waiting) write(part("pending"), say("officer.pending", { label: pending.label }));
  part("give-up").hidden = !waiting;
  const undo = counter?.undo ?? null;
  part("undo").hidden = !undo || Boolean(pending);
  if (undo) write(part("undo-word"), say(`officer.undo_${undo.state}`, { number: undo.number }));
  const hint = !counter ? "" : counter.state === "paused" ? say("officer.hint_paused") : counter.ticket ? "" : say("officer.hint_idle");
  write(part("foot-hint"), undo || pending ? "" : hint);
}

function drawLink(live) {
  const lost = live.silence > 15 || pending?.times > 0;
  const target = part("link");
  if (target.dataset.lost === String(lost)) return;
  target.dataset.lost = String(lost);
  target.classList.toggle("lost", lost);
  part("link-icon").replaceChildren(icon(lost ? "lost" : "linked"));
  write(part("link-word"), say(lost ? "officer.link_lost" : "officer.linked"));
}

/** What changes with time alone. */
function tick() {
  drawAlarms(queue);
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
  const undo = own()?.undo;
  if (undo) {
    const left = Math.ceil((Date.parse(undo.until) - hubClock.now()) / 1000);
    write(part("undo-left"), say("officer.undo_left", { n: Math.max(0, left) }));
    if (left <= 0) part("undo").hidden = true;
  }
}

function stopwatch(seconds) {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (number) => String(number).padStart(2, "0");
  return (hours ? `${hours}:` : "") + `${two(minutes)}:${two(seconds % 60)}`;
}

// ---------------------------------------------------------------- sending on to another service

function askOnward(ticket) {
  const dialog = part("onward");
  write(part("onward-title"), say("officer.onward", { number: ticket.number }));
  const others = queue.services.filter((one) => one.id !== ticket.service);
  const lines = others.map((one, at) => {
    const key = at < 9 ? String(at + 1) : null;
    const button = element("button", { type: "button", class: "button", "data-digit": key });
    button.append(element("span", { class: "letter" }, one.prefix), element("span", {}, inLanguage(one.name)));
    if (key) button.append(element("kbd", { class: "key" }, key));
    button.addEventListener("click", () => {
      dialog.close();
      pressAtCounter("transfer", { service: one.id, ticket: ticket.id });
    });
    return element("li", {}, button);
  });
  part("onward-services").replaceChildren(...lines);
  dialog.showModal();
}

// ---------------------------------------------------------------- trouble, leaving, keys

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
  if (answer.ok) hear(answer.body);
}

function hear(said) {
  hubClock.hear(said.at);
  if (queue && said.epoch === queue.epoch && said.entry < queue.entry) return;
  queue = said;
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
  ...Object.fromEntries(VERBS.map((one) => [one.key, () => pressVerb(one.verb)])),
};

function onKey(event) {
  const dialog = part("onward");
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  if (dialog.open) return dialog.querySelector(`[data-digit="${CSS.escape(event.key)}"]`)?.click();
  const target = event.target;
  if (target.closest("input, select, textarea")) return;
  const onButton = target.closest("button, a") && target !== part("call");
  if (event.key === " " && onButton) return;
  const deed = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!deed) return;
  event.preventDefault();
  act(deed);
}

/** A click leaves no focus behind, so that the space bar goes on meaning "call"; Tab keeps it. */
function onClick(event) {
  if (event.detail > 0) event.target.closest("button")?.blur();
}

async function leaveIfSignedOut() {
  const answer = await ask("GET", "/api/v1/session");
  if (answer.status === 401) goToSignIn();
}

makeVerbs();
part("call").addEventListener("click", () => act(pressMain));
part("pause").addEventListener("click", () => act(togglePause));
part("close").addEventListener("click", () => act(() => pressAtCounter("close")));
part("sign-out").addEventListener("click", signOut);
part("undo-press").addEventListener("click", () => act(undo));
part("give-up").addEventListener("click", giveUp);
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
resume();
drawLink(live);
setInterval(() => {
  if (queue) tick();
  drawLink(live);
}, 500);
