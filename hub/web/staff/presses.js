// Presses of staff: one at a time, each under its own id, sent again until the hub has answered, also after a reload.

import { change } from "/static/site/hub.js";
import { newId } from "/static/site/page.js";

const KEPT_MS = 60000;

export class Presses {
  /** `name`: under which a press is kept while it is under way; `changed`: told whenever `pending` has changed. */
  constructor(name, changed) {
    this.name = name;
    this.changed = changed;
    this.pending = null;
  }

  /** Does it, and tells `answered(answer, press)`. A press while another is under way is nothing. */
  press(path, { body, label, about }, answered) {
    if (this.pending) return;
    this.send({ path, body, label, about, key: newId(), at: Date.now() }, answered);
  }

  /** A press that was under way when the page was left is asked about again: under its id that is safe. */
  resume(answered) {
    const kept = sessionStorage.getItem(this.name);
    const one = kept ? JSON.parse(kept) : null;
    if (one && Date.now() - one.at < KEPT_MS) this.send(one, answered);
    else sessionStorage.removeItem(this.name);
  }

  /** It may have been done all the same: whoever gives up has to look. */
  giveUp() {
    this.settle();
  }

  async send(one, answered) {
    this.pending = { ...one, times: 0 };
    sessionStorage.setItem(this.name, JSON.stringify(one));
    this.changed();
    const mine = () => this.pending?.key === one.key;
    const answer = await change(one.path, {
      body: one.body,
      key: one.key,
      hope: (times) => {
        if (!mine()) return false;
        this.pending.times = times;
        this.changed();
        return true;
      },
    });
    if (!mine()) return;
    this.settle();
    answered(answer, one);
  }

  settle() {
    this.pending = null;
    sessionStorage.removeItem(this.name);
    this.changed();
  }
}
