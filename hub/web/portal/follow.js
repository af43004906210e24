// Follow my ticket. The page asks the hub for events of this one ticket; giving the number back is asked twice.

import { change, Live } from "/static/site/hub.js";
import { clockTime, element, fill, hubClock, icon, inLanguage, page, part, say, write } from "/static/site/page.js";

const SHOWN_PEOPLE = 8;
const LOST_S = 40;
const OVER = ["finished", "cancelled", "ended"];

let ticket = page.state;
let before = null;

function hear(said) {
  ticket = said;
  hubClock.hear(said.at);
  draw();
}

function draw() {
  const called = ticket.state === "called";
  part("go").hidden = !called;
  part("mine").hidden = called;
  part("standing").hidden = called;
  part("note").hidden = called || OVER.includes(ticket.state);
  part("cancel").hidden = !ticket.can_cancel;
  write(part("go-word"), say("follow.go"));
  write(part("place"), inLanguage(ticket.counter?.label));
  write(part("counters"), ticket.state === "waiting" ? places() : "");
  write(part("standing-word"), standing());
  write(part("standing-hint"), hint());
  drawPeople();
  drawUpdated();
  if (called && before !== "called" && navigator.userActivation?.hasBeenActive) navigator.vibrate?.([400, 150, 400]);
  before = ticket.state;
}

function standing() {
  if (ticket.state !== "waiting") return say(`follow.state_${ticket.state}`, { counter: inLanguage(ticket.counter?.label) });
  return ticket.people_ahead === 0 ? say("follow.next") : say("follow.ahead", { n: ticket.people_ahead });
}

function hint() {
  if (ticket.state === "waiting") return say(ticket.people_ahead < 3 ? "follow.stay" : "follow.may_go");
  if (["no-show", "held"].includes(ticket.state)) return say(`follow.hint_${ticket.state}`);
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

function drawUpdated() {
  const lost = live.silence > LOST_S;
  part("updated").parentElement.classList.toggle("lost", lost);
  write(part("updated"), say(lost ? "follow.lost" : "follow.updated", { time: clockTime(ticket.at, { seconds: true }) }));
}

async function giveBack() {
  part("sure").close();
  part("cancel").disabled = true;
  const answer = await change(`/t/${page.token}/cancel`);
  part("cancel").disabled = false;
  part("trouble").hidden = answer.ok;
  if (answer.ok) hear({ ...ticket, state: "cancelled", can_cancel: false, at: hubClock.text() });
  else write(part("trouble-word"), inLanguage(answer.body?.message) || say("problem.no_hub"));
}

part("cancel").addEventListener("click", () => part("sure").showModal());
part("keep").addEventListener("click", () => part("sure").close());
part("give-back").addEventListener("click", giveBack);
hubClock.hear(ticket.at);
const live = new Live(`/api/v1/events?ticket=${page.token}`, {
  ticket: hear,
  alive: (said) => hear({ ...ticket, at: said.at }),
});
draw();
setInterval(drawUpdated, 2000);
