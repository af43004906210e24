// The information desk: gives numbers, looks them up, sees who waits longest and why. All of it by keyboard.

import { ask, Live } from "/static/site/hub.js";
import { clockTime, fill, hubClock, icon, inLanguage, page, part, say, write, writeFigures } from "/static/site/page.js";
import { drawAlarms } from "/static/staff/alarms.js";
import { drawEmergencies } from "/static/staff/emergency.js";
import { drawHelp } from "/static/staff/help.js";
import { drawFound, drawLongest } from "/static/staff/reception_sight.js";
import { Presses } from "/static/staff/presses.js";
import { Wish } from "/static/staff/reception_wish.js";

const REFRESH_MS = 1000;

let queue = null;
let found = null;
let refreshing = null;
const presses = new Presses("motcua-desk-press", drawPending);
const wish = new Wish(give);

// ---------------------------------------------------------------- giving

function give() {
  const wanted = wish.wanted();
  if (!wanted) return;
  presses.press("/api/v1/tickets", { body: wanted, label: part("give-word").textContent }, answered);
}

function answered(answer, press) {
  if (answer.status === 401) return location.assign("/sign-in");
  if (!answer.ok) return showTrouble(inLanguage(answer.body?.message) || say("problem.no_hub"));
  hideTrouble();
  if (press.path === "/api/v1/tickets") {
    wish.given(answer.body.ticket, queue);
    show(answer.body.ticket.id);
    if (page.kiosk) print(answer.body.ticket);
  } else {
    write(part("done"), say(press.path.endsWith("/cancel") ? "reception.cancelled" : "reception.reprinting", { number: press.about }));
    if (found) show(found.ticket.id);
  }
}

// ---------------------------------------------------------------- looking up

/** A number as people say it, the address on a slip as a scanner types it, or the random part of one. */
function search(text) {
  const code = /\/t\/([\w-]+)/.exec(text)?.[1];
  if (code) return code;
  const number = text.toUpperCase().replace(/[^A-Z0-9]/g, "");
  const [, prefix, digits] = /^([A-Z]{1,2})(\d{1,5})$/.exec(number) ?? [];
  return prefix ? prefix + digits.padStart(3, "0") : encodeURIComponent(text);
}

async function lookUp(event) {
  event.preventDefault();
  const text = part("wanted").value.trim();
  if (!text) return;
  const answer = await ask("GET", `/api/v1/tickets?slip=${search(text)}`);
  part("wanted").select();
  hear(answer, text);
}

async function show(ticket) {
  hear(await ask("GET", `/api/v1/tickets/${ticket}`), "");
}

function hear(answer, text) {
  if (answer.status === 401) return location.assign("/sign-in");
  part("unfound").hidden = answer.ok;
  if (answer.ok) found = answer.body;
  else {
    found = null;
    const missing = answer.status === 404 || answer.status === 422;
    const words = missing ? say("reception.unknown", { text: text.slice(0, 40) }) : inLanguage(answer.body?.message);
    write(part("unfound-word"), words || say("problem.no_hub"));
  }
  draw();
}

/** What is shown of a number follows the line. */
function refreshSoon() {
  if (!found || refreshing) return;
  refreshing = setTimeout(async () => {
    const answer = found ? await ask("GET", `/api/v1/tickets/${found.ticket.id}`) : null;
    refreshing = null;
    if (answer?.ok && answer.body.ticket.id === found?.ticket.id) hear(answer, "");
  }, REFRESH_MS);
}

function reprint() {
  if (found && !part("reprint").hidden) print(found.ticket);
}

function print({ id, number }) {
  presses.press(`/api/v1/tickets/${id}/reprint`, { label: say("verb.reprint"), about: number }, answered);
}

function askWhetherToCancel() {
  if (!found || part("cancel").hidden || presses.pending) return;
  write(part("sure-title"), say("reception.sure", { number: found.ticket.number }));
  part("sure").returnValue = "";
  part("sure").dataset.ticket = found.ticket.id;
  part("sure").dataset.number = found.ticket.number;
  part("sure").showModal();
}

function cancel() {
  if (part("sure").returnValue !== "cancel") return;
  const { ticket, number } = part("sure").dataset;
  presses.press(`/api/v1/tickets/${ticket}/cancel`, { label: say("verb.cancel"), about: number }, answered);
}

// ---------------------------------------------------------------- drawing

function draw() {
  if (!queue) return;
  part("desk").hidden = false;
  write(part("centre"), inLanguage(queue.name));
  write(part("person"), page.name);
  wish.draw(queue, presses.pending);
  drawFound(queue, found);
  drawEmergencies(queue);
  drawHelp(queue.help, goToDevice);
  tick();
}

function tick() {
  writeFigures(part("clock"), clockTime(hubClock.text()));
  drawAlarms(queue);
  drawLongest(queue, show);
  drawLink();
}

function drawPending() {
  const again = presses.pending?.times > 0;
  part("pending").hidden = part("give-up").hidden = !again;
  if (again) write(part("pending"), say("officer.pending", { label: presses.pending.label }));
  if (presses.pending) write(part("done"), "");
  draw();
}

function drawLink() {
  const lost = live.silence > 15 || presses.pending?.times > 0;
  const target = part("link");
  if (target.dataset.lost === String(lost)) return;
  target.dataset.lost = String(lost);
  target.classList.toggle("lost", lost);
  part("link-icon").replaceChildren(icon(lost ? "lost" : "linked"));
  write(part("link-word"), say(lost ? "officer.link_lost" : "reception.linked"));
}

function showTrouble(words) {
  write(part("trouble-word"), words);
  part("trouble").hidden = false;
}

function hideTrouble() {
  part("trouble").hidden = true;
}

function goToDevice(device) {
  presses.press(`/api/v1/devices/${device}/help/answer`, { label: say("help.going") }, (answer) => {
    if (answer.status === 404) showTrouble(say("help.gone"));
    else if (!answer.ok) showTrouble(inLanguage(answer.body?.message) || say("problem.no_hub"));
  });
}

// ---------------------------------------------------------------- hearing, keys

function hearQueue(said) {
  hubClock.hear(said.at);
  if (queue && said.epoch === queue.epoch && said.entry < queue.entry) return;
  const news = queue?.entry !== said.entry;
  queue = said;
  draw();
  if (news) refreshSoon();
}

async function refresh() {
  const answer = await ask("GET", "/api/v1/queue");
  if (answer.status === 401) location.assign("/sign-in");
  if (answer.ok) hearQueue(answer.body);
}

function clear() {
  wish.clear();
  part("wanted").value = "";
  part("unfound").hidden = true;
  found = null;
  hideTrouble();
  draw();
}

const KEYS = { "/": () => part("wanted").focus(), p: reprint, x: askWhetherToCancel };

function onKey(event) {
  if (part("sure").open || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Escape") {
    document.activeElement.blur();
    return clear();
  }
  if (event.target.matches("input:not([type=radio])")) return;
  if (event.key === "Enter" && !event.target.closest("button, a, input")) return give();
  if (/^[1-9]$/.test(event.key)) return wish.choose(Number(event.key));
  const deed = KEYS[event.key.toLowerCase()];
  if (!deed) return;
  event.preventDefault();
  deed();
}

part("issue").addEventListener("submit", (event) => {
  event.preventDefault();
  give();
});
part("clear").addEventListener("click", clear);
part("find").addEventListener("submit", lookUp);
part("reprint").addEventListener("click", reprint);
part("cancel").addEventListener("click", askWhetherToCancel);
part("sure").addEventListener("close", cancel);
part("trouble-close").addEventListener("click", hideTrouble);
part("give-up").addEventListener("click", () => presses.giveUp());
part("sign-out").addEventListener("click", async () => {
  await ask("DELETE", "/api/v1/session");
  location.assign("/sign-in");
});
document.addEventListener("keydown", onKey);
const live = new Live(
  "/api/v1/events?queue=true",
  { queue: hearQueue, alive: (said) => hubClock.hear(said.at), reload: refresh },
  { ended: refresh },
);
refresh().then(() => presses.resume(answered));
setInterval(() => queue && tick(), 500);
