// Talking to the hub: questions, changes that are sent again under the same id until they are answered, live events.

import { newId, page } from "/static/site/page.js";

const PATIENCE_MS = 6000;
const AGAIN_MS = [300, 1000, 2000, 4000];

/** One request. `status` 0: nobody answered. */
export async function ask(method, path, { body, key, csrf = page.csrf } = {}) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (csrf && method !== "GET") headers["X-CSRF-Token"] = csrf;
  if (key) headers["Idempotency-Key"] = key;
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(path, { method, headers, body: sent, signal: patience.signal });
    const text = await answer.text();
    return { status: answer.status, ok: answer.ok, body: text ? JSON.parse(text) : null };
  } catch {
    return { status: 0, ok: false, body: null };
  } finally {
    clearTimeout(timer);
  }
}

/** A change, sent again with the same id until the hub has answered. `hope(times)`: told before each repeat. */
export async function change(path, { body, key = newId(), hope = () => true } = {}) {
  for (let times = 0; ; times += 1) {
    const answer = await ask("POST", path, { body, key });
    const unanswered = answer.status === 0 || answer.status === 502 || answer.status === 503 || answer.status === 504;
    if (!unanswered || !hope(times + 1)) return answer;
    await pause(AGAIN_MS[Math.min(times, AGAIN_MS.length - 1)]);
  }
}

export function pause(ms) {
  return new Promise((resume) => setTimeout(resume, ms));
}

const SILENT_MS = 20000;

/** Follows the hub's events, and begins anew when the stream ends or falls silent, and when the page wakes up. */
export class Live {
  constructor(path, hear, { ended = () => {} } = {}) {
    this.path = path;
    this.hear = hear;
    this.ended = ended;
    this.note();
    this.connect();
    this.timer = setInterval(() => this.watch(), 1000);
    document.addEventListener("visibilitychange", () => this.wake());
    addEventListener("online", () => this.wake());
    addEventListener("pageshow", (event) => event.persisted && this.wake());
  }

  /** Seconds since the hub's last word. One of the clocks stands still while a phone sleeps. */
  get silence() {
    return Math.max(performance.now() - this.heardAt, Date.now() - this.heardOn) / 1000;
  }

  note() {
    this.heardAt = performance.now();
    this.heardOn = Date.now();
  }

  /** Says and hears no more. */
  close() {
    clearInterval(this.timer);
    this.timer = null;
    this.source.close();
  }

  /** Whatever was connected before a sleep may be dead without knowing it. */
  wake() {
    if (this.timer !== null && !document.hidden) this.connect();
  }

  connect() {
    this.source?.close();
    this.triedAt = performance.now();
    this.source = new EventSource(this.path);
    for (const name of ["alive", ...Object.keys(this.hear)]) {
      this.source.addEventListener(name, (event) => {
        this.note();
        this.hear[name]?.(JSON.parse(event.data));
      });
    }
    this.source.addEventListener("error", () => {
      if (this.source.readyState === EventSource.CLOSED) this.ended();
    });
  }

  watch() {
    const since = performance.now() - this.triedAt;
    const closed = this.source.readyState === EventSource.CLOSED && since > 3000;
    const silent = this.silence * 1000 > SILENT_MS && since > SILENT_MS;
    if (closed || silent) this.connect();
  }
}
