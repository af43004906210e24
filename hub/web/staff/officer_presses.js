// An officer's presses: one at a time, each under its own id, sent again until the hub has answered, for ten seconds.
// One that was given up may have been done all the same: until the queue is read anew, the same press keeps its id.

import { change } from "/static/site/hub.js";
import { newId } from "/static/site/page.js";

const KEPT_MS = 60000;
const TWICE_MS = 400;
const MEANT_MS = 5000;
const LIMIT_MS = 10000;
const NAME = "motcua-press";

export class Presses {
  /** `changed()`: told whenever `pending` has; `answered(answer, press)`: waited for; `unanswered(press)`: given up. */
  constructor({ changed, answered, unanswered }) {
    Object.assign(this, { changed, answered, unanswered });
    this.pending = null;
    this.meant = null;
    this.unsure = null;
    this.last = { what: "", at: -Infinity };
  }

  /** Does it now or, while a press is under way, right after it; of several the last, and none that is old by then. */
  act(deed) {
    if (this.pending) this.meant = { deed, at: performance.now() };
    else deed();
  }

  press(path, { body, label, refused }) {
    const what = JSON.stringify([path, body ?? null]);
    const twice = this.last.what === what && performance.now() - this.last.at < TWICE_MS;
    if (this.pending || twice) return;
    const key = this.unsure?.what === what ? this.unsure.key : newId();
    this.send({ path, body, key, what, label, refused, at: Date.now() });
  }

  /** A press that was under way when the page was left or reloaded is asked about again: under its id that is safe. */
  resume() {
    const kept = sessionStorage.getItem(NAME);
    if (!kept) return;
    const one = JSON.parse(kept);
    if (Date.now() - one.at < KEPT_MS) this.send(one);
    else sessionStorage.removeItem(NAME);
  }

  giveUp() {
    const one = this.pending;
    if (!one) return;
    this.unsure = one;
    this.meant = null;
    this.end();
    this.unanswered(one);
  }

  /** The page knows again how things stand: what was given up is seen on it, or has not been done. */
  sure() {
    this.unsure = null;
  }

  async send(one) {
    const mine = { ...one, times: 0 };
    this.pending = mine;
    sessionStorage.setItem(NAME, JSON.stringify(one));
    this.changed();
    const limit = setTimeout(() => this.pending === mine && this.giveUp(), LIMIT_MS);
    const answer = await change(one.path, {
      body: one.body,
      key: one.key,
      hope: (times) => {
        if (this.pending !== mine) return false;
        mine.times = times;
        this.changed();
        return true;
      },
    });
    clearTimeout(limit);
    if (this.pending !== mine) return;
    sessionStorage.removeItem(NAME);
    this.last = { what: one.what, at: performance.now() };
    if (!answer.ok) this.meant = null;
    await this.answered(answer, mine);
    if (this.pending !== mine) return;
    this.end();
    const next = this.meant;
    this.meant = null;
    if (next && performance.now() - next.at < MEANT_MS) next.deed();
  }

  end() {
    this.pending = null;
    sessionStorage.removeItem(NAME);
    this.changed();
  }
}
