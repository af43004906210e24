// The call board: the newest call large, those before it as rows, who waits. Right from its first picture on, and
// honest when the hub falls silent.

import { Live } from "/static/site/hub.js";
import { clockTime, element, fill, hubClock, icon, inLanguage, page, part, say, write, writeFigures } from "/static/site/page.js";

const FRESH_S = 20;
const LOST_S = 15;
const ROWS = 8;
const LINES = 10;
const TURN_S = 12;
const SMALLEST = 0.3;
const WRAPPED_FROM = 0.6;

let state = page.state;
let updatedAt = page.at;
let lost = false;
let spotted = null;

hubClock.hear(page.at);

function hearCall(call) {
  if (call.board !== page.board || call.epoch !== state.epoch) return;
  const others = state.calls.filter((one) => one.number !== call.number);
  const made = { number: call.number, counter: call.counter, label: call.label, called_at: call.at, repeat: call.repeat };
  state = { ...state, calls: [made, ...others].slice(0, ROWS) };
  heard(call.at);
}

function hearBoard(said) {
  if (said.board !== page.board) return;
  state = said;
  heard();
}

function hearAlive(said) {
  hubClock.hear(said.at);
  heard(said.at);
}

function heard(at = hubClock.text()) {
  updatedAt = at;
  draw();
}

// ---------------------------------------------------------------- drawing

function isFresh(call) {
  return !lost && hubClock.secondsSince(call.called_at) < FRESH_S;
}

function draw() {
  const [newest, ...before] = state.calls;
  drawSpot(newest);
  const rows = before.slice(0, ROWS).map((call) => ({ ...call, fresh: isFresh(call) }));
  fill(part("calls"), rows, (call) => call.number, callRow);
  drawWaiting();
  drawFoot();
  fitAll();
}

function drawSpot(call) {
  part("none").hidden = Boolean(call);
  part("big").hidden = !call;
  part("left").classList.toggle("empty", !call);
  const fresh = Boolean(call) && isFresh(call);
  part("spot").classList.toggle("fresh", fresh);
  write(part("lead"), say(fresh ? "board.invited" : call ? "board.latest" : "board.welcome"));
  part("lead-icon").setAttribute("href", fresh ? "#icon-call" : call ? "#icon-hold" : "#icon-info");
  part("stamp").hidden = !lost;
  write(part("stamp-word"), stamp());
  if (!call) return;
  write(part("number"), call.number);
  write(part("label"), inLanguage(call.label));
  const shown = `${call.number} ${call.called_at} ${call.repeat}`;
  if (shown !== spotted && fresh) announce(call);
  spotted = shown;
}

function announce(call) {
  write(part("spoken"), say("board.spoken", { number: call.number, counter: inLanguage(call.label) }));
  part("spot").classList.remove("arriving");
  void part("spot").offsetWidth; // begins the motion anew for a number called again
  part("spot").classList.add("arriving");
}

function callRow(call) {
  return element(
    "li",
    { class: call.fresh ? "fresh" : null },
    element("span", { class: "number", "data-fit": "" }, call.number),
    icon("arrow"),
    element("span", { class: "label", "data-fit": "" }, inLanguage(call.label)),
  );
}

function drawWaiting() {
  const lines = state.waiting;
  const turns = Math.max(1, Math.ceil(lines.length / LINES));
  const turn = Math.floor(Date.now() / 1000 / TURN_S) % turns;
  fill(part("waiting"), lines.slice(turn * LINES, (turn + 1) * LINES), (one) => one.service, waitingLine);
  const pages = turns > 1 ? say("board.turn", { n: turn + 1, of: turns }) : "";
  write(part("wait-stamp"), lost ? stamp() : pages);
}

function waitingLine(line) {
  const wait = line.wait ? say("board.wait", { low: minutes(line.wait.low_s), high: minutes(line.wait.high_s) }) : say("board.person");
  return element(
    "li",
    { class: line.waiting === 0 ? "nobody" : null },
    element("span", { class: "letter" }, line.prefix),
    element("span", { class: "name" }, inLanguage(line.name)),
    element("span", { class: "count" }, element("b", {}, String(line.waiting)), " ", element("span", {}, lost ? say("board.person") : wait)),
  );
}

function minutes(seconds) {
  return Math.max(1, Math.round(seconds / 60));
}

function drawFoot() {
  const notice = lost ? say("board.listen") : inLanguage(state.notice);
  part("foot").hidden = !notice;
  part("foot-icon").setAttribute("href", lost ? "#icon-call" : "#icon-info");
  write(part("notice"), notice);
}

function stamp() {
  return say("board.updated", { time: clockTime(updatedAt) });
}

function drawClock() {
  const now = hubClock.text();
  writeFigures(part("clock"), clockTime(now));
  const day = new Date(`${now.slice(0, 10)}T12:00:00Z`);
  const weekday = new Intl.DateTimeFormat(page.language, { weekday: "long", timeZone: "UTC" }).format(day);
  const [year, month, date] = now.slice(0, 10).split("-");
  write(part("date"), `${weekday}\n${date}/${month}/${year}`);
}

/** Words too wide for their place become smaller, and long ones take two lines; none is cut. */
function fitAll() {
  for (const one of document.querySelectorAll("[data-fit]")) {
    const content = `${one.textContent}|${one.clientWidth}`;
    if (one.dataset.fitted === content) continue;
    one.dataset.fitted = content;
    one.style.fontSize = "";
    one.classList.remove("wrapped");
    const size = parseFloat(getComputedStyle(one).fontSize);
    for (let scale = 0.95; overflows(one) && scale > SMALLEST; scale -= 0.05) {
      one.classList.toggle("wrapped", scale < WRAPPED_FROM);
      one.style.fontSize = `${size * scale}px`;
    }
  }
}

/** Beside its width, wrapped words have a height to keep to; letters with marks may stand out of theirs a little. */
function overflows(one) {
  const marks = parseFloat(getComputedStyle(one).fontSize) * 0.25;
  return one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + marks;
}

// ---------------------------------------------------------------- going on

const live = new Live(`/api/v1/events?board=${page.board}`, {
  board: hearBoard,
  call: hearCall,
  alive: hearAlive,
  waiting: (said) => hubClock.hear(said.at),
  reload: () => location.reload(),
});
addEventListener("resize", draw);
document.fonts?.ready.then(() => {
  for (const one of document.querySelectorAll("[data-fit]")) delete one.dataset.fitted;
  fitAll();
});
draw();
drawClock();
setInterval(() => {
  lost = live.silence > LOST_S;
  drawClock();
  draw();
}, 1000);
