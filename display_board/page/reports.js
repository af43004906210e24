// Tells the server what was drawn and said. Nobody but the page can know: it looks, two frames after drawing.

import { hubClock, page } from "./page.js";

const REMEMBERED = 200;
const AGAIN_MS = 1000;
const TRIES = 5;

const drawn = new Map();
const outbox = [];
let sending = false;

/** To be called after drawing: calls that can be seen two frames later are reported as drawn. */
export function confirmDrawn(calls) {
  if (!page.addresses.report) return;
  const waiting = calls.filter((call) => !drawn.has(call.key));
  if (!waiting.length) return;
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      for (const call of waiting) if (!drawn.has(call.key) && isSeen(call.key)) report(call, call.speech);
    }),
  );
}

/** What has become of a call's announcement. */
export function reportSpeech(call, speech) {
  if (page.addresses.report) report(call, speech);
}

function isSeen(key) {
  const places = document.querySelectorAll(`[data-call="${CSS.escape(key)}"]`);
  return [...places].some((one) => one.checkVisibility?.() ?? one.getClientRects().length > 0);
}

function report(call, speech) {
  const at = drawn.get(call.key) ?? hubClock.text();
  drawn.delete(call.key);
  drawn.set(call.key, at);
  if (drawn.size > REMEMBERED) drawn.delete(drawn.keys().next().value);
  outbox.push({ call: call.key, epoch: call.epoch, sequence: call.sequence, drawn_at: at, speech });
  if (!sending) void send();
}

/** One after another, in their order. What the server refuses is not said again. */
async function send() {
  sending = true;
  while (outbox.length) {
    const body = JSON.stringify(outbox[0]);
    for (let tries = 1; tries <= TRIES && !(await post(body)); tries += 1) {
      await new Promise((resume) => setTimeout(resume, AGAIN_MS));
    }
    outbox.shift();
  }
  sending = false;
}

async function post(body) {
  try {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(page.addresses.report, { method: "POST", headers, body });
    return answer.status < 500;
  } catch {
    return false;
  }
}
