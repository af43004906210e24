// Draws what hangs on the wall. What that is, the server says; here are only words, places and the turning of pages.

import { fitAll } from "./fit.js";
import { clockTime, element, fill, hubClock, icon, inLanguage, part, say, write, writeFigures } from "./page.js";

const LINES = 8;
const MANY = 8;
const TURN_MS = 12000;
const CALM_MS = 1000;
const FADE_MS = 250;

let arrived = null;
let arrivedAt = -CALM_MS;
let sentence = null;

/** Draws the wall. `silent`: since when the server itself has said nothing, null while it speaks. */
export function draw(wall, silent) {
  const lost = wall.lost || silent !== null;
  const updated = wall.lost ? wall.updated_at : silent;
  document.querySelector(".main").dataset.layout = wall.layout;
  write(part("name"), inLanguage(wall.name));
  write(part("media-name"), inLanguage(wall.name));
  drawStamp(lost && updated ? `${say("updated")} ${clockTime(updated)}` : "", wall.layout);
  const calls = wall.calls.map((call) => ({ ...call, fresh: call.fresh && !lost }));
  const desks = wall.desks.map((desk) => ({ ...desk, fresh: desk.fresh && !lost }));
  drawLayout(wall.layout);
  if (wall.layout === "counter") drawPlate(desks[0], calls);
  else drawCalls(calls, desks, wall.layout);
  drawWaiting(wall.services, lost, updated);
  drawSentence(lost ? [say("listen")] : sentences(wall), lost);
  fitAll();
}

/** The clock, and the day. */
export function drawClock() {
  const now = hubClock.text();
  writeFigures(part("clock"), clockTime(now));
  const day = new Date(`${now.slice(0, 10)}T12:00:00Z`);
  const weekday = new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "long", timeZone: "UTC" }).format(day);
  const [year, month, date] = now.slice(0, 10).split("-");
  write(part("date"), `${weekday}\n${date}/${month}/${year}`);
}

function drawLayout(layout) {
  part("left").hidden = part("side").hidden = layout === "counter";
  part("plate").hidden = layout !== "counter";
  part("calls").hidden = layout !== "hall";
  part("desks").hidden = layout !== "zone";
}

function drawStamp(words, layout) {
  const stamp = part("stamp");
  const place = layout === "counter" ? part("plate").lastElementChild : part("lead").parentElement;
  if (stamp.parentElement !== place) place.append(stamp);
  stamp.hidden = !words;
  write(part("stamp-word"), words);
}

// ---------------------------------------------------------------- calls

function drawCalls(calls, desks, layout) {
  const [newest, ...before] = calls;
  part("none").hidden = Boolean(newest);
  part("big").hidden = !newest;
  part("left").classList.toggle("empty", !newest && layout === "hall");
  const fresh = newest?.fresh === true;
  part("spot").classList.toggle("fresh", fresh);
  write(part("lead"), say(fresh ? "invited" : newest ? "latest" : "welcome"));
  part("lead-icon").setAttribute("href", fresh ? "#icon-call" : newest ? "#icon-clock" : "#icon-info");
  if (newest) {
    write(part("number"), newest.number);
    write(part("label"), inLanguage(newest.label));
    part("big").dataset.call = newest.key;
    arrive(newest, part("big"));
  }
  if (layout === "zone") {
    part("desks").classList.toggle("many", desks.length > MANY);
    part("left").classList.toggle("crowded", desks.length > MANY);
    fill(part("desks"), desks, (desk) => desk.counter, (desk) => deskRow(desk, calls));
  } else {
    part("calls").classList.toggle("long", before.some((call) => call.number.length > 5));
    fill(part("calls"), before, (call) => call.key, callRow);
  }
}

function callRow(call) {
  return element(
    "li",
    { class: call.fresh ? "fresh" : null, "data-call": call.key },
    element("span", { class: "number", "data-fit": "" }, call.number),
    icon("arrow"),
    element("span", { class: "label", "data-fit": "" }, inLanguage(call.label)),
  );
}

function deskRow(desk, calls) {
  const call = calls.find((one) => one.counter === desk.counter && one.number === desk.number);
  const word = element("span", { class: "word" }, say(`state_${desk.state}`));
  return element(
    "li",
    { class: [desk.fresh ? "fresh" : "", desk.state].join(" ").trim(), "data-call": call?.key ?? null },
    element("span", { class: "label", "data-fit": "" }, inLanguage(desk.label)),
    desk.number ? element("span", { class: "number" }, desk.number) : word,
  );
}

function drawPlate(desk, calls) {
  const plate = part("plate");
  const call = calls.find((one) => one.counter === desk?.counter && one.number === desk?.number);
  plate.className = ["plate", desk?.fresh ? "fresh" : "", desk?.state ?? "closed"].filter(Boolean).join(" ");
  if (call) plate.dataset.call = call.key;
  else delete plate.dataset.call;
  write(part("plate-label"), desk ? inLanguage(desk.label) : "");
  const word = desk ? say(`state_${desk.state}`) : "";
  part("plate-number").classList.toggle("said", !desk?.number);
  write(part("plate-number"), desk?.number ?? word);
  write(part("plate-word"), desk?.number ? word : "");
  part("plate-icon").setAttribute("href", desk?.fresh ? "#icon-call" : "#icon-clock");
  part("plate-icon").parentElement.toggleAttribute("hidden", !desk?.number);
  if (call) arrive(call, part("plate-number"));
}

/** A new call comes in once, for those who see and those who hear; never so often that it would flicker. */
function arrive(call, where) {
  if (call.key === arrived || !call.fresh) {
    arrived = call.key;
    return;
  }
  arrived = call.key;
  write(part("spoken"), say("spoken", { number: call.number, counter: inLanguage(call.label) }));
  if (performance.now() - arrivedAt < CALM_MS) return;
  arrivedAt = performance.now();
  where.classList.remove("arriving");
  void where.offsetWidth; // begins the motion anew
  where.classList.add("arriving");
}

// ---------------------------------------------------------------- who waits

function drawWaiting(services, lost, updated) {
  const turns = Math.max(1, Math.ceil(services.length / LINES));
  const turn = Math.floor(Date.now() / TURN_MS) % turns;
  const bands = !lost && services.some((one) => one.low !== null);
  const lines = services.slice(turn * LINES, (turn + 1) * LINES).map((one) => ({ ...one, bands }));
  fill(part("waiting"), lines, (one) => one.service, waitingLine);
  part("wait").hidden = services.length === 0;
  part("wait").classList.toggle("plain", !bands && services.every((one) => one.open));
  const pages = turns > 1 ? ` · ${say("turn", { n: turn + 1, of: turns })}` : "";
  const note = lost ? (updated ? `${say("updated")} ${clockTime(updated)}` : "") : bands ? say("columns") : "";
  write(part("wait-note"), `${note}${pages}`.replace(/^ · /, ""));
}

function waitingLine(line) {
  const band = line.bands && line.low !== null ? say("band", line) : "";
  const words = !line.open ? say("not_now") : line.bands ? band : say("people");
  return element(
    "li",
    { class: line.waiting === 0 ? "nobody" : null },
    element("span", { class: "letter" }, line.prefix),
    element("span", { class: "name" }, inLanguage(line.name)),
    element("span", { class: "count number" }, String(line.waiting)),
    element("span", { class: "band" }, words),
  );
}

// ---------------------------------------------------------------- one sentence at a time

function sentences(wall) {
  const own = wall.sentences.map(inLanguage).filter(Boolean);
  return [...hours(wall.hours), ...own];
}

function hours(told) {
  if (!told) return [];
  if (!told.open) return [told.opens_at ? say("closed_until", { time: clockTime(told.opens_at) }) : say("closed")];
  return told.closes_at ? [say("open_until", { time: clockTime(told.closes_at) })] : [];
}

function drawSentence(all, lost) {
  part("foot").hidden = all.length === 0;
  part("foot-icon").setAttribute("href", lost ? "#icon-listen" : "#icon-info");
  const next = all[Math.floor(Date.now() / TURN_MS) % Math.max(1, all.length)] ?? "";
  if (next === sentence) return;
  const place = part("sentence");
  const first = sentence === null;
  sentence = next;
  if (first || matchMedia("(prefers-reduced-motion: reduce)").matches) {
    write(place, next);
    return;
  }
  place.classList.add("leaving");
  setTimeout(() => {
    write(place, sentence);
    fitAll();
    place.classList.remove("leaving");
  }, FADE_MS);
}
