// Follow my ticket. The page asks the hub for events of this one ticket; giving the number back is asked twice.
// It runs on phones from 2021 on: Chromium 96, Safari 14.1.

import { allow, isAllowed, ring } from "/static/portal/bell.js";
import { Question } from "/static/portal/question.js";
import { ask, change, Live } from "/static/site/hub.js";
import { clockTime, element, fill, hubClock, icon, inLanguage, page, part, say, write } from "/static/site/page.js";

const SHOWN_PEOPLE = 8;
const LOST_S = 40;
const TRIES = 6;
const OVER = ["finished", "cancelled", "ended", "unknown"];
const OVER_FOR_MS = 60000;
const BELL_WHEN = ["waiting", "held", "no-show"];

const { title } = document;
let ticket = page.state;
let rung = callOf(ticket);
let overSince = null;

function hear(said) {
  ticket = said;
  hubClock.hear(said.at);
  draw();
  const call = callOf(ticket);
  if (call && call !== rung) ring();
  rung = call;
  overSince = OVER.includes(ticket.state) ? overSince ?? Date.now() : null;
}

/** What tells one call from another. */
function callOf(said) {
  return said.state === "called" ? `${said.counter?.id} ${said.calls}` : null;
}

function draw() {
  const called = ticket.state === "called";
  const over = OVER.includes(ticket.state);
  part("go").hidden = part("come").hidden = !called;
  part("mine").hidden = part("standing").hidden = called;
  part("note").hidden = over;
  part("cancel").hidden = !ticket.can_cancel;
  drawCall();
  write(part("counters"), ticket.state === "waiting" ? places() : "");
  write(part("standing-word"), standing());
  write(part("standing-hint"), hint());
  drawPeople();
  drawBell();
  drawUpdated();
}

function drawCall() {
  const counter = ticket.counter;
  write(part("place"), inLanguage(counter?.label));
  part("where").parentElement.hidden = !inLanguage(counter?.where);
  write(part("where"), inLanguage(counter?.where));
  const time = ticket.called_at ? clockTime(ticket.called_at) : "";
  write(part("called"), say("follow.called", { time, n: ticket.calls }));
  document.title = ticket.state === "called" ? `${inLanguage(counter?.label)} · ${ticket.number}` : title;
}

function standing() {
  if (ticket.state !== "waiting") return say(`follow.state_${ticket.state}`, { counter: inLanguage(ticket.counter?.label) });
  return ticket.people_ahead === 0 ? say("follow.next") : say("follow.ahead", { n: ticket.people_ahead });
}

function hint() {
  if (ticket.state === "waiting") return say(ticket.people_ahead < 3 ? "follow.stay" : "follow.may_go");
  if (["no-show", "held", "unknown"].includes(ticket.state)) return say(`follow.hint_${ticket.state}`);
  return "";
}

function places() {
  return ticket.counters.map((one) => inLanguage(one.label)).join(` ${say("follow.or")} `);
}

function drawPeople() {
  const waiting = ticket.state === "waiting" && ticket.people_ahead < SHOWN_PEOPLE;
  const people = waiting ? [...Array(ticket.people_ahead).keys(), "me"] : [];
  fill(part("people"), people, (one) => one, (one) => element("li", { class: one === "me" ? "me" : null }, icon("person")));
}

/** The sound is offered while there is still a call to come. */
function drawBell() {
  const on = isAllowed();
  const wanted = BELL_WHEN.includes(ticket.state);
  part("bell").hidden = on || !wanted;
  write(part("note-word"), say(on ? "follow.bell_on" : "follow.keep_open"));
  part("note").hidden = !wanted;
}

function drawUpdated() {
  const over = overSince !== null && Date.now() - overSince > OVER_FOR_MS;
  if (over) live.close();
  const lost = !over && live.silence > LOST_S;
  const time = clockTime(ticket.at, { seconds: true });
  part("out-of-touch").hidden = !lost;
  write(part("out-of-touch-word"), lost ? say("follow.out_of_touch", { time: clockTime(ticket.at) }) : "");
  part("updated").parentElement.classList.toggle("lost", lost);
  write(part("updated"), say(over ? "follow.final" : lost ? "follow.lost" : "follow.updated", { time }));
}

async function giveBack() {
  sure.close();
  part("cancel").disabled = true;
  part("trouble").hidden = true;
  write(part("cancel-word"), say("follow.sending"));
  const answer = await change(`/t/${page.token}/cancel`, {
    hope(times) {
      write(part("cancel-word"), say("follow.sending_again"));
      return times < TRIES;
    },
  });
  part("cancel").disabled = false;
  write(part("cancel-word"), say("follow.cancel"));
  if (answer.ok) return hear({ ...ticket, state: "cancelled", can_cancel: false, at: hubClock.text() });
  part("trouble").hidden = false;
  write(part("trouble-word"), inLanguage(answer.body?.message) || say("problem.no_hub"));
}

/** The hub ends the stream of a number that it does not know any longer. */
async function askAgain() {
  const answer = await ask("GET", `/t/${page.token}`);
  if (answer.status === 404) hear({ ...ticket, state: "unknown", can_cancel: false, at: hubClock.text() });
  else if (answer.ok) hear(answer.body);
}

const sure = new Question("sure", { behind: ["top", "main", "foot"], first: "keep" });
part("cancel").addEventListener("click", () => sure.open());
part("keep").addEventListener("click", () => sure.close());
part("give-back").addEventListener("click", giveBack);
part("bell").addEventListener("click", async () => {
  const heard = await allow();
  drawBell();
  if (!heard) write(part("note-word"), say("follow.bell_off"));
  else part("note").focus();
});
hubClock.hear(ticket.at);
if (OVER.includes(ticket.state)) overSince = Date.now();
const live = new Live(
  `/api/v1/events?ticket=${page.token}`,
  { ticket: hear, alive: (said) => hear({ ...ticket, at: said.at }) },
  { ended: askAgain },
);
draw();
setInterval(drawUpdated, 2000);
