// A question that has to be answered before anything else: a dialog or, where the browser knows none, a page of its own.

import { part } from "/static/site/page.js";

/** `name`: the dialog's part, `behind`: parts that make way; `first`: the part of the answer that does no harm. */
export class Question {
  constructor(name, { behind, first }) {
    this.dialog = part(name);
    this.modal = typeof this.dialog.showModal === "function";
    this.behind = behind.map(part);
    this.first = part(first);
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  open() {
    this.before = document.activeElement;
    if (this.modal) this.dialog.showModal();
    else this.show(true);
    this.first.focus();
  }

  close() {
    if (this.modal) this.dialog.close();
    else this.show(false);
    this.before?.focus();
  }

  show(asked) {
    this.dialog.toggleAttribute("open", asked);
    for (const one of this.behind) one.hidden = asked;
  }
}
